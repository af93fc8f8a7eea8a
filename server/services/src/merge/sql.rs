//! Merging in the database.

use chrono::{DateTime, Days, Utc};
use platform::{
    Error, Result, Tx, actions,
    error::{Reason, Refusal},
    id::{EntityId, EntityRef, UserId},
};
use serde_json::json;

use super::{
    DAYS, MergeInput, MergePair, MergePreview, MergeVeto, Merged, Pick,
    fields::{self, Said, Written},
    moves,
};
use crate::{
    consents,
    core::{PERSONS_MERGE, PERSONS_READ},
    fields as custom, persons,
};

/// A person as the registry has it, held until the transaction ends.
pub(super) struct Side {
    pub id: EntityId,
    pub entity_type: String,
    pub title: String,
    pub keywords: String,
    pub version: i32,
}

/// Both records, held in the order of their ids, so that two who merge the same take turns.
async fn sides(tx: &mut Tx, winner: EntityId, loser: EntityId) -> Result<(Side, Side)> {
    let types = persons::visible(tx).await?;
    let organization = tx.organization();
    let rows: Vec<(EntityId, String, String, String, i32)> = sqlx::query_as(
        "select e.id, e.entity_type, e.title, e.keywords, e.version from entities e
         where e.organization_id = $1 and e.id in ($2, $3) and e.deleted_at is null and e.merged_into is null and e.entity_type = any ($4)
         order by e.id for no key update",
    )
    .bind(organization)
    .bind(winner)
    .bind(loser)
    .bind(types)
    .fetch_all(tx.conn())
    .await?;
    let mut sides: Vec<Side> =
        rows.into_iter().map(|(id, entity_type, title, keywords, version)| Side { id, entity_type, title, keywords, version }).collect();
    let of = |sides: &mut Vec<Side>, id: EntityId| {
        let place = sides.iter().position(|side| side.id == id)?;
        Some(sides.swap_remove(place))
    };
    let winner = of(&mut sides, winner).ok_or(Error::NotFound)?;
    let loser = of(&mut sides, loser).ok_or(Error::NotFound)?;
    Ok((winner, loser))
}

/// Why these two may not become one.
async fn vetoes(tx: &mut Tx, winner: &Side, loser: &Side, said: &[Said]) -> Result<Vec<MergeVeto>> {
    let mut vetoes = Vec::new();
    let veto = |rule: &str, message: &str| MergeVeto { rule: rule.into(), message: message.into() };
    if loser.entity_type != "person" && loser.entity_type != winner.entity_type {
        vetoes.push(veto("direction", "The other record is more than a person: it has to be the one that stays."));
    }
    let ids = said.iter().find(|said| said.field.column == "national_id");
    if let Some(Said { winner: Some(own), loser: Some(other), .. }) = ids
        && own != other
    {
        vetoes.push(veto("national_ids", "They have different national ids: these are two humans."));
    }
    let state = tx.state().clone();
    for hook in persons::hooks(&state).filter_map(|(_, hooks)| hooks.veto) {
        if let Some(refusal) = hook(tx, winner.id, loser.id).await? {
            vetoes.push(MergeVeto { rule: refusal.code, message: refusal.message });
        }
    }
    Ok(vetoes)
}

/// What a merge would do; nothing is written.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` (it is one record).
pub async fn preview(tx: &mut Tx, pair: &MergePair) -> Result<MergePreview> {
    tx.require(PERSONS_MERGE)?;
    tx.require(PERSONS_READ)?;
    two(pair.winner, pair.loser)?;
    let (winner, loser) = sides(tx, pair.winner, pair.loser).await?;
    let said = fields::said(tx, winner.id, loser.id).await?;
    let vetoes = vetoes(tx, &winner, &loser, &said).await?;
    let rows = moves::count(tx, winner.id, loser.id).await?;
    let mut ledger = consents::ledger(tx, winner.id).await?;
    ledger.extend(consents::ledger(tx, loser.id).await?);
    let joined = Some(tx.now());
    Ok(MergePreview {
        fields: said.iter().filter_map(|said| said.choice(tx)).collect(),
        rows,
        consents: consents::holding(&ledger, joined),
        vetoes,
        winner: winner.id,
        winner_name: winner.title,
        winner_version: winner.version,
        loser: loser.id,
        loser_name: loser.title,
        loser_version: loser.version,
    })
}

