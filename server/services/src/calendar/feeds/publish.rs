//! A feed as whoever has its address reads it.

use std::fmt::Write as _;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use platform::{
    Error, Result, State, Tx,
    id::{EntityId, OrganizationId, SessionId, UserId},
    sessions::{Identity, Kind},
    time, tokens,
    tx::Door,
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{
    Detail,
    event::{self, Told},
    lines::Writer,
};
use crate::{
    calendar::{
        Face,
        activities::{self, Sight},
    },
    core::CALENDAR_READ,
};

/// Days before today and after it that a feed shows.
const BACK: Days = Days::new(90);
const AHEAD: Days = Days::new(400);
/// At most so many events.
const MOST: i64 = 5_000;

/// A feed's text.
pub struct Published {
    pub text: String,
    /// The same as long as the text is.
    pub tag: String,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: EntityId,
    user_id: UserId,
    resource_id: Option<EntityId>,
    detail: String,
    name: String,
    clinic: String,
    locale: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    activity_type: String,
    title: String,
    description: String,
    place: String,
    zone: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    status: String,
    face: Json<Face>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    uid: Option<String>,
    recurrence: Option<String>,
    all_day: Option<bool>,
    sequence_base: Option<i32>,
}

/// The address of a feed. It begins with the tenant, for nothing of a tenant is found without knowing which.
pub(super) fn address(organization: OrganizationId, secret: &str) -> String {
    format!("/feeds/{}{secret}.ics", organization.0.simple())
}

/// The feed of a secret, as of now. What is unknown, revoked, or belongs to somebody who is no member any more or may
/// no longer have feeds, is not found.
///
/// # Errors
/// `NotFound`.
pub async fn published(state: &State, file: &str) -> Result<Published> {
    let token = file.strip_suffix(".ics").ok_or(Error::NotFound)?;
    let (organization, secret) = token.split_at_checked(32).ok_or(Error::NotFound)?;
    let organization = Uuid::try_parse(organization).map(OrganizationId).map_err(|_| Error::NotFound)?;
    let mut tx = Tx::begin_for_job(state, organization).await?;
    let found = find(&mut tx, secret).await?;
    tx.commit().await?;
    // From here on as the member whose feed it is, with the rights they have today. There is no session.
    let identity = Identity {
        session: SessionId(found.id.0),
        user: found.user_id,
        organization: Some(organization),
        name: String::new(),
        email: String::new(),
        kind: Kind::Api,
        locale: None,
    };
    let mut tx = Tx::begin(state, &identity, Door::Rest).await?;
    if !tx.can(CALENDAR_READ) || !tx.can(crate::core::FEEDS_WRITE) {
        return Err(Error::NotFound);
    }
    let text = text(&mut tx, &found).await?;
    note_reading(&mut tx, found.id).await?;
    tx.commit().await?;
    let mut tag = String::from("W/\"");
    for byte in tokens::hash(&text).iter().take(16) {
        // Writing into a text does not fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    Ok(Published { text, tag })
}

async fn find(tx: &mut Tx, secret: &str) -> Result<Found> {
    let organization = tx.organization();
    let found: Option<Found> = sqlx::query_as(
        "select f.id, f.user_id, f.resource_id, f.detail, coalesce(r.name, u.name) as name, o.name as clinic,
                coalesce(u.locale, o.locale) as locale
         from calendar_feeds f
         join organizations o on o.organization_id = f.organization_id
         join memberships m on m.organization_id = f.organization_id and m.user_id = f.user_id
         join users u on u.id = m.user_id
         left join resources r on r.organization_id = f.organization_id and r.id = f.resource_id
         where f.organization_id = $1 and f.token_hash = $2 and f.revoked_at is null",
    )
    .bind(organization)
    .bind(tokens::hash(secret))
    .fetch_optional(tx.conn())
    .await?;
    found.ok_or(Error::NotFound)
}

/// Programs come every few minutes; the hour is enough to see whether a feed is still in use.
async fn note_reading(tx: &mut Tx, feed: EntityId) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query("update calendar_feeds set read_at = $3 where organization_id = $1 and id = $2 and (read_at is null or read_at < $4)")
        .bind(organization)
        .bind(feed)
        .bind(now)
        .bind(now - TimeDelta::hours(1))
        .execute(tx.conn())
        .await?;
    Ok(())
}

async fn text(tx: &mut Tx, feed: &Found) -> Result<String> {
    let detail = Detail::parse(&feed.detail).ok_or_else(|| Error::internal("a feed has an unknown detail"))?;
    let mut out = Writer::default();
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//Atrium//Calendar//EN");
    out.line("CALSCALE", "GREGORIAN");
    out.text("X-WR-CALNAME", &format!("{} · {}", feed.name, feed.clinic));
    out.line("REFRESH-INTERVAL;VALUE=DURATION", "PT15M");
    out.line("X-PUBLISHED-TTL", "PT15M");
    let rows = rows(tx, feed).await?;
    let sight = Sight::of(tx);
    for row in rows {
        event::write(&mut out, &told(&sight, detail, &feed.locale, row)?);
    }
    out.line("END", "VCALENDAR");
    Ok(out.finish())
}

async fn rows(tx: &mut Tx, feed: &Found) -> Result<Vec<Row>> {
    let organization = tx.organization();
    let today = tx.now().date_naive();
    let midnight = |date: chrono::NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    // One's own time is that of the resource one is, and what one has to do that takes nobody's time.
    Ok(sqlx::query_as(
        "select a.id, a.activity_type, a.title, a.description, l.name as place, l.zone, a.starts_at, a.ends_at, a.status, a.face, a.version,
                a.created_at, a.updated_at, i.uid, i.recurrence, i.all_day, i.sequence_base
         from scheduled_activities a
         join locations l on l.organization_id = a.organization_id and l.id = a.location_id
         left join calendar_imports i on i.organization_id = a.organization_id and i.activity_id = a.id
         where a.organization_id = $1 and a.starts_at >= $2 and a.starts_at < $3
           and (exists (
                    select from resource_bookings b
                    join resources r on r.organization_id = b.organization_id and r.id = b.resource_id
                    where b.organization_id = $1 and b.activity_id = a.id
                      and case when $4::uuid is null then r.user_id = $5 else r.id = $4 end)
                or ($4::uuid is null and a.owner_id = $5
                    and not exists (select from resource_bookings b where b.organization_id = $1 and b.activity_id = a.id)))
         order by a.starts_at, a.id limit $6",
    )
    .bind(organization)
    .bind(midnight(today.checked_sub_days(BACK).unwrap_or(today)))
    .bind(midnight(today.checked_add_days(AHEAD).unwrap_or(today)))
    .bind(feed.resource_id)
    .bind(feed.user_id)
    .bind(MOST)
    .fetch_all(tx.conn())
    .await?)
}

/// What of an activity can be told elsewhere.
pub(in crate::calendar) struct Entry<'a> {
    pub(in crate::calendar) activity_type: &'a str,
    pub(in crate::calendar) title: &'a str,
    pub(in crate::calendar) description: String,
    /// Name of its location.
    pub(in crate::calendar) place: String,
    pub(in crate::calendar) face: &'a Face,
}

