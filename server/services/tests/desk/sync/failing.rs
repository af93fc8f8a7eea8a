//! What goes wrong on the way, and what comes of it.

use super::*;
use services::calendar::sync::ConnectionState;

#[tokio::test]
async fn a_token_that_has_ended_is_renewed_and_one_that_is_taken_back_asks_for_a_person() {
    let between = between().await;
    between.google().await;
    between.double.world().access.clear();
    between.double.google("dentist", event("2026-11-24T11:00:00+01:00", "2026-11-24T12:00:00+01:00"));
    between.run().await;
    assert_eq!(between.taken().await.len(), 1);

    between.double.world().access.clear();
    between.double.world().revoked = true;
    between.run().await;
    let seen = between.seen().await;
    assert_eq!((seen.state, seen.problem.as_str(), seen.next_in_seconds), (ConnectionState::Broken, "refused", None));
    let mut tx = between.desk.clinic.tx(&between.desk.clinic.anna).await;
    let dead = jobs::list(&mut tx).await.unwrap();
    assert_eq!((dead[0].state.as_str(), dead[0].problem.as_str()), ("dead", "refused"));
    drop(tx);

    let mut tx = between.desk.clinic.tx(between.jan()).await;
    let again = sync::reconnect(&mut tx, seen.id).await.unwrap();
    tx.commit().await.unwrap();
    sync::allowed(&between.desk.clinic.state, between.jan(), &pass(&again.allow_at.unwrap()), Some("good")).await.unwrap();
    between.run().await;
    assert_eq!(between.seen().await.state, ConnectionState::Active);
    assert_eq!(between.taken().await.len(), 1, "what came before the break is there once");
}

#[tokio::test]
async fn a_side_that_asks_for_patience_or_is_away_is_asked_again_later() {
    let between = between().await;
    between.google().await;
    between.meeting(at("10:00")).await;
    between.double.world().faults.push_back(("/events", 429));
    between.run().await;
    let seen = between.seen().await;
    assert_eq!((seen.problem.as_str(), seen.attempts, seen.state), ("slow", 1, ConnectionState::Active));
    assert!((1..=7).contains(&seen.next_in_seconds.unwrap()), "{seen:?}");

    // Three faults are one failed question: it is asked three times.
    between.double.world().faults.extend([("/events", 503), ("/events", 500), ("/events", 502)]);
    between.run().await;
    assert_eq!((between.seen().await.problem.as_str(), between.seen().await.attempts), ("away", 2));
    between.run().await;
    let seen = between.seen().await;
    assert_eq!((seen.problem.as_str(), seen.attempts, seen.unsent), ("", 0, 0));
    assert_eq!(between.double.living().len(), 1);
}

#[tokio::test]
async fn who_is_away_for_long_is_left_alone_for_a_while() {
    let between = between().await;
    between.google().await;
    for _ in 0..6 {
        between.double.world().faults.push_back(("/events", 503));
    }
    between.run().await;
    between.run().await;
    let asked = between.double.world().asked.len();
    between.run().await;
    assert_eq!(between.double.world().asked.len(), asked, "it rests");
    let seen = between.seen().await;
    assert_eq!((seen.problem.as_str(), seen.attempts), ("away", 2), "and that does not count");
}

