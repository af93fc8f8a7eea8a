//! Sessions of a treatment that takes several patients at once. All its visits share one activity, which takes the
//! resources once; how far each patient has come is the seat's, and the activity is as far as the last of them.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    error::{Reason, Refusal},
    id::{EntityId, EntityRef, LocationId},
    time::Interval,
};
use serde_json::json;
use services::calendar::{
    Status,
    activities::{self, Activity, Change},
};

use super::{Appointment, MoveSeat, OpenSession, OpenSessions, Seat, Transition, book, read};
use crate::{APPOINTMENT, APPOINTMENTS_READ, APPOINTMENTS_WRITE, PRODUCT, patients};

/// A session that others may join.
pub(super) struct Session {
    pub activity: EntityId,
    /// The practitioner first.
    pub resources: Vec<EntityId>,
}

/// The session of the treatment with this practitioner at exactly this time, full or not.
pub(super) async fn session(
    tx: &mut Tx,
    treatment: EntityId,
    employee: EntityId,
    location: LocationId,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<Session>> {
    let organization = tx.organization();
    let found: Option<(EntityId, Vec<EntityId>)> = sqlx::query_as(
        "select a.id, array(select distinct b.resource_id from resource_bookings b
                            where b.organization_id = a.organization_id and b.activity_id = a.id)
         from gabinet_appointments v
         join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         where v.organization_id = $1 and v.treatment_id = $2 and v.employee_id = $3 and v.seat_status is not null
           and a.location_id = $4 and a.starts_at = $5 and a.ends_at = $6
           and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
         limit 1",
    )
    .bind(organization)
    .bind(treatment)
    .bind(employee)
    .bind(location)
    .bind(start)
    .bind(end)
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.map(|(activity, mut resources)| {
        resources.sort_by_key(|id| *id != employee);
        Session { activity, resources }
    }))
}

/// Takes one more seat of a session; how many are taken then. Whoever wants the last one too waits here, and is refused.
///
/// # Errors
/// `Conflict` of code `double_booking` where it is full by now, or no longer there.
pub(super) async fn take(tx: &mut Tx, activity: EntityId, seats: i32) -> Result<i64> {
    let taken_by_another = || Error::conflict("double_booking", "The last seat was just taken.");
    let session = activities::lock(tx, activity).await?;
    if session.status.is_terminal() {
        return Err(taken_by_another());
    }
    let taken = occupied(tx, activity).await? + 1;
    if taken > i64::from(seats) {
        return Err(taken_by_another());
    }
    tell(tx, activity, taken, seats).await?;
    Ok(taken)
}

async fn occupied(tx: &mut Tx, activity: EntityId) -> Result<i64> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "select count(*) from gabinet_appointments
         where organization_id = $1 and activity_id = $2 and seat_status not in ('cancelled', 'no_show')",
    )
    .bind(organization)
    .bind(activity)
    .fetch_one(tx.conn())
    .await?)
}

/// Puts `3/8` on the calendar, and makes the session another version: who looks at it sees who else has come.
async fn tell(tx: &mut Tx, activity: EntityId, taken: i64, seats: i32) -> Result<()> {
    let line = line(taken, seats);
    activities::change(tx, activity, &Change { line: Some(&line), raises: true, ..Change::default() }).await
}

/// What a session's event says below the treatment.
pub(super) fn line(taken: i64, seats: i32) -> String {
    format!("{taken}/{seats}")
}

/// Takes one patient's seat a step further, and the session with it as far as all of them have come.
pub(super) async fn step(tx: &mut Tx, visit: &Appointment, session: &Activity, step: &Transition) -> Result<()> {
    let organization = tx.organization();
    sqlx::query("update gabinet_appointments set seat_status = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(visit.id)
        .bind(step.to.as_str())
        .execute(tx.conn())
        .await?;
    let statuses: Vec<String> = sqlx::query_scalar(
        "select seat_status from gabinet_appointments where organization_id = $1 and activity_id = $2 and seat_status is not null",
    )
    .bind(organization)
    .bind(session.id)
    .fetch_all(tx.conn())
    .await?;
    let statuses = statuses.iter().map(|word| word.parse().map_err(Error::internal)).collect::<Result<Vec<Status>>>()?;
    // In the order in which they follow, the least advanced of those who come.
    let coming = statuses.iter().copied().filter(|status| status.occupies());
    let (taken, all) = (coming.clone().count(), coming.min().unwrap_or(Status::Cancelled));
    let seats = visit.seats.map_or(1, |seats| seats.of);
    let taken = i64::try_from(taken).unwrap_or(i64::MAX);
    if taken > i64::from(seats) {
        return Err(Error::conflict("double_booking", "Its seat was given to somebody else."));
    }
    if session.status != all {
        activities::set_status(tx, session.id, step.version, all).await?;
    }
    tell(tx, session.id, taken, seats).await
}

/// Who has a seat of the session, by name; nobody for what is none.
pub(super) async fn list(tx: &mut Tx, visit: &Appointment) -> Result<Vec<Seat>> {
    if visit.seats.is_none() {
        return Ok(Vec::new());
    }
    let organization = tx.organization();
    let rows: Vec<(EntityId, EntityId, String, String, String)> = sqlx::query_as(
        "select v.id, v.patient_id, p.given_name, p.family_name, v.seat_status from gabinet_appointments v
         join persons p on p.organization_id = v.organization_id and p.id = v.patient_id
         where v.organization_id = $1 and v.activity_id = $2 and v.seat_status is not null
         order by p.family_name, p.given_name, v.id",
    )
    .bind(organization)
    .bind(visit.activity)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|(visit, patient, given, family, status)| {
            Ok(Seat { visit, patient, patient_name: [given, family].join(" "), status: status.parse().map_err(Error::internal)? })
        })
        .collect()
}

