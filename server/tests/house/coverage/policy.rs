//! Who may come through which door: one line a door. A door without a line fails the tests, and so does a line without
//! a door.

use crm::{CALLS_WRITE, LEADS_READ, LEADS_WRITE};
use gabinet::{
    APPOINTMENTS_READ, APPOINTMENTS_WRITE, EMPLOYEES_READ, EMPLOYEES_WRITE, HOURS_WRITE, LEAVE_WRITE, PATIENTS_READ, PATIENTS_WRITE,
    TREATMENTS_READ, TREATMENTS_WRITE,
};
use platform::permission::Permission;
use serde_json::{Value, json};
use services::core::{ACTIVITIES_WRITE, CALENDAR_READ, RESOURCES_WRITE};

/// What somebody must be to come through a door.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Policy {
    /// Anybody; the OpenAPI document says so too.
    Public,
    /// Whoever is signed in: what it is about is their own.
    SignedIn,
    /// Any member of the organization.
    Member,
    /// Members with the right.
    Right(Permission),
    /// Members with the right, of an organization that subscribes to the product.
    Product(&'static str, Permission),
}

use Policy::{Member, Public, Right, SignedIn};

/// A door and who may come through.
pub struct Line {
    /// `GET`, `POST` … of a REST route; empty for a server function.
    pub method: &'static str,
    /// `/patients/{id}`, `gabinet/patient`.
    pub path: &'static str,
    pub policy: Policy,
    /// Name of the record whose id stands in the path.
    pub id: &'static str,
    /// Fields of a route's body where those sampled from its schema will not do; a function's arguments in order. `{name}`
    /// stands for the id of a record, `{=Name}` for a sample of the schema of that name.
    pub with: Value,
    /// Puts a body into the form in which it travels.
    pub pack: fn(Value) -> Vec<u8>,
}

impl Line {
    /// What it is called in messages, and by what it is compared with the routers' lists.
    pub fn name(&self) -> String {
        [self.method, self.path].join(" ").trim_start().to_owned()
    }

    fn of(mut self, id: &'static str) -> Line {
        self.id = id;
        self
    }

    fn with(mut self, with: Value) -> Line {
        self.with = with;
        self
    }
}

fn route(method: &'static str, path: &'static str, policy: Policy) -> Line {
    Line { method, path, policy, id: "", with: json!({}), pack: |body| body.to_string().into_bytes() }
}

pub const fn gabinet(right: Permission) -> Policy {
    Policy::Product(gabinet::PRODUCT, right)
}

pub const fn crm(right: Permission) -> Policy {
    Policy::Product(crm::PRODUCT, right)
}

pub const MEMBERS_READ: Policy = Right(Permission::MEMBERS_READ);
pub const MEMBERS_WRITE: Policy = Right(Permission::MEMBERS_WRITE);
pub const ROLES_WRITE: Policy = Right(Permission::ROLES_WRITE);
pub const TEAMS_WRITE: Policy = Right(Permission::TEAMS_WRITE);
pub const BILLING_WRITE: Policy = Right(Permission::BILLING_WRITE);
pub const ORGANIZATION_WRITE: Policy = Right(Permission::ORGANIZATION_WRITE);

