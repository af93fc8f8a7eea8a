//! Requests whose transactions meet are answered all the same.

use super::{MODULES, record};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::routing::post;
use axum::{Router, middleware};
use platform::error::Error;
use platform::rest::{self, Path};
use platform::testing::{Clinic, clinic};
use platform::tx::Door;
use platform::{Tx, entities, id::EntityId};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::Barrier;
use tower::ServiceExt;

/// A door that holds one record, waits for the other request the first time, and wants the other record.
fn crosswise(clinic: &Clinic, attempts: Arc<AtomicU32>) -> Router {
    let (state, anna, both_hold_one) = (clinic.state.clone(), clinic.anna.clone(), Arc::new(Barrier::new(2)));
    let touch = async move |Path((first, second)): Path<(EntityId, EntityId)>, title: String| -> Result<String, Error> {
        let mut tx = Tx::begin(&state, &anna, Door::Rest).await?;
        entities::update(&mut tx, first, &title, "", None).await?;
        if attempts.fetch_add(1, Ordering::SeqCst) < 2 {
            both_hold_one.wait().await;
        }
        entities::update(&mut tx, second, &title, "", None).await?;
        tx.commit().await?;
        Ok(title)
    };
    Router::new().route("/touch/{first}/{second}", post(touch)).layer(middleware::from_fn(rest::again::again))
}

async fn ask(router: &Router, path: &str, body: &'static str) -> (StatusCode, String) {
    let answer = router.clone().oneshot(Request::post(path).body(Body::from(body)).unwrap()).await.unwrap();
    let (status, body) = (answer.status(), to_bytes(answer.into_body(), 1 << 20).await.unwrap());
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn of_two_requests_that_wait_for_each_other_both_are_answered() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let (a, b) = (record(&mut tx, "a").await, record(&mut tx, "b").await);
    tx.commit().await.unwrap();
    let attempts = Arc::new(AtomicU32::new(0));
    let router = crosswise(&clinic, attempts.clone());
    let (there, back) = (format!("/touch/{a}/{b}"), format!("/touch/{b}/{a}"));
    let (one, other) = tokio::join!(ask(&router, &there, "one"), ask(&router, &back, "other"));
    assert_eq!(one, (StatusCode::OK, "one".into()), "the body is there again");
    assert_eq!(other, (StatusCode::OK, "other".into()));
    assert_eq!(attempts.load(Ordering::SeqCst), 3, "the database has ended one of them once");
}

/// How often a door is asked that always meets somebody, after it has committed what it says.
async fn tried(clinic: &Clinic, commits: bool, begins: bool) -> u32 {
    let (state, anna, attempts) = (clinic.state.clone(), clinic.anna.clone(), Arc::new(AtomicU32::new(0)));
    let count = attempts.clone();
    let meet = async move || -> Result<(), Error> {
        count.fetch_add(1, Ordering::SeqCst);
        if begins {
            let mut tx = Tx::begin(&state, &anna, Door::Rest).await?;
            record(&mut tx, "Met").await;
            if commits {
                tx.commit().await?;
            }
        }
        Err(Error::Contended)
    };
    let router = Router::new().route("/meet", post(meet)).layer(middleware::from_fn(rest::again::again));
    let (status, told) = ask(&router, "/meet", "").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(told.contains("\"busy\""), "{told}");
    attempts.load(Ordering::SeqCst)
}

#[tokio::test]
async fn a_request_is_tried_three_times_and_never_again_once_something_of_it_is_kept() {
    let clinic = clinic(MODULES).await;
    assert_eq!(tried(&clinic, false, true).await, 3);
    assert_eq!(tried(&clinic, true, true).await, 1, "what was committed would be done twice");
    assert_eq!(tried(&clinic, false, false).await, 1, "it met nobody in a transaction that could be begun anew");
    let mut tx = clinic.tx(&clinic.anna).await;
    let kept: i64 = sqlx::query_scalar("select count(*) from entities where title = 'Met'").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(kept, 1);
}
