//! The ledger of consents in the database.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef},
};
use serde_json::json;

use super::{Basis, Consent, ConsentInput, Decision, holding};
use crate::{
    core::{CONSENTS_WRITE, PERSONS_READ},
    persons,
};

/// How many lines are read of one human; a ledger that is longer tells the latest.
const MOST: i64 = 1000;

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    person_id: EntityId,
    purpose: String,
    decision: String,
    basis: String,
    source: String,
    note: String,
    at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    recorded_by: Option<String>,
}

/// All that was said by a human, under whichever of the records that were merged, the latest first.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn ledger(tx: &mut Tx, person: EntityId) -> Result<Vec<Consent>> {
    tx.require(PERSONS_READ)?;
    let person = persons::find(tx, person).await?;
    lines(tx, person).await
}

async fn lines(tx: &mut Tx, person: EntityId) -> Result<Vec<Consent>> {
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select c.id, c.person_id, c.purpose, c.decision, c.basis, c.source, c.note, c.at, c.recorded_at, u.name as recorded_by
         from person_consents c
         left join memberships m on m.organization_id = c.organization_id and m.user_id = c.recorded_by
         left join users u on u.id = m.user_id
         where c.organization_id = $1 and c.person_id = any (array(
             select $2 union all select e.id from entities e where e.organization_id = $1 and e.merged_into = $2))
         order by c.at desc, c.recorded_at desc, c.id desc limit $3",
    )
    .bind(organization)
    .bind(person)
    .bind(MOST)
    .fetch_all(tx.conn())
    .await?;
    let line = |row: Row| {
        Ok(Consent {
            decision: Decision::parse(&row.decision).ok_or_else(|| Error::internal("an unknown decision"))?,
            basis: Basis::parse(&row.basis).ok_or_else(|| Error::internal("an unknown basis"))?,
            id: row.id,
            person: row.person_id,
            purpose: row.purpose,
            source: row.source,
            note: row.note,
            at: row.at,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
        })
    };
    rows.into_iter().map(line).collect()
}

/// What holds now, by purpose.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn state(tx: &mut Tx, person: EntityId) -> Result<Vec<Consent>> {
    tx.require(PERSONS_READ)?;
    let person = persons::find(tx, person).await?;
    let lines = lines(tx, person).await?;
    let organization = tx.organization();
    let joined: Option<DateTime<Utc>> =
        sqlx::query_scalar("select max(merged_at) from person_merges where organization_id = $1 and winner_id = $2 and undone_at is null")
            .bind(organization)
            .bind(person)
            .fetch_one(tx.conn())
            .await?;
    Ok(holding(&lines, joined))
}

/// Writes down what somebody has said. With the id of a line that is there it returns what holds.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `duplicate` (the id is another record's line).
pub async fn record(tx: &mut Tx, person: EntityId, input: &ConsentInput) -> Result<Vec<Consent>> {
    tx.require(CONSENTS_WRITE)?;
    input.check(tx.now())?;
    let card = persons::card(tx, person).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() && lines(tx, card.id).await?.iter().any(|line| line.id == id) {
        return state(tx, card.id).await;
    }
    let by = Some(tx.user()).filter(|user| *user != platform::id::UserId::SYSTEM);
    sqlx::query(
        "insert into person_consents (organization_id, id, person_id, purpose, decision, basis, source, note, at, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(organization)
    .bind(id)
    .bind(card.id)
    .bind(&input.purpose)
    .bind(input.decision.as_str())
    .bind(input.basis.as_str())
    .bind(input.source.trim())
    .bind(input.note.trim())
    .bind(input.at.unwrap_or(now))
    .bind(now)
    .bind(by)
    .execute(tx.conn())
    .await
    .on_constraint("person_consents_pkey", || Error::conflict("duplicate", "There is a line of that id already."))?;
    let told = json!({ "purpose": input.purpose, "decision": input.decision, "basis": input.basis, "source": input.source.trim() });
    actions::record(tx, EntityRef::new(&card.entity_type, card.id), "consent_recorded", None, Some(told)).await?;
    state(tx, card.id).await
}
