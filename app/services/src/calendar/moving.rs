//! After the drop: shown at once where it was dropped, then as the server has it; undone, or explained.

use super::{
    axis::clock,
    data::{self, Destination},
    desk::Desk,
    drag::judge::swapped,
    scene::Patch,
    undo::{self, Act, Back},
    when,
};
use crate::words;
use chrono::{DateTime, Utc};
use leptos::{prelude::*, task::spawn_local};
use platform::{error::Problem, id::EntityId};
use services::calendar::event::{Event, ResourceKind};
use ui::{Failure, lazy::ChunkLost, rule_text};

/// A move that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// What is moved, as it is before.
    pub event: Event,
    /// Its new start.
    pub start: DateTime<Utc>,
    /// Its new end.
    pub end: DateTime<Utc>,
    /// The resource that is replaced.
    pub from: Option<EntityId>,
    /// The resource that replaces it.
    pub to: Option<EntityId>,
    /// Why it is booked although something stands against it (R12).
    pub reason: Option<String>,
}

/// A move that was refused: it stays in sight with all reasons until somebody decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What was wanted.
    pub wanted: Move,
    /// What the server said.
    pub failure: Failure,
}

impl Proposal {
    /// What the server said.
    pub fn problem(&self) -> &Problem {
        &self.failure.0
    }
}

/// Sends a move to the server; until it has answered, what was moved is shown at its new place.
pub fn send(desk: Desk, wanted: Move) {
    send_all(desk, vec![wanted]);
}

/// Sends several moves at once: all of them come true, or none.
pub fn send_all(desk: Desk, wanted: Vec<Move>) {
    desk.proposal.set(None);
    desk.patches.update(|patches| {
        for wanted in &wanted {
            let resources = swapped(&wanted.event.resources, wanted.from, wanted.to);
            patches.insert(wanted.event.id, Patch { start: wanted.start, end: wanted.end, resources, version: None });
        }
    });
    spawn_local(async move {
        let ids: Vec<EntityId> = wanted.iter().map(|wanted| wanted.event.id).collect();
        if settled(desk, wanted).await.is_err() {
            ids.into_iter().for_each(|id| forget(desk, id));
            desk.toasts.fail_text(ui::words::chunk_lost_title(desk.lang));
        }
    });
}

fn forget(desk: Desk, id: EntityId) {
    desk.patches.update(|patches| {
        patches.remove(&id);
    });
}

/// Asks the server and tells what came of it. Who only looks does not load this.
#[leptos::wasm_split::wasm_split(calendar_drag, wasm_split_path = ::leptos::wasm_split, fallible)]
fn settled(desk: Desk, wanted: Vec<Move>) -> Result<(), ChunkLost> {
    spawn_local(settle(desk, wanted));
    Ok(())
}

async fn settle(desk: Desk, wanted: Vec<Move>) {
    let to = |one: &Move| Destination {
        version: one.event.version,
        start: one.start,
        end: one.end,
        resource_from: one.from,
        resource_to: one.to,
        overbook_reason: one.reason.clone(),
        back: false,
    };
    let answer = match wanted.as_slice() {
        [one] => data::move_activity(one.event.id, to(one)).await.map(|event| vec![event]),
        several => data::move_activities(several.iter().map(|one| (one.event.id, to(one))).collect()).await,
    };
    let events = match answer {
        Ok(events) => events,
        Err(failure) => {
            wanted.iter().for_each(|one| forget(desk, one.event.id));
            match wanted.as_slice() {
                [one] => refused(desk, one.clone(), failure),
                _ => desk.toasts.fail_text(words::moved_none(desk.lang, &undo::reason(desk, &failure))),
            }
            desk.refetch();
            return;
        }
    };
    show(desk, &events);
    desk.refetch();
    let back = |(one, event): (&Move, &Event)| Back::of(desk, one, event);
    let mut backs: Vec<Back> = wanted.iter().zip(&events).map(back).collect();
    let (act, text) = match (wanted.as_slice(), events.as_slice()) {
        ([one], [event]) => (Act::Move(backs.remove(0)), told(desk, one, event)),
        _ => (Act::Together(backs), words::moved_many(desk.lang, wanted.len() as i64)),
    };
    desk.say(text.clone());
    undo::offer(desk, act, text);
}

/// Shows them where the server has put them.
pub fn show(desk: Desk, events: &[Event]) {
    desk.patches.update(|patches| {
        for event in events {
            patches.insert(event.id, Patch::settled(event));
        }
    });
}

