//! How the database carries out the hot queries, as the application's role sees it: by their indexes.

use gabinet::appointments::{AvailabilityQuestion, availability, book, get};
use platform::Tx;
use sqlx::AssertSqlSafe;

use crate::world::{Clinic, WEEK, World};

/// Tables that no question of one request reads from end to end. The log is not among them: of its partitions those that
/// are still empty are read so, which costs nothing.
const LARGE: [&str; 5] = ["scheduled_activities", "resource_bookings", "entities", "gabinet_appointments", "gabinet_patients"];

/// A statement: what it is called here, a part of its text by which it is known, and the indexes by which it must go.
type Hot = (&'static str, &'static str, &'static [&'static str]);

const HOT: [Hot; 5] = [
    ("a week of the calendar", "from scheduled_activities a\n", &["activities_by_time"]),
    ("what is taken", "core_ends_at from resource_bookings", &["bookings_by_resource"]),
    ("a patient's other visits", "subject_id = $2 and status not in", &["activities_by_subject"]),
    (
        "one visit",
        "v.id = $2 or v.activity_id = $2",
        &["gabinet_appointments_pkey", "gabinet_appointments_by_activity", "scheduled_activities_pkey"],
    ),
    ("a record's history", "from actions", &["entity_id_at_idx"]),
];

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
    services::calendar::range(&mut tx, clinic.location, from, to).await.expect("a week");
    let day = AvailabilityQuestion {
        location: clinic.location,
        treatment: clinic.consultation,
        employee: None,
        patient: None,
        from,
        to: from,
        moving: None,
        further: Vec::new(),
        channel: Default::default(),
    };
    availability(&mut tx, &day).await.expect("free times");
    let start = "2026-11-26T16:00:00Z".parse().expect("an instant");
    let booked = book(&mut tx, &clinic.visit(19, 7, start)).await.expect("a visit");
    get(&mut tx, booked.id).await.expect("the visit");
    platform::actions::timeline(&mut tx, booked.id, 10).await.expect("its history");

    let mut plans = Plans { text: "| hot query, as atrium_app | goes by | held |\n| --- | --- | --- |\n".into(), held: true };
    for (what, part, indexes) in HOT {
        let plan = explain(&mut tx, part).await;
        let whole = LARGE.iter().any(|table| plan.contains(&format!("Seq Scan on {table}")));
        let right = !whole && indexes.iter().all(|index| plan.contains(index));
        let held = if right { "yes" } else { "**no**" };
        plans.text.push_str(&format!("| {what} | {} | {held} |\n", indexes.join(", ")));
        if !right {
            plans.held = false;
            eprintln!("{what}:\n{plan}");
        }
    }
    plans
}

/// The plan of the statement that this connection has prepared and that contains `part`. It is the same for all values,
/// as the pool demands, so that it can be asked for with none.
async fn explain(tx: &mut Tx, part: &str) -> String {
    let known: Option<(String, i32)> = sqlx::query_as(
        "select name, cardinality(parameter_types) from pg_prepared_statements
         where strpos(statement, $1) > 0 and statement not like '%pg_prepared%' order by name limit 1",
    )
    .bind(part)
    .fetch_optional(tx.conn())
    .await
    .expect("the statements are known");
    let Some((name, parameters)) = known else { return format!("(no statement contains `{part}`)") };
    let nothing = vec!["null"; usize::try_from(parameters).expect("a count")].join(", ");
    let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(format!("explain execute {name} ({nothing})")))
        .persistent(false)
        .fetch_all(tx.conn())
        .await
        .expect("a plan");
    lines.into_iter().map(|(line,)| line + "\n").collect()
}
