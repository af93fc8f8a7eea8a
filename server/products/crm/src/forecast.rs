//! What deals are expected to bring: by month and by who looks after them.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use sql::forecast;

use chrono::NaiveDate;
use platform::id::UserId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// For how many months at most.
pub const MOST_MONTHS: i32 = 24;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastQuery {
    /// A day of the first month; this month if not given.
    pub from: Option<NaiveDate>,
    /// How many months, 1 to 24; 6 if not given.
    pub months: Option<i32>,
    /// Only what this member looks after.
    pub owner: Option<UserId>,
}

/// Deals of one month, one owner and one currency. Sums over currencies are never one number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct ForecastRow {
    /// Its first day; none for open deals without a date. Open deals whose date has passed count in the first month.
    pub month: Option<NaiveDate>,
    pub owner: Option<UserId>,
    pub owner_name: Option<String>,
    pub currency: String,
    /// How many are open.
    pub open_count: i64,
    /// Minor units, as `weighted` and `won`.
    pub open: i64,
    /// By the probability of each deal's stage, rounded once.
    pub weighted: i64,
    pub won_count: i64,
    /// Of those won in that month of the organization's own time.
    pub won: i64,
}

/// A forecast: rows by month, then by owner's name, then by currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Forecast {
    /// First day of the first month.
    pub from: NaiveDate,
    pub months: i32,
    pub rows: Vec<ForecastRow>,
}
