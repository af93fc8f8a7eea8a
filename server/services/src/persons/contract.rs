//! What a module tells of humans: which of its records are persons, which roles they give, and what becomes of what
//! points to a person when two records turn out to be one human.

use futures::future::BoxFuture;
use platform::{Result, State, Tx, error::Refusal, id::EntityId, permission::Permission};

use super::lifecycle::{Held, PersonAlert, PersonFact};
use crate::{calendar::activities, hooks};

/// What the module holds of these persons, as far as whoever asks may see it; in one statement for all of them.
pub type HeldHook = for<'a> fn(&'a mut Tx, &'a [EntityId]) -> BoxFuture<'a, Result<Vec<Held>>>;
/// What the module tells on a person's page, as far as whoever asks may see it.
pub type FactsHook = for<'a> fn(&'a mut Tx, EntityId) -> BoxFuture<'a, Result<Vec<PersonFact>>>;
/// What the module warns of about these persons, as far as whoever asks may see it; in one statement for all of them.
pub type AlertsHook = for<'a> fn(&'a mut Tx, &'a [EntityId]) -> BoxFuture<'a, Result<Vec<PersonAlert>>>;
/// A person was changed by another door: the module raises the versions of its own records and renames them. Gives what
/// else the person's own record is found by, if that record is the module's.
pub type ChangedHook = for<'a> fn(&'a mut Tx, EntityId) -> BoxFuture<'a, Result<Option<String>>>;
/// Holds the module's own records of these persons until the transaction ends, in the order of their ids: whoever makes
/// something that points to one has to have finished, or finds the persons merged.
pub type HoldHook = for<'a> fn(&'a mut Tx, &'a [EntityId]) -> BoxFuture<'a, Result<()>>;
/// Why these two may not become one, if the module knows a reason: the survivor and the other.
pub type VetoHook = for<'a> fn(&'a mut Tx, EntityId, EntityId) -> BoxFuture<'a, Result<Option<Refusal>>>;

/// Points rows from the first to the second, all or those of these ids, and gives the ids of those it has pointed there.
pub type RepointHook = for<'a> fn(&'a mut Tx, EntityId, EntityId, Option<&'a [EntityId]>) -> BoxFuture<'a, Result<Vec<EntityId>>>;

/// A module's half of the contract about humans.
pub struct PersonHooks {
    /// Its entity types whose records are persons under the same id.
    pub extends: &'static [&'static str],
    /// The roles it gives.
    pub roles: &'static [RoleSource],
    pub held: HeldHook,
    pub facts: Option<FactsHook>,
    pub alerts: Option<AlertsHook>,
    pub changed: Option<ChangedHook>,
    pub hold: Option<HoldHook>,
    pub veto: Option<VetoHook>,
    /// Every column of its tables that points to a person, or to a record of its own that is one.
    pub references: &'static [Reference],
    /// What its records that are persons say of their own, to be chosen from when two become one.
    pub fields: &'static [MergeField],
}

/// A role and who has it.
pub struct RoleSource {
    /// `patient`
    pub role: &'static str,
    pub product: Option<&'static str>,
    /// Whoever lacks it is not told who has the role.
    pub read: Permission,
    /// A condition over a row `p` of `persons`.
    pub holds: &'static str,
}

/// A column that points to a person.
pub struct Reference {
    pub table: &'static str,
    pub column: &'static str,
    /// The other columns of the table's key, the tenant left out.
    pub key: &'static [&'static str],
    pub handling: Handling,
    /// The column that says when a row was made, if there is one.
    pub created: Option<&'static str>,
}

/// What becomes of a row that points to a person who turns out to be another record's human.
pub enum Handling {
    /// It points to the survivor.
    Move,
    /// As [`Handling::Move`], but rows for which this holds stay with the other: `t` is the row, `$1` the tenant, `$2` the
    /// survivor. For what the survivor has already.
    MoveUnless(&'static str),
    /// As [`Handling::Move`], by the one function that may write the table.
    Through(RepointHook),
    /// It stays as it is; says why.
    Stay(&'static str),
}

/// Something that two records say of one human, of which the survivor keeps one or both.
pub struct MergeField {
    pub table: &'static str,
    pub column: &'static str,
    /// Its SQL type.
    pub kind: &'static str,
    /// Whether both together make sense: two lists of allergies do, two dates of birth do not.
    pub both: bool,
    /// The right without which it is neither shown nor taken over.
    pub read: Option<Permission>,
}

impl MergeField {
    /// By what it is called in API and texts.
    pub fn key(&self) -> String {
        [self.table, ".", self.column].concat()
    }
}

/// What core's own tables say of persons.
pub const MERGE_FIELDS: &[MergeField] = &[
    field("given_name", "text"),
    field("family_name", "text"),
    field("birth_date", "date"),
    field("email", "text"),
    field("phone", "text"),
    field("language", "text"),
    MergeField { read: Some(crate::core::NATIONAL_IDS_READ), ..field("national_id", "text") },
];

const fn field(column: &'static str, kind: &'static str) -> MergeField {
    MergeField { table: "persons", column, kind, both: false, read: None }
}

const fn to(table: &'static str, column: &'static str, key: &'static [&'static str], handling: Handling) -> Reference {
    Reference { table, column, key, handling, created: Some("created_at") }
}

const fn undated(table: &'static str, column: &'static str, key: &'static [&'static str], handling: Handling) -> Reference {
    Reference { table, column, key, handling, created: None }
}