/// What is told of it.
pub(in crate::calendar) struct Words {
    pub(in crate::calendar) summary: String,
    pub(in crate::calendar) description: String,
    pub(in crate::calendar) place: String,
    pub(in crate::calendar) private: bool,
}

/// As much as was chosen, and never more than the actor may read.
pub(in crate::calendar) fn words(sight: &Sight, detail: Detail, locale: &str, entry: Entry<'_>) -> Words {
    let readable = sight.tells(entry.activity_type);
    let busy = if locale.starts_with("pl") { "Zajęte" } else { "Busy" };
    let (summary, description, place) = match detail {
        Detail::Full if readable => {
            let line = if entry.face.line.is_empty() { String::new() } else { format!(" · {}", entry.face.line) };
            let place = [entry.place.as_str(), entry.face.place.as_str()].into_iter().filter(|part| !part.is_empty());
            (format!("{}{line}", entry.title), entry.description, place.collect::<Vec<_>>().join(", "))
        }
        Detail::Initials if readable => (initials(entry.title), String::new(), entry.place),
        _ => (busy.to_owned(), String::new(), String::new()),
    };
    Words { summary, description, place, private: detail != Detail::Full || !readable }
}

/// What the feed tells of an activity: what its owner chose, and never more than its owner may read.
fn told(sight: &Sight, detail: Detail, locale: &str, row: Row) -> Result<Told> {
    let entry =
        Entry { activity_type: &row.activity_type, title: &row.title, description: row.description, place: row.place, face: &row.face.0 };
    let Words { summary, description, place, private } = words(sight, detail, locale, entry);
    Ok(Told {
        uid: row.uid.unwrap_or_else(|| format!("{}@atrium", row.id)),
        recurrence: row.recurrence.unwrap_or_default(),
        all_day: row.all_day.unwrap_or(false),
        sequence: row.sequence_base.unwrap_or(0).saturating_add(row.version),
        start: row.starts_at,
        end: row.ends_at,
        zone: time::zone(&row.zone)?,
        status: activities::status(&row.status)?,
        summary,
        description,
        place,
        private,
        created: row.created_at,
        updated: row.updated_at,
    })
}

/// `Anna Nowak-Lis` is `A. N.`.
fn initials(title: &str) -> String {
    let letters = title.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    letters.take(4).map(|letter| format!("{}.", letter.to_uppercase())).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_tell_no_name() {
        assert_eq!(initials("Anna Nowak-Lis"), "A. N.");
        assert_eq!(initials("łucja (żona) 3"), "Ł. Ż. 3.");
        assert_eq!(initials("  "), "");
    }
}
