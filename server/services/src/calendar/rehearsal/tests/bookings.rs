use super::*;

fn busy(busy: Value) -> Value {
    scenario(json!({ "resources": [anna(json!({ "busy": busy }))] }))
}

#[test]
fn only_what_occupies_takes_time() {
    for (status, takes) in [
        ("held", true),
        ("pending", true),
        ("scheduled", true),
        ("confirmed", true),
        ("checked_in", true),
        ("in_progress", true),
        ("completed", true),
        ("cancelled", false),
        ("no_show", false),
        ("moved", false),
        ("expired", false),
    ] {
        let told = busy(json!([{ "start": at("09:00"), "end": at("12:00"), "status": status }]));
        assert_eq!(starts(told).is_empty(), takes, "{status}");
    }
}

#[test]
fn touching_is_not_overlapping_and_buffers_add_up() {
    assert_eq!(starts(busy(json!([booked("10:00", "11:00")]))), ["09:00", "11:00"]);
    let mut told = busy(json!([{ "start": at("10:00"), "end": at("10:30"), "after": 20 }]));
    merge(&mut told, json!({ "treatment": { "duration": 30, "buffer_before": 15 }, "step": 5 }));
    assert_eq!(starts(told)[7..9], ["11:05", "11:10"]);
}

#[test]
fn it_is_busy_if_the_treatment_meets_the_other_and_buffer_if_only_buffers_do() {
    let mut told = busy(json!([{ "start": at("10:00"), "end": at("10:30"), "before": 10, "after": 20 }]));
    merge(&mut told, json!({ "treatment": { "duration": 30, "buffer_before": 5, "buffer_after": 5 } }));
    assert_eq!(against(told.clone(), "09:45"), [reason("busy", "anna", "10:00", "10:30")]);
    assert_eq!(against(told.clone(), "10:30"), [reason("buffer", "anna", "09:50", "10:50")]);
    assert_eq!(against(told, "10:55"), []);
}

#[test]
fn buffers_may_lie_outside_the_hours_unless_they_must_not() {
    let treatment = json!({ "duration": 60, "buffer_before": 30, "buffer_after": 30 });
    let mut told = scenario(json!({ "treatment": treatment }));
    assert_eq!(starts(told.clone()), ["09:00", "09:30", "10:00", "10:30", "11:00"]);
    merge(&mut told, json!({ "rules": { "buffers_inside_hours": true } }));
    assert_eq!(starts(told.clone()), ["09:30", "10:00", "10:30"]);
    assert_eq!(against(told, "09:00"), [reason("hours", "anna", "08:30", "09:00")]);
}

#[test]
fn between_its_segments_a_role_is_free_for_others() {
    // Colour, half an hour in which it works, and washing: Anna sees somebody else in between.
    let treatment = json!({
        "duration": 90, "buffer_before": 10, "buffer_after": 10,
        "segments": [{ "role": "staff", "from": 0, "to": 30 }, { "role": "staff", "from": 60, "to": 90 }],
    });
    let told = |from: &str, to: &str| {
        let mut told = busy(json!([booked(from, to)]));
        merge(&mut told, json!({ "treatment": treatment }));
        told
    };
    assert_eq!(against(told("10:00", "10:30"), "09:30"), []);
    assert_eq!(against(told("09:55", "10:30"), "09:30"), [reason("busy", "anna", "09:55", "10:30")]);
    // Buffers extend what begins and ends with the treatment, and nothing in between.
    assert_eq!(against(told("11:00", "11:20"), "09:30"), [reason("buffer", "anna", "11:00", "11:20")]);
    assert_eq!(against(told("09:00", "09:21"), "09:30"), [reason("buffer", "anna", "09:00", "09:21")]);
    assert_eq!(starts(told("10:00", "10:30")), ["09:30", "10:30"].map(String::from)[..1]);
}

#[test]
fn a_role_without_segments_is_occupied_throughout_and_all_must_be_open_for_the_whole() {
    let laser = |other: Value| {
        let mut laser = json!({ "id": "laser", "role": "device" });
        merge(&mut laser, other);
        scenario(json!({
            "treatment": { "duration": 60, "segments": [{ "role": "device", "from": 15, "to": 45 }] },
            "needs": [{ "role": "staff" }, { "role": "device" }],
            "resources": [anna(json!({})), laser],
        }))
    };
    assert_eq!(starts(laser(json!({ "busy": [booked("09:00", "09:15"), booked("09:45", "10:00")] })))[0], "09:00");
    assert_eq!(starts(laser(json!({ "busy": [booked("09:00", "09:16")] })))[0], "09:30");
    // The laser is needed from 9:15 to 9:45 only, but it has to be there for the hour.
    assert_eq!(starts(laser(json!({ "weekly": [{ "days": ["mo"], "start": "09:15", "end": "10:30" }] }))), ["09:30"]);
}

