//! What is typed into a week of a place's rota, put into somebody's hours. What is set for other places stays as it is.

use chrono::{Days, NaiveDate};
use platform::id::LocationId;

use crate::hours::{DateHours, Weekly, WeeklyKind, WorkingHours};

/// Start and end in minutes after midnight.
type Span = (i16, i16);

/// These windows at that place on that date only. What the weekly hours say already is not said again.
pub fn on_date(hours: &mut WorkingHours, at: LocationId, date: NaiveDate, windows: &[Span], week_start: i16) {
    let always = of_week(hours, date, week_start);
    let dated = hours.dates.iter().any(|dated| dated.date == date);
    let known = if dated { of_date(hours, date) } else { always.clone() };
    let (here, mut all): (Vec<Entry>, Vec<Entry>) = known.into_iter().partition(|(place, _)| is_here(*place, at));
    // As wide as what it replaces; beside hours elsewhere it is for this place alone.
    let place = match here.first() {
        Some((place, _)) => *place,
        None => (!all.is_empty()).then_some(at),
    };
    let mut windows = windows.to_vec();
    windows.sort_unstable();
    all.push((place, windows));
    hours.dates.retain(|dated| dated.date != date);
    if written(&all) != written(&always) {
        // Of a place without windows nothing needs to be said, unless it is the only one.
        let only = all.len() == 1;
        all.retain(|(_, windows)| only || !windows.is_empty());
        hours.dates.extend(all.into_iter().map(|(location, windows)| DateHours { date, windows, location }));
        hours.dates.sort_by_key(|dated| dated.date);
    }
}

/// These windows at that place on that weekday of every week, from the draft's beginning on; there the date itself is no longer
/// an exception. Windows of that weekday that hold between other dates stay.
pub fn every_week(hours: &mut WorkingHours, at: LocationId, date: NaiveDate, windows: &[Span], week_start: i16) {
    let weekday = Weekly::weekday_of(date);
    let holds = |weekly: &Weekly| {
        weekly.kind == WeeklyKind::Window
            && weekly.weekday == weekday
            && is_here(weekly.location, at)
            && weekly.valid_from.is_none_or(|first| first <= date)
            && weekly.valid_to.is_none_or(|last| date <= last)
    };
    let elsewhere = hours.weekly.iter().any(|weekly| weekly.weekday == weekday && !is_here(weekly.location, at));
    let (valid_from, valid_to, location) = hours
        .weekly
        .iter()
        .find(|weekly| holds(weekly))
        .map_or((None, None, elsewhere.then_some(at)), |weekly| (weekly.valid_from, weekly.valid_to, weekly.location));
    hours.weekly.retain(|weekly| !holds(weekly));
    let new = windows.iter().map(|(starts, ends)| Weekly {
        weekday,
        starts: *starts,
        ends: *ends,
        valid_from,
        valid_to,
        location,
        ..Weekly::default()
    });
    hours.weekly.extend(new);
    if hours.dates.iter().any(|dated| dated.date == date) {
        on_date(hours, at, date, windows, week_start);
    }
}

/// The place's week that begins on a date becomes as the one before it.
pub fn copy_week(hours: &mut WorkingHours, at: LocationId, first: NaiveDate, from: NaiveDate, week_start: i16) {
    let before = hours.at(at);
    for date in first.iter_days().take(7).filter(|date| *date >= from) {
        let windows = before.on(date.checked_sub_days(Days::new(7)).unwrap_or(date), week_start).windows;
        on_date(hours, at, date, &windows, week_start);
    }
}

/// A date's windows for one place, or for all.
type Entry = (Option<LocationId>, Vec<Span>);

fn is_here(place: Option<LocationId>, at: LocationId) -> bool {
    place.is_none_or(|place| place == at)
}

fn of_date(hours: &WorkingHours, date: NaiveDate) -> Vec<Entry> {
    let entries = hours.dates.iter().filter(|dated| dated.date == date);
    entries.map(|dated| (dated.location, dated.windows.clone())).collect()
}

