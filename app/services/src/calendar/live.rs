//! What colleagues do appears without a reload: heard, gathered for a moment, fetched once. Of a visit that has changed, that
//! visit alone is fetched; what changes more than activities, the whole range.

use super::{
    amend::Amend,
    data::{calendar_changed, elapsed},
    desk::Desk,
};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use std::time::Duration;
use ui::{Heard, use_live, use_modules};

/// How long changes are gathered before the calendar fetches them: one change is told under more than one name.
const GATHER: Duration = Duration::from_millis(15);
/// The same when it has just fetched, so that a colleague who changes much at once is followed in few steps.
const GATHER_MORE: Duration = Duration::from_millis(200);
/// Of more than so many activities the whole range is fetched.
const NAMED: usize = 40;

/// What was heard and not yet fetched.
#[derive(Default)]
struct Gathered {
    /// Activities, or records of modules whose activities these are.
    ids: Vec<EntityId>,
    /// Whether more than activities may have changed.
    all: bool,
    waiting: bool,
}

/// What a change concerns.
#[derive(Debug, PartialEq)]
enum Concern {
    Activity(EntityId),
    All,
}

/// Listens as long as the calendar is shown. While something is dragged the fetch may well happen; what it brings is
/// shown after the drop.
pub fn listen(desk: Desk) {
    let gathered = StoredValue::new(Gathered::default());
    let last = StoredValue::new(f64::NEG_INFINITY);
    let modules = use_modules();
    let is_activity = move |kind: &str| modules.0.iter().any(|module| module.activities.iter().any(|activity| activity.key == kind));
    use_live().listen(move |heard| {
        let Some(concern) = concern(&heard, is_activity) else { return };
        let first = gathered.try_update_value(|gathered| {
            match concern {
                Concern::All => gathered.all = true,
                Concern::Activity(id) if gathered.ids.contains(&id) => {}
                Concern::Activity(id) => gathered.ids.push(id),
            }
            !std::mem::replace(&mut gathered.waiting, true)
        });
        if first != Some(true) {
            return;
        }
        let rested = elapsed() - last.get_value() > GATHER_MORE.as_millis() as f64;
        set_timeout(
            move || {
                // The calendar may have been left meanwhile.
                let Some(Gathered { ids, all, .. }) = gathered.try_update_value(std::mem::take) else { return };
                last.set_value(elapsed());
                if all || ids.len() > NAMED {
                    desk.refetch();
                } else {
                    spawn_local(follow(desk, ids));
                }
            },
            if rested { GATHER } else { GATHER_MORE },
        );
    });
}

/// Fetches what these activities, or those of these records, are now. What cannot be told so is fetched with all.
async fn follow(desk: Desk, heard: Vec<EntityId>) {
    let Some(Some(loaded)) = desk.loaded.try_get_untracked() else { return };
    let view = &loaded.calendar;
    let mut ids: Vec<EntityId> = Vec::with_capacity(heard.len());
    for heard in heard {
        let known = view.events.iter().find(|event| event.id == heard || event.record == Some(heard));
        let id = known.map_or(heard, |event| event.id);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let shown = (view.location.id, view.from, view.to);
    let Ok(events) = calendar_changed(shown.0, shown.1, shown.2, ids.clone()).await else {
        // Whatever went wrong is told where it can be tried again.
        desk.refetch();
        return;
    };
    let mut changes: Vec<Amend> = Vec::with_capacity(ids.len());
    for id in ids {
        let event = events.iter().find(|event| event.id == id || event.record == Some(id));
        // A record without an activity here: of another week, or one of several that share an activity.
        if event.is_none() && !view.events.iter().any(|event| event.id == id) {
            desk.refetch();
            return;
        }
        changes.push(Amend { id: event.map_or(id, |event| event.id), event: event.cloned(), shown, at: elapsed() });
    }
    desk.amend(changes);
}

/// Whether it can change what the calendar shows, and how much of it. Activities are told under core's word or as the records
/// of their modules (`is_activity`), hours and leave as changes of the resource whose they are, closures as the organization's.
fn concern(heard: &Heard, is_activity: impl Fn(&str) -> bool) -> Option<Concern> {
    match heard {
        Heard::Missed => Some(Concern::All),
        Heard::Changed(event) => match event.entity_type.as_str() {
            "activity" => Some(Concern::Activity(event.entity_id)),
            "resource" | "location" | "organization" => Some(Concern::All),
            kind if is_activity(kind) => Some(Concern::Activity(event.entity_id)),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::{
        id::{EntityId, OrganizationId},
        live::LiveEvent,
    };

    fn changed(entity_type: &str) -> Heard {
        Heard::Changed(LiveEvent {
            organization: OrganizationId::new(),
            entity_type: entity_type.into(),
            entity_id: EntityId::new(),
            action: "updated".into(),
        })
    }

    #[test]
    fn activities_of_any_module_and_hours_concern_the_calendar_and_leads_do_not() {
        let concern = |heard| concern(&heard, |kind| kind == "lesson:lesson");
        assert!(matches!(concern(changed("lesson:lesson")), Some(Concern::Activity(_))));
        assert!(matches!(concern(changed("activity")), Some(Concern::Activity(_))));
        assert_eq!(concern(changed("resource")), Some(Concern::All));
        assert_eq!(concern(Heard::Missed), Some(Concern::All));
        assert_eq!(concern(changed("crm:lead")), None);
        assert_eq!(concern(changed("member")), None);
    }
}
