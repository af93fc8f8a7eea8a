//! Rota, leave, working time and re-assignment on a real database.

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Error,
    error::Refusal,
    id::{EntityId, UserId},
    testing::{self, Clinic},
};
use services::{
    calendar::{ResourceKind, slots::Rule},
    hooks::Hooks,
    resources::{self, ResourceInput},
};

mod leave;
mod resources_in_use;
mod shown;
mod time;

use super::{DraftInput, DraftStatus, NewDraft, Publish, create, discard, drafts, effects, get, publish, update, week};
use crate::{
    appointments::{self, Appointment, Book},
    employees::{self, Employee, EmployeeInput, EquipmentInput},
    hours::{self, DateHours, Weekly, WeeklyKind, WorkingHours},
    patients::{self, PatientInput},
    treatments::{self, TreatmentInput},
};

static MODULES: [&platform::module::Module; 3] = [&platform::MODULE, &services::core::MODULE, &crate::MODULE];
static HOOKS: [&services::hooks::ModuleHooks; 1] = [&crate::HOOKS];

/// The clinic on Tuesday, 24 November 2026, 8:00, with two practitioners from 8 to 16 on every date and two rooms. Jan is
/// Dr Lis.
struct Desk {
    clinic: Clinic,
    treatment: EntityId,
    lis: EntityId,
    sowa: EntityId,
    rooms: Vec<EntityId>,
    patients: Vec<EntityId>,
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn refusal(error: Error) -> Refusal {
    let Error::Conflict(refusal) = error else { panic!("not a refusal: {error}") };
    *refusal
}

fn weekly() -> Vec<Weekly> {
    let stretch = |weekday, kind, starts, ends| Weekly { weekday, kind, starts, ends, ..Weekly::default() };
    (1..=7).flat_map(|day| [stretch(day, WeeklyKind::Window, 480, 960), stretch(day, WeeklyKind::Break, 720, 750)]).collect()
}

fn practitioner(name: &str, user: Option<UserId>, treatment: EntityId) -> EmployeeInput {
    EmployeeInput {
        id: None,
        name: name.into(),
        position: String::new(),
        hue: 300,
        location: None,
        user,
        sort: 0,
        active: true,
        treatments: vec![treatment],
        contract_minutes: Some(2400),
        version: 0,
    }
}

async fn desk() -> Desk {
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    let clinic = testing::clinic_with(&MODULES, extensions).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let input = serde_json::json!({ "name": "Consultation", "duration": 60, "needs": [{ "kind": "room", "sort_of": "room" }] });
    let input: TreatmentInput = serde_json::from_value(input).expect("a treatment");
    let treatment = treatments::create(&mut tx, &input).await.expect("a treatment").id;
    let mut rooms = Vec::new();
    for name in ["Room 1", "Room 2"] {
        let kind = ResourceKind::Room;
        let input =
            ResourceInput { id: None, kind, name: name.into(), hue: 0, location: None, user: None, sort: 0, active: true, version: 0 };
        let made = resources::insert(&mut tx, &input).await.expect("a room").id;
        employees::set_equipment(&mut tx, made, &EquipmentInput { sorts: vec!["room".into()], version: 1 }).await.expect("its sort");
        rooms.push(made);
    }
    let mut staff = Vec::new();
    for (name, user) in [("Dr Lis", Some(clinic.jan.user)), ("Dr Sowa", None)] {
        let id = employees::create(&mut tx, &practitioner(name, user, treatment)).await.expect("a practitioner").id;
        hours::set(&mut tx, id, &WorkingHours { weekly: weekly(), dates: Vec::new() }).await.expect("hours");
        staff.push(id);
    }
    let mut people = Vec::new();
    for name in ["Nowak", "Lis"] {
        let input = PatientInput { given_name: "Anna".into(), family_name: name.into(), ..PatientInput::default() };
        people.push(patients::create(&mut tx, &input).await.expect("a patient").id);
    }
    tx.commit().await.expect("committed");
    Desk { clinic, treatment, lis: staff[0], sowa: staff[1], rooms, patients: people }
}

impl Desk {
    async fn book(&self, employee: EntityId, start: &str) -> Appointment {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        // Each practitioner has a patient of their own.
        let patient = self.patients[usize::from(employee == self.sowa)];
        let new = serde_json::json!({ "patient": patient, "treatment": self.treatment, "employee": employee,
            "location": self.clinic.location, "start": start });
        let new: Book = serde_json::from_value(new).expect("a booking");
        let visit = appointments::book(&mut tx, &new).await.expect("booked");
        tx.commit().await.expect("committed");
        visit
    }

