//! Series as they are.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId},
    locations, time,
};
use services::calendar::{Status, recurrence::resolve};

use super::{Row, Series, SeriesVisit, State, ground, is_exception};
use crate::{
    APPOINTMENTS_READ, PRODUCT,
    appointments::{self, Placed},
};

#[derive(sqlx::FromRow)]
struct Head {
    id: EntityId,
    patient_id: EntityId,
    patient_name: String,
    treatment_id: EntityId,
    treatment_name: String,
    location_id: LocationId,
    starts: NaiveDateTime,
    rules: Vec<String>,
    notes: String,
    version: i32,
}

#[derive(sqlx::FromRow)]
struct Place {
    nth: i32,
    original: NaiveDateTime,
    planned: NaiveDateTime,
    employee_id: EntityId,
    exception: bool,
    visit_id: Option<EntityId>,
    activity_id: Option<EntityId>,
    seated_with: Option<EntityId>,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    status: Option<String>,
    employee_name: String,
    shared: bool,
}

impl Place {
    fn row(&self, zone: Tz) -> Result<Row> {
        let visit = match (self.starts_at, self.seated_with, self.status.as_deref()) {
            (Some(start), Some(employee), Some(status)) => {
                Some(State { start, employee, status: status.parse().map_err(Error::internal)? })
            }
            _ => None,
        };
        Ok(Row {
            nth: self.nth,
            original: self.original,
            planned: self.planned,
            planned_start: resolve(zone, self.planned),
            employee: self.employee_id,
            marked: self.exception,
            visit,
        })
    }
}

/// A series with what it is about and all its places, for whoever changes it.
#[derive(Clone)]
pub(super) struct Stored {
    pub zone: Tz,
    pub series: Series,
    /// In the order of the series' visits.
    pub rows: Vec<Row>,
    /// Places whose activity is other patients' too.
    pub shared: Vec<i32>,
    /// The treatments of visits of several, by place.
    pub steps: BTreeMap<i32, Vec<Placed>>,
}

/// One series with its visits.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Series> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    Ok(stored(tx, id).await?.series)
}

/// The series of which a visit is one, by the visit's id or its activity's; none if it stands alone.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (the visit).
pub async fn of_visit(tx: &mut Tx, visit: EntityId) -> Result<Option<Series>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    let visit = appointments::get(tx, visit).await?.id;
    let organization = tx.organization();
    let id: Option<EntityId> =
        sqlx::query_scalar("select series_id from gabinet_series_visits where organization_id = $1 and visit_id = $2")
            .bind(organization)
            .bind(visit)
            .fetch_optional(tx.conn())
            .await?;
    match id {
        Some(id) => get(tx, id).await.map(Some),
        None => Ok(None),
    }
}

/// Lets those who change a series take turns.
pub(super) async fn lock(tx: &mut Tx, id: EntityId) -> Result<()> {
    let organization = tx.organization();
    let found: Option<EntityId> =
        sqlx::query_scalar("select id from gabinet_series where organization_id = $1 and id = $2 for no key update")
            .bind(organization)
            .bind(id)
            .fetch_optional(tx.conn())
            .await?;
    found.map(|_| ()).ok_or(Error::NotFound)
}

