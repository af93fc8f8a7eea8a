//! The rehearsal doors as a program sees them.

use axum::{Router, body::Body, middleware};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Desk, desk, rest::programs};

async fn asked(desk: &Desk, path: &str, body: Value) -> (u16, Value) {
    let [marek] = programs(desk, ["marek@lipowa.example"]).await;
    let (status, answer) = marek.send("POST", &format!("/scheduling/{path}"), None, Some(&body)).await;
    (status.as_u16(), answer)
}

fn scenario() -> Value {
    json!({
        "zone": "Europe/Warsaw", "from": "2027-03-28", "to": "2027-03-28", "step": 60, "treatment": { "duration": 60 },
        "resources": [{
            "id": "anna", "role": "staff", "weekly": [{ "days": ["sa"], "start": "22:00", "end": "05:00" }],
            "busy": [{ "start": "2027-03-28T03:00:00+02:00", "end": "2027-03-28T04:00:00+02:00" }],
        }],
    })
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[tokio::test]
async fn the_free_times_of_a_scenario_are_found() {
    let desk = desk().await;
    let (status, answer) = asked(&desk, "simulate", with(scenario(), "explain", json!(true))).await;
    assert_eq!(status, 200, "{answer}");
    let slot = |start: &str, end: &str| json!({ "start": start, "end": end, "resources": { "staff": "anna" } });
    assert_eq!(
        answer["slots"],
        json!([
            slot("2027-03-28T00:00:00+01:00", "2027-03-28T01:00:00+01:00"),
            slot("2027-03-28T01:00:00+01:00", "2027-03-28T03:00:00+02:00"),
            slot("2027-03-28T04:00:00+02:00", "2027-03-28T05:00:00+02:00"),
        ])
    );
    let busy = json!({ "rule": "busy", "resource": "anna", "from": "2027-03-28T03:00:00+02:00", "to": "2027-03-28T04:00:00+02:00" });
    assert_eq!(answer["refused"], json!([{ "start": "2027-03-28T03:00:00+02:00", "reasons": [busy] }]));
}

#[tokio::test]
async fn one_time_is_judged() {
    let desk = desk().await;
    let propose = json!({ "start_local": "2027-03-28T02:30", "resources": { "staff": "anna" } });
    let (status, answer) = asked(&desk, "check", with(scenario(), "propose", propose)).await;
    assert_eq!((status, &answer["ok"], &answer["start"]), (200, &json!(false), &json!(null)), "{answer}");
    assert_eq!(answer["reasons"], json!([{ "rule": "gap", "resource": null, "from": "2027-03-28T02:00", "to": "2027-03-28T03:00" }]));
    assert_eq!(answer["alternatives"].as_array().unwrap().len(), 3);
    let propose = json!({ "start": "2027-03-28T04:00:00+02:00" });
    let (_, answer) = asked(&desk, "check", with(scenario(), "propose", propose)).await;
    let (start, end) = ("2027-03-28T04:00:00+02:00", "2027-03-28T05:00:00+02:00");
    assert_eq!(answer, json!({ "ok": true, "start": start, "end": end, "reasons": [], "alternatives": [] }));
}

#[tokio::test]
async fn events_are_laid_out() {
    let desk = desk().await;
    let events =
        json!([{ "id": "b", "start": "09:30", "end": "10:30" }, { "id": "a", "start": "09:00", "end": "10:00", "cancelled": false }]);
    let (status, answer) = asked(&desk, "layout", json!({ "events": events })).await;
    let place = |id: &str, column: u8| json!({ "id": id, "column": column, "columns": 2, "span": 1 });
    assert_eq!((status, answer), (200, json!({ "boxes": [place("a", 0), place("b", 1)] })));
}

#[tokio::test]
async fn what_is_wrong_is_named_by_its_field() {
    let desk = desk().await;
    let [marek] = programs(&desk, ["marek@lipowa.example"]).await;
    let resource = |field: &str, value: Value| {
        let mut told = scenario();
        told["resources"][0][field] = value;
        told
    };
    let busy = |busy: Value| resource("busy", json!([busy]));
    let (start, end) = ("2027-03-28T03:00:00+02:00", "2027-03-28T02:30:00+02:00");
    for (path, body, field) in [
        ("simulate", busy(json!({ "start": start, "end": end })), "resources[0].busy[0].end"),
        ("simulate", busy(json!({ "start": start })), "resources[0].busy[0].end"),
        ("simulate", busy(json!({ "start": start, "end": 5 })), "resources[0].busy[0].end"),
        ("simulate", busy(json!({ "start": end, "end": start, "status": "asleep" })), "resources[0].busy[0].status"),
        ("simulate", busy(json!({ "start": end, "end": start, "colour": "red" })), "resources[0].busy[0].colour"),
        (
            "simulate",
            resource("weekly", json!([{ "days": ["mo", "xx"], "start": "09:00", "end": "10:00" }])),
            "resources[0].weekly[0].days[1]",
        ),
        ("simulate", with(scenario(), "step", json!(null)), "step"),
        ("simulate", with(scenario(), "treatment", json!({})), "treatment.duration"),
        ("simulate", with(scenario(), "treatment", json!({ "duration": 1.5 })), "treatment.duration"),
        ("simulate", with(scenario(), "propose", json!({ "start": start })), "propose"),
        ("simulate", with(scenario(), "to", json!("2027-03-27")), "to"),
        ("check", scenario(), "propose"),
        ("check", with(scenario(), "propose", json!({ "start": "soon" })), "propose.start"),
        ("layout", json!({ "events": [{ "id": "a", "start": "09:00" }] }), "events[0].end"),
        ("layout", json!({ "events": [{ "id": "a", "start": "09:00", "end": "09:00" }] }), "events[0].end"),
        ("layout", json!({ "events": [{ "id": 7, "start": "09:00", "end": "10:00" }] }), "events[0].id"),
    ] {
        let (status, problem) = marek.send("POST", &format!("/scheduling/{path}"), None, Some(&body)).await;
        assert_eq!((status.as_u16(), problem["errors"][0]["field"].as_str()), (422, Some(field)), "{problem}");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 1, "{problem}");
    }
}

