//! What keys do, and the dialogs they open. All of it is loaded apart from the first sight of the calendar.

mod ask;
mod end;
mod keys;
mod legend;
mod look;

pub use ask::dialog;
pub use keys::press;

use platform::id::EntityId;
use services::calendar::event::Status;

/// A dialog of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Whether an entry is to end, or to be planned again, and why.
    Step {
        /// The entry.
        id: EntityId,
        /// The state it gets.
        to: Status,
    },
    /// The list of keys.
    Keys,
    /// What colours, edges, stripes and signs mean.
    Legend,
    /// How the calendar looks: zoom, names, filters, columns.
    Look,
    /// A date to go to.
    Date,
    /// An entry to go to.
    Find,
}

impl Ask {
    /// The dialog that a key opens.
    pub fn by_key(name: &str) -> Option<Ask> {
        match name {
            "/" => Some(Ask::Find),
            "g" => Some(Ask::Date),
            "o" => Some(Ask::Look),
            "?" => Some(Ask::Keys),
            _ => None,
        }
    }
}
