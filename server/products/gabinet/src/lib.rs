//! Gabinet: running a clinic. Patients, practitioners and their hours, treatments, visits.
//!
//! This page is the module's contract. It registers what it brings; nothing below knows its name.

pub mod answers;
pub mod appointments;
pub mod employees;
pub mod hours;
pub mod patients;
pub mod reassign;
pub mod rota;
pub mod series;
pub mod treatments;
pub mod waiting;
pub mod working_time;

#[cfg(feature = "ssr")]
mod demo;
#[cfg(feature = "ssr")]
mod persons;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
mod version;

use platform::{
    module::{ActivityType, EntityType, Field, FieldKind, Module, Navigation},
    permission::{Grant, Permission, Role},
};

/// What an organization subscribes to.
pub const PRODUCT: &str = "gabinet";
/// The activity type of a visit.
pub const APPOINTMENT: &str = "gabinet:appointment";
/// The activity type of a time that is only held, while somebody fills in the form.
pub const HOLD: &str = "gabinet:hold";

/// See patients, their visits and history.
pub const PATIENTS_READ: Permission = Permission("gabinet.patients:read");
/// Add and change patients.
pub const PATIENTS_WRITE: Permission = Permission("gabinet.patients:write");
/// See the catalogue.
pub const TREATMENTS_READ: Permission = Permission("gabinet.treatments:read");
/// Add and change treatments.
pub const TREATMENTS_WRITE: Permission = Permission("gabinet.treatments:write");
/// See practitioners with their hours and leave, rooms and devices.
pub const EMPLOYEES_READ: Permission = Permission("gabinet.employees:read");
/// Practitioners, and rooms and devices with their sorts.
pub const EMPLOYEES_WRITE: Permission = Permission("gabinet.employees:write");
/// Set the weekly hours of practitioners.
pub const HOURS_WRITE: Permission = Permission("gabinet.hours:write");
/// Leave of practitioners and closures of locations.
pub const LEAVE_WRITE: Permission = Permission("gabinet.leave:write");
/// Ask for leave of one's own.
pub const LEAVE_REQUEST: Permission = Permission("gabinet.leave:request");
/// See visits.
pub const APPOINTMENTS_READ: Permission = Permission("gabinet.appointments:read");
/// Book, move and close visits.
pub const APPOINTMENTS_WRITE: Permission = Permission("gabinet.appointments:write");
/// Book over what stands against it, with a reason (R12).
pub const APPOINTMENTS_OVERBOOK: Permission = Permission("gabinet.appointments:overbook");
/// Turn a request into a visit, and book what needs approval without asking.
pub const APPOINTMENTS_APPROVE: Permission = Permission("gabinet.appointments:approve");
/// Take a finished visit back to scheduled, with a reason.
pub const APPOINTMENTS_REOPEN: Permission = Permission("gabinet.appointments:reopen");

const CLINICIANS_AND_DESK: &[Role] = &[Role::Admin, Role::Manager, Role::Doctor, Role::Nurse, Role::Receptionist];
const MANAGERS: &[Role] = &[Role::Admin, Role::Manager];

const fn field(key: &'static str, kind: FieldKind, required: bool) -> Field {
    Field { key, kind, required }
}

