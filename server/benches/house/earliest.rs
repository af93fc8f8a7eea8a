//! The earliest time over everybody of a clinic that is busy for a quarter of a year.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{Days, NaiveDate};
use gabinet::{answers::earliest, appointments::AvailabilityQuestion};
use platform::id::EntityId;

use crate::{
    measure::{Side, alone},
    report::Report,
    world::{Clinic, World},
};

/// Its number in `busy.sql`.
const BUSY: u64 = 70;
/// Where the server's clock stands.
const TODAY: &str = "2026-11-24";

/// Flat is what loses at most three tenths of its rate where there are a hundred times the events and ten times the tenants.
const FLAT: f64 = 1.0 / 0.7;

/// Beside few tenants and beside many.
pub async fn measure(report: &mut Report, small: &World, large: &World) {
    let few = beside(report, small).await;
    let many = beside(report, large).await;
    for (what, few, many) in [("cold", &few.0, &many.0), ("warm", &few.1, &many.1), ("only the ninetieth day", &few.2, &many.2)] {
        let times = many.percentile(50) / few.percentile(50);
        report.at_most(&format!("earliest, {what}: median beside many tenants, to that beside few"), times, FLAT, "times");
    }
}

/// Cold, warm, and where nothing is free before the last day.
async fn beside(report: &mut Report, world: &World) -> (Side, Side, Side) {
    let began = Instant::now();
    world.run(include_str!("busy.sql")).await;
    let clinic = Clinic::number(BUSY);
    let visits: i64 = sqlx::query_scalar("select count(distinct activity_id) from resource_bookings where organization_id = $1")
        .bind(clinic.organization)
        .fetch_one(&world.owner)
        .await
        .expect("they are counted");
    eprintln!("a busy clinic of {visits} visits, filled in {:.0} s", began.elapsed().as_secs_f64());
    assert!((198_000..202_000).contains(&visits), "{visits} visits");

    let cold = by_new_servers(world, &clinic, clinic.consultation).await;
    let beside = world.events;
    let what = format!("earliest of 50 people, 20 rooms, 10 devices, 90 days, 200,000 visits, beside {beside} events, cold");
    report.within(&what, &cold, 10.0);
    report.within("the same where only the ninetieth day has room", &by_new_servers(world, &clinic, clinic.injection).await, 10.0);

    let warm = from_any_day(world, &clinic, clinic.consultation).await;
    report.within("earliest of the same, warm", &warm, 10.0);
    // Here every window is read: nothing this long is free before the last evening.
    let last = from_any_day(world, &clinic, clinic.injection).await;
    report.within("the same where only the ninetieth day has room", &last, 10.0);
    (cold, warm, last)
}

/// Each time by a server that has just started: nothing has been read by it, of nobody.
async fn by_new_servers(world: &World, clinic: &Clinic, treatment: EntityId) -> Side {
    let mut cold = Vec::new();
    for day in 0..100 {
        let fresh = world.fresh().await;
        let day = if treatment == clinic.injection { 0 } else { day % 30 };
        let began = Instant::now();
        let mut tx = fresh.tx(clinic).await;
        assert!(earliest(&mut tx, &asked(clinic, treatment, day)).await.expect("an answer").is_some());
        cold.push(began.elapsed().as_secs_f64());
        drop(tx);
        fresh.state.pool.close().await;
    }
    Side::of(cold)
}

/// From one day after the other, so that no answer is the one before.
async fn from_any_day(world: &World, clinic: &Clinic, treatment: EntityId) -> Side {
    let next = Arc::new(AtomicUsize::new(0));
    let (world, clinic) = (world.clone(), clinic.clone());
    alone(1, Duration::from_secs(4), move |_| {
        let (world, clinic) = (world.clone(), clinic.clone());
        let day = next.fetch_add(1, Ordering::Relaxed) as u64 % if treatment == clinic.injection { 1 } else { 60 };
        async move {
            let mut tx = world.tx(&clinic).await;
            assert!(earliest(&mut tx, &asked(&clinic, treatment, day)).await.expect("an answer").is_some());
        }
    })
    .await
}

fn asked(clinic: &Clinic, treatment: EntityId, day: u64) -> AvailabilityQuestion {
    let today: NaiveDate = TODAY.parse().expect("a date");
    AvailabilityQuestion {
        location: clinic.location,
        treatment,
        employee: None,
        patient: None,
        from: today + Days::new(day),
        to: today + Days::new(89.max(day)),
        moving: None,
        further: Vec::new(),
        channel: Default::default(),
    }
}
