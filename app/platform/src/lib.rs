//! The frame around all screens, and the screens of the platform itself: signing in, invitations, settings.

pub mod address;
pub mod frame;
pub mod invite;
pub mod live;
pub mod lost;
pub mod preferences;
mod routes;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod upgrade;

pub use frame::Frame;
pub use lost::{ErrorPage, NotFound};
pub use session::use_me;

ui::texts!();

/// The ground floor's screens: it has names and pages, and no activities.
pub const UI: ui::ModuleUi = ui::ModuleUi {
    module: &platform::MODULE,
    label: settings::label,
    activities: &[],
    screens: routes::SCREENS,
    person: None,
    parts: &[],
    #[cfg(feature = "ssr")]
    papers: &[],
};
