//! `/records/{id}/documents` and `/documents`: files on any record; and the door for those to whom one is lent, which stands
//! outside of `/api`.

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Path as Token, State as Extract},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use platform::{
    Error, Result, State,
    id::{EntityId, OrganizationId},
    rest::{IdempotencyKey, Json, Page, PageQuery, Path, Problems, Query, RestTx, body::LARGEST_FILE, changed, created},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::documents::{
    self, ChooseDocumentVersion, Content, DocumentLink, DocumentStorage, DocumentVersion, EditDocument, MadeDocumentLink, NewDocument,
    NewDocumentLink, NewDocumentVersion, RecordDocument, is_shown, names,
};

/// All routes, relative to `/api/v1`.
pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one, update, delete))
        .routes(routes!(restore))
        .routes(routes!(versions, add_version))
        .routes(routes!(choose))
        .routes(routes!(content))
        .routes(routes!(links, lend))
        .routes(routes!(revoke))
        .routes(routes!(storage))
        .layer(DefaultBodyLimit::max(LARGEST_FILE))
}

/// `/shared/{token}`: no session is asked for, as whoever has the address has none.
pub fn public() -> Router<State> {
    Router::new().route("/shared/{token}", get(shared))
}

/// Which documents.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DocumentsAsked {
    /// Only those of this folder; `folder=` for those of none, all if not given.
    folder: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most: 1 to 100, where less and more count as these; 50 if not given.
    limit: Option<i64>,
}

/// The documents of a record, the newest first.
#[utoipa::path(get, path = "/records/{id}/documents", tag = "records", params(("id" = EntityId, Path), DocumentsAsked),
    security(("bearer" = [])), responses((status = 200, description = "Documents.", body = Page<RecordDocument>), Problems))]
async fn list(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(asked): Query<DocumentsAsked>) -> Result<Json<Page<RecordDocument>>> {
    let page = PageQuery { cursor: asked.cursor, limit: asked.limit };
    let page = documents::list(&mut tx, id, asked.folder.as_deref(), &page).await?;
    tx.commit().await?;
    Ok(Json(page))
}

/// Keep a file on a record.
///
/// Its bytes travel as base64; what it is, they say and not its name. A file that is on the record already is kept all the
/// same, and `same_as` tells as what.
#[utoipa::path(post, path = "/records/{id}/documents", tag = "records", params(("id" = EntityId, Path), IdempotencyKey),
    request_body = NewDocument, security(("bearer" = [])),
    responses((status = 201, description = "Kept.", body = RecordDocument), Problems))]
async fn create(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey, Json(new): Json<NewDocument>) -> Result<Response> {
    created(tx, &format!("POST /records/{id}/documents"), key, &new, async |tx, new| documents::add(tx, id, new).await).await
}

/// One document.
#[utoipa::path(get, path = "/documents/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The document, without its bytes.", body = RecordDocument), Problems))]
async fn get_one(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<RecordDocument>> {
    let document = documents::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(document))
}

/// Give a document another name or folder; names the version that was read.
#[utoipa::path(put, path = "/documents/{id}", tag = "records", params(("id" = EntityId, Path)), request_body = EditDocument,
    security(("bearer" = [])), responses((status = 200, description = "As it is now.", body = RecordDocument), Problems))]
async fn update(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(edit): Json<EditDocument>) -> Result<Json<RecordDocument>> {
    let document = documents::edit(&mut tx, id, &edit).await?;
    tx.commit().await?;
    Ok(Json(document))
}

/// Take a document away; for 30 days it can be brought back.
#[utoipa::path(delete, path = "/documents/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 204, description = "It is gone until it is brought back."), Problems))]
async fn delete(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    documents::delete(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring a document back that was taken away.
#[utoipa::path(post, path = "/documents/{id}/restore", tag = "records", params(("id" = EntityId, Path), IdempotencyKey),
    security(("bearer" = [])), responses((status = 200, description = "It is back.", body = RecordDocument), Problems))]
async fn restore(RestTx(tx): RestTx, Path(id): Path<EntityId>, key: IdempotencyKey) -> Result<Response> {
    changed(tx, &format!("POST /documents/{id}/restore"), key, &id, async |tx, id| documents::restore(tx, *id).await).await
}

/// Every file that a document is or was, the latest first.
#[utoipa::path(get, path = "/documents/{id}/versions", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "All of them; there is no second page.", body = Page<DocumentVersion>), Problems))]
async fn versions(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Page<DocumentVersion>>> {
    let items = documents::versions(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Put another file in the place of a document's present one, which is kept.
///
/// The very same file changes nothing. The document keeps its name, but for the ending.
#[utoipa::path(post, path = "/documents/{id}/versions", tag = "records", params(("id" = EntityId, Path), IdempotencyKey),
    request_body = NewDocumentVersion, security(("bearer" = [])),
    responses((status = 201, description = "As it is now.", body = RecordDocument), Problems))]
async fn add_version(
    RestTx(tx): RestTx,
    Path(id): Path<EntityId>,
    key: IdempotencyKey,
    Json(new): Json<NewDocumentVersion>,
) -> Result<Response> {
    created(tx, &format!("POST /documents/{id}/versions"), key, &new, async |tx, new| documents::add_version(tx, id, new).await).await
}

/// Make one of the files that a document was the present one again.
#[utoipa::path(post, path = "/documents/{id}/current", tag = "records", params(("id" = EntityId, Path), IdempotencyKey),
    request_body = ChooseDocumentVersion, security(("bearer" = [])),
    responses((status = 200, description = "As it is now.", body = RecordDocument), Problems))]
