//! What a range of the calendar costs: as many queries for many events as for none, and each by its index, as the
//! application's role under row-level security sees it.

use platform::{Tx, time::Interval};
use services::calendar::{activities, range};
use sqlx::{AssertSqlSafe, ConnectOptions};

use super::{Desk, at, desk};

/// Years of hours of all three resources, and as many of another tenant.
async fn years(desk: &Desk) {
    let mut owner = desk.clinic.database.owner().connect().await.unwrap();
    for (organization, location) in
        [(desk.clinic.organization, desk.clinic.location), (desk.clinic.foreign_organization, desk.clinic.foreign_location)]
    {
        sqlx::query(
            "with made as (
                 select gen_random_uuid() as id, $3::timestamptz + make_interval(hours => n * 4) as at from generate_series(-3000, 3000) n
             ), records as (
                 insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
                 select $1, id, 'activity', 'Anna Nowak', $3, $3 from made
             ), activities as (
                 insert into scheduled_activities (organization_id, id, activity_type, title, location_id, starts_at, ends_at, zone, wall_start, status, created_at, updated_at)
                 select $1, id, 'meeting', 'Anna Nowak', $2, at, at + interval '1 hour', 'UTC', at at time zone 'UTC', 'scheduled', $3, $3 from made
             )
             insert into resource_bookings (organization_id, activity_id, resource_id, starts_at, ends_at, core_starts_at, core_ends_at)
             select $1, m.id, r.id, at, at + interval '1 hour', at, at + interval '1 hour'
             from made m cross join resources r where r.organization_id = $1",
        )
        .bind(organization)
        .bind(location)
        .bind(at("06:00"))
        .execute(&mut owner)
        .await
        .unwrap();
    }
    sqlx::raw_sql("analyze entities, scheduled_activities, resource_bookings, resources").execute(&mut owner).await.unwrap();
}

/// How many prepared statements this connection has carried out.
async fn carried_out(tx: &mut Tx) -> i64 {
    sqlx::query_scalar("select coalesce(sum(generic_plans + custom_plans), 0)::bigint from pg_prepared_statements where statement not like '%pg_prepared%'")
        .fetch_one(tx.conn())
        .await
        .unwrap()
}

/// How the database carries out the statement that this connection has prepared and that contains `part`.
async fn plan(tx: &mut Tx, part: &str, parameters: &str) -> String {
    let name: String = sqlx::query_scalar(
        "select name from pg_prepared_statements where strpos(statement, $1) > 0 and statement not like '%pg_prepared%'",
    )
    .bind(part)
    .fetch_one(tx.conn())
    .await
    .unwrap();
    let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(format!("explain execute {name} ({parameters})")))
        .persistent(false)
        .fetch_all(tx.conn())
        .await
        .unwrap();
    lines.into_iter().map(|(line,)| line + "\n").collect()
}

#[tokio::test]
async fn a_week_costs_three_queries_and_then_one_however_many_events_it_has() {
    let desk = desk().await;
    let mut counts = Vec::new();
    for filled in [false, true] {
        if filled {
            years(&desk).await;
        }
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let before = carried_out(&mut tx).await;
        let view = range(&mut tx, desk.clinic.location, "2026-11-23".parse().unwrap(), "2026-11-30".parse().unwrap()).await.unwrap();
        counts.push(carried_out(&mut tx).await - before);
        assert_eq!(view.events.len(), if filled { 42 } else { 0 });
    }
    // The location, the events, the resources (hours are the modules' own); of these only the events are read again.
    assert_eq!(counts, [3, 1]);
}

#[tokio::test]
async fn the_hot_queries_use_their_indexes_under_row_level_security() {
    let desk = desk().await;
    years(&desk).await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let role: String = sqlx::query_scalar("select current_user::text").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(role, "atrium_app");
    let (organization, location) = (desk.clinic.organization, desk.clinic.location);

    range(&mut tx, location, "2026-11-23".parse().unwrap(), "2026-11-30".parse().unwrap()).await.unwrap();
    let parameters = format!(
        "'{organization}', '{location}', '2026-11-22T23:00:00Z', '2026-11-29T23:00:00Z', '2026-10-22T23:00:00Z', '2026-11-24T07:00:00Z'"
    );
    let week = plan(&mut tx, "from scheduled_activities a", &parameters).await;
    assert!(week.contains("activities_by_time") && !week.contains("Seq Scan"), "{week}");

    let interval = Interval { start: at("08:00"), end: at("18:00") };
    activities::busy(&mut tx, &[desk.lis, desk.room], interval, None).await.unwrap();
    let parameters = format!(
        "'{organization}', '{{{},{}}}', '2026-11-24T08:00:00Z', '2026-11-24T18:00:00Z', null, '2026-11-24T07:00:00Z'",
        desk.lis, desk.room
    );
    let busy = plan(&mut tx, "core_ends_at from resource_bookings", &parameters).await;
    assert!(busy.contains("bookings_by_resource") && !busy.contains("Seq Scan"), "{busy}");
}
