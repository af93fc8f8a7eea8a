//! The contract of records: whatever type a module registers, and whatever type an organization makes for itself, has all of
//! this without a line of its own. The types are those that the server tells (`GET /record-types`), so that a new one is
//! tried as soon as it is there. What a type cannot do it says itself, with a reason; then the door has to refuse it.
//!
//! One server is asked for all of it. Every door is tried by another tenant, by somebody to whom the type is hidden and,
//! where it writes, by somebody who may only read, before it is gone through. A further capability is one function and a line
//! in [`CONTRACT`].

mod beside;
mod files;
mod humans;
mod kit;
mod own;
mod samples;
mod seen;
mod subscription;

use std::panic::AssertUnwindSafe;

use futures::{FutureExt, future::LocalBoxFuture};

use kit::{Kit, Type};

/// A capability, tried on records of one type.
type Capability = for<'a> fn(&'a Kit, &'a Type) -> LocalBoxFuture<'a, ()>;

/// All that any record has.
const CONTRACT: &[(&str, Capability)] = &[
    ("who sees it", |kit, of| Box::pin(seen::alone(kit, of))),
    ("list, search, export and count are one", |kit, of| Box::pin(seen::alike(kit, of))),
    ("saved views", |kit, of| Box::pin(seen::views(kit, of))),
    ("fields of every kind", |kit, of| Box::pin(own::fields(kit, of))),
    ("timeline and as it was", |kit, of| Box::pin(own::timeline(kit, of))),
    ("undo of a change", |kit, of| Box::pin(own::undo(kit, of))),
    ("deleted and brought back", |kit, of| Box::pin(own::deletion(kit, of))),
    ("notes", |kit, of| Box::pin(beside::notes(kit, of))),
    ("tasks", |kit, of| Box::pin(beside::tasks(kit, of))),
    ("documents", |kit, of| Box::pin(beside::documents(kit, of))),
    ("links", |kit, of| Box::pin(beside::links(kit, of))),
    ("tags", |kit, of| Box::pin(beside::tags(kit, of))),
    ("import, export, import, undo", |kit, of| Box::pin(files::round_trip(kit, of))),
    ("merged and taken apart", |kit, of| Box::pin(humans::merging(kit, of))),
];

#[tokio::test]
async fn every_type_of_record_keeps_the_contract() {
    let kit = Kit::new().await;
    let mut broken = Vec::new();
    for of in &kit.types {
        kit.hide(of).await;
        for (name, capability) in CONTRACT {
            // The message stands above, where it was said; the rest is tried all the same.
            if AssertUnwindSafe(capability(&kit, of)).catch_unwind().await.is_err() {
                broken.push(format!("{}: {name}", of.key));
            }
        }
    }
    if AssertUnwindSafe(subscription::ended_and_begun_again(&kit)).catch_unwind().await.is_err() {
        broken.push("a product that is switched off and on again".into());
    }
    assert!(broken.is_empty(), "the contract is not kept: {broken:#?}");
}
