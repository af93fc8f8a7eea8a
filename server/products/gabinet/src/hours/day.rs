//! What is set for one date, still on the wall clock: what a rota shows and what is typed into it.

use chrono::{Datelike, Days, NaiveDate};
use platform::id::LocationId;

use super::{DateHours, Weekly, WeeklyKind, WorkingHours, resolve::pattern};

/// A date's stretches in minutes after midnight, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    pub windows: Vec<(i16, i16)>,
    pub breaks: Vec<(i16, i16)>,
    /// Whether the date has hours of its own.
    pub dated: bool,
}

impl Weekly {
    /// The ISO weekday of a date.
    pub fn weekday_of(date: NaiveDate) -> i16 {
        i16::try_from(date.weekday().number_from_monday()).unwrap_or(1)
    }

    /// Whether it holds on a date. `week_start` is the ISO weekday on which the location's weeks begin.
    pub fn holds(&self, date: NaiveDate, week_start: i16) -> bool {
        pattern(self).is_on(date, u8::try_from(week_start).unwrap_or(1))
    }
}

/// The first date of the week in which a date lies.
pub fn week_of(date: NaiveDate, week_start: i16) -> NaiveDate {
    let since = (i64::from(date.weekday().number_from_monday()) - i64::from(week_start)).rem_euclid(7);
    date.checked_sub_days(Days::new(since.unsigned_abs())).unwrap_or(date)
}

impl Day {
    /// Minutes on the clock, breaks taken out.
    pub fn minutes(&self) -> i64 {
        let length = |(starts, ends): &(i16, i16)| i64::from(if ends > starts { ends - starts } else { ends - starts + 1440 });
        let pause = |pause: &(i16, i16)| {
            let during = |(starts, ends): &(i16, i16)| {
                let ends = if ends > starts { *ends } else { 1440 };
                i64::from((pause.1.min(ends) - pause.0.max(*starts)).max(0))
            };
            self.windows.iter().map(during).sum::<i64>()
        };
        self.windows.iter().map(length).sum::<i64>() - self.breaks.iter().map(pause).sum::<i64>()
    }
}

impl WorkingHours {
    /// Those of them that hold at a place: who is elsewhere on a date is not here.
    pub fn at(&self, location: LocationId) -> WorkingHours {
        let here = |place: Option<LocationId>| place.is_none_or(|place| place == location);
        WorkingHours {
            weekly: self.weekly.iter().filter(|weekly| here(weekly.location)).cloned().collect(),
            dates: self
                .dates
                .iter()
                .map(|dated| DateHours { windows: if here(dated.location) { dated.windows.clone() } else { Vec::new() }, ..dated.clone() })
                .collect(),
        }
    }

    /// What is set for a date, leave and closures aside.
    pub fn on(&self, date: NaiveDate, week_start: i16) -> Day {
        let weekly = |kind| {
            let of_day = self.weekly.iter().filter(move |weekly| weekly.kind == kind && weekly.holds(date, week_start));
            let mut stretches: Vec<(i16, i16)> = of_day.map(|weekly| (weekly.starts, weekly.ends)).collect();
            stretches.sort_unstable();
            stretches
        };
        let dated = self.dates.iter().any(|dated| dated.date == date);
        let windows = match dated {
            true => {
                let of_date = self.dates.iter().filter(|dated| dated.date == date);
                let mut windows: Vec<(i16, i16)> = of_date.flat_map(|dated| dated.windows.iter().copied()).collect();
                windows.sort_unstable();
                windows
            }
            false => weekly(WeeklyKind::Window),
        };
        Day { windows, breaks: weekly(WeeklyKind::Break), dated }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_other_week_counts_from_the_anchors_week_in_both_directions() {
        let weekly = Weekly { weekday: 3, starts: 540, ends: 1020, every_weeks: 2, anchor: Some(date("2026-11-27")), ..Weekly::default() };
        let on = |day: &str| weekly.holds(date(day), 1);
        assert!(on("2026-11-25") && !on("2026-12-02") && on("2026-12-09"));
        assert!(!on("2026-11-18") && on("2026-11-11"));
        assert!(!on("2026-11-24"), "another weekday");
    }

    #[test]
    fn a_date_may_be_split_between_two_places() {
        let (north, south) = (LocationId::new(), LocationId::new());
        let of = |windows, place| DateHours { date: date("2026-11-25"), windows, location: Some(place) };
        let hours = WorkingHours {
            weekly: vec![Weekly { weekday: 3, starts: 540, ends: 1020, ..Weekly::default() }],
            dates: vec![of(vec![(480, 720)], north), of(vec![(780, 960)], south)],
        };
        assert!(hours.check().is_ok());
        assert_eq!(hours.on(date("2026-11-25"), 1).windows, [(480, 720), (780, 960)]);
        assert_eq!(hours.at(north).on(date("2026-11-25"), 1).windows, [(480, 720)]);
        assert_eq!(hours.at(south).on(date("2026-11-25"), 1).windows, [(780, 960)]);
        let elsewhere = hours.at(LocationId::new()).on(date("2026-11-25"), 1);
        assert!(elsewhere.windows.is_empty() && elsewhere.dated);
        let twice = WorkingHours { dates: vec![of(Vec::new(), north), of(Vec::new(), north)], ..WorkingHours::default() };
        assert!(twice.check().is_err());
    }

    #[test]
    fn weeks_begin_where_the_locations_do() {
        // A Sunday belongs to the week before by ISO, and begins its own where weeks begin on Sunday.
        let weekly = Weekly { weekday: 7, starts: 1, ends: 2, every_weeks: 2, anchor: Some(date("2026-11-23")), ..Weekly::default() };
        assert!(weekly.holds(date("2026-11-29"), 1) && !weekly.holds(date("2026-11-22"), 1));
        assert!(weekly.holds(date("2026-11-22"), 7) && !weekly.holds(date("2026-11-29"), 7));
    }
}
