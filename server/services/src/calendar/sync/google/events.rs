//! Events: read by sync tokens, written under ids of our own making, so that what is written twice is there once.

use aws_lc_rs::digest;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use data_encoding::HEXLOWER;
use platform::Error;
use reqwest::{Method, RequestBuilder, header};
use serde_json::{Value, json};

use crate::calendar::sync::{
    Provider,
    outside::{Answer, Trouble},
    side::{Account, Entry, Mark, Page, Remote, Time},
};

fn ask(account: &Account<'_>, method: Method, id: Option<&str>) -> Result<RequestBuilder, Trouble> {
    let google = account.outside.settings.google.as_ref().ok_or(Trouble::Denied)?;
    let mut url = reqwest::Url::parse(&google.api).map_err(Error::internal)?;
    {
        let mut path = url.path_segments_mut().map_err(|()| Error::internal("Google's address has no path"))?;
        path.extend(["calendars", account.calendar, "events"]);
        path.extend(id);
    }
    Ok(account.outside.http.request(method, url).bearer_auth(&account.secret.access))
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(in crate::calendar::sync) async fn changes(
    account: &Account<'_>,
    cursor: &str,
    page: Option<&str>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Page, Trouble> {
    let mut query = vec![("singleEvents", "true".to_owned()), ("maxResults", "250".to_owned())];
    if cursor.is_empty() {
        query.extend([("timeMin", instant(from)), ("timeMax", instant(to))]);
    } else {
        query.push(("syncToken", cursor.to_owned()));
    }
    query.extend(page.map(|page| ("pageToken", page.to_owned())));
    let request = ask(account, Method::GET, None)?.query(&query);
    let Answer { body } = account.outside.ask(Provider::Google, request, true).await?;
    let word = |name: &str| body[name].as_str().map(str::to_owned);
    let items = body["items"].as_array().ok_or_else(|| Error::internal("a page of events without events"))?;
    Ok(Page { items: items.iter().filter_map(remote).collect(), next: word("nextPageToken"), cursor: word("nextSyncToken") })
}

fn remote(event: &Value) -> Option<Remote> {
    let declined = || {
        let guests = event["attendees"].as_array().map(Vec::as_slice).unwrap_or_default();
        guests.iter().any(|guest| guest["self"] == true && guest["responseStatus"] == "declined")
    };
    // Where somebody works and whose birthday it is takes nobody's time.
    let informs = matches!(event["eventType"].as_str(), Some("workingLocation" | "birthday"));
    Some(Remote {
        id: event["id"].as_str().filter(|id| !id.is_empty())?.to_owned(),
        etag: event["etag"].as_str().unwrap_or_default().to_owned(),
        time: time(&event["start"], &event["end"]),
        busy: event["status"] != "cancelled" && event["transparency"] != "transparent" && !informs && !declined(),
        mark: Mark::read(&event["extendedProperties"]["private"]),
    })
}

fn time(start: &Value, end: &Value) -> Option<Time> {
    let at = |side: &Value| DateTime::parse_from_rfc3339(side["dateTime"].as_str()?).ok().map(|at| at.to_utc());
    let on = |side: &Value| side["date"].as_str()?.parse::<NaiveDate>().ok();
    match (at(start), at(end)) {
        (Some(start), Some(end)) => Some(Time::Instants(start, end)),
        _ => Some(Time::Dates(on(start)?, on(end)?)),
    }
}

fn event(entry: &Entry, id: &str) -> Value {
    let side = |at: DateTime<Utc>| json!({ "dateTime": at.with_timezone(&entry.zone).to_rfc3339_opts(SecondsFormat::Secs, false), "timeZone": entry.zone.name() });
    json!({
        "id": id,
        "status": "confirmed",
        "summary": entry.summary,
        "description": entry.description,
        "location": entry.place,
        "start": side(entry.start),
        "end": side(entry.end),
        "visibility": if entry.private { "private" } else { "default" },
        "transparency": "opaque",
        "reminders": { "useDefault": false },
        "extendedProperties": { "private": entry.mark.told() },
    })
}

/// An entry's id there follows from what it is here, in letters that Google allows in one (0–9, a–v).
fn own(mark: &Mark) -> String {
    let digest = digest::digest(&digest::SHA256, format!("{}/{}", mark.connection, mark.activity).as_bytes());
    format!("atrium{}", HEXLOWER.encode(&digest.as_ref()[..20]))
}

pub(in crate::calendar::sync) async fn put(account: &Account<'_>, entry: &Entry) -> Result<(String, String), Trouble> {
    let (id, etag) = entry.there.clone().unwrap_or_else(|| (own(&entry.mark), String::new()));
    let body = event(entry, &id);
    let told = |answer: Answer| Ok((id.clone(), answer.body["etag"].as_str().unwrap_or_default().to_owned()));
    let outside = account.outside;
    let change = async |etag: &str| {
        let mut request = ask(account, Method::PUT, Some(&id))?.query(&[("sendUpdates", "none")]).json(&body);
        if !etag.is_empty() {
            request = request.header(header::IF_MATCH, etag);
        }
        outside.ask(Provider::Google, request, true).await
    };
    if entry.there.is_some() {
        match change(&etag).await {
            // Somebody has changed it there. It was made here: what it says here is put there, over what is there now.
            Err(Trouble::Changed) => {
                let now = outside.ask(Provider::Google, ask(account, Method::GET, Some(&id))?, true).await?;
                return told(change(now.body["etag"].as_str().unwrap_or_default()).await?);
            }
            Err(Trouble::Absent | Trouble::Gone) => {}
            changed => return told(changed?),
        }
    }
    let request = ask(account, Method::POST, None)?.query(&[("sendUpdates", "none")]).json(&body);
    match outside.ask(Provider::Google, request, true).await {
        // It is there, or was: a deleted event keeps its id and comes back by being changed.
        Err(Trouble::There) => told(change("").await?),
        made => told(made?),
    }
}

pub(in crate::calendar::sync) async fn remove(account: &Account<'_>, id: &str) -> Result<(), Trouble> {
    let request = ask(account, Method::DELETE, Some(id))?.query(&[("sendUpdates", "none")]);
    account.outside.ask(Provider::Google, request, true).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_no_time_is_told_apart() {
        let busy = |event: Value| remote(&event).unwrap().busy;
        assert!(busy(json!({ "id": "a", "status": "confirmed" })));
        assert!(busy(json!({ "id": "a", "status": "tentative" })));
        assert!(!busy(json!({ "id": "a", "status": "cancelled" })));
        assert!(!busy(json!({ "id": "a", "transparency": "transparent" })));
        assert!(!busy(json!({ "id": "a", "eventType": "workingLocation" })));
        assert!(!busy(json!({ "id": "a", "attendees": [{ "self": true, "responseStatus": "declined" }] })));
        assert!(busy(json!({ "id": "a", "attendees": [{ "responseStatus": "declined" }] })));
    }

    #[test]
    fn whole_days_are_dates_and_all_else_instants() {
        let dates = time(&json!({ "date": "2026-11-25" }), &json!({ "date": "2026-11-27" })).unwrap();
        assert_eq!(dates, Time::Dates("2026-11-25".parse().unwrap(), "2026-11-27".parse().unwrap()));
        let instants = time(&json!({ "dateTime": "2026-11-25T10:00:00+01:00" }), &json!({ "dateTime": "2026-11-25T10:30:00Z" })).unwrap();
        assert_eq!(instants, Time::Instants("2026-11-25T09:00:00Z".parse().unwrap(), "2026-11-25T10:30:00Z".parse().unwrap()));
        assert_eq!(time(&Value::Null, &Value::Null), None);
    }
}
