//! What was agreed with one patient about treatments: that one takes longer or shorter with them, or costs something else.
//! How it goes with what practitioners take for it is told by `treatments::agreed`.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use sql::{get, set};

use platform::{Result, id::EntityId, input::Input};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// With how many treatments it can be different for one patient.
const MOST: usize = 200;

/// All that was agreed with a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PatientTerms {
    /// The patient's, which a change must name (R18).
    pub version: i32,
    /// Of the prices, ISO 4217.
    pub currency: String,
    /// By category and name of the treatment.
    pub items: Vec<PatientTerm>,
}

/// What was agreed about one treatment; what is none is as it is with whoever gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct PatientTerm {
    pub treatment: EntityId,
    pub treatment_name: String,
    /// Minutes.
    pub duration: Option<i32>,
    /// Minor units.
    pub price: Option<i64>,
    /// Why it was agreed.
    pub note: String,
}

/// All that is agreed with a patient from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatientTermsInput {
    /// The patient's version that was read (R18).
    pub version: i32,
    #[schema(max_items = 200)]
    pub items: Vec<PatientTermInput>,
}

/// What is agreed about one treatment: a length, a price or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatientTermInput {
    pub treatment: EntityId,
    /// Minutes. Not of a group's treatment: a session is as long for all who share it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1440)]
    pub duration: Option<i32>,
    /// Minor units of the organization's currency.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub price: Option<i64>,
    #[serde(default)]
    #[schema(max_length = 500)]
    pub note: String,
}

impl PatientTermsInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.check(self.items.len() <= MOST, "items", "too_long", "At most 200 treatments.");
        for (place, one) in self.items.iter().enumerate().take(MOST) {
            let field = |name: &str| format!("items[{place}].{name}");
            input.check(one.duration.is_some() || one.price.is_some(), &field("duration"), "required", "A length or a price is needed.");
            input.check((1..=1_440).contains(&one.duration.unwrap_or(1)), &field("duration"), "range", "Between 1 and 1440 minutes.");
            input.check((0..=1_000_000_000_000).contains(&one.price.unwrap_or(0)), &field("price"), "range", "A price is not negative.");
            input.text(&field("note"), one.note.trim(), 0, 500);
            let twice = self.items.iter().take(place).any(|other| other.treatment == one.treatment);
            input.check(!twice, &field("treatment"), "duplicate", "This treatment is named twice.");
        }
        input.finish()
    }
}
