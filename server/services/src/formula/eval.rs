//! What a formula gives for a record.

use super::{Expr, Function, Op};
use crate::records::{Decimal, Value};
use chrono::{Datelike, Days, Months, NaiveDate};
use platform::{error::FieldError, money::Currency};
use std::cmp::Ordering;

/// How long a text may become.
const LONGEST_TEXT: usize = 500;

/// What cannot be computed, by its code.
type Fails = &'static str;
type Outcome = Result<Option<Value>, Fails>;

/// The value of a formula, where `field` tells the value of a field by its key; an error is a value.
pub fn evaluate(expr: &Expr, key: &str, field: &dyn Fn(&str) -> Option<Value>) -> Option<Value> {
    match value(expr, field) {
        Ok(Some(Value::Text(text))) if text.is_empty() => None,
        Ok(found) => found,
        Err(code) => Some(error(key, code)),
    }
}

/// The value of a field that could not be computed.
pub(crate) fn error(key: &str, code: &str) -> Value {
    let message = match code {
        "division" => "Something is divided by zero.",
        "range" => "The result is too large.",
        "currency" => "Amounts of different currencies do not add up.",
        "date" => "There is no such date.",
        "too_long" => "The text becomes too long.",
        "reference" => "It depends on a field that has no value because of an error.",
        _ => "Values do not go together.",
    };
    Value::Error(FieldError { field: key.into(), code: code.into(), message: message.into() })
}

fn value(expr: &Expr, field: &dyn Fn(&str) -> Option<Value>) -> Outcome {
    match expr {
        Expr::Number(number) => Ok(Some(Value::Number(*number))),
        Expr::Text(text) => Ok(Some(Value::Text(text.clone()))),
        Expr::Bool(yes) => Ok(Some(Value::Bool(*yes))),
        Expr::Field(key) => match field(key) {
            Some(Value::Error(_)) => Err("reference"),
            found => Ok(found),
        },
        Expr::Negate(inner) => match value(inner, field)? {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(Value::Number(number.negated()))),
            Some(Value::Money { minor, currency }) => Ok(Some(Value::Money { minor: minor.checked_neg().ok_or("range")?, currency })),
            Some(_) => Err("type"),
        },
        Expr::Not(inner) => Ok(Some(Value::Bool(!truth(inner, field)?))),
        Expr::Binary(Op::And, left, right) => Ok(Some(Value::Bool(truth(left, field)? && truth(right, field)?))),
        Expr::Binary(Op::Or, left, right) => Ok(Some(Value::Bool(truth(left, field)? || truth(right, field)?))),
        Expr::Binary(Op::Join, left, right) => joined(&[value(left, field)?, value(right, field)?]),
        Expr::Binary(op, left, right) => match (value(left, field)?, value(right, field)?) {
            (Some(left), Some(right)) => binary(*op, left, right).map(Some),
            _ => Ok(None),
        },
        Expr::Call(function, arguments) => call(*function, arguments, field),
    }
}

/// A condition; nothing is no.
fn truth(expr: &Expr, field: &dyn Fn(&str) -> Option<Value>) -> Result<bool, Fails> {
    match value(expr, field)? {
        None => Ok(false),
        Some(Value::Bool(yes)) => Ok(yes),
        Some(_) => Err("type"),
    }
}

fn joined(parts: &[Option<Value>]) -> Outcome {
    let text: String = parts.iter().flatten().map(Value::plain).collect();
    if text.chars().count() > LONGEST_TEXT { Err("too_long") } else { Ok(Some(Value::Text(text))) }
}

fn money(minor: i128, currency: String) -> Result<Value, Fails> {
    Ok(Value::Money { minor: i64::try_from(minor).map_err(|_| "range")?, currency })
}

/// An amount as a number of whole units.
fn amount(minor: i64, currency: &str) -> Result<Decimal, Fails> {
    let exponent = currency.parse::<Currency>().map_or(2, |currency| currency.exponent());
    Decimal::new(minor.into(), exponent).ok_or("range")
}

/// Minor units times or by a number, half away from zero.
fn scaled(minor: i64, currency: String, by: impl FnOnce(Decimal) -> Option<Decimal>) -> Result<Value, Fails> {
    let exact = by(Decimal::from(minor)).ok_or("range")?;
    money(exact.round(0).ok_or("range")?.whole(), currency)
}

