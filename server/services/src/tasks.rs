//! Tasks: what somebody has to do, about a record or about none, on a day, at an instant, or some time.
//!
//! A task with time set aside is an entry of type `task` in the shared calendar, and then that entry says when: moved
//! there, it is due there; completed there, it is done. Entries of that type that were made in the calendar stand among
//! their owner's tasks without being kept twice.

#[cfg(feature = "ssr")]
mod calendar;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use calendar::set_aside;
#[cfg(feature = "ssr")]
pub use list::{TaskQuery, about, list};
#[cfg(feature = "ssr")]
pub use sql::{add, delete, edit, get, restore, set_done};

use chrono::{DateTime, NaiveDate, Utc};
use platform::id::{EntityId, LocationId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::subjects::Subject;

/// The entity type under which tasks stand in the registry.
pub const TASK: &str = "task";

/// How much a task matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    #[default]
    Usual,
    High,
}

impl Priority {
    /// From the least to the most.
    pub const ALL: [Priority; 3] = [Priority::Low, Priority::Usual, Priority::High];

    /// The word sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Priority::Low => "low",
            Priority::Usual => "usual",
            Priority::High => "high",
        }
    }

    /// The priority of that word.
    pub fn parse(word: &str) -> Option<Priority> {
        Priority::ALL.into_iter().find(|priority| priority.as_str() == word)
    }
}

/// Where a task stands by its due day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Overdue,
    Today,
    Upcoming,
    /// It has no due day.
    Someday,
    Done,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordTask {
    pub id: EntityId,
    /// What it is about; none for what is about no record.
    pub about: Option<Subject>,
    pub title: String,
    pub text: String,
    /// A whole day of the organization's zone.
    pub due_date: Option<NaiveDate>,
    /// Or an instant.
    pub due_at: Option<DateTime<Utc>>,
    pub remind_at: Option<DateTime<Utc>>,
    /// Who is to do it.
    pub assignee: Option<UserId>,
    pub assignee_name: Option<String>,
    pub priority: Priority,
    pub done_at: Option<DateTime<Utc>>,
    /// Its entry in the calendar, if time is set aside for it.
    pub activity: Option<EntityId>,
    pub standing: Standing,
    /// Whether it was made in the calendar: then it is changed there, and only ticked here.
    pub of_calendar: bool,
    pub version: i32,
}

/// What a task says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskInput {
    /// Made by the caller, so that a retry makes no second one; only when a task is made.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// The record it is about; only when a task is made.
    #[serde(default)]
    pub about: Option<EntityId>,
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub text: String,
    /// A whole day of the organization's zone; not together with `due_at`.
    #[serde(default)]
    pub due_date: Option<NaiveDate>,
    #[serde(default)]
    pub due_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub remind_at: Option<DateTime<Utc>>,
    /// Who is to do it; none for nobody yet.
    #[serde(default)]
    pub assignee: Option<UserId>,
    #[serde(default)]
    pub priority: Priority,
    /// The version that was seen (R18); only when a task is changed.
    #[serde(default)]
    pub version: i32,
}

/// A task done or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskDone {
    pub done: bool,
}

/// Time to be set aside for a task, in the calendar. Its title is seen by whoever sees the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskTime {
    pub location: LocationId,
    pub start: DateTime<Utc>,
    /// How long it takes.
    #[schema(minimum = 5, maximum = 1440)]
    pub minutes: i32,
    /// Books over what stands against it, for those who may (R12).
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub overbook_reason: Option<String>,
}

/// Where a task stands: done, or by its due day as told by the organization's calendar. What is due today at an hour
/// that is over is overdue.
pub fn standing(
    done: bool,
    due_date: Option<NaiveDate>,
    due_at: Option<DateTime<Utc>>,
    due_at_local: Option<NaiveDate>,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Standing {
    match (done, due_date, due_at, due_at_local) {
        (true, ..) => Standing::Done,
        (_, Some(day), ..) if day < today => Standing::Overdue,
        (_, Some(day), ..) if day == today => Standing::Today,
        (_, Some(_), ..) => Standing::Upcoming,
        (_, None, Some(at), _) if at < now => Standing::Overdue,
        (_, None, Some(_), Some(day)) if day <= today => Standing::Today,
        (_, None, Some(_), _) => Standing::Upcoming,
        (_, None, None, _) => Standing::Someday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_overdue_when_it_is_over_and_an_hour_when_it_is_past() {
        let now: DateTime<Utc> = "2026-11-24T23:30:00Z".parse().unwrap();
        // In Warsaw it is the 25th already.
        let today = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        let day = |date: &str| standing(false, Some(date.parse().unwrap()), None, None, now, today);
        assert_eq!([day("2026-11-24"), day("2026-11-25"), day("2026-11-26")], [Standing::Overdue, Standing::Today, Standing::Upcoming]);
        let at = |at: &str, local: &str| standing(false, None, Some(at.parse().unwrap()), Some(local.parse().unwrap()), now, today);
        assert_eq!(at("2026-11-24T23:29:00Z", "2026-11-25"), Standing::Overdue);
        assert_eq!(at("2026-11-25T08:00:00Z", "2026-11-25"), Standing::Today);
        assert_eq!(at("2026-11-25T23:30:00Z", "2026-11-26"), Standing::Upcoming);
        assert_eq!(standing(false, None, None, None, now, today), Standing::Someday);
        assert_eq!(standing(true, None, None, None, now, today), Standing::Done);
    }
}
