//! The vertical scale of the grid: minutes from the top of a day, as the wall clock counts them.
//!
//! On all but two days of a year this is simply the minute of the day. When the clock goes back, an extra stretch
//! is shown, so that both passes have their place (R4); when it goes forward, the missing stretch is left out if
//! no other day beside it needs it.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Timelike, Utc};
use platform::time::ZoneWindow;

/// Minutes of a day without a clock change.
pub const DAY: i32 = 24 * 60;

/// The scale that all columns of one grid share.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    seam: Seam,
    /// First minute shown.
    pub from: i32,
    /// First minute no longer shown.
    pub to: i32,
}

/// Where the scale differs from the minute of the day.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Seam {
    None,
    /// The clock went back from `at`: `minutes` more are inserted there.
    Doubled {
        at: i32,
        minutes: i32,
    },
    /// The clock went forward from `at`: `minutes` fewer are shown.
    Skipped {
        at: i32,
        minutes: i32,
    },
}

/// A change of the clock within a day.
struct Change {
    instant: DateTime<Utc>,
    /// What the clock would have shown, in minutes of the day.
    wall: i32,
    /// By how many minutes it was put forward.
    shift: i32,
}

/// A line of the scale with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Where it is.
    pub minute: i32,
    /// `02:00`, with the offset where the same reading comes twice.
    pub text: String,
}

impl Axis {
    /// The scale for these days, showing all of them.
    pub fn of(zone: &ZoneWindow, dates: &[NaiveDate]) -> Self {
        let changes: Vec<Option<Change>> = dates.iter().map(|date| change_of(zone, *date)).collect();
        let back = changes.iter().flatten().find(|change| change.shift < 0);
        let forward = changes.iter().flatten().find(|change| change.shift > 0);
        let seam = match (back, forward) {
            (Some(change), _) => Seam::Doubled { at: change.wall, minutes: -change.shift },
            (None, Some(change)) if dates.len() == 1 => Seam::Skipped { at: change.wall, minutes: change.shift },
            _ => Seam::None,
        };
        let mut axis = Self { seam, from: 0, to: DAY };
        axis.to = axis.length();
        axis
    }

    /// How many minutes the whole day has on this scale.
    pub fn length(&self) -> i32 {
        match self.seam {
            Seam::None => DAY,
            Seam::Doubled { minutes, .. } => DAY + minutes,
            Seam::Skipped { minutes, .. } => DAY - minutes,
        }
    }

    /// Where an instant is in the column of a date; less than 0 or more than the length outside that date.
    pub fn position(&self, zone: &ZoneWindow, date: NaiveDate, instant: DateTime<Utc>) -> i32 {
        let midnight = date.and_time(NaiveTime::MIN);
        let wall = (zone.wall(instant) - midnight).num_minutes() as i32;
        match self.seam {
            Seam::None => wall,
            Seam::Doubled { at, minutes } => {
                let second = match change_of(zone, date) {
                    Some(change) if change.shift < 0 => instant >= change.instant,
                    _ => wall >= at,
                };
                if second { wall + minutes } else { wall }
            }
            Seam::Skipped { at, minutes } if wall >= at => (wall - minutes).max(at),
            Seam::Skipped { .. } => wall,
        }
    }

    /// The instant at a place of a date's column. Where that date has no such place, the nearest one after it.
    pub fn instant(&self, zone: &ZoneWindow, date: NaiveDate, minute: i32) -> DateTime<Utc> {
        let wall = match self.seam {
            Seam::Doubled { at, minutes } if minute >= at => {
                if let Some(change) = change_of(zone, date)
                    && change.shift < 0
                    && minute < at + minutes
                {
                    return change.instant + Duration::minutes(i64::from(minute - at));
                }
                (minute - minutes).max(at)
            }
            Seam::Skipped { at, minutes } if minute >= at => minute + minutes,
            _ => minute,
        };
        let reading = date.and_time(NaiveTime::MIN) + Duration::minutes(i64::from(wall));
        zone.instant(reading).rule_boundary()
    }

