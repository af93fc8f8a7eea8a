//! `GET /calendar`.

use chrono::NaiveDate;
use platform::{
    Error, Result, State,
    id::LocationId,
    locations,
    rest::{Json, Problems, Query, RestTx},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::calendar::{self, CalendarView};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(range))
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
    let location = match asked.location_id {
        Some(location) => location,
        None => locations::list(&mut tx).await?.into_iter().find(|location| location.active).ok_or(Error::NotFound)?.id,
    };
    let view = calendar::range(&mut tx, location, asked.from, asked.to).await?;
    tx.commit().await?;
    Ok(Json(view))
}
