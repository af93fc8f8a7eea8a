//! What a view of the calendar needs, in as many queries for many events as for none.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId, UserId},
    input::Input,
    locations, time,
    time::ZoneWindow,
};
use sqlx::{
    FromRow, Postgres, Row as _,
    postgres::{PgArguments, PgRow},
    query::QueryAs,
    types::Json,
};

use super::{
    CalendarView, Event, Face, Hours, Location, Resource, ResourceKind,
    activities::{self, Sight},
};
use crate::{
    core::CALENDAR_READ,
    hooks::{self, HoursQuestion},
};

/// The longest range that is given at once: six weeks and a day, which is a month's sheet.
const LONGEST: i64 = 43;

/// In the order of [`range`]'s columns, by which they are read: looking five hundred rows' columns up by name took a
/// tenth of the time of a week's page.
struct Row {
    id: EntityId,
    activity_type: String,
    title: String,
    face: Json<Face>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    status: String,
    subject_id: Option<EntityId>,
    module_entity_id: Option<EntityId>,
    version: i32,
    resources: Vec<EntityId>,
    buffer_before: i32,
    buffer_after: i32,
    overbooked: bool,
}

impl FromRow<'_, PgRow> for Row {
    fn from_row(row: &PgRow) -> sqlx::Result<Row> {
        Ok(Row {
            id: row.try_get(0)?,
            activity_type: row.try_get(1)?,
            title: row.try_get(2)?,
            face: row.try_get(3)?,
            starts_at: row.try_get(4)?,
            ends_at: row.try_get(5)?,
            status: row.try_get(6)?,
            subject_id: row.try_get(7)?,
            module_entity_id: row.try_get(8)?,
            version: row.try_get(9)?,
            resources: row.try_get(10)?,
            buffer_before: row.try_get(11)?,
            buffer_after: row.try_get(12)?,
            overbooked: row.try_get(13)?,
        })
    }
}

/// How many may be asked for by name at once.
const NAMED: usize = 100;

/// The activities of a location that a range shows, and whatever more is asked of them.
///
/// Plain comparisons: `&&` could not use its index under row-level security. As no activity is longer than a month, the scan
/// begins a month before the range and not with the tenant's first event.
macro_rules! shown {
    ($more:literal) => {
        concat!(
            "select a.id, a.activity_type, a.title, a.face, a.starts_at, a.ends_at, a.status, a.subject_id, a.module_entity_id, a.version,
                 a.resources, a.buffer_before, a.buffer_after, a.overbooked
             from scheduled_activities a
             where a.organization_id = $1 and a.location_id = $2 and a.starts_at < $4 and a.ends_at > $3 and a.starts_at > $5
               and (a.expires_at is null or a.expires_at > $6) ",
            $more
        )
    };
}

/// A range of a location's calendar.
struct Asked {
    location: locations::Location,
    tz: chrono_tz::Tz,
    zone: ZoneWindow,
}

impl Asked {
    async fn new(tx: &mut Tx, location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<Asked> {
        tx.require(CALENDAR_READ)?;
        let mut input = Input::new();
        input.year("from", &from);
        input.year("to", &to);
        input.check(from < to, "to", "order", "The range must end after it starts.");
        input.check((to - from).num_days() <= LONGEST, "to", "range", "At most 43 days are given at once.");
        input.finish()?;
        let location = locations::get(tx, location).await?;
        let tz = time::zone(&location.zone)?;
        Ok(Asked { location, tz, zone: ZoneWindow::of(tz, from, to) })
    }

    /// Binds what every such statement asks.
    fn bound<'q>(&self, tx: &Tx, sql: &'static str, from: NaiveDate, to: NaiveDate) -> QueryAs<'q, Postgres, Row, PgArguments> {
        let (start, end) = (self.zone.day_start(from), self.zone.day_start(to));
        sqlx::query_as(sql)
            .bind(tx.organization())
            .bind(self.location.id)
            .bind(start)
            .bind(end)
            .bind(start - activities::LONGEST)
            .bind(tx.now())
    }
}

