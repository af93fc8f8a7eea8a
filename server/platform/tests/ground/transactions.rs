//! All or nothing; and again where another was in the way.

use super::{MODULES, record};
use platform::error::{Error, ResultExt};
use platform::testing::clinic;
use platform::tx::retry;
use platform::{Tx, counters, tx::Door};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Barrier;

#[tokio::test]
async fn what_is_not_committed_never_was() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let kept = record(&mut tx, "Kept").await;
    tx.commit().await.unwrap();
    let mut tx = clinic.tx(&clinic.anna).await;
    let dropped = record(&mut tx, "Dropped").await;
    drop(tx);

    let mut tx = clinic.tx(&clinic.anna).await;
    let there: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from entities where id = any($1)").bind(vec![kept, dropped]).fetch_all(tx.conn()).await.unwrap();
    assert_eq!(there, [kept.0]);
}

#[tokio::test]
async fn a_transaction_sees_one_instant_of_the_servers_clock() {
    let clinic = clinic(MODULES).await;
    let tx = clinic.tx(&clinic.anna).await;
    let start = platform::testing::at(platform::testing::CLINIC_STARTS_AT);
    assert!(tx.now() >= start && tx.now() < start + chrono::Duration::minutes(5));
    let before = tx.now();
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(tx.now(), before);
}

#[tokio::test]
async fn numbers_have_no_gaps_although_transactions_fail() {
    let clinic = clinic(MODULES).await;
    let state = &clinic.state;
    let tasks = (0..40).map(|n| {
        let (state, anna) = (state.clone(), clinic.anna.clone());
        tokio::spawn(async move {
            let mut tx = Tx::begin(&state, &anna, Door::Rest).await.unwrap();
            let number = counters::next(&mut tx, "invoice").await.unwrap();
            // Every third one thinks better of it.
            if n % 3 == 0 {
                return None;
            }
            tx.commit().await.unwrap();
            Some(number)
        })
    });
    let mut numbers = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        numbers.extend(task.await.unwrap());
    }
    numbers.sort();
    let expected: Vec<i64> = (1..=numbers.len() as i64).collect();
    assert_eq!(numbers, expected);
}

#[tokio::test]
async fn a_serialization_failure_is_tried_again_and_then_succeeds() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let id = record(&mut tx, "0").await;
    tx.commit().await.unwrap();

    // As in a report that must see one state of things; the server's own transactions read what is committed.
    let strict = clinic.database.owner().clone().options([("default_transaction_isolation", "repeatable read")]);
    let pool = platform::database::serving(&strict, Default::default()).await.unwrap();
    let state = platform::State { pool, ..clinic.state.clone() };
    let (both_have_read, attempts) = (Barrier::new(2), AtomicU32::new(0));
    let add_one = || async {
        let attempt = AtomicU32::new(0);
        retry(|| async {
            attempts.fetch_add(1, Ordering::SeqCst);
            let mut tx = Tx::begin(&state, &clinic.anna, Door::Rest).await?;
            let title: String = sqlx::query_scalar("select title from entities where id = $1").bind(id).fetch_one(tx.conn()).await?;
            if attempt.fetch_add(1, Ordering::SeqCst) == 0 {
                both_have_read.wait().await;
            }
            let next = title.parse::<i32>().unwrap() + 1;
            platform::entities::update(&mut tx, id, &next.to_string(), "", None).await?;
            tx.commit().await
        })
        .await
    };
    let (one, other) = tokio::join!(add_one(), add_one());
    one.unwrap();
    other.unwrap();
    assert_eq!(attempts.load(Ordering::SeqCst), 3);
    let mut tx = clinic.tx(&clinic.anna).await;
    let title: String = sqlx::query_scalar("select title from entities where id = $1").bind(id).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(title, "2");
}

#[tokio::test]
async fn the_databases_own_word_for_contention_is_understood() {
    let clinic = clinic(MODULES).await;
    for (code, retryable, status) in [("40001", true, 503), ("40P01", true, 503), ("55P03", false, 503), ("23514", false, 500)] {
        let mut tx = clinic.tx(&clinic.anna).await;
        let raised = format!("do $$ begin raise exception 'x' using errcode = '{code}'; end $$");
        let error: Error = sqlx::query(sqlx::AssertSqlSafe(raised)).execute(tx.conn()).await.unwrap_err().into();
        assert_eq!((error.is_retryable(), error.status()), (retryable, status), "{code}");
    }
}

#[tokio::test]
async fn a_deadlock_is_tried_again() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let (a, b) = (record(&mut tx, "a").await, record(&mut tx, "b").await);
    tx.commit().await.unwrap();
    let both_hold_one = Barrier::new(2);
    let touch = |first, second| {
        let (clinic, both_hold_one) = (&clinic, &both_hold_one);
        async move {
            let attempt = AtomicU32::new(0);
            retry(|| async {
                let mut tx = clinic.tx(&clinic.anna).await;
                platform::entities::update(&mut tx, first, "x", "", None).await?;
                if attempt.fetch_add(1, Ordering::SeqCst) == 0 {
                    both_hold_one.wait().await;
                }
                platform::entities::update(&mut tx, second, "y", "", None).await?;
                tx.commit().await
            })
            .await
        }
    };
    let (one, other) = tokio::join!(touch(a, b), touch(b, a));
    one.unwrap();
    other.unwrap();
}

#[tokio::test]
async fn a_pool_that_is_exhausted_says_so_within_a_second() {
    let clinic = clinic(MODULES).await;
    let size = platform::database::PoolSize { connections: 1, wait: Duration::from_secs(1) };
    let pool = platform::database::serving(clinic.database.owner(), size).await.unwrap();
    let state = platform::State { pool, ..clinic.state.clone() };
    let held = Tx::begin(&state, &clinic.anna, Door::Rest).await.unwrap();
    let started = Instant::now();
    let refused = Tx::begin(&state, &clinic.anna, Door::Rest).await.err().unwrap();
    assert!(matches!(refused, Error::Unavailable));
    assert!(started.elapsed() < Duration::from_secs(3));
    drop(held);
    Tx::begin(&state, &clinic.anna, Door::Rest).await.unwrap();
}

#[tokio::test]
async fn a_named_constraint_carries_its_message() {
    let clinic = clinic(MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let organization = tx.organization();
    let teams = "insert into teams (organization_id, id, name) values ($1, gen_random_uuid(), 'Nurses')";
    sqlx::query(teams).bind(organization).execute(tx.conn()).await.unwrap();
    let refused = sqlx::query(teams)
        .bind(organization)
        .execute(tx.conn())
        .await
        .on_constraint("another", || Error::NotFound)
        .on_constraint("teams_name_key", || Error::conflict("duplicate", "There is such a team."))
        .unwrap_err();
    assert_eq!((refused.status(), refused.code()), (409, "duplicate"));
}
