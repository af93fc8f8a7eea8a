//! What the signed-in user is told about himself: the frame around every screen is drawn from it.

use sqlx::PgConnection;

use super::Identity;
use crate::error::{Error, Result};
use crate::id::{OrganizationId, UserId};
use crate::session::{Me, Membership, Workplace};
use crate::state::State;
use crate::tx::{Door, Tx};
use crate::{locations, organizations};

/// Who one is, where one may work, and what one may do where one works now.
pub async fn me(state: &State, identity: &Identity) -> Result<Me> {
    let begun = match identity.organization {
        Some(_) => Tx::begin(state, identity, Door::Screen).await.map(Some),
        None => Ok(None),
    };
    let (organization, memberships) = match begun {
        Ok(Some(mut tx)) => {
            let place = workplace(&mut tx).await?;
            (Some(place), list(tx.conn(), identity.user).await?)
        }
        // No organization, or a member no more: what is left are the other ones.
        Ok(None) | Err(Error::NotFound) => (None, memberships(state, identity.user).await?),
        Err(error) => return Err(error),
    };
    Ok(Me {
        user: identity.user,
        name: identity.name.clone(),
        email: identity.email.clone(),
        locale: identity.locale.clone(),
        session: identity.session,
        organization,
        memberships,
    })
}

async fn workplace(tx: &mut Tx) -> Result<Workplace> {
    let organization = organizations::get(tx).await?;
    let locations = locations::list(tx).await?;
    let actor = tx.actor();
    Ok(Workplace {
        id: organization.id,
        name: organization.name,
        country: organization.country,
        currency: organization.currency,
        locale: organization.locale,
        zone: organization.zone,
        role: actor.role.clone(),
        permissions: actor.permissions.iter().cloned().collect(),
        products: actor.products.iter().cloned().collect(),
        locations,
    })
}

/// The organizations a user belongs to, by name. They are read as that user, not as a tenant.
pub async fn memberships(state: &State, user: UserId) -> Result<Vec<Membership>> {
    let mut tx = state.pool.begin().await?;
    sqlx::query("select set_config('app.user_id', $1, true)").bind(user.to_string()).execute(&mut *tx).await?;
    let memberships = list(&mut tx, user).await?;
    tx.commit().await?;
    Ok(memberships)
}

async fn list(connection: &mut PgConnection, user: UserId) -> Result<Vec<Membership>> {
    let rows: Vec<(OrganizationId, String, String)> = sqlx::query_as(
        "select m.organization_id, o.name, m.role_id from memberships m
         join organizations o on o.organization_id = m.organization_id
         where m.user_id = $1 and m.status = 'active' order by o.name, m.organization_id limit 200",
    )
    .bind(user)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(organization, name, role)| Membership { organization, name, role }).collect())
}
