//! What stands beside the application: paper, the days that are kept for the hours without a network, and who else is there.

use std::time::Duration;

use futures::StreamExt;
use platform::testing;
use reqwest::{Method, Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};

use crate::support::{Client, Folder, Server, url};

/// A browser that has signed in by the form.
struct Browser {
    http: reqwest::Client,
    base: String,
    cookie: String,
}

impl Browser {
    fn stranger(base: &str) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(30)).build().expect("a client");
        Browser { http, base: base.to_owned(), cookie: String::new() }
    }

    async fn sign_in(base: &str, email: &str) -> Self {
        let mut browser = Browser::stranger(base);
        let form = format!("email={}&password={}", email.replace('@', "%40"), server::demo::PASSWORD);
        let request = browser.http.post(format!("{base}/sign-in")).header("content-type", "application/x-www-form-urlencoded").body(form);
        let answer = request.send().await.expect("the server answers");
        let cookie = answer.headers()["set-cookie"].to_str().expect("a cookie").split(';').next().unwrap_or_default().to_owned();
        browser.cookie = cookie;
        browser
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).header("cookie", &self.cookie).header("sec-fetch-site", "same-origin")
    }

    async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.expect("the server answers")
    }

    async fn here(&self, body: &Value) -> StatusCode {
        self.request(Method::POST, "/live/here").json(body).send().await.expect("the server answers").status()
    }
}

/// What is heard at `/live` within a moment.
async fn heard(mut stream: impl futures::Stream<Item = reqwest::Result<impl AsRef<[u8]>>> + Unpin) -> String {
    let mut text = String::new();
    let until = tokio::time::sleep(Duration::from_millis(1_500));
    tokio::pin!(until);
    loop {
        tokio::select! {
            () = &mut until => return text,
            part = stream.next() => match part {
                Some(Ok(bytes)) => text.push_str(&String::from_utf8_lossy(bytes.as_ref())),
                _ => return text,
            },
        }
    }
}

