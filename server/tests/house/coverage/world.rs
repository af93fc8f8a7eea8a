//! A clinic with one record of each kind, the server's own router before it, and requests made from the table of policies.

use axum::{
    Router,
    body::{Body, BodyDataStream, Bytes, to_bytes},
};
use http::{Request, StatusCode, header};
use leptos::{config::LeptosOptions, server_fn::error::FromServerFnError};
use platform::{
    id::UserId,
    sealing::Sealer,
    testing::{self, Clinic},
};
use serde_json::{Value, json};
use server::{
    live::Viewers,
    modules::{HOOKS, MODULES},
    pages::Pages,
};
use services::calendar::sync::{Outside, Settings};
use sqlx::{AssertSqlSafe, PgPool};
use tower::ServiceExt;
use ui::Failure;

use super::{
    functions::functions,
    policy::{Line, Policy, routes},
    sample::{Names, Sampler},
};

pub const PASSWORD: &str = "correct horse battery";

/// A request to one door.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub method: String,
    pub uri: String,
    /// None for what has no body.
    pub body: Option<Vec<u8>>,
    pub policy: Policy,
    /// Whether a record's id stands in its path.
    pub of_record: bool,
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.uri)
    }
}

pub struct World {
    pub clinic: Clinic,
    pub owner: PgPool,
    /// Anna's access token, the clinic's owner.
    pub anna: String,
    /// Sam's, who owns the other tenant.
    pub sam: String,
    /// The clinic's records.
    pub names: Names,
    pub document: Value,
    router: Router,
}

pub fn document() -> Value {
    serde_json::to_value(server::api::routes().1).expect("the document is JSON")
}

impl World {
    pub async fn new() -> World {
        let mut extensions = http::Extensions::new();
        extensions.insert(HOOKS);
        extensions.insert(outside());
        extensions.insert(services::hooks::kinds(HOOKS));
        let clinic = testing::clinic_with(&MODULES, extensions).await;
        let owner = crate::support::owner(&clinic.database).await;
        let hash = platform::passwords::turn(&clinic.state).await.expect("a turn").hash(PASSWORD).await.expect("a hash");
        sqlx::query("update users set password_hash = $1").bind(hash).execute(&owner).await.expect("passwords are set");
        let options = LeptosOptions::builder().output_name("atrium").site_root("site").site_pkg_dir("pkg-test").build();
        let router = server::router::router(clinic.state.clone(), Pages { options }, Viewers::new(4));
        let mut world = World { clinic, owner, anna: String::new(), sam: String::new(), names: Names::new(), document: document(), router };
        world.anna = world.sign_in("anna@lipowa.example").await;
        world.sam = world.sign_in("sam@austin.example").await;
        world.furnish().await;
        world
    }

