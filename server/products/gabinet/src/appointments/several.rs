//! A visit of several treatments as one question: each treatment's own question, put at its offset and joined with the
//! others'. Whoever gives two of the treatments is needed once, in the stretches of both; so is a room, for the patient
//! stays in it; a device is, unless both need it at the same time.

use chrono::TimeDelta;
use platform::{id::EntityId, time::Interval};
use services::calendar::{
    ResourceKind,
    slots::{Need, Segment, Wish},
};

use super::{OwnWish, Question};
use crate::treatments::Cost;

/// One treatment of a visit, with everything needed to judge it alone.
pub struct Part {
    pub question: Question,
    /// Minutes after the visit's start.
    pub offset: i32,
    /// The earlier part that the same practitioner gives, if there is one.
    pub like: Option<usize>,
}

/// A need and those of its stretches that are no buffer.
struct Joined {
    need: Need,
    core: Vec<Segment>,
    within: Segment,
}

/// The question of the whole visit.
///
/// # Errors
/// The place of the part for which its practitioner has no time, because they give another part then.
pub fn joined(parts: Vec<Part>) -> Result<Question, usize> {
    let total = parts.iter().map(|part| part.offset + part.question.wish.minutes).max().unwrap_or(0);
    let before = parts.iter().map(|part| part.question.wish.before - part.offset).max().unwrap_or(0).max(0);
    let after = parts.iter().map(|part| part.offset + part.question.wish.minutes + part.question.wish.after - total).max().unwrap_or(0);
    let mut staff: Vec<Joined> = Vec::new();
    let mut things: Vec<Joined> = Vec::new();
    // Which of `staff` serves each part.
    let mut serves: Vec<usize> = Vec::with_capacity(parts.len());
    for (place, part) in parts.iter().enumerate() {
        for (n, need) in part.question.wish.needs.iter().enumerate() {
            let new = placed(part, need, total);
            if n == 0 {
                match part.like.and_then(|like| serves.get(like).copied()) {
                    Some(known) => {
                        if overlap(&staff[known].core, &new.core) {
                            return Err(place);
                        }
                        staff[known].need.any_of.retain(|id| new.need.any_of.contains(id));
                        staff[known].join(new);
                        serves.push(known);
                    }
                    None => {
                        serves.push(staff.len());
                        staff.push(new);
                    }
                }
                continue;
            }
            let shared = things.iter_mut().find(|known| {
                let same = known.need.role == need.role && known.need.sort_of == need.sort_of;
                same && (need.role == ResourceKind::Room || !overlap(&known.core, &new.core))
            });
            match shared {
                Some(known) => known.join(new),
                None => things.push(new),
            }
        }
    }
    let mut own = own(&parts, &serves, &mut staff, total);
    let needs = staff.into_iter().chain(things).map(|joined| joined.finished(total)).collect();
    let full: Vec<Interval> = parts.iter().flat_map(|part| shifted(&part.question.wish.full, part.offset)).collect();
    for one in &mut own {
        one.full.extend(full.iter().copied());
    }
    let notice = parts.iter().map(|part| part.question.wish.notice_minutes - part.offset).max().unwrap_or(0).max(0);
    let latest = parts.iter().filter_map(|part| Some(part.question.wish.latest? - minutes(part.offset))).min();
    let inside = parts.iter().any(|part| part.question.wish.buffers_inside_hours);
    let costs =
        parts.iter().zip(&serves).flat_map(|(part, need)| part.question.pricing.parts.iter().map(move |(_, cost)| (*need, cost.clone())));
    let costs: Vec<(usize, Cost)> = costs.collect();
    let agreed = parts.iter().any(|part| part.question.pricing.agreed);
    let mut parts = parts.into_iter();
    let Some(Part { mut question, .. }) = parts.next() else { return Err(0) };
    (question.pricing.parts, question.pricing.agreed) = (costs, agreed);
    question.wish =
        Wish { minutes: total, before, after, buffers_inside_hours: inside, needs, notice_minutes: notice, latest, full, ..question.wish };
    question.own = own;
    for part in parts {
        for time in part.question.times {
            if !question.times.iter().any(|known| known.resource == time.resource) {
                question.times.push(time);
            }
        }
        question.names.extend(part.question.names);
        question.held.extend(part.question.held);
    }
    question.times.sort_by_key(|time| time.resource);
    question.names.sort_unstable();
    question.names.dedup();
    Ok(question)
}

