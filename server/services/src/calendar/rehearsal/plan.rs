//! A scenario that has been read: ids are places in a list, texts are times.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use platform::{Result, time};

use super::faults::Faults;
use super::read;
use super::scenario::{Day, Scenario};
use crate::calendar::{
    rota::Rota,
    slots::{Align, Limit, Segment},
};

/// The most that one scenario may tell.
const RESOURCES: usize = 200;
const BUSY: usize = 20_000;
const DAYS: i64 = 400;
/// Windows, breaks and hours of leave that a scenario may come to: what all its resources have on all its dates.
const STRETCHES: usize = 4_000_000;

/// One resource out of several.
pub(super) struct PlannedNeed {
    pub role: String,
    /// Places of resources, the preferred one first.
    pub any_of: Vec<usize>,
    pub segments: Vec<Segment>,
}

/// A booking that takes time.
pub(super) struct PlannedBusy {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub before: i32,
    pub after: i32,
    pub seats: i32,
    pub session: Option<usize>,
}

/// A resource.
pub(super) struct PlannedResource {
    pub id: String,
    pub role: String,
    pub capacity: i32,
    pub rota: Rota,
    pub busy: Vec<PlannedBusy>,
}

/// The booking that is being moved (R11).
pub(super) struct Moved {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub resources: Vec<usize>,
}

/// All of it.
pub(super) struct Plan {
    pub tz: Tz,
    pub from: NaiveDate,
    /// Inclusive.
    pub to: NaiveDate,
    pub now: Option<DateTime<Utc>>,
    pub step: i32,
    pub align: Align,
    pub minutes: i32,
    pub before: i32,
    pub after: i32,
    pub needs: Vec<PlannedNeed>,
    pub resources: Vec<PlannedResource>,
    pub notice_minutes: i32,
    pub horizon_days: Option<u32>,
    pub buffers_inside_hours: bool,
    pub week_start: u8,
    pub limits: Vec<Limit>,
    pub counted: Vec<DateTime<Utc>>,
    pub moved: Option<Moved>,
    pub explain: bool,
}

impl Plan {
    /// Reads a scenario.
    ///
    /// # Errors
    /// `Invalid` with every field at fault.
    pub(super) fn read(told: &Scenario) -> Result<Plan> {
        let mut faults = Faults::default();
        let tz = time::zone(&told.zone).unwrap_or_else(|_| {
            faults.refuse("zone", "unknown_zone", "An IANA time zone like Europe/Warsaw is needed.");
            Tz::UTC
        });
        let before_dates = faults.count();
        let from = faults.date(&|| "from".into(), &told.from);
        let to = faults.date(&|| "to".into(), &told.to);
        let dates_are_right = faults.count() == before_dates;
        if dates_are_right && to < from {
            faults.refuse("to", "order", "The last date must not lie before the first.");
        } else if dates_are_right && (to - from).num_days() >= DAYS {
            faults.refuse("to", "too_large", "At most 400 days are possible.");
        }
        let step = faults.number(&|| "step".into(), told.step, 1, 1440);
        let treatment = &told.treatment;
        let minutes = faults.number(&|| "treatment.duration".into(), treatment.duration, 1, 1440);
        let before = faults.number(&|| "treatment.buffer_before".into(), treatment.buffer_before.unwrap_or(0), 0, 1440);
        let after = faults.number(&|| "treatment.buffer_after".into(), treatment.buffer_after.unwrap_or(0), 0, 1440);
        let now = told.now.as_deref().map(|now| faults.instant(&|| "now".into(), now));

        let listed = told.resources.as_deref().unwrap_or_default();
        if listed.len() > RESOURCES {
            faults.refuse("resources", "too_large", "At most 200 resources are possible.");
        }
        if listed.iter().map(|one| one.busy.as_ref().map_or(0, Vec::len)).sum::<usize>() > BUSY {
            faults.refuse("resources", "too_large", "At most 20,000 bookings are possible.");
        }
        // Whoever sends more than is possible gets no further.
        let listed = listed.get(..RESOURCES).unwrap_or(listed);
        let rules = told.rules.clone().unwrap_or_default();
        let week_start = rules.week_start.unwrap_or(Day::Mo).number();
        let closures = read::closures(&mut faults, told.closures.as_deref());
        let mut sessions = HashMap::new();
        let resources: Vec<PlannedResource> = listed
            .iter()
            .enumerate()
            .map(|(place, resource)| read::resource(&mut faults, place, resource, &closures, week_start, &mut sessions))
            .collect();
        let places = read::places(&mut faults, &resources);
        let segments = read::segments(&mut faults, treatment.segments.as_deref(), treatment.duration.clamp(1, 1440));
        let needs = read::needs(&mut faults, told.needs.as_deref(), &resources, &places, &segments);
        let notice_minutes = faults.number(&|| "rules.notice_minutes".into(), rules.notice_minutes.unwrap_or(0), 0, 10_000_000);
        let horizon_days = rules.horizon_days.map(|days| faults.number(&|| "rules.horizon_days".into(), days, 0, 100_000).unsigned_abs());
        let limits = read::limits(&mut faults, rules.limits.as_deref());
        let mut counted = Vec::new();
        for (n, start) in faults.list(&|| "counted".into(), told.counted.as_deref(), BUSY).iter().enumerate() {
            counted.push(faults.instant(&|| format!("counted[{n}]"), start));
        }
        let moved = told.reschedule.as_ref().map(|moved| read::moved(&mut faults, moved, &places));
        let dates = usize::try_from((to - from).num_days() + 7).unwrap_or(0);
        if dates_are_right && resources.iter().map(|one| read::stretches(&one.rota)).sum::<usize>().saturating_mul(dates) > STRETCHES {
            faults.refuse("resources", "too_large", "These hours are too many for so many days.");
        }
        faults.finish()?;
        Ok(Plan {
            tz,
            from,
            to,
            now,
            step,
            align: told.align.unwrap_or_default(),
            minutes,
            before,
            after,
            needs,
            resources,
            notice_minutes,
            horizon_days,
            buffers_inside_hours: rules.buffers_inside_hours.unwrap_or(false),
            week_start,
            limits,
            counted,
            moved,
            explain: told.explain.unwrap_or(false),
        })
    }

    /// The date after the last.
    pub(super) fn end(&self) -> NaiveDate {
        self.to.checked_add_days(Days::new(1)).unwrap_or(self.to)
    }
}
