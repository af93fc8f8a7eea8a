//! Order: the values a list is ordered by, as SQL, and where in that order a page goes on.

use chrono::{DateTime, NaiveDate};
use platform::{
    Error, Result, Tx,
    id::{EntityId, FieldId, OrganizationId},
    permission::Reach,
    rest::cursor,
};
use serde::{Deserialize, Serialize};
use sqlx::{Postgres, QueryBuilder};

use super::{SORTS, Sort, known::Known, sortable};
use crate::{
    filter::{Field, Source, catalogue::USER, sql::is_text},
    records::{self, Decimal, Kind},
};

/// A value that a list is ordered by.
pub(super) struct Key {
    pub(super) field: Field,
    pub(super) descending: bool,
    /// Whether who asks may know what all records it can refer to are called; if not, they stand in the order of their ids.
    named: bool,
}

/// Where a page goes on: after the row with these values, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    sorts: Vec<Sort>,
    pub(super) values: Vec<Option<String>>,
    pub(super) id: EntityId,
}

/// The fields of an order.
///
/// # Errors
/// `Invalid`.
pub(super) async fn keys(tx: &mut Tx, known: &Known, sorts: &[Sort]) -> Result<Vec<Key>> {
    if sorts.len() > SORTS {
        return Err(Error::invalid("sorts", "too_many", format!("A list is ordered by at most {SORTS} fields.")));
    }
    let mut keys = Vec::with_capacity(sorts.len());
    for (place, sort) in sorts.iter().enumerate() {
        let at = format!("sorts[{place}].field");
        let field = known.field(&sort.field, &at)?;
        if !sortable(&field.kind) {
            return Err(Error::invalid(&at, "kind", "A list cannot be ordered by this field."));
        }
        // The order tells what it is made of, and a cursor holds it.
        let named = match &field.kind {
            Kind::Reference(target) if target != USER => {
                let all = records::reach::of(tx, target) == Some(Reach::All);
                all && records::may_list(tx, target).await.is_ok()
            }
            _ => true,
        };
        keys.push(Key { field: field.clone(), descending: sort.descending, named });
    }
    Ok(keys)
}

impl Key {
    /// The SQL type of its values.
    fn cast(&self) -> &'static str {
        match self.field.kind {
            Kind::Number | Kind::Percent | Kind::Money => "numeric",
            Kind::Date => "date",
            Kind::DateTime => "timestamptz",
            Kind::Boolean => "boolean",
            Kind::Choice(_) => "integer",
            _ => "text",
        }
    }

    /// The organization's field, where it is one whose stored values stand in this very order.
    pub(super) fn indexed(&self) -> Option<FieldId> {
        match self.field.source {
            Source::Custom(id) if !matches!(self.cast(), "text" | "integer") => Some(id),
            _ => None,
        }
    }

    /// An empty value of the key's type.
    pub(super) fn push_nothing(&self, query: &mut QueryBuilder<Postgres>) {
        query.push("null::").push(self.cast());
    }

    /// The value as an expression over `r`; `joined` if the field's row is there as `sv`. Texts are folded, choices stand in
    /// their own order, references in that of their titles as far as these may be known.
    pub(super) fn push(&self, query: &mut QueryBuilder<Postgres>, organization: OrganizationId, joined: bool) {
        let value = |query: &mut QueryBuilder<Postgres>| match joined {
            true => {
                query.push("sv.").push(self.field.kind.column());
            }
            false => push_value(query, organization, &self.field),
        };
        match &self.field.kind {
            Kind::Choice(choices) => {
                let words: Vec<String> = choices.iter().map(|choice| choice.key.clone()).collect();
                query.push("array_position(").push_bind(words).push("::text[], ");
                value(query);
                query.push(")");
            }
            Kind::Reference(target) if target == USER => {
                query.push("(select folded(su.name) from memberships sm join users su on su.id = sm.user_id where sm.organization_id = ");
                query.push_bind(organization).push(" and sm.user_id = ");
                value(query);
                query.push(")");
            }
            Kind::Reference(_) if !self.named => {
                query.push("(");
                value(query);
                query.push(")::text");
            }
            Kind::Reference(_) => {
                query.push("(select folded(st.title) from entities st where st.organization_id = ");
                query.push_bind(organization).push(" and st.id = ");
                value(query);
                query.push(")");
            }
            kind if is_text(kind) => {
                query.push("folded(nullif(");
                value(query);
                query.push(", ''))");
            }
            _ => value(query),
        }
    }

    /// The value in a result, as [`Key::readable`] takes it back.
    pub(super) fn push_text(&self, query: &mut QueryBuilder<Postgres>, name: &str) {
        match self.field.kind {
            Kind::DateTime => query.push("to_char(").push(name).push(" at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"),
            _ => query.push(name).push("::text"),
        };
    }

    /// Whether a cursor's text is one that the database will read.
    fn readable(&self, text: &str) -> bool {
        match self.cast() {
            "numeric" => text.parse::<Decimal>().is_ok(),
            "integer" => text.parse::<i32>().is_ok(),
            "date" => text.parse::<NaiveDate>().is_ok(),
            "timestamptz" => DateTime::parse_from_rfc3339(text).is_ok(),
            "boolean" => matches!(text, "true" | "false"),
            _ => !text.contains('\0'),
        }
    }
}

