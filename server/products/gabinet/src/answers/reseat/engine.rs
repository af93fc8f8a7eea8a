//! Who takes over which visit: on instants only, by the calendar's own verdict.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    id::EntityId,
    time::{Interval, ZoneWindow},
};
use services::calendar::slots::{Busy, ResourceTime, Rule, Segment, Slot, Why, Wish, slots, verdict};

use crate::{
    answers::{against, at, narrowed, with},
    appointments::Question,
};

/// Everything by which a proposal is made.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Who is away.
    pub away: EntityId,
    /// The visits to be placed elsewhere.
    pub visits: Vec<Held>,
    /// What each treatment needs at each location, and what is known of the time of all who could serve it.
    pub questions: Vec<Question>,
    /// What patients have booked around then: patient, activity, when.
    pub elsewhere: Vec<(EntityId, EntityId, Interval)>,
}

/// One visit to be placed elsewhere.
#[derive(Clone, Debug)]
pub struct Held {
    pub activity: EntityId,
    /// Several where it is a session.
    pub patients: Vec<EntityId>,
    /// Which of the questions is its treatments'.
    pub question: usize,
    /// Which of the question's needs is the one of whom is away: the first, unless a treatment of several is meant that a
    /// colleague's precedes.
    pub need: usize,
    pub start: DateTime<Utc>,
    pub minutes: i32,
    /// Whether that is the treatment's length with whom it is now; with a colleague it then takes as long as with them.
    pub usual: bool,
    /// What it takes now.
    pub resources: Vec<EntityId>,
    /// Its local date, on which it stays.
    pub day: Interval,
}

/// What became of each visit, by its activity: where it goes, or what stands against its own time.
pub type Outcome = BTreeMap<EntityId, Result<Slot, Vec<Why>>>;

/// Places all visits: at their own time with a colleague where that is possible, otherwise at the nearest time of the
/// same day. Each is judged with those placed before it in their new places and the others still in their old ones, so
/// that whatever stays without a place can stay where it is. The order in which anything is given makes no difference.
pub fn reseat(ground: &Ground) -> Outcome {
    let mut visits: Vec<&Held> = ground.visits.iter().collect();
    visits.sort_by_key(|held| (held.start, held.activity));
    let mut state = State { ground, now: ground.clone(), placed: BTreeMap::new() };
    for held in &visits {
        if let Some(slot) = state.same_time(held) {
            state.place(held, slot);
        }
    }
    for held in &visits {
        state.give_way(held, &visits);
    }
    // Whoever is placed makes room for others, so that it is tried again while anything moves.
    loop {
        let before = state.placed.len();
        for held in &visits {
            if state.placed.contains_key(&held.activity) {
                continue;
            }
            if let Some(slot) = state.same_time(held).or_else(|| state.nearest(held)) {
                state.place(held, slot);
            }
        }
        if state.placed.len() == before {
            break;
        }
    }
    let outcome = |held: &&Held| {
        let found = state.placed.get(&held.activity).cloned();
        (held.activity, found.ok_or_else(|| state.reasons(held)))
    };
    visits.iter().map(outcome).collect()
}

#[derive(Clone)]
struct State<'a> {
    ground: &'a Ground,
    /// With what was placed in its new place.
    now: Ground,
    placed: BTreeMap<EntityId, Slot>,
}

