//! Reads a filter against a catalogue: refuses what cannot be asked, naming every place, and makes a [`Plan`] of the rest.

mod values;

use chrono::{DateTime, NaiveDate, Utc};
use platform::{
    error::FieldError,
    id::{EntityId, UserId},
};
use std::collections::BTreeMap;

use super::catalogue::{Catalogue, Field, Type, tests_of};
use super::plan::{DidTest, FieldTest, LinkedTest, Path, Plan};
use super::{Condition, DEPTH, Did, Filter, HOPS, Linked, NODES, Test};
use crate::records::Kind;

/// What a filter is read with.
pub struct Context<'a> {
    /// The types that are known so far.
    pub catalogue: &'a Catalogue,
    /// The saved views that are known so far, with their type; none for one that who asks may not see.
    pub segments: &'a BTreeMap<EntityId, Option<(String, Filter)>>,
    /// The view that the filter is to be kept in, which must not come back to itself.
    pub view: Option<EntityId>,
    /// Who asks.
    pub me: UserId,
    /// In the organization's zone.
    pub today: NaiveDate,
    /// When a day begins in the organization's zone.
    pub day_start: &'a (dyn Fn(NaiveDate) -> DateTime<Utc> + Sync),
    /// Of an amount that names none.
    pub currency: &'a str,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A type that the filter crosses into is not in the catalogue yet.
    Type(String),
    /// A saved view is not among the segments yet.
    Segment(EntityId),
    /// What cannot be asked, by place: `filter.all[0].field.path`.
    Invalid(Vec<FieldError>),
}

/// Makes a plan for records of a type. `at` names the filter in what was sent.
///
/// # Errors
/// What is to be fetched first, or all that is wrong.
pub fn check(filter: &Filter, entity_type: &str, context: &Context<'_>, at: &str) -> Result<Plan, Fault> {
    let mut reading = Reading { context, faults: Vec::new(), missing: None, nodes: 0, within: context.view.into_iter().collect() };
    let plan = match context.catalogue.of(entity_type) {
        Some(kind) => reading.read(filter, kind, at, 1),
        None => return Err(Fault::Type(entity_type.to_owned())),
    };
    match (reading.missing, plan) {
        (Some(missing), _) => Err(missing),
        (None, Some(plan)) if reading.faults.is_empty() => Ok(plan),
        (None, _) => Err(Fault::Invalid(reading.faults)),
    }
}

/// The field at the end of a path, as a column names it.
///
/// # Errors
/// What is to be fetched first, or that there is no such field.
pub fn path(text: &str, entity_type: &str, context: &Context<'_>, at: &str) -> Result<Path, Fault> {
    let mut reading = Reading { context, faults: Vec::new(), missing: None, nodes: 0, within: context.view.into_iter().collect() };
    let Some(kind) = context.catalogue.of(entity_type) else { return Err(Fault::Type(entity_type.to_owned())) };
    match (reading.path(text, kind, at), reading.missing) {
        (Some(path), _) => Ok(path),
        (None, Some(missing)) => Err(missing),
        (None, None) => Err(Fault::Invalid(reading.faults)),
    }
}

struct Reading<'a> {
    context: &'a Context<'a>,
    faults: Vec<FieldError>,
    missing: Option<Fault>,
    nodes: usize,
    /// The segments that are being read, the outermost first.
    within: Vec<EntityId>,
}

impl<'a> Reading<'a> {
    /// Notes a fault; there is no plan then.
    fn fault<T>(&mut self, at: &str, code: &str, message: impl Into<String>) -> Option<T> {
        self.faults.push(FieldError { field: at.to_owned(), code: code.to_owned(), message: message.into() });
        None
    }

    fn need<T>(&mut self, missing: Fault) -> Option<T> {
        self.missing.get_or_insert(missing);
        None
    }

    fn read(&mut self, filter: &Filter, kind: &'a Type, at: &str, depth: usize) -> Option<Plan> {
        self.nodes += 1;
        if self.nodes == NODES + 1 {
            return self.fault(at, "too_many", format!("A filter has at most {NODES} conditions and groups."));
        }
        if self.nodes > NODES {
            return None;
        }
        if depth > DEPTH {
            return self.fault(at, "too_deep", format!("A filter may be nested {DEPTH} levels deep."));
        }
        match filter {
            Filter::All(parts) => Some(Plan::All(self.parts(parts, kind, &format!("{at}.all"), depth)?)),
            Filter::Any(parts) => Some(Plan::Any(self.parts(parts, kind, &format!("{at}.any"), depth)?)),
            Filter::None(parts) => Some(Plan::None(self.parts(parts, kind, &format!("{at}.none"), depth)?)),
            Filter::Field(condition) => self.condition(condition, kind, &format!("{at}.field")).map(Plan::Field),
            Filter::Linked(linked) => self.linked(linked, kind, &format!("{at}.linked"), depth, false),
            Filter::NotLinked(linked) => self.linked(linked, kind, &format!("{at}.not_linked"), depth, true),
            Filter::Did(did) => self.did(did, &format!("{at}.did")),
            Filter::Segment(id) => self.segment(*id, kind, &format!("{at}.segment"), depth),
        }
    }