async fn choose(
    RestTx(tx): RestTx,
    Path(id): Path<EntityId>,
    key: IdempotencyKey,
    Json(chosen): Json<ChooseDocumentVersion>,
) -> Result<Response> {
    changed(tx, &format!("POST /documents/{id}/current"), key, &chosen, async |tx, chosen| documents::choose(tx, id, chosen).await).await
}

/// Which of its files.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ContentAsked {
    /// The present one if not given.
    number: Option<i32>,
}

/// A document's bytes.
///
/// PDF, PNG, JPEG, WebP and plain text may be shown by a browser; all else is only downloaded.
#[utoipa::path(get, path = "/documents/{id}/content", tag = "records", params(("id" = EntityId, Path), ContentAsked),
    security(("bearer" = [])),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"), Problems))]
async fn content(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Query(asked): Query<ContentAsked>) -> Result<Response> {
    let content = documents::content(&mut tx, id, asked.number).await?;
    let (state, organization) = (tx.state().clone(), tx.organization());
    tx.commit().await?;
    Ok(served(state, organization, &content))
}

/// The links by which a document is lent at this moment.
#[utoipa::path(get, path = "/documents/{id}/links", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 200, description = "The newest first; there is no second page.", body = Page<DocumentLink>), Problems))]
async fn links(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<Json<Page<DocumentLink>>> {
    let items = documents::links(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Lend a document's present file to somebody without a sign-in, for an hour, a day or a week.
///
/// The address is told this once. Whoever has it reads the file, until it expires or is revoked; each opening is counted.
#[utoipa::path(post, path = "/documents/{id}/links", tag = "records", params(("id" = EntityId, Path)), request_body = NewDocumentLink,
    security(("bearer" = [])), responses((status = 201, description = "Made.", body = MadeDocumentLink), Problems))]
async fn lend(RestTx(mut tx): RestTx, Path(id): Path<EntityId>, Json(new): Json<NewDocumentLink>) -> Result<Response> {
    let made = documents::lend(&mut tx, id, &new).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(made)).into_response())
}

/// Revoke a link to a document.
#[utoipa::path(delete, path = "/document-links/{id}", tag = "records", params(("id" = EntityId, Path)), security(("bearer" = [])),
    responses((status = 204, description = "Its address leads nowhere from now on."), Problems))]
async fn revoke(RestTx(mut tx): RestTx, Path(id): Path<EntityId>) -> Result<StatusCode> {
    documents::revoke(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many bytes of documents the organization keeps, and how many it may.
#[utoipa::path(get, path = "/document-storage", tag = "records", security(("bearer" = [])),
    responses((status = 200, description = "Bytes, deleted documents that can be brought back among them.", body = DocumentStorage), Problems))]
async fn storage(RestTx(mut tx): RestTx) -> Result<Json<DocumentStorage>> {
    let storage = documents::storage(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(storage))
}

/// For people whose link leads nowhere, whose language nobody knows.
const NOWHERE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Atrium</title>\
    <h1>This link leads nowhere</h1><p>It may have expired or been revoked. Ask whoever sent it for another.</p>\
    <h1 lang=\"pl\">Ten link prowadzi donikąd</h1><p lang=\"pl\">Być może wygasł lub został cofnięty. Poproś nadawcę o nowy.</p></html>";

async fn shared(Extract(state): Extract<State>, Token(token): Token<String>, method: Method, headers: HeaderMap) -> Response {
    let mut response = match documents::opened(&state, &token, method == Method::GET).await {
        Ok((organization, content)) => served(state, organization, &content),
        Err(Error::NotFound) if reads_pages(&headers) => {
            (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], NOWHERE).into_response()
        }
        Err(error) => error.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response
}

/// Whether a browser asks for something to be read by a person.
fn reads_pages(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// Nothing that a file holds may run or load anything, and it is of no origin, whatever a browser makes of it.
const FILE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The same but for the sandbox, in which browsers show no PDF. They show one in a viewer of their own, which has no part in
/// this site.
const PDF_POLICY: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; \
                          form-action 'none'";

/// A file as it is sent, piece by piece: to be shown if its bytes are of a kind that browsers show without running anything,
/// to be kept otherwise.
fn served(state: State, organization: OrganizationId, content: &Content) -> Response {
    let kind = match content.media_type.as_str() {
        "text/plain" => "text/plain; charset=utf-8",
        other => other,
    };
    let policy = if content.media_type == "application/pdf" { PDF_POLICY } else { FILE_POLICY };
    let text = |text: &str| HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let mut response = Response::new(Body::from_stream(documents::pieces(state, organization, content)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, text(kind));
    headers.insert(header::CONTENT_DISPOSITION, text(&names::disposition(&content.name, is_shown(&content.media_type))));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(content.size.unsigned_abs()));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    response
}