/// The REST routes, below `/api/v1`.
pub fn routes() -> Vec<Line> {
    let organization = json!({ "kind": "clinic", "country": "PL", "currency": "PLN", "locale": "pl", "zone": "Europe/Warsaw" });
    let location = json!({ "zone": "Europe/Warsaw" });
    let role = json!({ "permissions": ["members:read"] });
    let moved = json!({ "version": 1, "start": "2026-11-27T09:00:00Z", "end": "2026-11-27T10:00:00Z" });
    let step = json!({ "version": 1, "to": "confirmed" });
    vec![
        route("POST", "/auth/staff/login", Public),
        route("POST", "/auth/refresh", Public),
        route("POST", "/auth/logout", SignedIn),
        route("GET", "/me", SignedIn),
        route("PUT", "/me/password", SignedIn),
        route("PUT", "/me/organization", SignedIn),
        route("GET", "/sessions", SignedIn),
        route("DELETE", "/sessions/{id}", SignedIn).of("session"),
        route("GET", "/organization", Member),
        route("POST", "/organization", SignedIn).with(organization.clone()),
        route("PUT", "/organization", ORGANIZATION_WRITE).with(organization),
        route("GET", "/locations", Member),
        route("POST", "/locations", ORGANIZATION_WRITE).with(location.clone()),
        route("PUT", "/locations/{id}", ORGANIZATION_WRITE).of("location").with(location),
        route("GET", "/products", Member),
        route("GET", "/subscriptions", BILLING_WRITE),
        route("POST", "/subscriptions", BILLING_WRITE).with(json!({ "product": "crm" })),
        route("DELETE", "/subscriptions/{product}", BILLING_WRITE).of("product"),
        route("GET", "/members", MEMBERS_READ),
        route("PUT", "/members/{user}", MEMBERS_WRITE).of("user").with(json!({ "role": "nurse" })),
        route("DELETE", "/members/{user}", MEMBERS_WRITE).of("user"),
        route("GET", "/roles", MEMBERS_READ),
        route("POST", "/roles", ROLES_WRITE).with(role.clone()),
        route("PUT", "/roles/{id}", ROLES_WRITE).of("role").with(role),
        route("DELETE", "/roles/{id}", ROLES_WRITE).of("role"),
        route("GET", "/teams", MEMBERS_READ),
        route("POST", "/teams", TEAMS_WRITE).with(json!({ "members": ["{user}"] })),
        route("PUT", "/teams/{id}", TEAMS_WRITE).of("team"),
        route("DELETE", "/teams/{id}", TEAMS_WRITE).of("team"),
        route("GET", "/invitations", MEMBERS_WRITE),
        route("POST", "/invitations", MEMBERS_WRITE).with(json!({ "email": "other@lipowa.example", "role": "member" })),
        route("DELETE", "/invitations/{id}", MEMBERS_WRITE).of("invitation"),
        route("POST", "/invitations/accept", Public),
        // The calendar and what can be booked.
        route("GET", "/calendar", Right(CALENDAR_READ)),
        route("GET", "/activities", Right(CALENDAR_READ)),
        route("POST", "/activities", Right(ACTIVITIES_WRITE)).with(json!({ "activity_type": "meeting" })),
        route("GET", "/activities/{id}", Right(CALENDAR_READ)).of("activity"),
        route("PUT", "/activities/{id}", Right(ACTIVITIES_WRITE)).of("activity").with(moved.clone()),
        route("DELETE", "/activities/{id}", Right(ACTIVITIES_WRITE)).of("activity"),
        route("GET", "/activities/{id}/history", Right(CALENDAR_READ)).of("activity"),
        route("GET", "/resources", Right(CALENDAR_READ)),
        route("POST", "/resources", Right(RESOURCES_WRITE)).with(json!({ "kind": "room" })),
        route("GET", "/resources/{id}", Right(CALENDAR_READ)).of("room"),
        route("PUT", "/resources/{id}", Right(RESOURCES_WRITE)).of("room").with(json!({ "kind": "room" })),
        // Gabinet.
        route("GET", "/patients", gabinet(PATIENTS_READ)),
        route("POST", "/patients", gabinet(PATIENTS_WRITE)),
        route("GET", "/patients/{id}", gabinet(PATIENTS_READ)).of("patient"),
        route("PUT", "/patients/{id}", gabinet(PATIENTS_WRITE)).of("patient"),
        route("GET", "/patients/{id}/appointments", gabinet(APPOINTMENTS_READ)).of("patient"),
        route("GET", "/treatments", gabinet(TREATMENTS_READ)),
        route("POST", "/treatments", gabinet(TREATMENTS_WRITE)),
        route("GET", "/treatments/{id}", gabinet(TREATMENTS_READ)).of("treatment"),
        route("PUT", "/treatments/{id}", gabinet(TREATMENTS_WRITE)).of("treatment"),
        route("GET", "/employees", gabinet(EMPLOYEES_READ)),
        route("POST", "/employees", gabinet(EMPLOYEES_WRITE)).with(json!({ "treatments": ["{treatment}"] })),
        route("GET", "/employees/{id}", gabinet(EMPLOYEES_READ)).of("employee"),
        route("PUT", "/employees/{id}", gabinet(EMPLOYEES_WRITE)).of("employee"),
        route("GET", "/employees/{id}/working-hours", gabinet(EMPLOYEES_READ)).of("employee"),
        route("PUT", "/employees/{id}/working-hours", gabinet(HOURS_WRITE)).of("employee"),
        route("GET", "/employees/{id}/leave", gabinet(EMPLOYEES_READ)).of("employee"),
        route("POST", "/employees/{id}/leave", gabinet(LEAVE_WRITE)).of("employee"),
        route("DELETE", "/leave/{id}", gabinet(LEAVE_WRITE)).of("leave"),
        route("GET", "/equipment", gabinet(EMPLOYEES_READ)),
        route("PUT", "/equipment/{id}", gabinet(EMPLOYEES_WRITE)).of("room"),
        route("GET", "/closures", gabinet(EMPLOYEES_READ)),
        route("POST", "/closures", gabinet(LEAVE_WRITE)).with(json!({ "location": "{location}" })),
        route("DELETE", "/closures/{id}", gabinet(LEAVE_WRITE)).of("closure"),
        route("GET", "/appointments/availability", gabinet(APPOINTMENTS_READ)),
        route("GET", "/appointments/earliest", gabinet(APPOINTMENTS_READ)),
        route("GET", "/appointments", gabinet(APPOINTMENTS_READ)),
        route("POST", "/appointments", gabinet(APPOINTMENTS_WRITE)),
        route("GET", "/appointments/{id}", gabinet(APPOINTMENTS_READ)).of("appointment"),
        route("PUT", "/appointments/{id}", gabinet(APPOINTMENTS_WRITE)).of("appointment").with(json!({ "start": "2026-11-27T12:00:00Z" })),
        route("DELETE", "/appointments/{id}", gabinet(APPOINTMENTS_WRITE)).of("appointment"),
        route("GET", "/appointments/{id}/details", gabinet(APPOINTMENTS_READ)).of("appointment"),
        route("POST", "/appointments/{id}/check-in", gabinet(APPOINTMENTS_WRITE)).of("appointment"),
        route("POST", "/appointments/{id}/check-out", gabinet(APPOINTMENTS_WRITE)).of("appointment"),
        route("POST", "/appointments/{id}/transition", gabinet(APPOINTMENTS_WRITE)).of("appointment").with(step),
        // CRM.
        route("GET", "/leads", crm(LEADS_READ)),
        route("POST", "/leads", crm(LEADS_WRITE)),
        route("GET", "/leads/{id}", crm(LEADS_READ)).of("lead"),
        route("PUT", "/leads/{id}", crm(LEADS_WRITE)).of("lead"),
        route("POST", "/calls", crm(CALLS_WRITE)),
        route("GET", "/calls/{id}", crm(LEADS_READ)).of("call"),
        route("POST", "/calls/{id}/complete", crm(CALLS_WRITE)).of("call").with(json!({ "version": 1, "outcome": "reached" })),
    ]
}
