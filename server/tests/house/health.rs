//! What whoever restarts or routes is told, and that those who sign in do not keep others from their work.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use reqwest::StatusCode;

use crate::support::{Client, Folder, Server, owner, ready, url};

async fn status(base: &str, path: &str) -> StatusCode {
    reqwest::get(format!("{base}/health/{path}")).await.expect("the server answers").status()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_not_ready_while_its_database_is_away_and_is_again_by_itself() {
    let database = platform::testing::database().await;
    let owner = owner(&database).await;
    let server = Server::start(&Folder::new("health"), Some(&url(&database))).await;
    ready(&server.base).await;

    // Nobody gets in any more, and whoever is in is sent away.
    let name: String = sqlx::query_scalar("select current_database()").fetch_one(&owner).await.expect("the database answers");
    let allow = |on: bool| sqlx::AssertSqlSafe(format!("alter database \"{name}\" with allow_connections {on}"));
    let mut outside = outside(&database).await;
    sqlx::query(allow(false)).execute(&mut outside).await.expect("it is closed");
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1")
        .bind(&name)
        .execute(&mut outside)
        .await
        .expect("they are sent away");
    assert_eq!(status(&server.base, "ready").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status(&server.base, "live").await, StatusCode::OK, "nobody restarts it for that");

    sqlx::query(allow(true)).execute(&mut outside).await.expect("it is open");
    ready(&server.base).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_whose_server_was_killed_is_begun_anew_and_one_that_is_done_is_left_alone() {
    let database = platform::testing::database().await;
    let owner = owner(&database).await;
    let (folder, url) = (Folder::new("half"), url(&database));
    let count = async || {
        let sql =
            "select (select count(*) from users where name = 'Changed'), (select count(*) from users), (select count(*) from demo_begun)";
        sqlx::query_as::<_, (i64, i64, i64)>(sql).fetch_one(&owner).await.expect("the database answers")
    };
    Server::start(&folder, Some(&url)).await.stop();
    sqlx::query("update users set name = 'Changed'").execute(&owner).await.expect("changed");
    Server::start(&folder, Some(&url)).await.stop();
    let (changed, all, begun) = count().await;
    assert_eq!((changed, begun), (all, 0), "what is done is left alone");

    // As it is when the server was killed while it wrote.
    sqlx::query("insert into demo_begun default values").execute(&owner).await.expect("as if it had been begun");
    let server = Server::start(&folder, Some(&url)).await;
    assert_eq!(count().await, (0, all, 0));
    Client::sign_in(&server.base, "desk@austin.example").await.get("/calendar?from=2026-11-24&to=2026-11-25").await;
}

/// A connection to the same cluster, and not to this database.
async fn outside(database: &platform::testing::Database) -> sqlx::PgConnection {
    use sqlx::Connection;
    sqlx::PgConnection::connect_with(&database.owner().clone().database("postgres")).await.expect("a connection")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_sign_ins_waits_while_the_calendar_is_read() {
    let folder = Folder::new("flood");
    let server = Server::start(&folder, None).await;
    let desk = Client::sign_in(&server.base, "desk@lipowa.example").await;
    let over = Arc::new(AtomicUsize::new(0));
    let many = 40;
    let flood: Vec<_> = (0..many)
        .map(|_| {
            let (base, over) = (server.base.clone(), over.clone());
            tokio::spawn(async move {
                let body = serde_json::json!({ "email": "owner@lipowa.example", "password": server::demo::PASSWORD });
                let answer = Client::stranger(&base).post("/auth/staff/login", &body).await;
                over.fetch_add(1, Ordering::SeqCst);
                answer.status()
            })
        })
        .collect();
    // All of them are on their way when the first has been let in.
    while over.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    for _ in 0..5 {
        desk.get("/calendar?from=2026-11-24&to=2026-11-25").await;
    }
    let let_in = over.load(Ordering::SeqCst);
    assert!(let_in < many, "the calendar was read five times while {let_in} of {many} were let in");
    for one in flood {
        let status = one.await.expect("no panic");
        // Those at the end of the queue may be asked to come again; nobody is refused for good.
        assert!(matches!(status, StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS), "{status}");
    }
}
