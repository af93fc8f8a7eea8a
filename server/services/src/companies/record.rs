//! Companies for what knows no product: lists, filters, import and the doors of all types.

use futures::future::BoxFuture;
use platform::{Error, Result, Tx, id::EntityId};

use super::{CompanyInput, create, get, update};
use crate::records::{RecordSource, Value, Values};

/// How companies are read and written.
pub const SOURCE: RecordSource = RecordSource {
    entity_type: "company",
    from: "companies r",
    columns: &[
        ("name", "r.name"),
        ("tax_id", "r.tax_id"),
        ("parent", "r.parent_id"),
        ("website", "r.website"),
        ("email", "r.email"),
        ("phone", "r.phone"),
        ("street", "r.street"),
        ("postcode", "r.postcode"),
        ("city", "r.city"),
        ("country", "r.country"),
        ("credit_limit", "r.credit_limit"),
        ("credit_limit.currency", "r.currency"),
        ("payment_days", "r.payment_days::bigint"),
        ("notes", "r.notes"),
    ],
    version: "r.version",
    save: Some(save),
};

fn save<'a>(tx: &'a mut Tx, known: Option<(EntityId, i32)>, values: &'a Values, emptied: &'a [String]) -> BoxFuture<'a, Result<EntityId>> {
    Box::pin(async move {
        let mut input = match known {
            Some((id, version)) => {
                let company = get(tx, id).await?;
                CompanyInput {
                    id: None,
                    name: company.name,
                    tax_id: company.tax_id,
                    kinds: company.kinds,
                    parent: company.parent,
                    website: company.website,
                    email: company.email,
                    phone: company.phone,
                    street: company.street,
                    postcode: company.postcode,
                    city: company.city,
                    country: company.country,
                    credit_limit: company.credit_limit,
                    payment_days: company.payment_days,
                    notes: company.notes,
                    version,
                }
            }
            None => CompanyInput::default(),
        };
        let organization = tx.organization();
        let currency: String = sqlx::query_scalar("select currency from organizations where organization_id = $1")
            .bind(organization)
            .fetch_one(tx.conn())
            .await?;
        for key in emptied {
            put(&mut input, key, None, &currency)?;
        }
        for (key, value) in values {
            put(&mut input, key, Some(value), &currency)?;
        }
        let company = match known {
            Some((id, _)) => update(tx, id, &input).await?,
            None => create(tx, &input).await?,
        };
        Ok(company.id)
    })
}

fn put(input: &mut CompanyInput, key: &str, value: Option<&Value>, currency: &str) -> Result<()> {
    let wrong = || Error::invalid(key, "type", "This is no value for this field.");
    let text = || match value {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong()),
    };
    match key {
        "name" => input.name = text()?.unwrap_or_default(),
        "tax_id" => input.tax_id = text()?,
        "website" => input.website = text()?.unwrap_or_default(),
        "email" => input.email = text()?,
        "phone" => input.phone = text()?,
        "street" => input.street = text()?.unwrap_or_default(),
        "postcode" => input.postcode = text()?.unwrap_or_default(),
        "city" => input.city = text()?.unwrap_or_default(),
        "country" => input.country = text()?.unwrap_or_default(),
        "notes" => input.notes = text()?.unwrap_or_default(),
        "parent" => {
            input.parent = match value {
                None => None,
                Some(Value::Reference(id)) => Some(*id),
                Some(_) => return Err(wrong()),
            }
        }
        "payment_days" => {
            input.payment_days = match value {
                None => None,
                Some(Value::Number(number)) => Some(number.to_string().parse().map_err(|_| wrong())?),
                Some(_) => return Err(wrong()),
            }
        }
        "credit_limit" => {
            input.credit_limit = match value {
                None => None,
                Some(Value::Money { minor, currency: other }) if other == currency => Some(*minor),
                Some(Value::Money { .. }) => {
                    return Err(Error::invalid(key, "currency", "A limit is in the organization's currency."));
                }
                Some(_) => return Err(wrong()),
            }
        }
        _ => return Err(Error::invalid(key, "unknown", "There is no such field.")),
    }
    Ok(())
}
