//! Operands, read by the kind of the field they are compared with.

use chrono::{Days, NaiveDate};
use platform::money::Money;
use uuid::Uuid;

use super::super::fold::folded;
use super::super::plan::{Check, Range};
use super::super::{Operand, Test, VALUES};
use super::Context;
use crate::records::{Decimal, Kind};

/// Why an operand is none: a code that screens translate, and English.
type Wrong = (&'static str, String);

/// What a test asks of a value, all of it, in the positive: the caller knows which tests are negative.
pub(super) fn checks(test: &Test, kind: &Kind, context: &Context<'_>) -> Result<Vec<Check>, Wrong> {
    let one = |check: Check| Ok(vec![check]);
    match test {
        Test::Empty | Test::NotEmpty => one(Check::Present),
        Test::Is(operand) | Test::IsNot(operand) => one(equal(std::slice::from_ref(operand), kind, context)?),
        Test::OneOf(operands) | Test::NoneOf(operands) => one(equal(operands, kind, context)?),
        Test::AllOf(operands) => {
            limited(operands)?;
            operands.iter().map(|operand| equal(std::slice::from_ref(operand), kind, context)).collect()
        }
        Test::Contains(operand) | Test::NotContains(operand) => one(Check::Contains(folded(&text(operand)?))),
        Test::StartsWith(operand) => one(Check::StartsWith(folded(&text(operand)?))),
        Test::Less(operand) => one(ranged(operand, kind, context, |number| Range::to(number, true))?),
        Test::AtMost(operand) => one(ranged(operand, kind, context, |number| Range::to(number, false))?),
        Test::More(operand) => one(ranged(operand, kind, context, |number| Range::from(number, true))?),
        Test::AtLeast(operand) => one(ranged(operand, kind, context, |number| Range::from(number, false))?),
        Test::Between([from, to]) => match kind {
            Kind::Date | Kind::DateTime => one(days(Some(day(from, context)?), Some(next(day(to, context)?)?), kind, context)),
            _ => between(from, to, kind, context).map(|check| vec![check]),
        },
        Test::Before(operand) => one(days(None, Some(day(operand, context)?), kind, context)),
        Test::After(operand) => one(days(Some(next(day(operand, context)?)?), None, kind, context)),
        Test::On(operand) => {
            let on = day(operand, context)?;
            one(days(Some(on), Some(next(on)?), kind, context))
        }
        Test::Within(period) => {
            let (from, to) = period.days(context.today).filter(|(from, to)| known(*from) && known(*to)).ok_or_else(far)?;
            one(days(Some(from), Some(to), kind, context))
        }
        Test::Me | Test::NotMe => one(Check::Id(vec![context.me.0])),
    }
}

fn far() -> Wrong {
    ("range", "This reaches beyond the calendar.".into())
}

/// chrono's years reach further than the database's.
fn known(day: NaiveDate) -> bool {
    use chrono::Datelike;
    (1..=9999).contains(&day.year())
}

fn limited(operands: &[Operand]) -> Result<(), Wrong> {
    match operands.len() {
        0 => Err(("required", "At least one value is needed.".into())),
        count if count > VALUES => Err(("too_many", format!("At most {VALUES} values can be named."))),
        _ => Ok(()),
    }
}

fn text(operand: &Operand) -> Result<String, Wrong> {
    let text = operand.0.trim();
    if text.is_empty() {
        return Err(("required", "A value is needed.".into()));
    }
    if text.chars().count() > 1000 || text.contains('\0') {
        return Err(("too_long", "At most 1,000 characters are possible, and no NUL.".into()));
    }
    Ok(text.to_owned())
}

/// Any of these.
fn equal(operands: &[Operand], kind: &Kind, context: &Context<'_>) -> Result<Check, Wrong> {
    limited(operands)?;
    match kind {
        Kind::Choice(choices) | Kind::MultiChoice(choices) => {
            let words = operands.iter().map(text).collect::<Result<Vec<_>, _>>()?;
            match words.iter().find(|word| !choices.iter().any(|choice| choice.key == **word)) {
                Some(stray) => Err(("choice", format!("{stray} is none of the choices."))),
                None => Ok(Check::Text(words)),
            }
        }
        Kind::Reference(_) => {
            let ids = operands.iter().map(|operand| operand.0.trim().parse::<Uuid>()).collect::<Result<Vec<_>, _>>();
            ids.map(Check::Id).map_err(|_| ("reference", "The id of a record is needed.".into()))
        }
        Kind::Boolean => match operands {
            [Operand(truth)] if truth == "true" || truth == "false" => Ok(Check::Bool(truth == "true")),
            _ => Err(("boolean", "true or false is needed.".into())),
        },
        Kind::Number | Kind::Percent | Kind::Money => match operands {
            [operand] => ranged(operand, kind, context, Range::one),
            _ => Err(("too_many", "One number is needed.".into())),
        },
        _ => operands.iter().map(text).collect::<Result<Vec<_>, _>>().map(Check::Text),
    }
}

fn ranged(operand: &Operand, kind: &Kind, context: &Context<'_>, range: impl Fn(Decimal) -> Range<Decimal>) -> Result<Check, Wrong> {
    match kind {
        Kind::Money => money(operand, context).map(|(currency, minor)| Check::Money(currency, range(minor))),
        _ => number(operand).map(|number| Check::Number(range(number))),
    }
}

fn between(from: &Operand, to: &Operand, kind: &Kind, context: &Context<'_>) -> Result<Check, Wrong> {
    match kind {
        Kind::Money => match (money(from, context)?, money(to, context)?) {
            ((a, from), (b, to)) if a == b => Ok(Check::Money(a, Range::between(from, to))),
            _ => Err(("currency", "Both amounts must be of one currency.".into())),
        },
        _ => Ok(Check::Number(Range::between(number(from)?, number(to)?))),
    }
}

fn number(operand: &Operand) -> Result<Decimal, Wrong> {
    operand.0.trim().trim_end_matches('%').parse().map_err(|_| ("number", "A number of at most 18 digits and 10 places is needed.".into()))
}

/// `100`, `100.50 PLN`: in minor units.
fn money(operand: &Operand, context: &Context<'_>) -> Result<(String, Decimal), Wrong> {
    let wrong = || ("money", String::from("An amount is needed: 100.50 or 100.50 PLN."));
    let written = operand.0.trim();
    let (amount, currency) = match written.rsplit_once(' ') {
        Some((amount, code)) if code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase()) => (amount, code),
        _ => (written, context.currency),
    };
    let amount: String = amount.chars().filter(|letter| !letter.is_whitespace()).collect();
    let money = Money::parse(&amount, currency.parse().map_err(|_| wrong())?).map_err(|_| wrong())?;
    Ok((currency.to_owned(), Decimal::from(money.minor)))
}

