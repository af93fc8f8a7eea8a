//! The house as a whole: its boundaries, its schema, its doors and how it stands in a storm. One binary, so that it
//! is linked once.

mod attacks;
mod beside;
mod boundaries;
mod contract;
mod coverage;
mod document;
mod edges;
mod example_module;
mod health;
mod imports;
mod records;
mod roles;
mod schema;
mod storms;
mod support;
mod sync;
