//! Random scenarios of a few days around a change of clocks, told as a program would tell them.

use super::*;
use proptest::prelude::*;

const ZONES: [(&str, [&str; 4]); 4] = [
    ("Europe/Warsaw", ["2027-03-27", "2027-03-28", "2027-03-29", "2027-03-30"]),
    ("America/New_York", ["2027-11-06", "2027-11-07", "2027-11-08", "2027-11-09"]),
    ("Australia/Lord_Howe", ["2027-04-03", "2027-04-04", "2027-04-05", "2027-04-06"]),
    ("America/Sao_Paulo", ["2018-11-03", "2018-11-04", "2018-11-05", "2018-11-06"]),
];

fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn resource(id: &'static str, role: &'static str, dates: [&'static str; 4]) -> impl Strategy<Value = Value> {
    let days = prop::sample::subsequence(vec!["mo", "tu", "we", "th", "fr", "sa", "su"], 1..=7);
    let span = (0i64..96, 1i64..=96).prop_map(|(start, end)| (clock(start * 15), clock(end * 15)));
    let weekly = prop::collection::vec((days.clone(), span.clone()), 0..4);
    let weekly = prop::option::weighted(0.8, weekly);
    let breaks = prop::collection::vec((days, span.clone()), 0..2);
    let busy = prop::collection::vec((0usize..4, 0i64..1300, 5i64..180, 0i64..20, 1i64..3, prop::option::weighted(0.4, 0..2)), 0..8);
    (weekly, breaks, prop::option::weighted(0.3, span), busy, 1i64..4).prop_map(move |(weekly, breaks, dated, busy, capacity)| {
        let stretch = |(days, (start, end)): (Vec<&str>, (String, String))| json!({ "days": days, "start": start, "end": end });
        let busy = busy.into_iter().map(|(date, start, length, buffer, seats, session)| {
            let start = format!("{}T{}:00Z", dates[date], clock(start)).parse::<chrono::DateTime<chrono::Utc>>().unwrap();
            let session = session.map(|n: i32| format!("class {n} {start}"));
            let end = start + chrono::TimeDelta::minutes(if session.is_some() { 60 } else { length });
            json!({ "start": start, "end": end, "before": buffer, "after": buffer, "seats": seats, "session": session })
        });
        json!({
            "id": id, "role": role, "capacity": capacity, "busy": busy.collect::<Vec<_>>(),
            "weekly": weekly.map(|all| all.into_iter().map(stretch).collect::<Vec<_>>()),
            "breaks": breaks.into_iter().map(stretch).collect::<Vec<_>>(),
            "dates": dated.map(|window| json!([{ "date": dates[1], "windows": [window] }])),
            "leave": [{ "from": dates[2], "to": dates[2], "start": "10:15", "end": "11:00" }],
        })
    })
}

fn scenarios() -> impl Strategy<Value = Value> {
    prop::sample::select(ZONES.to_vec()).prop_flat_map(|(zone, dates)| {
        let resources = (resource("anna", "staff", dates), resource("ewa", "staff", dates), resource("room", "room", dates));
        let length = (prop::sample::select(vec![15, 30, 60, 60, 90]), 0i64..20, 0i64..20, prop::sample::select(vec![10, 15, 25, 30]));
        let choice = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 1i64..4, 0usize..4);
        (resources, length, choice).prop_map(move |((anna, ewa, room), (duration, before, after, step), choice)| {
            let (by_clock, inside, segmented, with_room, max, first) = choice;
            let segments = json!([{ "role": "staff", "from": 0, "to": 5 }, { "role": "staff", "from": 10, "to": duration }]);
            let needs = if with_room { json!([{ "role": "staff" }, { "role": "room" }]) } else { json!([{ "role": "staff" }]) };
            json!({
                "zone": zone, "from": dates[first.min(2)], "to": dates[3], "step": step, "align": if by_clock { "clock" } else { "window" },
                "treatment": {
                    "duration": duration, "buffer_before": before, "buffer_after": after,
                    "segments": if segmented { segments } else { json!(null) },
                },
                "needs": needs, "resources": [anna, ewa, room], "explain": true, "now": format!("{}T03:00:00Z", dates[0]),
                "rules": {
                    "buffers_inside_hours": inside, "notice_minutes": 90, "horizon_days": 2, "limits": [{ "per": "day", "max": max }],
                },
                "counted": [format!("{}T12:00:00Z", dates[1]), format!("{}T13:00:00Z", dates[1])],
            })
        })
    })
}

