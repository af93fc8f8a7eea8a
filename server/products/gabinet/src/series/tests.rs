//! Series on a real database.

use chrono::{DateTime, NaiveDateTime, Utc};
use platform::{
    Error, Result,
    id::EntityId,
    testing::{self, Clinic},
};
use services::{
    calendar::{ResourceKind, Status},
    hooks::Hooks,
    resources::{self, ResourceInput},
};

use super::{NewSeries, Pick, Scope, Series, SeriesChange, change, create, get, preview, preview_change};
use crate::{
    appointments::{self, Book, MoveVisit, Transition},
    employees::{self, EmployeeInput, EquipmentInput},
    hours::{self, Weekly, WeeklyKind, WorkingHours},
    patients::{self, PatientInput},
    treatments::{self, Rules, TreatmentInput, TreatmentNeed},
};

static MODULES: [&platform::module::Module; 3] = [&platform::MODULE, &services::core::MODULE, &crate::MODULE];
static HOOKS: [&services::hooks::ModuleHooks; 1] = [&crate::HOOKS];

/// The clinic with a treatment of 60 minutes that takes a practitioner and the one room; Dr Lis and Dr Sowa give it.
pub(crate) struct Desk {
    pub clinic: Clinic,
    pub treatment: EntityId,
    pub lis: EntityId,
    pub sowa: EntityId,
    pub patients: Vec<EntityId>,
}

pub(crate) fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn wall(text: &str) -> NaiveDateTime {
    text.parse().expect("a reading")
}

pub(crate) async fn desk(rules: Rules) -> Desk {
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    let clinic = testing::clinic_with(&MODULES, extensions).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let input = TreatmentInput {
        id: None,
        category: "Laser".into(),
        name: "Laser, legs".into(),
        duration: 60,
        buffer_before: 0,
        buffer_after: 0,
        price: 75_000,
        hue: 25,
        active: true,
        needs: vec![TreatmentNeed::throughout(ResourceKind::Room, "room")],
        rules,
        terms: Vec::new(),
        version: 0,
    };
    let treatment = treatments::create(&mut tx, &input).await.expect("a treatment").id;
    let room = ResourceInput {
        id: None,
        kind: ResourceKind::Room,
        name: "Room 1".into(),
        hue: 0,
        location: None,
        user: None,
        sort: 0,
        active: true,
        version: 0,
    };
    let room = resources::insert(&mut tx, &room).await.expect("a room");
    employees::set_equipment(&mut tx, room.id, &EquipmentInput { sorts: vec!["room".into()], version: 1 }).await.expect("its sort");
    let mut staff = Vec::new();
    for name in ["Dr Lis", "Dr Sowa"] {
        let input = EmployeeInput {
            id: None,
            name: name.into(),
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
        let weekly =
            (1..=7).map(|weekday| Weekly { weekday, kind: WeeklyKind::Window, starts: 480, ends: 1080, ..Weekly::default() }).collect();
        hours::set(&mut tx, employee, &WorkingHours { weekly, dates: Vec::new() }).await.expect("hours");
        staff.push(employee);
    }
    let mut people = Vec::new();
    for n in 0..12 {
        let input = PatientInput { given_name: format!("Anna{n}"), family_name: "Nowak".into(), ..PatientInput::default() };
        people.push(patients::create(&mut tx, &input).await.expect("a patient").id);
    }
    tx.commit().await.expect("committed");
    Desk { clinic, treatment, lis: staff[0], sowa: staff[1], patients: people }
}

impl Desk {
    pub fn visit(&self, patient: usize, start: &str) -> Book {
        Book {
            id: None,
            patient: self.patients[patient],
            treatment: self.treatment,
            employee: self.lis,
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

    pub async fn book(&self, new: &Book) -> Result<appointments::Appointment> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let visit = appointments::book(&mut tx, new).await?;
        tx.commit().await?;
        Ok(visit)
    }

    pub async fn step(&self, id: EntityId, to: Status) -> Result<()> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let version = appointments::get(&mut tx, id).await?.version;
        appointments::transition(&mut tx, id, &Transition { version, to, reason: "asked for".into() }).await?;
        tx.commit().await
    }

    /// A practitioner who gives nothing.
    async fn nobody(&self, tx: &mut platform::Tx) -> EntityId {
        let lis = employees::get(tx, self.lis).await.expect("there");
        let mut anna = self.clinic.tx(&self.clinic.anna).await;
        let input = EmployeeInput {
            id: None,
            name: "Dr Nobody".into(),
            position: String::new(),
            hue: 1,
            location: lis.location,
            user: None,
            sort: 9,
            active: true,
            treatments: Vec::new(),
            contract_minutes: None,
            version: 0,
        };
        let made = employees::create(&mut anna, &input).await.expect("a practitioner").id;
        anna.commit().await.expect("committed");
        made
    }

    fn weekly(&self, patient: usize) -> NewSeries {
        NewSeries {
            id: None,
            patient: self.patients[patient],
            treatment: self.treatment,
            employee: self.lis,
            location: self.clinic.location,
            start: wall("2026-11-30T10:00:00"),
            rules: vec!["FREQ=WEEKLY;COUNT=4".into()],
            picks: Vec::new(),
            notes: String::new(),
            further: Vec::new(),
        }
    }

    async fn create(&self, new: &NewSeries) -> Result<Series> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let series = create(&mut tx, new).await?;
        tx.commit().await?;
        Ok(series)
    }

    async fn change(&self, series: &Series, what: SeriesChange) -> Result<Series> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let changed = change(&mut tx, series.id, &what).await?;
        tx.commit().await?;
        Ok(changed)
    }
}

