//! Formulas: what they give, and that no text, however made, breaks the house.

use super::*;
use crate::records::{Kind, Value};
use proptest::prelude::*;

fn fields(key: &str) -> Option<(Kind, Option<Value>)> {
    let number = |text: &str| Some(Value::Number(text.parse().expect("a number")));
    let money = |minor, currency: &str| Some(Value::Money { minor, currency: currency.into() });
    Some(match key {
        "price" => (Kind::Money, money(10_000, "PLN")),
        "cost" => (Kind::Money, money(999, "EUR")),
        "discount" => (Kind::Percent, number("12.5")),
        "seats" => (Kind::Number, number("3")),
        "none" => (Kind::Number, None),
        "name" => (Kind::Text, Some(Value::Text("Żółw".into()))),
        "paid" => (Kind::Boolean, Some(Value::Bool(true))),
        "due" => (Kind::Date, Some(Value::Date("2026-11-24".parse().expect("a date")))),
        "tags" => (Kind::MultiChoice(vec![]), Some(Value::Choices(vec!["a".into(), "b".into()]))),
        "broken" => (Kind::Number, Some(eval::error("broken", "division"))),
        _ => return None,
    })
}

fn of(text: &str) -> String {
    let expr = parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
    check(&expr, &|key| fields(key).map(|(kind, _)| kind)).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
    evaluate(&expr, "it", &|key| fields(key).and_then(|(_, value)| value)).map_or_else(|| "∅".into(), |value| value.plain())
}

fn refused(text: &str) -> &'static str {
    match parse(text) {
        Err(fault) => fault.code,
        Ok(expr) => check(&expr, &|key| fields(key).map(|(kind, _)| kind)).expect_err("accepted").code,
    }
}

#[test]
fn a_formula_is_computed_exactly() {
    for (formula, result) in [
        ("1 + 2 * 3", "7"),
        ("0.1 + 0.2", "0.3"),
        ("(1 + 2) * 3 - 4 / 8", "8.5"),
        ("price * (1 - discount / 100)", "87.50 PLN"),
        ("price / 3", "33.33 PLN"),
        ("price / price", "1"),
        ("amount(price) + 1", "101"),
        ("10 / 3", "3.3333333333"),
        ("round(10 / 3, 2)", "3.33"),
        ("-seats + 1", "-2"),
        ("if(paid and seats > 2, \"group\", \"one\")", "group"),
        ("not seats = 3", "false"),
        ("name & \" \" & seats", "Żółw 3"),
        ("upper(name)", "ŻÓŁW"),
        ("length(name)", "4"),
        ("due + 7", "2026-12-01"),
        ("days_between(due, date(2027, 1, 1))", "38"),
        ("add_months(date(2026, 1, 31), 1)", "2026-02-28"),
        ("has(tags, \"b\")", "true"),
        ("max(seats, 7, none)", "7"),
        ("\"say \"\"hi\"\"\"", "say \"hi\""),
    ] {
        assert_eq!(of(formula), result, "{formula}");
    }
}

#[test]
fn what_is_empty_stays_empty_and_what_fails_is_a_value() {
    for (formula, result) in [
        ("none + 1", "∅"),
        ("coalesce(none, 5)", "5"),
        ("if(none > 1, 1, 2)", "2"),
        ("empty(none)", "true"),
        ("name & none", "Żółw"),
        ("seats / 0", "#division"),
        ("price + cost", "#currency"),
        ("broken + 1", "#reference"),
        ("999999999999999999 * 999999999999999999", "#range"),
        ("date(2026, 2, 30)", "#date"),
        ("due + 99999999999", "#date"),
    ] {
        assert_eq!(of(formula), result, "{formula}");
    }
}

#[test]
fn what_does_not_go_together_is_refused_with_its_reason() {
    for (formula, code) in [
        ("1 +", "syntax"),
        ("name + 1", "type"),
        ("if(seats, 1, 2)", "type"),
        ("if(paid, 1, \"two\")", "type"),
        ("missing + 1", "field"),
        ("sqrt(2)", "function"),
        ("round()", "arguments"),
        ("1 < 2 < 3", "syntax"),
        ("\"open", "text_end"),
        ("1 ; 2", "letter"),
        ("1.2.3", "number"),
        ("tags", "type"),
    ] {
        assert_eq!(refused(formula), code, "{formula}");
    }
    assert_eq!(refused(&"(".repeat(2_000)), "too_deep");
    assert_eq!(refused(&"-".repeat(3_000)), "too_deep");
    assert_eq!(refused(&["1"; 1_500].join("+")), "too_deep");
    assert_eq!(refused(&" ".repeat(5_000)), "too_long");
    assert_eq!(parse("1 + foo(2)").expect_err("no function").at, 4);
}

fn expressions() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        (0_i64..1_000_000, 0_u32..4).prop_filter_map("in range", |(n, s)| crate::records::Decimal::new(n.into(), s).map(Expr::Number)),
        "[ -~żółć\"]{0,8}".prop_map(Expr::Text),
        any::<bool>().prop_map(Expr::Bool),
        prop::sample::select(vec!["price", "seats", "none", "name", "due", "paid"]).prop_map(|key| Expr::Field(key.into())),
    ];
    let ops = vec![
        Op::Or,
        Op::And,
        Op::Equal,
        Op::Unequal,
        Op::Less,
        Op::LessOrEqual,
        Op::Greater,
        Op::GreaterOrEqual,
        Op::Plus,
        Op::Minus,
        Op::Join,
        Op::Times,
        Op::By,
    ];
    leaf.prop_recursive(4, 40, 4, move |inner| {
        prop_oneof![
            inner.clone().prop_map(|e| Expr::Negate(Box::new(e))),
            inner.clone().prop_map(|e| Expr::Not(Box::new(e))),
            (prop::sample::select(ops.clone()), inner.clone(), inner.clone()).prop_map(|(op, a, b)| Expr::Binary(
                op,
                Box::new(a),
                Box::new(b)
            )),
            (prop::sample::select(Function::ALL.to_vec()), prop::collection::vec(inner, 1..4)).prop_filter_map(
                "as many arguments",
                |(f, args)| {
                    let (least, most) = f.arguments();
                    (least..=most).contains(&args.len()).then_some(Expr::Call(f, args))
                }
            ),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(expr in expressions()) {
        prop_assert_eq!(parse(&expr.to_string()), Ok(expr));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        if let Ok(expr) = parse(&text) {
            let _ = check(&expr, &|key| fields(key).map(|(kind, _)| kind));
            let _ = evaluate(&expr, "it", &|key| fields(key).and_then(|(_, value)| value));
        }
    }

    #[test]
    fn what_passes_the_check_never_fails_for_its_types(expr in expressions()) {
        if let Ok(kind) = check(&expr, &|key| fields(key).map(|(kind, _)| kind)) {
            let value = evaluate(&expr, "it", &|key| fields(key).and_then(|(_, value)| value));
            let fits = match (&value, &kind) {
                (None, _) => true,
                (Some(Value::Error(error)), _) => error.code != "type",
                (Some(Value::Text(_)), Kind::Text) | (Some(Value::Number(_)), Kind::Number) | (Some(Value::Date(_)), Kind::Date) => true,
                (Some(Value::Money { .. }), Kind::Money) | (Some(Value::Bool(_)), Kind::Boolean) => true,
                (Some(Value::Choices(_)), Kind::Text) => true,
                _ => false,
            };
            prop_assert!(fits, "{} gives {:?}, not {:?}", expr, value, kind);
        }
    }
}
