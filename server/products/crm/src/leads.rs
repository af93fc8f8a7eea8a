//! Leads: persons who may become customers.

#[cfg(feature = "ssr")]
mod convert;
#[cfg(feature = "ssr")]
mod record;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use convert::convert;
#[cfg(feature = "ssr")]
pub use record::SOURCE;
#[cfg(feature = "ssr")]
pub(crate) use sql::hold;
#[cfg(feature = "ssr")]
pub use sql::{create, get, list, update};

use platform::id::{EntityId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far a lead has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadStatus {
    New,
    Contacted,
    Qualified,
    Won,
    Lost,
}

impl LeadStatus {
    /// In the order in which a lead goes through them.
    pub const ALL: [Self; 5] = [Self::New, Self::Contacted, Self::Qualified, Self::Won, Self::Lost];

    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Contacted => "contacted",
            Self::Qualified => "qualified",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    /// The status of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// A lead as shown and sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lead {
    pub id: EntityId,
    /// The human behind the lead: one record whatever roles they have.
    pub person: EntityId,
    pub given_name: String,
    pub family_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub company: String,
    pub source: String,
    pub status: LeadStatus,
    /// Expected value in minor units of `currency`.
    pub value: i64,
    pub currency: String,
    pub notes: String,
    /// The deal it has become.
    pub deal: Option<EntityId>,
    /// Who looks after it.
    pub owner: Option<UserId>,
    /// In the answer to a change: it is now somebody's whose leads one does not see, and this is the last that one is told of it.
    pub handed_over: bool,
    pub version: i32,
}

/// What is needed to make a lead a deal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConvertLead {
    /// The lead's version that was read (R18).
    pub version: i32,
    /// What the deal is called; as the company or the person if empty.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub title: String,
    /// Where the deal begins; the first open stage if not given.
    #[serde(default)]
    pub stage: Option<EntityId>,
    /// Of those that are there; found by the name that the lead tells, or made, if not given.
    #[serde(default)]
    pub company: Option<EntityId>,
}

/// What is typed to make or change a lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadInput {
    /// Made by the caller, so that a retry makes no second lead. Only read when creating.
    #[serde(default)]
    pub id: Option<EntityId>,
    #[schema(min_length = 1, max_length = 100)]
    pub given_name: String,
    #[schema(min_length = 1, max_length = 100)]
    pub family_name: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub company: String,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub source: String,
    #[serde(default = "new_status")]
    pub status: LeadStatus,
    /// Minor units of the organization's currency.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub value: i64,
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub notes: String,
    /// A member; not given, a new lead is whoever's makes it, and one that is there stays whose it is.
    #[serde(default)]
    pub owner: Option<UserId>,
    /// The version that was read; needed when changing (R18).
    #[serde(default)]
    pub version: i32,
}

fn new_status() -> LeadStatus {
    LeadStatus::New
}
