//! Visits on a real database.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result,
    id::EntityId,
    testing::{self, Clinic},
};
use services::{
    calendar::{
        ResourceKind, Status,
        generic::{self, NewGeneric},
    },
    hooks::{Bounds, Hooks, MoveTo},
    resources::{self, ResourceInput},
};

mod agreeing;
mod edges;
mod grouping;
mod holding;
mod merging;
mod move_all;
mod noting;
mod redrawing;
mod rules;
mod seating;
mod several;
mod swapping;
mod taking_back;
mod together;

use super::{ALLERGY, AvailabilityQuestion, Book, MoveVisit, Transition, availability, book, get, move_to, transition};
use crate::{
    employees::{self, EmployeeInput, EquipmentInput},
    hours::{self, LeaveInput, Weekly, WeeklyKind, WorkingHours},
    patients::{self, PatientInput},
    treatments::{self, Rules, TreatmentInput, TreatmentNeed},
};

static MODULES: [&platform::module::Module; 3] = [&platform::MODULE, &services::core::MODULE, &crate::MODULE];
static HOOKS: [&services::hooks::ModuleHooks; 1] = [&crate::HOOKS];

/// The clinic with a treatment that takes Dr Lis, a room and the laser: 60 minutes and 10 after.
struct Desk {
    clinic: Clinic,
    treatment: EntityId,
    employee: EntityId,
    patients: Vec<EntityId>,
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

async fn desk() -> Desk {
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    let clinic = testing::clinic_with(&MODULES, extensions).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let need = |kind, sort_of: &str| TreatmentNeed::throughout(kind, sort_of);
    let input = TreatmentInput {
        id: None,
        category: "Laser".into(),
        name: "Laser, legs".into(),
        duration: 60,
        buffer_before: 0,
        buffer_after: 10,
        price: 75_000,
        hue: 25,
        active: true,
        needs: vec![need(ResourceKind::Room, "room"), need(ResourceKind::Device, "laser")],
        rules: Rules::default(),
        terms: Vec::new(),
        version: 0,
    };
    let treatment = treatments::create(&mut tx, &input).await.expect("a treatment").id;
    for (kind, name, sort) in
        [(ResourceKind::Room, "Room 1", "room"), (ResourceKind::Room, "Room 2", "room"), (ResourceKind::Device, "Laser A", "laser")]
    {
        let input =
            ResourceInput { id: None, kind, name: name.into(), hue: 0, location: None, user: None, sort: 0, active: true, version: 0 };
        let made = resources::insert(&mut tx, &input).await.expect("a resource");
        employees::set_equipment(&mut tx, made.id, &EquipmentInput { sorts: vec![sort.into()], version: 1 }).await.expect("its sort");
    }
    let input = EmployeeInput {
        id: None,
        name: "Dr Lis".into(),
        position: String::new(),
        hue: 300,
        location: None,
        user: None,
        sort: 0,
        active: true,
        treatments: vec![treatment],
        contract_minutes: None,
        version: 0,
    };
    let employee = employees::create(&mut tx, &input).await.expect("a practitioner").id;
    let stretch = |weekday, kind, starts, ends| Weekly { weekday, kind, starts, ends, ..Weekly::default() };
    let weekly = (1..=7).flat_map(|day| [stretch(day, WeeklyKind::Window, 480, 960), stretch(day, WeeklyKind::Break, 720, 750)]).collect();
    hours::set(&mut tx, employee, &WorkingHours { weekly, dates: Vec::new() }).await.expect("hours");
    let mut people = Vec::new();
    for n in 0..20 {
        let input = PatientInput { given_name: format!("Anna{n}"), family_name: "Nowak".into(), ..PatientInput::default() };
        people.push(patients::create(&mut tx, &input).await.expect("a patient").id);
    }
    tx.commit().await.expect("committed");
    Desk { clinic, treatment, employee, patients: people }
}

impl Desk {
    fn visit(&self, patient: usize, start: &str) -> Book {
        Book {
            id: None,
            patient: self.patients[patient],
            treatment: self.treatment,
            employee: self.employee,
            resources: None,
            location: self.clinic.location,
            start: utc(start),
            notes: String::new(),
            overbook_reason: None,
            hold: None,
            further: Vec::new(),
            channel: Default::default(),
        }
    }

