//! What the calendar's generic door does with a call.

use futures::future::BoxFuture;
use platform::{Error, Result, Tx};
use services::{
    calendar::{Status, activities::Activity},
    hooks::StatusChange,
};

use super::{CompleteCall, sql};
use crate::CALLS_WRITE;

/// Closes or cancels a call from the calendar.
pub fn set_status<'a>(tx: &'a mut Tx, activity: &'a Activity, change: &'a StatusChange) -> BoxFuture<'a, Result<Activity>> {
    Box::pin(async move {
        tx.require(CALLS_WRITE)?;
        let call = sql::get(tx, activity.id).await?;
        if change.to == Status::Completed {
            sql::complete(tx, call.id, &CompleteCall { version: change.version, outcome: "reached".into(), notes: call.notes }).await?;
            return services::calendar::activities::get(tx, activity.id).await;
        }
        if !matches!(change.to, Status::Cancelled | Status::NoShow) {
            return Err(Error::conflict("transition", "A call is made, missed or cancelled."));
        }
        sql::finish(tx, &call, change.version, change.to).await
    })
}
