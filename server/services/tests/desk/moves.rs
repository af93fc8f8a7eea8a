//! Being moved, resized and taken a step further, by whichever module's rules.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Error, actions, permission::Role};
use services::{
    calendar::{
        ResourceKind, Status,
        activities::{Activity, OVERBOOKED},
        moves, range,
    },
    hooks::{MoveOne, MoveTo, MoveTogether, StatusChange},
};
use sqlx::ConnectOptions;

use super::{at, desk, refusal, resource, to};

#[tokio::test]
async fn a_move_makes_a_new_version_and_an_entry_in_the_log() {
    let desk = desk().await;
    let made = desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    // R11: its own time does not stand against it.
    let moved = moves::move_to(&mut tx, made.id, &to(&made, at("10:30"))).await.unwrap();
    assert_eq!((moved.version, moved.start), (made.version + 1, at("10:30")));
    let story = actions::timeline(&mut tx, made.id, 10).await.unwrap();
    let verbs: Vec<_> = story.iter().map(|step| step.verb.as_str()).collect();
    assert_eq!(verbs, ["moved", "created"]);
}

#[tokio::test]
async fn the_identical_time_again_changes_neither_version_nor_log() {
    let desk = desk().await;
    let made = desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let same = moves::move_to(&mut tx, made.id, &to(&made, at("10:00"))).await.unwrap();
    assert_eq!(same, made);
    // Not even an old version stands against what changes nothing (R11).
    let old = MoveTo { version: made.version - 1, ..to(&made, at("10:00")) };
    assert_eq!(moves::move_to(&mut tx, made.id, &old).await.unwrap(), made);
    assert_eq!(actions::timeline(&mut tx, made.id, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_second_of_two_edits_gets_the_firsts_result_and_author() {
    let desk = desk().await;
    let made = desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.jan).await;
    moves::move_to(&mut tx, made.id, &to(&made, at("11:00"))).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let late = refusal(moves::move_to(&mut tx, made.id, &to(&made, at("12:00"))).await.unwrap_err());
    let current = late.current.unwrap();
    assert_eq!(late.code, "version");
    assert_eq!(current["author"], "Jan Nowak");
    assert_eq!(current["activity"]["start"], "2026-11-24T11:00:00Z");
    let change = StatusChange { version: made.version, to: Status::Cancelled, reason: String::new() };
    assert_eq!(refusal(moves::set_status(&mut tx, made.id, &change).await.unwrap_err()).code, "version");
}

#[tokio::test]
async fn a_drag_to_another_column_takes_the_other_resource_instead() {
    let desk = desk().await;
    let made = desk.meet(&desk.meeting(at("10:00"), &[desk.lis, desk.room])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let other = resource(&mut tx, ResourceKind::Room, "Room 2").await;
    let drag = MoveTo { resource_from: Some(desk.room), resource_to: Some(other), ..to(&made, at("10:00")) };
    let moved = moves::move_to(&mut tx, made.id, &drag).await.unwrap();
    let mut taken: Vec<_> = moved.bookings.iter().map(|booking| booking.resource).collect();
    taken.sort();
    let mut expected = [desk.lis, other];
    expected.sort();
    assert_eq!(taken, expected);
}

#[tokio::test]
async fn a_refused_move_tells_all_reasons_and_times_that_are_really_free() {
    let desk = desk().await;
    desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    desk.insert(&services::calendar::activities::NewActivity {
        bookings: vec![services::calendar::activities::NewBooking::throughout(desk.room, 0, 0)],
        ..desk.hour(at("10:30"))
    })
    .await
    .unwrap();
    let made = desk.meet(&desk.meeting(at("14:00"), &[desk.lis, desk.room])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let refused = refusal(moves::move_to(&mut tx, made.id, &to(&made, at("10:15"))).await.unwrap_err());
    assert_eq!(refused.code, "unavailable");
    let mut reasons: Vec<_> = refused
        .reasons
        .iter()
        .map(|reason| (reason.rule.as_str(), reason.resource_name.as_deref().unwrap(), reason.from.unwrap(), reason.to.unwrap()))
        .collect();
    reasons.sort();
    assert_eq!(reasons, [("busy", "Dr Lis", at("10:00"), at("11:00")), ("busy", "Room 1", at("10:30"), at("11:30"))]);
    assert_eq!(refused.alternatives.len(), 3);
    drop(tx);
    for free in refused.alternatives {
        let drag = MoveTo { end: free.end, ..to(&made, free.start) };
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        moves::move_to(&mut tx, made.id, &drag).await.expect("an alternative is free");
    }
}

#[tokio::test]
async fn overbooking_needs_a_right_and_a_reason_and_is_marked() {
    let desk = desk().await;
    desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    let made = desk.meet(&desk.meeting(at("12:00"), &[desk.lis])).await.unwrap();
    let over = |reason: &str| MoveTo { overbook_reason: Some(reason.into()), ..to(&made, at("10:00")) };
    let nurse = desk.clinic.join("Nela Zając", "nela@lipowa.example", Role::Nurse).await;
    let mut tx = desk.clinic.tx(&nurse).await;
    assert!(matches!(moves::move_to(&mut tx, made.id, &over("urgent")).await, Err(Error::Denied(_))));
    drop(tx);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert_eq!(moves::move_to(&mut tx, made.id, &over(" ")).await.unwrap_err().status(), 422);
    moves::move_to(&mut tx, made.id, &over("urgent")).await.unwrap();
    let day = at("00:00").date_naive();
    let view = range(&mut tx, desk.clinic.location, day, day.succ_opt().unwrap()).await.unwrap();
    let event = view.events.iter().find(|event| event.id == made.id).unwrap();
    assert_eq!(event.face.flags, [OVERBOOKED]);
    let story = actions::timeline(&mut tx, made.id, 1).await.unwrap();
    assert_eq!(story[0].new.as_ref().unwrap()["overbook_reason"], "urgent");
}

#[tokio::test]
async fn a_meeting_is_cancelled_and_taken_back_and_what_is_over_is_not_moved() {
    let desk = desk().await;
    let made = desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let step = |version, to| StatusChange { version, to, reason: "ill".into() };
    let odd = moves::set_status(&mut tx, made.id, &step(made.version, Status::CheckedIn)).await;
    assert_eq!(refusal(odd.unwrap_err()).code, "transition");
    let cancelled = moves::set_status(&mut tx, made.id, &step(made.version, Status::Cancelled)).await.unwrap();
    let moved = moves::move_to(&mut tx, made.id, &to(&cancelled, at("11:00"))).await;
    assert_eq!(refusal(moved.unwrap_err()).code, "transition");
    let again = moves::set_status(&mut tx, made.id, &step(cancelled.version, Status::Cancelled)).await.unwrap();
    assert_eq!(again.version, cancelled.version);
    let back = moves::set_status(&mut tx, made.id, &step(cancelled.version, Status::Scheduled)).await.unwrap();
    assert_eq!(back.status, Status::Scheduled);
    let verbs: Vec<_> = actions::timeline(&mut tx, made.id, 10).await.unwrap().into_iter().map(|step| step.verb).collect();
    assert_eq!(verbs, ["scheduled", "cancelled", "created"]);
}

#[tokio::test]
async fn a_modules_activity_moves_by_its_own_rules() {
    let desk = desk().await;
    let made = desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert_eq!(refusal(moves::move_to(&mut tx, made.id, &to(&made, at("11:30"))).await.unwrap_err()).message, "On the hour only.");
    let moved = moves::move_to(&mut tx, made.id, &to(&made, at("12:00"))).await.unwrap();
    assert_eq!(moved.start, at("12:00"));
    drop(tx);
    // Its type's own right is asked for, not that for meetings.
    let mut tx = desk.clinic.tx(&desk.clinic.jan).await;
    assert!(matches!(moves::move_to(&mut tx, made.id, &to(&made, at("13:00"))).await, Err(Error::Denied(_))));
}

#[tokio::test]
async fn without_its_product_a_modules_activity_is_seen_but_not_changed() {
    let desk = desk().await;
    let made = desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    let mut owner = desk.clinic.database.owner().connect().await.unwrap();
    sqlx::query("update product_subscriptions set status = 'cancelled' where organization_id = $1 and product_id = 'crm'")
        .bind(desk.clinic.organization)
        .execute(&mut owner)
        .await
        .unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert!(matches!(moves::move_to(&mut tx, made.id, &to(&made, at("12:00"))).await, Err(Error::NotSubscribed("crm"))));
    let change = StatusChange { version: made.version, to: Status::Cancelled, reason: String::new() };
    assert!(matches!(moves::set_status(&mut tx, made.id, &change).await, Err(Error::NotSubscribed("crm"))));
    let day = at("00:00").date_naive();
    let view = range(&mut tx, desk.clinic.location, day, day.succ_opt().unwrap()).await.unwrap();
    assert_eq!(view.events.len(), 1);
    // Nor does anybody keep the hours that it wrote.
    assert!(view.hours.iter().all(|hours| hours.always));
}

#[tokio::test]
async fn nobody_moves_what_is_not_theirs_to_move() {
    let desk = desk().await;
    let made = desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    for who in [&desk.clinic.marek, &desk.clinic.stranger] {
        let mut tx = desk.clinic.tx(who).await;
        let status = moves::move_to(&mut tx, made.id, &to(&made, at("11:00"))).await.unwrap_err().status();
        assert_eq!(status, if who.organization == Some(desk.clinic.organization) { 403 } else { 404 });
    }
}

#[tokio::test]
async fn a_move_to_a_length_beyond_a_month_is_refused() {
    let desk = desk().await;
    let made = desk.meet(&desk.meeting(at("10:00"), &[])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let long = MoveTo { end: at("10:00") + TimeDelta::days(32), ..to(&made, at("10:00")) };
    assert_eq!(moves::move_to(&mut tx, made.id, &long).await.unwrap_err().status(), 422);
}

fn one(activity: &Activity, start: DateTime<Utc>) -> MoveOne {
    let end = start + (activity.end - activity.start);
    MoveOne { activity: activity.id, version: activity.version, start, end, resource_from: None, resource_to: None, back: false }
}

#[tokio::test]
async fn several_move_into_each_others_places_at_once_and_back_again() {
    let desk = desk().await;
    let mut made = Vec::new();
    for start in ["09:00", "10:00", "11:00"] {
        made.push(desk.meet(&desk.meeting(at(start), &[desk.lis, desk.room])).await.unwrap());
    }
    for (hours, order) in [(1, [0, 1, 2]), (1, [2, 0, 1]), (-1, [0, 1, 2]), (-1, [1, 2, 0])] {
        let shift = TimeDelta::hours(hours);
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let asked = MoveTogether { moves: order.map(|n: usize| one(&made[n], made[n].start + shift)).to_vec(), overbook_reason: None };
        let moved = moves::together(&mut tx, &asked).await.unwrap();
        tx.commit().await.unwrap();
        for (n, moved) in order.into_iter().zip(moved) {
            assert_eq!((moved.id, moved.start, moved.version), (made[n].id, made[n].start + shift, made[n].version + 1));
            made[n] = moved;
        }
    }
    assert_eq!(made.iter().map(|activity| activity.start).collect::<Vec<_>>(), [at("09:00"), at("10:00"), at("11:00")]);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert_eq!(actions::timeline(&mut tx, made[0].id, 10).await.unwrap().len(), 5, "each move is in the log of each");
}

#[tokio::test]
async fn of_several_that_cannot_all_move_none_does_and_each_is_named_with_its_reasons() {
    let desk = desk().await;
    let first = desk.meet(&desk.meeting(at("09:00"), &[desk.lis])).await.unwrap();
    let second = desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    desk.meet(&desk.meeting(at("13:00"), &[desk.lis])).await.unwrap();
    let asked = |moves: Vec<MoveOne>| MoveTogether { moves, overbook_reason: None };
    let both = asked(vec![one(&first, at("14:00")), one(&second, at("13:30"))]);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let refused = refusal(moves::together(&mut tx, &both).await.unwrap_err());
    drop(tx);
    assert_eq!(refused.code, "unavailable");
    let named: Vec<_> =
        refused.reasons.iter().filter(|reason| reason.rule == "moved").map(|reason| (reason.resource, reason.from)).collect();
    assert!(named.contains(&(Some(second.id), Some(at("13:30")))), "{:?}", refused.reasons);
    assert!(refused.reasons.iter().any(|reason| reason.rule == "busy" && reason.resource == Some(desk.lis)), "{:?}", refused.reasons);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    for before in [&first, &second] {
        assert_eq!(&services::calendar::activities::get(&mut tx, before.id).await.unwrap(), before);
    }
    // What somebody else has changed meanwhile stops all of them.
    let old = MoveOne { version: second.version - 1, ..one(&second, at("15:00")) };
    let stale = moves::together(&mut tx, &asked(vec![one(&first, at("14:00")), old])).await.unwrap_err();
    assert_eq!(refusal(stale).code, "version");
    drop(tx);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    for wrong in [asked(Vec::new()), asked(vec![one(&first, at("14:00")), one(&first, at("15:00"))])] {
        assert_eq!(moves::together(&mut tx, &wrong).await.unwrap_err().status(), 422);
    }
    let strange = MoveOne { activity: platform::id::EntityId::new(), ..one(&first, at("14:00")) };
    assert!(matches!(moves::together(&mut tx, &asked(vec![strange])).await, Err(Error::NotFound)));
}
