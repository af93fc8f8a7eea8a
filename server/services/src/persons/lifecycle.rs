//! What somebody is to the organization: computed from what the products hold of them, and never typed.

use chrono::{DateTime, Utc};
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far somebody has come, the least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nobody holds anything of them yet.
    #[default]
    Visitor,
    /// They were something once.
    Former,
    /// They may become customers.
    Lead,
    /// They are about to.
    Opportunity,
    /// They are.
    Customer,
}

impl Stage {
    /// The word stored and sent, and the key of its text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Former => "former",
            Self::Lead => "lead",
            Self::Opportunity => "opportunity",
            Self::Customer => "customer",
        }
    }
}

/// Something that a product holds of a person: a role, and how far it brings them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Held {
    pub person: EntityId,
    /// The module that holds it: `crm`.
    pub module: String,
    /// `lead`, `patient`, `employee` …
    pub role: String,
    pub stage: Stage,
    /// Why, as a key of the module's texts: `held.visit_completed`.
    pub reason: String,
    /// Since when; UTC.
    pub at: Option<DateTime<Utc>>,
    /// The record that holds it.
    pub record: EntityId,
    /// What that is called.
    pub title: String,
    /// Where it is shown.
    pub path: String,
}

/// A fact that a product tells on a person's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonFact {
    /// The module that tells it.
    pub module: String,
    /// Key of its name among the module's texts: `fact.next_visit`.
    pub key: String,
    /// What it says; empty where the instant does.
    pub text: String,
    /// Local wall clock of where it takes place, if it is about a time.
    #[schema(value_type = Option<String>)]
    pub wall: Option<chrono::NaiveDateTime>,
    /// Where more of it is shown.
    pub path: Option<String>,
}

/// Something that must not be overlooked wherever a person's name stands: an allergy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonAlert {
    pub person: EntityId,
    /// Key of its name among its module's texts, said before the text: `alert.allergy`. Empty where the text says it all.
    pub key: String,
    pub text: String,
    /// Whether it is dangerous, and not merely good to know.
    pub critical: bool,
}

/// The stage with what it follows from: the furthest, of those the latest. None for a visitor, of whom nothing is held.
pub fn furthest(held: &[Held]) -> Option<&Held> {
    held.iter().filter(|one| one.stage != Stage::Visitor).max_by_key(|one| (one.stage, one.at))
}

/// The roles, each once, in the order in which the products tell them.
pub fn roles(held: &[Held]) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for one in held {
        if !roles.contains(&one.role) {
            roles.push(one.role.clone());
        }
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(role: &str, stage: Stage, day: u32) -> Held {
        let id = EntityId::new();
        Held {
            person: id,
            module: "garden".into(),
            role: role.into(),
            stage,
            reason: "held.planted".into(),
            at: chrono::NaiveDate::from_ymd_opt(2026, 11, day).and_then(|date| date.and_hms_opt(8, 0, 0)).map(|at| at.and_utc()),
            record: id,
            title: String::new(),
            path: String::new(),
        }
    }

    #[test]
    fn the_furthest_stage_counts_and_of_equals_the_latest() {
        let all = [held("lead", Stage::Lead, 3), held("patient", Stage::Customer, 1), held("patient", Stage::Customer, 2)];
        assert_eq!(furthest(&all), Some(&all[2]));
        assert_eq!(roles(&all), ["lead", "patient"]);
    }

    #[test]
    fn whoever_is_only_a_colleague_is_a_visitor_and_a_lost_lead_a_former_one() {
        assert_eq!(furthest(&[held("employee", Stage::Visitor, 1)]), None);
        assert_eq!(furthest(&[held("lead", Stage::Former, 1)]).map(|one| one.stage), Some(Stage::Former));
    }
}
