//! What keys do, and the dialogs they open. All of it is loaded apart from the first sight of the calendar.

mod ask;
mod keys;
mod look;

pub use ask::dialog;
pub use keys::press;

/// A dialog of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The list of keys.
    Keys,
    /// How the calendar looks: zoom, names, filters, columns.
    Look,
    /// A date to go to.
    Date,
    /// An entry to go to.
    Find,
}