fn list(answer: &Value, name: &str) -> Vec<Value> {
    answer[name].as_array().unwrap().clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_offered_passes_the_check_and_what_is_refused_has_the_same_reasons(
        told in scenarios(), pick in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
    ) {
        let answer = simulated(told.clone());
        let (slots, refused) = (list(&answer, "slots"), list(&answer, "refused"));
        if !slots.is_empty() {
            let slot = &slots[pick.index(slots.len())];
            let verdict = checked(told.clone(), json!({ "start": slot["start"], "resources": slot["resources"] }));
            prop_assert_eq!(verdict, json!({ "ok": true, "start": slot["start"], "end": slot["end"], "reasons": [], "alternatives": [] }));
        }
        prop_assert!(refused.iter().all(|one| one["reasons"] != json!([])));
        if !refused.is_empty() {
            let one = &refused[other.index(refused.len())];
            let mut resources = json!({ "staff": "anna" });
            if told["needs"].as_array().unwrap().len() > 1 {
                merge(&mut resources, json!({ "room": "room" }));
            }
            let verdict = checked(told, json!({ "start": one["start"], "resources": resources }));
            prop_assert_eq!(&verdict["reasons"], &one["reasons"]);
            prop_assert_eq!(verdict["alternatives"].as_array().unwrap().len(), slots.len().min(3));
        }
    }

    #[test]
    fn the_days_together_are_the_whole(told in scenarios()) {
        let whole = simulated(told.clone());
        let from: chrono::NaiveDate = told["from"].as_str().unwrap().parse().unwrap();
        let to: chrono::NaiveDate = told["to"].as_str().unwrap().parse().unwrap();
        let (mut slots, mut refused) = (Vec::new(), Vec::new());
        for date in from.iter_days().take_while(|date| *date <= to) {
            let mut day = told.clone();
            merge(&mut day, json!({ "from": date, "to": date }));
            let answer = simulated(day);
            slots.extend(list(&answer, "slots"));
            refused.extend(list(&answer, "refused"));
        }
        prop_assert_eq!(slots, list(&whole, "slots"));
        prop_assert_eq!(refused, list(&whole, "refused"));
    }

    #[test]
    fn cancelling_a_booking_gives_back_exactly_what_it_took(told in scenarios(), pick in any::<prop::sample::Index>()) {
        let free = simulated(told.clone());
        let slots = list(&free, "slots");
        if slots.is_empty() {
            return Ok(());
        }
        let slot = &slots[pick.index(slots.len())];
        let mut booked = told.clone();
        let mut resources = list(&told, "resources");
        let place = resources.iter().position(|one| one["id"] == slot["resources"]["staff"]).unwrap();
        let mut busy = list(&resources[place], "busy");
        busy.push(json!({ "start": slot["start"], "end": slot["end"], "seats": 9, "status": "confirmed" }));
        resources[place]["busy"] = json!(busy);
        merge(&mut booked, json!({ "resources": resources }));
        let verdict = checked(booked.clone(), json!({ "start": slot["start"], "resources": slot["resources"] }));
        prop_assert_eq!(&verdict["ok"], &json!(false));
        busy.last_mut().unwrap()["status"] = json!("cancelled");
        resources[place]["busy"] = json!(busy);
        merge(&mut booked, json!({ "resources": resources }));
        prop_assert_eq!(simulated(booked.clone()), free.clone());
        // And so does moving it.
        busy.last_mut().unwrap()["status"] = json!("confirmed");
        resources[place]["busy"] = json!(busy);
        let moved = json!({ "start": slot["start"], "end": slot["end"], "resources": [slot["resources"]["staff"]] });
        merge(&mut booked, json!({ "resources": resources, "reschedule": moved }));
        // A class of just these times is ignored with it; otherwise nothing but the booking is gone.
        let alike = |one: &Value| (instant(&one["start"]), instant(&one["end"])) == (instant(&slot["start"]), instant(&slot["end"]));
        if busy.iter().filter(|one| alike(one)).count() == 1 {
            prop_assert_eq!(simulated(booked), free);
        }
    }

    #[test]
    fn the_order_in_which_things_are_told_does_not_matter(told in scenarios(), by in 1usize..5) {
        let mut turned = told.clone();
        let mut resources = list(&told, "resources");
        for resource in &mut resources {
            for name in ["busy", "breaks", "weekly"] {
                if let Some(items) = resource[name].as_array_mut().filter(|items| !items.is_empty()) {
                    items.reverse();
                    let turns = by % items.len();
                    items.rotate_left(turns);
                }
            }
        }
        merge(&mut turned, json!({ "resources": resources }));
        prop_assert_eq!(simulated(turned), simulated(told));
    }
}

fn instant(text: &Value) -> chrono::DateTime<chrono::Utc> {
    text.as_str().unwrap().parse().unwrap()
}

#[test]
fn twenty_thousand_bookings_over_ninety_days_are_explained_in_time() {
    let day = "2027-01-11".parse::<chrono::NaiveDate>().unwrap();
    let booking = |resource: u64, n: u64| {
        let at = |hour: u64| format!("{}T{hour:02}:00:00+01:00", day + chrono::Days::new(n % 90));
        let hour = 8 + (n / 90 + resource) % 9;
        json!({ "start": at(hour), "end": at(hour + 1), "before": 0, "after": 5 })
    };
    let resource = |place: u64| {
        let busy: Vec<Value> = (0..400).map(|n| booking(place, n)).collect();
        let weekly = json!([{ "days": ["mo", "tu", "we", "th", "fr"], "start": "08:00", "end": "18:00" }]);
        json!({ "id": format!("staff {place}"), "role": "staff", "weekly": weekly, "busy": busy })
    };
    let told = scenario(json!({
        "resources": (0..50).map(resource).collect::<Vec<_>>(), "from": "2027-01-11", "to": "2027-04-10", "step": 15, "explain": true,
        "needs": [{ "role": "staff", "any_of": ["staff 1", "staff 2"] }],
    }));
    let told: Scenario = serde_json::from_value(told).unwrap();
    let answer = simulate(&told, Deadline::after(PATIENCE)).unwrap();
    assert_eq!(answer.slots.len() + answer.refused.len(), 65 * 40);
}
