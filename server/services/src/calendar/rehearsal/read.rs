//! Reading the parts of a scenario, each fault by its field.

use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, Weekday};

use super::faults::{Faults, Path};
use super::plan::{Moved, PlannedBusy, PlannedNeed, PlannedResource};
use super::scenario::{self, Day};
use crate::calendar::{
    Status,
    rota::{Away, Dated, EVERY_DAY, Pattern, Rota, Span, weekday},
    slots::{Limit, Rule, Segment},
};

impl Day {
    fn weekday(self) -> Weekday {
        match self {
            Day::Mo => Weekday::Mon,
            Day::Tu => Weekday::Tue,
            Day::We => Weekday::Wed,
            Day::Th => Weekday::Thu,
            Day::Fr => Weekday::Fri,
            Day::Sa => Weekday::Sat,
            Day::Su => Weekday::Sun,
        }
    }

    /// ISO: 1 is Monday.
    pub(super) fn number(self) -> u8 {
        self.weekday().number_from_monday() as u8
    }
}

/// Dates on which everybody is away.
pub(super) fn closures(faults: &mut Faults, told: Option<&[String]>) -> Vec<NaiveDate> {
    let mut dates = Vec::new();
    for (n, date) in faults.list(&|| "closures".into(), told, 1000).iter().enumerate() {
        dates.push(faults.date(&|| format!("closures[{n}]"), date));
    }
    dates.sort_unstable();
    dates.dedup();
    dates
}

/// A resource with its rota and its bookings. Sessions of one name on different resources are different ones.
pub(super) fn resource(
    faults: &mut Faults,
    place: usize,
    told: &scenario::Resource,
    closures: &[NaiveDate],
    week_start: u8,
    sessions: &mut HashMap<(usize, String), usize>,
) -> PlannedResource {
    let at = |field: &str| format!("resources[{place}].{field}");
    faults.word(&|| at("id"), &told.id, 100);
    faults.word(&|| at("role"), &told.role, 40);
    let capacity = faults.number(&|| at("capacity"), told.capacity.unwrap_or(1), 1, 1_000_000);
    let weekly = told.weekly.as_deref().map(|weekly| {
        let listed = faults.list(&|| at("weekly"), Some(weekly), 100).iter().enumerate();
        listed.map(|(n, window)| pattern(faults, &|| at(&format!("weekly[{n}]")), window)).collect()
    });
    let dates = faults.list(&|| at("dates"), told.dates.as_deref(), 1000).iter().enumerate();
    let dates = dates.map(|(n, dated)| dated_hours(faults, &|| at(&format!("dates[{n}]")), dated)).collect();
    let breaks = faults.list(&|| at("breaks"), told.breaks.as_deref(), 100).iter().enumerate();
    let breaks = breaks.map(|(n, pause)| {
        let field = |name: &str| at(&format!("breaks[{n}].{name}"));
        let span = Span { starts: faults.start(&|| field("start"), &pause.start), ends: faults.end(&|| field("end"), &pause.end) };
        let weekdays = pause.days.as_deref().map_or(EVERY_DAY, |told| days(faults.list(&|| field("days"), Some(told), 7)));
        Pattern { span, ..Pattern::weekly(weekdays, 0, 0) }
    });
    let breaks = breaks.collect();
    let leave = faults.list(&|| at("leave"), told.leave.as_deref(), 1000).iter().enumerate();
    let mut away: Vec<Away> = leave.map(|(n, leave)| leave_of(faults, &|| at(&format!("leave[{n}]")), leave)).collect();
    away.extend(closures.iter().map(|date| Away { rule: Rule::Closure, from: *date, to: *date, times: None, label: String::new() }));
    let mut busy = Vec::new();
    for (n, taken) in faults.list(&|| at("busy"), told.busy.as_deref(), 20_000).iter().enumerate() {
        let session = taken.session.as_ref().map(|name| {
            let next = sessions.len();
            *sessions.entry((place, name.clone())).or_insert(next)
        });
        busy.extend(booking(faults, &|| at(&format!("busy[{n}]")), taken, session));
    }
    PlannedResource { id: told.id.clone(), role: told.role.clone(), capacity, rota: Rota { weekly, dates, breaks, away, week_start }, busy }
}

fn days(days: &[Day]) -> u8 {
    days.iter().fold(0, |all, day| all | weekday(day.weekday()))
}