#[tokio::test]
async fn paper_and_kept_days_are_for_those_who_may_see_them_and_presence_stays_in_the_house() {
    let database = testing::database().await;
    let server = Server::start(&Folder::new("beside"), Some(&url(&database))).await;
    let base = server.base.as_str();
    let (stranger, desk) = (Browser::stranger(base), Browser::sign_in(base, "desk@lipowa.example").await);
    let (owner, austin) = (Browser::sign_in(base, "owner@lipowa.example").await, Browser::sign_in(base, "desk@austin.example").await);

    // Paper.
    let sent_away = stranger.get("/dashboard/calendar/print?what=week").await;
    assert_eq!(sent_away.status(), StatusCode::SEE_OTHER);
    let day = desk.get("/dashboard/calendar/print").await;
    assert_eq!(day.status(), StatusCode::OK);
    assert_eq!(day.headers()["cache-control"], "private, no-store");
    let policy = day.headers()["content-security-policy"].to_str().expect("a policy").to_owned();
    assert!(!policy.contains("unsafe"), "{policy}");
    let location = Client::sign_in(base, "desk@lipowa.example").await.get("/locations").await["items"][0]["id"].clone();
    let location = location.as_str().expect("an id");
    for query in [format!("location={location}"), "date=never".to_owned(), "what=everything".to_owned()] {
        let refused = austin.get(&format!("/dashboard/calendar/print?{query}")).await;
        assert_eq!(refused.status(), StatusCode::NOT_FOUND, "{query}");
    }

    // Every paper of every module.
    for (module, paper) in app::modules::MODULES.0.iter().flat_map(|module| module.papers.iter().map(move |paper| (module, paper))) {
        let path = paper.address.replace(":id", &uuid::Uuid::now_v7().to_string());
        assert_eq!(stranger.get(&path).await.status(), StatusCode::SEE_OTHER, "{path}");
        if module.module.product.is_some_and(|product| product != gabinet::PRODUCT) {
            assert_eq!(austin.get(&path).await.status(), StatusCode::FORBIDDEN, "{path}: they do not subscribe to it");
        }
        if paper.address.contains(":id") {
            assert_eq!(owner.get(&path).await.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(owner.get(&path.replace('-', "x")).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    // Days to keep.
    assert_eq!(stranger.get("/dashboard/calendar/days.json").await.status(), StatusCode::UNAUTHORIZED);
    let kept: Value = desk.get("/dashboard/calendar/days.json").await.json().await.expect("JSON");
    assert_eq!(kept["days"].as_array().map(Vec::len), Some(2));
    assert!(kept["words"]["state_checked_in"].is_string() && kept["words"]["rule_busy"].is_string());
    let other = austin.get(&format!("/dashboard/calendar/days.json?location={location}")).await;
    assert_eq!(other.status(), StatusCode::NOT_FOUND);

    // Presence.
    let here = json!({ "tab": uuid::Uuid::now_v7(), "location": location, "date": "2026-11-24" });
    assert_eq!(stranger.here(&here).await, StatusCode::UNAUTHORIZED);
    let (listening, elsewhere) = (owner.get("/live").await.bytes_stream(), austin.get("/live").await.bytes_stream());
    assert_eq!(desk.here(&here).await, StatusCode::OK);
    let (colleague, foreign) = tokio::join!(heard(Box::pin(listening)), heard(Box::pin(elsewhere)));
    assert!(colleague.contains("event: here") && colleague.contains("Ewa Wrona"), "{colleague}");
    assert!(!foreign.contains("event: here"), "{foreign}");
    // Whoever no longer listens is gone, without having said so.
    let listening = owner.get("/live").await.bytes_stream();
    drop(desk.get(&format!("/live?tab={}", here["tab"].as_str().expect("a tab"))).await);
    let left = heard(Box::pin(listening)).await;
    assert!(left.contains("Ewa Wrona") && left.contains("\"gone\":true"), "{left}");
    assert_eq!(desk.here(&json!({ "tab": "x" })).await, StatusCode::UNPROCESSABLE_ENTITY);
    let drag = |column: &str, minutes: u16| json!({ "entry": here["tab"], "column": column, "from": 480, "minutes": minutes });
    for wrong in [
        json!({ "date": "9999-12-31" }),
        json!({ "date": "soon" }),
        json!({ "drag": drag(&"x".repeat(201), 30) }),
        json!({ "drag": drag("", 65_000) }),
    ] {
        let mut said = here.clone();
        said.as_object_mut().expect("an object").extend(wrong.as_object().expect("an object").clone());
        assert_eq!(desk.here(&said).await, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}

#[tokio::test]
async fn another_window_of_ones_own_is_no_colleague() {
    let database = testing::database().await;
    let server = Server::start(&Folder::new("own"), Some(&url(&database))).await;
    let desk = "desk@lipowa.example";
    let (first, second) = (Browser::sign_in(&server.base, desk).await, Browser::sign_in(&server.base, desk).await);
    let colleague = Browser::sign_in(&server.base, "owner@lipowa.example").await;
    let listens = |page: &uuid::Uuid| format!("/live?tab={page}");
    let pages: [uuid::Uuid; 3] = std::array::from_fn(|_| uuid::Uuid::now_v7());
    let (own, theirs) = (first.get(&listens(&pages[0])).await.bytes_stream(), colleague.get(&listens(&pages[1])).await.bytes_stream());
    let here = json!({ "tab": pages[2], "location": null, "date": "2026-11-24" });
    assert_eq!(second.here(&here).await, StatusCode::OK);
    let (own, theirs) = tokio::join!(heard(Box::pin(own)), heard(Box::pin(theirs)));
    assert!(!own.contains("event: here"), "{own}");
    // That the first page is gone may be told before this ends.
    assert_eq!(theirs.matches("\"gone\":false").count(), 1, "{theirs}");
}

/// By which names pages are told of, in order.
fn tabs(heard: &str) -> Vec<&str> {
    heard.split("\"tab\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn nobody_speaks_for_the_page_of_another_and_nobody_hears_their_own() {
    let database = testing::database().await;
    let server = Server::start(&Folder::new("forged"), Some(&url(&database))).await;
    let base = server.base.as_str();
    let (owner, desk) = (Browser::sign_in(base, "owner@lipowa.example").await, Browser::sign_in(base, "desk@lipowa.example").await);
    let listener = Browser::sign_in(base, "doctor@lipowa.example").await;
    let page = uuid::Uuid::now_v7();
    let here = json!({ "tab": page, "location": null, "date": "2026-11-24" });
    let (heard_by_all, own) = (listener.get("/live").await.bytes_stream(), owner.get(&format!("/live?tab={page}")).await.bytes_stream());
    assert_eq!(owner.here(&here).await, StatusCode::OK);
    // Ewa has heard of that page, and says that it is gone.
    assert_eq!(desk.here(&json!({ "tab": page, "location": null, "date": null, "gone": true })).await, StatusCode::OK);
    let (all, own) = tokio::join!(heard(Box::pin(heard_by_all)), heard(Box::pin(own)));
    let told = tabs(&all);
    assert!(told.len() >= 2 && told[0] != told[1], "{all}");
    assert!(all.contains("Hanna") && all.contains("\"gone\":true"), "{all}");
    let own = tabs(&own);
    assert_eq!(own, told[1..2], "the owner hears Ewa and not herself");
}

#[tokio::test]
async fn what_is_booked_at_one_server_is_heard_at_the_other_and_in_no_other_house() {
    let database = testing::database().await;
    let url = url(&database);
    let first = Server::start(&Folder::new("here"), Some(&url)).await;
    let second = Server::start(&Folder::new("there"), Some(&url)).await;
    let colleague = Browser::sign_in(&second.base, "owner@lipowa.example").await;
    let elsewhere = Browser::sign_in(&second.base, "owner@austin.example").await;
    let (listening, foreign) = (colleague.get("/live").await.bytes_stream(), elsewhere.get("/live").await.bytes_stream());
    let desk = Client::sign_in(&first.base, "desk@lipowa.example").await;
    let location = desk.get("/locations").await["items"][0]["id"].clone();
    let meeting = json!({ "activity_type": "meeting", "title": "Delivery", "location": location, "start": "2026-12-02T05:00:00Z",
        "end": "2026-12-02T05:30:00Z" });
    let made = desk.post("/activities", &meeting).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let id = made.json::<Value>().await.expect("JSON")["id"].as_str().expect("an id").to_owned();
    let (told, foreign) = tokio::join!(heard(Box::pin(listening)), heard(Box::pin(foreign)));
    assert!(told.contains(&id), "{told}");
    assert!(!foreign.contains(&id), "{foreign}");
}
