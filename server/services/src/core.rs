//! The shared services as a module: everybody has the calendar, whatever they subscribe to.

use platform::{
    module::{ActivityType, EntityType, Module, Navigation},
    permission::{Grant, Permission, Role},
};

/// See the calendar.
pub const CALENDAR_READ: Permission = Permission("calendar:read");
/// Make and change meetings, tasks and blocked time.
pub const ACTIVITIES_WRITE: Permission = Permission("calendar.activities:write");
/// Put meetings, tasks and blocked time over what is there already, with a reason (R12).
pub const ACTIVITIES_OVERBOOK: Permission = Permission("calendar.activities:overbook");
/// Make and change rooms, devices and other resources.
pub const RESOURCES_WRITE: Permission = Permission("calendar.resources:write");

/// Have calendar feeds that other programs read, and revoke them.
pub const FEEDS_WRITE: Permission = Permission("calendar.feeds:write");

/// The activity types that need no module: anybody's meetings, tasks and blocked time.
pub const GENERIC_TYPES: [&str; 3] = ["meeting", "task", "block"];

/// The hue of activities whose type nobody has registered (any more).
pub const UNKNOWN_HUE: u16 = 220;

const EVERYBODY: &[Role] =
    &[Role::Admin, Role::Manager, Role::Doctor, Role::Nurse, Role::Receptionist, Role::Sales, Role::Marketer, Role::Member];

/// What the shared services register with the platform.
pub const MODULE: Module = Module {
    id: "calendar",
    product: None,
    entity_types: &[
        EntityType { key: "activity", icon: "calendar", path: "/dashboard/calendar?open={id}", read: CALENDAR_READ, fields: &[] },
        EntityType { key: "resource", icon: "room", path: "/dashboard/calendar?by=room", read: CALENDAR_READ, fields: &[] },
    ],
    activity_types: &[
        ActivityType { key: "meeting", icon: "people", hue: 60, minutes: 60, write: ACTIVITIES_WRITE },
        ActivityType { key: "task", icon: "check", hue: 175, minutes: 30, write: ACTIVITIES_WRITE },
        ActivityType { key: "block", icon: "lock", hue: 85, minutes: 60, write: ACTIVITIES_WRITE },
    ],
    navigation: &[Navigation { key: "calendar", path: "/dashboard/calendar", icon: "calendar", permission: CALENDAR_READ }],
    permissions: &[
        Grant { permission: CALENDAR_READ, roles: EVERYBODY },
        Grant {
            permission: ACTIVITIES_WRITE,
            roles: &[Role::Admin, Role::Manager, Role::Doctor, Role::Nurse, Role::Receptionist, Role::Sales],
        },
        Grant { permission: ACTIVITIES_OVERBOOK, roles: &[Role::Admin, Role::Manager, Role::Doctor, Role::Receptionist] },
        Grant { permission: FEEDS_WRITE, roles: EVERYBODY },
        Grant { permission: RESOURCES_WRITE, roles: &[Role::Admin, Role::Manager] },
    ],
};
