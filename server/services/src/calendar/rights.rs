//! What the actor may do with the activity types of all modules.

use platform::{Tx, module::Module};

use crate::core::GENERIC_TYPES;

/// The activity types of subscribed modules that the actor may make: what brings people in comes first, core's own last.
pub fn makeable(tx: &Tx) -> Vec<String> {
    let mut modules: Vec<_> =
        tx.state().modules.iter().filter(|module| module.product.is_none_or(|product| tx.verify_product_access(product).is_ok())).collect();
    modules.sort_by_key(|module| module.product.is_none());
    let types = modules.iter().flat_map(|module| module.activity_types);
    types.filter(|kind| kind.write.is_some_and(|right| tx.can(right))).map(|kind| kind.key.to_owned()).collect()
}

/// The activity types whose module knows a right to overbook that the actor has (R12).
pub fn overbookable(tx: &Tx) -> Vec<String> {
    by_right(tx, ":overbook")
}

/// The activity types of which the actor may plan again what is over: those whose module knows a right to reopen that the
/// actor has, and of core's own those that the actor may write.
pub fn reopenable(tx: &Tx) -> Vec<String> {
    let mut kinds = by_right(tx, ":reopen");
    let types = tx.state().modules.iter().flat_map(|module| module.activity_types);
    kinds.extend(
        types
            .filter(|kind| GENERIC_TYPES.contains(&kind.key) && kind.write.is_some_and(|right| tx.can(right)))
            .map(|kind| kind.key.to_owned()),
    );
    kinds
}

fn by_right(tx: &Tx, ending: &str) -> Vec<String> {
    let held = &tx.actor().permissions;
    let may =
        |module: &Module| module.permissions.iter().any(|grant| grant.permission.0.ends_with(ending) && held.contains(grant.permission.0));
    let modules = tx.state().modules.iter().filter(|module| may(module));
    modules.flat_map(|module| module.activity_types).filter(|kind| kind.write.is_some()).map(|kind| kind.key.to_owned()).collect()
}
