//! What all products share: the calendar, the people in it, and the hooks by which modules join in. Without features
//! it is pure Rust that the browser shares, so that both give the same verdict; `ssr` adds the server's half.

pub mod calendar;
pub mod core;
#[cfg(feature = "ssr")]
pub mod hooks;
pub mod persons;
#[cfg(feature = "ssr")]
pub mod resources;
#[cfg(feature = "ssr")]
pub mod rest;