fn binary(op: Op, left: Value, right: Value) -> Result<Value, Fails> {
    use Value::{Date, Number};
    if matches!(op, Op::Equal | Op::Unequal | Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual) {
        let order = compared(&left, &right)?;
        return Ok(Value::Bool(match op {
            Op::Equal => order == Ordering::Equal,
            Op::Unequal => order != Ordering::Equal,
            Op::Less => order == Ordering::Less,
            Op::LessOrEqual => order != Ordering::Greater,
            Op::Greater => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }));
    }
    match (op, left, right) {
        (Op::Plus, Number(a), Number(b)) => a.add(b).map(Number).ok_or("range"),
        (Op::Minus, Number(a), Number(b)) => a.sub(b).map(Number).ok_or("range"),
        (Op::Times, Number(a), Number(b)) => a.mul(b).map(Number).ok_or("range"),
        (Op::By, Number(_), Number(b)) if b == Decimal::ZERO => Err("division"),
        (Op::By, Number(a), Number(b)) => a.div(b).map(Number).ok_or("range"),
        (Op::Plus | Op::Minus, Value::Money { minor: a, currency }, Value::Money { minor: b, currency: other }) => {
            if currency != other {
                return Err("currency");
            }
            money(if op == Op::Plus { i128::from(a) + i128::from(b) } else { i128::from(a) - i128::from(b) }, currency)
        }
        (Op::By, Value::Money { minor: a, currency }, Value::Money { minor: b, currency: other }) => match (currency == other, b) {
            (false, _) => Err("currency"),
            (_, 0) => Err("division"),
            _ => Decimal::from(a).div(Decimal::from(b)).map(Number).ok_or("range"),
        },
        (Op::By, Value::Money { .. }, Number(b)) if b == Decimal::ZERO => Err("division"),
        (Op::By, Value::Money { minor, currency }, Number(b)) => scaled(minor, currency, |a| a.div(b)),
        (Op::Times, Value::Money { minor, currency }, Number(b)) | (Op::Times, Number(b), Value::Money { minor, currency }) => {
            scaled(minor, currency, |a| a.mul(b))
        }
        (Op::Plus, Date(date), Number(days)) => plus_days(date, days).map(Date),
        (Op::Minus, Date(date), Number(days)) => plus_days(date, days.negated()).map(Date),
        (Op::Minus, Date(a), Date(b)) => Ok(Number(Decimal::from((a - b).num_days()))),
        _ => Err("type"),
    }
}

fn compared(left: &Value, right: &Value) -> Result<Ordering, Fails> {
    Ok(match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Reference(a), Value::Reference(b)) => a.cmp(b),
        (Value::Money { minor: a, currency }, Value::Money { minor: b, currency: other }) => {
            if currency != other {
                return Err("currency");
            }
            a.cmp(b)
        }
        (Value::Text(_) | Value::Choices(_), Value::Text(_) | Value::Choices(_)) => left.plain().cmp(&right.plain()),
        _ => return Err("type"),
    })
}

fn plus_days(date: NaiveDate, days: Decimal) -> Result<NaiveDate, Fails> {
    let days = i64::try_from(days.whole()).map_err(|_| "date")?;
    let moved = match days {
        0.. => date.checked_add_days(Days::new(days.unsigned_abs())),
        _ => date.checked_sub_days(Days::new(days.unsigned_abs())),
    };
    moved.filter(|date| (1..=9999).contains(&date.year())).ok_or("date")
}

fn call(function: Function, arguments: &[Expr], field: &dyn Fn(&str) -> Option<Value>) -> Outcome {
    // These do not look at all of their arguments, or look at what is empty.
    match (function, arguments) {
        (Function::If, [condition, then, rest @ ..]) => {
            return match (truth(condition, field)?, rest.first()) {
                (true, _) => value(then, field),
                (false, Some(other)) => value(other, field),
                (false, None) => Ok(None),
            };
        }
        (Function::Coalesce, all) => {
            for argument in all {
                if let Some(found) = value(argument, field)? {
                    return Ok(Some(found));
                }
            }
            return Ok(None);
        }
        (Function::Empty, [only]) => return Ok(Some(Value::Bool(value(only, field)?.is_none()))),
        _ => {}
    }
    let values = arguments.iter().map(|argument| value(argument, field)).collect::<Result<Vec<Option<Value>>, Fails>>()?;
    if function == Function::Concat {
        return joined(&values);
    }
    if matches!(function, Function::Min | Function::Max) {
        return least(function, values.into_iter().flatten());
    }
    if function == Function::Has && matches!(values.as_slice(), [None, _]) {
        return Ok(Some(Value::Bool(false)));
    }
    let Some(values) = values.into_iter().collect::<Option<Vec<Value>>>() else { return Ok(None) };
    strict(function, &values).map(Some)
}