/// All activities of a location between two local dates (`to` is exclusive), of whichever product, with the location's
/// resources and their hours. Activities of products the organization does not subscribe to (any more) are still shown:
/// their time is taken. What an activity is about is left out where the actor may not read its module's records.
///
/// # Errors
/// `Denied`, `NotFound` (the location), `Invalid` (an empty range, or one of more than six weeks).
pub async fn range(tx: &mut Tx, location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<CalendarView> {
    let asked = Asked::new(tx, location, from, to).await?;
    let rows = asked.bound(tx, shown!("order by a.starts_at, a.id"), from, to).fetch_all(tx.conn()).await?;
    let events = events(tx, rows)?;
    let Asked { location, tz, zone } = asked;
    let resources = resources(tx, location.id).await?;
    let question = HoursQuestion { resources: resources.iter().map(|r| r.id).collect(), location: location.id, from, to, zone: tz };
    let hours = hours(tx, &question).await?;
    let now = tx.now();
    Ok(CalendarView {
        location: Location { id: location.id, name: location.name, zone: location.zone, week_start: location.week_start },
        zone,
        from,
        to,
        today: now.with_timezone(&tz).date_naive(),
        now,
        resources,
        hours,
        events,
    })
}

/// Those activities of a range that have one of these ids, or whose module's record has: what a view that shows the range
/// needs to know when it hears that they have changed. What does not come back is not in the range, or not any more; and by
/// its record nothing is found that the actor may not read.
///
/// # Errors
/// As [`range`], and `Invalid` for more than a hundred ids.
pub async fn named(tx: &mut Tx, location: LocationId, from: NaiveDate, to: NaiveDate, ids: &[EntityId]) -> Result<Vec<Event>> {
    let asked = Asked::new(tx, location, from, to).await?;
    let mut input = Input::new();
    input.check(ids.len() <= NAMED, "ids", "length", "At most 100 at once.");
    input.finish()?;
    let mut rows = asked.bound(tx, shown!("and a.id = any ($7)"), from, to).bind(ids.to_vec()).fetch_all(tx.conn()).await?;
    let rest: Vec<EntityId> = ids.iter().copied().filter(|id| rows.iter().all(|row| row.id != *id)).collect();
    // No index knows records: the range itself is looked through, and only for what is no activity's id.
    if !rest.is_empty() {
        let of_records = asked.bound(tx, shown!("and a.module_entity_id = any ($7)"), from, to).bind(rest).fetch_all(tx.conn()).await?;
        let sight = Sight::of(tx);
        rows.extend(of_records.into_iter().filter(|row| sight.tells(&row.activity_type)));
    }
    events(tx, rows)
}

/// The rows as the calendar draws them.
fn events(tx: &Tx, rows: Vec<Row>) -> Result<Vec<Event>> {
    let sight = Sight::of(tx);
    rows.into_iter().map(|row| event(&sight, row)).collect()
}

fn event(sight: &Sight, row: Row) -> Result<Event> {
    let readable = sight.tells(&row.activity_type);
    let mut face = if readable { row.face.0 } else { Face::default() };
    if row.overbooked {
        face.flags.push(activities::OVERBOOKED.into());
    }
    Ok(Event {
        id: row.id,
        hue: face.hue.unwrap_or_else(|| sight.hue(&row.activity_type)),
        title: sight.title(&row.activity_type, row.title),
        activity_type: row.activity_type,
        face,
        start: row.starts_at,
        end: row.ends_at,
        status: activities::status(&row.status)?,
        resources: row.resources,
        buffer_before: row.buffer_before,
        buffer_after: row.buffer_after,
        subject: row.subject_id.filter(|_| readable),
        record: row.module_entity_id.filter(|_| readable),
        version: row.version,
    })
}

async fn resources(tx: &mut Tx, location: LocationId) -> Result<Vec<Resource>> {
    let organization = tx.organization();
    let rows: Vec<(EntityId, String, String, i16, i32, Option<UserId>)> = sqlx::query_as(
        "select id, kind, name, hue, sort, user_id from resources
         where organization_id = $1 and active and (location_id is null or location_id = $2)
         order by kind, sort, name, id limit 1000",
    )
    .bind(organization)
    .bind(location)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|(id, kind, name, hue, sort, user)| {
            let kind = ResourceKind::parse(&kind).ok_or_else(|| Error::internal("a resource has an unknown kind"))?;
            Ok(Resource { id, kind, name, hue: u16::try_from(hue).unwrap_or(0), sort, user })
        })
        .collect()
}

/// When resources are there, as the subscribed modules that know them say, the first in the server's list deciding.
/// What no module knows is always open.
///
/// # Errors
/// Those of the modules.
pub async fn hours(tx: &mut Tx, question: &HoursQuestion) -> Result<Vec<Hours>> {
    let mut known: HashMap<EntityId, Hours> = HashMap::new();
    for hooks in hooks::all(tx.state()) {
        let subscribed = hooks.module.product.is_none_or(|product| tx.verify_product_access(product).is_ok());
        if let Some(ask) = hooks.hours.filter(|_| subscribed) {
            for hours in ask(tx, question).await? {
                known.entry(hours.resource).or_insert(hours);
            }
        }
    }
    Ok(question
        .resources
        .iter()
        .map(|id| known.remove(id).unwrap_or_else(|| Hours { resource: *id, windows: Vec::new(), always: true, closed: Vec::new() }))
        .collect())
}
