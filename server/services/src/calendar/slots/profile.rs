//! What a treatment takes of one of its resources (R7): all of it, or segments between which the resource is free.

use super::availability::{MINUTE, Stretch, minutes};
use super::{Need, Wish};

/// A treatment's shape on one resource, in microseconds after its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Profile {
    pub(super) treatment: i64,
    /// In which the resource is needed.
    pub(super) core: Vec<Stretch>,
    /// The same with buffers: before what begins with the treatment, after what ends with it. Others have none.
    pub(super) taken: Vec<Stretch>,
    /// For which the resource has to be there: the whole treatment, whatever its segments, or the need's part of it, and
    /// the buffers if they must lie inside the hours.
    pub(super) present: Stretch,
}

impl Profile {
    /// None for a treatment without length, which is refused (R1). Without a need, or without segments, all of it is taken.
    pub(super) fn of(wish: &Wish, need: Option<&Need>) -> Option<Profile> {
        if wish.minutes <= 0 {
            return None;
        }
        let treatment = minutes(wish.minutes);
        let (before, after) = (minutes(wish.before), minutes(wish.after));
        // A visit may have been made shorter than its treatment.
        let clipped = |segment: &super::Segment| (minutes(segment.from), minutes(segment.to).min(treatment));
        let segments = need.map_or(&[][..], |need| need.segments.as_slice());
        let mut core: Vec<Stretch> = segments.iter().map(clipped).filter(|(from, to)| from < to).collect();
        if core.is_empty() {
            core.push((0, treatment));
        }
        let taken: Vec<Stretch> = core
            .iter()
            .map(|&(from, to)| (if from == 0 { -before } else { from }, if to == treatment { to + after } else { to }))
            .collect();
        let within = need.and_then(|need| need.within.as_ref()).map(clipped).filter(|(from, to)| from < to);
        let mut present = within.unwrap_or((0, treatment));
        if wish.buffers_inside_hours {
            for &(from, to) in &taken {
                present = (present.0.min(from), present.1.max(to));
            }
        }
        Some(Profile { treatment, core, taken, present })
    }

    /// From the first moment taken to the last, at this start.
    pub(super) fn hull(&self, start: i64) -> Stretch {
        let from = self.taken.iter().map(|span| span.0).min().unwrap_or(0);
        let to = self.taken.iter().map(|span| span.1).max().unwrap_or(MINUTE);
        shifted((from, to), start)
    }
}

/// The stretch at this start.
pub(super) fn shifted(stretch: Stretch, start: i64) -> Stretch {
    (start.saturating_add(stretch.0), start.saturating_add(stretch.1))
}