    async fn book(&self, new: &Book) -> Result<super::Appointment> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let visit = book(&mut tx, new).await?;
        tx.commit().await?;
        Ok(visit)
    }

    async fn step(&self, id: EntityId, to: Status) -> Result<super::Appointment> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let version = get(&mut tx, id).await?.version;
        let visit = transition(&mut tx, id, &Transition { version, to, reason: "asked for".into() }).await?;
        tx.commit().await?;
        Ok(visit)
    }
}

fn rules(error: Error) -> Vec<String> {
    let Error::Conflict(refusal) = error else { panic!("not a refusal: {error}") };
    refusal.reasons.iter().map(|reason| reason.rule.clone()).collect()
}

#[tokio::test]
async fn a_visit_is_booked_with_all_its_resources_and_lived_through() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    assert_eq!(visit.resources.len(), 3);
    assert_eq!(visit.status, Status::Scheduled);
    assert!(visit.number.ends_with("-2611-0001"), "{}", visit.number);
    for to in [Status::Confirmed, Status::CheckedIn, Status::InProgress, Status::Completed] {
        assert_eq!(desk.step(visit.id, to).await.expect("a step").status, to);
    }
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let details = super::details(&mut tx, visit.activity).await.expect("details");
    let verbs: Vec<&str> = details.history.iter().rev().map(|entry| entry.verb.as_str()).collect();
    assert_eq!(verbs, ["booked", "confirmed", "checked_in", "in_progress", "completed"]);
    assert!(details.checked_in_at.is_some() && details.completed_at.is_some());
}

#[tokio::test]
async fn a_completed_visit_cannot_be_cancelled_and_other_illegal_steps_are_refused() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let refused = desk.step(visit.id, Status::Completed).await.expect_err("not checked in");
    assert_eq!(refused.code(), "transition");
    for to in [Status::CheckedIn, Status::InProgress, Status::Completed] {
        desk.step(visit.id, to).await.expect("a step");
    }
    for to in [Status::Cancelled, Status::NoShow, Status::CheckedIn, Status::Confirmed] {
        assert_eq!(desk.step(visit.id, to).await.expect_err("over").code(), "transition");
    }
    // The desk may not reopen; the owner may.
    assert_eq!(desk.step(visit.id, Status::Scheduled).await.expect_err("not the desk").status(), 403);
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let version = get(&mut tx, visit.id).await.expect("there").version;
    let reopened = transition(&mut tx, visit.id, &Transition { version, to: Status::Scheduled, reason: "by mistake".into() }).await;
    assert_eq!(reopened.expect("reopened").status, Status::Scheduled);
}

#[tokio::test]
async fn a_refusal_lists_every_reason_and_the_nearest_alternatives() {
    let desk = desk().await;
    desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    // 10:00 Warsaw is taken for 70 minutes: 10:45 lies on the visit itself.
    let refused = desk.book(&desk.visit(1, "2026-11-24T09:45:00Z")).await.expect_err("taken");
    let Error::Conflict(refusal) = &refused else { panic!("{refused}") };
    assert_eq!(refusal.code, "unavailable");
    assert_eq!(refusal.alternatives.len(), 3);
    let names: Vec<&str> = refusal.reasons.iter().filter_map(|reason| reason.resource_name.as_deref()).collect();
    assert!(names.contains(&"Dr Lis") && names.contains(&"Laser A"), "{names:?}");
    for alternative in refusal.alternatives.clone() {
        let new = Book { start: alternative.start, ..desk.visit(1, "2026-11-24T09:00:00Z") };
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        book(&mut tx, &new).await.expect("an alternative can be booked");
    }
    // 08:55 is in the way by its buffer only; 11:45 runs into the break; 06:00 is before the hours.
    assert!(rules(desk.book(&desk.visit(1, "2026-11-24T07:55:00Z")).await.expect_err("buffer")).iter().all(|rule| rule == "buffer"));
    assert!(rules(desk.book(&desk.visit(1, "2026-11-24T10:45:00Z")).await.expect_err("break")).contains(&"break".to_owned()));
    assert!(rules(desk.book(&desk.visit(1, "2026-11-25T05:00:00Z")).await.expect_err("early")).contains(&"hours".to_owned()));
}

