//! Types of record that an organization makes, and the operations that all records answer to.

use platform::{id::EntityId, rest::PageQuery};
use serde_json::json;

use super::*;
use crate::{
    fields::{
        Shape,
        tests::{a_type, add, change, clinic, details, make, object, shown},
    },
    records::{Choice, Kind, Value},
    timeline, views,
};

fn status(key: &str, next: &[&str]) -> Status {
    Status { key: key.into(), label: key.to_uppercase(), hue: 20, next: next.iter().map(|key| (*key).to_owned()).collect(), closed: false }
}

#[tokio::test]
async fn a_record_goes_from_status_to_status_as_its_type_allows() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let statuses = vec![status("new", &["open"]), status("open", &["done", "new"]), status("done", &[])];
    let new = NewObject { id: None, key: "ticket".into(), details: ObjectDetails { statuses, ..object("Ticket") } };
    define(&mut tx, &new).await.expect("a type");
    let of = "object:ticket";
    let ticket = make(&mut tx, of, json!({})).await.expect("a record");
    assert_eq!(ticket.status.as_deref(), Some("new"));
    let refused = change(&mut tx, &ticket, json!({ "status": "done" })).await.expect_err("too early");
    assert_eq!(refused.code(), "transition");
    let open = change(&mut tx, &ticket, json!({ "status": "open" })).await.expect("open");
    assert_eq!(get(&mut tx, of, ticket.id).await.expect("the record").next, ["new", "done"]);
    let board = board(&mut tx, of, None, "").await.expect("a board");
    let counts: Vec<(&str, i64)> = board.columns.iter().map(|column| (column.choice.key.as_str(), column.count)).collect();
    assert_eq!(counts, [("new", 0), ("open", 1), ("done", 0)]);
    // A status that records have is not taken away.
    let without = ObjectDetails { statuses: vec![status("new", &[]), status("done", &[])], ..object("Ticket") };
    let refused = update_type(&mut tx, "ticket", &ObjectChange { version: 1, details: without }).await.expect_err("in use");
    assert_eq!(refused.code(), "in_use");
    assert_eq!(change(&mut tx, &ticket, json!({ "status": "open" })).await.expect_err("an old version").code(), "version");
    change(&mut tx, &open, json!({ "status": "done" })).await.expect("done");
    let told: Vec<String> = history(&mut tx, of, ticket.id).await.expect("history").into_iter().map(|row| row.verb).collect();
    assert_eq!(told, ["updated", "updated", "created"]);
}

#[tokio::test]
async fn a_change_of_added_fields_is_taken_back_unless_the_status_leads_nowhere_back() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let statuses = vec![status("new", &["open"]), status("open", &["done"]), status("done", &[])];
    let new = NewObject { id: None, key: "ticket".into(), details: ObjectDetails { statuses, ..object("Ticket") } };
    define(&mut tx, &new).await.expect("a type");
    let of = "object:ticket";
    add(&mut tx, of, "about", details("About", Shape::Stored(Kind::Text))).await.expect("a field");
    add(&mut tx, of, "price", details("Price", Shape::Stored(Kind::Money))).await.expect("a field");
    let made = make(&mut tx, of, json!({ "about": "Lamp", "price": "12.50" })).await.expect("a record");
    let changed = change(&mut tx, &made, json!({ "about": "Filter", "price": null })).await.expect("a change");
    let first = |told: Vec<timeline::TimelineEntry>| told.into_iter().next().expect("an entry");
    let step = first(timeline::list(&mut tx, made.id, &[], &PageQuery::default()).await.expect("a timeline").items);
    assert!(step.undoable, "{step:?}");
    timeline::undo(&mut tx, made.id, step.id).await.expect("taken back");
    let back = get(&mut tx, of, made.id).await.expect("the record").record;
    assert_eq!((back.title.as_str(), &back.values["price"]), ("Lamp", &made.values["price"]));
    assert_eq!(changed.title, "Filter");
    change(&mut tx, &back, json!({ "status": "open" })).await.expect("open");
    let step = first(timeline::list(&mut tx, made.id, &[], &PageQuery::default()).await.expect("a timeline").items);
    assert_eq!(timeline::undo(&mut tx, made.id, step.id).await.expect_err("no way back").code(), "transition");
    tx.commit().await.expect("committed");
    // Who sees the record and may not write it is offered nothing, and refused by name.
    let mut tx = clinic.tx(&clinic.marek).await;
    let told = first(timeline::list(&mut tx, made.id, &[], &PageQuery::default()).await.expect("a timeline").items);
    assert_eq!((told.id, told.undoable), (step.id, false));
    assert_eq!(timeline::undo(&mut tx, made.id, step.id).await.expect_err("not his").code(), "denied");
}

