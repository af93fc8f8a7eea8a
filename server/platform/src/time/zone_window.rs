//! One zone's offsets over a stretch of time. The server fills it in from the time-zone database; the browser, which
//! has none, converts with it. Both give the same answers because both use this code.

use super::Interval;
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Offsets of one zone between two instants, enough to convert between instant and wall clock there.
/// Outside the stretch the nearest offset is assumed, so ask for the range shown with a margin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ZoneWindow {
    /// IANA name: `Europe/Warsaw`.
    pub zone: String,
    /// Seconds east of UTC at `from`.
    pub offset: i32,
    /// First instant that is known.
    pub from: DateTime<Utc>,
    /// First instant that is not.
    pub to: DateTime<Utc>,
    /// When the offset changes and to how many seconds east, in order.
    pub changes: Vec<(DateTime<Utc>, i32)>,
}

/// What a wall clock's reading means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallTime {
    /// The usual case.
    One(DateTime<Utc>),
    /// The clock was put back and showed it twice.
    Twice {
        /// The first pass.
        first: DateTime<Utc>,
        /// The second.
        second: DateTime<Utc>,
    },
    /// The clock was put forward and never showed it.
    Gap {
        /// What the clock would have shown at the jump.
        before: NaiveDateTime,
        /// What it showed instead.
        after: NaiveDateTime,
        /// The reading moved on by the length of the jump.
        shifted: DateTime<Utc>,
    },
}

impl WallTime {
    /// The instant where a rule (hours, break, recurrence) means this reading: moved on over a gap (R3), the first
    /// pass of two (R4). What a person types for one booking in a gap is refused instead.
    pub fn rule_boundary(self) -> DateTime<Utc> {
        match self {
            WallTime::One(instant) | WallTime::Twice { first: instant, .. } | WallTime::Gap { shifted: instant, .. } => instant,
        }
    }
}

impl ZoneWindow {
    /// Seconds east of UTC at the instant.
    pub fn offset_at(&self, instant: DateTime<Utc>) -> i32 {
        match self.changes.partition_point(|(at, _)| *at <= instant) {
            0 => self.offset,
            n => self.changes[n - 1].1,
        }
    }

    /// What the wall clock shows at the instant.
    pub fn wall(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.naive_utc() + seconds(self.offset_at(instant))
    }

    /// What the wall clock's reading means (R3, R4).
    pub fn instant(&self, wall: NaiveDateTime) -> WallTime {
        let mut passes = [None, None];
        let mut found = 0;
        let mut offset = self.offset;
        let mut from: Option<DateTime<Utc>> = None;
        let ends = self.changes.iter().map(|(at, next)| (Some(*at), *next)).chain([(None, 0)]);
        for (to, next) in ends {
            let candidate = (wall - seconds(offset)).and_utc();
            if from.is_none_or(|from| from <= candidate) && to.is_none_or(|to| candidate < to) && found < 2 {
                passes[found] = Some(candidate);
                found += 1;
            }
            if let Some(at) = to {
                let before = at.naive_utc() + seconds(offset);
                let after = at.naive_utc() + seconds(next);
                if before <= wall && wall < after {
                    return WallTime::Gap { before, after, shifted: candidate };
                }
            }
            offset = next;
            from = to;
        }
        match passes {
            [Some(first), Some(second)] => WallTime::Twice { first, second },
            [Some(one), _] => WallTime::One(one),
            // Not reached: a reading is shown unless a jump skips it, which has returned above.
            _ => WallTime::One((wall - seconds(self.offset)).and_utc()),
        }
    }

    /// The first instant of a local date. Where the clock skips midnight, the first instant it shows after it.
    pub fn day_start(&self, date: NaiveDate) -> DateTime<Utc> {
        let midnight = date.and_time(NaiveTime::MIN);
        match self.instant(midnight) {
            WallTime::Gap { before, shifted, .. } => shifted - (midnight - before),
            other => other.rule_boundary(),
        }
    }

    /// The whole local date. It has no length if the zone skipped the date altogether, as Samoa did in 2011.
    pub fn day(&self, date: NaiveDate) -> Interval {
        let next = date.succ_opt().unwrap_or(date);
        Interval { start: self.day_start(date), end: self.day_start(next) }
    }

    /// The local date at the instant.
    pub fn date(&self, instant: DateTime<Utc>) -> NaiveDate {
        self.wall(instant).date()
    }
}

fn seconds(seconds: i32) -> Duration {
    Duration::seconds(i64::from(seconds))
}
