//! What people write down about a visit, one line after the other. A note is added and never replaces another: so two who
//! write at the same time, or one who was without a network, lose nothing, and no version need be named.

use platform::{Result, Tx, actions, id::EntityId, id::EntityRef, input::Input};
use serde_json::json;
use services::hooks::Note;

use super::{Appointment, read};
use crate::{APPOINTMENT, APPOINTMENTS_WRITE, PRODUCT};

/// As long as all notes of a visit may be, in characters.
const LONGEST: usize = 10_000;

/// Adds a note below those that are there. A visit that is over can be written about too.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid` (an empty note, or too much of them).
pub async fn add_note(tx: &mut Tx, id: EntityId, note: &Note) -> Result<Appointment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let text = note.text.trim();
    let before = read::get(tx, id).await?;
    let room = LONGEST.saturating_sub(before.notes.chars().count() + 1);
    let mut input = Input::new();
    input.text("text", text, 1, 2_000);
    input.check(text.chars().count() <= room, "text", "too_long", "There is no room for more notes.");
    input.finish()?;
    let (organization, now) = (tx.organization(), tx.now());
    // In one statement, so that two notes at the same time are both kept.
    sqlx::query(
        "update gabinet_appointments
         set notes = case when notes = '' then $3 else left(notes || E'\\n' || $3, 10000) end, version = version + 1, updated_at = $4
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(before.id)
    .bind(text)
    .bind(now)
    .execute(tx.conn())
    .await?;
    actions::record(tx, EntityRef::new(APPOINTMENT, before.id), "updated", None, Some(json!({ "note": text }))).await?;
    read::get(tx, before.id).await
}
