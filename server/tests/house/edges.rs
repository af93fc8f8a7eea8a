//! What is at the edge of what can be said, over the REST door of a running server: never a fault of ours.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Folder, Server};

/// What there is in the demo clinic to point at.
struct Known {
    location: String,
    treatment: String,
    employee: String,
    patient: String,
    lead: String,
    resource: String,
    visit: Value,
}

async fn known(owner: &Client) -> Known {
    let first = async |path: &str| owner.get(path).await["items"][0].clone();
    let id = |record: Value| record["id"].as_str().expect("an id").to_owned();
    Known {
        location: id(first("/locations").await),
        treatment: id(first("/treatments").await),
        employee: id(first("/employees").await),
        patient: id(first("/patients").await),
        lead: id(first("/leads").await),
        resource: id(first("/resources?kind=room").await),
        visit: first("/appointments?from=2026-11-25T00:00:00Z").await,
    }
}

/// Sends it and takes a refusal in our own words for granted.
async fn refused(client: &Client, method: Method, path: &str, body: Option<&Value>) -> StatusCode {
    let mut request = client.request(method.clone(), path);
    if let Some(body) = body {
        request = request.json(body);
    }
    let answer = request.send().await.expect("the server answers");
    let status = answer.status();
    let said = format!("{method} {path} {}", body.unwrap_or(&Value::Null));
    assert!(status.is_client_error(), "{said}: {status}");
    assert_eq!(answer.headers()["content-type"], "application/problem+json", "{said}");
    let problem: Value = answer.json().await.expect("a problem");
    assert_eq!(problem["status"], status.as_u16(), "{said}");
    assert!(problem["code"].is_string() && problem["correlation_id"].is_string(), "{said}: {problem}");
    status
}

async fn times_without_clinics(owner: &Client, known: &Known) {
    let visit = format!("/appointments/{}", known.visit["id"].as_str().expect("an id"));
    let version = &known.visit["version"];
    for at in ["+262142-12-31T23:59:59Z", "-262143-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"] {
        let post = async |path: &str, body: Value| {
            assert_eq!(refused(owner, Method::POST, path, Some(&body)).await, 422, "{path} {body}");
        };
        let Known { location, treatment, employee, patient, lead, resource, .. } = known;
        post("/appointments", json!({"patient": patient, "treatment": treatment, "employee": employee, "location": location, "start": at}))
            .await;
        post("/calls", json!({"lead": lead, "location": location, "start": at, "minutes": 1440})).await;
        let meeting =
            json!({"activity_type": "meeting", "title": "x", "location": location, "start": at, "end": at, "resources": [resource]});
        post("/activities", meeting).await;
        for to in [json!({"version": version, "start": at}), json!({"version": version, "start": known.visit["start"], "end": at})] {
            assert_eq!(refused(owner, Method::PUT, &visit, Some(&to)).await, 422, "{to}");
        }
        let date = at.split('T').next().expect("a date");
        post("/closures", json!({"on_date": date, "name": "x"})).await;
        post(&format!("/employees/{employee}/leave"), json!({"from_date": date, "to_date": date})).await;
        let place = format!("/employees/{employee}/working-hours");
        let version = owner.get(&place).await["version"].clone();
        let hours = json!({"version": version, "weekly": [], "dates": [{"date": date, "windows": []}]});
        assert_eq!(refused(owner, Method::PUT, &place, Some(&hours)).await, 422);
        let date = date.replace('+', "%2B");
        for path in [
            format!("/calendar?from={date}&to={date}"),
            format!("/appointments/availability?start_date={date}&end_date={date}&treatment_id={treatment}"),
            format!("/appointments/earliest?start_date={date}&end_date={date}&treatment_id={treatment}"),
        ] {
            assert_eq!(refused(owner, Method::GET, &path, None).await, 422, "{path}");
        }
    }
}

