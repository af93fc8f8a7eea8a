//! A filter that was read: every field is known, every operand has its type, every relative date is an absolute one.

use chrono::{DateTime, NaiveDate, Utc};
use platform::id::EntityId;
use uuid::Uuid;

use super::catalogue::Field;
use crate::records::Decimal;

/// What a record of a type must be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    All(Vec<Plan>),
    Any(Vec<Plan>),
    None(Vec<Plan>),
    Field(FieldTest),
    Linked(LinkedTest),
    Did(DidTest),
    /// A saved view's filter in its place.
    Segment {
        id: EntityId,
        plan: Box<Plan>,
    },
}

/// A test of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldTest {
    pub path: Path,
    /// Each must be passed by some value.
    pub checks: Vec<Check>,
    /// Whether the opposite is asked for.
    pub negated: bool,
}

/// A field, maybe across links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// As it was written.
    pub text: String,
    /// Reference fields on the way, each with the type it leads to.
    pub hops: Vec<(Field, String)>,
    /// The field at its end.
    pub field: Field,
}

/// A test of records that point here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedTest {
    pub entity_type: String,
    /// Their reference field.
    pub by: Field,
    pub plan: Box<Plan>,
    /// Whether there must be none.
    pub negated: bool,
}

/// A test of the action log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidTest {
    pub action: String,
    pub at_least: u32,
    /// From then on.
    pub from: Option<DateTime<Utc>>,
    /// Before then.
    pub before: Option<DateTime<Utc>>,
}

/// A positive test of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// That there is one.
    Present,
    /// One of these texts or words, letter by letter.
    Text(Vec<String>),
    /// This, folded, is in it.
    Contains(String),
    /// It begins with this, folded.
    StartsWith(String),
    /// One of these records or users.
    Id(Vec<Uuid>),
    Bool(bool),
    Number(Range<Decimal>),
    /// Minor units of a currency.
    Money(String, Range<Decimal>),
    /// From a day on, before a day.
    Date {
        from: Option<NaiveDate>,
        before: Option<NaiveDate>,
    },
    /// From an instant on, before an instant.
    Instant {
        from: Option<DateTime<Utc>>,
        before: Option<DateTime<Utc>>,
    },
}

/// Numbers between two ends, either of which may be open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range<T> {
    pub least: Option<T>,
    /// Whether `least` itself is out.
    pub above: bool,
    pub most: Option<T>,
    /// Whether `most` itself is out.
    pub below: bool,
}

impl<T: Ord + Clone> Range<T> {
    /// One number.
    pub fn one(number: T) -> Self {
        Range { least: Some(number.clone()), above: false, most: Some(number), below: false }
    }

    /// This and more, or only more.
    pub fn from(least: T, above: bool) -> Self {
        Range { least: Some(least), above, most: None, below: false }
    }

    /// This and less, or only less.
    pub fn to(most: T, below: bool) -> Self {
        Range { least: None, above: false, most: Some(most), below }
    }

    /// Both ends included.
    pub fn between(least: T, most: T) -> Self {
        Range { least: Some(least), above: false, most: Some(most), below: false }
    }

    /// Whether a number lies in it.
    pub fn holds(&self, number: &T) -> bool {
        let low = self.least.as_ref().is_none_or(|least| if self.above { number > least } else { number >= least });
        let high = self.most.as_ref().is_none_or(|most| if self.below { number < most } else { number <= most });
        low && high
    }
}
