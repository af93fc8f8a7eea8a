//! Roles and their rights in the database.

use std::collections::BTreeMap;

use serde_json::json;

use super::{RoleDetails, RoleRow, id_of};
use crate::actions;
use crate::error::{Error, Result, ResultExt};
use crate::input::Input;
use crate::organizations;
use crate::permission::{self, Permission, Role, Scope};
use crate::tx::Tx;

#[derive(sqlx::FromRow)]
struct Stored {
    id: String,
    name: String,
    built_in: bool,
    permissions: Vec<String>,
    /// As many, in the same order.
    scopes: Vec<String>,
    members: i64,
    version: i32,
}

impl Stored {
    /// Its rights, and how far those reach that do not reach all records.
    fn rights(&self) -> (Vec<String>, BTreeMap<String, Scope>) {
        let scoped = self.permissions.iter().zip(&self.scopes);
        let narrow = scoped.filter_map(|(right, scope)| Some((right.clone(), Scope::parse(scope).filter(|scope| *scope != Scope::All)?)));
        (self.permissions.clone(), narrow.collect())
    }
}

/// All roles, built-in ones first; at most 200.
pub async fn list(tx: &mut Tx) -> Result<Vec<RoleRow>> {
    tx.require(Permission::MEMBERS_READ)?;
    select(tx, None).await
}

