//! Work on all values of a field, done after the change that caused it, some records at a time: a change of kind converts
//! values, a new formula is computed for every record. Each step is a transaction of its own that also keeps the place.

use futures::future::BoxFuture;
use platform::{
    Error, Result, State, Tx, actions,
    id::{EntityId, EntityRef, FieldId},
    jobs::{self as queue, Failed, Job, Kind as Work, Next},
};
use serde_json::{Value as Json, json};
use sqlx::types::Json as Column;
use std::time::Duration;

use super::{Failure, Field, FieldJob, check, compute, sql, values};
use crate::{
    core::FIELDS_WRITE,
    records::{Kind, Value},
    subjects,
};

/// Goes through the values of a field.
pub const WORK: Work = Work { key: "field_values", attempts: 8, run };

/// How many records a step does.
const STEP: i64 = 200;
/// How many values that could not be converted are told one by one.
const TOLD: usize = 100;

type Row = (
    EntityId,
    FieldId,
    Option<FieldId>,
    String,
    i32,
    i32,
    Column<Vec<Failure>>,
    chrono::DateTime<chrono::Utc>,
    Option<chrono::DateTime<chrono::Utc>>,
);

fn of(row: Row) -> FieldJob {
    let (id, field, from, state, done, failed, Column(failures), created_at, finished_at) = row;
    FieldJob { id, field, from, state, done, failed, failures, created_at, finished_at }
}

/// Asks for the work, in the transaction of its cause.
pub(super) async fn start(tx: &mut Tx, field: &Field, from: Option<FieldId>) -> Result<FieldJob> {
    let (organization, user, now, id) = (tx.organization(), tx.user(), tx.now(), EntityId::new());
    sqlx::query(
        "insert into field_jobs (organization_id, id, field_id, from_field_id, user_id, created_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(organization)
    .bind(id)
    .bind(field.id)
    .bind(from)
    .bind(user)
    .bind(now)
    .execute(tx.conn())
    .await?;
    queue::want(tx, &WORK, &id.to_string(), json!({ "id": id }), Duration::ZERO).await?;
    one(tx, id).await
}

async fn one(tx: &mut Tx, id: EntityId) -> Result<FieldJob> {
    let organization = tx.organization();
    let row: Option<Row> = sqlx::query_as(
        "select id, field_id, from_field_id, state, done, failed, failures, created_at, finished_at from field_jobs
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    row.map(of).ok_or(Error::NotFound)
}

/// What became of one.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn job(tx: &mut Tx, id: EntityId) -> Result<FieldJob> {
    tx.require(FIELDS_WRITE)?;
    let mut job = one(tx, id).await?;
    veil(tx, std::slice::from_mut(&mut job)).await?;
    Ok(job)
}

/// What could not be converted is told by its record, to those who see some records only as far as they see it.
async fn veil(tx: &mut Tx, jobs: &mut [FieldJob]) -> Result<()> {
    if tx.actor().narrow.is_empty() {
        return Ok(());
    }
    let ids: Vec<EntityId> = jobs.iter().flat_map(|job| job.failures.iter().map(|failure| failure.entity)).collect();
    let named = subjects::named(tx, &ids).await?;
    for job in jobs {
        job.failures.retain(|failure| named.contains_key(&failure.entity));
    }
    Ok(())
}

/// The latest twenty of a type.
///
/// # Errors
/// `Denied`.
pub async fn jobs(tx: &mut Tx, entity_type: &str) -> Result<Vec<FieldJob>> {
    tx.require(FIELDS_WRITE)?;
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select j.id, j.field_id, j.from_field_id, j.state, j.done, j.failed, j.failures, j.created_at, j.finished_at
         from field_jobs j join fields f on f.organization_id = j.organization_id and f.id = j.field_id
         where j.organization_id = $1 and f.entity_type = $2 order by j.created_at desc, j.id desc limit 20",
    )
    .bind(organization)
    .bind(entity_type)
    .fetch_all(tx.conn())
    .await?;
    let mut jobs: Vec<FieldJob> = rows.into_iter().map(of).collect();
    veil(tx, &mut jobs).await?;
    Ok(jobs)
}

