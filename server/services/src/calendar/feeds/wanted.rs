//! What a file wants on the calendar: its events, series spread out, exceptions in their places.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    ImportItem, Outcome,
    lines::plain,
    parse::Block,
    times::{Length, Unreadable, When, length, when},
};
use crate::calendar::recurrence::{Question, Rule, expand, resolve};

/// A series is taken over from so many days before today to so many after it.
const BACK: Days = Days::new(90);
const AHEAD: Days = Days::new(400);
/// Of one series at most so many, which is more than one file may have.
const MOST: usize = 501;

/// One thing that a file wants on the calendar.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) uid: String,
    /// Which of a series, by the time the series gives it.
    pub(super) recurrence: String,
    pub(super) all_day: bool,
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    pub(super) sequence: i32,
    pub(super) title: String,
    pub(super) description: String,
    /// It does not take place, or takes no time: `cancelled` or `free`.
    pub(super) absent: Option<&'static str>,
}

/// All that a file wants.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    pub(super) wanted: Vec<Wanted>,
    pub(super) refused: Vec<ImportItem>,
    /// Names of which the file tells all there is, so that what it does not tell of them is gone; with their SEQUENCE.
    pub(super) whole: BTreeMap<String, i32>,
}

/// What stands in the way of an event, with more of it in words.
type Fault = (&'static str, String);

/// Local dates between which series are spread out.
pub(super) fn window(home: Tz, now: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    let today = now.with_timezone(&home).date_naive();
    (today.checked_sub_days(BACK).unwrap_or(today), today.checked_add_days(AHEAD).unwrap_or(today))
}

/// Reads the events of a file. Times without a zone and whole dates are read at home. None where there are more than `most`,
/// every one of a series counted; not many more are spread out to learn that.
pub(super) fn wishes(events: &[Block], home: Tz, now: DateTime<Utc>, most: usize) -> Option<Wishes> {
    let mut spread = 0;
    let mut wishes = Wishes::default();
    let mut found: HashMap<(String, String), Wanted> = HashMap::new();
    // Exceptions after the series they are exceptions of: they take the place of what the series gives.
    for exceptions in [false, true] {
        for event in events.iter().filter(|event| event.line("RECURRENCE-ID").is_some() == exceptions) {
            let read = one(event, home, now);
            spread += read.as_ref().map_or(1, |wanted| wanted.len().max(1));
            // An exception takes the place of one of its series.
            if spread > 2 * most {
                return None;
            }
            match read {
                Ok(wanted) => {
                    if !exceptions {
                        wishes.whole.insert(event.value("UID").to_owned(), sequence(event));
                    }
                    for wanted in wanted {
                        let key = (wanted.uid.clone(), wanted.recurrence.clone());
                        let newer = found.get(&key).is_none_or(|known| exceptions || known.sequence <= wanted.sequence);
                        if newer {
                            found.insert(key, wanted);
                        }
                    }
                }
                Err((reason, message)) => {
                    let start = event.line("DTSTART").and_then(|line| when(line, &line.value, home).ok());
                    if exceptions {
                        // The series must not stand where its exception could not be read.
                        if let Some(Ok(at)) = event.line("RECURRENCE-ID").map(|line| when(line, &line.value, home)) {
                            found.remove(&(event.value("UID").to_owned(), at.key(home)));
                        }
                    }
                    wishes.refused.push(ImportItem {
                        uid: event.value("UID").chars().take(1_000).collect(),
                        title: title(event),
                        start: start.map(|start| start.instant(home)),
                        end: None,
                        all_day: matches!(start, Some(When::Date(_))),
                        outcome: Outcome::Refused,
                        reason: reason.into(),
                        message,
                    });
                }
            }
        }
    }
    let sorted: BTreeMap<_, _> =
        found.into_values().map(|wanted| ((wanted.start, wanted.uid.clone(), wanted.recurrence.clone()), wanted)).collect();
    wishes.wanted = sorted.into_values().collect();
    (wishes.wanted.len() + wishes.refused.len() <= most).then_some(wishes)
}

/// What one event of the file wants: itself, or all of its series.
fn one(event: &Block, home: Tz, now: DateTime<Utc>) -> Result<Vec<Wanted>, Fault> {
    let uid = event.value("UID");
    if uid.is_empty() || uid.chars().count() > 1_000 {
        return Err(("uid", "An event needs a UID of at most 1,000 letters.".into()));
    }
    let line = event.line("DTSTART").ok_or_else(|| ("time", "DTSTART is missing.".to_owned()))?;
    let start = when(line, &line.value, home).map_err(|why| unreadable("DTSTART", why))?;
    let length = length_of(event, start, home)?;
    let wanted = |recurrence: String, reading: NaiveDateTime| -> Result<Wanted, Fault> {
        let zone = start.zone(home);
        let from = resolve(zone, reading);
        let end = match length.days {
            0 => from + length.elapsed,
            // Days are of the calendar, also where one of them has 23 hours.
            days => resolve(zone, reading + TimeDelta::days(days)) + length.elapsed,
        };
        Ok(Wanted {
            uid: uid.to_owned(),
            recurrence,
            all_day: matches!(start, When::Date(_)),
            start: from,
            end,
            sequence: sequence(event),
            title: title(event),
            description: plain(event.value("DESCRIPTION")).chars().take(10_000).collect(),
            absent: match (event.value("STATUS"), event.value("TRANSP")) {
                (status, _) if status.eq_ignore_ascii_case("CANCELLED") => Some("cancelled"),
                (_, transparent) if transparent.eq_ignore_ascii_case("TRANSPARENT") => Some("free"),
                _ => None,
            },
        })
    };
    if let Some(line) = event.line("RECURRENCE-ID") {
        if line.parameter("RANGE").is_some() {
            return Err(("rule", "RANGE=THISANDFUTURE is not possible here.".into()));
        }
        let at = when(line, &line.value, home).map_err(|why| unreadable("RECURRENCE-ID", why))?;
        return Ok(vec![wanted(at.key(home), start.reading())?]);
    }
    if event.line("RRULE").is_none() && event.line("RDATE").is_none() {
        return Ok(vec![wanted(String::new(), start.reading())?]);
    }
    readings(event, start, home, now)?.into_iter().map(|reading| wanted(key(start, reading, home), reading)).collect()
}

fn key(start: When, reading: NaiveDateTime, home: Tz) -> String {
    match start {
        When::Date(_) => When::Date(reading.date()).key(home),
        When::Wall(_, zone) => When::Wall(reading, zone).key(home),
    }
}

/// All readings of a series within the window, exceptions taken out.
fn readings(event: &Block, start: When, home: Tz, now: DateTime<Utc>) -> Result<BTreeSet<NaiveDateTime>, Fault> {
    let zone = start.zone(home);
    let (from, to) = window(home, now);
    let except = dates(event, "EXDATE", start, home)?;
    let more = dates(event, "RDATE", start, home)?;
    let mut all: BTreeSet<NaiveDateTime> = more.into_iter().filter(|at| (from..=to).contains(&at.date()) && !except.contains(at)).collect();
    let mut rules = event.all("RRULE");
    let Some(line) = rules.next() else {
        all.insert(start.reading());
        return Ok(all);
    };
    if rules.next().is_some() {
        return Err(("rule", "Only one RRULE is possible.".into()));
    }
    let rule: Rule = line
        .value
        .trim()
        .trim_end_matches(';')
        .parse()
        .map_err(|error: crate::calendar::recurrence::RuleError| ("rule", error.to_string()))?;
    let question = Question {
        zone,
        start: start.reading(),
        duration: TimeDelta::zero(),
        rule: &rule,
        except: &except,
        from: Some(from),
        to: Some(to),
        most: MOST,
    };
    all.extend(expand(&question).iter().map(|found| found.reading));
    Ok(all)
}

/// The readings that a list of dates names, in the zone of the series.
fn dates(event: &Block, name: &str, start: When, home: Tz) -> Result<BTreeSet<NaiveDateTime>, Fault> {
    let mut all = BTreeSet::new();
    for line in event.all(name) {
        for value in line.value.split(',').filter(|value| !value.trim().is_empty()) {
            // Of a period its beginning is meant.
            let value = value.split_once('/').map_or(value, |(from, _)| from);
            let at = when(line, value, home).map_err(|why| unreadable(name, why))?;
            all.insert(match (at, start) {
                (When::Date(date), _) => date.and_time(start.reading().time()),
                (When::Wall(reading, _), When::Date(_)) => reading.date().into(),
                (When::Wall(reading, zone), When::Wall(_, own)) if zone == own => reading,
                (at, When::Wall(_, own)) => at.instant(home).with_timezone(&own).naive_local(),
            });
        }
    }
    Ok(all)
}

/// How long it takes, from `DTEND`, `DURATION`, or neither: a date is a day then, and a time takes none.
fn length_of(event: &Block, start: When, home: Tz) -> Result<Length, Fault> {
    let length = match (event.line("DTEND"), event.line("DURATION")) {
        (Some(line), _) => match (start, when(line, &line.value, home).map_err(|why| unreadable("DTEND", why))?) {
            (When::Date(first), When::Date(end)) => Length { days: (end - first).num_days(), elapsed: TimeDelta::zero() },
            (start, end) => Length { days: 0, elapsed: end.instant(home) - start.instant(home) },
        },
        (None, Some(line)) => length(&line.value).ok_or_else(|| ("time", "DURATION could not be read.".to_owned()))?,
        (None, None) if matches!(start, When::Date(_)) => Length { days: 1, elapsed: TimeDelta::zero() },
        (None, None) => Length::default(),
    };
    let whole = TimeDelta::days(length.days.min(1_000)) + length.elapsed;
    if length.days < 0 || length.elapsed < TimeDelta::zero() || whole <= TimeDelta::zero() {
        return Err(("length", "It ends when it begins, or before.".into()));
    }
    if whole > crate::calendar::activities::LONGEST {
        return Err(("length", "It takes more than 31 days.".into()));
    }
    Ok(length)
}

fn unreadable(name: &str, why: Unreadable) -> Fault {
    match why {
        Unreadable::Time => ("time", format!("{name} could not be read.")),
        Unreadable::Zone => ("zone", format!("The time zone of {name} is not known.")),
    }
}

fn sequence(event: &Block) -> i32 {
    event.value("SEQUENCE").parse().unwrap_or(0).clamp(0, 1_000_000_000)
}

/// What it is called; an activity cannot be without a title.
fn title(event: &Block) -> String {
    let title: String = plain(event.value("SUMMARY")).replace('\n', " ").trim().chars().take(300).collect();
    if title.trim().is_empty() { "–".into() } else { title.trim().into() }
}
