//! A server that is killed while it talks to another calendar.

use std::time::{Duration, Instant};

use platform::testing;
use serde_json::{Value, json};
use services::calendar::sync::double::Double;

use crate::support::{Client, Folder, Server};

const WAIT: Duration = Duration::from_secs(60);

async fn until(what: &str, mut met: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + WAIT;
    while Instant::now() < end {
        if met().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("{what} did not happen within a minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_while_it_tells_another_calendar_tells_it_once_all_the_same() {
    let double = Double::start().await;
    let database = testing::database().await;
    let url = crate::support::url(&database);
    let folder = Folder::new("sync");
    let settings = [("ATRIUM_CAL_URL", double.base.as_str()), ("ATRIUM_GOOGLE_URL", double.base.as_str())];
    let mut server = Server::start_with(&folder, Some(&url), &settings).await;
    let doctor = Client::sign_in(&server.base, "doctor@lipowa.example").await;
    double.world().page = 100;
    double.world().silent = Some("POST /v2/bookings");
    let new = json!({ "provider": "cal_com", "calendar": "42", "api_key": "cal_live_good", "detail": "initials", "sends": true, "receives": true });
    let made = doctor.post("/calendar/connections", &new).await;
    assert_eq!(made.status(), 201, "{}", made.text().await.unwrap_or_default());
    until("the first booking there", async || double.times("POST /v2/bookings") > 0).await;
    server.kill();
    double.world().silent = None;
    let booked = double.accepted().len();
    assert_eq!(booked, 1, "it was made, and nobody has written that down");

    let server = Server::start_with(&folder, Some(&url), &settings).await;
    // A lease lasts two minutes; nobody waits for it here.
    let owner = crate::support::owner(&database).await;
    sqlx::query("update jobs set lease_until = now()").execute(&owner).await.expect("leases can end");
    let doctor = doctor.at(&server.base);
    until("both sides in step", async || {
        let all = doctor.get("/calendar/connections").await;
        all["items"][0]["unsent"] == 0 && all["items"][0]["synced_at"] != Value::Null
    })
    .await;
    let mut told: Vec<String> = double.accepted().iter().map(|booking| booking["metadata"]["atriumActivity"].to_string()).collect();
    let all = told.len();
    told.sort_unstable();
    told.dedup();
    assert!(all > 1 && told.len() == all, "{all} bookings for {} entries", told.len());
    server.stop();
}
