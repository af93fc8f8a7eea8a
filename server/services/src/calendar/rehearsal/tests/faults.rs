use super::*;

/// The field that the reader of JSON names.
fn unread(scenario: Value) -> String {
    serde_json::from_value::<Scenario>(scenario).unwrap_err().to_string()
}

fn with_anna(other: Value) -> Vec<String> {
    refused(scenario(json!({ "resources": [anna(other)] })))
}

#[test]
fn every_bound_is_named_by_its_field() {
    let faults = refused(scenario(json!({
        "step": 0,
        "treatment": {
            "duration": 1441, "buffer_before": -1, "buffer_after": 1441,
            "segments": [{ "role": "staff", "from": 20, "to": 20 }, { "role": "", "from": -1, "to": 1441 }],
        },
        "rules": { "notice_minutes": -1, "horizon_days": -1, "limits": [{ "per": "day", "max": -1 }] },
    })));
    assert_eq!(
        faults,
        [
            "step",
            "treatment.duration",
            "treatment.buffer_before",
            "treatment.buffer_after",
            "treatment.segments[0].to",
            "treatment.segments[1].role",
            "treatment.segments[1].from",
            "treatment.segments[1].to",
            "rules.notice_minutes",
            "rules.horizon_days",
            "rules.limits[0].max",
        ]
    );
    let segments = json!([{ "role": "staff", "from": 0, "to": 61 }]);
    assert_eq!(refused(scenario(json!({ "treatment": { "duration": 60, "segments": segments } }))), ["treatment.segments[0].to"]);
}

#[test]
fn dates_and_instants_are_named_by_their_field() {
    assert_eq!(refused(scenario(json!({ "from": "2027-02-30" }))), ["from"]);
    assert_eq!(refused(scenario(json!({ "to": "2027-1-11" }))), ["to"]);
    assert_eq!(refused(scenario(json!({ "to": "2027-01-10" }))), ["to"]);
    assert_eq!(refused(scenario(json!({ "from": "1969-12-31" })))[0], "from");
    assert_eq!(refused(scenario(json!({ "to": "2201-01-01" })))[0], "to");
    assert_eq!(refused(scenario(json!({ "zone": "Europe/Lipowa" }))), ["zone"]);
    assert_eq!(refused(scenario(json!({ "now": "2027-01-01" }))), ["now"]);
    assert_eq!(refused(scenario(json!({ "closures": ["2027-01-11", "x"] }))), ["closures[1]"]);
    assert_eq!(refused(scenario(json!({ "counted": ["2027-01-11T09:00:00"] }))), ["counted[0]"]);
    assert_eq!(with_anna(json!({ "busy": [booked("09:00", "09:00")] })), ["resources[0].busy[0].end"]);
    assert_eq!(with_anna(json!({ "busy": [{ "start": "nine", "end": at("10:00") }] })), ["resources[0].busy[0].start"]);
    assert_eq!(with_anna(json!({ "busy": [{ "start": at("09:00"), "end": at("10:00"), "seats": 0 }] })), ["resources[0].busy[0].seats"]);
    assert_eq!(with_anna(json!({ "capacity": 0 })), ["resources[0].capacity"]);
}

#[test]
fn hours_are_named_by_their_field() {
    let weekly = |other: Value| {
        let mut window = json!({ "days": ["mo"], "start": "09:00", "end": "12:00" });
        merge(&mut window, other);
        with_anna(json!({ "weekly": [window] }))
    };
    assert_eq!(weekly(json!({ "start": "9:00" })), ["resources[0].weekly[0].start"]);
    assert_eq!(weekly(json!({ "start": "24:00" })), ["resources[0].weekly[0].start"]);
    assert_eq!(weekly(json!({ "end": "24:01" })), ["resources[0].weekly[0].end"]);
    assert_eq!(weekly(json!({ "every_weeks": 0 })), ["resources[0].weekly[0].every_weeks"]);
    assert_eq!(weekly(json!({ "every_weeks": 2 })), ["resources[0].weekly[0].anchor"]);
    assert_eq!(
        with_anna(json!({ "dates": [{ "date": "2027-01-11", "windows": [["09:00", "25:00"]] }] })),
        ["resources[0].dates[0].windows[0][1]"]
    );
    assert_eq!(with_anna(json!({ "breaks": [{ "days": [], "start": "x", "end": "12:00" }] })), ["resources[0].breaks[0].start"]);
    assert_eq!(with_anna(json!({ "leave": [{ "from": "2027-01-11", "to": "2027-01-10" }] })), ["resources[0].leave[0].to"]);
    assert_eq!(with_anna(json!({ "leave": [{ "from": "2027-01-11", "start": "10:00" }] })), ["resources[0].leave[0].end"]);
}

