//! Who collects the money for subscriptions.

use chrono::{DateTime, Utc};

/// Who collects the money. What a provider has agreed to is written into the subscription; nothing else asks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillingProvider {
    /// An agreement on paper and invoices by hand: it begins and ends when somebody with the right says so.
    Manual,
}

/// What a provider has agreed to.
pub(super) struct Agreement {
    pub(super) status: &'static str,
    pub(super) period_start: DateTime<Utc>,
    pub(super) period_end: Option<DateTime<Utc>>,
}

impl BillingProvider {
    /// As stored in `product_subscriptions`.
    pub fn as_str(self) -> &'static str {
        match self {
            BillingProvider::Manual => "manual",
        }
    }

    /// Begins a subscription now. A manual one is open-ended.
    pub(super) fn begin(self, now: DateTime<Utc>) -> Agreement {
        match self {
            BillingProvider::Manual => Agreement { status: "active", period_start: now, period_end: None },
        }
    }

    /// Whether a subscription goes on to the end of the period that is paid for.
    pub(super) fn runs_out(self, period_end: Option<DateTime<Utc>>) -> bool {
        match self {
            BillingProvider::Manual => period_end.is_some(),
        }
    }
}
