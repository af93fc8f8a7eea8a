//! Two records that are one human become one: field by field, with everything that points to them, in one transaction, and
//! for thirty days it can be taken back.

#[cfg(feature = "ssr")]
mod fields;
#[cfg(feature = "ssr")]
mod moves;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
mod undo;
#[cfg(feature = "ssr")]
pub use sql::{into, merge, preview};
#[cfg(feature = "ssr")]
pub use undo::{since, undo};

use chrono::{DateTime, Utc};
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::consents::Consent;

/// For how many days a merge can be taken back.
pub const DAYS: i64 = 30;

/// Which of two values the survivor keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MergePick)]
pub enum Pick {
    /// The survivor's own.
    Winner,
    /// The other's.
    Loser,
    /// Both, one after the other; only where the field allows it.
    Both,
}

impl Pick {
    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Winner => "winner",
            Self::Loser => "loser",
            Self::Both => "both",
        }
    }

    /// The pick of that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Winner, Self::Loser, Self::Both].into_iter().find(|pick| pick.as_str() == word)
    }
}

/// Which value of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldPick {
    /// `persons.email`
    pub key: String,
    pub pick: Pick,
}

/// Two records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergePair {
    /// The record that stays.
    pub winner: EntityId,
    /// The record that is taken in.
    pub loser: EntityId,
}

/// What is to become one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// The record that stays.
    pub winner: EntityId,
    /// The record that is taken in; its id leads to the other from then on.
    pub loser: EntityId,
    /// As the preview showed them (R18).
    pub winner_version: i32,
    pub loser_version: i32,
    /// Of fields that are not named what the preview proposes.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub picks: Vec<FieldPick>,
}

/// A field in which two records may differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MergeFieldChoice)]
pub struct FieldChoice {
    /// `persons.email`, `gabinet_patients.allergies`
    pub key: String,
    pub winner: Option<String>,
    pub loser: Option<String>,
    /// Whether both can be kept.
    pub both: bool,
    /// What happens unless another is chosen.
    pub proposed: Pick,
}

/// How many rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowCount {
    /// `crm_leads.person_id`
    pub reference: String,
    /// How many point to the survivor from then on.
    pub moves: i64,
    /// How many stay with the other, as the survivor has the like of them.
    pub stays: i64,
}

/// Why two records may not become one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MergeVeto {
    /// `national_ids`, `direction`, `visits` …
    pub rule: String,
    /// English; screens translate by the rule.
    pub message: String,
}

/// What a merge would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MergePreview {
    pub winner: EntityId,
    pub winner_name: String,
    pub winner_version: i32,
    pub loser: EntityId,
    pub loser_name: String,
    pub loser_version: i32,
    /// Those that are filled in either.
    pub fields: Vec<FieldChoice>,
    /// Those of which there are any.
    pub rows: Vec<RowCount>,
    /// What will hold: of two answers the stricter one.
    pub consents: Vec<Consent>,
    /// If there are any, it is refused.
    pub vetoes: Vec<MergeVeto>,
}

/// A record that was merged into another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Merged {
    /// The merge.
    pub id: EntityId,
    /// The record that stays.
    pub winner: EntityId,
    /// The record that was taken in.
    pub loser: EntityId,
    /// What that was called.
    pub name: String,
    pub merged_by: Option<String>,
    /// UTC.
    pub merged_at: DateTime<Utc>,
    /// Until when it can be taken back; UTC.
    pub undo_until: DateTime<Utc>,
}

/// Something that has come to the survivor since a merge; taking the merge back leaves it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CameSince {
    /// `crm_leads.person_id`, or `persons.email` of a field that was changed.
    pub reference: String,
    /// Whether it is a field that was changed and stays as it is now.
    pub field: bool,
    /// The record, if it is one that may be seen.
    pub record: Option<EntityId>,
    /// What that is called.
    pub title: Option<String>,
    /// UTC.
    pub at: Option<DateTime<Utc>>,
}

/// A merge and what has come since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MergedSince {
    pub merge: Merged,
    /// The latest first; at most 200.
    pub since: Vec<CameSince>,
    /// Whether it can be taken back now.
    pub may_undo: bool,
}
