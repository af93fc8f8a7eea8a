//! What the server keeps of reference data: of that which everybody reads and hardly anybody changes. The database gives an
//! organization a new revision with each change (`reference_table` in the migrations says of which tables), every
//! transaction learns it with who acts, and what was read under another one is read anew. So nobody is shown what no
//! longer holds, however many servers there are, and no server has to tell another.

use std::any::{Any, TypeId};
use std::collections::BTreeSet;
use std::sync::Arc;

use quick_cache::sync::Cache;
use uuid::Uuid;

use crate::id::OrganizationId;
use crate::tx::Tx;

/// How many are kept; of what has no more room, that which was not asked for goes first.
const MOST: usize = 2_048;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key(OrganizationId, TypeId, String);

#[derive(Clone)]
struct Entry {
    revision: Uuid,
    /// What modules tell depends on which of them are there.
    products: Arc<BTreeSet<String>>,
    value: Arc<dyn Any + Send + Sync>,
}

/// What was read of reference data, by those who ask; one of the server's [`State`](crate::State).
pub struct Kept(Cache<Key, Entry>);

impl Default for Kept {
    fn default() -> Kept {
        Kept(Cache::new(MOST))
    }
}

/// What was kept by this name, if it holds for this transaction. It is not made for one that has itself changed reference
/// data before it asks: that sees what held when it began.
pub fn get<T: Any + Send + Sync>(tx: &Tx, name: &str) -> Option<Arc<T>> {
    let revision = tx.reference()?;
    let entry = tx.state().kept.0.get(&Key(tx.organization(), TypeId::of::<T>(), name.to_owned()))?;
    let holds = entry.revision == revision && entry.products == tx.actor().products;
    entry.value.downcast().ok().filter(|_| holds)
}

/// Keeps what this transaction has read of reference data alone, and what does not depend on who reads it. Not for one that
/// has changed reference data itself: if it is taken back, others would be shown what never held.
pub fn keep<T: Any + Send + Sync>(tx: &Tx, name: String, value: T) -> Arc<T> {
    let value = Arc::new(value);
    if let Some(revision) = tx.reference() {
        let entry = Entry { revision, products: tx.actor().products.clone(), value: value.clone() };
        tx.state().kept.0.insert(Key(tx.organization(), TypeId::of::<T>(), name), entry);
    }
    value
}