pub(super) async fn stored(tx: &mut Tx, id: EntityId) -> Result<Stored> {
    let organization = tx.organization();
    let head: Head = sqlx::query_as(
        "select s.id, s.patient_id, p.given_name || ' ' || p.family_name as patient_name, s.treatment_id,
                coalesce((select string_agg(w.name, ' + ' order by g.nth) from gabinet_visit_steps g
                          join gabinet_treatments w on w.organization_id = g.organization_id and w.id = g.treatment_id
                          where g.organization_id = s.organization_id and g.visit_id = (
                              select v.visit_id from gabinet_series_visits v
                              where v.organization_id = s.organization_id and v.series_id = s.id and v.visit_id is not null
                              order by v.nth limit 1)), t.name) as treatment_name,
                s.location_id, s.starts, s.rules, s.notes, s.version
         from gabinet_series s
         join persons p on p.organization_id = s.organization_id and p.id = s.patient_id
         join gabinet_treatments t on t.organization_id = s.organization_id and t.id = s.treatment_id
         where s.organization_id = $1 and s.id = $2",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)?;
    let places: Vec<Place> = sqlx::query_as(
        "select s.nth, s.original, s.planned, s.employee_id, s.exception, s.visit_id, v.activity_id, v.employee_id as seated_with,
                a.starts_at, a.ends_at, coalesce(v.seat_status, a.status) as status, r.name as employee_name,
                exists (select from gabinet_appointments o
                        where o.organization_id = v.organization_id and o.activity_id = v.activity_id and o.id <> v.id) as shared
         from gabinet_series_visits s
         left join gabinet_appointments v on v.organization_id = s.organization_id and v.id = s.visit_id
         left join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         join resources r on r.organization_id = s.organization_id and r.id = coalesce(v.employee_id, s.employee_id)
         where s.organization_id = $1 and s.series_id = $2 order by s.nth",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let steps = steps(tx, id).await?;
    let location = locations::get(tx, head.location_id).await?;
    let zone = time::zone(&location.zone)?;
    let (mut rows, mut visits, mut starts) = (Vec::new(), Vec::new(), Vec::new());
    let shared = places.iter().filter(|place| place.shared).map(|place| place.nth).collect();
    for place in places {
        let row = place.row(zone)?;
        starts.push(row.planned_start);
        starts.extend(place.starts_at);
        let status: Option<Status> = row.visit.as_ref().map(|visit| visit.status);
        visits.push(SeriesVisit {
            nth: place.nth,
            original: place.original,
            planned: place.planned,
            visit: place.visit_id,
            activity: place.activity_id,
            start: place.starts_at,
            end: place.ends_at,
            status,
            employee: place.seated_with.unwrap_or(place.employee_id),
            employee_name: place.employee_name,
            exception: is_exception(&row),
        });
        rows.push(row);
    }
    // What the first practitioner of a visit gives of it; mostly of all visits the same.
    let mut gives = vec![head.treatment_id];
    for visit in &visits {
        let own = steps.get(&visit.nth).into_iter().flatten().filter(|step| step.employee == visit.employee);
        for step in own {
            if !gives.contains(&step.treatment) {
                gives.push(step.treatment);
            }
        }
    }
    let series = Series {
        id: head.id,
        patient: head.patient_id,
        patient_name: head.patient_name,
        treatment: head.treatment_id,
        treatment_name: head.treatment_name,
        gives,
        location: head.location_id,
        start: head.starts,
        rules: head.rules,
        notes: head.notes,
        version: head.version,
        visits,
        zone: ground::window(zone, &starts, tx.now()),
    };
    Ok(Stored { zone, series, rows, shared, steps })
}

/// The treatments of its visits of several, by place and in order.
async fn steps(tx: &mut Tx, id: EntityId) -> Result<BTreeMap<i32, Vec<Placed>>> {
    #[derive(sqlx::FromRow)]
    struct Step {
        nth: i32,
        #[sqlx(flatten)]
        placed: Placed,
    }
    let organization = tx.organization();
    let rows: Vec<Step> = sqlx::query_as(
        r#"select v.nth, s.treatment_id as treatment, s.employee_id as employee, s.offset_minutes as "offset", s.minutes
         from gabinet_series_visits v
         join gabinet_visit_steps s on s.organization_id = v.organization_id and s.visit_id = v.visit_id
         where v.organization_id = $1 and v.series_id = $2 order by v.nth, s.nth"#,
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let mut steps: BTreeMap<i32, Vec<Placed>> = BTreeMap::new();
    for row in rows {
        steps.entry(row.nth).or_default().push(row.placed);
    }
    Ok(steps)
}
