//! The masks say what the bookings say, whatever was done to them.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{id::EntityId, time::Interval};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use services::calendar::{
    Status,
    activities::{self, NewActivity, NewBooking},
    cells::page,
    masks,
    slots::Segment,
};
use sqlx::ConnectOptions;

use super::{Desk, at, desk};

/// Cells in which masks and bookings differ: set for no booking, or not set although one takes the whole cell and nothing
/// was given back there. Holds take none.
async fn differences(desk: &Desk) -> i64 {
    let mut owner = desk.clinic.database.owner().connect().await.unwrap();
    sqlx::query_scalar(
        "with wanted as (
             select b.organization_id, b.resource_id, c.page, bit_or(page_cells(c.from_cell, c.to_cell)) as cells
             from resource_bookings b cross join lateral cells_of(b.starts_at, b.ends_at) c
             where b.occupies and b.held_until is null group by 1, 2, 3
         ), freed as (
             select organization_id, resource_id, page, bit_or(page_cells(from_cell, to_cell)) as cells from resource_freed group by 1, 2, 3
         )
         select count(*) from wanted w
         full join resource_masks m using (organization_id, resource_id, page)
         left join freed f using (organization_id, resource_id, page)
         where (coalesce(w.cells, B'0'::bit(8064)) # coalesce(m.cells, B'0'::bit(8064))) & ~ coalesce(f.cells, B'0'::bit(8064)) <> B'0'::bit(8064)",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap()
}

/// The pages in which it lies.
fn pages(range: Interval) -> (i64, i64) {
    (page(range.start), page(range.end))
}

/// Minutes in which what the masks refuse is taken by nobody.
async fn refused_though_free(desk: &Desk, range: Interval, moving: Option<EntityId>) -> usize {
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let all = [desk.lis, desk.room, desk.laser];
    let masked = masks::masked(&mut tx, &all, pages(range), moving).await.unwrap();
    let mut taken = masks::taken(&mut tx, &all, range, moving).await.unwrap();
    let mut wrong = 0;
    for (resource, stretches) in masked {
        let mut busy = taken.remove(&resource).unwrap_or_default();
        busy.sort_unstable();
        for (from, to) in stretches.stretches() {
            let (from, to) = (from.max(range.start), to.min(range.end));
            let mut reached = from;
            for (start, end) in &busy {
                if *start <= reached {
                    reached = reached.max(*end);
                }
            }
            wrong += usize::from(from < to && reached < to);
        }
    }
    wrong
}

/// Something to be booked somewhere in ten weeks, of odd lengths too, over night and over days.
fn random(desk: &Desk, random: &mut StdRng) -> NewActivity {
    let start = at("00:00") - TimeDelta::days(3) + TimeDelta::minutes(random.random_range(0..70 * 288) * 5 + random.random_range(0..2) * 3);
    let minutes = *[4, 7, 15, 30, 45, 60, 90, 400, 1500, 9000].choose(random).unwrap();
    let mut new = desk.hour(start);
    new.end = start + TimeDelta::minutes(minutes);
    new.bookings.retain(|_| random.random_bool(0.7));
    for booking in &mut new.bookings {
        *booking = NewBooking::throughout(booking.resource, random.random_range(0..3) * 5, random.random_range(0..4) * 4);
        if minutes == 90 && random.random_bool(0.5) {
            booking.segments = vec![Segment { from: 0, to: 20 }, Segment { from: 60, to: 90 }];
        }
    }
    new.overbook = random.random_bool(0.2);
    new
}

#[tokio::test]
async fn masks_are_what_is_booked_after_any_bookings_moves_cancellations_and_holds() {
    let desk = desk().await;
    let mut rng = StdRng::seed_from_u64(23);
    let mut made: Vec<EntityId> = Vec::new();
    let range = Interval { start: at("00:00") - TimeDelta::days(5), end: at("00:00") + TimeDelta::days(80) };
    for round in 0..300 {
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let known = made.choose(&mut rng).copied();
        let (what, stays) = (rng.random_range(0..9), rng.random_bool(0.85));
        let new = random(&desk, &mut rng);
        let done = match (what, known) {
            (0..=3, _) | (_, None) => {
                made.push(new.id);
                activities::insert(&mut tx, &new).await
            }
            (4, Some(_)) => {
                // Held for five minutes, which pass or do not.
                let held = NewActivity { status: Status::Held, ..new };
                match activities::insert(&mut tx, &held).await {
                    Ok(()) => activities::hold_until(&mut tx, held.id, at("07:00") + TimeDelta::minutes(rng.random_range(-5..5))).await,
                    refused => refused,
                }
            }
            (5, Some(id)) => activities::remove(&mut tx, &[id]).await,
            (6, Some(id)) => match activities::get(&mut tx, id).await {
                Ok(before) => {
                    let to = if before.status == Status::Cancelled { Status::Scheduled } else { Status::Cancelled };
                    activities::set_status(&mut tx, id, before.version, to).await.map(|_| ())
                }
                Err(gone) => Err(gone),
            },
            (_, Some(id)) => match activities::get(&mut tx, id).await {
                Ok(before) => {
                    let bookings = rng.random_bool(0.5).then_some(new.bookings);
                    activities::reschedule(&mut tx, id, before.version, (new.start, new.end), bookings, new.overbook).await.map(|_| ())
                }
                Err(gone) => Err(gone),
            },
        };
        if done.is_ok() && stays {
            tx.commit().await.unwrap();
        } else {
            drop(tx);
        }
        if round % 20 == 19 {
            assert_eq!(differences(&desk).await, 0, "after round {round}");
            for moving in [None, made.choose(&mut rng).copied()] {
                assert_eq!(refused_though_free(&desk, range, moving).await, 0, "after round {round}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_given_back_is_free_at_once_and_what_is_booked_next_is_seen() {
    let desk = desk().await;
    let range = Interval { start: at("08:00"), end: at("18:00") };
    let masked = async || -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let masked = masks::masked(&mut tx, &[desk.lis], pages(range), None).await.unwrap().remove(&desk.lis);
        masked.map(|cells| cells.stretches()).unwrap_or_default()
    };
    assert!(masked().await.is_empty());
    let first = desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    desk.insert(&desk.hour(at("11:00"))).await.unwrap();
    assert_eq!(masked().await, [(at("10:00"), at("12:00"))]);
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let own = masks::masked(&mut tx, &[desk.lis], pages(range), Some(first.id)).await.unwrap();
    assert_eq!(own[&desk.lis].stretches(), [(at("11:00"), at("12:00"))], "what is moved is not in its own way");
    activities::set_status(&mut tx, first.id, first.version, Status::Cancelled).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(masked().await, [(at("11:00"), at("12:00"))]);
    desk.insert(&desk.hour(at("09:30"))).await.unwrap();
    assert_eq!(masked().await, [(at("09:30"), at("10:30")), (at("11:00"), at("12:00"))]);
    assert_eq!(differences(&desk).await, 0);
}
