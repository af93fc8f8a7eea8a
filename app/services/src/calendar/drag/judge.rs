//! The verdict while something is in the air: the server's own rules over what the calendar has loaded, at every
//! frame and without asking.

use crate::calendar::when;
use chrono::{DateTime, Utc};
use platform::{id::EntityId, time::ZoneWindow};
use services::calendar::{
    event::{CalendarView, Event, Hours},
    slots::{Align, Busy, Need, ResourceTime, Rule, Why, Wish, verdict},
};
use services::core::GENERIC_TYPES;
use ui::{Lang, rule_text};

/// What knows the rules, once they are loaded.
pub type Verdicts = Box<dyn Judging + Send + Sync>;

/// Judges places for one event.
pub trait Judging {
    /// Takes the module's own wish.
    fn tell(&mut self, wish: Wish);

    /// Everything that stands against these times with `from` replaced by `to`; nothing if it is free.
    fn judge(&self, start: DateTime<Utc>, end: DateTime<Utc>, from: Option<EntityId>, to: Option<EntityId>) -> Vec<Why>;

    /// Whether that resource can never do it, whatever the time.
    fn is_unfit(&self, from: Option<EntityId>, to: EntityId) -> bool;
}

/// The rules over everything that is loaded.
pub fn judging(view: &CalendarView, event: Event) -> Verdicts {
    Box::new(Judge::new(view, event))
}

struct Judge {
    event: Event,
    wish: Wish,
    /// Whether the module has said what it needs; until then only hours and time taken are known.
    told: bool,
    times: Vec<ResourceTime>,
}

impl Judge {
    /// Over everything that is loaded.
    fn new(view: &CalendarView, event: Event) -> Self {
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
                    .filter(|other| other.id != event.id && other.status.occupies() && other.resources.contains(&resource.id))
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
        Self { event, wish, told: false, times }
    }
}

impl Judging for Judge {
    fn tell(&mut self, wish: Wish) {
        self.wish = wish;
        self.told = true;
    }

    fn judge(&self, start: DateTime<Utc>, end: DateTime<Utc>, from: Option<EntityId>, to: Option<EntityId>) -> Vec<Why> {
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
        let fits = |need: &Need| need.role == time.role && need.any_of.contains(&to);
        away || (self.told && !self.wish.needs.is_empty() && !self.wish.needs.iter().any(fits))
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
    use services::calendar::{event::ResourceKind, slots::Rule};

    fn judge() -> Judge {
        let moved = visit(20, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS]);
        let other = visit(21, "2026-11-24T12:00:00Z", "2026-11-24T12:45:00Z", &[LIS]);
        let loaded = tuesday(vec![moved.clone(), other]);
        Judge::new(&loaded.calendar, moved)
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
        let mut wish = judge.wish.clone();
        wish.needs = vec![Need { role: ResourceKind::Staff, sort_of: None, any_of: vec![id(LIS)], segments: Vec::new(), within: None }];
        judge.tell(wish);
        assert!(judge.is_unfit(Some(id(LIS)), id(ZAJAC)));
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
