//! Pairs in the database: by keys that both have, and by likeness of names among those who share a date of birth or a domain.
//! All of it joins by equality, so that indexes and hashes serve; likeness is only looked at among few.

use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, EntityRef},
};
use serde_json::json;

use super::{Candidate, Duplicate, Evidence, LEAST, PairDecision, score};
use crate::{
    core::{PERSONS_MERGE, PERSONS_READ},
    persons,
};

/// How many pairs are told at once.
const MOST: i64 = 200;
/// Domains that say nothing of whom somebody works with.
const EVERYBODYS: [&str; 26] = [
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "wp.pl",
    "o2.pl",
    "onet.pl",
    "op.pl",
    "interia.pl",
    "interia.eu",
    "gazeta.pl",
    "poczta.onet.pl",
    "tlen.pl",
    "vp.pl",
    "yandex.com",
];

#[derive(sqlx::FromRow)]
struct Pair {
    one: EntityId,
    one_type: String,
    one_name: String,
    one_birth: Option<chrono::NaiveDate>,
    one_email: Option<String>,
    one_phone: Option<String>,
    other: EntityId,
    other_type: String,
    other_name: String,
    other_birth: Option<chrono::NaiveDate>,
    other_email: Option<String>,
    other_phone: Option<String>,
    national_id: bool,
    email: bool,
    phone: bool,
    domain: bool,
    names: f32,
}

/// The records that may be a duplicate of one person: found by indexes, each way for itself.
const OF_ONE: &str = "candidates as materialized (
        select $4::uuid as id
        union select b.person_id from person_keys a join person_keys b on b.organization_id = $1 and b.kind = a.kind and b.key = a.key
            where a.organization_id = $1 and a.person_id = $4
        union (select b.id from persons a join persons b on b.organization_id = $1 and b.birth_date = a.birth_date
            where a.organization_id = $1 and a.id = $4 limit 500)
        union (select b.id from persons a join persons b on b.organization_id = $1
            and split_part(b.email_key, '@', 2) = split_part(a.email_key, '@', 2) and split_part(a.email_key, '@', 2) <> all ($3)
            where a.organization_id = $1 and a.id = $4 limit 500)
    ),";

macro_rules! pairs {
    ($candidates:expr, $among:expr, $only:expr) => {
        [
            "with ",
            $candidates,
            " humans as materialized (
                select p.id, e.entity_type, p.given_name || ' ' || p.family_name as name,
                    normalised(p.given_name || ' ' || p.family_name) as plain, p.birth_date, p.email, p.phone, p.national_id,
                    split_part(p.email_key, '@', 2) as domain
                from persons p join entities e on e.organization_id = p.organization_id and e.id = p.id
                where p.organization_id = $1 and e.deleted_at is null and e.merged_into is null and e.entity_type = any ($2)",
            $among,
            " ), keys as materialized (
                select distinct k.person_id, k.kind, k.key from person_keys k join humans h on h.id = k.person_id where k.organization_id = $1
            ), shared as (
                -- What many have is a switchboard or a filler.
                select kind, key from keys group by kind, key having count(*) between 2 and 20
            ), dates as (
                select birth_date from humans where birth_date is not null group by birth_date having count(*) between 2 and 500
            ), domains as (
                select domain from humans where domain <> '' and domain <> all ($3) group by domain having count(*) between 2 and 500
            ), found as (
                select a.person_id as one, b.person_id as other, a.kind from shared s
                    join keys a on a.kind = s.kind and a.key = s.key join keys b on b.kind = s.kind and b.key = s.key
                    where a.person_id < b.person_id
                union all
                select a.id, b.id, 'birth' from dates d join humans a on a.birth_date = d.birth_date join humans b on b.birth_date = d.birth_date
                    where a.id < b.id and similarity(a.plain, b.plain) >= 0.45
                union all
                select a.id, b.id, 'domain' from domains d join humans a on a.domain = d.domain join humans b on b.domain = d.domain
                    where a.id < b.id and similarity(a.plain, b.plain) >= 0.6
            ), pairs as (
                select one, other, bool_or(kind = 'national_id') as national_id, bool_or(kind = 'email') as email,
                    bool_or(kind = 'phone') as phone, bool_or(kind = 'domain') as domain, count(*) as signs
                from found group by one, other
            ), apart as materialized (
                -- What was said of a record holds for the one that has taken it in.
                select least(coalesce(x.merged_into, x.id), coalesce(y.merged_into, y.id)) as one,
                    greatest(coalesce(x.merged_into, x.id), coalesce(y.merged_into, y.id)) as other
                from persons_distinct d
                join entities x on x.organization_id = d.organization_id and x.id = d.one_id
                join entities y on y.organization_id = d.organization_id and y.id = d.other_id
                where d.organization_id = $1
            )
            select a.id as one, a.entity_type as one_type, a.name as one_name, a.birth_date as one_birth, a.email as one_email,
                a.phone as one_phone, b.id as other, b.entity_type as other_type, b.name as other_name, b.birth_date as other_birth,
                b.email as other_email, b.phone as other_phone, p.national_id, p.email, p.phone, p.domain,
                similarity(a.plain, b.plain) as names
            from pairs p join humans a on a.id = p.one join humans b on b.id = p.other
            where not exists (select from apart where apart.one = p.one and apart.other = p.other)
              and (a.national_id is null or b.national_id is null or a.national_id = b.national_id)",
            $only,
            " order by p.national_id desc, p.signs desc, names desc, p.one, p.other limit 1000",
        ]
        .concat()
    };
}

