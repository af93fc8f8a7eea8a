//! The REST door as a program sees it.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{Request, StatusCode, header};
use platform::{passwords, sessions};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Desk, desk};

const PASSWORD: &str = "correct horse battery";

pub(super) struct Program {
    router: Router,
    token: String,
}

pub(super) async fn programs<const N: usize>(desk: &Desk, emails: [&str; N]) -> [Program; N] {
    let state = &desk.clinic.state;
    let hash = passwords::turn(state).await.unwrap().hash(PASSWORD).await.unwrap();
    sqlx::query("update users set password_hash = $1").bind(hash).execute(&state.pool).await.unwrap();
    let (router, _) = services::rest::routes().split_for_parts();
    let router = router.with_state(state.clone());
    let mut programs = Vec::new();
    for email in emails {
        let tokens = sessions::sign_in_api(state, email, PASSWORD, "tests", "127.0.0.1").await.unwrap();
        programs.push(Program { router: router.clone(), token: tokens.access_token });
    }
    programs.try_into().unwrap_or_else(|_| unreachable!())
}

impl Program {
    pub(super) async fn send(&self, method: &str, path: &str, key: Option<&str>, body: Option<&Value>) -> (StatusCode, Value) {
        let mut request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        if !status.is_success() {
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        }
        (status, serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap())
    }

    /// The whole answer to a question, also where it is no JSON.
    pub(super) async fn answer(&self, path: &str) -> http::Response<Body> {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.send("GET", path, None, None).await
    }
}

fn meeting(desk: &Desk, start: &str, end: &str) -> Value {
    json!({
        "activity_type": "meeting", "title": "Team", "location": desk.clinic.location, "resources": [desk.lis],
        "start": format!("2026-11-24T{start}:00Z"), "end": format!("2026-11-24T{end}:00Z"),
    })
}

#[tokio::test]
async fn a_meeting_is_booked_seen_moved_and_cancelled() {
    let desk = desk().await;
    let [ewa, sam] = programs(&desk, ["ewa@lipowa.example", "sam@austin.example"]).await;
    let (status, made) = ewa.send("POST", "/activities", None, Some(&meeting(&desk, "10:00", "11:00"))).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/activities/{}", made["id"].as_str().unwrap());

    let (status, refused) = ewa.send("POST", "/activities", None, Some(&meeting(&desk, "10:30", "11:30"))).await;
    assert_eq!(
        (status.as_u16(), &refused["code"], &refused["reasons"][0]["resource_name"]),
        (409, &json!("unavailable"), &json!("Dr Lis"))
    );
    assert_eq!(refused["alternatives"].as_array().unwrap().len(), 3);

    let (status, view) = ewa.get("/calendar?from=2026-11-24&to=2026-11-25").await;
    assert_eq!((status.as_u16(), view["events"].as_array().unwrap().len()), (200, 1));
    let (_, list) = ewa.get("/activities?from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z&limit=1").await;
    assert_eq!((list["items"][0]["id"].clone(), list["next_cursor"].clone()), (made["id"].clone(), Value::Null));

    let drag = json!({ "version": made["version"], "start": "2026-11-24T12:00:00Z", "end": "2026-11-24T13:00:00Z" });
    assert_eq!(ewa.send("PUT", &path, None, Some(&drag)).await.1["start"], "2026-11-24T12:00:00Z");
    let late = json!({ "version": made["version"], "start": "2026-11-24T14:00:00Z", "end": "2026-11-24T15:00:00Z" });
    let (status, late) = ewa.send("PUT", &path, None, Some(&late)).await;
    assert_eq!((status.as_u16(), &late["code"], &late["current"]["author"]), (409, &json!("version"), &json!("Ewa Kowalska")));

    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(sam.send(method, &path, None, Some(&drag)).await.0, 404, "{method}");
    }
    let (status, cancelled) = ewa.send("DELETE", &format!("{path}?reason=ill"), None, None).await;
    assert_eq!((status.as_u16(), &cancelled["status"]), (200, &json!("cancelled")));
    assert_eq!(ewa.get(&format!("{path}/history")).await.1["history"][0]["verb"], "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_sent_twice_has_one_effect() {
    let desk = desk().await;
    let [ewa, jan] = programs(&desk, ["ewa@lipowa.example", "jan@lipowa.example"]).await;
    let body = meeting(&desk, "10:00", "11:00");
    let answers = tokio::join!(
        ewa.send("POST", "/activities", Some("k1"), Some(&body)),
        ewa.send("POST", "/activities", Some("k1"), Some(&body)),
        ewa.send("POST", "/activities", Some("k1"), Some(&body)),
    );
    let first = &answers.0;
    assert_eq!(first.0, 201, "{}", first.1);
    assert!(first == &answers.1 && first == &answers.2, "{answers:?}");
    let (status, other) = ewa.send("POST", "/activities", Some("k1"), Some(&meeting(&desk, "14:00", "15:00"))).await;
    assert_eq!((status.as_u16(), &other["code"]), (422, &json!("idempotency_key_reused")));
    // Somebody else's key of the same name is another one.
    assert_eq!(jan.send("POST", "/activities", Some("k1"), Some(&meeting(&desk, "14:00", "15:00"))).await.0, 201);
}

