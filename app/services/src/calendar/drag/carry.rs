//! The equivalent of a drag without one: an event is lifted, moved by keys or by tapping its new place, and dropped.

use super::{
    Drag, group,
    model::{Machine, Spot, Target, below},
    scroll,
};
use crate::{
    calendar::{
        data,
        place::{Place, Span},
        scene::Scene,
    },
    words,
};
use chrono::NaiveDate;
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::calendar::event::Event;

impl Drag {
    /// Takes up an event that is to be moved by keys or by tapping its new place. One of another page is fetched.
    pub fn take_up(self, id: EntityId, copying: bool) {
        // Taken up already, or put back before it came to that.
        if self.is_carrying(id) || self.desk.carried.get_untracked() != Some(id) {
            return;
        }
        let Some(event) = self.desk.event(id) else {
            spawn_local(async move {
                match data::calendar_event(id).await {
                    Ok(event) => self.take_up_event(event, copying),
                    Err(failure) => {
                        self.desk.carried.set(None);
                        self.desk.toasts.fail(&failure);
                    }
                }
            });
            return;
        };
        self.take_up_event(event, copying);
    }

    fn take_up_event(self, event: Event, copying: bool) {
        if self.board.get_untracked().is_none() {
            return;
        }
        let id = event.id;
        let place = self.desk.scene.with_untracked(|scene| {
            let scene = scene.as_ref()?;
            let column = scene.cards.iter().position(|cards| cards.iter().any(|card| card.id == id));
            Some((column, self.elsewhere(scene, &event)?))
        });
        let Some((column, elsewhere)) = place.filter(|_| copying || !event.status.is_terminal()) else {
            self.desk.carried.set(None);
            return;
        };
        let origin = column.and_then(|column| self.origin(column, id)).unwrap_or(elsewhere);
        let geometry = self.measure();
        let others = if copying { Vec::new() } else { group::along(self, id) };
        let title = match others.len() {
            0 => self.desk.shown_name(&event),
            more => words::event_count(self.desk.lang, more as i64 + 1),
        };
        let from = match column {
            Some(column) => self.column_resource(column),
            // Of the columns shown here, the one whose time it takes now.
            None => self.desk.scene.with_untracked(|scene| {
                let own = |id: &EntityId| event.resources.contains(id);
                scene.as_ref()?.columns.iter().filter_map(|column| column.resource).find(own)
            }),
        };
        self.desk.held.set(true);
        self.desk.carried.set(Some(id));
        self.state.update_value(|state| {
            state.machine = Machine::default();
            state.grip = None;
            state.geometry = geometry;
            state.from = from;
            state.event = Some(event.clone());
            state.others = others;
            state.along.clear();
            state.copying = copying;
            state.carried_from = Some(origin);
        });
        if !copying {
            self.mark_lifted();
        }
        self.weigh(event);
        self.show_carried(origin);
        if let Some((text, _)) = self.verdict(origin) {
            self.desk.say(words::lifted(self.desk.lang, &title, &text));
        }
    }

    /// Where an event of another page would be on this one: in its own column, at its own time of day.
    fn elsewhere(self, scene: &Scene, event: &Event) -> Option<Target> {
        let loaded = self.desk.loaded.get_untracked()?;
        let zone = &loaded.calendar.zone;
        let column = scene.columns.iter().position(|column| column.resource.is_some_and(|id| event.resources.contains(&id))).unwrap_or(0);
        scene.columns.get(column)?;
        let date = zone.date(event.start);
        let start = scene.axis.position(zone, date, event.start).clamp(scene.axis.from, scene.axis.to - 1);
        Some(Target { column, start, end: start + (event.end - event.start).num_minutes() as i32 })
    }

