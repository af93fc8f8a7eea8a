//! What has become free is offered to those who wait.

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use platform::{
    Error, Result, State, Tx,
    id::{EntityId, LocationId},
    jobs::{self, Failed, Job, Kind, Next},
    time::Interval,
};
use services::calendar::slots::{self, Slot, Wish};

use super::{Choice, Waiting, fits, freed, offer, read};
use crate::{
    PRODUCT,
    appointments::{self, AvailabilityQuestion, holds},
};

/// How much is looked at in one transaction.
const MANY: i64 = 20;
/// How many who wait are asked about for one time.
const ASKED: usize = 50;

/// Offers that have run out are over, holds that have run out go from the calendars, and what is free is offered to the next.
/// It is asked for in the transaction that makes any of it necessary, so that no restart loses it.
pub static LOOK: Kind = Kind { key: "gabinet_waiting", attempts: 12, run };

/// Asks for a look, once, on account of one record.
///
/// # Errors
/// `Unavailable`.
pub async fn look_later(tx: &mut Tx, about: EntityId, wait: TimeDelta) -> Result<()> {
    let wait = wait.to_std().unwrap_or_default();
    jobs::want(tx, &LOOK, &about.to_string(), serde_json::Value::Null, wait).await.map(drop)
}

fn run(state: State, job: Job) -> BoxFuture<'static, std::result::Result<Next, Failed>> {
    Box::pin(async move {
        loop {
            let mut tx = Tx::begin_for_job(&state, job.organization).await?;
            job.hold(&mut tx).await?;
            let turn = work(&mut tx, freed::UNDO).await?;
            tx.commit().await?;
            if !turn.more {
                return Ok(Next::Done);
            }
        }
    })
}

/// Id, place, practitioner, room or device, start and end of time that has become free.
type Freed = (EntityId, LocationId, EntityId, DateTime<Utc>, DateTime<Utc>);

/// What came of a turn of the job.
#[derive(Debug)]
pub struct Turn {
    /// How many offers it made.
    pub made: usize,
    /// Whether there may be more to look at than one turn does.
    pub more: bool,
}

/// One turn of the job, about what has been free for so long.
///
/// # Errors
/// `Unavailable`.
pub async fn work(tx: &mut Tx, since: TimeDelta) -> Result<Turn> {
    if tx.verify_product_access(PRODUCT).is_err() {
        // What was noted is still there should they come back.
        return Ok(Turn { made: 0, more: false });
    }
    offer::expire(tx).await?;
    holds::sweep(tx).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Freed> = sqlx::query_as(
        "with next as (
             select id from gabinet_freed where organization_id = $1 and at <= $3 order by at, id limit $2 for update skip locked
         )
         delete from gabinet_freed f using next where f.organization_id = $1 and f.id = next.id
         returning f.id, f.location_id, f.resource_id, f.starts_at, f.ends_at",
    )
    .bind(organization)
    .bind(MANY)
    .bind(now - since)
    .fetch_all(tx.conn())
    .await?;
    let (mut made, more) = (0, rows.len() as i64 == MANY);
    for (_, location, resource, start, end) in rows {
        let mut from = start.max(now);
        // A day of leave taken back has room for many.
        for _ in 0..MANY {
            let Some(free) = Interval::new(from, end) else { break };
            let Some(until) = offer_to_somebody(tx, location, resource, free).await? else { break };
            made += 1;
            from = until;
        }
    }
    Ok(Turn { made, more })
}

/// Offers one time that needs a stretch of a resource to the first who would take it; where that time ends.
async fn offer_to_somebody(tx: &mut Tx, location: LocationId, resource: EntityId, free: Interval) -> Result<Option<DateTime<Utc>>> {
    for waiting in read::in_turn(tx, location, resource, free).await?.into_iter().take(ASKED) {
        let Some(choice) = fitting(tx, &waiting, resource, free).await? else { continue };
        tx.mark().await?;
        match offer::make(tx, &waiting, &choice).await {
            Ok(offer) => return Ok(Some(offer.end)),
            // Somebody was quicker, with the time or with the one who waits; or what they wait for was changed meanwhile to what
            // cannot be offered. Whatever it is, it is theirs alone, and the next one is asked.
            Err(Error::Conflict(_) | Error::Invalid(_) | Error::NotFound) => tx.back().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// A time that somebody waits for and can have, and that needs some of the stretch: the first that begins in it, or else the
/// last that begins before it, in time that was free already.
async fn fitting(tx: &mut Tx, waiting: &Waiting, resource: EntityId, free: Interval) -> Result<Option<Choice>> {
    let day = TimeDelta::days(1);
    for treatment in &waiting.offerable {
        let asked = AvailabilityQuestion {
            location: waiting.location,
            treatment: *treatment,
            employee: None,
            patient: Some(waiting.patient.id),
            from: (free.start - day).date_naive(),
            to: (free.end + day).date_naive(),
            moving: None,
            further: Vec::new(),
            channel: Default::default(),
        };
        let mut question = match appointments::question(tx, &asked).await {
            Ok(question) => question,
            // A stretch of months (a leave taken back) is not offered by itself.
            Err(Error::Invalid(_) | Error::NotFound) => continue,
            Err(error) => return Err(error),
        };
        // What was given back serves before others of its sort.
        for need in &mut question.wish.needs {
            need.any_of.sort_by_key(|id| *id != resource);
        }
        let staff = question.wish.needs.first().map(|need| need.any_of.clone()).unwrap_or_default();
        for employee in staff {
            let wish = question.with(employee);
            let mut near: Option<Slot> = None;
            for slot in slots::slots(&wish, &question.times, &question.zone, question.range) {
                let usable = slot.resources.contains(&resource) && fits(waiting, employee, question.zone.wall(slot.start));
                if !usable || !needs_some(&wish, &slot, free) {
                    continue;
                }
                let begins_inside = slot.start >= free.start;
                near = Some(slot);
                if begins_inside {
                    break;
                }
            }
            if let Some(slot) = near {
                return Ok(Some(Choice { treatment: *treatment, employee, start: slot.start }));
            }
        }
    }
    Ok(None)
}

/// Whether a slot takes some of a stretch, buffers included (R7).
fn needs_some(wish: &Wish, slot: &Slot, free: Interval) -> bool {
    let minutes = |count: i32| TimeDelta::minutes(i64::from(count));
    slot.start - minutes(wish.before) < free.end && free.start < slot.end + minutes(wish.after)
}
