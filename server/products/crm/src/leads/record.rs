//! Leads for what knows no product: lists, filters, import and the doors of all types.

use futures::future::BoxFuture;
use platform::{Error, Result, Tx, id::EntityId};
use services::records::{Given, RecordSource, Saving, Value, Values};

use super::{LeadInput, LeadStatus, create, get, update};

/// How leads are read and written.
pub const SOURCE: RecordSource = RecordSource {
    entity_type: "crm:lead",
    from: "crm_leads r join persons p on p.organization_id = r.organization_id and p.id = r.person_id",
    columns: &[
        ("given_name", "p.given_name"),
        ("family_name", "p.family_name"),
        ("email", "p.email"),
        ("phone", "p.phone"),
        ("company", "r.company"),
        ("source", "r.source"),
        ("status", "r.status"),
        ("value", "r.value"),
        ("value.currency", "r.currency"),
        ("notes", "r.notes"),
    ],
    version: "r.version",
    save: Some(save),
    computed: &[],
    unique: &[],
    parts: &[],
    release: None,
};

fn save<'a>(tx: &'a mut Tx, saving: Saving, values: &'a Values, emptied: &'a [String]) -> BoxFuture<'a, Result<EntityId>> {
    Box::pin(async move {
        let mut input = match saving {
            Saving::Known(id, version) => {
                let lead = get(tx, id).await?;
                LeadInput {
                    id: None,
                    given_name: lead.given_name,
                    family_name: lead.family_name,
                    email: lead.email,
                    phone: lead.phone,
                    company: lead.company,
                    source: lead.source,
                    status: lead.status,
                    value: lead.value,
                    notes: lead.notes,
                    owner: None,
                    version,
                }
            }
            Saving::New(id) => LeadInput {
                id,
                given_name: String::new(),
                family_name: String::new(),
                email: None,
                phone: None,
                company: String::new(),
                source: String::new(),
                status: LeadStatus::New,
                value: 0,
                notes: String::new(),
                owner: None,
                version: 0,
            },
        };
        let currency: String = sqlx::query_scalar("select currency from organizations where organization_id = $1")
            .bind(tx.organization())
            .fetch_one(tx.conn())
            .await?;
        for given in Given::all(values, emptied) {
            put(&mut input, given, &currency)?;
        }
        let lead = match saving {
            Saving::Known(id, _) => update(tx, id, &input).await?,
            Saving::New(_) => create(tx, &input).await?,
        };
        Ok(lead.id)
    })
}

fn put(input: &mut LeadInput, given: Given<'_>, currency: &str) -> Result<()> {
    match given.key {
        "given_name" => input.given_name = given.words()?,
        "family_name" => input.family_name = given.words()?,
        "email" => input.email = given.text()?,
        "phone" => input.phone = given.text()?,
        "company" => input.company = given.words()?,
        "source" => input.source = given.words()?,
        "notes" => input.notes = given.words()?,
        "status" => {
            let Some(Value::Choices(words)) = given.value else { return Err(given.wrong()) };
            let status = words.first().and_then(|word| LeadStatus::parse(word));
            input.status = status.ok_or_else(|| Error::invalid(given.key, "choice", "One of the statuses is needed."))?;
        }
        "value" => input.value = given.money(currency, "A lead's value is in the organization's currency.")?.unwrap_or_default(),
        _ => return Err(given.unknown()),
    }
    Ok(())
}
