//! Of what kind a formula's value is. What passes here gives a value of that kind, nothing, or an error that only the
//! numbers themselves can cause.

use super::{Expr, Fault, Function, Op};
use crate::records::Kind;

/// The kinds that formulas tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Text,
    Number,
    Money,
    Date,
    Instant,
    Bool,
    Choices,
    Reference,
}

fn of_kind(kind: &Kind) -> Type {
    match kind {
        Kind::Text | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url | Kind::Choice(_) => Type::Text,
        Kind::Number | Kind::Percent => Type::Number,
        Kind::Money => Type::Money,
        Kind::Date => Type::Date,
        Kind::DateTime => Type::Instant,
        Kind::Boolean => Type::Bool,
        Kind::MultiChoice(_) => Type::Choices,
        Kind::Reference(_) => Type::Reference,
    }
}

/// The kind of a formula's value, where `field` tells that of a field by its key.
///
/// # Errors
/// A field that is not there, or values that do not go together.
pub fn check(expr: &Expr, field: &dyn Fn(&str) -> Option<Kind>) -> Result<Kind, Fault> {
    Ok(match type_of(expr, field)? {
        Type::Text => Kind::Text,
        Type::Number => Kind::Number,
        Type::Money => Kind::Money,
        Type::Date => Kind::Date,
        Type::Instant => Kind::DateTime,
        Type::Bool => Kind::Boolean,
        Type::Choices | Type::Reference => return Err(wrong("A formula gives a text, number, amount, date or yes and no.")),
    })
}

fn wrong(message: impl Into<String>) -> Fault {
    Fault { at: 0, code: "type", message: message.into() }
}

fn type_of(expr: &Expr, field: &dyn Fn(&str) -> Option<Kind>) -> Result<Type, Fault> {
    match expr {
        Expr::Number(_) => Ok(Type::Number),
        Expr::Text(_) => Ok(Type::Text),
        Expr::Bool(_) => Ok(Type::Bool),
        Expr::Field(key) => field(key).map(|kind| of_kind(&kind)).ok_or_else(|| Fault {
            at: 0,
            code: "field",
            message: format!("There is no field {key}."),
        }),
        Expr::Negate(inner) => match type_of(inner, field)? {
            number @ (Type::Number | Type::Money) => Ok(number),
            _ => Err(wrong("Only numbers and amounts have a sign.")),
        },
        Expr::Not(inner) => expect(inner, Type::Bool, "not", field).map(|()| Type::Bool),
        Expr::Binary(op, left, right) => binary(*op, type_of(left, field)?, type_of(right, field)?),
        Expr::Call(function, arguments) => call(*function, arguments, field),
    }
}

fn expect(expr: &Expr, expected: Type, word: &str, field: &dyn Fn(&str) -> Option<Kind>) -> Result<(), Fault> {
    let found = type_of(expr, field)?;
    if found == expected { Ok(()) } else { Err(wrong(format!("{word} needs {expected:?}, not {found:?}."))) }
}

fn binary(op: Op, left: Type, right: Type) -> Result<Type, Fault> {
    use Type::{Bool, Choices, Date, Money, Number, Reference, Text};
    Ok(match (op, left, right) {
        (Op::Or | Op::And, Bool, Bool) => Bool,
        (Op::Join, Choices | Reference, _) | (Op::Join, _, Choices | Reference) => {
            return Err(wrong("Several choices and references cannot be joined with text."));
        }
        (Op::Join, _, _) => Text,
        (Op::Equal | Op::Unequal, a, b) if a == b => Bool,
        (Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual, a, b) if a == b && !matches!(a, Bool | Choices | Reference) => Bool,
        (Op::Plus | Op::Minus, Number, Number) => Number,
        (Op::Plus | Op::Minus, Money, Money) => Money,
        (Op::Plus | Op::Minus, Date, Number) => Date,
        (Op::Minus, Date, Date) => Number,
        (Op::Times | Op::By, Number, Number) => Number,
        (Op::Times | Op::By, Money, Number) | (Op::Times, Number, Money) => Money,
        (Op::By, Money, Money) => Number,
        (op, a, b) => return Err(wrong(format!("{op:?} does not go with {a:?} and {b:?}."))),
    })
}

fn call(function: Function, arguments: &[Expr], field: &dyn Fn(&str) -> Option<Kind>) -> Result<Type, Fault> {
    let types = arguments.iter().map(|argument| type_of(argument, field)).collect::<Result<Vec<Type>, Fault>>()?;
    let misfit = || wrong(format!("{} does not go with {types:?}.", function.word()));
    let same = |types: &[Type]| types.windows(2).all(|pair| pair[0] == pair[1]);
    match (function, types.as_slice()) {
        (Function::If, [Type::Bool, then]) => Ok(*then),
        (Function::If, [Type::Bool, then, other]) if then == other => Ok(*then),
        (Function::Coalesce, all @ [first, ..]) if same(all) => Ok(*first),
        (Function::Min | Function::Max, all @ [first @ (Type::Number | Type::Money | Type::Date | Type::Instant), ..]) if same(all) => {
            Ok(*first)
        }
        (Function::Round, [number @ (Type::Number | Type::Money)] | [number @ (Type::Number | Type::Money), Type::Number]) => Ok(*number),
        (Function::Abs, [number @ (Type::Number | Type::Money)]) => Ok(*number),
        (Function::Concat, all) if all.iter().all(|kind| !matches!(kind, Type::Choices | Type::Reference)) => Ok(Type::Text),
        (Function::Upper | Function::Lower, [Type::Text]) => Ok(Type::Text),
        (Function::Length, [Type::Text | Type::Choices]) => Ok(Type::Number),
        (Function::Contains, [Type::Text, Type::Text]) => Ok(Type::Bool),
        (Function::Empty, [_]) => Ok(Type::Bool),
        (Function::Has, [Type::Choices | Type::Text, Type::Text]) => Ok(Type::Bool),
        (Function::Date, [Type::Number, Type::Number, Type::Number]) => Ok(Type::Date),
        (Function::Year | Function::Month | Function::Day, [Type::Date]) => Ok(Type::Number),
        (Function::DaysBetween, [Type::Date, Type::Date]) | (Function::HoursBetween, [Type::Instant, Type::Instant]) => Ok(Type::Number),
        (Function::AddDays | Function::AddMonths, [Type::Date, Type::Number]) => Ok(Type::Date),
        (Function::Amount, [Type::Money]) => Ok(Type::Number),
        _ => Err(misfit()),
    }
}
