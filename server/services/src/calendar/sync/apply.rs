//! What came from there, put here: blocks that take a resource's time and say nothing else.

use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use platform::{
    Error, Result, Tx, actions,
    id::{EntityId, EntityRef, LocationId, UserId},
    locations, time,
};
use serde_json::json;

use super::{FOREIGN, Provider, side::Time};
use crate::calendar::{
    Face, Status,
    activities::{self, LONGEST, NewActivity, NewBooking},
};

/// Whose time it takes, and where.
pub(super) struct Target {
    pub(super) connection: EntityId,
    pub(super) provider: Provider,
    pub(super) user: UserId,
    pub(super) resource: EntityId,
    pub(super) location: LocationId,
    pub(super) zone: Tz,
    /// What a block is called.
    pub(super) title: String,
}

impl Target {
    /// With the zone of its place, in the organization's language.
    pub(super) async fn read(
        tx: &mut Tx,
        (connection, provider): (EntityId, Provider),
        (user, resource, location): (UserId, EntityId, LocationId),
    ) -> Result<Target> {
        let zone = time::zone(&locations::get(tx, location).await?.zone)?;
        let organization = tx.organization();
        let locale: String = sqlx::query_scalar("select locale from organizations where organization_id = $1")
            .bind(organization)
            .fetch_one(tx.conn())
            .await?;
        let busy = if locale.starts_with("pl") { "Zajęte" } else { "Busy" };
        Ok(Target { connection, provider, user, resource, location, zone, title: format!("{busy} · {}", provider.name()) })
    }
}

/// The stretches here of what lasts from when to when there: what is longer than an entry may be is several, and what has no
/// length is none.
pub(super) fn stretches(time: Time, zone: Tz) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let (start, end) = match time {
        Time::Instants(start, end) => (start, end),
        Time::Dates(from, to) => {
            let midnight = |date: chrono::NaiveDate| {
                let wall = date.and_time(NaiveTime::MIN);
                // Where the clock jumps over midnight the day begins an hour later (R3), where it shows it twice, at the first (R4).
                let jumped = || zone.from_local_datetime(&(wall + TimeDelta::hours(1))).earliest();
                zone.from_local_datetime(&wall).earliest().or_else(jumped).map(|at| at.to_utc())
            };
            match (midnight(from), midnight(to)) {
                (Some(start), Some(end)) => (start, end),
                _ => return Vec::new(),
            }
        }
    };
    let whole = |at: DateTime<Utc>| at.timestamp().div_euclid(60);
    let minute = |minutes: i64| DateTime::from_timestamp(minutes * 60, 0);
    // Blocks begin and end at whole minutes, and take no less than what they are of.
    let (Some(mut from), Some(to)) = (minute(whole(start)), minute(whole(end + TimeDelta::seconds(59)))) else { return Vec::new() };
    let mut found = Vec::new();
    while from < to && found.len() < 24 && activities::possible(from) && activities::possible(to) {
        let until = to.min(from + LONGEST);
        found.push((from, until));
        from = until;
    }
    found
}

/// Puts a block there, over what is booked if it must: then it collides, and nothing that is booked is touched.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn place(tx: &mut Tx, target: &Target, (start, end): (DateTime<Utc>, DateTime<Utc>)) -> Result<(EntityId, bool)> {
    let mut block = NewActivity {
        id: EntityId::new(),
        activity_type: "block".into(),
        title: target.title.clone(),
        description: String::new(),
        location: target.location,
        start,
        end,
        status: Status::Scheduled,
        owner: Some(target.user),
        subject: None,
        record: None,
        face: Face { line: target.provider.name().into(), flags: vec![FOREIGN.into()], ..Face::default() },
        bookings: vec![NewBooking::throughout(target.resource, 0, 0)],
        overbook: false,
    };
    tx.mark().await?;
    match activities::insert(tx, &block).await {
        Err(error) if error.code() == "double_booking" => {
            tx.back().await?;
            block.overbook = true;
            activities::insert(tx, &block).await?;
        }
        made => made?,
    }
    let told = json!({ "start": start, "end": end, "provider": target.provider, "connection": target.connection });
    actions::record(tx, EntityRef::new("activity", block.id), "received", None, Some(told)).await?;
    Ok((block.id, block.overbook))
}

/// Gives a block another time, over what is booked if it must; whether it collides.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn moved(tx: &mut Tx, id: EntityId, to: (DateTime<Utc>, DateTime<Utc>)) -> Result<bool> {
    let before = activities::lock(tx, id).await?;
    let was = before.bookings.iter().any(|booking| booking.overbooked);
    if (before.start, before.end) == to {
        return Ok(was);
    }
    tx.mark().await?;
    let collides = match activities::reschedule(tx, id, before.version, to, None, false).await {
        Err(error) if error.code() == "double_booking" => {
            tx.back().await?;
            activities::reschedule(tx, id, before.version, to, None, true).await?;
            true
        }
        done => done.map(|_| false)?,
    };
    let old = json!({ "start": before.start, "end": before.end });
    actions::record(tx, EntityRef::new("activity", id), "moved", Some(old), Some(json!({ "start": to.0, "end": to.1 }))).await?;
    Ok(collides)
}

/// Whether a block that lay over something can have its time for itself by now.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn settled(tx: &mut Tx, id: EntityId) -> Result<bool> {
    tx.mark().await?;
    match activities::settle(tx, id).await {
        Err(error) if error.code() == "double_booking" => {
            tx.back().await?;
            Ok(false)
        }
        done => done.map(|()| true),
    }
}

/// Takes blocks away.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn take_away(tx: &mut Tx, blocks: &[EntityId]) -> Result<()> {
    let mut there = Vec::new();
    for id in blocks {
        match activities::get(tx, *id).await {
            Ok(block) => there.push(block),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    for block in &there {
        let old = json!({ "start": block.start, "end": block.end });
        actions::record(tx, EntityRef::new("activity", block.id), "withdrawn", Some(old), None).await?;
    }
    let ids: Vec<EntityId> = there.iter().map(|block| block.id).collect();
    activities::remove(tx, &ids).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_whole_day_is_the_days_of_the_place_also_when_the_clock_changes() {
        let day = |from: &str, to: &str| stretches(Time::Dates(from.parse().unwrap(), to.parse().unwrap()), chrono_tz::Europe::Warsaw);
        assert_eq!(day("2026-10-25", "2026-10-26"), [(at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z"))]);
        assert_eq!(day("2026-11-25", "2026-11-25"), []);
    }

    #[test]
    fn what_is_long_is_several_and_what_is_nothing_is_none() {
        let zone = chrono_tz::Europe::Warsaw;
        let of = |from: &str, to: &str| stretches(Time::Instants(at(from), at(to)), zone);
        let months = of("2026-11-01T00:00:00Z", "2027-01-10T00:00:00Z");
        assert_eq!(months.len(), 3);
        assert!(months.windows(2).all(|pair| pair[0].1 == pair[1].0));
        assert_eq!(of("2026-11-25T09:00:00Z", "2026-11-25T09:00:00Z"), []);
        assert_eq!(of("2026-11-25T09:00:30Z", "2026-11-25T09:10:01Z"), [(at("2026-11-25T09:00:00Z"), at("2026-11-25T09:11:00Z"))]);
        assert_eq!(of("0001-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), [], "a time out of all calendars is none");
    }
}
