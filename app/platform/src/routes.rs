//! The screens that are loaded when they are opened, each a chunk of its own.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

use crate::{
    settings::{Settings, billing::Billing, locations::Locations, members::Members, roles::Roles, sessions::Sessions, teams::Teams},
    upgrade::Upgrade,
};

/// `/dashboard/settings/members`.
pub struct MembersRoute;

#[lazy_route]
impl LazyRoute for MembersRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <Settings page="members"><Members/></Settings> }.into_any()
    }
}

/// `/dashboard/settings/roles`.
pub struct RolesRoute;

#[lazy_route]
impl LazyRoute for RolesRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <Settings page="roles"><Roles/></Settings> }.into_any()
    }
}

/// `/dashboard/settings/teams`.
pub struct TeamsRoute;

#[lazy_route]
impl LazyRoute for TeamsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <Settings page="teams"><Teams/></Settings> }.into_any()
    }
}

/// `/dashboard/settings/locations`.
pub struct LocationsRoute;

#[lazy_route]
impl LazyRoute for LocationsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <Settings page="locations"><Locations/></Settings> }.into_any()
    }
}

/// `/dashboard/settings/billing`.
pub struct BillingRoute;

#[lazy_route]
impl LazyRoute for BillingRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <Settings page="billing"><Billing/></Settings> }.into_any()
    }
}

/// `/dashboard/settings/sessions`.
pub struct SessionsRoute;

#[lazy_route]
impl LazyRoute for SessionsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <Settings page="sessions"><Sessions/></Settings> }.into_any()
    }
}

/// `/dashboard/upgrade/{product}`.
pub struct UpgradeRoute;

#[lazy_route]
impl LazyRoute for UpgradeRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <Upgrade/> }.into_any()
    }
}