    /// Moves what is carried by columns and minutes; `longer` changes its length instead.
    pub fn carry_by(self, columns: i32, minutes: i32, longer: i32) {
        let Some(target) = self.state.with_value(|state| state.target) else { return };
        let (count, axis) = self
            .desk
            .scene
            .with_untracked(|scene| scene.as_ref().map_or((1, None), |scene| (scene.columns.len(), Some(scene.axis.clone()))));
        let Some(axis) = axis else { return };
        let column = (target.column as i32 + columns).clamp(0, count as i32 - 1) as usize;
        let snap = self.desk.snap();
        let length = target.end - target.start;
        // Of several each keeps its length.
        let longer = if self.state.with_value(|state| state.others.is_empty()) { longer } else { 0 };
        let mut start = target.start + minutes;
        if minutes != 0 {
            start = below(if minutes > 0 { start } else { start + snap - 1 }, snap);
        }
        start = start.clamp(0, axis.length() - 1);
        let end = start + (length + longer).max(snap.min(length));
        self.show_carried(Target { column, start, end });
    }

    /// Moves the start of what is carried; its end stays. Of several each keeps its length.
    pub fn carry_begin(self, minutes: i32) {
        let Some(target) = self.state.with_value(|state| state.target.filter(|_| state.others.is_empty() && !state.copying)) else {
            return;
        };
        let snap = self.desk.snap();
        let wanted = target.start + minutes;
        let start = below(if minutes > 0 { wanted } else { wanted + snap - 1 }, snap);
        self.show_carried(Target { start: start.clamp(0, target.end - snap.min(target.end - target.start)), ..target });
    }

    /// Moves what is carried to the next column, and from the last one over the edge of the page.
    pub fn carry_on(self, by: i32) {
        let Some(target) = self.state.with_value(|state| state.target) else { return };
        let count = self.desk.scene.with_untracked(|scene| scene.as_ref().map_or(1, |scene| scene.columns.len()));
        let beyond = (target.column == 0 && by < 0) || (target.column + 1 == count && by > 0);
        // The columns of a day are people: beyond the last of them is nobody.
        let days = self.page().is_some_and(|(span, _)| span != Span::Day);
        if beyond && days {
            self.turn(by > 0);
        } else {
            self.carry_by(by, 0, 0);
        }
    }

    /// Takes what is carried to the page before or after.
    pub fn turn(self, forward: bool) {
        let Some((span, shown)) = self.page() else { return };
        let place = self.desk.place.get_untracked();
        self.desk.go(&Place { date: Some(span.step(shown, forward)), ..place.shut() });
        self.await_page(forward, (span, shown), 300);
    }

    /// Puts what is carried on the new page once it is there, at the side it came from.
    fn await_page(self, forward: bool, before: (Span, NaiveDate), tries: u32) {
        request_animation_frame(move || {
            if self.state.try_with_value(|state| state.carried_from.is_none()).unwrap_or(true) {
                return;
            }
            if self.page() == Some(before) {
                if tries > 0 {
                    self.await_page(forward, before, tries - 1);
                }
                return;
            }
            let geometry = self.measure();
            let Some(event) = self.state.with_value(|state| state.event.clone()) else { return };
            self.state.update_value(|state| {
                state.geometry = geometry;
                state.judge = None;
            });
            self.mark_lifted();
            self.weigh(event);
            let Some(mut target) = self.state.with_value(|state| state.target) else { return };
            let count = self.desk.scene.with_untracked(|scene| scene.as_ref().map_or(1, |scene| scene.columns.len()));
            target.column = match before.0 {
                Span::Day => target.column.min(count.saturating_sub(1)),
                _ if forward => 0,
                _ => count.saturating_sub(1),
            };
            self.show_carried(target);
        });
    }

    /// Moves what is carried to a place that was tapped.
    pub(super) fn carry_to(self, spot: Spot) {
        let Some(target) = self.state.with_value(|state| state.target) else { return };
        let start = below(spot.minute, self.desk.snap());
        self.show_carried(Target { column: spot.column, start, end: start + target.end - target.start });
    }

    pub(super) fn show_carried(self, target: Target) {
        self.place(target);
        if let Some(ghost) = self.ghost.get_untracked() {
            scroll::show(&ghost);
        }
        if let Some((text, _)) = self.verdict(target) {
            self.desk.say(text);
        }
    }

    /// Drops what is carried.
    pub fn carry_drop(self) {
        if let Some(target) = self.state.with_value(|state| state.target) {
            self.drop_at(target);
        }
    }
}
