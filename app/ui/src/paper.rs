//! What modules put on paper: whole documents that the server writes at addresses of their own, beside the application. A
//! browser needs nothing but a style sheet to print one.

use std::pin::Pin;

use axum::extract::Query;
use http::Uri;
use platform::{Error, Result, Tx, id::EntityId, session::Me};
use serde::de::DeserializeOwned;

use crate::{place::Params, text::Lang};

/// One kind of document of a module.
pub struct Paper {
    /// Where it is found, as the address of a screen is written: `/dashboard/crm/quotes/:id/print`.
    pub address: &'static str,
    /// Writes it. Who asks is signed in and subscribed; whether they may read what is on it, this asks.
    pub write: WriteHook,
}

/// See [`Paper::write`].
pub type WriteHook = for<'a> fn(&'a mut Tx, &'a Wanted<'a>) -> Pin<Box<dyn Future<Output = Result<String>> + Send + 'a>>;

/// Which document, and for whom.
pub struct Wanted<'a> {
    pub lang: Lang,
    pub me: &'a Me,
    /// The folder in which style sheets lie.
    pub package: &'a str,
    /// What was asked for.
    pub uri: &'a Uri,
    /// What the address says in the segments that it has named.
    pub params: Params,
}

impl Wanted<'_> {
    /// The record that the address names.
    ///
    /// # Errors
    /// `NotFound` if it names none.
    pub fn id(&self, segment: &str) -> Result<EntityId> {
        self.params.get(segment).and_then(|said| said.parse().ok()).map(EntityId).ok_or(Error::NotFound)
    }

    /// What stands behind the question mark.
    ///
    /// # Errors
    /// `NotFound` if it cannot be read: there is no such document.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T> {
        Query::try_from_uri(self.uri).map(|Query(asked)| asked).map_err(|_| Error::NotFound)
    }
}
