//! What may be done and by whom. The built-in roles' rights stand in code, beside the feature they are about;
//! an organization's own roles have theirs in the database.

use crate::module::Module;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// One right: `gabinet.appointments:write`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(pub &'static str);

impl Permission {
    /// See who belongs to the organization.
    pub const MEMBERS_READ: Permission = Permission("members:read");
    /// Invite, remove and change the role of members.
    pub const MEMBERS_WRITE: Permission = Permission("members:write");
    /// Make and change the organization's own roles.
    pub const ROLES_WRITE: Permission = Permission("roles:write");
    /// Make and change teams.
    pub const TEAMS_WRITE: Permission = Permission("teams:write");
    /// Subscribe to products and end subscriptions.
    pub const BILLING_WRITE: Permission = Permission("billing:write");
    /// Change the organization and its locations.
    pub const ORGANIZATION_WRITE: Permission = Permission("organization:write");
    /// See work that waits or was laid aside, and have it done again.
    pub const JOBS_WRITE: Permission = Permission("jobs:write");
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The roles that every organization has. An organization may add its own, with rights of its choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    Manager,
    Doctor,
    Nurse,
    Receptionist,
    Sales,
    Marketer,
    Member,
}

impl Role {
    /// In order of what they are usually trusted with.
    pub const ALL: [Role; 9] =
        [Role::Owner, Role::Admin, Role::Manager, Role::Doctor, Role::Nurse, Role::Receptionist, Role::Sales, Role::Marketer, Role::Member];

    /// The id of its row in `roles`.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Manager => "manager",
            Role::Doctor => "doctor",
            Role::Nurse => "nurse",
            Role::Receptionist => "receptionist",
            Role::Sales => "sales",
            Role::Marketer => "marketer",
            Role::Member => "member",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not one of the built-in roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a built-in role")]
pub struct NotBuiltIn;

impl FromStr for Role {
    type Err = NotBuiltIn;

    fn from_str(text: &str) -> Result<Self, NotBuiltIn> {
        Role::ALL.into_iter().find(|role| role.as_str() == text).ok_or(NotBuiltIn)
    }
}

/// How far a right of an organization's own role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Records one owns.
    Own,
    /// Records owned in one's teams.
    Team,
    /// All records of the organization.
    All,
}

impl Scope {
    /// As stored in `role_permissions`.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Own => "own",
            Scope::Team => "team",
            Scope::All => "all",
        }
    }
}

/// Which built-in roles have a right. The owner has every right and need not be named.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// The right.
    pub permission: Permission,
    /// Who has it, beside the owner.
    pub roles: &'static [Role],
}

/// The rights of a built-in role: all of them for the owner, for others what the modules grant.
pub fn granted(modules: &[&Module], role: Role) -> BTreeSet<Permission> {
    modules
        .iter()
        .flat_map(|module| module.permissions)
        .filter(|grant| role == Role::Owner || grant.roles.contains(&role))
        .map(|grant| grant.permission)
        .collect()
}

/// Every right there is, for the screen on which roles are made.
pub fn all(modules: &[&Module]) -> BTreeSet<Permission> {
    granted(modules, Role::Owner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core_module::MODULE;

    #[test]
    fn the_owner_has_every_right_and_a_plain_member_only_sees_who_is_there() {
        let modules = [&MODULE];
        assert_eq!(all(&modules).len(), MODULE.permissions.len());
        assert_eq!(granted(&modules, Role::Member), BTreeSet::from([Permission::MEMBERS_READ]));
    }

    #[test]
    fn every_role_is_read_back_from_its_name() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert_eq!("root".parse::<Role>(), Err(NotBuiltIn));
    }
}