    /// The whole hours within what is shown.
    pub fn lines(&self, zone: &ZoneWindow, dates: &[NaiveDate]) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut add = |minute: i32, wall: i32, offset: Option<i32>| {
            if self.from <= minute && minute < self.to {
                let mut text = String::with_capacity(12);
                push_clock(&mut text, wall);
                if let Some(offset) = offset {
                    text.push(' ');
                    push_offset(&mut text, offset);
                }
                lines.push(Line { minute, text });
            }
        };
        let doubled = dates
            .iter()
            .filter_map(|date| change_of(zone, *date))
            .find(|change| change.shift < 0)
            .map(|change| (zone.offset_at(change.instant - Duration::minutes(1)), zone.offset_at(change.instant)));
        for hour in 0..24 {
            let wall = hour * 60;
            match self.seam {
                Seam::None => add(wall, wall, None),
                Seam::Skipped { at, minutes } if wall >= at + minutes => add(wall - minutes, wall, None),
                Seam::Skipped { at, .. } if wall < at => add(wall, wall, None),
                Seam::Skipped { .. } => {}
                Seam::Doubled { at, minutes } if wall >= at - minutes && wall < at => {
                    add(wall, wall, doubled.map(|(first, _)| first));
                    add(wall + minutes, wall, doubled.map(|(_, second)| second));
                }
                Seam::Doubled { at, minutes } if wall >= at => add(wall + minutes, wall, None),
                Seam::Doubled { .. } => add(wall, wall, None),
            }
        }
        platform::order::by_rank(&mut lines, |line| i128::from(line.minute));
        lines
    }

    /// The stretch of the scale that this date does not have, if it lies beside a date on which the clock changes.
    pub fn missing(&self, zone: &ZoneWindow, date: NaiveDate) -> Option<(i32, i32)> {
        let change = change_of(zone, date);
        match (self.seam, change) {
            (Seam::Doubled { at, minutes }, None) => Some((at, at + minutes)),
            // Alone it is folded to a seam, which is told all the same.
            (Seam::Skipped { at, .. }, Some(change)) if change.shift > 0 => Some((at, at)),
            (Seam::None, Some(change)) if change.shift > 0 => Some((change.wall, change.wall + change.shift)),
            _ => None,
        }
    }
}

/// The change of the clock on that date, if there is one.
fn change_of(zone: &ZoneWindow, date: NaiveDate) -> Option<Change> {
    // Hardly any range shown has a change at all.
    let day = (!zone.changes.is_empty()).then(|| zone.day(date))?;
    let index = zone.changes.iter().position(|(at, _)| day.start < *at && *at < day.end)?;
    let (instant, after) = zone.changes[index];
    let before = if index == 0 { zone.offset } else { zone.changes[index - 1].1 };
    let reading = instant.naive_utc() + Duration::seconds(i64::from(before));
    let wall = (reading - date.and_time(NaiveTime::MIN)).num_minutes() as i32;
    Some(Change { instant, wall, shift: (after - before) / 60 })
}

/// Writes minutes of a day as `09:05`.
pub fn push_clock(text: &mut String, minutes: i32) {
    let minutes = minutes.rem_euclid(DAY);
    push_two(text, minutes / 60);
    text.push(':');
    push_two(text, minutes % 60);
}

/// Writes an offset in seconds as `+02:00`.
pub fn push_offset(text: &mut String, seconds: i32) {
    text.push(if seconds < 0 { '−' } else { '+' });
    push_clock(text, seconds.abs() / 60);
}