#[tokio::test]
async fn nobody_rehearses_without_signing_in() {
    let desk = desk().await;
    let (router, _) = services::rest::routes().split_for_parts();
    let router = router.with_state(desk.clinic.state.clone());
    for path in ["simulate", "check", "layout"] {
        let request = Request::post(format!("/scheduling/{path}")).header(header::CONTENT_TYPE, "application/json");
        let response = router.clone().oneshot(request.body(Body::from("{}")).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_clinic_with_twenty_thousand_bookings_fits_through_the_door() {
    let desk = desk().await;
    let [marek] = programs(&desk, ["marek@lipowa.example"]).await;
    let day = "2027-01-11".parse::<chrono::NaiveDate>().unwrap();
    let booking = |resource: u64, n: u64| {
        let at = |hour: u64| format!("{}T{hour:02}:00:00+01:00", day + chrono::Days::new(n % 90));
        let hour = 8 + (n / 90 + resource) % 9;
        json!({ "start": at(hour), "end": at(hour + 1), "before": 0, "after": 0, "status": "confirmed", "seats": 1, "session": null })
    };
    let resources: Vec<Value> = (0..50)
        .map(|resource| {
            let busy: Vec<Value> = (0..400).map(|n| booking(resource, n)).collect();
            let weekly = json!([{ "days": ["mo", "tu", "we", "th", "fr"], "start": "08:00", "end": "18:00" }]);
            json!({ "id": format!("staff {resource}"), "role": "staff", "weekly": weekly, "busy": busy })
        })
        .collect();
    let mut body = with(scenario(), "resources", json!(resources));
    body["from"] = json!("2027-01-11");
    body["to"] = json!("2027-04-10");
    assert!(body.to_string().len() > 2 * 1024 * 1024);
    let (status, answer) = marek.send("POST", "/scheduling/simulate", None, Some(&body)).await;
    assert_eq!(status.as_u16(), 200, "{answer}");
    assert!(answer["slots"].as_array().unwrap().len() > 100);
}

#[tokio::test]
async fn only_scenarios_may_be_so_large() {
    async fn size(body: String) -> String {
        body.len().to_string()
    }
    let any = || axum::routing::post(size).layer(axum::extract::DefaultBodyLimit::disable());
    let router = Router::new().route("/api/v1/scheduling/simulate", any()).route("/api/v1/patients", any());
    let router = router.layer(middleware::from_fn(platform::rest::body::whole));
    let sent = async |path: &str, mebibytes: usize| {
        let request = Request::post(path).body(Body::from(" ".repeat(mebibytes * 1024 * 1024))).unwrap();
        router.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    assert_eq!(sent("/api/v1/scheduling/simulate", 7).await, 200);
    assert_eq!(sent("/api/v1/scheduling/simulate", 9).await, 413);
    assert_eq!(sent("/api/v1/patients", 2).await, 413);
}
