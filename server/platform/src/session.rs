//! What a browser knows of its own session.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{OrganizationId, SessionId, UserId};
use crate::locations::Location;
use crate::permission::Permission;

/// Who is signed in, where he may work, and what he may do where he works now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    pub user: UserId,
    /// As colleagues know them.
    pub name: String,
    pub email: String,
    /// The language of choice, `en` or `pl`; none for the organization's.
    pub locale: Option<String>,
    pub session: SessionId,
    /// Where one works now; none before the first membership and after the last.
    pub organization: Option<Workplace>,
    /// All organizations one belongs to, by name.
    pub memberships: Vec<Membership>,
}

impl Me {
    /// Whether one has this right where one works now, over all records or some. Doors ask again; this only spares useless buttons.
    pub fn can(&self, permission: Permission) -> bool {
        self.organization.as_ref().is_some_and(|place| place.permissions.contains(permission.0))
    }

    /// Whether the organization subscribes to this product.
    pub fn has(&self, product: &str) -> bool {
        self.organization.as_ref().is_some_and(|place| place.products.contains(product))
    }
}

/// The organization one works in, as its member sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Workplace {
    pub id: OrganizationId,
    pub name: String,
    /// ISO 3166, two capital letters.
    pub country: String,
    /// ISO 4217, three capital letters.
    pub currency: String,
    /// The organization's own language, `en` or `pl`.
    pub locale: String,
    /// IANA name of its zone; each location has its own.
    pub zone: String,
    /// One's role here: a built-in one or the organization's own.
    pub role: String,
    /// All one may do here, to all records or some: `gabinet.appointments:write`.
    pub permissions: BTreeSet<String>,
    /// What the organization subscribes to.
    pub products: BTreeSet<String>,
    /// Where it works; those closed down are among them.
    pub locations: Vec<Location>,
}

/// One of the organizations a user belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Membership {
    pub organization: OrganizationId,
    /// The organization's name.
    pub name: String,
    /// The user's role in it.
    pub role: String,
}

/// One signed-in browser or REST client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionRow {
    pub id: SessionId,
    /// `browser` or `api`.
    pub kind: String,
    /// What the client calls itself.
    pub agent: String,
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends by itself at the latest.
    pub expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
}
