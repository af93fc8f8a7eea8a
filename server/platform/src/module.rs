//! The contract of a module, pure half: what it is called, which records and activities it has, who may do what.
//! A `const` struct that can be read, compared and enumerated in tests.

use crate::permission::{Grant, Permission};

/// A room of the house: a product, or the common ground floor.
#[derive(Debug)]
pub struct Module {
    /// Prefix of its types, permissions and paths.
    pub id: &'static str,
    /// What an organization subscribes to; none for what everybody has.
    pub product: Option<&'static str>,
    /// Its records.
    pub entity_types: &'static [EntityType],
    /// What it puts into the calendar.
    pub activity_types: &'static [ActivityType],
    /// Its entries in the navigation, in order.
    pub navigation: &'static [Navigation],
    /// Its rights and which built-in roles have them.
    pub permissions: &'static [Grant],
    /// Those of its records that belong to somebody: the rights to them may be given for one's own records or one's team's
    /// alone. A right to any other type reaches all records or none.
    pub owned: &'static [Owned],
}

impl Module {
    /// The entity type of that key, if it is this module's.
    pub fn entity_type(&self, key: &str) -> Option<&'static EntityType> {
        self.entity_types.iter().find(|t| t.key == key)
    }

    /// Who may change a record of that type, if its records belong to somebody.
    pub fn owned(&self, key: &str) -> Option<&'static Owned> {
        self.owned.iter().find(|owned| owned.entity_type == key)
    }

    /// The activity type of that key, if it is this module's.
    pub fn activity_type(&self, key: &str) -> Option<&'static ActivityType> {
        self.activity_types.iter().find(|t| t.key == key)
    }
}

/// A kind of record that belongs to a member, whom the registry names as its owner. A narrowed right opens only those doors
/// that ask how far it reaches ([`Reach`](crate::permission::Reach)); to all others it is none, so that a door that
/// knows nothing of owners stays shut.
#[derive(Debug)]
pub struct Owned {
    /// The key of one of the module's entity types, whose `read` may be narrowed.
    pub entity_type: &'static str,
    /// The right to change one, which may be narrowed too.
    pub write: Permission,
}

/// A kind of record in the entity registry.
#[derive(Debug)]
pub struct EntityType {
    /// `gabinet:patient`.
    pub key: &'static str,
    /// Name of its icon.
    pub icon: &'static str,
    /// Where it is shown, with `{id}` in it.
    pub path: &'static str,
    /// The right to see it; search asks for the same.
    pub read: Permission,
    /// Its fields, by the names that API and forms give them.
    pub fields: &'static [Field],
}

/// A field of a record.
#[derive(Debug)]
pub struct Field {
    /// Its name in API and texts.
    pub key: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it must be given.
    pub required: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    LongText,
    Number,
    Money,
    Date,
    DateTime,
    /// One of these keys.
    Choice(&'static [&'static str]),
    Boolean,
    Email,
    Phone,
    /// A record of that entity type.
    Reference(&'static str),
}

/// A kind of activity in the calendar.
#[derive(Debug)]
pub struct ActivityType {
    /// `gabinet:appointment`, `meeting`.
    pub key: &'static str,
    /// Name of its icon.
    pub icon: &'static str,
    /// Hue of its colour, 0–359.
    pub hue: u16,
    /// Usual length in minutes.
    pub minutes: u16,
    /// The right to know what one is about. To everybody else who sees the calendar it is time that is taken, as is one
    /// whose type nobody has registered.
    pub read: Permission,
    /// The right to make and change one on the calendar; none of what only its module makes.
    pub write: Option<Permission>,
}

/// An entry in the navigation.
#[derive(Debug)]
pub struct Navigation {
    /// Key of its text.
    pub key: &'static str,
    /// Where it leads.
    pub path: &'static str,
    /// Name of its icon.
    pub icon: &'static str,
    /// The right without which it is not shown.
    pub permission: Permission,
}
