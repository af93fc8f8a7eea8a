//! Gabinet's server functions for its pages: thin doors to patients, treatments, practitioners, hours and rooms. Each
//! is one transaction; permissions and rules are checked behind it.

#[cfg(feature = "ssr")]
mod told;
mod wire;

pub use wire::{Catalogue, PatientRecord, PatientRows, Room, RoomList, StaffList, StaffMember};

use gabinet::{
    employees::{Employee, EmployeeInput},
    hours::{Closure, ClosureInput, Leave, LeaveInput, WorkingHours},
    patients::{
        Patient, PatientInput,
        terms::{PatientTerms, PatientTermsInput},
    },
    treatments::{Treatment, TreatmentInput},
};
use leptos::prelude::*;
use platform::id::EntityId;
use ui::Failure;
use ui::Wire;

#[cfg(feature = "ssr")]
use app_platform::session::begin_in;

/// The date in the organization's zone.
#[cfg(feature = "ssr")]
pub async fn today(tx: &mut platform::Tx) -> Result<chrono::NaiveDate, Failure> {
    Ok(told::zone(tx).await?.date(tx.now()))
}

/// The organization's clock, for lists of other pages.
#[cfg(feature = "ssr")]
pub async fn zone(tx: &mut platform::Tx) -> Result<platform::time::ZoneWindow, Failure> {
    told::zone(tx).await
}

/// Patients by name, or those whom `query` resembles.
#[server(prefix = "/fn", endpoint = "gabinet/patients", input = Wire, output = Wire)]
pub async fn read_patients(query: String, cursor: Option<String>) -> Result<PatientRows, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let page = platform::rest::PageQuery { cursor, limit: Some(50) };
    let found = gabinet::patients::list(&mut tx, &query, &page).await?;
    let today = told::zone(&mut tx).await?.date(tx.now());
    tx.commit().await?;
    Ok(PatientRows { items: found.items, next: found.next_cursor, today })
}

/// One patient with visits.
#[server(prefix = "/fn", endpoint = "gabinet/patient", input = Wire, output = Wire)]
pub async fn read_patient(id: EntityId) -> Result<PatientRecord, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let patient = gabinet::patients::get(&mut tx, id).await?;
    let visits = match tx.can(gabinet::APPOINTMENTS_READ) {
        true => Some(gabinet::patients::visits(&mut tx, id).await?),
        false => None,
    };
    let terms = match tx.can(gabinet::TREATMENTS_READ) {
        true => Some(gabinet::patients::terms::get(&mut tx, id).await?),
        false => None,
    };
    let zone = told::zone(&mut tx).await?;
    let now = tx.now();
    tx.commit().await?;
    Ok(PatientRecord { patient, visits, terms, now, today: zone.date(now) })
}

/// Makes a patient, or changes the one of that id.
#[server(prefix = "/fn", endpoint = "gabinet/save_patient", input = Wire, output = Wire)]
pub async fn save_patient(id: Option<EntityId>, input: PatientInput) -> Result<Patient, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let saved = match id {
        Some(id) => gabinet::patients::update(&mut tx, id, &input).await?,
        None => gabinet::patients::create(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(saved)
}

/// Sets what is agreed with a patient about treatments.
#[server(prefix = "/fn", endpoint = "gabinet/save_terms", input = Wire, output = Wire)]
pub async fn save_terms(patient: EntityId, terms: PatientTermsInput) -> Result<PatientTerms, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let saved = gabinet::patients::terms::set(&mut tx, patient, &terms).await?;
    tx.commit().await?;
    Ok(saved)
}

/// The whole catalogue.
#[server(prefix = "/fn", endpoint = "gabinet/treatments", input = Wire, output = Wire)]
pub async fn read_catalogue() -> Result<Catalogue, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let treatments = gabinet::treatments::list(&mut tx).await?;
    let equipment = match tx.can(gabinet::EMPLOYEES_READ) {
        true => gabinet::employees::equipment(&mut tx).await?,
        false => Vec::new(),
    };
    let staff = match tx.can(gabinet::EMPLOYEES_READ) {
        true => gabinet::employees::list(&mut tx).await?,
        false => Vec::new(),
    };
    tx.commit().await?;
    let staff = staff.into_iter().filter(|one| one.active).map(|one| (one.id, one.name, one.treatments)).collect();
    use services::calendar::ResourceKind;
    let sorts = |kind: ResourceKind| {
        let of_equipment = equipment.iter().filter(|thing| thing.kind == kind).flat_map(|thing| thing.sorts.iter());
        let needs = treatments.iter().flat_map(|treatment| &treatment.needs);
        let of_needs = needs.filter(|need| need.kind == kind).map(|need| &need.sort_of);
        let all: std::collections::BTreeSet<String> = of_equipment.chain(of_needs).cloned().collect();
        all.into_iter().collect::<Vec<String>>()
    };
    let (rooms, devices) = (sorts(ResourceKind::Room), sorts(ResourceKind::Device));
    Ok(Catalogue { treatments, rooms, devices, staff })
}

