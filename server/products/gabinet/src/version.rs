//! R18: the second of two changes gets what the first one made of it, and whose it was.

use platform::{Error, Result, Tx, actions, error::Refusal, id::EntityId};
use serde::Serialize;
use serde_json::json;

/// The refusal of a change that was made from an older version; `now` is what is stored, under its kind's name.
pub(crate) async fn changed_meanwhile(tx: &mut Tx, id: EntityId, kind: &str, now: &impl Serialize, message: &str) -> Result<Error> {
    let author = actions::timeline(tx, id, 1).await?.into_iter().next().and_then(|row| row.user_name);
    let current = json!({ kind: now, "author": author });
    Ok(Refusal { current: Some(current), ..Refusal::new("version", message) }.into())
}
