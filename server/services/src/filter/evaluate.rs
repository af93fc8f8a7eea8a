//! The judge: whether a record passes a plan, and why. Plain Rust, without the database.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fold::folded;
use super::plan::{Check, DidTest, FieldTest, LinkedTest, Path, Plan};
use crate::records::{Decimal, Value};

/// What a record is to the judge. Values are as [`crate::records`] reads them; those of a multi-choice are one value.
pub trait Subject: Sized {
    /// The value at the end of a path; none if there is none.
    fn value(&self, path: &Path) -> Option<Value>;
    /// The records of a type that point here by that field.
    fn linked(&self, test: &LinkedTest) -> Vec<Self>;
    /// The instants at which that was done to it.
    fn done(&self, action: &str) -> Vec<DateTime<Utc>>;
}

/// Why a record passes or does not: the filter's own tree, each node with its truth and what the record holds there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(no_recursion)]
pub struct Explained {
    /// `all`, `any`, `none`, `field`, `linked`, `did`, `segment`.
    pub node: String,
    pub holds: bool,
    /// The path, type, verb or segment that is asked about.
    pub about: String,
    /// What the record holds there; nothing if it is empty. Of links and the log, how many there are.
    pub found: Vec<String>,
    /// In the filter's order; of a link, one for each record that was found, the first ten.
    pub parts: Vec<Explained>,
}

/// Whether a record passes, and why. Every node is judged, also where the outcome is known before.
pub fn evaluate<S: Subject>(plan: &Plan, subject: &S) -> Explained {
    match plan {
        Plan::All(parts) => group("all", parts, subject, |holds| holds.iter().all(|part| part.holds)),
        Plan::Any(parts) => group("any", parts, subject, |holds| holds.iter().any(|part| part.holds)),
        Plan::None(parts) => group("none", parts, subject, |holds| !holds.iter().any(|part| part.holds)),
        Plan::Field(test) => field(test, subject),
        Plan::Linked(test) => linked(test, subject),
        Plan::Did(test) => did(test, subject),
        Plan::Segment { id, plan } => {
            let part = evaluate(plan, subject);
            Explained { node: "segment".into(), holds: part.holds, about: id.to_string(), found: Vec::new(), parts: vec![part] }
        }
    }
}

/// Whether a record passes.
pub fn holds<S: Subject>(plan: &Plan, subject: &S) -> bool {
    evaluate(plan, subject).holds
}

fn group<S: Subject>(node: &str, parts: &[Plan], subject: &S, judge: impl Fn(&[Explained]) -> bool) -> Explained {
    let parts: Vec<Explained> = parts.iter().map(|part| evaluate(part, subject)).collect();
    Explained { node: node.into(), holds: judge(&parts), about: String::new(), found: Vec::new(), parts }
}

fn field<S: Subject>(test: &FieldTest, subject: &S) -> Explained {
    let value = subject.value(&test.path);
    let passed = test.checks.iter().all(|check| value.as_ref().is_some_and(|value| passes(check, value)));
    let found = match value {
        None => Vec::new(),
        Some(Value::Choices(words)) => words,
        Some(value) => vec![value.plain()],
    };
    Explained { node: "field".into(), holds: passed != test.negated, about: test.path.text.clone(), found, parts: Vec::new() }
}

fn linked<S: Subject>(test: &LinkedTest, subject: &S) -> Explained {
    let judged: Vec<Explained> = subject.linked(test).iter().map(|other| evaluate(&test.plan, other)).collect();
    let passing = judged.iter().filter(|part| part.holds).count();
    Explained {
        node: "linked".into(),
        holds: (passing > 0) != test.negated,
        about: format!("{}.{}", test.entity_type, test.by.key),
        found: vec![passing.to_string()],
        parts: judged.into_iter().take(10).collect(),
    }
}

fn did<S: Subject>(test: &DidTest, subject: &S) -> Explained {
    let within = |at: &DateTime<Utc>| test.from.is_none_or(|from| *at >= from) && test.before.is_none_or(|before| *at < before);
    let count = subject.done(&test.action).iter().filter(|at| within(at)).count();
    Explained {
        node: "did".into(),
        holds: u32::try_from(count).unwrap_or(u32::MAX) >= test.at_least,
        about: test.action.clone(),
        found: vec![count.to_string()],
        parts: Vec::new(),
    }
}

fn passes(check: &Check, value: &Value) -> bool {
    match (check, value) {
        // What a formula could not tell is no value.
        (_, Value::Error(_)) => false,
        (_, Value::Text(text)) if text.is_empty() => false,
        (Check::Present, Value::Choices(words)) => !words.is_empty(),
        (Check::Present, _) => true,
        (Check::Text(texts), Value::Text(text)) => texts.contains(text),
        (Check::Text(texts), Value::Choices(words)) => words.iter().any(|word| texts.contains(word)),
        (Check::Contains(part), Value::Text(text)) => folded(text).contains(part.as_str()),
        (Check::StartsWith(part), Value::Text(text)) => folded(text).starts_with(part.as_str()),
        (Check::Id(ids), Value::Reference(id)) => ids.contains(&id.0),
        (Check::Bool(truth), Value::Bool(value)) => truth == value,
        (Check::Number(range), Value::Number(number)) => range.holds(number),
        (Check::Money(currency, range), Value::Money { minor, currency: own }) => currency == own && range.holds(&Decimal::from(*minor)),
        (Check::Date { from, before }, Value::Date(date)) => {
            from.is_none_or(|from| *date >= from) && before.is_none_or(|before| *date < before)
        }
        (Check::Instant { from, before }, Value::Instant(at)) => {
            from.is_none_or(|from| *at >= from) && before.is_none_or(|before| *at < before)
        }
        _ => false,
    }
}

/// A record that stands in nobody's way: for judging a plan where values are all there is.
impl Subject for crate::records::Values {
    fn value(&self, path: &Path) -> Option<Value> {
        self.get(&path.text).cloned()
    }

    fn linked(&self, _: &LinkedTest) -> Vec<Self> {
        Vec::new()
    }

    fn done(&self, _: &str) -> Vec<DateTime<Utc>> {
        Vec::new()
    }
}
