//! Records that are probably one human: found by what identifies people, scored, and told with the reasons. Whoever has
//! looked at a pair and found two humans is not asked about it again.

#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub use sql::{decide, list, of_person};

use chrono::NaiveDate;
use platform::id::EntityId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// From which score on a pair is shown.
pub const LEAST: i32 = 50;

/// What two records have in common, or what speaks against their being one human.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    SameNationalId,
    SameEmail,
    SamePhone,
    SameBirthDate,
    /// Written almost alike, in whatever order.
    LikeName,
    /// The same domain of e-mail, one that is not everybody's.
    SameDomain,
    /// Speaks against it.
    OtherBirthDate,
    /// Speaks against it: a family shares a number.
    OtherName,
}

impl Sign {
    /// Key of its text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameNationalId => "same_national_id",
            Self::SameEmail => "same_email",
            Self::SamePhone => "same_phone",
            Self::SameBirthDate => "same_birth_date",
            Self::LikeName => "like_name",
            Self::SameDomain => "same_domain",
            Self::OtherBirthDate => "other_birth_date",
            Self::OtherName => "other_name",
        }
    }
}

/// What is known of a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    pub national_id: bool,
    pub email: bool,
    pub phone: bool,
    /// Both are known and equal.
    pub birth_date: bool,
    /// Both are known and differ.
    pub other_birth_date: bool,
    pub domain: bool,
    /// How alike the names are: 0 to 1.
    pub names: f32,
}

/// How likely it is one human, in percent, and why. Each sign takes away part of what is left of the doubt; what speaks
/// against it brings doubt back.
pub fn score(evidence: &Evidence) -> (i32, Vec<Sign>) {
    let alike = evidence.names >= 0.6;
    let apart = evidence.names < 0.3;
    let weights = [
        (evidence.national_id, 0.97, Sign::SameNationalId),
        (evidence.email, 0.75, Sign::SameEmail),
        (evidence.phone, 0.6, Sign::SamePhone),
        (evidence.birth_date && evidence.names >= 0.45, 0.5, Sign::SameBirthDate),
        (alike, 0.2 + 0.3 * f64::from(evidence.names), Sign::LikeName),
        (evidence.domain && alike, 0.3, Sign::SameDomain),
    ];
    let mut reasons: Vec<Sign> = weights.iter().filter(|(holds, _, _)| *holds).map(|(_, _, sign)| *sign).collect();
    let doubt: f64 = weights.iter().filter(|(holds, _, _)| *holds).map(|(_, weight, _)| 1.0 - weight).product();
    let mut sure = 1.0 - doubt;
    if evidence.other_birth_date && !evidence.national_id {
        sure *= 0.55;
        reasons.push(Sign::OtherBirthDate);
    }
    if apart && !evidence.national_id {
        sure *= 0.55;
        reasons.push(Sign::OtherName);
    }
    // Of a number between 0 and 100.
    #[allow(clippy::cast_possible_truncation)]
    let percent = (sure * 100.0).round() as i32;
    (percent, reasons)
}

/// One side of a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DuplicateCandidate)]
pub struct Candidate {
    pub id: EntityId,
    pub entity_type: String,
    pub name: String,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// Two records that are probably one human.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Duplicate {
    pub one: Candidate,
    pub other: Candidate,
    /// Percent.
    pub score: i32,
    pub reasons: Vec<Sign>,
}

/// What somebody has found out about a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PairDecision {
    pub one: EntityId,
    pub other: EntityId,
    /// Two humans: they are not proposed again. False takes that back.
    pub different: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_identifies_somebody_counts_more_than_what_is_shared() {
        let of = |evidence: Evidence| score(&evidence).0;
        let same_id = of(Evidence { national_id: true, ..Evidence::default() });
        let same_email = of(Evidence { email: true, names: 0.8, ..Evidence::default() });
        let same_birth = of(Evidence { birth_date: true, names: 0.7, ..Evidence::default() });
        let family = of(Evidence { phone: true, names: 0.2, ..Evidence::default() });
        assert!(same_id > 95 && same_email > 80 && same_birth >= LEAST, "{same_id} {same_email} {same_birth}");
        assert!(family < LEAST, "a family shares a number: {family}");
    }

    #[test]
    fn names_alone_make_no_pair_and_another_birth_date_brings_doubt() {
        assert!(score(&Evidence { names: 0.95, ..Evidence::default() }).0 < LEAST);
        let (sure, _) = score(&Evidence { phone: true, names: 0.9, ..Evidence::default() });
        let (doubtful, why) = score(&Evidence { phone: true, names: 0.9, other_birth_date: true, ..Evidence::default() });
        assert!(doubtful < sure && why.contains(&Sign::OtherBirthDate));
    }

    #[test]
    fn colleagues_of_one_domain_need_the_same_name() {
        assert!(score(&Evidence { domain: true, names: 0.4, ..Evidence::default() }).0 < LEAST);
        assert!(score(&Evidence { domain: true, names: 0.9, ..Evidence::default() }).0 >= LEAST);
    }
}
