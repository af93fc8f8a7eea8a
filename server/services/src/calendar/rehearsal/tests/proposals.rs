use super::*;

#[test]
fn a_proposal_need_not_lie_on_the_grid_nor_between_the_dates() {
    assert_eq!(
        checked(scenario(json!({})), json!({ "start": at("09:07"), "resources": { "staff": "anna" } })),
        json!({ "ok": true, "start": at("09:07"), "end": at("10:07"), "reasons": [], "alternatives": [] })
    );
    let later = json!({ "start": "2027-07-05T09:00:00+02:00", "resources": { "staff": "anna" } });
    assert_eq!(checked(scenario(json!({})), later)["ok"], json!(true));
    let closed = json!({ "start": "2027-07-06T07:00:00Z", "resources": { "staff": "anna" } });
    let answer = checked(scenario(json!({})), closed);
    assert_eq!(reasons(&answer), [reason("hours", "anna", "2027-07-06T09:00:00+02:00", "2027-07-06T10:00:00+02:00")]);
    assert_eq!(answer["alternatives"].as_array().unwrap().len(), 3);
}

#[test]
fn all_reasons_are_told_and_none_hides_another() {
    let told = scenario(json!({
        "closures": ["2027-01-11"], "now": at("11:00"), "rules": { "notice_minutes": 30, "limits": [{ "per": "day", "max": 1 }] },
        "counted": [at("09:00")],
        "resources": [anna(json!({
            "breaks": [{ "days": ["mo"], "start": "08:30", "end": "09:15" }],
            "leave": [{ "from": "2027-01-11", "to": "2027-01-12" }],
            "busy": [booked("09:00", "10:00")],
        }))],
    }));
    let rules: Vec<String> = against(told, "08:45").into_iter().map(|reason| reason.0).collect();
    assert_eq!(rules, ["hours", "break", "leave", "closure", "busy", "notice", "past", "limit"]);
}

#[test]
fn alternatives_are_the_three_nearest_the_earlier_first_when_equal_and_listed_by_instant() {
    let told = scenario(json!({ "step": 15, "resources": [anna(json!({ "busy": [booked("10:00", "10:15")] }))] }));
    let answer = checked(told, json!({ "start": at("09:30"), "resources": { "staff": "anna" } }));
    let starts: Vec<_> = answer["alternatives"].as_array().unwrap().iter().map(|slot| slot["start"].clone()).collect();
    assert_eq!(starts, [at("09:00"), at("10:15"), at("10:30")]);
    let told = scenario(json!({ "resources": [anna(json!({ "busy": [booked("10:00", "10:30")] })), staff("ewa", json!({}))] }));
    let answer = checked(told, json!({ "start": at("10:00"), "resources": { "staff": "anna" } }));
    let found: Vec<_> =
        answer["alternatives"].as_array().unwrap().iter().map(|slot| (slot["start"].clone(), slot["resources"]["staff"].clone())).collect();
    assert_eq!(found, [(json!(at("09:30")), json!("ewa")), (json!(at("10:00")), json!("ewa")), (json!(at("10:30")), json!("anna"))]);
}

#[test]
fn a_local_time_that_does_not_exist_is_a_gap() {
    let told = json!({
        "zone": "Europe/Warsaw", "from": "2027-03-28", "to": "2027-03-28", "step": 60, "treatment": { "duration": 60 },
        "resources": [{ "id": "anna", "role": "staff" }],
    });
    let answer = checked(told, json!({ "start_local": "2027-03-28T02:30", "resources": { "staff": "anna" } }));
    assert_eq!(answer["ok"], json!(false));
    assert_eq!(answer["reasons"], json!([{ "rule": "gap", "resource": null, "from": "2027-03-28T02:00", "to": "2027-03-28T03:00" }]));
    let starts: Vec<_> = answer["alternatives"].as_array().unwrap().iter().map(|slot| slot["start"].as_str().unwrap()).collect();
    assert_eq!(starts, ["2027-03-28T01:00:00+01:00", "2027-03-28T03:00:00+02:00", "2027-03-28T04:00:00+02:00"]);
}

#[test]
fn a_local_time_that_comes_twice_is_its_first_pass_and_an_offset_tells_the_second() {
    let told = json!({
        "zone": "Europe/Warsaw", "from": "2027-10-31", "to": "2027-10-31", "step": 60, "treatment": { "duration": 60 },
        "resources": [{ "id": "anna", "role": "staff" }],
    });
    let start = |propose: Value| checked(told.clone(), propose)["start"].clone();
    assert_eq!(start(json!({ "start_local": "2027-10-31T02:30" })), "2027-10-31T02:30:00+02:00");
    assert_eq!(start(json!({ "start": "2027-10-31T02:30:00+01:00" })), "2027-10-31T02:30:00+01:00");
    assert_eq!(start(json!({ "start": "2027-10-31T01:30:00Z" })), "2027-10-31T02:30:00+01:00");
}

#[test]
fn for_a_role_that_is_not_named_the_first_who_could_is_taken() {
    let told = scenario(json!({ "resources": [anna(json!({ "busy": [booked("09:00", "10:00")] })), staff("ewa", json!({}))] }));
    assert_eq!(checked(told.clone(), json!({ "start": at("09:00") }))["ok"], json!(true));
    assert_eq!(reasons(&checked(told, json!({ "start": at("08:30") })))[0], reason("hours", "anna", "08:30", "09:00"));
}

#[test]
fn a_proposal_that_cannot_be_understood_is_refused_by_its_field() {
    let refused = |propose: Value| {
        let mut told = scenario(json!({}));
        merge(&mut told, json!({ "propose": propose }));
        fields(check(serde_json::from_value(told).unwrap(), patient()).unwrap_err())
    };
    assert_eq!(refused(json!({})), ["propose.start"]);
    assert_eq!(refused(json!({ "start": "2027-01-11T09:00:00" })), ["propose.start"]);
    assert_eq!(refused(json!({ "start": at("09:00"), "start_local": "2027-01-11T09:00" })), ["propose.start_local"]);
    assert_eq!(refused(json!({ "start_local": "2027-01-11" })), ["propose.start_local"]);
    assert_eq!(refused(json!({ "start": at("09:00"), "resources": { "staff": "nobody" } })), ["propose.resources.staff"]);
    assert_eq!(refused(json!({ "start": at("09:00"), "resources": { "room": "anna" } })), ["propose.resources.room"]);
}
