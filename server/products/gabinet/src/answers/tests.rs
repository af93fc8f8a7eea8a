//! Answers on a real database.

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Error, Result,
    id::EntityId,
    testing::{self, Clinic},
};
use services::{
    calendar::ResourceKind,
    hooks::Hooks,
    resources::{self, ResourceInput},
};

use super::{
    best::{self, Merit},
    reseat::{self, Proposal, ReseatApply, ReseatAsked, ReseatUndo, Reseated},
    why_not::{self, Fix, WhyNotAsked},
};
use crate::{
    appointments::{self, Appointment, AvailabilityQuestion, Book},
    employees::{self, EmployeeInput, EquipmentInput},
    hours::{self, Weekly, WeeklyKind, WorkingHours},
    patients::{self, PatientInput},
    treatments::{self, Rules, TreatmentInput, TreatmentNeed},
};

mod earliest;
mod patient;

static MODULES: [&platform::module::Module; 3] = [&platform::MODULE, &services::core::MODULE, &crate::MODULE];
static HOOKS: [&services::hooks::ModuleHooks; 1] = [&crate::HOOKS];

/// A clinic with two practitioners from 8 to 16 of Warsaw, two rooms, and a treatment of 30 minutes and 10 after.
struct Desk {
    clinic: Clinic,
    treatment: EntityId,
    lis: EntityId,
    kania: EntityId,
    rooms: Vec<EntityId>,
    patients: Vec<EntityId>,
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn tuesday() -> NaiveDate {
    "2026-11-24".parse().expect("a date")
}

async fn desk() -> Desk {
    desk_by(Rules::default()).await
}

async fn desk_by(rules: Rules) -> Desk {
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    let clinic = testing::clinic_with(&MODULES, extensions).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let input = TreatmentInput {
        id: None,
        category: String::new(),
        name: "Consultation".into(),
        duration: 30,
        buffer_before: 0,
        buffer_after: 10,
        price: 20_000,
        hue: 25,
        active: true,
        needs: vec![TreatmentNeed::throughout(ResourceKind::Room, "room")],
        rules,
        terms: Vec::new(),
        version: 0,
    };
    let treatment = treatments::create(&mut tx, &input).await.expect("a treatment").id;
    let mut rooms = Vec::new();
    for name in ["Room 1", "Room 2"] {
        let input = ResourceInput {
            id: None,
            kind: ResourceKind::Room,
            name: name.into(),
            hue: 0,
            location: None,
            user: None,
            sort: 0,
            active: true,
            version: 0,
        };
        let made = resources::insert(&mut tx, &input).await.expect("a resource");
        employees::set_equipment(&mut tx, made.id, &EquipmentInput { sorts: vec!["room".into()], version: 1 }).await.expect("its sort");
        rooms.push(made.id);
    }
    let mut people = Vec::new();
    for name in ["Dr Lis", "Dr Kania"] {
        let input = EmployeeInput {
            id: None,
            name: name.into(),
            position: String::new(),
            hue: 300,
            location: None,
            user: None,
            sort: 0,
            active: true,
            contract_minutes: None,
            treatments: vec![treatment],
            version: 0,
        };
        let id = employees::create(&mut tx, &input).await.expect("a practitioner").id;
        let stretch = |weekday, kind, starts, ends| Weekly { weekday, kind, starts, ends, ..Weekly::default() };
        let weekly = (1..=7).flat_map(|day| [stretch(day, WeeklyKind::Window, 480, 960), stretch(day, WeeklyKind::Break, 720, 750)]);
        hours::set(&mut tx, id, &WorkingHours { weekly: weekly.collect(), dates: Vec::new() }).await.expect("hours");
        people.push(id);
    }
    let mut patients = Vec::new();
    for n in 0..12 {
        let input = PatientInput { given_name: format!("Anna{n}"), family_name: "Nowak".into(), ..PatientInput::default() };
        patients.push(patients::create(&mut tx, &input).await.expect("a patient").id);
    }
    tx.commit().await.expect("committed");
    Desk { clinic, treatment, lis: people[0], kania: people[1], rooms, patients }
}

impl Desk {
    fn visit(&self, patient: usize, employee: EntityId, start: &str) -> Book {
        Book {
            id: None,
            patient: self.patients[patient],
            treatment: self.treatment,
            employee,
            resources: None,
            location: self.clinic.location,
            start: utc(start),
            ..serde_json::from_value(serde_json::json!({
                "patient": self.patients[patient], "treatment": self.treatment, "employee": employee,
                "location": self.clinic.location, "start": start,
            }))
            .expect("a booking")
        }
    }

