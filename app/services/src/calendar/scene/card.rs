//! An event in a column: the strings its node has.

use super::{Column, Source};
use crate::{
    calendar::{
        axis::{Axis, push_number},
        place::Span,
        status, when,
    },
    words,
};
use platform::id::EntityId;
use services::calendar::{event::Event, layout::Placed};

/// Lower than this many minutes and only the name fits, by how fine the grid is.
const SHORT: [i32; 5] = [7, 10, 25, 34, 50];
/// Lower than this many minutes and the time does not fit, likewise.
const MEDIUM: [i32; 5] = [12, 17, 45, 62, 100];

/// An event in a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The activity.
    pub id: EntityId,
    /// Its fingerprint: equal if nothing on it has changed.
    pub print: u64,
    /// First minute of the scale, not cut off.
    pub start: i32,
    /// First minute after it.
    pub end: i32,
    /// Class names: state, size.
    pub class: String,
    /// Its place and colour, as custom properties.
    pub style: String,
    /// What a screen reader says.
    pub spoken: String,
    /// The person or title.
    pub title: String,
    /// The treatment, then, on its own line, time and place.
    pub lines: String,
    /// The marks, as custom properties; empty without any.
    pub marks: String,
}

impl Card {
    pub(super) fn new(source: &Source<'_>, column: &Column, axis: &Axis, event: &Event, placed: Option<&Placed>) -> Self {
        let view = &source.loaded.calendar;
        let start = axis.position(&view.zone, column.date, event.start);
        let end = axis.position(&view.zone, column.date, event.end);
        // What began the day before or ends the day after is cut where the scale ends, so that its name is seen.
        let top = start.max(axis.from);
        let bottom = end.min(axis.to).max(top + 1);
        let height = bottom - top;
        let zoom = source.look.zoom as usize;

        let mut class = String::from("calendar-event is-");
        class.push_str(event.status.as_str());
        if event.end <= source.now {
            class.push_str(" is-past");
        }
        if height < SHORT[zoom] {
            class.push_str(" is-short");
        } else if height < MEDIUM[zoom] {
            class.push_str(" is-medium");
        }
        // A week's columns are narrower than a day's.
        let room = if source.loaded.span == Span::Day { 3 } else { 2 };
        if placed.is_some_and(|placed| placed.columns >= room * placed.span) {
            class.push_str(" is-narrow");
        }
        if !source.look.filter.picks(event.status, &event.face.line) {
            class.push_str(" is-aside");
        }
        if event.buffer_before > 0 || event.buffer_after > 0 {
            class.push_str(" has-buffer");
        }
        if source.patches.get(&event.id).is_some_and(|patch| patch.version.is_none()) {
            class.push_str(" is-unsaved");
        }

        let mut style = String::with_capacity(64);
        let mut set = |name: &str, value: i32| {
            style.push_str("--");
            style.push_str(name);
            style.push(':');
            push_number(&mut style, value);
            style.push(';');
        };
        set("top", top);
        set("high", height);
        set("hue", i32::from(event.face.hue.unwrap_or(event.hue)));
        if let Some(placed) = placed.filter(|placed| placed.columns > 1) {
            set("lane", placed.column as i32);
            set("lanes", placed.columns as i32);
            set("wide", placed.span as i32);
        }
        if event.buffer_before > 0 {
            set("before", event.buffer_before);
        }
        if event.buffer_after > 0 {
            set("after", event.buffer_after);
        }

        let times = when::times(&view.zone, event.start, event.end);
        let mut lines = event.face.line.clone();
        if height >= MEDIUM[zoom] {
            if !lines.is_empty() {
                lines.push('\n');
            }
            lines.push_str(&times);
            if !event.face.place.is_empty() {
                lines.push_str(" · ");
                lines.push_str(&event.face.place);
            }
        }

        let mut marks = String::new();
        let signs = event.face.flags.iter().map(String::as_str).chain(status::mark(event.status)).take(4);
        for (index, sign) in signs.enumerate() {
            for (name, value) in [("--mark-", ":var(--sign-"), ("--tint-", ":var(--tint-")] {
                marks.push_str(name);
                push_number(&mut marks, index as i32 + 1);
                marks.push_str(value);
                // Flags come from modules; only what can be a name goes into the style.
                marks.extend(sign.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }));
                marks.push_str(");");
            }
        }
        if !marks.is_empty() {
            marks.push_str("--count:");
            push_number(&mut marks, (event.face.flags.len().min(4) + usize::from(status::mark(event.status).is_some())).min(4) as i32);
        }

        let mut card = Self {
            id: event.id,
            print: 0,
            start,
            end,
            class,
            style,
            spoken: spoken_of(source, column.date, event),
            title: title(source, event),
            lines,
            marks,
        };
        card.print = fingerprint(&[&card.class, &card.style, &card.spoken, &card.title, &card.lines, &card.marks]);
        card
    }
}

/// The name on the card: its title, or what kind of thing it is.
pub fn title(source: &Source<'_>, event: &Event) -> String {
    if event.title.is_empty() {
        kind(source, event).to_owned()
    } else if source.look.private && event.subject.is_some() {
        initials(&event.title)
    } else {
        event.title.clone()
    }
}

/// `A. N.`: enough for whoever knows who is meant, and nothing for those who look over the shoulder.
pub fn initials(name: &str) -> String {
    let mut short = String::with_capacity(6);
    for letter in name.split_whitespace().filter_map(|word| word.chars().next()) {
        if !short.is_empty() {
            short.push(' ');
        }
        short.push(letter);
        short.push('.');
    }
    short
}

/// What kind of thing it is.
fn kind<'a>(source: &Source<'_>, event: &'a Event) -> &'a str {
    status::label(source.lang, &event.activity_type).or_else(|| (source.label)(&event.activity_type)).unwrap_or(&event.activity_type)
}

/// `Tuesday 24 November, 10:30 to 11:15, Anna Nowak, consultation, confirmed, Dr Lis, room 2`.
pub fn spoken_of(source: &Source<'_>, date: chrono::NaiveDate, event: &Event) -> String {
    use crate::calendar::axis::clock;
    let zone = &source.loaded.calendar.zone;
    let mut text = when::long_date(source.lang, date);
    let mut say = |part: &str| {
        if !part.is_empty() {
            text.push_str(", ");
            text.push_str(part);
        }
    };
    say(&words::from_to(source.lang, &clock(zone, event.start), &clock(zone, event.end)));
    say(&title(source, event));
    say(if event.face.line.is_empty() && !event.title.is_empty() { kind(source, event) } else { &event.face.line });
    say(status::word(source.lang, event.status));
    for id in &event.resources {
        if let Some(resource) = source.resource(*id) {
            say(&resource.name);
        }
    }
    for flag in &event.face.flags {
        if let Some(word) = status::flag(source.lang, flag).or_else(|| (source.label)(flag)) {
            say(word);
        }
    }
    text
}

/// FNV-1a over the parts, with a separator that no text has.
fn fingerprint(parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}
