//! Answers at once, on the screen: a day given away, why a time cannot be had, the best times. All of it is loaded when
//! it is asked for.

mod away;
mod best;
pub mod doors;
mod fixes;
mod why_not;

use gabinet::{
    answers::{why_not::Fix, why_not::WhyNotAsked},
    appointments::{AvailabilityQuestion, AvailableSlot},
};
use leptos::prelude::*;
use platform::{id::EntityId, time::ZoneWindow};

ui::lazy_screens!(gabinet_answers: AWAY = fn away_screens {
    "/dashboard/gabinet/staff/:id/away" => away::page(),
});

ui::lazy_part!(gabinet_answers: fn why_not_part(asked: WhyNotAsked, hold: EntityId, zone: ZoneWindow, take: Callback<(Fix, Option<EntityId>)>) {
    why_not::panel(asked, hold, zone, take)
});

ui::lazy_part!(gabinet_answers: fn best_part(asked: AvailabilityQuestion, hold: EntityId, zone: ZoneWindow, take: Callback<AvailableSlot>) {
    best::panel(asked, hold, zone, take)
});

/// What is in the way of a time, and what would help.
pub fn why_not(asked: WhyNotAsked, hold: EntityId, zone: ZoneWindow, take: Callback<(Fix, Option<EntityId>)>) -> AnyView {
    view! { <Suspense>{Suspend::new(why_not_part(asked, hold, zone, take))}</Suspense> }.into_any()
}

/// The best times.
pub fn best(asked: AvailabilityQuestion, hold: EntityId, zone: ZoneWindow, take: Callback<AvailableSlot>) -> AnyView {
    view! { <Suspense>{Suspend::new(best_part(asked, hold, zone, take))}</Suspense> }.into_any()
}
