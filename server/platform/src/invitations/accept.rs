//! The invited side: whoever holds the link has no rights here yet, so that the system acts for him, bound to the
//! invitation that the link names.

use serde_json::json;

use super::Preview;
use crate::error::{Error, Result};
use crate::id::{InvitationId, OrganizationId, UserId};
use crate::idempotency::{idempotent, store};
use crate::sessions::Identity;
use crate::state::State;
use crate::tx::Tx;
use crate::users::{self, NewUser};
use crate::{members, organizations, passwords, tokens};

/// By which its answers are kept.
const ROUTE: &str = "POST /invitations/accept";

#[derive(sqlx::FromRow)]
struct Waiting {
    id: InvitationId,
    email: String,
    role: String,
    role_name: String,
    organization: String,
    invited_by: String,
    /// The account of that address, if there is one.
    account: Option<UserId>,
}

/// What awaits behind a link. One that is unknown, used, revoked or expired is [`Error::NotFound`].
pub async fn preview(state: &State, organization: OrganizationId, token: &str) -> Result<Preview> {
    let mut tx = Tx::begin_for_job(state, organization).await?;
    let waiting = waiting(&mut tx, token).await?;
    tx.commit().await?;
    Ok(Preview {
        organization: waiting.organization,
        email: waiting.email,
        role: waiting.role,
        role_name: waiting.role_name,
        invited_by: waiting.invited_by,
        has_account: waiting.account.is_some(),
    })
}

/// Accepts an invitation and gives the address that is a member now.
///
/// Somebody new sets name and password. An address with an account must be signed in, and `name` and `password` are
/// not looked at: nobody gets into an account by way of an invitation. Without that it is the conflict
/// `account_exists`; signed in as somebody else, `other_account`.
pub async fn accept(
    state: &State,
    organization: OrganizationId,
    token: &str,
    identity: Option<&Identity>,
    name: &str,
    password: &str,
) -> Result<String> {
    accept_once(state, organization, token, identity, (name, password), None).await
}

/// As [`accept`] for a request that may come twice: with the same key the answer of the first is given again. The password
/// is no part of what is compared, as nothing is kept of it.
pub async fn accept_once(
    state: &State,
    organization: OrganizationId,
    token: &str,
    identity: Option<&Identity>,
    (name, password): (&str, &str),
    key: Option<&str>,
) -> Result<String> {
    let request = (token, identity.map(|identity| identity.user), name);
    let mut tx = Tx::begin_for_job(state, organization).await?;
    if let Some((_, email)) = idempotent(&mut tx, ROUTE, key, &request).await? {
        return serde_json::from_value(email).map_err(Error::internal);
    }
    let looked_at = waiting(&mut tx, token).await?;
    // Nothing is kept yet: the key is claimed in the transaction of the effect.
    drop(tx);
    let signed_in = match (identity, looked_at.account) {
        (Some(identity), Some(account)) if identity.user == account => Some(account),
        (Some(_), _) => {
            let message = "The invitation is for another address. Sign out first.";
            return Err(Error::conflict("other_account", message));
        }
        (None, Some(_)) => return Err(users::taken()),
        (None, None) => None,
    };
    let new = NewUser { email: &looked_at.email, name, password, locale: None };
    // Hashing takes its time: it is done before the transaction, and only for the holder of a good link.
    let hash = match signed_in {
        Some(_) => None,
        None => {
            new.check()?;
            Some(passwords::turn(state).await?.hash(password).await?)
        }
    };

    let mut tx = Tx::begin_for_job(state, organization).await?;
    if let Some((_, email)) = idempotent(&mut tx, ROUTE, key, &request).await? {
        return serde_json::from_value(email).map_err(Error::internal);
    }
    let waiting = take(&mut tx, token).await?;
    let now = tx.now();
    let user = match (signed_in, &hash) {
        (Some(user), _) => user,
        // An account made meanwhile is found by its unique address and stays as it is.
        (None, Some(hash)) => users::insert(tx.conn(), &new, hash, now).await?,
        (None, None) => return Err(Error::Unauthenticated),
    };
    members::add(&mut tx, user, &waiting.role).await?;
    let told = json!({"invitation": waiting.id, "user": user});
    organizations::record(&mut tx, "invitation_accepted", None, Some(told)).await?;
    store(&mut tx, ROUTE, key, 200, &waiting.email).await?;
    tx.commit().await?;
    Ok(waiting.email)
}

async fn waiting(tx: &mut Tx, token: &str) -> Result<Waiting> {
    let (organization, now) = (tx.organization(), tx.now());
    let found: Option<Waiting> = sqlx::query_as(
        "select i.id, i.email, i.role_id as role, r.name as role_name, o.name as organization,
                inviter.name as invited_by, account.id as account
         from invitations i
         join organizations o on o.organization_id = i.organization_id
         join roles r on r.organization_id = i.organization_id and r.id = i.role_id
         join memberships m on m.organization_id = i.organization_id and m.user_id = i.invited_by
         join users inviter on inviter.id = m.user_id
         left join users account on account.email = i.email
         where i.organization_id = $1 and i.token_hash = $2
           and i.accepted_at is null and i.revoked_at is null and i.expires_at > $3",
    )
    .bind(organization)
    .bind(tokens::hash(token))
    .bind(now)
    .fetch_optional(tx.conn())
    .await?;
    found.ok_or(Error::NotFound)
}

/// Uses the invitation up. Of two who accept at once, the second waits here and finds nothing.
async fn take(tx: &mut Tx, token: &str) -> Result<Waiting> {
    let waiting = waiting(tx, token).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let taken = sqlx::query(
        "update invitations set accepted_at = $3
         where organization_id = $1 and id = $2 and accepted_at is null and revoked_at is null and expires_at > $3",
    )
    .bind(organization)
    .bind(waiting.id)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if taken.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(waiting) }
}
