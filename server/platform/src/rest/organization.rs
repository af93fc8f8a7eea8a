//! The organization one works in, its locations and its subscriptions.

use axum::response::Response;
use sha2::{Digest, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::idempotency_key::created;
use super::{IdempotencyKey, Json, Page, Path, Problems, RestTx};
use crate::billing::{self, NewSubscription, Product, Subscription};
use crate::error::{Error, Result};
use crate::id::{LocationId, OrganizationId};
use crate::locations::{self, Location, LocationDetails};
use crate::organizations::{self, Organization, OrganizationDetails};
use crate::state::State;
use crate::tx::{Door, Tx};

/// The organization, its locations, products and subscriptions.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(get_organization, post_organization, put_organization))
        .routes(routes!(list_locations, post_location))
        .routes(routes!(put_location))
        .routes(routes!(list_products))
        .routes(routes!(list_subscriptions, post_subscription))
        .routes(routes!(delete_subscription))
}

/// The organization of the token.
#[utoipa::path(get, path = "/organization", tag = "organization", security(("bearer" = [])),
    responses((status = 200, description = "The organization.", body = Organization), Problems))]
async fn get_organization(RestTx(mut tx): RestTx) -> Result<Json<Organization>> {
    let organization = organizations::get(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(organization))
}

/// Found another organization.
///
/// Its founder owns it and finds it among his organizations; the token stays with the one it is for.
#[utoipa::path(post, path = "/organization", tag = "organization", request_body = OrganizationDetails,
    params(IdempotencyKey),
    security(("bearer" = [])),
    responses((status = 201, description = "Founded.", body = Organization), Problems))]
async fn post_organization(RestTx(tx): RestTx, key: IdempotencyKey, Json(body): Json<OrganizationDetails>) -> Result<Response> {
    let named = key.0.clone();
    created(tx, "POST /organization", key, &body, async |tx, details| found(tx, named.as_deref(), details).await).await
}

/// It is founded in a transaction of its own, before the answer is kept for the key. Its id comes from the key, so that a
/// request that is sent again after a crash between the two finds it there.
async fn found(tx: &mut Tx, key: Option<&str>, details: &OrganizationDetails) -> Result<Organization> {
    let (state, founder) = (tx.state().clone(), tx.user());
    let id = key.map_or_else(OrganizationId::new, |key| id_from(tx, key));
    match organizations::create_as(&state, id, details, founder, Door::Rest).await {
        Err(Error::Denied(_)) if key.is_some() => {}
        made => drop(made?),
    }
    let mut theirs = Tx::begin_for_job(&state, id).await?;
    organizations::get(&mut theirs).await
}

fn id_from(tx: &Tx, key: &str) -> OrganizationId {
    let hash = Sha256::new()
        .chain_update("POST /organization\0")
        .chain_update(tx.organization().0)
        .chain_update(tx.user().0)
        .chain_update(key)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    OrganizationId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Change the organization.
#[utoipa::path(put, path = "/organization", tag = "organization", request_body = OrganizationDetails,
    security(("bearer" = [])),
    responses((status = 200, description = "As it is now.", body = Organization), Problems))]
async fn put_organization(RestTx(mut tx): RestTx, Json(body): Json<OrganizationDetails>) -> Result<Json<Organization>> {
    let organization = organizations::update(&mut tx, &body).await?;
    tx.commit().await?;
    Ok(Json(organization))
}

/// The organization's locations.
#[utoipa::path(get, path = "/locations", tag = "organization", security(("bearer" = [])),
    responses((status = 200, description = "By name.", body = Page<Location>), Problems))]
async fn list_locations(RestTx(mut tx): RestTx) -> Result<Json<Page<Location>>> {
    let items = locations::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Add a location.
#[utoipa::path(post, path = "/locations", tag = "organization", request_body = LocationDetails,
    params(IdempotencyKey),
    security(("bearer" = [])),
    responses((status = 201, description = "Added.", body = Location), Problems))]
async fn post_location(RestTx(tx): RestTx, key: IdempotencyKey, Json(body): Json<LocationDetails>) -> Result<Response> {
    created(tx, "POST /locations", key, &body, locations::insert).await
}

/// Change a location.
#[utoipa::path(put, path = "/locations/{id}", tag = "organization", params(("id" = LocationId, Path)),
    request_body = LocationDetails, security(("bearer" = [])),
    responses((status = 200, description = "As it is now.", body = Location), Problems))]
async fn put_location(RestTx(mut tx): RestTx, Path(id): Path<LocationId>, Json(body): Json<LocationDetails>) -> Result<Json<Location>> {
    let location = locations::update(&mut tx, id, &body).await?;
    tx.commit().await?;
    Ok(Json(location))
}

/// All products that there are, and whether the organization has them.
#[utoipa::path(get, path = "/products", tag = "subscriptions", security(("bearer" = [])),
    responses((status = 200, description = "By id.", body = Page<Product>), Problems))]
async fn list_products(RestTx(mut tx): RestTx) -> Result<Json<Page<Product>>> {
    let items = billing::products(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// The organization's subscriptions, ended ones among them.
#[utoipa::path(get, path = "/subscriptions", tag = "subscriptions", security(("bearer" = [])),
    responses((status = 200, description = "By product.", body = Page<Subscription>), Problems))]
async fn list_subscriptions(RestTx(mut tx): RestTx) -> Result<Json<Page<Subscription>>> {
    let items = billing::subscriptions(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Subscribe to a product.
#[utoipa::path(post, path = "/subscriptions", tag = "subscriptions", request_body = NewSubscription,
    params(IdempotencyKey),
    security(("bearer" = [])),
    responses((status = 201, description = "Subscribed.", body = Subscription), Problems))]
async fn post_subscription(RestTx(tx): RestTx, key: IdempotencyKey, Json(body): Json<NewSubscription>) -> Result<Response> {
    created(tx, "POST /subscriptions", key, &body, subscribe).await
}

async fn subscribe(tx: &mut Tx, new: &NewSubscription) -> Result<Subscription> {
    billing::subscribe(tx, &new.product).await
}

/// End a subscription: with the period that is paid for, or at once where there is none.
#[utoipa::path(delete, path = "/subscriptions/{product}", tag = "subscriptions",
    params(("product" = String, Path, description = "Id of a product.")), security(("bearer" = [])),
    responses((status = 200, description = "As it is now.", body = Subscription), Problems))]
async fn delete_subscription(RestTx(mut tx): RestTx, Path(product): Path<String>) -> Result<Json<Subscription>> {
    let subscription = billing::cancel(&mut tx, &product).await?;
    tx.commit().await?;
    Ok(Json(subscription))
}
