//! How many streams a session may have: a browser has one a page, and whoever opens them without end ends their own.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use platform::id::SessionId;
use tokio_util::sync::CancellationToken;

/// How many streams a session has at most. One more ends its oldest.
pub const MOST: usize = 32;

/// The open streams by session, the oldest first.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    next: u64,
    by_session: HashMap<SessionId, VecDeque<(u64, CancellationToken)>>,
}

/// An open stream. It no longer counts once this is dropped.
pub struct Place {
    streams: Streams,
    session: SessionId,
    number: u64,
    /// Cancelled when a newer one takes its place.
    pub taken: CancellationToken,
}

impl Streams {
    /// Counts one more of a session, and ends the oldest one if those are too many.
    pub fn open(&self, session: SessionId) -> Place {
        let taken = CancellationToken::new();
        let mut open = self.lock();
        open.next += 1;
        let number = open.next;
        let own = open.by_session.entry(session).or_default();
        own.push_back((number, taken.clone()));
        if own.len() > MOST
            && let Some((_, oldest)) = own.pop_front()
        {
            oldest.cancel();
        }
        drop(open);
        Place { streams: self.clone(), session, number, taken }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        if let Some(own) = open.by_session.get_mut(&self.session) {
            own.retain(|(number, _)| *number != self.number);
            if own.is_empty() {
                open.by_session.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_too_many_ends_the_oldest_of_the_same_session_only() {
        let streams = Streams::default();
        let (one, other) = (SessionId(Uuid::now_v7()), SessionId(Uuid::now_v7()));
        let foreign = streams.open(other);
        let mut places: Vec<Place> = (0..MOST).map(|_| streams.open(one)).collect();
        assert!(places.iter().all(|place| !place.taken.is_cancelled()));
        places.push(streams.open(one));
        let ended: Vec<bool> = places.iter().map(|place| place.taken.is_cancelled()).collect();
        assert!(ended[0] && !ended[1..].contains(&true), "{ended:?}");
        assert!(!foreign.taken.is_cancelled());
        // One that has gone by itself makes room.
        drop(places.pop());
        drop(places.remove(0));
        places.push(streams.open(one));
        assert!(places.iter().all(|place| !place.taken.is_cancelled()));
    }

    #[test]
    fn who_no_longer_listens_leaves_nothing_behind() {
        let streams = Streams::default();
        let session = SessionId(Uuid::now_v7());
        drop((0..=MOST).map(|_| streams.open(session)).collect::<Vec<_>>());
        assert!(streams.lock().by_session.is_empty());
    }
}
