//! How the database carries out the hot queries, as the application's role sees it: by their indexes.

use gabinet::appointments::{AvailabilityQuestion, availability, book};
use platform::Tx;
use sqlx::AssertSqlSafe;

use crate::world::{Clinic, WEEK, World};

/// Tables that no question of one request reads from end to end. The log is not among them: of its partitions those that
/// are still empty are read so, which costs nothing.
const LARGE: [&str; 5] = ["scheduled_activities", "resource_bookings", "entities", "gabinet_appointments", "gabinet_patients"];

/// A statement: what it is called here, a part of its text by which it is known, its parameters (those with dashes in
/// quotes), and the indexes by which it must go.
type Hot<'a> = (&'a str, &'a str, String, &'a [&'a str]);

pub struct Plans {
    pub text: String,
    pub held: bool,
}

/// Asks each once, so that the connection has prepared it, and then how it was carried out.
pub async fn ask(world: &World) -> Plans {
    let clinic = Clinic::number(0);
    let mut tx = world.tx(&clinic).await;
    let role: String = sqlx::query_scalar("select current_user::text").fetch_one(tx.conn()).await.expect("a role");
    assert_eq!(role, "atrium_app");
    let (from, to) = (WEEK.0.parse().expect("a date"), WEEK.1.parse().expect("a date"));
    let week = services::calendar::range(&mut tx, clinic.location, from, to).await.expect("a week");
    let events: Vec<String> = week.events.iter().map(|event| event.id.to_string()).collect();
    let events = events.join(",");
    let day =
        AvailabilityQuestion { location: clinic.location, treatment: clinic.consultation, employee: None, from, to: from, moving: None };
    availability(&mut tx, &day).await.expect("free times");
    let start = "2026-11-26T16:00:00Z".parse().expect("an instant");
    let booked = book(&mut tx, &clinic.visit(19, 7, start)).await.expect("a visit");
    platform::actions::timeline(&mut tx, booked.id, 10).await.expect("its history");

    let (organization, location) = (clinic.organization, clinic.location);
    let (patient, visit) = (clinic.patient(7), booked.id);
    let resources: Vec<String> =
        (1..=20).flat_map(|number| [clinic.practitioner(number).to_string(), clinic.room(number).to_string()]).collect();
    let resources = resources.join(",");
    let hot: [Hot; 7] = [
        (
            "a week of the calendar",
            "from scheduled_activities a\n",
            format!("'{organization}', '{location}', '2026-11-22T23:00:00Z', '2026-11-29T23:00:00Z', '2026-10-22T23:00:00Z'"),
            &["activities_by_time"],
        ),
        ("what its events take", "activity_id = any", format!("'{organization}', '{{{events}}}'"), &["resource_bookings_pkey"]),
        (
            "what is taken",
            "core_ends_at from resource_bookings",
            format!("'{organization}', '{{{resources}}}', '2026-11-23T23:00:00Z', '2026-11-26T23:00:00Z', null, '2026-10-22T23:00:00Z'"),
            &["bookings_by_resource"],
        ),
        (
            "a patient's other visits",
            "subject_id = $2 and starts_at < $4",
            format!("'{organization}', '{patient}', '2026-11-26T16:00:00Z', '2026-11-26T16:15:00Z', null"),
            &["activities_by_subject"],
        ),
        (
            "whether it is the first visit",
            "select not exists",
            format!("'{organization}', '{patient}'"),
            &["gabinet_appointments_by_patient", "scheduled_activities_pkey"],
        ),
        (
            "one visit",
            "v.id = $2 or v.activity_id = $2",
            format!("'{organization}', '{visit}'"),
            &["gabinet_appointments_pkey", "gabinet_appointments_activity_key", "scheduled_activities_pkey"],
        ),
        ("a record's history", "from actions", format!("'{organization}', '{visit}', 10"), &["entity_id_at_idx"]),
    ];
    let mut plans = Plans { text: "| hot query, as atrium_app | goes by | held |\n| --- | --- | --- |\n".into(), held: true };
    for (what, part, parameters, indexes) in hot {
        let mut wrong = Vec::new();
        // By the values given, and as it is once the database has settled on one plan for all values.
        for mode in ["force_custom_plan", "force_generic_plan"] {
            let plan = explain(&mut tx, part, &parameters, mode).await;
            let whole = LARGE.iter().any(|table| plan.contains(&format!("Seq Scan on {table}")));
            if whole || !indexes.iter().all(|index| plan.contains(index)) {
                wrong.push(format!("{what}, {mode}:\n{plan}"));
            }
        }
        let held = if wrong.is_empty() { "yes" } else { "**no**" };
        plans.text.push_str(&format!("| {what} | {} | {held} |\n", indexes.join(", ")));
        if !wrong.is_empty() {
            plans.held = false;
            eprintln!("{}", wrong.join("\n"));
        }
    }
    plans
}

/// The plan of the statement that this connection has prepared and that contains `part`.
async fn explain(tx: &mut Tx, part: &str, parameters: &str, mode: &str) -> String {
    let name: Option<String> = sqlx::query_scalar(
        "select name from pg_prepared_statements where strpos(statement, $1) > 0 and statement not like '%pg_prepared%' order by name limit 1",
    )
    .bind(part)
    .fetch_optional(tx.conn())
    .await
    .expect("the statements are known");
    let Some(name) = name else { return format!("(no statement contains `{part}`)") };
    sqlx::query(AssertSqlSafe(format!("set local plan_cache_mode = {mode}"))).execute(tx.conn()).await.expect("the mode is set");
    let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(format!("explain execute {name} ({parameters})")))
        .persistent(false)
        .fetch_all(tx.conn())
        .await
        .expect("a plan");
    lines.into_iter().map(|(line,)| line + "\n").collect()
}
