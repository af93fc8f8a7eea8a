//! What all products share: the calendar, the people in it, and the hooks by which modules join in. Without features
//! it is pure Rust that the browser shares, so that both give the same verdict; `ssr` adds the server's half.

pub mod calendar;
pub mod companies;
pub mod consents;
pub mod core;
#[cfg(feature = "ssr")]
pub mod demo;
pub mod documents;
pub mod duplicates;
pub mod fields;
pub mod filter;
pub mod formula;
#[cfg(feature = "ssr")]
pub mod hooks;
pub mod imports;
pub mod links;
pub mod merge;
pub mod notes;
pub mod objects;
pub mod persons;
pub mod records;
#[cfg(feature = "ssr")]
pub mod resources;
#[cfg(feature = "ssr")]
pub mod rest;
pub mod search;
pub mod subjects;
pub mod tags;
pub mod tasks;
pub mod timeline;
pub mod views;