fn activities_of<'a>(tx: &'a mut Tx, from: EntityId, to: EntityId, only: Option<&'a [EntityId]>) -> BoxFuture<'a, Result<Vec<EntityId>>> {
    Box::pin(activities::repoint(tx, from, to, only))
}

/// What of core's own tables points to records that may be persons.
pub const REFERENCES: &[Reference] = &[
    to("record_notes", "entity_id", &["id"], Handling::Move),
    to("record_tasks", "entity_id", &["id"], Handling::Move),
    to("record_documents", "entity_id", &["id"], Handling::Move),
    to("record_links", "from_id", &["id"], Handling::MoveUnless(
        "t.to_id = $2 or (t.deleted_at is null and exists (select from record_links o where o.organization_id = $1 and o.from_id = $2
            and o.to_id = t.to_id and o.type_id = t.type_id and o.from_date is not distinct from t.from_date and o.deleted_at is null))",
    )),
    to("record_links", "to_id", &["id"], Handling::MoveUnless(
        "t.from_id = $2 or (t.deleted_at is null and exists (select from record_links o where o.organization_id = $1 and o.to_id = $2
            and o.from_id = t.from_id and o.type_id = t.type_id and o.from_date is not distinct from t.from_date and o.deleted_at is null))",
    )),
    undated("record_tags", "entity_id", &["tag_id"], Handling::MoveUnless(
        "exists (select from record_tags o where o.organization_id = $1 and o.entity_id = $2 and o.tag_id = t.tag_id)",
    )),
    // A field of another type would be one that the survivor does not have.
    undated("field_values", "entity_id", &["field_id", "seq"], Handling::MoveUnless(
        "exists (select from field_values o where o.organization_id = $1 and o.entity_id = $2 and o.field_id = t.field_id)
         or not exists (select from fields f join entities e on e.organization_id = $1 and e.id = $2 and e.entity_type = f.entity_type
            where f.organization_id = $1 and f.id = t.field_id)",
    )),
    undated("field_values", "v_ref", &["field_id", "entity_id", "seq"], Handling::Move),
    to("scheduled_activities", "subject_id", &["id"], Handling::Through(activities_of)),
    undated("scheduled_activities", "module_entity_id", &["id"], Handling::Stay("a product's own record, which is no person")),
    undated("calendar_links", "activity_id", &["id"], Handling::Stay("an entry in the calendar, which is no person")),
    // What was merged into the other before is found under the survivor.
    undated("entities", "merged_into", &["id"], Handling::Move),
    undated("actions", "entity_id", &["id"], Handling::Stay("the log tells what was done to which record")),
    to("person_contacts", "person_id", &["id"], Handling::MoveUnless(
        "exists (select from person_keys k where k.organization_id = $1 and k.person_id = $2 and k.kind = t.kind and k.key = t.key)",
    )),
    to("company_people", "person_id", &["id"], Handling::MoveUnless(
        "exists (select from company_people o where o.organization_id = $1 and o.person_id = $2 and o.company_id = t.company_id
            and o.role = t.role and o.from_date is not distinct from t.from_date)",
    )),
    undated("person_consents", "person_id", &["id"], Handling::Stay("the ledger is never changed; what holds is computed over both")),
    undated("persons_distinct", "one_id", &["other_id"], Handling::Stay("is read through what was merged")),
    undated("persons_distinct", "other_id", &["one_id"], Handling::Stay("is read through what was merged")),
    undated("person_merges", "winner_id", &["id"], Handling::Stay("is what happened")),
    undated("person_merges", "loser_id", &["id"], Handling::Stay("is what happened")),
];

/// The modules' halves of the contract.
pub fn hooks(state: &State) -> impl Iterator<Item = (&'static str, &'static PersonHooks)> + use<> {
    hooks::all(state).iter().filter_map(|hooks| Some((hooks.module.id, hooks.persons?)))
}

/// Every column that points to a person, of whichever module.
pub fn references(state: &State) -> impl Iterator<Item = &'static Reference> + use<> {
    REFERENCES.iter().chain(hooks(state).flat_map(|(_, hooks)| hooks.references))
}

/// The entity types whose records are persons.
pub fn types(state: &State) -> Vec<&'static str> {
    let extended = hooks(state).flat_map(|(_, hooks)| hooks.extends.iter().copied());
    std::iter::once("person").chain(extended).collect()
}
