//! Bookings a second: alone, at sixteen desks of one clinic, and at a desk of each of sixteen clinics.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use gabinet::appointments::book;
use platform::{id::EntityId, tx};
use sqlx::{Connection, PgPool};

use crate::{
    measure::{Pair, beside},
    report::Report,
    world::{Clinic, World},
};

/// Quarters of an hour that nobody has taken: in the evening of the days of the week for ours, at weekends for raw SQL.
struct Free {
    taken: Vec<AtomicU64>,
    days: [u64; 2],
    each: u64,
    hour: i64,
}

impl Free {
    fn new(first: u64, last: u64, hour: i64, each: u64) -> Free {
        Free { taken: (0..PEOPLE).map(|_| AtomicU64::new(0)).collect(), days: [first, last], each, hour }
    }

    /// The next one of this practitioner, from the week after the measured one on.
    fn next(&self, person: usize) -> DateTime<Utc> {
        let number = self.taken[person].fetch_add(1, Ordering::Relaxed);
        let [first, last] = self.days;
        let (day, place) = (number / self.each, number % self.each);
        let (week, day) = (day / (last - first + 1), day % (last - first + 1));
        let monday: DateTime<Utc> = "2026-11-30T00:00:00Z".parse().expect("an instant");
        let signed = |value: u64| i64::try_from(value).expect("small");
        monday + TimeDelta::days(signed(7 * week + first + day)) + TimeDelta::hours(self.hour) + TimeDelta::minutes(15 * signed(place))
    }
}

const PEOPLE: usize = 16;

pub async fn measure(report: &mut Report, world: &World) {
    let alone = at_once(world, 1, |_| (Clinic::number(0), 17)).await;
    report.pair("booking, one after the other", &alone, 0.5);
    let clinics = at_once(world, PEOPLE, |worker| (Clinic::number(worker as u64 + 1), 1)).await;
    report.pair("booking, 16 at once in 16 clinics", &clinics, 0.5);
    let one = at_once(world, PEOPLE, |worker| (Clinic::number(0), worker as u64 + 1)).await;
    report.pair("booking, 16 at once in one clinic and month", &one, 0.5);
}

/// Each worker at the desk of a clinic, booking one practitioner's time.
async fn at_once(world: &World, workers: usize, place: fn(usize) -> (Clinic, u64)) -> Pair {
    let (evenings, weekends) = (Arc::new(Free::new(0, 4, 15, 12)), Arc::new(Free::new(5, 6, 7, 40)));
    let ours = {
        let world = world.clone();
        move |worker| {
            let (world, evenings) = (world.clone(), evenings.clone());
            async move {
                let (clinic, person) = place(worker);
                let new = clinic.visit(person, 50 * person + 1, evenings.next(worker));
                let booked = tx::retry(async || {
                    let mut tx = world.tx(&clinic).await;
                    let booked = book(&mut tx, &new).await?;
                    tx.commit().await?;
                    Ok(booked)
                });
                booked.await.unwrap_or_else(|error| panic!("{} {error:?}", new.start));
            }
        }
    };
    let owner = world.owner.clone();
    let raw = move |worker| {
        let (owner, weekends) = (owner.clone(), weekends.clone());
        async move {
            let (clinic, person) = place(worker);
            raw_booking(&owner, &clinic, person, weekends.next(worker)).await.expect("a raw booking");
        }
    };
    beside(workers, Duration::from_millis(800), ours, raw).await
}

/// The rows of a visit and nothing else, under the same constraints: two entities, the activity, what it takes, the
/// visit with its gapless number, the action and the feed; in one transaction.
async fn raw_booking(owner: &PgPool, clinic: &Clinic, person: u64, start: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let mut connection = owner.acquire().await?;
    let mut tx = connection.begin().await?;
    let (visit, activity) = (EntityId::new(), EntityId::new());
    let (end, patient) = (start + TimeDelta::minutes(15), clinic.patient(50 * person + 2));
    sqlx::query(
        "insert into entities (organization_id, id, entity_type, title, status, created_at, updated_at)
         values ($1, $2, 'gabinet:appointment', 'Anna Nowak', 'scheduled', now(), now()), ($1, $3, 'activity', 'Anna Nowak', 'scheduled', now(), now())",
    )
    .bind(clinic.organization)
    .bind(visit)
    .bind(activity)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "insert into scheduled_activities (organization_id, id, activity_type, title, location_id, starts_at, ends_at, zone, wall_start,
             status, owner_id, subject_id, module_entity_id, face, created_at, updated_at, resources)
         values ($1, $2, 'gabinet:appointment', 'Anna Nowak', $3, $4, $5, 'Europe/Warsaw', $4 at time zone 'Europe/Warsaw', 'scheduled', $6,
             $7, $8, '{\"line\": \"Injection\", \"place\": \"Room 1\"}', now(), now(), $9)",
    )
    .bind(clinic.organization)
    .bind(activity)
    .bind(clinic.location)
    .bind(start)
    .bind(end)
    .bind(clinic.desk.user)
    .bind(patient)
    .bind(visit)
    .bind(vec![clinic.practitioner(person), clinic.room(person)])
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "insert into resource_bookings (organization_id, activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at)
         select $1, $2, resource, $4, $5, $4, $5 from unnest($3::uuid[]) resource",
    )
    .bind(clinic.organization)
    .bind(activity)
    .bind(vec![clinic.practitioner(person), clinic.room(person)])
    .bind(start)
    .bind(end)
    .execute(&mut *tx)
    .await?;
    let number: i64 = sqlx::query_scalar(
        "insert into counters (organization_id, series, value) values ($1, 'raw', 1)
         on conflict (organization_id, series) do update set value = counters.value + 1 returning value",
    )
    .bind(clinic.organization)
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query(
        "insert into gabinet_appointments (organization_id, id, number, activity_id, patient_id, treatment_id, employee_id, price, currency,
             created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, 9000, 'PLN', now(), now())",
    )
    .bind(clinic.organization)
    .bind(visit)
    .bind(format!("RAW-{number}"))
    .bind(activity)
    .bind(patient)
    .bind(clinic.injection)
    .bind(clinic.practitioner(person))
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "with feed as (
             insert into action_feed (organization_id, entity_type, entity_id, action) values ($1, 'gabinet:appointment', $2, 'booked')
         )
         insert into actions (organization_id, id, at, user_id, door, entity_type, entity_id, action, new)
         values ($1, $3, '2026-11-24 07:00Z', $4, 'screen', 'gabinet:appointment', $2, 'booked', '{\"treatment\": \"Injection\"}')",
    )
    .bind(clinic.organization)
    .bind(visit)
    .bind(uuid::Uuid::now_v7())
    .bind(clinic.desk.user)
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