/// Says why, and leaves what can still be decided as a proposal.
fn refused(desk: Desk, wanted: Move, failure: Failure) {
    match failure.code() {
        // Somebody else was first (R18): what is there now is shown, nothing is overwritten.
        "version" => desk.toasts.fail_text(words::changed_meanwhile(desk.lang)),
        "double_booking" | "unavailable" if failure.0.status == 409 => desk.proposal.set(Some(Proposal { wanted, failure })),
        _ => desk.toasts.fail_text(failure.text(desk.lang)),
    }
}

/// `Moved to 13:15 with Dr Lis`.
fn told(desk: Desk, wanted: &Move, event: &Event) -> String {
    let lang = desk.lang;
    let Some(loaded) = desk.loaded.get_untracked() else { return words::saved(lang).to_owned() };
    let zone = &loaded.calendar.zone;
    let old = &wanted.event;
    if old.start == event.start && wanted.to.is_none() {
        return words::resized(lang, &when::times(zone, event.start, event.end));
    }
    let time = when::time_beside(lang, zone, event.start, old.start);
    let person =
        loaded.calendar.resources.iter().find(|resource| resource.kind == ResourceKind::Staff && event.resources.contains(&resource.id));
    match person {
        Some(person) => words::moved_with(lang, &time, &person.name),
        None => words::moved(lang, &time),
    }
}

/// All reasons in words, with whose they are and when (R15).
pub fn reasons(desk: Desk, problem: &Problem) -> Vec<String> {
    let lang = desk.lang;
    let Some(loaded) = desk.loaded.get_untracked() else { return Vec::new() };
    let zone = &loaded.calendar.zone;
    let mut said = Vec::new();
    for reason in &problem.reasons {
        // Of several that were to move: which of them the following stands against.
        if reason.rule == "moved" {
            let known = reason.resource.and_then(|id| desk.event(id)).map(|event| desk.shown_name(&event));
            said.extend(known.or_else(|| person(desk, reason.resource_name.as_deref())));
            continue;
        }
        let rule = rule_text(lang, &reason.rule);
        // Who is no resource is the person it is about.
        let name = match reason.resource {
            Some(id) => reason.resource_name.clone().or_else(|| desk.resource_name(id)),
            None => person(desk, reason.resource_name.as_deref()),
        };
        let mut text = match name {
            Some(name) => words::reason_of(lang, &name, rule),
            None => rule.to_owned(),
        };
        if let (Some(from), Some(to)) = (reason.from, reason.to) {
            // A whole day of leave says enough by its name.
            if (to - from).num_hours() < 20 {
                text = words::reason_when(lang, &text, &when::times(zone, from, to));
            }
        }
        if !said.contains(&text) {
            said.push(text);
        }
    }
    if said.is_empty() {
        said.push(ui::failure_text(lang, problem));
    }
    said
}

/// A person's name as it may be seen.
fn person(desk: Desk, name: Option<&str>) -> Option<String> {
    let hidden = desk.wishes.with_untracked(|wishes| wishes.private);
    name.map(|name| if hidden { super::scene::initials(name) } else { name.to_owned() })
}

/// The move that an alternative stands for. A resource is replaced only by one of its own kind.
pub fn towards(desk: Desk, wanted: &Move, start: DateTime<Utc>, end: DateTime<Utc>, resources: &[EntityId]) -> Move {
    let mut next = Move { start, end, ..wanted.clone() };
    let kind = |id: EntityId| {
        let loaded = desk.loaded.get_untracked()?;
        loaded.calendar.resources.iter().find(|resource| resource.id == id).map(|resource| resource.kind)
    };
    let meant = swapped(&wanted.event.resources, wanted.from, wanted.to);
    // The server assigns rooms and devices by itself; the person is what was chosen.
    let new = resources.iter().copied().find(|id| !meant.contains(id) && kind(*id) == Some(ResourceKind::Staff));
    if let Some(new) = new {
        next.from = wanted.event.resources.iter().copied().find(|id| kind(*id) == Some(ResourceKind::Staff));
        next.to = Some(new);
    }
    next
}

/// `Tue 24 13:15 · Dr Lis`.
pub fn alternative_text(desk: Desk, wanted: &Move, start: DateTime<Utc>, resources: &[EntityId]) -> String {
    let Some(loaded) = desk.loaded.get_untracked() else { return String::new() };
    let mut text = if loaded.calendar.zone.date(start) == loaded.calendar.zone.date(wanted.start) {
        clock(&loaded.calendar.zone, start)
    } else {
        when::time_beside(desk.lang, &loaded.calendar.zone, start, wanted.start)
    };
    for id in resources {
        if let Some(name) = loaded
            .calendar
            .resources
            .iter()
            .find(|resource| resource.id == *id && resource.kind == ResourceKind::Staff)
            .map(|resource| resource.name.as_str())
        {
            text.push_str(" · ");
            text.push_str(name);
        }
    }
    text
}
