//! What Gabinet tells of humans: who is a patient, who works here, and what becomes of visits when two patients turn out to
//! be one.

use chrono::{DateTime, NaiveDateTime, Utc};
use futures::future::BoxFuture;
use platform::{Result, Tx, error::Refusal, id::EntityId};
use services::calendar::activities;
use services::persons::{
    Handling, MergeField, PersonHooks, Reference, RoleSource,
    lifecycle::{Held, PersonAlert, PersonFact, Stage},
};

use crate::{APPOINTMENT, APPOINTMENTS_READ, EMPLOYEES_READ, PATIENTS_READ, PRODUCT};

use crate::appointments::{ALERT, ALLERGY};

/// Gabinet's half of the contract about humans.
pub const HOOKS: PersonHooks = PersonHooks {
    extends: &["gabinet:patient"],
    roles: &[
        RoleSource {
            role: "patient",
            product: Some(PRODUCT),
            read: PATIENTS_READ,
            holds: "exists (select from gabinet_patients x where x.organization_id = p.organization_id and x.id = p.id)",
        },
        RoleSource {
            role: "employee",
            product: Some(PRODUCT),
            read: EMPLOYEES_READ,
            holds: "exists (select from users u join resources r on r.organization_id = p.organization_id and r.user_id = u.id
                join gabinet_employees x on x.organization_id = r.organization_id and x.id = r.id where u.email = p.email)",
        },
    ],
    held,
    facts: Some(facts),
    alerts: Some(alerts),
    changed: Some(changed),
    hold: Some(hold),
    veto: Some(veto),
    references: &[
        of_patient("gabinet_appointments", "patient_id", Handling::Move),
        of_patient("gabinet_series", "patient_id", Handling::Move),
        of_patient("gabinet_waiting", "patient_id", Handling::Move),
        // What was agreed with the one that stays holds; of treatments about which nothing was, the other's is taken over.
        of_patient(
            "gabinet_patient_terms",
            "patient_id",
            Handling::MoveUnless(
                "exists (select from gabinet_patient_terms o where o.organization_id = $1 and o.patient_id = $2 and o.treatment_id = t.treatment_id)",
            ),
        ),
    ],
    fields: &[says("allergies"), says("alerts"), says("notes")],
};

const fn of_patient(table: &'static str, column: &'static str, handling: Handling) -> Reference {
    Reference { table, column, key: &["id"], handling, created: Some("created_at") }
}

/// What is dangerous to forget is kept from both.
const fn says(column: &'static str) -> MergeField {
    MergeField { table: "gabinet_patients", column, kind: "text", both: true, read: Some(PATIENTS_READ) }
}

fn held<'a>(tx: &'a mut Tx, persons: &'a [EntityId]) -> BoxFuture<'a, Result<Vec<Held>>> {
    Box::pin(async move {
        if tx.verify_product_access(PRODUCT).is_err() {
            return Ok(Vec::new());
        }
        let mut held = Vec::new();
        if tx.can(PATIENTS_READ) {
            held.extend(patients(tx, persons).await?);
        }
        if tx.can(EMPLOYEES_READ) {
            held.extend(employees(tx, persons).await?);
        }
        Ok(held)
    })
}

