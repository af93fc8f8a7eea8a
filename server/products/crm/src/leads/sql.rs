//! Leads in the database.

use platform::{
    Error, Result, Tx, actions,
    entities::{self, NewEntity},
    id::{EntityId, EntityRef, UserId},
    input::Input,
    members,
    permission::Reach,
    rest::{Page, PageQuery},
};
use serde_json::{Value, json};
use services::{
    fields,
    persons::{self, PersonInput},
};

use super::{Lead, LeadInput, LeadStatus};
use crate::{LEADS_READ, LEADS_WRITE, PRODUCT};

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    person_id: EntityId,
    given_name: String,
    family_name: String,
    email: Option<String>,
    phone: Option<String>,
    company: String,
    source: String,
    status: String,
    value: i64,
    currency: String,
    notes: String,
    deal_id: Option<EntityId>,
    owner_id: Option<UserId>,
    version: i32,
}

impl From<Row> for Lead {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            person: row.person_id,
            given_name: row.given_name,
            family_name: row.family_name,
            email: row.email,
            phone: row.phone,
            company: row.company,
            source: row.source,
            status: LeadStatus::parse(&row.status).unwrap_or(LeadStatus::New),
            value: row.value,
            currency: row.currency,
            notes: row.notes,
            deal: row.deal_id,
            owner: row.owner_id.filter(|owner| *owner != UserId::SYSTEM),
            handed_over: false,
            version: row.version,
        }
    }
}

/// What is told of each lead: of those that `$which` names, where `$1` is the tenant.
macro_rules! leads {
    ($which:literal) => {
        concat!(
            "select l.id, l.person_id, p.given_name, p.family_name, p.email, p.phone, l.company, l.source, l.status, l.value, l.currency,
                l.notes, d.id as deal_id, e.owner_id, l.version
             from crm_leads l
             join persons p on p.organization_id = l.organization_id and p.id = l.person_id
             left join crm_deals d on d.organization_id = l.organization_id and d.lead_id = l.id
             join entities e on e.organization_id = l.organization_id and e.id = l.id
             where l.organization_id = $1 and e.deleted_at is null and ",
            $which
        )
    };
}

/// The organization's leads, newest first: those of one status, and whose name, company, e-mail or phone contains `query`.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn list(tx: &mut Tx, status: Option<LeadStatus>, query: &str, page: &PageQuery) -> Result<Page<Lead>> {
    tx.verify_product_access(PRODUCT)?;
    let owners = tx.reach(LEADS_READ)?.owners();
    let (limit, after) = (page.limit(), page.after::<EntityId>()?);
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(leads!(
        "($2::text is null or l.status = $2)
           and ($3::text = '' or strpos(e.search, normalised($3)) > 0)
           and l.id < coalesce($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
           and ($6::uuid[] is null or e.owner_id = any ($6))
         order by l.id desc limit $5"
    ))
    .bind(organization)
    .bind(status.map(LeadStatus::as_str))
    .bind(query)
    .bind(after)
    .bind(limit + 1)
    .bind(owners)
    .fetch_all(tx.conn())
    .await?;
    Page::of(rows.into_iter().map(Lead::from).collect(), limit, |lead| lead.id)
}

/// One lead.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Lead> {
    tx.verify_product_access(PRODUCT)?;
    let reach = tx.reach(LEADS_READ)?;
    one(tx, id, &reach).await
}

/// A lead as whoever has just written it is answered, also if it was handed over to somebody whose leads they do not see.
async fn written(tx: &mut Tx, id: EntityId) -> Result<Lead> {
    let reach = tx.reach(LEADS_READ)?;
    let lead = one(tx, id, &Reach::All).await?;
    Ok(Lead { handed_over: !reach.covers(lead.owner), ..lead })
}

async fn one(tx: &mut Tx, id: EntityId, reach: &Reach) -> Result<Lead> {
    let organization = tx.organization();
    sqlx::query_as::<_, Row>(leads!("l.id = $2 and ($3::uuid[] is null or e.owner_id = any ($3))"))
        .bind(organization)
        .bind(id)
        .bind(reach.owners())
        .fetch_optional(tx.conn())
        .await?
        .map(Lead::from)
        .ok_or(Error::NotFound)
}

/// Makes a lead and the person behind it. With the id of an existing lead it returns that one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid`.
pub async fn create(tx: &mut Tx, input: &LeadInput) -> Result<Lead> {
    tx.verify_product_access(PRODUCT)?;
    tx.reach(LEADS_WRITE)?;
    check(input)?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let owner = match input.owner {
        Some(owner) => owner_of(tx, owner).await?,
        None => tx.user(),
    };
    let person = EntityId::new();
    persons::insert(tx, person, &person_of(input)).await?;
    entities::insert(
        tx,
        &NewEntity {
            id,
            entity_type: "crm:lead",
            title: &title(input),
            keywords: &keywords(input),
            owner: Some(owner),
            status: Some(input.status.as_str()),
        },
    )
    .await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into crm_leads (organization_id, id, person_id, company, source, status, value, currency, notes, created_at)
         select $1, $2, $3, $4, $5, $6, $7, o.currency, $8, $9 from organizations o where o.organization_id = $1",
    )
    .bind(organization)
    .bind(id)
    .bind(person)
    .bind(&input.company)
    .bind(&input.source)
    .bind(input.status.as_str())
    .bind(input.value)
    .bind(&input.notes)
    .bind(now)
    .execute(tx.conn())
    .await?;
    actions::record(tx, EntityRef::new("crm:lead", id), "created", None, Some(json!({ "title": title(input), "status": input.status })))
        .await?;
    fields::touched(tx, "crm:lead", id).await?;
    written(tx, id).await
}