#[test]
fn seats_are_counted_minute_by_minute() {
    let told = |busy: Value| scenario(json!({ "resources": [anna(json!({ "capacity": 3, "busy": busy }))] }));
    assert_eq!(against(told(json!([booked("09:00", "10:00"), booked("10:00", "11:00"), booked("09:30", "10:30")])), "09:30"), []);
    let two = json!([{ "start": at("09:00"), "end": at("10:00"), "seats": 2 }, booked("09:30", "10:30"), booked("10:30", "11:00")]);
    assert_eq!(
        against(told(two.clone()), "09:45"),
        [reason("capacity", "anna", "09:00", "10:00"), reason("capacity", "anna", "09:30", "10:30")]
    );
    assert_eq!(against(told(two.clone()), "10:00"), []);
    assert_eq!(starts(told(two)), ["10:00", "10:30", "11:00"]);
    assert_eq!(
        against(told(json!([{ "start": at("09:00"), "end": at("10:00"), "seats": 7 }])), "09:00"),
        [reason("capacity", "anna", "09:00", "10:00")]
    );
}

#[test]
fn a_treatment_joins_a_class_of_the_same_times_while_a_seat_is_left() {
    let seat = |from: &str, to: &str, seats: i64| json!({ "start": at(from), "end": at(to), "seats": seats, "session": "yoga", "before": 15, "after": 15 });
    let told = |busy: Value| {
        scenario(json!({
            "resources": [anna(json!({ "capacity": 4, "busy": busy }))],
            "treatment": { "duration": 60, "buffer_before": 10, "buffer_after": 10 },
        }))
    };
    let three = json!([seat("10:00", "11:00", 1), seat("10:00", "11:00", 2)]);
    assert_eq!(starts(told(three.clone())), ["10:00"]);
    assert_eq!(against(told(three.clone()), "10:00"), []);
    // Any other overlap is as with anybody else, seats or not.
    assert_eq!(against(told(three.clone()), "10:30"), [reason("busy", "anna", "10:00", "11:00")]);
    assert_eq!(against(told(three), "11:00"), [reason("buffer", "anna", "09:45", "11:15")]);
    assert_eq!(against(told(json!([seat("10:00", "11:00", 4)])), "10:00"), [reason("capacity", "anna", "10:00", "11:00")]);
    // It is longer than the treatment.
    assert_eq!(against(told(json!([seat("10:00", "11:30", 1)])), "10:00"), [reason("busy", "anna", "10:00", "11:30")]);
    // Who joins still meets others.
    let beside = json!([seat("10:00", "11:00", 1), { "start": at("10:00"), "end": at("10:30"), "seats": 4 }]);
    assert_eq!(against(told(beside), "10:00"), [reason("capacity", "anna", "10:00", "10:30")]);
    // The class of another resource is another class.
    let two = scenario(json!({
        "resources": [
            anna(json!({ "capacity": 2, "busy": [seat("10:00", "11:00", 2)] })),
            staff("ewa", json!({ "capacity": 2, "busy": [seat("10:00", "11:00", 1)] })),
        ],
        "treatment": { "duration": 60 },
    }));
    assert_eq!(
        simulated(two)["slots"].as_array().unwrap().iter().find(|slot| slot["start"] == at("10:00")).unwrap()["resources"],
        json!({ "staff": "ewa" })
    );
}

#[test]
fn what_is_moved_does_not_stand_in_its_own_way_and_its_present_time_is_offered_too() {
    let mut told = busy(json!([booked("09:40", "10:40"), booked("10:40", "11:00")]));
    assert_eq!(starts(told.clone()), ["11:00"]);
    merge(&mut told, json!({ "reschedule": { "start": at("09:40"), "end": at("10:40"), "resources": ["anna"] } }));
    assert_eq!(starts(told.clone()), ["09:00", "09:30", "09:40", "11:00"]);
    assert_eq!(against(told.clone(), "09:40"), []);
    // Only what is equal in start, end and resource is ignored.
    merge(&mut told, json!({ "reschedule": { "start": at("09:40"), "end": at("10:30"), "resources": ["anna"] } }));
    assert_eq!(starts(told.clone()), ["11:00"]);
    merge(&mut told, json!({ "reschedule": { "start": at("09:40"), "end": at("10:40"), "resources": [] } }));
    assert_eq!(starts(told), ["11:00"]);
}

