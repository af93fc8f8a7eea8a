//! The records around a record, two links far, in one statement. What one may not read is not there, and no way leads
//! through it.

use platform::{Result, Tx, id::EntityId};

use super::{GraphEdge, GraphNode, RecordGraph};
use crate::{records::reach::Sought, subjects};

/// How many links are told at most.
const MOST: i64 = 500;

/// The graph around a record.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn around(tx: &mut Tx, record: EntityId) -> Result<RecordGraph> {
    let centre = subjects::see(tx, record).await?;
    let organization = tx.organization();
    let types = subjects::readable_types(tx).await?;
    let sought = Sought::of(tx, types);
    // Each link twice, once from either side; two steps of it, each onto records that may be read.
    let mut steps: Vec<(i32, EntityId, EntityId, EntityId, EntityId, String)> = sqlx::query_as(
        "with recursive sides as not materialized (
             select l.id, l.type_id, l.from_id as here, l.to_id as there, l.from_id, l.to_id
             from record_links l where l.organization_id = $1 and l.deleted_at is null
             union all
             select l.id, l.type_id, l.to_id, l.from_id, l.from_id, l.to_id
             from record_links l where l.organization_id = $1 and l.deleted_at is null
         ), walk (hops, link, type_id, there, from_id, to_id) as (
             select 0, null::uuid, null::uuid, $2::uuid, null::uuid, null::uuid
             union
             select w.hops + 1, s.id, s.type_id, s.there, s.from_id, s.to_id
             from walk w
             join sides s on s.here = w.there
             join entities e on e.organization_id = $1 and e.id = s.there and e.deleted_at is null and e.entity_type = any ($3)
                  and (not e.entity_type = any ($5) or e.entity_type || ' ' || e.owner_id = any ($6))
             where w.hops < 2
         )
         select min(w.hops), w.link, w.there, w.from_id, w.to_id, t.name
         from walk w join link_types t on t.organization_id = $1 and t.id = w.type_id
         group by w.link, w.there, w.from_id, w.to_id, t.name
         order by 1, t.name, w.link limit $4",
    )
    .bind(organization)
    .bind(centre.id)
    .bind(sought.types)
    .bind(MOST + 1)
    .bind(sought.narrowed)
    .bind(sought.owned)
    .fetch_all(tx.conn())
    .await?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let cut = steps.len() > most;
    steps.truncate(most);
    let ids: Vec<EntityId> = steps.iter().map(|step| step.2).collect();
    // Entries in the calendar are veiled one by one and not by their type.
    let named = subjects::named(tx, &ids).await?;
    let mut nodes = vec![GraphNode { record: centre.clone(), hops: 0 }];
    let mut edges: Vec<GraphEdge> = Vec::new();
    for (hops, link, there, from, to, name) in steps {
        let Some(record) = named.get(&there) else { continue };
        if !nodes.iter().any(|node| node.record.id == record.id) {
            nodes.push(GraphNode { record: record.clone(), hops });
        }
        if !edges.iter().any(|edge| edge.id == link) {
            edges.push(GraphEdge { id: link, from, to, name });
        }
    }
    edges.retain(|edge| [edge.from, edge.to].iter().all(|end| nodes.iter().any(|node| node.record.id == *end)));
    // What was reached only over an entry that is veiled has no way left.
    let reached = |id: EntityId| edges.iter().any(|edge| edge.from == id || edge.to == id);
    nodes.retain(|node| node.hops == 0 || reached(node.record.id));
    Ok(RecordGraph { nodes, edges, cut })
}
