//! Who may come through which door: one line a door. A door without a line fails the tests, and so does a line without
//! a door.

use crm::{CALLS_WRITE, DEALS_READ, DEALS_WRITE, LEADS_READ, LEADS_WRITE, PIPELINES_WRITE, QUOTES_WRITE};
use gabinet::{
    APPOINTMENTS_READ, APPOINTMENTS_WRITE, EMPLOYEES_READ, EMPLOYEES_WRITE, HOURS_WRITE, LEAVE_REQUEST, LEAVE_WRITE, PATIENTS_READ,
    PATIENTS_WRITE, TREATMENTS_READ, TREATMENTS_WRITE,
};
use platform::permission::Permission;
use serde_json::{Value, json};
use services::core::{ACTIVITIES_WRITE, CALENDAR_READ, CONNECTIONS_WRITE, FEEDS_WRITE, RESOURCES_WRITE, VIEWS_READ, VIEWS_WRITE};
use services::subjects::RECORDS_READ;

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

    pub(super) fn of(mut self, id: &'static str) -> Line {
        self.id = id;
        self
    }

    pub(super) fn with(mut self, with: Value) -> Line {
        self.with = with;
        self
    }
}

pub(super) fn route(method: &'static str, path: &'static str, policy: Policy) -> Line {
    Line { method, path, policy, id: "", with: json!({}), pack: |body| body.to_string().into_bytes() }
}

pub const fn gabinet(right: Permission) -> Policy {
    Policy::Product(gabinet::PRODUCT, right)
}

pub const fn crm(right: Permission) -> Policy {
    Policy::Product(crm::PRODUCT, right)
}

/// The fewest stages of a pipeline.
pub fn stages() -> Value {
    json!(["open", "won", "lost"].map(|kind| json!({ "name": kind, "kind": kind })))
}

pub const MEMBERS_READ: Policy = Right(Permission::MEMBERS_READ);
pub const MEMBERS_WRITE: Policy = Right(Permission::MEMBERS_WRITE);
pub const ROLES_WRITE: Policy = Right(Permission::ROLES_WRITE);
pub const TEAMS_WRITE: Policy = Right(Permission::TEAMS_WRITE);
pub const BILLING_WRITE: Policy = Right(Permission::BILLING_WRITE);
pub const JOBS_WRITE: Policy = Right(Permission::JOBS_WRITE);
pub const ORGANIZATION_WRITE: Policy = Right(Permission::ORGANIZATION_WRITE);

