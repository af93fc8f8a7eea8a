//! How long the search takes where it is longest: 50 practitioners, 30 days, 10 visits a day, and no gap that is long
//! enough before the last day. To be run with `--release`; prints milliseconds. Earliest must stay under 5.

use chrono::{DateTime, Duration, Utc};
use platform::id::EntityId;
use platform::time::{Interval, ZoneWindow};
use services::calendar::event::{Hours, ResourceKind};
use services::calendar::slots::{Align, Busy, Need, ResourceTime, Wish, earliest, slots, verdict};
use std::hint::black_box;
use std::time::Instant;
use uuid::Uuid;

const STAFF: u128 = 50;
const DAYS: i64 = 30;
const VISITS: i64 = 10;

fn main() {
    let base = DateTime::<Utc>::UNIX_EPOCH + Duration::days(20_000);
    let range = Interval { start: base, end: base + Duration::days(DAYS) };
    let zone = ZoneWindow { zone: "UTC".into(), offset: 0, from: range.start, to: range.end, changes: Vec::new() };
    let ids: Vec<EntityId> = (1..=STAFF).map(|n| EntityId(Uuid::from_u128(n))).collect();
    let times: Vec<ResourceTime> = ids.iter().map(|id| time(*id, base)).collect();
    let wish = Wish {
        minutes: 40,
        before: 0,
        after: 5,
        step: 15,
        align: Align::Window,
        needs: vec![Need { role: ResourceKind::Staff, sort_of: None, any_of: ids.clone(), segments: Vec::new(), within: None }],
        moving: None,
        now: Some(base),
        notice_minutes: 0,
        latest: None,
        ..Wish::default()
    };

    let first = earliest(&wish, &times, &zone, range);
    println!("earliest lies on day {:?}", first.map(|slot| (slot.start - base).num_days() + 1));
    measure("earliest", || earliest(&wish, &times, &zone, range).is_some());
    let short = Wish { minutes: 5, after: 0, ..wish.clone() };
    measure("slots (short treatment)", || slots(&short, &times, &zone, range).len());
    let start = base + Duration::days(DAYS / 2);
    measure("verdict on one", || verdict(&wish, &times, start, &ids[..1]).len());
}

/// Eight hours a day, full but for six minutes after each visit; the last day has a visit less.
fn time(resource: EntityId, base: DateTime<Utc>) -> ResourceTime {
    let mut windows = Vec::new();
    let mut busy = Vec::new();
    for day in (0..DAYS).rev() {
        let opening = base + Duration::days(day) + Duration::hours(8);
        windows.push(Interval { start: opening, end: opening + Duration::minutes(48 * VISITS) });
        for visit in 0..VISITS - i64::from(day == DAYS - 1) {
            let start = opening + Duration::minutes(48 * visit);
            let activity = EntityId(Uuid::from_u128(busy.len() as u128));
            busy.push(Busy { activity, start, end: start + Duration::minutes(38), before: 0, after: 4, seats: 1, session: None });
        }
    }
    let hours = Hours { resource, windows, always: false, closed: Vec::new() };
    ResourceTime { resource, role: ResourceKind::Staff, capacity: 1, hours, busy }
}

/// The median of many runs.
fn measure<T>(what: &str, run: impl Fn() -> T) {
    let mut times: Vec<f64> = (0..101)
        .map(|_| {
            let before = Instant::now();
            black_box(run());
            before.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{what}: {:.3} ms", times[times.len() / 2]);
}
