//! Patients in the database.

use chrono::{DateTime, NaiveDateTime, Utc};
use platform::{
    Error, Result, Tx, actions, counters, entities,
    id::{EntityId, EntityRef},
    rest::{Page, PageQuery},
};
use serde_json::json;
use services::{
    fields,
    persons::{self, PersonInput},
};

use super::{Patient, PatientInput, PatientVisit};
use crate::{APPOINTMENTS_READ, PATIENTS_READ, PATIENTS_WRITE, PRODUCT, version::changed_meanwhile};

macro_rules! one_patient {
    ($hold:literal) => {
        concat!(
            "select t.id, t.number, p.given_name, p.family_name, p.birth_date, p.email, p.phone, t.allergies, t.alerts, t.notes, t.version
             from gabinet_patients t
             join persons p on p.organization_id = t.organization_id and p.id = t.id
             where t.organization_id = $1 and t.id = (
                 select coalesce(e.merged_into, e.id) from entities e where e.organization_id = $1 and e.id = $2 and e.deleted_at is null) ",
            $hold
        )
    };
}

fn require(tx: &Tx, permission: platform::permission::Permission) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(permission)
}

/// Patients by family name; with `query` those whom it resembles, the best first and on one page.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid` (the cursor).
pub async fn list(tx: &mut Tx, query: &str, page: &PageQuery) -> Result<Page<Patient>> {
    require(tx, PATIENTS_READ)?;
    let organization = tx.organization();
    if !query.trim().is_empty() {
        let ids = persons::search(tx, &["gabinet:patient"], query, i32::try_from(page.limit()).unwrap_or(50)).await?;
        let items = sqlx::query_as(
            "select t.id, t.number, p.given_name, p.family_name, p.birth_date, p.email, p.phone, t.allergies, t.alerts, t.notes, t.version
             from unnest($2::uuid[]) with ordinality as found (id, place)
             join gabinet_patients t on t.organization_id = $1 and t.id = found.id
             join persons p on p.organization_id = t.organization_id and p.id = t.id
             order by found.place",
        )
        .bind(organization)
        .bind(ids)
        .fetch_all(tx.conn())
        .await?;
        return Ok(Page { items, next_cursor: None });
    }
    let after: Option<(String, String, EntityId)> = page.after()?;
    let (family, given, id) = after.unwrap_or_else(|| (String::new(), String::new(), EntityId(uuid::Uuid::nil())));
    let items = sqlx::query_as(
        "select t.id, t.number, p.given_name, p.family_name, p.birth_date, p.email, p.phone, t.allergies, t.alerts, t.notes, t.version
         from gabinet_patients t
         join persons p on p.organization_id = t.organization_id and p.id = t.id
         where t.organization_id = $1 and (p.family_name, p.given_name, p.id) > ($2, $3, $4)
           and not exists (select from entities e where e.organization_id = $1 and e.id = t.id
               and (e.merged_into is not null or e.deleted_at is not null))
         order by p.family_name, p.given_name, p.id limit $5",
    )
    .bind(organization)
    .bind(family)
    .bind(given)
    .bind(id)
    .bind(page.limit() + 1)
    .fetch_all(tx.conn())
    .await?;
    Page::of(items, page.limit(), |last: &Patient| (last.family_name.clone(), last.given_name.clone(), last.id))
}

/// One patient.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Patient> {
    read(tx, id, one_patient!("")).await
}

/// As [`get`], and holds the patient until the transaction ends: what their other visits are stays true that long.
pub(crate) async fn get_held(tx: &mut Tx, id: EntityId) -> Result<Patient> {
    read(tx, id, one_patient!("for no key update of t")).await
}

async fn read(tx: &mut Tx, id: EntityId, query: &'static str) -> Result<Patient> {
    require(tx, PATIENTS_READ)?;
    let organization = tx.organization();
    sqlx::query_as(query).bind(organization).bind(id).fetch_optional(tx.conn()).await?.ok_or(Error::NotFound)
}

