//! What the doors add to what the services tell: the organization's clock, and history in few words.

use chrono::Days;
use platform::{
    Tx, actions,
    id::EntityId,
    time::{self, ZoneWindow},
};
use serde_json::Value;
use services::resources::{self, ResourceInput};
use std::collections::HashMap;
use ui::Failure;

use super::{Change, Room, Told};

/// How much of a value is told.
const LONGEST: usize = 120;

/// The offsets of the organization's zone over the years that lists show.
pub async fn zone(tx: &mut Tx) -> Result<ZoneWindow, Failure> {
    let organization = platform::organizations::get(tx).await?;
    let today = tx.now().date_naive();
    let from = today.checked_sub_days(Days::new(3660)).unwrap_or(today);
    let to = today.checked_add_days(Days::new(366)).unwrap_or(today);
    Ok(ZoneWindow::of(time::zone(&organization.zone)?, from, to))
}

/// A record's history; the caller has checked that it may be read.
pub async fn timeline(tx: &mut Tx, id: EntityId, zone: &ZoneWindow) -> Result<Vec<Told>, Failure> {
    let rows = actions::timeline(tx, id, 50).await?;
    Ok(rows
        .into_iter()
        .map(|row| Told { at: zone.wall(row.at), who: row.user_name, changes: changes(row.old.as_ref(), row.new.as_ref()), verb: row.verb })
        .collect())
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

fn changes(old: Option<&Value>, new: Option<&Value>) -> Vec<Change> {
    let (Some(Value::Object(old)), Some(Value::Object(new))) = (old, new) else { return Vec::new() };
    new.iter()
        .filter(|(field, _)| !matches!(field.as_str(), "id" | "version"))
        .filter_map(|(field, to)| {
            let from = old.get(field).unwrap_or(&Value::Null);
            (from != to).then(|| Change { field: field.clone(), from: text(from), to: text(to) })
        })
        .collect()
}

fn text(value: &Value) -> String {
    let whole = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    match whole.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &whole[..end]),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_has_changed_is_told() {
        let old = json!({ "id": 1, "phone": null, "notes": "a", "version": 1 });
        let new = json!({ "id": 1, "phone": "+48601224118", "notes": "a", "version": 2 });
        let expected = Change { field: "phone".into(), from: String::new(), to: "+48601224118".into() };
        assert_eq!(changes(Some(&old), Some(&new)), [expected]);
        assert_eq!(changes(None, Some(&new)), []);
    }
}