fn pattern(faults: &mut Faults, at: Path, told: &scenario::Weekly) -> Pattern {
    let field = |name: &str| format!("{}.{name}", at());
    let span = Span { starts: faults.start(&|| field("start"), &told.start), ends: faults.end(&|| field("end"), &told.end) };
    let before = faults.count();
    let valid_from = told.valid_from.as_deref().map(|date| faults.date(&|| field("valid_from"), date));
    let valid_to = told.valid_to.as_deref().map(|date| faults.date(&|| field("valid_to"), date));
    if faults.count() == before && valid_from.zip(valid_to).is_some_and(|(from, to)| to < from) {
        faults.refuse(field("valid_to"), "order", "The last date must not lie before the first.");
    }
    let every_weeks = faults.number(&|| field("every_weeks"), told.every_weeks.unwrap_or(1), 1, 10_000).unsigned_abs();
    let anchor = told.anchor.as_deref().map(|date| faults.date(&|| field("anchor"), date));
    if every_weeks > 1 && anchor.is_none() {
        faults.refuse(field("anchor"), "required", "A date in a week that is on is needed.");
    }
    let weekdays = days(faults.list(&|| field("days"), Some(&told.days), 7));
    Pattern { weekdays, span, valid_from, valid_to, every_weeks, anchor }
}

fn dated_hours(faults: &mut Faults, at: Path, told: &scenario::Dated) -> Dated {
    let date = faults.date(&|| format!("{}.date", at()), &told.date);
    let windows = faults.list(&|| format!("{}.windows", at()), told.windows.as_deref(), 20).iter().enumerate();
    let span = |(n, (start, end)): (usize, &(String, String))| Span {
        starts: faults.start(&|| format!("{}.windows[{n}][0]", at()), start),
        ends: faults.end(&|| format!("{}.windows[{n}][1]", at()), end),
    };
    Dated { date, windows: windows.map(span).collect() }
}

fn leave_of(faults: &mut Faults, at: Path, told: &scenario::Leave) -> Away {
    let field = |name: &str| format!("{}.{name}", at());
    let before = faults.count();
    let from = faults.date(&|| field("from"), &told.from);
    let to = told.to.as_deref().map_or(from, |to| faults.date(&|| field("to"), to));
    if faults.count() == before && to < from {
        faults.refuse(field("to"), "order", "The last date must not lie before the first.");
    }
    let times = match (&told.start, &told.end) {
        (Some(start), Some(end)) => {
            let before = faults.count();
            let span = Span { starts: faults.start(&|| field("start"), start), ends: faults.end(&|| field("end"), end) };
            if faults.count() == before && span.ends <= span.starts {
                faults.refuse(field("end"), "order", "The end must come after the start.");
            }
            Some(span)
        }
        (None, None) => None,
        (Some(_), None) => {
            faults.refuse(field("end"), "required", "Times have a start and an end.");
            None
        }
        (None, Some(_)) => {
            faults.refuse(field("start"), "required", "Times have a start and an end.");
            None
        }
    };
    Away { rule: Rule::Leave, from, to, times, label: String::new() }
}

/// None of a booking that takes no time (R10).
fn booking(faults: &mut Faults, at: Path, told: &scenario::Taken, session: Option<usize>) -> Option<PlannedBusy> {
    let field = |name: &str| format!("{}.{name}", at());
    let before = faults.count();
    let start = faults.instant(&|| field("start"), &told.start);
    let end = faults.instant(&|| field("end"), &told.end);
    if faults.count() == before && end <= start {
        faults.refuse(field("end"), "order", "The end must come after the start.");
    }
    let before = faults.number(&|| field("before"), told.before.unwrap_or(0), 0, 1440);
    let after = faults.number(&|| field("after"), told.after.unwrap_or(0), 0, 1440);
    let seats = faults.number(&|| field("seats"), told.seats.unwrap_or(1), 1, 1_000_000);
    told.status.unwrap_or(Status::Confirmed).occupies().then_some(PlannedBusy { start, end, before, after, seats, session })
}

/// Where each resource stands.
pub(super) fn places(faults: &mut Faults, resources: &[PlannedResource]) -> HashMap<String, usize> {
    let mut places = HashMap::new();
    for (place, resource) in resources.iter().enumerate() {
        if places.insert(resource.id.clone(), place).is_some() {
            faults.refuse(format!("resources[{place}].id"), "duplicate", "Another resource has this id.");
        }
    }
    places
}

