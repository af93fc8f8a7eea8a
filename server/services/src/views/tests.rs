//! Lists in the database.

mod budget;
mod equal;
mod lists;
mod world;
