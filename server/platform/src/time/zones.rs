//! The time-zone database, which only the server has.

use super::ZoneWindow;
use crate::error::{Error, Result};
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

/// The zone of an IANA name, or `Invalid` with field `zone` and code `unknown_zone`.
pub fn zone(name: &str) -> Result<Tz> {
    name.parse().map_err(|_| Error::invalid("zone", "unknown_zone", format!("{name:?} is not an IANA time zone.")))
}

/// The margin on both sides: more than any offset, so that a date's edges in local time lie inside.
const MARGIN: Days = Days::new(2);

impl ZoneWindow {
    /// The zone's offsets over the local dates from `from` to `to` (exclusive), with two days to spare on both sides.
    pub fn of(tz: Tz, from: NaiveDate, to: NaiveDate) -> ZoneWindow {
        let start = from.checked_sub_days(MARGIN).unwrap_or(from).and_time(NaiveTime::MIN).and_utc();
        let end = to.max(from).checked_add_days(MARGIN).unwrap_or(to).and_time(NaiveTime::MIN).and_utc();
        let mut window = ZoneWindow { zone: tz.name().into(), offset: offset(tz, start), from: start, to: end, changes: Vec::new() };
        // No zone has changed its offset twice in twelve hours.
        let step = Duration::hours(12);
        let mut at = start;
        let mut here = window.offset;
        while at < end {
            let next = (at + step).min(end);
            let there = offset(tz, next);
            if there != here {
                window.changes.push((change(tz, at, next), there));
            }
            (at, here) = (next, there);
        }
        window
    }
}

/// The second at which the offset changes between two instants at which it differs.
fn change(tz: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> DateTime<Utc> {
    let old = offset(tz, from);
    let (mut low, mut high) = (from.timestamp(), to.timestamp());
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match DateTime::from_timestamp(middle, 0) {
            Some(instant) if offset(tz, instant) == old => low = middle,
            _ => high = middle,
        }
    }
    DateTime::from_timestamp(high, 0).unwrap_or(to)
}

fn offset(tz: Tz, instant: DateTime<Utc>) -> i32 {
    tz.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
}

#[cfg(test)]
mod tests {
    use super::super::WallTime;
    use super::*;
    use chrono::{LocalResult, NaiveDateTime};
    use proptest::prelude::*;

    const ZONES: [Tz; 4] = [
        chrono_tz::Europe::Warsaw,
        chrono_tz::America::Chicago,
        // Moves its clocks by half an hour.
        chrono_tz::Australia::Lord_Howe,
        // Skipped 30 December 2011.
        chrono_tz::Pacific::Apia,
    ];

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    proptest! {
        #[test]
        fn instants_and_readings_agree_with_the_time_zone_database(
            which in 0..ZONES.len(),
            day in 0i64..6000,
            minute in 0i64..1440,
            length in 1u64..120,
        ) {
            let tz = ZONES[which];
            let from = date("2010-06-01") + Duration::days(day);
            let window = ZoneWindow::of(tz, from, from + Days::new(length));
            let reading = from.and_time(NaiveTime::MIN) + Duration::minutes(minute);
            match (window.instant(reading), tz.from_local_datetime(&reading)) {
                (WallTime::One(ours), LocalResult::Single(theirs)) => prop_assert_eq!(ours, theirs),
                (WallTime::Twice { first, second }, LocalResult::Ambiguous(a, b)) => {
                    prop_assert_eq!((first, second), (a.to_utc().min(b.to_utc()), a.to_utc().max(b.to_utc())));
                }
                (WallTime::Gap { before, after, shifted }, LocalResult::None) => {
                    prop_assert!(before <= reading && reading < after);
                    prop_assert_eq!(window.wall(shifted), reading + (after - before));
                }
                (ours, theirs) => prop_assert!(false, "{reading}: {ours:?} is not {theirs:?}"),
            }
            let instant = reading.and_utc();
            prop_assert_eq!(window.wall(instant), instant.with_timezone(&tz).naive_local());
        }

        #[test]
        fn days_join_without_gap_or_overlap(which in 0..ZONES.len(), day in 0i64..6000) {
            let from = date("2010-06-01") + Duration::days(day);
            let window = ZoneWindow::of(ZONES[which], from, from + Days::new(3));
            let (first, second) = (window.day(from), window.day(from + Days::new(1)));
            prop_assert_eq!(first.end, second.start);
            prop_assert!(first.start <= first.end);
            if first.start < first.end {
                prop_assert_eq!(window.date(first.start), from);
                prop_assert_eq!(window.date(first.end - Duration::seconds(1)), from);
            }
        }
    }

