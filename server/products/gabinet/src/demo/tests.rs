//! The demo as whoever opens it finds it.

mod dragging;

use platform::testing;
use services::{calendar::Event, hooks::Hooks};

use super::*;

static MODULES: [&platform::module::Module; 3] = [&platform::MODULE, &services::core::MODULE, &crate::MODULE];
static HOOKS: [&services::hooks::ModuleHooks; 1] = [&crate::HOOKS];

/// A furnished clinic at that moment; its database lasts as long as the first.
async fn furnished(at: &str) -> (testing::Clinic, State, DemoTenant) {
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    let clinic = testing::clinic_with(&MODULES, extensions).await;
    let state = State { clock: Clock::starting_at(at.parse().expect("an instant")), ..clinic.state.clone() };
    let tenant = DemoTenant {
        organization: clinic.organization,
        location: clinic.location,
        doctor: clinic.jan.user,
        country: "PL".into(),
        zone: "Europe/Warsaw".into(),
    };
    let started = std::time::Instant::now();
    write(&state, &tenant).await.expect("a demo");
    println!("the demo took {:?}", started.elapsed());
    (clinic, state, tenant)
}

async fn today(at: &str) -> (Vec<(EntityId, String, Vec<Event>)>, DateTime<Utc>, Vec<Event>) {
    let (_clinic, state, tenant) = furnished(at).await;
    let mut tx = Tx::begin_for_system(&state, tenant.organization, Door::Demo).await.expect("begun");
    let now = tx.now();
    let date = now.with_timezone(&chrono_tz::Europe::Warsaw).date_naive();
    let view = services::calendar::range(&mut tx, tenant.location, date, date + TimeDelta::days(1)).await.expect("a day");
    let there = view.resources.iter().filter(|resource| resource.kind == ResourceKind::Staff).filter_map(|resource| {
        let hours = view.hours.iter().find(|hours| hours.resource == resource.id)?;
        let works = !hours.windows.is_empty() && hours.closed.iter().all(|closed| closed.rule != services::calendar::slots::Rule::Leave);
        let visits = view.events.iter().filter(|event| event.resources.contains(&resource.id)).cloned().collect();
        works.then(|| (resource.id, resource.name.clone(), visits))
    });
    (there.collect(), now, view.events.clone())
}

#[tokio::test]
async fn today_is_a_busy_and_tidy_day() {
    let (staff, now, events) = today("2026-11-24T09:30:00Z").await;
    assert!(staff.len() >= 3);
    for (_, name, events) in &staff {
        assert!(events.len() >= 4, "{name} has {} events", events.len());
    }
    let visits: Vec<&Event> = events.iter().filter(|event| event.activity_type == crate::APPOINTMENT).collect();
    let with = |status| visits.iter().filter(|event| event.status == status).count();
    for visit in &visits {
        println!("{} {} {} {:?}", visit.start, visit.title, visit.status, visit.face);
        assert!(visit.end > now || visit.status.is_terminal(), "{visit:?}");
        assert!(visit.start <= now || !matches!(visit.status, Status::InProgress | Status::Completed | Status::NoShow), "{visit:?}");
    }
    assert!(with(Status::InProgress) > 0 && with(Status::CheckedIn) > 0 && with(Status::Completed) > 0, "{visits:?}");
    assert!(with(Status::Confirmed) > 0 && with(Status::Scheduled) > 0);
    assert_eq!(events.iter().filter(|event| event.activity_type == "meeting").count(), 1);
}

#[tokio::test]
async fn a_sunday_in_the_holidays_is_busy_too() {
    let (staff, _, events) = today("2027-12-26T12:30:00Z").await;
    assert!(staff.len() >= 3 && events.len() >= 12, "{} {}", staff.len(), events.len());
}

#[tokio::test]
async fn there_is_something_to_see_of_every_rule() {
    let (_clinic, state, tenant) = furnished("2026-11-24T09:30:00Z").await;
    let organization = tenant.organization;
    let mut tx = Tx::begin_for_system(&state, organization, Door::Demo).await.expect("begun");
    let all = treatments::list(&mut tx).await.expect("the catalogue");
    let has = |what: fn(&Treatment) -> bool| all.iter().any(what);
    assert!(has(|one| one.needs.iter().any(|need| need.segments.iter().any(|part| (part.from, part.to) == (15, 45)))));
    assert!(has(|one| one.rules.seats > 1) && has(|one| one.rules.needs_approval) && has(|one| one.rules.limited()));
    assert!(has(|one| !one.rules.online) && has(|one| one.needs.is_empty()));
    let (pending, seats, waiting): (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from scheduled_activities where organization_id = $1 and status = 'pending'),
                (select count(*) from gabinet_appointments where organization_id = $1 and seat_status is not null),
                (select count(*) from gabinet_waiting where organization_id = $1 and status = 'waiting')",
    )
    .bind(organization)
    .fetch_one(tx.conn())
    .await
    .expect("counts");
    assert_eq!((pending, seats), (1, 3));
    assert!(waiting > 0);
    let agreed: Vec<(bool, bool)> =
        sqlx::query_as("select duration is not null, price is not null from gabinet_patient_terms where organization_id = $1 order by 1")
            .bind(organization)
            .fetch_all(tx.conn())
            .await
            .expect("what was agreed");
    assert_eq!(agreed, [(false, true), (true, false)]);
    let alternates: i64 = sqlx::query_scalar("select count(*) from gabinet_working_hours where organization_id = $1 and every_weeks = 2")
        .bind(organization)
        .fetch_one(tx.conn())
        .await
        .expect("a count");
    assert_eq!(alternates, 1);
}
