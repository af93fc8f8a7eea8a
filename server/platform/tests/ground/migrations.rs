//! The schema comes to be, also when several servers start at once.

use platform::config::Mode;
use platform::database::{self, DatabaseError};
use platform::testing::empty_database;
use sqlx::ConnectOptions;

#[tokio::test]
async fn two_servers_may_migrate_at_once_and_again_later() {
    let database = empty_database().await;
    let (one, other) =
        tokio::join!(database::migrate(database.owner(), Mode::Development), database::migrate(database.owner(), Mode::Development));
    one.unwrap();
    other.unwrap();
    database::migrate(database.owner(), Mode::Development).await.unwrap();
    let mut owner = database.owner().connect().await.unwrap();
    let months: i64 =
        sqlx::query_scalar("select count(*) from pg_inherits where inhparent = 'actions'::regclass").fetch_one(&mut owner).await.unwrap();
    assert_eq!(months, 6);
}

#[tokio::test]
async fn a_migration_that_was_edited_or_is_unknown_is_named_with_the_way_out() {
    let database = empty_database().await;
    database::migrate(database.owner(), Mode::Development).await.unwrap();
    let mut owner = database.owner().connect().await.unwrap();
    let last: i64 = sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(&mut owner).await.unwrap();
    sqlx::query("update _sqlx_migrations set checksum = 'edited' where version = $1").bind(last).execute(&mut owner).await.unwrap();
    let edited = database::migrate(database.owner(), Mode::Development).await.unwrap_err();
    assert!(matches!(edited, DatabaseError::Edited(version) if version == last), "{edited:?}");
    assert!(edited.to_string().contains("make reset"), "{edited}");
    sqlx::query("update _sqlx_migrations set version = 9999 where version = $1").bind(last).execute(&mut owner).await.unwrap();
    let ahead = database::migrate(database.owner(), Mode::Development).await.unwrap_err();
    assert!(matches!(ahead, DatabaseError::Ahead(9999)), "{ahead:?}");
}

#[tokio::test]
async fn production_refuses_a_database_that_may_forget() {
    let database = empty_database().await;
    let mut owner = database.owner_connection().await;
    let fsync: String = sqlx::query_scalar("show fsync").fetch_one(&mut owner).await.unwrap();
    let started = database::migrate(database.owner(), Mode::Production).await;
    // The tests' own cluster is fast rather than safe; a server of choice may be safe.
    assert_eq!(matches!(started, Err(DatabaseError::Unsafe(_))), fsync == "off");
}
