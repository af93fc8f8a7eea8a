//! A product that no other crate knows plugs into the house by the module contract and nothing else.

mod courses;

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{Request, StatusCode, header};
use platform::{
    module::Module,
    permission::{self, Role},
    state::Clock,
    testing::{self, CLINIC_STARTS_AT, Clinic},
};
use serde_json::{Value, json};
use services::hooks::{Hooks, ModuleHooks};
use tower::ServiceExt;

/// The server's lists with one line more each.
static MODULES: [&Module; 5] = [&platform::MODULE, &services::core::MODULE, &gabinet::MODULE, &crm::MODULE, &courses::MODULE];
static HOOKS: [&ModuleHooks; 3] = [&gabinet::HOOKS, &crm::HOOKS, &courses::HOOKS];

const PASSWORD: &str = "correct horse battery";

struct House {
    clinic: Clinic,
    router: Router,
    employee: String,
    treatment: String,
    patient: String,
}

/// The clinic with Dr Lis, who treats all day, in a house with one product more; it is not subscribed to yet.
async fn house() -> House {
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    let clinic = testing::clinic_with(&MODULES, extensions).await;
    let hash = platform::passwords::turn(&clinic.state).await.expect("a turn").hash(PASSWORD).await.expect("a hash");
    sqlx::query("update users set password_hash = $1").bind(hash).execute(&clinic.state.pool).await.expect("passwords are set");
    let router = server::api::routes_of(&HOOKS).0.with_state(clinic.state.clone());
    let mut house = House { clinic, router, employee: String::new(), treatment: String::new(), patient: String::new() };
    let anna = house.sign_in("anna").await;
    let made = async |path: &str, body: Value| {
        let (status, made) = house.send("POST", path, &anna, Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{path}: {made}");
        made["id"].as_str().expect("an id").to_owned()
    };
    let treatment = made("/treatments", json!({ "name": "Consultation", "duration": 60 })).await;
    let employee = made("/employees", json!({ "name": "Dr Lis", "treatments": [treatment] })).await;
    let patient = made("/patients", json!({ "given_name": "Anna", "family_name": "Nowak" })).await;
    let window = |weekday: i32| json!({ "weekday": weekday, "kind": "window", "starts": 480, "ends": 1200 });
    let hours = json!({ "weekly": (1..=7).map(window).collect::<Vec<_>>(), "version": 1 });
    let (status, set) = house.send("PUT", &format!("/employees/{employee}/working-hours"), &anna, Some(hours)).await;
    assert_eq!(status, StatusCode::OK, "{set}");
    (house.employee, house.treatment, house.patient) = (employee, treatment, patient);
    house
}

impl House {
    async fn sign_in(&self, who: &str) -> String {
        let body = json!({ "email": format!("{who}@lipowa.example"), "password": PASSWORD });
        let (status, tokens) = self.send("POST", "/auth/staff/login", "", Some(body)).await;
        assert_eq!(status, StatusCode::OK, "{who} signs in: {tokens}");
        tokens["access_token"].as_str().expect("a token").to_owned()
    }

    async fn send(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> (StatusCode, Value) {
        send(&self.router, method, path, token, body).await
    }

    /// As one row of `platform_products` and a subscription would.
    async fn subscribe(&self) {
        let owner = crate::support::owner(&self.clinic.database).await;
        sqlx::query("insert into platform_products (id, name, description, prices) values ('courses', 'Courses', '', '{}')")
            .execute(&owner)
            .await
            .expect("a product can be offered");
        let mut tx = self.clinic.tx(&self.clinic.anna).await;
        platform::billing::subscribe(&mut tx, courses::PRODUCT).await.expect("subscribed");
        tx.commit().await.expect("committed");
    }

    /// Ewa, from the front desk, plans a lesson of Dr Lis's.
    async fn lesson(&self, start: &str) -> (StatusCode, Value) {
        let ewa = self.sign_in("ewa").await;
        let (status, course) = self.send("POST", "/courses", &ewa, Some(json!({ "name": "First aid" }))).await;
        assert_eq!(status, StatusCode::CREATED, "{course}");
        let lesson = json!({ "course": course["id"], "title": "First aid, hour 1", "teacher": self.employee,
            "location": self.clinic.location, "start": start });
        self.send("POST", "/lessons", &ewa, Some(lesson)).await
    }

    async fn visit(&self, start: &str) -> (StatusCode, Value) {
        let ewa = self.sign_in("ewa").await;
        let visit = json!({ "patient": self.patient, "treatment": self.treatment, "employee": self.employee,
            "location": self.clinic.location, "start": start });
        self.send("POST", "/appointments", &ewa, Some(visit)).await
    }
}

async fn send(router: &Router, method: &str, path: &str, token: &str, body: Option<Value>) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if body.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let response = router.clone().oneshot(request.body(body).expect("a request")).await.expect("an answer");
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

/// The lesson among the calendar's events of its day.
fn lesson_in(calendar: &Value) -> &Value {
    let events = calendar["events"].as_array().expect("events");
    events.iter().find(|event| event["activity_type"] == courses::LESSON).expect("the lesson is on the calendar")
}

const DAY: &str = "/calendar?from=2026-11-25&to=2026-11-26";
const TEN: &str = "2026-11-25T10:00:00Z";

#[test]
fn the_house_knows_the_module_from_its_contract() {
    let granted = permission::granted(&MODULES, Role::Receptionist);
    assert!(granted.contains(&courses::LESSONS_WRITE));
    assert!(!permission::granted(&MODULES, Role::Doctor).contains(&courses::LESSONS_WRITE));
    assert!(permission::all(&MODULES).contains(&courses::LESSONS_READ));
    for entry in courses::MODULE.navigation {
        assert!(permission::all(&MODULES).contains(&entry.permission), "{} asks for a right that nobody can have", entry.key);
    }
    let document = serde_json::to_value(server::api::routes_of(&HOOKS).1).expect("JSON");
    assert!(document["paths"]["/api/v1/lessons"]["post"].is_object(), "its route is described with the others");
    assert!(document["paths"]["/api/v1/patients"].is_object());
}

#[tokio::test]
async fn its_doors_open_to_those_who_have_the_right_once_the_product_is_subscribed_to() {
    let house = house().await;
    let (ewa, jan) = (house.sign_in("ewa").await, house.sign_in("jan").await);
    let course = || Some(json!({ "name": "First aid" }));
    let (status, problem) = house.send("POST", "/courses", &ewa, course()).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::FORBIDDEN, Some("not_subscribed")));
    house.subscribe().await;
    let (status, problem) = house.send("POST", "/courses", &jan, course()).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::FORBIDDEN, Some("denied")));
    assert_eq!(house.send("POST", "/courses", &ewa, course()).await.0, StatusCode::CREATED);
    let (_, me) = house.send("GET", "/me", &ewa, None).await;
    let rights = me["organization"]["permissions"].to_string();
    assert!(rights.contains(courses::LESSONS_WRITE.0), "the screens are told of the right: {rights}");
}