async fn ids_of_other_records(owner: &Client, known: &Known) {
    let Known { location, treatment, employee, patient, lead, resource, .. } = known;
    let (start, end) = ("2026-12-02T05:00:00Z", "2026-12-02T05:30:00Z");
    // Each with the id of a record of another kind.
    for (path, body) in [
        ("/treatments", json!({"id": patient, "name": "New", "duration": 30})),
        ("/patients", json!({"id": treatment, "given_name": "A", "family_name": "B"})),
        ("/leads", json!({"id": treatment, "given_name": "A", "family_name": "B"})),
        ("/resources", json!({"id": treatment, "kind": "room", "name": "New"})),
        ("/employees", json!({"id": treatment, "name": "New"})),
        ("/calls", json!({"id": treatment, "lead": lead, "location": location, "start": start, "minutes": 15})),
        ("/activities", json!({"id": treatment, "activity_type": "task", "title": "x", "location": location, "start": start, "end": end})),
    ] {
        assert_eq!(refused(owner, Method::POST, path, Some(&body)).await, 409, "{path}");
    }
    let visit =
        json!({"id": resource, "patient": patient, "treatment": treatment, "employee": employee, "location": location, "start": start});
    assert_eq!(refused(owner, Method::POST, "/appointments", Some(&visit)).await, 409);
}

async fn keys(owner: &Client, known: &Known) {
    let Known { location, employee, lead, .. } = known;
    let visit = known.visit["id"].as_str().expect("an id");
    for (path, body) in [
        ("/treatments".to_owned(), json!({"name": "Kept", "duration": 30})),
        ("/patients".to_owned(), json!({"given_name": "A", "family_name": "B"})),
        ("/leads".to_owned(), json!({"given_name": "A", "family_name": "B"})),
        ("/resources".to_owned(), json!({"kind": "room", "name": "Kept"})),
        ("/employees".to_owned(), json!({"name": "Kept"})),
        (format!("/employees/{employee}/leave"), json!({"from_date": "2027-03-01", "to_date": "2027-03-02"})),
        ("/closures".to_owned(), json!({"on_date": "2027-05-01", "name": "Kept"})),
        ("/calls".to_owned(), json!({"lead": lead, "location": location, "start": "2026-12-02T05:00:00Z", "minutes": 15})),
        (
            "/activities".to_owned(),
            json!({"activity_type": "task", "title": "x", "location": location, "start": "2026-12-02T05:00:00Z", "end": "2026-12-02T06:00:00Z"}),
        ),
        ("/teams".to_owned(), json!({"name": "Kept"})),
        ("/roles".to_owned(), json!({"name": "Kept", "permissions": ["calendar:read"]})),
        ("/locations".to_owned(), json!({"name": "Kept", "zone": "Europe/Warsaw"})),
        (format!("/appointments/{visit}/check-in"), json!({})),
        (format!("/appointments/{visit}/transition"), json!({"version": 2, "to": "in_progress"})),
        (format!("/appointments/{visit}/check-out"), json!({})),
    ] {
        let send = async |key: &str, body: &Value| {
            let request = owner.request(Method::POST, &path).header("idempotency-key", key).json(body);
            let answer = request.send().await.expect("the server answers");
            let replayed = answer.headers().contains_key("idempotency-replayed");
            (answer.status().as_u16(), replayed, answer.json::<Value>().await.expect("JSON"))
        };
        let first = send("kept", &body).await;
        assert!(matches!(first, (200 | 201, false, _)), "POST {path}: {first:?}");
        assert_eq!(send("kept", &body).await, (first.0, true, first.2), "POST {path}");
        for key in ["with space", "ł", &"x".repeat(201)] {
            assert_eq!(send(key, &body).await.0, 422, "POST {path} {key}");
        }
    }
}

