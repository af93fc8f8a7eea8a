//! Visits as they are.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, LocationId},
    rest::{Page, PageQuery},
};
use serde_json::Value;
use sqlx::types::Json;

use super::{Appointment, HistoryEntry, InSeries, Seats, VisitDetails, seats, steps};
use crate::{APPOINTMENTS_READ, PRODUCT, patients};

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    number: String,
    activity_id: EntityId,
    patient_id: EntityId,
    given_name: String,
    family_name: String,
    treatment_id: EntityId,
    treatment_name: String,
    employee_id: EntityId,
    employee_name: String,
    location_id: LocationId,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    status: String,
    resources: Vec<EntityId>,
    price: i64,
    currency: String,
    notes: String,
    reason: String,
    overbook_reason: Option<String>,
    version: i32,
    /// Whether it is a place in a session, and of how many.
    seated: bool,
    seats: i32,
    taken: Option<i64>,
    steps: Option<Json<Vec<steps::Stored>>>,
}

/// Visits by a condition: each has a statement of its own, whose plan is made for it.
macro_rules! visits {
    ($($which:literal),+) => {
        concat!(
            "select v.id, v.number, v.activity_id, v.patient_id, p.given_name, p.family_name, v.treatment_id, t.name as treatment_name,
                    v.employee_id, r.name as employee_name, a.location_id, a.starts_at, a.ends_at, coalesce(v.seat_status, a.status) as status,
                v.seat_status is not null as seated, t.seats,
                case when v.seat_status is not null then (
                    select count(*) from gabinet_appointments s where s.organization_id = v.organization_id and s.activity_id = v.activity_id
                      and s.seat_status not in ('cancelled', 'no_show')) end as taken,
                    array(select distinct b.resource_id from resource_bookings b
                          where b.organization_id = v.organization_id and b.activity_id = v.activity_id order by b.resource_id) as resources,
                    v.price, v.currency, v.notes, v.reason, v.overbook_reason, a.version,
                    (select jsonb_agg(jsonb_build_object('treatment', s.treatment_id, 'treatment_name', st.name, 'employee', s.employee_id,
                                'employee_name', sr.name, 'at', s.offset_minutes, 'minutes', s.minutes, 'price', s.price,
                                'places', (select jsonb_agg(distinct pr.name) from resource_bookings b
                                    join resources pr on pr.organization_id = b.organization_id and pr.id = b.resource_id
                                    join gabinet_equipment e on e.organization_id = pr.organization_id and e.resource_id = pr.id
                                    join gabinet_treatment_needs n on n.organization_id = e.organization_id and n.treatment_id = s.treatment_id
                                        and n.kind = pr.kind and n.sort_of = e.sort_of
                                    where b.organization_id = v.organization_id and b.activity_id = v.activity_id
                                      and b.core_starts_at < a.starts_at + make_interval(mins => s.offset_minutes + s.minutes)
                                      and b.core_ends_at > a.starts_at + make_interval(mins => s.offset_minutes))) order by s.nth)
                     from gabinet_visit_steps s
                     join gabinet_treatments st on st.organization_id = s.organization_id and st.id = s.treatment_id
                     join resources sr on sr.organization_id = s.organization_id and sr.id = s.employee_id
                     where s.organization_id = v.organization_id and s.visit_id = v.id) as steps
             from gabinet_appointments v
             join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
             join persons p on p.organization_id = v.organization_id and p.id = v.patient_id
             join gabinet_treatments t on t.organization_id = v.organization_id and t.id = v.treatment_id
             join resources r on r.organization_id = v.organization_id and r.id = v.employee_id
             ",
            $($which),+
        )
    };
}

macro_rules! visits_between {
    ($whose:literal) => {
        visits!(
            "where v.organization_id = $1 and a.starts_at >= $2 and a.starts_at < $3 and (a.starts_at, v.id) > ($5, $6) ",
            $whose,
            " order by a.starts_at, v.id limit $7"
        )
    };
}

impl Row {
    fn into_appointment(self) -> Result<Appointment> {
        Ok(Appointment {
            id: self.id,
            number: self.number,
            activity: self.activity_id,
            patient: self.patient_id,
            patient_name: [self.given_name, self.family_name].join(" "),
            treatment: self.treatment_id,
            treatment_name: self.treatment_name,
            employee: self.employee_id,
            employee_name: self.employee_name,
            location: self.location_id,
            start: self.starts_at,
            end: self.ends_at,
            status: self.status.parse().map_err(Error::internal)?,
            resources: self.resources,
            price: self.price,
            currency: self.currency,
            notes: self.notes,
            reason: self.reason,
            overbook_reason: self.overbook_reason,
            seats: self
                .taken
                .filter(|_| self.seated)
                .map(|taken| Seats { taken: i32::try_from(taken).unwrap_or(i32::MAX), of: self.seats }),
            steps: self.steps.map(|steps| steps.0.into_iter().map(Into::into).collect()).unwrap_or_default(),
            version: self.version,
        })
    }
}

