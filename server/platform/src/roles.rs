//! Roles: the built-in ones, whose rights stand in code, and an organization's own, whose rights it chooses.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(all(test, feature = "testing"))]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::permission::Scope;

#[cfg(feature = "ssr")]
pub(crate) use sql::require_may_grant;
#[cfg(feature = "ssr")]
pub use sql::{delete, insert, list, update};

/// A role with its rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoleRow {
    /// `owner` or an id made from the name.
    pub id: String,
    /// As stored; screens translate built-in roles by their id.
    pub name: String,
    /// Built-in roles cannot be changed.
    pub built_in: bool,
    /// In order: `gabinet.appointments:write`.
    pub permissions: Vec<String>,
    /// Those of them that reach some records only, and whose; all others reach all. Empty for built-in roles.
    pub scopes: BTreeMap<String, Scope>,
    /// How many members have it.
    pub members: i64,
    /// What a change must name (R18).
    pub version: i32,
}

/// What is told about an organization's own role when it is made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoleDetails {
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Rights that the modules know.
    #[schema(max_items = 500)]
    pub permissions: Vec<String>,
    /// Which of them reach one's own records or one's teams' alone; what is not named reaches all. Only rights to see or to
    /// change records that belong to somebody can be narrowed.
    #[serde(default)]
    pub scopes: BTreeMap<String, Scope>,
    /// The version that was read; only read when changing (R18).
    #[serde(default)]
    pub version: i32,
}

/// An id from a name: small letters, digits and underscores, starting with a letter.
#[cfg(feature = "ssr")]
fn id_of(name: &str) -> String {
    let mut id = String::new();
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            id.push(letter);
        } else if !id.is_empty() && !id.ends_with('_') {
            id.push('_');
        }
    }
    let id = id.trim_end_matches('_');
    let mut id = if id.starts_with(|first: char| first.is_ascii_lowercase()) { id.into() } else { format!("role_{id}") };
    id.truncate(40);
    id
}

#[cfg(all(test, feature = "ssr"))]
mod names {
    use super::id_of;

    #[test]
    fn an_id_is_made_from_the_name() {
        assert_eq!(id_of("Front desk (evening)"), "front_desk_evening");
        assert_eq!(id_of("2nd line"), "role_2nd_line");
        assert_eq!(id_of("櫃檯"), "role_");
    }
}