#[tokio::test]
async fn resources_are_made_listed_and_changed_by_those_who_may() {
    let desk = desk().await;
    let [anna, ewa] = programs(&desk, ["anna@lipowa.example", "ewa@lipowa.example"]).await;
    let room = json!({ "kind": "room", "name": "Room 2" });
    assert_eq!(ewa.send("POST", "/resources", None, Some(&room)).await.0, 403);
    let (status, made) = anna.send("POST", "/resources", Some("r"), Some(&room)).await;
    assert_eq!((status.as_u16(), made["active"].clone()), (201, json!(true)));
    let path = format!("/resources/{}", made["id"].as_str().unwrap());
    let renamed = json!({ "kind": "room", "name": "Green room", "hue": 120, "version": made["version"] });
    assert_eq!(anna.send("PUT", &path, None, Some(&renamed)).await.1["name"], "Green room");
    assert_eq!(anna.send("PUT", &path, None, Some(&renamed)).await.0, 409, "the same again is somebody else's by now");
    let device = json!({ "kind": "device", "name": "x", "version": 2 });
    assert_eq!(anna.send("PUT", &path, None, Some(&device)).await.0, 422);
    assert_eq!(ewa.get("/resources?kind=room").await.1["items"].as_array().unwrap().len(), 2);
    assert_eq!(ewa.get("/resources?kind=cellar").await.0, 422);
    assert_eq!(ewa.get("/resources/none").await.0, 404);
}

#[tokio::test]
async fn a_rule_is_spread_out_for_any_member_and_its_faults_are_named() {
    let desk = desk().await;
    let [marek] = programs(&desk, ["marek@lipowa.example"]).await;
    let asked = json!({
        "zone": "Europe/Brussels", "start": "2018-10-27T08:00", "duration": 60, "rrule": "FREQ=DAILY;COUNT=3",
        "exdates": ["2018-10-28T08:00"], "from": null, "to": null, "max": 500,
    });
    let (status, answer) = marek.send("POST", "/scheduling/expand", None, Some(&asked)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        answer["occurrences"],
        json!([
            { "start": "2018-10-27T08:00:00+02:00", "end": "2018-10-27T09:00:00+02:00" },
            { "start": "2018-10-29T08:00:00+01:00", "end": "2018-10-29T09:00:00+01:00" },
        ])
    );
    for (field, value, named) in [
        ("rrule", json!("FREQ=SECONDLY"), "rrule"),
        ("zone", json!("Mars/Olympus"), "zone"),
        ("duration", json!("x"), "duration"),
        ("duration", json!(1.5), "duration"),
        ("exdates", json!(["x"]), "exdates[0]"),
        ("exdates", json!([7]), "exdates[0]"),
        ("surprise", json!(1), "surprise"),
        ("start", Value::Null, "start"),
    ] {
        let mut wrong = asked.clone();
        wrong[field] = value;
        let (status, problem) = marek.send("POST", "/scheduling/expand", None, Some(&wrong)).await;
        assert_eq!((status.as_u16(), problem["errors"][0]["field"].as_str()), (422, Some(named)), "{problem}");
    }
    let (status, problem) = marek.send("POST", "/scheduling/expand", None, Some(&json!({ "zone": "UTC" }))).await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["code"]), (422, &json!("required")));
}

#[tokio::test]
async fn a_feed_is_had_by_its_address_alone_and_asked_for_anew() {
    let desk = desk().await;
    let [ewa, jan, sam] = programs(&desk, ["ewa@lipowa.example", "jan@lipowa.example", "sam@austin.example"]).await;
    let feed = json!({ "name": "Phone", "resource": desk.lis, "detail": "busy" });
    let (status, made) = ewa.send("POST", "/calendar/feeds", None, Some(&feed)).await;
    assert_eq!(status, 201, "{made}");
    let public = services::rest::public().with_state(desk.clinic.state.clone());
    let get = async |path: &str, tag: Option<&str>| {
        let mut request = Request::builder().uri(path);
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        public.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    };
    let path = made["path"].as_str().unwrap();
    let answer = get(path, None).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
    let tag = answer.headers()[header::ETAG].to_str().unwrap().to_owned();
    assert_eq!(get(path, Some(&tag)).await.status(), StatusCode::NOT_MODIFIED);
    ewa.send("POST", "/activities", None, Some(&meeting(&desk, "10:00", "11:00"))).await;
    assert_eq!(get(path, Some(&tag)).await.status(), StatusCode::OK);
    let (_, listed) = ewa.get("/calendar/feeds").await;
    assert!(listed["items"][0]["id"] == made["feed"]["id"] && !listed.to_string().contains(&path[7..]));
    let own = format!("/calendar/feeds/{}", made["feed"]["id"].as_str().unwrap());
    for other in [&jan, &sam] {
        assert_eq!(other.send("DELETE", &own, None, None).await.0, 404);
    }
    // Its answer has no body, which `send` would read.
    let request = Request::delete(&own).header(header::AUTHORIZATION, format!("Bearer {}", ewa.token)).body(Body::empty()).unwrap();
    assert_eq!(ewa.router.clone().oneshot(request).await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(get(path, None).await.status(), StatusCode::NOT_FOUND);
}
