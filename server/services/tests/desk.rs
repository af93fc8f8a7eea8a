//! What the shared services promise, asked of a real database, with an example module on the calendar.
#![cfg(feature = "testing")]

#[path = "desk/bookings.rs"]
mod bookings;
#[path = "desk/companies.rs"]
mod companies;
#[path = "desk/documents.rs"]
mod documents;
#[path = "desk/example.rs"]
mod example;
#[path = "desk/feeds.rs"]
mod feeds;
#[path = "desk/generic.rs"]
mod generic;
#[path = "desk/imports.rs"]
mod imports;
#[path = "desk/masks.rs"]
mod masks;
#[path = "desk/merging.rs"]
mod merging;
#[path = "desk/moves.rs"]
mod moves;
#[path = "desk/people.rs"]
mod people;
#[path = "desk/plans.rs"]
mod plans;
#[path = "desk/range.rs"]
mod range;
#[path = "desk/record_imports.rs"]
mod record_imports;
#[path = "desk/rest.rs"]
mod rest;
#[path = "desk/scheduling.rs"]
mod scheduling;
#[path = "desk/side.rs"]
mod side;
#[path = "desk/sync.rs"]
mod sync;

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Error, Result, Tx,
    error::Refusal,
    id::EntityId,
    testing::{self, Clinic},
};
use services::{
    calendar::{
        Face, ResourceKind, Status,
        activities::{self, Activity, NewActivity, NewBooking},
        generic::NewGeneric,
    },
    hooks::{Hooks, ModuleHooks, MoveTo},
    resources::{self, ResourceInput},
};

static MODULES: [&platform::module::Module; 3] = [&platform::MODULE, &services::core::MODULE, &example::MODULE];
static HOOKS: [&ModuleHooks; 1] = [&example::HOOKS];

/// The clinic with somebody to book, a room and a device.
struct Desk {
    clinic: Clinic,
    lis: EntityId,
    room: EntityId,
    laser: EntityId,
}

async fn desk() -> Desk {
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    let clinic = testing::clinic_with(&MODULES, extensions).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let lis = resource(&mut tx, ResourceKind::Staff, "Dr Lis").await;
    let room = resource(&mut tx, ResourceKind::Room, "Room 1").await;
    let laser = resource(&mut tx, ResourceKind::Device, "Laser A").await;
    tx.commit().await.unwrap();
    Desk { clinic, lis, room, laser }
}

async fn resource(tx: &mut Tx, kind: ResourceKind, name: &str) -> EntityId {
    let input =
        ResourceInput { id: None, kind, name: name.into(), hue: 100, location: None, user: None, sort: 0, active: true, version: 0 };
    resources::insert(tx, &input).await.unwrap().id
}

/// An instant of the clinic's first day: `at("10:30")` is UTC, an hour behind the clinic's clocks.
fn at(time: &str) -> DateTime<Utc> {
    testing::at(&format!("2026-11-24T{time}:00Z"))
}

impl Desk {
    /// An hour of all three from `start` on, as a module books it.
    fn hour(&self, start: DateTime<Utc>) -> NewActivity {
        let booking = |resource| NewBooking::throughout(resource, 0, 0);
        NewActivity {
            id: EntityId::new(),
            activity_type: example::WATERING.into(),
            title: "Anna Nowak".into(),
            description: String::new(),
            location: self.clinic.location,
            start,
            end: start + TimeDelta::hours(1),
            status: Status::Scheduled,
            owner: None,
            subject: None,
            record: None,
            face: Face { line: "Roses".into(), ..Face::default() },
            bookings: vec![booking(self.lis), booking(self.room), booking(self.laser)],
            overbook: false,
        }
    }

    async fn insert(&self, new: &NewActivity) -> Result<Activity> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        activities::insert(&mut tx, new).await?;
        let made = activities::get(&mut tx, new.id).await?;
        tx.commit().await?;
        Ok(made)
    }

    fn meeting(&self, start: DateTime<Utc>, resources: &[EntityId]) -> NewGeneric {
        NewGeneric {
            id: None,
            activity_type: "meeting".into(),
            title: "Team".into(),
            description: String::new(),
            location: self.clinic.location,
            start,
            end: start + TimeDelta::hours(1),
            resources: resources.to_vec(),
            overbook_reason: None,
        }
    }

    async fn meet(&self, new: &NewGeneric) -> Result<Activity> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let made = services::calendar::generic::book(&mut tx, new).await?;
        tx.commit().await?;
        Ok(made)
    }
}

/// An hour from `start` on, with whom it is.
fn to(activity: &Activity, start: DateTime<Utc>) -> MoveTo {
    MoveTo {
        version: activity.version,
        start,
        end: start + TimeDelta::hours(1),
        resource_from: None,
        resource_to: None,
        overbook_reason: None,
        back: false,
    }
}

fn refusal(error: Error) -> Refusal {
    match error {
        Error::Conflict(refusal) => *refusal,
        other => panic!("not a refusal: {other}"),
    }
}
