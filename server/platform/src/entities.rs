//! The entity registry: one row for everything that can be pointed at. Typed tables share its key.

use crate::error::{Error, Result, ResultExt};
use crate::id::{EntityId, UserId};
use crate::tx::Tx;

/// A record to be registered.
#[derive(Clone, Copy, Debug)]
pub struct NewEntity<'a> {
    /// The name that its typed row shares.
    pub id: EntityId,
    /// `gabinet:patient`.
    pub entity_type: &'a str,
    /// What it is called in lists and links.
    pub title: &'a str,
    /// What else it is found by: number, e-mail, phone.
    pub keywords: &'a str,
    /// Whose it is.
    pub owner: Option<UserId>,
    /// The module's own word for its state.
    pub status: Option<&'a str>,
}

/// Registers a record.
///
/// # Errors
/// `Conflict` of code `duplicate` where the id, which callers may make, is another record's.
pub async fn insert(tx: &mut Tx, entity: &NewEntity<'_>) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into entities (organization_id, id, entity_type, title, keywords, owner_id, status, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
    )
    .bind(organization)
    .bind(entity.id)
    .bind(entity.entity_type)
    .bind(entity.title)
    .bind(entity.keywords)
    .bind(entity.owner)
    .bind(entity.status)
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("entities_pkey", || Error::conflict("duplicate", "There is a record of that id already."))?;
    Ok(())
}

/// Registers a record under the next gapless number of a series of the organization (see [`crate::counters`]) and gives
/// that number, by which alone it is found beside its title: the prefix and at least four digits. Others of the series
/// wait from here to the end of the transaction, so this comes late in it.
///
/// # Errors
/// As [`insert`].
pub async fn insert_numbered(tx: &mut Tx, entity: &NewEntity<'_>, series: &str, prefix: &str) -> Result<String> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query_scalar(
        "with drawn as (
             insert into counters (organization_id, series, value) values ($1, $8, 1)
             on conflict (organization_id, series) do update set value = counters.value + 1
             returning value::text as value
         )
         insert into entities (organization_id, id, entity_type, title, keywords, owner_id, status, created_at, updated_at)
         select $1, $2, $3, $4, $9 || lpad(value, greatest(length(value), 4), '0'), $5, $6, $7, $7 from drawn
         returning keywords",
    )
    .bind(organization)
    .bind(entity.id)
    .bind(entity.entity_type)
    .bind(entity.title)
    .bind(entity.owner)
    .bind(entity.status)
    .bind(now)
    .bind(series)
    .bind(prefix)
    .fetch_one(tx.conn())
    .await
    .on_constraint("entities_pkey", || Error::conflict("duplicate", "There is a record of that id already."))
}

/// As [`insert`] for many records at once, in one statement.
///
/// # Errors
/// As [`insert`]; then none of them is there.
pub async fn insert_all(tx: &mut Tx, entities: &[NewEntity<'_>]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into entities (organization_id, id, entity_type, title, keywords, owner_id, status, created_at, updated_at)
         select $1, id, entity_type, title, keywords, owner_id, status, $2, $2
         from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[])
             as e (id, entity_type, title, keywords, owner_id, status)",
    )
    .bind(organization)
    .bind(now)
    .bind(entities.iter().map(|entity| entity.id).collect::<Vec<_>>())
    .bind(entities.iter().map(|entity| entity.entity_type).collect::<Vec<_>>())
    .bind(entities.iter().map(|entity| entity.title).collect::<Vec<_>>())
    .bind(entities.iter().map(|entity| entity.keywords).collect::<Vec<_>>())
    .bind(entities.iter().map(|entity| entity.owner).collect::<Vec<_>>())
    .bind(entities.iter().map(|entity| entity.status).collect::<Vec<_>>())
    .execute(tx.conn())
    .await
    .on_constraint("entities_pkey", || Error::conflict("duplicate", "There is a record of that id already."))?;
    Ok(())
}

/// Holds records until the transaction ends, in the order of their ids: whoever else changes one waits.
///
/// What a record is about comes first, then the record: a human or a company, then a lead, then a deal. Of each kind its
/// module's own row comes before the registry's. Whoever holds several keeps that order, so that nobody waits crosswise.
pub async fn hold(tx: &mut Tx, ids: &[EntityId]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("select from entities where organization_id = $1 and id = any ($2) order by id for no key update")
        .bind(organization)
        .bind(ids)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// As [`hold`], but side by side with all who need as little: that the records stay as they are while something is written
/// that tells of them.
pub async fn keep(tx: &mut Tx, ids: &[EntityId]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("select from entities where organization_id = $1 and id = any ($2) order by id for share")
        .bind(organization)
        .bind(ids)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Whose a record is, deleted or not; none of a record that is nobody's or was never there.
pub async fn owner(tx: &mut Tx, id: EntityId) -> Result<Option<UserId>> {
    let organization = tx.organization();
    let owner: Option<Option<UserId>> = sqlx::query_scalar("select owner_id from entities where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .fetch_optional(tx.conn())
        .await?;
    Ok(owner.flatten())
}

/// Hands a record over; whoever calls raises its version and writes the log.
pub async fn hand_over(tx: &mut Tx, id: EntityId, owner: Option<UserId>) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("update entities set owner_id = $3 where organization_id = $1 and id = $2 and owner_id is distinct from $3")
        .bind(organization)
        .bind(id)
        .bind(owner)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Gives a record a new title, keywords and status; a status of none leaves it as it is.
pub async fn update(tx: &mut Tx, id: EntityId, title: &str, keywords: &str, status: Option<&str>) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let done = sqlx::query(
        "update entities set title = $3, keywords = $4, status = coalesce($5, status), version = version + 1, updated_at = $6
         where organization_id = $1 and id = $2 and deleted_at is null",
    )
    .bind(organization)
    .bind(id)
    .bind(title)
    .bind(keywords)
    .bind(status)
    .bind(now)
    .execute(tx.conn())
    .await?;
    found(done.rows_affected())
}

/// Says that a record has changed in what the registry does not tell of it.
pub async fn raise(tx: &mut Tx, id: EntityId) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let done = sqlx::query("update entities set version = version + 1, updated_at = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(now)
        .execute(tx.conn())
        .await?;
    found(done.rows_affected())
}

/// Takes a record out of lists and search; what points at it keeps pointing.
pub async fn soft_delete(tx: &mut Tx, id: EntityId) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let done = sqlx::query(
        "update entities set deleted_at = $3, version = version + 1, updated_at = $3
         where organization_id = $1 and id = $2 and deleted_at is null",
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .execute(tx.conn())
    .await?;
    found(done.rows_affected())
}

fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(Error::NotFound) } else { Ok(()) }
}
