use super::*;

fn open(weekly: Value, other: Value) -> Value {
    let mut resource = json!({ "weekly": weekly });
    merge(&mut resource, other);
    scenario(json!({ "resources": [anna(resource)], "step": 60 }))
}

#[test]
fn without_weekly_hours_it_is_open_always_and_with_an_empty_list_never_but_for_its_dates() {
    let dates = json!([{ "date": "2027-01-11", "windows": [["10:00", "12:00"]] }]);
    assert_eq!(starts(open(json!(null), json!({}))).len(), 24);
    assert_eq!(starts(open(json!(null), json!({ "dates": dates }))), ["10:00", "11:00"]);
    assert_eq!(starts(open(json!([]), json!({}))), Vec::<String>::new());
    assert_eq!(starts(open(json!([]), json!({ "dates": dates }))), ["10:00", "11:00"]);
    let breaks = json!([{ "days": ["mo"], "start": "00:00", "end": "22:00" }]);
    assert_eq!(starts(open(json!(null), json!({ "breaks": breaks }))), ["22:00", "23:00"]);
}

#[test]
fn a_night_shift_belongs_to_the_date_on_which_it_begins() {
    let night = json!([{ "days": ["su"], "start": "22:00", "end": "06:00" }]);
    assert_eq!(starts(open(night.clone(), json!({}))), ["00:00", "01:00", "02:00", "03:00", "04:00", "05:00"]);
    // An override of Monday leaves the tail of Sunday's night.
    let closed = json!([{ "date": "2027-01-11", "windows": [] }]);
    assert_eq!(starts(open(night.clone(), json!({ "dates": closed }))).len(), 6);
    let moved = json!([{ "date": "2027-01-10", "windows": [["23:30", "02:30"]] }]);
    assert_eq!(starts(open(night.clone(), json!({ "dates": moved }))), ["00:30", "01:30"]);
    // Closures and whole dates of leave take the tail too.
    let mut closed = open(night.clone(), json!({}));
    merge(&mut closed, json!({ "closures": ["2027-01-11"] }));
    assert_eq!(starts(closed), Vec::<String>::new());
    assert_eq!(starts(open(night.clone(), json!({ "leave": [{ "from": "2027-01-11", "to": "2027-01-20" }] }))), Vec::<String>::new());
    assert_eq!(starts(open(night, json!({ "leave": [{ "from": "2027-01-10", "to": "2027-01-10" }] }))).len(), 6);
}

#[test]
fn adjoining_windows_over_midnight_are_one() {
    let weekly = json!([{ "days": ["su"], "start": "20:00", "end": "24:00" }, { "days": ["mo"], "start": "00:00", "end": "04:00" }]);
    let mut told = open(weekly, json!({}));
    merge(&mut told, json!({ "from": "2027-01-10", "treatment": { "duration": 180 } }));
    assert_eq!(starts(told), ["20:00", "21:00", "22:00", "23:00", "00:00", "01:00"]);
}

#[test]
fn breaks_cross_midnight_and_belong_to_the_date_on_which_they_begin() {
    let night = json!([{ "days": ["su"], "start": "22:00", "end": "04:00" }]);
    let on = |day: &str| json!({ "breaks": [{ "days": [day], "start": "23:00", "end": "01:00" }] });
    assert_eq!(starts(open(night.clone(), on("su"))), ["01:00", "02:00", "03:00"]);
    assert_eq!(starts(open(night, on("mo"))).len(), 4);
}

#[test]
fn leave_with_times_takes_them_on_each_of_its_dates() {
    let every = json!([{ "days": ["mo", "tu"], "start": "09:00", "end": "12:00" }]);
    let leave = json!([{ "from": "2027-01-11", "to": "2027-01-12", "start": "10:15", "end": "11:00" }]);
    let mut told = open(every, json!({ "leave": leave }));
    merge(&mut told, json!({ "to": "2027-01-12" }));
    assert_eq!(starts(told), ["09:00", "11:00", "09:00", "11:00"]);
}

#[test]
fn every_second_week_is_counted_from_the_anchors_week_by_the_start_of_weeks() {
    let told = |week_start: &str| {
        let weekly = json!([{ "days": ["su", "mo"], "start": "09:00", "end": "10:00", "every_weeks": 2, "anchor": "2027-01-13" }]);
        let mut told = open(weekly, json!({}));
        merge(&mut told, json!({ "from": "2026-12-25", "to": "2027-01-25", "rules": { "week_start": week_start } }));
        let answer = simulated(told);
        let days: Vec<String> =
            answer["slots"].as_array().unwrap().iter().map(|slot| slot["start"].as_str().unwrap()[5..10].to_owned()).collect();
        days
    };
    assert_eq!(told("mo"), ["12-28", "01-03", "01-11", "01-17", "01-25"]);
    assert_eq!(told("su"), ["12-27", "12-28", "01-10", "01-11", "01-24", "01-25"]);
}

#[test]
fn a_night_is_shorter_or_longer_when_the_clock_is_put_forward_or_back() {
    for (zone, date, day, hours) in [
        ("Europe/Warsaw", "2027-03-28", "su", 5),
        ("Europe/Warsaw", "2027-10-31", "su", 7),
        ("America/New_York", "2027-03-14", "su", 5),
        ("America/New_York", "2027-11-07", "su", 7),
        ("Europe/Warsaw", "2027-06-06", "su", 6),
    ] {
        let told = json!({
            "zone": zone, "from": date, "to": date, "step": 60, "treatment": { "duration": 60 },
            "resources": [{ "id": "anna", "role": "staff", "weekly": [{ "days": [day], "start": "00:00", "end": "06:00" }] }],
        });
        assert_eq!(starts(told).len(), hours, "{zone} {date}");
    }
}

#[test]
fn lord_howe_moves_its_clock_by_half_an_hour() {
    let told = |date: &str| {
        json!({
            "zone": "Australia/Lord_Howe", "from": date, "to": date, "step": 30, "treatment": { "duration": 30 },
            "resources": [{ "id": "anna", "role": "staff", "weekly": [{ "days": ["su"], "start": "01:00", "end": "03:00" }] }],
        })
    };
    assert_eq!(starts(told("2027-04-04")), ["01:00", "01:30", "01:30", "02:00", "02:30"]);
    assert_eq!(starts(told("2027-10-03")), ["01:00", "01:30", "02:30"]);
}

#[test]
fn where_the_clock_skips_midnight_the_day_begins_at_one() {
    let told = json!({
        "zone": "America/Sao_Paulo", "from": "2018-11-04", "to": "2018-11-04", "step": 60, "treatment": { "duration": 60 },
        "resources": [{ "id": "anna", "role": "staff" }],
    });
    let starts = starts(told);
    assert_eq!((starts.len(), starts[0].as_str()), (23, "01:00"));
}

#[test]
fn a_date_that_a_zone_skipped_has_no_slots() {
    let told = |from: &str, to: &str| {
        json!({
            "zone": "Pacific/Apia", "from": from, "to": to, "step": 60, "treatment": { "duration": 60 }, "explain": true,
            "resources": [{ "id": "anna", "role": "staff" }],
        })
    };
    assert_eq!(simulated(told("2011-12-30", "2011-12-30")), json!({ "slots": [], "refused": [] }));
    assert_eq!(starts(told("2011-12-29", "2011-12-31")).len(), 48);
    let proposal = checked(told("2011-12-29", "2011-12-31"), json!({ "start_local": "2011-12-30T10:00" }));
    assert_eq!(proposal["reasons"], json!([{ "rule": "gap", "resource": null, "from": "2011-12-30T00:00", "to": "2011-12-31T00:00" }]));
}
