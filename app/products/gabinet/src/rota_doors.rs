//! Gabinet's server functions for the rota, leave, working time, and visits given to others: thin doors, each one
//! transaction; permissions and rules are checked behind it.

use chrono::{NaiveDate, NaiveDateTime};
use gabinet::{
    hours::{Balance, Closure, Decision, EntitlementInput, ImportClosures, Leave, LeaveInput},
    reassign::{Reassign, VisitToCome},
    rota::{Draft, DraftHead, DraftInput, Effects, NewDraft, Publish, Rota},
    working_time::WorkingTime,
};
use leptos::prelude::*;
use platform::id::{EntityId, LocationId};
use serde::{Deserialize, Serialize};
use ui::Failure;
use ui::Wire;

#[cfg(feature = "ssr")]
use app_platform::session::begin_in;
#[cfg(feature = "ssr")]
use chrono::Datelike;

/// A week of the rota, and the draft that is being made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RotaPage {
    pub location: LocationId,
    pub today: NaiveDate,
    pub rota: Rota,
    /// All that are being made.
    pub drafts: Vec<DraftHead>,
    /// The one in the address, with what it would do.
    pub draft: Option<Draft>,
    pub effects: Option<Effects>,
}

/// The week in which a date lies, today's if none is given, at a place, the first one if none is given.
#[server(prefix = "/fn", endpoint = "gabinet/rota", input = Wire, output = Wire)]
pub async fn read_rota(location: Option<LocationId>, date: Option<NaiveDate>, draft: Option<EntityId>) -> Result<RotaPage, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    tx.require(gabinet::EMPLOYEES_READ)?;
    let place = match location {
        Some(location) => platform::locations::get(&mut tx, location).await?,
        None => {
            let all = platform::locations::list(&mut tx).await?;
            all.into_iter().find(|place| place.active).ok_or(platform::Error::NotFound)?
        }
    };
    let today = tx.now().with_timezone(&platform::time::zone(&place.zone)?).date_naive();
    let from = gabinet::hours::week_of(date.unwrap_or(today), place.week_start);
    let rota = gabinet::rota::week(&mut tx, place.id, from, from + chrono::Days::new(7)).await?;
    let drafts = gabinet::rota::drafts(&mut tx).await?;
    let draft = match draft.filter(|id| drafts.iter().any(|draft| draft.id == *id)) {
        Some(id) => Some(gabinet::rota::get(&mut tx, id).await?),
        None => None,
    };
    let effects = match &draft {
        Some(draft) if tx.can(gabinet::HOURS_WRITE) => Some(gabinet::rota::effects(&mut tx, draft.id).await?),
        _ => None,
    };
    tx.commit().await?;
    Ok(RotaPage { location: place.id, today, rota, drafts, draft, effects })
}

/// Begins a draft with the hours as they are.
#[server(prefix = "/fn", endpoint = "gabinet/rota_begin", input = Wire, output = Wire)]
pub async fn begin_draft(new: NewDraft) -> Result<EntityId, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let draft = gabinet::rota::create(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(draft.id)
}

/// Changes a draft; what it has become, and what it would do.
#[server(prefix = "/fn", endpoint = "gabinet/rota_save", input = Wire, output = Wire)]
pub async fn save_draft(id: EntityId, input: DraftInput) -> Result<(Draft, Effects), Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let draft = gabinet::rota::update(&mut tx, id, &input).await?;
    let effects = gabinet::rota::effects(&mut tx, id).await?;
    tx.commit().await?;
    Ok((draft, effects))
}

/// Makes a draft the rota.
#[server(prefix = "/fn", endpoint = "gabinet/rota_publish", input = Wire, output = Wire)]
pub async fn publish_draft(id: EntityId, how: Publish) -> Result<(), Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    gabinet::rota::publish(&mut tx, id, &how).await?;
    Ok(tx.commit().await?)
}

/// Throws a draft away.
#[server(prefix = "/fn", endpoint = "gabinet/rota_discard", input = Wire, output = Wire)]
pub async fn discard_draft(id: EntityId) -> Result<(), Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    gabinet::rota::discard(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// Asks for leave.
#[server(prefix = "/fn", endpoint = "gabinet/request_leave", input = Wire, output = Wire)]
pub async fn request_leave(employee: EntityId, new: LeaveInput) -> Result<Leave, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let leave = gabinet::hours::request_leave(&mut tx, employee, &new).await?;
    tx.commit().await?;
    Ok(leave)
}

/// Answers a request.
#[server(prefix = "/fn", endpoint = "gabinet/decide_leave", input = Wire, output = Wire)]
pub async fn decide_leave(id: EntityId, decision: Decision) -> Result<Leave, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let leave = gabinet::hours::decide(&mut tx, id, &decision).await?;
    tx.commit().await?;
    Ok(leave)
}

/// Takes a request back.
#[server(prefix = "/fn", endpoint = "gabinet/cancel_leave", input = Wire, output = Wire)]
pub async fn cancel_leave(id: EntityId) -> Result<(), Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    gabinet::hours::cancel(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// A month of somebody's time, and the year's leave; none of what one may not see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffTime {
    /// The first of the month.
    pub month: NaiveDate,
    pub time: Option<WorkingTime>,
    pub balances: Option<Vec<Balance>>,
}

