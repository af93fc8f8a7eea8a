//! Random questions about free time with this build's answers, one JSON object a line; the first line says how many.
//! `end2end/verdict.mjs` puts them to the browser's build and fails on the first difference.
//!
//! ```sh
//! cargo run -q -p services --example scenarios -- SEED COUNT [DRAGS] | node end2end/verdict.mjs
//! ```
//!
//! With `DRAGS` every question is instead judged at so many places to which something is dragged.

use chrono::{DateTime, Duration, Utc};
use platform::id::EntityId;
use platform::time::{Interval, ZoneWindow};
use serde_json::json;
use services::calendar::event::{Closed, Hours, ResourceKind};
use services::calendar::slots::{Align, Busy, Dragged, Drags, Guest, Need, Question, ResourceTime, Rule, Segment, Wish};
use std::io::{self, Write};
use uuid::Uuid;

/// Zones with a first local midnight in UTC, their offset there in minutes, and a change of clocks in the days after.
const PLACES: [(&str, &str, i32, &str, i32); 7] = [
    ("Europe/Warsaw", "2027-03-26T23:00:00Z", 60, "2027-03-28T01:00:00Z", 120),
    ("Europe/Warsaw", "2027-10-29T22:00:00Z", 120, "2027-10-31T01:00:00Z", 60),
    ("Europe/Warsaw", "2027-05-31T22:00:00Z", 120, "2027-10-31T01:00:00Z", 60),
    ("Australia/Lord_Howe", "2027-04-02T13:00:00Z", 660, "2027-04-03T15:00:00Z", 630),
    ("Australia/Lord_Howe", "2027-10-01T13:30:00Z", 630, "2027-10-02T15:30:00Z", 660),
    ("America/Chicago", "2027-03-13T06:00:00Z", -360, "2027-03-14T08:00:00Z", -300),
    ("America/Chicago", "2027-11-06T05:00:00Z", -300, "2027-11-07T07:00:00Z", -360),
];

/// Minutes that a question spans.
const SPAN: i64 = 3 * 24 * 60;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().ok());
    let seed: u64 = arguments.next().flatten().unwrap_or(1);
    let count: u64 = arguments.next().flatten().unwrap_or(2_000);
    let drags: Option<u64> = arguments.next().flatten();
    let mut out = io::BufWriter::new(io::stdout().lock());
    writeln!(out, "{}", json!({ "seed": seed, "count": count }))?;
    for n in 0..count {
        let mut dice = Dice(seed.wrapping_mul(0x1_0000_0001).wrapping_add(n));
        let question = dice.question();
        match drags {
            None => writeln!(out, "{}", json!({ "n": n, "question": question, "answer": question.answer() }))?,
            Some(drags) => {
                let places = (0..drags).map(|_| dice.dragged(&question)).collect();
                let drags = Drags { question, places };
                writeln!(out, "{}", json!({ "n": n, "drags": drags, "verdicts": drags.verdicts() }))?;
            }
        }
    }
    out.flush()
}

