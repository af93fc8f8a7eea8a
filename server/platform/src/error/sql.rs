//! From the database's errors to ours.

use super::{Error, Result};

/// A database that is away, or a deadline that has passed, is `Unavailable`; a deadlock or a serialization failure
/// is `Contended`; a row that was not found is `NotFound`. A constraint is `Internal` unless it was given a meaning
/// by [`ResultExt::on_constraint`].
impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Error::NotFound,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => Error::Unavailable,
            sqlx::Error::Database(database) => match database.code().as_deref() {
                // serialization_failure, deadlock_detected
                Some("40001" | "40P01") => Error::Contended,
                // lock_not_available, query_canceled (statement timeout), idle_in_transaction_session_timeout,
                // too_many_connections, admin_shutdown, crash_shutdown, cannot_connect_now, read_only_sql_transaction
                Some("55P03" | "57014" | "25P03" | "53300" | "57P01" | "57P02" | "57P03" | "25006") => Error::Unavailable,
                // character_not_in_repertoire, untranslatable_character: the character NUL, which JSON and forms can
                // carry and the database cannot keep. Services name the field where they look; this is for the rest.
                Some("22021" | "22P05") => Error::invalid("body", "character", "The character NUL is not possible."),
                // datetime_field_overflow, numeric_value_out_of_range: a date in the year 200000 parses but cannot be kept.
                Some("22008" | "22003") => Error::invalid("body", "range", "A date or number is out of range."),
                // connection_exception
                Some(code) if code.starts_with("08") => Error::Unavailable,
                _ => Error::Internal(Box::new(error)),
            },
            _ => Error::Internal(Box::new(error)),
        }
    }
}

/// Gives named constraints a meaning.
pub trait ResultExt<T> {
    /// If that constraint refused the statement, the error is what `error` makes instead.
    fn on_constraint(self, name: &str, error: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> ResultExt<T> for Result<T, sqlx::Error> {
    fn on_constraint(self, name: &str, error: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|fault| if constraint(&fault) == Some(name) { error() } else { fault.into() })
    }
}

/// So that several constraints can be named one after the other.
impl<T> ResultExt<T> for Result<T, Error> {
    fn on_constraint(self, name: &str, error: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|fault| match &fault {
            Error::Internal(inside) => match inside.downcast_ref::<sqlx::Error>() {
                Some(inside) if constraint(inside) == Some(name) => error(),
                _ => fault,
            },
            _ => fault,
        })
    }
}

fn constraint(error: &sqlx::Error) -> Option<&str> {
    match error {
        sqlx::Error::Database(database) => database.constraint(),
        _ => None,
    }
}
