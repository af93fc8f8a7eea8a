//! The calendar keeps what stands around its events; every change of it is seen at the next look.

use platform::Tx;
use services::calendar::CalendarView;

use super::*;
use crate::hours::{ClosureInput, LeaveInput, add_closure, add_leave, delete_closure, delete_leave, set_date};

/// A day that changes in some way.
const DAY: &str = "2026-12-08";

async fn look(desk: &Desk) -> CalendarView {
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let day = date(DAY);
    services::calendar::range(&mut tx, desk.clinic.location, day, day.succ_opt().expect("a day")).await.expect("the day")
}

/// What is done to a clinic, by its owner.
macro_rules! changed {
    ($desk:expr, $seen:expr, $what:literal, |$tx:ident| $do:expr) => {{
        let again = look($desk).await;
        assert_eq!((&again.resources, &again.hours), (&$seen.resources, &$seen.hours), "nothing has changed before: {}", $what);
        let mut tx = $desk.clinic.tx(&$desk.clinic.anna).await;
        let $tx: &mut Tx = &mut tx;
        let done = $do;
        tx.commit().await.expect("committed");
        let now = look($desk).await;
        assert_ne!((&now.resources, &now.hours, &now.location), (&$seen.resources, &$seen.hours, &$seen.location), "not seen: {}", $what);
        $seen = now;
        done
    }};
}

#[tokio::test]
async fn whatever_changes_hours_or_columns_is_seen_at_the_next_look() {
    let desk = desk().await;
    let mut seen = look(&desk).await;
    let on_date = DateHours { date: date(DAY), windows: vec![(600, 720)], location: None };
    changed!(&desk, seen, "hours of a date", |tx| set_date(tx, desk.lis, &on_date).await.expect("set"));
    let leave = LeaveInput { from_date: date(DAY), to_date: date(DAY), ..LeaveInput::default() };
    let leave = changed!(&desk, seen, "leave", |tx| add_leave(tx, desk.sowa, &leave).await.expect("added"));
    changed!(&desk, seen, "leave taken back", |tx| delete_leave(tx, leave.id).await.expect("deleted"));
    let closure = ClosureInput { location: None, on_date: date(DAY), name: "Inventory".into() };
    let closure = changed!(&desk, seen, "a closure", |tx| add_closure(tx, &closure).await.expect("closed"));
    changed!(&desk, seen, "a closure taken back", |tx| delete_closure(tx, closure.id).await.expect("open again"));
    changed!(&desk, seen, "weekly hours", |tx| {
        let weekly = (1..=7).map(|weekday| Weekly { weekday, starts: 540, ends: 840, ..Weekly::default() }).collect();
        hours::set(tx, desk.sowa, &WorkingHours { weekly, dates: Vec::new() }).await.expect("set");
    });
    changed!(&desk, seen, "a new practitioner", |tx| {
        let new = practitioner("Dr Mak", None, desk.treatment);
        employees::create(tx, &new).await.expect("a practitioner");
    });
    changed!(&desk, seen, "a room's name", |tx| {
        let room = resources::get(tx, desk.rooms[0]).await.expect("a room");
        let input = ResourceInput {
            id: None,
            kind: room.kind,
            name: "Salt room".into(),
            hue: 0,
            location: None,
            user: None,
            sort: 0,
            active: true,
            version: room.version,
        };
        resources::update(tx, room.id, &input).await.expect("renamed");
    });
    changed!(&desk, seen, "the location's name", |tx| {
        let place = platform::locations::get(tx, desk.clinic.location).await.expect("a location");
        let details = platform::locations::LocationDetails {
            name: "Elsewhere".into(),
            address: place.address,
            zone: place.zone,
            week_start: place.week_start,
            active: true,
            version: place.version,
        };
        platform::locations::update(tx, desk.clinic.location, &details).await.expect("renamed");
    });
    assert_eq!(seen.location.name, "Elsewhere");
}

#[tokio::test]
async fn a_change_that_did_not_come_to_be_is_not_shown() {
    let desk = desk().await;
    let before = look(&desk).await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let leave = LeaveInput { from_date: date(DAY), to_date: date(DAY), ..LeaveInput::default() };
    add_leave(&mut tx, desk.sowa, &leave).await.expect("added");
    assert_eq!(look(&desk).await.hours, before.hours, "not committed yet");
    drop(tx);
    assert_eq!(look(&desk).await.hours, before.hours);
}
