//! Which visits a change of a series concerns, and which stay as they are (R19).

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use platform::id::EntityId;
use services::calendar::Status;

use super::Scope;

/// A place in the plan, as it is stored, with the visit that came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub nth: i32,
    pub original: NaiveDateTime,
    /// The reading that the series means by now.
    pub planned: NaiveDateTime,
    /// The instant that this reading is.
    pub planned_start: DateTime<Utc>,
    /// With whom the series means it to be.
    pub employee: EntityId,
    /// It was an exception before.
    pub marked: bool,
    /// None where it was left out.
    pub visit: Option<State>,
}

/// The visit as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub start: DateTime<Utc>,
    pub employee: EntityId,
    pub status: Status,
}

/// Whether the visit is elsewhere than the series means it to be, cancelled or left out; or ever was.
pub fn is_exception(row: &Row) -> bool {
    row.marked
        || row.visit.as_ref().is_none_or(|visit| {
            visit.start != row.planned_start
                || visit.employee != row.employee
                || matches!(visit.status, Status::Cancelled | Status::NoShow | Status::Moved | Status::Expired)
        })
}

/// The places in the plan that a change is about: of those in its scope the ones that are to come and are no exceptions.
/// Who names a single visit means it even if it is one.
pub fn affected(rows: &[Row], scope: Scope, nth: i32, now: DateTime<Utc>) -> Vec<i32> {
    let movable = |row: &&Row| {
        row.visit
            .as_ref()
            .is_some_and(|visit| visit.start >= now && matches!(visit.status, Status::Pending | Status::Scheduled | Status::Confirmed))
    };
    let meant = |row: &&Row| match scope {
        Scope::This => row.nth == nth,
        Scope::Following => row.nth >= nth && !is_exception(row),
        Scope::All => !is_exception(row),
        Scope::Whole => true,
    };
    rows.iter().filter(movable).filter(meant).map(|row| row.nth).collect()
}

/// A reading that many minutes later on the wall; none beyond the calendar's end.
pub fn shifted(reading: NaiveDateTime, minutes: i32) -> Option<NaiveDateTime> {
    reading.checked_add_signed(TimeDelta::minutes(i64::from(minutes)))
}
