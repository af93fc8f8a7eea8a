//! Whether the record of a line is there already: among all records, and further up in the file. Humans are told apart as
//! duplicates are found elsewhere (`crate::duplicates`), everything else by one value in common.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::{
    Result, Tx,
    id::{EntityId, FieldId},
};
use sqlx::{Postgres, QueryBuilder};

use super::RecordImport;
use crate::{
    duplicates::{Evidence, LEAST, score},
    persons,
    records::{FieldInfo, Kind, RecordSource, Value, Values, push_base, reach},
};

/// Something by which a record is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    pub(super) field: String,
    /// `email`, `phone`, `code` or `text`: how it is compared.
    kind: &'static str,
    /// As it is compared.
    key: String,
    /// Whether it is looked for; otherwise it only must not come twice.
    asked: bool,
    unique: bool,
}

/// By what a line is recognised.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Signs {
    pub(super) signs: Vec<Sign>,
    /// Of a human.
    name: String,
    birth_date: Option<NaiveDate>,
}

impl Signs {
    /// What the values of a line say.
    pub(super) fn of(values: &Values, fields: &[FieldInfo], match_by: &[String], unique: &[String]) -> Signs {
        let text = |key: &str| values.get(key).and_then(Value::text).unwrap_or_default().trim().to_owned();
        let mut signs = Vec::new();
        for field in fields {
            let (asked, unique) = (match_by.contains(&field.key), unique.contains(&field.key));
            let Some(value) = values.get(&field.key).filter(|_| asked || unique) else { continue };
            // An organization's own field is compared as its own rules compare it.
            let kind = match field.kind {
                Kind::Email if field.custom.is_none() => "email",
                Kind::Phone if field.custom.is_none() => "phone",
                // A module's number is one however it is spaced.
                _ if field.custom.is_none() && unique => "code",
                _ => "text",
            };
            signs.push(Sign { field: field.key.clone(), kind, key: value.plain(), asked, unique });
        }
        let name = [text("given_name"), text("family_name")].join(" ").trim().to_owned();
        let birth_date = if let Some(Value::Date(date)) = values.get("birth_date") { Some(*date) } else { None };
        Signs { signs, name, birth_date }
    }

    fn asked(&self) -> impl Iterator<Item = &Sign> {
        self.signs.iter().filter(|sign| sign.asked)
    }
}

impl Sign {
    fn stored(&self) -> String {
        // Of an e-mail address or a number it does not matter in which field it stands.
        let place = if matches!(self.kind, "email" | "phone") { self.kind } else { &self.field };
        [place, ":", &self.key].concat()
    }

    fn stored_unique(&self) -> String {
        ["unique:", &self.field, ":", &self.key].concat()
    }
}

/// Puts what lines are recognised by into the form in which the database compares it: numbers without their country, Gmail's
/// addresses without dots. What has no such form recognises nothing.
pub(super) async fn normalise<'a>(tx: &mut Tx, all: impl Iterator<Item = &'a mut Signs>) -> Result<()> {
    let mut signs: Vec<&mut Signs> = all.collect();
    let (mut kinds, mut keys): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for sign in signs.iter().flat_map(|of| &of.signs) {
        kinds.push(sign.kind);
        keys.push(sign.key.clone());
    }
    let plain: Vec<Option<String>> = sqlx::query_scalar(
        "select left(case s.kind when 'email' then email_key(s.key) when 'phone' then phone_key(s.key)
                when 'code' then nullif(regexp_replace(lower(s.key), '[^[:alnum:]]', '', 'g'), '')
                else nullif(lower(trim(s.key)), '') end, 500)
         from unnest($1::text[], $2::text[]) with ordinality as s (kind, key, place) order by s.place",
    )
    .bind(kinds)
    .bind(keys)
    .fetch_all(tx.conn())
    .await?;
    let mut plain = plain.into_iter();
    for of in &mut signs {
        let taken = std::mem::take(&mut of.signs);
        of.signs = taken.into_iter().filter_map(|sign| Some(Sign { key: plain.next().flatten()?, ..sign })).collect();
    }
    Ok(())
}

