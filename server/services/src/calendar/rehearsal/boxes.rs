//! Boxes beside each other, by the calendar's own layout (R16).

use platform::Result;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::faults::Faults;
use crate::calendar::layout::{Item, layout};

/// A day's events.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    #[schema(max_items = 5000)]
    pub events: Option<Vec<Drawn>>,
}

/// One of them.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PictureEvent)]
pub struct Drawn {
    /// Compared as a text.
    pub id: String,
    /// `HH:MM`.
    #[schema(example = "09:00")]
    pub start: String,
    /// `HH:MM` or `24:00`, after the start.
    #[schema(example = "10:00")]
    pub end: String,
    /// A cancelled one gets no box; false if not given.
    pub cancelled: Option<bool>,
}

/// Where everything goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Boxes {
    /// By start, the longer first, then by id.
    pub boxes: Vec<Place>,
}

/// Where one event goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PictureBox)]
pub struct Place {
    pub id: String,
    /// From 0 at the left.
    pub column: usize,
    /// How many columns its cluster has.
    pub columns: usize,
    /// How many of them it fills.
    pub span: usize,
}

/// Lays the events out.
///
/// # Errors
/// `Invalid`.
pub fn boxes(told: &Picture) -> Result<Boxes> {
    let mut faults = Faults::default();
    let mut items = Vec::new();
    for (n, event) in faults.list(&|| "events".into(), told.events.as_deref(), 5000).iter().enumerate() {
        let before = faults.count();
        let start = faults.start(&|| format!("events[{n}].start"), &event.start);
        let end = faults.end(&|| format!("events[{n}].end"), &event.end);
        if faults.count() == before && end <= start {
            faults.refuse(format!("events[{n}].end"), "order", "The end must come after the start.");
        }
        items.push(Item { id: event.id.as_str(), start, end, cancelled: event.cancelled.unwrap_or(false) });
    }
    faults.finish()?;
    let boxes = layout(&items).into_iter();
    let boxes = boxes.map(|placed| Place { id: placed.id.into(), column: placed.column, columns: placed.columns, span: placed.span });
    Ok(Boxes { boxes: boxes.collect() })
}
