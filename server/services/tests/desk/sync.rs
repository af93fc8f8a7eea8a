//! Calendars elsewhere, kept in step with a stand-in that speaks as they do.

#[path = "sync/cal_com.rs"]
mod cal_com;
#[path = "sync/failing.rs"]
mod failing;
#[path = "sync/google.rs"]
mod google;

use chrono::{DateTime, Utc};
use platform::{
    id::EntityId,
    jobs::{self, Kinds},
    sessions::Identity,
    testing,
};
use serde_json::{Value, json};
use services::{
    calendar::{
        ResourceKind,
        activities::{self, Activity, Asked},
        feeds::Detail,
        generic,
        sync::{self, Connection, JOB, NewConnection, Provider, double::Double},
    },
    hooks::Hooks,
    resources::{self, ResourceInput},
};

use super::{Desk, HOOKS, MODULES, at, resource};

/// The clinic, whose doctor Jan keeps his own time, and the other sides.
struct Between {
    desk: Desk,
    jan: EntityId,
    double: Double,
}

async fn between() -> Between {
    let double = Double::start().await;
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    extensions.insert(Kinds([&JOB].into()));
    extensions.insert(double.outside());
    let clinic = testing::clinic_with(&MODULES, extensions).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let lis = resource(&mut tx, ResourceKind::Staff, "Dr Lis").await;
    let room = resource(&mut tx, ResourceKind::Room, "Room 1").await;
    let laser = resource(&mut tx, ResourceKind::Device, "Laser A").await;
    let own = ResourceInput {
        id: None,
        kind: ResourceKind::Staff,
        name: "Jan Nowak".into(),
        hue: 100,
        location: None,
        user: Some(clinic.jan.user),
        sort: 0,
        active: true,
        version: 0,
    };
    let jan = resources::insert(&mut tx, &own).await.unwrap().id;
    tx.commit().await.unwrap();
    Between { desk: Desk { clinic, lis, room, laser }, jan, double }
}

fn new(provider: Provider) -> NewConnection {
    let google = provider == Provider::Google;
    NewConnection {
        provider,
        resource: None,
        location: None,
        calendar: if google { String::new() } else { "42".into() },
        detail: Detail::Full,
        sends: true,
        receives: true,
        api_key: if google { String::new() } else { "cal_live_good".into() },
    }
}

/// An event as Google tells it.
fn event(start: &str, end: &str) -> Value {
    json!({ "summary": "Dentist", "start": { "dateTime": start, "timeZone": "Europe/Warsaw" }, "end": { "dateTime": end, "timeZone": "Europe/Warsaw" } })
}

impl Between {
    fn jan(&self) -> &Identity {
        &self.desk.clinic.jan
    }

    async fn connect(&self, new: &NewConnection) -> Connection {
        let mut tx = self.desk.clinic.tx(self.jan()).await;
        let made = sync::connect(&mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        if let Some(page) = &made.allow_at {
            assert!(page.starts_with(&format!("{}/o/oauth2/v2/auth?", self.double.base)), "{page}");
            sync::allowed(&self.desk.clinic.state, self.jan(), &pass(page), Some("good")).await.unwrap();
        }
        made.connection
    }

    /// Connected with Google, and in step.
    async fn google(&self) -> Connection {
        let connection = self.connect(&new(Provider::Google)).await;
        self.run().await;
        connection
    }

    /// Does what is due now and whatever waits for its next turn.
    async fn run(&self) {
        self.due().await;
        jobs::run_due(&self.desk.clinic.state).await.unwrap();
    }

    /// All that waits is due.
    async fn due(&self) {
        let mut owner = self.desk.clinic.database.owner_connection().await;
        sqlx::query("update jobs set due_at = now() - interval '1 second', lease_until = lease_until - interval '1 hour'")
            .execute(&mut owner)
            .await
            .unwrap();
    }

    async fn seen(&self) -> Connection {
        let mut tx = self.desk.clinic.tx(self.jan()).await;
        sync::list(&mut tx).await.unwrap().pop().expect("there is one")
    }

    /// What takes Jan's time.
    async fn taken(&self) -> Vec<Activity> {
        let mut tx = self.desk.clinic.tx(self.jan()).await;
        let asked = Asked {
            from: testing::at("2026-11-20T00:00:00Z"),
            to: testing::at("2027-03-20T00:00:00Z"),
            location: None,
            resource: Some(self.jan),
            after: None,
            limit: 100,
        };
        let all = activities::list(&mut tx, &asked).await.unwrap();
        all.into_iter().filter(|activity| activity.status.occupies()).collect()
    }

    /// Jan has an hour of a meeting from `start` on.
    async fn meeting(&self, start: DateTime<Utc>) -> Activity {
        self.desk.meet(&self.desk.meeting(start, &[self.jan])).await.unwrap()
    }

    async fn cancel(&self, activity: &Activity) {
        let mut tx = self.desk.clinic.tx(&self.desk.clinic.anna).await;
        let change =
            services::hooks::StatusChange { version: activity.version, to: services::calendar::Status::Cancelled, reason: String::new() };
        services::calendar::moves::set_status(&mut tx, activity.id, &change).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// What Google hands back, out of the page's address.
fn pass(page: &str) -> String {
    let (_, rest) = page.split_once("&state=").expect("a pass");
    rest.split('&').next().unwrap_or_default().to_owned()
}

fn start_of(event: &Value) -> DateTime<Utc> {
    let said = event["start"]["dateTime"].as_str().or(event["start"].as_str()).expect("a start");
    DateTime::parse_from_rfc3339(said).expect("an instant").to_utc()
}
