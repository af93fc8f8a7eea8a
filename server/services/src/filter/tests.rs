//! What a filter may ask, and what becomes of it.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use platform::id::{EntityId, FieldId, UserId};
use serde_json::json;
use std::collections::BTreeMap;

use super::{
    Catalogue, DEPTH, Field, Filter, NODES, Plan, Source, Type,
    catalogue::USER,
    check::{Context, Fault, check},
    evaluate::holds,
};
use crate::records::{Choice, Kind, Value, Values};

fn field(key: &str, kind: Kind) -> Field {
    Field { key: key.into(), kind, source: Source::Custom(FieldId::new()) }
}

fn catalogue() -> Catalogue {
    let things = vec![
        field("name", Kind::Text),
        field("price", Kind::Money),
        field("size", Kind::Number),
        field("bought", Kind::Date),
        field("seen", Kind::DateTime),
        field("state", Kind::Choice(vec![Choice::plain("new"), Choice::plain("old")])),
        field("marks", Kind::MultiChoice(vec![Choice::plain("a"), Choice::plain("b")])),
        field("maker", Kind::Reference("object:maker".into())),
        field("owner", Kind::Reference(USER.into())),
    ];
    let makers = vec![field("name", Kind::Text), field("works", Kind::Boolean)];
    let kind = |key: &str, fields| Type { key: key.into(), from: "entities r".into(), fields, owners: None };
    Catalogue { types: vec![kind("object:thing", things), kind("object:maker", makers)] }
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn read_with(filter: serde_json::Value, segments: BTreeMap<EntityId, Option<(String, Filter)>>) -> Result<Plan, Fault> {
    let filter: Filter = serde_json::from_value(filter).expect("a filter");
    let catalogue = catalogue();
    let context = Context {
        catalogue: &catalogue,
        segments: &segments,
        view: None,
        me: UserId::SYSTEM,
        today: "2026-11-24".parse().expect("a date"),
        day_start: &midnight,
        currency: "PLN",
    };
    check(&filter, "object:thing", &context, "filter")
}

fn read(filter: serde_json::Value) -> Result<Plan, Fault> {
    read_with(filter, BTreeMap::new())
}

fn refused(filter: serde_json::Value) -> Vec<(String, String)> {
    match read(filter) {
        Err(Fault::Invalid(faults)) => faults.into_iter().map(|fault| (fault.field, fault.code)).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

fn test(path: &str, test: serde_json::Value) -> serde_json::Value {
    json!({ "field": { "path": path, "test": test } })
}

fn passes(filter: serde_json::Value, values: &[(&str, Value)]) -> bool {
    let values: Values = values.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    holds(&read(filter).expect("a plan"), &values)
}

#[test]
fn every_place_at_fault_is_named_at_once() {
    let filter = json!({ "all": [
        test("nmae", json!({ "is": "x" })),
        { "any": [test("size", json!({ "contains": "1" })), test("size", json!({ "less": "many" }))] },
        test("state", json!({ "one_of": ["new", "broken"] })),
        test("maker.works.at", json!("empty")),
        test("bought", json!({ "on": "24.11.2026" })),
    ] });
    let expected = [
        ("filter.all[0].field.path", "unknown"),
        ("filter.all[1].any[0].field.test", "test"),
        ("filter.all[1].any[1].field.test", "number"),
        ("filter.all[2].field.test", "choice"),
        ("filter.all[3].field.path", "unknown"),
        ("filter.all[4].field.test", "date"),
    ];
    let found = refused(filter);
    assert_eq!(found.iter().map(|(at, code)| (at.as_str(), code.as_str())).collect::<Vec<_>>(), expected);
}

#[test]
fn a_filter_of_depth_fifty_and_one_of_too_many_parts_are_refused_by_name() {
    let nested = |depth: usize| (1..depth).fold(test("name", json!("empty")), |inner, _| json!({ "all": [inner] }));
    assert!(read(nested(DEPTH)).is_ok());
    assert_eq!(refused(nested(DEPTH + 1))[0].1, "too_deep");
    assert_eq!(refused(nested(50))[0].1, "too_deep");
    // What is deeper still is not even read to its end, by either door.
    let text = format!("{}{}", "{\"all\":[".repeat(5000), "]}".repeat(5000));
    assert!(serde_json::from_str::<Filter>(&text).is_err());
    let wide = |count: usize| json!({ "any": vec![test("name", json!("empty")); count] });
    assert!(read(wide(NODES - 1)).is_ok());
    assert_eq!(refused(wide(NODES))[0].1, "too_many");
}

#[test]
fn numbers_and_truth_values_may_be_written_plainly() {
    assert!(passes(test("size", json!({ "between": [1.5, 3] })), &[("size", Value::Number(3.into()))]));
    assert!(passes(test("maker.works", json!({ "is": true })), &[("maker.works", Value::Bool(true))]));
}

#[test]
fn what_is_empty_passes_no_positive_test_and_every_negative_one() {
    for positive in
        [json!({ "is": "x" }), json!({ "contains": "x" }), json!({ "starts_with": "x" }), json!({ "one_of": ["x"] }), json!("not_empty")]
    {
        assert!(!passes(test("name", positive.clone()), &[]), "{positive}");
        assert!(!passes(test("name", positive.clone()), &[("name", Value::Text(String::new()))]), "{positive}");
    }
    for negative in [json!({ "is_not": "x" }), json!({ "not_contains": "x" }), json!({ "none_of": ["x"] }), json!("empty")] {
        assert!(passes(test("name", negative.clone()), &[]), "{negative}");
        assert!(passes(json!({ "none": [{ "none": [test("name", negative)] }] }), &[]));
    }
}

#[test]
fn a_multi_choice_is_the_list_of_its_words() {
    let both = [("marks", Value::Choices(vec!["a".into(), "b".into()]))];
    let one = [("marks", Value::Choices(vec!["a".into()]))];
    assert!(passes(test("marks", json!({ "is": "b" })), &both));
    assert!(!passes(test("marks", json!({ "is_not": "b" })), &both));
    assert!(passes(test("marks", json!({ "all_of": ["a", "b"] })), &both));
    assert!(!passes(test("marks", json!({ "all_of": ["a", "b"] })), &one));
    assert!(passes(test("marks", json!({ "none_of": ["b"] })), &one));
}

#[test]
fn amounts_of_different_currencies_are_not_compared() {
    let price = |minor, currency: &str| [("price", Value::Money { minor, currency: currency.into() })];
    assert!(passes(test("price", json!({ "more": 99.99 })), &price(10_000, "PLN")));
    assert!(!passes(test("price", json!({ "more": 99.99 })), &price(10_000, "EUR")));
    assert!(passes(test("price", json!({ "at_most": "100 EUR" })), &price(10_000, "EUR")));
    assert_eq!(refused(test("price", json!({ "between": ["1 EUR", "2 PLN"] })))[0].1, "currency");
}

#[test]
fn relative_days_are_seen_from_today() {
    let seen = |text: &str| [("seen", Value::Instant(text.parse().expect("an instant")))];
    let week = test("seen", json!({ "within": { "last_days": 7 } }));
    assert!(passes(week.clone(), &seen("2026-11-17T00:00:00Z")));
    assert!(!passes(week.clone(), &seen("2026-11-16T23:59:59Z")));
    assert!(!passes(week, &seen("2026-11-25T00:00:00Z")));
    assert!(passes(test("bought", json!({ "before": "today-1" })), &[("bought", Value::Date("2026-11-22".parse().expect("a date")))]));
    assert_eq!(refused(test("bought", json!({ "after": "9999-12-31" })))[0].1, "range");
}

#[test]
fn a_view_may_be_a_condition_but_not_of_itself() {
    let (a, b) = (EntityId::new(), EntityId::new());
    let view = |filter| Some(("object:thing".to_owned(), filter));
    let cyclic = BTreeMap::from([(a, view(Filter::Segment(b))), (b, view(Filter::All(vec![Filter::Segment(a)])))]);
    let Err(Fault::Invalid(faults)) = read_with(json!({ "segment": a }), cyclic) else { panic!("a cycle is let pass") };
    assert_eq!(faults[0].code, "cycle");
    let twice = BTreeMap::from([(a, view(Filter::default()))]);
    assert!(read_with(json!({ "any": [{ "segment": a }, { "segment": a }] }), twice).is_ok());
    assert!(matches!(read(json!({ "segment": a })), Err(Fault::Segment(id)) if id == a));
    let foreign = BTreeMap::from([(a, Some(("object:maker".to_owned(), Filter::default()))), (b, None)]);
    assert!(matches!(read_with(json!({ "segment": a }), foreign.clone()), Err(Fault::Invalid(_))));
    assert!(matches!(read_with(json!({ "segment": b }), foreign), Err(Fault::Invalid(_))));
}

#[test]
fn types_that_are_not_known_yet_are_asked_for() {
    let filter = json!({ "linked": { "entity_type": "object:order", "by": "thing" } });
    assert_eq!(read(filter), Err(Fault::Type("object:order".into())));
    let filter = json!({ "linked": { "entity_type": "object:maker", "by": "name" } });
    assert_eq!(refused(filter)[0].0, "filter.linked.by");
}
