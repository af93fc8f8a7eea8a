//! Gabinet's pages: patients, treatments, staff with their hours, rooms and devices. What belongs together is
//! loaded together, when it is opened.

mod hue;
mod listing;
mod patient;
mod patients;
pub(crate) mod plain;
mod rooms;
mod rota;
mod search;
mod sheet;
pub(crate) mod shown;
mod sorts;
mod staff;
mod staff_member;
mod to_give;
mod treatments;

pub(crate) use staff_member::leave_part::PART as LEAVE;

use leptos::prelude::*;
use platform::permission::Permission;

ui::lazy_screens! { gabinet_patients:
    /// `/dashboard/gabinet/patients`
    PatientsRoute = fn patients_screen() {
        patients::page()
    }
    /// `/dashboard/gabinet/patients/{id}`
    PatientRoute = fn patient_screen() {
        patient::page()
    }
}

ui::lazy_screens! { gabinet_catalogue:
    /// `/dashboard/gabinet/treatments`
    TreatmentsRoute = fn treatments_screen() {
        treatments::page()
    }
}

ui::lazy_screens! { gabinet_rooms:
    /// `/dashboard/gabinet/rooms`
    RoomsRoute = fn rooms_screen() {
        rooms::page()
    }
}

ui::lazy_screens! { gabinet_rota:
    /// `/dashboard/gabinet/staff`
    StaffRoute = fn staff_screen() {
        staff::page()
    }
    /// `/dashboard/gabinet/rota`
    RotaRoute = fn rota_screen() {
        rota::page()
    }
}

ui::lazy_screens! { gabinet_staff:
    /// `/dashboard/gabinet/staff/{id}`
    StaffMemberRoute = fn staff_member_screen() {
        staff_member::page()
    }
}

/// Whether one has this right where one works now; it spares useless buttons, the services ask again.
pub(crate) fn may(permission: Permission) -> bool {
    app_platform::use_me().with_untracked(|me| me.can(permission))
}
