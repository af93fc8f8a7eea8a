//! CRM: leads and the calls planned with them, on the shared calendar; deals on their way through pipelines, and quotes.
//!
//! This page is the module's contract. It registers what it brings; nothing below knows its name.

pub mod calls;
pub mod deals;
#[cfg(feature = "ssr")]
mod demo;
pub mod forecast;
pub mod leads;
#[cfg(feature = "ssr")]
mod persons;
pub mod pipelines;
pub mod quotes;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(all(test, feature = "testing"))]
mod scoped;
pub mod totals;

use platform::{
    module::{ActivityType, EntityType, Field, FieldKind, Module, Navigation, Owned},
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

/// See pipelines, deals, their forecast and their quotes.
pub const DEALS_READ: Permission = Permission("crm.deals:read");
/// Add, change and move deals.
pub const DEALS_WRITE: Permission = Permission("crm.deals:write");
/// Make and change pipelines.
pub const PIPELINES_WRITE: Permission = Permission("crm.pipelines:write");
/// Make quotes, send them and write down what came of them.
pub const QUOTES_WRITE: Permission = Permission("crm.quotes:write");

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
        EntityType {
            key: "crm:deal",
            icon: "coin",
            path: "/dashboard/crm/deals/{id}",
            read: DEALS_READ,
            fields: &[
                Field { key: "title", kind: FieldKind::Text, required: true },
                Field { key: "status", kind: FieldKind::Choice(&["open", "won", "lost"]), required: false },
                Field { key: "stage", kind: FieldKind::Text, required: false },
                Field { key: "person", kind: FieldKind::Reference("person"), required: false },
                Field { key: "company", kind: FieldKind::Reference("company"), required: false },
                Field { key: "value", kind: FieldKind::Money, required: false },
                Field { key: "close_on", kind: FieldKind::Date, required: false },
                Field { key: "next_step", kind: FieldKind::Text, required: false },
                Field { key: "next_step_on", kind: FieldKind::Date, required: false },
                Field { key: "lost_reason", kind: FieldKind::Text, required: false },
                Field { key: "stage_since", kind: FieldKind::DateTime, required: false },
                Field { key: "closed_at", kind: FieldKind::DateTime, required: false },
            ],
        },
        EntityType { key: "crm:pipeline", icon: "chart", path: "/dashboard/crm/deals?pipeline={id}", read: DEALS_READ, fields: &[] },
        EntityType { key: "crm:quote", icon: "note", path: "/dashboard/crm/quotes/{id}/print", read: DEALS_READ, fields: &[] },
        EntityType { key: "crm:call", icon: "phone", path: "/dashboard/calendar?open={id}", read: LEADS_READ, fields: &[] },
    ],
    activity_types: &[ActivityType { key: CALL, icon: "phone", hue: 40, minutes: 15, read: LEADS_READ, write: Some(CALLS_WRITE) }],
    navigation: &[
        Navigation { key: "leads", path: "/dashboard/crm/leads", icon: "flag", permission: LEADS_READ },
        Navigation { key: "deals", path: "/dashboard/crm/deals", icon: "coin", permission: DEALS_READ },
        Navigation { key: "forecast", path: "/dashboard/crm/forecast", icon: "chart", permission: DEALS_READ },
    ],
    permissions: &[
        Grant {
            permission: LEADS_READ,
            roles: &[Role::Owner, Role::Admin, Role::Manager, Role::Sales, Role::Marketer, Role::Receptionist],
        },
        Grant { permission: LEADS_WRITE, roles: &[Role::Owner, Role::Admin, Role::Manager, Role::Sales] },
        Grant { permission: CALLS_WRITE, roles: &[Role::Owner, Role::Admin, Role::Manager, Role::Sales] },
        Grant { permission: DEALS_READ, roles: &[Role::Owner, Role::Admin, Role::Manager, Role::Sales, Role::Marketer] },
        Grant { permission: DEALS_WRITE, roles: &[Role::Owner, Role::Admin, Role::Manager, Role::Sales] },
        Grant { permission: PIPELINES_WRITE, roles: &[Role::Owner, Role::Admin, Role::Manager] },
        Grant { permission: QUOTES_WRITE, roles: &[Role::Owner, Role::Admin, Role::Manager, Role::Sales] },
    ],
    owned: &[Owned { entity_type: "crm:lead", write: LEADS_WRITE }, Owned { entity_type: "crm:deal", write: DEALS_WRITE }],
};

/// What CRM does on the server beyond its own screens.
#[cfg(feature = "ssr")]
pub const HOOKS: services::hooks::ModuleHooks = services::hooks::ModuleHooks {
    module: &MODULE,
    hours: None,
    carried: None,
    move_to: None,
    swap: None,
    hold: None,
    set_status: Some(calls::hooks::set_status),
    note: None,
    freed: None,
    records: &[leads::SOURCE, deals::SOURCE],
    persons: Some(&persons::HOOKS),
    company_renamed: Some(deals::company_renamed),
    rest: Some(rest::routes),
    reference: &[],
    warm: None,
    jobs: &[],
    demo: Some(demo::write),
};
