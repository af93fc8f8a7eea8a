//! What is answered: instants with the offset that the zone has then.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use platform::time::{Interval, ZoneWindow};
use serde::Serialize;
use utoipa::ToSchema;

use super::plan::Plan;
use super::resolved::place;
use crate::calendar::slots::{Rule, Slot, Why};

/// The free times of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Simulated {
    /// By instant, one for each start.
    pub slots: Vec<Offer>,
    /// The grid's other starts with what stands against them, if that was asked for.
    pub refused: Vec<Refused>,
}

/// A free time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RehearsedSlot)]
pub struct Offer {
    #[schema(format = DateTime)]
    pub start: String,
    #[schema(format = DateTime)]
    pub end: String,
    /// The resource of each role.
    pub resources: BTreeMap<String, String>,
}

/// A time that is not free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RehearsedRefusal)]
pub struct Refused {
    #[schema(format = DateTime)]
    pub start: String,
    /// All of them (R15).
    pub reasons: Vec<Obstacle>,
}

/// What stands against a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RehearsedReason)]
pub struct Obstacle {
    pub rule: Rule,
    /// Null where it concerns nobody in particular.
    pub resource: Option<String>,
    /// What is in the way. Of a time that the clock never shows: the local times before and after the jump.
    pub from: Option<String>,
    pub to: Option<String>,
}

/// The verdict on a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Checked {
    pub ok: bool,
    /// What was proposed, as an instant; null if the clock never shows it.
    #[schema(format = DateTime)]
    pub start: Option<String>,
    #[schema(format = DateTime)]
    pub end: Option<String>,
    /// All of them (R15); none if it is free.
    pub reasons: Vec<Obstacle>,
    /// The nearest free times by instant, at most three; none if it is free.
    pub alternatives: Vec<Offer>,
}

/// RFC 3339 with the zone's offset.
pub(super) fn written(zone: &ZoneWindow, instant: DateTime<Utc>) -> String {
    let offset = FixedOffset::east_opt(zone.offset_at(instant));
    let text = |offset: FixedOffset| instant.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::AutoSi, false);
    offset.map_or_else(|| instant.to_rfc3339_opts(SecondsFormat::AutoSi, true), text)
}

/// A slot with the names of its resources.
pub(super) fn offer(plan: &Plan, zone: &ZoneWindow, slot: &Slot) -> Offer {
    let named = plan.needs.iter().zip(&slot.resources);
    let resources = named.filter_map(|(need, id)| Some((need.role.clone(), plan.resources.get(place(*id)?)?.id.clone())));
    Offer { start: written(zone, slot.start), end: written(zone, slot.end), resources: resources.collect() }
}

/// Reasons with the names of their resources.
pub(super) fn obstacles(plan: &Plan, zone: &ZoneWindow, why: &[Why]) -> Vec<Obstacle> {
    let obstacle = |why: &Why| Obstacle {
        rule: why.rule,
        resource: why.resource.and_then(|id| Some(plan.resources.get(place(id)?)?.id.clone())),
        from: why.during.map(|Interval { start, .. }| written(zone, start)),
        to: why.during.map(|Interval { end, .. }| written(zone, end)),
    };
    why.iter().map(obstacle).collect()
}
