//! A formula as text that is read back as the same formula.

use super::{Expr, Op};
use std::fmt;

impl Op {
    fn sign(self) -> &'static str {
        match self {
            Op::Or => "or",
            Op::And => "and",
            Op::Equal => "=",
            Op::Unequal => "!=",
            Op::Less => "<",
            Op::LessOrEqual => "<=",
            Op::Greater => ">",
            Op::GreaterOrEqual => ">=",
            Op::Plus => "+",
            Op::Minus => "-",
            Op::Join => "&",
            Op::Times => "*",
            Op::By => "/",
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Number(number) => write!(f, "{number}"),
            Expr::Text(text) => write!(f, "\"{}\"", text.replace('"', "\"\"")),
            Expr::Bool(yes) => write!(f, "{yes}"),
            Expr::Field(key) => f.write_str(key),
            Expr::Negate(inner) => write!(f, "(-{inner})"),
            Expr::Not(inner) => write!(f, "(not {inner})"),
            Expr::Binary(op, left, right) => write!(f, "({left} {} {right})", op.sign()),
            Expr::Call(function, arguments) => {
                write!(f, "{}(", function.word())?;
                for (place, argument) in arguments.iter().enumerate() {
                    write!(f, "{}{argument}", if place == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
        }
    }
}