async fn patients(tx: &mut Tx, persons: &[EntityId]) -> Result<Vec<Held>> {
    let (organization, now) = (tx.organization(), tx.now());
    type Row = (EntityId, String, DateTime<Utc>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let rows: Vec<Row> = sqlx::query_as(
        "select t.id, t.number, t.created_at, v.last, v.next from gabinet_patients t
         cross join lateral (
             select max(a.starts_at) filter (where a.status = 'completed') as last,
                 min(a.starts_at) filter (where a.starts_at >= $3 and a.status in ('pending', 'scheduled', 'confirmed')) as next
             from gabinet_appointments v
             join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
             where v.organization_id = $1 and v.patient_id = t.id) v
         where t.organization_id = $1 and t.id = any ($2)",
    )
    .bind(organization)
    .bind(persons)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    let told = |(id, number, created, last, next): Row| {
        let (stage, reason, at) = match (last, next) {
            (Some(last), _) => (Stage::Customer, "held.visit_completed", last),
            (None, Some(_)) => (Stage::Opportunity, "held.visit_booked", created),
            (None, None) => (Stage::Lead, "held.patient_registered", created),
        };
        Held {
            person: id,
            module: "gabinet".into(),
            role: "patient".into(),
            stage,
            reason: reason.into(),
            at: Some(at),
            record: id,
            title: number,
            path: format!("/dashboard/people/{id}"),
        }
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Whoever signs in with an address is the human of that address.
async fn employees(tx: &mut Tx, persons: &[EntityId]) -> Result<Vec<Held>> {
    let organization = tx.organization();
    let rows: Vec<(EntityId, EntityId, String)> = sqlx::query_as(
        "select p.id, r.id, r.name from persons p
         join users u on u.email = p.email
         join resources r on r.organization_id = p.organization_id and r.user_id = u.id
         join gabinet_employees x on x.organization_id = r.organization_id and x.id = r.id
         where p.organization_id = $1 and p.id = any ($2)",
    )
    .bind(organization)
    .bind(persons)
    .fetch_all(tx.conn())
    .await?;
    let told = |(person, record, title): (EntityId, EntityId, String)| Held {
        person,
        module: "gabinet".into(),
        role: "employee".into(),
        stage: Stage::Visitor,
        reason: "held.employee".into(),
        at: None,
        record,
        title,
        path: format!("/dashboard/gabinet/staff/{record}"),
    };
    Ok(rows.into_iter().map(told).collect())
}

fn facts(tx: &mut Tx, person: EntityId) -> BoxFuture<'_, Result<Vec<PersonFact>>> {
    Box::pin(async move {
        if tx.verify_product_access(PRODUCT).is_err() || !tx.can(PATIENTS_READ) {
            return Ok(Vec::new());
        }
        let (organization, now) = (tx.organization(), tx.now());
        let patient: Option<(String, String)> =
            sqlx::query_as("select alerts, allergies from gabinet_patients where organization_id = $1 and id = $2")
                .bind(organization)
                .bind(person)
                .fetch_optional(tx.conn())
                .await?;
        let Some((alerts, allergies)) = patient else { return Ok(Vec::new()) };
        let fact = |key: &str, text: String, wall: Option<NaiveDateTime>, path: Option<String>| PersonFact {
            module: "gabinet".into(),
            key: key.into(),
            text,
            wall,
            path,
        };
        let mut facts = Vec::new();
        for (key, text) in [("fact.alerts", alerts), ("fact.allergies", allergies)] {
            if !text.is_empty() {
                facts.push(fact(key, text, None, None));
            }
        }
        if !tx.can(APPOINTMENTS_READ) {
            return Ok(facts);
        }
        type Visits = (i64, Option<NaiveDateTime>, Option<NaiveDateTime>, Option<EntityId>);
        let (count, last, next, next_id): Visits = sqlx::query_as(
            "select count(*) filter (where a.status = 'completed'), max(a.wall_start) filter (where a.status = 'completed'),
                 min(a.wall_start) filter (where a.starts_at >= $3 and a.status in ('pending', 'scheduled', 'confirmed')),
                 (array_agg(a.id order by a.starts_at) filter (where a.starts_at >= $3 and a.status in ('pending', 'scheduled', 'confirmed')))[1]
             from gabinet_appointments v
             join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
             where v.organization_id = $1 and v.patient_id = $2",
        )
        .bind(organization)
        .bind(person)
        .bind(now)
        .fetch_one(tx.conn())
        .await?;
        if let Some(next) = next {
            let path = next_id.map(|id| format!("/dashboard/calendar?open={id}"));
            facts.push(fact("fact.next_visit", String::new(), Some(next), path));
        }
        if let Some(last) = last {
            facts.push(fact("fact.last_visit", String::new(), Some(last), None));
        }
        facts.push(fact("fact.visits", count.to_string(), None, Some(format!("/dashboard/people/{person}"))));
        Ok(facts)
    })
}

/// Allergies, and what the clinic has written down to be seen at once.
fn alerts<'a>(tx: &'a mut Tx, persons: &'a [EntityId]) -> BoxFuture<'a, Result<Vec<PersonAlert>>> {
    Box::pin(async move {
        if tx.verify_product_access(PRODUCT).is_err() || !tx.can(PATIENTS_READ) {
            return Ok(Vec::new());
        }
        let organization = tx.organization();
        let rows: Vec<(EntityId, String, String)> = sqlx::query_as(
            "select id, allergies, alerts from gabinet_patients
             where organization_id = $1 and id = any ($2) and (allergies <> '' or alerts <> '')",
        )
        .bind(organization)
        .bind(persons)
        .fetch_all(tx.conn())
        .await?;
        let both = rows.into_iter().flat_map(|(person, allergies, alerts)| {
            let allergy = PersonAlert { person, key: "alert.allergy".into(), text: allergies.trim().into(), critical: true };
            [allergy, PersonAlert { person, key: String::new(), text: alerts.trim().into(), critical: false }]
        });
        Ok(both.filter(|alert| !alert.text.is_empty()).collect())
    })
}

/// Whoever has the patient's form open is told that it changed; the number finds the record.
fn changed(tx: &mut Tx, person: EntityId) -> BoxFuture<'_, Result<Option<String>>> {
    Box::pin(async move {
        let organization = tx.organization();
        let number: Option<String> =
            sqlx::query_scalar("update gabinet_patients set version = version + 1 where organization_id = $1 and id = $2 returning number")
                .bind(organization)
                .bind(person)
                .fetch_optional(tx.conn())
                .await?;
        if number.is_some() {
            draw_visits(tx, person).await?;
        }
        Ok(number)
    })
}

/// The visits to come say whose they are now and what is to be thought of with them; all visits are found by the name.
///
/// # Errors
/// `Unavailable`.
pub(crate) async fn draw_visits(tx: &mut Tx, patient: EntityId) -> Result<()> {
    let organization = tx.organization();
    let (allergy, alert, name): (bool, bool, String) = sqlx::query_as(
        "select t.allergies <> '', t.alerts <> '', p.given_name || ' ' || p.family_name from gabinet_patients t
         join persons p on p.organization_id = t.organization_id and p.id = t.id
         where t.organization_id = $1 and t.id = $2",
    )
    .bind(organization)
    .bind(patient)
    .fetch_one(tx.conn())
    .await?;
    activities::redraw(tx, APPOINTMENT, patient, &name, &[(ALLERGY, allergy), (ALERT, alert)]).await?;
    sqlx::query(
        "update entities e set title = $3 from gabinet_appointments v
         where v.organization_id = $1 and v.patient_id = $2 and e.organization_id = $1 and e.id = v.id and e.title <> $3",
    )
    .bind(organization)
    .bind(patient)
    .bind(name)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// As a booking holds its patient: of two at once the booking is seen by the merge, or finds the patient merged.
fn hold<'a>(tx: &'a mut Tx, persons: &'a [EntityId]) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let organization = tx.organization();
        sqlx::query("select id from gabinet_patients where organization_id = $1 and id = any ($2) order by id for no key update")
            .bind(organization)
            .bind(persons)
            .execute(tx.conn())
            .await?;
        Ok(())
    })
}

