//! Free times: of one day, and the earliest of a month in which everybody is full.

use std::{hint::black_box, time::Duration};

use chrono::{DateTime, NaiveDate, Utc};
use gabinet::appointments::{AvailabilityQuestion, availability, earliest, question};
use services::calendar::slots;
use sqlx::PgPool;

use crate::{
    measure::{alone, beside},
    report::Report,
    world::{Clinic, World},
};

/// What decides about a day, by hand: the treatment with its needs; who and what could serve; hours; what deviates from
/// them; and what is taken.
const RAW: [&str; 5] = [
    "select t.id, t.name, t.duration, t.buffer_before, t.buffer_after, n.kind, n.sort_of, l.zone
     from gabinet_treatments t
     join locations l on l.organization_id = t.organization_id and l.id = $3
     left join gabinet_treatment_needs n on n.organization_id = t.organization_id and n.treatment_id = t.id
     where t.organization_id = $1 and t.id = $2",
    "select r.id, r.name, r.kind from gabinet_qualifications q
     join resources r on r.organization_id = q.organization_id and r.id = q.employee_id
     where q.organization_id = $1 and q.treatment_id = $2 and r.active and (r.location_id is null or r.location_id = $3)
     union all
     select r.id, r.name, r.kind from gabinet_treatment_needs n
     join gabinet_equipment e on e.organization_id = n.organization_id and e.sort_of = n.sort_of
     join resources r on r.organization_id = e.organization_id and r.id = e.resource_id and r.kind = n.kind
     where n.organization_id = $1 and n.treatment_id = $2 and r.active and (r.location_id is null or r.location_id = $3)",
    "select employee_id, weekday, kind, starts, ends, valid_from, valid_to from gabinet_working_hours
     where organization_id = $1 and employee_id = any ($2)",
    "select employee_id, on_date, on_date, starts, ends from gabinet_date_hours
     where organization_id = $1 and employee_id = any ($2) and on_date between $3 and $4
     union all
     select employee_id, from_date, to_date, null, null from gabinet_leave
     where organization_id = $1 and employee_id = any ($2) and from_date <= $4 and to_date >= $3
     union all
     select null, on_date, on_date, null, null from gabinet_closures where organization_id = $1 and on_date between $3 and $4",
    "select resource_id, activity_id, starts_at, ends_at, core_starts_at, core_ends_at from resource_bookings
     where organization_id = $1 and resource_id = any ($2) and starts_at < $4 and ends_at > $3 and starts_at > $3 - interval '33 days' and occupies",
];

pub async fn measure(report: &mut Report, world: &World) {
    let clinic = Clinic::number(0);
    let day = asked(&clinic, "2026-11-25", "2026-11-25");
    let ours = {
        let (world, clinic) = (world.clone(), clinic.clone());
        move |_| {
            let (world, clinic, day) = (world.clone(), clinic.clone(), day.clone());
            async move {
                let mut tx = world.tx(&clinic).await;
                let free = availability(&mut tx, &day).await.expect("free times");
                assert!(!free.available_slots.is_empty());
            }
        }
    };
    let owner = world.owner.clone();
    let raw = move |_| {
        let (owner, clinic) = (owner.clone(), clinic.clone());
        async move { raw_day(&owner, &clinic).await }
    };
    let pair = beside(1, Duration::from_millis(700), ours, raw).await;
    report.pair(&format!("free times of a day, {} events", world.events), &pair, 0.4);

    let full = Clinic::number(20);
    let month = asked(&full, "2026-11-30", "2026-12-29");
    let mut tx = world.tx(&full).await;
    let known = question(&mut tx, &month).await.expect("a question");
    drop(tx);
    let (people, taken) = (known.times.len(), known.times.iter().map(|time| time.busy.len()).sum::<usize>());
    assert_eq!((people, taken), (50, 14_950));
    let known = std::sync::Arc::new(known);
    let pure = alone(1, Duration::from_secs(2), move |_| {
        let known = known.clone();
        async move {
            let found = slots::earliest(&known.wish, &known.times, &known.zone, known.range).expect("one is free");
            assert_eq!(black_box(found).start.date_naive(), "2026-12-29".parse::<NaiveDate>().expect("a date"));
        }
    })
    .await;
    report.within("earliest of 50 people in 30 full days, arithmetic alone", &pure, 5.0);
    let whole = alone(1, Duration::from_secs(4), {
        let world = world.clone();
        move |_| {
            let (world, full, month) = (world.clone(), full.clone(), month.clone());
            async move {
                let mut tx = world.tx(&full).await;
                assert!(earliest(&mut tx, &month).await.expect("an answer").is_some());
            }
        }
    })
    .await;
    report.within("earliest of 50 people in 30 full days, with reading", &whole, 50.0);
}

fn asked(clinic: &Clinic, from: &str, to: &str) -> AvailabilityQuestion {
    AvailabilityQuestion {
        location: clinic.location,
        treatment: clinic.consultation,
        employee: None,
        patient: None,
        from: from.parse().expect("a date"),
        to: to.parse().expect("a date"),
        moving: None,
        further: Vec::new(),
        channel: Default::default(),
    }
}

/// Reads what decides about the day, as much around it as the server reads.
async fn raw_day(owner: &PgPool, clinic: &Clinic) {
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
    let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
    let mut connection = owner.acquire().await.expect("a connection");
    let people: Vec<uuid::Uuid> = (1..=20).map(|number| clinic.practitioner(number).0).collect();
    let all: Vec<uuid::Uuid> = people.iter().copied().chain((1..=20).map(|number| clinic.room(number).0)).collect();
    let counts = [
        sqlx::query(RAW[0]).bind(clinic.organization).bind(clinic.consultation).bind(clinic.location).fetch_all(&mut *connection).await,
        sqlx::query(RAW[1]).bind(clinic.organization).bind(clinic.consultation).bind(clinic.location).fetch_all(&mut *connection).await,
        sqlx::query(RAW[2]).bind(clinic.organization).bind(&people).fetch_all(&mut *connection).await,
        sqlx::query(RAW[3])
            .bind(clinic.organization)
            .bind(&people)
            .bind(date("2026-11-24"))
            .bind(date("2026-11-27"))
            .fetch_all(&mut *connection)
            .await,
        sqlx::query(RAW[4])
            .bind(clinic.organization)
            .bind(&all)
            .bind(at("2026-11-23T23:00:00Z"))
            .bind(at("2026-11-26T23:00:00Z"))
            .fetch_all(&mut *connection)
            .await,
    ]
    .map(|rows| rows.expect("rows").len());
    // Three days of 20 practitioners and their rooms, five visits a day.
    assert_eq!(counts, [1, 40, 140, 0, 600]);
}
