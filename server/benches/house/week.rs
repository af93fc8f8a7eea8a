//! A clinic's week of 500 visits, as the calendar's door asks for it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use services::calendar;

use crate::{
    measure::beside,
    report::Report,
    world::{Clinic, WEEK, World},
};

/// The same columns, as the table has them.
const RAW: &str =
    "select a.id, a.activity_type, a.title, a.face, a.starts_at, a.ends_at, a.status, a.subject_id, a.module_entity_id, a.version,
        a.resources, a.buffer_before, a.buffer_after, a.overbooked
    from scheduled_activities a
    where a.organization_id = $1 and a.starts_at < $3 and a.starts_at > $2 - interval '31 days' and a.ends_at > $2
    order by a.starts_at";

pub async fn measure(report: &mut Report, small: &World, large: &World) {
    for world in [small, large] {
        let clinic = Clinic::number(0);
        let ours = {
            let (world, clinic) = (world.clone(), clinic.clone());
            move |_| {
                let (world, clinic) = (world.clone(), clinic.clone());
                async move { assert_eq!(week(&world, &clinic).await, 500) }
            }
        };
        let owner = world.owner.clone();
        let raw = move |_| {
            let (owner, clinic) = (owner.clone(), clinic.clone());
            async move { assert_eq!(raw_week(&owner, &clinic).await, 500) }
        };
        let pair = beside(1, Duration::from_millis(700), ours, raw).await;
        report.pair(&format!("week of 500 visits, {} events", world.events), &pair, 0.6);
    }
}

/// How many events the week has.
pub async fn week(world: &World, clinic: &Clinic) -> usize {
    let mut tx = world.tx(clinic).await;
    let (from, to) = (WEEK.0.parse().expect("a date"), WEEK.1.parse().expect("a date"));
    let view = calendar::range(&mut tx, clinic.location, from, to).await.expect("a week");
    view.events.len()
}

/// The same by hand.
async fn raw_week(owner: &sqlx::PgPool, clinic: &Clinic) -> usize {
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
    let rows = sqlx::query(RAW)
        .bind(clinic.organization)
        .bind(at("2026-11-22T23:00:00Z"))
        .bind(at("2026-11-29T23:00:00Z"))
        .fetch_all(owner)
        .await
        .expect("rows");
    rows.len()
}