    async fn employee(&self, id: EntityId) -> Employee {
        let mut tx = self.clinic.tx(&self.clinic.anna).await;
        employees::get(&mut tx, id).await.expect("a practitioner")
    }
}

fn new_draft(desk: &Desk) -> NewDraft {
    NewDraft { id: None, name: "December".into(), from_date: date("2026-12-01"), employees: vec![desk.lis, desk.sowa] }
}

/// The draft in which Dr Lis works only from ten to two.
async fn shorter(desk: &Desk) -> super::Draft {
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let draft = create(&mut tx, &new_draft(desk)).await.expect("a draft");
    let mut input = DraftInput { name: draft.name.clone(), from_date: draft.from_date, version: draft.version, hours: draft.hours };
    for planned in input.hours.iter_mut().filter(|planned| planned.employee == desk.lis) {
        planned.hours.weekly.retain(|weekly| weekly.kind == WeeklyKind::Break);
        let windows = (1..=7).map(|weekday| Weekly { weekday, starts: 600, ends: 840, ..Weekly::default() });
        planned.hours.weekly.extend(windows);
    }
    let draft = update(&mut tx, draft.id, &input).await.expect("changed");
    tx.commit().await.expect("committed");
    draft
}

#[tokio::test]
async fn a_draft_tells_which_visits_would_fall_outside_hours_and_changes_nothing_until_it_is_published() {
    let desk = desk().await;
    let early = desk.book(desk.lis, "2026-12-02T07:00:00Z").await;
    desk.book(desk.lis, "2026-12-02T09:30:00Z").await;
    desk.book(desk.lis, "2026-11-30T07:00:00Z").await;
    desk.book(desk.sowa, "2026-12-02T07:00:00Z").await;
    let draft = shorter(&desk).await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let told = effects(&mut tx, draft.id).await.expect("effects");
    assert_eq!(told.visits.len(), 1, "only the visit of Dr Lis before ten, in December: {told:?}");
    let visit = &told.visits[0];
    assert_eq!((visit.visit, visit.rules.as_slice()), (early.id, [Rule::Hours].as_slice()));
    assert_eq!((visit.patient_name.as_deref(), visit.employee_name.as_str()), (Some("Anna Nowak"), "Dr Lis"));
    assert_eq!(visit.wall.to_string(), "2026-12-02 08:00:00");
    let lis = told.minutes.iter().find(|difference| difference.employee == desk.lis).expect("Dr Lis");
    assert_eq!((lis.gained, lis.lost), (0, 28 * 240));
    assert_eq!(hours::get(&mut tx, desk.lis).await.expect("hours").on(date("2026-12-02"), 1).windows, [(480, 960)]);
    let publishing = Publish { version: draft.version, affected: Some(1) };
    assert_eq!(publish(&mut tx, draft.id, &publishing).await.expect("published").status, DraftStatus::Published);
    let now = hours::get(&mut tx, desk.lis).await.expect("hours");
    assert_eq!(now.on(date("2026-11-30"), 1).windows, [(480, 960)], "what was before stays");
    assert_eq!(now.on(date("2026-12-01"), 1).windows, [(600, 840)]);
    assert_eq!(now.on(date("2026-12-01"), 1).breaks, [(720, 750)]);
    let sowa = hours::get(&mut tx, desk.sowa).await.expect("hours");
    assert_eq!(sowa, WorkingHours { weekly: weekly(), dates: Vec::new() }, "what was not changed is not written anew");
    assert!(drafts(&mut tx).await.expect("drafts").is_empty());
    let again = Publish { version: draft.version + 1, affected: None };
    assert_eq!(refusal(publish(&mut tx, draft.id, &again).await.unwrap_err()).code, "transition");
}

#[tokio::test]
async fn a_draft_is_not_published_over_hours_that_somebody_has_changed_since() {
    let desk = desk().await;
    let draft = shorter(&desk).await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let dated = DateHours { date: date("2026-12-24"), windows: vec![(480, 720)], location: None };
    hours::set_date(&mut tx, desk.sowa, &dated).await.expect("a date");
    assert_eq!(effects(&mut tx, draft.id).await.expect("effects").outdated, [desk.sowa]);
    let refused = refusal(publish(&mut tx, draft.id, &Publish { version: draft.version, affected: None }).await.unwrap_err());
    assert_eq!(refused.code, "version");
    assert_eq!(hours::get(&mut tx, desk.lis).await.expect("hours").on(date("2026-12-02"), 1).windows, [(480, 960)], "nobody's");
    discard(&mut tx, draft.id).await.expect("discarded");
    assert_eq!(get(&mut tx, draft.id).await.expect("a draft").status, DraftStatus::Discarded);
}

#[tokio::test]
async fn a_draft_is_not_published_when_more_visits_would_fall_outside_than_were_shown() {
    let desk = desk().await;
    let draft = shorter(&desk).await;
    desk.book(desk.lis, "2026-12-03T07:00:00Z").await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let refused = refusal(publish(&mut tx, draft.id, &Publish { version: draft.version, affected: Some(0) }).await.unwrap_err());
    assert_eq!(refused.code, "version");
    assert_eq!(refused.current.expect("the effects")["visits"].as_array().map(Vec::len), Some(1));
    publish(&mut tx, draft.id, &Publish { version: draft.version, affected: Some(1) }).await.expect("published");
}

#[tokio::test]
async fn the_second_of_two_changes_of_a_draft_is_told_of_the_first() {
    let desk = desk().await;
    let draft = shorter(&desk).await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let input = DraftInput { name: "Other".into(), from_date: draft.from_date, version: draft.version - 1, hours: draft.hours };
    assert_eq!(refusal(update(&mut tx, draft.id, &input).await.unwrap_err()).code, "version");
}

#[tokio::test]
async fn who_works_elsewhere_on_a_weekday_is_there_and_not_here() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let details: platform::locations::LocationDetails =
        serde_json::from_value(serde_json::json!({ "name": "Mokotów", "zone": "Europe/Warsaw" })).expect("details");
    let other = platform::locations::insert(&mut tx, &details).await.expect("a location").id;
    let here = desk.clinic.location;
    let at = |weekday, place| Weekly { weekday, starts: 480, ends: 960, location: Some(place), ..Weekly::default() };
    let set = WorkingHours { weekly: vec![at(1, here), at(2, other)], dates: Vec::new() };
    hours::set(&mut tx, desk.lis, &set).await.expect("hours at two places");
    let (monday, wednesday) = (date("2026-11-30"), date("2026-12-02"));
    for (place, worked) in [(here, [true, false]), (other, [false, true])] {
        let rota = week(&mut tx, place, monday, wednesday).await.expect("a rota");
        let row = rota.rows.iter().find(|row| row.employee == desk.lis).expect("Dr Lis");
        assert_eq!(row.days.iter().map(|day| !day.windows.is_empty()).collect::<Vec<_>>(), worked);
        assert_eq!(row.minutes, 480);
    }
    // Somebody with a place of their own is nowhere else.
    let sowa = desk.employee(desk.sowa).await;
    let input = EmployeeInput { location: Some(here), version: sowa.version, ..practitioner("Dr Sowa", None, desk.treatment) };
    employees::update(&mut tx, desk.sowa, &input).await.expect("a place");
    assert_eq!(hours::set(&mut tx, desk.sowa, &set).await.unwrap_err().status(), 422);
}
