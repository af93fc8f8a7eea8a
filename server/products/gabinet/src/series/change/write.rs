//! The rows of a change that was found possible.

use platform::{
    Error, Result, Tx, actions,
    actions::Done,
    error::ResultExt,
    id::{EntityId, EntityRef},
};
use serde_json::json;
use services::calendar::activities::{self, NewBooking};

use super::{Meant, Moved};
use crate::{
    APPOINTMENT, appointments,
    series::{Ground, Judged, Scope, SeriesChange, is_exception},
};

/// Moves them all. While they change places one may stand where another has yet to leave: that none overlap is asked at
/// the end.
pub(super) async fn write(tx: &mut Tx, id: EntityId, mut seen: Meant, change: &SeriesChange) -> Result<()> {
    let judged = seen.judged();
    sqlx::query("set constraints no_double_booking deferred").execute(tx.conn()).await?;
    let mut log = Vec::with_capacity(judged.len());
    let mut seats = Vec::with_capacity(judged.len());
    for (one, judged) in seen.moves.iter().zip(&judged) {
        let Some(ground) = seen.grounds.get(one.ground) else { continue };
        let (bookings, place, name) = taken(ground, one, judged);
        let before = &one.activity;
        let time = (one.wanted.start, judged.end);
        let after = activities::reschedule(tx, before.id, before.version, time, Some(bookings), false).await?;
        log.push(Done {
            entity: EntityRef::new(APPOINTMENT, one.visit),
            verb: "moved".into(),
            at: tx.now(),
            old: Some(json!({ "start": before.start, "end": before.end, "employee": one.employee_name })),
            new: Some(json!({ "start": after.start, "end": after.end, "employee": name })),
        });
        seats.push((before.id, one.employee, place));
    }
    sqlx::query("set constraints no_double_booking immediate")
        .execute(tx.conn())
        .await
        .on_constraint("no_double_booking", || Error::conflict("double_booking", "That time was just taken."))?;
    seat(tx, &seats).await?;
    hand_over(tx, &seen.moves).await?;
    actions::record_all(tx, &log).await?;
    let single = change.scope == Scope::This;
    let left = |nth: i32| change.picks.iter().any(|pick| pick.nth == nth && pick.start.is_none());
    let was = seen.stored.rows.iter().filter(|row| is_exception(row) || left(row.nth)).map(|row| row.nth);
    let made = seen.moves.iter().filter(|one| single || one.picked).map(|one| one.nth);
    let exceptions: Vec<i32> = was.chain(made).collect();
    let planned: Vec<&Moved> = if single { Vec::new() } else { seen.moves.iter().collect() };
    raise(tx, id, &exceptions, &planned).await
}

/// What a visit takes where it goes: bookings, room and device by name, and with whom.
fn taken(ground: &Ground, one: &Moved, judged: &Judged) -> (Vec<NewBooking>, String, String) {
    let Some((question, wish)) = ground.wished(&one.wanted) else { return (Vec::new(), String::new(), String::new()) };
    let booking = |(need, resource): (usize, &EntityId)| NewBooking {
        resource: *resource,
        before: wish.before,
        after: wish.after,
        segments: wish.needs.get(need).map(|need| need.segments.clone()).unwrap_or_default(),
    };
    let name = |id: &EntityId| question.names.iter().find(|(known, _)| known == id).map(|(_, name)| name.as_str());
    let place = appointments::place(question, &judged.resources);
    let bookings = judged.resources.iter().enumerate().map(booking).collect();
    (bookings, place, name(&one.employee).unwrap_or_default().to_owned())
}

/// What Gabinet and the calendar know of visits besides their time.
async fn seat(tx: &mut Tx, seats: &[(EntityId, EntityId, String)]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "with moved as (
             select * from unnest($3::uuid[], $4::uuid[]) as s (activity, employee)
         )
         update gabinet_appointments v set employee_id = m.employee, overbook_reason = null, version = version + 1, updated_at = $2
         from moved m where v.organization_id = $1 and v.activity_id = m.activity",
    )
    .bind(organization)
    .bind(now)
    .bind(seats.iter().map(|seat| seat.0).collect::<Vec<_>>())
    .bind(seats.iter().map(|seat| seat.1).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    let places: Vec<_> = seats.iter().map(|seat| (seat.0, seat.2.as_str())).collect();
    activities::set_places(tx, &places).await
}

/// Of visits of several treatments those that the first one's practitioner gave go with the first.
async fn hand_over(tx: &mut Tx, moves: &[Moved]) -> Result<()> {
    let given: Vec<&Moved> = moves.iter().filter(|one| one.employee != one.employee_before && !one.steps.is_empty()).collect();
    if given.is_empty() {
        return Ok(());
    }
    let organization = tx.organization();
    sqlx::query(
        "update gabinet_visit_steps s set employee_id = m.employee
         from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as m (visit, before, employee)
         where s.organization_id = $1 and s.visit_id = m.visit and s.employee_id = m.before",
    )
    .bind(organization)
    .bind(given.iter().map(|one| one.visit).collect::<Vec<_>>())
    .bind(given.iter().map(|one| one.employee_before).collect::<Vec<_>>())
    .bind(given.iter().map(|one| one.employee).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes down what the series means by now, and what is an exception from now on (R19); the next change needs the new
/// version (R18).
pub(super) async fn raise(tx: &mut Tx, id: EntityId, exceptions: &[i32], planned: &[&Moved]) -> Result<()> {
    let (organization, now) = (tx.organization(), tx.now());
    sqlx::query(
        "with plan as (
             select * from unnest($4::integer[], $5::timestamp[], $6::uuid[]) as p (nth, planned, employee)
         )
         update gabinet_series_visits v set exception = v.exception or v.nth = any ($3),
             planned = coalesce((select p.planned from plan p where p.nth = v.nth), v.planned),
             employee_id = coalesce((select p.employee from plan p where p.nth = v.nth), v.employee_id)
         where v.organization_id = $1 and v.series_id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(exceptions)
    .bind(planned.iter().map(|one| one.nth).collect::<Vec<_>>())
    .bind(planned.iter().map(|one| one.planned).collect::<Vec<_>>())
    .bind(planned.iter().map(|one| one.employee).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    sqlx::query("update gabinet_series set version = version + 1, updated_at = $3 where organization_id = $1 and id = $2")
        .bind(organization)
        .bind(id)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}
