//! Products and subscriptions in the database.

use serde_json::json;
use sqlx::types::Json;
use std::collections::BTreeMap;

use super::{BillingProvider, Product, Subscription};
use crate::error::{Error, Result};
use crate::organizations;
use crate::permission::Permission;
use crate::tx::Tx;

/// The provider of new subscriptions.
const PROVIDER: BillingProvider = BillingProvider::Manual;

type Prices = BTreeMap<String, BTreeMap<String, i64>>;

/// All that can be subscribed to; any member may know, as locked products show what they would bring.
pub async fn products(tx: &mut Tx) -> Result<Vec<Product>> {
    let rows: Vec<(String, String, String, Json<Prices>)> =
        sqlx::query_as("select id, name, description, prices from platform_products order by id limit 200").fetch_all(tx.conn()).await?;
    let held = tx.actor().products.clone();
    Ok(rows
        .into_iter()
        .map(|(id, name, description, Json(prices))| {
            let subscribed = held.contains(&id);
            Product { id, name, description, prices, subscribed }
        })
        .collect())
}

/// The organization's subscriptions, ended ones among them.
pub async fn subscriptions(tx: &mut Tx) -> Result<Vec<Subscription>> {
    tx.require(Permission::BILLING_WRITE)?;
    select(tx, None).await
}

async fn select(tx: &mut Tx, product: Option<&str>) -> Result<Vec<Subscription>> {
    let organization = tx.organization();
    Ok(sqlx::query_as(
        "select product_id as product, provider, status, current_period_start, current_period_end, cancel_at_period_end
         from product_subscriptions where organization_id = $1 and ($2::text is null or product_id = $2)
         order by product_id limit 200",
    )
    .bind(organization)
    .bind(product)
    .fetch_all(tx.conn())
    .await?)
}

/// Subscribes to a product from now on; one that is subscribed already stays as it is, and one that was about to end
/// goes on.
pub async fn subscribe(tx: &mut Tx, product: &str) -> Result<Subscription> {
    tx.require(Permission::BILLING_WRITE)?;
    // Only what this server knows can be used, so that only that can be bought.
    let known = tx.state().modules.iter().filter_map(|module| module.product).find(|id| *id == product);
    let product = known.ok_or_else(unknown)?;
    let (organization, now) = (tx.organization(), tx.now());
    let on_sale: bool =
        sqlx::query_scalar("select exists (select 1 from platform_products where id = $1)").bind(product).fetch_one(tx.conn()).await?;
    if !on_sale {
        return Err(unknown());
    }
    let old = select(tx, Some(product)).await?.pop();
    let agreement = PROVIDER.begin(now);
    sqlx::query(
        "insert into product_subscriptions
             (organization_id, product_id, provider, status, current_period_start, current_period_end)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (organization_id, product_id) do update
         set provider = excluded.provider, status = excluded.status, cancel_at_period_end = false,
             current_period_start = excluded.current_period_start, current_period_end = excluded.current_period_end
         where product_subscriptions.status = 'cancelled' or product_subscriptions.cancel_at_period_end
            or product_subscriptions.current_period_end <= $5",
    )
    .bind(organization)
    .bind(product)
    .bind(PROVIDER.as_str())
    .bind(agreement.status)
    .bind(agreement.period_start)
    .bind(agreement.period_end)
    .execute(tx.conn())
    .await?;
    let new = select(tx, Some(product)).await?.pop().ok_or(Error::NotFound)?;
    if old.as_ref() != Some(&new) {
        organizations::record(tx, "subscribed", old.map(|old| json!(old)), Some(json!(new))).await?;
    }
    Ok(new)
}

/// Ends a subscription: at the end of the period that is paid for, or at once where there is none.
pub async fn cancel(tx: &mut Tx, product: &str) -> Result<Subscription> {
    tx.require(Permission::BILLING_WRITE)?;
    // Among the organization's own rows, so that what was sent is compared here and never reaches the database.
    let old = select(tx, None).await?.into_iter().find(|subscription| subscription.product == product);
    let old = old.ok_or(Error::NotFound)?;
    let runs_out = PROVIDER.runs_out(old.current_period_end);
    let organization = tx.organization();
    sqlx::query(
        "update product_subscriptions
         set cancel_at_period_end = $3, status = case when $3 then status else 'cancelled' end
         where organization_id = $1 and product_id = $2 and status <> 'cancelled'",
    )
    .bind(organization)
    .bind(&old.product)
    .bind(runs_out)
    .execute(tx.conn())
    .await?;
    let new = select(tx, Some(&old.product)).await?.pop().ok_or(Error::NotFound)?;
    if new != old {
        organizations::record(tx, "subscription_cancelled", Some(json!(old)), Some(json!(new))).await?;
    }
    Ok(new)
}

fn unknown() -> Error {
    Error::invalid("product", "unknown", "There is no such product.")
}
