//! What the pages are sent.

use chrono::{DateTime, NaiveDate, Utc};
use gabinet::{
    employees::Employee,
    hours::{Closure, Leave, WorkingHours},
    patients::{Patient, PatientVisit, terms::PatientTerms},
    treatments::Treatment,
};
use platform::{
    id::{EntityId, LocationId},
    locations::Location,
};
use serde::{Deserialize, Serialize};
use services::calendar::ResourceKind;

/// Some patients, and where the list goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatientRows {
    pub items: Vec<Patient>,
    pub next: Option<String>,
    /// The date in the organization's zone.
    pub today: NaiveDate,
}

/// What a patient's page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatientRecord {
    pub patient: Patient,
    /// The latest first; none at all for those who may not see visits.
    pub visits: Option<Vec<PatientVisit>>,
    /// What was agreed with them; nothing is told to those who may not see treatments.
    pub terms: Option<PatientTerms>,
    /// UTC.
    pub now: DateTime<Utc>,
    /// The date in the organization's zone.
    pub today: NaiveDate,
}

/// The catalogue, and the clinic's words for sorts of rooms and devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    pub treatments: Vec<Treatment>,
    pub rooms: Vec<String>,
    pub devices: Vec<String>,
    /// Those who work here, with what they are qualified for.
    pub staff: Vec<(EntityId, String, Vec<EntityId>)>,
}

/// All practitioners, and whose leave has not ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffList {
    pub staff: Vec<Employee>,
    pub leave: Vec<Leave>,
    /// The date in the organization's zone.
    pub today: NaiveDate,
}

/// What a practitioner's page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffMember {
    pub employee: Employee,
    /// All that they could be qualified for.
    pub treatments: Vec<Treatment>,
    pub hours: WorkingHours,
    /// What has not ended.
    pub leave: Vec<Leave>,
    /// The date in the organization's zone.
    pub today: NaiveDate,
}

/// A room or a device, and what sorts of thing it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Room {
    pub id: EntityId,
    /// `room` or `device`.
    pub kind: ResourceKind,
    pub name: String,
    /// Hue of its colour, 0–359.
    pub hue: i16,
    /// Where it is; none if it serves everywhere.
    pub location: Option<LocationId>,
    pub sort: i32,
    pub active: bool,
    /// In the clinic's own words: `laser`.
    pub sorts: Vec<String>,
    /// What a change must name (R18), and what one of the sorts must.
    pub versions: (i32, i32),
}

/// Rooms and devices, and when the clinic is closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomList {
    pub rooms: Vec<Room>,
    /// From today on.
    pub closures: Vec<Closure>,
    /// Those that are open.
    pub locations: Vec<Location>,
    /// The date in the organization's zone.
    pub today: NaiveDate,
}
