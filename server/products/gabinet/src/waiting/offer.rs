//! Offers: a time is held for one who waits, for half an hour. The first answer counts.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Error, Result, Tx, actions,
    error::ResultExt,
    id::{EntityId, EntityRef},
};
use serde_json::json;
use services::calendar::activities;

use super::{Choice, Named, Offer, Waiting, job, read};
use crate::{
    APPOINTMENTS_WRITE, PRODUCT,
    appointments::{self, Appointment, Book, HoldTime, holds},
};

/// How long a time is held for one who waits.
pub const LASTS: TimeDelta = TimeDelta::minutes(30);

/// Offers a time to somebody who waits. It is held for them meanwhile.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Conflict` of code `duplicate` where they are offered a time already, or the time
/// is offered to somebody else; `unavailable` with all reasons where it is not free.
pub async fn offer(tx: &mut Tx, waiting: EntityId, choice: &Choice) -> Result<Offer> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let waiting = read::get(tx, waiting).await?;
    make(tx, &waiting, choice).await
}

pub(super) async fn make(tx: &mut Tx, waiting: &Waiting, choice: &Choice) -> Result<Offer> {
    // One who waits is offered one time after the other.
    read::lock(tx, waiting.id).await?;
    if current(tx, waiting.id).await?.is_some() {
        return Err(Error::conflict("duplicate", "They are offered a time already."));
    }
    let wanted = HoldTime {
        id: None,
        treatment: choice.treatment,
        employee: choice.employee,
        patient: Some(waiting.patient.id),
        resources: None,
        location: waiting.location,
        start: choice.start,
        further: Vec::new(),
    };
    let hold = holds::hold(tx, &wanted).await?;
    let until = (tx.now() + LASTS).min(choice.start);
    activities::hold_until(tx, hold.id, until).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("update gabinet_holds set expires_at = $3, held_by = $4 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(hold.id)
        .bind(until)
        .bind(&waiting.patient.name)
        .execute(tx.conn())
        .await?;
    let id = EntityId::new();
    sqlx::query(
        "insert into gabinet_waiting_offers (organization_id, id, waiting_id, hold_id, treatment_id, employee_id, starts_at, ends_at, expires_at,
             created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(organization)
    .bind(id)
    .bind(waiting.id)
    .bind(hold.id)
    .bind(choice.treatment)
    .bind(choice.employee)
    .bind(hold.start)
    .bind(hold.end)
    .bind(until)
    .bind(now)
    .execute(tx.conn())
    .await
    .on_constraint("gabinet_waiting_one_holder", || Error::conflict("duplicate", "This time is offered to somebody else."))?;
    let told = json!({ "waiting": waiting.id, "offer": id, "start": hold.start, "expires_at": until });
    actions::record(tx, EntityRef::new("gabinet:patient", waiting.patient.id), "waiting_offered", None, Some(told)).await?;
    // When it has run out, the time is offered to the next.
    job::look_later(tx, id, until - tx.now() + TimeDelta::seconds(1)).await?;
    current(tx, waiting.id).await?.ok_or(Error::NotFound)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    waiting_id: EntityId,
    treatment_id: EntityId,
    treatment_name: String,
    employee_id: EntityId,
    employee_name: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl Row {
    fn into_offer(self) -> Offer {
        Offer {
            id: self.id,
            waiting: self.waiting_id,
            treatment: Named { id: self.treatment_id, name: self.treatment_name },
            employee: Named { id: self.employee_id, name: self.employee_name },
            start: self.starts_at,
            end: self.ends_at,
            expires_at: self.expires_at,
        }
    }
}

/// The open offers of some who wait; what has run out is none.
pub(super) async fn open(tx: &mut Tx, waiting: &[EntityId]) -> Result<Vec<Offer>> {
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(
        "select o.id, o.waiting_id, o.treatment_id, t.name as treatment_name, o.employee_id, r.name as employee_name, o.starts_at, o.ends_at,
                o.expires_at
         from gabinet_waiting_offers o
         join gabinet_treatments t on t.organization_id = o.organization_id and t.id = o.treatment_id
         join resources r on r.organization_id = o.organization_id and r.id = o.employee_id
         where o.organization_id = $1 and o.waiting_id = any ($2) and o.status = 'open' and o.expires_at > $3",
    )
    .bind(organization)
    .bind(waiting)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Row::into_offer).collect())
}

async fn current(tx: &mut Tx, waiting: EntityId) -> Result<Option<Offer>> {
    expire(tx).await?;
    Ok(open(tx, &[waiting]).await?.pop())
}

/// Offers that have run out are over; what they held is offered to the next once their holds are swept away.
pub(super) async fn expire(tx: &mut Tx) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "with over as (
             select id from gabinet_waiting_offers where organization_id = $1 and status = 'open' and expires_at <= $2 for update skip locked
         )
         update gabinet_waiting_offers o set status = 'expired' from over where o.organization_id = $1 and o.id = over.id",
    )
    .bind(organization)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes an open offer out, to be answered by whoever holds it now: where it belongs, its hold and what it offers.
