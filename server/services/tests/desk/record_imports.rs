//! The doors of imports as a program sees them: how much they read, and what they answer.

use axum::{
    Router,
    body::{Body, to_bytes},
    middleware,
};
use data_encoding::BASE64;
use http::{Request, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{desk, rest::programs};

fn file(text: &str) -> Value {
    json!({ "entity_type": "person", "file_name": "people.csv", "file": BASE64.encode(text.as_bytes()) })
}

#[tokio::test]
async fn a_program_brings_a_file_in_says_what_it_is_and_asks_for_a_trial() {
    let desk = desk().await;
    let [ewa, sam] = programs(&desk, ["ewa@lipowa.example", "sam@austin.example"]).await;
    let table = file("Imię;Nazwisko;Wzrost;E-mail\nŻaneta;Źdźbło;172;zaneta@example.org\n");
    let (status, made) = ewa.send("POST", "/imports", Some("a-key"), Some(&table)).await;
    assert_eq!(status.as_u16(), 201, "{made}");
    assert_eq!((&made["state"], &made["delimiter"], &made["columns"][2]["target"]), (&json!("mapping"), &json!(";"), &Value::Null));
    let (_, again) = ewa.send("POST", "/imports", Some("a-key"), Some(&table)).await;
    assert_eq!(again["id"], made["id"], "sent twice it is one");
    let path = format!("/imports/{}", made["id"].as_str().unwrap());
    let settings = json!({ "match_by": ["height"] });
    let wrong = json!({ "version": 1, "targets": ["given_name", "family_name", "height", "email"], "settings": settings });
    let (status, problem) = ewa.send("PUT", &path, None, Some(&wrong)).await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["field"]), (422, &json!("targets[2]")), "{problem}");
    let right = json!({ "version": 1, "targets": ["given_name", "family_name", "+note", "email"], "settings": { "duplicates": "fill" } });
    let (status, changed) = ewa.send("PUT", &path, None, Some(&right)).await;
    assert_eq!((status.as_u16(), &changed["version"]), (200, &json!(2)), "{changed}");
    let (status, refused) = ewa.send("POST", &format!("{path}/run"), None, Some(&json!({ "version": 2 }))).await;
    assert_eq!((status.as_u16(), &refused["code"]), (409, &json!("transition")), "what was not tried is not run");
    let (status, trying) = ewa.send("POST", &format!("{path}/try"), None, Some(&json!({ "version": 2 }))).await;
    assert_eq!((status.as_u16(), &trying["state"]), (200, &json!("trying")), "{trying}");
    let (status, lines) = ewa.send("GET", &format!("{path}/lines?limit=1"), None, None).await;
    assert_eq!((status.as_u16(), &lines["items"][0]["cells"][0]), (200, &json!("Żaneta")), "{lines}");
    assert_eq!(sam.send("GET", &path, None, None).await.0.as_u16(), 404);
    assert_eq!(sam.send("GET", "/imports", None, None).await.1["items"], json!([]));
}

#[tokio::test]
async fn what_is_no_table_is_refused_at_the_file() {
    let desk = desk().await;
    let [ewa] = programs(&desk, ["ewa@lipowa.example"]).await;
    let zip = json!({ "entity_type": "person", "file_name": "people.xlsx", "file": BASE64.encode(b"PK\x03\x04\x14\x00\x06\x00") });
    let wide = file(&vec!["x"; 10_001].join(","));
    let letters = json!({ "entity_type": "person", "file_name": "p.csv", "file": BASE64.encode(b"Imi\xea\nEwa\n"), "encoding": "utf-8" });
    for (body, code) in [(&zip, "compressed"), (&wide, "columns"), (&letters, "encoding"), (&file("Name\n"), "rows")] {
        let (status, problem) = ewa.send("POST", "/imports", None, Some(body)).await;
        let fault = &problem["errors"][0];
        assert_eq!((status.as_u16(), &fault["field"], &fault["code"]), (422, &json!("file"), &json!(code)), "{problem}");
    }
}

#[tokio::test]
async fn files_may_be_as_large_as_twenty_megabytes_and_a_larger_one_is_refused_by_its_name() {
    async fn size(body: String) -> String {
        body.len().to_string()
    }
    let any = || axum::routing::post(size).layer(axum::extract::DefaultBodyLimit::disable());
    let router = Router::new().route("/api/v1/imports", any()).route("/fn/imports/begin", any()).route("/fn/imports/list", any());
    let router = router.layer(middleware::from_fn(platform::rest::body::whole));
    let sent = async |path: &str, mebibytes: usize| {
        let request = Request::post(path).body(Body::from(" ".repeat(mebibytes * 1024 * 1024))).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let field = if json { serde_json::from_slice::<Value>(&bytes).unwrap()["errors"][0]["field"].clone() } else { Value::Null };
        (status, field)
    };
    for path in ["/api/v1/imports", "/fn/imports/begin"] {
        assert_eq!(sent(path, 27).await, (200, Value::Null));
        assert_eq!(sent(path, 29).await, (413, json!("file")));
    }
    assert_eq!(sent("/fn/imports/list", 2).await, (413, Value::Null));
}
