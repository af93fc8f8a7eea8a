//! `/appointments`

use axum::response::Response;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::{
    Error, Result, State, Tx,
    id::{EntityId, LocationId},
    input::Input,
    locations,
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, changed, created},
};
use serde::{Deserialize, Serialize};
use services::calendar::Status;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    answers,
    appointments::{
        self, Appointment, Availability, AvailabilityQuestion, AvailableSlot, Book, Channel, Further, MoveSeat, MoveVisit, OpenSessions,
        Transition, VisitDetails,
    },
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(availability, availability_of_several))
        .routes(routes!(earliest, earliest_of_several))
        .routes(routes!(list, book))
        .routes(routes!(get_one, move_to, cancel))
        .routes(routes!(details))
        .routes(routes!(sessions))
        .routes(routes!(move_seat))
        .routes(routes!(check_in))
        .routes(routes!(check_out))
        .routes(routes!(transition))
}

/// Which free times.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// First local date of the starts.
    start_date: NaiveDate,
    /// Last local date of the starts; at most 93 days later.
    end_date: NaiveDate,
    treatment_id: EntityId,
    /// Any qualified practitioner if not given.
    employee_id: Option<EntityId>,
    /// For whom: when they have something else is no time for them.
    patient_id: Option<EntityId>,
    /// The organization's first location if not given.
    location_id: Option<LocationId>,
    /// By which door: what is for the desk only is refused online.
    #[serde(default)]
    channel: Channel,
}

/// Which free times of a visit of several treatments.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SeveralWanted {
    /// First local date of the starts.
    start_date: NaiveDate,
    /// Last local date of the starts; at most 93 days later.
    end_date: NaiveDate,
    /// The first treatment.
    treatment_id: EntityId,
    /// Any qualified practitioner if not given.
    #[serde(default)]
    employee_id: Option<EntityId>,
    /// For whom: when they have something else is no time for them.
    #[serde(default)]
    patient_id: Option<EntityId>,
    /// The other treatments.
    #[serde(default)]
    #[schema(max_items = 9)]
    further: Vec<Further>,
    /// Nobody and nothing but these practitioners, rooms and devices; of a kind of which none is named any will do.
    #[serde(default)]
    #[schema(max_items = 100)]
    among: Vec<EntityId>,
    /// The organization's first location if not given.
    #[serde(default)]
    location_id: Option<LocationId>,
    #[serde(default)]
    channel: Channel,
}

impl SeveralWanted {
    /// What is asked, and among whom and what.
    pub(super) async fn question(self, tx: &mut Tx) -> Result<(AvailabilityQuestion, Vec<EntityId>)> {
        let SeveralWanted { start_date, end_date, treatment_id, employee_id, patient_id, further, among, location_id, channel } = self;
        let mut input = Input::new();
        input.check(among.len() <= 100, "among", "too_long", "At most 100 practitioners, rooms and devices.");
        input.finish()?;
        let wanted = Wanted { start_date, end_date, treatment_id, employee_id, patient_id, location_id, channel };
        Ok((AvailabilityQuestion { further, ..question(tx, wanted).await? }, among))
    }
}

async fn question(tx: &mut Tx, wanted: Wanted) -> Result<AvailabilityQuestion> {
    let location = match wanted.location_id {
        Some(location) => location,
        None => locations::list(tx).await?.into_iter().find(|location| location.active).ok_or(Error::NotFound)?.id,
    };
    Ok(AvailabilityQuestion {
        location,
        treatment: wanted.treatment_id,
        employee: wanted.employee_id,
        patient: wanted.patient_id,
        from: wanted.start_date,
        to: wanted.end_date,
        moving: None,
        further: Vec::new(),
        channel: wanted.channel,
    })
}

/// Times at which a treatment can be booked, with the practitioner, room and device that are free then.
#[utoipa::path(get, path = "/appointments/availability", tag = "gabinet", params(Wanted), security(("bearer" = [])), responses((status = 200, body = Availability), Problems))]
async fn availability(RestTx(mut tx): RestTx, Query(wanted): Query<Wanted>) -> Result<Json<Availability>> {
    let question = question(&mut tx, wanted).await?;
    let free = appointments::availability(&mut tx, &question).await?;
    tx.commit().await?;
    Ok(Json(free))
}

