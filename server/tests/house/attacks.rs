//! What has been tried against a running server and must not work again.

use std::time::Duration;

use futures::StreamExt;
use reqwest::{Method, StatusCode, header, redirect::Policy};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{Client, Folder, Server};

const SOON: Duration = Duration::from_secs(10);

/// A browser without a cookie jar: who signs in is told the cookie and sends it along.
struct Browser {
    http: reqwest::Client,
    base: String,
}

impl Browser {
    fn at(base: &str) -> Self {
        Self { http: reqwest::Client::builder().redirect(Policy::none()).build().expect("a client"), base: base.to_owned() }
    }

    /// Signs in by the form; gives the cookie and where the browser is sent.
    async fn sign_in(&self, email: &str, next: &str) -> (String, String) {
        let form = [("email", email), ("password", server::demo::PASSWORD), ("next", next)];
        let answer = self.http.post(format!("{}/sign-in", self.base)).form(&form).send().await.expect("the server answers");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{next:?}");
        let said = |name| answer.headers()[name].to_str().expect("plain text").to_owned();
        (said(header::SET_COOKIE).split(';').next().expect("a cookie").to_owned(), said(header::LOCATION))
    }

    async fn page(&self, cookie: &str, path: &str) -> String {
        let request = self.http.get(format!("{}{path}", self.base)).header(header::COOKIE, cookie);
        request.send().await.expect("the server answers").text().await.expect("a page")
    }

    /// Listens until the stream ends, and tells how often it spoke of patients; none if it never ended.
    async fn listen(&self, name: header::HeaderName, value: &str) -> tokio::task::JoinHandle<Option<usize>> {
        let answer = self.http.get(format!("{}/live", self.base)).header(name, value).send().await.expect("the server answers");
        assert_eq!(answer.status(), StatusCode::OK);
        tokio::spawn(async move {
            let heard = answer.bytes_stream().filter_map(async |chunk| chunk.ok());
            let all = heard.fold(String::new(), async |all, chunk| all + &String::from_utf8_lossy(&chunk));
            timeout(SOON, all).await.ok().map(|all| all.matches("gabinet:patient").count())
        })
    }
}

/// A name may hold markup of its own; it is shown, also as the page's title, and never obeyed.
async fn a_name_is_no_markup(owner: &Client, browser: &Browser, cookie: &str) {
    let name = "</title><meta http-equiv=refresh content=0;url=//evil.example>";
    let made = owner.post("/patients", &json!({"given_name": name, "family_name": "</script><script>alert(1)"})).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let made: Value = made.json().await.expect("JSON");
    let page = browser.page(cookie, &format!("/dashboard/people/{}", made["id"].as_str().expect("an id"))).await;
    assert!(page.contains("<title>&lt;/title&gt;&lt;meta"), "{page}");
    assert!(!page.contains("<meta http-equiv") && !page.contains("<script>alert"), "{page}");
}

/// Whoever has signed out or was removed hears nothing more, though the stream was opened before.
async fn no_ear_stays_at_the_door(owner: &Client, browser: &Browser, base: &str) {
    let change = async || assert_eq!(owner.post("/patients", &json!({"given_name": "A", "family_name": "B"})).await.status(), 201);

    let (cookie, _) = browser.sign_in("owner@lipowa.example", "").await;
    // What was changed before is told first.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let ear = browser.listen(header::COOKIE, &cookie).await;
    let out = browser.http.post(format!("{base}/sign-out")).header(header::COOKIE, &cookie);
    assert_eq!(out.send().await.expect("the server answers").status(), StatusCode::SEE_OTHER);
    tokio::time::sleep(Duration::from_secs(1)).await;
    change().await;
    assert_eq!(ear.await.expect("it listened"), Some(0));

    let desk = Client::sign_in(base, "desk@lipowa.example").await;
    let me = desk.get("/me").await;
    let (cookie, _) = browser.sign_in("desk@lipowa.example", "").await;
    // As above: the last change is heard by whoever comes too soon after it.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let ear = browser.listen(header::COOKIE, &cookie).await;
    let removed = owner.request(Method::DELETE, &format!("/members/{}", me["user"].as_str().expect("an id")));
    assert_eq!(removed.send().await.expect("the server answers").status(), StatusCode::NO_CONTENT);
    tokio::time::sleep(Duration::from_secs(1)).await;
    change().await;
    assert_eq!(ear.await.expect("it listened"), Some(0));
}

#[tokio::test]
async fn what_has_been_tried_against_the_doors_does_not_work() {
    let folder = Folder::new("attacks");
    let server = Server::start(&folder, None).await;
    let owner = Client::sign_in(&server.base, "owner@lipowa.example").await;
    let browser = Browser::at(&server.base);
    let (cookie, _) = browser.sign_in("owner@lipowa.example", "").await;

    for next in ["/\0", "/\u{7f}", "/\t/evil.example", "//evil.example", "/\\evil.example", "https://evil.example"] {
        assert_eq!(browser.sign_in("owner@lipowa.example", next).await.1, "/dashboard/calendar");
    }
    let people = owner.request(Method::GET, "/patients?limit=1").send().await.expect("the server answers");
    assert_eq!(people.headers()[header::CACHE_CONTROL], "private, no-store");
    a_name_is_no_markup(&owner, &browser, &cookie).await;
    no_ear_stays_at_the_door(&owner, &browser, &server.base).await;
    server.stop();
}
