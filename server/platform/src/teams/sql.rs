//! Teams and who is in them, in the database.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Team, TeamDetails};
use crate::actions;
use crate::error::{Error, Result, ResultExt};
use crate::id::{TeamId, UserId};
use crate::input::Input;
use crate::organizations;
use crate::permission::{Permission, Scope};
use crate::tx::Tx;

/// All teams by name with their members; at most 500.
pub async fn list(tx: &mut Tx) -> Result<Vec<Team>> {
    tx.require(Permission::MEMBERS_READ)?;
    select(tx, None).await
}

async fn get(tx: &mut Tx, id: TeamId) -> Result<Team> {
    select(tx, Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn select(tx: &mut Tx, id: Option<TeamId>) -> Result<Vec<Team>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select t.id, t.name, t.version,
                array(select m.user_id from team_members m
                      where m.organization_id = t.organization_id and m.team_id = t.id order by m.user_id) as members
         from teams t where t.organization_id = $1 and ($2::uuid is null or t.id = $2)
         order by t.name, t.id limit 500",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?)
}

/// A new team.
pub async fn insert(tx: &mut Tx, details: &TeamDetails) -> Result<Team> {
    tx.require(Permission::TEAMS_WRITE)?;
    let members = check(tx, details).await?;
    let (organization, id) = (tx.organization(), TeamId::new());
    sqlx::query("insert into teams (organization_id, id, name) values ($1, $2, $3)")
        .bind(organization)
        .bind(id)
        .bind(details.name.trim())
        .execute(tx.conn())
        .await
        .on_constraint("teams_name_key", taken)?;
    write(tx, id, members).await?;
    let made = get(tx, id).await?;
    organizations::record(tx, "team_created", None, Some(json!(made))).await?;
    Ok(made)
}

/// Changes a team's name and members; the version must be the present one (R18).
pub async fn update(tx: &mut Tx, id: TeamId, details: &TeamDetails) -> Result<Team> {
    tx.require(Permission::TEAMS_WRITE)?;
    let old = get(tx, id).await?;
    let members = check(tx, details).await?;
    let organization = tx.organization();
    let changed = sqlx::query("update teams set name = $3, version = version + 1 where organization_id = $1 and id = $2 and version = $4")
        .bind(organization)
        .bind(id)
        .bind(details.name.trim())
        .bind(details.version)
        .execute(tx.conn())
        .await
        .on_constraint("teams_name_key", taken)?;
    if changed.rows_affected() == 0 {
        let now = get(tx, id).await?;
        return Err(actions::part_changed_meanwhile(tx, &id.to_string(), "team", "team_", &now).await?);
    }
    write(tx, id, members).await?;
    let new = get(tx, id).await?;
    organizations::record(tx, "team_updated", Some(json!(old)), Some(json!(new))).await?;
    Ok(new)
}

/// Deletes a team; its members stay members of the organization.
pub async fn delete(tx: &mut Tx, id: TeamId) -> Result<()> {
    tx.require(Permission::TEAMS_WRITE)?;
    let old = get(tx, id).await?;
    let organization = tx.organization();
    sqlx::query("delete from teams where organization_id = $1 and id = $2").bind(organization).bind(id).execute(tx.conn()).await?;
    organizations::record(tx, "team_deleted", Some(json!(old)), None).await
}

async fn write(tx: &mut Tx, id: TeamId, members: Vec<UserId>) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("delete from team_members where organization_id = $1 and team_id = $2")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    sqlx::query("insert into team_members (organization_id, team_id, user_id) select $1, $2, unnest($3::uuid[])")
        .bind(organization)
        .bind(id)
        .bind(members.into_iter().map(|user| user.0).collect::<Vec<_>>())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The members asked for, each once; all of them belong to the organization.
async fn check(tx: &mut Tx, details: &TeamDetails) -> Result<Vec<UserId>> {
    let members: BTreeSet<UserId> = details.members.iter().copied().collect();
    let mut input = Input::new();
    input.text("name", details.name.trim(), 1, 200);
    input.check(members.len() <= 1000, "members", "too_long", "A team has at most 1000 members.");
    input.finish()?;
    within_reach(tx, &members)?;
    let organization = tx.organization();
    // Locked, so that none of them leaves in between.
    let known: Vec<UserId> = sqlx::query_scalar(
        "select user_id from memberships where organization_id = $1 and user_id = any($2) and status = 'active'
         order by user_id for share",
    )
    .bind(organization)
    .bind(members.iter().map(|user| user.0).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    if known.len() < members.len() {
        return Err(Error::invalid("members", "unknown", "Not all of them are members of the organization."));
    }
    Ok(members.into_iter().collect())
}

/// Whose right reaches as far as their teams puts nobody into a team of their own: it would reach further.
fn within_reach(tx: &Tx, members: &BTreeSet<UserId>) -> Result<()> {
    let (me, actor) = (tx.user(), tx.actor());
    let widens = || members.contains(&me) && members.iter().any(|member| *member != me && !actor.team.contains(member));
    match actor.narrow.values().any(|scope| *scope == Scope::Team) && widens() {
        true => Err(Error::Denied(Permission::TEAMS_WRITE)),
        false => Ok(()),
    }
}

fn taken() -> Error {
    Error::conflict("duplicate", "There is a team of this name already.")
}
