//! Deals for what knows no product: lists, filters, import and the doors of all types.

use futures::future::BoxFuture;
use platform::{Error, Result, Tx, id::EntityId};
use services::records::{RecordSource, Value, Values};

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
};

fn save<'a>(tx: &'a mut Tx, known: Option<(EntityId, i32)>, values: &'a Values, emptied: &'a [String]) -> BoxFuture<'a, Result<EntityId>> {
    Box::pin(async move {
        let mut input = match known {
            Some((id, version)) => DealInput { version, ..DealInput::from(&get(tx, id).await?) },
            None => DealInput::default(),
        };
        for key in emptied {
            put(tx, &mut input, key, None, known.is_some()).await?;
        }
        for (key, value) in values {
            put(tx, &mut input, key, Some(value), known.is_some()).await?;
        }
        let deal = match known {
            Some((id, _)) => update(tx, id, &input).await?,
            None => create(tx, &input).await?,
        };
        Ok(deal.id)
    })
}

async fn put(tx: &mut Tx, input: &mut DealInput, key: &str, value: Option<&Value>, known: bool) -> Result<()> {
    let wrong = || Error::invalid(key, "type", "This is no value for this field.");
    let text = || match value {
        None => Ok(String::new()),
        Some(Value::Text(text)) => Ok(text.clone()),
        Some(_) => Err(wrong()),
    };
    let date = || match value {
        None => Ok(None),
        Some(Value::Date(date)) => Ok(Some(*date)),
        Some(_) => Err(wrong()),
    };
    let reference = || match value {
        None => Ok(None),
        Some(Value::Reference(id)) => Ok(Some(*id)),
        Some(_) => Err(wrong()),
    };
    match key {
        "title" => input.title = text()?,
        "next_step" => input.next_step = text()?,
        "close_on" => input.close_on = date()?,
        "next_step_on" => input.next_step_on = date()?,
        "person" => input.person = reference()?,
        "company" => input.company = reference()?,
        "value" => match value {
            None => input.value = 0,
            Some(Value::Money { minor, currency }) => {
                input.value = *minor;
                input.currency.clone_from(currency);
            }
            Some(_) => return Err(wrong()),
        },
        // A new one may begin in a stage that is named.
        "stage" if !known => {
            let organization = tx.organization();
            input.stage = sqlx::query_scalar(
                "select id from crm_stages where organization_id = $1 and retired_at is null and normalised(name) = normalised($2)
                 order by id limit 1",
            )
            .bind(organization)
            .bind(text()?)
            .fetch_optional(tx.conn())
            .await?;
            if input.stage.is_none() {
                return Err(Error::invalid(key, "unknown", "There is no such stage."));
            }
        }
        "status" | "stage" | "lost_reason" | "stage_since" | "closed_at" => {
            return Err(Error::invalid(key, "computed", "This follows from the deal's steps."));
        }
        _ => return Err(Error::invalid(key, "unknown", "There is no such field.")),
    }
    Ok(())
}
