//! What somebody has just done and takes back: a move, a step.

use super::{several::two, together::kos, *};
use crate::appointments::{Appointment, details};
use platform::{State, Tx, sessions::Identity, state::Clock, tx::Door};
use services::calendar::moves;

/// Moves it in the calendar as `who`; kept if it was possible.
async fn send(desk: &Desk, who: &Identity, visit: EntityId, change: impl FnOnce(MoveTo) -> MoveTo) -> Result<Appointment> {
    let mut tx = desk.clinic.tx(who).await;
    let seen = get(&mut tx, visit).await?;
    let to = MoveTo {
        version: seen.version,
        start: seen.start,
        end: seen.end,
        resource_from: None,
        resource_to: None,
        overbook_reason: None,
        back: false,
    };
    moves::move_to(&mut tx, seen.activity, &change(to)).await?;
    let moved = get(&mut tx, visit).await?;
    tx.commit().await?;
    Ok(moved)
}

/// To an hour from there.
fn hour(start: &str) -> impl FnOnce(MoveTo) -> MoveTo {
    let start = utc(start);
    move |to| MoveTo { start, end: start + chrono::TimeDelta::hours(1), ..to }
}

fn back(to: &Appointment) -> impl FnOnce(MoveTo) -> MoveTo + use<> {
    let (start, end) = (to.start, to.end);
    move |asked| MoveTo { start, end, back: true, ..asked }
}

fn code<T: std::fmt::Debug>(answer: Result<T>) -> String {
    answer.expect_err("refused").code().to_owned()
}

#[tokio::test]
async fn a_move_goes_back_to_where_no_visit_could_be_moved_to_by_now() {
    let desk = desk().await;
    let ewa = &desk.clinic.ewa;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let moved = send(&desk, ewa, visit.id, hour("2026-11-24T12:00:00Z")).await.expect("moved");
    // From now on Dr Lis begins at noon.
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let weekly = (1..=7).map(|weekday| Weekly { weekday, kind: WeeklyKind::Window, starts: 720, ends: 960, ..Weekly::default() });
    let known = hours::get(&mut tx, desk.employee).await.expect("hours");
    hours::set(&mut tx, desk.employee, &WorkingHours { weekly: weekly.collect(), dates: known.dates }).await.expect("hours");
    tx.commit().await.expect("committed");
    assert_eq!(code(send(&desk, ewa, visit.id, hour("2026-11-24T09:00:00Z")).await), "unavailable");
    // Nobody else takes it back, and it goes nowhere else.
    assert_eq!(code(send(&desk, &desk.clinic.anna, visit.id, back(&visit)).await), "transition");
    let elsewhere = Appointment { start: utc("2026-11-24T09:30:00Z"), ..visit.clone() };
    assert_eq!(code(send(&desk, ewa, visit.id, back(&elsewhere)).await), "transition");
    let undone = send(&desk, ewa, visit.id, back(&visit)).await.expect("it stood there by right");
    assert_eq!((undone.start, undone.end, &undone.resources), (visit.start, visit.end, &visit.resources));
    let again = send(&desk, ewa, visit.id, back(&moved)).await.expect("done again");
    assert_eq!(again.start, moved.start);
    let mut tx = desk.clinic.tx(ewa).await;
    let told = details(&mut tx, visit.id).await.expect("details").history;
    assert_eq!(told.iter().map(|entry| entry.verb.as_str()).collect::<Vec<_>>(), ["moved", "moved", "moved", "booked"]);
}

#[tokio::test]
async fn several_moves_are_taken_back_in_turn_and_done_again_until_somebody_else_moves_it() {
    let desk = desk().await;
    let ewa = &desk.clinic.ewa;
    let first = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    let second = send(&desk, ewa, first.id, hour("2026-11-24T10:00:00Z")).await.expect("moved");
    let third = send(&desk, ewa, first.id, hour("2026-11-24T12:00:00Z")).await.expect("moved");
    for former in [&second, &first] {
        assert_eq!(send(&desk, ewa, first.id, back(former)).await.expect("in turn").start, former.start);
    }
    for later in [&second, &third] {
        assert_eq!(send(&desk, ewa, first.id, back(later)).await.expect("done again").start, later.start);
    }
    send(&desk, &desk.clinic.anna, first.id, hour("2026-11-24T10:00:00Z")).await.expect("moved by somebody else");
    assert_eq!(code(send(&desk, ewa, first.id, back(&first)).await), "transition");
}

