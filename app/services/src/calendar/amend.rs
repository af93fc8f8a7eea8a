//! What has changed since it was fetched. A colleague's change is fetched by itself and laid over what was loaded, so that it
//! is seen at once and a full week need not travel for one visit; the next fetch of the range brings it along.

use super::data::Shared;
use chrono::NaiveDate;
use platform::id::{EntityId, LocationId};
use services::calendar::event::{CalendarView, Event};

/// An answer that was under way when something changed may come so much later and not know it, in milliseconds.
const UNDER_WAY: f64 = 10_000.0;
/// So many changes are laid over one answer; then the range is fetched anew.
const MOST: usize = 200;

/// A change of one activity.
#[derive(Clone, Debug, PartialEq)]
pub struct Amend {
    /// Which activity.
    pub id: EntityId,
    /// As it is now; none if what was shown when this was asked shows it no longer.
    pub event: Option<Event>,
    /// What was shown: location, first date, the date after the last.
    pub shown: (LocationId, NaiveDate, NaiveDate),
    /// When it came, on the browser's clock.
    pub at: f64,
}

/// All changes that what was loaded may not know.
#[derive(Clone, Debug, Default)]
pub struct Amends(Vec<Amend>);

impl Amends {
    /// Notes a change, which takes the place of an older one of the same activity. Says whether there are too many by now.
    pub fn note(&mut self, amend: Amend) -> bool {
        self.0.retain(|other| other.id != amend.id);
        self.0.push(amend);
        self.0.len() > MOST
    }

    /// Forgets what an answer that came then cannot but know.
    pub fn settle(&mut self, at: f64) {
        self.0.retain(|amend| at < amend.at + UNDER_WAY);
    }

    /// What was loaded, with what has changed since.
    pub fn over(&self, loaded: Shared) -> Shared {
        let view = &loaded.calendar;
        let mut changed: Option<CalendarView> = None;
        for amend in self.0.iter().filter(|amend| loaded.at < amend.at + UNDER_WAY && amend.shown.0 == view.location.id) {
            let events = changed.as_ref().map_or(&view.events, |view| &view.events);
            let at = events.iter().position(|event| event.id == amend.id);
            match (at, &amend.event) {
                (Some(at), Some(event)) if event.version < events[at].version || *event == events[at] => {}
                (Some(at), Some(event)) if shows(view, event) => changed.get_or_insert_with(|| view.clone()).events[at] = event.clone(),
                // On another page than it was on.
                (Some(at), Some(_)) => drop(changed.get_or_insert_with(|| view.clone()).events.remove(at)),
                (Some(at), None) if amend.shown.1 <= view.from && view.to <= amend.shown.2 => {
                    drop(changed.get_or_insert_with(|| view.clone()).events.remove(at));
                }
                (None, Some(event)) if shows(view, event) => {
                    let events = &mut changed.get_or_insert_with(|| view.clone()).events;
                    let place = events.partition_point(|other| (other.start, other.id) < (event.start, event.id));
                    events.insert(place, event.clone());
                }
                _ => {}
            }
        }
        match changed {
            Some(calendar) => loaded.with_calendar(calendar),
            None => loaded,
        }
    }
}

/// Whether a range shows an event.
fn shows(view: &CalendarView, event: &Event) -> bool {
    event.start < view.zone.day_start(view.to) && view.zone.day_start(view.from) < event.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::scene::tests::{LIS, tuesday, visit};

    fn loaded() -> Shared {
        Shared::new(tuesday(vec![
            visit(21, "2026-11-24T08:00:00Z", "2026-11-24T08:30:00Z", &[LIS]),
            visit(22, "2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z", &[LIS]),
        ]))
    }

    fn amend(loaded: &Shared, id: EntityId, event: Option<Event>) -> Amend {
        let view = &loaded.calendar;
        Amend { id, event, shown: (view.location.id, view.from, view.to), at: loaded.at + 60_000.0 }
    }

    #[test]
    fn a_change_takes_the_place_of_what_was_loaded_and_an_older_version_does_not() {
        let loaded = loaded();
        let before = loaded.calendar.events[0].clone();
        let mut amends = Amends::default();
        amends.note(amend(&loaded, before.id, Some(Event { version: before.version - 1, title: "Old".into(), ..before.clone() })));
        assert_eq!(amends.over(loaded.clone()), loaded, "the very same");
        amends.note(amend(&loaded, before.id, Some(Event { version: before.version + 1, title: "New".into(), ..before.clone() })));
        let after = amends.over(loaded.clone());
        assert_eq!(after.calendar.events[0].title, "New");
        assert_eq!(after.calendar.events[1..], loaded.calendar.events[1..]);
    }

    #[test]
    fn what_is_gone_goes_and_what_is_new_comes_in_its_place_in_time() {
        let loaded = loaded();
        let first = loaded.calendar.events[0].clone();
        let mut amends = Amends::default();
        amends.note(amend(&loaded, first.id, None));
        let new = Event { id: EntityId::new(), ..first.clone() };
        amends.note(amend(&loaded, new.id, Some(new.clone())));
        let after = amends.over(loaded.clone());
        assert_eq!(after.calendar.events.len(), loaded.calendar.events.len());
        assert!(after.calendar.events.iter().all(|event| event.id != first.id));
        assert!(after.calendar.events.is_sorted_by_key(|event| event.start));
        // Moved to where this page does not reach.
        let far = Event {
            start: first.start + chrono::Duration::days(90),
            end: first.end + chrono::Duration::days(90),
            version: 99,
            ..first.clone()
        };
        amends.note(amend(&loaded, first.id, Some(far)));
        assert!(amends.over(loaded.clone()).calendar.events.iter().all(|event| event.id != first.id));
    }

    #[test]
    fn what_was_fetched_later_knows_by_itself() {
        let loaded = loaded();
        let first = loaded.calendar.events[0].id;
        let mut amends = Amends::default();
        amends.note(Amend { at: loaded.at - 2.0 * UNDER_WAY, ..amend(&loaded, first, None) });
        assert_eq!(amends.over(loaded.clone()), loaded);
        amends.settle(loaded.at);
        assert!(amends.0.is_empty());
    }
}
