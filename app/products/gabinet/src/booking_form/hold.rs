//! While the form stands open the time that is chosen in it is held, for five minutes at a time, and longer as long as
//! somebody works at it: colleagues see it as taken, and by whom. Nothing is said of it here; if it cannot be held, the
//! booking itself will tell.

use app_services::calendar::data::elapsed;
use gabinet::appointments::HoldTime;
use leptos::{ev, prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::calendar::slots::Slot;
use std::{
    future::poll_fn,
    task::{Poll, Waker},
    time::Duration,
};

use super::{
    draft::{Draft, chosen},
    judge::Verdict,
    keep,
    times::Times,
};
use crate::doors;

/// How long somebody looks at another time before that is held: whoever walks through the day's times holds none of them.
/// The one that a form was opened for is held as soon as it is known that it can be had.
const LOOKS: Duration = Duration::from_millis(700);

/// After how many milliseconds of its five minutes a hold is made anew by the next key or touch. A form that is left alone
/// keeps nobody waiting for longer.
const FRESH: f64 = 240_000.0;

/// The form's hold. What is asked of the server about it is one request after the other: of what has come while one was
/// under way only the last counts.
#[derive(Clone, Copy)]
pub struct Hold(StoredValue<State>);

struct State {
    /// Under which it is made next, or was made.
    id: EntityId,
    /// Whether there is one, which would have to be given back.
    there: bool,
    /// What it holds, and since when, by the page's clock.
    held: Option<(HoldTime, f64)>,
    /// Whether the form is being booked, or has been: nothing more is held.
    over: bool,
    /// Whether a request is under way.
    busy: bool,
    /// A time to hold, or none to hold nothing.
    next: Option<Option<HoldTime>>,
    /// Who waits until no request is under way.
    waits: Option<Waker>,
}

impl State {
    fn rest(&mut self) {
        self.busy = false;
        if let Some(waits) = self.waits.take() {
            waits.wake();
        }
    }
}

impl Hold {
    /// None yet.
    pub fn new() -> Self {
        let state = State { id: EntityId::new(), there: false, held: None, over: false, busy: false, next: None, waits: None };
        Hold(StoredValue::new(state))
    }

    /// Its id, for all that it must not stand in the way of.
    pub fn id(self) -> EntityId {
        self.0.with_value(|state| state.id)
    }

    /// Goes on with the one that the form had before the page was loaded anew.
    pub fn resume(self, id: EntityId) {
        self.0.update_value(|state| (state.id, state.there) = (id, true));
    }

    /// Holds nothing more, and waits for the answer to what was asked last: what is booked then knows its own hold.
    pub async fn end(self) -> Option<EntityId> {
        self.0.try_update_value(|state| state.over = true);
        poll_fn(move |context| {
            let busy = self.0.try_update_value(|state| {
                if state.busy {
                    state.waits = Some(context.waker().clone());
                }
                state.busy
            });
            if busy == Some(true) { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
        self.0.try_with_value(|state| state.id)
    }

    /// It was not booked after all: the form goes on as before.
    pub fn go_on(self) {
        self.0.try_update_value(|state| state.over = false);
    }

    /// It has gone with what was booked.
    pub fn spent(self) {
        keep::held(None);
        self.0.try_update_value(|state| (state.over, state.there) = (true, false));
    }

    /// Holds that time, or nothing.
    fn want(self, wanted: Option<HoldTime>) {
        let began = self.0.try_update_value(|state| {
            state.next = Some(wanted).filter(|_| !state.over);
            !state.over && !std::mem::replace(&mut state.busy, true)
        });
        if began != Some(true) {
            return;
        }
        spawn_local(async move {
            while let Some(wanted) = self.next() {
                match wanted {
                    Some(wanted) => self.take(wanted).await,
                    None => self.give_back().await,
                }
            }
        });
    }

    fn next(self) -> Option<Option<HoldTime>> {
        let next = self.0.try_update_value(|state| {
            let next = state.next.take().filter(|_| !state.over);
            if next.is_none() {
                state.rest();
            }
            next
        });
        next.flatten()
    }

    async fn take(self, wanted: HoldTime) {
        let Some((id, before)) = self.0.try_with_value(|state| (state.id, state.there)) else { return };
        keep::held(Some(id));
        let since = elapsed();
        let held = doors::hold(HoldTime { id: Some(id), ..wanted.clone() }).await.ok().flatten();
        let noted = self.0.try_update_value(|state| {
            if let Some(id) = held {
                (state.id, state.there, state.held) = (id, true, Some((wanted, since)));
            }
        });
        match (noted, held.or(before.then_some(id))) {
            (Some(()), there) => keep::held(there),
            // Closed meanwhile: nobody else would give it back.
            (None, Some(there)) => {
                let _ = doors::release(there).await;
            }
            (None, None) => {}
        }
    }

    /// Somebody works at the form: what is held will be for five minutes more.
    fn touched(self) {
        let old = self.0.try_update_value(|state| {
            let due = state.there && !state.over && !state.busy && state.held.as_ref().is_some_and(|(_, since)| elapsed() - since > FRESH);
            // Also if it is refused: another attempt would be with the next letter.
            if due { state.held.take() } else { None }
        });
        if let Some((wanted, _)) = old.flatten() {
            self.want(Some(wanted));
        }
    }

    async fn give_back(self) {
        // No id is used twice.
        let there =
            self.0.try_update_value(|state| std::mem::take(&mut state.there).then(|| std::mem::replace(&mut state.id, EntityId::new())));
        if let Some(id) = there.flatten() {
            keep::held(None);
            // One that has run out is given back already.
            let _ = doors::release(id).await;
        }
    }

    /// The form goes.
    fn close(self) {
        let left = self.0.try_update_value(|state| {
            // What was to be booked is booked.
            if let Some(waits) = state.waits.take() {
                waits.wake();
            }
            (state.there && !state.over).then_some((state.id, state.busy))
        });
        let Some((id, busy)) = left.flatten() else { return };
        keep::held(None);
        // Whoever hears the answer to a request that is under way gives back what there is then.
        if !busy {
            spawn_local(async move {
                let _ = doors::release(id).await;
            });
        }
    }
}

/// Holds what is chosen from now on, until the form is gone.
pub fn keep(draft: Draft, times: Times) {
    let hold = times.hold;
    // What is held or is about to be; each change counts up, so that the last one has the last word.
    let latest = StoredValue::new(0_u32);
    let began = StoredValue::new(false);
    let time = move |slot: Slot| {
        let employee = times.staff_of(&slot.resources)?;
        let pinned = draft.pins.with(|pins| !pins.is_empty());
        let (treatment, location) = (chosen(draft.treatment)?, times.location);
        Some(HoldTime {
            id: None,
            treatment,
            employee,
            patient: chosen(draft.patient),
            resources: pinned.then_some(slot.resources),
            location,
            start: slot.start,
            further: draft.asked_further(),
        })
    };
    let wanted = Memo::new(move |_| match times.verdict.get() {
        Some(Verdict::Free(slot)) => Some(time(slot)),
        // As long as it is not known whether the time can be had, what is held stays held.
        None if times.start.get().start().is_some() => None,
        _ => Some(None),
    });
    // The world outside: the server. Effects run in the browser only.
    Effect::new(move |_| {
        let wanted = wanted.get();
        let number = latest.get_value().wrapping_add(1);
        latest.set_value(number);
        let Some(wanted) = wanted else { return };
        let is_first = wanted.is_some() && !began.get_value();
        if is_first {
            began.set_value(true);
            hold.want(wanted);
            return;
        }
        set_timeout(
            move || {
                if latest.try_get_value() == Some(number) {
                    hold.want(wanted);
                }
            },
            LOOKS,
        );
    });
    let key = window_event_listener(ev::keydown, move |_| hold.touched());
    let press = window_event_listener(ev::pointerdown, move |_| hold.touched());
    on_cleanup(move || {
        key.remove();
        press.remove();
        hold.close();
    });
}
