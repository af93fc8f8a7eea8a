//! Working time on a real database.

use super::*;
use crate::working_time::{WorkedInput, add_worked, month};

#[tokio::test]
async fn a_month_tells_planned_and_real_minutes_and_what_the_contract_says() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let clocked = WorkedInput { start: utc("2026-11-20T07:00:00Z"), end: utc("2026-11-20T16:00:00Z"), note: String::new() };
    add_worked(&mut tx, desk.lis, &clocked).await.expect("written down");
    assert_eq!(add_worked(&mut tx, desk.lis, &clocked).await.unwrap_err().code(), "duplicate");
}

#[tokio::test]
async fn minutes_are_real_ones_also_when_the_clock_is_put_back() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    // A night from Saturday to Sunday, 22 to 6.
    let night = Weekly { weekday: 6, starts: 1320, ends: 360, ..Weekly::default() };
    hours::set(&mut tx, desk.lis, &WorkingHours { weekly: vec![night], dates: Vec::new() }).await.expect("hours");
    let clocked = WorkedInput { start: utc("2026-10-24T20:00:00Z"), end: utc("2026-10-25T06:00:00Z"), note: String::new() };
    add_worked(&mut tx, desk.lis, &clocked).await.expect("written down");
    let october = month(&mut tx, desk.lis, date("2026-10-15")).await.expect("a month");
    let day = |on: &str| october.days.iter().find(|day| day.date == date(on)).expect("a date");
    assert_eq!(day("2026-10-24").planned, 120, "two hours before midnight");
    // Midnight to six with an hour twice, and one hour more.
    assert_eq!((day("2026-10-25").planned, day("2026-10-25").worked, day("2026-10-25").over), (420, 480, 60));
    // Five Saturdays: the last one's night ends in November.
    assert_eq!(october.planned, 4 * 480 + 60 + 120);
    // 22 weekdays at 40 hours a week.
    assert_eq!(october.contract, Some(22 * 480));
    tx.commit().await.expect("committed");
    let mut jan = desk.clinic.tx(&desk.clinic.jan).await;
    month(&mut jan, desk.lis, date("2026-10-01")).await.expect("one's own");
    assert_eq!(month(&mut jan, desk.sowa, date("2026-10-01")).await.unwrap_err().code(), "denied");
}