/// SplitMix64: the same numbers everywhere, without a crate.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low + 1) as u64) as i64
    }

    fn one_in(&mut self, n: i64) -> bool {
        self.between(1, n) == 1
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.between(0, choices.len() as i64 - 1) as usize]
    }

    fn question(&mut self) -> Question {
        let (name, midnight, offset, change, next) = self.one_of(&PLACES);
        let base = instant(midnight);
        let zone = ZoneWindow {
            zone: name.into(),
            offset: offset * 60,
            from: base - Duration::days(2),
            to: base + Duration::days(6),
            changes: vec![(instant(change), next * 60)],
        };
        let roles = [ResourceKind::Staff, ResourceKind::Room, ResourceKind::Device];
        let mut times = Vec::new();
        let mut needs = Vec::new();
        for (role, tens) in roles.into_iter().zip([10, 20, 30]) {
            if role != ResourceKind::Staff && self.one_in(2) {
                continue;
            }
            let any_of: Vec<EntityId> = (0..self.between(1, 4)).map(|n| id(tens + n)).collect();
            times.extend(any_of.iter().map(|id| self.time(*id, role, base)));
            if self.one_in(8) {
                needs.push(Need { role, sort_of: None, any_of: any_of[..1].to_vec(), segments: self.segments(), within: None });
            }
            needs.push(Need { role, sort_of: Some("laser".into()), any_of, segments: self.segments(), within: None });
        }
        let limited = self.one_in(4);
        let wish = Wish {
            minutes: self.between(5, 120) as i32,
            before: self.one_of(&[0, 0, 5, 10, 15]),
            after: self.one_of(&[0, 0, 5, 10, 15]),
            step: self.one_of(&[5, 7, 10, 15, 20, 30, 60]),
            align: self.one_of(&[Align::Window, Align::Clock]),
            moving: self.one_in(4).then(|| times[0].busy.first().map(|busy| busy.activity)).flatten(),
            now: limited.then(|| minutes_after(base, self.between(0, SPAN))),
            notice_minutes: self.one_of(&[0, 30, 60 * 24]),
            latest: limited.then(|| minutes_after(base, self.between(SPAN / 2, SPAN))),
            buffers_inside_hours: self.one_in(4),
            present: self.one_in(4).then(|| minutes_after(base, self.between(0, SPAN))),
            full: (0..self.between(0, 3) / 2).map(|_| self.stretch(base, 1440)).collect(),
            guest: self
                .one_in(2)
                .then(|| Guest { id: id(90), elsewhere: (0..self.between(0, 4)).map(|_| self.stretch(base, 240)).collect() }),
            needs,
        };
        let chosen = wish.needs.iter().map(|need| self.one_of(&need.any_of)).collect();
        let from = self.between(0, SPAN / 2);
        let range = Interval { start: minutes_after(base, from), end: minutes_after(base, from + self.between(1, SPAN / 2)) };
        Question { start: minutes_after(base, self.between(0, SPAN)), chosen, range, wish, times, zone }
    }

    /// To anywhere, in the steps of the grid or by single minutes, to any columns, longer or shorter.
    fn dragged(&mut self, question: &Question) -> Dragged {
        let step = self.one_of(&[1, 5, 15]);
        let first = question.zone.from + Duration::days(2);
        let minutes = if self.one_in(4) { self.between(1, 36) as i32 * 5 } else { question.wish.minutes };
        Dragged {
            start: minutes_after(first, self.between(-60, SPAN) / step * step),
            minutes,
            chosen: question.wish.needs.iter().map(|need| self.one_of(&need.any_of)).collect(),
        }
    }

    /// Mostly none.
    fn segments(&mut self) -> Vec<Segment> {
        let mut from = 0;
        let parts = if self.one_in(3) { self.between(1, 3) } else { 0 };
        let part = |_| {
            from += self.one_of(&[0, 10, 15]);
            let to = from + self.between(5, 40) as i32;
            Segment { from: std::mem::replace(&mut from, to), to }
        };
        (0..parts).map(part).collect()
    }

    fn time(&mut self, resource: EntityId, role: ResourceKind, base: DateTime<Utc>) -> ResourceTime {
        let windows = (0..self.between(0, 6)).map(|_| self.stretch(base, 720)).collect();
        let closed = (0..self.between(0, 4)).map(|_| Closed {
            rule: self.one_of(&[Rule::Break, Rule::Break, Rule::Leave, Rule::Closure]),
            during: self.stretch(base, 240),
            label: String::new(),
        });
        let closed = closed.collect();
        let busy = (0..self.between(0, 12)).map(|_| {
            let during = self.stretch(base, 120);
            Busy {
                activity: EntityId(Uuid::from_u128(u128::from(self.next()))),
                start: during.start,
                end: during.end,
                before: self.one_of(&[0, 0, 5, 10]),
                after: self.one_of(&[0, 0, 5, 10]),
                seats: self.one_of(&[1, 1, 2]),
                session: self.one_in(4).then(|| id(self.between(1000, 1002))),
            }
        });
        let busy = busy.collect();
        let always = role != ResourceKind::Staff && !self.one_in(3);
        let hours = Hours { resource, windows, always, closed };
        ResourceTime { resource, role, capacity: self.one_of(&[1, 1, 2, 4]), hours, busy }
    }

    fn stretch(&mut self, base: DateTime<Utc>, longest: i64) -> Interval {
        let from = self.between(-60, SPAN);
        Interval { start: minutes_after(base, from), end: minutes_after(base, from + self.between(1, longest)) }
    }
}

fn id(n: i64) -> EntityId {
    EntityId(Uuid::from_u128(n as u128))
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("the constants above are instants")
}

fn minutes_after(base: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
    base + Duration::minutes(minutes)
}
