//! Google Calendar, version 3.

pub(super) mod bell;
pub(super) mod events;
pub(super) mod sign_in;
