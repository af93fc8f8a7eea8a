//! Invitations: how people become members. Each is for one address, good for a week, and used once.

#[cfg(feature = "ssr")]
mod accept;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(all(test, feature = "testing"))]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[cfg(feature = "ssr")]
pub use accept::{accept, accept_once, preview};
#[cfg(feature = "ssr")]
pub use sql::{insert, insert_with, list, revoke};

use crate::id::{InvitationId, OrganizationId};

/// An invitation is good for so many days.
pub const GOOD_FOR_DAYS: i64 = 7;

/// An invitation that nobody has accepted or revoked yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Invitation {
    pub id: InvitationId,
    pub email: String,
    /// Id of the role that awaits.
    pub role: String,
    /// Name of the member who invites.
    pub invited_by: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Whether it is too late to accept it.
    pub expired: bool,
}

/// Whom to invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewInvitation {
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Id of a role, whose rights the inviting member holds.
    #[schema(min_length = 1, max_length = 41)]
    pub role: String,
}

/// A new invitation with its link, which is told only this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invited {
    pub invitation: Invitation,
    /// The secret of the link.
    pub token: String,
    /// Where it is accepted: `/invite/{organization}/{token}`.
    pub path: String,
}

impl Invited {
    /// The link is made from the organization and the secret.
    pub fn new(organization: OrganizationId, invitation: Invitation, token: String) -> Invited {
        Invited { invitation, path: format!("/invite/{organization}/{token}"), token }
    }
}

/// What the holder of a link is told before accepting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    /// Name of the organization.
    pub organization: String,
    /// Whom the invitation is for.
    pub email: String,
    /// Id of the role that awaits.
    pub role: String,
    /// Name of that role as stored.
    pub role_name: String,
    /// Name of the member who invites.
    pub invited_by: String,
    /// Whether there is an account of that address, which must sign in first.
    pub has_account: bool,
}
