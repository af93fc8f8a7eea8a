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
            Handling::Move => Some(format!("t.organization_id = $1 and t.{column} = $3")),
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

/// Points back what was moved and still points to the survivor, in the opposite order.
pub(super) async fn back(tx: &mut Tx, merge: EntityId, winner: EntityId, loser: EntityId) -> Result<()> {
    let organization = tx.organization();
    for reference in moving(tx).into_iter().rev() {
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
