//! Where an activity may go: asked once when it is lifted, and from then on judged wherever it is held, by the same
//! arithmetic and with the same choice of rooms as the move itself.

use chrono::{DateTime, TimeDelta, Utc};
use platform::id::EntityId;
use platform::time::Interval;
use serde::{Deserialize, Serialize};

use super::choice::{choose, fitted, keep_or_choose};
use super::{ResourceTime, Rule, Why, Wish, verdict};
use crate::calendar::event::Event;

/// Everything by which the places of one activity are judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// When it begins now.
    pub start: DateTime<Utc>,
    /// When it ends now.
    pub end: DateTime<Utc>,
    /// What it needs. Of who and what will do all are named; its `minutes` are the length for which the segments are
    /// written, which the activity's own may differ from. `moving` is none for a copy.
    pub wish: Wish,
    /// What is known of the time of all who come into question; what is carried takes none of it.
    pub times: Vec<ResourceTime>,
    /// Starts outside of it are not known about.
    pub range: Interval,
    /// What is not the same with everybody.
    pub terms: Vec<Terms>,
    /// Who serves the first needs now, in their order.
    pub people: Vec<EntityId>,
    /// What else it takes.
    pub things: Vec<EntityId>,
    /// How it goes from one place to another.
    pub way: Way,
    /// Whom it is about.
    pub subject: Option<EntityId>,
    /// What they have besides.
    pub elsewhere: Vec<Interval>,
}

/// What is not the same with everybody who serves a need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The need's place.
    pub need: usize,
    /// Whom they are about.
    pub resource: EntityId,
    /// How long a copy takes with them.
    pub minutes: i32,
    /// Days, weeks and months in which no more may begin with them (R9).
    pub full: Vec<Interval>,
}

/// How an activity goes from one place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// It takes exactly those whose columns it is put into, and nobody's hours are asked.
    Plain,
    /// Things that are taken at the new time are replaced by others that will do.
    Assigned,
    /// Likewise, and it keeps its length.
    Whole,
}

/// The longest that something with needs takes, in minutes.
const DAY: i32 = 1_440;

/// The resource that is replaced, and the one that replaces it.
type Change = (Option<EntityId>, Option<EntityId>);

impl Carried {
    /// Whether anything is known of a start there.
    pub fn knows(&self, start: DateTime<Utc>) -> bool {
        self.range.start <= start && start < self.range.end
    }

    /// Activities that move along stand in nobody's way.
    pub fn forget(&mut self, along: &[Event]) {
        for time in &mut self.times {
            time.busy.retain(|busy| along.iter().all(|other| other.id != busy.activity));
        }
        let leaves =
            |during: &Interval, other: &Event| other.subject == self.subject && (other.start, other.end) == (during.start, during.end);
        self.elsewhere.retain(|during| !along.iter().any(|other| leaves(during, other)));
    }

    /// Whether `to` will ever do in the place of `from`, whatever the time.
    pub fn fits(&self, from: Option<EntityId>, to: EntityId) -> bool {
        let any = |first: usize| self.wish.needs.iter().skip(first).any(|need| need.any_of.contains(&to));
        match from.and_then(|from| self.place(from)) {
            Some(_) if self.way == Way::Whole && self.people.contains(&to) => false,
            Some(place) => self.wish.needs.get(place).is_some_and(|need| need.any_of.contains(&to)),
            None if from.is_some() => any(self.people.len()),
            None => any(0),
        }
    }

    /// Everything that stands against these times with `from` replaced by `to`; nothing if the move would be accepted.
    pub fn verdict(&self, start: DateTime<Utc>, end: DateTime<Utc>, (from, to): Change) -> Vec<Why> {
        match self.way {
            Way::Plain => self.plain(start, end, (from, to)),
            Way::Assigned | Way::Whole => self.assigned(start, end, (from, to)),
        }
    }

    fn place(&self, person: EntityId) -> Option<usize> {
        self.people.iter().position(|id| *id == person)
    }

    /// Whether it stands there already (R11).
    fn stays(&self, start: DateTime<Utc>, end: DateTime<Utc>, resources: &[EntityId]) -> bool {
        let own = || self.people.iter().chain(&self.things);
        self.wish.moving.is_some()
            && (start, end) == (self.start, self.end)
            && own().all(|id| resources.contains(id))
            && resources.iter().all(|id| own().any(|own| own == id))
    }

