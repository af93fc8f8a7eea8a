//! What a demonstration clinic has made for itself: a list of its devices with their inspections, and a field or two on
//! persons. Made by the functions that serve the screens.

use platform::{Result, State, Tx, id::OrganizationId, tx::Door};
use serde_json::{Map, Value as Json, json};

use super::{ImportObject, RecordInput, create, import, input_of};
use crate::records::Value;

/// Furnishes a demonstration clinic, in Polish or in English.
///
/// # Errors
/// `Unavailable`, `Internal`.
pub async fn write(state: &State, organization: OrganizationId, polish: bool) -> Result<()> {
    let said = |polish_text: &str, english: &str| if polish { polish_text.to_owned() } else { english.to_owned() };
    let status = |key: &str, label: String, hue: u16, next: &[&str]| json!({ "key": key, "label": label, "hue": hue, "next": next });
    let mut tx = Tx::begin_for_system(state, organization, Door::Demo).await?;
    let device = json!({
        "title": said("Urządzenie", "Device"), "x-plural": said("Urządzenia", "Devices"), "x-icon": "device",
        "x-statuses": [
            status("in_use", said("W użyciu", "In use"), 140, &["service", "retired"]),
            status("service", said("W serwisie", "In service"), 60, &["in_use", "retired"]),
            status("retired", said("Wycofane", "Retired"), 20, &[]),
        ],
        "x-title": "name & if(empty(serial), \"\", \" · \" & serial)",
        "required": ["name"],
        "properties": {
            "name": { "type": "string", "title": said("Nazwa", "Name") },
            "serial": { "type": "string", "title": said("Numer seryjny", "Serial number"), "x-unique": true },
            "bought": { "type": "string", "format": "date", "title": said("Data zakupu", "Bought on") },
            "price": { "x-kind": "money", "type": "object", "title": said("Cena", "Price") },
            "warranty_months": { "type": "number", "minimum": 0, "title": said("Gwarancja (miesiące)", "Warranty (months)") },
            "warranty_until": { "x-formula": "add_months(bought, warranty_months)", "title": said("Gwarancja do", "Warranty until") },
            "manual": { "type": "string", "format": "uri", "title": said("Instrukcja", "Manual") },
            "note": { "type": "string", "maxLength": 5000, "x-kind": "long_text", "title": said("Uwagi", "Notes") },
        },
    });
    import(&mut tx, &ImportObject { key: "device".into(), schema: device.to_string() }).await?;
    let inspection = json!({
        "title": said("Przegląd", "Inspection"), "x-plural": said("Przeglądy", "Inspections"), "x-icon": "check",
        "required": ["device", "on"],
        "properties": {
            "subject": { "type": "string", "title": said("Czego dotyczy", "What for") },
            "device": { "type": "string", "format": "uuid", "x-reference": "object:device", "title": said("Urządzenie", "Device") },
            "on": { "type": "string", "format": "date", "title": said("Dnia", "On") },
            "cost": { "x-kind": "money", "type": "object", "title": said("Koszt", "Cost") },
            "passed": { "type": "boolean", "title": said("Wynik dobry", "Passed") },
        },
    });
    import(&mut tx, &ImportObject { key: "inspection".into(), schema: inspection.to_string() }).await?;
    rolled_up(&mut tx, polish).await?;
    for (name, serial, bought, price, months, status) in [
        ("Laser CO2", "LX-2201", "2024-03-11", "84000", 36, "in_use"),
        ("Ultrasound", "US-0917", "2022-09-02", "61500", 24, "service"),
        ("Autoclave", "AC-4410", "2019-05-20", "12900", 12, "in_use"),
        ("ECG", "EK-3307", "2016-01-15", "8200", 24, "retired"),
    ] {
        let values = json!({ "name": name, "serial": serial, "bought": bought, "price": price, "warranty_months": months });
        let id = record(&mut tx, "object:device", values, Some(status)).await?;
        for (on, cost, passed) in [("2026-02-10", "350", true), ("2026-08-12", "420", status != "service")] {
            let subject = said("Przegląd okresowy", "Periodic inspection");
            record(
                &mut tx,
                "object:inspection",
                json!({ "subject": subject, "device": id, "on": on, "cost": cost, "passed": passed }),
                None,
            )
            .await?;
        }
    }
    tx.commit().await
}

/// What a device's inspections come to.
async fn rolled_up(tx: &mut Tx, polish: bool) -> Result<()> {
    let field = |key: &str, label: &str, over: Option<&str>, how: &str| {
        json!({ "entity_type": "object:device", "key": key, "details": { "label": label, "sort": 100, "shape": { "roll_up": {
            "source": "object:inspection", "via": "device", "over": over, "how": how } } } })
    };
    let (last, cost) = if polish { ("Ostatni przegląd", "Koszt przeglądów") } else { ("Last inspection", "Cost of inspections") };
    for new in [field("last_inspection", last, Some("on"), "greatest"), field("inspections_cost", cost, Some("cost"), "sum")] {
        let new = serde_json::from_value(new).map_err(platform::Error::internal)?;
        crate::fields::define(tx, &new).await?;
    }
    Ok(())
}

async fn record(tx: &mut Tx, of: &str, values: Json, status: Option<&str>) -> Result<platform::id::EntityId> {
    let values: Map<String, Json> = serde_json::from_value(values).map_err(platform::Error::internal)?;
    let mut input: RecordInput = input_of(tx, of, &values).await?;
    if let Some(status) = status {
        input.values.insert("status".into(), Value::choice(status));
    }
    Ok(create(tx, of, &input).await?.id)
}
