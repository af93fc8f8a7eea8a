//! Views as they are kept.

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    error::{Refusal, ResultExt},
    id::{EntityId, EntityRef, TeamId, UserId},
    input::Input,
    permission::Role,
};
use serde_json::{Value as Json, json};

use super::{Definition, View, ViewInput, Visibility, known::Known, order, rows, summary};
use crate::{
    core::{VIEWS_READ, VIEWS_SHARE, VIEWS_WRITE},
    records,
};

/// The type of a view's own record, which the action log points at.
pub(super) const ENTITY_TYPE: &str = "view";
/// Nobody needs more of one type.
const MOST: i64 = 200;

#[derive(sqlx::FromRow)]
struct Stored {
    id: EntityId,
    entity_type: String,
    name: String,
    definition: Json,
    owner_id: Option<UserId>,
    visibility: String,
    team_id: Option<TeamId>,
    pinned: bool,
    default_roles: Vec<String>,
    version: i32,
}

const COLUMNS: &str =
    "v.id, v.entity_type, v.name, v.definition, v.owner_id, v.visibility, v.team_id, v.pinned, v.default_roles, v.version";

/// Views that the asker may see, `v`: their own, their teams', everybody's.
const SEEN: &str = "v.organization_id = $1 and v.deleted_at is null and (v.owner_id = $2 or v.visibility = 'shared'
      or (v.visibility = 'team' and exists (select 1 from team_members m
          where m.organization_id = v.organization_id and m.team_id = v.team_id and m.user_id = $2)))";

fn view(tx: &Tx, stored: Stored) -> View {
    let mine = stored.owner_id == Some(tx.user());
    let visibility = Visibility::parse(&stored.visibility);
    View {
        id: stored.id,
        entity_type: stored.entity_type,
        name: stored.name,
        // What an older server has kept and this one cannot read shows all records rather than none.
        definition: serde_json::from_value(stored.definition).unwrap_or_default(),
        visibility,
        team: stored.team_id,
        pinned: stored.pinned,
        first: stored.default_roles.contains(&tx.actor().role),
        default_for: stored.default_roles,
        editable: match visibility {
            Visibility::Private => mine && tx.can(VIEWS_WRITE),
            _ => tx.can(VIEWS_SHARE),
        },
        version: stored.version,
    }
}

/// The views of a type that who asks may see: pinned ones first, then by name.
///
/// # Errors
/// `NotFound` where the type may not be seen.
pub async fn list(tx: &mut Tx, entity_type: &str) -> Result<Vec<View>> {
    tx.require(VIEWS_READ)?;
    records::may_read(tx, entity_type).await?;
    let (organization, user) = (tx.organization(), tx.user());
    let statement = format!(
        "select {COLUMNS} from saved_views v where {SEEN} and v.entity_type = $3 order by v.pinned desc, lower(v.name), v.id limit 500"
    );
    let rows: Vec<Stored> =
        sqlx::query_as(sqlx::AssertSqlSafe(statement)).bind(organization).bind(user).bind(entity_type).fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|stored| view(tx, stored)).collect())
}

/// One view.
///
/// # Errors
/// `NotFound`, also where its type may not be seen.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<View> {
    tx.require(VIEWS_READ)?;
    let (organization, user) = (tx.organization(), tx.user());
    let statement = format!("select {COLUMNS} from saved_views v where {SEEN} and v.id = $3");
    let stored: Option<Stored> =
        sqlx::query_as(sqlx::AssertSqlSafe(statement)).bind(organization).bind(user).bind(id).fetch_optional(tx.conn()).await?;
    let stored = stored.ok_or(Error::NotFound)?;
    records::may_read(tx, &stored.entity_type).await?;
    Ok(view(tx, stored))
}

/// All that can be wrong with a view; what is kept can be shown.
async fn check(tx: &mut Tx, input: &ViewInput, id: EntityId) -> Result<()> {
    let mut faults = Input::new();
    faults.text("name", input.name.trim(), 1, 200);
    faults.check(input.visibility != Visibility::Team || input.team.is_some(), "team", "required", "Whose view is it?");
    faults.check(input.default_for.len() <= 50, "default_for", "too_many", "At most 50 roles are possible.");
    let shared = input.visibility == Visibility::Shared;
    faults.check(shared || input.default_for.is_empty(), "default_for", "visibility", "Only a view for everybody can be a role's first.");
    faults.finish()?;
    if input.visibility != Visibility::Private || input.pinned {
        tx.require(VIEWS_SHARE)?;
    }
    let mut known = Known::of(tx, &input.entity_type).await?;
    let definition = &input.definition;
    known.view = Some(id);
    known.plan(tx, &definition.filter, "definition.filter").await?;
    rows::columns(tx, &mut known, &definition.columns).await?;
    order::keys(tx, &known, &definition.sorts).await?;
    summary::aggregates(&known, &definition.aggregates)?;
    if let Some(group) = &definition.group {
        let field = known.field(group, "definition.group")?;
        if !super::groupable(&field.kind) {
            return Err(Error::invalid("definition.group", "kind", "A list cannot be grouped by this field."));
        }
    }
    roles(tx, &input.default_for).await
}

