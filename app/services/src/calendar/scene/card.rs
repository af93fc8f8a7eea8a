//! An event in a column: the strings its node has.

use super::{Column, Look, Source};
use crate::{
    calendar::{
        axis::{Axis, push_number},
        place::Span,
        status, when,
    },
    words,
};
use platform::id::EntityId;
use services::calendar::{
    event::{Event, Status},
    layout::Placed,
};
use ui::Lang;

/// Lower than this many minutes and only the name fits, by how fine the grid is.
const SHORT: [i32; 5] = [7, 10, 25, 34, 50];
/// Lower than this many minutes and the time does not fit, likewise.
const MEDIUM: [i32; 5] = [12, 17, 45, 62, 100];

/// An event in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The activity.
    pub id: EntityId,
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
        // Beside many others there is no room for more than a name.
        let slim = placed.is_some_and(|placed| placed.columns >= 2 * room * placed.span);
        if !source.look.filter.picks(event.status, &event.face.line) {
            class.push_str(" is-aside");
        }
        let now = axis.position(&view.zone, column.date, source.now);
        let is_now = column.today && top < now && now < bottom && event.status.occupies();
        if is_now {
            class.push_str(" is-now");
        }
        if event.buffer_before > 0 {
            class.push_str(" has-before");
        }
        if event.buffer_after > 0 {
            class.push_str(" has-after");
        }
        if source.patches.get(&event.id).is_some_and(|patch| patch.version.is_none()) {
            class.push_str(" is-unsaved");
        }

        // Parts of the column, which the browser need not compute: with hundreds of events that is felt.
        let mut style = String::with_capacity(64);
        let mut set = |name: &str, value: i32, of: i32| {
            style.push_str(name);
            push_part(&mut style, value, of);
        };
        let scale = axis.to - axis.from;
        set("top:", top - axis.from, scale);
        set(";height:", height, scale);
        if let Some(placed) = placed.filter(|placed| placed.columns > 1) {
            set(";left:", placed.column as i32, placed.columns as i32);
            set(";width:", placed.span as i32, placed.columns as i32);
        }
        if event.buffer_before > 0 {
            set(";--before:", event.buffer_before, height);
        }
        if event.buffer_after > 0 {
            set(";--after:", event.buffer_after, height);
        }
        if is_now {
            set(";--now:", now - top, height);
        }
        style.push_str(";--tone:");
        push_number(&mut style, i32::from(event.face.hue.unwrap_or(event.hue)));

        let times = when::times(&view.zone, event.start, event.end);
        let mut lines = if slim || height < SHORT[zoom] { String::new() } else { event.face.line.clone() };
        if height < SHORT[zoom] && !class.contains("is-narrow") {
            // One line has room for the start and the name.
            lines = crate::calendar::axis::clock(&view.zone, event.start);
        }
        if !slim && height >= MEDIUM[zoom] {
            if !lines.is_empty() {
                lines.push('\n');
            }
            lines.push_str(&times);
            if !event.face.place.is_empty() {
                lines.push_str(" · ");
                lines.push_str(&event.face.place);
            }
        }

        let (marks, count) = marks(event);
        if count > 0 {
            class.push_str(" has-marks");
            style.push_str(";--count:");
            push_number(&mut style, count);
        }

        Self {
            id: event.id,
            start,
            end,
            class,
            style,
            spoken: spoken_of(source, column.date, event),
            title: title(source, event),
            lines,
            marks,
        }
    }
}

/// The name on the card: its title, or what kind of thing it is.
pub fn title(source: &Source<'_>, event: &Event) -> String {
    if event.title.is_empty() {
        kind(source, event).to_owned()
    } else if event.status == Status::Held {
        holder(source.lang, &source.look, &event.title)
    } else if source.look.private && event.subject.is_some() {
        initials(&event.title)
    } else {
        event.title.clone()
    }
}

/// Time that is held has the name of whoever holds it, and must not read like a patient.
pub fn holder(lang: Lang, look: &Look, name: &str) -> String {
    if look.reader == name { words::you_book(lang).to_owned() } else { words::they_book(lang, name) }
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

/// Writes a share in percent, to a thousandth: `12.5%`.
fn push_part(text: &mut String, value: i32, of: i32) {
    let share = (i64::from(value) * 100_000 / i64::from(of.max(1))) as i32;
    push_number(text, share / 1000);
    let mut rest = share % 1000;
    if rest != 0 {
        text.push('.');
        while rest != 0 {
            text.push(char::from(b'0' + (rest / 100) as u8));
            rest = rest % 100 * 10;
        }
    }
    text.push('%');
}

/// The signs of an event, what its module flags and what its state is, as custom properties; and how many they are, four
/// at most.
pub fn marks(event: &Event) -> (String, i32) {
    let mut marks = String::new();
    let mut count = 0;
    for sign in event.face.flags.iter().map(String::as_str).chain(status::mark(event.status)).take(4) {
        count += 1;
        for (name, value) in [("--mark-", ":var(--sign-"), ("--tint-", ":var(--tint-")] {
            marks.push_str(name);
            push_number(&mut marks, count);
            marks.push_str(value);
            // Flags come from modules; only what can be a name goes into the style.
            marks.extend(sign.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }));
            marks.push_str(");");
        }
    }
    (marks, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_written_as_short_as_they_can_be() {
        let part = |value, of| {
            let mut text = String::new();
            push_part(&mut text, value, of);
            text
        };
        assert_eq!([part(0, 7), part(7, 7), part(1, 8), part(1, 3), part(1, 1000)], ["0%", "100%", "12.5%", "33.333%", "0.1%"]);
    }
}
