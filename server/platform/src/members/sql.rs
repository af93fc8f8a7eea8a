//! Who belongs to an organization, in the database.

use serde_json::json;

use super::Member;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::permission::{Permission, Role};
use crate::tx::Tx;
use crate::{organizations, roles};

/// The members by name; at most 1000.
pub async fn list(tx: &mut Tx) -> Result<Vec<Member>> {
    tx.require(Permission::MEMBERS_READ)?;
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select m.user_id as user, u.name, u.email, m.role_id as role, r.name as role_name, m.created_at as since
         from memberships m
         join users u on u.id = m.user_id
         join roles r on r.organization_id = m.organization_id and r.id = m.role_id
         where m.organization_id = $1 and m.status = 'active' order by u.name, m.user_id limit 1000",
    )
    .bind(organization)
    .fetch_all(tx.conn())
    .await?)
}

async fn get(tx: &mut Tx, user: UserId) -> Result<Member> {
    let organization = tx.organization();
    let found: Option<Member> = sqlx::query_as(
        "select m.user_id as user, u.name, u.email, m.role_id as role, r.name as role_name, m.created_at as since
         from memberships m
         join users u on u.id = m.user_id
         join roles r on r.organization_id = m.organization_id and r.id = m.role_id
         where m.organization_id = $1 and m.user_id = $2 and m.status = 'active'",
    )
    .bind(organization)
    .bind(user)
    .fetch_optional(tx.conn())
    .await?;
    found.ok_or(Error::NotFound)
}

/// Whether somebody is a member now: for what is to be theirs.
pub async fn is_member(tx: &mut Tx, user: UserId) -> Result<bool> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar("select exists (select from memberships where organization_id = $1 and user_id = $2 and status = 'active')")
        .bind(organization)
        .bind(user)
        .fetch_one(tx.conn())
        .await?)
}

/// That the field which says whose it is names a member.
///
/// # Errors
/// `Invalid` of that field.
pub async fn require_member(tx: &mut Tx, field: &str, user: UserId) -> Result<()> {
    if is_member(tx, user).await? { Ok(()) } else { Err(Error::invalid(field, "unknown", "There is no such member.")) }
}

/// Makes a user a member, or one again who has left. Whoever is a member already is a conflict and keeps the role.
///
/// The caller holds `members:write` and what the role grants, or acts for somebody who did: see invitations.
pub async fn add(tx: &mut Tx, user: UserId, role: &str) -> Result<()> {
    tx.require(Permission::MEMBERS_WRITE)?;
    roles::require_may_grant(tx, role).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let added = sqlx::query(
        "insert into memberships (organization_id, user_id, role_id, created_at) values ($1, $2, $3, $4)
         on conflict (organization_id, user_id)
         do update set role_id = excluded.role_id, status = 'active', created_at = excluded.created_at
         where memberships.status = 'removed'",
    )
    .bind(organization)
    .bind(user)
    .bind(role)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if added.rows_affected() == 0 {
        return Err(Error::conflict("duplicate", "This person is a member already."));
    }
    organizations::record(tx, "member_added", None, Some(json!({"user": user, "role": role}))).await
}

/// Gives a member another role. Nobody grants more than he holds, nor takes from somebody who holds more; only an
/// owner makes or unmakes owners, and the last one stays. What the member has invited to and nobody has accepted yet
/// is taken back.
pub async fn change_role(tx: &mut Tx, user: UserId, role: &str) -> Result<Member> {
    tx.require(Permission::MEMBERS_WRITE)?;
    let owners = lock_owners(tx).await?;
    let old = get(tx, user).await?;
    roles::require_may_grant(tx, &old.role).await?;
    roles::require_may_grant(tx, role).await?;
    if old.role == role {
        return Ok(old);
    }
    keep_an_owner(&owners, user)?;
    let organization = tx.organization();
    sqlx::query("update memberships set role_id = $3 where organization_id = $1 and user_id = $2")
        .bind(organization)
        .bind(user)
        .bind(role)
        .execute(tx.conn())
        .await?;
    withdraw_invitations(tx, user).await?;
    let (before, after) = (json!({"user": user, "role": old.role}), json!({"user": user, "role": role}));
    organizations::record(tx, "member_role_changed", Some(before), Some(after)).await?;
    get(tx, user).await
}

/// Ends a membership, one's own or another's. The last owner stays. What the member did remains his; his invitations
/// that nobody has accepted yet end with him.
pub async fn remove(tx: &mut Tx, user: UserId) -> Result<()> {
    if user != tx.user() {
        tx.require(Permission::MEMBERS_WRITE)?;
    }
    let owners = lock_owners(tx).await?;
    let old = get(tx, user).await?;
    if user != tx.user() {
        roles::require_may_grant(tx, &old.role).await?;
    }
    keep_an_owner(&owners, user)?;
    let organization = tx.organization();
    sqlx::query("update memberships set status = 'removed' where organization_id = $1 and user_id = $2")
        .bind(organization)
        .bind(user)
        .execute(tx.conn())
        .await?;
    sqlx::query("delete from team_members where organization_id = $1 and user_id = $2")
        .bind(organization)
        .bind(user)
        .execute(tx.conn())
        .await?;
    withdraw_invitations(tx, user).await?;
    // His sessions go on, but no longer here.
    sqlx::query("update sessions set organization_id = null where user_id = $2 and organization_id = $1")
        .bind(organization)
        .bind(user)
        .execute(tx.conn())
        .await?;
    organizations::record(tx, "member_removed", Some(json!({"user": user, "role": old.role})), None).await
}

/// Takes back what a member has invited to and nobody has accepted yet: he may not hold any more what he granted.
async fn withdraw_invitations(tx: &mut Tx, user: UserId) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update invitations set revoked_at = $3
         where organization_id = $1 and invited_by = $2 and accepted_at is null and revoked_at is null",
    )
    .bind(organization)
    .bind(user)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The owners, locked: of two who demote each other at the same moment, the second finds only himself left.
async fn lock_owners(tx: &mut Tx) -> Result<Vec<UserId>> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "select user_id from memberships where organization_id = $1 and role_id = $2 and status = 'active'
         order by user_id for update",
    )
    .bind(organization)
    .bind(Role::Owner.as_str())
    .fetch_all(tx.conn())
    .await?)
}

fn keep_an_owner(owners: &[UserId], user: UserId) -> Result<()> {
    match owners {
        [last] if *last == user => Err(Error::conflict("last_owner", "An organization keeps at least one owner.")),
        _ => Ok(()),
    }
}
