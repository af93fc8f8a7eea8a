//! Who listens to which organization, in this server.

use super::LiveEvent;
use crate::id::OrganizationId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// How many events a listener may lag behind before it is told only that it missed some.
const BACKLOG: usize = 256;

/// Passes events on to whoever listens to their organization; holds no database connection.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<HashMap<OrganizationId, broadcast::Sender<LiveEvent>>>>);

impl Hub {
    /// From now on, everything that changes in the organization. A listener that lags too far gets `Lagged` and
    /// should fetch afresh what it shows.
    pub fn subscribe(&self, organization: OrganizationId) -> broadcast::Receiver<LiveEvent> {
        let mut channels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        channels.entry(organization).or_insert_with(|| broadcast::Sender::new(BACKLOG)).subscribe()
    }

    /// Tells the organization's listeners.
    pub fn publish(&self, event: LiveEvent) {
        let mut channels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = channels.get(&event.organization) {
            let organization = event.organization;
            // Nobody listens any more: the channel is given up.
            if channel.send(event).is_err() {
                channels.remove(&organization);
            }
        }
    }

    /// How many listen, to all organizations together.
    pub fn listeners(&self) -> usize {
        let channels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        channels.values().map(broadcast::Sender::receiver_count).sum()
    }
}
