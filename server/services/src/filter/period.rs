//! Stretches of days that move with the calendar.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A stretch of days as seen from today. Weeks begin on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Today,
    Yesterday,
    Tomorrow,
    ThisWeek,
    LastWeek,
    NextWeek,
    ThisMonth,
    LastMonth,
    NextMonth,
    ThisYear,
    LastYear,
    NextYear,
    /// Today and so many days before it.
    LastDays(u16),
    /// Today and so many days after it.
    NextDays(u16),
}

impl Period {
    /// All without a number of days, as they are offered.
    pub const NAMED: [(&'static str, Period); 12] = [
        ("today", Period::Today),
        ("yesterday", Period::Yesterday),
        ("tomorrow", Period::Tomorrow),
        ("this_week", Period::ThisWeek),
        ("last_week", Period::LastWeek),
        ("next_week", Period::NextWeek),
        ("this_month", Period::ThisMonth),
        ("last_month", Period::LastMonth),
        ("next_month", Period::NextMonth),
        ("this_year", Period::ThisYear),
        ("last_year", Period::LastYear),
        ("next_year", Period::NextYear),
    ];

    /// First day, and the day after the last. None at the ends of the calendar.
    pub fn days(self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let monday = today.checked_sub_days(Days::new(u64::from(today.weekday().num_days_from_monday())))?;
        let month = today.with_day(1)?;
        let year = month.with_month(1)?;
        let days = |from: NaiveDate, count: u64| Some((from, from.checked_add_days(Days::new(count))?));
        let months = |from: NaiveDate, count: u32| Some((from, from.checked_add_months(Months::new(count))?));
        match self {
            Period::Today => days(today, 1),
            Period::Yesterday => days(today.pred_opt()?, 1),
            Period::Tomorrow => days(today.succ_opt()?, 1),
            Period::ThisWeek => days(monday, 7),
            Period::LastWeek => days(monday.checked_sub_days(Days::new(7))?, 7),
            Period::NextWeek => days(monday.checked_add_days(Days::new(7))?, 7),
            Period::ThisMonth => months(month, 1),
            Period::LastMonth => months(month.checked_sub_months(Months::new(1))?, 1),
            Period::NextMonth => months(month.checked_add_months(Months::new(1))?, 1),
            Period::ThisYear => months(year, 12),
            Period::LastYear => months(year.checked_sub_months(Months::new(12))?, 12),
            Period::NextYear => months(year.checked_add_months(Months::new(12))?, 12),
            Period::LastDays(count) => Some((today.checked_sub_days(Days::new(u64::from(count)))?, today.succ_opt()?)),
            Period::NextDays(count) => days(today, u64::from(count) + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(period: Period) -> (String, String) {
        let (from, to) = period.days("2026-11-24".parse().unwrap()).unwrap();
        (from.to_string(), to.to_string())
    }

    fn pair(from: &str, to: &str) -> (String, String) {
        (from.into(), to.into())
    }

    #[test]
    fn stretches_are_seen_from_today() {
        assert_eq!(days(Period::Today), pair("2026-11-24", "2026-11-25"));
        assert_eq!(days(Period::ThisWeek), pair("2026-11-23", "2026-11-30"));
        assert_eq!(days(Period::NextMonth), pair("2026-12-01", "2027-01-01"));
        assert_eq!(days(Period::LastYear), pair("2025-01-01", "2026-01-01"));
        assert_eq!(days(Period::LastDays(7)), pair("2026-11-17", "2026-11-25"));
        assert_eq!(days(Period::NextDays(0)), pair("2026-11-24", "2026-11-25"));
    }
}
