//! What is told of an activity besides its time and its state. Modules change it here and know nothing of the table.

use platform::{Result, Tx, id::EntityId};
use sqlx::types::Json;

use crate::calendar::Face;

/// What is to be told from now on; what is none stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change<'a> {
    pub title: Option<&'a str>,
    pub description: Option<&'a str>,
    pub face: Option<&'a Face>,
    /// The line of its face alone, whatever else of the face has changed meanwhile.
    pub line: Option<&'a str>,
    pub subject: Option<EntityId>,
    pub record: Option<EntityId>,
    /// Whether whoever has seen it before must look again (R18); not where it is part of a change that says so itself.
    pub raises: bool,
}

/// Changes what is told of an activity. Whoever calls has checked that it may be changed, and logs it.
///
/// # Errors
/// `Unavailable`.
pub async fn change(tx: &mut Tx, id: EntityId, change: &Change<'_>) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update scheduled_activities set
            title = coalesce($3, title), description = coalesce($4, description),
            face = case when $6::text is null then coalesce($5, face)
                   else jsonb_set(coalesce($5, face), '{line}', to_jsonb($6::text)) end,
            subject_id = coalesce($7, subject_id), module_entity_id = coalesce($8, module_entity_id),
            version = version + $9::bool::integer, updated_at = case when $9 then $10 else updated_at end
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(change.title)
    .bind(change.description)
    .bind(change.face.map(Json))
    .bind(change.line)
    .bind(change.subject)
    .bind(change.record)
    .bind(change.raises)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Tells of many activities where they take place now: activity and the name of the place. Their versions stay, for it is
/// part of a change that raises them.
///
/// # Errors
/// `Unavailable`.
pub async fn set_places(tx: &mut Tx, places: &[(EntityId, &str)]) -> Result<()> {
    let organization = tx.organization();
    sqlx::query(
        "update scheduled_activities a set face = jsonb_set(a.face, '{place}', to_jsonb(p.place))
         from unnest($2::uuid[], $3::text[]) as p (activity, place)
         where a.organization_id = $1 and a.id = p.activity",
    )
    .bind(organization)
    .bind(places.iter().map(|place| place.0).collect::<Vec<_>>())
    .bind(places.iter().map(|place| place.1).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Draws what is still to come about a subject anew: its title, and which of some flags it carries, the gravest first. For a
/// module whose entries tell of their subject when that has changed; their versions stay, as nobody has changed them.
///
/// # Errors
/// `Unavailable`.
pub async fn redraw(tx: &mut Tx, activity_type: &str, subject: EntityId, title: &str, flags: &[(&str, bool)]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    let named: Vec<&str> = flags.iter().map(|(flag, _)| *flag).collect();
    let carried: Vec<&str> = flags.iter().filter(|(_, carried)| *carried).map(|(flag, _)| *flag).collect();
    sqlx::query(
        "update scheduled_activities a set title = $5,
             face = jsonb_set(a.face, '{flags}', to_jsonb($6::text[]) || coalesce(
                 (select jsonb_agg(f) from jsonb_array_elements_text(a.face -> 'flags') f where f <> all ($7)), '[]'))
         where a.organization_id = $1 and a.activity_type = $2 and a.subject_id = $3 and a.ends_at > $4",
    )
    .bind(organization)
    .bind(activity_type)
    .bind(subject)
    .bind(now)
    .bind(title)
    .bind(carried)
    .bind(named)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Says of activities about one subject that they are about another: of all of them, or of those among these. Gives which.
/// Whoever calls has told that the two are one, or are not; what the activities tell of their subject follows by
/// [`redraw`]. Their versions stay, as nobody has changed them.
///
/// # Errors
/// `Unavailable`.
pub async fn repoint(tx: &mut Tx, from: EntityId, to: EntityId, only: Option<&[EntityId]>) -> Result<Vec<EntityId>> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "update scheduled_activities set subject_id = $3
         where organization_id = $1 and subject_id = $2 and ($4::uuid[] is null or id = any ($4)) returning id",
    )
    .bind(organization)
    .bind(from)
    .bind(to)
    .bind(only)
    .fetch_all(tx.conn())
    .await?)
}
