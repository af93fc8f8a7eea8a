//! A list as a file: exactly what is shown, as CSV that any spreadsheet opens and that none of them runs.

use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, EntityRef},
};
use serde_json::json;
use std::collections::BTreeSet;

use super::{
    Query,
    csv::{cell, line},
    known::Known,
    rows,
};
use crate::{filter::Plan, records::Kind};

/// How many records an export holds at most.
pub const MOST_EXPORTED: usize = 100_000;
/// How many are read at once.
const AT_ONCE: usize = 1000;

/// All records that pass a filter, as CSV with a heading: in UTF-8 with its mark, lines ended as RFC 4180 wants them. `labels`
/// are the heads in the reader's language; without them the fields' own names stand there. The page of the query is ignored.
///
/// # Errors
/// `NotFound` where the type may not be seen, `Invalid`.
pub async fn export(tx: &mut Tx, entity_type: &str, query: &Query, labels: &[String]) -> Result<String> {
    let mut known = Known::of(tx, entity_type).await?;
    let plan = known.plan(tx, &query.filter, "filter").await?;
    let columns = rows::columns(tx, &mut known, &query.columns).await?;
    let most = i64::try_from(MOST_EXPORTED).unwrap_or(i64::MAX);
    let places = rows::places(tx, &known, &plan, &query.sorts, None, most + 1).await?;
    if places.len() > MOST_EXPORTED {
        return Err(Error::invalid("filter", "too_many", format!("At most {MOST_EXPORTED} records are exported at once.")));
    }
    let ids: Vec<EntityId> = places.into_iter().map(|(id, _)| id).collect();
    let mut csv = String::from("\u{feff}");
    let heads: Vec<String> = match labels.len() == columns.len() {
        true => labels.to_vec(),
        false => columns.iter().map(|column| known.label(column)).collect(),
    };
    line(&mut csv, heads.iter().map(|head| cell(head, false)));
    for ids in ids.chunks(AT_ONCE) {
        for row in rows::cells(tx, &known, &columns, ids).await? {
            let number = |place: usize| columns.get(place).is_some_and(|column| matches!(column.field.kind, Kind::Number | Kind::Percent));
            line(&mut csv, row.cells.iter().enumerate().map(|(place, found)| cell(&found.text, number(place))));
        }
    }
    let organization = EntityRef::new("organization", EntityId(tx.organization().0));
    let told = json!({ "entity_type": entity_type, "records": ids.len(), "columns": columns.len(), "filtered_by": asked(&plan) });
    actions::record(tx, organization, "exported", None, Some(told)).await?;
    Ok(csv)
}

/// What a filter asks about, without what it compares with: that may be somebody's name or address, and the log is kept.
fn asked(plan: &Plan) -> BTreeSet<String> {
    match plan {
        Plan::All(parts) | Plan::Any(parts) | Plan::None(parts) => parts.iter().flat_map(asked).collect(),
        Plan::Segment { plan, .. } => asked(plan),
        Plan::Field(test) => BTreeSet::from([test.path.text.clone()]),
        Plan::Linked(test) => {
            asked(&test.plan).into_iter().chain([test.by.key.clone()]).map(|key| [&test.entity_type, ".", &key].concat()).collect()
        }
        Plan::Did(test) => BTreeSet::from([test.action.clone()]),
    }
}
