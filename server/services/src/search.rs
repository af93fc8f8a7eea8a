//! One box over everything one may see: records of all modules by name, number, e-mail or telephone number.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub(crate) use sql::among;
#[cfg(feature = "ssr")]
pub use sql::everything;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{persons::lifecycle::PersonAlert, subjects::Subject};

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hit {
    pub record: Subject,
    /// What it was also found by, and is told apart by from its namesakes: number, telephone, e-mail.
    pub detail: String,
    /// What must not be overlooked if it is a person.
    pub alerts: Vec<PersonAlert>,
}