/// Everything Gabinet registers with the platform.
pub const MODULE: Module = Module {
    id: "gabinet",
    product: Some(PRODUCT),
    entity_types: &[
        EntityType {
            key: "gabinet:patient",
            icon: "patient",
            path: "/dashboard/people/{id}",
            read: PATIENTS_READ,
            fields: &[
                field("given_name", FieldKind::Text, true),
                field("family_name", FieldKind::Text, true),
                field("birth_date", FieldKind::Date, false),
                field("phone", FieldKind::Phone, false),
                field("email", FieldKind::Email, false),
                field("allergies", FieldKind::Text, false),
                field("alerts", FieldKind::Text, false),
                field("notes", FieldKind::LongText, false),
            ],
        },
        EntityType {
            key: "gabinet:treatment",
            icon: "treatment",
            path: "/dashboard/gabinet/treatments",
            read: TREATMENTS_READ,
            fields: &[
                field("category", FieldKind::Text, false),
                field("name", FieldKind::Text, true),
                field("duration", FieldKind::Number, true),
                field("buffer_before", FieldKind::Number, false),
                field("buffer_after", FieldKind::Number, false),
                field("price", FieldKind::Money, false),
            ],
        },
        EntityType {
            key: "gabinet:appointment",
            icon: "calendar",
            path: "/dashboard/calendar?open={id}",
            read: APPOINTMENTS_READ,
            fields: &[
                field("patient", FieldKind::Reference("gabinet:patient"), true),
                field("treatment", FieldKind::Reference("gabinet:treatment"), true),
                field("start", FieldKind::DateTime, true),
                field("notes", FieldKind::LongText, false),
            ],
        },
    ],
    activity_types: &[
        ActivityType { key: APPOINTMENT, icon: "patient", hue: 300, minutes: 30, read: APPOINTMENTS_READ, write: Some(APPOINTMENTS_WRITE) },
        // It tells of a treatment and of nobody.
        ActivityType { key: HOLD, icon: "clock", hue: 300, minutes: 30, read: TREATMENTS_READ, write: None },
    ],
    navigation: &[
        Navigation { key: "patients", path: "/dashboard/gabinet/patients", icon: "people", permission: PATIENTS_READ },
        Navigation { key: "treatments", path: "/dashboard/gabinet/treatments", icon: "treatment", permission: TREATMENTS_READ },
        Navigation { key: "staff", path: "/dashboard/gabinet/staff", icon: "staff", permission: EMPLOYEES_READ },
        Navigation { key: "rota", path: "/dashboard/gabinet/rota", icon: "rota", permission: EMPLOYEES_READ },
        Navigation { key: "waiting_list", path: "/dashboard/gabinet/waiting", icon: "clock", permission: APPOINTMENTS_READ },
        Navigation { key: "rooms", path: "/dashboard/gabinet/rooms", icon: "room", permission: EMPLOYEES_READ },
    ],
    permissions: &[
        Grant { permission: PATIENTS_READ, roles: CLINICIANS_AND_DESK },
        Grant { permission: PATIENTS_WRITE, roles: CLINICIANS_AND_DESK },
        Grant { permission: TREATMENTS_READ, roles: CLINICIANS_AND_DESK },
        Grant { permission: TREATMENTS_WRITE, roles: MANAGERS },
        Grant { permission: EMPLOYEES_READ, roles: CLINICIANS_AND_DESK },
        Grant { permission: EMPLOYEES_WRITE, roles: MANAGERS },
        Grant { permission: HOURS_WRITE, roles: MANAGERS },
        Grant { permission: LEAVE_WRITE, roles: MANAGERS },
        Grant { permission: LEAVE_REQUEST, roles: CLINICIANS_AND_DESK },
        Grant { permission: APPOINTMENTS_READ, roles: CLINICIANS_AND_DESK },
        Grant { permission: APPOINTMENTS_WRITE, roles: CLINICIANS_AND_DESK },
        Grant { permission: APPOINTMENTS_OVERBOOK, roles: &[Role::Admin, Role::Manager, Role::Doctor, Role::Receptionist] },
        Grant { permission: APPOINTMENTS_APPROVE, roles: &[Role::Admin, Role::Manager, Role::Doctor] },
        Grant { permission: APPOINTMENTS_REOPEN, roles: MANAGERS },
    ],
    owned: &[],
};

/// What Gabinet does on the server beyond its own screens.
#[cfg(feature = "ssr")]
pub const HOOKS: services::hooks::ModuleHooks = services::hooks::ModuleHooks {
    module: &MODULE,
    hours: Some(services::hooks::HoursSource {
        ask: hours::hook,
        tables: &["gabinet_employees", "gabinet_working_hours", "gabinet_date_hours", "gabinet_leave", "gabinet_closures"],
    }),
    carried: Some(appointments::hooks::carried),
    move_to: Some(appointments::hooks::move_to),
    swap: Some(appointments::hooks::swap),
    hold: Some(appointments::hooks::hold),
    set_status: Some(appointments::hooks::set_status),
    note: Some(appointments::hooks::note),
    freed: Some(waiting::freed),
    records: &[patients::SOURCE],
    persons: Some(&persons::HOOKS),
    company_renamed: None,
    rest: Some(rest::routes),
    reference: &["gabinet_treatments", "gabinet_treatment_needs", "gabinet_qualifications", "gabinet_equipment"],
    warm: Some(warm),
    jobs: &[&waiting::LOOK],
    demo: Some(demo::write),
};

/// Rehearses the search for free time on a new connection.
#[cfg(feature = "ssr")]
fn warm(connection: &mut sqlx::PgConnection) -> futures::future::BoxFuture<'_, sqlx::Result<()>> {
    Box::pin(async move {
        treatments::warm(connection).await?;
        appointments::warm(connection).await?;
        hours::warm(connection).await
    })
}