impl State<'_> {
    /// What the visit needs now with each of those who are qualified, but the one who is away: those who have something
    /// of it already first, then those with the fewest visits taken over; its own room and device before others.
    fn wishes(&self, held: &Held) -> Vec<Wish> {
        let question = &self.ground.questions[held.question];
        let qualified = question.wish.needs.get(held.need).map(|need| need.any_of.as_slice()).unwrap_or_default();
        let mut people: Vec<EntityId> = qualified.iter().copied().filter(|id| *id != self.ground.away).collect();
        // Sorting is stable: of equals the clinic's own order holds.
        people.sort_by_key(|id| (!held.resources.contains(id), self.taken_over(*id)));
        let alone = |id: EntityId| if held.need == 0 { with(question, id) } else { narrowed(&question.wish, held.need, vec![id]) };
        people.into_iter().map(|id| self.wish(held, alone(id))).collect()
    }

    fn wish(&self, held: &Held, mut wish: Wish) -> Wish {
        if !held.usual {
            wish.minutes = held.minutes;
        }
        wish.moving = Some(held.activity);
        // It was booked in time.
        wish.notice_minutes = 0;
        wish.latest = None;
        for need in &mut wish.needs {
            need.any_of.retain(|id| *id != self.ground.away);
            need.any_of.sort_by_key(|id| !held.resources.contains(id));
        }
        wish
    }

    fn taken_over(&self, id: EntityId) -> usize {
        let visits = self.ground.visits.iter();
        visits.filter(|held| self.placed.get(&held.activity).is_some_and(|slot| slot.resources.get(held.need) == Some(&id))).count()
    }

    fn times(&self, held: &Held) -> &[ResourceTime] {
        &self.now.questions[held.question].times
    }

    fn zone(&self, held: &Held) -> &ZoneWindow {
        &self.ground.questions[held.question].zone
    }

    /// Whether the patient has nothing else then.
    fn patient_is_free(&self, held: &Held, slot: &Slot) -> bool {
        let own = Interval { start: slot.start, end: slot.end };
        !self.elsewhere(held).any(|during| during.overlaps(&own))
    }

    /// What else its patients have.
    fn elsewhere(&self, held: &Held) -> impl Iterator<Item = Interval> {
        let others =
            self.now.elsewhere.iter().filter(|(patient, activity, _)| held.patients.contains(patient) && *activity != held.activity);
        others.map(|(_, _, during)| *during)
    }

    fn same_time(&self, held: &Held) -> Option<Slot> {
        self.wishes(held).iter().find_map(|wish| {
            at(wish, self.times(held), self.zone(held), held.start)
                .filter(|slot| self.patient_is_free(held, slot))
                .filter(|slot| verdict(wish, self.times(held), slot.start, &slot.resources).is_empty())
        })
    }

    /// The time of the same day that is nearest to its own; of two equally near the earlier.
    fn nearest(&self, held: &Held) -> Option<Slot> {
        let wishes = self.wishes(held);
        let free = wishes.iter().flat_map(|wish| {
            let free = slots(wish, self.times(held), self.zone(held), held.day).into_iter();
            let free = free.filter(|slot| self.patient_is_free(held, slot));
            free.filter(|slot| verdict(wish, self.times(held), slot.start, &slot.resources).is_empty())
        });
        // Of several at one time it is the first one's.
        free.min_by_key(|slot| ((slot.start - held.start).abs(), slot.start))
    }

    /// Where somebody has been given another visit of that time whom only this one needs, the other goes to a third, if
    /// both then keep their times.
    fn give_way(&mut self, held: &Held, visits: &[&Held]) {
        if self.placed.contains_key(&held.activity) {
            return;
        }
        let own = Interval { start: held.start, end: held.start + TimeDelta::minutes(held.minutes.into()) };
        let near: Vec<&Held> = visits
            .iter()
            .copied()
            .filter(|other| {
                self.placed.get(&other.activity).is_some_and(|slot| Interval { start: slot.start, end: slot.end }.overlaps(&own))
            })
            .collect();
        for other in near {
            let mut tried = self.clone();
            tried.put_back(other);
            let Some(slot) = tried.same_time(held) else { continue };
            tried.place(held, slot);
            let Some(slot) = tried.same_time(other) else { continue };
            tried.place(other, slot);
            *self = tried;
            return;
        }
    }

    /// The visit in its new place: its old time is free, its new one taken.
    fn place(&mut self, held: &Held, slot: Slot) {
        let wish = &self.ground.questions[held.question].wish;
        for question in &mut self.now.questions {
            for time in &mut question.times {
                time.busy.retain(|busy| busy.activity != held.activity);
                if let Some(need) = slot.resources.iter().position(|id| *id == time.resource) {
                    let segments = wish.needs.get(need).map(|need| need.segments.as_slice()).unwrap_or_default();
                    time.busy.extend(taken(wish, segments, held.activity, &slot));
                }
            }
        }
        for (_, activity, during) in &mut self.now.elsewhere {
            if *activity == held.activity {
                *during = Interval { start: slot.start, end: slot.end };
            }
        }
        self.placed.insert(held.activity, slot);
    }

    /// The visit in its old place again.
    fn put_back(&mut self, held: &Held) {
        let was = self.ground.questions.iter().zip(&mut self.now.questions);
        for (before, now) in was {
            for (before, time) in before.times.iter().zip(&mut now.times) {
                time.busy.retain(|busy| busy.activity != held.activity);
                time.busy.extend(before.busy.iter().filter(|busy| busy.activity == held.activity).cloned());
            }
        }
        let was = self.ground.elsewhere.iter().zip(&mut self.now.elsewhere);
        for (before, now) in was.filter(|(before, _)| before.1 == held.activity) {
            now.2 = before.2;
        }
        self.placed.remove(&held.activity);
    }

    /// What stands against its own time with every colleague.
    fn reasons(&self, held: &Held) -> Vec<Why> {
        let mut why: Vec<Why> = self.wishes(held).iter().flat_map(|wish| against(wish, self.times(held), held.start)).collect();
        let own = Interval { start: held.start, end: held.start + TimeDelta::minutes(held.minutes.into()) };
        let others = self.elsewhere(held).filter(|during| during.overlaps(&own));
        why.extend(others.map(|during| Why { rule: Rule::Busy, resource: None, during: Some(during) }));
        if why.is_empty() {
            // Nobody else gives the treatment.
            let wish = self.wish(held, narrowed(&self.ground.questions[held.question].wish, held.need, Vec::new()));
            why = against(&wish, self.times(held), held.start);
        }
        why.sort();
        why.dedup();
        why
    }
}

/// What the slot takes of a resource: all of it with its buffers, or the segments, of which those at its ends have them.
fn taken(wish: &Wish, segments: &[Segment], activity: EntityId, slot: &Slot) -> Vec<Busy> {
    let minutes = |minutes: i32| TimeDelta::minutes(minutes.into());
    let one = |(start, end): (DateTime<Utc>, DateTime<Utc>)| Busy {
        activity,
        start,
        end,
        before: if start == slot.start { wish.before } else { 0 },
        after: if end == slot.end { wish.after } else { 0 },
        seats: 1,
        session: None,
    };
    if segments.is_empty() {
        return vec![one((slot.start, slot.end))];
    }
    let parts = segments.iter().map(|segment| (slot.start + minutes(segment.from), (slot.start + minutes(segment.to)).min(slot.end)));
    parts.filter(|(start, end)| start < end).map(one).collect()
}
