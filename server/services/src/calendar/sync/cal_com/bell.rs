//! Cal.com rings when something is booked there. A ring says no more than that one should look: what it tells is not
//! believed, and where no ring comes the next run finds it all the same.

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER_PERMISSIVE;
use platform::{
    id::{EntityId, OrganizationId},
    tokens,
};
use reqwest::Method;
use serde_json::json;

use super::ask;
use crate::calendar::sync::{Outside, Provider, outside::Trouble, secret::Secret};

const TRIGGERS: [&str; 4] = ["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED", "BOOKING_REJECTED"];

/// Hangs the bell up, if it does not hang there.
pub(in crate::calendar::sync) async fn hang(
    outside: &Outside,
    secret: &mut Secret,
    (organization, connection): (OrganizationId, EntityId),
) -> Result<(), Trouble> {
    // Cal.com reaches no machine that it could not reach: then there is no bell, and runs go by the clock alone.
    if !secret.hook_id.is_empty()
        || !outside.settings.public_url.starts_with("https://") && !outside.settings.cal_url.starts_with("http://")
    {
        return Ok(());
    }
    let address = format!("{}/calendar/rung/{}{}", outside.settings.public_url, organization.0.simple(), connection.0.simple());
    // One that was hung up by a run that did not come to write it down is taken for ours again.
    let found = outside.ask(Provider::CalCom, ask(outside, secret, Method::GET, "/webhooks?take=250"), true).await?.body;
    let old = found["data"].as_array().into_iter().flatten().find(|hook| hook["subscriberUrl"] == address.as_str());
    if let Some(id) = old.and_then(|hook| id(&hook["id"])) {
        take_down(outside, secret, &id).await?;
    }
    let key = tokens::random();
    let body = json!({ "active": true, "subscriberUrl": address, "triggers": TRIGGERS, "secret": key });
    let made = outside.ask(Provider::CalCom, ask(outside, secret, Method::POST, "/webhooks").json(&body), false).await?.body;
    secret.hook_id = id(&made["data"]["id"]).unwrap_or_default();
    secret.hook = key;
    Ok(())
}

fn id(value: &serde_json::Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|id| id.to_string()))
}

/// Takes a bell down; one that is not there is down.
pub(in crate::calendar::sync) async fn take_down(outside: &Outside, secret: &Secret, id: &str) -> Result<(), Trouble> {
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Ok(());
    }
    match outside.ask(Provider::CalCom, ask(outside, secret, Method::DELETE, &format!("/webhooks/{id}")), true).await {
        Ok(_) | Err(Trouble::Absent) => Ok(()),
        Err(trouble) => Err(trouble),
    }
}

/// Whether a ring was signed by the secret that only Cal.com and we know.
pub(in crate::calendar::sync) fn signed(secret: &Secret, body: &[u8], signature: &str) -> bool {
    let Ok(signature) = HEXLOWER_PERMISSIVE.decode(signature.trim().as_bytes()) else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.hook.as_bytes());
    !secret.hook.is_empty() && hmac::verify(&key, body, &signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    #[test]
    fn only_what_was_signed_by_the_secret_counts() {
        let secret = Secret { hook: "secret".into(), ..Secret::default() };
        let signature = HEXLOWER.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"secret"), b"{}").as_ref());
        assert!(signed(&secret, b"{}", &signature));
        assert!(!signed(&secret, b"{ }", &signature));
        assert!(!signed(&secret, b"{}", "no-secret-provided"));
        assert!(!signed(&Secret::default(), b"{}", &signature), "without a secret nobody can sign");
    }
}
