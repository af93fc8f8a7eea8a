//! Series on the screen: a visit that is repeated by a plan. Loaded when it is asked for.

mod change;
pub mod doors;
mod occurrence;
mod plan;
mod repeat;

use chrono::NaiveDateTime;
use gabinet::appointments::Further;
use leptos::prelude::*;
use platform::id::{EntityId, LocationId};
use ui::use_lang;

use crate::words;

/// What a series begins with: the visit in the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    pub patient: EntityId,
    pub treatment: EntityId,
    pub employee: EntityId,
    pub location: LocationId,
    /// On the location's clock.
    pub start: NaiveDateTime,
    pub notes: String,
    /// More treatments of each visit.
    pub further: Vec<Further>,
}

ui::lazy_part!(gabinet_plans: fn repeat_part(seed: Signal<Option<Seed>>, hold: Signal<EntityId>, saved: Callback<EntityId>) {
    repeat::panel(seed, hold, saved)
});

ui::lazy_part!(gabinet_plans: fn change_part(series: EntityId, nth: i32, done: Callback<bool>) {
    change::panel(series, nth, done)
});

/// The dialog's content by which a series is changed; `done` tells whether it was.
pub fn change_of(series: EntityId, nth: i32, done: Callback<bool>) -> AnyView {
    view! { <Suspense fallback=|| view! { <ui::Skeleton lines=4/> }>{Suspend::new(change_part(series, nth, done))}</Suspense> }.into_any()
}

/// “Repeat…”, and below it the plan once it was pressed.
pub fn repeat(seed: Signal<Option<Seed>>, hold: Signal<EntityId>, saved: Callback<EntityId>) -> AnyView {
    let lang = use_lang();
    let open = RwSignal::new(false);
    let button = move || {
        (!open.get()).then(|| view! { <ui::Button icon="calendar" on_press=move || open.set(true)>{words::repeat(lang)}</ui::Button> })
    };
    // Once it was opened it stays: a plan that is shut by Esc is there as it was when it is opened again.
    let opened = Memo::new(move |before: Option<&bool>| before.copied().unwrap_or_default() || open.get());
    let plan = move || {
        opened.get().then(|| {
            view! {
                <ui::Inner open=open on_close=move || open.set(false)>
                    <Suspense>{Suspend::new(repeat_part(seed, hold, saved))}</Suspense>
                </ui::Inner>
            }
        })
    };
    view! { <div class="series-part">{button}{plan}</div> }.into_any()
}
