use super::*;

fn drawn(events: Value) -> Value {
    let told: Picture = serde_json::from_value(json!({ "events": events })).unwrap();
    boxes(&told).map_or_else(|error| json!(fields(error)), |boxes| serde_json::to_value(boxes.boxes).unwrap())
}

fn event(id: &str, start: &str, end: &str) -> Value {
    json!({ "id": id, "start": start, "end": end })
}

fn place(id: &str, column: i64, columns: i64, span: i64) -> Value {
    json!({ "id": id, "column": column, "columns": columns, "span": span })
}

#[test]
fn events_stand_beside_each_other_by_start_length_and_id_as_text() {
    let events =
        json!([event("9", "09:00", "10:00"), event("10", "09:00", "10:00"), event("c", "09:00", "12:00"), event("d", "10:00", "24:00")]);
    assert_eq!(drawn(events), json!([place("c", 0, 3, 1), place("10", 1, 3, 1), place("9", 2, 3, 1), place("d", 1, 3, 2)]));
}

#[test]
fn cancelled_events_get_no_box() {
    let gone = json!({ "id": "gone", "start": "09:00", "end": "10:00", "cancelled": true });
    assert_eq!(drawn(json!([gone, event("a", "09:30", "10:00")])), json!([place("a", 0, 1, 1)]));
    assert_eq!(drawn(json!(null)), json!([]));
}

#[test]
fn an_event_ends_after_it_begins() {
    let events =
        json!([event("a", "10:00", "10:00"), event("b", "22:00", "06:00"), event("c", "24:00", "24:00"), event("d", "7", "08:00")]);
    assert_eq!(drawn(events), json!(["events[0].end", "events[1].end", "events[2].start", "events[3].start"]));
}
