//! What can be booked: people, rooms, devices. Modules keep what they know of one in their own tables.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    error::{Reason, Refusal, ResultExt},
    id::{EntityId, EntityRef, LocationId, UserId},
    input::Input,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    calendar::{ResourceKind, activities::Sight, slots::Rule},
    core::{CALENDAR_READ, RESOURCES_WRITE},
};

/// A resource with all that is stored of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResourceRecord {
    pub id: EntityId,
    pub kind: ResourceKind,
    pub name: String,
    /// Hue of its colour, 0–359.
    pub hue: i16,
    /// Where it is; none if it serves everywhere.
    pub location: Option<LocationId>,
    /// The login of a person who is a resource.
    pub user: Option<UserId>,
    pub sort: i32,
    pub active: bool,
    /// What a change must name (R18).
    pub version: i32,
}

/// What is told about a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourceInput {
    /// Made by the caller, so that a retry makes no second one. Only read when creating.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// Stays as it is when changing: a room does not become a person.
    pub kind: ResourceKind,
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Hue of its colour, 0–359.
    #[serde(default = "hue")]
    #[schema(minimum = 0, maximum = 359)]
    pub hue: i16,
    #[serde(default)]
    pub location: Option<LocationId>,
    #[serde(default)]
    pub user: Option<UserId>,
    #[serde(default)]
    pub sort: i32,
    #[serde(default = "yes")]
    pub active: bool,
    /// The version that was read; only read when changing (R18).
    #[serde(default)]
    pub version: i32,
}

fn hue() -> i16 {
    200
}

fn yes() -> bool {
    true
}

type Row = (EntityId, String, String, i16, Option<LocationId>, Option<UserId>, i32, bool, i32);

fn record(row: Row) -> Result<ResourceRecord> {
    let (id, kind, name, hue, location, user, sort, active, version) = row;
    let kind = ResourceKind::parse(&kind).ok_or_else(|| Error::internal("a resource has an unknown kind"))?;
    Ok(ResourceRecord { id, kind, name, hue, location, user, sort, active, version })
}

/// Resources of one kind or of all, those no longer in use last.
///
/// # Errors
/// `Denied`.
pub async fn list(tx: &mut Tx, kind: Option<ResourceKind>) -> Result<Vec<ResourceRecord>> {
    tx.require(CALENDAR_READ)?;
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select id, kind, name, hue, location_id, user_id, sort, active, version from resources
         where organization_id = $1 and ($2::text is null or kind = $2)
         order by active desc, kind, sort, name, id limit 1000",
    )
    .bind(organization)
    .bind(kind.map(ResourceKind::as_str))
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(record).collect()
}

/// One resource.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<ResourceRecord> {
    tx.require(CALENDAR_READ)?;
    read(tx, id).await
}

