//! Working hours as they are being typed: periods of weekly hours and dated exceptions, in people's own spelling.

use chrono::NaiveDate;
use gabinet::hours::{DateHours, Weekly, WeeklyKind, WorkingHours};
use platform::id::LocationId;
use ui::when;

use super::spans;

/// Which of a day's two fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Windows,
    Breaks,
}

/// Weekly hours that hold between two dates, or always.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Period {
    pub key: u32,
    /// As in date fields; empty for no limit.
    pub from: String,
    /// The last date, likewise.
    pub to: String,
    /// Every so many weeks, as typed; empty for every one.
    pub every: String,
    /// A date of a week in which it holds, where it does not hold in every one.
    pub anchor: String,
    /// Where, as an id; empty for the practitioner's own place.
    pub place: String,
    /// Monday first.
    pub windows: [String; 7],
    pub breaks: [String; 7],
}

impl Period {
    /// What is typed into a field.
    pub fn cell(&self, day: usize, cell: Cell) -> &str {
        let cells = match cell {
            Cell::Windows => &self.windows,
            Cell::Breaks => &self.breaks,
        };
        cells.get(day).map_or("", String::as_str)
    }

    /// Puts a text into a field.
    pub fn set(&mut self, day: usize, cell: Cell, text: String) {
        let cells = match cell {
            Cell::Windows => &mut self.windows,
            Cell::Breaks => &mut self.breaks,
        };
        if let Some(held) = cells.get_mut(day) {
            *held = text;
        }
    }

    /// When and where it holds; none while a field can't be read. Every other week needs a week to count from.
    fn limits(&self) -> Option<Limits> {
        let every: i16 = match self.every.trim() {
            "" => 1,
            text => text.parse().ok().filter(|every| (1..=52).contains(every))?,
        };
        let anchor = limit(&self.anchor)?;
        let place = place(&self.place)?;
        (every == 1 || anchor.is_some()).then_some((limit(&self.from)?, limit(&self.to)?, every, anchor, place))
    }

    /// Whether it holds always, in every week and at the practitioner's own place.
    pub fn is_usual(&self) -> bool {
        [&self.from, &self.to, &self.every, &self.anchor, &self.place].into_iter().all(String::is_empty)
    }

    /// Tuesday to Friday become as Monday is.
    pub fn spread(&mut self) {
        for day in 1..5 {
            self.windows[day] = self.windows[0].clone();
            self.breaks[day] = self.breaks[0].clone();
        }
    }

    /// Working minutes of a day; none if its fields can't be read.
    pub fn minutes(&self, day: usize) -> Option<i64> {
        let sum = |cell| Some(spans::read(self.cell(day, cell))?.into_iter().map(spans::length).sum::<i64>());
        Some((sum(Cell::Windows)? - sum(Cell::Breaks)?).max(0))
    }
}

/// The hours of one date instead of the weekly ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dated {
    pub key: u32,
    pub date: String,
    /// Empty for a day off.
    pub windows: String,
    /// Where, as an id; empty for the practitioner's own place.
    pub place: String,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The first holds always.
    pub periods: Vec<Period>,
    /// From today on.
    pub dates: Vec<Dated>,
    /// Before today: not shown, and kept.
    past: Vec<DateHours>,
}

/// Between which dates, in every how many weeks and in which of them, and where.
type Limits = (Option<NaiveDate>, Option<NaiveDate>, i16, Option<NaiveDate>, Option<LocationId>);

fn limits_of(weekly: &Weekly) -> Limits {
    (weekly.valid_from, weekly.valid_to, weekly.every_weeks, weekly.anchor, weekly.location)
}

/// The place that is chosen, if one is.
fn place(text: &str) -> Option<Option<LocationId>> {
    match text {
        "" => Some(None),
        id => Some(Some(id.parse().ok()?)),
    }
}

fn id_of(place: Option<LocationId>) -> String {
    place.map(|place| place.to_string()).unwrap_or_default()
}

