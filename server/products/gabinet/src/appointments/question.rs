//! One question about times, asked of each practitioner as their own terms are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use platform::{id::EntityId, time::Interval};
use serde::{Deserialize, Serialize};
use services::calendar::slots::{self, Need, Rule, Slot, Why, Wish};

use super::{HeldTime, Question};
use crate::treatments::{Agreed, Cost, Treatment, fitted};

/// What is different of the wish with one practitioner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnWish {
    pub employee: EntityId,
    pub minutes: i32,
    /// When no more of the treatment may begin with them (R9).
    pub full: Vec<Interval>,
}

/// What a visit costs: the very prices at which it is booked, so that who asks sees them beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricing {
    /// ISO 4217.
    pub currency: String,
    /// Each treatment's, in the order of the treatments, with the place of the need that whoever gives it serves.
    pub parts: Vec<(usize, Cost)>,
    /// Whether a length or a price is what was agreed with the patient.
    pub agreed: bool,
}

impl Pricing {
    /// Of one treatment alone.
    pub fn of(treatment: &Treatment, agreed: Agreed) -> Pricing {
        let parts = vec![(0, treatment.cost(agreed))];
        Pricing { currency: treatment.currency.clone(), parts, agreed: treatment.is_agreed(agreed) }
    }

    /// The sum, in minor units: `resources` serve the needs in their order.
    pub fn with(&self, resources: &[EntityId]) -> i64 {
        self.parts.iter().map(|(need, cost)| resources.get(*need).map_or_else(|| cost.usual(), |id| cost.with(*id))).sum()
    }
}

impl Question {
    /// The wish with one practitioner and nobody else.
    pub fn with(&self, employee: EntityId) -> Wish {
        let mut wish = self.wish.clone();
        if let Some(need) = wish.needs.first_mut() {
            need.any_of.retain(|id| *id == employee);
        }
        let Some(own) = self.own.iter().find(|own| own.employee == employee) else { return wish };
        let base = wish.minutes;
        let needs = wish.needs.into_iter().map(|need| Need { segments: fitted(&need.segments, base, own.minutes), ..need });
        Wish { needs: needs.collect(), minutes: own.minutes, full: own.full.clone(), ..wish }
    }

    /// The wish as one question for all practitioners with whom it is the same: mostly one, and never none.
    pub fn wishes(&self) -> Vec<Wish> {
        let staff: &[EntityId] = self.wish.needs.first().map_or(&[], |need| need.any_of.as_slice());
        if self.own.is_empty() || staff.is_empty() {
            return vec![self.wish.clone()];
        }
        let mut wishes: Vec<Wish> = Vec::new();
        for id in staff {
            let alone = self.with(*id);
            let same = wishes.iter_mut().find(|wish| wish.minutes == alone.minutes && wish.full == alone.full);
            match same.and_then(|wish| wish.needs.first_mut()) {
                Some(need) => need.any_of.push(*id),
                None => wishes.push(alone),
            }
        }
        wishes
    }

    /// All free times of the range with anybody who will do, one per start.
    pub fn free(&self) -> Vec<Slot> {
        merged(self.wishes().iter().map(|wish| slots::slots(wish, &self.times, &self.zone, self.range)).collect())
    }
}

impl HeldTime {
    /// Whether it is this that stands in the way.
    pub fn is(&self, why: &Why) -> bool {
        matches!(why.rule, Rule::Busy | Rule::Buffer | Rule::Capacity)
            && why.resource == Some(self.resource)
            && why.during.is_some_and(|during| during == self.during || during == self.occupied)
    }
}

/// Free times of several wishes as one list by instant, one per start: of two at one start the earlier wish's.
pub fn merged(mut all: Vec<Vec<Slot>>) -> Vec<Slot> {
    if all.len() == 1 {
        return all.pop().unwrap_or_default();
    }
    let mut merged: BTreeMap<DateTime<Utc>, Slot> = BTreeMap::new();
    for slot in all.into_iter().flatten() {
        merged.entry(slot.start).or_insert(slot);
    }
    merged.into_values().collect()
}