async fn read(tx: &mut Tx, id: EntityId) -> Result<ResourceRecord> {
    let organization = tx.organization();
    let row: Option<Row> = sqlx::query_as(
        "select id, kind, name, hue, location_id, user_id, sort, active, version from resources where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    record(row.ok_or(Error::NotFound)?)
}

fn check(input: &ResourceInput) -> Result<()> {
    let mut faults = Input::new();
    faults.text("name", input.name.trim(), 1, 200);
    faults.check((0..360).contains(&input.hue), "hue", "range", "A hue lies between 0 and 359.");
    faults.check(input.user.is_none() || input.kind == ResourceKind::Staff, "user", "kind", "Only a person has a login.");
    faults.finish()
}

fn unknown(field: &str) -> Error {
    Error::invalid(field, "unknown", "There is no such choice.")
}

/// Makes a resource. The module that makes practitioners checks its own permission and calls [`insert_unchecked`].
///
/// # Errors
/// `Denied`, `Invalid`, `Conflict` of code `duplicate` where the id is another record's.
pub async fn insert(tx: &mut Tx, input: &ResourceInput) -> Result<ResourceRecord> {
    tx.require(RESOURCES_WRITE)?;
    insert_unchecked(tx, input).await
}

/// As [`insert`], for a caller who has checked a right of its own.
///
/// # Errors
/// `Invalid`, `Conflict` of code `duplicate`.
pub async fn insert_unchecked(tx: &mut Tx, input: &ResourceInput) -> Result<ResourceRecord> {
    check(input)?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match read(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let entity = NewEntity { id, entity_type: "resource", title: input.name.trim(), keywords: "", owner: None, status: None };
    entities::insert(tx, &entity).await?;
    let organization = tx.organization();
    sqlx::query(
        "insert into resources (organization_id, id, kind, name, hue, location_id, user_id, sort, active)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(organization)
    .bind(id)
    .bind(input.kind.as_str())
    .bind(input.name.trim())
    .bind(input.hue)
    .bind(input.location)
    .bind(input.user)
    .bind(input.sort)
    .bind(input.active)
    .execute(tx.conn())
    .await
    .on_constraint("resources_organization_id_location_id_fkey", || unknown("location"))
    .on_constraint("resources_organization_id_user_id_fkey", || unknown("user"))?;
    actions::record(tx, EntityRef::new("resource", id), "created", None, Some(json!({ "name": input.name, "kind": input.kind }))).await?;
    read(tx, id).await
}

/// A booking to come, as it is told when its resource was to vanish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToCome {
    pub activity: EntityId,
    /// Empty for those who may not know what it is about.
    pub title: String,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
}

/// What is booked with a resource and is not over, by start, at most 200.
///
/// # Errors
/// `Unavailable`.
pub async fn to_come(tx: &mut Tx, id: EntityId) -> Result<Vec<ToCome>> {
    to_come_elsewhere(tx, id, None).await
}

/// As [`to_come`], but for what is at that location.
async fn to_come_elsewhere(tx: &mut Tx, id: EntityId, but: Option<LocationId>) -> Result<Vec<ToCome>> {
    type Row = (EntityId, String, String, DateTime<Utc>, DateTime<Utc>);
    let (organization, now) = (tx.organization(), tx.now());
    // An activity may take a resource in several parts.
    let rows: Vec<Row> = sqlx::query_as(
        "select distinct a.id, a.activity_type, a.title, a.starts_at, a.ends_at
         from resource_bookings b
         join scheduled_activities a on a.organization_id = b.organization_id and a.id = b.activity_id
         where b.organization_id = $1 and b.resource_id = $2 and b.occupies and b.ends_at > $3
           and ($4::uuid is null or a.location_id <> $4)
         order by a.starts_at, a.id limit 200",
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .bind(but)
    .fetch_all(tx.conn())
    .await?;
    let sight = Sight::of(tx);
    let to_come = |(activity, kind, title, start, end): Row| ToCome { activity, title: sight.title(&kind, title), start, end };
    Ok(rows.into_iter().map(to_come).collect())
}

/// The refusal lists what is to be given to others first, as reasons and with titles.
fn still_booked(resource: &ResourceRecord, booked: &[ToCome]) -> Error {
    let reasons = booked
        .iter()
        .map(|booked| Reason {
            rule: Rule::Busy.as_str().to_owned(),
            resource: Some(resource.id),
            resource_name: Some(resource.name.clone()),
            from: Some(booked.start),
            to: Some(booked.end),
        })
        .collect();
    let refusal = Refusal::new("in_use", "There are bookings to come; give them to others first.");
    Refusal { reasons, current: Some(json!({ "bookings": booked })), ..refusal }.into()
}

/// Changes a resource; the version must be the present one (R18). One with future visits can't vanish, nor go to another
/// location without them: they are to be moved first.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version` or `in_use`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &ResourceInput) -> Result<ResourceRecord> {
    tx.require(RESOURCES_WRITE)?;
    let organization = tx.organization();
    // Locked, so that the version that is compared is the one that is replaced.
    sqlx::query("select 1 from resources where organization_id = $1 and id = $2 for update")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    let now = read(tx, id).await?;
    if now.version != input.version {
        return Err(actions::changed_meanwhile(tx, id, "resource", &now, "Somebody else has changed this in the meantime.").await?);
    }
    update_unchecked(tx, id, input).await
}

/// As [`update`], for a caller who has checked a right and a version of its own.
///
/// # Errors
/// `NotFound`, `Invalid`, `Conflict` of code `in_use`.
pub async fn update_unchecked(tx: &mut Tx, id: EntityId, input: &ResourceInput) -> Result<ResourceRecord> {
    check(input)?;
    let before = read(tx, id).await?;
    if input.kind != before.kind {
        return Err(Error::invalid("kind", "fixed", "A resource stays what it is."));
    }
    let organization = tx.organization();
    // Elsewhere it is gone from here as much as if it were retired; what serves everywhere still serves here too.
    let leaves = input.location.is_some() && input.location != before.location;
    if before.active && (!input.active || leaves) {
        let booked = to_come_elsewhere(tx, id, input.location.filter(|_| input.active)).await?;
        if !booked.is_empty() {
            return Err(still_booked(&before, &booked));
        }
    }
    sqlx::query(
        "update resources set name = $3, hue = $4, location_id = $5, user_id = $6, sort = $7, active = $8, version = version + 1
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(input.name.trim())
    .bind(input.hue)
    .bind(input.location)
    .bind(input.user)
    .bind(input.sort)
    .bind(input.active)
    .execute(tx.conn())
    .await
    .on_constraint("resources_organization_id_location_id_fkey", || unknown("location"))
    .on_constraint("resources_organization_id_user_id_fkey", || unknown("user"))?;
    let after = read(tx, id).await?;
    if after == (ResourceRecord { version: after.version, ..before.clone() }) {
        return Ok(after);
    }
    entities::update(tx, id, input.name.trim(), "", None).await?;
    actions::record(tx, EntityRef::new("resource", id), "updated", Some(json!(before)), Some(json!(after))).await?;
    Ok(after)
}
