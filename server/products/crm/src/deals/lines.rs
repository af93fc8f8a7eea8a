//! What is sold in a deal.

use platform::{
    Result, Tx, actions, entities,
    id::{EntityId, EntityRef},
    permission::Reach,
};
use serde_json::json;
use services::fields;

use super::{DealLines, DealLinesInput, get, write};
use crate::{
    DEALS_WRITE, PRODUCT,
    totals::{SaleLine, TaxCategory, totals},
};

/// A line as it is kept: name, quantity, price, discount, category, rate.
pub(crate) type LineRow = (String, i64, i64, i32, String, i32);

pub(crate) fn line((name, quantity, unit_price, discount, tax, rate): LineRow) -> SaleLine {
    SaleLine { name, quantity, unit_price, discount, tax: TaxCategory::parse(&tax).unwrap_or(TaxCategory::S), rate }
}

/// The lines of a deal in order, with what they come to.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn lines(tx: &mut Tx, id: EntityId) -> Result<DealLines> {
    let deal = get(tx, id).await?;
    let organization = tx.organization();
    let rows: Vec<LineRow> = sqlx::query_as(
        "select name, quantity, unit_price, discount, tax, rate from crm_deal_lines
         where organization_id = $1 and deal_id = $2 order by place",
    )
    .bind(organization)
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let lines: Vec<SaleLine> = rows.into_iter().map(line).collect();
    Ok(DealLines { currency: deal.currency, totals: totals(&lines), lines, version: deal.version })
}

/// Puts these lines in the place of those that are there; the version must be the deal's present one (R18). The deal's value
/// becomes their net total; where none are left it stays.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Invalid`, `Conflict` of code `version`.
pub async fn save_lines(tx: &mut Tx, id: EntityId, input: &DealLinesInput) -> Result<DealLines> {
    tx.verify_product_access(PRODUCT)?;
    let reach = tx.reach(DEALS_WRITE)?;
    input.check()?;
    let before = lines(tx, id).await?;
    if reach != Reach::All {
        let owner = entities::owner(tx, id).await?;
        tx.require_over(DEALS_WRITE, owner)?;
    }
    let organization = tx.organization();
    let sum = totals(&input.lines);
    let changed = sqlx::query(
        "update crm_deals set value = case when $4 then value else $5 end, version = version + 1
         where organization_id = $1 and id = $2 and version = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(input.version)
    .bind(input.lines.is_empty())
    .bind(sum.net)
    .execute(tx.conn())
    .await?;
    if changed.rows_affected() == 0 {
        return Err(write::stale(tx, id).await?);
    }
    entities::raise(tx, id).await?;
    sqlx::query("delete from crm_deal_lines where organization_id = $1 and deal_id = $2")
        .bind(organization)
        .bind(id)
        .execute(tx.conn())
        .await?;
    let all = &input.lines;
    sqlx::query(
        "insert into crm_deal_lines (organization_id, deal_id, place, name, quantity, unit_price, discount, tax, rate)
         select $1, $2, l.place - 1, l.name, l.quantity, l.unit_price, l.discount, l.tax, l.rate
         from unnest($3::text[], $4::bigint[], $5::bigint[], $6::integer[], $7::text[], $8::integer[])
             with ordinality as l (name, quantity, unit_price, discount, tax, rate, place)",
    )
    .bind(organization)
    .bind(id)
    .bind(all.iter().map(|line| line.name.trim()).collect::<Vec<_>>())
    .bind(all.iter().map(|line| line.quantity).collect::<Vec<_>>())
    .bind(all.iter().map(|line| line.unit_price).collect::<Vec<_>>())
    .bind(all.iter().map(|line| line.discount).collect::<Vec<_>>())
    .bind(all.iter().map(|line| line.tax.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|line| line.rate).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    let after = lines(tx, id).await?;
    let told = |lines: &DealLines| {
        let names: Vec<&str> = lines.lines.iter().map(|line| line.name.as_str()).collect();
        json!({ "lines": names.join(", "), "net": lines.totals.net, "gross": lines.totals.gross })
    };
    actions::record(tx, EntityRef::new("crm:deal", id), "updated", Some(told(&before)), Some(told(&after))).await?;
    fields::touched(tx, "crm:deal", id).await?;
    Ok(after)
}
