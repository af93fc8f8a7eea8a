//! Google Calendar: both ways, and who is right about what.

use super::*;
use platform::Error;
use services::calendar::{
    generic::EditGeneric,
    sync::{ConnectionChange, ConnectionState, Ring},
};

#[tokio::test]
async fn what_is_made_here_is_told_there_changed_there_and_gone_there() {
    let between = between().await;
    let meeting = between.meeting(at("10:00")).await;
    let connection = between.google().await;
    let told = between.double.living();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0]["summary"].as_str(), start_of(&told[0])), (Some("Team"), at("10:00")));
    assert_eq!(told[0]["extendedProperties"]["private"]["atriumActivity"], json!(meeting.id));
    let seen = between.seen().await;
    assert_eq!((seen.state, seen.unsent, seen.problem.as_str()), (ConnectionState::Active, 0, ""));

    let mut tx = between.desk.clinic.tx(&between.desk.clinic.anna).await;
    let moved = services::calendar::moves::move_to(&mut tx, meeting.id, &crate::to(&meeting, at("12:00"))).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(between.seen().await.unsent, 1);
    between.run().await;
    assert_eq!(start_of(&between.double.living()[0]), at("12:00"));

    between.cancel(&moved).await;
    between.run().await;
    assert!(between.double.living().is_empty());
    assert_eq!(between.taken().await, [], "nothing came back");
    assert_eq!(between.seen().await.id, connection.id);
}

#[tokio::test]
async fn no_more_is_told_than_was_chosen_and_a_choice_is_told_anew() {
    let between = between().await;
    between.meeting(at("10:00")).await;
    between.google().await;
    let before = between.seen().await;
    let mut tx = between.desk.clinic.tx(between.jan()).await;
    let change = ConnectionChange { version: before.version, detail: Detail::Busy, sends: true, receives: true };
    sync::change(&mut tx, before.id, &change).await.unwrap();
    assert_eq!(sync::change(&mut tx, before.id, &change).await.unwrap_err().code(), "version");
    tx.commit().await.unwrap();
    between.run().await;
    let told = between.double.living().pop().unwrap();
    assert_eq!((told["summary"].as_str(), told["visibility"].as_str()), (Some("Zajęte"), Some("private")));
    assert!(!told.to_string().contains("Team"));
}

#[tokio::test]
async fn what_is_made_there_takes_time_here_says_nothing_and_goes_with_it() {
    let between = between().await;
    between.google().await;
    between.double.google("dentist", event("2026-11-24T11:00:00+01:00", "2026-11-24T12:00:00+01:00"));
    between.double.google("holiday", json!({ "summary": "Away", "start": { "date": "2026-11-26" }, "end": { "date": "2026-11-28" } }));
    between
        .double
        .google("birthday", json!({ "transparency": "transparent", "start": { "date": "2026-11-26" }, "end": { "date": "2026-11-27" } }));
    between.run().await;
    let taken = between.taken().await;
    let times: Vec<_> = taken.iter().map(|block| (block.start, block.end)).collect();
    let days = (testing::at("2026-11-25T23:00:00Z"), testing::at("2026-11-27T23:00:00Z"));
    assert_eq!(times, [(at("10:00"), at("11:00")), days]);
    assert!(taken.iter().all(|block| block.title == "Zajęte · Google Calendar" && block.activity_type == "block"));
    let refused = between.desk.meet(&between.desk.meeting(at("10:30"), &[between.jan])).await.unwrap_err();
    assert_eq!(refused.code(), "unavailable", "nobody is booked over it");

    between.double.google("dentist", event("2026-11-24T15:00:00+01:00", "2026-11-24T16:00:00+01:00"));
    between.run().await;
    assert_eq!(between.taken().await[0].start, at("14:00"));
    for id in ["dentist", "holiday"] {
        between.double.google(id, json!({ "status": "cancelled" }));
    }
    between.run().await;
    assert_eq!(between.taken().await, []);
    let told = between.double.times("POST /calendar") - between.double.times("POST /calendar/v3/calendars/primary/events/watch");
    assert_eq!(told, 0, "what came from there is not told there");
}

