//! Everyone who looks is told, nobody else is, and a late commit is not skipped.

use super::{MODULES, record};
use platform::id::EntityRef;
use platform::testing::clinic;
use platform::{actions, live};
use std::time::Duration;
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_change_is_told_to_its_own_organization() {
    let clinic = clinic(MODULES).await;
    let mut ours = clinic.state.live.subscribe(clinic.organization);
    let mut theirs = clinic.state.live.subscribe(clinic.foreign_organization);
    let follower = tokio::spawn(live::follow(clinic.state.clone()));
    // The follower starts where the feed is when it starts.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut tx = clinic.tx(&clinic.ewa).await;
    let id = record(&mut tx, "Visit").await;
    actions::record(&mut tx, EntityRef::new("note", id), "created", None, None).await.unwrap();
    tx.commit().await.unwrap();

    let event = timeout(SOON, ours.recv()).await.unwrap().unwrap();
    assert_eq!((event.entity_id, event.action.as_str()), (id, "created"));
    assert!(theirs.try_recv().is_err());
    follower.abort();
}

#[tokio::test]
async fn a_transaction_that_commits_late_is_told_all_the_same() {
    let clinic = clinic(MODULES).await;
    let mut told = clinic.state.live.subscribe(clinic.organization);
    let follower = tokio::spawn(live::follow(clinic.state.clone()));
    tokio::time::sleep(Duration::from_millis(500)).await;

    let mut late = clinic.tx(&clinic.ewa).await;
    let first = record(&mut late, "Begun first").await;
    actions::record(&mut late, EntityRef::new("note", first), "created", None, None).await.unwrap();
    let mut early = clinic.tx(&clinic.jan).await;
    let second = record(&mut early, "Committed first").await;
    actions::record(&mut early, EntityRef::new("note", second), "created", None, None).await.unwrap();
    early.commit().await.unwrap();
    // The one that takes long holds nobody up.
    assert_eq!(timeout(SOON, told.recv()).await.unwrap().unwrap().entity_id, second);
    late.commit().await.unwrap();
    assert_eq!(timeout(SOON, told.recv()).await.unwrap().unwrap().entity_id, first);
    // Each is told once.
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(told.try_recv().is_err());
    follower.abort();
}