    fn parts(&mut self, parts: &[Filter], kind: &'a Type, at: &str, depth: usize) -> Option<Vec<Plan>> {
        let read: Vec<Option<Plan>> =
            parts.iter().enumerate().map(|(place, part)| self.read(part, kind, &format!("{at}[{place}]"), depth + 1)).collect();
        read.into_iter().collect()
    }

    fn condition(&mut self, condition: &Condition, kind: &'a Type, at: &str) -> Option<FieldTest> {
        let path = self.path(&condition.path, kind, &format!("{at}.path"))?;
        let name = condition.test.name();
        let at = format!("{at}.test");
        if !tests_of(&path.field.kind).contains(&name) {
            return self.fault(&at, "test", format!("A field of kind {} cannot be asked for {name}.", path.field.kind.word()));
        }
        let read = match values::checks(&condition.test, &path.field.kind, self.context) {
            Ok(checks) => checks,
            Err((code, message)) => return self.fault(&at, code, message),
        };
        let negated = matches!(condition.test, Test::Empty | Test::IsNot(_) | Test::NotContains(_) | Test::NoneOf(_) | Test::NotMe);
        Some(FieldTest { path, checks: read, negated })
    }

    /// The field at the end of a path. Fields may have dots in their keys nowhere, so that each dot is a link.
    fn path(&mut self, text: &str, kind: &'a Type, at: &str) -> Option<Path> {
        let mut keys: Vec<&str> = text.split('.').collect();
        let last = keys.pop().unwrap_or_default();
        if keys.len() > HOPS {
            return self.fault(at, "too_deep", format!("A path crosses at most {HOPS} links."));
        }
        let (mut kind, mut hops) = (kind, Vec::new());
        for key in keys {
            let target = match kind.field(key) {
                Some(field) => match &field.kind {
                    Kind::Reference(target) => Some((field, target)),
                    _ => None,
                },
                None => None,
            };
            let Some((field, target)) = target else {
                return self.fault(at, "unknown", format!("{key} is no link to another record."));
            };
            let Some(next) = self.context.catalogue.of(target) else { return self.need(Fault::Type(target.clone())) };
            hops.push((field.clone(), target.clone()));
            kind = next;
        }
        match kind.field(last) {
            Some(field) => Some(Path { text: text.to_owned(), hops, field: field.clone() }),
            None => self.fault(at, "unknown", format!("There is no field {last}.")),
        }
    }

    fn linked(&mut self, linked: &Linked, kind: &'a Type, at: &str, depth: usize, negated: bool) -> Option<Plan> {
        let Some(other) = self.context.catalogue.of(&linked.entity_type) else {
            return self.need(Fault::Type(linked.entity_type.clone()));
        };
        let by: Option<&Field> = other.field(&linked.by);
        let Some(by) = by.filter(|field| matches!(&field.kind, Kind::Reference(target) if *target == kind.key)) else {
            return self.fault(&format!("{at}.by"), "unknown", "There is no such link from records of that type to this one.");
        };
        let plan = self.read(&linked.having, other, &format!("{at}.having"), depth + 1)?;
        Some(Plan::Linked(LinkedTest { entity_type: other.key.clone(), by: by.clone(), plan: Box::new(plan), negated }))
    }

    fn did(&mut self, did: &Did, at: &str) -> Option<Plan> {
        let action = did.action.trim();
        if action.is_empty() || action.len() > 100 || action.contains('\0') {
            return self.fault(&format!("{at}.action"), "required", "Name what was done, in at most 100 characters.");
        }
        if !(1..=1000).contains(&did.at_least) {
            return self.fault(&format!("{at}.at_least"), "range", "At least 1 and at most 1,000 times.");
        }
        let Some((from, before)) = did.within.map(|period| period.days(self.context.today)).map_or(Some((None, None)), |days| {
            days.map(|(from, to)| (Some((self.context.day_start)(from)), Some((self.context.day_start)(to))))
        }) else {
            return self.fault(&format!("{at}.within"), "range", "This reaches beyond the calendar.");
        };
        Some(Plan::Did(DidTest { action: action.to_owned(), at_least: did.at_least, from, before }))
    }

    fn segment(&mut self, id: EntityId, kind: &'a Type, at: &str, depth: usize) -> Option<Plan> {
        if self.within.contains(&id) {
            return self.fault(at, "cycle", "A view cannot be a condition of itself.");
        }
        let context = self.context;
        match context.segments.get(&id) {
            None => self.need(Fault::Segment(id)),
            Some(Some((entity_type, filter))) if *entity_type == kind.key => {
                self.within.push(id);
                let plan = self.read(filter, kind, at, depth + 1);
                self.within.pop();
                Some(Plan::Segment { id, plan: Box::new(plan?) })
            }
            Some(_) => self.fault(at, "unknown", "There is no such view of these records."),
        }
    }
}
