//! What the calendar's generic door does with a call.

use futures::future::BoxFuture;
use platform::{Error, Result, Tx};
use serde_json::json;
use services::{
    calendar::{Status, activities::Activity},
    hooks::StatusChange,
};

use super::sql;
use crate::CALLS_WRITE;

/// Closes or cancels a call from the calendar.
pub fn set_status<'a>(tx: &'a mut Tx, activity: &'a Activity, change: &'a StatusChange) -> BoxFuture<'a, Result<Activity>> {
    Box::pin(async move {
        tx.require(CALLS_WRITE)?;
        let call = sql::get(tx, activity.id).await?;
        // What came of it is said on the call's own form; on the calendar only that it took place.
        if !matches!(change.to, Status::Completed | Status::Cancelled | Status::NoShow) {
            return Err(Error::conflict("transition", "A call is made, missed or cancelled."));
        }
        let reason = change.reason.trim();
        let known = if reason.is_empty() { json!({}) } else { json!({ "reason": reason }) };
        sql::finish(tx, &call, change.version, change.to, known).await
    })
}
