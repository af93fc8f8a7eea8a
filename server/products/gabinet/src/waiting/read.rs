//! Those who wait, and for which of the free times.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId},
    locations, order, time,
    time::Interval,
};
use sqlx::types::Json;

use super::{DayWindow, Match, Matches, Named, Waiting, fits, offer};
use crate::{
    APPOINTMENTS_READ, PRODUCT,
    appointments::{self, AvailabilityQuestion},
};

/// How many matches are told.
const MANY: usize = 6;
/// A search reaches no further.
const AHEAD: TimeDelta = TimeDelta::days(60);
/// The longest list.
const LONGEST: i64 = 500;

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    patient_id: EntityId,
    patient_name: String,
    phone: Option<String>,
    location_id: LocationId,
    treatments: Json<Vec<Named>>,
    staff: Json<Vec<Named>>,
    weekdays: Vec<i16>,
    windows: Json<Vec<DayWindow>>,
    from_date: NaiveDate,
    to_date: NaiveDate,
    priority: i16,
    note: String,
    version: i32,
    created_at: DateTime<Utc>,
}

macro_rules! waiting {
    ($which:literal) => {
        concat!(
            "select w.id, w.patient_id, p.given_name || ' ' || p.family_name as patient_name, p.phone, w.location_id,
                    (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by x.place), '[]')
                     from gabinet_waiting_treatments x
                     join gabinet_treatments t on t.organization_id = x.organization_id and t.id = x.treatment_id
                     where x.organization_id = w.organization_id and x.waiting_id = w.id) as treatments,
                    (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name) order by r.sort, r.name), '[]')
                     from gabinet_waiting_staff x
                     join resources r on r.organization_id = x.organization_id and r.id = x.employee_id
                     where x.organization_id = w.organization_id and x.waiting_id = w.id) as staff,
                    w.weekdays, w.windows, w.from_date, w.to_date, w.priority, w.note, w.version, w.created_at
             from gabinet_waiting w
             join persons p on p.organization_id = w.organization_id and p.id = w.patient_id
             where w.organization_id = $1 and w.status = 'waiting' ",
            $which
        )
    };
}

async fn with_offers(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<Waiting>> {
    let ids: Vec<EntityId> = rows.iter().map(|row| row.id).collect();
    let mut offers = if ids.is_empty() { Vec::new() } else { offer::open(tx, &ids).await? };
    let of = |row: Row| Waiting {
        offer: offers.iter().position(|offer| offer.waiting == row.id).map(|place| offers.swap_remove(place)),
        id: row.id,
        patient: Named { id: row.patient_id, name: row.patient_name },
        phone: row.phone,
        location: row.location_id,
        treatments: row.treatments.0,
        staff: row.staff.0,
        weekdays: row.weekdays,
        windows: row.windows.0,
        from_date: row.from_date,
        to_date: row.to_date,
        priority: row.priority,
        note: row.note,
        version: row.version,
        since: row.created_at,
    };
    Ok(rows.into_iter().map(of).collect())
}

fn require(tx: &Tx) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)
}

/// Everybody who waits, the most urgent and then the longest waiting first.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn list(tx: &mut Tx) -> Result<Vec<Waiting>> {
    require(tx)?;
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(waiting!("order by w.priority desc, w.created_at, w.id limit $2"))
        .bind(organization)
        .bind(LONGEST)
        .fetch_all(tx.conn())
        .await?;
    with_offers(tx, rows).await
}

/// One who waits.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (also who waits no longer).
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Waiting> {
    require(tx)?;
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(waiting!("and w.id = $2")).bind(organization).bind(id).fetch_all(tx.conn()).await?;
    with_offers(tx, rows).await?.pop().ok_or(Error::NotFound)
}

