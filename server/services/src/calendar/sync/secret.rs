//! By what we are let in. Kept sealed, bound to its connection's row.

use chrono::{DateTime, Utc};
use platform::{
    Error, Result,
    id::{EntityId, OrganizationId},
    sealing::Sealer,
};
use serde::{Deserialize, Serialize};

/// What is kept of a connection that nobody is told; what a provider does not use is empty.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Secret {
    /// Google: what its page has given, until it is changed for tokens, and the proof that it was us who asked.
    pub(super) code: String,
    pub(super) verifier: String,
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) expires_at: Option<DateTime<Utc>>,
    /// Cal.com.
    pub(super) api_key: String,
    /// By what Cal.com's rings are signed, or the word that Google's carry; and what the bell is called there.
    pub(super) hook: String,
    pub(super) hook_id: String,
    /// Google: what its channel is about, and when it ends, or when one is asked for again.
    pub(super) hook_resource: String,
    pub(super) hook_until: Option<DateTime<Utc>>,
    /// As whose guest our time is booked there, and in which zone.
    pub(super) email: String,
    pub(super) zone: String,
}

fn about(organization: OrganizationId, connection: EntityId) -> String {
    format!("{organization}/calendar_connections/secret/{connection}")
}

impl Secret {
    pub(super) fn seal(&self, sealer: &Sealer, organization: OrganizationId, connection: EntityId) -> Result<String> {
        let text = serde_json::to_vec(self).map_err(Error::internal)?;
        sealer.seal(&about(organization, connection), &text)
    }

    /// None where it was sealed by a key that is not given any more.
    pub(super) fn open(sealer: &Sealer, organization: OrganizationId, connection: EntityId, sealed: &str) -> Option<Secret> {
        serde_json::from_slice(&sealer.open(&about(organization, connection), sealed)?).ok()
    }
}