/// What else has the same signs.
#[derive(Clone, Debug, PartialEq)]
struct Found<T> {
    of: T,
    evidence: Evidence,
    /// By a field that somebody has chosen for it, which leaves no doubt.
    sure: bool,
}

impl<T> Found<T> {
    /// How likely it is the same; none if it is rather not.
    fn likely(&self, human: bool) -> Option<i32> {
        match (self.sure, human) {
            (true, _) => Some(100),
            (false, false) => Some(LEAST),
            (false, true) => Some(score(&self.evidence).0).filter(|percent| *percent >= LEAST),
        }
    }
}

fn birthdays(one: Option<NaiveDate>, other: Option<NaiveDate>) -> (bool, bool) {
    match (one, other) {
        (Some(one), Some(other)) => (one == other, one != other),
        _ => (false, false),
    }
}

/// The records that lines are recognised as, by the lines' places: the likeliest, and of several the oldest.
pub(super) async fn existing(
    tx: &mut Tx,
    import: &RecordImport,
    source: &RecordSource,
    fields: &[FieldInfo],
    lines: &[&Signs],
) -> Result<BTreeMap<usize, (EntityId, String)>> {
    let state = tx.state().clone();
    let of = import.entity_type.as_str();
    let human = persons::types(&state).contains(&of);
    let mut found: BTreeMap<usize, Vec<Found<(EntityId, String)>>> = BTreeMap::new();
    if human {
        // Whoever is a person already is not to be one again, whatever products hold of them; a patient is to be a patient.
        let types = if of == "person" { persons::visible(tx).await? } else { vec![of.to_owned()] };
        humans(tx, &types, lines, &mut found).await?;
    }
    let named = source.column("given_name").zip(source.column("family_name"));
    for field in fields.iter().filter(|field| import.settings.match_by.contains(&field.key)) {
        if human && matches!(field.kind, Kind::Email | Kind::Phone) && field.custom.is_none() {
            continue;
        }
        by_field(tx, (of, source), field, named, lines, &mut found).await?;
    }
    let human = human || named.is_some();
    let best = |found: Vec<Found<(EntityId, String)>>| {
        let likely = found.into_iter().filter_map(|found| Some((found.likely(human)?, found.of)));
        likely.min_by_key(|(percent, (id, _))| (-percent, *id)).map(|(_, of)| of)
    };
    Ok(found.into_iter().filter_map(|(place, found)| Some((place, best(found)?))).collect())
}

type Human = (i32, EntityId, String, bool, bool, Option<NaiveDate>, f32);

/// Humans by e-mail and telephone, wherever it stands of them.
async fn humans(
    tx: &mut Tx,
    types: &[String],
    lines: &[&Signs],
    found: &mut BTreeMap<usize, Vec<Found<(EntityId, String)>>>,
) -> Result<()> {
    let (mut places, mut kinds, mut keys, mut names) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (place, of) in lines.iter().enumerate() {
        for sign in of.asked().filter(|sign| matches!(sign.kind, "email" | "phone")) {
            places.push(i32::try_from(place).unwrap_or_default());
            kinds.push(sign.kind);
            keys.push(sign.key.clone());
            names.push(of.name.clone());
        }
    }
    let organization = tx.organization();
    let rows: Vec<Human> = sqlx::query_as(
        "select a.place, e.id, e.entity_type, bool_or(k.kind = 'email'), bool_or(k.kind = 'phone'), p.birth_date,
                similarity(normalised(a.name), normalised(p.given_name || ' ' || p.family_name))
         from unnest($2::integer[], $3::text[], $4::text[], $5::text[]) as a (place, kind, key, name)
         join person_keys k on k.organization_id = $1 and k.kind = a.kind and k.key = a.key
         join persons p on p.organization_id = $1 and p.id = k.person_id
         join entities e on e.organization_id = $1 and e.id = p.id
         where e.deleted_at is null and e.merged_into is null and e.entity_type = any ($6)
         group by a.place, a.name, e.id, e.entity_type, p.birth_date, p.given_name, p.family_name",
    )
    .bind(organization)
    .bind(places)
    .bind(kinds)
    .bind(keys)
    .bind(names)
    .bind(types)
    .fetch_all(tx.conn())
    .await?;
    for (place, id, entity_type, email, phone, birth, names) in rows {
        let place = usize::try_from(place).unwrap_or_default();
        let (birth_date, other_birth_date) = birthdays(lines.get(place).and_then(|of| of.birth_date), birth);
        let evidence = Evidence { email, phone, birth_date, other_birth_date, names, ..Evidence::default() };
        found.entry(place).or_default().push(Found { of: (id, entity_type), evidence, sure: false });
    }
    Ok(())
}

