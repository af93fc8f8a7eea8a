//! Deals for what knows no product: lists, filters, import and the doors of all types.

use futures::future::BoxFuture;
use platform::{Error, Result, Tx, id::EntityId};
use services::records::{Given, RecordSource, Saving, Value, Values};

use super::{DealInput, create, get, update};

/// How deals are read and written. Where one stands is changed by moving it, which says why it was lost.
pub const SOURCE: RecordSource = RecordSource {
    entity_type: "crm:deal",
    from: "crm_deals r join crm_stages s on s.organization_id = r.organization_id and s.id = r.stage_id",
    columns: &[
        ("title", "r.title"),
        ("status", "s.kind"),
        ("stage", "s.name"),
        ("person", "r.person_id"),
        ("company", "r.company_id"),
        ("value", "r.value"),
        ("value.currency", "r.currency"),
        ("close_on", "r.close_on"),
        ("next_step", "r.next_step"),
        ("next_step_on", "r.next_step_on"),
        ("lost_reason", "r.lost_reason"),
        ("stage_since", "r.stage_since"),
        ("closed_at", "r.closed_at"),
    ],
    version: "r.version",
    save: Some(save),
    computed: &["status", "lost_reason", "stage_since", "closed_at"],
    unique: &[],
    parts: &[("crm_deal_steps", "deal_id"), ("crm_deal_lines", "deal_id")],
    release: None,
};

fn save<'a>(tx: &'a mut Tx, saving: Saving, values: &'a Values, emptied: &'a [String]) -> BoxFuture<'a, Result<EntityId>> {
    Box::pin(async move {
        let mut input = match saving {
            Saving::Known(id, version) => DealInput { version, ..DealInput::from(&get(tx, id).await?) },
            Saving::New(id) => DealInput { id, ..DealInput::default() },
        };
        for given in Given::all(values, emptied) {
            put(tx, &mut input, given, matches!(saving, Saving::Known(..))).await?;
        }
        let deal = match saving {
            Saving::Known(id, _) => update(tx, id, &input).await?,
            Saving::New(_) => create(tx, &input).await?,
        };
        Ok(deal.id)
    })
}

async fn put(tx: &mut Tx, input: &mut DealInput, given: Given<'_>, known: bool) -> Result<()> {
    match given.key {
        "title" => input.title = given.words()?,
        "next_step" => input.next_step = given.words()?,
        "close_on" => input.close_on = given.date()?,
        "next_step_on" => input.next_step_on = given.date()?,
        "person" => input.person = given.reference()?,
        "company" => input.company = given.reference()?,
        "value" => match given.value {
            None => input.value = 0,
            Some(Value::Money { minor, currency }) => {
                input.value = *minor;
                input.currency.clone_from(currency);
            }
            Some(_) => return Err(given.wrong()),
        },
        // A new one may begin in a stage that is named.
        "stage" if !known => {
            let organization = tx.organization();
            input.stage = sqlx::query_scalar(
                "select id from crm_stages where organization_id = $1 and retired_at is null and normalised(name) = normalised($2)
                 order by id limit 1",
            )
            .bind(organization)
            .bind(given.words()?)
            .fetch_optional(tx.conn())
            .await?;
            if input.stage.is_none() {
                return Err(Error::invalid(given.key, "unknown", "There is no such stage."));
            }
        }
        "status" | "stage" | "lost_reason" | "stage_since" | "closed_at" => {
            return Err(Error::invalid(given.key, "computed", "This follows from the deal's steps."));
        }
        _ => return Err(given.unknown()),
    }
    Ok(())
}