    #[test]
    fn readings_around_the_changes_agree_minute_by_minute() {
        for (tz, day) in [
            (chrono_tz::Europe::Warsaw, "2026-03-29"),
            (chrono_tz::Europe::Warsaw, "2026-10-25"),
            (chrono_tz::America::Chicago, "2026-03-08"),
            (chrono_tz::America::Chicago, "2026-11-01"),
            (chrono_tz::Australia::Lord_Howe, "2026-04-05"),
            (chrono_tz::Australia::Lord_Howe, "2026-10-04"),
            (chrono_tz::Pacific::Apia, "2011-12-30"),
        ] {
            let from = date(day);
            let window = ZoneWindow::of(tz, from, from + Days::new(1));
            for minute in -1440..2880 {
                let reading = from.and_time(NaiveTime::MIN) + Duration::minutes(minute);
                let theirs = tz.from_local_datetime(&reading);
                match window.instant(reading) {
                    WallTime::One(ours) => assert_eq!(theirs.single().map(|t| t.to_utc()), Some(ours), "{tz} {reading}"),
                    WallTime::Twice { first, second } => {
                        assert_eq!(theirs.earliest().map(|t| t.to_utc()), Some(first), "{tz} {reading}");
                        assert_eq!(theirs.latest().map(|t| t.to_utc()), Some(second), "{tz} {reading}");
                    }
                    WallTime::Gap { .. } => assert!(matches!(theirs, LocalResult::None), "{tz} {reading}"),
                }
            }
        }
    }

    #[test]
    fn a_rule_boundary_in_the_gap_moves_on_by_the_gap() {
        let window = ZoneWindow::of(chrono_tz::Europe::Warsaw, date("2026-03-29"), date("2026-03-30"));
        let reading = window.instant(wall("2026-03-29T02:30:00"));
        assert_eq!(
            reading,
            WallTime::Gap { before: wall("2026-03-29T02:00:00"), after: wall("2026-03-29T03:00:00"), shifted: utc("2026-03-29T01:30:00Z") }
        );
        assert_eq!(window.wall(reading.rule_boundary()), wall("2026-03-29T03:30:00"));
        assert_eq!(window.day(date("2026-03-29")).minutes(), 23 * 60);
    }

    #[test]
    fn a_rule_boundary_in_the_overlap_is_the_first_pass() {
        let window = ZoneWindow::of(chrono_tz::America::Chicago, date("2026-11-01"), date("2026-11-02"));
        let reading = window.instant(wall("2026-11-01T01:30:00"));
        assert_eq!(reading, WallTime::Twice { first: utc("2026-11-01T06:30:00Z"), second: utc("2026-11-01T07:30:00Z") });
        assert_eq!(reading.rule_boundary(), utc("2026-11-01T06:30:00Z"));
        assert_eq!(window.day(date("2026-11-01")).minutes(), 25 * 60);
    }

    #[test]
    fn a_date_that_the_zone_skipped_has_no_length() {
        let window = ZoneWindow::of(chrono_tz::Pacific::Apia, date("2011-12-30"), date("2011-12-31"));
        let skipped = window.day(date("2011-12-30"));
        assert_eq!(skipped.start, skipped.end);
        assert_eq!(skipped.start, utc("2011-12-30T10:00:00Z"));
        assert_eq!(window.day(date("2011-12-31")).minutes(), 24 * 60);
    }

    #[test]
    fn a_date_without_midnight_starts_when_the_clock_shows_it_first() {
        let window = ZoneWindow::of(chrono_tz::Africa::Cairo, date("2026-04-24"), date("2026-04-25"));
        let day = window.day(date("2026-04-24"));
        assert_eq!(window.wall(day.start), wall("2026-04-24T01:00:00"));
        assert_eq!(day.minutes(), 23 * 60);
    }

    #[test]
    fn an_unknown_zone_is_refused() {
        assert_eq!(zone("Europe/Warsaw").unwrap(), chrono_tz::Europe::Warsaw);
        assert_eq!(zone("Mars/Olympus").unwrap_err().status(), 422);
    }
}
