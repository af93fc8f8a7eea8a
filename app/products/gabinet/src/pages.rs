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

ui::lazy_screens!(gabinet_patients: PATIENTS = fn patients_screens {
    "/dashboard/gabinet/patients" => patients::page(),
    "/dashboard/gabinet/patients/:id" => patient::page(),
});

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
