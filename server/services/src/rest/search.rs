//! `/search`.

use platform::{
    Result, State,
    rest::{Json, Page, Problems, Query, RestTx},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::search::{self, Hit};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(everything))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// A part of a name, number, e-mail or telephone number; two letters at least.
    #[param(max_length = 200)]
    q: String,
}

/// Records of all kinds by what is typed.
///
/// Only what one may read. Typing errors and missing diacritics are forgiven.
#[utoipa::path(get, path = "/search", tag = "records", params(Asked), security(("bearer" = [])),
    responses((status = 200, description = "The best first, 20 at most; there is no second page.", body = Page<Hit>), Problems))]
async fn everything(RestTx(mut tx): RestTx, Query(asked): Query<Asked>) -> Result<Json<Page<Hit>>> {
    let items = search::everything(&mut tx, &asked.q).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}