async fn roles(tx: &mut Tx, wanted: &[String]) -> Result<()> {
    let own: Vec<&String> = wanted.iter().filter(|role| role.parse::<Role>().is_err()).collect();
    if own.is_empty() {
        return Ok(());
    }
    let organization = tx.organization();
    let found: i64 = sqlx::query_scalar("select count(*) from roles where organization_id = $1 and id = any($2)")
        .bind(organization)
        .bind(own.iter().map(|role| role.as_str()).collect::<Vec<_>>())
        .fetch_one(tx.conn())
        .await?;
    match usize::try_from(found).is_ok_and(|found| found == own.len()) {
        true => Ok(()),
        false => Err(Error::invalid("default_for", "unknown", "There is no such role.")),
    }
}

/// Keeps a view. With the id of one that is there it returns that one.
///
/// # Errors
/// `NotFound` where the type may not be seen, `Denied`, `Invalid`, `Conflict` of code `limit` or `duplicate`.
pub async fn create(tx: &mut Tx, input: &ViewInput) -> Result<View> {
    tx.require(VIEWS_WRITE)?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    check(tx, input, id).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let owner = Some(tx.user()).filter(|user| *user != UserId::SYSTEM);
    let there: i64 = sqlx::query_scalar(
        "select count(*) from saved_views where organization_id = $1 and entity_type = $2 and deleted_at is null
             and owner_id is not distinct from $3",
    )
    .bind(organization)
    .bind(&input.entity_type)
    .bind(owner)
    .fetch_one(tx.conn())
    .await?;
    if there >= MOST {
        return Err(Error::conflict("limit", format!("At most {MOST} views of one type are kept.")));
    }
    // Names of views are nobody's business but of those who may see them; the registry's row has none.
    let entity = NewEntity { id, entity_type: ENTITY_TYPE, title: "", keywords: "", owner, status: None };
    entities::insert(tx, &entity).await?;
    sqlx::query(
        "insert into saved_views (organization_id, id, entity_type, name, definition, owner_id, visibility, team_id, pinned, default_roles,
             created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
    )
    .bind(organization)
    .bind(id)
    .bind(&input.entity_type)
    .bind(input.name.trim())
    .bind(json!(input.definition))
    .bind(owner)
    .bind(input.visibility.as_str())
    .bind(team(input))
    .bind(input.pinned)
    .bind(&input.default_for)
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("saved_views_organization_id_team_id_fkey", no_team)?;
    only_first(tx, input, id).await?;
    let made = get(tx, id).await?;
    actions::record(tx, EntityRef::new(ENTITY_TYPE, id), "created", None, Some(told(&made))).await?;
    Ok(made)
}

fn team(input: &ViewInput) -> Option<TeamId> {
    input.team.filter(|_| input.visibility == Visibility::Team)
}

fn no_team() -> Error {
    Error::invalid("team", "unknown", "There is no such choice.")
}

