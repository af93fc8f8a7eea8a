//! Where one is in the calendar: all of it stands in the URL, so that reload, back and sharing work.

mod shown;

pub use shown::{Filter, Zoom};

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, SecondsFormat, Utc};
use platform::id::{EntityId, LocationId};
use serde::{Deserialize, Serialize};
use services::calendar::event::ResourceKind;

/// The calendar's own address.
pub const PATH: &str = "/dashboard/calendar";

/// What stands in the URL in place of a start that is still to be found.
const EARLIEST: &str = "earliest";

/// How much time is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Resources side by side: the desk's default.
    #[default]
    Day,
    /// Seven days side by side.
    Week,
    /// Six weeks with counts.
    Month,
    /// Fourteen days side by side.
    Fortnight,
    /// Seven days, one entry below the other.
    Agenda,
    /// A week of many: people down, days across.
    Team,
}

impl Span {
    /// As in the URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Span::Day => "day",
            Span::Week => "week",
            Span::Month => "month",
            Span::Fortnight => "weeks",
            Span::Agenda => "agenda",
            Span::Team => "team",
        }
    }

    /// Whether it has hours at the side and columns beside each other.
    pub fn is_grid(self) -> bool {
        matches!(self, Span::Day | Span::Week | Span::Fortnight)
    }

    /// The dates to be shown around a date, the second exclusive. Weeks begin on `week_start` (1 = Monday … 7 = Sunday).
    pub fn range(self, date: NaiveDate, week_start: u32) -> (NaiveDate, NaiveDate) {
        match self {
            Span::Day => (date, date + Days::new(1)),
            Span::Week | Span::Team => {
                let monday = week_of(date, week_start);
                (monday, monday + Days::new(7))
            }
            Span::Fortnight => {
                let monday = week_of(date, week_start);
                (monday, monday + Days::new(14))
            }
            Span::Agenda => (date, date + Days::new(7)),
            Span::Month => {
                let first = date.with_day(1).unwrap_or(date);
                let from = week_of(first, week_start);
                let last = first + Months::new(1) - Days::new(1);
                (from, week_of(last, week_start) + Days::new(7))
            }
        }
    }

    /// The date one such span later or earlier.
    pub fn step(self, date: NaiveDate, forward: bool) -> NaiveDate {
        let days = match self {
            Span::Day => 1,
            Span::Fortnight => 14,
            _ => 7,
        };
        match (self, forward) {
            (Span::Month, true) => date + Months::new(1),
            (Span::Month, false) => date - Months::new(1),
            (_, true) => date + Days::new(days),
            (_, false) => date - Days::new(days),
        }
    }
}

/// The first day of the week in which the date lies.
pub fn week_of(date: NaiveDate, week_start: u32) -> NaiveDate {
    let into = (7 + date.weekday().number_from_monday() - week_start.clamp(1, 7)) % 7;
    date - Days::new(u64::from(into))
}

/// What is to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fresh {
    /// Its activity type; empty for the first that one may make.
    pub kind: String,
    /// When it begins.
    pub start: Option<DateTime<Utc>>,
    /// When it ends, if its length was drawn.
    pub end: Option<DateTime<Utc>>,
    /// On whose column it was drawn.
    pub resource: Option<EntityId>,
    /// Whether it is to be at the earliest time that is free, whenever that is.
    pub earliest: bool,
}

/// The query of the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// How much is shown.
    pub span: Span,
    /// Around which date; today in the location's zone if none is given.
    pub date: Option<NaiveDate>,
    /// Which resources are the columns.
    pub by: Option<ResourceKind>,
    /// Of which resource the week is shown; of all if none is given.
    pub of: Option<EntityId>,
    /// At which location; the first if none is given.
    pub location: Option<LocationId>,
    /// The event in the peek panel.
    pub open: Option<EntityId>,
    /// What is to be made.
    pub new: Option<Fresh>,
    /// How fine the grid is.
    pub zoom: Zoom,
    /// What of it matters.
    pub filter: Filter,
    /// Whether cancelled ones are shown.
    pub cancelled: bool,
    /// Whether a week of many shows all entries beside each other, however narrow they become.
    pub all: bool,
}

