//! The compiler: a plan as a condition on `r`, the row of the type's own table, in parametrised SQL.
//!
//! Names of tables and columns come from the catalogue alone, which is made of constants of the code; values are bound.
//! A condition is never null where it is negated, and a null counts as false everywhere else, so that the database's third
//! truth value never shows. Fields that the organization has added are asked for by `exists` over `field_values`, which an
//! index serves under row-level security; ranges are plain operators for the same reason.

use platform::{Error, Result, id::OrganizationId};
use sqlx::{Postgres, QueryBuilder};

use super::catalogue::{Catalogue, Field, Source, Type};
use super::plan::{Check, DidTest, FieldTest, LinkedTest, Plan, Range};
use crate::records::{Decimal, Kind};

/// What compiling needs to know beside the plan.
#[derive(Clone, Copy)]
pub struct Compiler<'a> {
    pub catalogue: &'a Catalogue,
    pub organization: OrganizationId,
}

type Query = QueryBuilder<Postgres>;

/// How a value stands in a query: an expression, or for money one for the minor units and one for the currency.
struct Place<'a> {
    value: &'a str,
    currency: &'a str,
}

impl Compiler<'_> {
    /// `from … where` of those living records of a type that who asks is told of, `r` and `e`; ends in a condition.
    ///
    /// # Errors
    /// `Internal` where the catalogue does not know the type.
    pub fn base(self, query: &mut Query, entity_type: &str) -> Result<()> {
        self.base_with(query, entity_type, |_| {})
    }

    /// As [`Compiler::base`], with one more table joined.
    ///
    /// # Errors
    /// `Internal` where the catalogue does not know the type.
    pub fn base_with(self, query: &mut Query, entity_type: &str, join: impl FnOnce(&mut Query)) -> Result<()> {
        let kind: &Type = self.catalogue.of(entity_type).ok_or_else(|| Error::internal("a plan names an unknown type"))?;
        query.push(" from ").push(&kind.from);
        query.push(" join entities e on e.organization_id = r.organization_id and e.id = r.id");
        join(query);
        query.push(" where r.organization_id = ").push_bind(self.organization);
        query.push(" and e.entity_type = ").push_bind(kind.key.clone());
        query.push(" and e.deleted_at is null and e.merged_into is null");
        if let Some(owners) = &kind.owners {
            query.push(" and e.owner_id = any(").push_bind(owners.clone()).push(")");
        }
        Ok(())
    }

    /// The plan as one condition in brackets.
    ///
    /// # Errors
    /// `Internal` where the plan does not come from this catalogue.
    pub fn condition(self, query: &mut Query, plan: &Plan) -> Result<()> {
        match plan {
            Plan::All(parts) => self.joined(query, parts, " and ", "true"),
            Plan::Any(parts) => self.joined(query, parts, " or ", "false"),
            Plan::None(parts) => {
                query.push("not coalesce(");
                self.joined(query, parts, " or ", "false")?;
                query.push(", false)");
                Ok(())
            }
            Plan::Field(test) => self.field(query, test),
            Plan::Linked(test) => self.linked(query, test),
            Plan::Did(test) => {
                self.did(query, test);
                Ok(())
            }
            Plan::Segment { plan, .. } => self.condition(query, plan),
        }
    }

    fn joined(self, query: &mut Query, parts: &[Plan], by: &str, nothing: &str) -> Result<()> {
        query.push("(");
        for (place, part) in parts.iter().enumerate() {
            query.push(if place == 0 { "" } else { by });
            self.condition(query, part)?;
        }
        query.push(if parts.is_empty() { nothing } else { "" }).push(")");
        Ok(())
    }

    fn field(self, query: &mut Query, test: &FieldTest) -> Result<()> {
        query.push(if test.negated { "not coalesce((" } else { "(" });
        for (place, check) in test.checks.iter().enumerate() {
            query.push(if place == 0 { "" } else { " and " });
            self.across(query, &test.path.hops, &test.path.field, check)?;
        }
        query.push(if test.negated { "), false)" } else { ")" });
        Ok(())
    }

    /// A check of the field at the end of a path. The link stands before the inner query, so that the names of tables inside
    /// never hide those outside.
    fn across(self, query: &mut Query, hops: &[(Field, String)], field: &Field, check: &Check) -> Result<()> {
        let Some(((link, target), rest)) = hops.split_first() else { return self.leaf(query, field, check) };
        self.open_link(query, link)?;
        query.push(" in (select r.id");
        self.base(query, target)?;
        query.push(" and ");
        self.across(query, rest, field, check)?;
        query.push(")");
        close_link(query, link);
        Ok(())
    }

    /// Ends in the expression of the reference.
    fn open_link(self, query: &mut Query, link: &Field) -> Result<()> {
        match &link.source {
            Source::Sql(expression) => {
                query.push("(").push(expression).push(")");
                Ok(())
            }
            Source::Custom(_) => {
                self.open_values(query, link)?;
                query.push("fv.v_ref");
                Ok(())
            }
            Source::Money { .. } => Err(Error::internal("money is no link")),
        }
    }

    /// Rows of a field that the organization has added, of the record `r`; to be closed with a bracket.
    fn open_values(self, query: &mut Query, field: &Field) -> Result<()> {
        let Source::Custom(id) = &field.source else { return Err(Error::internal("a declared field has no rows")) };
        query.push("exists (select 1 from field_values fv where fv.organization_id = ").push_bind(self.organization);
        query.push(" and fv.field_id = ").push_bind(*id);
        query.push(" and fv.entity_id = r.id and ");
        Ok(())
    }

    fn leaf(self, query: &mut Query, field: &Field, check: &Check) -> Result<()> {
        if !fits(check, &field.kind) {
            return Err(Error::internal("a check does not fit its field"));
        }
        match &field.source {
            Source::Sql(expression) if matches!(field.kind, Kind::MultiChoice(_)) => {
                query.push("exists (select 1 from unnest(").push(expression).push(") word where ");
                compare(query, &field.kind, &Place { value: "word", currency: "" }, check);
                query.push(")");
            }
            Source::Sql(expression) => compare(query, &field.kind, &Place { value: expression, currency: "" }, check),
            Source::Money { minor, currency } => compare(query, &field.kind, &Place { value: minor, currency }, check),
            Source::Custom(_) => {
                self.open_values(query, field)?;
                let column = ["fv.", field.kind.column()].concat();
                compare(query, &field.kind, &Place { value: &column, currency: "fv.v_text" }, check);
                query.push(")");
            }
        }
        Ok(())
    }

    fn linked(self, query: &mut Query, test: &LinkedTest) -> Result<()> {
        query.push(if test.negated { "not coalesce(" } else { "(" });
        match &test.by.source {
            Source::Sql(expression) => {
                query.push("r.id in (select ").push(expression);
                self.base(query, &test.entity_type)?;
                query.push(" and ");
                self.condition(query, &test.plan)?;
            }
            Source::Custom(id) => {
                query.push("r.id in (select fv.v_ref from field_values fv where fv.organization_id = ").push_bind(self.organization);
                query.push(" and fv.field_id = ").push_bind(*id);
                query.push(" and fv.entity_id in (select r.id");
                self.base(query, &test.entity_type)?;
                query.push(" and ");
                self.condition(query, &test.plan)?;
                query.push(")");
            }
            Source::Money { .. } => return Err(Error::internal("money is no link")),
        }
        query.push(if test.negated { "), false)" } else { "))" });
        Ok(())
    }

    /// No more entries are counted than are asked for.
    fn did(self, query: &mut Query, test: &DidTest) {
        query.push("(select count(*) from (select 1 from actions a where a.organization_id = ").push_bind(self.organization);
        query.push(" and a.entity_id = r.id and a.action = ").push_bind(test.action.clone());
        if let Some(from) = test.from {
            query.push(" and a.at >= ").push_bind(from);
        }
        if let Some(before) = test.before {
            query.push(" and a.at < ").push_bind(before);
        }
        let least = i64::from(test.at_least);
        query.push(" limit ").push_bind(least).push(") done) >= ").push_bind(least);
    }
}

