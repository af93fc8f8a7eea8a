//! Gabinet's pages: patients, treatments, staff with their hours, rooms and devices. Each is loaded when it is opened.

mod hue;
mod listing;
mod patient;
mod patients;
mod plain;
mod rooms;
mod search;
mod sheet;
mod shown;
mod sorts;
mod staff;
mod staff_member;
mod treatments;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
use platform::permission::Permission;

/// `/dashboard/gabinet/patients`
pub struct PatientsRoute;

#[lazy_route]
impl LazyRoute for PatientsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        patients::page()
    }
}

/// `/dashboard/gabinet/patients/{id}`
pub struct PatientRoute;

#[lazy_route]
impl LazyRoute for PatientRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        patient::page()
    }
}

/// `/dashboard/gabinet/treatments`
pub struct TreatmentsRoute;

#[lazy_route]
impl LazyRoute for TreatmentsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        treatments::page()
    }
}

/// `/dashboard/gabinet/staff`
pub struct StaffRoute;

#[lazy_route]
impl LazyRoute for StaffRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        staff::page()
    }
}

/// `/dashboard/gabinet/staff/{id}`
pub struct StaffMemberRoute;

#[lazy_route]
impl LazyRoute for StaffMemberRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        staff_member::page()
    }
}

/// `/dashboard/gabinet/rooms`
pub struct RoomsRoute;

#[lazy_route]
impl LazyRoute for RoomsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        rooms::page()
    }
}

/// Whether one has this right where one works now; it spares useless buttons, the services ask again.
fn may(permission: Permission) -> bool {
    app_platform::use_me().with_untracked(|me| me.can(permission))
}
