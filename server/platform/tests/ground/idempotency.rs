//! Asked twice, done once.

use super::{MODULES, record};
use platform::error::Error;
use platform::idempotency::{idempotent, store};
use platform::testing::{Clinic, clinic};
use platform::{Result, Tx, tx::Door};
use serde_json::{Value, json};

const ROUTE: &str = "POST /notes";

/// What a handler does: looks for the kept answer, has its effect, keeps the answer, all in one transaction.
async fn note(clinic: &Clinic, who: &platform::sessions::Identity, key: Option<&str>, request: &Value) -> Result<(u16, Value, bool)> {
    let mut tx = Tx::begin(&clinic.state, who, Door::Rest).await?;
    if let Some((status, body)) = idempotent(&mut tx, ROUTE, key, request).await? {
        return Ok((status, body, true));
    }
    let id = record(&mut tx, "Idempotent").await;
    let body = json!({ "id": id });
    store(&mut tx, ROUTE, key, 201, &body).await?;
    tx.commit().await?;
    Ok((201, body, false))
}

async fn notes(clinic: &Clinic) -> i64 {
    let mut tx = clinic.tx(&clinic.anna).await;
    sqlx::query_scalar("select count(*) from entities where title = 'Idempotent'").fetch_one(tx.conn()).await.unwrap()
}

#[tokio::test]
async fn the_same_request_with_the_same_key_is_answered_again_but_not_done_again() {
    let clinic = clinic(MODULES).await;
    let request = json!({"title": "Visit"});
    let (status, body, replayed) = note(&clinic, &clinic.ewa, Some("k1"), &request).await.unwrap();
    assert!(!replayed);
    assert_eq!(note(&clinic, &clinic.ewa, Some("k1"), &request).await.unwrap(), (status, body, true));
    assert_eq!(notes(&clinic).await, 1);
    // Another user's key of the same name, and no key at all, are other requests.
    assert!(!note(&clinic, &clinic.jan, Some("k1"), &request).await.unwrap().2);
    assert!(!note(&clinic, &clinic.ewa, None, &request).await.unwrap().2);
    assert_eq!(notes(&clinic).await, 3);
}

#[tokio::test]
async fn another_request_with_the_same_key_is_refused() {
    let clinic = clinic(MODULES).await;
    note(&clinic, &clinic.ewa, Some("k1"), &json!({"title": "Visit"})).await.unwrap();
    let refused = note(&clinic, &clinic.ewa, Some("k1"), &json!({"title": "Other"})).await.unwrap_err();
    assert_eq!((refused.status(), refused.code()), (422, "idempotency_key_reused"));
    assert!(matches!(note(&clinic, &clinic.ewa, Some(""), &json!({})).await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn many_at_once_with_one_key_are_done_once() {
    let clinic = clinic(MODULES).await;
    let request = json!({"title": "Visit"});
    let all = futures::future::join_all((0..16).map(|_| note(&clinic, &clinic.ewa, Some("k1"), &request))).await;
    let answers: Vec<_> = all.into_iter().map(|answer| answer.unwrap()).collect();
    assert_eq!(answers.iter().filter(|(_, _, replayed)| !replayed).count(), 1);
    assert!(answers.iter().all(|(status, body, _)| (*status, body) == (201, &answers[0].1)));
    assert_eq!(notes(&clinic).await, 1);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_week() {
    let clinic = clinic(MODULES).await;
    note(&clinic, &clinic.ewa, Some("k1"), &json!({"title": "Visit"})).await.unwrap();
    let mut owner = clinic.database.owner_connection().await;
    sqlx::query("update idempotency_keys set created_at = created_at - interval '8 days'").execute(&mut owner).await.unwrap();
    assert!(!note(&clinic, &clinic.ewa, Some("k1"), &json!({"title": "Other"})).await.unwrap().2);
}
