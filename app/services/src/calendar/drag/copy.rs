//! A second one like it, elsewhere; and two that change places.

use super::judge::swapped;
use crate::{
    calendar::{
        data,
        desk::Desk,
        moving,
        place::{Fresh, Place},
        undo::{self, Act, Named},
        when,
    },
    words,
};
use chrono::{DateTime, Utc};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::{
    calendar::{event::Event, generic::NewGeneric},
    core::GENERIC_TYPES,
};
use ui::{Failure, module::Again};

/// Books the like of an event at another place. What its module cannot copy is made by its form, which opens there.
pub fn copy(desk: Desk, event: Event, (start, end): (DateTime<Utc>, DateTime<Utc>), (from, to): (Option<EntityId>, Option<EntityId>)) {
    let Some(loaded) = desk.loaded.get_untracked() else { return };
    let location = loaded.calendar.location.id;
    let resources = swapped(&event.resources, from, to);
    let again = desk.modules.activity(&event.activity_type).and_then(|activity| activity.again);
    let generic = GENERIC_TYPES.contains(&event.activity_type.as_str());
    if !generic && again.is_none() {
        let place = desk.place.get_untracked().shut();
        let new = Fresh { kind: event.activity_type, start: Some(start), end: Some(end), resource: to, earliest: false };
        desk.go(&Place { new: Some(new), ..place });
        return;
    }
    let named = Named::of(desk, &event);
    spawn_local(async move {
        let made = match again {
            Some(again) => again(Again { event: event.clone(), start, end, resources, location }).await,
            None => generic_copy(event, start, end, resources, location).await,
        };
        match made {
            Ok(id) => {
                desk.refetch();
                let time = desk
                    .loaded
                    .get_untracked()
                    .map(|loaded| when::time_beside(desk.lang, &loaded.calendar.zone, start, loaded.calendar.now));
                let text = words::copied(desk.lang, &named.shown(desk), &time.unwrap_or_default());
                desk.say(text.clone());
                undo::offer(desk, Act::unmake(id, named), text);
            }
            Err(failure) => {
                let why = undo::reason(desk, &failure);
                desk.toasts.fail_text(words::copy_refused(desk.lang, &named.shown(desk), &why));
            }
        }
    });
}

async fn generic_copy(
    event: Event,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    resources: Vec<EntityId>,
    location: platform::id::LocationId,
) -> Result<EntityId, Failure> {
    let story = data::activity_story(event.id).await?;
    let new = NewGeneric {
        id: Some(EntityId::new()),
        activity_type: event.activity_type,
        title: event.title,
        description: story.details.description,
        location,
        start,
        end,
        resources,
        overbook_reason: None,
    };
    data::create_activity(new).await
}

/// Two entries change places, times and people alike, in one step.
pub fn swap(desk: Desk, one: Event, other: Event) {
    spawn_local(async move {
        let names = (Named::of(desk, &one), Named::of(desk, &other));
        let (first, second) = (names.0.shown(desk), names.1.shown(desk));
        let act = Act::Swap { ids: (one.id, other.id), names };
        match data::swap_activities(one.id, one.version, other.id, other.version).await {
            Ok(swapped) => {
                moving::show(desk, &[swapped.0, swapped.1]);
                desk.refetch();
                let text = words::swapped(desk.lang, &first, &second);
                desk.say(text.clone());
                undo::offer(desk, act, text);
            }
            Err(failure) => {
                desk.toasts.fail_text(words::swap_refused(desk.lang, &first, &second, &undo::reason(desk, &failure)));
                desk.refetch();
            }
        }
    });
}
