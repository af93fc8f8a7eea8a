//! The calendar's questions put to the services.

use super::{Destination, Loaded, Story};
use crate::calendar::place::Span;
use chrono::{DateTime, Days, NaiveDate, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId},
    locations, time,
};
use services::{
    calendar::{
        self, activities,
        event::{Event, Status},
        generic::{self, EditGeneric},
        moves,
        slots::Carried,
    },
    hooks::{Bounds, MoveOne, MoveTo, MoveTogether, StatusChange, Swap},
};

/// How far around what is shown the page knows its clock, in days: as far as the small month reaches, and the shelf is carried.
const AROUND: Days = Days::new(62);

/// A range of the calendar with what the page around it needs.
pub async fn range(tx: &mut Tx, location: Option<LocationId>, span: Span, date: Option<NaiveDate>) -> Result<Loaded> {
    let places = locations::list(tx).await?;
    let open = |place: &&locations::Location| place.active;
    let place = match location {
        Some(id) => places.iter().find(|place| place.id == id),
        None => places.iter().find(open).or(places.first()),
    };
    let place = place.ok_or(Error::NotFound)?;
    let zone = time::zone(&place.zone)?;
    let today = tx.now().with_timezone(&zone).date_naive();
    let date = date.unwrap_or(today);
    let week_start = u32::try_from(place.week_start).unwrap_or(1);
    let (from, to) = span.range(date, week_start);
    let mut calendar = calendar::range(tx, place.id, from, to).await?;
    // What is dropped on a day that is not shown keeps its reading of the clock, which may be put on or back in between.
    let (first, last) = (from.checked_sub_days(AROUND).unwrap_or(from), to.checked_add_days(AROUND).unwrap_or(to));
    calendar.zone = time::ZoneWindow::of(zone, first, last);
    Ok(Loaded {
        span,
        date,
        calendar,
        locations: places.iter().filter(open).map(|place| (place.id, place.name.clone())).collect(),
        makeable: calendar::rights::makeable(tx),
        overbookable: calendar::rights::overbookable(tx),
        reopenable: calendar::rights::reopenable(tx),
    })
}

/// An activity as the calendar draws it.
pub async fn event(tx: &mut Tx, id: EntityId) -> Result<Event> {
    let activity = activities::see(tx, id).await?;
    Ok(activities::event(tx, activity))
}

/// By what its places are judged.
pub async fn carried(tx: &mut Tx, id: EntityId, from: NaiveDate, to: NaiveDate, copy: bool) -> Result<Option<Carried>> {
    moves::carried(tx, id, &Bounds { from, to, copy }).await
}

/// Moves it by its module's rules.
pub async fn move_to(tx: &mut Tx, id: EntityId, to: &Destination) -> Result<Event> {
    let to = MoveTo {
        version: to.version,
        start: to.start,
        end: to.end,
        resource_from: to.resource_from,
        resource_to: to.resource_to,
        overbook_reason: to.overbook_reason.clone(),
        back: to.back,
    };
    let activity = moves::move_to(tx, id, &to).await?;
    Ok(activities::event(tx, activity))
}

/// Moves several by their modules' rules. The reason of the first that has one is that of all.
pub async fn together(tx: &mut Tx, moves: &[(EntityId, Destination)]) -> Result<Vec<Event>> {
    let one = |(activity, to): &(EntityId, Destination)| MoveOne {
        activity: *activity,
        version: to.version,
        start: to.start,
        end: to.end,
        resource_from: to.resource_from,
        resource_to: to.resource_to,
        back: to.back,
    };
    let overbook_reason = moves.iter().find_map(|(_, to)| to.overbook_reason.clone());
    let asked = MoveTogether { moves: moves.iter().map(one).collect(), overbook_reason };
    let moved = moves::together(tx, &asked).await?;
    Ok(moved.into_iter().map(|activity| activities::event(tx, activity)).collect())
}

/// Lets two change places by their module's rules.
pub async fn swap(tx: &mut Tx, first: (EntityId, i32), second: (EntityId, i32)) -> Result<(Event, Event)> {
    let asked = Swap { first: first.0, first_version: first.1, second: second.0, second_version: second.1, overbook_reason: None };
    let (first, second) = moves::swap(tx, &asked).await?;
    Ok((activities::event(tx, first), activities::event(tx, second)))
}

/// Takes it a step further by its module's rules.
pub async fn set_status(tx: &mut Tx, id: EntityId, version: i32, to: Status, reason: String) -> Result<Event> {
    let activity = moves::set_status(tx, id, &StatusChange { version, to, reason }).await?;
    Ok(activities::event(tx, activity))
}

/// Changes what a generic one says and, if another time is given, when it is.
pub async fn update(tx: &mut Tx, id: EntityId, edit: &EditGeneric, start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Event> {
    let activity = moves::edit(tx, id, edit, (start, end)).await?;
    Ok(activities::event(tx, activity))
}

/// The generic panel's particulars.
pub async fn story(tx: &mut Tx, id: EntityId) -> Result<Story> {
    let details = generic::details(tx, id).await?;
    // Types of modules that are gone are nobody's to change here.
    let kind = services::hooks::activity_type(tx.state(), &details.activity_type);
    let writable = kind.and_then(|kind| kind.write).is_some_and(|right| tx.can(right));
    Ok(Story { details, writable })
}
