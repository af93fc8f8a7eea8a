//! Bookings: read by when they were last changed, written under a mark in their metadata. Cal.com does not let us choose
//! a booking's id; a booking that was made by a run which did not come to write it down is known by its mark in the next.

use chrono::{DateTime, TimeDelta, Utc};
use platform::Error;
use reqwest::Method;
use serde_json::{Value, json};

use super::{ask, instant};
use crate::calendar::sync::{
    Provider,
    outside::Trouble,
    side::{Account, Entry, Mark, Page, Remote, Time},
};

const TAKE: usize = 100;
/// Changes are read from a little before the last one on: what was being written at that moment is not missed.
const OVERLAP: TimeDelta = TimeDelta::minutes(2);

pub(in crate::calendar::sync) async fn changes(
    account: &Account<'_>,
    cursor: &str,
    page: Option<&str>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Page, Trouble> {
    // A page is named by how many were had and by the last change among them.
    let (skip, mut last) = match page.and_then(|page| page.split_once('/')) {
        Some((skip, last)) => (skip.parse().unwrap_or(0), last.to_owned()),
        None => (0usize, cursor.to_owned()),
    };
    let mut query = vec![("take", TAKE.to_string()), ("skip", skip.to_string()), ("sortUpdatedAt", "asc".to_owned())];
    match cursor.parse::<DateTime<Utc>>() {
        Ok(since) => query.push(("afterUpdatedAt", instant(since - OVERLAP))),
        Err(_) => query.extend([("afterStart", instant(from)), ("beforeEnd", instant(to))]),
    }
    let request = ask(account.outside, account.secret, Method::GET, "/bookings").query(&query);
    let body = account.outside.ask(Provider::CalCom, request, true).await?.body;
    let items = body["data"].as_array().ok_or_else(|| Error::internal("a page of bookings without bookings"))?;
    for changed in items.iter().filter_map(|item| item["updatedAt"].as_str()) {
        if changed.parse::<DateTime<Utc>>().is_ok() && changed > last.as_str() {
            last = changed.to_owned();
        }
    }
    let more = body["pagination"]["hasNextPage"] == true && !items.is_empty();
    Ok(Page {
        items: items.iter().filter_map(remote).collect(),
        next: more.then(|| format!("{}/{last}", skip + items.len())),
        cursor: (!more).then_some(last),
    })
}

fn remote(booking: &Value) -> Option<Remote> {
    let at = |name: &str| booking[name].as_str()?.parse::<DateTime<Utc>>().ok();
    Some(Remote {
        id: booking["uid"].as_str().filter(|uid| !uid.is_empty())?.to_owned(),
        // Bookings have no tags; what they say is one.
        etag: format!("{}/{}/{}", booking["status"].as_str()?, booking["start"].as_str()?, booking["end"].as_str()?),
        time: at("start").zip(at("end")).map(|(start, end)| Time::Instants(start, end)),
        // What waits for approval may yet be: it takes its time meanwhile, as it does here.
        busy: matches!(booking["status"].as_str(), Some("accepted" | "pending")),
        mark: Mark::read(&booking["metadata"]),
    })
}

/// A booking is not moved but made anew and the old one cancelled: a booking moved there gets another id all the same, and
/// its length cannot be changed.
pub(in crate::calendar::sync) async fn put(account: &Account<'_>, entry: &Entry) -> Result<(String, String), Trouble> {
    if let Some((uid, etag)) = &entry.there {
        if etag.starts_with("accepted/") && told_time(etag) == Some((entry.start, entry.end)) {
            return Ok((uid.clone(), etag.clone()));
        }
        match remove(account, uid).await {
            Ok(()) | Err(Trouble::Absent | Trouble::Gone) => {}
            Err(trouble) => return Err(trouble),
        }
    }
    let secret = account.secret;
    let kind: i64 = account.calendar.parse().map_err(|_| Trouble::Absent)?;
    let body = json!({
        "start": instant(entry.start),
        "eventTypeId": kind,
        "lengthInMinutes": (entry.end - entry.start).num_minutes(),
        "attendee": {
            "name": entry.summary,
            "email": secret.email,
            "timeZone": if secret.zone.is_empty() { entry.zone.name() } else { &secret.zone },
            "language": "en",
        },
        "metadata": entry.mark.told(),
    });
    // Asked once: whether it was made, the next run's reading tells.
    let request = ask(account.outside, secret, Method::POST, "/bookings").json(&body);
    let made = account.outside.ask(Provider::CalCom, request, false).await?.body;
    let made = remote(&made["data"]).ok_or_else(|| Error::internal("a booking without a booking"))?;
    Ok((made.id, made.etag))
}

fn told_time(etag: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let mut parts = etag.split('/').skip(1);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

pub(in crate::calendar::sync) async fn remove(account: &Account<'_>, uid: &str) -> Result<(), Trouble> {
    if !uid.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Ok(());
    }
    let request = ask(account.outside, account.secret, Method::POST, &format!("/bookings/{uid}/cancel"));
    let request = request.json(&json!({ "cancellationReason": "Changed in the clinic's calendar" }));
    match account.outside.ask(Provider::CalCom, request, true).await {
        // It is cancelled already, which Cal.com calls a bad request.
        Err(Trouble::Rejected(_)) | Ok(_) => Ok(()),
        Err(trouble) => Err(trouble),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_and_what_is_agreed_takes_time() {
        let booking =
            |status: &str| json!({ "uid": "a", "status": status, "start": "2026-11-25T09:00:00.000Z", "end": "2026-11-25T09:30:00.000Z" });
        for (status, busy) in [("accepted", true), ("pending", true), ("cancelled", false), ("rejected", false)] {
            assert_eq!(remote(&booking(status)).unwrap().busy, busy, "{status}");
        }
        let told = remote(&booking("accepted")).unwrap();
        assert_eq!(told_time(&told.etag).map(|(start, end)| Time::Instants(start, end)), told.time);
    }
}