#[tokio::test]
async fn a_record_is_called_by_its_titles_formula_and_found_by_it() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "device").await;
    let of = "object:device";
    add(&mut tx, of, "maker", details("Maker", Shape::Stored(Kind::Text))).await.expect("a field");
    let colours = vec![Choice { key: "red".into(), label: "Bright red".into(), hue: None }];
    add(&mut tx, of, "colour", details("Colour", Shape::Stored(Kind::Choice(colours)))).await.expect("a field");
    let made = make(&mut tx, of, json!({ "maker": "Żelazko", "colour": "red" })).await.expect("a record");
    assert_eq!(made.title, "Żelazko", "without a formula its first text");
    let titled = ObjectDetails { title: Some("maker & \" (\" & colour & \")\"".into()), ..object("Device") };
    update_type(&mut tx, "device", &ObjectChange { version: 1, details: titled }).await.expect("changed");
    let changed = change(&mut tx, &made, json!({ "maker": "Pralka" })).await.expect("a change");
    assert_eq!(changed.title, "Pralka (Bright red)");
    let found =
        list(&mut tx, of, &RecordQuery { q: "pralka".into(), ..RecordQuery::default() }, &PageQuery::default()).await.expect("a list");
    assert_eq!(found.records.len(), 1);
    let wrong = ObjectDetails { title: Some("nothing & 1".into()), ..object("Device") };
    let refused = update_type(&mut tx, "device", &ObjectChange { version: 2, details: wrong }).await.expect_err("no such field");
    assert!(matches!(refused, platform::Error::Invalid(errors) if errors[0].field == "title"));
}

#[tokio::test]
async fn a_list_goes_on_where_it_ended_and_shows_nobody_elses_records() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    let of = "object:thing";
    add(&mut tx, of, "name", details("Name", Shape::Stored(Kind::Text))).await.expect("a field");
    for number in 0..7 {
        make(&mut tx, of, json!({ "name": number.to_string() })).await.expect("a record");
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = PageQuery { cursor: cursor.clone(), limit: Some(3) };
        let found = list(&mut tx, of, &RecordQuery::default(), &page).await.expect("a list");
        seen.extend(found.records.iter().map(|record| record.title.clone()));
        cursor = found.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["6", "5", "4", "3", "2", "1", "0"]);
    tx.commit().await.expect("committed");
    let mut tx = clinic.tx(&clinic.stranger).await;
    assert_eq!(list(&mut tx, of, &RecordQuery::default(), &PageQuery::default()).await.expect_err("foreign").code(), "not_found");
}

#[tokio::test]
async fn what_is_deleted_is_gone_and_comes_back_whole() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    let of = "object:thing";
    add(&mut tx, of, "serial", crate::fields::FieldDetails { unique: true, ..details("Serial", Shape::Stored(Kind::Text)) })
        .await
        .expect("a field");
    let made = make(&mut tx, of, json!({ "serial": "A1" })).await.expect("a record");
    delete(&mut tx, of, made.id, made.version).await.expect("deleted");
    assert!(get(&mut tx, of, made.id).await.expect("shown to who may bring it back").deleted);
    assert!(list(&mut tx, of, &RecordQuery::default(), &PageQuery::default()).await.expect("a list").records.is_empty());
    // Its value is free meanwhile.
    let second = make(&mut tx, of, json!({ "serial": "A1" })).await.expect("a record");
    tx.mark().await.expect("marked");
    restore(&mut tx, of, made.id).await.expect_err("taken");
    tx.back().await.expect("back");
    delete(&mut tx, of, second.id, second.version).await.expect("deleted");
    let back = restore(&mut tx, of, made.id).await.expect("restored");
    assert_eq!(shown(&mut tx, of, back.id).await["serial"], "A1");
    // A module's records only its own functions remove.
    let id = EntityId::new();
    let person = crate::persons::PersonInput { given_name: "Zofia".into(), family_name: "Lis".into(), ..Default::default() };
    crate::persons::insert(&mut tx, id, &person).await.expect("a person");
    assert_eq!(delete(&mut tx, "person", id, 1).await.expect_err("a module's").code(), "denied");
}

