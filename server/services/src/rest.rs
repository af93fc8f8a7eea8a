//! The shared services' REST routes: the calendar over all products, core's own activities, and resources.

mod activities;
mod calendar;
mod companies;
mod documents;
mod expand;
mod feeds;
mod fields;
mod imports;
mod links;
mod merges;
mod notes;
mod objects;
mod persons;
mod resources;
mod scheduling;
mod search;
mod sync;
mod tags;
mod tasks;
mod timeline;
mod views;

use axum::Router;
use platform::State;
use utoipa_axum::router::OpenApiRouter;

/// All routes, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .merge(calendar::routes())
        .merge(persons::routes())
        .merge(companies::routes())
        .merge(merges::routes())
        .merge(activities::routes())
        .merge(resources::routes())
        .merge(expand::routes())
        .merge(feeds::routes())
        .merge(fields::routes())
        .merge(objects::routes())
        .merge(imports::routes())
        .merge(links::routes())
        .merge(documents::routes())
        .merge(notes::routes())
        .merge(tags::routes())
        .merge(tasks::routes())
        .merge(timeline::routes())
        .merge(scheduling::routes())
        .merge(views::routes())
        .merge(search::routes())
        .merge(sync::routes())
}

/// Doors outside of `/api`: feeds, documents that are lent, and where calendars elsewhere come to us.
pub fn public() -> Router<State> {
    feeds::public().merge(documents::public()).merge(sync::public())
}