impl Place {
    /// Reads the query; what cannot be understood is left out rather than refused.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        fn parsed<T: std::str::FromStr>(text: Option<String>) -> Option<T> {
            text.and_then(|text| text.parse().ok())
        }
        fn listed<T: std::str::FromStr>(text: Option<String>) -> Vec<T> {
            text.map(|text| text.split('.').filter_map(|part| part.parse().ok()).collect()).unwrap_or_default()
        }
        Self {
            span: match get("view").as_deref() {
                Some("week") => Span::Week,
                Some("month") => Span::Month,
                Some("weeks") => Span::Fortnight,
                Some("agenda") => Span::Agenda,
                Some("team") => Span::Team,
                _ => Span::Day,
            },
            date: parsed(get("date")),
            by: match get("by").as_deref() {
                Some("room") => Some(ResourceKind::Room),
                Some("device") => Some(ResourceKind::Device),
                _ => None,
            },
            of: parsed(get("of")),
            location: parsed(get("location")),
            open: parsed(get("open")),
            new: get("new").map(|kind| Fresh {
                kind,
                start: parsed(get("start")),
                end: parsed(get("end")),
                resource: parsed(get("with")),
                earliest: get("start").as_deref() == Some(EARLIEST),
            }),
            zoom: get("zoom").as_deref().and_then(Zoom::parse).unwrap_or_default(),
            filter: Filter { columns: listed(get("only")), states: listed(get("state")), line: get("line").unwrap_or_default() },
            cancelled: get("cancelled").is_some(),
            all: get("all").is_some(),
        }
    }

    /// Which resources are the columns.
    pub fn kind(&self) -> ResourceKind {
        self.by.unwrap_or(ResourceKind::Staff)
    }

    /// Its URL.
    pub fn href(&self) -> String {
        let mut url = String::with_capacity(120);
        url.push_str(PATH);
        let mut first = true;
        let mut add = |name: &str, value: &str| {
            url.push(if first { '?' } else { '&' });
            first = false;
            url.push_str(name);
            url.push('=');
            push_encoded(&mut url, value);
        };
        if self.span != Span::Day {
            add("view", self.span.as_str());
        }
        if let Some(date) = self.date {
            add("date", &date.to_string());
        }
        match self.by {
            Some(ResourceKind::Room) => add("by", "room"),
            Some(ResourceKind::Device) => add("by", "device"),
            _ => {}
        }
        if let Some(of) = self.of {
            add("of", &of.to_string());
        }
        if let Some(location) = self.location {
            add("location", &location.to_string());
        }
        if self.zoom != Zoom::default() {
            let mut minutes = String::new();
            super::axis::push_number(&mut minutes, self.zoom.minutes());
            add("zoom", &minutes);
        }
        for (name, value) in self.filter_words() {
            if !value.is_empty() {
                add(name, &value);
            }
        }
        if self.cancelled {
            add("cancelled", "1");
        }
        if self.all {
            add("all", "1");
        }
        if let Some(open) = self.open {
            add("open", &open.to_string());
        }
        if let Some(new) = &self.new {
            add("new", &new.kind);
            for (name, instant) in [("start", new.start), ("end", new.end)] {
                if let Some(instant) = instant {
                    add(name, &instant.to_rfc3339_opts(SecondsFormat::Secs, true));
                }
            }
            if new.earliest {
                add("start", EARLIEST);
            }
            if let Some(resource) = new.resource {
                add("with", &resource.to_string());
            }
        }
        url
    }

    /// What the filter adds to the query.
    fn filter_words(&self) -> [(&'static str, String); 3] {
        let mut only = String::new();
        for id in &self.filter.columns {
            if !only.is_empty() {
                only.push('.');
            }
            only.push_str(&id.to_string());
        }
        let mut states = String::new();
        for status in &self.filter.states {
            if !states.is_empty() {
                states.push('.');
            }
            states.push_str(status.as_str());
        }
        [("only", only), ("state", states), ("line", self.filter.line.clone())]
    }

    /// The same place with the panel shut.
    pub fn shut(&self) -> Self {
        Self { open: None, new: None, ..self.clone() }
    }

    /// The same place on another date.
    pub fn on(&self, date: Option<NaiveDate>) -> Self {
        Self { date, ..self.shut() }
    }

    /// The same place in another span.
    pub fn over(&self, span: Span) -> Self {
        Self { span, ..self.shut() }
    }

    /// The same place with other resources as columns.
    pub fn by(&self, kind: ResourceKind) -> Self {
        // Columns that were chosen are people, or rooms: of another kind none of them would be left.
        let filter = Filter { columns: Vec::new(), ..self.filter.clone() };
        Self { by: (kind != ResourceKind::Staff).then_some(kind), of: None, filter, ..self.shut() }
    }

    /// The same place with an event's details open.
    pub fn opening(&self, event: EntityId) -> Self {
        Self { open: Some(event), new: None, ..self.clone() }
    }
}

/// Writes a value so that it survives in a query.
fn push_encoded(url: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push(char::from(HEX[usize::from(byte >> 4)]));
            url.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests;
