//! CRM: leads and the calls planned with them, on the shared calendar.
//!
//! This page is the module's contract. It registers what it brings; nothing below knows its name.

pub mod calls;
#[cfg(feature = "ssr")]
mod demo;
pub mod leads;
#[cfg(feature = "ssr")]
mod persons;
#[cfg(feature = "ssr")]
pub mod rest;

use platform::{
    module::{ActivityType, EntityType, Field, FieldKind, Module, Navigation},
    permission::{Grant, Permission, Role},
};

/// What an organization subscribes to.
pub const PRODUCT: &str = "crm";
/// The activity type of a planned call.
pub const CALL: &str = "crm:call";

/// See leads.
pub const LEADS_READ: Permission = Permission("crm.leads:read");
/// Add and change leads.
pub const LEADS_WRITE: Permission = Permission("crm.leads:write");
/// Plan and close calls.
pub const CALLS_WRITE: Permission = Permission("crm.calls:write");

/// Everything CRM registers with the platform.
pub const MODULE: Module = Module {
    id: "crm",
    product: Some(PRODUCT),
    entity_types: &[
        EntityType {
            key: "crm:lead",
            icon: "flag",
            path: "/dashboard/crm/leads/{id}",
            read: LEADS_READ,
            fields: &[
                Field { key: "given_name", kind: FieldKind::Text, required: true },
                Field { key: "family_name", kind: FieldKind::Text, required: true },
                Field { key: "email", kind: FieldKind::Email, required: false },
                Field { key: "phone", kind: FieldKind::Phone, required: false },
                Field { key: "company", kind: FieldKind::Text, required: false },
                Field { key: "source", kind: FieldKind::Text, required: false },
                Field { key: "status", kind: FieldKind::Choice(&["new", "contacted", "qualified", "won", "lost"]), required: true },
                Field { key: "value", kind: FieldKind::Money, required: false },
                Field { key: "notes", kind: FieldKind::LongText, required: false },
            ],
        },
        EntityType { key: "crm:call", icon: "phone", path: "/dashboard/calendar?open={id}", read: LEADS_READ, fields: &[] },
    ],
    activity_types: &[ActivityType { key: CALL, icon: "phone", hue: 40, minutes: 15, read: LEADS_READ, write: Some(CALLS_WRITE) }],
    navigation: &[Navigation { key: "leads", path: "/dashboard/crm/leads", icon: "flag", permission: LEADS_READ }],
    permissions: &[
        Grant {
            permission: LEADS_READ,
            roles: &[Role::Owner, Role::Admin, Role::Manager, Role::Sales, Role::Marketer, Role::Receptionist],
        },
        Grant { permission: LEADS_WRITE, roles: &[Role::Owner, Role::Admin, Role::Manager, Role::Sales] },
        Grant { permission: CALLS_WRITE, roles: &[Role::Owner, Role::Admin, Role::Manager, Role::Sales] },
    ],
};

/// What CRM does on the server beyond its own screens.
#[cfg(feature = "ssr")]
pub const HOOKS: services::hooks::ModuleHooks = services::hooks::ModuleHooks {
    module: &MODULE,
    hours: None,
    wish: None,
    move_to: None,
    swap: None,
    hold: None,
    set_status: Some(calls::hooks::set_status),
    note: None,
    records: &[leads::SOURCE],
    persons: Some(&persons::HOOKS),
    rest: Some(rest::routes),
    jobs: &[],
    demo: Some(demo::write),
};