#[tokio::test]
async fn what_was_made_here_and_changed_or_deleted_there_is_put_right() {
    let between = between().await;
    let meeting = between.meeting(at("10:00")).await;
    between.google().await;
    let id = between.double.living()[0]["id"].as_str().unwrap().to_owned();
    let mut changed = between.double.living()[0].clone();
    changed["start"]["dateTime"] = json!("2026-11-24T17:00:00+01:00");
    changed["end"]["dateTime"] = json!("2026-11-24T18:00:00+01:00");
    between.double.google(&id, changed.clone());
    between.run().await;
    assert_eq!(start_of(&between.double.living()[0]), at("10:00"), "it was made here");

    changed["status"] = json!("cancelled");
    between.double.google(&id, changed.clone());
    between.run().await;
    assert_eq!(start_of(&between.double.living()[0]), at("10:00"));
    assert_eq!(between.taken().await, std::slice::from_ref(&meeting), "and is here as it was");

    // Changed on both sides since the last look: what is here is right, over what is there.
    let mut tx = between.desk.clinic.tx(&between.desk.clinic.anna).await;
    services::calendar::moves::move_to(&mut tx, meeting.id, &crate::to(&meeting, at("13:00"))).await.unwrap();
    tx.commit().await.unwrap();
    changed["status"] = json!("confirmed");
    between.double.google(&id, changed);
    between.run().await;
    assert_eq!(start_of(&between.double.living()[0]), at("13:00"));
    let asked = between.double.world().asked.len();
    between.run().await;
    assert_eq!(between.double.world().asked.len(), asked + 1, "in step, one question is enough");
}

#[tokio::test]
async fn a_visit_stays_where_a_block_meets_it_and_the_block_has_its_time_once_the_visit_is_gone() {
    let between = between().await;
    let meeting = between.meeting(at("10:00")).await;
    between.double.google("dentist", event("2026-11-24T11:30:00+01:00", "2026-11-24T12:30:00+01:00"));
    let connection = between.google().await;
    assert_eq!(between.taken().await.len(), 2);
    assert_eq!(between.seen().await.colliding, 1);
    let mut tx = between.desk.clinic.tx(between.jan()).await;
    let entries = sync::entries(&mut tx, connection.id).await.unwrap();
    assert_eq!((entries.len(), entries[0].problem.as_str(), entries[0].foreign), (1, "collides", true));
    drop(tx);
    between.cancel(&meeting).await;
    between.run().await;
    let taken = between.taken().await;
    assert_eq!((taken.len(), taken[0].bookings[0].overbooked, between.seen().await.colliding), (1, false, 0));
}

#[tokio::test]
async fn a_block_is_not_changed_here_until_it_is_made_an_entry_of_our_own() {
    let between = between().await;
    between.double.google("dentist", event("2026-11-24T11:00:00+01:00", "2026-11-24T12:00:00+01:00"));
    between.google().await;
    let block = between.taken().await.pop().unwrap();
    let mut tx = between.desk.clinic.tx(&between.desk.clinic.anna).await;
    let moved = services::calendar::moves::move_to(&mut tx, block.id, &crate::to(&block, at("13:00"))).await;
    assert_eq!(moved.unwrap_err().code(), "foreign");
    let edit = EditGeneric { version: block.version, title: "Mine".into(), description: String::new() };
    assert_eq!(generic::edit(&mut tx, block.id, &edit).await.unwrap_err().code(), "foreign");
    let own = sync::unlink(&mut tx, block.id).await.unwrap();
    assert_eq!(sync::unlink(&mut tx, block.id).await.unwrap_err().code(), "transition");
    let moved = services::calendar::moves::move_to(&mut tx, own.id, &crate::to(&own, at("13:00"))).await.unwrap();
    tx.commit().await.unwrap();
    between.double.google("dentist", event("2026-11-24T15:00:00+01:00", "2026-11-24T16:00:00+01:00"));
    between.run().await;
    assert_eq!(between.taken().await, [moved], "it is ours now");
}

