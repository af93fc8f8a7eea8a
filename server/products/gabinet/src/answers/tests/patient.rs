//! A patient is in one place at a time: what is offered, what is earliest, and what stands against a time.

use platform::Error;
use services::calendar::slots;

use super::*;
use crate::{
    answers::earliest_among,
    appointments::{availability, availability_among, earliest},
};

#[tokio::test]
async fn when_the_patient_has_something_else_nothing_is_offered_and_why_not_names_it() {
    let desk = desk().await;
    desk.book(0, desk.lis, "2026-11-24T09:00:00Z").await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let asked = |patient: Option<EntityId>| AvailabilityQuestion {
        location: desk.clinic.location,
        treatment: desk.treatment,
        employee: Some(desk.kania),
        patient,
        from: tuesday(),
        to: tuesday(),
        moving: None,
        further: Vec::new(),
        channel: Default::default(),
    };
    let starts = |free: appointments::Availability| free.available_slots.into_iter().map(|slot| slot.start).collect::<Vec<_>>();
    let anybody = starts(availability(&mut tx, &asked(None)).await.expect("free times"));
    let theirs = starts(availability(&mut tx, &asked(Some(desk.patients[0]))).await.expect("free times"));
    let during = (utc("2026-11-24T09:00:00Z"), theirs.iter().copied().find(|start| *start > utc("2026-11-24T09:00:00Z")).expect("later"));
    assert!(anybody.contains(&during.0), "Dr Kania is free then");
    assert!(theirs.iter().all(|start| anybody.contains(start)) && theirs.len() < anybody.len());
    assert!(!theirs.contains(&during.0));
    // The first that is offered to them is the earliest, by bits as by bookings.
    let first = earliest(&mut tx, &asked(Some(desk.patients[0]))).await.expect("asked").map(|slot| slot.start);
    assert_eq!(first, theirs.first().copied());
    let asked_why = WhyNotAsked {
        location: desk.clinic.location,
        treatment: desk.treatment,
        employee: Some(desk.kania),
        patient: Some(desk.patients[0]),
        start: during.0,
        moving: None,
        further: Vec::new(),
    };
    let why = why_not::why_not(&mut tx, &asked_why).await.expect("an answer");
    assert_eq!(why.obstacles.len(), 1, "{why:?}");
    let obstacle = &why.obstacles[0];
    assert_eq!((obstacle.rule, obstacle.resource), (slots::Rule::Busy, Some(desk.patients[0])));
    assert!(obstacle.resource_name.as_deref().is_some_and(|name| name.starts_with("Anna0")), "{obstacle:?}");
    assert!(obstacle.what.as_deref().is_some_and(|what| !what.is_empty()), "{obstacle:?}");
    assert!(obstacle.fixes.iter().any(|fix| matches!(fix, Fix::OtherTime(slot) if theirs.contains(&slot.start))));
    assert!(!obstacle.fixes.iter().any(|fix| matches!(fix, Fix::Colleague(_) | Fix::OtherPlace(_))), "nobody comes in their place");
    // Without the patient nothing stands against it.
    let nobody = why_not::why_not(&mut tx, &WhyNotAsked { patient: None, ..asked_why }).await.expect("an answer");
    assert!(nobody.free.is_some());
    let unknown = availability(&mut tx, &asked(Some(desk.lis))).await;
    assert!(matches!(unknown, Err(Error::NotFound)), "a practitioner is no patient");
}

#[tokio::test]
async fn times_are_told_of_any_set_of_practitioners_and_rooms() {
    let desk = desk().await;
    desk.book(0, desk.lis, "2026-11-24T09:00:00Z").await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let asked = AvailabilityQuestion {
        location: desk.clinic.location,
        treatment: desk.treatment,
        employee: None,
        patient: None,
        from: tuesday(),
        to: tuesday(),
        moving: None,
        further: Vec::new(),
        channel: Default::default(),
    };
    let all = availability(&mut tx, &asked).await.expect("free times").available_slots;
    let some = availability_among(&mut tx, &asked, &[desk.lis, desk.rooms[1]]).await.expect("free times").available_slots;
    assert!(!some.is_empty() && some.len() < all.len());
    assert!(some.iter().all(|slot| slot.employee_id == desk.lis && slot.resources.contains(&desk.rooms[1])));
    // Of the rooms none is named: any will do.
    let both = availability_among(&mut tx, &asked, &[desk.lis, desk.kania]).await.expect("free times").available_slots;
    assert_eq!(both, all);
    assert!(matches!(availability_among(&mut tx, &asked, &[desk.patients[0]]).await, Err(Error::NotFound)));
    // So are the earliest and the best, which are among those that are offered.
    for among in [vec![desk.lis, desk.rooms[1]], vec![desk.kania], vec![desk.rooms[0]]] {
        let free = availability_among(&mut tx, &asked, &among).await.expect("free times").available_slots;
        let first = earliest_among(&mut tx, &asked, &among).await.expect("the earliest").expect("there is one");
        assert_eq!(Some(&first), free.first());
        let best = best::best_among(&mut tx, &asked, &among).await.expect("the best").times;
        assert!(!best.is_empty());
        for time in best {
            assert!(free.iter().any(|slot| slot.start == time.slot.start), "{time:?}");
            assert!(!among.contains(&desk.rooms[1]) || time.slot.resources.contains(&desk.rooms[1]));
            assert!(!among.contains(&desk.kania) || time.slot.employee_id == desk.kania);
        }
    }
    assert!(matches!(earliest_among(&mut tx, &asked, &[desk.patients[0]]).await, Err(Error::NotFound)));
    assert!(matches!(best::best_among(&mut tx, &asked, &[desk.patients[0]]).await, Err(Error::NotFound)));
}
