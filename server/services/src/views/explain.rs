//! Why a record passes a filter, or does not.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use platform::{Error, Result, Tx, id::EntityId};
use sqlx::{Postgres, QueryBuilder};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    known::{Known, in_time},
    rows,
};
use crate::{
    filter::{
        Explained, Filter, Plan, Source,
        evaluate::{Subject, evaluate},
        plan::{DidTest, FieldTest, LinkedTest, Path},
    },
    records::{Kind, Value, Values},
};

/// How many records that point at one are looked at.
const MOST_LINKED: i64 = 500;
/// How many records that point at any of several are looked at.
const MOST_LINKED_TO_ALL: i64 = 20_000;
/// How many entries of the log are looked at of one record.
const MOST_DONE: i64 = 2000;

/// The filter's tree, each node with its truth and with what the record holds there.
///
/// # Errors
/// `NotFound` where the type or the record may not be seen, `Invalid`.
pub async fn explain(tx: &mut Tx, entity_type: &str, filter: &Filter, id: EntityId) -> Result<Explained> {
    let mut known = Known::of(tx, entity_type).await?;
    let plan = known.plan(tx, filter, "filter").await?;
    let facts = gather(tx, &known, entity_type, &plan, &[id]).await?;
    let (_, facts) = facts.into_iter().next().ok_or(Error::NotFound)?;
    let mut explained = evaluate(&plan, &&facts);
    let mut referred = BTreeMap::new();
    references(&plan, &facts, &mut referred);
    name(&mut explained, &rows::names_of_all(tx, referred).await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect());
    Ok(explained)
}

/// All that a plan asks of a record, read before it is judged.
#[derive(Default)]
pub(super) struct Facts {
    values: Values,
    others: Vec<(LinkedTest, Vec<Arc<Facts>>)>,
    done: HashMap<String, Vec<DateTime<Utc>>>,
}

impl Subject for &Facts {
    fn value(&self, path: &Path) -> Option<Value> {
        self.values.get(&path.text).cloned()
    }

    fn linked(&self, test: &LinkedTest) -> Vec<Self> {
        let found = self.others.iter().find(|(own, _)| own == test);
        found.map(|(_, others)| others.iter().map(Arc::as_ref).collect()).unwrap_or_default()
    }

    fn done(&self, action: &str) -> Vec<DateTime<Utc>> {
        self.done.get(action).cloned().unwrap_or_default()
    }
}

/// The tests of a plan that are about the record itself.
#[derive(Default)]
struct Tests<'a> {
    fields: Vec<&'a FieldTest>,
    linked: Vec<&'a LinkedTest>,
    did: Vec<&'a DidTest>,
}

impl<'a> Tests<'a> {
    fn of(mut self, plan: &'a Plan) -> Self {
        match plan {
            Plan::All(parts) | Plan::Any(parts) | Plan::None(parts) => return parts.iter().fold(self, Tests::of),
            Plan::Segment { plan, .. } => return self.of(plan),
            Plan::Field(test) => self.fields.push(test),
            Plan::Linked(test) => self.linked.push(test),
            Plan::Did(test) => self.did.push(test),
        }
        self
    }
}

