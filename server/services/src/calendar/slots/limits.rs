//! How many may begin in a day, a week or a month (R9), resolved to stretches that are full.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use platform::time::{Interval, ZoneWindow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Over what a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    Day,
    Week,
    Month,
}

/// At most so many starts in each day, week or month, by the local date of the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Limit {
    pub per: Per,
    /// 0 allows none at all.
    pub max: i32,
}

/// The stretches of the range in which a limit leaves no room for another start, as [`super::Wish::full`] wants them:
/// whole days, weeks and months, also where they reach out of the range. Weeks begin on the ISO weekday `week_start` and
/// are not cut at the ends of months (R9). Leave out of `counted` what is being moved (R11). The zone has to be known for
/// a month before and after the range.
pub fn full(zone: &ZoneWindow, limits: &[Limit], week_start: u8, counted: &[DateTime<Utc>], range: Interval) -> Vec<Interval> {
    let mut stretches = Vec::new();
    for limit in limits {
        let mut starts: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        for start in counted {
            if let Some((first, _)) = period(limit.per, zone.date(*start), week_start) {
                *starts.entry(first).or_default() += 1;
            }
        }
        let mut date = zone.date(range.start);
        while let Some((first, next)) = period(limit.per, date, week_start).filter(|(first, _)| zone.day_start(*first) < range.end) {
            if starts.get(&first).copied().unwrap_or(0) >= i64::from(limit.max) {
                stretches.extend(Interval::new(zone.day_start(first), zone.day_start(next)));
            }
            date = next;
        }
    }
    platform::order::by_rank(&mut stretches, |stretch| {
        platform::order::instant_then(stretch.start, stretch.end.timestamp().unsigned_abs())
    });
    stretches.dedup();
    stretches
}

/// The first date of what the date belongs to, and the first date after it; none at the calendar's ends.
fn period(per: Per, date: NaiveDate, week_start: u8) -> Option<(NaiveDate, NaiveDate)> {
    match per {
        Per::Day => Some((date, date.succ_opt()?)),
        Per::Week => {
            let into = (i64::from(date.weekday().number_from_monday()) - i64::from(week_start)).rem_euclid(7);
            let first = date.checked_sub_days(Days::new(into.unsigned_abs()))?;
            Some((first, first.checked_add_days(Days::new(7))?))
        }
        Per::Month => {
            let first = date.with_day(1)?;
            Some((first, first.checked_add_months(Months::new(1))?))
        }
    }
}