fn run(state: State, job: Job) -> BoxFuture<'static, Result<Next, Failed>> {
    Box::pin(async move {
        let id: EntityId = job.key.parse().map_err(|_| Failed::fatal("payload"))?;
        loop {
            let mut tx = Tx::begin_for_job(&state, job.organization).await?;
            job.hold(&mut tx).await?;
            let more = step(&mut tx, id).await?;
            tx.commit().await?;
            if !more {
                return Ok(Next::Done);
            }
        }
    })
}

/// A job that is being done: the field, the one its values come from, how far it has come, what could not be done.
type Held = (FieldId, Option<FieldId>, Option<EntityId>, Column<Vec<Failure>>);

/// Does some records; tells whether there are more.
pub(super) async fn step(tx: &mut Tx, id: EntityId) -> Result<bool> {
    let organization = tx.organization();
    let held: Option<Held> = sqlx::query_as(
        "select field_id, from_field_id, position, failures from field_jobs
         where organization_id = $1 and id = $2 and state = 'running' for update",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    let Some((field, from, position, Column(mut failures))) = held else { return Ok(false) };
    let Some(field) = sql::select(tx, None, Some(field), true).await?.pop() else { return Ok(false) };
    let ids = next(tx, &field, from, position).await?;
    let mut failed = 0;
    // A field that was taken out of use meanwhile has nothing to do any more.
    if !field.retired {
        for record in &ids {
            match from {
                Some(from) => {
                    if let Some(failure) = convert(tx, &field, from, *record).await? {
                        failed += 1;
                        if failures.len() < TOLD {
                            failures.push(failure);
                        }
                    }
                }
                None => {
                    compute::touched(tx, &field.entity_type, *record).await?;
                }
            }
        }
    }
    let more = !field.retired && i64::try_from(ids.len()).unwrap_or(0) == STEP;
    let now = tx.now();
    sqlx::query(
        "update field_jobs set position = coalesce($3, position), done = done + $4, failed = failed + $5, failures = $6,
                state = case when $7 then state else 'done' end, finished_at = case when $7 then null else $8 end
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(ids.last())
    .bind(i32::try_from(ids.len()).unwrap_or(0))
    .bind(failed)
    .bind(Column(&failures))
    .bind(more)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if !more {
        let done = one(tx, id).await?;
        let entity = EntityRef::new("field", EntityId(field.id.0));
        let verb = if from.is_some() { "values_converted" } else { "values_computed" };
        actions::record(tx, entity, verb, None, Some(json!({ "done": done.done, "failed": done.failed }))).await?;
    }
    Ok(more)
}

/// The next records in the order of their ids: those with a value to convert, or all of the type.
async fn next(tx: &mut Tx, field: &Field, from: Option<FieldId>, position: Option<EntityId>) -> Result<Vec<EntityId>> {
    let organization = tx.organization();
    let position = position.unwrap_or(EntityId(uuid::Uuid::nil()));
    let query = match from {
        Some(_) => {
            "select distinct entity_id from field_values where organization_id = $1 and field_id = $2 and entity_id > $3 and $4 <> '' order by entity_id limit $5"
        }
        None => {
            "select id from entities where organization_id = $1 and $2::uuid is null and id > $3 and entity_type = $4 and deleted_at is null order by id limit $5"
        }
    };
    Ok(sqlx::query_scalar(query)
        .bind(organization)
        .bind(from)
        .bind(position)
        .bind(&field.entity_type)
        .bind(STEP)
        .fetch_all(tx.conn())
        .await?)
}

/// Converts what a record has in the old field. What has been written into the new one meanwhile stays.
async fn convert(tx: &mut Tx, field: &Field, from: FieldId, record: EntityId) -> Result<Option<Failure>> {
    let Some(old) = sql::select(tx, None, Some(from), true).await?.pop() else { return Ok(None) };
    if values::version_of(tx, &field.entity_type, record, true).await.is_err() {
        return Ok(None);
    }
    let known = values::values_of(tx, &[old.clone(), field.clone()].map(|f| Field { key: f.id.to_string(), ..f }), record).await?;
    let Some(value) = known.get(&from.to_string()) else { return Ok(None) };
    if known.contains_key(&field.id.to_string()) {
        return Ok(None);
    }
    let words = words(&old.result, value);
    let failure = |code: &str, title: String| Failure { entity: record, title, value: words.clone(), code: code.into() };
    let outcome = match converted(&old.result, &field.result, value, &words) {
        Ok(Some(value)) => check::value(field, &value).map_err(|error| error.code),
        Ok(None) => Ok(None),
        Err(code) => Err(code.to_owned()),
    };
    let organization = tx.organization();
    let code = match outcome {
        Ok(Some(value)) => {
            let unique = field.details.unique.then(|| check::unique_key(&value));
            let taken: bool = match &unique {
                None => false,
                Some(key) => {
                    sqlx::query_scalar(
                        "select exists (select from field_values where organization_id = $1 and field_id = $2 and unique_key = $3)",
                    )
                    .bind(organization)
                    .bind(field.id)
                    .bind(key)
                    .fetch_one(tx.conn())
                    .await?
                }
            };
            let lost = match (&field.result, &value) {
                (Kind::Reference(target), Value::Reference(id)) => values::version_of(tx, target, *id, false).await.is_err(),
                _ => false,
            };
            if !taken && !lost {
                sql::store(tx, field.id, &field.result, record, Some(&value), unique.as_deref()).await?;
                compute::touched(tx, &field.entity_type, record).await?;
                return Ok(None);
            }
            if taken { "duplicate".to_owned() } else { "unknown".to_owned() }
        }
        Ok(None) => return Ok(None),
        Err(code) => code,
    };
    let title: String = sqlx::query_scalar("select title from entities where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(record)
        .fetch_one(tx.conn())
        .await?;
    Ok(Some(failure(&code, title)))
}

/// A value as people read it, with the names of choices.
fn words(kind: &Kind, value: &Value) -> String {
    match value {
        Value::Choices(keys) => {
            let name = |key: &String| {
                kind.choices().iter().find(|choice| choice.key == *key).map_or_else(|| key.clone(), |choice| choice.label.clone())
            };
            keys.iter().map(name).collect::<Vec<_>>().join(", ")
        }
        value => value.plain(),
    }
}

/// A value of one kind as one of another.
fn converted(from: &Kind, to: &Kind, value: &Value, words: &str) -> std::result::Result<Option<Value>, &'static str> {
    let choice = |word: &str| {
        let known =
            to.choices().iter().find(|choice| choice.key == word || choice.label.trim().to_lowercase() == word.trim().to_lowercase());
        known.map(|choice| choice.key.clone()).ok_or("choice")
    };
    match (value, to) {
        (Value::Error(_), _) => Ok(None),
        (Value::Choices(keys), Kind::Choice(_) | Kind::MultiChoice(_)) => {
            let labels =
                keys.iter().map(|key| from.choices().iter().find(|choice| choice.key == *key).map_or(key.as_str(), |choice| &choice.label));
            Ok(Some(Value::Choices(
                keys.iter().zip(labels).map(|(key, label)| choice(key).or_else(|_| choice(label))).collect::<Result<_, _>>()?,
            )))
        }
        (_, Kind::Choice(_)) => Ok(Some(Value::choice(&choice(words)?))),
        (_, Kind::MultiChoice(_)) => {
            let keys = words.split([',', ';']).filter(|word| !word.trim().is_empty()).map(|word| choice(word.trim()));
            Ok(Some(Value::Choices(keys.collect::<Result<_, _>>()?)))
        }
        (Value::Date(date), Kind::DateTime) => Ok(Some(Value::Instant(date.and_time(chrono::NaiveTime::MIN).and_utc()))),
        (Value::Instant(at), Kind::Date) => Ok(Some(Value::Date(at.date_naive()))),
        (Value::Bool(yes), Kind::Number) => Ok(Some(Value::Number(i64::from(*yes).into()))),
        (Value::Money { minor, currency }, Kind::Number | Kind::Percent) => {
            let exponent = currency.parse::<platform::money::Currency>().map_or(2, |currency| currency.exponent());
            crate::records::Decimal::new((*minor).into(), exponent).map(|number| Some(Value::Number(number))).ok_or("range")
        }
        _ => Value::from_json(to, &Json::String(words.into()), "PLN").map_err(|(code, _)| code),
    }
}