/// One visit by its own id or by its activity's: the calendar knows it by the latter.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Appointment> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    let organization = tx.organization();
    sqlx::query_as::<_, Row>(visits!(
        "where v.organization_id = $1 and (v.id = $2 or v.activity_id = $2)
         order by v.seat_status in ('cancelled', 'no_show'), v.id limit 1"
    ))
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)?
    .into_appointment()
}

/// Visits that begin between two instants, by start; of one patient or of all.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid` (the cursor).
pub async fn list(
    tx: &mut Tx,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    patient: Option<EntityId>,
    page: &PageQuery,
) -> Result<Page<Appointment>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    let organization = tx.organization();
    let (after, after_id): (DateTime<Utc>, EntityId) = page.after()?.unwrap_or((DateTime::UNIX_EPOCH, EntityId(uuid::Uuid::nil())));
    let rows: Vec<Row> = sqlx::query_as(match patient {
        None => visits_between!("and $4::uuid is null"),
        Some(_) => visits_between!("and v.patient_id = $4"),
    })
    .bind(organization)
    .bind(from)
    .bind(to)
    .bind(patient)
    .bind(after)
    .bind(after_id)
    .bind(page.limit() + 1)
    .fetch_all(tx.conn())
    .await?;
    let items = rows.into_iter().map(Row::into_appointment).collect::<Result<Vec<_>>>()?;
    Page::of(items, page.limit(), |last| (last.start, last.id))
}

type Times = (Option<DateTime<Utc>>, Option<DateTime<Utc>>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// A visit with all that its panel shows.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn details(tx: &mut Tx, id: EntityId) -> Result<VisitDetails> {
    let visit = get(tx, id).await?;
    let patient = patients::get(tx, visit.patient).await?;
    let organization = tx.organization();
    let nth: i64 = sqlx::query_scalar(
        "select count(*) from gabinet_appointments v
         join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         where v.organization_id = $1 and v.patient_id = $2 and a.starts_at <= $3 and coalesce(v.seat_status, a.status) not in ('cancelled', 'no_show', 'moved', 'expired')",
    )
    .bind(organization)
    .bind(visit.patient)
    .bind(visit.start)
    .fetch_one(tx.conn())
    .await?;
    let places: Vec<String> = sqlx::query_scalar(
        "select name from resources where organization_id = $1 and id = any ($2) and kind <> 'staff' order by kind desc, sort, name",
    )
    .bind(organization)
    .bind(&visit.resources)
    .fetch_all(tx.conn())
    .await?;
    let buffers: (i32, i32) =
        sqlx::query_as("select buffer_before, buffer_after from gabinet_treatments where organization_id = $1 and id = $2")
            .bind(organization)
            .bind(visit.treatment)
            .fetch_one(tx.conn())
            .await?;
    let (confirmed_at, checked_in_at, started_at, completed_at): Times = sqlx::query_as(
        "select confirmed_at, checked_in_at, started_at, completed_at from gabinet_appointments where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(visit.id)
    .fetch_one(tx.conn())
    .await?;
    let seats = seats::list(tx, &visit).await?;
    let series: Option<InSeries> = sqlx::query_as(
        "select v.series_id as id, v.nth, (select count(*)::int from gabinet_series_visits o
                    where o.organization_id = v.organization_id and o.series_id = v.series_id and o.visit_id is not null) as of
         from gabinet_series_visits v where v.organization_id = $1 and v.visit_id = $2",
    )
    .bind(organization)
    .bind(visit.id)
    .fetch_optional(tx.conn())
    .await?;
    let history = actions::timeline(tx, visit.id, 100).await?.into_iter().map(entry).collect();
    Ok(VisitDetails { visit, patient, nth, places, buffers, seats, series, confirmed_at, checked_in_at, started_at, completed_at, history })
}

fn entry(row: actions::ActionRow) -> HistoryEntry {
    let instant = |value: &Option<Value>| value.as_ref().and_then(|value| value.get("start")?.as_str()?.parse().ok());
    let (from, to) = (instant(&row.old), instant(&row.new));
    let text = |key: &str| row.new.as_ref().and_then(|new| new.get(key)?.as_str().map(str::to_owned));
    let reason = text("reason").or_else(|| text("overbook_reason")).unwrap_or_default();
    HistoryEntry { at: row.at, who: row.user_name, verb: row.verb, from, to, reason }
}
