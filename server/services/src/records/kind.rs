//! What a field may hold.

use platform::module::FieldKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Text,
    LongText,
    Number,
    Money,
    /// A number that is shown with a percent sign: 12.5 means 12.5 %.
    Percent,
    Date,
    DateTime,
    /// One of these.
    Choice(Vec<Choice>),
    /// Some of these.
    MultiChoice(Vec<Choice>),
    Boolean,
    Email,
    Phone,
    Url,
    /// A record of that type.
    Reference(String),
}

/// One word to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldChoice)]
pub struct Choice {
    /// As stored and sent.
    pub key: String,
    /// As shown; of a declared field screens translate it by its key.
    pub label: String,
    /// 0 to 359; none for a plain one.
    #[serde(default)]
    pub hue: Option<u16>,
}

impl Choice {
    /// A word that is called as it is written.
    pub fn plain(key: &str) -> Choice {
        Choice { key: key.into(), label: sentence(key), hue: None }
    }
}

impl Kind {
    /// The word for it, without what it carries.
    pub fn word(&self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::LongText => "long_text",
            Kind::Number => "number",
            Kind::Money => "money",
            Kind::Percent => "percent",
            Kind::Date => "date",
            Kind::DateTime => "date_time",
            Kind::Choice(_) => "choice",
            Kind::MultiChoice(_) => "multi_choice",
            Kind::Boolean => "boolean",
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::Url => "url",
            Kind::Reference(_) => "reference",
        }
    }

    /// In which column of `field_values` its values stand. Long text has one of its own without an index. Money is minor units in `v_num` with its currency in `v_text`;
    /// a multi-choice has a row for each word, in the order of `seq`.
    pub fn column(&self) -> &'static str {
        match self {
            Kind::Number | Kind::Percent | Kind::Money => "v_num",
            Kind::Date => "v_date",
            Kind::DateTime => "v_ts",
            Kind::Boolean => "v_bool",
            Kind::Reference(_) => "v_ref",
            Kind::LongText => "v_long",
            _ => "v_text",
        }
    }

    /// What may be chosen.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Kind::Choice(choices) | Kind::MultiChoice(choices) => choices,
            _ => &[],
        }
    }

    /// What a module has declared.
    pub fn declared(kind: FieldKind) -> Kind {
        match kind {
            FieldKind::Text => Kind::Text,
            FieldKind::LongText => Kind::LongText,
            FieldKind::Number => Kind::Number,
            FieldKind::Money => Kind::Money,
            FieldKind::Date => Kind::Date,
            FieldKind::DateTime => Kind::DateTime,
            FieldKind::Choice(words) => Kind::Choice(words.iter().map(|word| Choice::plain(word)).collect()),
            FieldKind::Boolean => Kind::Boolean,
            FieldKind::Email => Kind::Email,
            FieldKind::Phone => Kind::Phone,
            FieldKind::Reference(target) => Kind::Reference(target.into()),
        }
    }
}

/// `given_name` as a person would write it.
pub(crate) fn sentence(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
