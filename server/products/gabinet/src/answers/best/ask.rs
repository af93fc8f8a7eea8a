//! The days' times and the patient's habits, read once.

use std::collections::BTreeMap;

use chrono::{DateTime, Timelike, Utc};
use platform::{Result, Tx, id::EntityId};

use super::{BestTimes, Habits, rank};
use crate::appointments::{self, AvailabilityQuestion, Question};

/// How many times are told.
const MANY: usize = 8;
/// Visits by which habits are told.
const REMEMBERED: i64 = 20;

/// The best times of the range for one treatment or several as one visit, with the reasons of their rank.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (treatment or location), `Invalid` (the range).
pub async fn best(tx: &mut Tx, asked: &AvailabilityQuestion) -> Result<BestTimes> {
    best_among(tx, asked, &[]).await
}

/// As [`best`], with nobody and nothing but some of the practitioners, rooms and devices; of a kind of which none is named any
/// will do.
///
/// # Errors
/// As [`best`], and `NotFound` where one of them is not there.
pub async fn best_among(tx: &mut Tx, asked: &AvailabilityQuestion, among: &[EntityId]) -> Result<BestTimes> {
    let question = appointments::question_among(tx, asked, among).await?;
    let habits = match asked.patient {
        Some(patient) => habits(tx, &question, patient).await?,
        None => Habits::default(),
    };
    Ok(BestTimes { times: rank(&question, &habits, MANY) })
}

/// Whom and when most of the patient's last visits were. Of one visit nothing is concluded.
async fn habits(tx: &mut Tx, question: &Question, patient: EntityId) -> Result<Habits> {
    let organization = tx.organization();
    let now = tx.now();
    let rows: Vec<(EntityId, DateTime<Utc>)> = sqlx::query_as(
        "select v.employee_id, a.starts_at from gabinet_appointments v
         join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         where v.organization_id = $1 and v.patient_id = $2 and a.starts_at < $3
           and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
         order by a.starts_at desc limit $4",
    )
    .bind(organization)
    .bind(patient)
    .bind(now)
    .bind(REMEMBERED)
    .fetch_all(tx.conn())
    .await?;
    let most = |counts: BTreeMap<u128, usize>| {
        let all = counts.values().sum::<usize>();
        counts.into_iter().max_by_key(|(_, count)| *count).filter(|(_, count)| *count >= 2 && count * 2 >= all).map(|(key, _)| key)
    };
    let (mut people, mut hours) = (BTreeMap::new(), BTreeMap::new());
    for (employee, start) in &rows {
        *people.entry(employee.0.as_u128()).or_insert(0) += 1;
        *hours.entry(u128::from(question.zone.wall(*start).hour())).or_insert(0) += 1;
    }
    Ok(Habits {
        practitioner: most(people).map(|id| EntityId(uuid::Uuid::from_u128(id))),
        hour: most(hours).and_then(|hour| u32::try_from(hour).ok()),
    })
}
