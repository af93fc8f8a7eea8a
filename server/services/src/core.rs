//! The shared services as a module: everybody has the calendar, whatever they subscribe to.

use platform::{
    module::{ActivityType, EntityType, Module, Navigation},
    permission::{Grant, Permission, Role},
};

use crate::subjects::{
    DOCUMENTS_SHARE, DOCUMENTS_WRITE, LINKS_WRITE, NOTES_WRITE, RECORD_SETTINGS_WRITE, RECORDS_READ, TAGS_WRITE, TASKS_WRITE,
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

/// Keep calendars elsewhere in step with this one.
pub const CONNECTIONS_WRITE: Permission = Permission("calendar.connections:write");

/// See lists of records; of which types, their own rights say.
pub const VIEWS_READ: Permission = Permission("views:read");
/// Keep views of one's own.
pub const VIEWS_WRITE: Permission = Permission("views:write");
/// Keep views that a team or everybody sees.
pub const VIEWS_SHARE: Permission = Permission("views:share");

/// See records of the organization's own types, and its own fields of others.
pub const OBJECTS_READ: Permission = Permission("objects:read");
/// Make and change records of the organization's own types, and its own fields of others.
pub const OBJECTS_WRITE: Permission = Permission("objects:write");
/// Decide which fields and types of record there are.
pub const FIELDS_WRITE: Permission = Permission("fields:write");
/// See persons, whatever they are to the organization.
pub const PERSONS_READ: Permission = Permission("persons:read");
/// Make and change persons.
pub const PERSONS_WRITE: Permission = Permission("persons:write");
/// See and change what the state knows persons by.
pub const NATIONAL_IDS_READ: Permission = Permission("persons.national_ids:read");
/// Make two records of one human one, and take that back.
pub const PERSONS_MERGE: Permission = Permission("persons.duplicates:merge");
/// Write down what persons agree to.
pub const CONSENTS_WRITE: Permission = Permission("persons.consents:write");
/// See companies.
pub const COMPANIES_READ: Permission = Permission("companies:read");
/// Make and change companies, and say who works there.
pub const COMPANIES_WRITE: Permission = Permission("companies:write");

/// The activity types that need no module: anybody's meetings, tasks and blocked time.
pub const GENERIC_TYPES: [&str; 3] = ["meeting", "task", "block"];

/// The hue of activities whose type nobody has registered (any more).
pub const UNKNOWN_HUE: u16 = 220;

const AT_WORK: &[Role] = &[Role::Admin, Role::Manager, Role::Doctor, Role::Nurse, Role::Receptionist, Role::Sales, Role::Marketer];
const EVERYBODY: &[Role] =
    &[Role::Admin, Role::Manager, Role::Doctor, Role::Nurse, Role::Receptionist, Role::Sales, Role::Marketer, Role::Member];

/// What the shared services register with the platform.
pub const MODULE: Module = Module {
    id: "calendar",
    product: None,
    entity_types: &[
        EntityType { key: "activity", icon: "calendar", path: "/dashboard/calendar?open={id}", read: CALENDAR_READ, fields: &[] },
        EntityType { key: "person", icon: "person", path: "/dashboard/people/{id}", read: PERSONS_READ, fields: crate::persons::FIELDS },
        EntityType {
            key: "company",
            icon: "building",
            path: "/dashboard/companies/{id}",
            read: COMPANIES_READ,
            fields: crate::companies::FIELDS,
        },
        EntityType { key: "resource", icon: "room", path: "/dashboard/calendar?by=room", read: CALENDAR_READ, fields: &[] },
    ],
    activity_types: &[
        ActivityType { key: "meeting", icon: "people", hue: 60, minutes: 60, read: CALENDAR_READ, write: Some(ACTIVITIES_WRITE) },
        ActivityType { key: "task", icon: "check", hue: 175, minutes: 30, read: CALENDAR_READ, write: Some(ACTIVITIES_WRITE) },
        ActivityType { key: "block", icon: "lock", hue: 85, minutes: 60, read: CALENDAR_READ, write: Some(ACTIVITIES_WRITE) },
    ],
    navigation: &[
        Navigation { key: "calendar", path: "/dashboard/calendar", icon: "calendar", permission: CALENDAR_READ },
        Navigation { key: "tasks", path: "/dashboard/tasks", icon: "task", permission: RECORDS_READ },
        Navigation { key: "persons", path: "/dashboard/people", icon: "person", permission: PERSONS_READ },
        Navigation { key: "companies", path: "/dashboard/companies", icon: "building", permission: COMPANIES_READ },
        Navigation { key: "objects", path: "/dashboard/objects", icon: "box", permission: OBJECTS_READ },
    ],
    permissions: &[
        Grant { permission: CALENDAR_READ, roles: EVERYBODY },
        Grant {
            permission: ACTIVITIES_WRITE,
            roles: &[Role::Admin, Role::Manager, Role::Doctor, Role::Nurse, Role::Receptionist, Role::Sales],
        },
        Grant { permission: ACTIVITIES_OVERBOOK, roles: &[Role::Admin, Role::Manager, Role::Doctor, Role::Receptionist] },
        Grant { permission: FEEDS_WRITE, roles: EVERYBODY },
        Grant {
            permission: CONNECTIONS_WRITE,
            roles: &[Role::Admin, Role::Manager, Role::Doctor, Role::Nurse, Role::Receptionist, Role::Sales],
        },
        Grant { permission: RESOURCES_WRITE, roles: &[Role::Admin, Role::Manager] },
        Grant { permission: OBJECTS_READ, roles: EVERYBODY },
        Grant { permission: OBJECTS_WRITE, roles: AT_WORK },
        Grant { permission: FIELDS_WRITE, roles: &[Role::Admin] },
        Grant { permission: PERSONS_READ, roles: AT_WORK },
        Grant { permission: PERSONS_WRITE, roles: AT_WORK },
        Grant { permission: NATIONAL_IDS_READ, roles: &[Role::Admin, Role::Manager, Role::Doctor, Role::Nurse, Role::Receptionist] },
        Grant { permission: PERSONS_MERGE, roles: &[Role::Admin, Role::Manager, Role::Receptionist] },
        Grant { permission: CONSENTS_WRITE, roles: AT_WORK },
        Grant { permission: COMPANIES_READ, roles: AT_WORK },
        Grant { permission: COMPANIES_WRITE, roles: &[Role::Admin, Role::Manager, Role::Receptionist, Role::Sales, Role::Marketer] },
        Grant { permission: VIEWS_READ, roles: EVERYBODY },
        Grant { permission: VIEWS_WRITE, roles: EVERYBODY },
        Grant { permission: VIEWS_SHARE, roles: &[Role::Admin, Role::Manager] },
        Grant { permission: RECORDS_READ, roles: EVERYBODY },
        Grant { permission: NOTES_WRITE, roles: AT_WORK },
        Grant { permission: TASKS_WRITE, roles: EVERYBODY },
        Grant { permission: DOCUMENTS_WRITE, roles: AT_WORK },
        // What is lent out leaves the house: a right of its own, which those who only help have not.
        Grant { permission: DOCUMENTS_SHARE, roles: &[Role::Admin, Role::Manager, Role::Doctor, Role::Receptionist, Role::Sales] },
        Grant { permission: LINKS_WRITE, roles: AT_WORK },
        Grant { permission: TAGS_WRITE, roles: AT_WORK },
        Grant { permission: RECORD_SETTINGS_WRITE, roles: &[Role::Admin, Role::Manager] },
    ],
    owned: &[],
};
