//! What still has visits before it does not vanish.

use super::*;
use crate::reassign::{Reassign, reassign, visits};

#[tokio::test]
async fn a_practitioner_with_visits_to_come_stays_until_they_are_given_to_another() {
    let desk = desk().await;
    let visit = desk.book(desk.lis, "2026-12-02T08:00:00Z").await;
    let lis = desk.employee(desk.lis).await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let retired = EmployeeInput { active: false, version: lis.version, ..practitioner("Dr Lis", lis.user, desk.treatment) };
    let refused = refusal(employees::update(&mut tx, desk.lis, &retired).await.unwrap_err());
    assert_eq!((refused.code.as_str(), refused.reasons.len()), ("in_use", 1));
    let told = refused.current.expect("the list");
    assert_eq!(told["bookings"][0]["activity"], serde_json::json!(visit.activity));
    drop(tx);
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert_eq!(visits(&mut tx, desk.lis).await.expect("visits").len(), 1);
    let moved = reassign(&mut tx, desk.lis, &Reassign { to: desk.sowa, visits: None }).await.expect("given");
    assert_eq!((moved[0].employee, moved[0].start), (desk.sowa, visit.start));
    let version = desk.employee(desk.lis).await.version;
    employees::update(&mut tx, desk.lis, &EmployeeInput { version, ..retired }).await.expect("retired");
}

#[tokio::test]
async fn visits_are_given_all_or_none_and_the_refusal_names_those_that_can_not() {
    let desk = desk().await;
    let first = desk.book(desk.lis, "2026-12-02T08:00:00Z").await;
    let second = desk.book(desk.lis, "2026-12-03T08:00:00Z").await;
    desk.book(desk.sowa, "2026-12-03T08:00:00Z").await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let refused = refusal(reassign(&mut tx, desk.lis, &Reassign { to: desk.sowa, visits: None }).await.unwrap_err());
    assert_eq!(refused.code, "unavailable");
    assert!(refused.reasons.iter().any(|reason| reason.rule == "busy" && reason.resource == Some(desk.sowa)));
    let stuck = refused.current.expect("the list");
    assert_eq!(stuck["visits"][0]["visit"], serde_json::json!(second.id));
    drop(tx);
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert_eq!(appointments::get(&mut tx, first.id).await.expect("a visit").employee, desk.lis, "none was moved");
    let named = Reassign { to: desk.sowa, visits: Some(vec![first.id]) };
    assert_eq!(reassign(&mut tx, desk.lis, &named).await.expect("given").len(), 1);
}

#[tokio::test]
async fn a_rooms_visits_go_to_another_room_and_not_to_a_person() {
    let desk = desk().await;
    let visit = desk.book(desk.lis, "2026-12-02T08:00:00Z").await;
    let room = *visit.resources.iter().find(|id| desk.rooms.contains(id)).expect("its room");
    let other = *desk.rooms.iter().find(|id| **id != room).expect("another");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert_eq!(reassign(&mut tx, room, &Reassign { to: desk.sowa, visits: None }).await.unwrap_err().status(), 422);
    let moved = reassign(&mut tx, room, &Reassign { to: other, visits: None }).await.expect("given");
    assert!(moved[0].resources.contains(&other) && !moved[0].resources.contains(&room) && moved[0].employee == desk.lis);
}
