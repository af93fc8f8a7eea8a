//! Gapless numbers: the counter's row stays locked until the transaction that drew the number ends, so that a number
//! is either used or drawn again.

use crate::error::Result;
use crate::tx::Tx;

/// The next number of a series of the organization, from 1. Draw it late in the transaction: others wait.
pub async fn next(tx: &mut Tx, series: &str) -> Result<i64> {
    next_of(tx, series, 1).await
}

/// The first of the next so many numbers of a series.
pub async fn next_of(tx: &mut Tx, series: &str, many: i64) -> Result<i64> {
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "insert into counters (organization_id, series, value) values ($1, $2, $3)
         on conflict (organization_id, series) do update set value = counters.value + $3
         returning value - $3 + 1",
    )
    .bind(organization)
    .bind(series)
    .bind(many)
    .fetch_one(tx.conn())
    .await?)
}
