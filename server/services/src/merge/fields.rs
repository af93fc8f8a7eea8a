//! The fields in which two records of one human may differ, as core and the products declare them.

use platform::{Error, Result, State, Tx, error::FieldError, id::EntityId};
use serde::{Deserialize, Serialize};

use super::{FieldChoice, FieldPick, Pick};
use crate::persons::{self, MergeField};

/// What a merge wrote over, for the day when it is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Written {
    pub table: String,
    pub column: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A declared field with what either record says.
pub(super) struct Said {
    pub field: &'static MergeField,
    pub winner: Option<String>,
    pub loser: Option<String>,
}

/// All declared fields.
pub(super) fn declared(state: &State) -> Vec<&'static MergeField> {
    persons::MERGE_FIELDS.iter().chain(persons::hooks(state).flat_map(|(_, hooks)| hooks.fields)).collect()
}

/// The declared field of a table and column.
pub(super) fn find(state: &State, table: &str, column: &str) -> Option<&'static MergeField> {
    declared(state).into_iter().find(|field| field.table == table && field.column == column)
}

/// What both records say, field by field: one statement a table. Where one of them has no row of a table, its fields are
/// not to be chosen from.
pub(super) async fn said(tx: &mut Tx, winner: EntityId, loser: EntityId) -> Result<Vec<Said>> {
    let state = tx.state().clone();
    let declared = declared(&state);
    let mut tables: Vec<&'static str> = Vec::new();
    for field in &declared {
        if !tables.contains(&field.table) {
            tables.push(field.table);
        }
    }
    let organization = tx.organization();
    let mut all = Vec::new();
    for table in tables {
        let of_table: Vec<&'static MergeField> = declared.iter().copied().filter(|field| field.table == table).collect();
        let columns: Vec<String> = of_table.iter().map(|field| format!("t.{}::text", field.column)).collect();
        // Names of the code, and nobody's input.
        let query = format!("select t.id, array[{}] from {table} t where t.organization_id = $1 and t.id in ($2, $3)", columns.join(", "));
        let rows: Vec<(EntityId, Vec<Option<String>>)> =
            sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(organization).bind(winner).bind(loser).fetch_all(tx.conn()).await?;
        let of = |id: EntityId| rows.iter().find(|(row, _)| *row == id).map(|(_, values)| values);
        let (Some(own), Some(others)) = (of(winner), of(loser)) else { continue };
        let full = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
        for ((field, own), other) in of_table.into_iter().zip(own).zip(others) {
            all.push(Said { field, winner: full(own), loser: full(other) });
        }
    }
    Ok(all)
}

impl Said {
    /// What the survivor keeps unless somebody chooses.
    pub(super) fn proposed(&self) -> Pick {
        match (&self.winner, &self.loser) {
            (None, Some(_)) => Pick::Loser,
            (Some(own), Some(other)) if own != other && self.field.both => Pick::Both,
            _ => Pick::Winner,
        }
    }

    /// Whether who asks may not see it.
    fn hidden(&self, tx: &Tx) -> bool {
        self.field.read.is_some_and(|read| !tx.can(read))
    }

    /// As shown to those who may see it.
    pub(super) fn choice(&self, tx: &Tx) -> Option<FieldChoice> {
        if self.hidden(tx) || (self.winner.is_none() && self.loser.is_none()) {
            return None;
        }
        Some(FieldChoice {
            key: self.field.key(),
            winner: self.winner.clone(),
            loser: self.loser.clone(),
            both: self.field.both,
            proposed: self.proposed(),
        })
    }

    /// What the survivor says after it.
    pub(super) fn after(&self, pick: Pick) -> Option<String> {
        match pick {
            Pick::Winner => self.winner.clone(),
            Pick::Loser => self.loser.clone(),
            Pick::Both => {
                let parts: Vec<&str> = [self.winner.as_deref(), self.loser.as_deref()].into_iter().flatten().collect();
                Some(parts.join("\n")).filter(|text| !text.is_empty())
            }
        }
    }
}

/// What is kept of each field: what was chosen, or what is proposed. Nobody takes over what they may not see: it stays with
/// the other record.
///
/// # Errors
/// `Invalid`: an unknown field, or both of one that holds one value.
pub(super) fn picked(tx: &Tx, said: &[Said], picks: &[FieldPick]) -> Result<Vec<Pick>> {
    let mut errors = Vec::new();
    for (place, pick) in picks.iter().enumerate() {
        let known = said.iter().find(|said| said.field.key() == pick.key && !said.hidden(tx));
        let fault = match known {
            None => Some(("unknown", "There is no such field.")),
            Some(said) if pick.pick == Pick::Both && !said.field.both => Some(("choice", "One of both has to be chosen.")),
            Some(said)
                if pick.pick == Pick::Loser
                    && said.loser.is_none()
                    && said.field.table == "persons"
                    && said.field.column.ends_with("_name") =>
            {
                Some(("required", "This is needed."))
            }
            Some(_) => None,
        };
        if let Some((code, message)) = fault {
            errors.push(FieldError { field: format!("picks.{place}"), code: code.into(), message: message.into() });
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let chosen = |said: &Said| match picks.iter().rev().find(|pick| pick.key == said.field.key()) {
        Some(pick) => pick.pick,
        None if said.hidden(tx) => Pick::Winner,
        None => said.proposed(),
    };
    Ok(said.iter().map(chosen).collect())
}

/// Gives a field of a record a value, if it still says what it is expected to say.
pub(super) async fn put(tx: &mut Tx, field: &MergeField, id: EntityId, value: Option<&str>, expected: Option<&str>) -> Result<bool> {
    let organization = tx.organization();
    let MergeField { table, column, kind, .. } = field;
    // An empty text is what a product's column without null says of nothing.
    let query = format!(
        "update {table} t set {column} = coalesce($3, (select case when a.attnotnull then '' end
             from pg_attribute a where a.attrelid = '{table}'::regclass and a.attname = '{column}'))::{kind}
         where t.organization_id = $1 and t.id = $2 and coalesce(t.{column}::text, '') = coalesce($4, '')"
    );
    let done = sqlx::query(sqlx::AssertSqlSafe(query)).bind(organization).bind(id).bind(value).bind(expected).execute(tx.conn()).await?;
    Ok(done.rows_affected() > 0)
}