    async fn book(&self, patient: usize, employee: EntityId, start: &str) -> Appointment {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let visit = appointments::book(&mut tx, &self.visit(patient, employee, start)).await.expect("booked");
        tx.commit().await.expect("committed");
        visit
    }

    /// Dr Lis at 9, 10 and 11, and Dr Kania at 10: in UTC, an hour behind Warsaw.
    async fn morning(&self) -> [Appointment; 4] {
        [
            self.book(0, self.lis, "2026-11-24T08:00:00Z").await,
            self.book(1, self.lis, "2026-11-24T09:00:00Z").await,
            self.book(2, self.lis, "2026-11-24T10:00:00Z").await,
            self.book(3, self.kania, "2026-11-24T09:00:00Z").await,
        ]
    }

    fn asked(&self) -> ReseatAsked {
        ReseatAsked { employee_id: self.lis, from_date: tuesday(), to_date: tuesday(), skip: Vec::new() }
    }

    async fn proposal(&self, asked: &ReseatAsked) -> Proposal {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        reseat::proposal(&mut tx, asked).await.expect("a proposal")
    }

    async fn apply(&self, asked: &ReseatAsked, token: &str, leave: bool) -> Result<Reseated> {
        let ReseatAsked { employee_id, from_date, to_date, skip } = asked.clone();
        let seen = ReseatApply { employee_id, from_date, to_date, skip, token: token.into(), leave_reason: leave.then(String::new) };
        // Leave is for those who plan it.
        let mut tx = self.clinic.tx(&self.clinic.anna).await;
        let done = reseat::apply(&mut tx, &seen).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn undo(&self, reseat_id: EntityId) -> Result<Reseated> {
        let mut tx = self.clinic.tx(&self.clinic.anna).await;
        let done = reseat::undo(&mut tx, &ReseatUndo { reseat_id }).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn get(&self, id: EntityId) -> Appointment {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        appointments::get(&mut tx, id).await.expect("there")
    }

    /// All that is booked, as it lies in the table.
    async fn bookings(&self) -> Vec<(EntityId, EntityId, DateTime<Utc>, DateTime<Utc>, bool)> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        sqlx::query_as(
            "select activity_id, resource_id, starts_at, ends_at, occupies from resource_bookings where organization_id = $1
             order by activity_id, resource_id, starts_at",
        )
        .bind(self.clinic.organization)
        .fetch_all(tx.conn())
        .await
        .expect("rows")
    }
}

#[tokio::test]
async fn a_day_is_given_away_whole_and_taken_back_whole() {
    let desk = desk().await;
    let visits = desk.morning().await;
    let before = desk.bookings().await;
    let asked = desk.asked();
    let proposal = desk.proposal(&asked).await;
    assert_eq!((proposal.moves.len(), proposal.unplaced.len(), proposal.others), (3, 0, 0));
    assert!(proposal.moves.iter().all(|found| found.employee == desk.kania && found.employee_name == "Dr Kania"));
    let same = proposal.moves.iter().filter(|found| found.start == found.before.start).count();
    // At 10 Dr Kania has a visit of her own.
    assert_eq!(same, 2);
    assert_eq!(desk.bookings().await, before, "a proposal changes nothing");

    let done = desk.apply(&asked, &proposal.token, true).await.expect("applied");
    assert_eq!((done.moved, done.leave), (3, true));
    for found in &proposal.moves {
        let now = desk.get(found.before.visit).await;
        assert_eq!((now.start, now.end, now.employee), (found.start, found.end, desk.kania));
    }
    assert!(desk.bookings().await.iter().all(|row| row.1 != desk.lis), "Dr Lis is free all day");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert_eq!(hours::leave(&mut tx, Some(desk.lis), tuesday()).await.expect("leave").len(), 1);
    drop(tx);
    // Whoever applies the same again finds nothing left to move in the way it was proposed.
    assert_eq!(desk.apply(&asked, &proposal.token, false).await.expect_err("over").code(), "version");

    desk.undo(done.id).await.expect("undone");
    assert_eq!(desk.bookings().await, before, "the rows are as they were");
    for visit in &visits {
        let now = desk.get(visit.id).await;
        assert_eq!((now.start, now.employee, now.resources), (visit.start, visit.employee, visit.resources.clone()));
    }
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert!(hours::leave(&mut tx, Some(desk.lis), tuesday()).await.expect("leave").is_empty());
    let log = platform::actions::timeline(&mut tx, desk.lis, 10).await.expect("a log");
    let verbs: Vec<&str> = log.iter().map(|row| row.verb.as_str()).collect();
    assert!(verbs.contains(&"reseated") && verbs.contains(&"reseat_undone"), "{verbs:?}");
    drop(tx);
    // A second time changes nothing.
    desk.undo(done.id).await.expect("undone already");
    assert_eq!(desk.bookings().await, before);
}

#[tokio::test]
async fn whoever_books_meanwhile_makes_it_another_proposal() {
    let desk = desk().await;
    desk.morning().await;
    let asked = desk.asked();
    let seen = desk.proposal(&asked).await;
    desk.book(4, desk.kania, "2026-11-24T08:00:00Z").await;
    let before = desk.bookings().await;
    let Error::Conflict(refusal) = desk.apply(&asked, &seen.token, false).await.expect_err("another by now") else { panic!("no refusal") };
    assert_eq!(refusal.code, "version");
    assert_eq!(desk.bookings().await, before, "nothing was moved");
    let now: Proposal = serde_json::from_value(refusal.current.expect("the new proposal")).expect("a proposal");
    assert_ne!(now.token, seen.token);
    desk.apply(&asked, &now.token, false).await.expect("applied");
}

#[tokio::test]
async fn what_stays_where_it_is_keeps_its_room_and_the_rest_is_placed_around_it() {
    let desk = desk().await;
    let visits = desk.morning().await;
    let asked = ReseatAsked { skip: vec![visits[0].id], ..desk.asked() };
    let proposal = desk.proposal(&asked).await;
    assert_eq!((proposal.moves.len(), proposal.skipped.len()), (2, 1));
    desk.apply(&asked, &proposal.token, false).await.expect("applied");
    assert_eq!(desk.get(visits[0].id).await.employee, desk.lis);
}

#[tokio::test]
async fn what_cannot_go_back_is_told_and_nothing_goes_back() {
    let desk = desk().await;
    let visits = desk.morning().await;
    let asked = desk.asked();
    let proposal = desk.proposal(&asked).await;
    let done = desk.apply(&asked, &proposal.token, false).await.expect("applied");
    // Dr Lis is well again, and at 9 somebody else has come.
    desk.book(5, desk.lis, "2026-11-24T08:15:00Z").await;
    let before = desk.bookings().await;
    let Error::Conflict(refusal) = desk.undo(done.id).await.expect_err("taken") else { panic!("no refusal") };
    assert_eq!(refusal.code, "unavailable");
    assert!(refusal.reasons.iter().any(|reason| reason.resource_name.as_deref() == Some("Dr Lis")), "{:?}", refusal.reasons);
    assert_eq!(desk.bookings().await, before);
    assert_eq!(desk.get(visits[0].id).await.employee, desk.kania);
}

#[tokio::test]
async fn a_visit_that_nobody_else_can_take_stays_with_its_reasons() {
    let desk = desk().await;
    desk.morning().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let leave = hours::LeaveInput { from_date: tuesday(), to_date: tuesday(), ..hours::LeaveInput::default() };
    hours::add_leave(&mut tx, desk.kania, &leave).await.expect("leave");
    tx.commit().await.expect("committed");
    let proposal = desk.proposal(&desk.asked()).await;
    assert_eq!((proposal.moves.len(), proposal.unplaced.len()), (0, 3));
    for unplaced in &proposal.unplaced {
        assert!(unplaced.reasons.iter().any(|reason| reason.rule == "leave" && reason.resource == Some(desk.kania)), "{unplaced:?}");
    }
}

#[tokio::test]
async fn why_not_tells_everything_in_the_way_and_its_fixes_can_be_booked() {
    let desk = desk().await;
    desk.morning().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    // 9:15 of Warsaw lies on the visit of 9.
    let asked = WhyNotAsked {
        location: desk.clinic.location,
        treatment: desk.treatment,
        employee: Some(desk.lis),
        patient: None,
        start: utc("2026-11-24T08:15:00Z"),
        moving: None,
        further: Vec::new(),
    };
    let answer = why_not::why_not(&mut tx, &asked).await.expect("an answer");
    assert!(answer.free.is_none());
    let busy = answer.obstacles.iter().find(|obstacle| obstacle.resource == Some(desk.lis)).expect("Dr Lis is busy");
    assert_eq!(busy.resource_name.as_deref(), Some("Dr Lis"));
    let colleague = busy.fixes.iter().find_map(|fix| if let Fix::Colleague(instead) = fix { Some(instead) } else { None });
    assert_eq!(colleague.map(|instead| instead.id), Some(desk.kania));
    drop(tx);
    let mut tried = 0;
    for fix in answer.obstacles.iter().flat_map(|obstacle| &obstacle.fixes) {
        let slot = match fix {
            Fix::Colleague(instead) | Fix::OtherPlace(instead) => instead.slot.clone(),
            Fix::OtherTime(slot) => Some(slot.clone()),
            _ => None,
        };
        if let Some(slot) = slot {
            let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
            let new =
                Book { start: slot.start, resources: Some(slot.resources), ..desk.visit(6, slot.employee_id, "2026-11-24T08:15:00Z") };
            appointments::book(&mut tx, &new).await.expect("a fix can be booked");
            tried += 1;
        }
    }
    assert!(tried >= 2);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let lunch = why_not::why_not(&mut tx, &WhyNotAsked { start: utc("2026-11-24T10:45:00Z"), ..asked.clone() }).await.expect("an answer");
    assert!(lunch.obstacles.iter().flat_map(|obstacle| &obstacle.fixes).any(|fix| matches!(fix, Fix::ShortenBreak(_))), "{lunch:?}");
    let free = why_not::why_not(&mut tx, &WhyNotAsked { start: utc("2026-11-24T12:00:00Z"), ..asked }).await.expect("an answer");
    assert!(free.free.is_some() && free.obstacles.is_empty());
}

#[tokio::test]
async fn the_best_times_can_be_booked_and_say_why_they_are() {
    let desk = desk().await;
    desk.morning().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let asked = AvailabilityQuestion {
        location: desk.clinic.location,
        treatment: desk.treatment,
        employee: None,
        patient: Some(desk.patients[7]),
        from: tuesday(),
        to: "2026-11-27".parse().expect("a date"),
        moving: None,
        further: Vec::new(),
        channel: Default::default(),
    };
    let found = best::best(&mut tx, &asked).await.expect("times").times;
    assert!(found.len() > 3);
    assert!(found.is_sorted_by(|one, next| one.score >= next.score), "the best comes first");
    assert!(found.iter().all(|best| best.score == best.merits.iter().map(|scored| scored.points).sum::<i32>()));
    assert!(found.iter().any(|best| best.merits.iter().any(|scored| matches!(scored.merit, Merit::Adjoins | Merit::FillsGap))));
    drop(tx);
    for best in found {
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let new = Book {
            start: best.slot.start,
            resources: Some(best.slot.resources),
            ..desk.visit(7, best.slot.employee_id, "2026-11-24T08:15:00Z")
        };
        appointments::book(&mut tx, &new).await.expect("it can be booked");
    }
    assert_eq!(desk.rooms.len(), 2);
}

#[tokio::test]
async fn a_session_goes_to_a_colleague_with_all_its_patients() {
    let desk = desk_by(Rules { seats: 3, ..Rules::default() }).await;
    let first = desk.book(0, desk.lis, "2026-11-24T08:00:00Z").await;
    let second = desk.book(1, desk.lis, "2026-11-24T08:00:00Z").await;
    assert_eq!(first.activity, second.activity, "one session");
    let before = desk.bookings().await;
    let asked = desk.asked();
    let proposal = desk.proposal(&asked).await;
    assert_eq!((proposal.moves.len(), proposal.unplaced.len()), (1, 0));
    let name = &proposal.moves[0].before.patient_name;
    assert!(name.contains("Anna0") && name.contains("Anna1"), "{name}");
    let done = desk.apply(&asked, &proposal.token, false).await.expect("applied");
    for visit in [&first, &second] {
        let now = desk.get(visit.id).await;
        assert_eq!((now.employee, now.start, now.activity), (desk.kania, visit.start, visit.activity));
    }
    desk.undo(done.id).await.expect("undone");
    assert_eq!(desk.bookings().await, before);
    assert_eq!(desk.get(second.id).await.employee, desk.lis);
}
