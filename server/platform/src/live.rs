//! Live updates: what changed, to the browsers that show it. They are told the record and fetch it themselves, so
//! nothing is told that they could not see.

#[cfg(feature = "ssr")]
mod cursor;
#[cfg(feature = "ssr")]
mod follow;
#[cfg(feature = "ssr")]
mod hub;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use follow::follow;
#[cfg(feature = "ssr")]
pub use hub::Hub;

use crate::id::{EntityId, OrganizationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A record has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LiveEvent {
    /// Whose it is.
    pub organization: OrganizationId,
    /// `gabinet:appointment`.
    pub entity_type: String,
    /// Which one.
    pub entity_id: EntityId,
    /// The action log's verb: `created`, `updated`, `cancelled` …
    pub action: String,
}
