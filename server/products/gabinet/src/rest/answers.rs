//! `/appointments/reseat`, `/appointments/why-not`, `/appointments/best`

use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Error, Result, State, Tx,
    id::{EntityId, LocationId},
    locations,
    rest::{IdempotencyKey, Json, Problems, Query, RestTx, changed, created},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::appointments::SeveralWanted;
use crate::{
    answers::{
        best::{self, BestTimes},
        reseat::{self, Proposal, ReseatApply, ReseatAsked, ReseatUndo, Reseated},
        why_not::{self, WhyNot, WhyNotAsked},
    },
    appointments::{AvailabilityQuestion, Channel, Further},
};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(proposal))
        .routes(routes!(apply))
        .routes(routes!(undo))
        .routes(routes!(ask_why_not, ask_why_not_of_several))
        .routes(routes!(ask_best, ask_best_of_several))
}

/// Where all visits of a practitioner who is away would go: to qualified colleagues, at their own time where that is
/// possible, otherwise at the nearest time of the same day. Changes nothing.
#[utoipa::path(post, path = "/appointments/reseat/proposal", tag = "gabinet", request_body = ReseatAsked, security(("bearer" = [])), responses((status = 200, body = Proposal), Problems))]
async fn proposal(RestTx(mut tx): RestTx, Json(asked): Json<ReseatAsked>) -> Result<Json<Proposal>> {
    let proposal = reseat::proposal(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(Json(proposal))
}

/// Applies a proposal whole. If it would be another by now, nothing is done and `current` of the problem holds the new one.
#[utoipa::path(post, path = "/appointments/reseat/apply", tag = "gabinet", params(IdempotencyKey), request_body = ReseatApply, security(("bearer" = [])), responses((status = 201, body = Reseated), Problems))]
async fn apply(RestTx(tx): RestTx, key: IdempotencyKey, Json(seen): Json<ReseatApply>) -> Result<Response> {
    created(tx, "POST /appointments/reseat/apply", key, &seen, reseat::apply).await
}

/// Takes back whole what was applied, unless a visit was changed since or a former time is taken.
#[utoipa::path(post, path = "/appointments/reseat/undo", tag = "gabinet", params(IdempotencyKey), request_body = ReseatUndo, security(("bearer" = [])), responses((status = 200, body = Reseated), Problems))]
async fn undo(RestTx(tx): RestTx, key: IdempotencyKey, Json(asked): Json<ReseatUndo>) -> Result<Response> {
    changed(tx, "POST /appointments/reseat/undo", key, &asked, reseat::undo).await
}

/// Which time.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    treatment_id: EntityId,
    /// Any qualified practitioner if not given.
    employee_id: Option<EntityId>,
    /// For whom: what they have besides is in the way too.
    patient_id: Option<EntityId>,
    start: DateTime<Utc>,
    /// The organization's first location if not given.
    location_id: Option<LocationId>,
    /// The visit that would be moved.
    moving: Option<EntityId>,
}

/// Everything that is in the way of a time, each with what would help.
#[utoipa::path(get, path = "/appointments/why-not", tag = "gabinet", params(Which), security(("bearer" = [])), responses((status = 200, body = WhyNot), Problems))]
async fn ask_why_not(RestTx(mut tx): RestTx, Query(which): Query<Which>) -> Result<Json<WhyNot>> {
    let asked = WhyNotAsked {
        location: location(&mut tx, which.location_id).await?,
        treatment: which.treatment_id,
        employee: which.employee_id,
        patient: which.patient_id,
        start: which.start,
        moving: which.moving,
        further: Vec::new(),
    };
    let answer = why_not::why_not(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Which time of a visit of several treatments.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeveralAsked {
    /// The first treatment.
    treatment_id: EntityId,
    /// Any qualified practitioner if not given.
    #[serde(default)]
    employee_id: Option<EntityId>,
    /// For whom: what they have besides is in the way too.
    #[serde(default)]
    patient_id: Option<EntityId>,
    /// The other treatments.
    #[serde(default)]
    #[schema(max_items = 9)]
    further: Vec<Further>,
    start: DateTime<Utc>,
    /// The organization's first location if not given.
    #[serde(default)]
    location_id: Option<LocationId>,
    /// The visit that would be moved.
    #[serde(default)]
    moving: Option<EntityId>,
}

/// Everything that is in the way of a time of several treatments as one visit, each with what would help.
#[utoipa::path(post, path = "/appointments/why-not", tag = "gabinet", request_body = SeveralAsked, security(("bearer" = [])), responses((status = 200, body = WhyNot), Problems))]
async fn ask_why_not_of_several(RestTx(mut tx): RestTx, Json(asked): Json<SeveralAsked>) -> Result<Json<WhyNot>> {
    let SeveralAsked { treatment_id, employee_id, patient_id, further, start, location_id, moving } = asked;
    let location = location(&mut tx, location_id).await?;
    let asked = WhyNotAsked { location, treatment: treatment_id, employee: employee_id, patient: patient_id, start, moving, further };
    let answer = why_not::why_not(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// For what.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    treatment_id: EntityId,
    /// Any qualified practitioner if not given.
    employee_id: Option<EntityId>,
    /// Whose habits count.
    patient_id: Option<EntityId>,
    /// First local date of the starts.
    start_date: NaiveDate,
    /// Last local date of the starts; at most 93 days later.
    end_date: NaiveDate,
    /// The organization's first location if not given.
    location_id: Option<LocationId>,
}

/// The best times: fewest gaps, fewest changes of room, what the patient is used to; each with the reasons of its rank.
#[utoipa::path(get, path = "/appointments/best", tag = "gabinet", params(Wanted), security(("bearer" = [])), responses((status = 200, body = BestTimes), Problems))]
async fn ask_best(RestTx(mut tx): RestTx, Query(wanted): Query<Wanted>) -> Result<Json<BestTimes>> {
    let asked = AvailabilityQuestion {
        location: location(&mut tx, wanted.location_id).await?,
        treatment: wanted.treatment_id,
        employee: wanted.employee_id,
        patient: wanted.patient_id,
        from: wanted.start_date,
        to: wanted.end_date,
        moving: None,
        further: Vec::new(),
        channel: Channel::Desk,
    };
    let times = best::best(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(Json(times))
}

/// The best times of one treatment, or of several as one visit, with any of a set of practitioners, rooms and devices.
#[utoipa::path(post, path = "/appointments/best", tag = "gabinet", request_body = SeveralWanted, security(("bearer" = [])), responses((status = 200, body = BestTimes), Problems))]
async fn ask_best_of_several(RestTx(mut tx): RestTx, Json(asked): Json<SeveralWanted>) -> Result<Json<BestTimes>> {
    let (question, among) = asked.question(&mut tx).await?;
    let times = best::best_among(&mut tx, &question, &among).await?;
    tx.commit().await?;
    Ok(Json(times))
}

async fn location(tx: &mut Tx, asked: Option<LocationId>) -> Result<LocationId> {
    match asked {
        Some(location) => Ok(location),
        None => Ok(locations::list(tx).await?.into_iter().find(|location| location.active).ok_or(Error::NotFound)?.id),
    }
}
