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

pub(crate) use patient_part::PART as PATIENT;
pub(crate) use staff_member::leave_part::PART as LEAVE;

use leptos::prelude::*;
use platform::{id::EntityId, permission::Permission};
use ui::Skeleton;

ui::lazy_screens!(gabinet_patients: PATIENTS = fn patients_screens {
    "/dashboard/gabinet/patients" => patients::page(),
    // A patient is a person: there is one page for all that is known of a human.
    "/dashboard/gabinet/patients/:id" => app_platform::address::go_to(&["/dashboard/people/", &ui::place::param("id")].concat()),
});

// In the file of the list: from one to the other is the usual way.
ui::lazy_part!(gabinet_patients: fn patient_part(id: EntityId, changed: Callback<()>) { patient::part(id, changed) });

/// What Gabinet shows on the page of a human who is a patient.
pub(crate) fn of_person(id: EntityId, changed: Callback<()>) -> AnyView {
    let before = || view! { <Skeleton lines=6/> }.into_any();
    ui::lazy::once_alive(before, move || {
        view! { <Suspense fallback=before>{Suspend::new(patient_part(id, changed))}</Suspense> }.into_any()
    })
}

ui::lazy_screens!(gabinet_catalogue: CATALOGUE = fn catalogue_screens {
    "/dashboard/gabinet/treatments" => treatments::page(),
});

ui::lazy_screens!(gabinet_rooms: ROOMS = fn rooms_screens {
    "/dashboard/gabinet/rooms" => rooms::page(),
});

ui::lazy_screens!(gabinet_rota: ROTA = fn rota_screens {
    "/dashboard/gabinet/staff" => staff::page(),
    "/dashboard/gabinet/rota" => rota::page(),
});

ui::lazy_screens!(gabinet_staff: STAFF = fn staff_screens {
    "/dashboard/gabinet/staff/:id" => staff_member::page(),
});

/// Whether one has this right where one works now; it spares useless buttons, the services ask again.
pub(crate) fn may(permission: Permission) -> bool {
    app_platform::use_me().with_untracked(|me| me.can(permission))
}