fn shift(series: &Series, scope: Scope, nth: i32, minutes: i32) -> SeriesChange {
    SeriesChange { version: series.version, scope, nth, shift_minutes: minutes, employee: None, cancel_reason: None, picks: Vec::new() }
}

fn starts(series: &Series) -> Vec<String> {
    series.visits.iter().map(|visit| visit.start.map(|start| start.format("%m-%d %H:%M").to_string()).unwrap_or_default()).collect()
}

#[tokio::test]
async fn a_mixed_plan_is_booked_whole_by_the_clock_on_the_wall() {
    let desk = desk(Rules::default()).await;
    let new = NewSeries {
        start: wall("2027-03-15T10:00:00"),
        rules: vec!["FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=6".into(), "FREQ=WEEKLY;COUNT=2".into()],
        ..desk.weekly(0)
    };
    let series = desk.create(&new).await.expect("booked");
    // Poland puts its clocks forward on 28 March.
    let expected = ["03-15 09:00", "03-17 09:00", "03-19 09:00", "03-22 09:00", "03-24 09:00", "03-26 09:00", "03-29 08:00", "04-05 08:00"];
    assert_eq!(starts(&series), expected);
    assert!(series.visits.iter().all(|visit| !visit.exception && visit.status == Some(Status::Scheduled)));
    // The same id again is the same series.
    let again = desk.create(&NewSeries { id: Some(series.id), ..new }).await.expect("there already");
    assert_eq!(again, series);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let found = super::of_visit(&mut tx, series.visits[3].activity.expect("booked")).await.expect("asked");
    assert_eq!(found.map(|found| found.id), Some(series.id));
}

#[tokio::test]
async fn a_preview_tells_reasons_and_alternatives_and_a_conflict_books_nothing() {
    let desk = desk(Rules::default()).await;
    desk.book(&desk.visit(1, "2026-12-07T09:00:00Z")).await.expect("in the way");
    let new = desk.weekly(0);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let seen = preview(&mut tx, &new.asked()).await.expect("a preview");
    tx.commit().await.expect("nothing to commit");
    assert_eq!((seen.occurrences.len(), seen.conflicts), (4, 1));
    let conflict = &seen.occurrences[1];
    let names: Vec<&str> = conflict.reasons.iter().filter_map(|reason| reason.resource_name.as_deref()).collect();
    assert!(names.contains(&"Dr Lis") && names.contains(&"Room 1"), "{names:?}");
    assert_eq!(conflict.alternatives.len(), 3);
    let refused = desk.create(&new).await.expect_err("not all is free");
    let Error::Conflict(refusal) = refused else { panic!("{refused}") };
    assert_eq!((refusal.code.as_str(), refusal.current.is_some()), ("unavailable", true));
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let page = platform::rest::PageQuery::default();
    let there = appointments::list(&mut tx, utc("2026-11-29T00:00:00Z"), utc("2027-01-30T00:00:00Z"), None, &page).await.expect("a list");
    assert_eq!(there.items.len(), 1, "nothing was booked");
    drop(tx);
    // With an alternative for the second and without the last it can be had.
    let picks = vec![Pick { nth: 2, start: Some(conflict.alternatives[0].start) }, Pick { nth: 4, start: None }];
    let series = desk.create(&NewSeries { picks, ..new }).await.expect("booked");
    let exceptions: Vec<bool> = series.visits.iter().map(|visit| visit.exception).collect();
    assert_eq!(exceptions, [false, true, false, true]);
    assert_eq!(series.visits[3].visit, None);
}