/// A field that can be read as a date, or is empty.
fn limit(text: &str) -> Option<Option<NaiveDate>> {
    match text.trim() {
        "" => Some(None),
        text => Some(Some(when::from_iso(text)?)),
    }
}

impl Plan {
    /// As the hours are set.
    pub fn of(hours: &WorkingHours, today: NaiveDate) -> Plan {
        let mut limits: Vec<Limits> = hours.weekly.iter().map(limits_of).collect();
        // The usual hours come first, whether there are any or not.
        limits.push((None, None, 1, None, None));
        limits.sort_unstable();
        limits.dedup();
        let mut key = 0;
        let mut next = || {
            key += 1;
            key
        };
        let periods = limits
            .into_iter()
            .map(|limits| {
                let (from, to, every, anchor, place) = limits;
                let mut period = Period {
                    key: next(),
                    from: from.map(when::iso).unwrap_or_default(),
                    to: to.map(when::iso).unwrap_or_default(),
                    every: if every > 1 { every.to_string() } else { String::new() },
                    anchor: anchor.map(when::iso).unwrap_or_default(),
                    place: id_of(place),
                    ..Period::default()
                };
                for day in 0..7 {
                    for (cell, kind) in [(Cell::Windows, WeeklyKind::Window), (Cell::Breaks, WeeklyKind::Break)] {
                        let of_day = hours.weekly.iter().filter(|weekly| {
                            limits_of(weekly) == limits && weekly.kind == kind && usize::try_from(weekly.weekday) == Ok(day + 1)
                        });
                        let mut stretches: Vec<spans::Span> = of_day.map(|weekly| (weekly.starts, weekly.ends)).collect();
                        stretches.sort_unstable();
                        period.set(day, cell, spans::write(&stretches));
                    }
                }
                period
            })
            .collect();
        let (past, coming): (Vec<DateHours>, Vec<DateHours>) = hours.dates.iter().cloned().partition(|dated| dated.date < today);
        let dates = coming
            .into_iter()
            .map(|dated| Dated {
                key: next(),
                date: when::iso(dated.date),
                windows: spans::write(&dated.windows),
                place: id_of(dated.location),
            })
            .collect();
        Plan { periods, dates, past }
    }

    /// The hours that are typed; none while some field can't be read.
    pub fn hours(&self) -> Option<WorkingHours> {
        let mut weekly = Vec::new();
        for period in &self.periods {
            let (valid_from, valid_to, every_weeks, anchor, location) = period.limits()?;
            for (day, weekday) in (0..7).zip(1..) {
                for (cell, kind) in [(Cell::Windows, WeeklyKind::Window), (Cell::Breaks, WeeklyKind::Break)] {
                    for (starts, ends) in spans::read(period.cell(day, cell))? {
                        weekly.push(Weekly { weekday, kind, starts, ends, valid_from, valid_to, every_weeks, anchor, location });
                    }
                }
            }
        }
        let mut dates = self.past.clone();
        for dated in &self.dates {
            let (date, windows) = (when::from_iso(dated.date.trim())?, spans::read(&dated.windows)?);
            dates.push(DateHours { date, windows, location: place(&dated.place)? });
        }
        dates.sort_by_key(|dated| (dated.date, dated.location));
        // A date can have one exception only at each place.
        let once = dates.windows(2).all(|pair| (pair[0].date, pair[0].location) != (pair[1].date, pair[1].location));
        once.then_some(WorkingHours { weekly, dates })
    }

    fn next_key(&self) -> u32 {
        let keys = self.periods.iter().map(|period| period.key).chain(self.dates.iter().map(|dated| dated.key));
        keys.max().map_or(1, |last| last + 1)
    }

    /// One more period, from a date on, with the usual hours to begin with.
    pub fn add_period(&mut self, from: NaiveDate) {
        self.periods.push(Period { key: self.next_key(), from: when::iso(from), ..Period::default() });
    }

