//! What the doors add to what the services tell: the organization's clock, and the sorts of rooms.

use chrono::Days;
use platform::{
    Tx,
    id::EntityId,
    time::{self, ZoneWindow},
};
use services::resources::{self, ResourceInput};
use std::collections::HashMap;
use ui::Failure;

use super::Room;

/// The offsets of the organization's zone over the years that lists show.
pub async fn zone(tx: &mut Tx) -> Result<ZoneWindow, Failure> {
    let organization = platform::organizations::get(tx).await?;
    let today = tx.now().date_naive();
    let from = today.checked_sub_days(Days::new(3660)).unwrap_or(today);
    let to = today.checked_add_days(Days::new(366)).unwrap_or(today);
    Ok(ZoneWindow::of(time::zone(&organization.zone)?, from, to))
}

/// Rooms and devices with their sorts.
pub async fn rooms(tx: &mut Tx) -> Result<Vec<Room>, Failure> {
    let equipment = gabinet::employees::equipment(tx).await?;
    let mut sorts: HashMap<EntityId, (Vec<String>, i32)> =
        equipment.into_iter().map(|thing| (thing.id, (thing.sorts, thing.version))).collect();
    let all = resources::list(tx, None).await?.into_iter();
    Ok(all
        .filter_map(|resource| {
            let (sorts, version) = sorts.remove(&resource.id)?;
            Some(Room {
                sorts,
                versions: (resource.version, version),
                id: resource.id,
                kind: resource.kind,
                name: resource.name,
                hue: resource.hue,
                location: resource.location,
                sort: resource.sort,
                active: resource.active,
            })
        })
        .collect())
}

/// What the shared services keep of a room or device.
pub fn resource(room: &Room) -> ResourceInput {
    ResourceInput {
        id: Some(room.id),
        kind: room.kind,
        name: room.name.clone(),
        hue: room.hue,
        location: room.location,
        user: None,
        sort: room.sort,
        active: room.active,
        version: room.versions.0,
    }
}
