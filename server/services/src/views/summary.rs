//! Counts, groups and measures of all records that pass a filter.

use platform::{Error, Result, Tx, id::EntityId};
use sqlx::{Postgres, QueryBuilder};
use std::collections::HashMap;

use super::{
    Aggregate, GROUPS, Group, Measure, Summary, SummaryQuery, groupable,
    known::{Known, in_time},
    order::{push_currency, push_value},
    rows,
};
use crate::{
    filter::{
        Field, Plan,
        sql::{is_choice, is_text},
    },
    records::{Kind, Value},
};

/// How many measures a list may have.
const AGGREGATES: usize = 20;

/// How many records pass a filter, how many by each value of a field, and what is measured of them.
///
/// # Errors
/// `NotFound` where the type may not be seen, `Invalid`.
pub async fn summary(tx: &mut Tx, entity_type: &str, query: &SummaryQuery) -> Result<Summary> {
    let mut known = Known::of(tx, entity_type).await?;
    let plan = known.plan(tx, &query.filter, "filter").await?;
    let aggregates = aggregates(&known, &query.aggregates)?;
    let group = match &query.group {
        None => None,
        Some(key) => {
            let field = known.field(key, "group")?.clone();
            if !groupable(&field.kind) {
                return Err(Error::invalid("group", "kind", "A list cannot be grouped by this field."));
            }
            Some(field)
        }
    };
    let asked = Asked { known: &known, plan: &plan };
    let nothing = || vec![Vec::new(); aggregates.len()];
    let mut summary = Summary { count: asked.count(tx).await?, measures: nothing(), groups: Vec::new() };
    for (place, (field, measure)) in aggregates.iter().enumerate() {
        summary.measures[place] = asked.measured(tx, None, field, *measure).await?.into_iter().map(|(_, value)| value).collect();
    }
    let Some(group) = group else { return Ok(summary) };
    summary.groups = asked.groups(tx, &group).await?;
    for group in &mut summary.groups {
        group.measures = nothing();
    }
    for (place, (field, measure)) in aggregates.iter().enumerate() {
        for (key, value) in asked.measured(tx, Some(&group), field, *measure).await? {
            if let Some(group) = summary.groups.iter_mut().find(|group| group.key == key) {
                group.measures[place].push(value);
            }
        }
    }
    Ok(summary)
}

/// The fields that are measured.
///
/// # Errors
/// `Invalid`.
pub(super) fn aggregates(known: &Known, wanted: &[Aggregate]) -> Result<Vec<(Field, Measure)>> {
    if wanted.len() > AGGREGATES {
        return Err(Error::invalid("aggregates", "too_many", format!("At most {AGGREGATES} measures are possible.")));
    }
    let read = |(place, aggregate): (usize, &Aggregate)| {
        let at = format!("aggregates[{place}]");
        let field = known.field(&aggregate.field, &format!("{at}.field"))?;
        if !measurable(&field.kind, aggregate.measure) {
            return Err(Error::invalid(&format!("{at}.measure"), "kind", "This cannot be measured of this field."));
        }
        Ok((field.clone(), aggregate.measure))
    };
    wanted.iter().enumerate().map(read).collect()
}

fn measurable(kind: &Kind, measure: Measure) -> bool {
    match measure {
        Measure::Count => !matches!(kind, Kind::MultiChoice(_)),
        Measure::Sum | Measure::Average => matches!(kind, Kind::Number | Kind::Percent | Kind::Money),
        Measure::Least | Measure::Most => matches!(kind, Kind::Number | Kind::Percent | Kind::Money | Kind::Date | Kind::DateTime),
    }
}

struct Asked<'a> {
    known: &'a Known,
    plan: &'a Plan,
}