fn close_link(query: &mut Query, link: &Field) {
    if matches!(link.source, Source::Custom(_)) {
        query.push(")");
    }
}

/// A check of one value. An empty text is no value.
fn compare(query: &mut Query, kind: &Kind, place: &Place<'_>, check: &Check) {
    let value = place.value;
    query.push("(");
    match check {
        Check::Present if is_text(kind) || is_choice(kind) => {
            query.push(value).push(" <> ''");
        }
        Check::Present => {
            query.push("(").push(value).push(") is not null");
        }
        Check::Text(texts) => match texts.as_slice() {
            [text] => {
                query.push(value).push(" = ").push_bind(text.clone());
            }
            texts => {
                query.push(value).push(" = any(").push_bind(texts.to_vec()).push(")");
            }
        },
        Check::Contains(part) => {
            query.push("strpos(folded(").push(value).push("), ").push_bind(part.clone()).push(") > 0");
        }
        Check::StartsWith(part) => {
            query.push("starts_with(folded(").push(value).push("), ").push_bind(part.clone()).push(")");
        }
        Check::Id(ids) => match ids.as_slice() {
            [id] => {
                query.push(value).push(" = ").push_bind(*id);
            }
            ids => {
                query.push(value).push(" = any(").push_bind(ids.to_vec()).push(")");
            }
        },
        Check::Bool(truth) => {
            query.push("(").push(value).push(") = ").push_bind(*truth);
        }
        Check::Number(range) => numbers(query, value, range),
        Check::Money(currency, range) => {
            query.push(place.currency).push(" = ").push_bind(currency.clone()).push(" and ");
            numbers(query, value, range);
        }
        Check::Date { from, before } => ends(query, value, *from, *before),
        Check::Instant { from, before } => ends(query, value, *from, *before),
    }
    query.push(")");
}

