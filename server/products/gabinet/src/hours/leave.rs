//! Leave: asked for by those who take it, granted by those who plan, counted by year and kind.

#[cfg(feature = "ssr")]
mod balance;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use balance::{balances, set_entitlement};
#[cfg(feature = "ssr")]
pub use sql::{add_leave, cancel, decide, delete_leave, leave, request_leave};

use chrono::NaiveDate;
use platform::{Result, id::EntityId, input::Input};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why somebody is away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeaveKind {
    #[default]
    Holiday,
    Sick,
    Training,
    Unpaid,
    Other,
}

impl LeaveKind {
    /// In the order in which they are listed.
    pub const ALL: [LeaveKind; 5] = [LeaveKind::Holiday, LeaveKind::Sick, LeaveKind::Training, LeaveKind::Unpaid, LeaveKind::Other];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            LeaveKind::Holiday => "holiday",
            LeaveKind::Sick => "sick",
            LeaveKind::Training => "training",
            LeaveKind::Unpaid => "unpaid",
            LeaveKind::Other => "other",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<LeaveKind> {
        LeaveKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How far a leave has come. Only approved leave closes time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeaveStatus {
    Requested,
    #[default]
    Approved,
    Declined,
    Cancelled,
}

impl LeaveStatus {
    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            LeaveStatus::Requested => "requested",
            LeaveStatus::Approved => "approved",
            LeaveStatus::Declined => "declined",
            LeaveStatus::Cancelled => "cancelled",
        }
    }

    /// The status of that word.
    pub fn parse(word: &str) -> Option<LeaveStatus> {
        [LeaveStatus::Requested, LeaveStatus::Approved, LeaveStatus::Declined, LeaveStatus::Cancelled]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

#[cfg(feature = "ssr")]
impl TryFrom<String> for LeaveKind {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        LeaveKind::parse(&word).ok_or(word)
    }
}

#[cfg(feature = "ssr")]
impl TryFrom<String> for LeaveStatus {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        LeaveStatus::parse(&word).ok_or(word)
    }
}

/// Leave by local dates, both inclusive (R14), whole ones or certain times of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Leave {
    pub id: EntityId,
    pub employee: EntityId,
    #[cfg_attr(feature = "ssr", sqlx(try_from = "String"))]
    pub kind: LeaveKind,
    #[cfg_attr(feature = "ssr", sqlx(try_from = "String"))]
    pub status: LeaveStatus,
    pub from_date: NaiveDate,
    pub to_date: NaiveDate,
    /// Minutes after midnight on each date; none for whole dates.
    pub starts: Option<i16>,
    pub ends: Option<i16>,
    pub reason: String,
    /// What was said with the decision.
    pub note: String,
}

impl Leave {
    /// A new leave, as it is told.
    pub fn of(id: EntityId, employee: EntityId, status: LeaveStatus, input: &LeaveInput) -> Leave {
        let LeaveInput { kind, from_date, to_date, starts, ends, reason } = input.clone();
        Leave { id, employee, kind, status, from_date, to_date, starts, ends, reason: reason.trim().to_owned(), note: String::new() }
    }

    /// What the calendar writes there: nothing where it would tell of somebody's health.
    pub fn label(&self) -> &str {
        if self.kind == LeaveKind::Sick { "" } else { &self.reason }
    }

    /// As those may see it who neither plan leave nor take this one.
    pub fn veiled(self) -> Leave {
        let (reason, kind) = match self.kind {
            LeaveKind::Sick => (String::new(), LeaveKind::Other),
            kind => (self.reason, kind),
        };
        Leave { reason, kind, note: String::new(), ..self }
    }
}

/// What is told about a leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveInput {
    #[serde(default)]
    pub kind: LeaveKind,
    pub from_date: NaiveDate,
    pub to_date: NaiveDate,
    /// Minutes after midnight on each date, for half days; whole dates without.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1439)]
    pub starts: Option<i16>,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1440)]
    pub ends: Option<i16>,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub reason: String,
}

impl LeaveInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.year("from_date", &self.from_date);
        input.year("to_date", &self.to_date);
        input.check(self.from_date <= self.to_date, "to_date", "order", "The end must come after the start.");
        input.check((self.to_date - self.from_date).num_days() <= 400, "to_date", "range", "At most 400 days.");
        input.check(self.starts.is_some() == self.ends.is_some(), "ends", "required", "Both times are needed, or none.");
        if let Some((starts, ends)) = self.starts.zip(self.ends) {
            input.check((0..1440).contains(&starts), "starts", "range", "A time of day is needed.");
            input.check((1..=1440).contains(&ends), "ends", "range", "A time of day is needed.");
            input.check(starts < ends, "ends", "order", "The end must come after the start.");
        }
        input.text("reason", self.reason.trim(), 0, 200);
        input.finish()
    }
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub approve: bool,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub note: String,
}

/// How much leave of a kind there is in a year, all in half days. A date counts as far as the rota plans work for it:
/// one half if the leave takes no more than half of its minutes, otherwise two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Balance {
    pub kind: LeaveKind,
    pub year: i16,
    /// None where nobody has said how much there is.
    pub entitled: Option<i32>,
    /// Approved, before today.
    pub taken: i32,
    /// Approved, from today on.
    pub planned: i32,
    /// Asked for and not decided.
    pub requested: i32,
    /// What remains when all that is planned has been taken; less than nothing if too much is.
    pub left: Option<i32>,
}

/// How much leave of a kind somebody has in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntitlementInput {
    pub kind: LeaveKind,
    #[schema(minimum = 1970, maximum = 2200)]
    pub year: i16,
    /// 52 is 26 days; none takes it back.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 732)]
    pub half_days: Option<i32>,
}

/// Half days that leave takes of a date: of its `working` minutes, `covered` by the leave.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
fn halves(working: i64, covered: i64) -> i32 {
    match covered {
        0 => 0,
        covered if covered * 2 <= working => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_counts_by_half_days_of_its_working_minutes() {
        assert_eq!([halves(480, 0), halves(480, 240), halves(480, 241), halves(480, 480), halves(0, 0)], [0, 1, 2, 2, 0]);
    }

    #[test]
    fn of_sickness_others_learn_nothing_but_the_dates() {
        let input = LeaveInput { kind: LeaveKind::Sick, reason: "flu".into(), ..LeaveInput::default() };
        let sick = Leave::of(EntityId::new(), EntityId::new(), LeaveStatus::Approved, &input);
        assert_eq!(sick.label(), "");
        let veiled = sick.veiled();
        assert_eq!((veiled.kind, veiled.reason.as_str()), (LeaveKind::Other, ""));
    }
}
