//! Everyone who looks is told, nobody else is, and a late commit is not skipped.

use super::{MODULES, record};
use platform::id::EntityRef;
use platform::testing::clinic;
use platform::{State, actions, live};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use uuid::Uuid;

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

#[tokio::test]
async fn what_a_colleague_says_is_heard_once_at_every_server_and_nowhere_else() {
    let clinic = clinic(MODULES).await;
    let (here, there) = (clinic.state.clone(), State { live: live::Hub::default(), ..clinic.state.clone() });
    let mut hears = [here.live.hear(clinic.organization), there.live.hear(clinic.organization)];
    let mut stranger = there.live.hear(clinic.foreign_organization);
    let followers = [tokio::spawn(live::follow(here.clone())), tokio::spawn(live::follow(there.clone()))];
    tokio::time::sleep(Duration::from_millis(500)).await;
    let tab = Uuid::new_v4();
    // Of what one tab says in quick succession, other servers hear the last.
    here.live.say(clinic.organization, tab, "first".into());
    here.live.say(clinic.organization, tab, "second".into());
    assert_eq!(&*timeout(SOON, hears[0].recv()).await.unwrap().unwrap(), "first");
    assert_eq!(&*timeout(SOON, hears[0].recv()).await.unwrap().unwrap(), "second");
    let mut last = timeout(SOON, hears[1].recv()).await.unwrap().unwrap();
    if &*last == "first" {
        last = timeout(SOON, hears[1].recv()).await.unwrap().unwrap();
    }
    assert_eq!(&*last, "second");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(hears[0].try_recv().is_err(), "nobody hears himself twice");
    assert!(hears[1].try_recv().is_err(), "each word is told once");
    assert!(stranger.try_recv().is_err(), "other tenants hear nothing");
    followers.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_change_is_told_soon_also_to_who_comes_after_a_quiet_time() {
    let clinic = clinic(MODULES).await;
    let follower = tokio::spawn(live::follow(clinic.state.clone()));
    tokio::time::sleep(Duration::from_millis(700)).await;
    let mut told = clinic.state.live.subscribe(clinic.organization);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut times = Vec::new();
    for _ in 0..10 {
        let mut tx = clinic.tx(&clinic.ewa).await;
        let id = record(&mut tx, "Visit").await;
        actions::record(&mut tx, EntityRef::new("note", id), "created", None, None).await.unwrap();
        tx.commit().await.unwrap();
        let committed = Instant::now();
        assert_eq!(timeout(SOON, told.recv()).await.unwrap().unwrap().entity_id, id);
        times.push(committed.elapsed());
    }
    times.sort_unstable();
    assert!(times[5] < Duration::from_millis(250), "{times:?}");
    follower.abort();
}