async fn answer(tx: &mut Tx, id: EntityId, status: &str) -> Result<(Waiting, Choice, EntityId)> {
    let (organization, now) = (tx.organization(), tx.now());
    type Stored = (EntityId, EntityId, EntityId, EntityId, DateTime<Utc>, DateTime<Utc>, String);
    let row: Option<Stored> = sqlx::query_as(
        "select waiting_id, hold_id, treatment_id, employee_id, starts_at, expires_at, status
         from gabinet_waiting_offers where organization_id = $1 and id = $2 for update",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    let (waiting, hold, treatment, employee, start, expires_at, is) = row.ok_or(Error::NotFound)?;
    if is != "open" || expires_at <= now {
        return Err(Error::conflict("transition", "This offer has been answered, or has run out."));
    }
    sqlx::query("update gabinet_waiting_offers set status = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(status)
        .execute(tx.conn())
        .await?;
    // Whoever answers for the patient takes the hold over.
    let user = tx.user();
    sqlx::query("update gabinet_holds set user_id = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(hold)
        .bind(user)
        .execute(tx.conn())
        .await?;
    Ok((read::get(tx, waiting).await?, Choice { treatment, employee, start }, hold))
}

/// The patient takes the time: it is booked, and they wait no longer.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Conflict` of code `transition` where it was answered or has run out, or what a
/// booking refuses.
pub async fn accept(tx: &mut Tx, id: EntityId) -> Result<Appointment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let (waiting, choice, hold) = answer(tx, id, "accepted").await?;
    take(tx, &waiting, &choice, Some(hold)).await
}

/// The patient does not want it: it is offered to the next.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Conflict` of code `transition` where it was answered or has run out.
pub async fn decline(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let (waiting, choice, hold) = answer(tx, id, "declined").await?;
    // Whoever gives a hold back frees its time, and that is offered to the next.
    match holds::release(tx, hold).await {
        Ok(()) | Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    let told = json!({ "waiting": waiting.id, "offer": id, "start": choice.start });
    actions::record(tx, EntityRef::new("gabinet:patient", waiting.patient.id), "waiting_declined", None, Some(told)).await
}

/// Books a time for one who waits, without asking first. An open offer of another time is taken back.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, what a booking refuses.
pub async fn book(tx: &mut Tx, waiting: EntityId, choice: &Choice) -> Result<Appointment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let waiting = read::get(tx, waiting).await?;
    read::lock(tx, waiting.id).await?;
    let hold = match &waiting.offer {
        Some(offer) if offer.start == choice.start && offer.employee.id == choice.employee => {
            Some(answer(tx, offer.id, "accepted").await?.2)
        }
        Some(offer) => {
            decline(tx, offer.id).await?;
            None
        }
        None => None,
    };
    take(tx, &waiting, choice, hold).await
}

async fn take(tx: &mut Tx, waiting: &Waiting, choice: &Choice, hold: Option<EntityId>) -> Result<Appointment> {
    let new = Book {
        id: None,
        patient: waiting.patient.id,
        treatment: choice.treatment,
        employee: choice.employee,
        resources: None,
        location: waiting.location,
        start: choice.start,
        notes: waiting.note.clone(),
        overbook_reason: None,
        hold,
        further: Vec::new(),
        channel: Default::default(),
    };
    let visit = appointments::book(tx, &new).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let booked = sqlx::query(
        "update gabinet_waiting set status = 'booked', visit_id = $3, version = version + 1, updated_at = $4
         where organization_id = $1 and id = $2 and status = 'waiting'",
    )
    .bind(organization)
    .bind(waiting.id)
    .bind(visit.id)
    .bind(now)
    .execute(tx.conn())
    .await?
    .rows_affected();
    if booked == 0 {
        return Err(Error::conflict("transition", "They wait no longer."));
    }
    let told = json!({ "waiting": waiting.id, "visit": visit.id, "start": choice.start });
    actions::record(tx, EntityRef::new("gabinet:patient", waiting.patient.id), "waiting_booked", None, Some(told)).await?;
    Ok(visit)
}