/// `2026-11-24`, `today`, `today-7`, `today+14`.
fn day(operand: &Operand, context: &Context<'_>) -> Result<NaiveDate, Wrong> {
    let wrong = || ("date", String::from("A date is needed: 2026-11-24, today or today-7."));
    let written = operand.0.trim();
    let found = match written.strip_prefix("today") {
        None => written.parse().map_err(|_| wrong())?,
        Some("") => context.today,
        Some(shift) => {
            let count = shift.get(1..).and_then(|digits| digits.parse::<u16>().ok()).map(|count| Days::new(u64::from(count)));
            let moved = match (shift.chars().next(), count) {
                (Some('+'), Some(days)) => context.today.checked_add_days(days),
                (Some('-'), Some(days)) => context.today.checked_sub_days(days),
                _ => None,
            };
            moved.ok_or_else(wrong)?
        }
    };
    if known(found) { Ok(found) } else { Err(far()) }
}

fn next(day: NaiveDate) -> Result<NaiveDate, Wrong> {
    day.succ_opt().filter(|next| known(*next)).ok_or_else(far)
}

fn days(from: Option<NaiveDate>, before: Option<NaiveDate>, kind: &Kind, context: &Context<'_>) -> Check {
    match kind {
        Kind::DateTime => Check::Instant { from: from.map(context.day_start), before: before.map(context.day_start) },
        _ => Check::Date { from, before },
    }
}
