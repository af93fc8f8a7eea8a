//! Where one is in the calendar: all of it stands in the URL, so that reload, back and sharing work.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, SecondsFormat, Utc};
use platform::id::{EntityId, LocationId};
use serde::{Deserialize, Serialize};
use services::calendar::event::ResourceKind;

/// The calendar's own address.
pub const PATH: &str = "/dashboard/calendar";

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
}

impl Span {
    /// As in the URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Span::Day => "day",
            Span::Week => "week",
            Span::Month => "month",
        }
    }

    /// The dates to be shown around a date, the second exclusive. Weeks begin on `week_start` (1 = Monday … 7 = Sunday).
    pub fn range(self, date: NaiveDate, week_start: u32) -> (NaiveDate, NaiveDate) {
        match self {
            Span::Day => (date, date + Days::new(1)),
            Span::Week => {
                let monday = week_of(date, week_start);
                (monday, monday + Days::new(7))
            }
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
        let days = if self == Span::Day { 1 } else { 7 };
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// Its activity type; empty for the first that one may make.
    pub kind: String,
    /// When it begins.
    pub start: Option<DateTime<Utc>>,
    /// When it ends, if its length was drawn.
    pub end: Option<DateTime<Utc>>,
    /// On whose column it was drawn.
    pub resource: Option<EntityId>,
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
    /// Whether the grid is fine: taller hours, snapping to 5 minutes.
    pub fine: bool,
    /// Whether cancelled ones are shown.
    pub cancelled: bool,
}

impl Place {
    /// Reads the query; what cannot be understood is left out rather than refused.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        fn parsed<T: std::str::FromStr>(text: Option<String>) -> Option<T> {
            text.and_then(|text| text.parse().ok())
        }
        Self {
            span: match get("view").as_deref() {
                Some("week") => Span::Week,
                Some("month") => Span::Month,
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
            new: get("new").map(|kind| Fresh { kind, start: parsed(get("start")), end: parsed(get("end")), resource: parsed(get("with")) }),
            fine: get("zoom").as_deref() == Some("fine"),
            cancelled: get("cancelled").is_some(),
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
        if self.fine {
            add("zoom", "fine");
        }
        if self.cancelled {
            add("cancelled", "1");
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
            if let Some(resource) = new.resource {
                add("with", &resource.to_string());
            }
        }
        url
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
        Self { by: (kind != ResourceKind::Staff).then_some(kind), of: None, ..self.shut() }
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
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn read(url: &str) -> Place {
        let query = url.split_once('?').map_or("", |(_, query)| query).to_owned();
        Place::read(move |name| {
            query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn a_place_is_read_back_from_its_url() {
        let place = Place {
            span: Span::Week,
            date: Some(date("2026-11-24")),
            by: Some(ResourceKind::Room),
            of: Some(EntityId::new()),
            location: Some(LocationId::new()),
            open: None,
            new: Some(Fresh {
                kind: "gabinet:appointment".into(),
                start: Some("2026-11-24T09:15:00Z".parse().unwrap()),
                end: None,
                resource: Some(EntityId::new()),
            }),
            fine: true,
            cancelled: true,
        };
        assert_eq!(read(&place.href()), place);
    }

    #[test]
    fn the_plain_place_has_a_plain_url_and_nonsense_is_left_out() {
        assert_eq!(Place::default().href(), PATH);
        assert_eq!(read("/dashboard/calendar?view=year&date=never&open=7&location="), Place::default());
    }

    #[test]
    fn other_characters_are_encoded() {
        let place = Place { new: Some(Fresh { kind: "a&b=c ü".into(), start: None, end: None, resource: None }), ..Place::default() };
        assert_eq!(place.href(), "/dashboard/calendar?new=a%26b%3Dc%20%C3%BC");
    }

    #[test]
    fn a_week_begins_where_the_location_says() {
        let tuesday = date("2026-11-24");
        assert_eq!(Span::Week.range(tuesday, 1), (date("2026-11-23"), date("2026-11-30")));
        assert_eq!(Span::Week.range(tuesday, 7), (date("2026-11-22"), date("2026-11-29")));
        assert_eq!(Span::Week.range(date("2026-11-22"), 7).0, date("2026-11-22"));
        assert_eq!(Span::Week.range(date("2026-11-22"), 1).0, date("2026-11-16"));
    }

    #[test]
    fn a_month_is_shown_in_whole_weeks() {
        assert_eq!(Span::Month.range(date("2026-11-24"), 1), (date("2026-10-26"), date("2026-12-07")));
        assert_eq!(Span::Month.range(date("2026-02-10"), 1), (date("2026-01-26"), date("2026-03-02")));
        assert_eq!(Span::Month.step(date("2026-01-31"), true), date("2026-02-28"));
    }
}
