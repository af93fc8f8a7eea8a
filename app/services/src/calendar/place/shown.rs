//! How a place is shown: how fine its grid is, and what of its entries matters.

use platform::id::EntityId;
use services::calendar::event::Status;

/// How fine the grid is: minutes between two of its lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zoom {
    /// Five minutes.
    Five,
    /// Ten minutes.
    Ten,
    /// A quarter of an hour: the desk's default, which fills the screen.
    #[default]
    Quarter,
    /// Half an hour.
    Half,
    /// An hour.
    Hour,
}

impl Zoom {
    /// From the finest.
    pub const ALL: [Zoom; 5] = [Zoom::Five, Zoom::Ten, Zoom::Quarter, Zoom::Half, Zoom::Hour];

    /// Minutes between two lines.
    pub fn minutes(self) -> i32 {
        [5, 10, 15, 30, 60][self as usize]
    }

    /// Minutes between two starts (R17).
    pub fn snap(self) -> i32 {
        if self.minutes() < 15 { 5 } else { 15 }
    }

    /// One step finer or coarser; at the end it stays.
    pub fn step(self, finer: bool) -> Self {
        let at = self as usize;
        Self::ALL[if finer { at.saturating_sub(1) } else { (at + 1).min(4) }]
    }

    /// As in the URL: `5`; `fine` is what older links say.
    pub fn parse(word: &str) -> Option<Self> {
        if word == "fine" {
            return Some(Zoom::Five);
        }
        let minutes: i32 = word.parse().ok()?;
        Self::ALL.into_iter().find(|zoom| zoom.minutes() == minutes)
    }
}

/// What of the entries matters to the reader; the others stay in sight, but quiet, for their time is taken all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The columns shown; all if it is empty.
    pub columns: Vec<EntityId>,
    /// The states that matter; all if it is empty.
    pub states: Vec<Status>,
    /// The treatment that matters, as it stands on the second line.
    pub line: String,
}

impl Filter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.states.is_empty() && self.line.is_empty()
    }

    /// Whether an entry in that state with that second line matters.
    pub fn picks(&self, status: Status, line: &str) -> bool {
        (self.states.is_empty() || self.states.contains(&status)) && (self.line.is_empty() || self.line == line)
    }
}