#[tokio::test]
async fn references_are_told_from_both_ends_to_those_who_may_see_both() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let hidden =
        NewObject { id: None, key: "secret".into(), details: ObjectDetails { read_roles: vec!["doctor".into()], ..object("Secret") } };
    define(&mut tx, &hidden).await.expect("a type");
    a_type(&mut tx, "thing").await;
    add(&mut tx, "object:secret", "about", details("About", Shape::Stored(Kind::Reference("object:thing".into())))).await.expect("a field");
    let thing = make(&mut tx, "object:thing", json!({})).await.expect("a record");
    let secret = make(&mut tx, "object:secret", json!({ "about": thing.id })).await.expect("a record");
    let wrong = make(&mut tx, "object:secret", json!({ "about": secret.id })).await.expect_err("another type");
    assert!(matches!(wrong, platform::Error::Invalid(errors) if errors[0].code == "unknown"));
    assert_eq!(links(&mut tx, "object:thing", thing.id).await.expect("links")[0].id, secret.id);
    assert!(!links(&mut tx, "object:secret", secret.id).await.expect("links")[0].incoming);
    tx.commit().await.expect("committed");
    let mut tx = clinic.tx(&clinic.ewa).await;
    assert!(links(&mut tx, "object:thing", thing.id).await.expect("links").is_empty());
    assert_eq!(get(&mut tx, "object:secret", secret.id).await.expect_err("not hers").code(), "not_found");
    let types = crate::records::types(&mut tx).await.expect("types");
    assert!(types.iter().all(|kind| kind.key != "object:secret") && types.iter().any(|kind| kind.key == "object:thing"));
}

#[tokio::test]
async fn an_order_tells_nothing_of_records_that_may_not_be_read() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let hidden =
        NewObject { id: None, key: "secret".into(), details: ObjectDetails { read_roles: vec!["doctor".into()], ..object("Secret") } };
    define(&mut tx, &hidden).await.expect("a type");
    add(&mut tx, "object:secret", "name", details("Name", Shape::Stored(Kind::Text))).await.expect("a field");
    a_type(&mut tx, "thing").await;
    add(&mut tx, "object:thing", "about", details("About", Shape::Stored(Kind::Reference("object:secret".into())))).await.expect("a field");
    for name in ["Zebra", "Antelope", "Monkey"] {
        let secret = make(&mut tx, "object:secret", json!({ "name": name })).await.expect("a record");
        make(&mut tx, "object:thing", json!({ "about": secret.id })).await.expect("a record");
    }
    tx.commit().await.expect("committed");
    let sorts = vec![views::Sort { field: "about".into(), descending: false }];
    for (who, order) in [(&clinic.anna, ["antelope", "monkey", "zebra"]), (&clinic.ewa, ["", "", ""])] {
        let mut tx = clinic.tx(who).await;
        let mut query = views::Query { sorts: sorts.clone(), columns: vec!["about".into()], limit: Some(1), ..views::Query::default() };
        for (place, name) in order.into_iter().enumerate() {
            let page = views::query(&mut tx, "object:thing", &query).await.expect("a page");
            assert_eq!(page.items[0].cells[0].text.to_lowercase(), name);
            query.cursor = page.next_cursor;
            assert_eq!(query.cursor.is_some(), place < 2);
            let Some(cursor) = &query.cursor else { continue };
            let cursor: serde_json::Value = platform::rest::cursor::decode(cursor).expect("a cursor");
            let told = ["antelope", "monkey", "zebra"].into_iter().find(|name| cursor.to_string().contains(name));
            assert_eq!(told.unwrap_or_default(), name, "{cursor}");
        }
    }
}

#[tokio::test]
async fn what_takes_place_on_the_calendar_is_neither_listed_nor_chosen_from() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    for entity_type in ["activity", "resource", "nothing"] {
        let refused = [
            pick(&mut tx, entity_type, "").await.map(drop),
            pick(&mut tx, entity_type, "lis").await.map(drop),
            views::referred(&mut tx, entity_type, "lis").await.map(drop),
            views::query(&mut tx, entity_type, &views::Query::default()).await.map(drop),
            views::columns_of(&mut tx, entity_type).await.map(drop),
            list(&mut tx, entity_type, &RecordQuery::default(), &PageQuery::default()).await.map(drop),
        ];
        for answer in refused {
            assert_eq!(answer.expect_err("it has no list").code(), "not_found", "{entity_type}");
        }
    }
}