/// Times at which one treatment, or several as one visit, can be booked with any of a set of practitioners, rooms and devices; `resources` of each are all that it takes, the first
/// treatment's practitioner first.
#[utoipa::path(post, path = "/appointments/availability", tag = "gabinet", request_body = SeveralWanted, security(("bearer" = [])), responses((status = 200, body = Availability), Problems))]
async fn availability_of_several(RestTx(mut tx): RestTx, Json(asked): Json<SeveralWanted>) -> Result<Json<Availability>> {
    let (question, among) = asked.question(&mut tx).await?;
    let free = appointments::availability_among(&mut tx, &question, &among).await?;
    tx.commit().await?;
    Ok(Json(free))
}

/// The earliest time, if there is one in the range.
#[derive(Serialize, ToSchema)]
struct Earliest {
    slot: Option<AvailableSlot>,
}

/// The earliest time at which a treatment can be booked.
#[utoipa::path(get, path = "/appointments/earliest", tag = "gabinet", params(Wanted), security(("bearer" = [])), responses((status = 200, body = Earliest), Problems))]
async fn earliest(RestTx(mut tx): RestTx, Query(wanted): Query<Wanted>) -> Result<Json<Earliest>> {
    let question = question(&mut tx, wanted).await?;
    let slot = appointments::earliest(&mut tx, &question).await?;
    tx.commit().await?;
    Ok(Json(Earliest { slot }))
}

/// The earliest time at which one treatment, or several as one visit, can be booked with any of a set of practitioners, rooms
/// and devices.
#[utoipa::path(post, path = "/appointments/earliest", tag = "gabinet", request_body = SeveralWanted, security(("bearer" = [])), responses((status = 200, body = Earliest), Problems))]
async fn earliest_of_several(RestTx(mut tx): RestTx, Json(asked): Json<SeveralWanted>) -> Result<Json<Earliest>> {
    let (question, among) = asked.question(&mut tx).await?;
    let slot = answers::earliest_among(&mut tx, &question, &among).await?;
    tx.commit().await?;
    Ok(Json(Earliest { slot }))
}

/// Which visits.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Starts at or after; a month ago if not given.
    from: Option<DateTime<Utc>>,
    /// Starts before; a year after `from` if not given.
    to: Option<DateTime<Utc>>,
    patient_id: Option<EntityId>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// Visits by start.
#[utoipa::path(get, path = "/appointments", tag = "gabinet", params(Which), security(("bearer" = [])), responses((status = 200, body = Page<Appointment>), Problems))]
async fn list(RestTx(mut tx): RestTx, Query(which): Query<Which>) -> Result<Json<Page<Appointment>>> {
    let from = which.from.unwrap_or(tx.now() - TimeDelta::days(30));
    let to = which.to.or_else(|| from.checked_add_signed(TimeDelta::days(366))).unwrap_or(from);
    let page = PageQuery { cursor: which.cursor, limit: which.limit };
    let visits = appointments::list(&mut tx, from, to, which.patient_id, &page).await?;
    tx.commit().await?;
    Ok(Json(visits))
}

/// Books a visit with all its resources, or nothing. Refusals list every reason and the nearest alternatives.
#[utoipa::path(post, path = "/appointments", tag = "gabinet", params(IdempotencyKey), request_body = Book, security(("bearer" = [])), responses((status = 201, body = Appointment), Problems))]
async fn book(RestTx(tx): RestTx, key: IdempotencyKey, Json(new): Json<Book>) -> Result<Response> {
    created(tx, "POST /appointments", key, &new, appointments::book).await
}

/// One visit, by its own id or its activity's.
#[utoipa::path(get, path = "/appointments/{id}", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = Appointment), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Appointment>> {
    let visit = appointments::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(visit))
}

