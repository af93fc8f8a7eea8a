//! `GET /calendar` and what of it has changed.

use chrono::NaiveDate;
use platform::{
    Error, Result, State, Tx,
    id::{EntityId, LocationId},
    locations,
    rest::{Json, Problems, Query, RestTx},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::calendar::{self, CalendarView, DayLoad, Event};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(range)).routes(routes!(named)).routes(routes!(load))
}

/// Which part of the calendar.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Range {
    /// First local date.
    from: NaiveDate,
    /// The local date after the last; at most 43 days later.
    to: NaiveDate,
    /// The organization's first location if not given.
    location_id: Option<LocationId>,
}

/// Activities of all products between two local dates of a location, with its resources and their hours.
#[utoipa::path(get, path = "/calendar", tag = "calendar", params(Range), security(("bearer" = [])),
    responses((status = 200, description = "What a view of the calendar needs.", body = CalendarView), Problems))]
async fn range(RestTx(mut tx): RestTx, Query(asked): Query<Range>) -> Result<Json<CalendarView>> {
    let location = first(&mut tx, asked.location_id).await?;
    let view = calendar::range(&mut tx, location, asked.from, asked.to).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Which activities of which part of the calendar.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Named {
    /// First local date.
    from: NaiveDate,
    /// The local date after the last; at most 43 days later.
    to: NaiveDate,
    /// The organization's first location if not given.
    location_id: Option<LocationId>,
    /// Ids of activities or of their modules' records, by commas; at most 100.
    ids: String,
}

/// Of activities that have changed, those that a view of this range shows now. What does not come back is not in it.
#[utoipa::path(get, path = "/calendar/events", tag = "calendar", params(Named), security(("bearer" = [])),
    responses((status = 200, description = "The activities as the calendar draws them.", body = [Event]), Problems))]
async fn named(RestTx(mut tx): RestTx, Query(asked): Query<Named>) -> Result<Json<Vec<Event>>> {
    let parsed: std::result::Result<Vec<EntityId>, _> =
        asked.ids.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::parse).collect();
    let ids = parsed.map_err(|_| Error::invalid("ids", "format", "Ids are UUIDs, separated by commas."))?;
    let location = first(&mut tx, asked.location_id).await?;
    let events = calendar::named(&mut tx, location, asked.from, asked.to, &ids).await?;
    tx.commit().await?;
    Ok(Json(events))
}

/// How full the days between two local dates of a location are. Days on which nothing begins are left out.
#[utoipa::path(get, path = "/calendar/load", tag = "calendar", params(Range), security(("bearer" = [])),
    responses((status = 200, description = "The days in order.", body = [DayLoad]), Problems))]
async fn load(RestTx(mut tx): RestTx, Query(asked): Query<Range>) -> Result<Json<Vec<DayLoad>>> {
    let location = first(&mut tx, asked.location_id).await?;
    let days = calendar::load(&mut tx, location, asked.from, asked.to).await?;
    tx.commit().await?;
    Ok(Json(days))
}

/// The location that is meant.
async fn first(tx: &mut Tx, named: Option<LocationId>) -> Result<LocationId> {
    match named {
        Some(location) => Ok(location),
        None => Ok(locations::list(tx).await?.into_iter().find(|location| location.active).ok_or(Error::NotFound)?.id),
    }
}