#[tokio::test]
async fn leave_and_another_products_activity_block_too() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let from_date = "2026-11-26".parse().expect("a date");
    hours::add_leave(&mut tx, desk.employee, &LeaveInput { from_date, to_date: from_date, ..LeaveInput::default() }).await.expect("leave");
    let meeting = NewGeneric {
        id: None,
        activity_type: "meeting".into(),
        title: "Team".into(),
        description: String::new(),
        location: desk.clinic.location,
        start: utc("2026-11-25T09:00:00Z"),
        end: utc("2026-11-25T10:00:00Z"),
        resources: vec![desk.employee],
        overbook_reason: None,
    };
    generic::book(&mut tx, &meeting).await.expect("a meeting");
    tx.commit().await.expect("committed");
    assert!(rules(desk.book(&desk.visit(0, "2026-11-26T09:00:00Z")).await.expect_err("away")).contains(&"leave".to_owned()));
    assert!(rules(desk.book(&desk.visit(0, "2026-11-25T09:30:00Z")).await.expect_err("in a meeting")).contains(&"busy".to_owned()));
}

#[tokio::test]
async fn a_patient_is_not_in_two_places_at_once() {
    let desk = desk().await;
    desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let again = rules(desk.book(&desk.visit(0, "2026-11-24T09:30:00Z")).await.expect_err("elsewhere"));
    assert!(again.contains(&"busy".to_owned()));
}

#[tokio::test]
async fn overbooking_needs_its_right_and_a_reason_and_is_marked() {
    let desk = desk().await;
    desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let over = Book { overbook_reason: Some("urgent".into()), ..desk.visit(1, "2026-11-24T09:00:00Z") };
    let visit = desk.book(&over).await.expect("overbooked");
    assert_eq!(visit.overbook_reason.as_deref(), Some("urgent"));
    let empty = Book { overbook_reason: Some("  ".into()), ..over };
    assert_eq!(desk.book(&empty).await.expect_err("no reason").status(), 422);
}

#[tokio::test]
async fn moving_ignores_the_visits_own_time_and_the_same_time_changes_nothing() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let to =
        |version, start: &str| MoveVisit { version, start: utc(start), end: None, employee: None, resources: None, overbook_reason: None };
    let same = move_to(&mut tx, visit.id, &to(visit.version, "2026-11-24T09:00:00Z")).await.expect("a no-op");
    assert_eq!(same.version, visit.version);
    let moved = move_to(&mut tx, visit.id, &to(visit.version, "2026-11-24T09:30:00Z")).await.expect("moved over itself");
    assert_eq!(moved.version, visit.version + 1);
    let late = move_to(&mut tx, visit.id, &to(visit.version, "2026-11-24T13:00:00Z")).await.expect_err("an old version");
    let Error::Conflict(refusal) = late else { panic!() };
    assert_eq!(refusal.code, "version");
    assert!(refusal.current.is_some());
}

#[tokio::test]
async fn the_calendars_drag_moves_a_visit_by_the_clinics_rules() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let to = |start: &str, end: &str| MoveTo {
        version: visit.version,
        start: utc(start),
        end: utc(end),
        resource_from: None,
        resource_to: None,
        overbook_reason: None,
        back: false,
    };
    let refused = services::calendar::moves::move_to(&mut tx, visit.activity, &to("2026-11-24T10:30:00Z", "2026-11-24T11:30:00Z")).await;
    assert!(rules(refused.expect_err("the break")).contains(&"break".to_owned()));
    let moved = services::calendar::moves::move_to(&mut tx, visit.activity, &to("2026-11-24T12:00:00Z", "2026-11-24T13:30:00Z")).await;
    assert_eq!((moved.expect("moved and longer").end - utc("2026-11-24T12:00:00Z")).num_minutes(), 90);
}

#[tokio::test]
async fn a_cancelled_visits_time_is_free_at_once() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    desk.step(visit.id, Status::Cancelled).await.expect("cancelled");
    desk.book(&desk.visit(1, "2026-11-24T09:00:00Z")).await.expect("free again");
}

#[tokio::test]
async fn every_offered_time_can_be_booked() {
    let desk = desk().await;
    let asked = AvailabilityQuestion {
        location: desk.clinic.location,
        treatment: desk.treatment,
        employee: None,
        patient: None,
        from: "2026-11-24".parse().expect("a date"),
        to: "2026-11-26".parse().expect("a date"),
        moving: None,
        further: Vec::new(),
        channel: Default::default(),
    };
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let offered = availability(&mut tx, &asked).await.expect("free times").available_slots;
    assert!(offered.len() > 20);
    drop(tx);
    for (n, slot) in offered.into_iter().enumerate() {
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let new = Book { start: slot.start, resources: Some(slot.resources), ..desk.visit(n % 20, "2026-11-24T09:00:00Z") };
        book(&mut tx, &new).await.expect("an offered time can be booked");
    }
}

