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
    let asked = Asked { known: &known, plan: &plan, group: group.as_ref(), aggregates: &aggregates };
    let mut summary = asked.told(tx).await?;
    if let Some(Kind::Reference(target)) = group.as_ref().map(|group| &group.kind) {
        let ids: Vec<EntityId> = summary.groups.iter().filter_map(|group| group.key.as_deref()?.parse().ok()).collect();
        let names: HashMap<String, String> =
            rows::names_of(tx, target, &ids).await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        for group in &mut summary.groups {
            group.label = group.key.as_ref().and_then(|key| names.get(key).cloned()).unwrap_or_default();
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
    group: Option<&'a Field>,
    aggregates: &'a [(Field, Measure)],
}

/// A line of the answer: which measure, whether of a group, its place there, the group, the currency and the value.
type Line = (i32, bool, i64, String, Option<String>, Option<String>);
/// What a line tells that counts records and measures nothing.
const COUNT: i32 = -1;

impl Asked<'_> {
    /// Everything in one statement: the records that pass are looked for once, and kept aside with their groups and the
    /// values that are measured.
    async fn told(&self, tx: &mut Tx) -> Result<Summary> {
        let mut query = QueryBuilder::new("with t as materialized (select ");
        self.push_values(&mut query, tx)?;
        query.push("), top as (select g, count(*) as n from t group by g order by n desc, nullif(g, '') limit ").push_bind(GROUPS);
        query.push(") select -1 as place, false as grouped, 0::bigint as nth, ''::text as g, null::text as c, count(*)::text as v from t");
        if self.group.is_some() {
            query.push(" union all select -1, true, row_number() over (order by n desc, nullif(g, '')), g, null, n::text from top");
        }
        for (place, (field, measure)) in self.aggregates.iter().enumerate() {
            push_measured(&mut query, place, field, *measure, false);
            if self.group.is_some() {
                push_measured(&mut query, place, field, *measure, true);
            }
        }
        query.push(" order by place, grouped, nth");
        let lines: Vec<Line> = in_time(query.build_query_as().fetch_all(tx.conn()).await)?;
        Ok(self.read(lines))
    }

    /// The records that pass, as rows of their group, and each measure's value and currency.
    fn push_values(&self, query: &mut QueryBuilder<Postgres>, tx: &Tx) -> Result<()> {
        let organization = tx.organization();
        push_group(query, tx, self.group);
        query.push(" as g");
        for (place, (field, measure)) in self.aggregates.iter().enumerate() {
            query.push(", ");
            // How many are filled is one number, whatever their currencies.
            if *measure == Measure::Count {
                query.push("''::text");
            } else {
                push_currency(query, organization, field);
            }
            query.push(format!(" as c{place}, "));
            push_value(query, organization, field);
            query.push(format!(" as v{place}"));
        }
        let compiler = self.known.compiler(tx);
        compiler.base(query, &self.known.entity_type)?;
        query.push(" and ");
        compiler.condition(query, self.plan)
    }

    fn read(&self, lines: Vec<Line>) -> Summary {
        let nothing = || vec![Vec::new(); self.aggregates.len()];
        let mut summary = Summary { count: 0, measures: nothing(), groups: Vec::new() };
        for (place, grouped, _, group, currency, value) in lines {
            let Some(value) = value else { continue };
            let counted = || value.parse().unwrap_or_default();
            match (place, grouped) {
                (COUNT, false) => summary.count = counted(),
                (COUNT, true) => {
                    let key = Some(group).filter(|key| !key.is_empty());
                    let label = key.as_deref().map(|key| self.label(key)).unwrap_or_default();
                    summary.groups.push(Group { key, label, count: counted(), measures: nothing() });
                }
                (place, grouped) => {
                    let Ok(place) = usize::try_from(place) else { continue };
                    let Some((field, measure)) = self.aggregates.get(place) else { continue };
                    let mut groups = summary.groups.iter_mut();
                    let of = if grouped {
                        groups.find(|one| one.key.as_deref().unwrap_or_default() == group).map(|one| &mut one.measures)
                    } else {
                        Some(&mut summary.measures)
                    };
                    if let Some(of) = of {
                        of[place].push(spoken(field, *measure, value, currency));
                    }
                }
            }
        }
        summary
    }

    /// What a group is called; references are named afterwards.
    fn label(&self, key: &str) -> String {
        let choices = self.group.map(|field| field.kind.choices()).unwrap_or_default();
        choices.iter().find(|choice| choice.key == key).map_or(key.to_owned(), |choice| choice.label.clone())
    }
}

/// A measure of all records or of the groups that are told, by currency.
fn push_measured(query: &mut QueryBuilder<Postgres>, place: usize, field: &Field, measure: Measure, grouped: bool) {
    let (g, from) = if grouped { ("t.g", " as g from t join top on top.g = t.g") } else { ("''::text", " as g from t") };
    query.push(format!(" union all select {place}, {grouped}, row_number() over (order by t.g, t.c), t.g, t.c, "));
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
    query.push(format!(" from (select t.c{place} as c, t.v{place} as v, {g}{from}) t where "));
    query.push(if is_text(&field.kind) || is_choice(&field.kind) { "t.v <> ''" } else { "t.v is not null" });
    query.push(" group by t.g, t.c");
}

/// A measured value as it is told: an amount in its currency.
fn spoken(field: &Field, measure: Measure, value: String, currency: Option<String>) -> String {
    let money = field.kind == Kind::Money && measure != Measure::Count;
    let minor = money.then(|| value.parse::<i64>().ok()).flatten();
    minor.map_or(value, |minor| Value::Money { minor, currency: currency.unwrap_or_default() }.plain())
}

/// The value by which records are grouped, as a filter names it; nothing for those that are empty there.
fn push_group(query: &mut QueryBuilder<Postgres>, tx: &Tx, field: Option<&Field>) {
    let Some(field) = field else {
        query.push("''::text");
        return;
    };
    query.push("coalesce((");
    push_value(query, tx.organization(), field);
    query.push(")::text, '')");
}
