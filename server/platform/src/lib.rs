//! The ground floor: who is asking, in which organization, with which rights — and the transaction in which all
//! of that holds. Without features it is pure Rust that the browser shares; `ssr` adds the server's half.

pub mod error;
pub mod id;
pub mod live;
pub mod module;
pub mod money;
pub mod order;
pub mod permission;
pub mod time;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod counters;
#[cfg(feature = "ssr")]
pub mod database;
#[cfg(feature = "ssr")]
pub mod entities;
#[cfg(feature = "ssr")]
pub mod idempotency;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod reference;
#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod sealing;
#[cfg(feature = "ssr")]
pub mod state;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "ssr")]
pub mod tx;

// Sign-in: people, sessions, organizations and what they subscribe to.
pub mod billing;
pub mod core_module;
pub mod input;
pub mod invitations;
pub mod locations;
pub mod members;
pub mod organizations;
pub mod roles;
pub mod session;
pub mod teams;

#[cfg(feature = "ssr")]
pub mod passwords;
#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod throttle;
#[cfg(feature = "ssr")]
pub mod tokens;
#[cfg(feature = "ssr")]
pub mod users;

pub use core_module::MODULE;
pub use error::{Error, Result};
#[cfg(feature = "ssr")]
pub use state::State;
#[cfg(feature = "ssr")]
pub use tx::Tx;
