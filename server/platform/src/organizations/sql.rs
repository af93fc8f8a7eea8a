//! Organizations in the database.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{ENTITY_TYPE, Organization, OrganizationDetails, slug};
use crate::actions;
use crate::entities::{self, NewEntity};
use crate::error::{Error, Result};
use crate::id::{EntityId, EntityRef, OrganizationId, UserId};
use crate::locations::{self, LocationDetails};
use crate::permission::{Permission, Role};
use crate::state::State;
use crate::time;
use crate::tx::{Door, Tx};

/// Makes an organization with its built-in roles and a first location of its own name, and `founder` its owner.
///
/// It begins and commits its own transaction, as there is no organization yet in which another could have begun.
pub async fn create(state: &State, details: &OrganizationDetails, founder: UserId, door: Door) -> Result<OrganizationId> {
    create_as(state, OrganizationId::new(), details, founder, door).await
}

/// As [`create`] under an id that the caller has made; `Denied` if there is one of that id.
pub(crate) async fn create_as(
    state: &State,
    id: OrganizationId,
    details: &OrganizationDetails,
    founder: UserId,
    door: Door,
) -> Result<OrganizationId> {
    check(details)?;
    let mut tx = Tx::begin_founding(state, id, founder, door).await?;
    insert(&mut tx, details).await?;
    for role in Role::ALL {
        sqlx::query("insert into roles (organization_id, id, name, built_in) values ($1, $2, $3, true)")
            .bind(id)
            .bind(role.as_str())
            .bind(title(role))
            .execute(tx.conn())
            .await?;
    }
    let now = tx.now();
    sqlx::query("insert into memberships (organization_id, user_id, role_id, created_at) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(founder)
        .bind(Role::Owner.as_str())
        .bind(now)
        .execute(tx.conn())
        .await?;
    // The organization is a record too, so that the log of what was done to it has something to point at.
    let entity = NewEntity {
        id: EntityId(id.0),
        entity_type: ENTITY_TYPE,
        title: details.name.trim(),
        keywords: "",
        owner: Some(founder),
        status: None,
    };
    entities::insert(&mut tx, &entity).await?;
    let made = get(&mut tx).await?;
    record(&mut tx, "created", None, Some(json!(made))).await?;
    let first = LocationDetails {
        name: details.name.clone(),
        address: String::new(),
        zone: details.zone.clone(),
        week_start: 1,
        active: true,
        version: 0,
    };
    locations::insert(&mut tx, &first).await?;
    tx.commit().await?;
    Ok(id)
}

/// The row itself, with an address that nobody else has.
async fn insert(tx: &mut Tx, details: &OrganizationDetails) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let plain = slug(&details.name);
    for attempt in 0..5 {
        let slug = match attempt {
            0 => plain.clone(),
            _ => format!("{plain}-{:04x}", rand::random::<u16>()),
        };
        let inserted = sqlx::query(
            "insert into organizations (organization_id, name, slug, kind, country, currency, locale, zone, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
        )
        .bind(organization)
        .bind(details.name.trim())
        .bind(slug)
        .bind(&details.kind)
        .bind(&details.country)
        .bind(&details.currency)
        .bind(&details.locale)
        .bind(&details.zone)
        .bind(now)
        .execute(tx.conn())
        .await?;
        if inserted.rows_affected() == 1 {
            return Ok(());
        }
    }
    Err(Error::conflict("duplicate", "Too many organizations have this name; choose another."))
}

/// The organization one works in; any member may know it.
pub async fn get(tx: &mut Tx) -> Result<Organization> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select organization_id as id, name, slug, kind, country, currency, locale, zone, version
         from organizations where organization_id = $1",
    )
    .bind(organization)
    .fetch_one(tx.conn())
    .await?)
}

/// The date it is now on the organization's clock.
pub async fn today(tx: &mut Tx) -> Result<NaiveDate> {
    let (organization, now) = (tx.organization(), tx.now());
    Ok(sqlx::query_scalar("select ($2 at time zone zone)::date from organizations where organization_id = $1")
        .bind(organization)
        .bind(now)
        .fetch_one(tx.conn())
        .await?)
}

/// Changes what is told about the organization; the version must be the present one (R18).
pub async fn update(tx: &mut Tx, details: &OrganizationDetails) -> Result<Organization> {
    tx.require(Permission::ORGANIZATION_WRITE)?;
    check(details)?;
    let old = get(tx).await?;
    let organization = tx.organization();
    let changed = sqlx::query(
        "update organizations set name = $2, kind = $3, country = $4, currency = $5, locale = $6, zone = $7, version = version + 1
         where organization_id = $1 and version = $8",
    )
    .bind(organization)
    .bind(details.name.trim())
    .bind(&details.kind)
    .bind(&details.country)
    .bind(&details.currency)
    .bind(&details.locale)
    .bind(&details.zone)
    .bind(details.version)
    .execute(tx.conn())
    .await?;
    let new = get(tx).await?;
    if changed.rows_affected() == 0 {
        return Err(actions::part_changed_meanwhile(tx, &organization.to_string(), ENTITY_TYPE, "updated", &new).await?);
    }
    entities::update(tx, EntityId(organization.0), &new.name, "", None).await?;
    record(tx, "updated", Some(json!(old)), Some(json!(new))).await?;
    Ok(new)
}

/// Writes down what was done to the organization: its members, roles, places and subscriptions among it.
pub(crate) async fn record(tx: &mut Tx, verb: &str, old: Option<Value>, new: Option<Value>) -> Result<()> {
    let entity = EntityRef::new(ENTITY_TYPE, EntityId(tx.organization().0));
    actions::record(tx, entity, verb, old, new).await
}

fn check(details: &OrganizationDetails) -> Result<()> {
    details.check()?;
    match time::zone(&details.zone) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::invalid("zone", "zone", "This is not the name of a time zone.")),
    }
}

/// The role's name as stored; screens translate built-in ones by their id.
fn title(role: Role) -> String {
    let name = role.as_str();
    name[..1].to_uppercase() + &name[1..]
}
