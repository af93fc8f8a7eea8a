//! The server functions, with their policies and arguments. They travel without field names, so that what stands here are
//! the arguments' types and values in order.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use crm::{
    CALLS_WRITE, DEALS_READ, DEALS_WRITE, LEADS_READ, LEADS_WRITE, PIPELINES_WRITE, QUOTES_WRITE,
    calls::{CompleteCall, PlanCall},
    deals::{DealInput, DealLinesInput, DealQuery, MoveDeal},
    forecast::ForecastQuery,
    leads::{ConvertLead, LeadInput},
    pipelines::PipelineInput,
    quotes::{NewQuote, QuoteStep},
};
use gabinet::{
    APPOINTMENTS_READ, APPOINTMENTS_WRITE, EMPLOYEES_READ, EMPLOYEES_WRITE, HOURS_WRITE, LEAVE_REQUEST, LEAVE_WRITE, PATIENTS_READ,
    PATIENTS_WRITE, TREATMENTS_READ, TREATMENTS_WRITE,
    answers::{
        reseat::{ReseatApply, ReseatUndo},
        why_not::WhyNotAsked,
    },
    appointments::{AvailabilityQuestion, Book, Further, HoldTime, MoveSeat, Transition},
    employees::EmployeeInput,
    hours::{ClosureInput, Decision, EntitlementInput, ImportClosures, LeaveInput, WorkingHours},
    patients::{PatientInput, terms::PatientTermsInput},
    reassign::Reassign,
    rota::{DraftInput, NewDraft, Publish},
    series::{NewSeries, SeriesAsked, SeriesChange},
    treatments::TreatmentInput,
    waiting::{Choice, WaitingInput},
};
use leptos::server_fn::Encodes;
use platform::{
    id::{EntityId, InvitationId, LocationId, OrganizationId, SessionId, TeamId, UserId},
    locations::LocationDetails,
    roles::RoleDetails,
    teams::TeamDetails,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use services::{
    calendar::{
        ResourceKind, Status,
        feeds::{NewFeed, NewImport},
        generic::{EditGeneric, NewGeneric},
        sync::{ConnectionChange, NewConnection},
    },
    core::{ACTIVITIES_WRITE, CALENDAR_READ, CONNECTIONS_WRITE, FEEDS_WRITE, RESOURCES_WRITE, VIEWS_READ, VIEWS_WRITE},
};
use services::{
    filter::Filter,
    subjects::RECORDS_READ,
    views::{Query, SummaryQuery, ViewInput},
};
use ui::wire::Packed;

use super::policy::{
    BILLING_WRITE, JOBS_WRITE, Line, MEMBERS_READ, MEMBERS_WRITE, ORGANIZATION_WRITE,
    Policy::{self, Member, Product, Right, SignedIn},
    ROLES_WRITE, TEAMS_WRITE, crm, gabinet,
};

/// A function with arguments of these types.
pub(super) fn function<T: Serialize + DeserializeOwned>(path: &'static str, policy: Policy, with: Value) -> Line {
    let pack = |arguments: Value| {
        let arguments: T = serde_json::from_value(arguments).expect("arguments of these types");
        <Packed as Encodes<T>>::encode(&arguments).expect("arguments can be sent").to_vec()
    };
    Line { method: "", path, policy, id: "", with, pack }
}

/// A function without arguments.
pub(super) fn plain(path: &'static str, policy: Policy) -> Line {
    Line { method: "", path, policy, id: "", with: json!([]), pack: |_| Vec::new() }
}

/// The server functions, below `/fn`. The router lets no stranger through, whatever a function asks for itself.
pub fn functions() -> Vec<Line> {
    core()
        .into_iter()
        .chain(calendar())
        .chain(views())
        .chain(super::sides::functions())
        .chain(super::objects::functions())
        .chain(super::persons::functions())
        .chain(gabinets())
        .chain(crms())
        .collect()
}

fn core() -> Vec<Line> {
    let location = json!({ "name": "Lipowa", "zone": "Europe/Warsaw" });
    vec![
        plain("platform/me", SignedIn),
        function::<(OrganizationId, String)>("platform/invite", SignedIn, json!(["{organization}", "guessed"])),
        plain("platform/sessions", SignedIn),
        function::<(SessionId,)>("platform/sessions/revoke", SignedIn, json!(["{session}"])),
        function::<(String, String)>("platform/password", SignedIn, json!(["wrong", "long enough to be one"])),
        plain("platform/members", MEMBERS_READ),
        function::<(UserId, String)>("platform/members/role", MEMBERS_WRITE, json!(["{user}", "nurse"])),
        function::<(UserId,)>("platform/members/remove", MEMBERS_WRITE, json!(["{user}"])),
        function::<(String, String)>("platform/invitations/new", MEMBERS_WRITE, json!(["other@lipowa.example", "member"])),
        function::<(InvitationId,)>("platform/invitations/revoke", MEMBERS_WRITE, json!(["{invitation}"])),
        plain("platform/teams", MEMBERS_READ),
        function::<(Option<TeamId>, TeamDetails)>("platform/teams/save", TEAMS_WRITE, json!(["{team}", { "name": "Desk", "members": [] }])),
        function::<(TeamId,)>("platform/teams/delete", TEAMS_WRITE, json!(["{team}"])),
        plain("platform/products", Member),
        plain("platform/billing", BILLING_WRITE),
        function::<(String,)>("platform/billing/subscribe", BILLING_WRITE, json!(["crm"])),
        function::<(String,)>("platform/billing/cancel", BILLING_WRITE, json!(["crm"])),
        plain("platform/locations", Member),
        function::<(Option<LocationId>, LocationDetails)>("platform/locations/save", ORGANIZATION_WRITE, json!(["{location}", location])),
        plain("platform/roles", MEMBERS_READ),
        function::<(Option<String>, RoleDetails)>(
            "platform/roles/save",
            ROLES_WRITE,
            json!(["{role}", { "name": "Helper", "permissions": [] }]),
        ),
        function::<(String,)>("platform/roles/delete", ROLES_WRITE, json!(["{role}"])),
    ]
}

/// Version, start, end, whom it leaves, to whom it goes, why it is booked over something, and whether it goes back.
type Destination = (i32, DateTime<Utc>, DateTime<Utc>, Option<EntityId>, Option<EntityId>, Option<String>, bool);

fn calendar() -> Vec<Line> {
    let (start, end) = ("2026-11-27T13:00:00Z", "2026-11-27T14:00:00Z");
    let new = json!({ "activity_type": "task", "title": "Tidy", "location": "{location}", "start": start, "end": end });
    let edit = json!({ "version": 1, "title": "Team" });
    let file = json!({ "file": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "resource": "{room}", "location": "{location}",
        "activity_type": "block", "apply": false });
    vec![
        // The span is the first of its kind: a day.
        function::<(Option<LocationId>, u8, Option<NaiveDate>)>(
            "calendar/range",
            Right(CALENDAR_READ),
            json!(["{location}", 0, "2026-11-25"]),
        ),
        function::<(LocationId, NaiveDate, NaiveDate, Vec<EntityId>)>(
            "calendar/changed",
            Right(CALENDAR_READ),
            json!(["{location}", "2026-11-25", "2026-11-26", ["{activity}"]]),
        ),
        function::<(LocationId, NaiveDate, NaiveDate)>(
            "calendar/load",
            Right(CALENDAR_READ),
            json!(["{location}", "2026-11-25", "2026-11-26"]),
        ),
        function::<(EntityId,)>("calendar/event", Right(CALENDAR_READ), json!(["{activity}"])),
        function::<(EntityId, NaiveDate, NaiveDate, bool)>(
            "calendar/carried",
            Right(CALENDAR_READ),
            json!(["{activity}", "2026-11-25", "2026-11-26", false]),
        ),
        function::<(EntityId, Destination)>(
            "calendar/move",
            Right(ACTIVITIES_WRITE),
            json!(["{activity}", [1, start, end, null, null, null, false]]),
        ),
        function::<(Vec<(EntityId, Destination)>,)>(
            "calendar/move_together",
            Right(ACTIVITIES_WRITE),
            json!([[["{activity}", [1, start, end, null, null, null, false]]]]),
        ),
        // One entry cannot change places with itself; that is told to whoever may move it.
        function::<(EntityId, i32, EntityId, i32)>("calendar/swap", Right(ACTIVITIES_WRITE), json!(["{activity}", 1, "{activity}", 1])),
        function::<(EntityId, i32, Status, String)>("calendar/status", Right(ACTIVITIES_WRITE), json!(["{activity}", 1, "cancelled", ""])),
        function::<(NewGeneric,)>("calendar/create", Right(ACTIVITIES_WRITE), json!([new])),
        function::<(EntityId, EditGeneric, DateTime<Utc>, DateTime<Utc>)>(
            "calendar/update",
            Right(ACTIVITIES_WRITE),
            json!(["{activity}", edit, start, end]),
        ),
        function::<(EntityId,)>("calendar/story", Right(CALENDAR_READ), json!(["{activity}"])),
        plain("calendar/feeds", Right(FEEDS_WRITE)),
        function::<(String,)>("search", Right(RECORDS_READ), json!(["anna"])),
        function::<(NewFeed,)>(
            "calendar/feeds/new",
            Right(FEEDS_WRITE),
            json!([{ "name": "Phone", "resource": "{room}", "detail": "busy" }]),
        ),
        function::<(EntityId,)>("calendar/feeds/revoke", Right(FEEDS_WRITE), json!(["{feed}"])),
        plain("calendar/connections", Right(CONNECTIONS_WRITE)),
        function::<(NewConnection,)>(
            "calendar/connections/new",
            Right(CONNECTIONS_WRITE),
            json!([{ "provider": "google", "resource": "{room}", "detail": "busy", "sends": true, "receives": true }]),
        ),
        function::<(EntityId, ConnectionChange)>(
            "calendar/connections/change",
            Right(CONNECTIONS_WRITE),
            json!(["{connection}", { "version": 1, "detail": "busy", "sends": true, "receives": true }]),
        ),
        function::<(EntityId,)>("calendar/connections/run", Right(CONNECTIONS_WRITE), json!(["{connection}"])),
        function::<(EntityId,)>("calendar/connections/again", Right(CONNECTIONS_WRITE), json!(["{connection}"])),
        function::<(EntityId,)>("calendar/connections/entries", Right(CONNECTIONS_WRITE), json!(["{connection}"])),
        function::<(EntityId,)>("calendar/connections/revoke", Right(CONNECTIONS_WRITE), json!(["{connection}"])),
        function::<(EntityId,)>("calendar/unlink", Right(ACTIVITIES_WRITE), json!(["{activity}"])),
        function::<(EntityId,)>("platform/jobs/run", JOBS_WRITE, json!(["{job}"])),
        function::<(NewImport,)>("calendar/import", Right(ACTIVITIES_WRITE), json!([file])),
    ]
}

/// Id, kind, name, hue, location, place in the order, whether it is in use, sorts, the versions of it and of its sorts.
type Room = (EntityId, ResourceKind, String, i16, Option<LocationId>, i32, bool, Vec<String>, (i32, i32));

fn gabinets() -> Vec<Line> {
    let plan = json!({ "patient": "{patient}", "treatment": "{treatment}", "employee": "{employee}", "location": "{location}",
        "start": "2027-04-12T10:00:00", "rules": ["FREQ=WEEKLY;COUNT=2"], "picks": [] });
    let series = json!({ "id": null, "patient": "{patient}", "treatment": "{treatment}", "employee": "{employee}", "location": "{location}",
        "start": "2027-04-12T10:00:00", "rules": ["FREQ=WEEKLY;COUNT=2"], "picks": [], "notes": "" });
    let shift = json!({ "version": 1, "scope": "all", "nth": 1, "shift_minutes": 60 });
    let waits = json!({ "patient": "{patient}", "location": "{location}", "treatments": ["{treatment}"], "from_date": "2026-11-26",
        "to_date": "2026-12-26", "version": 1 });
    let choice = json!({ "treatment": "{treatment}", "employee": "{employee}", "start": "2026-11-27T17:00:00Z" });
    let room = json!(["{room}", "room", "Room 1", 100, null, 0, true, [], [1, 1]]);
    let closure = json!({ "location": "{location}", "on_date": "2027-06-01", "name": "Inventory" });
    let step = json!({ "version": 1, "to": "confirmed", "reason": "" });
    vec![
        function::<(String, Option<String>)>("gabinet/patients", gabinet(PATIENTS_READ), json!(["", null])),
        function::<(EntityId,)>("gabinet/patient", gabinet(PATIENTS_READ), json!(["{patient}"])),
        function::<(Option<EntityId>, PatientInput)>(
            "gabinet/save_patient",
            gabinet(PATIENTS_WRITE),
            json!(["{patient}", "{=PatientInput}"]),
        ),
        function::<(EntityId, PatientTermsInput)>(
            "gabinet/save_terms",
            gabinet(PATIENTS_WRITE),
            json!(["{patient}", { "version": 1, "items": [{ "treatment": "{treatment}", "duration": 40 }] }]),
        ),
        plain("gabinet/treatments", gabinet(TREATMENTS_READ)),
        function::<(Option<EntityId>, TreatmentInput)>(
            "gabinet/save_treatment",
            gabinet(TREATMENTS_WRITE),
            json!(["{treatment}", "{=TreatmentInput}"]),
        ),
        plain("gabinet/staff", gabinet(EMPLOYEES_READ)),
        function::<(EntityId,)>("gabinet/staff_member", gabinet(EMPLOYEES_READ), json!(["{employee}"])),
        function::<(Option<EntityId>, EmployeeInput)>(
            "gabinet/save_employee",
            gabinet(EMPLOYEES_WRITE),
            json!(["{employee}", "{=EmployeeInput}"]),
        ),
        // What was seen is compared with what is there before anything is set.
        function::<(EntityId, WorkingHours, WorkingHours)>(
            "gabinet/save_hours",
            gabinet(HOURS_WRITE),
            json!(["{employee}", "{hours}", "{=WorkingHours}"]),
        ),
        function::<(EntityId, LeaveInput)>("gabinet/add_leave", gabinet(LEAVE_WRITE), json!(["{employee}", "{=LeaveInput}"])),
        function::<(EntityId,)>("gabinet/delete_leave", gabinet(LEAVE_WRITE), json!(["{leave}"])),
        function::<(EntityId, LeaveInput)>("gabinet/request_leave", gabinet(LEAVE_REQUEST), json!(["{employee}", "{=LeaveInput}"])),
        function::<(EntityId, Decision)>("gabinet/decide_leave", gabinet(LEAVE_WRITE), json!(["{leave}", "{=Decision}"])),
        function::<(EntityId,)>("gabinet/cancel_leave", gabinet(LEAVE_REQUEST), json!(["{leave}"])),
        function::<(EntityId, NaiveDate)>("gabinet/clocked", gabinet(EMPLOYEES_READ), json!(["{employee}", "2026-11-01"])),
        function::<(EntityId, NaiveDateTime, NaiveDateTime, String)>(
            "gabinet/clock",
            gabinet(HOURS_WRITE),
            json!(["{employee}", "2026-11-19T08:00:00", "2026-11-19T16:00:00", ""]),
        ),
        function::<(EntityId,)>("gabinet/unclock", gabinet(HOURS_WRITE), json!(["{worked}"])),
        function::<(EntityId, NaiveDate)>("gabinet/staff_time", gabinet(EMPLOYEES_READ), json!(["{employee}", "2026-11-26"])),
        function::<(EntityId, EntitlementInput)>(
            "gabinet/entitle",
            gabinet(LEAVE_WRITE),
            json!(["{employee}", { "kind": "holiday", "year": 2027, "half_days": 52 }]),
        ),
        function::<(ImportClosures,)>(
            "gabinet/import_closures",
            gabinet(LEAVE_WRITE),
            json!([{ "location": "{location}", "holidays": [{ "date": "2027-01-06", "name": "Trzech Króli" }] }]),
        ),
        function::<(Option<LocationId>, Option<NaiveDate>, Option<EntityId>)>(
            "gabinet/rota",
            gabinet(EMPLOYEES_READ),
            json!(["{location}", "2026-11-26", "{draft}"]),
        ),
        function::<(NewDraft,)>(
            "gabinet/rota_begin",
            gabinet(HOURS_WRITE),
            json!([{ "name": "Spring", "from_date": "2027-03-01", "employees": ["{employee}"] }]),
        ),
        function::<(EntityId, DraftInput)>(
            "gabinet/rota_save",
            gabinet(HOURS_WRITE),
            json!(["{draft}", { "name": "Winter", "from_date": "2027-01-04", "version": 1,
                "hours": [{ "employee": "{employee}", "hours": { "weekly": [] } }] }]),
        ),
        function::<(EntityId, Publish)>("gabinet/rota_publish", gabinet(HOURS_WRITE), json!(["{draft}", "{=Publish}"])),
        function::<(EntityId,)>("gabinet/rota_discard", gabinet(HOURS_WRITE), json!(["{draft}"])),
        function::<(EntityId,)>("gabinet/to_give", gabinet(APPOINTMENTS_READ), json!(["{employee}"])),
        function::<(EntityId, Reassign)>("gabinet/reassign", gabinet(APPOINTMENTS_WRITE), json!(["{employee}", { "to": "{colleague}" }])),
        plain("gabinet/rooms", gabinet(EMPLOYEES_READ)),
        function::<(Option<Room>, Room)>("gabinet/save_room", Product(gabinet::PRODUCT, RESOURCES_WRITE), json!([room, room])),
        function::<(ClosureInput,)>("gabinet/add_closure", gabinet(LEAVE_WRITE), json!([closure])),
        function::<(EntityId,)>("gabinet/delete_closure", gabinet(LEAVE_WRITE), json!(["{closure}"])),
        function::<(String,)>("gabinet/find_patients", gabinet(PATIENTS_READ), json!([""])),
        function::<(EntityId,)>("gabinet/named_patient", gabinet(PATIENTS_READ), json!(["{patient}"])),
        function::<(PatientInput,)>("gabinet/quick_patient", gabinet(PATIENTS_WRITE), json!(["{=PatientInput}"])),
        plain("gabinet/offer", gabinet(TREATMENTS_READ)),
        function::<(EntityId, Option<EntityId>, Option<EntityId>, Vec<Further>, LocationId, NaiveDate, EntityId)>(
            "gabinet/question",
            gabinet(APPOINTMENTS_READ),
            json!(["{treatment}", null, "{patient}", [], "{location}", "2026-11-26", "{hold}"]),
        ),
        function::<(HoldTime,)>(
            "gabinet/hold",
            gabinet(APPOINTMENTS_WRITE),
            json!([{ "treatment": "{treatment}", "employee": "{employee}", "location": "{location}", "start": "2026-11-28T13:00:00Z" }]),
        ),
        function::<(EntityId, String)>("gabinet/note", gabinet(APPOINTMENTS_WRITE), json!(["{appointment}", "He rang"])),
        function::<(EntityId,)>("gabinet/sessions", gabinet(APPOINTMENTS_READ), json!(["{appointment}"])),
        function::<(EntityId, MoveSeat)>(
            "gabinet/move_seat",
            gabinet(APPOINTMENTS_WRITE),
            json!(["{appointment}", { "version": 1, "session": "{appointment}" }]),
        ),
        function::<(EntityId,)>("gabinet/series", gabinet(APPOINTMENTS_READ), json!(["{series}"])),
        function::<(EntityId,)>("gabinet/release", gabinet(APPOINTMENTS_WRITE), json!(["{other_hold}"])),
        function::<(EntityId, Option<EntityId>, Option<EntityId>, Vec<Further>, LocationId, NaiveDate, EntityId)>(
            "gabinet/earliest",
            gabinet(APPOINTMENTS_READ),
            json!(["{treatment}", "{employee}", null, [], "{location}", "2026-11-26", "00000000-0000-7000-8000-000000000001"]),
        ),
        function::<(EntityId, Option<NaiveDate>, Option<NaiveDate>, Vec<EntityId>)>(
            "gabinet/away",
            gabinet(APPOINTMENTS_WRITE),
            json!(["{employee}", "2026-11-26", "2026-11-26", []]),
        ),
        function::<(ReseatApply,)>("gabinet/give_away", gabinet(APPOINTMENTS_WRITE), json!(["{=ReseatApply}"])),
        function::<(ReseatUndo,)>("gabinet/take_back", gabinet(APPOINTMENTS_WRITE), json!(["{=ReseatUndo}"])),
        function::<(WhyNotAsked, EntityId)>(
            "gabinet/why_not",
            gabinet(APPOINTMENTS_READ),
            json!([{ "location": "{location}", "treatment": "{treatment}", "employee": "{employee}", "patient": "{patient}",
                "start": "2026-11-26T10:00:00Z", "moving": null, "further": [] }, "00000000-0000-7000-8000-000000000001"]),
        ),
        function::<(AvailabilityQuestion, EntityId)>(
            "gabinet/best",
            gabinet(APPOINTMENTS_READ),
            json!([{ "location": "{location}", "treatment": "{treatment}", "employee": null, "patient": "{patient}", "from": "2026-11-26",
                "to": "2026-11-27", "moving": null, "further": [], "channel": "desk" }, "00000000-0000-7000-8000-000000000001"]),
        ),
        function::<(SeriesAsked, EntityId)>("gabinet/series_preview", gabinet(APPOINTMENTS_READ), json!([plan, "{hold}"])),
        function::<(NewSeries, EntityId)>("gabinet/series_book", gabinet(APPOINTMENTS_WRITE), json!([series, "{hold}"])),
        function::<(EntityId,)>("gabinet/series_of", gabinet(APPOINTMENTS_READ), json!(["{appointment}"])),
        function::<(EntityId, SeriesChange)>("gabinet/series_preview_change", gabinet(APPOINTMENTS_READ), json!(["{series}", shift])),
        function::<(EntityId, SeriesChange)>("gabinet/series_change", gabinet(APPOINTMENTS_WRITE), json!(["{series}", shift])),
        plain("gabinet/waiting", gabinet(APPOINTMENTS_READ)),
        function::<(Option<EntityId>, WaitingInput)>("gabinet/save_waiting", gabinet(APPOINTMENTS_WRITE), json!(["{waiting}", waits])),
        function::<(EntityId, String)>("gabinet/decline_request", gabinet(APPOINTMENTS_WRITE), json!(["{other_request}", "No time left"])),
        function::<(EntityId,)>("gabinet/remove_waiting", gabinet(APPOINTMENTS_WRITE), json!(["{waiting}"])),
        function::<(EntityId,)>("gabinet/waiting_matches", gabinet(APPOINTMENTS_READ), json!(["{waiting}"])),
        function::<(EntityId, Choice, bool)>("gabinet/waiting_give", gabinet(APPOINTMENTS_WRITE), json!(["{waiting}", choice, true])),
        function::<(EntityId, bool)>("gabinet/waiting_answer", gabinet(APPOINTMENTS_WRITE), json!(["{offer}", true])),
        function::<(EntityId,)>("gabinet/waiting_wanting", gabinet(APPOINTMENTS_READ), json!(["{appointment}"])),
        function::<(Book,)>("gabinet/book", gabinet(APPOINTMENTS_WRITE), json!(["{=Book}"])),
        function::<(EntityId,)>("gabinet/visit", gabinet(APPOINTMENTS_READ), json!(["{appointment}"])),
        function::<(EntityId, Transition)>("gabinet/step", gabinet(APPOINTMENTS_WRITE), json!(["{appointment}", step])),
    ]
}

fn views() -> Vec<Line> {
    let view = json!({ "entity_type": "person", "name": "Mine", "version": 1 });
    vec![
        function::<(String, String)>("views/open", Right(VIEWS_READ), json!(["person", ""])),
        function::<(String, Query)>("views/rows", Right(VIEWS_READ), json!(["person", {}])),
        function::<(String, SummaryQuery)>("views/summary", Right(VIEWS_READ), json!(["person", {}])),
        function::<(String, Filter, EntityId)>("views/explain", Right(VIEWS_READ), json!(["person", { "all": [] }, "{person}"])),
        function::<(String, Query, Vec<String>)>("views/export", Right(VIEWS_READ), json!(["person", {}, []])),
        function::<(Option<EntityId>, ViewInput)>("views/save", Right(VIEWS_WRITE), json!(["{view}", view])),
        function::<(EntityId, i32)>("views/delete", Right(VIEWS_WRITE), json!(["{view}", 1])),
        function::<(EntityId,)>("views/restore", Right(VIEWS_WRITE), json!(["{gone_view}"])),
        function::<(String, String)>("views/find", Right(VIEWS_READ), json!(["person", "Nowak"])),
    ]
}

fn crms() -> Vec<Line> {
    let outcome = json!({ "version": 1, "outcome": "reached", "notes": "" });
    let sales = json!({ "name": "Sales", "stages": super::policy::stages(), "version": 1 });
    vec![
        function::<(Option<EntityId>, Option<UserId>)>("crm/board", crm(DEALS_READ), json!(["{pipeline}", null])),
        function::<(DealQuery, Option<String>)>(
            "crm/column",
            crm(DEALS_READ),
            json!([{ "stage": "{stage}", "owner": null, "q": "" }, null]),
        ),
        function::<(EntityId,)>("crm/deal", crm(DEALS_READ), json!(["{deal}"])),
        function::<(Option<EntityId>, DealInput)>("crm/save_deal", crm(DEALS_WRITE), json!(["{deal}", "{=DealInput}"])),
        function::<(EntityId, MoveDeal)>("crm/move_deal", crm(DEALS_WRITE), json!(["{deal}", { "version": 1, "stage": "{stage}" }])),
        function::<(EntityId, DealLinesInput)>("crm/save_lines", crm(DEALS_WRITE), json!(["{deal}", { "version": 1, "lines": [] }])),
        function::<(Option<EntityId>, PipelineInput)>("crm/save_pipeline", crm(PIPELINES_WRITE), json!(["{pipeline}", sales])),
        function::<(EntityId, ConvertLead)>("crm/convert_lead", crm(LEADS_WRITE), json!(["{lead}", { "version": 1 }])),
        function::<(ForecastQuery,)>("crm/forecast", crm(DEALS_READ), json!([{ "from": null, "months": null, "owner": null }])),
        function::<(EntityId, NewQuote)>("crm/make_quote", crm(QUOTES_WRITE), json!(["{deal}", {}])),
        function::<(EntityId, QuoteStep)>("crm/step_quote", crm(QUOTES_WRITE), json!(["{quote}", { "version": 1, "to": "sent" }])),
        function::<(String, String, Option<String>)>("crm/leads", crm(LEADS_READ), json!(["", "", null])),
        function::<(EntityId,)>("crm/lead", crm(LEADS_READ), json!(["{lead}"])),
        function::<(Option<EntityId>, LeadInput)>("crm/save_lead", crm(LEADS_WRITE), json!(["{lead}", "{=LeadInput}"])),
        function::<(EntityId,)>("crm/call", crm(LEADS_READ), json!(["{call}"])),
        function::<(PlanCall,)>("crm/plan_call", crm(CALLS_WRITE), json!(["{=PlanCall}"])),
        function::<(EntityId, CompleteCall)>("crm/complete_call", crm(CALLS_WRITE), json!(["{call}", outcome])),
        function::<(EntityId, i32)>("crm/cancel_call", crm(CALLS_WRITE), json!(["{call}", 1])),
    ]
}
