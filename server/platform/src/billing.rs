//! What the platform sells and what an organization has subscribed to. Access itself is decided by
//! `Tx::verify_product_access`, from the same rows.

#[cfg(feature = "ssr")]
mod provider;
#[cfg(feature = "ssr")]
mod sql;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[cfg(feature = "ssr")]
pub use provider::BillingProvider;
#[cfg(feature = "ssr")]
pub use sql::{cancel, products, subscribe, subscriptions};

/// Something to subscribe to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Product {
    /// The module's id: `gabinet`.
    pub id: String,
    pub name: String,
    pub description: String,
    /// Minor units by currency and period: `{"USD": {"month": 5900, "year": 59000}}`.
    pub prices: BTreeMap<String, BTreeMap<String, i64>>,
    /// Whether the organization has access to it now.
    pub subscribed: bool,
}

/// An organization's subscription of a product, living or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Subscription {
    /// Id of the product.
    pub product: String,
    /// Who collects the money: `manual` or `stripe`.
    pub provider: String,
    /// `trialing`, `active`, `past_due` or `cancelled`.
    pub status: String,
    pub current_period_start: DateTime<Utc>,
    /// Exclusive; none for open-ended agreements.
    pub current_period_end: Option<DateTime<Utc>>,
    /// Whether it ends with its period.
    pub cancel_at_period_end: bool,
}

/// What to subscribe to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewSubscription {
    /// Id of a product.
    #[schema(min_length = 1, max_length = 41)]
    pub product: String,
}
