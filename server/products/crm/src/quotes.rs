//! Quotes: what a deal offers, on paper. A draft becomes a document by being sent; from then on nothing of it changes but
//! whether it was accepted.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(all(test, feature = "testing"))]
mod tests;
#[cfg(feature = "ssr")]
pub use sql::{create, get, list, step};

use chrono::{DateTime, NaiveDate, Utc};
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::totals::{SaleLine, SaleTotals};

/// How many days a quote holds unless told otherwise.
pub const DAYS_VALID: u64 = 14;

/// How far a quote has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuoteState {
    Draft,
    Sent,
    Accepted,
    Declined,
    /// Sent, and its last day has passed in the organization's own time.
    Expired,
}

impl QuoteState {
    /// In order.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Sent, Self::Accepted, Self::Declined, Self::Expired];

    /// The word sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
        }
    }

    /// The state of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether a step leads from here to there. Nothing leads to expired but time.
    pub fn leads_to(self, to: Self) -> bool {
        matches!((self, to), (Self::Draft, Self::Sent) | (Self::Sent, Self::Accepted | Self::Declined))
    }
}

/// A quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    pub id: EntityId,
    pub deal: EntityId,
    /// `Q-2026-0001`: without gaps in each year of the organization. None of a draft.
    pub number: Option<String>,
    pub state: QuoteState,
    /// The local date on which it was sent.
    pub issued_on: Option<NaiveDate>,
    /// The last local day on which it can be accepted.
    pub valid_until: NaiveDate,
    /// Who offers: name, then address.
    pub seller: String,
    /// To whom.
    pub buyer: String,
    /// Address, tax id, and who is asked there.
    pub buyer_detail: String,
    pub title: String,
    pub notes: String,
    pub currency: String,
    /// As they were when it was made.
    pub lines: Vec<SaleLine>,
    /// By the method N-DOC: net prices, tax once from each group of lines.
    pub totals: SaleTotals,
    /// UTC.
    pub created_at: DateTime<Utc>,
    /// What a step must name (R18).
    pub version: i32,
}

/// What is needed to make a quote of a deal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuote {
    /// Made by the caller, so that a retry makes no second one.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// The last day on which it can be accepted; in two weeks if not given.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub notes: String,
}

/// A step of a quote: sent, accepted or declined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteStep {
    /// The version that was seen (R18).
    pub version: i32,
    pub to: QuoteState,
}