/// Makes a treatment, or changes the one of that id.
#[server(prefix = "/fn", endpoint = "gabinet/save_treatment", input = Wire, output = Wire)]
pub async fn save_treatment(id: Option<EntityId>, input: TreatmentInput) -> Result<Treatment, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let saved = match id {
        Some(id) => gabinet::treatments::update(&mut tx, id, &input).await?,
        None => gabinet::treatments::create(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(saved)
}

/// All practitioners.
#[server(prefix = "/fn", endpoint = "gabinet/staff", input = Wire, output = Wire)]
pub async fn read_staff() -> Result<StaffList, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let staff = gabinet::employees::list(&mut tx).await?;
    let today = told::zone(&mut tx).await?.date(tx.now());
    let mut leave = gabinet::hours::leave(&mut tx, None, today).await?;
    leave.retain(|leave| leave.status == gabinet::hours::LeaveStatus::Approved);
    tx.commit().await?;
    Ok(StaffList { staff, leave, today })
}

/// One practitioner with hours and leave.
#[server(prefix = "/fn", endpoint = "gabinet/staff_member", input = Wire, output = Wire)]
pub async fn read_staff_member(id: EntityId) -> Result<StaffMember, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let employee = gabinet::employees::get(&mut tx, id).await?;
    let treatments = match tx.can(gabinet::TREATMENTS_READ) {
        true => gabinet::treatments::list(&mut tx).await?,
        false => Vec::new(),
    };
    let hours = gabinet::hours::get(&mut tx, id).await?;
    let today = told::zone(&mut tx).await?.date(tx.now());
    let leave = gabinet::hours::leave(&mut tx, Some(id), today).await?;
    tx.commit().await?;
    Ok(StaffMember { employee, treatments, hours, leave, today })
}

/// Makes a practitioner, or changes the one of that id.
#[server(prefix = "/fn", endpoint = "gabinet/save_employee", input = Wire, output = Wire)]
pub async fn save_employee(id: Option<EntityId>, input: EmployeeInput) -> Result<Employee, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let saved = match id {
        Some(id) => gabinet::employees::update(&mut tx, id, &input).await?,
        None => gabinet::employees::create(&mut tx, &input).await?,
    };
    tx.commit().await?;
    Ok(saved)
}

/// Sets a practitioner's hours. `seen` is what they were when the page was read, or when typing began: what is kept in the
/// browser may be older than any version it could name, so that they are compared as a whole (R18).
#[server(prefix = "/fn", endpoint = "gabinet/save_hours", input = Wire, output = Wire)]
pub async fn save_hours(employee: EntityId, seen: WorkingHours, hours: WorkingHours) -> Result<WorkingHours, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let now = gabinet::hours::versioned(&mut tx, employee).await?;
    // Another version than the present one is refused, with what is stored and by whom.
    let version = if now.clone().hours() == seen { now.version } else { 0 };
    let saved = gabinet::hours::change(&mut tx, employee, &hours.versioned(version)).await?;
    tx.commit().await?;
    Ok(saved.hours())
}

/// Books leave.
#[server(prefix = "/fn", endpoint = "gabinet/add_leave", input = Wire, output = Wire)]
pub async fn add_leave(employee: EntityId, new: LeaveInput) -> Result<Leave, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let leave = gabinet::hours::add_leave(&mut tx, employee, &new).await?;
    tx.commit().await?;
    Ok(leave)
}

/// Takes a leave back.
#[server(prefix = "/fn", endpoint = "gabinet/delete_leave", input = Wire, output = Wire)]
pub async fn delete_leave(id: EntityId) -> Result<(), Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    gabinet::hours::delete_leave(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// Rooms, devices and closures.
#[server(prefix = "/fn", endpoint = "gabinet/rooms", input = Wire, output = Wire)]
pub async fn read_rooms() -> Result<RoomList, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let rooms = told::rooms(&mut tx).await?;
    let today = told::zone(&mut tx).await?.date(tx.now());
    let closures = gabinet::hours::closures(&mut tx, today).await?;
    let locations = platform::locations::list(&mut tx).await?.into_iter().filter(|location| location.active).collect();
    tx.commit().await?;
    Ok(RoomList { rooms, closures, locations, today })
}

/// Makes a room or device, or changes the one that was `seen` when the page was read, if it is the same still (R18).
#[server(prefix = "/fn", endpoint = "gabinet/save_room", input = Wire, output = Wire)]
pub async fn save_room(seen: Option<Room>, room: Room) -> Result<(), Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let mut input = told::resource(&room);
    let (saved, version) = match seen {
        None => (services::resources::insert(&mut tx, &input).await?, 1),
        Some(seen) => {
            input.version = seen.versions.0;
            (services::resources::update(&mut tx, seen.id, &input).await?, seen.versions.1)
        }
    };
    gabinet::employees::set_equipment(&mut tx, saved.id, &gabinet::employees::EquipmentInput { sorts: room.sorts, version }).await?;
    Ok(tx.commit().await?)
}

/// Closes a location, or all of them, for a day.
#[server(prefix = "/fn", endpoint = "gabinet/add_closure", input = Wire, output = Wire)]
pub async fn add_closure(new: ClosureInput) -> Result<Closure, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let closure = gabinet::hours::add_closure(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(closure)
}

/// Takes a closure back.
#[server(prefix = "/fn", endpoint = "gabinet/delete_closure", input = Wire, output = Wire)]
pub async fn delete_closure(id: EntityId) -> Result<(), Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    gabinet::hours::delete_closure(&mut tx, id).await?;
    Ok(tx.commit().await?)
}
