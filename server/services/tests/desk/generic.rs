//! Meetings, tasks and blocked time.

use platform::{
    Error, actions,
    id::EntityId,
    locations::{self, LocationDetails},
};
use services::{
    calendar::{
        Status,
        generic::{self, EditGeneric},
        moves,
        slots::Rule,
    },
    hooks::Bounds,
    resources::{self, ResourceInput},
};

use super::{at, desk, refusal};

#[tokio::test]
async fn a_meeting_outside_of_all_hours_is_fine_but_nobody_is_in_two_of_them() {
    let desk = desk().await;
    desk.meet(&desk.meeting(at("20:00"), &[desk.lis])).await.unwrap();
    let refused = refusal(desk.meet(&desk.meeting(at("20:30"), &[desk.lis, desk.room])).await.unwrap_err());
    assert_eq!(refused.code, "unavailable");
    assert_eq!(refused.reasons.len(), 1);
    assert_eq!((refused.reasons[0].rule.as_str(), refused.reasons[0].resource_name.as_deref()), ("busy", Some("Dr Lis")));
    let nearest = &refused.alternatives[0];
    desk.meet(&desk.meeting(nearest.start, &[desk.lis, desk.room])).await.unwrap();
}

#[tokio::test]
async fn a_meeting_goes_over_another_with_a_reason_and_the_right_to_it() {
    let desk = desk().await;
    desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    let mut over = desk.meeting(at("10:30"), &[desk.lis]);
    over.overbook_reason = Some(" ".into());
    assert_eq!(desk.meet(&over).await.unwrap_err().status(), 422);
    over.overbook_reason = Some("The inspector is here".into());
    let made = desk.meet(&over).await.unwrap();
    assert!(made.bookings.iter().all(|booking| booking.overbooked));
    let nurse = desk.clinic.join("Iga Sowa", "iga@lipowa.example", platform::permission::Role::Nurse).await;
    let mut tx = desk.clinic.tx(&nurse).await;
    assert!(!tx.can(services::core::ACTIVITIES_OVERBOOK) && tx.can(services::core::ACTIVITIES_WRITE));
    assert_eq!(generic::book(&mut tx, &over).await.unwrap_err().status(), 403);
}

#[tokio::test]
async fn no_alternative_lies_in_the_past() {
    let desk = desk().await;
    desk.meet(&desk.meeting(at("07:15"), &[desk.lis])).await.unwrap();
    let refused = refusal(desk.meet(&desk.meeting(at("07:15"), &[desk.lis])).await.unwrap_err());
    assert!(refused.alternatives.iter().all(|free| free.start >= desk.clinic.state.clock.now()));
}

#[tokio::test]
async fn the_same_id_again_is_the_same_meeting_and_another_records_id_is_none() {
    let desk = desk().await;
    let mut new = desk.meeting(at("10:00"), &[desk.lis]);
    new.id = Some(EntityId::new());
    let first = desk.meet(&new).await.unwrap();
    assert_eq!(desk.meet(&new).await.unwrap(), first);
    new.id = Some(desk.room);
    new.start = at("12:00");
    new.end = at("13:00");
    assert_eq!(refusal(desk.meet(&new).await.unwrap_err()).code, "duplicate");
    new.id = Some(desk.insert(&desk.hour(at("15:00"))).await.unwrap().id);
    assert_eq!(refusal(desk.meet(&new).await.unwrap_err()).code, "duplicate");
}

#[tokio::test]
async fn all_faults_are_named_at_once() {
    let desk = desk().await;
    let mut new = desk.meeting(at("10:00"), &[]);
    new.activity_type = "gabinet:appointment".into();
    new.title = " ".into();
    new.end = new.start;
    let Err(Error::Invalid(faults)) = desk.meet(&new).await else { panic!("it was accepted") };
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["activity_type", "title", "end"]);
}

#[tokio::test]
async fn a_resource_no_longer_in_use_is_not_booked_and_one_with_bookings_stays_in_use() {
    let desk = desk().await;
    desk.meet(&desk.meeting(at("10:00"), &[desk.room])).await.unwrap();
    let input = |kind, name: &str, active| ResourceInput {
        id: None,
        kind,
        name: name.into(),
        hue: 0,
        location: None,
        user: None,
        sort: 0,
        active,
        version: 1,
    };
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let room = input(services::calendar::ResourceKind::Room, "Room 1", false);
    assert_eq!(refusal(resources::update(&mut tx, desk.room, &room).await.unwrap_err()).code, "in_use");
    let laser = input(services::calendar::ResourceKind::Device, "Laser A", false);
    assert!(!resources::update(&mut tx, desk.laser, &laser).await.unwrap().active);
    // The same once more is not worth an entry in the log.
    let again = ResourceInput { version: 2, ..laser.clone() };
    resources::update(&mut tx, desk.laser, &again).await.unwrap();
    // What was read before that is refused, with what is stored.
    let stale = refusal(resources::update(&mut tx, desk.laser, &laser).await.unwrap_err());
    assert_eq!((stale.code.as_str(), &stale.current.unwrap()["resource"]["active"]), ("version", &serde_json::json!(false)));
    assert_eq!(actions::timeline(&mut tx, desk.laser, 10).await.unwrap().len(), 2);
    tx.commit().await.unwrap();
    assert_eq!(desk.meet(&desk.meeting(at("10:00"), &[desk.laser])).await.unwrap_err().status(), 422);
}

