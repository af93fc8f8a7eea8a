//! Events out of the lines of a file.

use super::lines::{Line, read};

/// An event's own lines; those of alarms within it are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    lines: Vec<Line>,
}

impl Block {
    /// The first line of that name.
    pub(super) fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    /// The value of the first line of that name, or nothing.
    pub(super) fn value(&self, name: &str) -> &str {
        self.line(name).map_or("", |line| line.value.trim())
    }

    /// All lines of that name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.name == name)
    }
}

/// The events of a file. None if it is no calendar at all.
pub(super) fn events(file: &str) -> Option<Vec<Block>> {
    let mut open: Vec<String> = Vec::new();
    let mut events: Vec<Block> = Vec::new();
    let mut calendar = false;
    for line in read(file) {
        match line.name.as_str() {
            "BEGIN" => {
                let name = line.value.trim().to_ascii_uppercase();
                calendar |= name == "VCALENDAR";
                if name == "VEVENT" {
                    events.push(Block::default());
                }
                open.push(name);
            }
            "END" => {
                let name = line.value.trim().to_ascii_uppercase();
                // A part that was never closed ends with what it lies in.
                if let Some(at) = open.iter().rposition(|known| *known == name) {
                    open.truncate(at);
                }
            }
            _ => {
                if let (Some("VEVENT"), Some(event)) = (open.last().map(String::as_str), events.last_mut()) {
                    event.lines.push(line);
                }
            }
        }
    }
    calendar.then_some(events)
}