#[tokio::test]
async fn its_activity_is_on_the_shared_calendar_and_takes_a_practitioners_time_from_the_clinic() {
    let house = house().await;
    house.subscribe().await;
    let (status, lesson) = house.lesson(TEN).await;
    assert_eq!(status, StatusCode::CREATED, "{lesson}");

    // On the calendar, in its own colour; who may not read lessons sees that the time is taken and not by what.
    let (_, calendar) = house.send("GET", DAY, &house.sign_in("jan").await, None).await;
    let event = lesson_in(&calendar);
    assert_eq!((event["title"].as_str(), event["hue"].as_u64()), (Some("First aid, hour 1"), Some(courses::HUE.into())));
    assert_eq!(event["resources"], json!([house.employee]));
    let (_, calendar) = house.send("GET", DAY, &house.sign_in("marek").await, None).await;
    assert_eq!(lesson_in(&calendar)["title"], "");

    // Gabinet, which has never heard of lessons, cannot book over it, says why, and offers what is free beside it.
    let (status, refused) = house.visit(TEN).await;
    assert_eq!((status, refused["code"].as_str()), (StatusCode::CONFLICT, Some("unavailable")), "{refused}");
    let busy = refused["reasons"].as_array().expect("reasons").iter().any(|reason| reason["rule"] == "busy");
    assert!(busy, "{refused}");
    assert!(!refused["alternatives"].as_array().expect("alternatives").is_empty());
    // The lesson's ten minutes after are its module's wish, and heeded.
    assert_eq!(house.visit("2026-11-25T11:00:00Z").await.0, StatusCode::CONFLICT);
    assert_eq!(house.visit("2026-11-25T11:10:00Z").await.0, StatusCode::CREATED);
    // And the other way round: the database itself refuses a lesson where a visit is.
    let (status, refused) = house.lesson("2026-11-25T11:30:00Z").await;
    assert_eq!((status, refused["code"].as_str()), (StatusCode::CONFLICT, Some("double_booking")));
}