/// The REST routes, below `/api/v1`.
pub fn routes() -> Vec<Line> {
    let organization = json!({ "kind": "clinic", "country": "PL", "currency": "PLN", "locale": "pl", "zone": "Europe/Warsaw" });
    let location = json!({ "zone": "Europe/Warsaw" });
    let role = json!({ "permissions": ["members:read"] });
    let moved = json!({ "version": 1, "start": "2026-11-27T09:00:00Z", "end": "2026-11-27T10:00:00Z" });
    let step = json!({ "version": 1, "to": "confirmed" });
    let plan = json!({ "start": "2027-01-11T10:00:00", "rules": ["FREQ=WEEKLY;COUNT=2"] });
    let shift = json!({ "nth": 1, "shift_minutes": 60 });
    let waits = json!({ "treatments": ["{treatment}"], "version": 1 });
    let agreed = json!({ "treatment": "{treatment}", "duration": 40, "note": "slower" });
    let mut lines = vec![
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
        route("GET", "/calendar/events", Right(CALENDAR_READ)),
        route("GET", "/calendar/load", Right(CALENDAR_READ)),
        route("GET", "/activities", Right(CALENDAR_READ)),
        route("POST", "/activities", Right(ACTIVITIES_WRITE)).with(json!({ "activity_type": "meeting" })),
        route("GET", "/activities/{id}", Right(CALENDAR_READ)).of("activity"),
        route("PUT", "/activities/{id}", Right(ACTIVITIES_WRITE)).of("activity").with(moved.clone()),
        route("POST", "/activities/move", Right(ACTIVITIES_WRITE))
            .with(json!({ "moves": [{ "activity": "{activity}", "version": 1, "start": "2026-11-27T09:00:00Z", "end": "2026-11-27T10:00:00Z" }] })),
        route("DELETE", "/activities/{id}", Right(ACTIVITIES_WRITE)).of("activity"),
        route("POST", "/activities/{id}/status", Right(ACTIVITIES_WRITE)).of("activity").with(json!({ "to": "completed" })),
        route("POST", "/activities/{id}/notes", Right(ACTIVITIES_WRITE)).of("activity").with(json!({ "text": "Bring the plan." })),
        route("GET", "/activities/{id}/history", Right(CALENDAR_READ)).of("activity"),
        route("GET", "/resources", Right(CALENDAR_READ)),
        route("POST", "/resources", Right(RESOURCES_WRITE)).with(json!({ "kind": "room" })),
        route("GET", "/resources/{id}", Right(CALENDAR_READ)).of("room"),
        route("PUT", "/resources/{id}", Right(RESOURCES_WRITE)).of("room").with(json!({ "kind": "room" })),
        // Rehearsals: nothing is read, so that whoever is a member may.
        route("POST", "/scheduling/simulate", Member).with(json!({ "zone": "Europe/Warsaw" })),
        route("POST", "/scheduling/check", Member).with(json!({
            "zone": "Europe/Warsaw", "resources": [{ "id": "anna", "role": "staff" }], "propose": { "start": "2026-11-26T14:00:00Z" },
        })),
        route("POST", "/scheduling/layout", Member),
        route("POST", "/scheduling/expand", Member).with(json!({
            "zone": "Europe/Warsaw", "start": "2027-03-27T08:00", "duration": 60, "rrule": "FREQ=DAILY;COUNT=3",
            "exdates": [], "from": null, "to": null, "max": 10,
        })),
        route("GET", "/calendar/feeds", Right(FEEDS_WRITE)),
        route("POST", "/calendar/feeds", Right(FEEDS_WRITE)).with(json!({ "resource": "{room}" })),
        route("DELETE", "/calendar/feeds/{id}", Right(FEEDS_WRITE)).of("feed"),
        route("GET", "/calendar/connections", Right(CONNECTIONS_WRITE)),
        route("POST", "/calendar/connections", Right(CONNECTIONS_WRITE))
            .with(json!({ "provider": "google", "resource": "{room}", "location": "{location}", "calendar": "primary", "sends": true })),
        route("PUT", "/calendar/connections/{id}", Right(CONNECTIONS_WRITE)).of("connection").with(json!({ "version": 1, "sends": true })),
        route("DELETE", "/calendar/connections/{id}", Right(CONNECTIONS_WRITE)).of("connection"),
        route("POST", "/calendar/connections/{id}/run", Right(CONNECTIONS_WRITE)).of("connection"),
        route("POST", "/calendar/connections/{id}/reconnect", Right(CONNECTIONS_WRITE)).of("connection"),
        route("GET", "/calendar/connections/{id}/entries", Right(CONNECTIONS_WRITE)).of("connection"),
        route("POST", "/activities/{id}/unlink", Right(ACTIVITIES_WRITE)).of("activity"),
        route("GET", "/jobs", JOBS_WRITE),
        route("POST", "/jobs/{id}/run", JOBS_WRITE).of("job"),
        route("POST", "/calendar/imports", Right(ACTIVITIES_WRITE)).with(json!({
            "file": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "resource": "{room}", "activity_type": "block", "apply": false,
        })),
        // Gabinet.
        route("GET", "/patients", gabinet(PATIENTS_READ)),
        route("POST", "/patients", gabinet(PATIENTS_WRITE)),
        route("GET", "/patients/{id}", gabinet(PATIENTS_READ)).of("patient"),
        route("PUT", "/patients/{id}", gabinet(PATIENTS_WRITE)).of("patient"),
        route("GET", "/patients/{id}/appointments", gabinet(APPOINTMENTS_READ)).of("patient"),
        route("GET", "/patients/{id}/terms", gabinet(PATIENTS_READ)).of("patient"),
        route("PUT", "/patients/{id}/terms", gabinet(PATIENTS_WRITE)).of("patient").with(json!({ "items": [agreed] })),
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
        route("GET", "/leave", gabinet(EMPLOYEES_READ)),
        route("POST", "/employees/{id}/leave-requests", gabinet(LEAVE_REQUEST)).of("employee"),
        route("POST", "/leave/{id}/decision", gabinet(LEAVE_WRITE)).of("leave"),
        route("POST", "/leave/{id}/cancel", gabinet(LEAVE_REQUEST)).of("leave"),
        route("GET", "/employees/{id}/leave-balance", gabinet(EMPLOYEES_READ)).of("employee"),
        route("PUT", "/employees/{id}/leave-balance", gabinet(LEAVE_WRITE)).of("employee").with(json!({ "year": 2027 })),
        route("GET", "/holidays", gabinet(EMPLOYEES_READ)),
        route("POST", "/closures/import", gabinet(LEAVE_WRITE))
            .with(json!({ "location": "{location}", "holidays": [{ "date": "2027-01-01", "name": "Nowy Rok" }] })),
        route("GET", "/rota", gabinet(EMPLOYEES_READ)),
        route("GET", "/rota/drafts", gabinet(EMPLOYEES_READ)),
        route("POST", "/rota/drafts", gabinet(HOURS_WRITE)).with(json!({ "employees": ["{employee}"] })),
        route("GET", "/rota/drafts/{id}", gabinet(EMPLOYEES_READ)).of("draft"),
        route("PUT", "/rota/drafts/{id}", gabinet(HOURS_WRITE))
            .of("draft")
            .with(json!({ "hours": [{ "employee": "{employee}", "hours": { "weekly": [] } }] })),
        route("DELETE", "/rota/drafts/{id}", gabinet(HOURS_WRITE)).of("draft"),
        route("GET", "/rota/drafts/{id}/effects", gabinet(HOURS_WRITE)).of("draft"),
        route("POST", "/rota/drafts/{id}/publish", gabinet(HOURS_WRITE)).of("draft"),
        route("GET", "/employees/{id}/working-time", gabinet(EMPLOYEES_READ)).of("employee"),
        route("GET", "/employees/{id}/worked", gabinet(EMPLOYEES_READ)).of("employee"),
        route("POST", "/employees/{id}/worked", gabinet(HOURS_WRITE)).of("employee"),
        route("DELETE", "/worked/{id}", gabinet(HOURS_WRITE)).of("worked"),
        route("GET", "/resources/{id}/visits", gabinet(APPOINTMENTS_READ)).of("employee"),
        route("POST", "/resources/{id}/reassign", gabinet(APPOINTMENTS_WRITE)).of("employee").with(json!({ "to": "{colleague}" })),
        route("GET", "/equipment", gabinet(EMPLOYEES_READ)),
        route("PUT", "/equipment/{id}", gabinet(EMPLOYEES_WRITE)).of("room"),
        route("GET", "/closures", gabinet(EMPLOYEES_READ)),
        route("POST", "/closures", gabinet(LEAVE_WRITE)).with(json!({ "location": "{location}" })),
        route("DELETE", "/closures/{id}", gabinet(LEAVE_WRITE)).of("closure"),
        route("GET", "/appointments/availability", gabinet(APPOINTMENTS_READ)),
        route("POST", "/appointments/availability", gabinet(APPOINTMENTS_READ)),
        route("GET", "/appointments/earliest", gabinet(APPOINTMENTS_READ)),
        route("POST", "/appointments/earliest", gabinet(APPOINTMENTS_READ)),
        route("GET", "/appointments/best", gabinet(APPOINTMENTS_READ)),
        route("POST", "/appointments/best", gabinet(APPOINTMENTS_READ)),
        route("GET", "/appointments/why-not", gabinet(APPOINTMENTS_READ)),
        route("POST", "/appointments/why-not", gabinet(APPOINTMENTS_READ)),
        // Of a proposal that nobody has seen the token is another one.
        route("POST", "/appointments/reseat/proposal", gabinet(APPOINTMENTS_WRITE)),
        route("POST", "/appointments/reseat/apply", gabinet(APPOINTMENTS_WRITE)),
        route("POST", "/appointments/reseat/undo", gabinet(APPOINTMENTS_WRITE)),
        route("POST", "/appointments/holds", gabinet(APPOINTMENTS_WRITE)),
        route("DELETE", "/appointments/holds/{id}", gabinet(APPOINTMENTS_WRITE)).of("hold"),
        route("POST", "/appointments/swap", gabinet(APPOINTMENTS_WRITE))
            .with(json!({ "first": "{appointment}", "first_version": 1, "second": "{other_appointment}", "second_version": 1 })),
        route("POST", "/series/preview", gabinet(APPOINTMENTS_READ)).with(plan.clone()),
        route("POST", "/series", gabinet(APPOINTMENTS_WRITE)).with(plan),
        route("GET", "/series", gabinet(APPOINTMENTS_READ)),
        route("GET", "/series/{id}", gabinet(APPOINTMENTS_READ)).of("series"),
        route("POST", "/series/{id}/preview", gabinet(APPOINTMENTS_READ)).of("series").with(shift.clone()),
        route("POST", "/series/{id}/change", gabinet(APPOINTMENTS_WRITE)).of("series").with(shift),
        route("GET", "/waiting", gabinet(APPOINTMENTS_READ)),
        route("POST", "/waiting", gabinet(APPOINTMENTS_WRITE)).with(waits.clone()),
        route("GET", "/waiting/wanting", gabinet(APPOINTMENTS_READ)),
        route("GET", "/appointments/requests", gabinet(APPOINTMENTS_READ)),
        route("POST", "/appointments/requests", gabinet(APPOINTMENTS_WRITE)).with(waits.clone()),
        route("POST", "/appointments/requests/{id}/decline", gabinet(APPOINTMENTS_WRITE)).of("request"),
        route("GET", "/waiting/{id}", gabinet(APPOINTMENTS_READ)).of("waiting"),
        route("PUT", "/waiting/{id}", gabinet(APPOINTMENTS_WRITE)).of("waiting").with(waits),
        route("DELETE", "/waiting/{id}", gabinet(APPOINTMENTS_WRITE)).of("waiting"),
        route("GET", "/waiting/{id}/matches", gabinet(APPOINTMENTS_READ)).of("waiting"),
        route("POST", "/waiting/{id}/offers", gabinet(APPOINTMENTS_WRITE)).of("waiting").with(json!({ "start": "2026-11-27T15:00:00Z" })),
        route("POST", "/waiting/{id}/book", gabinet(APPOINTMENTS_WRITE)).of("waiting").with(json!({ "start": "2026-11-27T17:00:00Z" })),
        route("POST", "/waiting/offers/{id}/accept", gabinet(APPOINTMENTS_WRITE)).of("offer"),
        route("POST", "/waiting/offers/{id}/decline", gabinet(APPOINTMENTS_WRITE)).of("offer"),
        route("GET", "/appointments", gabinet(APPOINTMENTS_READ)),
        route("POST", "/appointments", gabinet(APPOINTMENTS_WRITE)),
        route("GET", "/appointments/{id}", gabinet(APPOINTMENTS_READ)).of("appointment"),
        route("PUT", "/appointments/{id}", gabinet(APPOINTMENTS_WRITE)).of("appointment").with(json!({ "start": "2026-11-27T12:00:00Z" })),
        route("DELETE", "/appointments/{id}", gabinet(APPOINTMENTS_WRITE)).of("appointment"),
        route("GET", "/appointments/{id}/details", gabinet(APPOINTMENTS_READ)).of("appointment"),
        route("GET", "/appointments/{id}/sessions", gabinet(APPOINTMENTS_READ)).of("appointment"),
        route("POST", "/appointments/{id}/seat", gabinet(APPOINTMENTS_WRITE)).of("appointment").with(json!({ "session": "{appointment}" })),
        route("POST", "/appointments/{id}/check-in", gabinet(APPOINTMENTS_WRITE)).of("appointment"),
        route("POST", "/appointments/{id}/check-out", gabinet(APPOINTMENTS_WRITE)).of("appointment"),
        route("POST", "/appointments/{id}/transition", gabinet(APPOINTMENTS_WRITE)).of("appointment").with(step),
        // Lists of any type of record.
        route("GET", "/views", Right(VIEWS_READ)),
        route("POST", "/views", Right(VIEWS_WRITE)).with(json!({ "entity_type": "person" })),
        route("GET", "/views/{id}", Right(VIEWS_READ)).of("view"),
        route("PUT", "/views/{id}", Right(VIEWS_WRITE)).of("view").with(json!({ "entity_type": "person" })),
        route("DELETE", "/views/{id}", Right(VIEWS_WRITE)).of("view"),
        route("POST", "/views/{id}/restore", Right(VIEWS_WRITE)).of("gone_view"),
        route("GET", "/records/{type}/columns", Right(VIEWS_READ)).of("record_type"),
        route("POST", "/records/{type}/query", Right(VIEWS_READ)).of("record_type"),
        route("POST", "/records/{type}/summary", Right(VIEWS_READ)).of("record_type"),
        route("POST", "/records/{type}/explain", Right(VIEWS_READ)).of("record_type").with(json!({ "id": "{person}" })),
        route("POST", "/records/{type}/export", Right(VIEWS_READ)).of("record_type"),
        // CRM.
        route("GET", "/leads", crm(LEADS_READ)),
        route("POST", "/leads", crm(LEADS_WRITE)),
        route("GET", "/leads/{id}", crm(LEADS_READ)).of("lead"),
        route("PUT", "/leads/{id}", crm(LEADS_WRITE)).of("lead"),
        route("POST", "/leads/{id}/convert", crm(LEADS_WRITE)).of("lead"),
        route("GET", "/pipelines", crm(DEALS_READ)),
        route("POST", "/pipelines", crm(PIPELINES_WRITE)).with(json!({ "stages": stages() })),
        route("GET", "/pipelines/{id}", crm(DEALS_READ)).of("pipeline"),
        route("PUT", "/pipelines/{id}", crm(PIPELINES_WRITE)).of("pipeline").with(json!({ "stages": stages() })),
        route("GET", "/pipelines/{id}/board", crm(DEALS_READ)).of("pipeline"),
        route("GET", "/deals", crm(DEALS_READ)),
        route("POST", "/deals", crm(DEALS_WRITE)),
        route("GET", "/deals/{id}", crm(DEALS_READ)).of("deal"),
        route("PUT", "/deals/{id}", crm(DEALS_WRITE)).of("deal"),
        route("POST", "/deals/{id}/move", crm(DEALS_WRITE)).of("deal").with(json!({ "stage": "{stage}" })),
        route("GET", "/deals/{id}/lines", crm(DEALS_READ)).of("deal"),
        route("PUT", "/deals/{id}/lines", crm(DEALS_WRITE)).of("deal"),
        route("GET", "/deals/{id}/steps", crm(DEALS_READ)).of("deal"),
        route("GET", "/deals/{id}/quotes", crm(DEALS_READ)).of("deal"),
        route("POST", "/deals/{id}/quotes", crm(QUOTES_WRITE)).of("deal"),
        route("GET", "/quotes/{id}", crm(DEALS_READ)).of("quote"),
        route("POST", "/quotes/{id}/state", crm(QUOTES_WRITE)).of("quote").with(json!({ "to": "sent" })),
        route("GET", "/forecast", crm(DEALS_READ)),
        route("POST", "/calls", crm(CALLS_WRITE)),
        route("GET", "/calls/{id}", crm(LEADS_READ)).of("call"),
        route("POST", "/calls/{id}/complete", crm(CALLS_WRITE)).of("call").with(json!({ "version": 1, "outcome": "reached" })),
    ];
    lines.extend(super::sides::routes());
    lines.push(route("GET", "/search", Right(RECORDS_READ)));
    lines.extend(super::objects::routes());
    lines.extend(super::persons::routes());
    lines
}
