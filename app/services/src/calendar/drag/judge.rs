//! The verdict while something is in the air, at every frame and without asking: by what the server judges the move by, told
//! once when it was lifted; until that is there, or without a network, by what the calendar has drawn.

use crate::calendar::when;
use chrono::{DateTime, Utc};
use platform::{id::EntityId, time::ZoneWindow};
use services::calendar::{
    event::{CalendarView, Event, Hours},
    slots::{Align, Busy, Carried, ResourceTime, Rule, Why, Wish, verdict},
};
use services::core::GENERIC_TYPES;
use ui::{Lang, rule_text};

/// What knows the rules, once they are loaded.
pub type Verdicts = Box<dyn Judging + Send + Sync>;

/// Judges places for one event.
pub trait Judging {
    /// Takes what the server judges by.
    fn tell(&mut self, carried: Carried);

    /// Everything that stands against these times with `from` replaced by `to`; nothing if it is free.
    fn judge(&self, start: DateTime<Utc>, end: DateTime<Utc>, from: Option<EntityId>, to: Option<EntityId>) -> Vec<Why>;

    /// Whether that resource can never do it, whatever the time.
    fn is_unfit(&self, from: Option<EntityId>, to: EntityId) -> bool;
}

/// The rules over everything that is loaded. What moves along stands in nobody's way.
pub fn judging(view: &CalendarView, event: Event, along: Vec<Event>) -> Verdicts {
    Box::new(Judge::new(view, event, along))
}

struct Judge {
    event: Event,
    along: Vec<Event>,
    wish: Wish,
    /// As it is drawn.
    times: Vec<ResourceTime>,
    told: Option<Carried>,
}

impl Judge {
    /// Over everything that is loaded.
    fn new(view: &CalendarView, event: Event, along: Vec<Event>) -> Self {
        let stays = |other: &&Event| other.id != event.id && along.iter().all(|one| one.id != other.id);
        let times = view
            .resources
            .iter()
            .map(|resource| ResourceTime {
                resource: resource.id,
                role: resource.kind,
                capacity: 1,
                hours: view.hours.iter().find(|hours| hours.resource == resource.id).cloned().unwrap_or(Hours {
                    resource: resource.id,
                    windows: Vec::new(),
                    always: true,
                    closed: Vec::new(),
                }),
                busy: view
                    .events
                    .iter()
                    .filter(stays)
                    .filter(|other| other.status.occupies() && other.resources.contains(&resource.id))
                    .map(|other| Busy {
                        activity: other.id,
                        start: other.start,
                        end: other.end,
                        before: other.buffer_before,
                        after: other.buffer_after,
                        seats: 1,
                        session: None,
                    })
                    .collect(),
            })
            .collect();
        let wish = Wish {
            minutes: (event.end - event.start).num_minutes() as i32,
            before: event.buffer_before,
            after: event.buffer_after,
            step: 15,
            align: Align::Clock,
            // Without needs whichever resources are chosen are judged.
            needs: Vec::new(),
            moving: Some(event.id),
            now: None,
            notice_minutes: 0,
            latest: None,
            ..Wish::default()
        };
        Self { event, along, wish, times, told: None }
    }
}

impl Judging for Judge {
    fn tell(&mut self, mut carried: Carried) {
        carried.forget(&self.along);
        // Of who never comes into question more can be said than that.
        let unknown = |time: &&ResourceTime| carried.times.iter().all(|known| known.resource != time.resource);
        let more: Vec<ResourceTime> = self.times.iter().filter(unknown).cloned().collect();
        carried.times.extend(more);
        self.told = Some(carried);
    }

    fn judge(&self, start: DateTime<Utc>, end: DateTime<Utc>, from: Option<EntityId>, to: Option<EntityId>) -> Vec<Why> {
        if let Some(carried) = self.told.as_ref().filter(|carried| carried.knows(start)) {
            return carried.verdict(start, end, (from, to));
        }
        let mut wish = self.wish.clone();
        wish.minutes = (end - start).num_minutes() as i32;
        let mut against = verdict(&wish, &self.times, start, &swapped(&self.event.resources, from, to));
        if GENERIC_TYPES.contains(&self.event.activity_type.as_str()) {
            // A meeting may lie outside of anybody's hours; that somebody is taken stands against it.
            against.retain(|why| !matches!(why.rule, Rule::Hours | Rule::Break | Rule::Leave | Rule::Closure));
        }
        against
    }