#[tokio::test]
async fn occurrences_of_a_plan_count_against_each_other() {
    let desk = desk(Rules { per_week: Some(2), ..Rules::default() }).await;
    let new = NewSeries { rules: vec!["FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=6".into()], ..desk.weekly(0) };
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let seen = preview(&mut tx, &new.asked()).await.expect("a preview");
    let limited: Vec<i32> =
        seen.occurrences.iter().filter(|one| one.reasons.iter().any(|reason| reason.rule == "limit")).map(|one| one.nth).collect();
    assert_eq!(limited, [3, 6]);
}

#[tokio::test]
async fn exceptions_stay_when_the_series_moves() {
    let desk = desk(Rules::default()).await;
    let series = desk.create(&desk.weekly(0)).await.expect("booked");
    // The second is moved by hand, the third cancelled.
    let second = series.visits[1].visit.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let to =
        MoveVisit { version: 1, start: utc("2026-12-08T11:00:00Z"), end: None, employee: None, resources: None, overbook_reason: None };
    appointments::move_to(&mut tx, second, &to).await.expect("moved");
    tx.commit().await.expect("committed");
    desk.step(series.visits[2].visit.expect("booked"), Status::Cancelled).await.expect("cancelled");
    let moved = desk.change(&series, shift(&series, Scope::All, 1, 60)).await.expect("moved");
    assert_eq!(starts(&moved), ["11-30 10:00", "12-08 11:00", "12-14 09:00", "12-21 10:00"]);
    let later = desk.change(&moved, shift(&moved, Scope::Following, 4, 1440)).await.expect("moved");
    assert_eq!(starts(&later), ["11-30 10:00", "12-08 11:00", "12-14 09:00", "12-22 10:00"]);
    assert_eq!(later.visits.iter().map(|visit| visit.exception).collect::<Vec<_>>(), [false, true, true, false]);
    // The named one alone becomes an exception, even of the exceptions.
    let single = desk.change(&later, shift(&later, Scope::This, 2, 30)).await.expect("moved");
    assert_eq!(starts(&single)[1], "12-08 11:30");
    let stale = desk.change(&series, shift(&series, Scope::All, 1, 60)).await.expect_err("an old version");
    assert_eq!(stale.code(), "version");
}

#[tokio::test]
async fn a_daily_series_can_move_onto_its_own_places() {
    let desk = desk(Rules::default()).await;
    let daily = NewSeries { rules: vec!["FREQ=DAILY;COUNT=5".into()], ..desk.weekly(0) };
    let series = desk.create(&daily).await.expect("booked");
    let later = desk.change(&series, shift(&series, Scope::All, 1, 1440)).await.expect("a day later");
    assert_eq!(starts(&later), ["12-01 09:00", "12-02 09:00", "12-03 09:00", "12-04 09:00", "12-05 09:00"]);
    let back = desk.change(&later, shift(&later, Scope::All, 1, -1440)).await.expect("back again");
    assert_eq!(starts(&back), starts(&series));
}

#[tokio::test]
async fn a_change_onto_what_is_taken_is_refused_whole_with_its_preview() {
    let desk = desk(Rules::default()).await;
    let series = desk.create(&desk.weekly(0)).await.expect("booked");
    desk.book(&desk.visit(1, "2026-12-14T10:00:00Z")).await.expect("in the way");
    let what = shift(&series, Scope::Following, 2, 60);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let seen = preview_change(&mut tx, series.id, &what).await.expect("a preview");
    assert_eq!((seen.occurrences.len(), seen.conflicts), (3, 1));
    drop(tx);
    assert_eq!(desk.change(&series, what.clone()).await.expect_err("taken").code(), "unavailable");
    // The one that can't be moved stays as it is, and the others go.
    let moved = desk.change(&series, SeriesChange { picks: vec![Pick { nth: 3, start: None }], ..what }).await.expect("moved");
    assert_eq!(starts(&moved), ["11-30 09:00", "12-07 10:00", "12-14 09:00", "12-21 10:00"]);
    assert!(moved.visits[2].exception);
}

