//! Patients: persons whom the clinic treats.

#[cfg(feature = "ssr")]
mod record;
#[cfg(feature = "ssr")]
mod sql;
pub mod terms;
#[cfg(feature = "ssr")]
pub use record::SOURCE;
#[cfg(feature = "ssr")]
pub(crate) use sql::get_held;
#[cfg(feature = "ssr")]
pub use sql::{create, get, list, update, visits};

use chrono::{DateTime, NaiveDate, Utc};
use platform::{Result, id::EntityId, input::Input};
use serde::{Deserialize, Serialize};
use services::{calendar::Status, persons::PersonInput};
use utoipa::ToSchema;

/// A patient; the person's own fields included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Patient {
    pub id: EntityId,
    /// The clinic's own number of the patient.
    pub number: String,
    pub given_name: String,
    pub family_name: String,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub allergies: String,
    /// What stands wherever the patient's name stands.
    pub alerts: String,
    pub notes: String,
    /// What a change must name (R18).
    pub version: i32,
}

/// What is told about a patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatientInput {
    /// Made by the caller, so that a retry makes no second patient. Only read when creating.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 100)]
    pub given_name: String,
    #[schema(min_length = 1, max_length = 100)]
    pub family_name: String,
    #[serde(default)]
    pub birth_date: Option<NaiveDate>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub allergies: String,
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub alerts: String,
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub notes: String,
    /// The version that was read; only read when changing (R18).
    #[serde(default)]
    pub version: i32,
}

impl PatientInput {
    /// The person behind the patient.
    pub fn person(&self) -> PersonInput {
        PersonInput {
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            birth_date: self.birth_date,
            email: self.email.clone(),
            phone: self.phone.clone(),
            language: None,
        }
    }

    /// What can be told without the database, beside the person's own fields.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        self.person().check()?;
        let mut input = Input::new();
        input.text("allergies", &self.allergies, 0, 1_000);
        input.text("alerts", &self.alerts, 0, 1_000);
        input.text("notes", &self.notes, 0, 10_000);
        input.finish()
    }
}

/// A visit in a patient's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PatientVisit {
    pub appointment: EntityId,
    pub activity: EntityId,
    pub number: String,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// IANA zone of the location, for the local date.
    pub zone: String,
    /// The start on the location's clock: `2026-11-24T09:30:00`, without an offset.
    #[schema(value_type = String)]
    pub wall_start: chrono::NaiveDateTime,
    pub treatment: String,
    pub employee: String,
    pub status: Status,
}
