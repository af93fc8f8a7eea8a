//! Holds: a time is taken for five minutes while somebody fills in the form (R10). Colleagues see it on the calendar
//! with the holder's name. When it runs out its time is free at once, whether or not anyone has swept it away.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Error, Result, Tx, actions,
    error::Reason,
    id::{EntityId, EntityRef, UserId},
    time::Interval,
};
use serde_json::json;
use services::calendar::{
    Face, Status,
    activities::{self, Change, NewActivity},
    explain,
    slots::{self, Rule, Why},
};

use super::{
    HeldTime, Hold, HoldTime, Question, book,
    plan::{self, Asked},
    steps::{self, Planned},
};
use crate::{APPOINTMENTS_READ, APPOINTMENTS_WRITE, HOLD, PRODUCT, waiting};

/// How long a hold lasts.
pub const LASTS: TimeDelta = TimeDelta::minutes(5);

/// Holds a time, or brings a hold of one's own to another time; either lasts five minutes from now.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (also for somebody else's hold), `Invalid`, and `Conflict` of code `unavailable`
/// with all reasons and the nearest alternatives, or `double_booking`.
pub async fn hold(tx: &mut Tx, wanted: &HoldTime) -> Result<Hold> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    book::check_years(wanted.start, None)?;
    let id = wanted.id.unwrap_or_else(EntityId::new);
    let before = match wanted.id {
        Some(id) => own_in_turn(tx, id).await?,
        None => None,
    };
    let date = plan::date_of(tx, wanted.location, wanted.start).await?;
    let asked = Asked {
        treatment: wanted.treatment,
        employee: Some(wanted.employee),
        patient: wanted.patient,
        elsewhere: wanted.patient.is_some(),
        location: wanted.location,
        from: date.checked_sub_days(book::AROUND).unwrap_or(date),
        to: date.checked_add_days(book::AROUND).unwrap_or(date),
        moving: before,
        beside: None,
        minutes: None,
        named: wanted.resources.iter().flatten().copied().chain([wanted.employee]).collect(),
        channel: Default::default(),
        only_named: false,
    };
    let further = steps::wanted(Some(wanted.employee), &wanted.further)?;
    let (question, planned) = steps::question(tx, &asked, &further).await?;
    book::offered(&planned)?;
    let treatment = &planned[0].treatment;
    if treatment.rules.seats > 1 {
        return Err(Error::invalid("treatment", "group", "A seat of a group is not held."));
    }
    let end = wanted.start + TimeDelta::minutes(i64::from(question.wish.minutes));
    let chosen = book::choose(&question, wanted.employee, wanted.resources.as_deref(), wanted.start);
    let why: Vec<Why> = slots::verdict(&question.wish, &question.times, wanted.start, &chosen);
    if !why.is_empty() {
        return Err(refusal(tx, &question, &why, wanted.start).await?);
    }
    let until = tx.now() + LASTS;
    let held_by = tx.actor().name.clone();
    tx.mark().await?;
    let taken = Taken { id, before: before.is_some(), wanted, end, until, question: &question, planned: &planned, chosen: &chosen };
    match take(tx, &taken).await {
        Err(error) if error.code() == "double_booking" => {
            // Somebody was quicker; at the second look it can be told who.
            tx.back().await?;
            let (question, _) = steps::question(tx, &asked, &further).await?;
            let why = slots::verdict(&question.wish, &question.times, wanted.start, &chosen);
            return Err(if why.is_empty() { error } else { refusal(tx, &question, &why, wanted.start).await? });
        }
        done => done?,
    }
    write(tx, &taken, &held_by).await?;
    let told = json!({ "start": wanted.start, "treatment": treatment.name, "expires_at": until });
    actions::record(tx, EntityRef::new("activity", id), "held", None, Some(told)).await?;
    // Once it has run out it goes from the calendars of those who look on, whoever serves them then.
    waiting::look_later(tx, id, LASTS + TimeDelta::seconds(1)).await?;
    let mut resources = chosen;
    resources.sort_unstable();
    Ok(Hold {
        id,
        treatment: wanted.treatment,
        employee: wanted.employee,
        resources,
        location: wanted.location,
        start: wanted.start,
        end,
        expires_at: until,
        held_by,
    })
}