/// Sessions of a visit's treatment that have a seat left, the next ones first; not its own.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn sessions(tx: &mut Tx, id: EntityId) -> Result<OpenSessions> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    let visit = read::get(tx, id).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let items: Vec<OpenSession> = sqlx::query_as(
        "select a.id as session, a.starts_at as start, a.ends_at as \"end\", v.employee_id as employee, r.name as employee_name,
                count(*) filter (where v.seat_status not in ('cancelled', 'no_show'))::int as taken, t.seats as of
         from gabinet_appointments v
         join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         join gabinet_treatments t on t.organization_id = v.organization_id and t.id = v.treatment_id
         join resources r on r.organization_id = v.organization_id and r.id = v.employee_id
         where v.organization_id = $1 and v.treatment_id = $2 and v.seat_status is not null and a.location_id = $3
           and a.starts_at > $4 and a.id <> $5 and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
         group by a.id, a.starts_at, a.ends_at, v.employee_id, r.name, t.seats
         having count(*) filter (where v.seat_status not in ('cancelled', 'no_show')) < t.seats
         order by a.starts_at, a.id limit 20",
    )
    .bind(organization)
    .bind(visit.treatment)
    .bind(visit.location)
    .bind(now)
    .bind(visit.activity)
    .fetch_all(tx.conn())
    .await?;
    Ok(OpenSessions { items })
}

/// Brings one patient's seat to another session of the same treatment. The visit keeps its number and its history; the
/// session it leaves goes on without it, and is cancelled with the last.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid` (a session of another treatment or place), `Conflict` of code `version`
/// (R18), `transition` (what is over stays), `unavailable` where the patient has something else then, or `double_booking`
/// where no seat is left.
pub async fn move_seat(tx: &mut Tx, id: EntityId, to: &MoveSeat) -> Result<Appointment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let before = read::get(tx, id).await?;
    let there = read::get(tx, to.session).await?;
    let Some(seats) = before.seats else {
        return Err(Error::conflict("transition", "This visit is no seat of a group."));
    };
    if there.treatment != before.treatment || there.location != before.location || there.seats.is_none() {
        return Err(Error::invalid("session", "kind", "This is no session of the same treatment."));
    }
    if there.activity == before.activity {
        return Ok(before);
    }
    // In the order of their ids, so that two who exchange seats do not wait for each other.
    let mut both = [before.activity, there.activity];
    both.sort_unstable();
    for activity in both {
        activities::lock(tx, activity).await?;
    }
    let session = activities::get(tx, before.activity).await?;
    if session.version != to.version {
        // It makes the refusal, with what is stored and who stored it.
        activities::set_status(tx, session.id, to.version, session.status).await?;
    }
    if before.status.is_terminal() || there.start <= tx.now() {
        return Err(Error::conflict("transition", "What is over is not moved."));
    }
    let patient = patients::get_held(tx, before.patient).await?;
    let diary = book::diary(tx, patient.id, (there.start, there.end), Some(before.activity)).await?;
    if let Some(Interval { start: from, end: to }) = diary.elsewhere.first().copied() {
        let resource_name = Some(before.patient_name.clone());
        let reason = Reason { rule: "busy".into(), resource: Some(before.patient), resource_name, from: Some(from), to: Some(to) };
        return Err(Refusal { reasons: vec![reason], ..Refusal::new("unavailable", "That time is not free.") }.into());
    }
    take(tx, there.activity, seats.of).await?;
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "update gabinet_appointments set activity_id = $3, employee_id = $4, version = version + 1, updated_at = $5
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(before.id)
    .bind(there.activity)
    .bind(there.employee)
    .bind(now)
    .execute(tx.conn())
    .await?;
    leave(tx, &before, &session, seats.of).await?;
    let old = json!({ "start": before.start, "end": before.end, "employee": before.employee_name });
    let new = json!({ "start": there.start, "end": there.end, "employee": there.employee_name });
    actions::record(tx, EntityRef::new(APPOINTMENT, before.id), "moved", Some(old), Some(new)).await?;
    read::get(tx, before.id).await
}

/// What becomes of a session that one patient has left for another.
async fn leave(tx: &mut Tx, left: &Appointment, session: &Activity, seats: i32) -> Result<()> {
    let organization = tx.organization();
    let rest: Option<EntityId> = sqlx::query_scalar(
        "select id from gabinet_appointments where organization_id = $1 and activity_id = $2
         order by seat_status in ('cancelled', 'no_show'), id limit 1",
    )
    .bind(organization)
    .bind(session.id)
    .fetch_optional(tx.conn())
    .await?;
    // The calendar opens a session by one of its visits.
    if let Some(rest) = rest.filter(|_| session.record == Some(left.id)) {
        activities::change(tx, session.id, &Change { record: Some(rest), ..Change::default() }).await?;
    }
    let taken = occupied(tx, session.id).await?;
    if taken == 0 {
        activities::set_status(tx, session.id, session.version, Status::Cancelled).await?;
        return Ok(());
    }
    tell(tx, session.id, taken, seats).await
}
