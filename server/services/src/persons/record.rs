//! Persons for what knows no product: lists, filters, import and the doors of all types. Those whom a product extends are
//! read by its own type.

use futures::future::BoxFuture;
use platform::{Result, Tx, id::EntityId};

use super::{PersonDetails, create, edit, read};
use crate::records::{Given, RecordSource, Saving, Values};

/// How persons are read and written who are nothing else.
pub const SOURCE: RecordSource = RecordSource {
    entity_type: "person",
    from: "persons r",
    columns: &[
        ("given_name", "r.given_name"),
        ("family_name", "r.family_name"),
        ("birth_date", "r.birth_date"),
        ("email", "r.email"),
        ("phone", "r.phone"),
        ("language", "r.language"),
    ],
    version: "e.version",
    save: Some(save),
    computed: &[],
    unique: &[],
    parts: &[],
    release: None,
};

fn save<'a>(tx: &'a mut Tx, saving: Saving, values: &'a Values, emptied: &'a [String]) -> BoxFuture<'a, Result<EntityId>> {
    Box::pin(async move {
        let mut details = match saving {
            Saving::Known(id, version) => PersonDetails { version, ..read::details(tx, id).await? },
            Saving::New(id) => PersonDetails { id, ..PersonDetails::default() },
        };
        for given in Given::all(values, emptied) {
            put(&mut details, given)?;
        }
        let saved = match saving {
            Saving::Known(id, _) => edit(tx, id, &details).await?,
            Saving::New(_) => create(tx, &details).await?,
        };
        Ok(saved.id)
    })
}

fn put(details: &mut PersonDetails, given: Given<'_>) -> Result<()> {
    match given.key {
        "given_name" => details.given_name = given.words()?,
        "family_name" => details.family_name = given.words()?,
        "email" => details.email = given.text()?,
        "phone" => details.phone = given.text()?,
        "language" => details.language = given.text()?,
        "birth_date" => details.birth_date = given.date()?,
        _ => return Err(given.unknown()),
    }
    Ok(())
}
