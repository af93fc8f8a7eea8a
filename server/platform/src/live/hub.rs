//! Who listens to which organization, in this server.

use super::LiveEvent;
use crate::id::OrganizationId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

/// How many events a listener may lag behind before it is told only that it missed some.
const BACKLOG: usize = 256;
/// How many words of colleagues a listener may lag behind before it loses some, which does no harm.
const CHATTER: usize = 64;
/// How many words wait for the other servers at most. What is said beyond that is heard in this server only.
const WAITING: usize = 10_000;

/// Passes events, and what colleagues say of where they are, on to whoever listens to their organization; holds no
/// database connection.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Default)]
struct Inner {
    channels: Mutex<Channels>,
    /// What was said here and not yet told to the other servers: the last word of each tab.
    outbox: Mutex<HashMap<Uuid, (OrganizationId, Arc<str>)>>,
    woken: Notify,
}

#[derive(Default)]
struct Channels {
    changes: HashMap<OrganizationId, broadcast::Sender<Arc<LiveEvent>>>,
    words: HashMap<OrganizationId, broadcast::Sender<Arc<str>>>,
}

impl Hub {
    /// From now on, everything that changes in the organization. A listener that lags too far gets `Lagged` and
    /// should fetch afresh what it shows.
    pub fn subscribe(&self, organization: OrganizationId) -> broadcast::Receiver<Arc<LiveEvent>> {
        let heard = self.channels().changes.entry(organization).or_insert_with(|| broadcast::Sender::new(BACKLOG)).subscribe();
        self.0.woken.notify_one();
        heard
    }

    /// From now on, what colleagues say of where they are, each a JSON text.
    pub fn hear(&self, organization: OrganizationId) -> broadcast::Receiver<Arc<str>> {
        self.channels().words.entry(organization).or_insert_with(|| broadcast::Sender::new(CHATTER)).subscribe()
    }

    /// Tells the organization's listeners that something has changed.
    pub fn publish(&self, event: LiveEvent) {
        let organization = event.organization;
        send(&mut self.channels().changes, organization, Arc::new(event));
    }

    /// Tells where somebody is: listeners of this server at once, those of others soon. Of several words of one tab that
    /// come sooner than that, others hear the last.
    pub fn say(&self, organization: OrganizationId, tab: Uuid, text: Arc<str>) {
        self.pass_word(organization, text.clone());
        let mut outbox = self.outbox();
        if outbox.len() < WAITING || outbox.contains_key(&tab) {
            outbox.insert(tab, (organization, text));
        }
    }

    /// Tells this server's listeners what was said at another.
    pub(super) fn pass_word(&self, organization: OrganizationId, text: Arc<str>) {
        send(&mut self.channels().words, organization, text);
    }

    /// Takes what the other servers are to be told.
    pub(super) fn take_words(&self) -> Vec<(OrganizationId, Arc<str>)> {
        std::mem::take(&mut *self.outbox()).into_values().collect()
    }

    /// Whether anybody listens to changes, and whether to colleagues.
    pub(super) fn is_heard(&self) -> (bool, bool) {
        let channels = self.channels();
        let changes = channels.changes.values().any(|channel| channel.receiver_count() > 0);
        (changes, channels.words.values().any(|channel| channel.receiver_count() > 0))
    }

    /// Waits until somebody comes to listen.
    pub(super) async fn woken(&self) {
        self.0.woken.notified().await;
    }

    /// How many listen to changes, of all organizations together.
    pub fn listeners(&self) -> usize {
        self.channels().changes.values().map(broadcast::Sender::receiver_count).sum()
    }

    fn channels(&self) -> MutexGuard<'_, Channels> {
        self.0.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outbox(&self) -> MutexGuard<'_, HashMap<Uuid, (OrganizationId, Arc<str>)>> {
        self.0.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn send<T>(channels: &mut HashMap<OrganizationId, broadcast::Sender<T>>, organization: OrganizationId, told: T) {
    // Nobody listens any more: the channel is given up.
    if channels.get(&organization).is_some_and(|channel| channel.send(told).is_err()) {
        channels.remove(&organization);
    }
}