/// Pairs of records that are probably one human, the likeliest first; at most 200.
///
/// # Errors
/// `Denied`.
pub async fn list(tx: &mut Tx) -> Result<Vec<Duplicate>> {
    tx.require(PERSONS_READ)?;
    find(tx, None).await
}

/// With whom a person may be one human, the likeliest first.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn of_person(tx: &mut Tx, person: EntityId) -> Result<Vec<Duplicate>> {
    let person = persons::find(tx, person).await?;
    find(tx, Some(person)).await
}

async fn find(tx: &mut Tx, only: Option<EntityId>) -> Result<Vec<Duplicate>> {
    let types = persons::visible(tx).await?;
    let organization = tx.organization();
    let query = match only {
        Some(_) => pairs!(OF_ONE, " and p.id = any (array(select id from candidates))", " and $4 in (p.one, p.other)"),
        None => pairs!("", "", ""),
    };
    let mut query = sqlx::query_as::<_, Pair>(sqlx::AssertSqlSafe(query)).bind(organization).bind(types).bind(EVERYBODYS.as_slice());
    if let Some(person) = only {
        query = query.bind(person);
    }
    let pairs = query.fetch_all(tx.conn()).await?;
    let mut found: Vec<Duplicate> = pairs.into_iter().map(told).filter(|pair| pair.score >= LEAST).collect();
    found.sort_by_key(|pair| std::cmp::Reverse(pair.score));
    found.truncate(usize::try_from(MOST).unwrap_or_default());
    Ok(found)
}

fn told(pair: Pair) -> Duplicate {
    let known = pair.one_birth.is_some() && pair.other_birth.is_some();
    let evidence = Evidence {
        national_id: pair.national_id,
        email: pair.email,
        phone: pair.phone,
        birth_date: known && pair.one_birth == pair.other_birth,
        other_birth_date: known && pair.one_birth != pair.other_birth,
        domain: pair.domain,
        names: pair.names,
    };
    let (score, reasons) = score(&evidence);
    Duplicate {
        one: Candidate {
            id: pair.one,
            entity_type: pair.one_type,
            name: pair.one_name,
            birth_date: pair.one_birth,
            email: pair.one_email,
            phone: pair.one_phone,
        },
        other: Candidate {
            id: pair.other,
            entity_type: pair.other_type,
            name: pair.other_name,
            birth_date: pair.other_birth,
            email: pair.other_email,
            phone: pair.other_phone,
        },
        score,
        reasons,
    }
}

/// Writes down that a pair is two humans, or takes that back.
///
/// # Errors
/// `Denied`, `NotFound`, `Invalid` (it is one record).
pub async fn decide(tx: &mut Tx, decision: &PairDecision) -> Result<()> {
    tx.require(PERSONS_MERGE)?;
    let (one, other) = (persons::find(tx, decision.one).await?, persons::find(tx, decision.other).await?);
    if one == other {
        return Err(Error::invalid("other", "order", "This is one record."));
    }
    let (first, second) = if one < other { (one, other) } else { (other, one) };
    let (organization, now, user) = (tx.organization(), tx.now(), tx.user());
    let done = if decision.different {
        sqlx::query(
            "insert into persons_distinct (organization_id, one_id, other_id, said_by, at) values ($1, $2, $3, $4, $5)
             on conflict do nothing",
        )
        .bind(organization)
        .bind(first)
        .bind(second)
        .bind(user)
        .bind(now)
        .execute(tx.conn())
        .await?
    } else {
        sqlx::query("delete from persons_distinct where organization_id = $1 and one_id = $2 and other_id = $3")
            .bind(organization)
            .bind(first)
            .bind(second)
            .execute(tx.conn())
            .await?
    };
    if done.rows_affected() > 0 {
        let verb = if decision.different { "found_different" } else { "found_alike" };
        for (of, with) in [(one, other), (other, one)] {
            let entity_type = persons::type_of(tx, of).await?;
            actions::record(tx, EntityRef::new(entity_type, of), verb, None, Some(json!({ "other": with }))).await?;
        }
    }
    Ok(())
}
