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

struct Program {
    router: Router,
    token: String,
}

async fn programs<const N: usize>(desk: &Desk, emails: [&str; N]) -> [Program; N] {
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
    async fn send(&self, method: &str, path: &str, key: Option<&str>, body: Option<&Value>) -> (StatusCode, Value) {
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
    let renamed = json!({ "kind": "room", "name": "Green room", "hue": 120 });
    assert_eq!(anna.send("PUT", &path, None, Some(&renamed)).await.1["name"], "Green room");
    assert_eq!(anna.send("PUT", &path, None, Some(&json!({ "kind": "device", "name": "x" }))).await.0, 422);
    assert_eq!(ewa.get("/resources?kind=room").await.1["items"].as_array().unwrap().len(), 2);
    assert_eq!(ewa.get("/resources?kind=cellar").await.0, 422);
    assert_eq!(ewa.get("/resources/none").await.0, 404);
}