impl Joined {
    fn join(&mut self, other: Joined) {
        self.core.extend(other.core);
        self.need.segments.extend(other.need.segments);
        self.within = Segment { from: self.within.from.min(other.within.from), to: self.within.to.max(other.within.to) };
    }

    fn finished(self, total: i32) -> Need {
        let whole = Segment { from: 0, to: total };
        let segments = union(self.need.segments);
        Need {
            segments: if segments == [whole] { Vec::new() } else { segments },
            within: (self.within != whole).then_some(self.within),
            ..self.need
        }
    }
}

/// A part's need where the part is. Buffers within the visit are taken like the treatment itself: only before its start and
/// after its end do they lie outside (R7).
fn placed(part: &Part, need: &Need, total: i32) -> Joined {
    let wish = &part.question.wish;
    let whole = [Segment { from: 0, to: wish.minutes }];
    let segments = if need.segments.is_empty() { &whole } else { need.segments.as_slice() };
    let at = |segment: &Segment| Segment { from: part.offset + segment.from, to: part.offset + segment.to };
    let wide = |segment: &Segment| {
        let before = if segment.from == 0 { wish.before } else { 0 };
        let after = if segment.to == wish.minutes { wish.after } else { 0 };
        let at = at(segment);
        Segment { from: (at.from - before).max(0), to: (at.to + after).min(total) }
    };
    Joined {
        core: segments.iter().map(at).collect(),
        within: at(&whole[0]),
        need: Need { segments: segments.iter().map(wide).collect(), within: None, ..need.clone() },
    }
}

/// Who may be chosen freely is one with whom every part takes its usual time; their limits count from the part's start (R9).
fn own(parts: &[Part], serves: &[usize], staff: &mut [Joined], total: i32) -> Vec<OwnWish> {
    let mut limits: Vec<OwnWish> = Vec::new();
    for (part, served) in parts.iter().zip(serves) {
        for own in &part.question.own {
            if own.minutes != part.question.wish.minutes {
                staff[*served].need.any_of.retain(|id| *id != own.employee);
            }
            let full = shifted(&own.full, part.offset);
            if *served > 0 {
                // Only the first need is asked one practitioner at a time: of the others those will do who have no limit reached.
                if !own.full.is_empty() {
                    staff[*served].need.any_of.retain(|id| *id != own.employee);
                }
                continue;
            }
            match limits.iter_mut().find(|known| known.employee == own.employee) {
                Some(known) => known.full.extend(full),
                None => limits.push(OwnWish { employee: own.employee, minutes: total, full: full.collect() }),
            }
        }
    }
    limits.retain(|own| !own.full.is_empty());
    limits
}

/// When the visit may not begin, because a part of it may not.
pub fn shifted(full: &[Interval], offset: i32) -> impl Iterator<Item = Interval> + use<> {
    let earlier = minutes(offset);
    full.iter().map(move |one| Interval { start: one.start - earlier, end: one.end - earlier }).collect::<Vec<_>>().into_iter()
}

fn minutes(count: i32) -> TimeDelta {
    TimeDelta::minutes(i64::from(count))
}

fn overlap(one: &[Segment], other: &[Segment]) -> bool {
    one.iter().any(|a| other.iter().any(|b| a.from < b.to && b.from < a.to))
}

/// In order and apart.
fn union(mut segments: Vec<Segment>) -> Vec<Segment> {
    segments.sort_unstable();
    let mut union: Vec<Segment> = Vec::with_capacity(segments.len());
    for next in segments {
        match union.last_mut() {
            Some(last) if next.from <= last.to => last.to = last.to.max(next.to),
            _ => union.push(next),
        }
    }
    union
}

/// Where each of several treatments begins: where it was asked for, or after the one before it has ended.
pub fn offsets(steps: impl Iterator<Item = (Option<i32>, i32)>) -> Vec<i32> {
    let mut ended = 0;
    steps
        .map(|(offset, minutes)| {
            let at = offset.unwrap_or(ended);
            ended = at.saturating_add(minutes);
            at
        })
        .collect()
}

/// Practitioners who are wished for in other needs of the staff are nobody's to choose from: who serves which part can then
/// be told from whoever is chosen.
pub fn apart(wish: &mut Wish, serving: &[EntityId]) {
    let staff = wish.needs.iter_mut().filter(|need| need.role == ResourceKind::Staff);
    for (need, own) in staff.zip(serving) {
        need.any_of.retain(|id| id == own || !serving.contains(id));
    }
}

#[cfg(test)]
#[path = "several/tests.rs"]
mod tests;
