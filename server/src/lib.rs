//! The server as a library, so that tests drive the very router that `main` serves.

pub mod accept;
pub mod api;
pub mod demo;
pub mod embedded;
pub mod forms;
pub mod health;
pub mod limits;
pub mod live;
pub mod modules;
pub mod offline;
pub mod pages;
pub mod paper;
pub mod presence;
pub mod proxy;
pub mod router;
pub mod security;
pub mod start;
