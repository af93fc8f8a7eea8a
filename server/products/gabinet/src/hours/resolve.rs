//! From wall-clock rules to instants.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use platform::{
    id::EntityId,
    time::{Interval, ZoneWindow},
};
use services::calendar::{Closed, Hours, slots::Rule};

use super::{Closure, Leave, Weekly, WeeklyKind, WorkingHours};

/// A practitioner's hours between two local dates (`to` is exclusive), as instants: windows as written, and what is
/// taken out of them. The night before the first date counts, for its shift may reach into it (R6).
pub fn resolve(
    resource: EntityId,
    set: &WorkingHours,
    leave: &[Leave],
    closures: &[Closure],
    from: NaiveDate,
    to: NaiveDate,
    zone: &ZoneWindow,
) -> Hours {
    let mut windows = Vec::new();
    let mut closed = Vec::new();
    let first = from.pred_opt().unwrap_or(from);
    for date in first.iter_days().take_while(|date| *date < to) {
        let of_date = set.dates.iter().find(|hours| hours.date == date);
        match of_date {
            Some(hours) => windows.extend(hours.windows.iter().filter_map(|(starts, ends)| stretch(zone, date, *starts, *ends))),
            None => windows.extend(of_kind(set, WeeklyKind::Window, date).filter_map(|w| stretch(zone, date, w.starts, w.ends))),
        }
        let breaks = of_kind(set, WeeklyKind::Break, date).filter_map(|pause| stretch(zone, date, pause.starts, pause.ends));
        closed.extend(breaks.map(|during| Closed { rule: Rule::Break, during, label: String::new() }));
    }
    // Whole local dates, tails of night shifts included (R14).
    let days = |on: NaiveDate, until: NaiveDate| {
        let (on, until) = (on.max(from), until.succ_opt().unwrap_or(until).min(to));
        Interval::new(zone.day_start(on), zone.day_start(until)).filter(|_| on < until)
    };
    closed.extend(leave.iter().filter_map(|leave| {
        let during = days(leave.from_date, leave.to_date)?;
        Some(Closed { rule: Rule::Leave, during, label: leave.reason.clone() })
    }));
    closed.extend(closures.iter().filter_map(|closure| {
        let during = days(closure.on_date, closure.on_date)?;
        Some(Closed { rule: Rule::Closure, during, label: closure.name.clone() })
    }));
    windows.sort_by_key(|window: &Interval| (window.start, window.end));
    Hours { resource, windows, always: false, closed }
}

fn of_kind(set: &WorkingHours, kind: WeeklyKind, date: NaiveDate) -> impl Iterator<Item = &Weekly> {
    let weekday = i16::try_from(date.weekday().number_from_monday()).unwrap_or(0);
    set.weekly.iter().filter(move |weekly| {
        weekly.kind == kind
            && weekly.weekday == weekday
            && weekly.valid_from.is_none_or(|first| first <= date)
            && weekly.valid_to.is_none_or(|last| date <= last)
    })
}

/// A stretch that begins on a date; an end not after the start lies on the next one. A boundary in a gap of the clock
/// shifts forward by it (R3), one in an overlap is its first pass (R4). None if nothing is left of it.
fn stretch(zone: &ZoneWindow, date: NaiveDate, starts: i16, ends: i16) -> Option<Interval> {
    let next = if ends <= starts { date.checked_add_days(Days::new(1))? } else { date };
    Interval::new(zone.instant(at(date, starts)).rule_boundary(), zone.instant(at(next, ends)).rule_boundary())
}

fn at(date: NaiveDate, minutes: i16) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minutes))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn weekly(weekday: i16, kind: WeeklyKind, starts: i16, ends: i16) -> Weekly {
        Weekly { weekday, kind, starts, ends, valid_from: None, valid_to: None }
    }

    fn hours(set: &WorkingHours, leave: &[Leave], from: &str, to: &str) -> Hours {
        let zone = ZoneWindow::of(chrono_tz::Europe::Warsaw, date(from), date(to));
        resolve(EntityId::new(), set, leave, &[], date(from), date(to), &zone)
    }

    #[test]
    fn a_working_day_is_the_same_on_the_clock_in_summer_and_winter() {
        let set = WorkingHours { weekly: vec![weekly(1, WeeklyKind::Window, 540, 1020)], dates: Vec::new() };
        let winter = hours(&set, &[], "2026-11-23", "2026-11-24");
        assert_eq!(winter.windows[0].start, utc("2026-11-23T08:00:00Z"));
        let summer = hours(&set, &[], "2026-07-06", "2026-07-07");
        assert_eq!(summer.windows[0].start, utc("2026-07-06T07:00:00Z"));
    }

    #[test]
    fn a_night_shift_is_an_hour_shorter_when_the_clock_is_put_forward() {
        let set = WorkingHours { weekly: vec![weekly(6, WeeklyKind::Window, 1320, 360)], dates: Vec::new() };
        let night = hours(&set, &[], "2027-03-27", "2027-03-28");
        assert_eq!(night.windows[0].minutes(), 7 * 60);
        let autumn = hours(&set, &[], "2026-10-24", "2026-10-25");
        assert_eq!(autumn.windows[0].minutes(), 9 * 60);
    }

    #[test]
    fn a_boundary_in_the_gap_shifts_forward() {
        let set = WorkingHours { weekly: vec![weekly(7, WeeklyKind::Window, 150, 300)], dates: Vec::new() };
        let night = hours(&set, &[], "2027-03-28", "2027-03-29");
        // 02:30 does not exist; the window begins at 03:30 summer time.
        assert_eq!(night.windows[0].start, utc("2027-03-28T01:30:00Z"));
    }

    #[test]
    fn a_dated_override_replaces_the_windows_and_keeps_the_breaks() {
        let set = WorkingHours {
            weekly: vec![weekly(1, WeeklyKind::Window, 540, 1020), weekly(1, WeeklyKind::Break, 720, 750)],
            dates: vec![super::super::DateHours { date: date("2026-11-23"), windows: vec![(600, 840)] }],
        };
        let day = hours(&set, &[], "2026-11-23", "2026-11-24");
        assert_eq!(day.windows.len(), 1);
        assert_eq!(day.windows[0].start, utc("2026-11-23T09:00:00Z"));
        assert_eq!(day.closed.iter().filter(|closed| closed.rule == Rule::Break).count(), 1);
    }

    #[test]
    fn leave_takes_whole_local_dates() {
        let set = WorkingHours { weekly: vec![weekly(1, WeeklyKind::Window, 540, 1020)], dates: Vec::new() };
        let leave = Leave {
            id: EntityId::new(),
            employee: EntityId::new(),
            from_date: date("2026-11-23"),
            to_date: date("2026-11-25"),
            reason: "holiday".into(),
        };
        let day = hours(&set, &[leave], "2026-11-23", "2026-11-24");
        let away = day.closed.iter().find(|closed| closed.rule == Rule::Leave).unwrap();
        assert_eq!(away.during.minutes(), 24 * 60);
        assert_eq!(away.label, "holiday");
    }
}
