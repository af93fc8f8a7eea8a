//! Gabinet's server functions for series: thin doors to `gabinet::series`.

use gabinet::series::{NewSeries, Series, SeriesAsked, SeriesChange, SeriesPreview};
use leptos::prelude::*;
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use ui::Failure;
use ui::Wire;

/// What became of a plan, or of a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Done {
    /// It was done; the first visit's activity.
    Done(EntityId),
    /// Not all of it can be had; this is what it looks like now.
    Changed(SeriesPreview),
}

/// What a plan would come to. The form's own hold is in nobody's way: it is given back in a transaction that ends without
/// a trace.
#[server(name = PreviewSeries, prefix = "/fn", endpoint = "gabinet/series_preview", input = Wire, output = Wire)]
pub async fn preview(asked: SeriesAsked, hold: EntityId) -> Result<SeriesPreview, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    release(&mut tx, hold).await?;
    Ok(gabinet::series::preview(&mut tx, &asked).await?)
}

/// Books a series, all of it or nothing.
#[server(name = BookSeries, prefix = "/fn", endpoint = "gabinet/series_book", input = Wire, output = Wire)]
pub async fn book(new: NewSeries, hold: EntityId) -> Result<Done, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    release(&mut tx, hold).await?;
    match gabinet::series::create(&mut tx, &new).await {
        Ok(series) => {
            tx.commit().await?;
            Ok(Done::Done(series.visits.iter().find_map(|visit| visit.activity).unwrap_or(series.id)))
        }
        Err(error) if error.code() == "unavailable" && error.status() == 409 => {
            drop(tx);
            Ok(Done::Changed(preview(new.asked(), hold).await?))
        }
        Err(error) => Err(error.into()),
    }
}

/// The series of which a visit is one.
#[server(name = AskSeries, prefix = "/fn", endpoint = "gabinet/series_of", input = Wire, output = Wire)]
pub async fn of_visit(visit: EntityId) -> Result<Option<Series>, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let found = gabinet::series::of_visit(&mut tx, visit).await?;
    tx.commit().await?;
    Ok(found)
}

/// One series, and who could take it over: those who are qualified for what its first practitioner gives.
#[server(name = ReadSeries, prefix = "/fn", endpoint = "gabinet/series", input = Wire, output = Wire)]
pub async fn read(series: EntityId) -> Result<(Series, Vec<(EntityId, String)>), Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let found = gabinet::series::get(&mut tx, series).await?;
    let staff = gabinet::employees::list(&mut tx).await?.into_iter();
    tx.commit().await?;
    let qualified = staff
        .filter(|one| one.active && found.gives.iter().all(|treatment| one.treatments.contains(treatment)))
        .map(|one| (one.id, one.name))
        .collect();
    Ok((found, qualified))
}

/// What a change of a series would come to.
#[server(name = PreviewChange, prefix = "/fn", endpoint = "gabinet/series_preview_change", input = Wire, output = Wire)]
pub async fn preview_change(series: EntityId, change: SeriesChange) -> Result<SeriesPreview, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let preview = gabinet::series::preview_change(&mut tx, series, &change).await?;
    tx.commit().await?;
    Ok(preview)
}

/// Changes a series, all of what is meant or nothing.
#[server(name = ChangeSeries, prefix = "/fn", endpoint = "gabinet/series_change", input = Wire, output = Wire)]
pub async fn change(series: EntityId, change: SeriesChange) -> Result<Series, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let changed = gabinet::series::change(&mut tx, series, &change).await?;
    tx.commit().await?;
    Ok(changed)
}

#[cfg(feature = "ssr")]
async fn release(tx: &mut platform::Tx, hold: EntityId) -> Result<(), Failure> {
    use gabinet::appointments::holds;
    // Who may only look holds nothing.
    if tx.can(gabinet::APPOINTMENTS_WRITE) && holds::own_in_turn(tx, hold).await?.is_some() {
        holds::release(tx, hold).await?;
    }
    Ok(())
}