fn numbers(query: &mut Query, value: &str, range: &Range<Decimal>) {
    if range.least.is_some() && range.least == range.most {
        query.push("(").push(value).push(") = ");
        number(query, range.least);
        return;
    }
    query.push("(").push(value).push(") is not null");
    if range.least.is_some() {
        query.push(" and (").push(value).push(if range.above { ") > " } else { ") >= " });
        number(query, range.least);
    }
    if range.most.is_some() {
        query.push(" and (").push(value).push(if range.below { ") < " } else { ") <= " });
        number(query, range.most);
    }
}

/// A decimal is bound as text, which loses no digit.
fn number(query: &mut Query, number: Option<Decimal>) {
    query.push_bind(number.unwrap_or_default().to_string()).push("::numeric");
}

fn ends<T>(query: &mut Query, value: &str, from: Option<T>, before: Option<T>)
where
    T: sqlx::Type<Postgres> + for<'q> sqlx::Encode<'q, Postgres> + Send + 'static,
{
    query.push("(").push(value).push(") is not null");
    if let Some(from) = from {
        query.push(" and (").push(value).push(") >= ").push_bind(from);
    }
    if let Some(before) = before {
        query.push(" and (").push(value).push(") < ").push_bind(before);
    }
}

/// Whether every check is of a kind of value that can pass it.
fn fits(check: &Check, kind: &Kind) -> bool {
    match check {
        Check::Present => true,
        Check::Text(_) => is_text(kind) || is_choice(kind),
        Check::Contains(_) | Check::StartsWith(_) => is_text(kind),
        Check::Id(_) => matches!(kind, Kind::Reference(_)),
        Check::Bool(_) => matches!(kind, Kind::Boolean),
        Check::Number(_) => matches!(kind, Kind::Number | Kind::Percent),
        Check::Money(..) => matches!(kind, Kind::Money),
        Check::Date { .. } => matches!(kind, Kind::Date),
        Check::Instant { .. } => matches!(kind, Kind::DateTime),
    }
}

/// Whether it holds a text that people write.
pub(crate) fn is_text(kind: &Kind) -> bool {
    matches!(kind, Kind::Text | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url)
}

/// Whether it holds words of a list.
pub(crate) fn is_choice(kind: &Kind) -> bool {
    matches!(kind, Kind::Choice(_) | Kind::MultiChoice(_))
}
