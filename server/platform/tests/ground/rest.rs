//! The REST door's own ways to fail.

use super::MODULES;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use axum::routing::{get, post};
use axum::{Router, middleware};
use platform::error::{Error, Problem};
use platform::rest::{self, Json, Path, RestTx, correlation};
use platform::testing::clinic;
use platform::{State, id::EntityId};
use tower::ServiceExt;

fn router(state: State) -> Router {
    Router::new()
        .route("/notes/{id}", get(async |_: RestTx, Path(id): Path<EntityId>| Json(id)))
        .route("/broken", get(async || -> Result<(), Error> { Err(Error::internal("secret")) }))
        .route("/echo", post(async |Json(body): Json<serde_json::Value>| Json(body)))
        .layer(middleware::from_fn(rest::body::whole))
        .layer(middleware::from_fn(correlation::correlate))
        .with_state(state)
}

async fn problem(response: Response<Body>) -> Problem {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let correlation = response.headers()["x-correlation-id"].to_str().unwrap().to_owned();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let problem: Problem = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem.correlation_id.unwrap().to_string(), correlation);
    problem
}

#[tokio::test]
async fn every_failure_is_a_problem_with_the_answers_correlation_id() {
    let clinic = clinic(MODULES).await;
    let router = router(clinic.state.clone());
    let call = |request: Request<Body>| router.clone().oneshot(request);

    let request = Request::get(format!("/notes/{}", EntityId::new())).body(Body::empty()).unwrap();
    let answer = call(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(problem(answer).await.code, "unauthenticated");

    let answer = call(Request::get("/broken").body(Body::empty()).unwrap()).await.unwrap();
    let told = problem(answer).await;
    assert_eq!((told.status, told.detail.contains("secret")), (500, false));

    let json = |body: Vec<u8>| Request::post("/echo").header("content-type", "application/json").body(Body::from(body)).unwrap();
    assert_eq!(problem(call(json(b"{".to_vec())).await.unwrap()).await.status, 400);
    assert_eq!(problem(call(json(vec![b' '; rest::body::LARGEST + 1])).await.unwrap()).await.status, 413);
    assert_eq!(call(json(b"{}".to_vec())).await.unwrap().status(), StatusCode::OK);
}
