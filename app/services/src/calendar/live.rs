//! What colleagues do appears without a reload: heard, gathered for a moment, fetched once.

use super::{data::elapsed, desk::Desk};
use leptos::prelude::*;
use std::time::Duration;
use ui::{Heard, use_live};

/// How long changes are gathered before the calendar fetches them: one change is told under more than one name.
const GATHER: Duration = Duration::from_millis(15);
/// The same when it has just fetched, so that a colleague who changes much at once is followed in few steps.
const GATHER_MORE: Duration = Duration::from_millis(200);

/// Listens as long as the calendar is shown. While something is dragged the fetch may well happen; what it brings is
/// shown after the drop.
pub fn listen(desk: Desk) {
    let waiting = StoredValue::new(false);
    let last = StoredValue::new(f64::NEG_INFINITY);
    use_live().listen(move |heard| {
        if !concerns(&heard) || waiting.try_get_value().unwrap_or(true) {
            return;
        }
        waiting.set_value(true);
        let rested = elapsed() - last.get_value() > GATHER_MORE.as_millis() as f64;
        set_timeout(
            move || {
                // The calendar may have been left meanwhile.
                if waiting.try_set_value(false).is_none() {
                    last.set_value(elapsed());
                    desk.refetch();
                }
            },
            if rested { GATHER } else { GATHER_MORE },
        );
    });
}

/// Whether it can change what the calendar shows. Activities of every module are told under core's word as well as
/// under their own; hours, leave and resources are told by the last part of their name.
fn concerns(heard: &Heard) -> bool {
    match heard {
        Heard::Missed => true,
        Heard::Changed(event) => {
            let kind = event.entity_type.rsplit(':').next().unwrap_or_default();
            matches!(
                kind,
                "activity"
                    | "appointment"
                    | "call"
                    | "meeting"
                    | "task"
                    | "block"
                    | "hours"
                    | "working_hours"
                    | "leave"
                    | "closure"
                    | "resource"
                    | "employee"
                    | "room"
                    | "device"
                    | "override"
                    | "location"
            )
        }
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
    fn visits_and_hours_concern_the_calendar_and_leads_do_not() {
        assert!(concerns(&changed("gabinet:appointment")));
        assert!(concerns(&changed("gabinet:leave")));
        assert!(concerns(&changed("activity")));
        assert!(concerns(&Heard::Missed));
        assert!(!concerns(&changed("crm:lead")));
        assert!(!concerns(&changed("member")));
    }
}