    /// One more date with hours of its own.
    pub fn add_date(&mut self, date: NaiveDate) {
        self.dates.push(Dated { key: self.next_key(), date: when::iso(date), ..Dated::default() });
    }

    /// Takes a period or a date away.
    pub fn remove(&mut self, key: u32) {
        self.periods.retain(|period| period.key != key);
        self.dates.retain(|dated| dated.key != key);
    }

    /// The period of that key.
    pub fn period(&self, key: u32) -> Option<&Period> {
        self.periods.iter().find(|period| period.key == key)
    }

    /// Changes the period of that key.
    pub fn change(&mut self, key: u32, change: impl FnOnce(&mut Period)) {
        if let Some(period) = self.periods.iter_mut().find(|period| period.key == key) {
            change(period);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        when::from_iso(text).unwrap()
    }

    fn hours() -> WorkingHours {
        let weekly = |weekday, kind, starts, ends, valid_from| Weekly { weekday, kind, starts, ends, valid_from, ..Weekly::default() };
        WorkingHours {
            weekly: vec![
                weekly(1, WeeklyKind::Window, 480, 960, None),
                weekly(1, WeeklyKind::Break, 720, 750, None),
                weekly(6, WeeklyKind::Window, 1320, 360, Some(date("2027-01-01"))),
            ],
            dates: vec![
                DateHours { date: date("2026-11-02"), ..DateHours::default() },
                DateHours { date: date("2026-12-24"), windows: vec![(480, 720)], location: None },
            ],
        }
    }

    #[test]
    fn what_is_shown_is_what_is_saved() {
        let plan = Plan::of(&hours(), date("2026-11-24"));
        assert_eq!(plan.periods.len(), 2);
        assert_eq!(plan.periods[0].cell(0, Cell::Windows), "08:00–16:00");
        assert_eq!(plan.periods[0].minutes(0), Some(450));
        // The date that has passed is not shown and not lost.
        assert_eq!(plan.dates.len(), 1);
        assert_eq!(plan.hours(), Some(hours()));
    }

    #[test]
    fn every_other_week_and_another_place_outlive_the_editor() {
        let mut hours = hours();
        let place = Some(LocationId::new());
        let anchor = Some(date("2026-11-23"));
        hours.weekly.push(Weekly { weekday: 2, starts: 480, ends: 720, every_weeks: 2, anchor, location: place, ..Weekly::default() });
        let mut plan = Plan::of(&hours, date("2026-11-24"));
        let sorted = |hours: Option<WorkingHours>| {
            let mut weekly = hours.unwrap().weekly;
            weekly.sort_by_key(|weekly| (weekly.every_weeks, weekly.weekday, weekly.starts));
            weekly
        };
        assert_eq!(sorted(plan.hours()), sorted(Some(hours)));
        let key = plan.periods.iter().find(|period| period.every == "2").unwrap().key;
        plan.change(key, |period| period.anchor.clear());
        assert_eq!(plan.hours(), None, "every other week from when?");
    }

    #[test]
    fn a_field_that_can_not_be_read_is_never_saved_as_nothing() {
        let mut plan = Plan::of(&hours(), date("2026-11-24"));
        plan.change(1, |period| period.set(2, Cell::Windows, "from nine".into()));
        assert_eq!(plan.hours(), None);
    }

    #[test]
    fn a_date_has_one_exception_only() {
        let mut plan = Plan::of(&hours(), date("2026-11-24"));
        plan.add_date(date("2026-12-24"));
        assert_eq!(plan.hours(), None);
        let last = plan.dates.last().unwrap().key;
        plan.remove(last);
        assert_eq!(plan.hours(), Some(hours()));
    }

    #[test]
    fn a_date_may_be_split_between_places() {
        let mut plan = Plan::of(&hours(), date("2026-11-24"));
        plan.add_date(date("2026-12-24"));
        let place = LocationId::new();
        plan.dates[1].place = place.to_string();
        assert_eq!(plan.hours().unwrap().dates.last().unwrap().location, Some(place));
    }
}
