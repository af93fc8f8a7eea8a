//! Many wished times judged together: each by the calendar's rules, with all those before it taken already.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    id::EntityId,
    order,
    time::{Interval, ZoneWindow},
};
use services::calendar::{
    ResourceKind,
    slots::{Busy, Limit, Need, Rule, Segment, Slot, Why, Wish, full, slots, verdict},
};

use crate::{
    answers::{against, at},
    appointments::Question,
    treatments::fitted,
};

/// How many alternatives are told of one occurrence (R15).
const WAYS: usize = 3;
/// How far around an occurrence they are looked for.
const AROUND: TimeDelta = TimeDelta::days(3);

/// All that is known of the time in which a plan lies.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The practitioners, in the order of the needs that they serve.
    pub staff: Vec<EntityId>,
    /// With them and nobody else; each for a stretch of dates, in order.
    pub questions: Vec<Question>,
    /// For each treatment of a visit.
    pub counted: Vec<Counted>,
    /// ISO.
    pub week_start: u8,
    /// Over all stretches and a month around them.
    pub zone: ZoneWindow,
    /// What the patient has besides.
    pub diary: Vec<Interval>,
}

/// How many of a treatment may begin with its practitioner (R9), and what has begun already.
#[derive(Clone, Debug)]
pub struct Counted {
    pub treatment: EntityId,
    pub employee: EntityId,
    /// Minutes after the visit's start.
    pub offset: i32,
    pub limits: Vec<Limit>,
    pub starts: Vec<DateTime<Utc>>,
}

/// A time that is wished for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub start: DateTime<Utc>,
    /// The length, where it is not the treatment's.
    pub minutes: Option<i32>,
    /// Room and device that are kept where they are free.
    pub keep: Vec<EntityId>,
    /// It begins where it began before: that this is too soon or past is no reason.
    pub stays: bool,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub end: DateTime<Utc>,
    /// Everything that stands against it.
    pub why: Vec<Why>,
    /// What the patient has at that time.
    pub elsewhere: Vec<Interval>,
    /// One for each need, the practitioner first; empty if it can't be had.
    pub resources: Vec<EntityId>,
    /// The nearest free times, by instant; only where something stands against it.
    pub alternatives: Vec<Slot>,
}

impl Judged {
    /// Whether nothing stands against it.
    pub fn is_free(&self) -> bool {
        self.why.is_empty() && self.elsewhere.is_empty()
    }
}

/// Judges them in order. Each that is free takes its time, so that no later one gets it; where something stands against
/// one, the alternatives are free of all the others.
pub fn judge(ground: &mut Ground, wanted: &[Wanted]) -> Vec<Judged> {
    let mut judged: Vec<Judged> = wanted
        .iter()
        .map(|one| {
            let judged = ground.verdict(one);
            if judged.is_free() {
                ground.take(one.start, &judged);
            }
            judged
        })
        .collect();
    for (one, judged) in wanted.iter().zip(&mut judged).filter(|(_, judged)| !judged.is_free()) {
        judged.alternatives = ground.alternatives(one);
    }
    judged
}

impl Ground {
    /// The stretch in which a start lies: the nearest, should it lie in none.
    fn question(&self, start: DateTime<Utc>) -> Option<&Question> {
        self.questions.iter().find(|question| start < question.range.end).or(self.questions.last())
    }

    /// What decides about a time: all that is known of its stretch, and what is wished.
    pub fn wished(&self, one: &Wanted) -> Option<(&Question, Wish)> {
        let question = self.question(one.start)?;
        Some((question, self.wish(question, one)))
    }

    /// What is wished at that time, with the treatment's limits as they are by now.
    fn wish(&self, question: &Question, one: &Wanted) -> Wish {
        let mut wish = question.wish.clone();
        if let Some(minutes) = one.minutes.filter(|minutes| *minutes != wish.minutes) {
            let base = wish.minutes;
            let fit = |need: Need| Need { segments: fitted(&need.segments, base, minutes), ..need };
            wish.needs = wish.needs.into_iter().map(fit).collect();
            wish.minutes = minutes;
        }
        wish.full = self.counted.iter().flat_map(|counted| self.full(counted, question.range)).collect();
        if one.stays {
            wish.now = None;
        }
        wish
    }

    /// When a visit may not begin because no more of one of its treatments may.
    fn full(&self, counted: &Counted, range: Interval) -> Vec<Interval> {
        let later = TimeDelta::minutes(i64::from(counted.offset));
        let range = Interval { start: range.start + later, end: range.end + later };
        let full = full(&self.zone, &counted.limits, self.week_start, &counted.starts, range);
        full.into_iter().map(|one| Interval { start: one.start - later, end: one.end - later }).collect()
    }

