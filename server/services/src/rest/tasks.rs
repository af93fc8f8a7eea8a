//! `/tasks` and `/records/{id}/tasks`.

use axum::response::Response;
use http::StatusCode;
use platform::{
    Result, State,
    id::{EntityId, UserId},
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::tasks::{self, RecordTask, TaskDone, TaskInput, TaskQuery, TaskTime};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(about))
        .routes(routes!(get_one, update, delete))
        .routes(routes!(done))
        .routes(routes!(time))
        .routes(routes!(restore))
}

/// Which tasks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TasksAsked {
    /// Whose; one's own if not given.
    assignee: Option<UserId>,
    /// Those that are done, the latest first, instead of those that are not, the soonest due first.
    done: Option<bool>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// Somebody's tasks.
///
/// Entries of type `task` that were made in the calendar stand among them, marked `of_calendar`.
#[utoipa::path(get, path = "/tasks", tag = "records", params(TasksAsked), security(("bearer" = [])),
    responses((status = 200, description = "Tasks.", body = Page<RecordTask>), Problems))]
async fn list(RestTx(mut tx): RestTx, Query(asked): Query<TasksAsked>) -> Result<Json<Page<RecordTask>>> {
    let query = TaskQuery { assignee: asked.assignee, done: asked.done.unwrap_or(false) };
    let page = tasks::list(&mut tx, &query, &PageQuery { cursor: asked.cursor, limit: asked.limit }).await?;
    tx.commit().await?;
    Ok(Json(page))
}

/// The tasks about a record: those to be done first.
#[utoipa::path(get, path = "/records/{id}/tasks", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "At most 200; there is no second page.", body = Page<RecordTask>), Problems))]
async fn about(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Page<RecordTask>>> {
    let items = tasks::about(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Make a task, about a record or about none.
#[utoipa::path(post, path = "/tasks", tag = "records", params(IdempotencyKey), request_body = TaskInput, security(("bearer" = [])),
    responses((status = 201, description = "Made.", body = RecordTask), Problems))]
async fn create(RestTx(tx): RestTx, key: IdempotencyKey, Json(input): Json<TaskInput>) -> Result<Response> {
    created(tx, "POST /tasks", key, &input, tasks::add).await
}

/// One task.
#[utoipa::path(get, path = "/tasks/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The task.", body = RecordTask), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<RecordTask>> {
    let task = tasks::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(task))
}

/// Change a task; names the version that was read.
#[utoipa::path(put, path = "/tasks/{id}", tag = "records", params(("id" = EntityId, Path)), request_body = TaskInput,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = RecordTask), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(input): Json<TaskInput>) -> Result<Json<RecordTask>> {
    let task = tasks::edit(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(Json(task))
}

/// Tick a task, or take the tick away; its entry in the calendar follows.
#[utoipa::path(post, path = "/tasks/{id}/done", tag = "records", params(("id" = EntityId, Path), IdempotencyKey), request_body = TaskDone,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = RecordTask), Problems))]
async fn done(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(asked): Json<TaskDone>) -> Result<Response> {
    changed(tx, &format!("POST /tasks/{id}/done"), key, &asked, async |tx, asked| tasks::set_done(tx, id, asked.done).await).await
}

/// Set time aside for a task in the calendar, or move what was set aside.
///
/// It takes the time of whoever is to do it, by the calendar's own rules. The title is seen by whoever sees the calendar.
#[utoipa::path(post, path = "/tasks/{id}/time", tag = "records", params(("id" = EntityId, Path), IdempotencyKey), request_body = TaskTime,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = RecordTask), Problems))]
async fn time(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(asked): Json<TaskTime>) -> Result<Response> {
    changed(tx, &format!("POST /tasks/{id}/time"), key, &asked, async |tx, asked| tasks::set_aside(tx, id, asked).await).await
}

/// Take a task away; it can be brought back.
#[utoipa::path(delete, path = "/tasks/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 204, description = "It is gone until it is brought back."), Problems))]
async fn delete(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    tasks::delete(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring a task back that was taken away.
#[utoipa::path(post, path = "/tasks/{id}/restore", tag = "records", params(("id" = EntityId, Path), IdempotencyKey),
    security(("bearer" = [])), responses((status = 200, description = "It is back.", body = RecordTask), Problems))]
async fn restore(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    changed(tx, &format!("POST /tasks/{id}/restore"), key, &id, async |tx, id| tasks::restore(tx, *id).await).await
}
