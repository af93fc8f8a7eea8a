//! The people of an organization: members, roles, teams, invitations.

use axum::extract::State as Extract;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::idempotency_key::{created, mark_replayed};
use super::{IdempotencyKey, Json, Page, Path, Problems, RestTx};
use crate::error::{Error, Result};
use crate::id::{InvitationId, OrganizationId, TeamId, UserId};
use crate::invitations::{self, Invitation, Invited, NewInvitation};
use crate::members::{self, Member, RoleChange};
use crate::roles::{self, RoleDetails, RoleRow};
use crate::sessions;
use crate::state::State;
use crate::teams::{self, Team, TeamDetails};
use crate::{idempotency, tokens};

/// Members, roles, teams and invitations.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list_members))
        .routes(routes!(put_member, delete_member))
        .routes(routes!(list_roles, post_role))
        .routes(routes!(put_role, delete_role))
        .routes(routes!(list_teams, post_team))
        .routes(routes!(put_team, delete_team))
        .routes(routes!(list_invitations, post_invitation))
        .routes(routes!(accept_invitation))
        .routes(routes!(delete_invitation))
}

/// The organization's members.
#[utoipa::path(get, path = "/members", tag = "people", security(("bearer" = [])),
    responses((status = 200, description = "By name.", body = Page<Member>), Problems))]
async fn list_members(RestTx(mut tx): RestTx) -> Result<Json<Page<Member>>> {
    let items = members::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Give a member another role.
///
/// Nobody grants more than they hold, and the last owner stays owner.
#[utoipa::path(put, path = "/members/{user}", tag = "people", params(("user" = UserId, Path)),
    request_body = RoleChange, security(("bearer" = [])),
    responses((status = 200, description = "As they are now.", body = Member), Problems))]
async fn put_member(RestTx(mut tx): RestTx, Path(user): Path<UserId>, Json(body): Json<RoleChange>) -> Result<Json<Member>> {
    let member = members::change_role(&mut tx, user, &body.role).await?;
    tx.commit().await?;
    Ok(Json(member))
}

/// End a membership, another's or one's own.
#[utoipa::path(delete, path = "/members/{user}", tag = "people", params(("user" = UserId, Path)),
    security(("bearer" = [])), responses((status = 204, description = "Ended."), Problems))]
async fn delete_member(RestTx(mut tx): RestTx, Path(user): Path<UserId>) -> Result<StatusCode> {
    members::remove(&mut tx, user).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All roles with their rights.
#[utoipa::path(get, path = "/roles", tag = "people", security(("bearer" = [])),
    responses((status = 200, description = "Built-in ones first.", body = Page<RoleRow>), Problems))]
async fn list_roles(RestTx(mut tx): RestTx) -> Result<Json<Page<RoleRow>>> {
    let items = roles::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Make a role of the organization's own, with rights that one holds.
#[utoipa::path(post, path = "/roles", tag = "people", request_body = RoleDetails,
    params(IdempotencyKey),
    security(("bearer" = [])),
    responses((status = 201, description = "Made.", body = RoleRow), Problems))]
async fn post_role(RestTx(tx): RestTx, key: IdempotencyKey, Json(body): Json<RoleDetails>) -> Result<Response> {
    created(tx, "POST /roles", key, &body, roles::insert).await
}

/// Change a role of the organization's own.
#[utoipa::path(put, path = "/roles/{id}", tag = "people", params(("id" = String, Path)), request_body = RoleDetails,
    security(("bearer" = [])),
    responses((status = 200, description = "As it is now.", body = RoleRow), Problems))]
async fn put_role(RestTx(mut tx): RestTx, Path(id): Path<String>, Json(body): Json<RoleDetails>) -> Result<Json<RoleRow>> {
    let role = roles::update(&mut tx, &id, &body).await?;
    tx.commit().await?;
    Ok(Json(role))
}

/// Delete a role of the organization's own that nobody has.
#[utoipa::path(delete, path = "/roles/{id}", tag = "people", params(("id" = String, Path)), security(("bearer" = [])),
    responses((status = 204, description = "Deleted."), Problems))]
async fn delete_role(RestTx(mut tx): RestTx, Path(id): Path<String>) -> Result<StatusCode> {
    roles::delete(&mut tx, &id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All teams with their members.
#[utoipa::path(get, path = "/teams", tag = "people", security(("bearer" = [])),
    responses((status = 200, description = "By name.", body = Page<Team>), Problems))]
async fn list_teams(RestTx(mut tx): RestTx) -> Result<Json<Page<Team>>> {
    let items = teams::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Make a team.
#[utoipa::path(post, path = "/teams", tag = "people", request_body = TeamDetails,
    params(IdempotencyKey),
    security(("bearer" = [])),
    responses((status = 201, description = "Made.", body = Team), Problems))]
async fn post_team(RestTx(tx): RestTx, key: IdempotencyKey, Json(body): Json<TeamDetails>) -> Result<Response> {
    created(tx, "POST /teams", key, &body, teams::insert).await
}