#[tokio::test]
async fn a_calendar_of_many_pages_is_read_whole_and_an_old_cursor_reads_it_anew() {
    let between = between().await;
    for hour in 8..15 {
        between
            .double
            .google(&format!("event{hour}"), event(&format!("2026-11-25T{hour:02}:00:00Z"), &format!("2026-11-25T{hour:02}:30:00Z")));
    }
    between.google().await;
    assert_eq!(between.taken().await.len(), 7);
    // While nobody looked, one was deleted and the cursor has become too old to tell it.
    between.double.world().events.remove("event9");
    let count = between.double.world().count;
    between.double.world().oldest = count + 1;
    between.run().await;
    assert_eq!(between.taken().await.len(), 6);
    assert_eq!(between.seen().await.problem, "");
}

#[tokio::test]
async fn what_another_clinic_tells_there_takes_time_here_and_what_we_told_does_not() {
    let between = between().await;
    between.google().await;
    let mark = |organization: String| {
        let mut event = event("2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z");
        let other = EntityId::new().to_string();
        event["extendedProperties"] =
            json!({ "private": { "atriumOrganization": organization, "atriumConnection": other, "atriumActivity": other } });
        event
    };
    between.double.google("elsewhere", mark(EntityId::new().to_string()));
    between.double.google("ours", mark(between.desk.clinic.organization.to_string()));
    between.run().await;
    assert_eq!(between.taken().await.len(), 1);
    let left: Vec<_> = between.double.living().iter().map(|event| event["id"].clone()).collect();
    assert_eq!(left, ["elsewhere"], "what a connection that is no more has left there is cleared away");
}