#[tokio::test]
async fn another_tenants_visit_is_not_found() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.stranger).await;
    assert_eq!(get(&mut tx, visit.id).await.expect_err("not theirs").status(), 404);
    assert_eq!(super::details(&mut tx, visit.activity).await.expect_err("not theirs").status(), 404);
}

/// Eight clients book, move and cancel at random; afterwards nothing overlaps and what was promised is there.
#[tokio::test(flavor = "multi_thread")]
async fn random_operations_from_eight_clients_never_overlap() {
    let desk = std::sync::Arc::new(desk().await);
    let seed = std::time::UNIX_EPOCH.elapsed().map_or(1, |age| age.as_micros() as u64) | 1;
    println!("seed {seed}");
    let clients: Vec<_> = (0..8_u64)
        .map(|n| {
            let desk = desk.clone();
            tokio::spawn(async move {
                let mut state = seed.wrapping_mul(n * 2 + 1);
                let mut roll = move |sides: u64| {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    state % sides
                };
                let mut mine: Vec<EntityId> = Vec::new();
                for _ in 0..25 {
                    let start = utc("2026-11-25T07:00:00Z") + chrono::TimeDelta::minutes(i64::try_from(roll(32) * 15).expect("small"));
                    let outcome = match (roll(4), mine.last().copied()) {
                        (0, Some(id)) => desk.step(id, Status::Cancelled).await.map(|_| {
                            mine.pop();
                        }),
                        (1, Some(id)) => {
                            let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
                            let version = get(&mut tx, id).await.expect("mine").version;
                            let to = MoveVisit { version, start, end: None, employee: None, resources: None, overbook_reason: None };
                            match move_to(&mut tx, id, &to).await {
                                Ok(_) => tx.commit().await,
                                Err(error) => Err(error),
                            }
                        }
                        _ => {
                            let patient = usize::try_from(n * 2 + roll(2)).expect("small");
                            let new = Book { start, ..desk.visit(patient, "2026-11-25T07:00:00Z") };
                            desk.book(&new).await.map(|visit| mine.push(visit.id))
                        }
                    };
                    match outcome {
                        Ok(()) | Err(Error::Conflict(_) | Error::Contended | Error::Unavailable) => {}
                        Err(error) => panic!("an unexpected answer: {error}"),
                    }
                }
                mine
            })
        })
        .collect();
    let mut promised = 0;
    for client in clients {
        for id in client.await.expect("no panic") {
            let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
            assert!(get(&mut tx, id).await.expect("a promised visit is there").status.occupies());
            promised += 1;
        }
    }
    println!("{promised} visits stand");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let overlaps: i64 = sqlx::query_scalar(
        "select count(*) from resource_bookings a join resource_bookings b
           on b.organization_id = a.organization_id and b.resource_id = a.resource_id and b.activity_id > a.activity_id
          and a.starts_at < b.ends_at and b.starts_at < a.ends_at
         where a.occupies and b.occupies",
    )
    .fetch_one(tx.conn())
    .await
    .expect("the database answers");
    assert_eq!(overlaps, 0);
    // What the calendar draws beside each activity is what its bookings say.
    let strays: i64 = sqlx::query_scalar(
        "select count(*) from scheduled_activities a
         cross join lateral (
             select coalesce(array_agg(distinct b.resource_id order by b.resource_id), '{}') as resources,
                    coalesce(bool_or(b.overbooked), false) as overbooked,
                    coalesce(max(b.core_starts_at - b.starts_at), interval '0') as before,
                    coalesce(max(b.ends_at - b.core_ends_at), interval '0') as after
             from resource_bookings b where b.organization_id = a.organization_id and b.activity_id = a.id
         ) told
         where (a.resources, a.overbooked, make_interval(mins => a.buffer_before), make_interval(mins => a.buffer_after))
               is distinct from (told.resources, told.overbooked, told.before, told.after)",
    )
    .fetch_one(tx.conn())
    .await
    .expect("the database answers");
    assert_eq!(strays, 0);
}