fn of_week(hours: &WorkingHours, date: NaiveDate, week_start: i16) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for weekly in hours.weekly.iter().filter(|weekly| weekly.kind == WeeklyKind::Window && weekly.holds(date, week_start)) {
        let span = (weekly.starts, weekly.ends);
        match entries.iter_mut().find(|(place, _)| *place == weekly.location) {
            Some((_, windows)) => windows.push(span),
            None => entries.push((weekly.location, vec![span])),
        }
    }
    entries
}

/// The windows with their places, in one order.
fn written(entries: &[Entry]) -> Vec<(Option<LocationId>, Span)> {
    let mut all: Vec<_> = entries.iter().flat_map(|(place, windows)| windows.iter().map(|span| (*place, *span))).collect();
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Where the rota is written: any place, for the hours below hold everywhere.
    fn here() -> LocationId {
        LocationId::new()
    }

    fn hours() -> WorkingHours {
        let weekly = (1..=5).map(|weekday| Weekly { weekday, starts: 480, ends: 960, ..Weekly::default() }).collect();
        WorkingHours { weekly, dates: Vec::new() }
    }

    #[test]
    fn a_date_is_an_exception_until_it_is_as_always_again() {
        let mut set = hours();
        on_date(&mut set, here(), date("2026-12-02"), &[(600, 840)], 1);
        assert_eq!(set.on(date("2026-12-02"), 1).windows, [(600, 840)]);
        assert_eq!(set.on(date("2026-12-09"), 1).windows, [(480, 960)]);
        on_date(&mut set, here(), date("2026-12-02"), &[(480, 960)], 1);
        assert_eq!(set, hours());
    }

    #[test]
    fn every_week_changes_the_weekday_and_nothing_else() {
        let mut set = hours();
        on_date(&mut set, here(), date("2026-12-02"), &[], 1);
        every_week(&mut set, here(), date("2026-12-02"), &[(600, 840), (900, 1080)], 1);
        for day in ["2026-12-02", "2026-12-09"] {
            assert_eq!(set.on(date(day), 1).windows, [(600, 840), (900, 1080)]);
        }
        assert_eq!(set.on(date("2026-12-03"), 1).windows, [(480, 960)]);
        assert!(set.dates.is_empty());
    }

    #[test]
    fn a_copied_week_is_the_week_before_from_the_drafts_first_date_on() {
        let mut set = hours();
        on_date(&mut set, here(), date("2026-12-01"), &[(0, 60)], 1);
        on_date(&mut set, here(), date("2026-12-03"), &[], 1);
        copy_week(&mut set, here(), date("2026-12-07"), date("2026-12-09"), 1);
        assert_eq!(set.on(date("2026-12-08"), 1).windows, [(480, 960)], "before the first date");
        assert!(set.on(date("2026-12-10"), 1).windows.is_empty());
    }

    #[test]
    fn what_is_typed_for_one_place_leaves_the_day_at_the_other_as_it_is() {
        let (north, south) = (LocationId::new(), LocationId::new());
        let at = |starts, ends, place| Weekly { weekday: 3, starts, ends, location: Some(place), ..Weekly::default() };
        let always = WorkingHours { weekly: vec![at(480, 720, north), at(780, 960, south)], dates: Vec::new() };
        let day = date("2026-12-02");
        let shown = |set: &WorkingHours, place| set.at(place).on(day, 1).windows;

        let mut set = always.clone();
        on_date(&mut set, north, day, &[(540, 660)], 1);
        assert_eq!((shown(&set, north), shown(&set, south)), (vec![(540, 660)], vec![(780, 960)]));
        on_date(&mut set, south, day, &[], 1);
        assert_eq!((shown(&set, north), shown(&set, south)), (vec![(540, 660)], vec![]));
        on_date(&mut set, north, day, &[], 1);
        assert_eq!((shown(&set, north), shown(&set, south)), (vec![], vec![]), "a day off");
        on_date(&mut set, north, day, &[(480, 720)], 1);
        on_date(&mut set, south, day, &[(780, 960)], 1);
        assert_eq!(set, always);

        every_week(&mut set, south, day, &[(840, 1020)], 1);
        assert_eq!((shown(&set, north), shown(&set, south)), (vec![(480, 720)], vec![(840, 1020)]));
    }
}
