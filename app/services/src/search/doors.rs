//! What the box asks the server.

use leptos::prelude::*;
use services::search::Hit;
use ui::{Failure, Wire};

/// Records of all kinds whose name, number, e-mail or telephone number is like this.
#[server(prefix = "/fn", endpoint = "search", input = Wire, output = Wire)]
pub async fn search_everything(query: String) -> Result<Vec<Hit>, Failure> {
    let mut tx = app_platform::session::begin().await?;
    let hits = services::search::everything(&mut tx, &query).await?;
    tx.commit().await?;
    Ok(hits)
}
