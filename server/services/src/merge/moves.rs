//! Pointing rows elsewhere, each as the module that has its table declares.

use platform::{Result, Tx, id::EntityId};

use super::RowCount;
use crate::persons::{self, Handling, Reference};

impl Reference {
    /// `crm_leads.person_id`
    pub(super) fn name(&self) -> String {
        [self.table, ".", self.column].concat()
    }

    /// The rows that move, as a condition over `t` with the tenant, the survivor and the other.
    fn moving(&self) -> Option<String> {
        let column = self.column;
        match &self.handling {
            Handling::Move | Handling::Through(_) => Some(format!("t.organization_id = $1 and t.{column} = $3")),
            Handling::MoveUnless(unless) => Some(format!("t.organization_id = $1 and t.{column} = $3 and not ({unless})")),
            Handling::Stay(_) => None,
        }
    }

    /// The row's key as JSON.
    fn key_json(&self) -> String {
        let parts: Vec<String> = self.key.iter().map(|column| format!("'{column}', t.{column}")).collect();
        format!("jsonb_build_object({})", parts.join(", "))
    }

    /// That the row is the one a move `m` wrote down.
    pub(super) fn is_row(&self) -> String {
        let parts: Vec<String> = self.key.iter().map(|column| format!("t.{column}::text = m.row_key ->> '{column}'")).collect();
        parts.join(" and ")
    }
}

/// The columns whose rows may move.
pub(super) fn moving(tx: &Tx) -> Vec<&'static Reference> {
    let state = tx.state().clone();
    persons::references(&state).filter(|reference| !matches!(reference.handling, Handling::Stay(_))).collect()
}

/// How many rows would move and how many stay: one statement a column.
pub(super) async fn count(tx: &mut Tx, winner: EntityId, loser: EntityId) -> Result<Vec<RowCount>> {
    let organization = tx.organization();
    let mut counts = Vec::new();
    for reference in moving(tx) {
        let Some(condition) = reference.moving() else { continue };
        let (table, column) = (reference.table, reference.column);
        let query = format!(
            "select (select count(*) from {table} t where {condition}),
                (select count(*) from {table} t where t.organization_id = $1 and t.{column} = $3 and $2::uuid is not null)"
        );
        let (moves, all): (i64, i64) =
            sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(organization).bind(winner).bind(loser).fetch_one(tx.conn()).await?;
        if all > 0 {
            counts.push(RowCount { reference: reference.name(), moves, stays: all - moves });
        }
    }
    Ok(counts)
}

/// Points everything to the survivor and writes down what was moved.
pub(super) async fn there(tx: &mut Tx, merge: EntityId, winner: EntityId, loser: EntityId) -> Result<()> {
    let organization = tx.organization();
    for reference in moving(tx) {
        if let Handling::Through(repoint) = reference.handling {
            let moved = repoint(tx, loser, winner, None).await?;
            remember(tx, merge, reference, &moved).await?;
            continue;
        }
        let Some(condition) = reference.moving() else { continue };
        let (table, column, key) = (reference.table, reference.column, reference.key_json());
        let query = format!(
            "with moved as (update {table} t set {column} = $2 where {condition} returning {key} as row_key)
             insert into person_merge_moves (organization_id, merge_id, reference, row_key) select $1, $4, $5, row_key from moved"
        );
        sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(organization)
            .bind(winner)
            .bind(loser)
            .bind(merge)
            .bind(reference.name())
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// Writes down which rows of a reference were moved.
async fn remember(tx: &mut Tx, merge: EntityId, reference: &Reference, rows: &[EntityId]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "insert into person_merge_moves (organization_id, merge_id, reference, row_key)
         select $1, $2, $3, jsonb_build_object('id', id) from unnest($4::uuid[]) as moved (id)",
    )
    .bind(organization)
    .bind(merge)
    .bind(reference.name())
    .bind(rows)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The rows of a reference that were moved.
async fn remembered(tx: &mut Tx, merge: EntityId, reference: &Reference) -> Result<Vec<EntityId>> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "select (row_key ->> 'id')::uuid from person_merge_moves where organization_id = $1 and merge_id = $2 and reference = $3",
    )
    .bind(organization)
    .bind(merge)
    .bind(reference.name())
    .fetch_all(tx.conn())
    .await?)
}

/// Points back what was moved and still points to the survivor, in the opposite order.
pub(super) async fn back(tx: &mut Tx, merge: EntityId, winner: EntityId, loser: EntityId) -> Result<()> {
    let organization = tx.organization();
    for reference in moving(tx).into_iter().rev() {
        if let Handling::Through(repoint) = reference.handling {
            let moved = remembered(tx, merge, reference).await?;
            repoint(tx, winner, loser, Some(&moved)).await?;
            continue;
        }
        let (table, column, is_row) = (reference.table, reference.column, reference.is_row());
        let query = format!(
            "update {table} t set {column} = $3 from person_merge_moves m
             where m.organization_id = $1 and m.merge_id = $4 and m.reference = $5
               and t.organization_id = $1 and t.{column} = $2 and {is_row}"
        );
        sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(organization)
            .bind(winner)
            .bind(loser)
            .bind(merge)
            .bind(reference.name())
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}