#[tokio::test]
async fn a_resource_goes_to_another_location_only_without_bookings_at_its_own() {
    let desk = desk().await;
    desk.meet(&desk.meeting(at("10:00"), &[desk.room])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let details = LocationDetails {
        name: "Across the river".into(),
        address: String::new(),
        zone: "Europe/Warsaw".into(),
        week_start: 1,
        active: true,
        version: 0,
    };
    let across = locations::insert(&mut tx, &details).await.unwrap().id;
    let placed = |location, version| ResourceInput {
        id: None,
        kind: services::calendar::ResourceKind::Room,
        name: "Room 1".into(),
        hue: 0,
        location,
        user: None,
        sort: 0,
        active: true,
        version,
    };
    let refused = refusal(resources::update(&mut tx, desk.room, &placed(Some(across), 1)).await.unwrap_err());
    assert_eq!((refused.code.as_str(), refused.reasons.len()), ("in_use", 1));
    // Where its bookings are it may be said to be, and what is everywhere is there too.
    let here = resources::update(&mut tx, desk.room, &placed(Some(desk.clinic.location), 1)).await.unwrap();
    let everywhere = resources::update(&mut tx, desk.room, &placed(None, here.version)).await.unwrap();
    assert_eq!(everywhere.location, None);
    assert_eq!(resources::update(&mut tx, desk.laser, &laser_at(across)).await.unwrap().location, Some(across));
}

/// The laser, which nothing is booked with, at another location.
fn laser_at(location: platform::id::LocationId) -> ResourceInput {
    ResourceInput {
        id: None,
        kind: services::calendar::ResourceKind::Device,
        name: "Laser A".into(),
        hue: 0,
        location: Some(location),
        user: None,
        sort: 0,
        active: true,
        version: 1,
    }
}

#[tokio::test]
async fn an_edit_keeps_time_and_status_and_is_versioned() {
    let desk = desk().await;
    let made = desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let edit = EditGeneric { version: made.version, title: "Plans for spring".into(), description: "Bring figures".into() };
    let edited = generic::edit(&mut tx, made.id, &edit).await.unwrap();
    assert_eq!((edited.version, edited.start, edited.status), (made.version + 1, made.start, Status::Scheduled));
    let late = refusal(generic::edit(&mut tx, made.id, &edit).await.unwrap_err());
    assert_eq!((late.code.as_str(), &late.current.unwrap()["author"]), ("version", &"Ewa Kowalska".into()));
    let same = EditGeneric { version: edited.version, ..edit };
    assert_eq!(generic::edit(&mut tx, made.id, &same).await.unwrap().version, edited.version);
    let story = generic::details(&mut tx, made.id).await.unwrap();
    assert_eq!((story.resources, story.history.len()), (vec!["Dr Lis".to_owned()], 2));
}

#[tokio::test]
async fn a_modules_activity_is_not_edited_as_a_meeting() {
    let desk = desk().await;
    let made = desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let edit = EditGeneric { version: made.version, title: "Mine".into(), description: String::new() };
    assert!(matches!(generic::edit(&mut tx, made.id, &edit).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_meeting_may_go_to_others_of_the_same_kind_and_not_where_they_are_taken() {
    let desk = desk().await;
    let made = desk.meet(&desk.meeting(at("10:00"), &[desk.lis, desk.room])).await.unwrap();
    let taken = desk.meet(&desk.meeting(at("13:00"), &[desk.room])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let other = super::resource(&mut tx, services::calendar::ResourceKind::Room, "Room 2").await;
    let date = made.start.date_naive();
    let bounds = Bounds { from: date, to: date.succ_opt().unwrap(), copy: false };
    let carried = moves::carried(&mut tx, made.id, &bounds).await.unwrap().expect("core tells what it moves by");
    let room = carried.wish.needs.iter().find(|need| need.any_of.contains(&desk.room)).unwrap();
    assert_eq!(room.any_of, [desk.room, other]);
    assert_eq!((carried.wish.needs.len(), carried.wish.minutes, carried.wish.moving), (2, 60, Some(made.id)));
    assert!(carried.fits(Some(desk.room), other) && !carried.knows(made.start - chrono::Duration::days(2)));
    // Over itself it may lie; not over the other, but in another room.
    let hour = chrono::Duration::hours(1);
    let half = made.start + hour / 2;
    assert!(carried.verdict(half, half + hour, (None, None)).is_empty());
    let against = carried.verdict(taken.start, taken.start + hour, (None, None));
    assert_eq!(against.iter().map(|why| (why.rule, why.resource)).collect::<Vec<_>>(), [(Rule::Busy, Some(desk.room))]);
    assert!(carried.verdict(taken.start, taken.start + hour, (Some(desk.room), Some(other))).is_empty());
    // A copy finds what it is a copy of in its way.
    let copy = moves::carried(&mut tx, made.id, &Bounds { copy: true, ..bounds }).await.unwrap().expect("a copy too");
    assert!(!copy.verdict(half, half + hour, (None, None)).is_empty());
}
