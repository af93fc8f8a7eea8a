//! Formulas of fields: a small language of our own, with exact numbers and typed values. `price * (1 - discount / 100)`,
//! `if(paid, "paid", "open since " & days_between(issued, due) & " days")`.
//!
//! What is empty stays empty: an operator with an empty side gives nothing, `&` and `concat` take it for no text, and a
//! condition for no. What cannot be computed is a value too, an error, and not a failure of whoever wrote the record.

mod check;
mod eval;
mod parse;
mod print;
#[cfg(test)]
mod tests;

pub use check::check;
pub use eval::evaluate;
#[cfg(feature = "ssr")]
pub(crate) use eval::{error, money_of};
pub use parse::parse;

use crate::records::Decimal;

/// How long a formula may be, in bytes.
pub const LONGEST: usize = 4_000;
/// How deeply it may be nested.
pub const DEEPEST: usize = 32;
/// Of how many parts it may consist.
pub const MOST: usize = 500;

/// A formula as it is understood.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Number(Decimal),
    Text(String),
    Bool(bool),
    /// A field of the same record, by its key.
    Field(String),
    Negate(Box<Expr>),
    Not(Box<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    Call(Function, Vec<Expr>),
}

/// What stands between two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Join,
    Times,
    By,
}

macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident $word:literal $least:literal $most:literal),* $(,)?) => {
        /// What can be called.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Function { $($(#[$doc])* $name),* }

        impl Function {
            /// All of them, for the tests and the help beside the editor.
            pub const ALL: &'static [Function] = &[$(Function::$name),*];

            /// As it is written.
            pub fn word(self) -> &'static str {
                match self { $(Function::$name => $word),* }
            }

            /// How many arguments it takes, at least and at most.
            pub fn arguments(self) -> (usize, usize) {
                match self { $(Function::$name => ($least, $most)),* }
            }
        }
    };
}

functions! {
    /// `if(condition, then, else)`
    If "if" 2 3,
    /// The first that is not empty.
    Coalesce "coalesce" 1 20,
    /// `round(number, places)`, half away from zero.
    Round "round" 1 2,
    Abs "abs" 1 1,
    Min "min" 1 20,
    Max "max" 1 20,
    /// Texts one after the other.
    Concat "concat" 1 20,
    Upper "upper" 1 1,
    Lower "lower" 1 1,
    /// How many letters.
    Length "length" 1 1,
    /// Whether a text has another in it.
    Contains "contains" 2 2,
    /// Whether nothing is there.
    Empty "empty" 1 1,
    /// Whether a choice has that word.
    Has "has" 2 2,
    /// `date(2026, 11, 24)`
    Date "date" 3 3,
    Year "year" 1 1,
    Month "month" 1 1,
    Day "day" 1 1,
    /// From the first date to the second; negative if that is earlier.
    DaysBetween "days_between" 2 2,
    /// Elapsed, to the minute.
    HoursBetween "hours_between" 2 2,
    AddDays "add_days" 2 2,
    /// The last day of a shorter month stands for a day that it does not have.
    AddMonths "add_months" 2 2,
    /// The number of an amount, without its currency.
    Amount "amount" 1 1,
}

/// Where and why a formula is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Counted in letters from the beginning.
    pub at: usize,
    /// Stable: screens translate it.
    pub code: &'static str,
    /// English.
    pub message: String,
}

impl Expr {
    /// The fields it reads, each once.
    pub fn fields(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.visit(&mut |part| {
            if let Expr::Field(key) = part
                && !found.contains(key)
            {
                found.push(key.clone());
            }
        });
        found
    }

    fn visit(&self, look: &mut impl FnMut(&Expr)) {
        look(self);
        match self {
            Expr::Negate(inner) | Expr::Not(inner) => inner.visit(look),
            Expr::Binary(_, left, right) => {
                left.visit(look);
                right.visit(look);
            }
            Expr::Call(_, arguments) => arguments.iter().for_each(|argument| argument.visit(look)),
            Expr::Number(_) | Expr::Text(_) | Expr::Bool(_) | Expr::Field(_) => {}
        }
    }
}