async fn get(tx: &mut Tx, id: &str) -> Result<RoleRow> {
    // What cannot be an id names nothing, and must not reach the database: it could hold the character NUL.
    let plain = id.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_');
    if !plain {
        return Err(Error::NotFound);
    }
    select(tx, Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn select(tx: &mut Tx, id: Option<&str>) -> Result<Vec<RoleRow>> {
    let organization = tx.organization();
    let rows: Vec<Stored> = sqlx::query_as(
        "select r.id, r.name, r.built_in, r.version,
                array(select p.permission from role_permissions p
                      where p.organization_id = r.organization_id and p.role_id = r.id order by p.permission) as permissions,
                array(select p.scope from role_permissions p
                      where p.organization_id = r.organization_id and p.role_id = r.id order by p.permission) as scopes,
                (select count(*) from memberships m
                 where m.organization_id = r.organization_id and m.role_id = r.id and m.status = 'active') as members
         from roles r where r.organization_id = $1 and ($2::text is null or r.id = $2)
         order by r.built_in desc, r.name, r.id limit 200",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let modules = tx.state().modules;
    Ok(rows
        .into_iter()
        .map(|row| {
            let (permissions, scopes) = match row.id.parse::<Role>() {
                Ok(role) => (permission::granted(modules, role).iter().map(|right| right.0.to_owned()).collect(), BTreeMap::new()),
                Err(_) => row.rights(),
            };
            let Stored { id, name, built_in, members, version, .. } = row;
            RoleRow { id, name, built_in, permissions, scopes, members, version }
        })
        .collect())
}

/// Refuses with the first right that the role has and the actor does not. Owners are made by owners alone, even if
/// another role had all their rights.
pub(crate) async fn require_may_grant(tx: &mut Tx, role: &str) -> Result<()> {
    if role == Role::Owner.as_str() && tx.actor().role != role {
        return Err(Error::Denied(Permission::MEMBERS_WRITE));
    }
    let role = match get(tx, role).await {
        Err(Error::NotFound) => return Err(Error::invalid("role", "unknown", "There is no such role.")),
        other => other?,
    };
    require_held(tx, &role.permissions, &role.scopes)
}

/// A right is held that reaches as far or further.
fn require_held(tx: &Tx, permissions: &[String], scopes: &BTreeMap<String, Scope>) -> Result<()> {
    for right in permission::all(tx.state().modules) {
        if permissions.iter().any(|granted| granted == right.0) {
            let wanted = scopes.get(right.0).copied().unwrap_or(Scope::All);
            let held = tx.actor().narrow.get(right.0).is_some_and(|held| *held >= wanted);
            if !held {
                tx.require(right)?;
            }
        }
    }
    Ok(())
}

/// A new role of the organization's own. Its rights are among those the actor holds.
pub async fn insert(tx: &mut Tx, details: &RoleDetails) -> Result<RoleRow> {
    tx.require(Permission::ROLES_WRITE)?;
    let permissions = check(tx, details)?;
    let id = match id_of(&details.name) {
        // Nothing of the name is left for an id, as with names in Chinese.
        id if id == "role_" => format!("role_{:08x}", rand::random::<u32>()),
        id => id,
    };
    let organization = tx.organization();
    let taken = || Error::conflict("duplicate", "There is a role of this name already.");
    sqlx::query("insert into roles (organization_id, id, name) values ($1, $2, $3)")
        .bind(organization)
        .bind(&id)
        .bind(details.name.trim())
        .execute(tx.conn())
        .await
        .on_constraint("roles_pkey", taken)?;
    write(tx, &id, &permissions).await?;
    let made = get(tx, &id).await?;
    organizations::record(tx, "role_created", None, Some(json!(made))).await?;
    Ok(made)
}

/// Changes a role of the organization's own; the version must be the present one (R18). The actor holds all that it granted and will grant.
pub async fn update(tx: &mut Tx, id: &str, details: &RoleDetails) -> Result<RoleRow> {
    tx.require(Permission::ROLES_WRITE)?;
    let old = own(tx, id).await?;
    require_held(tx, &old.permissions, &old.scopes)?;
    let permissions = check(tx, details)?;
    if old.version != details.version {
        return Err(actions::part_changed_meanwhile(tx, id, "role", "role_", &old).await?);
    }
    let organization = tx.organization();
    sqlx::query("update roles set name = $3, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(details.name.trim())
        .execute(tx.conn())
        .await?;
    write(tx, id, &permissions).await?;
    let new = get(tx, id).await?;
    organizations::record(tx, "role_updated", Some(json!(old)), Some(json!(new))).await?;
    Ok(new)
}

/// Deletes a role of the organization's own that nobody has, had or is invited to.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    tx.require(Permission::ROLES_WRITE)?;
    let old = own(tx, id).await?;
    require_held(tx, &old.permissions, &old.scopes)?;
    let organization = tx.organization();
    let in_use = || Error::conflict("in_use", "Members have or had this role, or are invited to it.");
    sqlx::query("delete from roles where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await
        .on_constraint("memberships_organization_id_role_id_fkey", in_use)
        .on_constraint("invitations_organization_id_role_id_fkey", in_use)?;
    organizations::record(tx, "role_deleted", Some(json!(old)), None).await
}

/// The role, locked, if it is the organization's own.
async fn own(tx: &mut Tx, id: &str) -> Result<RoleRow> {
    let role = get(tx, id).await?;
    if role.built_in {
        return Err(Error::conflict("built_in", "Built-in roles cannot be changed."));
    }
    let organization = tx.organization();
    sqlx::query("select 1 from roles where organization_id = $1 and id = $2 for update")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    get(tx, id).await
}

async fn write(tx: &mut Tx, id: &str, rights: &BTreeMap<Permission, Scope>) -> Result<()> {
    let organization = tx.organization();
    let (permissions, scopes): (Vec<&str>, Vec<&str>) = rights.iter().map(|(right, scope)| (right.0, scope.as_str())).unzip();
    sqlx::query("delete from role_permissions where organization_id = $1 and role_id = $2")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "insert into role_permissions (organization_id, role_id, permission, scope)
         select $1, $2, p.permission, p.scope from unnest($3::text[], $4::text[]) as p (permission, scope)",
    )
    .bind(organization)
    .bind(id)
    .bind(permissions)
    .bind(scopes)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The rights asked for, all of which the modules know and the actor holds as far. What belongs to nobody in particular is
/// seen whole or not at all.
fn check(tx: &Tx, details: &RoleDetails) -> Result<BTreeMap<Permission, Scope>> {
    let modules = tx.state().modules;
    let (known, narrowable) = (permission::all(modules), permission::narrowable(modules));
    let mut input = Input::new();
    input.text("name", details.name.trim(), 1, 100);
    let mut asked = BTreeMap::new();
    for (place, name) in details.permissions.iter().enumerate() {
        match known.iter().find(|right| right.0 == name) {
            Some(right) => _ = asked.insert(*right, details.scopes.get(name).copied().unwrap_or(Scope::All)),
            None => input.check(false, &format!("permissions.{place}"), "unknown", "There is no such permission."),
        }
    }
    for (name, scope) in details.scopes.iter().take(500) {
        let field = format!("scopes.{name}");
        match asked.keys().find(|right| right.0 == name) {
            Some(right) => {
                let possible = *scope == Scope::All || narrowable.contains(right);
                input.check(possible, &field, "scope", "This right reaches all records or none.");
            }
            None => input.check(false, &field, "unknown", "The role does not have this permission."),
        }
    }
    input.finish()?;
    require_held(tx, &details.permissions, &details.scopes)?;
    Ok(asked)
}
