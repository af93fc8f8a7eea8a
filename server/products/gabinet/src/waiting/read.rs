//! Those who wait, and for which of the free times.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId},
    locations, order, time,
    time::Interval,
};
use sqlx::types::Json;

use super::{DayWindow, Match, Matches, Named, Stuck, Waiting, WaitingKind, fits, offer};
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
    kind: String,
    patient_id: EntityId,
    patient_name: String,
    phone: Option<String>,
    location_id: LocationId,
    treatments: Json<Vec<Wanted>>,
    over: bool,
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

/// A treatment that is waited for, and what it is by now.
#[derive(serde::Deserialize)]
struct Wanted {
    id: EntityId,
    name: String,
    active: bool,
    seats: i32,
    /// Whether anybody whom they would see gives it here.
    given: bool,
}

impl Wanted {
    fn is_offerable(&self) -> bool {
        self.active && self.seats <= 1 && self.given
    }
}

/// Why none of them can be offered, if that is so.
fn stuck(treatments: &[Wanted], over: bool) -> Option<Stuck> {
    if over {
        return Some(Stuck::Over);
    }
    if treatments.iter().any(Wanted::is_offerable) {
        return None;
    }
    let offered: Vec<&Wanted> = treatments.iter().filter(|one| one.active).collect();
    Some(match offered.as_slice() {
        [] => Stuck::Inactive,
        offered if offered.iter().all(|one| one.seats > 1) => Stuck::Group,
        _ => Stuck::Unstaffed,
    })
}

/// By organization and now, and what follows.
macro_rules! waiting {
    ($which:literal) => {
        concat!(
            "select w.id, w.kind, w.patient_id, p.given_name || ' ' || p.family_name as patient_name, p.phone, w.location_id,
                    w.to_date < ($2::timestamptz at time zone l.zone)::date as over,
                    (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'active', t.active, 'seats', t.seats,
                            'given', exists (
                                select from gabinet_qualifications q
                                join resources r on r.organization_id = q.organization_id and r.id = q.employee_id
                                where q.organization_id = t.organization_id and q.treatment_id = t.id and r.active
                                  and (r.location_id is null or r.location_id = w.location_id)
                                  and (not exists (select from gabinet_waiting_staff s
                                                   where s.organization_id = w.organization_id and s.waiting_id = w.id)
                                       or exists (select from gabinet_waiting_staff s
                                                  where s.organization_id = w.organization_id and s.waiting_id = w.id
                                                    and s.employee_id = q.employee_id)))) order by x.place), '[]')
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
             join locations l on l.organization_id = w.organization_id and l.id = w.location_id
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
        kind: if row.kind == WaitingKind::Request.as_str() { WaitingKind::Request } else { WaitingKind::Waiting },
        stuck: stuck(&row.treatments.0, row.over),
        offerable: row.treatments.0.iter().filter(|one| one.is_offerable() && !row.over).map(|one| one.id).collect(),
        patient: Named { id: row.patient_id, name: row.patient_name },
        phone: row.phone,
        location: row.location_id,
        treatments: row.treatments.0.into_iter().map(|one| Named { id: one.id, name: one.name }).collect(),
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
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(waiting!("order by w.priority desc, w.created_at, w.id limit $3"))
        .bind(organization)
        .bind(now)
        .bind(LONGEST)
        .fetch_all(tx.conn())
        .await?;
    with_offers(tx, rows).await
}

/// Requests that have not been answered yet, the most urgent and then the oldest first.
///
/// # Errors
/// `NotSubscribed`, `Denied`.
pub async fn requests(tx: &mut Tx) -> Result<Vec<Waiting>> {
    require(tx)?;
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(waiting!("and w.kind = 'request' order by w.priority desc, w.created_at, w.id limit $3"))
        .bind(organization)
        .bind(now)
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
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(waiting!("and w.id = $3")).bind(organization).bind(now).bind(id).fetch_all(tx.conn()).await?;
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

/// Who comes next for a stretch of the time of a practitioner, a room or a device, in order: who waits for what they give or
/// what it serves, has no offer, and has not turned this down.
pub(super) async fn in_turn(tx: &mut Tx, location: LocationId, resource: EntityId, free: Interval) -> Result<Vec<Waiting>> {
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(waiting!(
        "and w.location_id = $3 and w.from_date <= ($6::timestamptz + interval '1 day')::date
         and w.to_date >= ($5::timestamptz - interval '1 day')::date
         and not exists (select from gabinet_waiting_offers o
                         where o.organization_id = w.organization_id and o.waiting_id = w.id
                           and (o.status = 'open'
                                or o.starts_at < $6 and o.ends_at > $5
                                   and (o.employee_id = $4 or exists (select from gabinet_equipment e
                                                                      where e.organization_id = $1 and e.resource_id = $4))))
         and (exists (select from gabinet_waiting_treatments x
                      join gabinet_qualifications q on q.organization_id = x.organization_id and q.treatment_id = x.treatment_id
                      where x.organization_id = w.organization_id and x.waiting_id = w.id and q.employee_id = $4)
              and (not exists (select from gabinet_waiting_staff s where s.organization_id = w.organization_id and s.waiting_id = w.id)
                   or exists (select from gabinet_waiting_staff s
                              where s.organization_id = w.organization_id and s.waiting_id = w.id and s.employee_id = $4))
              or exists (select from gabinet_waiting_treatments x
                         join gabinet_treatment_needs n on n.organization_id = x.organization_id and n.treatment_id = x.treatment_id
                         join gabinet_equipment e on e.organization_id = n.organization_id and e.sort_of = n.sort_of
                         where x.organization_id = w.organization_id and x.waiting_id = w.id and e.resource_id = $4))
         order by w.priority desc, w.created_at, w.id limit 200"
    ))
    .bind(organization)
    .bind(now)
    .bind(location)
    .bind(resource)
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
        if !mine && waiting.stuck.is_none() && fits(&waiting, visit.employee, visit.start.with_timezone(&zone).naive_local()) {
            found.push(waiting);
        }
    }
    Ok(found)
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
    for treatment in waiting.treatments.iter().filter(|one| waiting.offerable.contains(&one.id)) {
        let staff: Vec<Option<EntityId>> = match waiting.staff.as_slice() {
            [] => vec![None],
            staff => staff.iter().map(|one| Some(one.id)).collect(),
        };
        for employee in staff {
            let asked = AvailabilityQuestion {
                location: waiting.location,
                treatment: treatment.id,
                employee,
                patient: Some(waiting.patient.id),
                from,
                to,
                moving: None,
                further: Vec::new(),
                channel: Default::default(),
            };
            let question = appointments::question(tx, &asked).await?;
            let found = question.free().into_iter().filter_map(|slot| {
                let employee = *slot.resources.first()?;
                let name = question.names.iter().find(|(known, _)| *known == employee).map(|(_, name)| name.clone());
                fits(&waiting, employee, question.zone.wall(slot.start)).then(|| Match {
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
