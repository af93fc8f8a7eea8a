//! What the calendar's generic door does with a visit: the same as Gabinet's own.

use futures::future::BoxFuture;
use platform::{Result, Tx, id::EntityId};
use services::{
    calendar::{
        activities::{self, Activity},
        slots::Carried,
    },
    hooks::{Bounds, MoveTo, Note, StatusChange, Swap},
};

use super::{
    MoveVisit, SwapVisits, Transition, add_note, carried as carrying, move_to as moving, move_to::put_back, read, steps, swap as swapping,
    transition as transitions,
};

/// What the drag of a visit is judged by.
pub fn carried<'a>(tx: &'a mut Tx, activity: &'a Activity, bounds: &'a Bounds) -> BoxFuture<'a, Result<Carried>> {
    Box::pin(carrying::question(tx, activity, bounds))
}

/// Moves or resizes a visit from the calendar. A column it is dragged to is its practitioner's, its room's or its
/// device's, whichever it came from.
pub fn move_to<'a>(tx: &'a mut Tx, activity: &'a Activity, to: &'a MoveTo) -> BoxFuture<'a, Result<Activity>> {
    Box::pin(async move {
        if to.back {
            put_back(tx, activity, to).await?;
            return activities::get(tx, activity.id).await;
        }
        let visit = read::get(tx, activity.id).await?;
        let (from, into) = (to.resource_from, to.resource_to);
        let changes = from.is_some() && into.is_some() && from != into;
        let staff: Vec<EntityId> = steps::given(&visit).into_iter().map(|(id, _)| id).collect();
        let employee = into.filter(|_| changes && from.is_some_and(|from| staff.contains(&from)));
        let resources: Option<Vec<EntityId>> = (changes && employee.is_none()).then(|| {
            let others = visit.resources.iter().copied().filter(|id| !staff.contains(id));
            others.map(|id| if Some(id) == from { into.unwrap_or(id) } else { id }).collect()
        });
        let to = MoveVisit {
            version: to.version,
            start: to.start,
            end: Some(to.end),
            employee,
            resources,
            overbook_reason: to.overbook_reason.clone(),
        };
        moving::move_from(tx, visit.id, &to, from.filter(|_| employee.is_some())).await?;
        activities::get(tx, activity.id).await
    })
}

/// Lets two visits change places from the calendar.
pub fn swap<'a>(tx: &'a mut Tx, asked: &'a Swap) -> BoxFuture<'a, Result<(Activity, Activity)>> {
    Box::pin(async move {
        let visits = SwapVisits {
            first: asked.first,
            first_version: asked.first_version,
            second: asked.second,
            second_version: asked.second_version,
            overbook_reason: asked.overbook_reason.clone(),
        };
        swapping::swap(tx, &visits).await?;
        Ok((activities::get(tx, asked.first).await?, activities::get(tx, asked.second).await?))
    })
}

/// Holds the patients of these visits, by id: who moves a visit holds its patient before the resources.
pub fn hold<'a>(tx: &'a mut Tx, activities: &'a [EntityId]) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let organization = tx.organization();
        sqlx::query(
            "select p.id from gabinet_patients p
             where p.organization_id = $1 and p.id in (
                 select v.patient_id from gabinet_appointments v where v.organization_id = $1 and v.activity_id = any ($2))
             order by p.id for no key update",
        )
        .bind(organization)
        .bind(activities)
        .execute(tx.conn())
        .await?;
        Ok(())
    })
}

/// Takes a visit a step further from the calendar.
pub fn set_status<'a>(tx: &'a mut Tx, activity: &'a Activity, change: &'a StatusChange) -> BoxFuture<'a, Result<Activity>> {
    Box::pin(async move {
        let step = Transition { version: change.version, to: change.to, reason: change.reason.clone() };
        transitions::transition(tx, activity.id, &step).await?;
        activities::get(tx, activity.id).await
    })
}

/// Writes something down about a visit from the calendar.
pub fn note<'a>(tx: &'a mut Tx, activity: &'a Activity, note: &'a Note) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move { add_note(tx, activity.id, note).await.map(drop) })
}
