//! The best times for a visit, with the reasons of their rank: fewest gaps, fewest changes of room, what the patient is
//! used to.

#[cfg(feature = "ssr")]
mod ask;

#[cfg(feature = "ssr")]
pub use ask::{best, best_among};

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use platform::{id::EntityId, time::Interval};
use serde::{Deserialize, Serialize};
use services::calendar::{
    ResourceKind,
    slots::{Busy, Need, ResourceTime, Rule, Segment, Slot, Wish, slots},
};
use utoipa::ToSchema;

use super::{qualified, with};
use crate::appointments::{AvailableSlot, Question};

/// A time with its rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BestTime {
    pub slot: AvailableSlot,
    pub employee_name: String,
    /// The sum of the merits' points; the higher the better.
    pub score: i32,
    /// What speaks for it and against it.
    pub merits: Vec<Scored>,
}

/// The best times, the best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BestTimes {
    pub times: Vec<BestTime>,
}

/// A merit and what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Scored {
    pub merit: Merit,
    /// Negative for what speaks against it.
    pub points: i32,
}

/// What speaks for a time or against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Merit {
    /// It fills a gap of the practitioner's day to the minute.
    FillsGap,
    /// It adjoins another visit, or the beginning or the end of the work.
    Adjoins,
    /// It leaves a gap in which the treatment does not fit.
    LeavesGap,
    /// The practitioner stays in the room.
    SameRoom,
    /// The practitioner has to change rooms.
    ChangesRoom,
    /// Whom the patient usually sees.
    UsualPractitioner,
    /// The time of day at which the patient usually comes.
    UsualTime,
    /// It is soon.
    Soon,
}

/// What a patient is used to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// Whom they have seen most.
    pub practitioner: Option<EntityId>,
    /// The hour of the day at which most of their visits began.
    pub hour: Option<u32>,
}

/// The best times of the question's range: at most `at_most`, and of one practitioner's day at most two, so that there is
/// something to choose from. Of several treatments the first one's practitioner counts.
pub fn rank(question: &Question, habits: &Habits, at_most: usize) -> Vec<BestTime> {
    let mut found = Vec::new();
    for &id in qualified(question) {
        let name = super::name_of(&question.names, id).unwrap_or_default();
        let wish = with(question, id);
        for slot in slots(&wish, &question.times, &question.zone, question.range) {
            let mut merits = merits(question, &wish, &slot);
            if habits.practitioner == Some(id) {
                merits.push(Scored { merit: Merit::UsualPractitioner, points: 25 });
            }
            if habits.hour.is_some_and(|hour| question.zone.wall(slot.start).hour().abs_diff(hour) <= 1) {
                merits.push(Scored { merit: Merit::UsualTime, points: 15 });
            }
            let days = (slot.start - question.range.start).num_days();
            if let Ok(points) = i32::try_from(10 - days * 2)
                && points > 0
            {
                merits.push(Scored { merit: Merit::Soon, points });
            }
            let score = merits.iter().map(|scored| scored.points).sum();
            found.push(BestTime { slot: slot.into(), employee_name: name.clone(), score, merits });
        }
    }
    found.sort_by_key(|best| (-best.score, best.slot.start, best.slot.employee_id));
    let mut taken: Vec<(EntityId, chrono::NaiveDate)> = Vec::new();
    found.retain(|best| {
        let key = (best.slot.employee_id, question.zone.date(best.slot.start));
        let room = taken.iter().filter(|other| **other == key).count() < 2 && taken.len() < at_most;
        if room {
            taken.push(key);
        }
        room
    });
    found
}

/// What speaks for the slot in the day of each who gives something of it; of several treatments it is their sum.
fn merits(question: &Question, wish: &Wish, slot: &Slot) -> Vec<Scored> {
    let mut merits: Vec<Scored> = Vec::new();
    let staff = wish.needs.iter().zip(&slot.resources).filter(|(need, _)| need.role == ResourceKind::Staff);
    for (need, id) in staff {
        let Some(time) = question.times.iter().find(|time| time.resource == *id) else { continue };
        for scored in (Day { question, time }).merits(wish, need, slot) {
            match merits.iter_mut().find(|known| known.merit == scored.merit) {
                Some(known) => known.points += scored.points,
                None => merits.push(scored),
            }
        }
    }
    merits
}

struct Day<'a> {
    question: &'a Question,
    /// The practitioner's.
    time: &'a ResourceTime,
}

