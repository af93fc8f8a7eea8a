//! Holds: seen by others, in nobody's own way, over after five minutes.

use super::*;
use crate::appointments::{HoldTime, holds};

fn wanted(desk: &Desk, id: Option<EntityId>, start: &str) -> HoldTime {
    HoldTime {
        id,
        treatment: desk.treatment,
        employee: desk.employee,
        patient: None,
        resources: None,
        location: desk.clinic.location,
        start: utc(start),
        further: Vec::new(),
    }
}

async fn hold(desk: &Desk, who: &platform::sessions::Identity, wanted: &HoldTime) -> Result<crate::appointments::Hold> {
    let mut tx = desk.clinic.tx(who).await;
    let hold = holds::hold(&mut tx, wanted).await?;
    tx.commit().await?;
    Ok(hold)
}

/// Makes a hold as if it had been made six minutes ago.
async fn age(desk: &Desk, id: EntityId) {
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let before = tx.now() - chrono::TimeDelta::minutes(1);
    for statement in [
        "update gabinet_holds set expires_at = $2 where id = $1",
        "update scheduled_activities set expires_at = $2 where id = $1",
        "update resource_bookings set held_until = $2 where activity_id = $1",
    ] {
        sqlx::query(statement).bind(id).bind(before).execute(tx.conn()).await.expect("aged");
    }
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn a_hold_is_told_by_its_holders_name_and_becomes_the_holders_visit() {
    let desk = desk().await;
    let held = hold(&desk, &desk.clinic.anna, &wanted(&desk, None, "2026-11-24T09:00:00Z")).await.expect("held");
    assert_eq!(held.resources.len(), 3);
    let Err(Error::Conflict(refusal)) = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await else { panic!("booked") };
    assert!(!refusal.reasons.is_empty() && refusal.reasons.iter().all(|why| why.rule == "held"), "{:?}", refusal.reasons);
    assert_eq!(refusal.reasons[0].resource_name.as_deref(), Some("Anna Lipowska"));
    assert_eq!(refusal.reasons[0].to, Some(held.expires_at));

    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let day = "2026-11-24".parse().expect("a date");
    let view = services::calendar::range(&mut tx, desk.clinic.location, day, day.succ_opt().expect("a day")).await.expect("the day");
    let event = view.events.iter().find(|event| event.id == held.id).expect("colleagues see it");
    assert_eq!((event.status, event.title.as_str()), (Status::Held, "Anna Lipowska"));
    let asked = AvailabilityQuestion {
        location: desk.clinic.location,
        treatment: desk.treatment,
        employee: None,
        patient: None,
        from: day,
        to: day,
        moving: Some(held.id),
        further: Vec::new(),
        channel: Default::default(),
    };
    assert_eq!(availability(&mut tx, &asked).await.expect_err("it is not Ewa's").status(), 404);
    drop(tx);
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let free = availability(&mut tx, &asked).await.expect("free times").available_slots;
    assert!(free.iter().any(|slot| slot.start == held.start), "one's own hold stands in nobody's way");
    let visit = book(&mut tx, &Book { hold: Some(held.id), ..desk.visit(0, "2026-11-24T09:00:00Z") }).await.expect("booked");
    tx.commit().await.expect("committed");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let view = services::calendar::range(&mut tx, desk.clinic.location, day, day.succ_opt().expect("a day")).await.expect("the day");
    assert_eq!(view.events.iter().map(|event| event.id).collect::<Vec<_>>(), [visit.activity], "the hold has become the visit");
}

#[tokio::test]
async fn of_a_hold_those_who_may_not_see_treatments_learn_that_the_time_is_taken() {
    let desk = desk().await;
    let held = hold(&desk, &desk.clinic.anna, &wanted(&desk, None, "2026-11-24T09:00:00Z")).await.expect("held");
    let day = "2026-11-24".parse().expect("a date");
    for (who, told) in [(&desk.clinic.ewa, true), (&desk.clinic.marek, false)] {
        let mut tx = desk.clinic.tx(who).await;
        let view = services::calendar::range(&mut tx, desk.clinic.location, day, day.succ_opt().expect("a day")).await.expect("the day");
        let event = view.events.iter().find(|event| event.id == held.id).expect("everybody sees that it is taken");
        assert_eq!((!event.title.is_empty(), !event.face.line.is_empty(), !event.face.place.is_empty()), (told, told, told));
        let seen = services::calendar::activities::see(&mut tx, held.id).await.expect("seen");
        assert_eq!((!seen.title.is_empty(), !seen.face.line.is_empty()), (told, told));
        assert!(!services::calendar::rights::makeable(&tx).contains(&crate::HOLD.to_owned()), "forms hold, people do not");
    }
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let step = services::hooks::StatusChange { version: 1, to: Status::Cancelled, reason: String::new() };
    let refused = services::calendar::moves::set_status(&mut tx, held.id, &step).await.expect_err("no calendar changes a hold");
    assert_eq!(refused.status(), 404);
}

#[tokio::test]
async fn a_hold_moves_with_the_form_and_is_given_back_when_it_closes() {
    let desk = desk().await;
    let id = EntityId::new();
    hold(&desk, &desk.clinic.anna, &wanted(&desk, Some(id), "2026-11-24T09:00:00Z")).await.expect("held");
    hold(&desk, &desk.clinic.anna, &wanted(&desk, Some(id), "2026-11-24T13:00:00Z")).await.expect("brought along");
    hold(&desk, &desk.clinic.anna, &wanted(&desk, Some(id), "2026-11-24T13:00:00Z")).await.expect("and kept");
    desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("what it left is free");
    desk.book(&desk.visit(1, "2026-11-24T13:00:00Z")).await.expect_err("what it took is not");
    let stolen = hold(&desk, &desk.clinic.ewa, &wanted(&desk, Some(id), "2026-11-25T13:00:00Z")).await.expect_err("Anna's");
    assert_eq!(stolen.status(), 404);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert_eq!(holds::release(&mut tx, id).await.expect_err("Anna's").status(), 404);
    drop(tx);
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    holds::release(&mut tx, id).await.expect("given back");
    assert_eq!(holds::release(&mut tx, id).await.expect_err("there is none any more").status(), 404);
    tx.commit().await.expect("committed");
    desk.book(&desk.visit(1, "2026-11-24T13:00:00Z")).await.expect("free again");
}

/// Waits until some transaction of this clinic waits for another one.
async fn until_one_waits(desk: &Desk) {
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    for _ in 0..1500 {
        let ask = "select count(*) from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())";
        let waiting: i64 = sqlx::query_scalar(ask).fetch_one(tx.conn()).await.expect("an answer");
        if waiting > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("nobody waits");
}

#[tokio::test]
async fn a_booking_that_is_sent_while_its_own_hold_is_being_made_becomes_the_visit() {
    let desk = std::sync::Arc::new(desk().await);
    let (id, start) = (EntityId::new(), "2026-11-24T09:00:00Z");
    let mut making = desk.clinic.tx(&desk.clinic.anna).await;
    holds::hold(&mut making, &wanted(&desk, Some(id), start)).await.expect("held");
    let booking = tokio::spawn({
        let desk = desk.clone();
        async move {
            let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
            let visit = book(&mut tx, &Book { hold: Some(id), ..desk.visit(0, start) }).await?;
            tx.commit().await?;
            Ok::<_, Error>(visit)
        }
    });
    until_one_waits(&desk).await;
    making.commit().await.expect("committed");
    let visit = booking.await.expect("no panic").expect("its own hold is not in its way");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert_eq!(holds::own(&mut tx, id).await.expect("an answer"), None, "the hold has become the visit");
    assert_eq!(get(&mut tx, visit.id).await.expect("there").start, utc(start));
}

#[tokio::test]
async fn a_hold_that_is_given_back_while_it_is_being_made_does_not_stay() {
    let desk = std::sync::Arc::new(desk().await);
    let (id, start) = (EntityId::new(), "2026-11-24T09:00:00Z");
    let mut making = desk.clinic.tx(&desk.clinic.anna).await;
    holds::hold(&mut making, &wanted(&desk, Some(id), start)).await.expect("held");
    let giving = tokio::spawn({
        let desk = desk.clone();
        async move {
            let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
            holds::release(&mut tx, id).await?;
            tx.commit().await
        }
    });
    until_one_waits(&desk).await;
    making.commit().await.expect("committed");
    giving.await.expect("no panic").expect("given back");
    desk.book(&desk.visit(0, start)).await.expect("free again");
    let again = hold(&desk, &desk.clinic.anna, &wanted(&desk, Some(id), "2026-11-24T13:00:00Z")).await.expect_err("no id is used twice");
    assert_eq!(again.code(), "duplicate");
}

#[tokio::test]
async fn what_has_run_out_is_free_at_once_and_swept_later() {
    let desk = desk().await;
    let held = hold(&desk, &desk.clinic.anna, &wanted(&desk, None, "2026-11-24T09:00:00Z")).await.expect("held");
    age(&desk, held.id).await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let day = "2026-11-24".parse().expect("a date");
    let view = services::calendar::range(&mut tx, desk.clinic.location, day, day.succ_opt().expect("a day")).await.expect("the day");
    assert!(view.events.is_empty(), "nobody sees it any more");
    drop(tx);
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("free at once");
    assert_eq!(visit.status, Status::Scheduled);
    let late = hold(&desk, &desk.clinic.anna, &wanted(&desk, Some(held.id), "2026-11-24T09:00:00Z")).await.expect_err("too late");
    assert!(!rules(late).is_empty());
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let book_late = book(&mut tx, &Book { hold: Some(held.id), ..desk.visit(1, "2026-11-25T09:00:00Z") }).await;
    book_late.expect("a hold that has run out does no harm");
    drop(tx);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    // Its own timer may have been quicker; and what was refused above may be let go of only now.
    let mut swept = 0;
    for _ in 0..5 {
        swept += holds::sweep(&mut tx).await.expect("swept");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(swept <= 1);
    assert_eq!(holds::sweep(&mut tx).await.expect("swept"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_forms_on_one_time_at_once_one_holds_it() {
    let desk = std::sync::Arc::new(desk().await);
    for start in ["2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z", "2026-11-26T09:00:00Z"] {
        let tries: Vec<_> = (0..6)
            .map(|n| {
                let desk = desk.clone();
                tokio::spawn(async move {
                    let who = if n % 2 == 0 { &desk.clinic.anna } else { &desk.clinic.ewa };
                    if n < 4 {
                        hold(&desk, who, &wanted(&desk, None, start)).await.map(|_| ())
                    } else {
                        desk.book(&desk.visit(n, start)).await.map(|_| ())
                    }
                })
            })
            .collect();
        let mut had = 0;
        for one in tries {
            match one.await.expect("no panic") {
                Ok(()) => had += 1,
                Err(Error::Conflict(_)) => {}
                Err(error) => panic!("an unexpected answer: {error}"),
            }
        }
        assert_eq!(had, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_becomes_a_visit_lets_nobody_slip_in_between() {
    let desk = std::sync::Arc::new(desk().await);
    for day in 24..29 {
        let start = format!("2026-11-{day}T09:00:00Z");
        let held = hold(&desk, &desk.clinic.anna, &wanted(&desk, None, &start)).await.expect("held");
        let rivals: Vec<_> = (1..5)
            .map(|n| {
                let (desk, start) = (desk.clone(), start.clone());
                tokio::spawn(async move { desk.book(&desk.visit(n, &start)).await.map(|_| ()) })
            })
            .collect();
        let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
        book(&mut tx, &Book { hold: Some(held.id), ..desk.visit(0, &start) }).await.expect("the holder books");
        tx.commit().await.expect("committed");
        for rival in rivals {
            assert!(matches!(rival.await.expect("no panic"), Err(Error::Conflict(_))));
        }
    }
}