#[test]
fn limits_count_by_local_dates_weeks_and_months() {
    let told = |per: &str, max: i64, counted: Value| {
        scenario(json!({ "rules": { "limits": [{ "per": per, "max": max }] }, "counted": counted, "step": 60 }))
    };
    assert_eq!(starts(told("day", 1, json!(["2027-01-10T22:30:00Z"]))).len(), 3);
    // Half past midnight in Warsaw.
    assert_eq!(starts(told("day", 1, json!(["2027-01-10T23:30:00Z"]))), Vec::<String>::new());
    assert_eq!(starts(told("day", 2, json!(["2027-01-10T23:30:00Z"]))).len(), 3);
    assert_eq!(starts(told("week", 1, json!([at("09:00").replace("-11T", "-17T")]))), Vec::<String>::new());
    assert_eq!(starts(told("week", 1, json!([at("09:00").replace("-11T", "-18T")]))).len(), 3);
    assert_eq!(starts(told("month", 1, json!([at("09:00").replace("-11T", "-31T")]))), Vec::<String>::new());
    assert_eq!(starts(told("day", 0, json!([]))), Vec::<String>::new());
    assert_eq!(against(told("week", 1, json!([at("08:00")])), "09:00"), [reason("limit", "", "00:00", "2027-01-18T00:00:00+01:00")]);
    // Weeks are not cut at the ends of months, and begin where they are said to.
    let mut sunday = told("week", 1, json!(["2027-01-31T09:00:00+01:00"]));
    merge(&mut sunday, json!({ "from": "2027-02-01", "to": "2027-02-01" }));
    assert_eq!(starts(sunday.clone()).len(), 3);
    merge(&mut sunday, json!({ "rules": { "week_start": "su", "limits": [{ "per": "week", "max": 1 }] } }));
    assert_eq!(starts(sunday), Vec::<String>::new());
}

#[test]
fn one_equal_start_of_what_is_moved_does_not_count() {
    let told = |counted: Value| {
        scenario(json!({
            "rules": { "limits": [{ "per": "day", "max": 1 }] }, "counted": counted, "step": 60,
            "reschedule": { "start": at("09:00"), "end": at("10:00"), "resources": ["anna"] },
        }))
    };
    assert_eq!(starts(told(json!([at("09:00")]))).len(), 3);
    assert_eq!(starts(told(json!([at("09:00"), at("09:00")]))), Vec::<String>::new());
}

#[test]
fn notice_is_elapsed_and_the_horizon_is_dates() {
    let told = |now: &str, rules: Value| scenario(json!({ "now": now, "rules": rules, "step": 60 }));
    assert_eq!(starts(told("2027-01-11T09:00:00+01:00", json!({}))).len(), 3);
    assert_eq!(starts(told("2027-01-11T09:00:01+01:00", json!({}))), ["10:00", "11:00"]);
    assert_eq!(starts(told("2027-01-11T08:00:00+01:00", json!({ "notice_minutes": 120 }))), ["10:00", "11:00"]);
    assert_eq!(starts(told("2027-01-10T23:59:00+01:00", json!({ "horizon_days": 0 }))), Vec::<String>::new());
    assert_eq!(starts(told("2027-01-11T00:00:00+01:00", json!({ "horizon_days": 0 }))).len(), 3);
    assert_eq!(starts(told("2027-01-10T00:00:00+01:00", json!({ "horizon_days": 1 }))).len(), 3);
    assert_eq!(
        against(told("2027-01-11T10:00:00+01:00", json!({ "notice_minutes": 60 })), "09:00"),
        [reason("notice", "", "10:00", "11:00"), reason("past", "", "09:00", "10:00")]
    );
    let far = against(told("2027-01-09T10:00:00+01:00", json!({ "horizon_days": 1 })), "09:00");
    assert_eq!(far, [reason("horizon", "", "00:00", "10:00")]);
}
