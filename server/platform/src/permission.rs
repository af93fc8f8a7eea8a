//! What may be done and by whom. The built-in roles' rights stand in code, beside the feature they are about;
//! an organization's own roles have theirs in the database.

use crate::id::UserId;
use crate::module::Module;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
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
    /// From the narrowest to the widest.
    pub const ALL: [Scope; 3] = [Scope::Own, Scope::Team, Scope::All];

    /// The scope of that word, as stored in `role_permissions`.
    pub fn parse(word: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.as_str() == word)
    }

    /// As stored in `role_permissions`.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Own => "own",
            Scope::Team => "team",
            Scope::All => "all",
        }
    }
}

/// Of whose records somebody's right tells: what a [`Scope`] comes to for one member at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Of everybody's and nobody's.
    All,
    /// Of these members' records, and never of one without an owner.
    Of(Arc<[UserId]>),
}

impl Reach {
    /// Whether it reaches a record of this owner.
    pub fn covers(&self, owner: Option<UserId>) -> bool {
        match self {
            Reach::All => true,
            Reach::Of(owners) => owner.is_some_and(|owner| owners.contains(&owner)),
        }
    }

    /// Whose records; none for all. Statements bind it and say `($n::uuid[] is null or e.owner_id = any ($n))`.
    pub fn owners(&self) -> Option<Vec<UserId>> {
        match self {
            Reach::All => None,
            Reach::Of(owners) => Some(owners.to_vec()),
        }
    }
}

/// The rights that may be given for one's own records or one's team's alone: to see and to change records that belong
/// to somebody.
pub fn narrowable(modules: &[&Module]) -> BTreeSet<Permission> {
    let read = |module: &Module, key: &str| module.entity_type(key).map(|kind| kind.read);
    modules
        .iter()
        .flat_map(|module| module.owned.iter().map(move |owned| (module, owned)))
        .flat_map(|(module, owned)| read(module, owned.entity_type).into_iter().chain([owned.write]))
        .collect()
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
    fn a_reach_covers_its_members_records_and_nobodys_only_if_it_is_all() {
        let (me, other) = (UserId::new(), UserId::new());
        let own = Reach::Of(Arc::from([me]));
        assert!(own.covers(Some(me)) && !own.covers(Some(other)) && !own.covers(None));
        assert!(Reach::All.covers(Some(other)) && Reach::All.covers(None));
        assert_eq!((own.owners(), Reach::All.owners()), (Some(vec![me]), None));
    }

    #[test]
    fn scopes_are_ordered_by_how_far_they_reach_and_read_back_from_their_words() {
        assert!(Scope::Own < Scope::Team && Scope::Team < Scope::All);
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
        assert_eq!(Scope::parse("mine"), None);
    }

    #[test]
    fn the_platform_has_no_record_that_belongs_to_somebody() {
        assert!(narrowable(&[&MODULE]).is_empty());
    }

    #[test]
    fn every_role_is_read_back_from_its_name() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert_eq!("root".parse::<Role>(), Err(NotBuiltIn));
    }
}
