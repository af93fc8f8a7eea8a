//! What is typed into a week of the rota, put into somebody's hours.

use chrono::{Days, NaiveDate};

use crate::hours::{DateHours, Weekly, WeeklyKind, WorkingHours};

/// Start and end in minutes after midnight.
type Span = (i16, i16);

/// These windows on that date only. What the weekly hours say already is not said again.
pub fn on_date(hours: &mut WorkingHours, date: NaiveDate, windows: &[Span], week_start: i16) {
    let place = hours.dates.iter().find(|dated| dated.date == date).and_then(|dated| dated.location);
    hours.dates.retain(|dated| dated.date != date);
    if hours.on(date, week_start).windows != windows {
        hours.dates.push(DateHours { date, windows: windows.to_vec(), location: place });
        hours.dates.sort_by_key(|dated| dated.date);
    }
}

/// These windows on that weekday of every week, from the draft's beginning on; the date itself is no longer an exception.
/// Windows of that weekday that hold between other dates stay.
pub fn every_week(hours: &mut WorkingHours, date: NaiveDate, windows: &[Span]) {
    let weekday = Weekly::weekday_of(date);
    let holds = |weekly: &Weekly| {
        weekly.kind == WeeklyKind::Window
            && weekly.weekday == weekday
            && weekly.valid_from.is_none_or(|first| first <= date)
            && weekly.valid_to.is_none_or(|last| date <= last)
    };
    let (valid_from, valid_to, location) = hours
        .weekly
        .iter()
        .find(|weekly| holds(weekly))
        .map_or((None, None, None), |weekly| (weekly.valid_from, weekly.valid_to, weekly.location));
    hours.weekly.retain(|weekly| !holds(weekly));
    let new = windows.iter().map(|(starts, ends)| Weekly {
        weekday,
        starts: *starts,
        ends: *ends,
        valid_from,
        valid_to,
        location,
        ..Weekly::default()
    });
    hours.weekly.extend(new);
    hours.dates.retain(|dated| dated.date != date);
}

/// The week that begins on a date becomes as the one before it.
pub fn copy_week(hours: &mut WorkingHours, first: NaiveDate, from: NaiveDate, week_start: i16) {
    let before = hours.clone();
    for date in first.iter_days().take(7).filter(|date| *date >= from) {
        let windows = before.on(date.checked_sub_days(Days::new(7)).unwrap_or(date), week_start).windows;
        on_date(hours, date, &windows, week_start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn hours() -> WorkingHours {
        let weekly = (1..=5).map(|weekday| Weekly { weekday, starts: 480, ends: 960, ..Weekly::default() }).collect();
        WorkingHours { weekly, dates: Vec::new() }
    }

    #[test]
    fn a_date_is_an_exception_until_it_is_as_always_again() {
        let mut set = hours();
        on_date(&mut set, date("2026-12-02"), &[(600, 840)], 1);
        assert_eq!(set.on(date("2026-12-02"), 1).windows, [(600, 840)]);
        assert_eq!(set.on(date("2026-12-09"), 1).windows, [(480, 960)]);
        on_date(&mut set, date("2026-12-02"), &[(480, 960)], 1);
        assert_eq!(set, hours());
    }

    #[test]
    fn every_week_changes_the_weekday_and_nothing_else() {
        let mut set = hours();
        on_date(&mut set, date("2026-12-02"), &[], 1);
        every_week(&mut set, date("2026-12-02"), &[(600, 840), (900, 1080)]);
        for day in ["2026-12-02", "2026-12-09"] {
            assert_eq!(set.on(date(day), 1).windows, [(600, 840), (900, 1080)]);
        }
        assert_eq!(set.on(date("2026-12-03"), 1).windows, [(480, 960)]);
        assert!(set.dates.is_empty());
    }

    #[test]
    fn a_copied_week_is_the_week_before_from_the_drafts_first_date_on() {
        let mut set = hours();
        on_date(&mut set, date("2026-12-01"), &[(0, 60)], 1);
        on_date(&mut set, date("2026-12-03"), &[], 1);
        copy_week(&mut set, date("2026-12-07"), date("2026-12-09"), 1);
        assert_eq!(set.on(date("2026-12-08"), 1).windows, [(480, 960)], "before the first date");
        assert!(set.on(date("2026-12-10"), 1).windows.is_empty());
    }
}