fn two(winner: EntityId, loser: EntityId) -> Result<()> {
    if winner == loser { Err(Error::invalid("loser", "order", "This is one record.")) } else { Ok(()) }
}

/// Makes two records one. What was merged already is told as it is.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` (either was changed since the preview) or `veto`.
pub async fn merge(tx: &mut Tx, input: &MergeInput) -> Result<Merged> {
    tx.require(PERSONS_MERGE)?;
    tx.require(PERSONS_READ)?;
    two(input.winner, input.loser)?;
    if input.picks.len() > 100 {
        return Err(Error::invalid("picks", "too_long", "There are too many."));
    }
    if let Some(done) = into(tx, input.winner).await?.into_iter().find(|merged| merged.loser == input.loser) {
        return Ok(done);
    }
    let (winner, loser) = sides(tx, input.winner, input.loser).await?;
    let state = tx.state().clone();
    for hook in persons::hooks(&state).filter_map(|(_, hooks)| hooks.hold) {
        hook(tx, &[winner.id, loser.id]).await?;
    }
    let said = fields::said(tx, winner.id, loser.id).await?;
    let picks = fields::picked(tx, &said, &input.picks)?;
    for (side, version) in [(&winner, input.winner_version), (&loser, input.loser_version)] {
        if side.version != version {
            let card = persons::card(tx, side.id).await?;
            let message = "Somebody else has changed this person in the meantime.";
            return Err(actions::changed_meanwhile(tx, side.id, "person", &card, message).await?);
        }
    }
    let vetoes = vetoes(tx, &winner, &loser, &said).await?;
    if let Some(first) = vetoes.first() {
        let reason = |veto: &MergeVeto| Reason { rule: veto.rule.clone(), resource: None, resource_name: None, from: None, to: None };
        let reasons = vetoes.iter().map(reason).collect();
        return Err(Refusal { reasons, ..Refusal::new("veto", first.message.clone()) }.into());
    }
    let id = EntityId::new();
    let (organization, now) = (tx.organization(), tx.now());
    let by = Some(tx.user()).filter(|user| *user != UserId::SYSTEM);
    sqlx::query(
        "insert into person_merges (organization_id, id, winner_id, loser_id, title, keywords, merged_by, merged_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organization)
    .bind(id)
    .bind(winner.id)
    .bind(loser.id)
    .bind(&winner.title)
    .bind(&winner.keywords)
    .bind(by)
    .bind(now)
    .execute(tx.conn())
    .await?;
    moves::there(tx, id, winner.id, loser.id).await?;
    let mut written = Vec::new();
    for (said, pick) in said.iter().zip(&picks) {
        let after = said.after(*pick);
        if after != said.winner {
            fields::put(tx, said.field, winner.id, after.as_deref(), said.winner.as_deref()).await?;
            let (table, column) = (said.field.table.to_owned(), said.field.column.to_owned());
            written.push(Written { table, column, before: said.winner.clone(), after });
        }
    }
    written.extend(kept_beside(tx, &winner, &said, &picks).await?);
    sqlx::query("update person_merges set fields = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(serde_json::to_value(&written).map_err(Error::internal)?)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "update entities set merged_into = case when id = $3 then $2 end, version = version + 1, updated_at = $4
         where organization_id = $1 and id in ($2, $3)",
    )
    .bind(organization)
    .bind(winner.id)
    .bind(loser.id)
    .bind(now)
    .execute(tx.conn())
    .await?;
    persons::changed(tx, winner.id).await?;
    let told = |other: EntityId| Some(json!({ "merge": id, "other": other }));
    actions::record(tx, EntityRef::new(&loser.entity_type, loser.id), "merged_into", None, told(winner.id)).await?;
    actions::record(tx, EntityRef::new(&winner.entity_type, winner.id), "merged", None, told(loser.id)).await?;
    custom::touched(tx, &winner.entity_type, winner.id).await?;
    into(tx, winner.id).await?.into_iter().find(|merged| merged.id == id).ok_or(Error::NotFound)
}

/// The e-mail address and the number that are not the first ones any more stay as further ones.
async fn kept_beside(tx: &mut Tx, winner: &Side, said: &[Said], picks: &[Pick]) -> Result<Vec<Written>> {
    let (organization, now) = (tx.organization(), tx.now());
    let mut left = Vec::new();
    for (said, pick) in said.iter().zip(picks).filter(|(said, _)| matches!(said.field.key().as_str(), "persons.email" | "persons.phone")) {
        let given_up = if *pick == Pick::Winner { &said.loser } else { &said.winner };
        if let Some(value) = given_up.as_deref().filter(|value| Some(*value) != said.after(*pick).as_deref()) {
            left.push((EntityId::new(), said.field.column, value.to_owned()));
        }
    }
    if left.is_empty() {
        return Ok(Vec::new());
    }
    let made: Vec<EntityId> = sqlx::query_scalar(
        "insert into person_contacts (organization_id, id, person_id, kind, value, place, created_at)
         select $1, c.id, $2, c.kind, c.value, 1000, $6 from unnest($3::uuid[], $4::text[], $5::text[]) as c (id, kind, value)
         where not exists (select from person_keys k where k.organization_id = $1 and k.person_id = $2 and k.kind = c.kind
             and k.key = case c.kind when 'email' then email_key(c.value) else phone_key(c.value) end)
         returning id",
    )
    .bind(organization)
    .bind(winner.id)
    .bind(left.iter().map(|(id, _, _)| *id).collect::<Vec<_>>())
    .bind(left.iter().map(|(_, kind, _)| *kind).collect::<Vec<_>>())
    .bind(left.iter().map(|(_, _, value)| value.clone()).collect::<Vec<_>>())
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    let written =
        |id: EntityId| Written { table: "person_contacts".into(), column: "id".into(), before: None, after: Some(id.to_string()) };
    Ok(made.into_iter().map(written).collect())
}

/// The records that were merged into a person and not taken out again, the latest first.
///
/// # Errors
/// `Unavailable`.
pub async fn into(tx: &mut Tx, winner: EntityId) -> Result<Vec<Merged>> {
    let organization = tx.organization();
    type Row = (EntityId, EntityId, EntityId, String, Option<String>, DateTime<Utc>);
    let rows: Vec<Row> = sqlx::query_as(
        "select m.id, m.winner_id, m.loser_id, p.given_name || ' ' || p.family_name, u.name, m.merged_at
         from person_merges m
         join persons p on p.organization_id = m.organization_id and p.id = m.loser_id
         left join memberships b on b.organization_id = m.organization_id and b.user_id = m.merged_by
         left join users u on u.id = b.user_id
         where m.organization_id = $1 and m.winner_id = $2 and m.undone_at is null order by m.merged_at desc, m.id desc limit 100",
    )
    .bind(organization)
    .bind(winner)
    .fetch_all(tx.conn())
    .await?;
    let told = |(id, winner, loser, name, merged_by, merged_at)| Merged {
        id,
        winner,
        loser,
        name,
        merged_by,
        merged_at,
        undo_until: until(merged_at),
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Until when a merge can be taken back.
pub(super) fn until(merged_at: DateTime<Utc>) -> DateTime<Utc> {
    merged_at + Days::new(DAYS.unsigned_abs())
}
