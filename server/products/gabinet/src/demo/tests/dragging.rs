//! Drags of the demo's visits: what is told to the browser when one is lifted gives the verdict of the move's own door.

use platform::Error;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use services::{
    calendar::{Resource, slots::Why},
    hooks::{Bounds, MoveTo},
};

use super::*;

/// How many moves are tried.
const MOVES: usize = 400;
/// From this day on the demo has visits of two treatments and of treatments with rules.
const LATER: u64 = 14;

/// A random place for an event: near its own or anywhere in the range, with its own length or another, with whom it is or
/// with somebody else.
fn place(random: &mut StdRng, event: &Event, resources: &[Resource], from: DateTime<Utc>) -> MoveTo {
    let five = |steps: i64| TimeDelta::minutes(5 * steps);
    let start = match random.random_range(0..4) {
        0 => event.start,
        1 => event.start + five(random.random_range(-36..=36)),
        2 => event.start + TimeDelta::days(random.random_range(-2..=2)) + five(random.random_range(-6..=6)),
        _ => from + TimeDelta::days(random.random_range(0..24)) + five(random.random_range(84..190)),
    };
    let length = event.end - event.start;
    let length = if random.random_bool(0.2) { (length + five(random.random_range(-6..=12))).max(five(1)) } else { length };
    let kind = |id: EntityId| resources.iter().find(|resource| resource.id == id).map(|resource| resource.kind);
    let own = event.resources[random.random_range(0..event.resources.len())];
    let like: Vec<EntityId> = resources.iter().filter(|other| Some(other.kind) == kind(own)).map(|other| other.id).collect();
    let (resource_from, resource_to) = match random.random_range(0..6) {
        0..=2 => (None, None),
        3..=4 if !like.is_empty() => (Some(own), Some(like[random.random_range(0..like.len())])),
        _ => (Some(own), Some(resources[random.random_range(0..resources.len())].id)),
    };
    MoveTo { version: event.version, start, end: start + length, resource_from, resource_to, overbook_reason: None, back: false }
}

#[tokio::test]
async fn a_drag_is_judged_in_the_browser_as_its_drop_is_by_the_server() {
    let (_clinic, state, tenant) = furnished("2026-11-24T09:30:00Z").await;
    let seed = std::time::UNIX_EPOCH.elapsed().map_or(1, |age| age.as_micros() as u64);
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut tx = Tx::begin_for_system(&state, tenant.organization, Door::Demo).await.expect("begun");
    let today = tx.now().with_timezone(&chrono_tz::Europe::Warsaw).date_naive();
    let (from, to) = (today - TimeDelta::days(1), today + TimeDelta::days(30));
    let view = services::calendar::range(&mut tx, tenant.location, from, to).await.expect("a month");
    drop(tx);
    let begins = view.zone.day_start(from);
    let movable = |event: &&Event| !event.status.is_terminal() && event.status != Status::Held && !event.resources.is_empty();
    let later = view.zone.day_start(today + Days::new(LATER));
    let (soon, late): (Vec<&Event>, Vec<&Event>) = view.events.iter().filter(movable).partition(|event| event.start < later);
    assert!(soon.len() > 20 && late.len() > 5, "{} and {}", soon.len(), late.len());
    let bounds = Bounds { from, to, copy: false };
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..MOVES {
        let among = if random.random_bool(0.6) { &soon } else { &late };
        let event = among[random.random_range(0..among.len())];
        let to = place(&mut random, event, &view.resources, begins);
        // What is done is not kept: each drag begins on the same board.
        let mut tx = Tx::begin_for_system(&state, tenant.organization, Door::Demo).await.expect("begun");
        let carried = moves::carried(&mut tx, event.id, &bounds).await.expect("an answer").expect("both modules tell");
        if !carried.knows(to.start) {
            continue;
        }
        let against: Vec<Why> = carried.verdict(to.start, to.end, (to.resource_from, to.resource_to));
        let moved = match moves::move_to(&mut tx, event.id, &to).await {
            Ok(_) => Ok(()),
            Err(error @ (Error::Conflict(_) | Error::Invalid(_))) => Err(error),
            Err(error) => panic!("{to:?}: {error}"),
        };
        assert_eq!(against.is_empty(), moved.is_ok(), "{event:?}\nto {to:?}\nthe browser: {against:?}\nthe server: {moved:?}");
        if moved.is_ok() { accepted += 1 } else { refused += 1 }
    }
    println!("{accepted} accepted, {refused} refused");
    assert!(accepted > MOVES / 20 && refused > MOVES / 20, "both were tried");
}
