//! The day or week before and after, fetched before anybody asks, so that a step shows at once.

use super::{
    data::{Shared, calendar_range},
    place::Span,
};
use chrono::NaiveDate;
use leptos::{prelude::*, task::spawn_local};
use platform::id::LocationId;
use std::time::Duration;

/// Location, span and date, as the URL has them.
pub type Asked = (Option<LocationId>, Span, Option<NaiveDate>);

/// How many answers are kept.
const KEPT: usize = 4;
/// How long the page is left in peace before the neighbours are fetched.
const PAUSE: Duration = Duration::from_millis(400);

/// Answers to questions not yet asked. They hold for one state of the calendar: whatever makes it fetch again makes
/// them worthless.
#[derive(Clone, Copy)]
pub struct Ahead(StoredValue<Vec<(Asked, u32, Shared)>>);

impl Ahead {
    /// Nothing yet.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(StoredValue::new(Vec::new()))
    }

    /// The answer, if it was fetched and still holds.
    pub fn take(self, asked: Asked, tick: u32) -> Option<Shared> {
        self.0.try_update_value(|known| {
            known.retain(|(_, then, _)| *then == tick);
            let at = known.iter().position(|(question, ..)| *question == asked)?;
            Some(known.remove(at).2)
        })?
    }

    /// Forgets all of them.
    pub fn forget(self) {
        self.0.try_update_value(Vec::clear);
    }

    /// Fetches it in a moment, unless it is there.
    pub fn fetch(self, asked: Asked, tick: u32) {
        let is_known = move || self.0.try_with_value(|known| known.iter().any(|(question, then, _)| *question == asked && *then == tick));
        // A month is much, and seldom left by one step.
        if asked.1 == Span::Month || is_known() != Some(false) {
            return;
        }
        set_timeout(
            move || {
                if is_known() != Some(false) {
                    return;
                }
                spawn_local(async move {
                    // A failure is told when somebody really asks.
                    let Ok(loaded) = calendar_range(asked.0, asked.1, asked.2).await else { return };
                    self.0.try_update_value(|known| {
                        if known.len() == KEPT {
                            known.remove(0);
                        }
                        known.push((asked, tick, Shared::new(loaded)));
                    });
                });
            },
            PAUSE,
        );
    }
}