/// Nobody is treated twice at one time: whoever has such visits to come is two humans, or has one visit too many.
fn veto(tx: &mut Tx, winner: EntityId, loser: EntityId) -> BoxFuture<'_, Result<Option<Refusal>>> {
    Box::pin(async move {
        let (organization, now) = (tx.organization(), tx.now());
        let twice: bool = sqlx::query_scalar(
            "select exists (
                 select from gabinet_appointments v
                 join scheduled_activities a on a.organization_id = $1 and a.id = v.activity_id
                 join gabinet_appointments w on w.organization_id = $1 and w.patient_id = $3
                 join scheduled_activities b on b.organization_id = $1 and b.id = w.activity_id
                 where v.organization_id = $1 and v.patient_id = $2 and a.ends_at > $4
                   and a.starts_at < b.ends_at and b.starts_at < a.ends_at
                   and a.status in ('pending', 'scheduled', 'confirmed', 'checked_in', 'in_progress')
                   and b.status in ('pending', 'scheduled', 'confirmed', 'checked_in', 'in_progress'))",
        )
        .bind(organization)
        .bind(winner)
        .bind(loser)
        .bind(now)
        .fetch_one(tx.conn())
        .await?;
        Ok(twice.then(|| Refusal::new("veto", "Both have a visit at one time: one of the visits has to be moved or cancelled first.")))
    })
}
