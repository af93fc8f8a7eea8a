//! Of whose records somebody is told: the one place where lists, counts, exports, searches, choices, links and whatever is
//! said about a record ask. A record belongs to whom the registry names as its owner.

use platform::{
    Error, Result, Tx, entities,
    id::{EntityId, UserId},
    module::{EntityType, Module},
    permission::Reach,
};
use sqlx::{Postgres, QueryBuilder};
use std::collections::BTreeSet;

/// How far the actor sees a module's records of a type; none where they see none. A right that was narrowed opens a type only
/// if its module says that its records belong to somebody.
pub(crate) fn of_type(tx: &Tx, module: &Module, kind: &EntityType) -> Option<Reach> {
    if module.product.is_some_and(|product| tx.verify_product_access(product).is_err()) {
        return None;
    }
    match tx.reach(kind.read) {
        Ok(Reach::Of(_)) if module.owned(kind.key).is_none() => None,
        reach => reach.ok(),
    }
}

/// As [`of_type`] by the type's key. Records of the organization's own types are told of whole: who sees one at all is the
/// type's to say, and was asked.
pub(crate) fn of(tx: &Tx, entity_type: &str) -> Option<Reach> {
    if entity_type.starts_with("object:") {
        return Some(Reach::All);
    }
    let (module, kind) = tx.state().modules.iter().find_map(|module| Some((*module, module.entity_type(entity_type)?)))?;
    of_type(tx, module, kind)
}

/// As a condition behind others, for the registry's row `e` of a record of the type. Whoever sees all of them adds nothing.
pub(crate) fn push(query: &mut QueryBuilder<Postgres>, reach: Option<&Reach>) {
    match reach {
        Some(Reach::All) => {}
        Some(Reach::Of(owners)) => drop(query.push(" and e.owner_id = any(").push_bind(owners.to_vec()).push(")")),
        None => drop(query.push(" and false")),
    }
}

/// What a search may find: types, those of them that are seen by their owners, and which owners' records of these, each as the
/// type and the owner with a space between.
#[derive(Debug, Default)]
pub(crate) struct Sought {
    pub(crate) types: Vec<String>,
    pub(crate) narrowed: Vec<String>,
    pub(crate) owned: Vec<String>,
}

impl Sought {
    /// Of these types, as far as the actor sees their records. Types that the actor sees none of find none.
    pub(crate) fn of(tx: &Tx, types: impl IntoIterator<Item = String>) -> Sought {
        let mut sought = Sought::default();
        for key in types {
            match of(tx, &key) {
                Some(Reach::Of(owners)) => {
                    sought.owned.extend(owners.iter().map(|owner| format!("{key} {owner}")));
                    sought.narrowed.push(key.clone());
                }
                Some(Reach::All) => {}
                None => continue,
            }
            sought.types.push(key);
        }
        sought
    }
}

/// That one record of the type is told of, whose fields are asked for by its id.
///
/// # Errors
/// `NotFound`.
pub(crate) async fn require_seen(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<()> {
    match of(tx, entity_type) {
        Some(Reach::All) => Ok(()),
        None => Err(Error::NotFound),
        Some(reach) => {
            let owner = entities::owner(tx, id).await?;
            if reach.covers(owner) { Ok(()) } else { Err(Error::NotFound) }
        }
    }
}

/// As [`require_seen`], and that the record may be changed as it belongs now: where the right to change the type's records
/// was narrowed, the organization's own fields of a record are no way around it.
///
/// # Errors
/// `NotFound`, `Denied`.
pub(crate) async fn require_changed(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<()> {
    require_seen(tx, entity_type, id).await?;
    let Some(owned) = tx.state().modules.iter().find_map(|module| module.owned(entity_type)) else { return Ok(()) };
    if !tx.actor().narrow.contains_key(owned.write.0) {
        return Ok(());
    }
    let owner: Option<UserId> = entities::owner(tx, id).await?;
    tx.require_over(owned.write, owner)
}

/// Of which changes somebody hears: of records of most types of all, of some of those only that [`is_told`] names, and of those
/// whose type they may not read of none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearing {
    some: BTreeSet<&'static str>,
    none: BTreeSet<&'static str>,
}

impl Hearing {
    /// The actor's. An activity is time that is taken, whoever may know what it is about.
    pub fn of(tx: &Tx) -> Hearing {
        let modules = || tx.state().modules.iter();
        let is_activity = |key: &str| modules().any(|module| module.activity_types.iter().any(|kind| kind.key == key));
        let (mut some, mut none) = (BTreeSet::new(), BTreeSet::new());
        for kind in modules().flat_map(|module| module.entity_types) {
            if tx.actor().narrow.contains_key(kind.read.0) {
                some.insert(kind.key);
            } else if tx.reach(kind.read).is_err() && !is_activity(kind.key) {
                none.insert(kind.key);
            }
        }
        Hearing { some, none }
    }

    /// Whether changes of records of a type are heard of at all.
    pub fn hears(&self, entity_type: &str) -> bool {
        !self.none.contains(entity_type)
    }

    /// Whether it depends on the record.
    pub fn asks(&self, entity_type: &str) -> bool {
        self.some.contains(entity_type)
    }
}

/// Whether the actor is told of that record, as it belongs at this moment; also of one that was deleted.
///
/// # Errors
/// `Unavailable`.
pub async fn is_told(tx: &mut Tx, entity_type: &str, id: EntityId) -> Result<bool> {
    match require_seen(tx, entity_type, id).await {
        Ok(()) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}