#[test]
fn two_needs_of_one_role_and_strangers_are_refused() {
    let needs = |needs: Value| refused(scenario(json!({ "needs": needs })));
    assert_eq!(needs(json!([{ "role": "staff" }, { "role": "staff" }])), ["needs[1].role"]);
    assert_eq!(needs(json!([{ "role": "staff", "any_of": ["anna", "nobody"] }])), ["needs[0].any_of[1]"]);
    assert_eq!(needs(json!([{ "role": "room", "any_of": ["anna"] }])), ["needs[0].any_of[0]"]);
    assert_eq!(refused(scenario(json!({ "resources": [anna(json!({})), anna(json!({}))] }))), ["resources[1].id"]);
    assert_eq!(
        refused(scenario(json!({ "reschedule": { "start": at("10:00"), "end": at("09:00"), "resources": ["nobody"] } }))),
        ["reschedule.end", "reschedule.resources[0]"]
    );
}

#[test]
fn unknown_fields_and_words_are_refused() {
    assert!(unread(scenario(json!({ "propose": {} }))).contains("unknown field `propose`"));
    assert!(unread(scenario(json!({ "treatment": { "duration": 60, "price": 1 } }))).contains("unknown field `price`"));
    assert!(unread(scenario(json!({ "align": "left" }))).contains("unknown variant `left`"));
    let status = json!({ "start": at("09:00"), "end": at("10:00"), "status": "asleep" });
    assert!(unread(scenario(json!({ "resources": [anna(json!({ "busy": [status] }))] }))).contains("unknown variant `asleep`"));
    assert!(unread(json!({ "zone": "UTC" })).contains("missing field"));
}

#[test]
fn null_is_as_good_as_left_out() {
    let bare = json!({
        "zone": "Europe/Warsaw", "from": "2027-01-11", "to": "2027-01-11", "step": 60, "treatment": { "duration": 60 },
        "resources": [{ "id": "anna", "role": "staff" }],
    });
    let mut nulls = bare.clone();
    merge(
        &mut nulls,
        json!({
            "now": null, "align": null, "needs": null, "closures": null, "rules": null, "counted": null, "reschedule": null, "explain": null,
            "treatment": { "duration": 60, "buffer_before": null, "buffer_after": null, "segments": null },
            "resources": [{
                "id": "anna", "role": "staff", "capacity": null, "weekly": null, "dates": null, "breaks": null, "leave": null, "busy": null,
            }],
        }),
    );
    assert_eq!(simulated(nulls), simulated(bare));
    assert_eq!(simulated(scenario(json!({ "resources": null })))["slots"], json!([]));
}

#[test]
fn more_than_is_possible_is_refused() {
    assert_eq!(refused(scenario(json!({ "to": "2028-02-15" }))), ["to"]);
    assert!(
        serde_json::from_value::<Scenario>(scenario(json!({ "to": "2028-02-14" }))).is_ok_and(|told| simulate(&told, patient()).is_ok())
    );
    let crowd: Vec<Value> = (0..201).map(|n| json!({ "id": n.to_string(), "role": "staff" })).collect();
    assert_eq!(refused(scenario(json!({ "resources": crowd }))), ["resources"]);
    let full = vec![booked("09:00", "10:00"); 10_001];
    let told = scenario(json!({ "resources": [anna(json!({ "busy": full })), staff("ewa", json!({ "busy": full }))] }));
    assert_eq!(refused(told), ["resources"]);
}

#[test]
fn who_has_no_time_left_is_told_so() {
    let told: Scenario = serde_json::from_value(scenario(json!({}))).unwrap();
    assert_eq!(fields(simulate(&told, Deadline::after(Duration::ZERO)).unwrap_err()), ["to"]);
}
