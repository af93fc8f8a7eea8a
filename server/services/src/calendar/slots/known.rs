//! What is known of one resource, put in order so that a stretch of it is found without reading all.

use platform::id::EntityId;
use platform::time::Interval;

use super::availability::{Stretch, opened, overlap, stretch};
use super::claims::{self, Claim};
use super::{ResourceTime, Rule, Wish};

/// One resource's time, by start.
pub(super) struct Known<'a> {
    time: &'a ResourceTime,
    pub(super) capacity: i64,
    /// The windows as written, adjoining ones joined.
    opened: Vec<Stretch>,
    closed: Sorted<(Rule, Interval)>,
    claims: Sorted<Claim>,
}

impl<'a> Known<'a> {
    pub(super) fn of(wish: &Wish, time: &'a ResourceTime) -> Known<'a> {
        let closed = time.hours.closed.iter().filter(|closed| closed.during.start < closed.during.end);
        Known {
            time,
            capacity: claims::capacity(time),
            opened: opened(&time.hours),
            closed: Sorted::of(closed.map(|closed| (stretch(&closed.during), (closed.rule, closed.during))).collect()),
            claims: Sorted::of(claims::claims(wish, time).into_iter().map(|claim| (claim.occupied, claim)).collect()),
        }
    }

    pub(super) fn resource(&self) -> EntityId {
        self.time.resource
    }

    /// The windows that may meet the stretch.
    pub(super) fn opened(&self, within: Stretch) -> &[Stretch] {
        let first = self.opened.partition_point(|window| window.1 <= within.0);
        let after = self.opened.partition_point(|window| window.0 < within.1);
        self.opened.get(first..after).unwrap_or_default()
    }

    /// The breaks, leave and closures that meet the stretch.
    pub(super) fn closed(&self, within: Stretch) -> Vec<(Rule, Interval)> {
        self.closed.meeting(within).into_iter().copied().collect()
    }

    /// What is taken with its buffers in the stretch.
    pub(super) fn claims(&self, within: Stretch) -> Vec<&Claim> {
        self.claims.meeting(within)
    }
}

/// Things by their start, each with the latest end of all up to it.
struct Sorted<T> {
    items: Vec<(Stretch, T)>,
    latest: Vec<i64>,
}

impl<T> Sorted<T> {
    fn of(items: Vec<(Stretch, T)>) -> Sorted<T> {
        let mut items = items;
        items.sort_by_key(|(stretch, _)| *stretch);
        let latest = items.iter().scan(i64::MIN, |latest, ((_, end), _)| {
            *latest = (*latest).max(*end);
            Some(*latest)
        });
        Sorted { latest: latest.collect(), items }
    }

    fn meeting(&self, within: Stretch) -> Vec<&T> {
        let first = self.latest.partition_point(|end| *end <= within.0);
        let rest = self.items.get(first..).unwrap_or_default().iter();
        rest.take_while(|(stretch, _)| stretch.0 < within.1)
            .filter(|(stretch, _)| overlap(*stretch, within))
            .map(|(_, item)| item)
            .collect()
    }
}
