//! What somebody has agreed to: a ledger that only grows, and what holds by it. Of two records that turn out to be one human
//! the stricter answer holds, until they are asked again.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use sql::{ledger, record, state};

use chrono::{DateTime, Utc};
use platform::{Result, id::EntityId, input::Input};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What can be agreed to.
pub const PURPOSES: [&str; 8] =
    ["treatment", "email_marketing", "sms_marketing", "phone_marketing", "reminders", "profiling", "photos", "data_sharing"];

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsentDecision)]
pub enum Decision {
    Given,
    /// They were asked and said no.
    Refused,
    /// They had agreed and take it back.
    Withdrawn,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Given, Self::Refused, Self::Withdrawn];

    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The decision of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.as_str() == word)
    }
}

/// On what ground data are processed (article 6 of the GDPR).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    Consent,
    Contract,
    LegalObligation,
    VitalInterests,
    PublicTask,
    LegitimateInterests,
}

impl Basis {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Consent, Self::Contract, Self::LegalObligation, Self::VitalInterests, Self::PublicTask, Self::LegitimateInterests];

    /// The word stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Contract => "contract",
            Self::LegalObligation => "legal_obligation",
            Self::VitalInterests => "vital_interests",
            Self::PublicTask => "public_task",
            Self::LegitimateInterests => "legitimate_interests",
        }
    }

    /// The basis of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == word)
    }
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Consent {
    pub id: EntityId,
    /// Of which record it was said, which may have been merged since.
    pub person: EntityId,
    /// One of `treatment email_marketing sms_marketing phone_marketing reminders profiling photos data_sharing`.
    pub purpose: String,
    pub decision: Decision,
    pub basis: Basis,
    /// Where it was said: a form, the telephone.
    pub source: String,
    pub note: String,
    /// When it was said; UTC.
    pub at: DateTime<Utc>,
    /// When it was written down; UTC.
    pub recorded_at: DateTime<Utc>,
    /// Who wrote it down.
    pub recorded_by: Option<String>,
}

/// What is to be written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentInput {
    /// Made by the caller, so that a retry writes no second line.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// One of `treatment email_marketing sms_marketing phone_marketing reminders profiling photos data_sharing`.
    pub purpose: String,
    pub decision: Decision,
    pub basis: Basis,
    #[schema(min_length = 1, max_length = 200)]
    pub source: String,
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: String,
    /// When it was said, not after now; now if not given. UTC.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
}

impl ConsentInput {
    /// What can be told without the database.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self, now: DateTime<Utc>) -> Result<()> {
        let mut input = Input::new();
        input.one_of("purpose", &self.purpose, &PURPOSES);
        input.text("source", self.source.trim(), 1, 200);
        input.text("note", &self.note, 0, 1000);
        if let Some(at) = self.at {
            input.check(at <= now, "at", "range", "This is still to come.");
            input.year("at", &at);
        }
        input.finish()
    }
}

/// What holds, by purpose: of each record the latest answer, of several records of one human the stricter one; what was
/// answered after `joined`, when the last of them was merged, counts alone.
pub fn holding(ledger: &[Consent], joined: Option<DateTime<Utc>>) -> Vec<Consent> {
    // By purpose and record, except that what came after the merge is of the human.
    let mut latest: BTreeMap<(&str, Option<EntityId>), &Consent> = BTreeMap::new();
    for line in ledger {
        let of = if joined.is_some_and(|joined| line.recorded_at > joined) { None } else { Some(line.person) };
        let known = latest.entry((&line.purpose, of)).or_insert(line);
        if (line.at, line.recorded_at, line.id) > (known.at, known.recorded_at, known.id) {
            *known = line;
        }
    }
    let mut holding: BTreeMap<&str, &Consent> = BTreeMap::new();
    for ((purpose, of), line) in &latest {
        if latest.contains_key(&(purpose, None)) && of.is_some() {
            continue;
        }
        let known = holding.entry(purpose).or_insert(line);
        let stricter = line.decision != Decision::Given && known.decision == Decision::Given;
        let later = (line.decision == Decision::Given) == (known.decision == Decision::Given) && line.at > known.at;
        if stricter || later {
            *known = line;
        }
    }
    let order = |purpose: &str| PURPOSES.iter().position(|known| *known == purpose);
    let mut holding: Vec<Consent> = holding.into_values().cloned().collect();
    holding.sort_by_key(|line| order(&line.purpose));
    holding
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> DateTime<Utc> {
        chrono::NaiveDate::from_ymd_opt(2026, 11, day).and_then(|date| date.and_hms_opt(8, 0, 0)).map(|at| at.and_utc()).unwrap_or_default()
    }

    fn line(person: EntityId, purpose: &str, decision: Decision, day: u32) -> Consent {
        Consent {
            id: EntityId::new(),
            person,
            purpose: purpose.into(),
            decision,
            basis: Basis::Consent,
            source: "form".into(),
            note: String::new(),
            at: at(day),
            recorded_at: at(day),
            recorded_by: None,
        }
    }

    fn said(ledger: &[Consent], joined: Option<u32>) -> Vec<(String, Decision)> {
        holding(ledger, joined.map(at)).into_iter().map(|line| (line.purpose, line.decision)).collect()
    }

    #[test]
    fn the_latest_answer_holds_for_each_purpose() {
        let one = EntityId::new();
        let ledger = [
            line(one, "photos", Decision::Given, 1),
            line(one, "photos", Decision::Withdrawn, 3),
            line(one, "photos", Decision::Given, 2),
            line(one, "treatment", Decision::Given, 1),
        ];
        assert_eq!(said(&ledger, None), [("treatment".into(), Decision::Given), ("photos".into(), Decision::Withdrawn)]);
    }

    #[test]
    fn of_two_records_the_stricter_answer_holds_until_they_are_asked_again() {
        let (one, other) = (EntityId::new(), EntityId::new());
        let mut ledger = vec![line(one, "photos", Decision::Given, 5), line(other, "photos", Decision::Refused, 1)];
        assert_eq!(said(&ledger, Some(6)), [("photos".into(), Decision::Refused)]);
        ledger.push(line(one, "photos", Decision::Given, 7));
        assert_eq!(said(&ledger, Some(6)), [("photos".into(), Decision::Given)]);
    }

    #[test]
    fn what_only_one_of_two_records_was_asked_holds() {
        let (one, other) = (EntityId::new(), EntityId::new());
        let ledger = [line(one, "photos", Decision::Given, 5), line(other, "treatment", Decision::Given, 1)];
        assert_eq!(said(&ledger, Some(6)).len(), 2);
    }
}
