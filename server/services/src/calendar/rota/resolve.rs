//! From the clock to instants.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use platform::{
    id::EntityId,
    time::{Interval, ZoneWindow},
};

use super::{Pattern, Rota, Span};
use crate::calendar::{Closed, Hours, slots::Rule};

/// What the rules come to for windows and breaks that begin on the dates from `from` to `to` (exclusive), with leave and
/// closures that touch those dates. Windows are as written, in order, each with its own grid; leave and closures are
/// whole, also where they reach out of the dates, so the zone has to be known for as long as they last. To judge a
/// stretch of time begin a date early, for a night shift may reach into it (R6).
pub fn resolve(resource: EntityId, rota: &Rota, from: NaiveDate, to: NaiveDate, zone: &ZoneWindow) -> Hours {
    let mut dated: BTreeMap<NaiveDate, Vec<Span>> = BTreeMap::new();
    for hours in rota.dates.iter().filter(|hours| from <= hours.date && hours.date < to) {
        dated.entry(hours.date).or_default().extend(&hours.windows);
    }
    let mut windows = Vec::new();
    let mut closed = Vec::new();
    for date in from.iter_days().take_while(|date| *date < to) {
        let mut open = |span: Span| windows.extend(stretch(zone, date, span));
        match (dated.get(&date), &rota.weekly) {
            (Some(spans), _) => spans.iter().for_each(|span| open(*span)),
            (None, Some(weekly)) => on(weekly, date, rota.week_start).for_each(|pattern| open(pattern.span)),
            (None, None) => open(Span { starts: 0, ends: 1440 }),
        }
        let breaks = on(&rota.breaks, date, rota.week_start).filter_map(|pause| stretch(zone, date, pause.span));
        closed.extend(breaks.map(|during| Closed { rule: Rule::Break, during, label: String::new() }));
    }
    for away in rota.away.iter().filter(|away| away.from < to && from <= away.to) {
        let note = |during| Closed { rule: away.rule, during, label: away.label.clone() };
        match away.times {
            // Whole local dates: from the first instant of the first to the first after the last (R14).
            None => {
                let after = away.to.succ_opt().unwrap_or(away.to);
                closed.extend(Interval::new(zone.day_start(away.from), zone.day_start(after)).map(note));
            }
            Some(span) => {
                let dates = away.from.max(from).iter_days().take_while(|date| *date <= away.to && *date < to);
                closed.extend(dates.filter_map(|date| stretch(zone, date, span)).map(note));
            }
        }
    }
    platform::order::by_rank(&mut windows, |window: &Interval| {
        platform::order::instant_then(window.start, window.end.timestamp().unsigned_abs())
    });
    Hours { resource, windows, always: false, closed }
}

fn on(patterns: &[Pattern], date: NaiveDate, week_start: u8) -> impl Iterator<Item = &Pattern> {
    patterns.iter().filter(move |pattern| pattern.is_on(date, week_start))
}

/// A stretch that begins on a date. None if a gap of the clock leaves nothing of it.
fn stretch(zone: &ZoneWindow, date: NaiveDate, span: Span) -> Option<Interval> {
    let next = if span.ends <= span.starts { date.checked_add_days(Days::new(1))? } else { date };
    Interval::new(zone.instant(at(date, span.starts)).rule_boundary(), zone.instant(at(next, span.ends)).rule_boundary())
}

fn at(date: NaiveDate, minutes: i16) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minutes))
}
