//! From wall-clock rules to instants.

use chrono::NaiveDate;
use platform::{id::EntityId, time::ZoneWindow};
use services::calendar::{
    Hours,
    rota::{self, Away, Dated, Pattern, Rota, Span},
    slots::Rule,
};

use super::{Closure, Leave, LeaveStatus, Weekly, WeeklyKind, WorkingHours};

/// A practitioner's hours between two local dates (`to` is exclusive), as instants: windows as written, and what is
/// taken out of them. The night before the first date counts, for its shift may reach into it (R6). Weeks begin on
/// `week_start`, an ISO weekday. Only approved leave takes time; leave with times takes them on each of its dates.
#[allow(clippy::too_many_arguments)]
pub fn resolve(
    resource: EntityId,
    set: &WorkingHours,
    leave: &[Leave],
    closures: &[Closure],
    from: NaiveDate,
    to: NaiveDate,
    zone: &ZoneWindow,
    week_start: i16,
) -> Hours {
    // Whole dates reach no further than what is shown: the offsets of the zone may not be known there.
    let last = to.pred_opt().unwrap_or(to);
    let within = |away: Away| {
        let clipped = Away { from: away.from.max(from), to: away.to.min(last), ..away };
        Some(clipped).filter(|away| away.from <= away.to)
    };
    let of_leave = |leave: &Leave| Away {
        rule: Rule::Leave,
        from: leave.from_date,
        to: leave.to_date,
        times: leave.starts.zip(leave.ends).map(|(starts, ends)| Span { starts, ends }),
        label: leave.label().to_owned(),
    };
    let of_closure = |closure: &Closure| Away {
        rule: Rule::Closure,
        from: closure.on_date,
        to: closure.on_date,
        times: None,
        label: closure.name.clone(),
    };
    let approved = leave.iter().filter(|leave| leave.status == LeaveStatus::Approved);
    let rules = Rota {
        weekly: Some(of_kind(set, WeeklyKind::Window)),
        dates: set.dates.iter().map(|hours| Dated { date: hours.date, windows: hours.windows.iter().map(span).collect() }).collect(),
        breaks: of_kind(set, WeeklyKind::Break),
        away: approved.map(of_leave).chain(closures.iter().map(of_closure)).filter_map(within).collect(),
        week_start: u8::try_from(week_start).unwrap_or(1),
    };
    rota::resolve(resource, &rules, from.pred_opt().unwrap_or(from), to, zone)
}

fn of_kind(set: &WorkingHours, kind: WeeklyKind) -> Vec<Pattern> {
    set.weekly.iter().filter(|weekly| weekly.kind == kind).map(pattern).collect()
}

/// Weekly hours as what comes again.
pub(super) fn pattern(weekly: &Weekly) -> Pattern {
    Pattern {
        weekdays: 1 << (weekly.weekday - 1).clamp(0, 6),
        span: span(&(weekly.starts, weekly.ends)),
        valid_from: weekly.valid_from,
        valid_to: weekly.valid_to,
        every_weeks: u32::from(weekly.every_weeks.unsigned_abs()),
        anchor: weekly.anchor,
    }
}

fn span(&(starts, ends): &(i16, i16)) -> Span {
    Span { starts, ends }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{super::LeaveInput, *};
    use chrono::{DateTime, Utc};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn weekly(weekday: i16, kind: WeeklyKind, starts: i16, ends: i16) -> Weekly {
        Weekly { weekday, kind, starts, ends, ..Weekly::default() }
    }

    fn hours(set: &WorkingHours, leave: &[Leave], from: &str, to: &str) -> Hours {
        let zone = ZoneWindow::of(chrono_tz::Europe::Warsaw, date(from), date(to));
        resolve(EntityId::new(), set, leave, &[], date(from), date(to), &zone, 1)
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
            dates: vec![super::super::DateHours { date: date("2026-11-23"), windows: vec![(600, 840)], location: None }],
        };
        let day = hours(&set, &[], "2026-11-23", "2026-11-24");
        assert_eq!(day.windows.len(), 1);
        assert_eq!(day.windows[0].start, utc("2026-11-23T09:00:00Z"));
        assert_eq!(day.closed.iter().filter(|closed| closed.rule == Rule::Break).count(), 1);
    }

    #[test]
    fn leave_takes_whole_local_dates() {
        let set = WorkingHours { weekly: vec![weekly(1, WeeklyKind::Window, 540, 1020)], dates: Vec::new() };
        let input =
            LeaveInput { from_date: date("2026-11-23"), to_date: date("2026-11-25"), reason: "holiday".into(), ..LeaveInput::default() };
        let leave = Leave::of(EntityId::new(), EntityId::new(), LeaveStatus::Approved, &input);
        let day = hours(&set, &[leave], "2026-11-23", "2026-11-24");
        let away = day.closed.iter().find(|closed| closed.rule == Rule::Leave).unwrap();
        assert_eq!(away.during.minutes(), 24 * 60);
        assert_eq!(away.label, "holiday");
    }

    #[test]
    fn leave_that_is_only_asked_for_takes_nothing_and_half_a_day_takes_half() {
        let set = WorkingHours { weekly: vec![weekly(1, WeeklyKind::Window, 540, 1020)], dates: Vec::new() };
        let on = date("2026-11-23");
        let input = LeaveInput { from_date: on, to_date: on, starts: Some(780), ends: Some(1440), ..LeaveInput::default() };
        let half = Leave::of(EntityId::new(), EntityId::new(), LeaveStatus::Approved, &input);
        let day = hours(&set, std::slice::from_ref(&half), "2026-11-23", "2026-11-24");
        assert_eq!(day.closed[0].during, platform::time::Interval::new(utc("2026-11-23T12:00:00Z"), utc("2026-11-23T23:00:00Z")).unwrap());
        let asked = Leave { status: LeaveStatus::Requested, ..half };
        assert_eq!(hours(&set, &[asked], "2026-11-23", "2026-11-24").closed, []);
    }
}
