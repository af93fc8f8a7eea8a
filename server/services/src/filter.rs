//! The filter language: one typed tree by which lists, boards, exports, counts and segments choose records.
//!
//! A filter goes through three hands. [`check`](check::check) reads it against a [`Catalogue`] (which fields there are,
//! of which kind, and how the database reads them) and makes a [`Plan`] of it, in which every field is known, every
//! operand typed and every relative date an absolute one. From there one compiler (`sql`) makes parametrised SQL of the
//! plan, and one evaluator ([`evaluate`](evaluate::evaluate)) judges a record in plain Rust and says why.
//!
//! # What is true
//!
//! There are two truth values. A field is the list of its values: none if it is empty, one as a rule, several where
//! several may be chosen. An empty text is no value. A positive test holds if *any* value passes it, so that it never
//! holds for an empty field; a negative test (`is_not`, `not_contains`, `none_of`, `not_me`, `empty`) is true exactly
//! where its positive one is not, so that it holds for an empty field. A path across a link reads the fields of the record
//! the link leads to; it is empty if there is none or it was deleted. `all` of nothing is true, `any` of nothing is false,
//! `none` is the opposite of `any`.
//!
//! `is`, `one_of` compare texts letter by letter. `contains` and `starts_with` compare them [folded](fold::folded):
//! without case and without the marks on letters. Amounts of money of different currencies are never equal, nor is one more
//! than the other. Dates are days; instants are compared by the days of the organization's zone.

pub mod catalogue;
pub mod check;
pub mod evaluate;
pub mod fold;
pub mod operand;
pub mod period;
pub mod plan;
#[cfg(feature = "ssr")]
pub mod sql;
#[cfg(test)]
mod tests;

pub use catalogue::{Catalogue, Field, Source, Type, tests_of};
pub use evaluate::Explained;
pub use operand::Operand;
pub use period::Period;
pub use plan::Plan;

use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How deep groups, links and segments may lie in each other.
pub const DEPTH: usize = 8;
/// How many nodes a filter may have, those of its segments included.
pub const NODES: usize = 100;
/// How many values `one_of` and its kin may name.
pub const VALUES: usize = 200;
/// How many links a path may cross.
pub const HOPS: usize = 3;

/// What a record must be like. The filter that lets everything pass is `{"all": []}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(no_recursion)]
pub enum Filter {
    /// Every part holds.
    All(#[serde(deserialize_with = "bounded::many")] Vec<Filter>),
    /// At least one part holds.
    Any(#[serde(deserialize_with = "bounded::many")] Vec<Filter>),
    /// No part holds.
    None(#[serde(deserialize_with = "bounded::many")] Vec<Filter>),
    /// A field passes a test.
    Field(Condition),
    /// At least one record that points here is like this.
    Linked(Linked),
    /// No record that points here is like this.
    NotLinked(Linked),
    /// Something was done to the record, so and so often.
    Did(Did),
    /// A saved view of the same type lets the record pass.
    Segment(EntityId),
}

impl Default for Filter {
    fn default() -> Self {
        Filter::All(Vec::new())
    }
}

impl Filter {
    /// Whether it lets everything pass by having no condition.
    pub fn is_open(&self) -> bool {
        matches!(self, Filter::All(parts) if parts.iter().all(Filter::is_open))
    }

    /// Without what is still to be told: the filter of a form that is being filled in.
    pub fn complete(&self) -> Filter {
        let parts = |parts: &[Filter]| parts.iter().filter(|part| part.is_told()).map(Filter::complete).collect::<Vec<_>>();
        match self {
            Filter::All(inner) => Filter::All(parts(inner)),
            Filter::Any(inner) if parts(inner).is_empty() => Filter::default(),
            Filter::Any(inner) => Filter::Any(parts(inner)),
            Filter::None(inner) => Filter::None(parts(inner)),
            other => other.clone(),
        }
    }

    fn is_told(&self) -> bool {
        match self {
            Filter::Field(condition) => condition.test.is_complete(),
            Filter::Did(did) => !did.action.trim().is_empty(),
            Filter::All(parts) | Filter::Any(parts) | Filter::None(parts) => parts.iter().any(Filter::is_told),
            Filter::Linked(_) | Filter::NotLinked(_) | Filter::Segment(_) => true,
        }
    }
}

/// A test of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The field's key; across links with dots between: `person.email`.
    pub path: String,
    pub test: Test,
}

/// What is asked of a field. Which tests a field takes, its kind says: [`tests_of`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    Empty,
    NotEmpty,
    Is(Operand),
    IsNot(Operand),
    Contains(Operand),
    NotContains(Operand),
    StartsWith(Operand),
    OneOf(Vec<Operand>),
    NoneOf(Vec<Operand>),
    /// For fields of several values: all of these are among them.
    AllOf(Vec<Operand>),
    Less(Operand),
    AtMost(Operand),
    More(Operand),
    AtLeast(Operand),
    /// Both ends included.
    Between([Operand; 2]),
    /// Before that day.
    Before(Operand),
    /// After that day.
    After(Operand),
    /// On that day.
    On(Operand),
    /// In that stretch of days.
    Within(Period),
    /// Whoever asks.
    Me,
    /// Anybody but whoever asks.
    NotMe,
}

impl Test {
    /// Its name on the wire, by which [`tests_of`] lists it.
    pub fn name(&self) -> &'static str {
        match self {
            Test::Empty => "empty",
            Test::NotEmpty => "not_empty",
            Test::Is(_) => "is",
            Test::IsNot(_) => "is_not",
            Test::Contains(_) => "contains",
            Test::NotContains(_) => "not_contains",
            Test::StartsWith(_) => "starts_with",
            Test::OneOf(_) => "one_of",
            Test::NoneOf(_) => "none_of",
            Test::AllOf(_) => "all_of",
            Test::Less(_) => "less",
            Test::AtMost(_) => "at_most",
            Test::More(_) => "more",
            Test::AtLeast(_) => "at_least",
            Test::Between(_) => "between",
            Test::Before(_) => "before",
            Test::After(_) => "after",
            Test::On(_) => "on",
            Test::Within(_) => "within",
            Test::Me => "me",
            Test::NotMe => "not_me",
        }
    }
}