/// A month of a practitioner's time, and the balances of the year in which it lies. `month` is any date of it.
#[server(name = AskStaffTime, prefix = "/fn", endpoint = "gabinet/staff_time", input = Wire, output = Wire)]
pub async fn staff_time(employee: EntityId, month: NaiveDate) -> Result<StaffTime, Failure> {
    use chrono::Datelike;
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let time = seen(gabinet::working_time::month(&mut tx, employee, month).await)?;
    let year = i16::try_from(month.year()).unwrap_or_default();
    let balances = seen(gabinet::hours::balances(&mut tx, employee, year).await)?;
    tx.commit().await?;
    Ok(StaffTime { month: month.with_day(1).unwrap_or(month), time, balances })
}

/// What is another's own is left out; that one may see nobody's at all is told.
#[cfg(feature = "ssr")]
fn seen<T>(asked: platform::Result<T>) -> platform::Result<Option<T>> {
    match asked {
        Err(platform::Error::Denied(right)) if right != gabinet::EMPLOYEES_READ => Ok(None),
        asked => asked.map(Some),
    }
}

/// Says how much leave of a kind somebody has in a year.
#[server(prefix = "/fn", endpoint = "gabinet/entitle", input = Wire, output = Wire)]
pub async fn entitle(employee: EntityId, input: EntitlementInput) -> Result<Vec<Balance>, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let balances = gabinet::hours::set_entitlement(&mut tx, employee, &input).await?;
    tx.commit().await?;
    Ok(balances)
}

/// Closes a place on the holidays of a list; those that were added.
#[server(name = TakeHolidays, prefix = "/fn", endpoint = "gabinet/import_closures", input = Wire, output = Wire)]
pub async fn import_closures(list: ImportClosures) -> Result<Vec<Closure>, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let added = gabinet::hours::import(&mut tx, &list).await?;
    tx.commit().await?;
    Ok(added)
}

/// Visits that somebody still has before them, and the colleagues to whom they can be given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToGive {
    /// With the start on the organization's clock.
    pub visits: Vec<(chrono::NaiveDateTime, VisitToCome)>,
    pub colleagues: Vec<(EntityId, String)>,
}

/// What is to be given to others before somebody can be retired, or a room or device taken out of use.
#[server(prefix = "/fn", endpoint = "gabinet/to_give", input = Wire, output = Wire)]
pub async fn read_to_give(resource: EntityId) -> Result<ToGive, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let visits = gabinet::reassign::visits(&mut tx, resource).await?;
    let zone = platform::time::zone(&platform::organizations::get(&mut tx).await?.zone)?;
    let own = services::resources::get(&mut tx, resource).await?;
    let others = services::resources::list(&mut tx, None).await?;
    tx.commit().await?;
    let visits = visits.into_iter().map(|visit| (visit.start.with_timezone(&zone).naive_local(), visit)).collect();
    let others = others.into_iter().filter(|other| other.active && other.id != own.id && other.kind == own.kind);
    Ok(ToGive { visits, colleagues: others.map(|other| (other.id, other.name)).collect() })
}

/// Gives all visits of somebody to another; how many.
#[server(name = GiveVisits, prefix = "/fn", endpoint = "gabinet/reassign", input = Wire, output = Wire)]
pub async fn reassign(from: EntityId, how: Reassign) -> Result<usize, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let moved = gabinet::reassign::reassign(&mut tx, from, &how).await?;
    tx.commit().await?;
    Ok(moved.len())
}

/// A stretch that was clocked, on the organization's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocked {
    pub id: EntityId,
    pub start: NaiveDateTime,
    pub end: NaiveDateTime,
    pub note: String,
}

/// What somebody clocked in a month.
#[server(name = AskClocked, prefix = "/fn", endpoint = "gabinet/clocked", input = Wire, output = Wire)]
pub async fn clocked(employee: EntityId, month: NaiveDate) -> Result<Vec<Clocked>, Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let zone = platform::time::zone(&platform::organizations::get(&mut tx).await?.zone)?;
    let first = month.with_day(1).unwrap_or(month);
    let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(first);
    let worked = gabinet::working_time::worked(&mut tx, employee, first, next).await?;
    tx.commit().await?;
    let wall = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&zone).naive_local();
    Ok(worked.into_iter().map(|one| Clocked { id: one.id, start: wall(one.start), end: wall(one.end), note: one.note }).collect())
}

/// Adds a stretch that was worked, told on the organization's clock.
#[server(name = ClockTime, prefix = "/fn", endpoint = "gabinet/clock", input = Wire, output = Wire)]
pub async fn clock(employee: EntityId, start: NaiveDateTime, end: NaiveDateTime, note: String) -> Result<(), Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    let zone = platform::time::zone(&platform::organizations::get(&mut tx).await?.zone)?;
    let at = |reading| services::calendar::recurrence::resolve(zone, reading);
    let new = gabinet::working_time::WorkedInput { start: at(start), end: at(end), note };
    gabinet::working_time::add_worked(&mut tx, employee, &new).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a stretch back.
#[server(name = UnclockTime, prefix = "/fn", endpoint = "gabinet/unclock", input = Wire, output = Wire)]
pub async fn unclock(id: EntityId) -> Result<(), Failure> {
    let mut tx = begin_in(&gabinet::MODULE).await?;
    gabinet::working_time::delete_worked(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}