    fn is_unfit(&self, from: Option<EntityId>, to: EntityId) -> bool {
        if from == Some(to) {
            return false;
        }
        let Some(time) = self.times.iter().find(|time| time.resource == to) else { return false };
        let away = !time.hours.always && time.hours.windows.is_empty();
        away || self.told.as_ref().is_some_and(|carried| !carried.wish.needs.is_empty() && !carried.fits(from, to))
    }
}

/// The resources with one replaced.
pub fn swapped(resources: &[EntityId], from: Option<EntityId>, to: Option<EntityId>) -> Vec<EntityId> {
    let mut swapped: Vec<EntityId> = resources.iter().copied().filter(|id| Some(*id) != from || to.is_none()).collect();
    if let Some(to) = to
        && !swapped.contains(&to)
    {
        swapped.push(to);
    }
    platform::order::by_rank(&mut swapped, |id| i128::from_be_bytes(*id.0.as_bytes()));
    swapped
}

/// The label beside the ghost: `13:15 – 14:00 · Dr Lis · free`, or why not.
pub fn label(
    lang: Lang,
    zone: &ZoneWindow,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    column: &str,
    free: &str,
    against: &[Why],
    name: impl Fn(EntityId) -> Option<String>,
) -> String {
    let mut text = when::times(zone, start, end);
    let mut add = |part: &str| {
        if !part.is_empty() {
            text.push_str(" · ");
            text.push_str(part);
        }
    };
    add(column);
    if against.is_empty() {
        add(free);
    }
    // What the column itself says comes right after its name, and then whatever else has a name of its own.
    let mut said: Vec<(Rule, Option<EntityId>)> = Vec::new();
    for own in [true, false] {
        for why in against {
            let named = why.resource.and_then(&name).filter(|name| name != column);
            // Several things may take the same resource's time; one word is enough on a label.
            if named.is_none() != own || said.contains(&(why.rule, why.resource)) || said.len() == 2 {
                continue;
            }
            said.push((why.rule, why.resource));
            let rule = rule_text(lang, why.rule.as_str());
            match named {
                Some(name) => add(&crate::words::reason_of(lang, &name, rule)),
                None => add(rule),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::scene::tests::{LIS, RAK, ZAJAC, id, tuesday, utc, visit};
    use platform::time::Interval;
    use services::calendar::{
        event::ResourceKind,
        slots::{Need, Rule, Segment, Way},
    };

    fn judge() -> Judge {
        let moved = visit(20, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS]);
        let other = visit(21, "2026-11-24T12:00:00Z", "2026-11-24T12:45:00Z", &[LIS]);
        let loaded = tuesday(vec![moved.clone(), other]);
        Judge::new(&loaded.calendar, moved, Vec::new())
    }

    fn rules(start: &str, to: Option<u128>) -> Vec<Rule> {
        let start = utc(start);
        let (from, to) = (to.map(|_| id(LIS)), to.map(id));
        judge().judge(start, start + chrono::Duration::minutes(45), from, to).into_iter().map(|why| why.rule).collect()
    }

    #[test]
    fn its_own_time_does_not_stand_in_its_way_and_another_visit_does() {
        assert_eq!(rules("2026-11-24T09:45:00Z", None), []);
        assert_eq!(rules("2026-11-24T12:15:00Z", None), [Rule::Busy]);
        // The ten minutes after it are taken too.
        assert_eq!(rules("2026-11-24T12:45:00Z", None), [Rule::Buffer]);
        assert_eq!(rules("2026-11-24T12:15:00Z", Some(ZAJAC)), []);
    }

    #[test]
    fn breaks_leave_and_hours_are_told_apart() {
        assert_eq!(rules("2026-11-24T10:30:00Z", None), [Rule::Break]);
        assert_eq!(rules("2026-11-24T06:30:00Z", None), [Rule::Hours]);
        assert!(rules("2026-11-24T09:30:00Z", Some(RAK)).contains(&Rule::Leave));
    }

    #[test]
    fn columns_that_can_never_take_it_are_known_before_the_drop() {
        let mut judge = judge();
        assert!(judge.is_unfit(Some(id(LIS)), id(RAK)));
        assert!(!judge.is_unfit(Some(id(LIS)), id(ZAJAC)));
        assert!(!judge.is_unfit(Some(id(LIS)), id(LIS)));
        judge.tell(told(&judge, vec![id(LIS)]));
        assert!(judge.is_unfit(Some(id(LIS)), id(ZAJAC)));
    }

    /// What the server would tell of the visit: somebody of these, taken for the first quarter and the last.
    fn told(judge: &Judge, any_of: Vec<EntityId>) -> Carried {
        let segments = vec![Segment { from: 0, to: 15 }, Segment { from: 30, to: 45 }];
        let need = Need { role: ResourceKind::Staff, sort_of: None, any_of, segments, within: None };
        let event = &judge.event;
        Carried {
            start: event.start,
            end: event.end,
            wish: Wish { needs: vec![need], now: Some(utc("2026-11-24T09:00:00Z")), ..judge.wish.clone() },
            times: judge.times.iter().filter(|time| time.resource == id(LIS)).cloned().collect(),
            range: Interval { start: utc("2026-11-23T23:00:00Z"), end: utc("2026-11-24T23:00:00Z") },
            terms: Vec::new(),
            people: vec![id(LIS)],
            things: Vec::new(),
            way: Way::Assigned,
            subject: Some(id(500)),
            elsewhere: vec![Interval { start: utc("2026-11-24T13:00:00Z"), end: utc("2026-11-24T14:00:00Z") }],
        }
    }

    #[test]
    fn what_the_server_tells_is_judged_by_once_it_is_there() {
        let mut judge = judge();
        let rules = |judge: &Judge, start: &str, to: Option<u128>| {
            let start = utc(start);
            let (from, to) = (to.map(|_| id(LIS)), to.map(id));
            let against = judge.judge(start, start + chrono::Duration::minutes(45), from, to);
            against.into_iter().map(|why| (why.rule, why.resource)).collect::<Vec<_>>()
        };
        // What is drawn does not know that it is past.
        let drawn = "2026-11-24T08:00:00Z";
        assert_eq!(rules(&judge, drawn, None), []);
        judge.tell(told(&judge, vec![id(LIS)]));
        assert_eq!(rules(&judge, drawn, None), [(Rule::Past, None)]);
        assert_eq!(rules(&judge, "2026-11-24T09:45:00Z", None), []);
        // Whom it is about has something else then.
        assert_eq!(rules(&judge, "2026-11-24T13:30:00Z", None), [(Rule::Busy, Some(id(500)))]);
        assert!(rules(&judge, "2026-11-24T09:45:00Z", Some(ZAJAC)).contains(&(Rule::Qualification, Some(id(ZAJAC)))));
        // On a day that was not asked about what is drawn counts.
        assert_eq!(rules(&judge, "2026-11-27T06:30:00Z", None).first().map(|why| why.0), Some(Rule::Hours));
    }

    #[test]
    fn the_label_says_when_where_and_why_not() {
        let view = tuesday(vec![]).calendar;
        let times = (utc("2026-11-24T12:15:00Z"), utc("2026-11-24T13:00:00Z"));
        let text = |against: &[Why]| label(Lang::En, &view.zone, times, "Dr Lis", "free", against, |_| Some("Room 2".into()));
        assert_eq!(text(&[]), "13:15 – 14:00 · Dr Lis · free");
        let why = Why { rule: Rule::Busy, resource: Some(id(9)), during: None };
        assert_eq!(text(std::slice::from_ref(&why)), "13:15 – 14:00 · Dr Lis · Room 2: taken");
        let own = Why { rule: Rule::Break, resource: None, during: None };
        assert_eq!(text(&[why, own]), "13:15 – 14:00 · Dr Lis · break · Room 2: taken");
    }

    #[test]
    fn a_resource_is_replaced_added_or_left() {
        assert_eq!(swapped(&[id(1), id(9)], Some(id(1)), Some(id(2))), [id(2), id(9)]);
        assert_eq!(swapped(&[id(9)], None, Some(id(2))), [id(2), id(9)]);
        assert_eq!(swapped(&[id(1), id(9)], None, None), [id(1), id(9)]);
    }
}
