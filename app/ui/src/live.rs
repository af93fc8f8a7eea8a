//! What colleagues do, as it happens: contexts only; the frame keeps the connection.

use leptos::prelude::*;
use platform::live::LiveEvent;

/// What was heard.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// A record of the organization has changed.
    Changed(LiveEvent),
    /// The connection was away for a while, or too much happened: whatever is shown should be fetched again.
    Missed,
}

/// Live updates; from the context by [`use_live`].
#[derive(Clone, Copy)]
pub struct Live {
    listeners: StoredValue<Vec<(u32, Callback<Heard>)>>,
    connected: RwSignal<bool>,
}

impl Live {
    /// Not connected yet; the frame makes one and provides it.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Live {
        Live { listeners: StoredValue::new(Vec::new()), connected: RwSignal::new(true) }
    }

    /// Calls `hear` for everything heard until the component that asked is gone. Every event arrives, unlike
    /// with a signal, which would only keep the last of several.
    pub fn listen(self, hear: impl Fn(Heard) + Send + Sync + 'static) {
        let callback = Callback::new(hear);
        let id = self.listeners.with_value(|list| list.last().map_or(0, |(id, _)| id + 1));
        self.listeners.update_value(|list| list.push((id, callback)));
        on_cleanup(move || {
            self.listeners.try_update_value(|list| list.retain(|(other, _)| *other != id));
        });
    }

    /// Whether the server can be heard now. True until the first failure, so that pages begin without alarm.
    pub fn connected(self) -> Signal<bool> {
        self.connected.into()
    }

    /// The frame tells what its connection heard.
    pub fn tell(self, heard: Heard) {
        // Listeners may come and go while they are called.
        for (_, listener) in self.listeners.get_value() {
            listener.run(heard.clone());
        }
    }

    /// The frame tells whether its connection stands.
    pub fn set_connected(self, connected: bool) {
        if self.connected.get_untracked() != connected {
            self.connected.set(connected);
        }
    }
}

/// Live updates of the frame; silent without one.
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_else(Live::new)
}