/// The whole run is dropped where the other side has done what was asked and the answer has not come, as a killed server
/// leaves it.
#[tokio::test]
async fn a_run_that_was_killed_in_the_middle_leaves_nothing_twice() {
    for provider in Provider::ALL {
        let between = between().await;
        between.connect(&new(provider)).await;
        between.run().await;
        between.meeting(at("10:00")).await;
        between.double.booked("foreign", json!({ "start": "2026-11-24T14:00:00.000Z", "end": "2026-11-24T14:30:00.000Z" }));
        between.double.google("foreign", event("2026-11-24T14:00:00Z", "2026-11-24T14:30:00Z"));
        let path = if provider == Provider::Google { "POST /calendar/v3" } else { "POST /v2/bookings" };
        between.double.world().silent = Some(path);
        between.due().await;
        let state = between.desk.clinic.state.clone();
        let run = tokio::spawn(async move { jobs::run_due(&state).await });
        for _ in 0..200 {
            if between.double.times(path) > 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        run.abort();
        let _ = run.await;
        between.double.world().silent = None;
        assert_eq!(jobs::run_due(&between.desk.clinic.state).await.unwrap(), 0, "its lease protects it");
        between.run().await;
        between.run().await;
        let there = match provider {
            Provider::Google => between.double.living(),
            Provider::CalCom => between.double.accepted(),
        };
        assert_eq!(there.len(), 2, "{provider:?}: {there:#?}");
        assert_eq!(between.taken().await.len(), 2, "{provider:?}");
        assert_eq!(between.seen().await.unsent, 0);
    }
}

#[tokio::test]
async fn whoever_has_lost_the_job_writes_nothing_more() {
    let between = between().await;
    between.google().await;
    between.meeting(at("10:00")).await;
    let asked = between.double.times("POST /calendar/v3");
    between.double.world().silent = Some("POST /calendar/v3");
    between.due().await;
    let state = between.desk.clinic.state.clone();
    let slow = tokio::spawn(async move { jobs::run_due(&state).await });
    for _ in 0..200 {
        if between.double.times("POST /calendar/v3") > asked {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    between.double.world().silent = None;
    // Another server takes it over, for its lease has run out, and finishes it.
    between.run().await;
    assert_eq!(between.seen().await.unsent, 0);
    let before: Vec<(String, i64)> = fences(&between).await;
    slow.abort();
    let _ = slow.await;
    assert_eq!(fences(&between).await, before);
    assert_eq!(between.double.living().len(), 1);
}

async fn fences(between: &Between) -> Vec<(String, i64)> {
    let mut owner = between.desk.clinic.database.owner_connection().await;
    sqlx::query_as("select state, fence from jobs").fetch_all(&mut owner).await.unwrap()
}

#[tokio::test]
async fn a_member_who_left_tells_nothing_any_more() {
    let between = between().await;
    between.google().await;
    between.meeting(at("10:00")).await;
    let mut owner = between.desk.clinic.database.owner_connection().await;
    sqlx::query("update memberships set status = 'removed' where user_id = $1").bind(between.jan().user).execute(&mut owner).await.unwrap();
    between.run().await;
    assert!(between.double.living().is_empty());
    let stands: (String, String) = sqlx::query_as("select state, problem from calendar_connections").fetch_one(&mut owner).await.unwrap();
    assert_eq!(stands, ("broken".into(), "member".into()));
}

#[tokio::test]
async fn a_job_that_fails_time_after_time_is_laid_aside_seen_and_done_again_when_somebody_says_so() {
    let between = between().await;
    let connection = between.google().await;
    let mut owner = between.desk.clinic.database.owner_connection().await;
    sqlx::query("update jobs set attempts = 11").execute(&mut owner).await.unwrap();
    between.double.world().faults.extend([("/events", 503), ("/events", 503), ("/events", 503)]);
    between.run().await;
    let mut tx = between.desk.clinic.tx(&between.desk.clinic.anna).await;
    let dead = jobs::list(&mut tx).await.unwrap().pop().unwrap();
    assert_eq!((dead.state.as_str(), dead.attempts, dead.key.clone()), ("dead", 12, connection.id.to_string()));
    assert_eq!(jobs::run_due(&between.desk.clinic.state).await.unwrap(), 0, "nobody tries it by himself");
    jobs::run_now(&mut tx, dead.id).await.unwrap();
    tx.commit().await.unwrap();
    between.run().await;
    assert_eq!(between.seen().await.problem, "");
    let mut tx = between.desk.clinic.tx(between.jan()).await;
    assert_eq!(jobs::list(&mut tx).await.unwrap_err().code(), "denied", "a doctor does not look after the jobs");
}

#[tokio::test]
async fn what_happens_here_brings_the_next_run_forward_and_nobody_elses() {
    let between = between().await;
    between.google().await;
    assert!(between.seen().await.next_in_seconds.unwrap() > 200);
    between.meeting(at("10:00")).await;
    let follower = tokio::spawn(sync::follow(between.desk.clinic.state.clone()));
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        if between.seen().await.next_in_seconds.unwrap() <= 4 {
            break;
        }
    }
    follower.abort();
    assert!(between.seen().await.next_in_seconds.unwrap() <= 4);
}
