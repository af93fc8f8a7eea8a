//! What a reader wants of the calendar beyond what stands in the URL: the order of the columns, which are folded,
//! whether names are hidden, and filters worth a name. It stays in the browser it was wished in.

use super::desk::Desk;
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use ui::lazy::ChunkLost;

/// Under which it is kept.
const KEY: &str = "atrium.calendar";

/// One reader's wishes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// Columns that come first.
    pub order: Vec<EntityId>,
    /// Columns that are folded although somebody is there.
    pub folded: Vec<EntityId>,
    /// Whether people's names are hidden.
    pub private: bool,
    /// Filters by name, each as the address that sets it.
    pub saved: Vec<(String, String)>,
    /// Whether single letters do nothing: who dictates presses many of them without meaning any (WCAG 2.1.4).
    pub no_letters: bool,
}

/// What a browser may still keep from before there was the last of them.
type Before = (Vec<EntityId>, Vec<EntityId>, bool, Vec<(String, String)>);

/// Reads what was kept.
fn read(text: &str) -> Option<Wishes> {
    ui::wire::from_text(text).or_else(|| {
        let (order, folded, private, saved): Before = ui::wire::from_text(text)?;
        Some(Wishes { order, folded, private, saved, no_letters: false })
    })
}

impl Wishes {
    /// Puts a column one place earlier or later among those shown.
    pub fn shift(&mut self, shown: &[EntityId], id: EntityId, later: bool) {
        let mut order = shown.to_vec();
        let Some(at) = order.iter().position(|other| *other == id) else { return };
        let to = if later { (at + 1).min(order.len() - 1) } else { at.saturating_sub(1) };
        order.swap(at, to);
        // Who is not shown today keeps the place among themselves, after those who are.
        order.extend(self.order.iter().copied().filter(|other| !shown.contains(other)));
        self.order = order;
    }

    /// Folds a column, or unfolds it.
    pub fn fold(&mut self, id: EntityId) {
        match self.folded.iter().position(|other| *other == id) {
            Some(at) => drop(self.folded.remove(at)),
            None => self.folded.push(id),
        }
    }
}

/// Reads wishes and shelf once the page has come to life, and keeps them from then on. What the server has drawn knows
/// none of them, and hydration must find what the server has drawn.
pub fn keep(desk: Desk) {
    // The world outside: the browser's storage.
    Effect::new(move |begun: Option<()>| {
        desk.wishes.track();
        desk.shelf.track();
        // Without it the wishes hold as long as the page.
        spawn_local(async move { drop(kept(desk, begun.is_none()).await) });
    });
}

/// Who begins reads, whoever changes something writes.
#[leptos::wasm_split::wasm_split(calendar_hands, wasm_split_path = ::leptos::wasm_split, fallible)]
fn kept(desk: Desk, begins: bool) -> Result<(), ChunkLost> {
    let storage = window().local_storage().ok().flatten();
    if begins {
        if let Some(kept) = storage.and_then(|storage| storage.get_item(KEY).ok().flatten()).and_then(|text| read(&text)) {
            desk.wishes.set(kept);
        }
        desk.shelf.restore();
        return Ok(());
    }
    let text = desk.wishes.try_with_untracked(ui::wire::to_text).flatten();
    if let (Some(storage), Some(text)) = (storage, text) {
        // A full storage only costs the comfort.
        let _ = storage.set_item(KEY, &text);
    }
    desk.shelf.save();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_changes_places_with_its_neighbour_and_the_absent_keep_theirs() {
        let [a, b, c, away] = std::array::from_fn(|_| EntityId::new());
        let mut wishes = Wishes { order: vec![away, a], ..Wishes::default() };
        wishes.shift(&[a, b, c], c, false);
        assert_eq!(wishes.order, [a, c, b, away]);
        wishes.shift(&[a, c, b], b, true);
        assert_eq!(wishes.order, [a, c, b, away]);
        wishes.fold(b);
        wishes.fold(a);
        wishes.fold(b);
        assert_eq!(wishes.folded, [a]);
    }

    #[test]
    fn what_was_kept_before_the_letters_could_be_switched_off_is_still_read() {
        let wishes =
            Wishes { order: vec![EntityId::new()], private: true, saved: vec![("Lasers".into(), "/x".into())], ..Wishes::default() };
        let before: Before = (wishes.order.clone(), Vec::new(), true, wishes.saved.clone());
        assert_eq!(read(&ui::wire::to_text(&before).unwrap()), Some(wishes.clone()));
        let now = Wishes { no_letters: true, ..wishes };
        assert_eq!(read(&ui::wire::to_text(&now).unwrap()), Some(now));
    }
}
