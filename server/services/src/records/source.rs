//! What the server knows of a typed record: how its declared fields are read in SQL and written by its own service.

use futures::future::BoxFuture;
use platform::{Error, Result, State, Tx, id::EntityId};
use sqlx::{Postgres, QueryBuilder};

use super::{Values, reach};
use crate::hooks;

/// Which record a module's function is to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// A new one, of this id if its caller has made one: with the id of an existing one of the type nothing is written, so
    /// that a retry makes no second record.
    New(Option<EntityId>),
    /// The one of this id, if [`RecordSource::version`] is still this.
    Known(EntityId, i32),
}

/// Creates or changes a record through its module's own function: that checks rights and rules and writes the log. Only the
/// values named are changed; one that is to be emptied is not `Values`' to say and stands in the list of emptied keys.
pub type SaveHook = for<'a> fn(&'a mut Tx, Saving, &'a Values, &'a [String]) -> BoxFuture<'a, Result<EntityId>>;

/// Frees what a record that is no longer in any list holds for itself alone: a unique number.
pub type ReleaseHook = for<'a> fn(&'a mut Tx, EntityId) -> BoxFuture<'a, Result<()>>;

/// How the records of one type are read and written.
pub struct RecordSource {
    /// `persons` has `person`, a product `product:thing`.
    pub entity_type: &'static str,
    /// `things r join persons p on …`; `r` has `organization_id` and `id`. The registry joins it as `e`.
    pub from: &'static str,
    /// The key of a declared field, and an SQL expression over `from` of the SQL type of its kind: text, numeric or bigint,
    /// date, timestamptz, boolean, uuid. Money is minor units, with its currency as `<key>.currency`. All are constants
    /// of the code and never what somebody has sent.
    pub columns: &'static [(&'static str, &'static str)],
    /// The version that the module's own function compares (R18). What is told of a record, and what a change through the
    /// operations of all types names, is the registry's: each change of either half raises that one.
    pub version: &'static str,
    /// None where records come to be by other ways only.
    pub save: Option<SaveHook>,
    /// Declared fields that follow from something else: they are told, and neither written, imported nor undone.
    pub computed: &'static [&'static str],
    /// Declared fields of which the database keeps no two records with the same value.
    pub unique: &'static [&'static str],
    /// Tables of the module, each with its column that names the record, whose rows are part of it: an import can be taken
    /// back all the same. A row in any other table that points to a record is a use of it.
    pub parts: &'static [(&'static str, &'static str)],
    /// Frees what a record that was withdrawn would keep others from having; none where it keeps nothing.
    pub release: Option<ReleaseHook>,
}

impl RecordSource {
    /// The expression of a declared field.
    pub fn column(&self, key: &str) -> Option<&'static str> {
        self.columns.iter().find(|(name, _)| *name == key).map(|(_, expression)| *expression)
    }
}

/// Records of the organization's own types: all there is of them stands in the registry and in their fields' values.
pub const OBJECTS: RecordSource = RecordSource {
    entity_type: "object:",
    from: "entities r",
    columns: &[("title", "e.title"), ("status", "e.status"), ("created_at", "e.created_at"), ("updated_at", "e.updated_at")],
    version: "e.version",
    save: None,
    computed: &["title", "created_at", "updated_at"],
    unique: &[],
    parts: &[],
    release: None,
};

/// The source of a type; `NotFound` where no module reads records of it.
///
/// # Errors
/// `NotFound`.
pub fn source(state: &State, entity_type: &str) -> Result<&'static RecordSource> {
    if entity_type.starts_with(OBJECTS.entity_type) {
        return Ok(&OBJECTS);
    }
    let theirs = hooks::all(state).iter().flat_map(|hooks| hooks.records);
    theirs
        .chain([&crate::persons::SOURCE, &crate::companies::SOURCE])
        .find(|source| source.entity_type == entity_type)
        .ok_or(Error::NotFound)
}

/// `from … where` of those living records of a type that the actor is told of, as `r` and the source's own names, with the
/// registry's row as `e`. Ends in a condition, so that more may follow with `and`.
pub fn push_base(query: &mut QueryBuilder<Postgres>, tx: &Tx, source: &RecordSource, entity_type: &str) {
    push_whole(query, tx, source, entity_type);
    reach::push(query, reach::of(tx, entity_type).as_ref());
}

/// As [`push_base`] of all living records, whoever acts: what follows from them is computed from all of them. Nothing of it may
/// be told.
pub(super) fn push_whole(query: &mut QueryBuilder<Postgres>, tx: &Tx, source: &RecordSource, entity_type: &str) {
    query.push(" from ").push(source.from);
    query.push(" join entities e on e.organization_id = r.organization_id and e.id = r.id where r.organization_id = ");
    query.push_bind(tx.organization());
    query.push(" and e.entity_type = ").push_bind(entity_type.to_owned());
    query.push(" and e.deleted_at is null and e.merged_into is null");
}
