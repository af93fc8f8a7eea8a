//! Cal.com, version 2.

pub(super) mod bell;
pub(super) mod bookings;

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::{Method, RequestBuilder};

use super::{Outside, Provider, outside::Trouble, secret::Secret};

/// The version of its answers that is read here.
const VERSION: &str = "2024-08-13";

fn ask(outside: &Outside, secret: &Secret, method: Method, path: &str) -> RequestBuilder {
    let url = format!("{}/v2{path}", outside.settings.cal_url);
    outside.http.request(method, url).bearer_auth(&secret.api_key).header("cal-api-version", VERSION)
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Whose key it is: what the account is called, and what is needed to book there.
pub(super) async fn enter(outside: &Outside, secret: &mut Secret) -> Result<String, Trouble> {
    let me = outside.ask(Provider::CalCom, ask(outside, secret, Method::GET, "/me"), true).await?.body;
    let word = |name: &str| me["data"][name].as_str().unwrap_or_default().to_owned();
    secret.email = word("email");
    secret.zone = word("timeZone");
    let name = word("username");
    Ok(if name.is_empty() { word("email") } else { name })
}
