//! The screens that are loaded when they are opened: those about people, and those about the organization itself.

use leptos::prelude::*;
use ui::lazy::Part;

use crate::{
    invite::Invite,
    settings::{Settings, billing::Billing, locations::Locations, members::Members, roles::Roles, sessions::Sessions, teams::Teams},
    sign_in::SignIn,
    upgrade::Upgrade,
};

// Both are plain forms that need no wasm; who has signed in never needs theirs.
ui::lazy_screens! { welcome:
    /// `/sign-in`.
    SignInRoute = fn sign_in_screen() {
        view! { <SignIn/> }.into_any()
    }
    /// `/invite/{organization}/{token}`.
    InviteRoute = fn invite_screen() {
        view! { <Invite/> }.into_any()
    }
}

ui::lazy_screens! { settings_people:
    /// `/dashboard/settings/members`.
    MembersRoute = fn members_screen() {
        view! { <Settings page="members"><Members/></Settings> }.into_any()
    }
    /// `/dashboard/settings/roles`.
    RolesRoute = fn roles_screen() {
        view! { <Settings page="roles"><Roles/></Settings> }.into_any()
    }
    /// `/dashboard/settings/teams`.
    TeamsRoute = fn teams_screen() {
        view! { <Settings page="teams"><Teams/></Settings> }.into_any()
    }
}

ui::lazy_screens! { settings_organization:
    /// `/dashboard/settings/locations`.
    LocationsRoute = fn locations_screen() {
        view! { <Settings page="locations"><Locations/></Settings> }.into_any()
    }
    /// `/dashboard/settings/billing`.
    BillingRoute = fn billing_screen() {
        view! { <Settings page="billing"><Billing/></Settings> }.into_any()
    }
    /// `/dashboard/settings/sessions`.
    SessionsRoute = fn sessions_screen() {
        view! { <Settings page="sessions"><Sessions/></Settings> }.into_any()
    }
    /// `/dashboard/upgrade/{product}`.
    UpgradeRoute = fn upgrade_screen() {
        view! { <Upgrade/> }.into_any()
    }
}

/// Every part above.
pub(crate) const PARTS: &[Part] = &[
    sign_in_screen::PART,
    invite_screen::PART,
    members_screen::PART,
    roles_screen::PART,
    teams_screen::PART,
    locations_screen::PART,
    billing_screen::PART,
    sessions_screen::PART,
    upgrade_screen::PART,
];
