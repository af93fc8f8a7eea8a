//! The screens that are loaded when they are opened: those about people, and those about the organization itself.

use leptos::prelude::*;
use ui::place::Screens;

use crate::{
    invite::Invite,
    settings::{Settings, billing::Billing, locations::Locations, members::Members, roles::Roles, sessions::Sessions, teams::Teams},
    sign_in::SignIn,
    upgrade::Upgrade,
};

// Both are plain forms that need no wasm; who has signed in never needs theirs.
ui::lazy_screens!(welcome: WELCOME = fn welcome_screens {
    "/sign-in" => view! { <SignIn/> }.into_any(),
    "/invite/:organization/:token" => view! { <Invite/> }.into_any(),
});

ui::lazy_screens!(settings_people: PEOPLE = fn people_screens {
    "/dashboard/settings/members" => view! { <Settings page="members"><Members/></Settings> }.into_any(),
    "/dashboard/settings/roles" => view! { <Settings page="roles"><Roles/></Settings> }.into_any(),
    "/dashboard/settings/teams" => view! { <Settings page="teams"><Teams/></Settings> }.into_any(),
});

ui::lazy_screens!(settings_organization: ORGANIZATION = fn organization_screens {
    "/dashboard/settings/locations" => view! { <Settings page="locations"><Locations/></Settings> }.into_any(),
    "/dashboard/settings/billing" => view! { <Settings page="billing"><Billing/></Settings> }.into_any(),
    "/dashboard/settings/sessions" => view! { <Settings page="sessions"><Sessions/></Settings> }.into_any(),
    "/dashboard/upgrade/:product" => view! { <Upgrade/> }.into_any(),
});

/// All of them.
pub(crate) const SCREENS: &[Screens] = &[WELCOME, PEOPLE, ORGANIZATION];
