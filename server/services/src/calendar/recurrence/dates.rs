//! The dates of a rule, without its ending.
//!
//! Each day, week, month or year that the rule comes round to is looked through day by day. That is a hundred thousand
//! looks for all the years there are, which takes a few milliseconds, and so a rule that never finds anything
//! (`FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30`) ends like any other.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::{DayOf, Frequency, Rule};

/// Calendars reach no further.
const LAST_YEAR: i32 = 2200;

/// The dates of a rule from its first day on, in order.
pub struct Dates<'a> {
    rule: &'a Rule,
    start: NaiveDate,
    by_month: Vec<u8>,
    by_month_day: Vec<i8>,
    by_day: Vec<DayOf>,
    /// First day of the period that is looked through next.
    period: Option<NaiveDate>,
    found: std::vec::IntoIter<NaiveDate>,
}

impl<'a> Dates<'a> {
    /// Where the rule names no day of its own, the first start's is meant.
    pub fn new(rule: &'a Rule, start: NaiveDate) -> Dates<'a> {
        let mut dates = Dates {
            rule,
            start,
            by_month: rule.by_month.clone(),
            by_month_day: rule.by_month_day.clone(),
            by_day: rule.by_day.clone(),
            period: None,
            found: Vec::new().into_iter(),
        };
        if rule.by_month_day.is_empty() && rule.by_day.is_empty() {
            let day = i8::try_from(start.day()).unwrap_or(1);
            match rule.frequency {
                Frequency::Yearly => {
                    if rule.by_month.is_empty() {
                        dates.by_month.push(u8::try_from(start.month()).unwrap_or(1));
                    }
                    dates.by_month_day.push(day);
                }
                Frequency::Monthly => dates.by_month_day.push(day),
                Frequency::Weekly => dates.by_day.push(DayOf { nth: None, weekday: start.weekday() }),
                Frequency::Daily => {}
            }
        }
        dates.period = match rule.frequency {
            Frequency::Yearly => start.with_ordinal(1),
            Frequency::Monthly => start.with_day(1),
            Frequency::Weekly => Some(week_of(start, rule.week_start)),
            Frequency::Daily => Some(start),
        };
        dates
    }

    /// The first day after the period, and the first of the next one that the rule comes round to.
    fn ends(&self, period: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let interval = self.rule.interval.max(1);
        let days = |days: u64| (period.checked_add_days(Days::new(days)), period.checked_add_days(Days::new(days * u64::from(interval))));
        let months = |months: u32| {
            let round = months.checked_mul(interval).and_then(|months| period.checked_add_months(Months::new(months)));
            (period.checked_add_months(Months::new(months)), round)
        };
        match self.rule.frequency {
            Frequency::Yearly => months(12),
            Frequency::Monthly => months(1),
            Frequency::Weekly => days(7),
            Frequency::Daily => days(1),
        }
    }

    /// All that the rule finds between two dates, the second exclusive.
    fn look_through(&self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let all: Vec<NaiveDate> = from.iter_days().take_while(|date| *date < to).filter(|date| self.is_meant(*date)).collect();
        if self.rule.by_set_pos.is_empty() {
            return all;
        }
        // Places are counted over the whole period, also over what lies before the first start.
        let places = self.rule.by_set_pos.iter().filter_map(|place| match usize::from(place.unsigned_abs()) {
            0 => None,
            nth if *place > 0 => Some(nth - 1),
            nth => all.len().checked_sub(nth),
        });
        let mut chosen: Vec<NaiveDate> = places.filter_map(|place| all.get(place).copied()).collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    fn is_meant(&self, date: NaiveDate) -> bool {
        (self.by_month.is_empty() || self.by_month.iter().any(|month| u32::from(*month) == date.month()))
            && (self.by_month_day.is_empty() || self.is_day_of_month(date))
            && (self.by_day.is_empty() || self.by_day.iter().any(|day| self.is_day(*day, date)))
    }

    fn is_day_of_month(&self, date: NaiveDate) -> bool {
        let (day, left) = (date.day() as i32, length_of_month(date) as i32 - date.day() as i32);
        self.by_month_day.iter().any(|wanted| match i32::from(*wanted) {
            wanted if wanted > 0 => day == wanted,
            wanted => left == -wanted - 1,
        })
    }

    /// The n-th is counted within the month where the rule names months or comes by the month, otherwise within the year.
    fn is_day(&self, wanted: DayOf, date: NaiveDate) -> bool {
        if date.weekday() != wanted.weekday {
            return false;
        }
        let Some(nth) = wanted.nth else { return true };
        let in_month = self.rule.frequency == Frequency::Monthly || !self.rule.by_month.is_empty();
        let (past, length) = if in_month { (date.day0(), length_of_month(date)) } else { (date.ordinal0(), length_of_year(date)) };
        let (from_first, from_last) = (past / 7 + 1, (length - 1 - past) / 7 + 1);
        let nth = i64::from(nth);
        if nth > 0 { i64::from(from_first) == nth } else { i64::from(from_last) == -nth }
    }
}

impl Iterator for Dates<'_> {
    type Item = NaiveDate;

    fn next(&mut self) -> Option<NaiveDate> {
        loop {
            if let Some(date) = self.found.next() {
                if date < self.start {
                    continue;
                }
                return (date.year() <= LAST_YEAR).then_some(date);
            }
            let period = self.period.filter(|period| period.year() <= LAST_YEAR)?;
            let (end, next) = self.ends(period);
            self.found = self.look_through(period, end?).into_iter();
            self.period = next;
        }
    }
}

/// The first day of the week in which a date lies.
pub(super) fn week_of(date: NaiveDate, week_start: Weekday) -> NaiveDate {
    let past = date.weekday().days_since(week_start);
    date.checked_sub_days(Days::new(u64::from(past))).unwrap_or(date)
}

fn length_of_month(date: NaiveDate) -> u32 {
    match date.month() {
        2 if date.leap_year() => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn length_of_year(date: NaiveDate) -> u32 {
    if date.leap_year() { 366 } else { 365 }
}
