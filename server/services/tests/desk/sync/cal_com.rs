//! Cal.com: bookings both ways, and its bell.

use super::*;
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use platform::Error;
use services::calendar::sync::{ConnectionState, Ring};

fn booking(start: &str, end: &str) -> Value {
    json!({ "title": "Consultation", "start": start, "end": end, "attendees": [{ "name": "Ola", "email": "ola@example.org" }] })
}

#[tokio::test]
async fn bookings_there_take_time_here_and_time_here_is_booked_there() {
    let between = between().await;
    let meeting = between.meeting(at("10:00")).await;
    for hour in 12..17 {
        let uid = format!("uid{hour}");
        between.double.booked(&uid, booking(&format!("2026-11-24T{hour}:00:00.000Z"), &format!("2026-11-24T{hour}:30:00.000Z")));
    }
    between.connect(&new(Provider::CalCom)).await;
    between.run().await;
    let seen = between.seen().await;
    assert_eq!((seen.state, seen.account.as_str(), seen.received), (ConnectionState::Active, "jan-nowak", 5));
    assert_eq!(between.taken().await.len(), 6);
    let own = |double: &Double| {
        double.accepted().into_iter().filter(|one| one["metadata"]["atriumActivity"] == json!(meeting.id)).collect::<Vec<_>>()
    };
    assert_eq!(own(&between.double).len(), 1);
    assert_eq!((own(&between.double)[0]["duration"].as_i64(), own(&between.double)[0]["eventTypeId"].as_i64()), (Some(60), Some(42)));

    let mut cancelled = booking("2026-11-24T12:00:00.000Z", "2026-11-24T12:30:00.000Z");
    cancelled["status"] = json!("cancelled");
    between.double.booked("uid12", cancelled);
    let mut tx = between.desk.clinic.tx(&between.desk.clinic.anna).await;
    let moved = services::calendar::moves::move_to(&mut tx, meeting.id, &crate::to(&meeting, at("08:00"))).await.unwrap();
    tx.commit().await.unwrap();
    between.run().await;
    assert_eq!(between.taken().await.len(), 5);
    assert_eq!(own(&between.double).iter().map(start_of).collect::<Vec<_>>(), [at("08:00")]);

    // Cancelled there: it takes place here, so it is booked again.
    let uid = own(&between.double)[0]["uid"].as_str().unwrap().to_owned();
    let mut gone = own(&between.double)[0].clone();
    gone["status"] = json!("cancelled");
    between.double.booked(&uid, gone);
    between.run().await;
    assert_eq!(own(&between.double).len(), 1);

    between.cancel(&moved).await;
    between.run().await;
    between.run().await;
    assert_eq!((own(&between.double).len(), between.taken().await.len()), (0, 4));
}

#[tokio::test]
async fn what_cal_com_does_not_take_is_told_and_does_not_hold_up_the_rest() {
    let between = between().await;
    between.double.world().minutes = Some(30);
    between.meeting(at("10:00")).await;
    let mut half = between.desk.meeting(at("12:00"), &[between.jan]);
    half.end = at("12:30");
    between.desk.meet(&half).await.unwrap();
    let connection = between.connect(&new(Provider::CalCom)).await;
    between.run().await;
    let seen = between.seen().await;
    assert_eq!((seen.refused, seen.unsent, between.double.accepted().len()), (1, 0, 1));
    let mut tx = between.desk.clinic.tx(between.jan()).await;
    let entries = sync::entries(&mut tx, connection.id).await.unwrap();
    assert_eq!((entries[0].problem.as_str(), entries[0].title.as_str()), ("rejected", "Team"));
}

#[tokio::test]
async fn a_wrong_key_is_said_and_nothing_else_happens() {
    let between = between().await;
    between.connect(&NewConnection { api_key: "cal_live_wrong".into(), ..new(Provider::CalCom) }).await;
    between.run().await;
    let seen = between.seen().await;
    assert_eq!((seen.state, seen.problem.as_str()), (ConnectionState::Broken, "refused"));
    assert!(between.double.world().hooks.is_empty());
}

#[tokio::test]
async fn a_signed_ring_brings_the_next_run_forward_and_no_other_ring_does() {
    let between = between().await;
    let clinic = &between.desk.clinic;
    between.connect(&new(Provider::CalCom)).await;
    between.run().await;
    let hook = between.double.world().hooks.values().next().cloned().expect("a bell hangs there");
    let address = hook["subscriberUrl"].as_str().unwrap();
    let bell = address.rsplit('/').next().unwrap();
    let body =
        br#"{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-11-24T07:00:00.000Z","payload":{"uid":"uid12","status":"ACCEPTED"}}"#;
    let key = hmac::Key::new(hmac::HMAC_SHA256, hook["secret"].as_str().unwrap().as_bytes());
    let signature = HEXLOWER.encode(hmac::sign(&key, body).as_ref());
    let other = HEXLOWER.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"guessed"), body).as_ref());
    let elsewhere = bell.replace(&bell[..8], "00000000");
    for (bell, signature) in [(bell, other.as_str()), (bell, ""), ("nobody", signature.as_str()), (elsewhere.as_str(), signature.as_str())]
    {
        assert!(matches!(sync::rung(&clinic.state, bell, Ring { signature, body, ..Ring::default() }).await, Err(Error::NotFound)));
    }
    assert!(between.seen().await.next_in_seconds.unwrap() > 200);
    sync::rung(&clinic.state, bell, Ring { signature: &signature, body, ..Ring::default() }).await.unwrap();
    assert!(between.seen().await.next_in_seconds.unwrap() <= 2);
    let mut tx = clinic.tx(between.jan()).await;
    let connection = between.seen().await.id;
    sync::end(&mut tx, connection).await.unwrap();
    tx.commit().await.unwrap();
    between.run().await;
    assert!(between.double.world().hooks.is_empty(), "it was taken down");
}
