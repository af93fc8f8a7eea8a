//! The equivalent of a drag without one: an event is lifted, moved by keys or by tapping its new place, and dropped.

use super::{
    Drag,
    model::{Machine, Spot, Target, below},
    scroll,
};
use crate::{calendar::event::nodes_of, words};
use leptos::prelude::*;
use platform::id::EntityId;

impl Drag {
    /// Lifts an event that is to be moved by keys or by tapping its new place.
    pub fn carry(self, id: EntityId) {
        let Some(board) = self.board.get_untracked() else { return };
        let found = self.desk.scene.with_untracked(|scene| {
            let scene = scene.as_ref()?;
            let column = scene.cards.iter().position(|cards| cards.iter().any(|card| card.id == id))?;
            Some(column)
        });
        let event = self.desk.event(id).filter(|event| !event.status.is_terminal());
        let (Some(column), Some(event)) = (found, event) else {
            self.desk.carried.set(None);
            return;
        };
        let Some(origin) = self.origin(column, id) else { return };
        let geometry = self.measure(&board);
        let title = event.title.clone();
        self.desk.held.set(true);
        for node in nodes_of(&board, id) {
            let _ = node.class_list().add_1("is-lifted");
        }
        self.state.update_value(|state| {
            state.machine = Machine::default();
            state.grip = None;
            state.geometry = geometry;
            state.column = column;
            state.event = Some(event.clone());
            state.carried_from = Some(origin);
        });
        self.weigh(event);
        self.place(origin);
        if let Some((text, _)) = self.verdict(origin) {
            self.desk.say(words::lifted(self.desk.lang, &title, &text));
        }
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
        let mut start = target.start + minutes;
        if minutes != 0 {
            start = below(if minutes > 0 { start } else { start + snap - 1 }, snap);
        }
        start = start.clamp(0, axis.length() - 1);
        let end = start + (length + longer).max(snap.min(length));
        self.show_carried(Target { column, start, end });
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
