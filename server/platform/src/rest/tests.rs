//! The platform's routes as a client sees them.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::core_module::MODULE;
use crate::module::Module;
use crate::passwords;
use crate::testing::{self, Clinic};

static MODULES: [&Module; 1] = [&MODULE];
const PASSWORD: &str = "correct horse battery";

struct Client {
    clinic: Clinic,
    router: Router,
}

async fn client() -> Client {
    let clinic = testing::clinic(&MODULES).await;
    let hash = passwords::turn(&clinic.state).await.unwrap().hash(PASSWORD).await.unwrap();
    sqlx::query("update users set password_hash = $1").bind(hash).execute(&clinic.state.pool).await.unwrap();
    let (router, _) = super::routes().split_for_parts();
    let router = router.with_state(clinic.state.clone());
    Client { clinic, router }
}

impl Client {
    async fn send(&self, method: &str, path: &str, token: Option<&str>, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.answer(request.body(body).unwrap()).await
    }

    async fn answer(&self, request: Request<Body>) -> (StatusCode, Value) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let content_type = response.headers().get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap().to_owned());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        if status.is_client_error() || status.is_server_error() {
            assert_eq!(content_type.as_deref(), Some("application/problem+json"), "{status}");
        }
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        (status, body)
    }

    async fn token(&self, email: &str) -> String {
        let login = json!({"email": email, "password": PASSWORD});
        let (status, body) = self.send("POST", "/auth/staff/login", None, Some(login)).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(body["expires_in"], 3600);
        body["access_token"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_program_signs_in_looks_around_and_signs_out() {
    let client = client().await;
    let token = client.token("anna@lipowa.example").await;
    let (status, me) = client.send("GET", "/me", Some(&token), None).await;
    assert_eq!((status, me["organization"]["role"].as_str()), (StatusCode::OK, Some("owner")));
    for path in ["/organization", "/locations", "/members", "/roles", "/teams", "/invitations", "/sessions", "/products", "/subscriptions"]
    {
        let (status, body) = client.send("GET", path, Some(&token), None).await;
        assert_eq!(status, 200, "{path}: {body}");
        assert_eq!(client.send("GET", path, None, None).await.0, 401, "{path}");
    }
    assert_eq!(client.send("POST", "/auth/logout", Some(&token), None).await.0, 204);
    assert_eq!(client.send("GET", "/me", Some(&token), None).await.0, 401);
    assert_eq!(client.send("GET", "/members", Some(&token), None).await.0, 401);
}

#[tokio::test]
async fn sign_in_refuses_in_the_same_words_and_then_asks_to_wait() {
    let client = client().await;
    let wrong = json!({"email": "anna@lipowa.example", "password": "wrong horse"});
    let unknown = json!({"email": "nobody@lipowa.example", "password": PASSWORD});
    let (status, mut one) = client.send("POST", "/auth/staff/login", None, Some(wrong.clone())).await;
    let (_, mut two) = client.send("POST", "/auth/staff/login", None, Some(unknown)).await;
    assert_eq!(status, 401);
    for body in [&mut one, &mut two] {
        body["correlation_id"] = Value::Null;
    }
    assert_eq!(one, two);
    for _ in 0..2 {
        client.send("POST", "/auth/staff/login", None, Some(wrong.clone())).await;
    }
    let (status, problem) = client.send("POST", "/auth/staff/login", None, Some(wrong)).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::TOO_MANY_REQUESTS, Some("throttled")));
    assert!(problem["retry_after"].as_u64() > Some(0));
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem_and_never_a_fault() {
    let client = client().await;
    let token = client.token("anna@lipowa.example").await;
    let post = |body: &'static str| {
        Request::post("/teams")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap()
    };
    for (body, status) in [
        ("{", 400),
        ("{}", 422),
        (r#"{"name": 5}"#, 422),
        (r#"{"name": ""}"#, 422),
        (r#"{"name": "a\u0000b"}"#, 422),
        (r#"{"name": "a", "members": ["x"]}"#, 422),
    ] {
        assert_eq!(client.answer(post(body)).await.0, status, "{body}");
    }
    for (method, path) in [
        ("DELETE", "/teams/nonsense"),
        ("DELETE", "/teams/00000000-0000-0000-0000-000000000000"),
        ("DELETE", "/roles/non%00sense"),
        ("DELETE", "/subscriptions/non%00sense"),
        ("DELETE", "/sessions/%FF"),
    ] {
        assert_eq!(client.send(method, path, Some(&token), None).await.0, 404, "{method} {path}");
    }
}

#[tokio::test]
async fn a_request_sent_again_under_its_key_is_done_once() {
    let client = client().await;
    let token = client.token("anna@lipowa.example").await;
    let post = |name: &str| {
        Request::post("/teams")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", "k1")
            .body(Body::from(json!({"name": name}).to_string()))
            .unwrap()
    };
    let first = client.answer(post("Desk")).await;
    assert_eq!(first.0, 201);
    assert_eq!(client.answer(post("Desk")).await, first);
    assert_eq!(client.answer(post("Other")).await.0, 422);
    let (_, teams) = client.send("GET", "/teams", Some(&token), None).await;
    assert_eq!(teams["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_cookie_that_another_site_sends_along_changes_nothing() {
    let client = client().await;
    let (state, email) = (&client.clinic.state, "anna@lipowa.example");
    let (_, session) = crate::sessions::sign_in(state, email, PASSWORD, "", "192.0.2.1", None).await.unwrap();
    let post = |site: Option<&str>| {
        let mut request = Request::post("/teams")
            .header(header::COOKIE, format!("atrium_session={session}"))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        request.body(Body::from(r#"{"name": "Desk"}"#)).unwrap()
    };
    assert_eq!(client.answer(post(None)).await.0, 401);
    assert_eq!(client.answer(post(Some("cross-site"))).await.0, 401);
    assert_eq!(client.answer(post(Some("same-origin"))).await.0, 201);
}

#[tokio::test]
async fn an_organization_founded_by_a_program_is_its_founders_alone() {
    let client = client().await;
    let token = client.token("ewa@lipowa.example").await;
    let body = json!({"name": "Second", "country": "PL", "currency": "PLN", "zone": "Europe/Warsaw"});
    let (status, made) = client.send("POST", "/organization", Some(&token), Some(body)).await;
    assert_eq!(status, 201, "{made}");
    let switch = json!({"organization": made["id"]});
    assert_eq!(client.send("PUT", "/me/organization", Some(&token), Some(switch.clone())).await.0, 204);
    let marek = client.token("marek@lipowa.example").await;
    assert_eq!(client.send("PUT", "/me/organization", Some(&marek), Some(switch)).await.0, 404);
    // The token still is the clinic's.
    let (_, organization) = client.send("GET", "/organization", Some(&token), None).await;
    assert_eq!(organization["name"], "Klinika Lipowa");
}

#[tokio::test]
async fn founding_is_done_once_even_if_the_answer_was_lost_in_a_crash() {
    let client = client().await;
    let token = client.token("ewa@lipowa.example").await;
    let found = async || {
        let request = Request::builder()
            .method("POST")
            .uri("/organization")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", "once");
        let body = json!({"name": "Second", "country": "PL", "currency": "PLN", "zone": "Europe/Warsaw"});
        client.answer(request.body(Body::from(body.to_string())).unwrap()).await
    };
    let (status, first) = found().await;
    assert_eq!(status, 201, "{first}");
    // As if the server had died after the founding and before the answer was kept.
    let mut owner = client.clinic.database.owner_connection().await;
    sqlx::query("delete from idempotency_keys").execute(&mut owner).await.unwrap();
    assert_eq!(found().await, (status, first));
}

#[test]
fn every_route_is_described_with_its_failures() {
    let (_, document) = super::routes().split_for_parts();
    let document = serde_json::to_value(&document).unwrap();
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 20);
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            for status in ["401", "422", "503"] {
                assert!(operation["responses"][status].is_object(), "{method} {path}: {status}");
            }
            assert!(operation["security"].is_array(), "{method} {path}");
        }
    }
    assert!(document["components"]["schemas"]["Problem"].is_object());
}
