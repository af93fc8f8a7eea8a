//! Lists in the database.

mod equal;
mod lists;
mod world;
