//! What both providers have in common: the questions, and the entries in one form. Which one is asked is an enum: there are
//! two, and both are known.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use platform::id::{EntityId, OrganizationId};
use serde_json::{Value, json};

use super::{Outside, Provider, cal_com, google, outside::Trouble, secret::Secret};

/// When something is: instants, or whole dates of wherever one is (R14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    Instants(DateTime<Utc>, DateTime<Utc>),
    /// The second is exclusive.
    Dates(NaiveDate, NaiveDate),
}

/// By what an entry of ours is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) organization: OrganizationId,
    pub(super) connection: EntityId,
    pub(super) activity: EntityId,
}

/// An entry there.
#[derive(Clone, Debug)]
pub(super) struct Remote {
    pub(super) id: String,
    pub(super) etag: String,
    /// None where it was not told, as of what is deleted.
    pub(super) time: Option<Time>,
    /// Whether it takes its owner's time.
    pub(super) busy: bool,
    pub(super) mark: Option<Mark>,
}

/// Some of what has changed there.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) items: Vec<Remote>,
    /// Where the rest is.
    pub(super) next: Option<String>,
    /// At the end: from where on to read the next time.
    pub(super) cursor: Option<String>,
}

/// An entry of ours as the other side is told it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) mark: Mark,
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    pub(super) zone: Tz,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) place: String,
    pub(super) private: bool,
    /// What the other side has of it so far.
    pub(super) there: Option<(String, String)>,
}

/// One connection's account, opened.
pub(super) struct Account<'a> {
    pub(super) outside: &'a Outside,
    pub(super) provider: Provider,
    pub(super) calendar: &'a str,
    pub(super) secret: &'a Secret,
}

impl Account<'_> {
    /// A page of what has changed since the cursor, or of all from `from` to `to` if it is empty. `Gone` where the cursor is too old.
    pub(super) async fn changes(
        &self,
        cursor: &str,
        page: Option<&str>,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Page, Trouble> {
        match self.provider {
            Provider::Google => google::events::changes(self, cursor, page, (from, to)).await,
            Provider::CalCom => cal_com::bookings::changes(self, cursor, page, (from, to)).await,
        }
    }

    /// Makes it there, or as it is here; its id and tag there. Asked twice it is there once.
    pub(super) async fn put(&self, entry: &Entry) -> Result<(String, String), Trouble> {
        match self.provider {
            Provider::Google => google::events::put(self, entry).await,
            Provider::CalCom => cal_com::bookings::put(self, entry).await,
        }
    }

    /// Takes it away there; what is not there (any more) is away.
    pub(super) async fn remove(&self, id: &str) -> Result<(), Trouble> {
        let removed = match self.provider {
            Provider::Google => google::events::remove(self, id).await,
            Provider::CalCom => cal_com::bookings::remove(self, id).await,
        };
        match removed {
            Err(Trouble::Absent | Trouble::Gone) => Ok(()),
            other => other,
        }
    }
}

impl Mark {
    /// As the other side keeps it.
    pub(super) fn told(&self) -> Value {
        json!({
            "atriumOrganization": self.organization.to_string(),
            "atriumConnection": self.connection.to_string(),
            "atriumActivity": self.activity.to_string(),
        })
    }

    pub(super) fn read(kept: &Value) -> Option<Mark> {
        let id = |name: &str| kept[name].as_str()?.parse::<uuid::Uuid>().ok();
        Some(Mark {
            organization: OrganizationId(id("atriumOrganization")?),
            connection: EntityId(id("atriumConnection")?),
            activity: EntityId(id("atriumActivity")?),
        })
    }
}