/// A member of the organization.
async fn owner_of(tx: &mut Tx, user: UserId) -> Result<UserId> {
    members::require_member(tx, "owner", user).await?;
    Ok(user)
}

/// Changes a lead; the input's version must be the present one (R18). It may be handed over to anybody, also to somebody whose
/// leads one does not see; the answer says so.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &LeadInput) -> Result<Lead> {
    tx.verify_product_access(PRODUCT)?;
    tx.reach(LEADS_WRITE)?;
    check(input)?;
    let before = get(tx, id).await?;
    tx.require_over(LEADS_WRITE, before.owner)?;
    let owner = match input.owner {
        Some(owner) if before.owner != Some(owner) => Some(owner_of(tx, owner).await?),
        _ => None,
    };
    persons::hold(tx, before.person).await?;
    let organization = tx.organization();
    let changed = sqlx::query(
        "update crm_leads set company = $4, source = $5, status = $6, value = $7, notes = $8, version = version + 1
         where organization_id = $1 and id = $2 and version = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(&input.company)
    .bind(&input.source)
    .bind(input.status.as_str())
    .bind(input.value)
    .bind(&input.notes)
    .execute(tx.conn())
    .await?;
    if changed.rows_affected() == 0 {
        let now = get(tx, id).await?;
        return Err(actions::changed_meanwhile(tx, id, "lead", &now, "Somebody else has changed this lead in the meantime.").await?);
    }
    // The lead's form does not ask for these.
    let known = persons::get(tx, before.person).await?;
    let person = PersonInput { birth_date: known.birth_date, language: known.language, ..person_of(input) };
    persons::revise(tx, before.person, "crm:lead", &person).await?;
    entities::update(tx, id, &title(input), &keywords(input), Some(input.status.as_str())).await?;
    if owner.is_some() {
        entities::hand_over(tx, id, owner).await?;
    }
    let after = written(tx, id).await?;
    actions::record(tx, EntityRef::new("crm:lead", id), "updated", Some(told(&before)), Some(told(&after))).await?;
    fields::touched(tx, "crm:lead", id).await?;
    Ok(after)
}

/// What the log tells of a lead: all that is known of it, and nothing of who was answered.
fn told(lead: &Lead) -> Value {
    let mut told = json!(lead);
    if let Some(fields) = told.as_object_mut() {
        fields.remove("handed_over");
    }
    told
}

/// Holds a lead until the transaction ends, as [`update`] does: before its row in the registry, and before any deal of it.
pub(crate) async fn hold(tx: &mut Tx, id: EntityId) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("select from crm_leads where organization_id = $1 and id = $2 for no key update")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Brings a lead that was just read to another status; whoever calls writes the log.
pub(super) async fn set_status(tx: &mut Tx, lead: &Lead, status: LeadStatus) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("update crm_leads set status = $3, version = version + 1 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(lead.id)
        .bind(status.as_str())
        .execute(tx.conn())
        .await?;
    sqlx::query("update entities set status = $3, version = version + 1, updated_at = $4 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(lead.id)
        .bind(status.as_str())
        .bind(tx.now())
        .execute(tx.conn())
        .await?;
    Ok(())
}

fn check(input: &LeadInput) -> Result<()> {
    let mut checked = Input::new();
    checked.check((0..=1_000_000_000_000).contains(&input.value), "value", "range", "A value is not negative.");
    checked.text("company", &input.company, 0, 200);
    checked.text("source", &input.source, 0, 200);
    checked.text("notes", &input.notes, 0, 10_000);
    // All at once: who is told of the name first would otherwise hear of the notes later.
    match (person_of(input).check(), checked.finish()) {
        (Err(Error::Invalid(mut errors)), Err(Error::Invalid(more))) => {
            errors.extend(more);
            Err(Error::Invalid(errors))
        }
        (person, lead) => person.and(lead),
    }
}

fn person_of(input: &LeadInput) -> PersonInput {
    PersonInput {
        given_name: input.given_name.clone(),
        family_name: input.family_name.clone(),
        birth_date: None,
        email: input.email.clone(),
        phone: input.phone.clone(),
        language: None,
    }
}

fn title(input: &LeadInput) -> String {
    format!("{} {}", input.given_name.trim(), input.family_name.trim())
}

fn keywords(input: &LeadInput) -> String {
    [Some(input.company.as_str()), input.email.as_deref(), input.phone.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