#[tokio::test]
async fn whoever_had_a_visit_gets_it_back_in_turn_also_where_it_stayed_at_its_time() {
    let two = two(|_| {}).await;
    let (lis, sowa, kos) = (two.desk.employee, two.sowa, kos(&two).await);
    let (desk, ewa) = (&two.desk, &two.desk.clinic.ewa);
    let visit = desk.book(&Book { treatment: two.peel, ..desk.visit(0, "2026-11-24T12:00:00Z") }).await.expect("booked");
    let given = |from: EntityId, into: EntityId, back: bool| {
        move |to: MoveTo| MoveTo { resource_from: Some(from), resource_to: Some(into), back, ..to }
    };
    for (from, into, back) in [(lis, sowa, false), (sowa, kos, false), (kos, sowa, true), (sowa, lis, true), (lis, sowa, true)] {
        assert_eq!(send(desk, ewa, visit.id, given(from, into, back)).await.expect("theirs by now").employee, into);
    }
}

#[tokio::test]
async fn a_move_over_something_is_undone_and_done_again_without_a_reason() {
    let desk = desk().await;
    let ewa = &desk.clinic.ewa;
    let under = desk.book(&desk.visit(0, "2026-11-24T08:00:00Z")).await.expect("booked");
    let visit = desk.book(&desk.visit(1, "2026-11-24T12:00:00Z")).await.expect("booked");
    let over = |to: MoveTo| MoveTo { overbook_reason: Some("she is in pain".into()), ..hour("2026-11-24T08:00:00Z")(to) };
    let moved = send(&desk, ewa, visit.id, over).await.expect("over the other");
    let undone = send(&desk, ewa, visit.id, back(&visit)).await.expect("undone");
    assert_eq!((undone.start, undone.overbook_reason.as_deref()), (visit.start, None));
    let again = send(&desk, ewa, visit.id, back(&moved)).await.expect("done again");
    assert_eq!((again.start, again.overbook_reason.as_deref()), (under.start, Some("she is in pain")));
}

#[tokio::test]
async fn a_move_does_not_go_back_over_who_has_taken_the_place_or_the_patients_time() {
    let desk = desk().await;
    let ewa = &desk.clinic.ewa;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    send(&desk, ewa, visit.id, hour("2026-11-24T12:00:00Z")).await.expect("moved");
    let other = desk.book(&desk.visit(1, "2026-11-24T09:00:00Z")).await.expect("booked");
    let Err(Error::Conflict(refused)) = send(&desk, ewa, visit.id, back(&visit)).await else { panic!("somebody is there") };
    assert_eq!(refused.code, "unavailable");
    assert!(refused.reasons.iter().any(|reason| reason.rule == "busy" && reason.resource == Some(desk.employee)));
    desk.step(other.id, Status::Cancelled).await.expect("cancelled");
    send(&desk, ewa, visit.id, back(&visit)).await.expect("the place is free again");
}

#[tokio::test]
async fn a_slip_at_the_desk_is_taken_back_by_whoever_made_it_before_anything_else_happens() {
    let desk = desk().await;
    let ewa = &desk.clinic.ewa;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let step = async |who: &Identity, to: Status, later: i64| {
        let clock = Clock::starting_at(desk.clinic.state.clock.now() + chrono::TimeDelta::minutes(later));
        let state = State { clock, ..desk.clinic.state.clone() };
        let mut tx = Tx::begin(&state, who, Door::Screen).await.expect("they are members");
        let version = get(&mut tx, visit.id).await?.version;
        let visit = transition(&mut tx, visit.id, &Transition { version, to, reason: String::new() }).await?;
        tx.commit().await?;
        Ok::<_, Error>(visit)
    };
    step(ewa, Status::Confirmed, 0).await.expect("confirmed");
    step(ewa, Status::CheckedIn, 1).await.expect("checked in");
    assert_eq!(code(step(&desk.clinic.anna, Status::Confirmed, 2).await), "transition");
    assert_eq!(code(step(ewa, Status::Scheduled, 2).await), "transition");
    let back = step(ewa, Status::Confirmed, 2).await.expect("a slip");
    assert_eq!(back.status, Status::Confirmed);
    let mut tx = desk.clinic.tx(ewa).await;
    let told = details(&mut tx, visit.id).await.expect("details");
    assert!(told.confirmed_at.is_some() && told.checked_in_at.is_none());
    assert_eq!(told.history.first().map(|entry| entry.verb.as_str()), Some("taken_back"));
    drop(tx);
    // What came before it is not the last thing that happened any more, and eleven minutes later it is too late.
    assert_eq!(code(step(ewa, Status::Scheduled, 3).await), "transition");
    step(ewa, Status::CheckedIn, 4).await.expect("checked in");
    assert_eq!(code(step(ewa, Status::Confirmed, 15).await), "transition");
}
