//! Leave on a real database.

use super::*;
use crate::hours::{
    ClosureInput, Decision, EntitlementInput, HolidayInput, ImportClosures, LeaveInput, LeaveKind, LeaveStatus, add_closure, add_leave,
    balances, cancel, decide, import, request_leave, set_entitlement,
};

fn days(from: &str, to: &str) -> LeaveInput {
    LeaveInput { from_date: date(from), to_date: date(to), ..LeaveInput::default() }
}

#[tokio::test]
async fn leave_is_asked_for_granted_and_only_then_takes_time() {
    let desk = desk().await;
    let mut jan = desk.clinic.tx(&desk.clinic.jan).await;
    assert_eq!(add_leave(&mut jan, desk.lis, &days("2026-12-07", "2026-12-08")).await.unwrap_err().code(), "denied");
    assert_eq!(request_leave(&mut jan, desk.sowa, &days("2026-12-07", "2026-12-08")).await.unwrap_err().code(), "denied");
    let asked = request_leave(&mut jan, desk.lis, &days("2026-12-07", "2026-12-08")).await.expect("asked for");
    assert_eq!(asked.status, LeaveStatus::Requested);
    assert_eq!(request_leave(&mut jan, desk.lis, &days("2026-12-08", "2026-12-09")).await.unwrap_err().code(), "duplicate");
    assert_eq!(decide(&mut jan, asked.id, &Decision { approve: true, note: String::new() }).await.unwrap_err().code(), "denied");
    jan.commit().await.expect("committed");
    let mut anna = desk.clinic.tx(&desk.clinic.anna).await;
    let (from, to) = (date("2026-12-07"), date("2026-12-09"));
    let away = async |tx: &mut platform::Tx| {
        let rota = week(tx, desk.clinic.location, from, to).await.expect("a rota");
        rota.rows.iter().find(|row| row.employee == desk.lis).map(|row| row.minutes).expect("Dr Lis")
    };
    assert_eq!(away(&mut anna).await, 900, "what is asked for takes nothing");
    decide(&mut anna, asked.id, &Decision { approve: true, note: "Enjoy".into() }).await.expect("granted");
    assert_eq!(away(&mut anna).await, 0);
    assert_eq!(decide(&mut anna, asked.id, &Decision { approve: false, note: String::new() }).await.unwrap_err().code(), "transition");
    anna.commit().await.expect("committed");
    let mut jan = desk.clinic.tx(&desk.clinic.jan).await;
    assert_eq!(cancel(&mut jan, asked.id).await.unwrap_err().code(), "transition", "what was granted is not simply taken back");
    drop(jan);
    let mut anna = desk.clinic.tx(&desk.clinic.anna).await;
    cancel(&mut anna, asked.id).await.expect("taken back");
    assert_eq!(away(&mut anna).await, 900);
}

#[tokio::test]
async fn the_balance_counts_working_dates_by_half_days_and_tells_taken_from_planned() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let mut set = WorkingHours { weekly: weekly(), dates: Vec::new() };
    set.weekly.retain(|weekly| weekly.weekday < 6);
    hours::set(&mut tx, desk.lis, &set).await.expect("hours");
    add_closure(&mut tx, &ClosureInput { location: None, on_date: date("2026-12-25"), name: "Christmas".into() }).await.expect("closed");
    let entitled = EntitlementInput { kind: LeaveKind::Holiday, year: 2026, half_days: Some(52) };
    set_entitlement(&mut tx, desk.lis, &entitled).await.expect("entitled");
    // Monday to Friday of a past week; over a weekend and a closure into the next year; a morning.
    add_leave(&mut tx, desk.lis, &days("2026-11-16", "2026-11-22")).await.expect("taken");
    add_leave(&mut tx, desk.lis, &days("2026-12-24", "2027-01-04")).await.expect("planned");
    let morning = LeaveInput { starts: Some(480), ends: Some(700), ..days("2026-12-10", "2026-12-10") };
    add_leave(&mut tx, desk.lis, &morning).await.expect("half a day");
    let holiday = |all: Vec<hours::Balance>| all.into_iter().find(|balance| balance.kind == LeaveKind::Holiday).expect("holidays");
    let balance = holiday(balances(&mut tx, desk.lis, 2026).await.expect("balances"));
    // 24 December, 28 to 31 December: five dates; and half of one.
    assert_eq!((balance.taken, balance.planned, balance.left), (10, 11, Some(31)));
    let next = holiday(balances(&mut tx, desk.lis, 2027).await.expect("balances"));
    assert_eq!((next.entitled, next.planned, next.left), (None, 4, None), "the first and the fourth of January");
    tx.commit().await.expect("committed");
    let mut ewa = desk.clinic.tx(&desk.clinic.ewa).await;
    assert_eq!(balances(&mut ewa, desk.lis, 2026).await.unwrap_err().code(), "denied", "another's");
}

#[tokio::test]
async fn of_sickness_colleagues_learn_the_dates_only() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let sick = LeaveInput { kind: LeaveKind::Sick, reason: "flu".into(), ..days("2026-11-24", "2026-11-25") };
    add_leave(&mut tx, desk.lis, &sick).await.expect("ill");
    tx.commit().await.expect("committed");
    for (who, kind, reason) in
        [(&desk.clinic.ewa, LeaveKind::Other, ""), (&desk.clinic.jan, LeaveKind::Sick, "flu"), (&desk.clinic.anna, LeaveKind::Sick, "flu")]
    {
        let mut tx = desk.clinic.tx(who).await;
        let seen = hours::leave(&mut tx, None, date("2026-11-24")).await.expect("leave").remove(0);
        assert_eq!((seen.kind, seen.reason.as_str()), (kind, reason));
    }
}

#[tokio::test]
async fn a_years_holidays_are_taken_over_once() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let holidays = hours::holidays::of(hours::holidays::Country::PL, 2027);
    let list = ImportClosures {
        location: Some(desk.clinic.location),
        holidays: holidays.into_iter().map(|holiday| HolidayInput { date: holiday.date, name: holiday.name }).collect(),
    };
    assert_eq!(import(&mut tx, &list).await.expect("taken over").len(), 14);
    assert!(import(&mut tx, &list).await.expect("taken over again").is_empty());
    let easter = week(&mut tx, desk.clinic.location, date("2027-03-29"), date("2027-03-30")).await.expect("a rota");
    assert_eq!(easter.rows[0].days[0].closure.as_deref(), Some("Poniedziałek Wielkanocny"));
    assert_eq!(easter.rows[0].minutes, 0);
}