impl Day<'_> {
    /// What speaks for the slot in the day of the practitioner who serves this need.
    fn merits(&self, wish: &Wish, need: &Need, slot: &Slot) -> Vec<Scored> {
        let minutes = |count: i32| TimeDelta::minutes(count.max(0).into());
        let at = |part: Segment| Interval { start: slot.start + minutes(part.from), end: slot.start + minutes(part.to) };
        let here = need.within.unwrap_or(Segment { from: 0, to: wish.minutes });
        // Buffers within the visit are among its segments (R7); those around it are not.
        let wider = |all: Segment, part: &Segment| Segment { from: all.from.min(part.from), to: all.to.max(part.to) };
        let taken = need.segments.iter().fold(here, wider);
        let (first, last) = (if taken.from == 0 { wish.before } else { 0 }, if taken.to == wish.minutes { wish.after } else { 0 });
        let (during, own) = (at(here), at(taken));
        let own = Interval { start: own.start - minutes(first), end: own.end + minutes(last) };
        let (before, after) = (self.gap_before(during.start, own.start), self.gap_after(during.end, own.end));
        // A gap in which a treatment of this length fits is none.
        let useless = |gap: TimeDelta| gap > TimeDelta::zero() && gap < own.end - own.start;
        let mut merits = Vec::new();
        match (before <= TimeDelta::zero(), after <= TimeDelta::zero()) {
            (true, true) => merits.push(Scored { merit: Merit::FillsGap, points: 40 }),
            (true, false) | (false, true) => merits.push(Scored { merit: Merit::Adjoins, points: 20 }),
            (false, false) => {}
        }
        let wasted = [before, after].into_iter().filter(|gap| useless(*gap)).map(|gap| gap.num_minutes()).sum::<i64>();
        if wasted > 0 {
            merits.push(Scored { merit: Merit::LeavesGap, points: -i32::try_from(wasted / 2).unwrap_or(30).clamp(5, 30) });
        }
        merits.extend(self.room(&during, &slot.resources));
        merits
    }

    /// Time lost between what is before and the occupied start. Opening, breaks and others' time bound it; buffers may lie
    /// outside hours (R7).
    fn gap_before(&self, start: DateTime<Utc>, occupied: DateTime<Utc>) -> TimeDelta {
        let others = self.time.busy.iter().map(ends).filter(|end| *end <= occupied).map(|end| occupied - end);
        let hours = self.bounds().flat_map(|bound| [bound.start, bound.end]).filter(|edge| *edge <= start).map(|edge| start - edge);
        others.chain(hours).min().unwrap_or(TimeDelta::MAX)
    }

    fn gap_after(&self, end: DateTime<Utc>, occupied: DateTime<Utc>) -> TimeDelta {
        let others = self.time.busy.iter().map(starts).filter(|start| *start >= occupied).map(|start| start - occupied);
        let hours = self.bounds().flat_map(|bound| [bound.start, bound.end]).filter(|edge| *edge >= end).map(|edge| edge - end);
        others.chain(hours).min().unwrap_or(TimeDelta::MAX)
    }

    /// Where work begins and ends.
    fn bounds(&self) -> impl Iterator<Item = Interval> {
        let breaks = self.time.hours.closed.iter().filter(|closed| closed.rule == Rule::Break).map(|closed| closed.during);
        self.time.hours.windows.iter().copied().chain(breaks)
    }

    /// Whether the practitioner stays in the room of the visits before and after, if they are close by.
    fn room(&self, during: &Interval, resources: &[EntityId]) -> Option<Scored> {
        let near = Interval { start: during.start - TimeDelta::hours(2), end: during.end + TimeDelta::hours(2) };
        let beside = self.time.busy.iter().filter(|busy| Interval { start: busy.start, end: busy.end }.overlaps(&near));
        let beside: Vec<EntityId> = beside.map(|busy| busy.activity).collect();
        let rooms = self.question.times.iter().filter(|time| time.role == ResourceKind::Room);
        let used: Vec<EntityId> =
            rooms.filter(|room| room.busy.iter().any(|busy| beside.contains(&busy.activity))).map(|room| room.resource).collect();
        let room =
            resources.iter().find(|id| self.question.times.iter().any(|time| time.resource == **id && time.role == ResourceKind::Room))?;
        if used.is_empty() {
            return None;
        }
        Some(match used.contains(room) {
            true => Scored { merit: Merit::SameRoom, points: 15 },
            false => Scored { merit: Merit::ChangesRoom, points: -10 },
        })
    }
}

fn starts(busy: &Busy) -> DateTime<Utc> {
    busy.start - TimeDelta::minutes(busy.before.max(0).into())
}

fn ends(busy: &Busy) -> DateTime<Utc> {
    busy.end + TimeDelta::minutes(busy.after.max(0).into())
}
