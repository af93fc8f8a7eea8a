//! The ground floor as a module: who belongs to an organization, and what it subscribes to. Everybody has it.

use crate::module::{Module, Navigation};
use crate::permission::{Grant, Permission, Role};

/// Rights and settings pages of the platform itself. It has no records or activities of its own.
pub const MODULE: Module = Module {
    id: "platform",
    product: None,
    entity_types: &[],
    activity_types: &[],
    navigation: &[
        page("members", "/dashboard/settings/members", "users", Permission::MEMBERS_READ),
        page("roles", "/dashboard/settings/roles", "shield", Permission::ROLES_WRITE),
        page("teams", "/dashboard/settings/teams", "network", Permission::MEMBERS_READ),
        page("locations", "/dashboard/settings/locations", "map-pin", Permission::ORGANIZATION_WRITE),
        page("billing", "/dashboard/settings/billing", "credit-card", Permission::BILLING_WRITE),
        // The right is the shared services', which register it.
        page("fields", "/dashboard/settings/fields", "edit", Permission("fields:write")),
        // One's own sessions: for every member.
        page("sessions", "/dashboard/settings/sessions", "monitor", Permission::MEMBERS_READ),
        // The right is the calendar's, which registers it; the page stands with what else is one's own.
        page("feeds", "/dashboard/settings/feeds", "link", Permission("calendar.feeds:write")),
    ],
    permissions: &[
        Grant {
            permission: Permission::MEMBERS_READ,
            roles: &[Role::Admin, Role::Manager, Role::Doctor, Role::Nurse, Role::Receptionist, Role::Sales, Role::Marketer, Role::Member],
        },
        Grant { permission: Permission::MEMBERS_WRITE, roles: &[Role::Admin] },
        Grant { permission: Permission::ROLES_WRITE, roles: &[Role::Admin] },
        Grant { permission: Permission::TEAMS_WRITE, roles: &[Role::Admin, Role::Manager] },
        Grant { permission: Permission::BILLING_WRITE, roles: &[Role::Admin] },
        Grant { permission: Permission::ORGANIZATION_WRITE, roles: &[Role::Admin] },
        Grant { permission: Permission::JOBS_WRITE, roles: &[Role::Admin, Role::Manager] },
    ],
    owned: &[],
};

const fn page(key: &'static str, path: &'static str, icon: &'static str, permission: Permission) -> Navigation {
    Navigation { key, path, icon, permission }
}
