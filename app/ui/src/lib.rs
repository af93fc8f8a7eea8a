//! The design system: components, texts, icons, dates — and the contract by which a module's screens plug in.
//!
//! Nothing here knows a product, and nothing here asks the server. Each component's classes name the component;
//! its looks stand in `style/ui/<component>.css`.

// The generated texts name this crate from outside.
extern crate self as ui;

pub mod alert;
pub mod amount;
pub mod button;
pub mod combobox;
pub mod dialog;
pub mod empty;
pub mod failure;
pub mod field;
pub mod found;
pub mod icon;
pub mod inner;
pub mod input;
pub mod lazy;
pub mod letters;
pub mod live;
pub mod menu;
pub mod module;
#[cfg(feature = "ssr")]
pub mod paper;
pub mod peek;
pub mod phone;
pub mod place;
pub mod segmented;
pub mod select;
pub mod summary;
pub mod table;
pub mod tag;
pub mod text;
pub mod toast;
pub mod when;
pub mod wire;

texts!();

pub use alert::{Alert, FailureAlert, Meaning};
pub use amount::amount;
pub use button::{Button, ButtonLink, Tone};
pub use combobox::Combobox;
pub use dialog::{Confirm, Dialog};
pub use empty::{Empty, Skeleton};
pub use failure::{Failure, failure_text, field_text, rule_text};
pub use field::Field;
pub use found::Found;
pub use icon::Icon;
pub use inner::Inner;
pub use input::{Checkbox, Input, TextArea, textarea_text};
pub use live::{Heard, Live, use_live};
pub use menu::Menu;
pub use module::{ActivityUi, Details, Form, ModuleUi, Modules, PersonUi, PersonWay, use_modules};
pub use peek::Peek;
pub use phone::phone;
pub use segmented::Segmented;
pub use select::{Choice, Select};
pub use summary::ErrorSummary;
pub use table::{Page, Table};
pub use tag::{Avatar, Tag};
pub use text::{Lang, use_lang};
pub use toast::{ToastRegion, Toasts, use_toasts};
pub use wire::{Fetched, Wire, fetched, fetched_first};