/// A field's single value over `r`: for what the organization has added, of its row.
pub(super) fn push_value(query: &mut QueryBuilder<Postgres>, organization: OrganizationId, field: &Field) {
    match &field.source {
        Source::Sql(expression) => {
            query.push("(").push(expression).push(")");
        }
        Source::Money { minor, .. } => {
            query.push("(").push(minor).push(")");
        }
        Source::Custom(id) => push_custom(query, organization, *id, field.kind.column()),
    }
}

/// The currency that belongs to an amount.
pub(super) fn push_currency(query: &mut QueryBuilder<Postgres>, organization: OrganizationId, field: &Field) {
    match &field.source {
        Source::Money { currency, .. } => {
            query.push("(").push(currency).push(")");
        }
        Source::Custom(id) if field.kind == Kind::Money => push_custom(query, organization, *id, "v_text"),
        _ => {
            query.push("''");
        }
    }
}

fn push_custom(query: &mut QueryBuilder<Postgres>, organization: OrganizationId, id: FieldId, column: &str) {
    query.push("(select fv.").push(column).push(" from field_values fv where fv.organization_id = ").push_bind(organization);
    query.push(" and fv.field_id = ").push_bind(id).push(" and fv.entity_id = r.id order by fv.seq limit 1)");
}

/// The cursor of a page, if it is one of this order.
///
/// # Errors
/// `Invalid` of field `cursor`.
pub(super) fn cursor(keys: &[Key], sorts: &[Sort], text: Option<&str>) -> Result<Option<Cursor>> {
    let Some(text) = text else { return Ok(None) };
    let found: Cursor = cursor::decode(text)?;
    let read = found.values.iter().zip(keys).all(|(value, key)| value.as_deref().is_none_or(|value| key.readable(value)));
    if found.sorts != sorts || found.values.len() != keys.len() || !read {
        return Err(Error::invalid("cursor", "cursor", "This cursor does not come from this list."));
    }
    Ok(Some(found))
}

/// Packs where a page ended.
pub(super) fn pack(sorts: &[Sort], values: &[Option<String>], id: EntityId) -> Result<String> {
    cursor::encode(&Cursor { sorts: sorts.to_vec(), values: values.to_vec(), id })
}

/// What comes after a cursor, over `t` with the keys as `k0`, `k1` … and `id`. What is empty comes last; the newest first
/// among equals.
pub(super) fn push_after(query: &mut QueryBuilder<Postgres>, keys: &[Key], cursor: &Cursor) {
    query.push("(");
    for (place, (key, value)) in keys.iter().zip(&cursor.values).enumerate() {
        // Nothing comes after what is empty but what is empty too.
        let Some(value) = value else { continue };
        push_equal(query, &keys[..place], &cursor.values);
        query.push(format!("(t.k{place} {} ", if key.descending { "<" } else { ">" }));
        query.push_bind(value.clone()).push(format!("::{} or t.k{place} is null)", key.cast())).push(" or ");
    }
    push_equal(query, keys, &cursor.values);
    query.push("t.id < ").push_bind(cursor.id).push(")");
}

fn push_equal(query: &mut QueryBuilder<Postgres>, keys: &[Key], values: &[Option<String>]) {
    for (place, (key, value)) in keys.iter().zip(values).enumerate() {
        match value {
            Some(value) => query.push(format!("t.k{place} = ")).push_bind(value.clone()).push(format!("::{} and ", key.cast())),
            None => query.push(format!("t.k{place} is null and ")),
        };
    }
}

/// `order by`, over the same names.
pub(super) fn push_order(query: &mut QueryBuilder<Postgres>, keys: &[Key]) {
    query.push(" order by ");
    for (place, key) in keys.iter().enumerate() {
        query.push(format!("t.k{place} {} nulls last, ", if key.descending { "desc" } else { "asc" }));
    }
    query.push("t.id desc");
}