/// A hold that was found possible, with what that was found from.
struct Taken<'a> {
    id: EntityId,
    /// Whether it is there already, at another time.
    before: bool,
    wanted: &'a HoldTime,
    end: DateTime<Utc>,
    until: DateTime<Utc>,
    question: &'a Question,
    planned: &'a [Planned],
    chosen: &'a [EntityId],
}

async fn take(tx: &mut Tx, taken: &Taken<'_>) -> Result<()> {
    let Taken { id, before, wanted, end, until, question, planned, chosen } = *taken;
    let bookings = book::bookings(question, chosen);
    let face = Face {
        line: planned.iter().map(|one| one.treatment.name.as_str()).collect::<Vec<_>>().join(" + "),
        place: book::place(question, chosen),
        flags: Vec::new(),
        hue: u16::try_from(planned[0].treatment.hue).ok(),
    };
    if before {
        let stored = activities::lock(tx, id).await?;
        activities::reschedule(tx, id, stored.version, (wanted.start, end), Some(bookings), false).await?;
        activities::change(tx, id, &Change { face: Some(&face), ..Change::default() }).await?;
    } else {
        let activity = NewActivity {
            id,
            activity_type: HOLD.to_owned(),
            title: tx.actor().name.clone(),
            description: String::new(),
            location: wanted.location,
            start: wanted.start,
            end,
            status: Status::Held,
            owner: Some(tx.user()),
            subject: None,
            record: None,
            face,
            bookings,
            overbook: false,
        };
        activities::insert(tx, &activity).await?;
    }
    activities::hold_until(tx, id, until).await
}

/// Gives a held time back.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (somebody else's, or given back already).
pub async fn release(tx: &mut Tx, id: EntityId) -> Result<()> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_WRITE)?;
    let id = own_in_turn(tx, id).await?.ok_or(Error::NotFound)?;
    activities::remove(tx, &[id]).await?;
    actions::record(tx, EntityRef::new("activity", id), "released", None, None).await
}

/// The id again if it is a hold of one's own that is still there, even one that has run out.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` where it is somebody else's.
pub async fn own(tx: &mut Tx, id: EntityId) -> Result<Option<EntityId>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    let organization = tx.organization();
    let holder: Option<UserId> = sqlx::query_scalar("select user_id from gabinet_holds where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .fetch_optional(tx.conn())
        .await?;
    match holder {
        Some(holder) if holder == tx.user() => Ok(Some(id)),
        Some(_) => Err(Error::NotFound),
        None => Ok(None),
    }
}

/// As [`own`], one after the other: whoever holds, books or gives back by the same id waits until this transaction ends. A
/// form may send its booking while its hold is still being made; looked for at once, the hold would not be there yet, and
/// once it is there it would stand in the way of its own booking.
///
/// # Errors
/// As [`own`].
pub async fn own_in_turn(tx: &mut Tx, id: EntityId) -> Result<Option<EntityId>> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(APPOINTMENTS_READ)?;
    let organization = tx.organization();
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2::uuid::text, 0))")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    own(tx, id).await
}

/// Gives a hold's time back to whoever books it in this very transaction. Whoever else books the same resources waits
/// from here on, so that nobody slips in between.
pub(super) async fn spend(tx: &mut Tx, id: EntityId, chosen: &[EntityId]) -> Result<()> {
    let organization = tx.organization();
    let held: Vec<EntityId> =
        sqlx::query_scalar("select resource_id from resource_bookings where organization_id = $1 and activity_id = $2")
            .bind(organization)
            .bind(id)
            .fetch_all(tx.conn())
            .await?;
    let touched: Vec<EntityId> = held.iter().chain(chosen).copied().collect();
    activities::take_turns(tx, &touched).await?;
    activities::spend(tx, &[id]).await?;
    actions::record(tx, EntityRef::new("activity", id), "booked", None, None).await
}

async fn write(tx: &mut Tx, taken: &Taken<'_>, held_by: &str) -> Result<()> {
    let (organization, user, now) = (tx.organization(), tx.user(), tx.now());
    sqlx::query(
        "insert into gabinet_holds (organization_id, id, treatment_id, employee_id, user_id, held_by, expires_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (organization_id, id) do update
             set treatment_id = excluded.treatment_id, employee_id = excluded.employee_id, expires_at = excluded.expires_at",
    )
    .bind(organization)
    .bind(taken.id)
    .bind(taken.wanted.treatment)
    .bind(taken.wanted.employee)
    .bind(user)
    .bind(held_by)
    .bind(taken.until)
    .bind(now)
    .execute(tx.conn())
    .await?;
    if taken.before || taken.planned.len() > 1 {
        steps::write_held(tx, taken.id, taken.planned).await?;
    }
    Ok(())
}

