//! Names of rows. Each kind has its own type, so that a location's id cannot be passed for a user's.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[cfg_attr(feature = "ssr", derive(sqlx::Type))]
        #[cfg_attr(feature = "ssr", sqlx(transparent))]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new name that no other row has (UUIDv7: later ones sort after earlier ones).
            // `Default` would suggest that two of them are equal.
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A tenant.
    OrganizationId;
    /// A place where an organization works, with its own zone.
    LocationId;
    /// Somebody who signs in; may be a member of several organizations.
    UserId;
    /// One signed-in browser or API client.
    SessionId;
    /// A group of members.
    TeamId;
    /// Any record of the entity registry: patient, resource, activity, appointment, lead …
    EntityId;
    /// An invitation to an organization.
    InvitationId;
    /// A field that an organization has added to a type of record.
    FieldId;
}

impl UserId {
    /// Stands for the system itself in transactions that nobody signed in for.
    pub const SYSTEM: Self = Self(Uuid::nil());
}

/// A record together with its kind, as the action log names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct EntityRef {
    /// A module's word with its prefix: `gabinet:patient`.
    pub entity_type: String,
    /// The record.
    pub id: EntityId,
}

impl EntityRef {
    /// Names a record.
    pub fn new(entity_type: impl Into<String>, id: EntityId) -> Self {
        Self { entity_type: entity_type.into(), id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_plain_string_on_the_wire() {
        let id = EntityId::new();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<EntityId>(&json).unwrap(), id);
        assert_eq!(id.to_string().parse::<EntityId>().unwrap(), id);
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let earlier = EntityId::new();
        let later = EntityId::new();
        assert!(earlier < later);
    }
}
