use super::*;

#[test]
fn slots_come_by_instant_with_offset_and_the_first_fitting_resource_of_each_need() {
    let told = scenario(json!({ "resources": [anna(json!({ "busy": [booked("09:00", "10:00")] })), staff("ewa", json!({}))] }));
    assert_eq!(
        simulated(told)["slots"].as_array().unwrap()[..3],
        [
            json!({ "start": at("09:00"), "end": at("10:00"), "resources": { "staff": "ewa" } }),
            json!({ "start": at("09:30"), "end": at("10:30"), "resources": { "staff": "ewa" } }),
            json!({ "start": at("10:00"), "end": at("11:00"), "resources": { "staff": "anna" } }),
        ]
    );
}

#[test]
fn each_window_as_written_starts_the_grid_at_its_own_opening() {
    let weekly = json!([{ "days": ["mo"], "start": "09:10", "end": "10:30" }, { "days": ["mo"], "start": "10:20", "end": "12:00" }]);
    let told = scenario(json!({ "resources": [anna(json!({ "weekly": weekly }))] }));
    // They overlap, so that a treatment may reach from one into the other.
    assert_eq!(starts(told), ["09:10", "09:40", "10:10", "10:20", "10:50"]);
}

#[test]
fn open_day_and_night_the_grid_restarts_at_midnight() {
    let told = scenario(json!({
        "resources": [{ "id": "room", "role": "staff" }], "step": 420, "to": "2027-01-12", "treatment": { "duration": 600 },
    }));
    assert_eq!(starts(told), ["00:00", "07:00", "14:00", "21:00", "00:00", "07:00", "14:00", "21:00"]);
}

#[test]
fn a_break_restarts_the_grid_at_its_end_and_what_is_busy_or_on_leave_does_not() {
    let breaks = json!([{ "days": ["mo"], "start": "10:10", "end": "10:20" }]);
    let told = |other: Value| scenario(json!({ "resources": [anna(other)], "treatment": { "duration": 30 } }));
    assert_eq!(starts(told(json!({ "breaks": breaks }))), ["09:00", "09:30", "10:20", "10:50", "11:20"]);
    assert_eq!(starts(told(json!({ "busy": [booked("10:10", "10:20")] }))), ["09:00", "09:30", "10:30", "11:00", "11:30"]);
    let leave = json!([{ "from": "2027-01-11", "start": "10:10", "end": "10:20" }]);
    assert_eq!(starts(told(json!({ "leave": leave }))), ["09:00", "09:30", "10:30", "11:00", "11:30"]);
}

#[test]
fn by_the_clock_starts_are_multiples_of_the_step_since_midnight() {
    let weekly = json!([{ "days": ["mo"], "start": "09:10", "end": "12:00" }]);
    let breaks = json!([{ "days": ["mo"], "start": "10:00", "end": "10:05" }]);
    let told = scenario(json!({ "align": "clock", "step": 45, "resources": [anna(json!({ "weekly": weekly, "breaks": breaks }))] }));
    assert_eq!(starts(told), ["10:30"]);
}

#[test]
fn by_the_clock_both_passes_of_a_doubled_hour_are_listed_with_their_offset() {
    let told = json!({
        "zone": "Europe/Warsaw", "from": "2027-10-31", "to": "2027-10-31", "step": 60, "align": "clock", "treatment": { "duration": 30 },
        "resources": [{ "id": "anna", "role": "staff", "weekly": [{ "days": ["su"], "start": "01:00", "end": "04:00" }] }],
    });
    let answer = simulated(told);
    let starts: Vec<_> = answer["slots"].as_array().unwrap().iter().map(|slot| slot["start"].as_str().unwrap()).collect();
    assert_eq!(
        starts,
        ["2027-10-31T01:00:00+02:00", "2027-10-31T02:00:00+02:00", "2027-10-31T02:00:00+01:00", "2027-10-31T03:00:00+01:00"]
    );
}

#[test]
fn the_first_need_makes_the_grid_and_the_others_only_limit() {
    let room = json!({ "id": "room", "role": "room", "weekly": [{ "days": ["mo"], "start": "09:45", "end": "11:30" }] });
    let told = scenario(json!({ "needs": [{ "role": "staff" }, { "role": "room" }], "resources": [anna(json!({})), room] }));
    assert_eq!(starts(told.clone()), ["10:00", "10:30"]);
    let mut turned = told;
    merge(&mut turned, json!({ "needs": [{ "role": "room" }, { "role": "staff" }] }));
    assert_eq!(starts(turned), ["09:45", "10:15"]);
}

#[test]
fn candidates_are_tried_in_the_order_of_any_of_and_else_of_the_resources() {
    let told = |needs: Value| scenario(json!({ "needs": needs, "resources": [anna(json!({})), staff("ewa", json!({}))] }));
    let first = |needs: Value| simulated(told(needs))["slots"][0]["resources"]["staff"].clone();
    assert_eq!(first(json!(null)), "anna");
    assert_eq!(first(json!([{ "role": "staff" }])), "anna");
    assert_eq!(first(json!([{ "role": "staff", "any_of": ["ewa", "anna"] }])), "ewa");
    assert_eq!(first(json!([{ "role": "staff", "any_of": ["ewa"] }])), "ewa");
}

#[test]
fn explained_are_the_cells_of_the_windows_as_written_that_are_not_offered() {
    let told = scenario(json!({
        "explain": true, "treatment": { "duration": 30 },
        "resources": [anna(json!({
            "breaks": [{ "days": ["mo"], "start": "10:00", "end": "10:45" }],
            "leave": [{ "from": "2027-01-11", "to": "2027-01-11", "start": "11:30", "end": "12:00" }],
            "busy": [booked("10:45", "11:15")],
        }))],
    }));
    let answer = simulated(told);
    let slots: Vec<_> = answer["slots"].as_array().unwrap().iter().map(|slot| slot["start"].clone()).collect();
    assert_eq!(slots, [at("09:00"), at("09:30")]);
    let refused: Vec<_> = answer["refused"].as_array().unwrap().iter().map(|one| (one["start"].clone(), reasons(one))).collect();
    assert_eq!(
        refused,
        [
            (json!(at("10:00")), vec![reason("break", "anna", "10:00", "10:45")]),
            (json!(at("10:30")), vec![reason("break", "anna", "10:00", "10:45"), reason("busy", "anna", "10:45", "11:15")]),
            (json!(at("10:45")), vec![reason("busy", "anna", "10:45", "11:15")]),
            (json!(at("11:15")), vec![reason("leave", "anna", "11:30", "12:00")]),
            (json!(at("11:45")), vec![reason("hours", "anna", "12:00", "12:15"), reason("leave", "anna", "11:30", "12:00")]),
        ]
    );
    assert_eq!(simulated(scenario(json!({})))["refused"], json!([]));
}

#[test]
fn reasons_are_told_of_the_first_candidate_of_each_need() {
    let busy = json!({ "busy": [booked("09:00", "10:00")] });
    let told = scenario(json!({
        "explain": true, "step": 60,
        "needs": [{ "role": "staff", "any_of": ["ewa", "anna"] }],
        "resources": [anna(busy.clone()), staff("ewa", busy)],
    }));
    assert_eq!(reasons(&simulated(told)["refused"][0]), [reason("busy", "ewa", "09:00", "10:00")]);
}