/// The segments of each role.
pub(super) fn segments(faults: &mut Faults, told: Option<&[scenario::Segment]>, duration: i64) -> BTreeMap<String, Vec<Segment>> {
    let mut segments: BTreeMap<String, Vec<Segment>> = BTreeMap::new();
    for (n, segment) in faults.list(&|| "treatment.segments".into(), told, 100).iter().enumerate() {
        let field = |name: &str| format!("treatment.segments[{n}].{name}");
        faults.word(&|| field("role"), &segment.role, 40);
        let before = faults.count();
        let from = faults.number(&|| field("from"), segment.from, 0, duration);
        let to = faults.number(&|| field("to"), segment.to, 0, duration);
        if faults.count() == before && to <= from {
            faults.refuse(field("to"), "order", "The end must come after the start.");
        }
        segments.entry(segment.role.clone()).or_default().push(Segment { from, to });
    }
    segments
}

/// The needs, each role once.
pub(super) fn needs(
    faults: &mut Faults,
    told: Option<&[scenario::Need]>,
    resources: &[PlannedResource],
    places: &HashMap<String, usize>,
    segments: &BTreeMap<String, Vec<Segment>>,
) -> Vec<PlannedNeed> {
    let all_of = |role: &str| (0..resources.len()).filter(|place| resources[*place].role == role).collect();
    let planned = |role: &str, any_of: Vec<usize>| PlannedNeed {
        role: role.to_owned(),
        any_of,
        segments: segments.get(role).cloned().unwrap_or_default(),
    };
    let told = faults.list(&|| "needs".into(), told, 20);
    if told.is_empty() {
        return vec![planned("staff", all_of("staff"))];
    }
    let mut needs: Vec<PlannedNeed> = Vec::new();
    for (n, need) in told.iter().enumerate() {
        faults.word(&|| format!("needs[{n}].role"), &need.role, 40);
        if needs.iter().any(|other| other.role == need.role) {
            faults.refuse(format!("needs[{n}].role"), "duplicate", "Each role is needed once.");
        }
        let Some(any_of) = need.any_of.as_deref() else {
            needs.push(planned(&need.role, all_of(&need.role)));
            continue;
        };
        let mut chosen = Vec::new();
        for (m, id) in faults.list(&|| format!("needs[{n}].any_of"), Some(any_of), 200).iter().enumerate() {
            match places.get(id).filter(|place| resources[**place].role == need.role) {
                Some(place) if !chosen.contains(place) => chosen.push(*place),
                Some(_) => {}
                None => faults.refuse(format!("needs[{n}].any_of[{m}]"), "unknown", "There is no such resource of this role."),
            }
        }
        needs.push(planned(&need.role, chosen));
    }
    needs
}

/// What limits the starts of a day, a week or a month.
pub(super) fn limits(faults: &mut Faults, told: Option<&[scenario::Limit]>) -> Vec<Limit> {
    let listed = faults.list(&|| "rules.limits".into(), told, 20).iter().enumerate();
    let limit = |(n, limit): (usize, &scenario::Limit)| Limit {
        per: limit.per,
        max: faults.number(&|| format!("rules.limits[{n}].max"), limit.max, 0, 1_000_000),
    };
    listed.map(limit).collect()
}

/// The booking that is being moved.
pub(super) fn moved(faults: &mut Faults, told: &scenario::Reschedule, places: &HashMap<String, usize>) -> Moved {
    let before = faults.count();
    let start = faults.instant(&|| "reschedule.start".into(), &told.start);
    let end = faults.instant(&|| "reschedule.end".into(), &told.end);
    if faults.count() == before && end <= start {
        faults.refuse("reschedule.end", "order", "The end must come after the start.");
    }
    let mut resources = Vec::new();
    for (n, id) in faults.list(&|| "reschedule.resources".into(), told.resources.as_deref(), 200).iter().enumerate() {
        match places.get(id) {
            Some(place) => resources.push(*place),
            None => faults.refuse(format!("reschedule.resources[{n}]"), "unknown", "There is no such resource."),
        }
    }
    Moved { start, end, resources }
}

/// How many stretches a rota may come to on one date.
pub(super) fn stretches(rota: &Rota) -> usize {
    let timed = rota.away.iter().filter(|away| away.times.is_some()).count();
    rota.weekly.as_ref().map_or(1, Vec::len) + rota.breaks.len() + timed
}
