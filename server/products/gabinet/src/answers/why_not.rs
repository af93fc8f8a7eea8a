//! “Why not 10:30?”: every rule and resource in the way of a time, each with what would help.

#[cfg(feature = "ssr")]
mod ask;

#[cfg(feature = "ssr")]
pub use ask::why_not;

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    id::{EntityId, LocationId},
    time::Interval,
};
use serde::{Deserialize, Serialize};
use services::calendar::{
    ResourceKind,
    slots::{Rule, Why, Wish, slots, verdict},
};
use utoipa::ToSchema;

use super::{against, at, name_of, narrowed, qualified, with};
use crate::appointments::{AvailableSlot, Further, Question};

/// Which time of which treatment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyNotAsked {
    pub location: LocationId,
    pub treatment: EntityId,
    /// Anyone qualified if not given.
    pub employee: Option<EntityId>,
    /// For whom: what they have besides is in the way too.
    pub patient: Option<EntityId>,
    pub start: DateTime<Utc>,
    /// The visit that is being moved, by its own id or its activity's (R11).
    pub moving: Option<EntityId>,
    /// More treatments of the same visit, by time.
    pub further: Vec<Further>,
}

/// What stands against a time, or how it can be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhyNot {
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    /// Whether nothing stands against it, and then with whom and where.
    pub free: Option<AvailableSlot>,
    /// Everything in the way, by rule and resource.
    pub obstacles: Vec<Obstacle>,
}

/// One rule in the way of a time, for one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Obstacle {
    pub rule: Rule,
    /// None where the rule concerns no resource in particular.
    pub resource: Option<EntityId>,
    pub resource_name: Option<String>,
    /// What is in the way: the break, the other's time, the part outside the hours.
    pub during: Option<Interval>,
    /// What the patient has then, where it is they who are elsewhere and the asker may know.
    pub what: Option<String>,
    /// What would help, the least trouble first.
    pub fixes: Vec<Fix>,
}

/// What helps against an obstacle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fix {
    /// Somebody else who is qualified is free then.
    Colleague(Instead),
    /// Another room or device of the sort is free then.
    OtherPlace(Instead),
    /// The nearest time at which the same practitioner can be had.
    OtherTime(AvailableSlot),
    /// The break would have to leave this stretch free.
    ShortenBreak(Interval),
    /// The hours would have to cover this stretch too.
    ExtendHours(Interval),
    /// The clinic has none of the sort here.
    Provide(Missing),
    /// It can be booked over, with a reason (R12).
    Overbook,
}

/// What the clinic would have to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Missing {
    pub kind: ResourceKind,
    /// The clinic's own word for the sort of it.
    pub sort_of: Option<String>,
}

/// Somebody or something else in place of what is in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Instead {
    pub id: EntityId,
    pub name: String,
    /// In whose or what's place.
    pub instead_of: EntityId,
    /// What the whole visit takes then; none if something else is still in the way.
    pub slot: Option<AvailableSlot>,
}

/// How many colleagues, rooms or devices are offered for one obstacle.
const WAYS: usize = 3;

/// Who is asked for, of all the question's practitioners: for each need of the staff, in their order; none is anyone.
pub type Serving = [Option<EntityId>];

/// All that is in the way of a start, and what would help. `question` knows everybody qualified; `serving` narrows it to
/// those asked for.
pub fn answer(question: &Question, serving: &Serving, start: DateTime<Utc>, may_overbook: bool) -> WhyNot {
    let (times, zone) = (&question.times, &question.zone);
    let employee = serving.first().copied().flatten();
    let wishes: Vec<Wish> = match employee {
        Some(employee) => vec![with(question, employee)],
        None => qualified(question).iter().filter(|id| !serving.contains(&Some(**id))).map(|id| with(question, *id)).collect(),
    };
    let wishes: Vec<Wish> = wishes.into_iter().map(|wish| named(wish, serving)).collect();
    let minutes = wishes.first().map_or(question.wish.minutes, |wish| wish.minutes);
    let end = start + TimeDelta::minutes(minutes.max(0).into());
    let found =
        wishes.iter().find_map(|wish| at(wish, times, zone, start).filter(|slot| verdict(wish, times, start, &slot.resources).is_empty()));
    if let Some(slot) = found {
        return WhyNot { start, end: slot.end, free: Some(slot.into()), obstacles: Vec::new() };
    }
    let mut why: Vec<Why> = match wishes.as_slice() {
        // Nobody at all gives it.
        [] => against(&question.wish, times, start),
        wishes => wishes.iter().flat_map(|wish| against(wish, times, start)).collect(),
    };
    for (need, employee) in serving.iter().enumerate().filter_map(|(need, employee)| Some((need, (*employee)?))) {
        if question.wish.needs.get(need).is_some_and(|need| need.any_of.contains(&employee)) {
            continue;
        }
        // Of those who are not qualified nothing else is known.
        why.retain(|why| why.resource != Some(employee));
        why.push(Why { rule: Rule::Qualification, resource: Some(employee), during: None });
    }
    why.sort();
    why.dedup();
    let asked = Asked { question, wishes: &wishes, serving, start, end, may_overbook };
    let obstacles = why
        .iter()
        .map(|why| Obstacle {
            rule: why.rule,
            resource: why.resource,
            resource_name: why.resource.and_then(|id| name_of(&question.names, id)),
            during: why.during,
            what: what(question, why),
            fixes: asked.fixes(why),
        })
        .collect();
    WhyNot { start, end, free: None, obstacles }
}

