//! `/scheduling`: the rules asked about a scenario that is told in full. Whoever is a member may; nothing is kept, so it is
//! a POST for its body's sake alone.

use axum::extract::DefaultBodyLimit;
use platform::{
    Error, Result, State, Tx,
    rest::{Json, Problems, RestTx, body::LARGEST_SCENARIO},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task::spawn_blocking,
    time::timeout,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::calendar::rehearsal::{self, Boxes, Check, Checked, Deadline, PATIENCE, Picture, Scenario, Simulated};

/// Arithmetic on so many threads at once, so that rehearsals leave some for everybody else.
static BENCHES: Semaphore = Semaphore::const_new(2);

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(simulate))
        .routes(routes!(check))
        .routes(routes!(layout))
        .layer(DefaultBodyLimit::max(LARGEST_SCENARIO))
}

/// Find the free times of a scenario.
///
/// At most 200 resources, 400 days, 20,000 bookings and 2 seconds. With `explain` the other starts of the grid are listed
/// with all reasons, for the first resource of each need.
#[utoipa::path(post, path = "/scheduling/simulate", tag = "scheduling", request_body = Scenario, security(("bearer" = [])),
    responses((status = 200, description = "The free times, by instant.", body = Simulated), Problems))]
async fn simulate(RestTx(tx): RestTx, Json(told): Json<Scenario>) -> Result<Json<Simulated>> {
    rehearse(tx, move |deadline| rehearsal::simulate(&told, deadline)).await
}

/// Judge one time in a scenario.
///
/// The time need not lie on the grid, nor between the dates: those are where alternatives are looked for.
#[utoipa::path(post, path = "/scheduling/check", tag = "scheduling", request_body = Check, security(("bearer" = [])),
    responses((status = 200, description = "Whether it is free, and if not why, and what is.", body = Checked), Problems))]
async fn check(RestTx(tx): RestTx, Json(told): Json<Check>) -> Result<Json<Checked>> {
    rehearse(tx, move |deadline| rehearsal::check(told, deadline)).await
}

/// Lay out a day's events beside each other.
#[utoipa::path(post, path = "/scheduling/layout", tag = "scheduling", request_body = Picture, security(("bearer" = [])),
    responses((status = 200, description = "The column of each.", body = Boxes), Problems))]
async fn layout(RestTx(tx): RestTx, Json(told): Json<Picture>) -> Result<Json<Boxes>> {
    rehearse(tx, move |_| rehearsal::boxes(&told)).await
}

/// Runs it where it keeps nobody waiting: not on the threads that answer, and without the transaction that was needed
/// to know who asks.
async fn rehearse<T: Send + 'static>(tx: Tx, run: impl FnOnce(Deadline) -> Result<T> + Send + 'static) -> Result<Json<T>> {
    tx.commit().await?;
    let bench: SemaphorePermit<'static> = BENCHES.acquire().await.map_err(Error::internal)?;
    let run = spawn_blocking(move || {
        // Held until it is done, also where nobody waits for it any longer.
        let _bench = bench;
        run(Deadline::after(PATIENCE))
    });
    match timeout(PATIENCE, run).await {
        Ok(done) => done.map_err(Error::internal)?.map(Json),
        Err(_) => Err(rehearsal::too_long()),
    }
}