/// Writes two digits.
fn push_two(text: &mut String, number: i32) {
    text.push(char::from(b'0' + (number / 10 % 10) as u8));
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// Writes a whole number; the formatting machinery would cost more than it gives here.
pub fn push_number(text: &mut String, number: i32) {
    if number < 0 {
        text.push('-');
    }
    let mut rest = number.unsigned_abs();
    let mut digits = [0_u8; 10];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.extend(digits[at..].iter().map(|digit| char::from(*digit)));
}

/// What the wall clock shows at an instant: `10:30`, with the offset where it shows the same reading twice (R4).
pub fn clock(zone: &ZoneWindow, instant: DateTime<Utc>) -> String {
    let wall = zone.wall(instant);
    let mut text = String::with_capacity(12);
    push_clock(&mut text, (wall.hour() * 60 + wall.minute()) as i32);
    if matches!(zone.instant(wall), platform::time::WallTime::Twice { .. }) {
        text.push(' ');
        push_offset(&mut text, zone.offset_at(instant));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Warsaw around one change of 2026.
    fn warsaw(offset: i32, change: &str, after: i32) -> ZoneWindow {
        ZoneWindow {
            zone: "Europe/Warsaw".into(),
            offset,
            from: utc("2026-01-01T00:00:00Z"),
            to: utc("2027-01-01T00:00:00Z"),
            changes: vec![(utc(change), after)],
        }
    }

    fn spring() -> ZoneWindow {
        warsaw(3600, "2026-03-29T01:00:00Z", 7200)
    }

    fn autumn() -> ZoneWindow {
        warsaw(7200, "2026-10-25T01:00:00Z", 3600)
    }

    #[test]
    fn an_ordinary_day_counts_its_minutes() {
        let zone = spring();
        let day = date("2026-03-24");
        let axis = Axis::of(&zone, &[day]);
        assert_eq!(axis.length(), 1440);
        assert_eq!(axis.position(&zone, day, utc("2026-03-24T09:30:00Z")), 630);
        assert_eq!(axis.instant(&zone, day, 630), utc("2026-03-24T09:30:00Z"));
        assert_eq!(axis.missing(&zone, day), None);
    }

    #[test]
    fn a_day_of_23_hours_leaves_out_the_gap() {
        let zone = spring();
        let day = date("2026-03-29");
        let axis = Axis::of(&zone, &[day]);
        assert_eq!(axis.length(), 1380);
        assert_eq!(axis.position(&zone, day, utc("2026-03-29T00:59:00Z")), 119);
        assert_eq!(axis.position(&zone, day, utc("2026-03-29T01:00:00Z")), 120);
        assert_eq!(axis.instant(&zone, day, 120), utc("2026-03-29T01:00:00Z"));
        let texts: Vec<String> = axis.lines(&zone, &[day]).into_iter().map(|line| line.text).take(4).collect();
        assert_eq!(texts, ["00:00", "01:00", "03:00", "04:00"]);
    }

    #[test]
    fn a_day_of_25_hours_shows_the_double_hour_with_offsets() {
        let zone = autumn();
        let day = date("2026-10-25");
        let axis = Axis::of(&zone, &[day]);
        assert_eq!(axis.length(), 1500);
        assert_eq!(axis.position(&zone, day, utc("2026-10-25T00:30:00Z")), 150);
        assert_eq!(axis.position(&zone, day, utc("2026-10-25T01:30:00Z")), 210);
        assert_eq!(axis.position(&zone, day, utc("2026-10-25T02:00:00Z")), 240);
        let texts: Vec<String> = axis.lines(&zone, &[day]).into_iter().map(|line| line.text).skip(1).take(4).collect();
        assert_eq!(texts, ["01:00", "02:00 +02:00", "02:00 +01:00", "03:00"]);
        assert_eq!(clock(&zone, utc("2026-10-25T01:30:00Z")), "02:30 +01:00");
        assert_eq!(clock(&zone, utc("2026-10-25T09:30:00Z")), "10:30");
    }

    #[test]
    fn the_days_beside_the_long_one_have_no_double_hour() {
        let zone = autumn();
        let (saturday, sunday) = (date("2026-10-24"), date("2026-10-25"));
        let axis = Axis::of(&zone, &[saturday, sunday]);
        assert_eq!(axis.missing(&zone, saturday), Some((180, 240)));
        assert_eq!(axis.missing(&zone, sunday), None);
        // Nine in the morning is on one line in both columns.
        assert_eq!(axis.position(&zone, saturday, utc("2026-10-24T07:00:00Z")), 600);
        assert_eq!(axis.position(&zone, sunday, utc("2026-10-25T08:00:00Z")), 600);
        assert_eq!(axis.instant(&zone, saturday, 600), utc("2026-10-24T07:00:00Z"));
    }

    #[test]
    fn the_short_day_shows_its_gap_beside_others() {
        let zone = spring();
        let (saturday, sunday) = (date("2026-03-28"), date("2026-03-29"));
        let axis = Axis::of(&zone, &[saturday, sunday]);
        assert_eq!(axis.length(), 1440);
        assert_eq!(axis.missing(&zone, sunday), Some((120, 180)));
        assert_eq!(axis.position(&zone, sunday, utc("2026-03-29T07:00:00Z")), 540);
    }

    #[test]
    fn every_place_on_the_scale_leads_back_to_itself() {
        for (zone, days) in [(spring(), ["2026-03-28", "2026-03-29"]), (autumn(), ["2026-10-25", "2026-10-26"])] {
            for day in days.map(date) {
                let axis = Axis::of(&zone, &[day]);
                for minute in (0..axis.length()).step_by(5) {
                    let instant = axis.instant(&zone, day, minute);
                    assert_eq!(axis.position(&zone, day, instant), minute, "{day} {minute}");
                }
            }
        }
    }

    #[test]
    fn numbers_are_written_as_usual() {
        let mut text = String::new();
        for number in [0, 7, 1440, -35] {
            push_number(&mut text, number);
            text.push(' ');
        }
        assert_eq!(text, "0 7 1440 -35 ");
    }
}
