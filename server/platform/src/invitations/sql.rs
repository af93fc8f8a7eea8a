//! Invitations in the database: sent, accepted, taken back.

use chrono::Duration;
use serde_json::json;

use super::{GOOD_FOR_DAYS, Invitation, Invited, NewInvitation};
use crate::error::{Error, Result, ResultExt};
use crate::id::InvitationId;
use crate::input::Input;
use crate::permission::Permission;
use crate::tx::Tx;
use crate::{organizations, roles, tokens};

/// The most invitations that may wait at once.
const MOST_WAITING: i64 = 500;

/// The invitations that wait to be accepted, the latest first, and those that expired waiting.
pub async fn list(tx: &mut Tx) -> Result<Vec<Invitation>> {
    tx.require(Permission::MEMBERS_WRITE)?;
    select(tx, None).await
}

async fn select(tx: &mut Tx, id: Option<InvitationId>) -> Result<Vec<Invitation>> {
    let (organization, now) = (tx.organization(), tx.now());
    Ok(sqlx::query_as(
        "select i.id, i.email, i.role_id as role, u.name as invited_by, i.created_at, i.expires_at,
                i.expires_at <= $3 as expired
         from invitations i
         join memberships m on m.organization_id = i.organization_id and m.user_id = i.invited_by
         join users u on u.id = m.user_id
         where i.organization_id = $1 and ($2::uuid is null or i.id = $2)
           and i.accepted_at is null and i.revoked_at is null
         order by i.created_at desc, i.id limit 500",
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .fetch_all(tx.conn())
    .await?)
}

/// Invites an address to a role whose rights the actor holds. An earlier invitation of the address is revoked, so
/// that inviting again sends a new link; a member's address is a conflict.
pub async fn insert(tx: &mut Tx, new: &NewInvitation) -> Result<Invited> {
    insert_with(tx, new, tokens::random()).await
}

/// As [`insert`], with a secret that the caller has made: one for which the same request comes again.
pub async fn insert_with(tx: &mut Tx, new: &NewInvitation, token: String) -> Result<Invited> {
    tx.require(Permission::MEMBERS_WRITE)?;
    let email = new.email.trim().to_lowercase();
    let mut input = Input::new();
    input.email("email", &email);
    input.text("role", &new.role, 1, 41);
    input.finish()?;
    roles::require_may_grant(tx, &new.role).await?;

    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    // Two who invite the same address at once take turns, so that the second revokes what the first has sent.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2, 0))")
        .bind(organization)
        .bind(&email)
        .execute(tx.conn())
        .await?;
    // Whoever is being removed at this moment either invites no more, or has it taken back with his other invitations.
    let inviter: Option<i32> = sqlx::query_scalar(
        "select 1 from memberships where organization_id = $1 and user_id = $2 and role_id = $3 and status = 'active' for share",
    )
    .bind(organization)
    .bind(user)
    .bind(tx.actor().role.clone())
    .fetch_optional(tx.conn())
    .await?;
    inviter.ok_or(Error::NotFound)?;
    let (member, waiting): (bool, i64) = sqlx::query_as(
        "select exists (select 1 from memberships m join users u on u.id = m.user_id
                        where m.organization_id = $1 and m.status = 'active' and u.email = $2),
                (select count(*) from invitations
                 where organization_id = $1 and accepted_at is null and revoked_at is null and expires_at > $3)",
    )
    .bind(organization)
    .bind(&email)
    .bind(now)
    .fetch_one(tx.conn())
    .await?;
    if member {
        return Err(Error::conflict("duplicate", "This person is a member already."));
    }
    if waiting >= MOST_WAITING {
        return Err(Error::conflict("limit", "Too many invitations are waiting; revoke some first."));
    }
    sqlx::query(
        "update invitations set revoked_at = $3
         where organization_id = $1 and email = $2 and accepted_at is null and revoked_at is null",
    )
    .bind(organization)
    .bind(&email)
    .bind(now)
    .execute(tx.conn())
    .await?;
    let id = InvitationId::new();
    let reused = || Error::conflict("idempotency_key_reused", "This idempotency key was used for an earlier invitation.");
    sqlx::query(
        "insert into invitations (organization_id, id, email, role_id, token_hash, invited_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organization)
    .bind(id)
    .bind(&email)
    .bind(&new.role)
    .bind(tokens::hash(&token))
    .bind(user)
    .bind(now)
    .bind(now + Duration::days(GOOD_FOR_DAYS))
    .execute(tx.conn())
    .await
    .on_constraint("invitations_token_key", reused)?;
    let told = json!({"invitation": id, "email": email, "role": new.role});
    organizations::record(tx, "member_invited", None, Some(told)).await?;
    let invitation = select(tx, Some(id)).await?.pop().ok_or(Error::NotFound)?;
    Ok(Invited::new(organization, invitation, token))
}

/// Takes an invitation back; its link is worth nothing from now on.
pub async fn revoke(tx: &mut Tx, id: InvitationId) -> Result<()> {
    tx.require(Permission::MEMBERS_WRITE)?;
    let (organization, now) = (tx.organization(), tx.now());
    let revoked = sqlx::query(
        "update invitations set revoked_at = $3
         where organization_id = $1 and id = $2 and accepted_at is null and revoked_at is null",
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if revoked.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    organizations::record(tx, "invitation_revoked", Some(json!({"invitation": id})), None).await
}
