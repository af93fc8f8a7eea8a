//! Gapless numbers: the counter's row stays locked until the transaction that drew the number ends, so that a number
//! is either used or drawn again.

use crate::error::Result;
use crate::tx::Tx;

/// The next number of a series of the organization, from 1. Draw it late in the transaction: others wait.
pub async fn next(tx: &mut Tx, series: &str) -> Result<i64> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "insert into counters (organization_id, series, value) values ($1, $2, 1)
         on conflict (organization_id, series) do update set value = counters.value + 1
         returning value",
    )
    .bind(organization)
    .bind(series)
    .fetch_one(tx.conn())
    .await?)
}