/// Records of a type by one of its fields.
async fn by_field(
    tx: &mut Tx,
    (entity_type, source): (&str, &RecordSource),
    field: &FieldInfo,
    named: Option<(&'static str, &'static str)>,
    lines: &[&Signs],
    found: &mut BTreeMap<usize, Vec<Found<(EntityId, String)>>>,
) -> Result<()> {
    let (mut places, mut keys, mut names, mut kind) = (Vec::new(), Vec::new(), Vec::new(), "text");
    for (place, of) in lines.iter().enumerate() {
        for sign in of.asked().filter(|sign| sign.field == field.key) {
            places.push(i32::try_from(place).unwrap_or_default());
            keys.push(sign.key.clone());
            names.push(of.name.clone());
            kind = sign.kind;
        }
    }
    if places.is_empty() {
        return Ok(());
    }
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new("with a as materialized (select * from unnest(");
    query.push_bind(places).push("::integer[], ").push_bind(keys).push("::text[], ").push_bind(names);
    query.push("::text[]) as a (place, key, name)), b as (select r.id, ");
    match (field.custom, source.column(&field.key)) {
        (Some(id), _) => own(&mut query, tx, entity_type, id),
        (None, Some(column)) => {
            let compared = match kind {
                "email" => ["email_key(", column, ")"].concat(),
                "phone" => ["phone_key(", column, ")"].concat(),
                "code" => ["left(regexp_replace(lower(", column, "), '[^[:alnum:]]', '', 'g'), 500)"].concat(),
                _ => ["left(lower(trim(", column, ")), 500)"].concat(),
            };
            query.push(compared).push(" as key, ");
            match named {
                Some((given, family)) => query.push(given).push(" || ' ' || ").push(family),
                None => query.push("''::text"),
            };
            query.push(" as name");
            push_base(&mut query, tx, source, entity_type);
        }
        (None, None) => return Ok(()),
    }
    query.push(") select a.place, b.id, similarity(normalised(a.name), normalised(b.name)) from a join b on b.key = a.key");
    let rows: Vec<(i32, EntityId, f32)> = query.build_query_as().fetch_all(tx.conn()).await?;
    for (place, id, names) in rows {
        let place = usize::try_from(place).unwrap_or_default();
        let (email, phone) = (kind == "email", kind == "phone");
        let evidence = Evidence { email, phone, names, ..Evidence::default() };
        found.entry(place).or_default().push(Found { of: (id, entity_type.to_owned()), evidence, sure: !(email || phone) });
    }
    Ok(())
}

/// The values of one of the organization's own fields, as unique ones are compared.
fn own(query: &mut QueryBuilder<Postgres>, tx: &Tx, entity_type: &str, field: FieldId) {
    query.push("left(lower(trim(v.v_text)), 500) as key, ''::text as name from field_values v");
    query.push(" join entities e on e.organization_id = v.organization_id and e.id = v.entity_id");
    query.push(" cross join lateral (select e.id) r where v.organization_id = ");
    query.push_bind(tx.organization()).push(" and v.field_id = ").push_bind(field);
    query.push(" and e.entity_type = ").push_bind(entity_type.to_owned()).push(" and e.deleted_at is null and e.merged_into is null");
    reach::push(query, reach::of(tx, entity_type).as_ref());
}