#[tokio::test]
async fn a_field_for_some_roles_is_hidden_from_the_others_in_whatever_tells_of_the_past() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    let of = "object:thing";
    add(&mut tx, of, "name", details("Name", Shape::Stored(Kind::Text))).await.expect("a field");
    let only = crate::fields::FieldDetails { visible_roles: vec!["doctor".into()], ..details("Salary", Shape::Stored(Kind::Text)) };
    add(&mut tx, of, "salary", only).await.expect("a field");
    let thing = make(&mut tx, of, json!({ "name": "Lamp", "salary": "Nine thousand" })).await.expect("a record");
    change(&mut tx, &thing, json!({ "salary": "Ten thousand" })).await.expect("a change");
    tx.commit().await.expect("committed");
    for (who, seen) in [(&clinic.anna, true), (&clinic.ewa, false)] {
        let mut tx = clinic.tx(who).await;
        let (id, at) = (thing.id, tx.now());
        let past = timeline::list(&mut tx, id, &[], &PageQuery::default()).await.expect("a timeline");
        let then = timeline::as_of(&mut tx, id, at).await.expect("as it was");
        let told = history(&mut tx, of, id).await.expect("a history");
        assert_eq!((past.items.len(), told.len()), (2, 2), "that something was done is no secret");
        assert!(then.fields.iter().any(|field| field.value == "Lamp"), "{then:?}");
        for said in [format!("{past:?}"), format!("{then:?}"), format!("{told:?}")] {
            assert_eq!(said.contains("thousand"), seen, "{said}");
            assert_eq!(said.contains("salary"), seen, "{said}");
        }
    }
}

#[tokio::test]
async fn a_type_written_out_as_a_schema_is_read_in_as_the_same_type() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let schema = json!({
        "title": "Device", "type": "object", "required": ["serial"],
        "properties": {
            "serial": { "type": "string", "x-unique": true, "maxLength": 20 },
            "price": { "type": "number", "minimum": 0 },
            "tags": { "type": "array", "items": { "enum": ["New", "Old"] } },
            "note": { "type": "string", "maxLength": 5000 },
            "double": { "x-formula": "price * 2" },
        },
        "x-statuses": [{ "key": "in_use", "label": "In use", "hue": 120 }],
        "x-title": "serial & \"!\"",
    });
    import(&mut tx, &ImportObject { key: "device".into(), schema: schema.to_string() }).await.expect("a type");
    let written = definition(&mut tx, "object:device").await.expect("a schema");
    import(&mut tx, &ImportObject { key: "device_again".into(), schema: written.to_string() }).await.expect("a type");
    let mut again = definition(&mut tx, "object:device_again").await.expect("a schema");
    again["$id"] = written["$id"].clone();
    assert_eq!(again, written);
    let made = make(&mut tx, "object:device_again", json!({ "serial": "X1", "price": "2.5", "tags": ["old"] })).await.expect("a record");
    assert_eq!((made.title.as_str(), made.status.as_deref()), ("X1!", Some("in_use")));
    assert_eq!(made.values["double"], Value::Number("5".parse().expect("a number")));
}

#[tokio::test]
async fn the_demonstration_has_devices_whose_inspections_are_summed_up() {
    let clinic = clinic().await;
    demo::write(&clinic.state, clinic.organization, true).await.expect("written");
    platform::jobs::run_due(&clinic.state).await.expect("done");
    let mut tx = clinic.tx(&clinic.anna).await;
    let devices = list(&mut tx, "object:device", &RecordQuery::default(), &PageQuery::default()).await.expect("a list");
    let laser = devices.records.iter().find(|record| record.title == "Laser CO2 · LX-2201").expect("the laser");
    assert_eq!(laser.values["warranty_until"].plain(), "2027-03-11");
    assert_eq!(laser.values["inspections_cost"].plain(), "770.00 PLN");
    assert_eq!(laser.values["last_inspection"].plain(), "2026-08-12");
}
