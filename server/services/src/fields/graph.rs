//! What follows from what: formulas from fields of their record, roll-ups from fields of other types. Nothing may follow
//! from itself, however long the way round.

use std::collections::{BTreeMap, BTreeSet};

use super::{Field, Shape};
use crate::formula;

/// A field by its type and key: a field that takes another's place keeps the place in the graph.
type Node = (String, String);

fn sources(field: &Field) -> Vec<Node> {
    match &field.details.shape {
        Shape::Stored(_) => Vec::new(),
        Shape::Formula(text) => formula::parse(text)
            .map(|expr| expr.fields().into_iter().map(|key| (field.entity_type.clone(), key)).collect())
            .unwrap_or_default(),
        Shape::RollUp(up) => [Some(&up.via), up.over.as_ref()].into_iter().flatten().map(|key| (up.source.clone(), key.clone())).collect(),
    }
}

/// The way from a field back to itself, as its keys, if there is one among these.
pub(super) fn cycle(fields: &[Field], of: &Field) -> Option<Vec<String>> {
    let edges: BTreeMap<Node, Vec<Node>> =
        fields.iter().map(|field| ((field.entity_type.clone(), field.key.clone()), sources(field))).collect();
    let start: Node = (of.entity_type.clone(), of.key.clone());
    // Depth first with the way on a stack of our own: the graph may be as large as there are fields.
    let mut seen = BTreeSet::new();
    let mut stack: Vec<(Node, usize)> = vec![(start.clone(), 0)];
    while let Some((node, next)) = stack.last_mut() {
        let Some(target) = edges.get(node).and_then(|targets| targets.get(*next)).cloned() else {
            stack.pop();
            continue;
        };
        *next += 1;
        if target == start {
            return Some(stack.iter().map(|((_, key), _)| key.clone()).chain([start.1]).collect());
        }
        if seen.insert(target.clone()) {
            stack.push((target, 0));
        }
    }
    None
}

/// The fields that follow from that one at once.
pub(super) fn dependants<'a>(fields: &'a [Field], entity_type: &str, key: &str) -> Vec<&'a Field> {
    fields.iter().filter(|field| sources(field).iter().any(|(of, name)| of == entity_type && name == key)).collect()
}

/// A type's formulas, each after those it reads; there is no cycle among them.
pub(super) fn in_order(fields: &[Field]) -> Vec<&Field> {
    let mut left: Vec<&Field> = fields.iter().filter(|field| matches!(field.details.shape, Shape::Formula(_))).collect();
    let mut ordered: Vec<&Field> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waiting: BTreeSet<&str> = left.iter().map(|field| field.key.as_str()).collect();
        let (ready, rest): (Vec<&Field>, Vec<&Field>) =
            left.iter().partition(|field| sources(field).iter().all(|(_, key)| !waiting.contains(key.as_str())));
        if ready.is_empty() {
            break;
        }
        ordered.extend(ready);
        left = rest;
    }
    ordered
}