/// What the patient has at the time that is in the way, if it is theirs.
fn what(question: &Question, why: &Why) -> Option<String> {
    let guest = question.wish.guest.as_ref().filter(|guest| why.resource == Some(guest.id))?;
    let other = question.elsewhere.iter().find(|other| guest.elsewhere.contains(&other.during) && why.during == Some(other.during))?;
    Some(other.what.clone()).filter(|what| !what.is_empty())
}

/// The wish with those who were asked for besides the first practitioner.
fn named(wish: Wish, serving: &Serving) -> Wish {
    let others = serving.iter().enumerate().skip(1).filter_map(|(need, employee)| Some((need, (*employee)?)));
    others.fold(wish, |wish, (need, employee)| narrowed(&wish, need, vec![employee]))
}

struct Asked<'a> {
    question: &'a Question,
    /// With whom was asked for, or with each of those who are qualified.
    wishes: &'a [Wish],
    serving: &'a Serving,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    may_overbook: bool,
}

impl Asked<'_> {
    fn fixes(&self, why: &Why) -> Vec<Fix> {
        let need = why.resource.and_then(|id| self.need(id));
        let role = why.resource.and_then(|id| self.question.times.iter().find(|time| time.resource == id).map(|time| time.role));
        let staff = role.is_none_or(|role| role == ResourceKind::Staff);
        let mut fixes = Vec::new();
        match (why.rule, why.resource) {
            // Nobody is there for a need, or nothing.
            (Rule::Kind, None) => {
                let empty = self.question.wish.needs.iter().filter(|need| need.any_of.is_empty());
                fixes.extend(empty.map(|need| Fix::Provide(Missing { kind: need.role, sort_of: need.sort_of.clone() })));
            }
            // Time itself is in the way: whoever it is.
            (Rule::Past | Rule::Notice | Rule::Horizon, _) => {}
            // Nobody comes in the patient's place.
            (_, Some(id)) if self.question.wish.guest.as_ref().is_some_and(|guest| guest.id == id) => {}
            (_, Some(id)) if staff => fixes.extend(self.instead(need.unwrap_or(0), id).into_iter().map(Fix::Colleague)),
            (_, Some(id)) => {
                fixes.extend(need.into_iter().flat_map(|need| self.instead(need, id)).map(Fix::OtherPlace));
            }
            (_, None) => {}
        }
        fixes.extend(self.other_time().map(Fix::OtherTime));
        let treatment = Interval { start: self.start, end: self.end };
        match (why.rule, why.during) {
            (Rule::Break, Some(during)) => fixes.extend(during.intersect(&treatment).map(Fix::ShortenBreak)),
            (Rule::Hours, Some(during)) => fixes.push(Fix::ExtendHours(during)),
            _ => {}
        }
        // What is past or of no use can't be booked over.
        if self.may_overbook && !matches!(why.rule, Rule::Kind | Rule::Gap) {
            fixes.push(Fix::Overbook);
        }
        fixes
    }

    /// Which need somebody or something serves: whoever was asked for by name serves that for which they were.
    fn need(&self, id: EntityId) -> Option<usize> {
        let asked = self.serving.iter().position(|employee| *employee == Some(id));
        asked.or_else(|| self.question.wish.needs.iter().position(|need| need.any_of.contains(&id)))
    }

    /// Who or what else can serve the need then, those first with whom the whole visit can be had.
    fn instead(&self, need: usize, but: EntityId) -> Vec<Instead> {
        let (question, times) = (self.question, &self.question.times);
        let candidates = question.wish.needs.get(need).map(|need| need.any_of.as_slice()).unwrap_or_default();
        let mut found: Vec<Instead> = Vec::new();
        for &id in candidates.iter().filter(|id| **id != but && !self.serving.contains(&Some(**id))) {
            // Somebody else in place of the practitioner; or the same one with something else.
            let whole: Vec<Wish> = match need {
                0 => vec![named(with(question, id), self.serving)],
                _ => self.wishes.iter().map(|wish| narrowed(wish, need, vec![id])).collect(),
            };
            let Some(first) = whole.first() else { continue };
            let alone = Wish { needs: vec![first.needs[need].clone()], guest: None, ..first.clone() };
            if !verdict(&alone, times, self.start, &[id]).is_empty() {
                continue;
            }
            let slot = whole.iter().find_map(|wish| {
                at(wish, times, &question.zone, self.start).filter(|slot| verdict(wish, times, self.start, &slot.resources).is_empty())
            });
            found.push(Instead {
                id,
                instead_of: but,
                name: name_of(&question.names, id).unwrap_or_default(),
                slot: slot.map(AvailableSlot::from),
            });
        }
        found.sort_by_key(|instead| instead.slot.is_none());
        found.truncate(WAYS);
        found
    }

    /// The nearest time of the range; of two equally near the later, for who asks for 10:30 can rarely come before.
    fn other_time(&self) -> Option<AvailableSlot> {
        let (times, zone) = (&self.question.times, &self.question.zone);
        let free = self.wishes.iter().flat_map(|wish| slots(wish, times, zone, self.question.range));
        let nearest = free.filter(|slot| slot.start != self.start).min_by_key(|slot| {
            let away = slot.start - self.start;
            (away.abs(), away < TimeDelta::zero())
        });
        nearest.map(AvailableSlot::from)
    }
}