/// Makes a patient, and the person they are. With the id of an existing one it returns that one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid`.
pub async fn create(tx: &mut Tx, input: &PatientInput) -> Result<Patient> {
    require(tx, PATIENTS_WRITE)?;
    input.check()?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let number = format!("P{:05}", counters::next(tx, "gabinet:patient").await?);
    persons::insert_entity(tx, id, "gabinet:patient", &number, &input.person()).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "insert into gabinet_patients (organization_id, id, number, allergies, alerts, notes, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(organization)
    .bind(id)
    .bind(&number)
    .bind(input.allergies.trim())
    .bind(input.alerts.trim())
    .bind(&input.notes)
    .bind(now)
    .execute(tx.conn())
    .await?;
    actions::record(tx, EntityRef::new("gabinet:patient", id), "created", None, Some(json!({ "number": number }))).await?;
    fields::touched(tx, "gabinet:patient", id).await?;
    get(tx, id).await
}

/// Changes a patient; the input's version must be the present one (R18).
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version`.
pub async fn update(tx: &mut Tx, id: EntityId, input: &PatientInput) -> Result<Patient> {
    require(tx, PATIENTS_WRITE)?;
    input.check()?;
    let before = get(tx, id).await?;
    // Of a record that was merged the one that has taken it in.
    let id = before.id;
    persons::hold(tx, id).await?;
    let organization = tx.organization();
    let changed = sqlx::query(
        "update gabinet_patients set allergies = $4, alerts = $5, notes = $6, version = version + 1
         where organization_id = $1 and id = $2 and version = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(input.allergies.trim())
    .bind(input.alerts.trim())
    .bind(&input.notes)
    .execute(tx.conn())
    .await?;
    if changed.rows_affected() == 0 {
        let now = get(tx, id).await?;
        return Err(changed_meanwhile(tx, id, "patient", &now, "Somebody else has changed this patient in the meantime.").await?);
    }
    // The patient's form does not ask for the language.
    let language = persons::get(tx, id).await?.language;
    let person = PersonInput { language, ..input.person() };
    if !persons::revise(tx, id, "gabinet:patient", &person).await? {
        entities::raise(tx, id).await?;
        crate::persons::draw_visits(tx, id).await?;
    }
    let after = get(tx, id).await?;
    actions::record(tx, EntityRef::new("gabinet:patient", id), "updated", Some(json!(before)), Some(json!(after))).await?;
    fields::touched(tx, "gabinet:patient", id).await?;
    Ok(after)
}

/// A patient's visits, the latest first; at most 200.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn visits(tx: &mut Tx, id: EntityId) -> Result<Vec<PatientVisit>> {
    require(tx, APPOINTMENTS_READ)?;
    let id = get(tx, id).await?.id;
    let organization = tx.organization();
    type Row = (EntityId, EntityId, String, DateTime<Utc>, DateTime<Utc>, String, NaiveDateTime, String, String, String);
    let rows: Vec<Row> = sqlx::query_as(
        "select v.id, v.activity_id, v.number, a.starts_at, a.ends_at, a.zone, a.wall_start,
                coalesce((select string_agg(st.name, ' + ' order by s.nth) from gabinet_visit_steps s
                          join gabinet_treatments st on st.organization_id = s.organization_id and st.id = s.treatment_id
                          where s.organization_id = v.organization_id and s.visit_id = v.id), t.name),
                r.name, a.status
         from gabinet_appointments v
         join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         join gabinet_treatments t on t.organization_id = v.organization_id and t.id = v.treatment_id
         join resources r on r.organization_id = v.organization_id and r.id = v.employee_id
         where v.organization_id = $1 and v.patient_id = $2 order by a.starts_at desc limit 200",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|(appointment, activity, number, start, end, zone, wall_start, treatment, employee, status)| {
            let status = status.parse().map_err(Error::internal)?;
            Ok(PatientVisit { appointment, activity, number, start, end, zone, wall_start, treatment, employee, status })
        })
        .collect()
}