/// Resource; what is taken of it, without and with buffers; by whom; until when.
type Row = (EntityId, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>, String, DateTime<Utc>);

/// What of these resources' time is only held.
pub(super) async fn held(tx: &mut Tx, resources: &[EntityId], range: Interval, not: Option<EntityId>) -> Result<Vec<HeldTime>> {
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(
        "select b.resource_id, b.core_starts_at, b.core_ends_at, b.starts_at, b.ends_at, h.held_by, h.expires_at
         from gabinet_holds h
         join resource_bookings b on b.organization_id = h.organization_id and b.activity_id = h.id
         where h.organization_id = $1 and h.expires_at > $2 and b.resource_id = any ($3) and b.starts_at < $5 and b.ends_at > $4
           and ($6::uuid is null or h.id <> $6)",
    )
    .bind(organization)
    .bind(now)
    .bind(resources)
    .bind(range.start)
    .bind(range.end)
    .bind(not)
    .fetch_all(tx.conn())
    .await?;
    let time = |(resource, from, to, starts, ends, by, until): Row| {
        let (during, occupied) = (Interval { start: from, end: to }, Interval { start: starts, end: ends });
        HeldTime { resource, during, occupied, by, until }
    };
    Ok(rows.into_iter().map(time).collect())
}

/// The refusal of a time, in which what is only held says by whom: its rule is `held`, its name the holder's, and it ends
/// when the hold runs out.
pub(super) async fn refusal(tx: &mut Tx, question: &Question, why: &[Why], start: DateTime<Utc>) -> Result<Error> {
    let mut refusal =
        explain::refusal(tx, "unavailable", why, &question.wish, &question.times, &question.zone, question.range, start).await?;
    name_holders(tx, question, why, &mut refusal.reasons).await?;
    Ok(refusal.into())
}

/// Tells in reasons, which are those of `why` in the same order, who holds what is only held, and who the patient is that
/// has something else.
pub(super) async fn name_holders(tx: &mut Tx, question: &Question, why: &[Why], reasons: &mut [Reason]) -> Result<()> {
    let guest = question.wish.guest.as_ref().map(|guest| guest.id);
    for reason in reasons.iter_mut().filter(|reason| reason.resource.is_some() && reason.resource == guest) {
        reason.resource_name = question.names.iter().find(|(known, _)| Some(*known) == guest).map(|(_, name)| name.clone());
    }
    let taken = |why: &Why| matches!(why.rule, Rule::Busy | Rule::Buffer | Rule::Capacity);
    let resources: Vec<EntityId> = why.iter().filter(|why| taken(why)).filter_map(|why| why.resource).collect();
    if resources.is_empty() {
        return Ok(());
    }
    let held = held(tx, &resources, question.range, question.wish.moving).await?;
    for (why, reason) in why.iter().zip(reasons).filter(|(why, _)| taken(why)) {
        if let Some(hold) = held.iter().find(|hold| hold.is(why)) {
            reason.rule = "held".into();
            reason.resource_name = Some(hold.by.clone());
            reason.to = Some(hold.until);
        }
    }
    Ok(())
}

/// Takes away what has run out; how many it was.
///
/// # Errors
/// `Unavailable`.
pub async fn sweep(tx: &mut Tx) -> Result<usize> {
    let (organization, now) = (tx.organization(), tx.now());
    // One that somebody is just bringing to another time is left to them.
    let over: Vec<EntityId> = sqlx::query_scalar(
        "select h.id from gabinet_holds h
         join scheduled_activities a on a.organization_id = h.organization_id and a.id = h.id
         where h.organization_id = $1 and h.expires_at <= $2 and a.expires_at <= $2 limit 1000 for update of a skip locked",
    )
    .bind(organization)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    activities::remove(tx, &over).await?;
    for id in &over {
        actions::record(tx, EntityRef::new("activity", *id), "expired", None, None).await?;
    }
    Ok(over.len())
}
