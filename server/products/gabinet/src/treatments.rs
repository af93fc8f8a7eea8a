//! The treatment catalogue.

mod agreed;
mod rules;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub(crate) use sql::{agreed, get_for, may_read, warm};
#[cfg(feature = "ssr")]
pub use sql::{create, get, list, update};

pub use agreed::{Agreed, Cost};
pub use rules::{Rules, Terms, fitted};

use platform::{Result, id::EntityId, input::Input};
use serde::{Deserialize, Serialize};
use services::calendar::{ResourceKind, slots::Segment};
use utoipa::ToSchema;

/// One sort of room or device a treatment needs, in the clinic's own word: `laser`, `infusion chair`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TreatmentNeed {
    /// `room` or `device`; the practitioner is needed always.
    pub kind: ResourceKind,
    #[schema(min_length = 1, max_length = 100)]
    pub sort_of: String,
    /// In which stretches it is taken; throughout if empty (R7).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub segments: Vec<Segment>,
}

impl TreatmentNeed {
    /// Something that is taken throughout.
    pub fn throughout(kind: ResourceKind, sort_of: impl Into<String>) -> Self {
        TreatmentNeed { kind, sort_of: sort_of.into(), segments: Vec::new() }
    }
}

/// Something the clinic offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Treatment {
    pub id: EntityId,
    pub category: String,
    pub name: String,
    /// Minutes.
    pub duration: i32,
    /// Minutes its resources are occupied before (R7).
    pub buffer_before: i32,
    /// Minutes its resources are occupied after (R7).
    pub buffer_after: i32,
    /// Minor units of `currency`.
    pub price: i64,
    pub currency: String,
    /// Hue of its visits, 0–359.
    pub hue: i16,
    pub active: bool,
    pub needs: Vec<TreatmentNeed>,
    /// How it is booked.
    pub rules: Rules,
    /// Practitioners with whom it takes another time or costs something else.
    pub terms: Vec<Terms>,
    /// What a change must name (R18).
    pub version: i32,
}

/// What is told about a treatment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TreatmentInput {
    /// Made by the caller, so that a retry makes no second one. Only read when creating.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub category: String,
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Minutes.
    #[schema(minimum = 1, maximum = 1440)]
    pub duration: i32,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1440)]
    pub buffer_before: i32,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1440)]
    pub buffer_after: i32,
    /// Minor units of the organization's currency.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub price: i64,
    #[serde(default = "hue")]
    #[schema(minimum = 0, maximum = 359)]
    pub hue: i16,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    #[schema(max_items = 10)]
    pub needs: Vec<TreatmentNeed>,
    /// How it is booked.
    #[serde(default)]
    pub rules: Rules,
    /// Practitioners with whom it takes another time or costs something else; they must be qualified for it.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub terms: Vec<Terms>,
    /// The version that was read; only read when changing (R18).
    #[serde(default)]
    pub version: i32,
}

fn hue() -> i16 {
    200
}

fn yes() -> bool {
    true
}

impl TreatmentInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.text("category", self.category.trim(), 0, 200);
        input.text("name", self.name.trim(), 1, 200);
        input.check((1..=1440).contains(&self.duration), "duration", "range", "Between 1 and 1440 minutes.");
        input.check((0..=1440).contains(&self.buffer_before), "buffer_before", "range", "Between 0 and 1440 minutes.");
        input.check((0..=1440).contains(&self.buffer_after), "buffer_after", "range", "Between 0 and 1440 minutes.");
        input.check((0..=1_000_000_000_000).contains(&self.price), "price", "range", "A price is not negative.");
        input.check((0..360).contains(&self.hue), "hue", "range", "A hue lies between 0 and 359.");
        input.check(self.needs.len() <= 10, "needs", "too_long", "At most 10 needs.");
        for need in &self.needs {
            input.check(need.kind != ResourceKind::Staff, "needs", "kind", "A need is a room or a device.");
            input.text("needs", need.sort_of.trim(), 1, 100);
            rules::check_segments(&mut input, "needs", &need.segments, self.duration);
        }
        self.rules.check(&mut input, self.duration);
        rules::check_terms(&mut input, &self.terms);
        input.finish()
    }
}