/// The least or greatest of what is there.
fn least(function: Function, values: impl Iterator<Item = Value>) -> Outcome {
    let mut best: Option<Value> = None;
    for next in values {
        best = Some(match best {
            None => next,
            Some(best) => {
                let order = compared(&next, &best)?;
                let wanted = if function == Function::Min { Ordering::Less } else { Ordering::Greater };
                if order == wanted { next } else { best }
            }
        });
    }
    Ok(best)
}

fn number(number: impl Into<i64>) -> Value {
    Value::Number(Decimal::from(number.into()))
}

/// Functions of values that are all there.
fn strict(function: Function, values: &[Value]) -> Result<Value, Fails> {
    use Value::{Date, Number, Text};
    Ok(match (function, values) {
        (Function::Round, [Number(n)]) => Number(n.round(0).ok_or("range")?),
        (Function::Round, [Number(n), Number(places)]) => Number(n.round(places.whole().clamp(-18, 10) as i32).ok_or("range")?),
        (Function::Round, [Value::Money { minor, currency }, places @ ..]) => {
            let places = places
                .first()
                .and_then(|places| if let Number(places) = places { Some(places.whole().clamp(-18, 10) as i32) } else { None });
            let exponent = currency.parse::<Currency>().map_or(2, |currency| currency.exponent());
            let rounded = amount(*minor, currency)?.round(places.unwrap_or(0)).and_then(|n| n.mul(Decimal::from(10_i64.pow(exponent))));
            money(rounded.ok_or("range")?.whole(), currency.clone())?
        }
        (Function::Abs, [Number(n)]) => Number(if *n < Decimal::ZERO { n.negated() } else { *n }),
        (Function::Abs, [Value::Money { minor, currency }]) => {
            Value::Money { minor: minor.checked_abs().ok_or("range")?, currency: currency.clone() }
        }
        (Function::Upper, [text]) => Text(text.plain().to_uppercase()),
        (Function::Lower, [text]) => Text(text.plain().to_lowercase()),
        (Function::Length, [Value::Choices(keys)]) if keys.len() != 1 => number(i64::try_from(keys.len()).unwrap_or(i64::MAX)),
        (Function::Length, [text]) => number(i64::try_from(text.plain().chars().count()).unwrap_or(i64::MAX)),
        (Function::Contains, [text, part]) => Value::Bool(text.plain().to_lowercase().contains(&part.plain().to_lowercase())),
        (Function::Has, [Value::Choices(keys), key]) => Value::Bool(keys.contains(&key.plain())),
        (Function::Has, [text, key]) => Value::Bool(text.plain() == key.plain()),
        (Function::Date, [Number(year), Number(month), Number(day)]) => {
            let part = |n: &Decimal| u32::try_from(n.whole()).map_err(|_| "date");
            let year = i32::try_from(year.whole()).ok().filter(|year| (1..=9999).contains(year)).ok_or("date")?;
            Date(NaiveDate::from_ymd_opt(year, part(month)?, part(day)?).ok_or("date")?)
        }
        (Function::Year, [Date(date)]) => number(date.year()),
        (Function::Month, [Date(date)]) => number(date.month()),
        (Function::Day, [Date(date)]) => number(date.day()),
        (Function::DaysBetween, [Date(from), Date(to)]) => number((*to - *from).num_days()),
        (Function::HoursBetween, [Value::Instant(from), Value::Instant(to)]) => {
            Number(Decimal::from((*to - *from).num_minutes()).div(Decimal::from(60)).ok_or("range")?)
        }
        (Function::AddDays, [Date(date), Number(days)]) => Date(plus_days(*date, *days)?),
        (Function::AddMonths, [Date(date), Number(months)]) => {
            let months = i32::try_from(months.whole()).map_err(|_| "date")?;
            let step = Months::new(months.unsigned_abs());
            let moved = if months < 0 { date.checked_sub_months(step) } else { date.checked_add_months(step) };
            Date(moved.filter(|date| (1..=9999).contains(&date.year())).ok_or("date")?)
        }
        (Function::Amount, [Value::Money { minor, currency }]) => Number(amount(*minor, currency)?),
        _ => return Err("type"),
    })
}

/// What a rounded amount is in its currency's own places; for totals of roll-ups.
#[cfg(feature = "ssr")]
pub(crate) fn money_of(minor: Decimal, currency: &str) -> Option<Value> {
    let currency: Currency = currency.parse().ok()?;
    let minor = i64::try_from(minor.round(0)?.whole()).ok()?;
    let platform::money::Money { minor, currency } = platform::money::Money::new(minor, currency);
    Some(Value::Money { minor, currency: currency.as_str().into() })
}
