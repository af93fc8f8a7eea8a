//! The action log tells everything, once, and forgets nothing.

use super::{MODULES, record};
use platform::id::EntityRef;
use platform::testing::clinic;
use platform::{Tx, actions};
use serde_json::json;

#[tokio::test]
async fn the_log_is_written_with_what_it_tells_and_cannot_be_rewritten() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.ewa).await;
    let id = record(&mut tx, "Visit").await;
    actions::record(&mut tx, EntityRef::new("note", id), "created", None, Some(json!({"title": "Visit"}))).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = Tx::begin_for_job(&clinic.state, clinic.organization).await.unwrap();
    actions::record(&mut tx, EntityRef::new("note", id), "archived", None, None).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = clinic.tx(&clinic.anna).await;
    let told = actions::timeline(&mut tx, id, 10).await.unwrap();
    let told: Vec<_> = told.iter().map(|row| (row.verb.as_str(), row.user_name.as_deref())).collect();
    assert_eq!(told, [("archived", None), ("created", Some("Ewa Kowalska"))]);
    drop(tx);

    for statement in ["update actions set action = 'x'", "delete from actions", "truncate actions"] {
        let mut tx = clinic.tx(&clinic.anna).await;
        let refused = sqlx::query(statement).execute(tx.conn()).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{statement}: {refused}");
    }
    let mut tx = clinic.tx(&clinic.stranger).await;
    assert!(actions::timeline(&mut tx, id, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_rolled_back_is_not_told() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.ewa).await;
    let id = record(&mut tx, "Visit").await;
    actions::record(&mut tx, EntityRef::new("note", id), "created", None, None).await.unwrap();
    drop(tx);
    let told: i64 =
        sqlx::query_scalar("select count(*) from action_feed where entity_id = $1").bind(id).fetch_one(&clinic.state.pool).await.unwrap();
    assert_eq!(told, 0);
}

#[tokio::test]
async fn entries_outside_the_prepared_months_are_kept_too() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let id = record(&mut tx, "Old").await;
    let organization = tx.organization();
    sqlx::query(
        "insert into actions (organization_id, id, at, door, entity_type, entity_id, action)
         values ($1, gen_random_uuid(), '1999-01-01', 'job', 'note', $2, 'created')",
    )
    .bind(organization)
    .bind(id)
    .execute(tx.conn())
    .await
    .unwrap();
    assert_eq!(actions::timeline(&mut tx, id, 10).await.unwrap().len(), 1);
}