impl Test {
    /// The test of that name with these operands, as far as it takes any; none for an unknown name. For those who build
    /// a filter piece by piece.
    pub fn of(name: &str, operands: Vec<Operand>, period: Option<Period>) -> Option<Test> {
        let first = || operands.first().cloned().unwrap_or_default();
        Some(match name {
            "empty" => Test::Empty,
            "not_empty" => Test::NotEmpty,
            "is" => Test::Is(first()),
            "is_not" => Test::IsNot(first()),
            "contains" => Test::Contains(first()),
            "not_contains" => Test::NotContains(first()),
            "starts_with" => Test::StartsWith(first()),
            "one_of" => Test::OneOf(operands),
            "none_of" => Test::NoneOf(operands),
            "all_of" => Test::AllOf(operands),
            "less" => Test::Less(first()),
            "at_most" => Test::AtMost(first()),
            "more" => Test::More(first()),
            "at_least" => Test::AtLeast(first()),
            "between" => Test::Between([first(), operands.get(1).cloned().unwrap_or_default()]),
            "before" => Test::Before(first()),
            "after" => Test::After(first()),
            "on" => Test::On(first()),
            "within" => Test::Within(period.unwrap_or(Period::ThisWeek)),
            "me" => Test::Me,
            "not_me" => Test::NotMe,
            _ => return None,
        })
    }

    /// What it compares with.
    pub fn operands(&self) -> &[Operand] {
        match self {
            Test::Empty | Test::NotEmpty | Test::Within(_) | Test::Me | Test::NotMe => &[],
            Test::OneOf(operands) | Test::NoneOf(operands) | Test::AllOf(operands) => operands,
            Test::Between(ends) => ends,
            Test::Is(operand)
            | Test::IsNot(operand)
            | Test::Contains(operand)
            | Test::NotContains(operand)
            | Test::StartsWith(operand)
            | Test::Less(operand)
            | Test::AtMost(operand)
            | Test::More(operand)
            | Test::AtLeast(operand)
            | Test::Before(operand)
            | Test::After(operand)
            | Test::On(operand) => std::slice::from_ref(operand),
        }
    }

    /// Whether it can be asked: nothing it compares with is still to be told.
    pub fn is_complete(&self) -> bool {
        let none = matches!(self, Test::Empty | Test::NotEmpty | Test::Within(_) | Test::Me | Test::NotMe);
        none || (!self.operands().is_empty() && self.operands().iter().all(|operand| !operand.0.trim().is_empty()))
    }
}

/// Records of another type that point here by a reference field of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(no_recursion)]
pub struct Linked {
    /// The type of the records that point here: `crm:lead`.
    pub entity_type: String,
    /// Their reference field.
    pub by: String,
    /// What they must be like; fields are theirs.
    #[serde(default, deserialize_with = "bounded::one")]
    pub having: Box<Filter>,
}

/// Entries of a record's action log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Did {
    /// The verb: `created`, `updated`, `cancelled` …
    #[schema(min_length = 1, max_length = 100)]
    pub action: String,
    /// 1 to 1,000.
    #[serde(default = "once")]
    #[schema(minimum = 1, maximum = 1000)]
    pub at_least: u32,
    /// When; at any time if not given.
    #[serde(default)]
    pub within: Option<Period>,
}

fn once() -> u32 {
    1
}

/// Reads nested filters so deep and no deeper, so that what is sent cannot exhaust the stack before it is looked at.
mod bounded {
    use super::Filter;
    use serde::{Deserialize, Deserializer, de::Error};
    use std::cell::Cell;

    /// More than any filter may have, so that those a little too deep are refused by name.
    const DEEPEST: usize = 64;

    thread_local! {
        static DEPTH: Cell<usize> = const { Cell::new(0) };
    }

    fn deeper<'de, D: Deserializer<'de>, T>(deserializer: D, read: impl FnOnce(D) -> Result<T, D::Error>) -> Result<T, D::Error> {
        let depth = DEPTH.get();
        if depth >= DEEPEST {
            return Err(D::Error::custom("a filter may be nested 8 levels deep"));
        }
        DEPTH.set(depth + 1);
        let found = read(deserializer);
        DEPTH.set(depth);
        found
    }

    pub(super) fn many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Filter>, D::Error> {
        deeper(deserializer, Vec::<Filter>::deserialize)
    }

    pub(super) fn one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<Filter>, D::Error> {
        deeper(deserializer, Box::<Filter>::deserialize)
    }
}