/// Holds one who waits, so that changes and offers take turns.
pub(super) async fn lock(tx: &mut Tx, id: EntityId) -> Result<()> {
    let organization = tx.organization();
    let found: Option<EntityId> = sqlx::query_scalar(
        "select id from gabinet_waiting where organization_id = $1 and id = $2 and status = 'waiting' for no key update",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    found.map(|_| ()).ok_or(Error::NotFound)
}

/// Who comes next for a stretch of a practitioner's time, in order: who has no offer, and has not turned this down.
pub(super) async fn in_turn(tx: &mut Tx, location: LocationId, employee: EntityId, free: Interval) -> Result<Vec<Waiting>> {
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(waiting!(
        "and w.location_id = $2 and w.from_date <= ($5::timestamptz + interval '1 day')::date
         and w.to_date >= ($4::timestamptz - interval '1 day')::date
         and not exists (select from gabinet_waiting_offers o
                         where o.organization_id = w.organization_id and o.waiting_id = w.id
                           and (o.status = 'open' or (o.employee_id = $3 and o.starts_at < $5 and o.ends_at > $4)))
         and (not exists (select from gabinet_waiting_staff s where s.organization_id = w.organization_id and s.waiting_id = w.id)
              or exists (select from gabinet_waiting_staff s
                         where s.organization_id = w.organization_id and s.waiting_id = w.id and s.employee_id = $3))
         order by w.priority desc, w.created_at, w.id limit 200"
    ))
    .bind(organization)
    .bind(location)
    .bind(employee)
    .bind(free.start)
    .bind(free.end)
    .fetch_all(tx.conn())
    .await?;
    with_offers(tx, rows).await
}

/// Who waits for such a time as a visit has: whom its cancelling would please.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (the visit).
pub async fn wanting(tx: &mut Tx, visit: EntityId) -> Result<Vec<Waiting>> {
    let visit = appointments::get(tx, visit).await?;
    let location = locations::get(tx, visit.location).await?;
    let zone = time::zone(&location.zone)?;
    let Some(free) = Interval::new(visit.start, visit.end) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for waiting in in_turn(tx, visit.location, visit.employee, free).await? {
        let mine = waiting.patient.id == visit.patient;
        if !mine
            && fits(&waiting, visit.employee, visit.start.with_timezone(&zone).naive_local())
            && gives(tx, visit.employee, &waiting).await?
        {
            found.push(waiting);
        }
    }
    Ok(found)
}

async fn gives(tx: &mut Tx, employee: EntityId, waiting: &Waiting) -> Result<bool> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "select exists (select from gabinet_qualifications where organization_id = $1 and employee_id = $2 and treatment_id = any ($3))",
    )
    .bind(organization)
    .bind(employee)
    .bind(waiting.treatments.iter().map(|one| one.id).collect::<Vec<_>>())
    .fetch_one(tx.conn())
    .await?)
}

/// The nearest free times for which somebody waits.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn matches(tx: &mut Tx, id: EntityId) -> Result<Matches> {
    let waiting = get(tx, id).await?;
    let location = locations::get(tx, waiting.location).await?;
    let zone = time::zone(&location.zone)?;
    let today = tx.now().with_timezone(&zone).date_naive();
    let from = waiting.from_date.max(today);
    let to = waiting.to_date.min(from + AHEAD);
    let window = platform::time::ZoneWindow::of(zone, from.min(to), to);
    if to < from {
        return Ok(Matches { items: Vec::new(), zone: window });
    }
    let mut items: Vec<Match> = Vec::new();
    for treatment in &waiting.treatments {
        let staff: Vec<Option<EntityId>> = match waiting.staff.as_slice() {
            [] => vec![None],
            staff => staff.iter().map(|one| Some(one.id)).collect(),
        };
        for employee in staff {
            let asked = AvailabilityQuestion {
                location: waiting.location,
                treatment: treatment.id,
                employee,
                from,
                to,
                moving: None,
                further: Vec::new(),
                channel: Default::default(),
            };
            let question = appointments::question(tx, &asked).await?;
            let taken = diary(tx, waiting.patient.id, question.range).await?;
            let found = question.free().into_iter().filter_map(|slot| {
                let employee = *slot.resources.first()?;
                let clear = !taken.iter().any(|other| other.start < slot.end && slot.start < other.end);
                let name = question.names.iter().find(|(known, _)| *known == employee).map(|(_, name)| name.clone());
                (clear && fits(&waiting, employee, question.zone.wall(slot.start))).then(|| Match {
                    treatment: treatment.clone(),
                    employee: Named { id: employee, name: name.unwrap_or_default() },
                    start: slot.start,
                    end: slot.end,
                })
            });
            items.extend(found.take(MANY));
        }
    }
    order::by_rank(&mut items, |one| order::instant_then(one.start, 0));
    items.truncate(MANY);
    Ok(Matches { items, zone: window })
}

/// What a patient has in a stretch.
pub(super) async fn diary(tx: &mut Tx, patient: EntityId, range: Interval) -> Result<Vec<Interval>> {
    let organization = tx.organization();
    let rows: Vec<(DateTime<Utc>, DateTime<Utc>)> = sqlx::query_as(
        "select starts_at, ends_at from scheduled_activities
         where organization_id = $1 and subject_id = $2 and starts_at < $4 and ends_at > $3
           and status not in ('cancelled', 'no_show', 'moved', 'expired')",
    )
    .bind(organization)
    .bind(patient)
    .bind(range.start - TimeDelta::days(1))
    .bind(range.end + TimeDelta::days(1))
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().filter_map(|(start, end)| Interval::new(start, end)).collect())
}
