//! What the signed-in user is told about himself: the frame around every screen is drawn from it.

use sqlx::{PgConnection, types::Json};

use super::Identity;
use crate::error::{Error, Result};
use crate::id::{OrganizationId, UserId};
use crate::locations;
use crate::session::{Me, Membership, Workplace};
use crate::state::State;
use crate::tx::{Door, Tx};

/// Who one is, where one may work, and what one may do where one works now.
pub async fn me(state: &State, identity: &Identity) -> Result<Me> {
    let begun = match identity.organization {
        Some(_) => Tx::begin(state, identity, Door::Screen).await.map(Some),
        None => Ok(None),
    };
    let (organization, memberships) = match begun {
        Ok(Some(mut tx)) => {
            let (place, memberships) = workplace(&mut tx, identity.user).await?;
            (Some(place), memberships)
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

#[derive(sqlx::FromRow)]
struct Place {
    name: String,
    country: String,
    currency: String,
    locale: String,
    zone: String,
    memberships: Json<Vec<Row>>,
}

/// Every page waits for it before its first byte, so that it is no more round trips than it must be.
async fn workplace(tx: &mut Tx, user: UserId) -> Result<(Workplace, Vec<Membership>)> {
    let organization = tx.organization();
    let place: Place = sqlx::query_as(
        "select name, country, currency, locale, zone,
                (select coalesce(json_agg(json_build_array(organization_id, name, role_id)), '[]') from (
                     select m.organization_id, other.name, m.role_id from memberships m
                     join organizations other on other.organization_id = m.organization_id
                     where m.user_id = $2 and m.status = 'active' order by other.name, m.organization_id limit 200
                 ) as mine) as memberships
         from organizations where organization_id = $1",
    )
    .bind(organization)
    .bind(user)
    .fetch_one(tx.conn())
    .await?;
    let locations = locations::list(tx).await?;
    let actor = tx.actor();
    let workplace = Workplace {
        id: organization,
        name: place.name,
        country: place.country,
        currency: place.currency,
        locale: place.locale,
        zone: place.zone,
        role: actor.role.clone(),
        // Whoever has a right over some records needs its buttons; which of them it opens, the doors know.
        permissions: actor.permissions.iter().chain(actor.narrow.keys()).cloned().collect(),
        products: actor.products.iter().cloned().collect(),
        locations,
    };
    Ok((workplace, place.memberships.0.into_iter().map(membership).collect()))
}

type Row = (OrganizationId, String, String);

fn membership((organization, name, role): Row) -> Membership {
    Membership { organization, name, role }
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
    let rows: Vec<Row> = sqlx::query_as(
        "select m.organization_id, o.name, m.role_id from memberships m
         join organizations o on o.organization_id = m.organization_id
         where m.user_id = $1 and m.status = 'active' order by o.name, m.organization_id limit 200",
    )
    .bind(user)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(membership).collect())
}
