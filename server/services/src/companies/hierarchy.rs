//! Which company stands above which.

use platform::{Error, Result, Tx, id::EntityId};

use super::{CompanyName, DEPTH};

/// The company and those above it, the nearest first.
pub(super) async fn above(tx: &mut Tx, parent: Option<EntityId>) -> Result<Vec<CompanyName>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "with recursive up as (
             select c.id, c.name, c.parent_id, 1 as step from companies c where c.organization_id = $1 and c.id = $2
             union all
             select c.id, c.name, c.parent_id, up.step + 1 from up
             join companies c on c.organization_id = $1 and c.id = up.parent_id where up.step <= $3)
         select id, name from up order by step",
    )
    .bind(organization)
    .bind(parent)
    .bind(DEPTH)
    .fetch_all(tx.conn())
    .await?)
}

/// Nobody stands above themselves. Whoever changes who stands above whom takes turns with others who do, so that two who
/// are each right alone do not close a ring together.
pub(super) async fn check_parent(tx: &mut Tx, id: EntityId, parent: Option<EntityId>) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    let organization = tx.organization();
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('companies ' || $1::text, 0))")
        .bind(organization)
        .execute(tx.conn())
        .await?;
    let line = above(tx, Some(parent)).await?;
    if line.is_empty() {
        return Err(Error::invalid("parent", "unknown", "There is no such company."));
    }
    if parent == id || line.iter().any(|company| company.id == id) {
        return Err(Error::invalid("parent", "cycle", "A company does not stand above itself."));
    }
    let below: i32 = sqlx::query_scalar(
        "with recursive down as (
             select $2::uuid as id, 1 as step
             union all
             select c.id, down.step + 1 from down join companies c on c.organization_id = $1 and c.parent_id = down.id where down.step <= $3)
         select max(step) from down",
    )
    .bind(organization)
    .bind(id)
    .bind(DEPTH)
    .fetch_one(tx.conn())
    .await?;
    if i32::try_from(line.len()).unwrap_or(DEPTH) + below > DEPTH {
        return Err(Error::invalid("parent", "too_large", "There are too many companies above one another."));
    }
    Ok(())
}