/// A role is shown one view of a type first.
async fn only_first(tx: &mut Tx, input: &ViewInput, id: EntityId) -> Result<()> {
    if input.default_for.is_empty() {
        return Ok(());
    }
    let organization = tx.organization();
    sqlx::query(
        "update saved_views set default_roles = array(select role from unnest(default_roles) role where role <> all($4))
         where organization_id = $1 and entity_type = $2 and id <> $3 and default_roles && $4",
    )
    .bind(organization)
    .bind(&input.entity_type)
    .bind(id)
    .bind(&input.default_for)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// For the log: a private view's conditions are its owner's alone.
fn told(view: &View) -> Json {
    match view.visibility {
        Visibility::Private => json!({ "visibility": view.visibility, "entity_type": view.entity_type }),
        _ => json!({
            "visibility": view.visibility, "entity_type": view.entity_type, "name": view.name, "definition": view.definition,
            "pinned": view.pinned, "default_for": view.default_for,
        }),
    }
}

/// One's own view, or one of others by the right to share.
async fn editable(tx: &mut Tx, id: EntityId) -> Result<View> {
    tx.require(VIEWS_WRITE)?;
    let before = get(tx, id).await?;
    match before.editable {
        true => Ok(before),
        false => Err(Error::Denied(VIEWS_SHARE)),
    }
}

/// Changes a view.
///
/// # Errors
/// `NotFound`, `Denied`, `Invalid`, `Conflict` of code `version`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &ViewInput) -> Result<View> {
    let before = editable(tx, id).await?;
    if input.entity_type != before.entity_type {
        return Err(Error::invalid("entity_type", "fixed", "A view stays one of its type."));
    }
    check(tx, input, id).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let done = sqlx::query(
        "update saved_views set name = $4, definition = $5, visibility = $6, team_id = $7, pinned = $8, default_roles = $9,
             version = version + 1, updated_at = $10
         where organization_id = $1 and id = $2 and version = $3 and deleted_at is null",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(input.name.trim())
    .bind(json!(input.definition))
    .bind(input.visibility.as_str())
    .bind(team(input))
    .bind(input.pinned)
    .bind(&input.default_for)
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("saved_views_organization_id_team_id_fkey", no_team)?;
    if done.rows_affected() == 0 {
        return Err(changed(&before));
    }
    only_first(tx, input, id).await?;
    // Whoever makes a view of others their own alone is its owner from then on.
    if input.visibility == Visibility::Private && before.visibility != Visibility::Private {
        sqlx::query("update saved_views set owner_id = $3 where organization_id = $1 and id = $2")
            .bind(organization)
            .bind(id)
            .bind(Some(tx.user()).filter(|user| *user != UserId::SYSTEM))
            .execute(tx.conn())
            .await?;
    }
    let after = get(tx, id).await?;
    actions::record(tx, EntityRef::new(ENTITY_TYPE, id), "updated", Some(told(&before)), Some(told(&after))).await?;
    Ok(after)
}

fn changed(current: &View) -> Error {
    let refusal = Refusal::new("version", "Somebody else has changed it since.");
    Refusal { current: Some(json!(current)), ..refusal }.into()
}

/// Takes a view away; [`restore`] brings it back.
///
/// # Errors
/// `NotFound`, `Denied`, `Conflict` of code `version`.
pub async fn delete(tx: &mut Tx, id: EntityId, version: i32) -> Result<()> {
    let before = editable(tx, id).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let done = sqlx::query(
        "update saved_views set deleted_at = $4, version = version + 1
         where organization_id = $1 and id = $2 and version = $3 and deleted_at is null",
    )
    .bind(organization)
    .bind(id)
    .bind(version)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Err(changed(&before));
    }
    actions::record(tx, EntityRef::new(ENTITY_TYPE, id), "deleted", Some(told(&before)), None).await
}

/// Brings back a view of one's own, or one of others by the right to share.
///
/// # Errors
/// `NotFound`, `Denied`.
pub async fn restore(tx: &mut Tx, id: EntityId) -> Result<View> {
    tx.require(VIEWS_WRITE)?;
    let (organization, user, shares) = (tx.organization(), tx.user(), tx.can(VIEWS_SHARE));
    let done = sqlx::query(
        "update saved_views set deleted_at = null, version = version + 1, default_roles = '{}'
         where organization_id = $1 and id = $2 and deleted_at is not null
             and (case when visibility = 'private' then owner_id = $3 else $4 end)",
    )
    .bind(organization)
    .bind(id)
    .bind(user)
    .bind(shares)
    .execute(tx.conn())
    .await?;
    let back = get(tx, id).await?;
    // It is there already, or has never been: whoever asks again is told the same.
    if done.rows_affected() == 0 {
        return Ok(back);
    }
    actions::record(tx, EntityRef::new(ENTITY_TYPE, id), "restored", None, Some(told(&back))).await?;
    Ok(back)
}

/// A view of everybody's that comes with a product or a demonstration.
pub fn shared(entity_type: &str, name: &str, definition: Definition) -> ViewInput {
    ViewInput {
        id: None,
        entity_type: entity_type.to_owned(),
        name: name.to_owned(),
        definition,
        visibility: Visibility::Shared,
        team: None,
        pinned: true,
        default_for: Vec::new(),
        version: 0,
    }
}