impl Asked<'_> {
    fn filtered(&self, tx: &Tx, query: &mut QueryBuilder<Postgres>) -> Result<()> {
        let compiler = self.known.compiler(tx);
        compiler.base(query, &self.known.entity_type)?;
        query.push(" and ");
        compiler.condition(query, self.plan)
    }

    async fn count(&self, tx: &mut Tx) -> Result<i64> {
        let mut query = QueryBuilder::new("select count(*)");
        self.filtered(tx, &mut query)?;
        in_time(query.build_query_scalar().fetch_one(tx.conn()).await)
    }

    async fn groups(&self, tx: &mut Tx, field: &Field) -> Result<Vec<Group>> {
        let mut query = QueryBuilder::new("select t.g, count(*) from (select ");
        push_group(&mut query, tx, Some(field));
        query.push(" as g");
        self.filtered(tx, &mut query)?;
        query.push(") t group by t.g order by count(*) desc, t.g limit ").push_bind(GROUPS);
        let counted: Vec<(Option<String>, i64)> = in_time(query.build_query_as().fetch_all(tx.conn()).await)?;
        let names: HashMap<EntityId, String> = match &field.kind {
            Kind::Reference(target) => {
                let ids: Vec<EntityId> = counted.iter().filter_map(|(key, _)| key.as_deref()?.parse().ok()).collect();
                rows::names_of(tx, target, &ids).await?.into_iter().collect()
            }
            _ => HashMap::new(),
        };
        let label = |key: &str| match &field.kind {
            Kind::Reference(_) => key.parse().ok().and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            kind => kind.choices().iter().find(|choice| choice.key == key).map_or(key.to_owned(), |choice| choice.label.clone()),
        };
        Ok(counted
            .into_iter()
            .map(|(key, count)| Group { label: key.as_deref().map(label).unwrap_or_default(), key, count, measures: Vec::new() })
            .collect())
    }

    /// A measure by group and, of money, by currency.
    async fn measured(&self, tx: &mut Tx, group: Option<&Field>, field: &Field, measure: Measure) -> Result<Vec<(Option<String>, String)>> {
        let organization = tx.organization();
        let mut query = QueryBuilder::new("select t.g, t.c, ");
        query.push(match (measure, &field.kind) {
            (Measure::Count, _) => "count(*)::text",
            (Measure::Sum, _) => "trim_scale(sum(t.v)::numeric)::text",
            (Measure::Average, Kind::Money) => "round(avg(t.v))::text",
            (Measure::Average, _) => "trim_scale(round(avg(t.v), 4))::text",
            (Measure::Least, Kind::DateTime) => "to_char(min(t.v) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
            (Measure::Most, Kind::DateTime) => "to_char(max(t.v) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
            (Measure::Least, Kind::Date) => "min(t.v)::text",
            (Measure::Most, Kind::Date) => "max(t.v)::text",
            (Measure::Least, _) => "trim_scale(min(t.v)::numeric)::text",
            (Measure::Most, _) => "trim_scale(max(t.v)::numeric)::text",
        });
        query.push(" from (select ");
        push_group(&mut query, tx, group);
        query.push(" as g, ");
        // How many are filled is one number, whatever their currencies.
        match measure {
            Measure::Count => {
                query.push("''");
            }
            _ => push_currency(&mut query, organization, field),
        }
        query.push(" as c, ");
        push_value(&mut query, organization, field);
        query.push(" as v");
        self.filtered(tx, &mut query)?;
        query.push(") t where ").push(if is_text(&field.kind) || is_choice(&field.kind) { "t.v <> ''" } else { "t.v is not null" });
        query.push(" group by t.g, t.c order by t.g, t.c limit 2000");
        let rows: Vec<(Option<String>, Option<String>, Option<String>)> = in_time(query.build_query_as().fetch_all(tx.conn()).await)?;
        let told = |(group, currency, value): (Option<String>, Option<String>, Option<String>)| {
            let value = value?;
            let money = field.kind == Kind::Money && measure != Measure::Count;
            let minor = money.then(|| value.parse::<i64>().ok()).flatten();
            Some((group, minor.map_or(value, |minor| Value::Money { minor, currency: currency.unwrap_or_default() }.plain())))
        };
        Ok(rows.into_iter().filter_map(told).collect())
    }
}

/// The value by which records are grouped, as a filter names it.
fn push_group(query: &mut QueryBuilder<Postgres>, tx: &Tx, field: Option<&Field>) {
    let Some(field) = field else {
        query.push("null::text");
        return;
    };
    query.push("nullif((");
    push_value(query, tx.organization(), field);
    query.push(")::text, '')");
}
