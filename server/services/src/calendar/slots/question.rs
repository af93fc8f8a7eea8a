//! A question about times with everything needed to answer it, so that it can be asked anywhere and the answers
//! compared: the browser and the server must never differ.

use chrono::{DateTime, Utc};
use platform::id::EntityId;
use platform::time::{Interval, ZoneWindow};
use serde::{Deserialize, Serialize};

use super::{ResourceTime, Slot, Why, Wish, slots, verdict};

/// What is wished, what is known, and a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub wish: Wish,
    pub times: Vec<ResourceTime>,
    pub zone: ZoneWindow,
    /// The proposed start.
    pub start: DateTime<Utc>,
    /// The proposed resources.
    pub chosen: Vec<EntityId>,
    /// In which the slots' starts lie.
    pub range: Interval,
}

/// The verdict on the proposal, and the free slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub verdict: Vec<Why>,
    pub slots: Vec<Slot>,
}

impl Question {
    /// The answer, from nothing but the question.
    pub fn answer(&self) -> Answer {
        Answer {
            verdict: verdict(&self.wish, &self.times, self.start, &self.chosen),
            slots: slots(&self.wish, &self.times, &self.zone, self.range),
        }
    }
}

/// Many places to which something is dragged, over the same resources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drags {
    pub question: Question,
    pub places: Vec<Dragged>,
}

/// Where it is held for a moment: moved, stretched, over other columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dragged {
    pub start: DateTime<Utc>,
    pub minutes: i32,
    pub chosen: Vec<EntityId>,
}

impl Drags {
    /// What the label beside it says at each place.
    pub fn verdicts(&self) -> Vec<Vec<Why>> {
        let mut wish = self.question.wish.clone();
        let judge = |place: &Dragged| {
            wish.minutes = place.minutes;
            verdict(&wish, &self.question.times, place.start, &place.chosen)
        };
        self.places.iter().map(judge).collect()
    }
}
