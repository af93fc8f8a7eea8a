//! Choosing several entries by drawing around them: Control, and a drag that begins on empty space.

use super::{
    Drag,
    model::{Grip, Target},
};
use crate::words;
use leptos::prelude::*;
use platform::id::EntityId;

/// The column at the other side of what is drawn, if it is drawn to choose and not to make something.
pub fn across(drag: Drag, target: Target) -> Option<usize> {
    let board = drag.board.get_untracked()?;
    drag.state.with_value(|state| {
        if state.grip != Some(Grip::Create) || state.event.is_some() || !state.keys.swap {
            return None;
        }
        state.geometry.as_ref().map_or(Some(target.column), |geometry| Some(geometry.spot(&board, state.at).column))
    })
}

/// The entries that lie in it, even in part, and can be moved.
pub fn within(drag: Drag, target: Target, other: usize) -> Vec<EntityId> {
    let columns = target.column.min(other)..=target.column.max(other);
    let mut caught = Vec::new();
    drag.desk.scene.with_untracked(|scene| {
        let Some(scene) = scene else { return };
        for cards in columns.filter_map(|column| scene.cards.get(column)) {
            for card in cards.iter().filter(|card| card.start < target.end && target.start < card.end) {
                // What takes the time of two of them is there once.
                if !caught.contains(&card.id) {
                    caught.push(card.id);
                }
            }
        }
    });
    caught.retain(|id| drag.desk.event(*id).is_some_and(|event| !event.status.is_terminal()));
    caught
}

/// What is drawn around is chosen instead of what was.
pub fn catch(drag: Drag, target: Target, other: usize) {
    let caught = within(drag, target, other);
    drag.desk.say(words::chosen(drag.desk.lang, caught.len() as i64));
    drag.desk.chosen.set(caught);
}
