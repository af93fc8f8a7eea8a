//! Members: who belongs to an organization, and in which role.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(all(test, feature = "testing"))]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[cfg(feature = "ssr")]
pub use sql::{add, change_role, is_member, list, remove, require_member};

use crate::id::UserId;

/// Somebody who belongs to the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Member {
    pub user: UserId,
    pub name: String,
    pub email: String,
    /// Id of a built-in role or of the organization's own.
    pub role: String,
    /// Name of the role as stored.
    pub role_name: String,
    /// Member since.
    pub since: DateTime<Utc>,
}

/// The role a member is to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoleChange {
    /// Id of a role.
    #[schema(min_length = 1, max_length = 41)]
    pub role: String,
}