#[tokio::test]
async fn the_rest_of_a_series_goes_to_a_colleague_or_is_cancelled() {
    let desk = desk(Rules::default()).await;
    let series = desk.create(&desk.weekly(0)).await.expect("booked");
    let what = SeriesChange { employee: Some(desk.sowa), ..shift(&series, Scope::Following, 3, 0) };
    let given = desk.change(&series, what).await.expect("given away");
    let names: Vec<&str> = given.visits.iter().map(|visit| visit.employee_name.as_str()).collect();
    assert_eq!(names, ["Dr Lis", "Dr Lis", "Dr Sowa", "Dr Sowa"]);
    assert!(given.visits.iter().all(|visit| !visit.exception));
    let what = SeriesChange { cancel_reason: Some("moved away".into()), ..shift(&given, Scope::All, 1, 0) };
    let over = desk.change(&given, what).await.expect("cancelled");
    assert!(over.visits.iter().all(|visit| visit.status == Some(Status::Cancelled)));
    // Their time is free at once.
    desk.create(&desk.weekly(1)).await.expect("booked by another");
}

#[tokio::test]
async fn what_was_booked_as_one_is_cancelled_as_one_with_what_was_picked_elsewhere() {
    let desk = desk(Rules::default()).await;
    let picks = vec![Pick { nth: 2, start: Some(utc("2026-12-08T11:00:00Z")) }];
    let series = desk.create(&NewSeries { picks, ..desk.weekly(0) }).await.expect("booked");
    assert!(series.visits[1].exception);
    let cancel = |scope| SeriesChange { cancel_reason: Some("a slip".into()), ..shift(&series, scope, 1, 0) };
    assert_eq!(desk.change(&series, shift(&series, Scope::Whole, 1, 60)).await.expect_err("exceptions stay").code(), "invalid");
    let over = desk.change(&series, cancel(Scope::Whole)).await.expect("cancelled");
    assert!(over.visits.iter().all(|visit| visit.status == Some(Status::Cancelled)), "{:?}", over.visits);
}

#[tokio::test]
async fn of_many_who_book_the_same_series_one_gets_all_of_it_and_the_others_nothing() {
    let desk = std::sync::Arc::new(desk(Rules::default()).await);
    let mut racers = Vec::new();
    for patient in 0..6 {
        let desk = desk.clone();
        racers.push(tokio::spawn(async move { desk.create(&desk.weekly(patient)).await }));
    }
    let mut won = 0;
    for racer in racers {
        match racer.await.expect("no panic") {
            Ok(series) => {
                won += 1;
                assert!(series.visits.iter().all(|visit| visit.visit.is_some()));
            }
            Err(error) => assert_eq!(error.code(), "unavailable", "{error}"),
        }
    }
    assert_eq!(won, 1);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let page = platform::rest::PageQuery::default();
    let there = appointments::list(&mut tx, utc("2026-11-29T00:00:00Z"), utc("2027-01-30T00:00:00Z"), None, &page).await.expect("a list");
    assert_eq!(there.items.len(), 4);
}

#[tokio::test]
async fn a_plan_that_never_ends_or_is_no_plan_is_refused_by_field() {
    let desk = desk(Rules::default()).await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    for (rules, field) in [
        (vec!["FREQ=WEEKLY"], "rules.0"),
        (vec!["FREQ=WEEKLY;COUNT=2", "EVERY DAY"], "rules.1"),
        (vec!["FREQ=DAILY;COUNT=101"], "rules"),
        (vec!["FREQ=MONTHLY;COUNT=20"], "rules"),
        (vec!["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2"], "rules"),
        (vec![], "rules"),
    ] {
        let asked = NewSeries { rules: rules.into_iter().map(str::to_owned).collect(), ..desk.weekly(0) }.asked();
        let Err(Error::Invalid(errors)) = preview(&mut tx, &asked).await else { panic!("{:?} is no plan", asked.rules) };
        assert_eq!(errors[0].field, field, "{:?}", asked.rules);
    }
    assert!(matches!(get(&mut tx, EntityId::new()).await, Err(Error::NotFound)));
    // Who does not give the treatment is no fault of the plan's, but a reason against each of its times.
    let asked = super::SeriesAsked { employee: desk.nobody(&mut tx).await, ..desk.weekly(0).asked() };
    let seen = preview(&mut tx, &asked).await.expect("a preview");
    assert_eq!(seen.conflicts, 4);
    assert!(seen.occurrences.iter().all(|one| one.reasons.iter().any(|reason| reason.rule == "qualification")));
}