/// A visit with its patient and its history.
#[utoipa::path(get, path = "/appointments/{id}/details", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = VisitDetails), Problems))]
async fn details(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<VisitDetails>> {
    let details = appointments::details(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(details))
}

/// The next sessions of a visit's treatment that have a seat left.
#[utoipa::path(get, path = "/appointments/{id}/sessions", tag = "gabinet", params(("id" = EntityId, Path)), security(("bearer" = [])), responses((status = 200, body = OpenSessions), Problems))]
async fn sessions(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<OpenSessions>> {
    let open = appointments::sessions(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(open))
}

/// Brings one patient's seat to another session of the same treatment; names the version that was read.
#[utoipa::path(post, path = "/appointments/{id}/seat", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = MoveSeat, security(("bearer" = [])), responses((status = 200, body = Appointment), Problems))]
async fn move_seat(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(to): Json<MoveSeat>) -> Result<Response> {
    changed(tx, &format!("POST /appointments/{id}/seat"), key, &to, async |tx, to| appointments::move_seat(tx, id, to).await).await
}

/// Moves a visit; names the version that was read.
#[utoipa::path(put, path = "/appointments/{id}", tag = "gabinet", params(("id" = EntityId, Path)), request_body = MoveVisit, security(("bearer" = [])), responses((status = 200, body = Appointment), Problems))]
async fn move_to(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(to): Json<MoveVisit>) -> Result<Json<Appointment>> {
    let visit = appointments::move_to(&mut tx, id, &to).await?;
    tx.commit().await?;
    Ok(Json(visit))
}

/// Why it is cancelled.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Cancel {
    /// Why; kept with the visit.
    reason: String,
    /// The version that was seen; the present one if not given.
    version: Option<i32>,
}

/// Cancels a visit; its time is free at once.
#[utoipa::path(delete, path = "/appointments/{id}", tag = "gabinet", params(("id" = EntityId, Path), Cancel), security(("bearer" = [])), responses((status = 200, body = Appointment), Problems))]
async fn cancel(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(asked): Query<Cancel>) -> Result<Json<Appointment>> {
    let version = match asked.version {
        Some(version) => version,
        None => appointments::get(&mut tx, id).await?.version,
    };
    let step = Transition { version, to: Status::Cancelled, reason: asked.reason };
    let visit = appointments::transition(&mut tx, id, &step).await?;
    tx.commit().await?;
    Ok(Json(visit))
}

/// The version that was seen; the present one if not given.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Seen {
    #[serde(default)]
    version: Option<i32>,
}

/// The patient is here.
#[utoipa::path(post, path = "/appointments/{id}/check-in", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = Seen, security(("bearer" = [])), responses((status = 200, body = Appointment), Problems))]
async fn check_in(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(seen): Json<Seen>) -> Result<Response> {
    to_status(tx, id, key, seen, Status::CheckedIn, "check-in").await
}

/// The visit is over.
#[utoipa::path(post, path = "/appointments/{id}/check-out", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = Seen, security(("bearer" = [])), responses((status = 200, body = Appointment), Problems))]
async fn check_out(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(seen): Json<Seen>) -> Result<Response> {
    to_status(tx, id, key, seen, Status::Completed, "check-out").await
}

async fn to_status(mut tx: Tx, id: EntityId, key: IdempotencyKey, seen: Seen, to: Status, name: &str) -> Result<Response> {
    let version = match seen.version {
        Some(version) => version,
        None => appointments::get(&mut tx, id).await?.version,
    };
    let step = Transition { version, to, reason: String::new() };
    changed(tx, &format!("POST /appointments/{id}/{name}"), key, &seen, async |tx, _| appointments::transition(tx, id, &step).await).await
}

/// Takes a visit a step further.
#[utoipa::path(post, path = "/appointments/{id}/transition", tag = "gabinet", params(("id" = EntityId, Path), IdempotencyKey), request_body = Transition, security(("bearer" = [])), responses((status = 200, body = Appointment), Problems))]
async fn transition(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(step): Json<Transition>) -> Result<Response> {
    changed(tx, &format!("POST /appointments/{id}/transition"), key, &step, async |tx, step| appointments::transition(tx, id, step).await)
        .await
}
