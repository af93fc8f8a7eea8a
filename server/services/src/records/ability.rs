//! What cannot be done with the records of a type, and why: told by the registry, so that programs need not try.

use platform::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{OBJECTS, source};
use crate::persons;

/// What is possible with the records of some types and not of others. Everything else that any record has, all of them have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordAbility)]
pub enum Ability {
    /// Made and changed by `/objects/{type}`, taken over from files, and a change of them undone.
    Write,
    /// Two that are one become one, by `/merges`.
    Merge,
    /// Taken out of lists and brought back, by `/objects/{type}/{id}`.
    Delete,
}

/// Why something is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LackReason {
    /// They come to be and change by their module's own steps alone.
    OwnSteps,
    /// Records of humans are merged, and of nothing else.
    NoHuman,
    /// Other records of its module hang on it: it ends by its module's own steps, and stays.
    KeptByModule,
}

/// Something that is not possible with the records of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RecordLack)]
pub struct Lack {
    /// What is not possible.
    pub ability: Ability,
    /// Why.
    pub reason: LackReason,
}

/// What is not possible with the records of a type that can be listed.
pub fn lacks(state: &State, entity_type: &str) -> Vec<Lack> {
    let flexible = entity_type.starts_with(OBJECTS.entity_type);
    let written = flexible || source(state, entity_type).is_ok_and(|source| source.save.is_some());
    let all = [
        (written, Ability::Write, LackReason::OwnSteps),
        (persons::types(state).contains(&entity_type), Ability::Merge, LackReason::NoHuman),
        (flexible, Ability::Delete, LackReason::KeptByModule),
    ];
    all.into_iter().filter(|(has, ..)| !has).map(|(_, ability, reason)| Lack { ability, reason }).collect()
}