/// The line further up that is recognised by the same.
pub(super) async fn above(tx: &mut Tx, import: &RecordImport, human: bool, of: &Signs) -> Result<Option<i32>> {
    let keys: Vec<String> = of.asked().map(Sign::stored).collect();
    if keys.is_empty() {
        return Ok(None);
    }
    let organization = tx.organization();
    let rows: Vec<(i32, bool, bool, bool, Option<NaiveDate>, f32)> = sqlx::query_as(
        "select k.line, bool_or(starts_with(k.key, 'email:')), bool_or(starts_with(k.key, 'phone:')),
                bool_or(not starts_with(k.key, 'email:') and not starts_with(k.key, 'phone:')),
                k.birth_date, similarity(normalised(k.name), normalised($4))
         from import_keys k where k.organization_id = $1 and k.import_id = $2 and k.key = any ($3)
         group by k.line, k.birth_date, k.name order by k.line limit 100",
    )
    .bind(organization)
    .bind(import.id)
    .bind(keys)
    .bind(&of.name)
    .fetch_all(tx.conn())
    .await?;
    let same = rows.into_iter().find(|(_, email, phone, text, birth, names)| {
        let (birth_date, other_birth_date) = birthdays(of.birth_date, *birth);
        let evidence = Evidence { email: *email, phone: *phone, birth_date, other_birth_date, names: *names, ..Evidence::default() };
        Found { of: (), evidence, sure: *text }.likely(human).is_some()
    });
    Ok(same.map(|(line, ..)| line))
}

/// A value of the line that no two records have and that stands further up: its field and that line.
pub(super) async fn taken(tx: &mut Tx, import: &RecordImport, of: &Signs) -> Result<Option<(String, i32)>> {
    let unique: Vec<&Sign> = of.signs.iter().filter(|sign| sign.unique).collect();
    if unique.is_empty() {
        return Ok(None);
    }
    let keys: Vec<String> = unique.iter().map(|sign| sign.stored_unique()).collect();
    let found = by_key(tx, import, &keys).await?;
    Ok(found.and_then(|(key, line)| unique.iter().find(|sign| sign.stored_unique() == key).map(|sign| (sign.field.clone(), line))))
}

/// The first line that kept one of these keys.
async fn by_key(tx: &mut Tx, import: &RecordImport, keys: &[String]) -> Result<Option<(String, i32)>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select key, line from import_keys where organization_id = $1 and import_id = $2 and key = any ($3) order by line, key limit 1",
    )
    .bind(organization)
    .bind(import.id)
    .bind(keys)
    .fetch_optional(tx.conn())
    .await?)
}

/// The line further up from which something was filled into a record.
pub(super) async fn filled(tx: &mut Tx, import: &RecordImport, record: EntityId) -> Result<Option<i32>> {
    Ok(by_key(tx, import, &[record_key(record)]).await?.map(|(_, line)| line))
}

fn record_key(record: EntityId) -> String {
    format!("record:{record}")
}

/// Keeps by what a line is recognised from which a record was made, or something filled into one.
pub(super) async fn keep(tx: &mut Tx, import: &RecordImport, line: i32, of: &Signs, record: Option<EntityId>) -> Result<()> {
    let mut keys: Vec<String> = of.asked().map(Sign::stored).collect();
    keys.extend(of.signs.iter().filter(|sign| sign.unique).map(Sign::stored_unique));
    keys.extend(record.map(record_key));
    if keys.is_empty() {
        return Ok(());
    }
    let organization = tx.organization();
    sqlx::query(
        "insert into import_keys (organization_id, import_id, key, line, name, birth_date)
         select $1, $2, k.key, $4, $5, $6 from unnest($3::text[]) as k (key) on conflict do nothing",
    )
    .bind(organization)
    .bind(import.id)
    .bind(keys)
    .bind(line)
    .bind(&of.name)
    .bind(of.birth_date)
    .execute(tx.conn())
    .await?;
    Ok(())
}
