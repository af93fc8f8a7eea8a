//! The waiting list on the screen: its page, and who would be pleased by a cancelled visit.

pub mod doors;
mod form;
mod page;
mod wanting;

use leptos::prelude::*;
use platform::id::EntityId;

ui::lazy_screens!(gabinet_plans: WAITING = fn waiting_screens {
    "/dashboard/gabinet/waiting" => page::page(),
});

ui::lazy_part!(gabinet_plans: fn wanting_part(visit: EntityId) {
    wanting::panel(visit)
});

/// Who waits for such a time as a visit has.
pub fn wanting(visit: EntityId) -> AnyView {
    view! { <Suspense>{Suspend::new(wanting_part(visit))}</Suspense> }.into_any()
}
