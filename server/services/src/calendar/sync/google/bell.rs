//! Google rings when something changes in a calendar (a channel of `events.watch`). A ring says no more than that one should
//! look: it carries nothing, and where none comes the next run finds it all the same.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Error,
    id::{EntityId, OrganizationId},
    tokens,
};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use uuid::Uuid;

use crate::calendar::sync::{Outside, Provider, outside::Trouble, secret::Secret};

/// How long a channel is asked for; Google may give less.
const LASTS: TimeDelta = TimeDelta::days(7);
/// A channel does not go on by itself: so long before it ends another one is opened.
const EARLY: TimeDelta = TimeDelta::days(1);
/// Where Google opens none, as to an address that it does not know to be ours, it is asked again after this.
const PAUSE: TimeDelta = TimeDelta::hours(6);

fn ask(outside: &Outside, secret: &Secret, path: &[&str]) -> Result<RequestBuilder, Trouble> {
    let google = outside.settings.google.as_ref().ok_or(Trouble::Denied)?;
    let mut url = reqwest::Url::parse(&google.api).map_err(Error::internal)?;
    url.path_segments_mut().map_err(|()| Error::internal("Google's address has no path"))?.extend(path);
    Ok(outside.http.request(Method::POST, url).bearer_auth(&secret.access))
}

/// Opens a channel, if there is none that lasts. That it cannot be had keeps nothing else from being done.
pub(in crate::calendar::sync) async fn hang(
    outside: &Outside,
    secret: &mut Secret,
    calendar: &str,
    (organization, connection): (OrganizationId, EntityId),
    now: DateTime<Utc>,
) {
    let reached = outside.settings.public_url.starts_with("https://")
        || outside.settings.google.as_ref().is_some_and(|google| google.api.starts_with("http://"));
    let early = if secret.hook_id.is_empty() { TimeDelta::zero() } else { EARLY };
    if !reached || secret.hook_until.is_some_and(|until| now < until - early) {
        return;
    }
    let (before, channel, key) = (secret.clone(), Uuid::new_v4().to_string(), tokens::random());
    let address = format!("{}/calendar/rung/{}{}", outside.settings.public_url, organization.0.simple(), connection.0.simple());
    let body = json!({
        "id": channel,
        "type": "web_hook",
        "address": address,
        "token": key,
        "params": { "ttl": LASTS.num_seconds().to_string() },
    });
    let asked = match ask(outside, secret, &["calendars", calendar, "events", "watch"]) {
        Ok(request) => outside.ask(Provider::Google, request.json(&body), false).await,
        Err(trouble) => Err(trouble),
    };
    let Ok(made) = asked else {
        // Google says 401 also of an address that it does not know to be ours: that must not look like a token that has ended.
        secret.hook_until = Some(before.hook_until.filter(|until| *until > now).unwrap_or(now + PAUSE));
        return;
    };
    let ends = made.body["expiration"].as_str().and_then(|at| DateTime::from_timestamp_millis(at.parse().ok()?));
    secret.hook_id = channel;
    secret.hook = key;
    secret.hook_resource = made.body["resourceId"].as_str().unwrap_or_default().to_owned();
    secret.hook_until = Some(ends.map_or(now + LASTS, |ends| ends.min(now + LASTS)));
    // Until here the old one has rung; should it not stop now it ends by itself, and its rings open nothing.
    let _ = take_down(outside, &before).await;
}

/// Closes the channel; one that has ended is closed.
pub(in crate::calendar::sync) async fn take_down(outside: &Outside, secret: &Secret) -> Result<(), Trouble> {
    if secret.hook_id.is_empty() {
        return Ok(());
    }
    let body = json!({ "id": secret.hook_id, "resourceId": secret.hook_resource });
    match outside.ask(Provider::Google, ask(outside, secret, &["channels", "stop"])?.json(&body), true).await {
        Ok(_) | Err(Trouble::Absent) => Ok(()),
        Err(trouble) => Err(trouble),
    }
}

/// Whether a ring came by our channel: it names it, and the word that only Google and we know.
pub(in crate::calendar::sync) fn known(secret: &Secret, channel: &str, token: &str) -> bool {
    !secret.hook.is_empty() && secret.hook_id == channel && verify_slices_are_equal(secret.hook.as_bytes(), token.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_names_the_channel_and_its_word_rings() {
        let secret = Secret { hook: "word".into(), hook_id: "channel".into(), ..Secret::default() };
        assert!(known(&secret, "channel", "word"));
        assert!(!known(&secret, "channel", "wore"));
        assert!(!known(&secret, "channel", ""));
        assert!(!known(&secret, "another", "word"));
        assert!(!known(&Secret::default(), "", ""), "where no channel is open nobody rings");
    }
}
