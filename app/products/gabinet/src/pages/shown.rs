//! What a page shows: read once with the page, and read again in place, so that nothing on it is drawn anew and
//! nothing typed is lost.

use app_platform::ErrorPage;
use leptos::{prelude::*, task::spawn_local};
use platform::{error::Problem, id::EntityId};
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;
use ui::{Failure, FailureAlert, place::param, use_toasts};

use super::plain;

/// What a page shows.
pub struct Shown<T: 'static> {
    /// As it was read last.
    pub value: RwSignal<T>,
    again: Callback<()>,
}

impl<T> Clone for Shown<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Shown<T> {}

impl<T> Shown<T> {
    /// Reads it again.
    pub fn refresh(self) {
        self.again.run(());
    }
}

/// Reads what a page shows and draws it; an error page if it cannot be read. A change of `source`, the record in the
/// address, begins anew.
pub fn shown<S, T, F>(source: impl Fn() -> S + Copy + Send + Sync + 'static, read: fn(S) -> F, draw: fn(Shown<T>) -> AnyView) -> AnyView
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    // Blocking, so that an absent record answers 404.
    let first = ui::fetched_first(source, read);
    plain::suspended(Box::new(move || {
        Box::pin(async move {
            match first.await {
                Err(failure) => view! { <ErrorPage failure=failure/> }.into_any(),
                Ok(found) => draw(kept(found, move || read(untrack(source)))),
            }
        })
    }))
}

/// As [`shown`] for a part of a page that is alive: what cannot be read is said in its place. For [`ui::lazy::once_alive`].
pub fn part_of<T, F>(
    read: impl Fn() -> F + Copy + Send + Sync + 'static,
    draw: impl Fn(Shown<T>) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let first = ui::fetched(|| (), move |()| read());
    plain::suspended(Box::new(move || {
        Box::pin(async move {
            match first.await {
                Err(failure) => view! { <FailureAlert failure=failure/> }.into_any(),
                Ok(found) => draw(kept(found, read)),
            }
        })
    }))
}

fn kept<T, F>(found: T, read: impl Fn() -> F + Send + Sync + 'static) -> Shown<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let toasts = use_toasts();
    let value = RwSignal::new(found);
    let again = Callback::new(move |()| {
        let reading = read();
        spawn_local(async move {
            match reading.await {
                // The page may have been left meanwhile.
                Ok(found) if value.try_with_untracked(|value| *value != found) == Some(true) => value.set(found),
                Ok(_) => {}
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    Shown { value, again }
}

/// The record in the address.
pub fn id_in_address() -> Option<EntityId> {
    param("id").parse().ok()
}

/// There is no such record.
pub fn absent() -> Failure {
    Failure::from(Problem::new(404, "not_found", "Not found", ""))
}