#[tokio::test]
async fn an_ended_connection_leaves_nothing_on_either_side() {
    let between = between().await;
    between.meeting(at("10:00")).await;
    between.double.google("dentist", event("2026-11-24T15:00:00+01:00", "2026-11-24T16:00:00+01:00"));
    let connection = between.google().await;
    let mut tx = between.desk.clinic.tx(between.jan()).await;
    sync::end(&mut tx, connection.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(between.taken().await.len(), 1, "what came from there is gone at once");
    between.run().await;
    let left: Vec<_> = between.double.living().iter().map(|event| event["id"].clone()).collect();
    assert_eq!(left, ["dentist"]);
    assert!(between.double.world().revoked, "Google is told that we are let in no longer");
    let mut owner = between.desk.clinic.database.owner_connection().await;
    let kept: (String, String) = sqlx::query_as("select state, secret from calendar_connections").fetch_one(&mut owner).await.unwrap();
    assert_eq!(kept, ("ended".into(), String::new()));
}

#[tokio::test]
async fn only_whoever_was_sent_there_comes_back_and_once() {
    let between = between().await;
    let clinic = &between.desk.clinic;
    let mut tx = clinic.tx(between.jan()).await;
    let made = sync::connect(&mut tx, &new(Provider::Google)).await.unwrap();
    tx.commit().await.unwrap();
    let pass = pass(&made.allow_at.unwrap());
    for (who, pass) in [(&clinic.ewa, pass.as_str()), (&clinic.stranger, pass.as_str()), (between.jan(), "nonsense")] {
        assert!(matches!(sync::allowed(&clinic.state, who, pass, Some("good")).await, Err(Error::NotFound)));
    }
    sync::allowed(&clinic.state, between.jan(), &pass, Some("good")).await.unwrap();
    assert!(matches!(sync::allowed(&clinic.state, between.jan(), &pass, Some("good")).await, Err(Error::NotFound)));
    let mut owner = clinic.database.owner_connection().await;
    let secret: String = sqlx::query_scalar("select secret from calendar_connections").fetch_one(&mut owner).await.unwrap();
    assert!(secret.starts_with("v1.") && !secret.contains("good"), "{secret}");
}

#[tokio::test]
async fn what_was_changed_there_meanwhile_is_seen_by_its_tag_and_written_over() {
    let between = between().await;
    let meeting = between.meeting(at("10:00")).await;
    between.google().await;
    let seen = between.double.living()[0].clone();
    let (id, tag) = (seen["id"].as_str().unwrap().to_owned(), seen["etag"].as_str().unwrap().to_owned());
    let mut tx = between.desk.clinic.tx(&between.desk.clinic.anna).await;
    services::calendar::moves::move_to(&mut tx, meeting.id, &crate::to(&meeting, at("13:00"))).await.unwrap();
    tx.commit().await.unwrap();
    // Between the reading and the writing of the next run, as its owner types.
    let mut typed = seen.clone();
    typed["summary"] = json!("Mine now");
    between.double.world().meanwhile = Some((id.clone(), typed));
    let asked = between.double.world().asked.len();
    between.run().await;
    let world = between.double.world().asked[asked..].join(", ");
    let event = format!("/calendar/v3/calendars/primary/events/{id}");
    assert!(world.contains(&format!("PUT {event}, GET {event}, PUT {event}")), "refused by 412, read anew, written: {world}");
    let told = between.double.living().pop().unwrap();
    assert_eq!((told["summary"].as_str(), start_of(&told)), (Some("Team"), at("13:00")), "it was made here");
    assert_ne!(told["etag"], json!(tag));
    assert_eq!((between.seen().await.problem.as_str(), between.seen().await.unsent), ("", 0));
}

#[tokio::test]
async fn a_ring_by_the_channel_brings_the_next_run_forward_and_no_other_ring_does() {
    let between = between().await;
    let clinic = &between.desk.clinic;
    let connection = between.google().await;
    let channel = between.double.world().channels.values().next().cloned().expect("a channel is open");
    let word = |name: &str| channel[name].as_str().unwrap();
    let bell = word("address").rsplit('/').next().unwrap();
    let ring = Ring { channel: word("id"), token: word("token"), happened: "exists", ..Ring::default() };
    let elsewhere = bell.replace(&bell[..8], "00000000");
    let strangers = [
        (bell, Ring { token: "guessed", ..ring }),
        (bell, Ring { token: "", ..ring }),
        (bell, Ring { channel: "another", ..ring }),
        (elsewhere.as_str(), ring),
        ("nobody", ring),
    ];
    for (bell, ring) in strangers {
        assert!(matches!(sync::rung(&clinic.state, bell, ring).await, Err(Error::NotFound)));
    }
    sync::rung(&clinic.state, bell, Ring { happened: "sync", ..ring }).await.unwrap();
    assert!(between.seen().await.next_in_seconds.unwrap() > 200, "that it is open says nothing");
    sync::rung(&clinic.state, bell, ring).await.unwrap();
    assert!(between.seen().await.next_in_seconds.unwrap() <= 2);

    between.run().await;
    assert_eq!(between.double.world().channels.len(), 1, "one that lasts is enough");
    let mut tx = clinic.tx(between.jan()).await;
    sync::end(&mut tx, connection.id).await.unwrap();
    tx.commit().await.unwrap();
    between.run().await;
    assert!(between.double.world().channels.is_empty(), "it was closed");
}

#[tokio::test]
async fn a_channel_is_opened_anew_before_it_ends_and_where_none_is_given_the_rest_goes_on() {
    let between = between().await;
    let now = between.desk.clinic.state.clock.now();
    between.double.world().channel_until = Some(now + chrono::TimeDelta::hours(20));
    between.google().await;
    let first: Vec<String> = between.double.world().channels.keys().cloned().collect();
    between.double.world().channel_until = None;
    between.run().await;
    let second: Vec<String> = between.double.world().channels.keys().cloned().collect();
    assert_eq!((first.len(), second.len()), (1, 1), "the old one was closed");
    assert_ne!(first, second);
    between.run().await;
    assert_eq!(between.double.world().channels.keys().cloned().collect::<Vec<_>>(), second);

    // An address that Google does not know to be ours: it says so by 401.
    let other = super::between().await;
    other.double.world().faults.push_back(("events/watch", 401));
    let meeting = other.meeting(at("10:00")).await;
    other.google().await;
    assert_eq!(start_of(&other.double.living()[0]), meeting.start);
    assert_eq!((other.seen().await.state, other.seen().await.problem.as_str()), (ConnectionState::Active, ""));
    other.run().await;
    assert_eq!(other.double.times("POST /calendar/v3/calendars/primary/events/watch"), 1, "and is not asked at every run");
}
