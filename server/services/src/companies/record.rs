//! Companies for what knows no product: lists, filters, import and the doors of all types.

use futures::future::BoxFuture;
use platform::{Result, Tx, id::EntityId};

use super::{CompanyInput, create, get, update};
use crate::records::{Given, RecordSource, Saving, Values};

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
    computed: &[],
    unique: &["tax_id"],
    parts: &[],
    release: Some(release),
};

/// The tax id of a company that was withdrawn may be another's.
fn release(tx: &mut Tx, id: EntityId) -> BoxFuture<'_, Result<()>> {
    Box::pin(async move {
        let organization = tx.organization();
        sqlx::query("update companies set tax_id = null where organization_id = $1 and id = $2 and tax_id is not null")
            .bind(organization)
            .bind(id)
            .execute(tx.conn())
            .await?;
        Ok(())
    })
}

fn save<'a>(tx: &'a mut Tx, saving: Saving, values: &'a Values, emptied: &'a [String]) -> BoxFuture<'a, Result<EntityId>> {
    Box::pin(async move {
        let mut input = match saving {
            Saving::Known(id, version) => {
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
            Saving::New(id) => CompanyInput { id, ..CompanyInput::default() },
        };
        let organization = tx.organization();
        let currency: String = sqlx::query_scalar("select currency from organizations where organization_id = $1")
            .bind(organization)
            .fetch_one(tx.conn())
            .await?;
        for given in Given::all(values, emptied) {
            put(&mut input, given, &currency)?;
        }
        let company = match saving {
            Saving::Known(id, _) => update(tx, id, &input).await?,
            Saving::New(_) => create(tx, &input).await?,
        };
        Ok(company.id)
    })
}

fn put(input: &mut CompanyInput, given: Given<'_>, currency: &str) -> Result<()> {
    match given.key {
        "name" => input.name = given.words()?,
        "tax_id" => input.tax_id = given.text()?,
        "website" => input.website = given.words()?,
        "email" => input.email = given.text()?,
        "phone" => input.phone = given.text()?,
        "street" => input.street = given.words()?,
        "postcode" => input.postcode = given.words()?,
        "city" => input.city = given.words()?,
        "country" => input.country = given.words()?,
        "notes" => input.notes = given.words()?,
        "parent" => input.parent = given.reference()?,
        "payment_days" => input.payment_days = given.number()?,
        "credit_limit" => input.credit_limit = given.money(currency, "A limit is in the organization's currency.")?,
        _ => return Err(given.unknown()),
    }
    Ok(())
}