/// Change a team's name and members.
#[utoipa::path(put, path = "/teams/{id}", tag = "people", params(("id" = TeamId, Path)), request_body = TeamDetails,
    security(("bearer" = [])),
    responses((status = 200, description = "As it is now.", body = Team), Problems))]
async fn put_team(RestTx(mut tx): RestTx, Path(id): Path<TeamId>, Json(body): Json<TeamDetails>) -> Result<Json<Team>> {
    let team = teams::update(&mut tx, id, &body).await?;
    tx.commit().await?;
    Ok(Json(team))
}

/// Delete a team.
#[utoipa::path(delete, path = "/teams/{id}", tag = "people", params(("id" = TeamId, Path)), security(("bearer" = [])),
    responses((status = 204, description = "Deleted."), Problems))]
async fn delete_team(RestTx(mut tx): RestTx, Path(id): Path<TeamId>) -> Result<StatusCode> {
    teams::delete(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The invitations that wait to be accepted.
#[utoipa::path(get, path = "/invitations", tag = "people", security(("bearer" = [])),
    responses((status = 200, description = "The latest first.", body = Page<Invitation>), Problems))]
async fn list_invitations(RestTx(mut tx): RestTx) -> Result<Json<Page<Invitation>>> {
    let items = invitations::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Invite an address to a role whose rights one holds.
///
/// The link is told only in this answer, and again to whoever sends the request again with its `Idempotency-Key`. Without
/// one, inviting an address again takes its earlier invitation back and makes another link.
#[utoipa::path(post, path = "/invitations", tag = "people", params(IdempotencyKey), request_body = NewInvitation,
    security(("bearer" = [])),
    responses((status = 201, description = "Invited.", body = Invited), Problems))]
async fn post_invitation(RestTx(mut tx): RestTx, key: IdempotencyKey, Json(body): Json<NewInvitation>) -> Result<Response> {
    const ROUTE: &str = "POST /invitations";
    let (organization, key) = (tx.organization(), key.0.as_deref());
    // The secret is kept nowhere: with a key it is made from it again.
    let token = key
        .map_or_else(tokens::random, |key| tx.state().keys.derive(&["invitation", &organization.to_string(), &tx.user().to_string(), key]));
    let before = idempotency::idempotent(&mut tx, ROUTE, key, &body).await?;
    let replayed = before.is_some();
    let invited = match before {
        Some((_, kept)) => Invited::new(organization, serde_json::from_value(kept).map_err(Error::internal)?, token),
        None => {
            let invited = invitations::insert_with(&mut tx, &body, token).await?;
            idempotency::store(&mut tx, ROUTE, key, StatusCode::CREATED.as_u16(), &invited.invitation).await?;
            tx.commit().await?;
            invited
        }
    };
    let mut response = (StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(invited)).into_response();
    if replayed {
        mark_replayed(&mut response);
    }
    Ok(response)
}

/// Take an invitation back.
#[utoipa::path(delete, path = "/invitations/{id}", tag = "people", params(("id" = InvitationId, Path)),
    security(("bearer" = [])), responses((status = 204, description = "Taken back."), Problems))]
async fn delete_invitation(RestTx(mut tx): RestTx, Path(id): Path<InvitationId>) -> Result<StatusCode> {
    invitations::revoke(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The two parts of an invitation's link; name and password for somebody who has no account yet.
#[derive(Deserialize, ToSchema)]
struct Acceptance {
    organization: OrganizationId,
    #[schema(min_length = 1, max_length = 200)]
    token: String,
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
    #[serde(default)]
    #[schema(max_length = 200)]
    password: String,
}

/// Who is a member now.
#[derive(Serialize, ToSchema)]
struct Accepted {
    email: String,
}

/// Accept an invitation.
///
/// Somebody new sends name and password. An address that has an account must be signed in, by bearer token; name and
/// password are then not looked at.
#[utoipa::path(post, path = "/invitations/accept", tag = "people", params(IdempotencyKey), request_body = Acceptance,
    security((), ("bearer" = [])),
    responses((status = 200, description = "A member now.", body = Accepted), Problems))]
async fn accept_invitation(
    Extract(state): Extract<State>,
    headers: http::HeaderMap,
    key: IdempotencyKey,
    Json(body): Json<Acceptance>,
) -> Result<Json<Accepted>> {
    // The cookie of a browser is not enough here: the page for that is the invitation's own.
    let identity = match headers.contains_key(header::AUTHORIZATION) {
        true => sessions::identify(&state, &headers).await?,
        false => None,
    };
    let (organization, token) = (body.organization, &body.token);
    let told = (body.name.as_str(), body.password.as_str());
    let email = invitations::accept_once(&state, organization, token, identity.as_ref(), told, key.0.as_deref()).await?;
    Ok(Json(Accepted { email }))
}
