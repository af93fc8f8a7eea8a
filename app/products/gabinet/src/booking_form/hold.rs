//! While the form stands open the time that is chosen in it is held, for five minutes at a time: colleagues see it as
//! taken, and by whom. Nothing is said of it here; if it cannot be held, the booking itself will tell.

use gabinet::appointments::HoldTime;
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use std::time::Duration;

use super::{
    draft::{Draft, chosen},
    judge::Verdict,
    times::Times,
};
use crate::doors;

/// How long somebody looks at a time before it is held: whoever walks through the day's times holds none of them.
const LOOKS: Duration = Duration::from_millis(700);

/// What has become of the form's hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Held {
    /// There is none.
    #[default]
    Nothing,
    /// There is one, which would have to be given back.
    Time,
    /// It has become what was booked, and the form is done; an answer that is late changes nothing.
    Booked,
}

/// Holds what is chosen from now on, until the form is gone.
pub fn keep(draft: Draft, times: Times) {
    let id = times.hold;
    // What is held or is about to be; each change counts up, so that the last one has the last word.
    let latest = StoredValue::new(0_u32);
    let held = times.held;
    let line = Line { id, held, next: StoredValue::new(None), busy: StoredValue::new(false) };
    let wanted = Memo::new(move |_| {
        let Verdict::Free(slot) = times.verdict.get()? else { return None };
        let employee = times.staff_of(&slot.resources)?;
        let pinned = draft.pins.with(|pins| !pins.is_empty());
        let (treatment, location) = (chosen(draft.treatment)?, times.location);
        Some(HoldTime {
            id: Some(id),
            treatment,
            employee,
            resources: pinned.then_some(slot.resources),
            location,
            start: slot.start,
            further: draft.asked_further(),
        })
    });
    // The world outside: the server. Effects run in the browser only.
    Effect::new(move |_| {
        let wanted = wanted.get();
        let number = latest.get_value().wrapping_add(1);
        latest.set_value(number);
        set_timeout(
            move || {
                if latest.try_get_value() != Some(number) || held.try_get_value() == Some(Held::Booked) {
                    return;
                }
                line.send(wanted);
            },
            LOOKS,
        );
    });
    on_cleanup(move || give_back(id, held));
}

/// What is to be done about the hold, one request after the other: the same hold asked for twice at once would find itself
/// in its own way. Of what has come while one was under way only the last counts.
#[derive(Clone, Copy)]
struct Line {
    id: EntityId,
    held: StoredValue<Held>,
    /// A time to hold, or none to hold nothing.
    next: StoredValue<Option<Option<HoldTime>>>,
    busy: StoredValue<bool>,
}

impl Line {
    fn send(self, wanted: Option<HoldTime>) {
        self.next.set_value(Some(wanted));
        if self.busy.get_value() {
            return;
        }
        self.busy.set_value(true);
        spawn_local(async move {
            while let Some(wanted) = self.next.try_update_value(Option::take).flatten() {
                match wanted {
                    Some(wanted) if self.held.try_get_value() != Some(Held::Booked) => self.hold(wanted).await,
                    Some(_) => {}
                    None if self.held.try_get_value() == Some(Held::Time) => {
                        self.held.set_value(Held::Nothing);
                        let _ = doors::release(self.id).await;
                    }
                    None => {}
                }
            }
            self.busy.try_set_value(false);
        });
    }

    async fn hold(self, wanted: HoldTime) {
        let done = matches!(doors::hold(wanted).await, Ok(true));
        // Closed or booked meanwhile: nobody else would give it back.
        let noted = self.held.try_update_value(|held| {
            if done && *held == Held::Nothing {
                *held = Held::Time;
            }
        });
        if noted.is_none() && done {
            let _ = doors::release(self.id).await;
        }
    }
}

fn give_back(id: EntityId, held: StoredValue<Held>) {
    if held.try_get_value() == Some(Held::Time) {
        held.set_value(Held::Nothing);
        spawn_local(async move {
            // One that was booked, or has run out, is given back already.
            let _ = doors::release(id).await;
        });
    }
}
