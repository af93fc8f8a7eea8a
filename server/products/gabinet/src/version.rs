//! R18: the second of two changes gets what the first one made of it, and whose it was. The platform's own refusal.

pub(crate) use platform::actions::changed_meanwhile;