    pub async fn sign_in(&self, email: &str) -> String {
        let body = json!({ "email": email, "password": PASSWORD });
        let (status, answer) = self.send("POST", "/api/v1/auth/staff/login", None, Some(&body)).await;
        assert_eq!(status, StatusCode::OK, "{email} signs in: {answer}");
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    /// One record of each kind, made at the REST door.
    async fn furnish(&mut self) {
        let mut names = Names::new();
        names.insert("organization", json!(self.clinic.organization));
        names.insert("location", json!(self.clinic.location));
        names.insert("user", json!(self.clinic.marek.user));
        names.insert("product", json!("crm"));
        names.insert("record_type", json!("person"));
        names.insert("object_key", json!("thing"));
        names.insert("object_type", json!("object:thing"));
        self.names = names;
        let session = self.send("GET", "/api/v1/sessions", Some(&self.anna), None).await.1["items"][0]["id"].clone();
        self.names.insert("session", session);
        let window = |weekday: i32| json!({ "weekday": weekday, "kind": "window", "starts": 480, "ends": 1200 });
        let hours = json!({ "weekly": (1..=7).map(window).collect::<Vec<_>>(), "version": 1 });
        let meeting = json!({ "activity_type": "meeting", "title": "Team", "location": "{location}",
            "start": "2026-11-25T09:00:00Z", "end": "2026-11-25T10:00:00Z" });
        let away = json!({ "employee_id": "{employee}", "from_date": "2026-11-25", "to_date": "2026-11-25" });
        let applied = json!({ "employee_id": "{employee}", "from_date": "2026-11-25", "to_date": "2026-11-25", "token": "{token}" });
        for (name, path, body) in [
            ("team", "/teams", json!({ "name": "Desk", "members": ["{user}"] })),
            ("role", "/roles", json!({ "name": "Helper", "permissions": ["members:read"] })),
            ("invitation", "/invitations", json!({ "email": "new@lipowa.example", "role": "member" })),
            ("activity", "/activities", meeting),
            ("room", "/resources", json!({ "kind": "room", "name": "Room 1", "hue": 100 })),
            ("feed", "/calendar/feeds", json!({ "name": "Phone", "detail": "busy" })),
            (
                "connection",
                "/calendar/connections",
                json!({ "provider": "google", "resource": "{room}", "detail": "busy", "sends": true, "receives": true }),
            ),
            (
                "connection_by_key",
                "/calendar/connections",
                json!({ "provider": "cal_com", "resource": "{room}", "detail": "busy", "sends": false, "receives": true, "api_key": "cal_live_x" }),
            ),
            ("job", "GET /jobs", json!({})),
            ("treatment", "/treatments", json!({ "name": "Consultation", "duration": 30 })),
            ("employee", "/employees", json!({ "name": "Dr Lis", "treatments": ["{treatment}"] })),
            ("hours", "PUT /employees/{employee}/working-hours", hours),
            ("patient", "/patients", json!({ "given_name": "Anna", "family_name": "Nowak" })),
            ("leave", "/employees/{employee}/leave", json!({ "from_date": "2027-03-01", "to_date": "2027-03-02" })),
            ("closure", "/closures", json!({ "on_date": "2027-05-01" })),
            ("colleague", "/employees", json!({ "name": "Dr Sowa" })),
            ("draft", "/rota/drafts", json!({ "name": "Winter", "from_date": "2027-01-04", "employees": ["{employee}"] })),
            ("worked", "/employees/{employee}/worked", json!({ "start": "2026-11-20T08:00:00Z", "end": "2026-11-20T16:00:00Z" })),
            (
                "appointment",
                "/appointments",
                json!({ "patient": "{patient}", "treatment": "{treatment}", "employee": "{employee}", "location": "{location}",
                    "start": "2026-11-25T11:00:00Z" }),
            ),
            (
                "other_appointment",
                "/appointments",
                json!({ "patient": "{patient}", "treatment": "{treatment}", "employee": "{employee}", "location": "{location}",
                    "start": "2026-11-25T14:00:00Z" }),
            ),
            (
                "hold",
                "/appointments/holds",
                json!({ "treatment": "{treatment}", "employee": "{employee}", "location": "{location}", "start": "2026-11-28T11:00:00Z" }),
            ),
            (
                "other_hold",
                "/appointments/holds",
                json!({ "treatment": "{treatment}", "employee": "{employee}", "location": "{location}", "start": "2026-11-29T11:00:00Z" }),
            ),
            (
                "series",
                "/series",
                json!({ "patient": "{patient}", "treatment": "{treatment}", "employee": "{employee}", "location": "{location}",
                    "start": "2027-02-01T10:00:00", "rules": ["FREQ=WEEKLY;COUNT=2"] }),
            ),
            (
                "waiting",
                "/waiting",
                json!({ "patient": "{patient}", "location": "{location}", "treatments": ["{treatment}"], "from_date": "2026-11-26",
                    "to_date": "2026-12-26" }),
            ),
            (
                "request",
                "/appointments/requests",
                json!({ "patient": "{patient}", "location": "{location}", "treatments": ["{treatment}"], "from_date": "2026-11-26",
                    "to_date": "2026-11-26", "windows": [{ "from": 720, "to": 1080 }] }),
            ),
            (
                "other_request",
                "/appointments/requests",
                json!({ "patient": "{patient}", "location": "{location}", "treatments": ["{treatment}"], "from_date": "2026-11-27",
                    "to_date": "2026-11-27" }),
            ),
            (
                "offer",
                "/waiting/{waiting}/offers",
                json!({ "treatment": "{treatment}", "employee": "{employee}", "start": "2026-12-03T11:00:00Z" }),
            ),
            // Nobody is there for the visit, so that nothing moves.
            ("token", "/appointments/reseat/proposal", away.clone()),
            ("reseat", "/appointments/reseat/apply", applied),
            ("thing", "/object-types", json!({ "key": "thing", "details": { "name": "Thing", "plural": "Things" } })),
            (
                "field",
                "/fields",
                json!({ "entity_type": "person", "key": "shoe", "details": { "label": "Shoe", "shape": { "stored": "text" } } }),
            ),
            (
                "formula",
                "/fields",
                json!({ "entity_type": "person", "key": "two", "details": { "label": "Two", "shape": { "formula": "1 + 1" } } }),
            ),
            ("field_job", "GET /field-jobs?type=person", json!({})),
            ("record", "/objects/object:thing", json!({ "values": {} })),
            ("import", "/imports", json!({ "entity_type": "person", "file_name": "people.csv", "file": super::objects::TABLE })),
            ("view", "/views", json!({ "entity_type": "person", "name": "Mine" })),
            ("gone_view", "/views", json!({ "entity_type": "person", "name": "Gone" })),
            ("gone", "DELETE /views/{gone_view}?version=1", json!({})),
            ("other", "/resources", json!({ "kind": "room", "name": "Room 2", "hue": 100 })),
            ("kind", "/link-types", json!({ "name": "stands in", "inverse": "holds" })),
            ("link", "/records/{room}/links", json!({ "kind": "{kind}", "other": "{other}" })),
            ("tag", "/tags", json!({ "name": "New", "hue": 10 })),
            ("note", "/records/{room}/notes", json!({ "text": "- [ ] lamp" })),
            ("document", "/records/{room}/documents", json!({ "name": "Plan.txt", "file": "UGxhbg==" })),
            ("lent", "/documents/{document}/links", json!({ "term": "day" })),
            ("task", "/tasks", json!({ "title": "Tidy", "about": "{room}" })),
            ("tagged", "/records/{room}/tags", json!({ "tag": "{tag}" })),
            ("action", "GET /records/{room}/timeline", json!({})),
            ("lead", "/leads", json!({ "given_name": "Ola", "family_name": "Lis" })),
            ("person", "GET /leads/{lead}", json!({})),
            ("human", "/persons", json!({ "given_name": "Zofia", "family_name": "Lis", "email": "zofia@lipowa.example" })),
            ("double", "/persons", json!({ "given_name": "Zofia", "family_name": "Lis", "email": "zofia@lipowa.example" })),
            ("spare", "/persons", json!({ "given_name": "Adam", "family_name": "Sowa" })),
            ("keeper", "/persons", json!({ "given_name": "Jan", "family_name": "Kos" })),
            ("taken", "/persons", json!({ "given_name": "Jan", "family_name": "Kos" })),
            ("taken_too", "/persons", json!({ "given_name": "Jan", "family_name": "Kos" })),
            ("merge", "/merges", json!({ "winner": "{keeper}", "loser": "{taken}", "winner_version": 1, "loser_version": 1 })),
            ("other_merge", "/merges", json!({ "winner": "{spare}", "loser": "{taken_too}", "winner_version": 1, "loser_version": 1 })),
            ("company", "/companies", json!({ "name": "Lis i syn" })),
            ("company_role", "/companies/{company}/people", json!({ "person": "{person}", "role": "owner" })),
            ("pipeline", "/pipelines", json!({ "name": "Sales", "stages": super::policy::stages() })),
            ("stage", "GET /pipelines/{pipeline}", json!({})),
            ("deal", "/deals", json!({ "title": "Equipment", "value": 100 })),
            (
                "lines",
                "PUT /deals/{deal}/lines",
                json!({ "version": 1, "lines": [{ "name": "Device", "quantity": 1000, "unit_price": 100, "tax": "S", "rate": 2300 }] }),
            ),
            ("quote", "/deals/{deal}/quotes", json!({})),
            ("call", "/calls", json!({ "lead": "{lead}", "location": "{location}", "start": "2026-11-25T12:00:00Z", "minutes": 15 })),
        ] {
            let (method, path) = path.split_once(' ').unwrap_or(("POST", path));
            let sampler = Sampler { document: &self.document, names: &self.names };
            let mut path = path.to_owned();
            for (name, value) in &self.names {
                if let Some(id) = value.as_str() {
                    path = path.replace(&["{", name, "}"].concat(), id);
                }
            }
            let body = sampler.fill(&body);
            let (status, mut made) = self.send(method, &format!("/api/v1{path}"), Some(&self.anna), Some(&body)).await;
            assert!(status.is_success(), "{name}: {made}");
            if let ("hours", Some(told)) = (name, made.as_object_mut()) {
                // The screens' functions compare hours as a whole.
                told.remove("version");
            }
            let id = match name {
                "invitation" => &made["invitation"]["id"],
                "feed" => &made["feed"]["id"],
                "lent" => &made["link"]["id"],
                "token" => &made["token"],
                "connection" | "connection_by_key" => &made["connection"]["id"],
                "job" | "action" => &made["items"][0]["id"],
                "person" => &made["person"],
                "stage" => &made["stages"][0]["id"],
                "lines" => &made["version"],
                "company_role" => &made["people"][0]["id"],
                "field_job" => &made[0]["id"],
                "hours" => &made,
                _ => &made["id"],
            };
            self.names.insert(name, id.clone());
        }
    }

    /// The same names with ids that nobody has.
    pub fn nobodys(&self) -> Names {
        let id = |value: &Value| value.as_str().is_some_and(|text| text.parse::<uuid::Uuid>().is_ok());
        let other = |value: &Value| if id(value) { json!(uuid::Uuid::now_v7()) } else { value.clone() };
        let mut names: Names = self.names.iter().map(|(name, value)| (*name, other(value))).collect();
        // A role's id is a word.
        names.insert("role", json!("nobodys"));
        names
    }

    /// A request to each door, about the records of these names.
    pub fn calls(&self, names: &Names) -> Vec<Call> {
        self.calls_of(names, routes(), functions())
    }

    /// A request to each of these doors.
    pub fn calls_of(&self, names: &Names, routes: Vec<Line>, functions: Vec<Line>) -> Vec<Call> {
        let sampler = Sampler { document: &self.document, names };
        let routes = routes.into_iter().map(|line| self.route(&sampler, &line));
        let functions = functions.into_iter().map(|line| Call {
            method: "POST".into(),
            uri: format!("/fn/{}", line.path),
            body: Some((line.pack)(sampler.fill(&line.with))),
            policy: line.policy,
            of_record: false,
        });
        routes.chain(functions).collect()
    }

    fn route(&self, sampler: &Sampler<'_>, line: &Line) -> Call {
        let operation = &self.document["paths"][format!("/api/v1{}", line.path)][line.method.to_lowercase()];
        let mut uri = String::from("/api/v1");
        // Where a path names a type and a record, so does the line; otherwise one id stands wherever there is room for it.
        let mut ids = line.id.split(' ').cycle();
        for part in line.path.split('/').skip(1) {
            uri.push('/');
            match part.starts_with('{') {
                true => uri.push_str(ids.next().and_then(|id| sampler.names[id].as_str()).expect("an id")),
                false => uri.push_str(part),
            }
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let needed = parameters.iter().filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
        for (place, parameter) in needed.enumerate() {
            let name = parameter["name"].as_str().expect("a name");
            let value = sampler.of(&parameter["schema"], name);
            uri.push(if place == 0 { '?' } else { '&' });
            uri.push_str(&format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let body = schema.is_object().then(|| {
            let mut body = sampler.of(schema, "");
            if let (Some(fields), Value::Object(with)) = (body.as_object_mut(), sampler.fill(&line.with)) {
                fields.extend(with);
            }
            (line.pack)(body)
        });
        Call { method: line.method.into(), uri, body, policy: line.policy, of_record: !line.id.is_empty() }
    }

    /// Sends it, and reads what comes back; a problem's correlation id, which differs each time, is left out.
    pub async fn call(&self, call: &Call, token: Option<&str>) -> (StatusCode, Value) {
        let (status, bytes) = self.raw(call, token).await;
        (status, readable(status, &bytes))
    }

    /// Sends it. No request whatsoever may be answered by a fault.
    pub async fn raw(&self, call: &Call, token: Option<&str>) -> (StatusCode, Vec<u8>) {
        let (status, bytes) = self.exchange(&call.method, &call.uri, token, call.body.clone()).await;
        assert!(!status.is_server_error(), "{call}: {status} {}", readable(status, &bytes));
        (status, bytes)
    }

    pub async fn send(&self, method: &str, uri: &str, token: Option<&str>, body: Option<&Value>) -> (StatusCode, Value) {
        let (status, bytes) = self.exchange(method, uri, token, body.map(|body| body.to_string().into_bytes())).await;
        (status, readable(status, &bytes))
    }

    async fn exchange(&self, method: &str, uri: &str, token: Option<&str>, body: Option<Vec<u8>>) -> (StatusCode, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(uri);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            let packed = uri.starts_with("/fn/");
            request = request.header(header::CONTENT_TYPE, if packed { "application/x-postcard" } else { "application/json" });
        }
        let request = request.body(body.map_or_else(Body::empty, Body::from)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        (status, to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec())
    }

    /// The stream of changes as somebody hears it, from its first line on.
    pub async fn listen(&self, token: &str) -> BodyDataStream {
        let request = Request::builder().uri("/live").header(header::AUTHORIZATION, format!("Bearer {token}"));
        let response = self.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body().into_data_stream()
    }

    /// Everything there is of the clinic, table by table, in a few letters each.
    pub async fn fingerprint(&self) -> Vec<(String, String)> {
        let tables: Vec<String> = sqlx::query_scalar(
            "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
             where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
               and a.attname = 'organization_id' and c.relname not in ('roles', 'role_permissions', 'memberships')
             order by 1",
        )
        .fetch_all(&self.owner)
        .await
        .expect("the catalogue answers");
        let mut prints = Vec::new();
        for table in tables {
            // A name from the catalogue cannot be bound.
            let query =
                format!("select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t where organization_id = $1");
            let print = sqlx::query_scalar(AssertSqlSafe(query)).bind(self.clinic.organization).fetch_one(&self.owner).await;
            prints.push((table, print.expect("the table can be read")));
        }
        prints
    }

    /// Gives somebody a role of the clinic's own, which has no right yet.
    pub async fn cast(&self, role: &str, user: UserId) {
        let organization = self.clinic.organization;
        sqlx::query("insert into roles (organization_id, id, name, built_in) values ($1, $2, $2, false)")
            .bind(organization)
            .bind(role)
            .execute(&self.owner)
            .await
            .expect("a role can be made");
        sqlx::query("update memberships set role_id = $2 where organization_id = $1 and user_id = $3")
            .bind(organization)
            .bind(role)
            .bind(user)
            .execute(&self.owner)
            .await
            .expect("a role can be given");
    }

    /// Gives a role of the clinic's own exactly these rights.
    pub async fn grant(&self, role: &str, rights: &[&str]) {
        sqlx::query("delete from role_permissions where organization_id = $1 and role_id = $2")
            .bind(self.clinic.organization)
            .bind(role)
            .execute(&self.owner)
            .await
            .expect("rights can be taken");
        sqlx::query("insert into role_permissions (organization_id, role_id, permission) select $1, $2, unnest($3::text[])")
            .bind(self.clinic.organization)
            .bind(role)
            .bind(rights)
            .execute(&self.owner)
            .await
            .expect("rights can be given");
    }
}

/// Other calendars as a server knows them that has never asked any: making a connection asks nobody.
fn outside() -> Outside {
    let lookup = |name: &str| name.starts_with("ATRIUM_GOOGLE_CLIENT").then(|| "atrium".to_owned());
    let settings = Settings::from_lookup(lookup, "127.0.0.1:3000").expect("settings");
    Outside::new(settings, Sealer::of(&["BwcH".repeat(10).as_str(), "Bwc="].concat()).expect("a key")).expect("a client")
}

/// JSON as it is, a server function's failure as the problem it carries.
fn readable(status: StatusCode, bytes: &[u8]) -> Value {
    let mut answer = serde_json::from_slice(bytes).unwrap_or_else(|_| match status.is_success() {
        true => json!(String::from_utf8_lossy(bytes)),
        false => serde_json::to_value(Failure::de(Bytes::copy_from_slice(bytes)).0).expect("a problem is JSON"),
    });
    if let Some(problem) = answer.as_object_mut() {
        problem.remove("correlation_id");
    }
    answer
}
