//! What a patient has besides: they are in one place at a time, as a room is.

#[cfg(feature = "ssr")]
use chrono::{DateTime, TimeDelta, Utc};
use platform::time::Interval;
#[cfg(feature = "ssr")]
use platform::{Error, Result, Tx, id::EntityId};
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use services::calendar::{activities, slots::Guest};

#[cfg(feature = "ssr")]
use super::Question;
#[cfg(feature = "ssr")]
use crate::{APPOINTMENT, PATIENTS_READ};

/// Something that a patient has at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    pub during: Interval,
    /// What it is, the treatment or a title; empty for those who may not know it.
    pub what: String,
}

/// Activity type, title, second line, start and end.
#[cfg(feature = "ssr")]
type Row = (String, String, String, DateTime<Utc>, DateTime<Utc>);

/// What a patient has in a range, of whichever product, by start; but for the activities that leave their places (R11).
///
/// # Errors
/// `Unavailable`.
#[cfg(feature = "ssr")]
pub(crate) async fn elsewhere(tx: &mut Tx, patient: EntityId, range: Interval, leaving: &[EntityId]) -> Result<Vec<Elsewhere>> {
    let organization = tx.organization();
    let rows: Vec<Row> = sqlx::query_as(
        "select activity_type, title, coalesce(face ->> 'line', ''), starts_at, ends_at from scheduled_activities
         where organization_id = $1 and subject_id = $2 and starts_at < $4 and ends_at > $3 and starts_at > $6 and not id = any ($5)
           and status not in ('cancelled', 'no_show', 'moved', 'expired')
         union all
         select a.activity_type, a.title, a.title, a.starts_at, a.ends_at from gabinet_appointments v
         join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         where v.organization_id = $1 and v.patient_id = $2 and v.seat_status not in ('cancelled', 'no_show')
           and a.starts_at < $4 and a.ends_at > $3 and a.starts_at > $6 and not a.id = any ($5)
           and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
         order by 4, 5",
    )
    .bind(organization)
    .bind(patient)
    .bind(range.start)
    .bind(range.end)
    .bind(leaving)
    .bind(range.start - activities::LONGEST)
    .fetch_all(tx.conn())
    .await?;
    let told = |(activity_type, title, line, start, end): Row| {
        let what = match activity_type.as_str() {
            // Its title is the patient.
            APPOINTMENT => line,
            _ => title,
        };
        let what = if activities::may_know(tx, &activity_type) { what } else { String::new() };
        Some(Elsewhere { during: Interval::new(start, end)?, what })
    };
    Ok(rows.into_iter().filter_map(told).collect())
}

/// Puts into a question whose visit it is to be, with what they have besides.
///
/// # Errors
/// `NotFound` where there is no such patient.
#[cfg(feature = "ssr")]
pub(super) async fn put(tx: &mut Tx, question: &mut Question, patient: EntityId, leaving: &[EntityId]) -> Result<()> {
    let organization = tx.organization();
    let name: Option<String> = sqlx::query_scalar(
        "select p.given_name || ' ' || p.family_name from gabinet_patients t
         join persons p on p.organization_id = t.organization_id and p.id = t.id
         where t.organization_id = $1 and t.id = $2",
    )
    .bind(organization)
    .bind(patient)
    .fetch_optional(tx.conn())
    .await?;
    let name = name.ok_or(Error::NotFound)?;
    // Whoever may not know patients is told that somebody is elsewhere, and not who.
    if tx.can(PATIENTS_READ) {
        question.names.push((patient, name));
    }
    // What begins on the last of the dates may last beyond it.
    let range = Interval { start: question.range.start, end: question.range.end + TimeDelta::days(1) };
    question.elsewhere = elsewhere(tx, patient, range, leaving).await?;
    question.wish.guest = Some(Guest { id: patient, elsewhere: question.elsewhere.iter().map(|other| other.during).collect() });
    Ok(())
}
