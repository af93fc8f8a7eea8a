//! Being let in by Google: OAuth 2 with a code, a proof that it was us who asked for it (PKCE), and tokens that are renewed.

use aws_lc_rs::digest;
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use platform::Error;
use serde_json::Value;

use crate::calendar::sync::{Outside, Provider, outside::Trouble, secret::Secret, settings::Google};

/// What we ask to be allowed.
const SCOPE: &str = "https://www.googleapis.com/auth/calendar.events";
/// A token is renewed so long before it ends.
const EARLY: TimeDelta = TimeDelta::seconds(90);

fn client(outside: &Outside) -> Result<&Google, Trouble> {
    outside.settings.google.as_ref().ok_or(Trouble::Denied)
}

/// The page on which it is allowed.
pub(in crate::calendar::sync) fn page(outside: &Outside, pass: &str, verifier: &str) -> Option<String> {
    let google = outside.settings.google.as_ref()?;
    let challenge = BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()).as_ref());
    let mut url = reqwest::Url::parse(&google.authorize).ok()?;
    url.query_pairs_mut()
        .append_pair("client_id", &google.client_id)
        .append_pair("redirect_uri", &outside.settings.back())
        .append_pair("response_type", "code")
        .append_pair("scope", SCOPE)
        .append_pair("state", pass)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256")
        // Tokens that can be renewed are given only so, and again only when it is allowed anew.
        .append_pair("access_type", "offline")
        .append_pair("prompt", "consent");
    Some(url.into())
}

/// Changes the code for tokens.
pub(in crate::calendar::sync) async fn enter(outside: &Outside, secret: &mut Secret, now: DateTime<Utc>) -> Result<(), Trouble> {
    let google = client(outside)?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &secret.code),
        ("code_verifier", &secret.verifier),
        ("client_id", &google.client_id),
        ("client_secret", &google.client_secret),
        ("redirect_uri", &outside.settings.back()),
    ];
    // A code is good once: asked twice, the second answer would be a refusal.
    let answer = outside.ask(Provider::Google, outside.http.post(&google.token).form(&form), false).await.map_err(refused)?;
    keep(secret, &answer.body, now)?;
    secret.code.clear();
    secret.verifier.clear();
    if secret.refresh.is_empty() { Err(Trouble::Unauthorized) } else { Ok(()) }
}

/// Whether the token is about to end.
pub(in crate::calendar::sync) fn stale(secret: &Secret, now: DateTime<Utc>) -> bool {
    secret.access.is_empty() || secret.expires_at.is_none_or(|end| end - EARLY <= now)
}

/// Renews the token.
pub(in crate::calendar::sync) async fn renew(outside: &Outside, secret: &mut Secret, now: DateTime<Utc>) -> Result<(), Trouble> {
    let google = client(outside)?;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &secret.refresh),
        ("client_id", &google.client_id),
        ("client_secret", &google.client_secret),
    ];
    let answer = outside.ask(Provider::Google, outside.http.post(&google.token).form(&form), true).await.map_err(refused)?;
    keep(secret, &answer.body, now)
}

/// Tells Google that we are not allowed any more.
pub(in crate::calendar::sync) async fn leave(outside: &Outside, secret: &Secret) -> Result<(), Trouble> {
    let google = client(outside)?;
    let asked = outside.ask(Provider::Google, outside.http.post(&google.revoke).form(&[("token", &secret.refresh)]), true).await;
    match asked {
        // It knows the token no longer.
        Ok(_) | Err(Trouble::Rejected(_) | Trouble::Unauthorized | Trouble::Absent) => Ok(()),
        Err(trouble) => Err(trouble),
    }
}

/// `invalid_grant` is how Google says that a code or a token is good no longer; all else that it refuses is our fault.
fn refused(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Rejected(body) if body["error"] == "invalid_grant" => Trouble::Unauthorized,
        Trouble::Rejected(_) => Trouble::Denied,
        other => other,
    }
}

fn keep(secret: &mut Secret, body: &Value, now: DateTime<Utc>) -> Result<(), Trouble> {
    let access = body["access_token"].as_str().ok_or_else(|| Error::internal("a token without a token"))?;
    secret.access = access.to_owned();
    secret.expires_at = Some(now + TimeDelta::seconds(body["expires_in"].as_i64().unwrap_or(3600).clamp(60, 86_400)));
    // A renewal keeps the old one unless it names another.
    if let Some(refresh) = body["refresh_token"].as_str() {
        secret.refresh = refresh.to_owned();
    }
    Ok(())
}
