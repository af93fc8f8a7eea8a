//! What the ghost shows while something is in the air: its place, its times, and what stands against them.

use super::{
    Drag, State, geometry, group,
    judge::{self, judging},
    model::{Grip, Target},
    over,
};
use crate::{
    calendar::data::{self, Shared},
    words,
};
use chrono::NaiveDate;
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::calendar::{event::Event, slots::Why};
use ui::lazy::ChunkLost;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The rules lie in the chunk of all that moving needs: who only looks does without.
#[leptos::wasm_split::wasm_split(calendar_drag, wasm_split_path = ::leptos::wasm_split, fallible)]
fn weighed(drag: Drag, loaded: Shared, mut event: Event) -> Result<(), ChunkLost> {
    let id = event.id;
    // A copy is another one: what it is a copy of takes its time too.
    let copying = drag.state.with_value(|state| state.copying);
    if copying {
        event.id = EntityId::new();
    }
    let others: Vec<Event> = drag.state.with_value(|state| state.others.clone());
    let view = &loaded.calendar;
    let (from, to) = (view.from, view.to);
    let judge = judging(view, event, others);
    drag.learn(id, |state| state.judge = Some(judge));
    group::weigh(drag, id, view);
    spawn_local(async move {
        if let Ok(Some(carried)) = data::carried(id, from, to, copying).await
            && shows(drag, from, to)
        {
            drag.learn(id, |state| {
                if let Some(judge) = &mut state.judge {
                    judge.tell(carried);
                }
            });
        }
    });
    Ok(())
}

/// Whether these dates still lie under what is in the air: another page is asked about by itself.
pub(super) fn shows(drag: Drag, from: NaiveDate, to: NaiveDate) -> bool {
    let dates = |shared: &Shared| (shared.calendar.from, shared.calendar.to);
    drag.desk.loaded.with_untracked(|loaded| loaded.as_ref().map(dates) == Some((from, to)))
}

impl Drag {
    /// Gets ready to judge: at once by what is loaded, and more exactly when the module has told what it needs.
    pub(super) fn weigh(self, event: Event) {
        let Some(loaded) = self.desk.loaded.get_untracked() else { return };
        // Without rules or an answer the server has the last word at the drop.
        spawn_local(async move { drop(weighed(self, loaded, event).await) });
    }

    /// Knows more about what is in the air, if it still is, and shows it.
    pub(super) fn learn(self, id: EntityId, more: impl FnOnce(&mut State)) {
        let target = self.state.try_update_value(|state| {
            state.event.as_ref().filter(|event| event.id == id)?;
            more(state);
            Some(state.target)
        });
        let Some(Some(target)) = target else { return };
        self.dim();
        if let Some(target) = target {
            self.place(target);
        }
    }

    /// Dims the columns whose resource can never take it.
    pub(super) fn dim(self) {
        let Some(board) = self.board.get_untracked() else { return };
        let from = self.state.with_value(|state| state.from);
        let Ok(columns) = board.query_selector_all(".calendar-column") else { return };
        for index in 0..columns.length() {
            let Some(column) = columns.item(index).map(JsCast::unchecked_into::<HtmlElement>) else { continue };
            let unfit = self
                .column_resource(index as usize)
                .is_some_and(|to| self.state.with_value(|state| state.judge.as_ref().is_some_and(|judge| judge.is_unfit(from, to))));
            let _ = column.class_list().toggle_with_force("is-invalid", unfit);
        }
    }

    /// Puts the ghost there and writes the verdict on it.
    pub(super) fn place(self, target: Target) {
        self.state.update_value(|state| state.target = Some(target));
        let Some(ghost) = self.ghost.get_untracked() else { return };
        let (other, caught) = match super::lasso::across(self, target) {
            Some(other) => (other, Some(super::lasso::within(self, target, other).len())),
            None => (target.column, None),
        };
        let told = match caught {
            Some(count) => Some((words::chosen(self.desk.lang, count as i64), false)),
            None => self.exchange().or_else(|| self.verdict(target)),
        };
        let Some((text, refused)) = told else { return };
        self.state.with_value(|state| {
            let Some(geometry) = &state.geometry else { return };
            geometry.put(&ghost, target, other);
            let title = match &state.event {
                Some(_) if !state.others.is_empty() => words::event_count(self.desk.lang, state.others.len() as i64 + 1),
                Some(event) => self.desk.shown_name(event),
                None => String::new(),
            };
            let hue = state.event.as_ref().map_or(170, |event| event.face.hue.unwrap_or(event.hue));
            geometry::write(&ghost, &title, &text, hue, refused);
        });
    }

    /// The label while Control is down over another entry, with which it would change places; whatever is free.
    fn exchange(self) -> Option<(String, bool)> {
        let (one, at) = self.state.with_value(|state| {
            let swaps = state.keys.swap && state.grip == Some(Grip::Move) && state.carried_from.is_none();
            Some((state.event.clone().filter(|_| swaps)?, state.at))
        })?;
        let other = self.desk.event(over::under(at, one.id)?)?;
        let name = self.desk.shown_name(&other);
        Some(match over::are_alike(&one, &other) {
            true => (words::swap_at(self.desk.lang, &name), false),
            false => (words::swap_unlike(self.desk.lang, &self.desk.shown_name(&one), &name), true),
        })
    }

    /// The label for a place, and whether it is refused there.
    pub(super) fn verdict(self, target: Target) -> Option<(String, bool)> {
        let loaded = self.desk.loaded.get_untracked()?;
        let (start, end) = self.times(target)?;
        let (against, drawn, along) = self.state.with_value(|state| {
            let (from, to) = self.change(state.from, target.column);
            let against: Vec<Why> = state.judge.as_ref().map(|judge| judge.judge(start, end, from, to)).unwrap_or_default();
            let along = if against.is_empty() { group::against(state, &loaded.calendar.zone, start, (from, to)) } else { None };
            (against, state.event.is_none(), along)
        });
        let lang = self.desk.lang;
        let column = self
            .desk
            .scene
            .with_untracked(|scene| scene.as_ref().and_then(|scene| scene.columns.get(target.column)).map(|column| column.name.clone()))?;
        // All of them are free, or none of them goes.
        let free = if drawn || along.is_some() { "" } else { words::free(lang) };
        let event = self.state.with_value(|state| state.event.clone());
        let text = judge::label(lang, &loaded.calendar.zone, (start, end), &column, free, &against, |id| {
            // Whom it is about has something else then.
            let about = event.as_ref().filter(|event| event.subject == Some(id)).map(|event| self.desk.shown_name(event));
            about.or_else(|| self.desk.resource_name(id))
        });
        let copy = self.state.with_value(|state| state.event.is_some() && (state.copying || state.keys.copy));
        let mut text = if copy { words::copy_at(lang, &text) } else { text };
        let refused = !against.is_empty() || along.is_some();
        if let Some((event, why)) = along
            && let Some(why) = why.first()
        {
            text.push_str(" · ");
            text.push_str(&words::reason_of(lang, &self.desk.shown_name(&event), ui::rule_text(lang, why.rule.as_str())));
        }
        Some((text, refused))
    }

    /// Which resource is replaced by which when it goes into that column.
    pub(super) fn change(self, from: Option<EntityId>, to: usize) -> (Option<EntityId>, Option<EntityId>) {
        let to = self.column_resource(to);
        if from == to { (None, None) } else { (from, to) }
    }
}
