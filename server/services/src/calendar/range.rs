//! What a view of the calendar needs, in as many queries for many events as for none.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Result, Tx,
    id::{EntityId, LocationId},
    input::Input,
};
use sqlx::{
    FromRow, Postgres, Row as _,
    postgres::{PgArguments, PgRow},
    query::QueryAs,
    types::Json,
};

use super::{
    CalendarView, Event, Face,
    activities::{self, Sight},
    frame::Frame,
};
use crate::core::CALENDAR_READ;

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

/// Whether these dates may be asked for, and by this actor.
pub(super) fn may_ask(tx: &Tx, from: NaiveDate, to: NaiveDate) -> Result<()> {
    tx.require(CALENDAR_READ)?;
    let mut input = Input::new();
    input.year("from", &from);
    input.year("to", &to);
    input.check(from < to, "to", "order", "The range must end after it starts.");
    input.check((to - from).num_days() <= LONGEST, "to", "range", "At most 43 days are given at once.");
    input.finish()
}

/// A range of a location's calendar that may be asked for.
async fn asked(tx: &mut Tx, location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<Arc<Frame>> {
    may_ask(tx, from, to)?;
    Frame::of(tx, location, from, to).await
}

/// Binds what every such statement asks.
fn bound<'q>(frame: &Frame, tx: &Tx, sql: &'static str, from: NaiveDate, to: NaiveDate) -> QueryAs<'q, Postgres, Row, PgArguments> {
    let (start, end) = (frame.starts(from), frame.starts(to));
    sqlx::query_as(sql)
        .bind(tx.organization())
        .bind(frame.location.id)
        .bind(start)
        .bind(end)
        .bind(start - activities::LONGEST)
        .bind(tx.now())
}

/// All activities of a location between two local dates (`to` is exclusive), of whichever product, with the location's
/// resources and their hours. Activities of products the organization does not subscribe to (any more) are still shown:
/// their time is taken. What an activity is about is left out where the actor may not read its module's records.
///
/// # Errors
/// `Denied`, `NotFound` (the location), `Invalid` (an empty range, or one of more than six weeks).
pub async fn range(tx: &mut Tx, location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<CalendarView> {
    let frame = asked(tx, location, from, to).await?;
    let mut rows = bound(&frame, tx, shown!("order by a.starts_at"), from, to).fetch_all(tx.conn()).await?;
    // The index gives them by their start; to have the database order what begins at once by id costs a fifth of the query.
    rows.sort_by_key(|row| (row.starts_at, row.id));
    let now = tx.now();
    Ok(CalendarView {
        location: frame.location.clone(),
        zone: frame.zone.clone(),
        from,
        to,
        today: now.with_timezone(&frame.tz).date_naive(),
        now,
        resources: frame.resources.clone(),
        hours: frame.hours.clone(),
        events: events(tx, rows)?,
    })
}

/// Those activities of a range that have one of these ids, or whose module's record has: what a view that shows the range
/// needs to know when it hears that they have changed. What does not come back is not in the range, or not any more; and by
/// its record nothing is found that the actor may not read.
///
/// # Errors
/// As [`range`], and `Invalid` for more than a hundred ids.
pub async fn named(tx: &mut Tx, location: LocationId, from: NaiveDate, to: NaiveDate, ids: &[EntityId]) -> Result<Vec<Event>> {
    let frame = asked(tx, location, from, to).await?;
    let mut input = Input::new();
    input.check(ids.len() <= NAMED, "ids", "length", "At most 100 at once.");
    input.finish()?;
    let mut rows = bound(&frame, tx, shown!("and a.id = any ($7)"), from, to).bind(ids.to_vec()).fetch_all(tx.conn()).await?;
    let rest: Vec<EntityId> = ids.iter().copied().filter(|id| rows.iter().all(|row| row.id != *id)).collect();
    // No index knows records: the range itself is looked through, and only for what is no activity's id.
    if !rest.is_empty() {
        let of_records = bound(&frame, tx, shown!("and a.module_entity_id = any ($7)"), from, to).bind(rest).fetch_all(tx.conn()).await?;
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
