//! What stands around the events of a range: the location, its resources and their hours. It changes with the rota and not
//! with the bookings, so it is kept from one view to the next for as long as it holds ([`platform::reference`]).

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId, UserId},
    locations, reference, time,
    time::ZoneWindow,
};

use super::{Hours, Location, Resource, ResourceKind};
use crate::hooks::{self, HoursQuestion};

/// Everything of a range but its events.
pub(super) struct Frame {
    pub location: Location,
    pub tz: chrono_tz::Tz,
    pub zone: ZoneWindow,
    pub resources: Vec<Resource>,
    pub hours: Vec<Hours>,
}

impl Frame {
    /// Of a location between two local dates (`to` is exclusive).
    ///
    /// # Errors
    /// `NotFound` (the location).
    pub async fn of(tx: &mut Tx, location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<Arc<Frame>> {
        let name = format!("{location}/{from}/{to}");
        match reference::get(tx, &name) {
            Some(frame) => Ok(frame),
            None => {
                let frame = Frame::read(tx, location, from, to).await?;
                Ok(reference::keep(tx, name, frame))
            }
        }
    }

    async fn read(tx: &mut Tx, location: LocationId, from: NaiveDate, to: NaiveDate) -> Result<Frame> {
        let location = locations::get(tx, location).await?;
        let tz = time::zone(&location.zone)?;
        let resources = resources(tx, location.id).await?;
        let question = HoursQuestion { resources: resources.iter().map(|r| r.id).collect(), location: location.id, from, to, zone: tz };
        let hours = hours(tx, &question).await?;
        let location = Location { id: location.id, name: location.name, zone: location.zone, week_start: location.week_start };
        Ok(Frame { location, tz, zone: ZoneWindow::of(tz, from, to), resources, hours })
    }

    /// When a local date of it begins.
    pub fn starts(&self, date: NaiveDate) -> DateTime<Utc> {
        self.zone.day_start(date)
    }
}

async fn resources(tx: &mut Tx, location: LocationId) -> Result<Vec<Resource>> {
    let organization = tx.organization();
    let rows: Vec<(EntityId, String, String, i16, i32, Option<UserId>)> = sqlx::query_as(
        "select id, kind, name, hue, sort, user_id from resources
         where organization_id = $1 and active and (location_id is null or location_id = $2)
         order by kind, sort, name, id limit 1000",
    )
    .bind(organization)
    .bind(location)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|(id, kind, name, hue, sort, user)| {
            let kind = ResourceKind::parse(&kind).ok_or_else(|| Error::internal("a resource has an unknown kind"))?;
            Ok(Resource { id, kind, name, hue: u16::try_from(hue).unwrap_or(0), sort, user })
        })
        .collect()
}

/// When resources are there, as the subscribed modules that know them say, the first in the server's list deciding.
/// What no module knows is always open.
///
/// # Errors
/// Those of the modules.
pub async fn hours(tx: &mut Tx, question: &HoursQuestion) -> Result<Vec<Hours>> {
    let mut known: HashMap<EntityId, Hours> = HashMap::new();
    for hooks in hooks::all(tx.state()) {
        let subscribed = hooks.module.product.is_none_or(|product| tx.verify_product_access(product).is_ok());
        if let Some(source) = hooks.hours.as_ref().filter(|_| subscribed) {
            for hours in (source.ask)(tx, question).await? {
                known.entry(hours.resource).or_insert(hours);
            }
        }
    }
    Ok(question
        .resources
        .iter()
        .map(|id| known.remove(id).unwrap_or_else(|| Hours { resource: *id, windows: Vec::new(), always: true, closed: Vec::new() }))
        .collect())
}