    /// The practitioners who do not give here what they are to give, at whatever time.
    fn unqualified(&self, question: &Question) -> Vec<Why> {
        let staff = question.wish.needs.iter().filter(|need| need.role == ResourceKind::Staff);
        let nobody = staff.zip(&self.staff).filter(|(need, _)| need.any_of.is_empty());
        nobody.map(|(_, employee)| Why { rule: Rule::Qualification, resource: Some(*employee), during: None }).collect()
    }

    fn verdict(&self, one: &Wanted) -> Judged {
        let nothing = Judged { end: one.start, why: Vec::new(), elsewhere: Vec::new(), resources: Vec::new(), alternatives: Vec::new() };
        let Some(question) = self.question(one.start) else { return nothing };
        let why = self.unqualified(question);
        if !why.is_empty() {
            return Judged { why, ..nothing };
        }
        let wish = self.wish(question, one);
        let end = one.start + TimeDelta::minutes(i64::from(wish.minutes));
        let elsewhere = self.diary.iter().filter(|other| other.start < end && one.start < other.end).copied().collect();
        let kept = kept(&wish, &one.keep).filter(|chosen| verdict(&wish, &question.times, one.start, chosen).is_empty());
        let found = kept.or_else(|| at(&wish, &question.times, &question.zone, one.start).map(|slot| slot.resources));
        // The search knows only the grid's starts; the verdict is about any.
        let (why, resources) = match found {
            Some(resources) => (verdict(&wish, &question.times, one.start, &resources), resources),
            None => (against(&wish, &question.times, one.start), Vec::new()),
        };
        Judged { end, why, elsewhere, resources, ..nothing }
    }

    fn take(&mut self, start: DateTime<Utc>, judged: &Judged) {
        let minutes_after = |minutes: i32| start + TimeDelta::minutes(i64::from(minutes));
        let begun: Vec<(EntityId, EntityId, DateTime<Utc>)> =
            self.counted.iter().map(|one| (one.treatment, one.employee, minutes_after(one.offset))).collect();
        for counted in &mut self.counted {
            let same = begun.iter().filter(|one| (one.0, one.1) == (counted.treatment, counted.employee));
            counted.starts.extend(same.map(|one| one.2));
        }
        self.diary.push(Interval { start, end: judged.end });
        let minutes = i32::try_from((judged.end - start).num_minutes()).unwrap_or(i32::MAX);
        for question in &mut self.questions {
            let wish = &question.wish;
            for time in &mut question.times {
                let Some(place) = judged.resources.iter().position(|id| *id == time.resource) else { continue };
                let need = wish.needs.get(place);
                let segments = fitted(need.map_or(&[], |need| need.segments.as_slice()), wish.minutes, minutes);
                let whole = [Segment { from: 0, to: minutes }];
                for segment in if segments.is_empty() { whole.as_slice() } else { &segments } {
                    time.busy.push(Busy {
                        activity: EntityId(uuid::Uuid::nil()),
                        start: minutes_after(segment.from),
                        end: minutes_after(segment.to),
                        before: if segment.from == 0 { wish.before } else { 0 },
                        after: if segment.to == minutes { wish.after } else { 0 },
                        seats: time.capacity,
                        session: None,
                    });
                }
            }
        }
    }

    fn alternatives(&self, one: &Wanted) -> Vec<Slot> {
        let Some(question) = self.question(one.start) else { return Vec::new() };
        let wish = self.wish(question, &Wanted { stays: false, ..one.clone() });
        let (from, to) = ((one.start - AROUND).max(question.range.start), (one.start + AROUND).min(question.range.end));
        let Some(range) = Interval::new(from, to) else { return Vec::new() };
        let mut free = slots(&wish, &question.times, &question.zone, range);
        free.retain(|slot| slot.start != one.start && !self.diary.iter().any(|other| other.start < slot.end && slot.start < other.end));
        order::by_rank(&mut free, |slot| i128::from((slot.start - one.start).abs().num_milliseconds()));
        free.truncate(WAYS);
        order::by_rank(&mut free, |slot| order::instant_then(slot.start, 0));
        free
    }
}

/// The practitioners with the rooms and devices that are to be kept, if there is one for each need.
fn kept(wish: &Wish, keep: &[EntityId]) -> Option<Vec<EntityId>> {
    if keep.is_empty() {
        return None;
    }
    let mut left: BTreeSet<EntityId> = keep.iter().copied().collect();
    let mut chosen = Vec::with_capacity(wish.needs.len());
    for need in &wish.needs {
        let own = need.role == ResourceKind::Staff;
        let found = need.any_of.iter().copied().find(|id| own || left.contains(id))?;
        left.remove(&found);
        chosen.push(found);
    }
    Some(chosen)
}