/// Reads what a plan asks of these records, those that are left in their order: one statement a test, however many records
/// there are.
pub(super) fn gather<'a>(
    tx: &'a mut Tx,
    known: &'a Known,
    entity_type: &'a str,
    plan: &'a Plan,
    ids: &'a [EntityId],
) -> BoxFuture<'a, Result<Vec<(EntityId, Facts)>>> {
    Box::pin(async move {
        let tests = Tests::default().of(plan);
        let paths: BTreeSet<String> = tests.fields.iter().map(|test| test.path.text.clone()).collect();
        let found = rows::values(tx, known, entity_type.to_owned(), paths.into_iter().collect(), ids.to_vec()).await?;
        let mut facts: HashMap<EntityId, Facts> =
            found.into_iter().map(|(id, (_, values))| (id, Facts { values, ..Facts::default() })).collect();
        for test in &tests.linked {
            let there: Vec<EntityId> = ids.iter().filter(|id| facts.contains_key(id)).copied().collect();
            let pointing = pointing(tx, known, test, &there).await?;
            let others: BTreeSet<EntityId> = pointing.iter().map(|(_, other)| *other).collect();
            let others: Vec<EntityId> = others.into_iter().collect();
            let read = gather(tx, known, &test.entity_type, &test.plan, &others).await?;
            let read: HashMap<EntityId, Arc<Facts>> = read.into_iter().map(|(id, facts)| (id, Arc::new(facts))).collect();
            let mut by_target: HashMap<EntityId, Vec<Arc<Facts>>> = HashMap::new();
            for (target, other) in pointing {
                by_target.entry(target).or_default().extend(read.get(&other).cloned());
            }
            for id in there {
                if let Some(facts) = facts.get_mut(&id) {
                    facts.others.push(((*test).clone(), by_target.remove(&id).unwrap_or_default()));
                }
            }
        }
        let verbs: BTreeSet<&str> = tests.did.iter().map(|test| test.action.as_str()).collect();
        if !verbs.is_empty() {
            let organization = tx.organization();
            let entries: Vec<(EntityId, String, DateTime<Utc>)> = sqlx::query_as(
                "select asked.id, done.action, done.at from unnest($2::uuid[]) as asked (id)
                 cross join lateral (
                     select a.action, a.at from actions a
                     where a.organization_id = $1 and a.entity_id = asked.id and a.action = any($3) order by a.at desc limit $4) done",
            )
            .bind(organization)
            .bind(ids)
            .bind(verbs.into_iter().collect::<Vec<_>>())
            .bind(MOST_DONE)
            .fetch_all(tx.conn())
            .await?;
            for (id, action, at) in entries {
                if let Some(facts) = facts.get_mut(&id) {
                    facts.done.entry(action).or_default().push(at);
                }
            }
        }
        Ok(ids.iter().filter_map(|id| Some((*id, facts.remove(id)?))).collect())
    })
}

/// The records of a test's type that point at these, each with the one it points at; of each the latest.
async fn pointing(tx: &mut Tx, known: &Known, test: &LinkedTest, ids: &[EntityId]) -> Result<Vec<(EntityId, EntityId)>> {
    let (compiler, organization) = (known.compiler(tx), tx.organization());
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new("select t.target, t.id from (select t.target, t.id,");
    query.push(" row_number() over (partition by t.target order by t.id desc) as place from (select distinct r.id, ");
    match &test.by.source {
        Source::Sql(expression) => {
            query.push(expression).push(" as target");
            compiler.base(&mut query, &test.entity_type)?;
            query.push(" and ").push(expression).push(" = any(").push_bind(ids.to_vec()).push(")");
        }
        Source::Custom(field) => {
            query.push("fv.v_ref as target");
            compiler.base_with(&mut query, &test.entity_type, |query| {
                query.push(" join field_values fv on fv.organization_id = r.organization_id and fv.entity_id = r.id and fv.field_id = ");
                query.push_bind(*field);
            })?;
            query.push(" and fv.organization_id = ").push_bind(organization);
            query.push(" and fv.v_ref = any(").push_bind(ids.to_vec()).push(")");
        }
        Source::Money { .. } => return Ok(Vec::new()),
    }
    query.push(") t) t where t.place <= ").push_bind(MOST_LINKED);
    query.push(" order by t.place, t.target limit ").push_bind(MOST_LINKED_TO_ALL);
    in_time(query.build_query_as().fetch_all(tx.conn()).await)
}

/// What the values refer to, by type.
fn references(plan: &Plan, facts: &Facts, referred: &mut BTreeMap<String, BTreeSet<EntityId>>) {
    let tests = Tests::default().of(plan);
    for test in tests.fields {
        if let (Kind::Reference(target), Some(Value::Reference(id))) = (&test.path.field.kind, facts.values.get(&test.path.text)) {
            referred.entry(target.clone()).or_default().insert(*id);
        }
    }
    for (test, others) in &facts.others {
        for other in others {
            references(&test.plan, other, referred);
        }
    }
}

/// Puts names in the places of ids.
fn name(explained: &mut Explained, names: &HashMap<String, String>) {
    for found in &mut explained.found {
        if let Some(name) = names.get(found) {
            found.clone_from(name);
        }
    }
    for part in &mut explained.parts {
        name(part, names);
    }
}