/// A key is its user's own, in one clinic; of those who send it at once one has an effect and all have its answer.
async fn keys_of_several(base: &str, owner: &Client) {
    let body = json!({"given_name": "Iga", "family_name": "Jednorazowa"});
    let send = async |client: Client| {
        let request = client.request(Method::POST, "/patients").header("idempotency-key", "together").json(&body);
        let answer = request.send().await.expect("the server answers");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON")["id"].clone())
    };
    let answers = futures::future::join_all((0..8).map(|_| send(owner.clone()))).await;
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 201), "{answers:?}");
    for other in ["desk@lipowa.example", "owner@austin.example"] {
        let (status, id) = send(Client::sign_in(base, other).await).await;
        assert!(status == 201 && id != answers[0].1, "{other}: {status} {id}");
    }
    let made = owner.get("/patients?q=Jednorazowa").await;
    assert_eq!(made["items"].as_array().map(Vec::len), Some(2), "one by the owner and one by the desk: {made}");
}

/// Files are larger than anything else that is sent, and every layer on their way lets them through.
async fn large_files(owner: &Client) {
    let file = json!({"entity_type": "person", "file_name": "zeros.csv", "file": "A".repeat(12 << 20)});
    let answer = owner.request(Method::POST, "/imports").json(&file).send().await.expect("the server answers");
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "it was read, and is no table");
    let problem: Value = answer.json().await.expect("a problem");
    assert_eq!(problem["errors"][0]["field"], "file", "{problem}");
}

#[tokio::test]
async fn the_edges_of_what_can_be_said_are_refused_and_never_a_fault() {
    let folder = Folder::new("edges");
    let server = Server::start(&folder, None).await;
    let owner = Client::sign_in(&server.base, "owner@lipowa.example").await;
    let known = known(&owner).await;
    times_without_clinics(&owner, &known).await;
    ids_of_other_records(&owner, &known).await;
    keys(&owner, &known).await;
    keys_of_several(&server.base, &owner).await;
    large_files(&owner).await;

    // What is done at no such place, and with no such method.
    assert_eq!(refused(&owner, Method::PATCH, "/patients", None).await, 405);
    assert_eq!(refused(&owner, Method::GET, "/nowhere", None).await, 404);
    let browser = reqwest::get(format!("{}/api/docs", server.base)).await.expect("the server answers");
    assert!(browser.status().is_success() && browser.text().await.expect("a page").contains("swagger-ui"));
    server.stop();
}

#[tokio::test]
async fn an_answer_to_an_offered_time_that_is_sent_again_is_given_again_and_says_so() {
    let database = platform::testing::database().await;
    let server = Server::start(&Folder::new("answers"), Some(&crate::support::url(&database))).await;
    let desk = Client::sign_in(&server.base, "desk@lipowa.example").await;
    let Known { location, treatment, patient, .. } = known(&Client::sign_in(&server.base, "owner@lipowa.example").await).await;
    let made = async |path: &str, body: Value| {
        let answer = desk.post(path, &body).await;
        assert_eq!(answer.status(), StatusCode::CREATED, "{path}");
        answer.json::<Value>().await.expect("JSON")
    };
    for (answer, status) in [("accept", StatusCode::CREATED), ("decline", StatusCode::NO_CONTENT)] {
        let wish = json!({ "patient": patient, "location": location, "treatments": [treatment], "from_date": "2026-11-26",
            "to_date": "2026-12-24" });
        let waiting = made("/waiting", wish).await;
        let waiting = format!("/waiting/{}", waiting["id"].as_str().expect("an id"));
        let free = desk.get(&format!("{waiting}/matches")).await["items"][0].clone();
        let choice = json!({ "treatment": free["treatment"]["id"], "employee": free["employee"]["id"], "start": free["start"] });
        let offer = made(&format!("{waiting}/offers"), choice).await;
        let path = format!("/waiting/offers/{}/{answer}", offer["id"].as_str().expect("an id"));
        let mut bodies = Vec::new();
        for again in [false, true] {
            let sent = desk.request(Method::POST, &path).header("idempotency-key", answer).send().await.expect("the server answers");
            assert_eq!((sent.status(), sent.headers().contains_key("idempotency-replayed")), (status, again), "{path}");
            // Kept as JSON, so the order of its keys may be another.
            let body = sent.text().await.expect("a body");
            bodies.push((!body.is_empty()).then(|| serde_json::from_str::<Value>(&body).expect("JSON")));
        }
        assert_eq!(bodies[0], bodies[1], "{path}");
    }
}
