//! What is told of the chosen time, in words: comparable, so that it is drawn anew only when it is another.

use app_services::calendar::{axis::clock, when::times as span};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use platform::time::ZoneWindow;
use services::calendar::slots::{Rule, Slot, Why};
use ui::{Failure, Lang, rule_text, when};

use super::{
    super::{draft::Typed, judge::Verdict, times::Times},
    is_conflict,
};
use crate::words;

/// What is told of the chosen time.
#[derive(Clone, PartialEq)]
pub enum Told {
    /// It can be had: when, with whom and where.
    Free(String),
    /// It cannot.
    Against {
        /// `10:00 does not work`.
        title: String,
        /// All that stands against it.
        reasons: Vec<String>,
        /// The time itself and the nearest ones that are free.
        ways: Option<(DateTime<Utc>, Vec<Slot>)>,
    },
}

/// What is told now, tracked; the server's word, while it stands, comes before the browser's.
pub fn told(lang: Lang, times: Times, refused: RwSignal<Option<Failure>>) -> Option<Told> {
    let start = match times.start.get() {
        Typed::Nothing { .. } => return None,
        Typed::Gap { before, after } => {
            let title = words::clock_jumps(lang, &when::clock(before), &when::clock(after));
            return Some(Told::Against { title, reasons: Vec::new(), ways: None });
        }
        Typed::At { start, .. } => start,
    };
    let zone = times.zone();
    let (said, free) = match refused.get().filter(is_conflict) {
        Some(failure) => {
            let ways = &failure.0.alternatives;
            let free = ways.iter().map(|way| Slot { start: way.start, end: way.end, resources: way.resources.clone() });
            (server_reasons(lang, &zone, &failure), free.collect())
        }
        None => match times.verdict.get()? {
            Verdict::Free(slot) => return Some(Told::Free(free(lang, times, &zone, &slot))),
            Verdict::Refused { reasons, nearest, .. } => (own_reasons(lang, times, &zone, &reasons), nearest),
        },
    };
    let title = words::refused(lang, &clock(&zone, start));
    Some(Told::Against { title, reasons: gathered(said), ways: Some((start, free)) })
}

/// `10:00 – 10:45 · dr Marta Lis · Gabinet 2 · 750,00 zł`, and whether that is as it was agreed with the patient.
fn free(lang: Lang, times: Times, zone: &ZoneWindow, slot: &Slot) -> String {
    let mut text = span(zone, slot.start, slot.end);
    let names = slot.resources.iter().map(|id| times.name(*id));
    let agreed = times.is_agreed().then(|| words::as_agreed(lang).to_owned());
    for part in names.chain([times.price(lang, &slot.resources)]).chain(agreed).filter(|part| !part.is_empty()) {
        text.push_str(" · ");
        text.push_str(&part);
    }
    text
}

/// The browser's own reasons; of what is only held, by whom.
fn own_reasons(lang: Lang, times: Times, zone: &ZoneWindow, reasons: &[Why]) -> Vec<Said> {
    let said = |why: &Why| {
        if let Some(held) = times.held(why) {
            return Said { whose: times.name(held.resource), what: words::held_by(lang, &held.by, &clock(zone, held.until)) };
        }
        let name = why.resource.map(|id| times.name(id)).filter(|name| !name.is_empty());
        reason(lang, zone, why.rule.as_str(), name, why.during.map(|during| (during.start, during.end)))
    };
    reasons.iter().map(said).collect()
}

fn server_reasons(lang: Lang, zone: &ZoneWindow, failure: &Failure) -> Vec<Said> {
    let reasons = &failure.0.reasons;
    reasons.iter().map(|why| reason(lang, zone, &why.rule, why.resource_name.clone(), why.from.zip(why.to))).collect()
}

/// One thing that stands against the time: whose it is, and what.
struct Said {
    whose: String,
    what: String,
}

/// `taken, 10:00 – 11:00`. A whole day of leave says enough by its name.
fn reason(lang: Lang, zone: &ZoneWindow, rule: &str, name: Option<String>, during: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Said {
    let whose = name.unwrap_or_default();
    if let ("held", Some((_, until))) = (rule, during) {
        return Said { what: words::held_by(lang, &whose, &clock(zone, until)), whose: String::new() };
    }
    if rule == Rule::Kind.as_str() && whose.is_empty() {
        return Said { whose, what: words::nothing_fits(lang).to_owned() };
    }
    let mut what = rule_text(lang, rule).to_owned();
    if let Some((from, to)) = during.filter(|(from, to)| (*to - *from).num_hours() < 20) {
        what.push_str(", ");
        what.push_str(&span(zone, from, to));
    }
    Said { whose, what }
}

/// What concerns one person, room or device stands together in one line: `Dr Lis: break; taken`.
fn gathered(reasons: Vec<Said>) -> Vec<String> {
    let mut gathered: Vec<Said> = Vec::with_capacity(reasons.len());
    for Said { whose, what } in reasons {
        match gathered.iter_mut().find(|said| said.whose == whose) {
            Some(said) if said.what.split("; ").any(|known| known == what) => {}
            Some(said) => {
                said.what.push_str("; ");
                said.what.push_str(&what);
            }
            None => gathered.push(Said { whose, what }),
        }
    }
    let line = |said: Said| if said.whose.is_empty() { said.what } else { [said.whose, said.what].join(": ") };
    gathered.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_gathered_by_whose_they_are_and_told_once() {
        let said = |whose: &str, what: &str| Said { whose: whose.into(), what: what.into() };
        let told = gathered(vec![
            said("Dr Lis", "break"),
            said("Room 1", "taken"),
            said("Dr Lis", "taken"),
            said("Room 1", "taken"),
            said("", "too late"),
        ]);
        assert_eq!(told, ["Dr Lis: break; taken", "Room 1: taken", "too late"]);
    }
}