    fn plain(&self, start: DateTime<Utc>, end: DateTime<Utc>, (from, to): Change) -> Vec<Why> {
        let mut chosen: Vec<EntityId> = Vec::new();
        let own = self.people.iter().chain(&self.things);
        let given = own.map(|id| to.filter(|_| from == Some(*id)).unwrap_or(*id));
        for id in given.chain(to.filter(|_| from.is_none())) {
            if !chosen.contains(&id) {
                chosen.push(id);
            }
        }
        if self.stays(start, end, &chosen) {
            return Vec::new();
        }
        // Without needs whoever is chosen is judged.
        let wish = Wish { minutes: whole_minutes(end - start).unwrap_or(0), needs: Vec::new(), now: None, ..self.wish.clone() };
        verdict(&wish, &self.times, start, &chosen)
    }

    fn assigned(&self, start: DateTime<Utc>, end: DateTime<Utc>, (from, to): Change) -> Vec<Why> {
        let change = from.zip(to).filter(|(from, to)| from != to);
        let taken_over = change.filter(|(from, _)| self.people.contains(from));
        let people: Vec<EntityId> = self.people.iter().map(|id| replaced(*id, taken_over)).collect();
        let named = change.filter(|_| taken_over.is_none());
        let named: Option<Vec<EntityId>> = named.map(|change| self.things.iter().map(|id| replaced(*id, Some(change))).collect());
        let has = named.as_deref().unwrap_or(&self.things);
        if self.stays(start, end, &people.iter().chain(has).copied().collect::<Vec<_>>()) {
            return Vec::new();
        }
        let refused = |rule, resource| vec![Why { rule, resource, during: None }];
        if let Some((_, into)) = taken_over
            && self.way == Way::Whole
            && self.people.contains(&into)
        {
            // They give another part of it already.
            return refused(Rule::Busy, Some(into));
        }
        let Some(first) = people.first().copied() else { return refused(Rule::Kind, None) };
        let copied = self.wish.moving.is_none().then(|| self.terms(0, first).map_or(self.wish.minutes, |terms| terms.minutes));
        let Some(minutes) = copied.or(whole_minutes(end - start)).filter(|minutes| *minutes <= DAY) else {
            return refused(Rule::Kind, None);
        };
        if self.way == Way::Whole && copied.is_none() && end - start != self.end - self.start {
            return refused(Rule::Kind, None);
        }
        let wish = self.wish_with(&people, minutes, start);
        let chosen = match (&named, self.wish.moving) {
            (Some(named), _) => choose(&wish, &self.times, first, Some(named), start),
            (None, Some(_)) => keep_or_choose(&wish, &self.times, first, &self.things, start),
            (None, None) => choose(&wish, &self.times, first, None, start),
        };
        let mut against = verdict(&wish, &self.times, start, &chosen);
        let end = if copied.is_some() { start + TimeDelta::minutes(i64::from(minutes)) } else { end };
        let meanwhile = self.elsewhere.iter().filter(|during| during.start < end && start < during.end);
        against.extend(meanwhile.map(|during| Why { rule: Rule::Busy, resource: self.subject, during: Some(*during) }));
        against
    }

    fn terms(&self, need: usize, resource: EntityId) -> Option<&Terms> {
        self.terms.iter().find(|terms| terms.need == need && terms.resource == resource)
    }

    /// What it needs with these people, at this length and from this start.
    fn wish_with(&self, people: &[EntityId], minutes: i32, start: DateTime<Utc>) -> Wish {
        let mut wish = self.wish.clone();
        for (need, own) in wish.needs.iter_mut().zip(people) {
            need.any_of.retain(|id| id == own);
        }
        for need in &mut wish.needs {
            need.segments = fitted(&need.segments, wish.minutes, minutes);
        }
        wish.minutes = minutes;
        wish.full = people.iter().enumerate().filter_map(|(n, id)| self.terms(n, *id)).flat_map(|terms| terms.full.clone()).collect();
        // What has begun may be made longer or moved to another room, although its start is past.
        if wish.moving.is_some() && start == self.start {
            wish.now = None;
        }
        wish
    }
}

fn replaced(id: EntityId, change: Option<(EntityId, EntityId)>) -> EntityId {
    change.filter(|(from, _)| *from == id).map_or(id, |(_, to)| to)
}

/// A minute that has begun is taken; none where it is no length.
fn whole_minutes(length: TimeDelta) -> Option<i32> {
    i32::try_from((length + TimeDelta::seconds(59)).num_minutes()).ok().filter(|minutes| *minutes >= 1)
}