#[tokio::test]
async fn the_calendars_own_doors_move_and_cancel_it_by_its_modules_rules() {
    let house = house().await;
    house.subscribe().await;
    let (_, lesson) = house.lesson(TEN).await;
    let path = format!("/activities/{}", lesson["id"].as_str().expect("an id"));
    let (ewa, jan) = (house.sign_in("ewa").await, house.sign_in("jan").await);
    let to = |start: &str, end: &str| Some(json!({ "version": 1, "start": start, "end": end }));
    let half = to("2026-11-25T13:30:00Z", "2026-11-25T14:30:00Z");
    let (status, refused) = house.send("PUT", &path, &ewa, half).await;
    assert_eq!((status, refused["reasons"][0]["rule"].as_str()), (StatusCode::CONFLICT, Some("gap")), "the module's rule decides");
    let hour = || to("2026-11-25T13:00:00Z", "2026-11-25T14:00:00Z");
    assert_eq!(house.send("PUT", &path, &jan, hour()).await.0, StatusCode::FORBIDDEN, "the module's right is asked");
    let (status, moved) = house.send("PUT", &path, &ewa, hour()).await;
    assert_eq!((status, moved["version"].as_i64()), (StatusCode::OK, Some(2)), "{moved}");
    assert_eq!(house.visit(TEN).await.0, StatusCode::CREATED, "the time it left is free");

    // It brings no rule for its end: the calendar's general one holds, and the log tells it all.
    let (status, cancelled) = house.send("DELETE", &path, &ewa, None).await;
    assert_eq!((status, cancelled["status"].as_str()), (StatusCode::OK, Some("cancelled")), "{cancelled}");
    assert_eq!(house.visit("2026-11-25T13:00:00Z").await.0, StatusCode::CREATED);
    let (_, story) = house.send("GET", &format!("{path}/history"), &ewa, None).await;
    let verbs: Vec<&str> = story["history"].as_array().expect("history").iter().filter_map(|step| step["verb"].as_str()).collect();
    assert_eq!(verbs.first(), Some(&"cancelled"));
    assert_eq!(verbs.last(), Some(&"planned"));
}

#[tokio::test]
async fn what_a_module_left_behind_still_takes_its_time_but_nobody_learns_what_it_is_or_changes_it() {
    let house = house().await;
    house.subscribe().await;
    let (_, lesson) = house.lesson(TEN).await;
    // A server on the same database that has never heard of courses.
    let mut extensions = http::Extensions::new();
    extensions.insert(server::modules::HOOKS);
    let clock = Clock::starting_at(testing::at(CLINIC_STARTS_AT));
    let state = house.clinic.database.state_with(&server::modules::MODULES, clock, extensions).await;
    let router = server::api::routes().0.with_state(state);
    let ewa = house.sign_in("ewa").await;
    let (status, calendar) = send(&router, "GET", DAY, &ewa, None).await;
    assert_eq!(status, StatusCode::OK, "{calendar}");
    let event = lesson_in(&calendar);
    assert_eq!((event["title"].as_str(), event["hue"].as_u64()), (Some(""), Some(services::core::UNKNOWN_HUE.into())));
    let path = format!("/activities/{}", lesson["id"].as_str().expect("an id"));
    let (status, story) = send(&router, "GET", &format!("{path}/history"), &ewa, None).await;
    assert_eq!((status, story["title"].as_str()), (StatusCode::OK, Some("")), "the general panel shows when it is");
    let visit = json!({ "patient": house.patient, "treatment": house.treatment, "employee": house.employee,
        "location": house.clinic.location, "start": TEN });
    assert_eq!(send(&router, "POST", "/appointments", &ewa, Some(visit)).await.0, StatusCode::CONFLICT, "its time is taken");
    let to = json!({ "version": 1, "start": "2026-11-25T13:00:00Z", "end": "2026-11-25T14:00:00Z" });
    assert_eq!(send(&router, "PUT", &path, &ewa, Some(to)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(send(&router, "DELETE", &path, &ewa, None).await.0, StatusCode::NOT_FOUND);
}
