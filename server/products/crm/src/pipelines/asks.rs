//! What a deal has to tell before it comes into a stage.

use platform::{Result, Tx, id::EntityId, input::Input};
use services::records::{self, FieldInfo, Value};

use super::{DealStage, Pipeline};
use crate::{DEALS_READ, PRODUCT};

/// What every deal has, and what follows from the step itself.
const NEVER: [&str; 6] = ["title", "status", "stage", "stage_since", "closed_at", "lost_reason"];

/// The fields of a deal that a stage may ask for, as far as the actor sees them.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn asks(tx: &mut Tx) -> Result<Vec<FieldInfo>> {
    tx.verify_product_access(PRODUCT)?;
    tx.reach(DEALS_READ)?;
    let state = tx.state().clone();
    let mut fields = records::fields_of(tx, &state, "crm:deal").await?;
    fields.retain(|field| !field.computed && !NEVER.contains(&field.key.as_str()));
    Ok(fields)
}

/// Whether a deal tells all that a stage asks for. A field that the actor may not see is not asked of them, nor one that the
/// organization has taken out since.
///
/// # Errors
/// `Invalid`: `required` under each field that is empty.
pub(crate) async fn require_told(tx: &mut Tx, stage: &DealStage, deal: EntityId) -> Result<()> {
    if stage.requires.is_empty() {
        return Ok(());
    }
    let mut fields = asks(tx).await?;
    fields.retain(|field| stage.requires.contains(&field.key));
    let state = tx.state().clone();
    let Some(record) = records::read(tx, &state, "crm:deal", &[deal]).await?.pop() else { return Ok(()) };
    let mut input = Input::new();
    for field in &fields {
        let told = record.values.get(&field.key).is_some_and(says);
        input.check(told, &field.key, "required", format!("The stage {} asks for {}.", stage.name, field.label));
    }
    input.finish()
}

/// Deals have an amount from the first day on, which is nothing until somebody says it.
fn says(value: &Value) -> bool {
    match value {
        Value::Text(text) => !text.trim().is_empty(),
        Value::Money { minor, .. } => *minor != 0,
        _ => true,
    }
}

/// Whether a step leads on in the pipeline: who goes back, or takes a step back, is asked for nothing.
pub(crate) fn leads_on(pipeline: &Pipeline, from: EntityId, to: EntityId) -> bool {
    let place = |id: EntityId| pipeline.stages.iter().position(|stage| stage.id == id);
    place(from).is_none_or(|from| place(to).is_none_or(|to| from < to))
}
