//! What the form holds while it is filled in. Nothing in it is lost when the server refuses.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use leptos::prelude::*;
use platform::{
    id::EntityId,
    time::{WallTime, ZoneWindow},
};
use services::calendar::ResourceKind;
use ui::{Choice, Failure, Form, Lang, when};

use super::further::{MOST, More};

/// The fields.
#[derive(Clone, Copy)]
pub struct Draft {
    /// The patient's id and name.
    pub patient: RwSignal<Option<Choice>>,
    /// The treatment's id and name.
    pub treatment: RwSignal<Option<Choice>>,
    /// Id of the member of staff who was asked for; empty for anyone qualified.
    pub wanted: RwSignal<String>,
    /// The same, or empty if they do not give the treatment.
    pub staff: RwSignal<String>,
    /// As typed: `tomorrow`, `24.11`.
    pub date: RwSignal<String>,
    /// As typed: `1430`.
    pub time: RwSignal<String>,
    /// Whether the second pass is meant of a time that the clock shows twice (R4).
    pub second_pass: RwSignal<bool>,
    /// Rooms and devices asked for by name.
    pub pins: RwSignal<Vec<EntityId>>,
    /// More treatments of the same visit, by time: some of the places.
    pub further: RwSignal<Vec<More>>,
    /// As many as there can be. They live as long as the form: what is made where a button is pressed or something is put
    /// back would be gone with whatever did that.
    pub places: [More; MOST],
    /// What the server refused.
    pub refused: RwSignal<Option<Failure>>,
    /// Whether the earliest time is wanted, as long as nobody types another.
    pub earliest: bool,
    /// Free text.
    pub notes: RwSignal<String>,
    /// Why it is to be booked although something stands against it (R12).
    pub overbook: RwSignal<String>,
}

impl Draft {
    /// Begun where the calendar was clicked.
    pub fn new(lang: Lang, form: &Form) -> Self {
        let wall = form.zone.wall(form.start);
        let wanted = RwSignal::new(String::new());
        let pins = RwSignal::new(Vec::new());
        if let Some(resource) = form.resource {
            let kind = form.view.with_untracked(|view| {
                view.iter().flat_map(|view| &view.resources).find(|other| other.id == resource).map(|resource| resource.kind)
            });
            match kind {
                Some(ResourceKind::Staff) => wanted.set(resource.to_string()),
                Some(ResourceKind::Room | ResourceKind::Device) => pins.set(vec![resource]),
                None => {}
            }
        }
        let second_pass = matches!(form.zone.instant(wall), WallTime::Twice { second, .. } if second == form.start);
        Self {
            patient: RwSignal::new(None),
            treatment: RwSignal::new(None),
            wanted,
            staff: RwSignal::new(wanted.get_untracked()),
            date: RwSignal::new(when::date_short(lang, wall.date())),
            // What is not known yet is not made up.
            time: RwSignal::new(if form.earliest { String::new() } else { when::clock(wall) }),
            earliest: form.earliest,
            second_pass: RwSignal::new(second_pass),
            pins,
            further: RwSignal::new(Vec::new()),
            places: std::array::from_fn(More::new),
            refused: RwSignal::new(None),
            notes: RwSignal::new(String::new()),
            overbook: RwSignal::new(String::new()),
        }
    }

    /// Puts date and time in, as if they had been typed.
    pub fn set_start(self, lang: Lang, zone: &ZoneWindow, start: DateTime<Utc>) {
        let wall = zone.wall(start);
        self.second_pass.set(matches!(zone.instant(wall), WallTime::Twice { second, .. } if second == start));
        self.date.set(when::date_short(lang, wall.date()));
        self.time.set(when::clock(wall));
    }
}

/// The id of what was chosen, tracked.
pub fn chosen(choice: RwSignal<Option<Choice>>) -> Option<EntityId> {
    choice.with(|choice| choice.as_ref().and_then(|choice| choice.value.parse().ok()))
}

/// What date and time, as typed, mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// There is no such time, or no such date, or nothing yet.
    Nothing {
        /// Whether it is the date that cannot be read.
        date: bool,
        /// Whether it is the time.
        time: bool,
    },
    /// The clock is put forward over it (R3).
    Gap {
        /// What the clock shows at the jump.
        before: NaiveDateTime,
        /// What it shows instead.
        after: NaiveDateTime,
    },
    /// One instant; `twice` if the clock shows it twice, and then the pass that is meant (R4).
    At {
        /// The instant meant.
        start: DateTime<Utc>,
        /// Both passes.
        twice: Option<(DateTime<Utc>, DateTime<Utc>)>,
    },
}

impl Typed {
    /// Reads what was typed.
    pub fn read(date: Option<NaiveDate>, time: &str, zone: &ZoneWindow, second_pass: bool) -> Self {
        let time = when::parse_time(time);
        let Some((date, time)) = date.zip(time) else { return Typed::Nothing { date: date.is_none(), time: time.is_none() } };
        match zone.instant(date.and_time(time)) {
            WallTime::One(start) => Typed::At { start, twice: None },
            WallTime::Twice { first, second } => {
                Typed::At { start: if second_pass { second } else { first }, twice: Some((first, second)) }
            }
            WallTime::Gap { before, after, .. } => Typed::Gap { before, after },
        }
    }

    /// The instant, if it is one.
    pub fn start(self) -> Option<DateTime<Utc>> {
        match self {
            Typed::At { start, .. } => Some(start),
            Typed::Nothing { .. } | Typed::Gap { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Warsaw over the year 2026.
    fn warsaw() -> ZoneWindow {
        ZoneWindow {
            zone: "Europe/Warsaw".into(),
            offset: 3600,
            from: at("2026-01-01T00:00:00Z"),
            to: at("2027-01-01T00:00:00Z"),
            changes: vec![(at("2026-03-29T01:00:00Z"), 7200), (at("2026-10-25T01:00:00Z"), 3600)],
        }
    }

    fn read(date: &str, time: &str, second_pass: bool) -> Typed {
        Typed::read(when::from_iso(date), time, &warsaw(), second_pass)
    }

    #[test]
    fn a_time_that_the_clock_skips_names_the_jump() {
        let Typed::Gap { before, after } = read("2026-03-29", "2:30", false) else { panic!("no gap") };
        assert_eq!((when::clock(before), when::clock(after)), ("02:00".into(), "03:00".into()));
    }

    #[test]
    fn a_time_that_the_clock_shows_twice_is_its_first_pass_unless_the_second_is_meant() {
        assert_eq!(read("2026-10-25", "2:30", false).start(), Some(at("2026-10-25T00:30:00Z")));
        assert_eq!(read("2026-10-25", "230", true).start(), Some(at("2026-10-25T01:30:00Z")));
        // Elsewhere the pass means nothing.
        assert_eq!(read("2026-11-24", "10:30", true), Typed::At { start: at("2026-11-24T09:30:00Z"), twice: None });
    }

    #[test]
    fn what_cannot_be_read_says_which_of_the_two_it_is() {
        assert_eq!(read("someday", "10", false), Typed::Nothing { date: true, time: false });
        assert_eq!(read("2026-11-24", "25", false), Typed::Nothing { date: false, time: true });
    }
}
