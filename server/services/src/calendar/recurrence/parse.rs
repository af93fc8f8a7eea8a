//! Rules as they are written. What cannot be kept is refused, for a rule that was half understood books wrong days.

use std::str::FromStr;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

use super::{DayOf, Ending, Frequency, Rule};

/// Why a rule was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RuleError(String);

fn wrong<T>(why: impl Into<String>) -> Result<T, RuleError> {
    Err(RuleError(why.into()))
}

/// The weekdays by their letters.
pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

/// More values than one part can sensibly have.
const LONGEST_LIST: usize = 400;

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Rule, RuleError> {
        let text = text.to_ascii_uppercase();
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for part in text.split(';') {
            let Some((name, value)) = part.split_once('=') else { return wrong(format!("{part:?} is no part of a rule.")) };
            if parts.iter().any(|(known, _)| *known == name) {
                return wrong(format!("{name} is given twice."));
            }
            parts.push((name, value));
        }
        let mut rule = Rule::every(1, Frequency::Daily);
        match parts.iter().find(|(name, _)| *name == "FREQ") {
            None => return wrong("FREQ is needed."),
            Some((_, "DAILY")) => {}
            Some((_, "WEEKLY")) => rule.frequency = Frequency::Weekly,
            Some((_, "MONTHLY")) => rule.frequency = Frequency::Monthly,
            Some((_, "YEARLY")) => rule.frequency = Frequency::Yearly,
            Some(_) => return wrong("FREQ is one of DAILY, WEEKLY, MONTHLY, YEARLY."),
        }
        for (name, value) in parts {
            match name {
                "FREQ" => {}
                "INTERVAL" => rule.interval = positive(name, value)?,
                "COUNT" if rule.ending == Ending::Never => rule.ending = Ending::Count(positive(name, value)?),
                "UNTIL" if rule.ending == Ending::Never => rule.ending = until(value)?,
                "COUNT" | "UNTIL" => return wrong("Only one of COUNT and UNTIL can be given."),
                "WKST" => rule.week_start = weekday(value)?,
                "BYDAY" => rule.by_day = list(value, day)?,
                "BYMONTHDAY" => rule.by_month_day = list(value, |day| signed(name, day, 31))?,
                "BYMONTH" => rule.by_month = list(value, |month| Ok(u8::try_from(bounded(name, month, 12)?).unwrap_or(1)))?,
                "BYSETPOS" => rule.by_set_pos = list(value, |place| signed(name, place, 366))?,
                _ => return wrong(format!("{name} is not possible here.")),
            }
        }
        rule.is_sound()?;
        Ok(rule)
    }
}

impl Rule {
    /// What RFC 5545 does not let stand together.
    fn is_sound(&self) -> Result<(), RuleError> {
        let by_part = !self.by_day.is_empty() || !self.by_month_day.is_empty() || !self.by_month.is_empty();
        if !self.by_set_pos.is_empty() && !by_part {
            return wrong("BYSETPOS needs another BY part.");
        }
        if self.frequency == Frequency::Weekly && !self.by_month_day.is_empty() {
            return wrong("BYMONTHDAY is not possible by the week.");
        }
        let numbered = self.by_day.iter().any(|day| day.nth.is_some());
        if numbered && matches!(self.frequency, Frequency::Daily | Frequency::Weekly) {
            return wrong("BYDAY with a number is possible only by the month or year.");
        }
        Ok(())
    }
}

fn list<T>(value: &str, one: impl Fn(&str) -> Result<T, RuleError>) -> Result<Vec<T>, RuleError> {
    if value.split(',').count() > LONGEST_LIST {
        return wrong("This list is too long.");
    }
    value.split(',').map(one).collect()
}

fn digits(name: &str, value: &str) -> Result<u32, RuleError> {
    let plain = (1..=9).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse() {
        Ok(number) if plain => Ok(number),
        _ => wrong(format!("{name} is a number.")),
    }
}

fn positive(name: &str, value: &str) -> Result<u32, RuleError> {
    match digits(name, value)? {
        0 => wrong(format!("{name} is at least 1.")),
        number => Ok(number),
    }
}

fn bounded(name: &str, value: &str, most: u32) -> Result<u32, RuleError> {
    match digits(name, value)? {
        number if (1..=most).contains(&number) => Ok(number),
        _ => wrong(format!("{name} lies between 1 and {most}.")),
    }
}

/// `3`, `+3` or `-3`, never 0.
fn signed<T: TryFrom<i32> + Default>(name: &str, value: &str, most: u32) -> Result<T, RuleError> {
    let (sign, number) = match value.strip_prefix('-') {
        Some(number) => (-1, number),
        None => (1, value.strip_prefix('+').unwrap_or(value)),
    };
    let number = bounded(name, number, most)? as i32 * sign;
    Ok(T::try_from(number).unwrap_or_default())
}

fn weekday(value: &str) -> Result<Weekday, RuleError> {
    match WEEKDAYS.iter().find(|(letters, _)| *letters == value) {
        Some((_, weekday)) => Ok(*weekday),
        None => wrong(format!("{value:?} is no weekday: MO, TU, WE, TH, FR, SA, SU.")),
    }
}

fn day(value: &str) -> Result<DayOf, RuleError> {
    let letters = value.len().saturating_sub(2);
    let (Some(number), Some(letters)) = (value.get(..letters), value.get(letters..)) else { return wrong("BYDAY lists weekdays.") };
    let nth = if number.is_empty() { None } else { Some(signed("BYDAY", number, 53)?) };
    Ok(DayOf { nth, weekday: weekday(letters)? })
}

fn until(value: &str) -> Result<Ending, RuleError> {
    let ending = match (value.len(), value.ends_with('Z')) {
        (8, false) => NaiveDate::parse_from_str(value, "%Y%m%d").ok().map(Ending::Date),
        (15, false) => reading(value).map(Ending::Reading),
        (16, true) => reading(&value[..15]).map(|reading| Ending::Instant(reading.and_utc())),
        _ => None,
    };
    let year = match ending {
        Some(Ending::Date(date)) => date.year(),
        Some(Ending::Reading(reading)) => reading.year(),
        Some(Ending::Instant(instant)) => instant.year(),
        _ => return wrong("UNTIL is a date or a time: 20270131, 20270131T120000 or 20270131T120000Z."),
    };
    match ending {
        Some(ending) if (1970..=2200).contains(&year) => Ok(ending),
        _ => wrong("UNTIL lies between 1970 and 2200."),
    }
}

/// `20270131T120000`.
fn reading(value: &str) -> Option<NaiveDateTime> {
    let (date, time) = value.split_once('T')?;
    if date.len() != 8 || time.len() != 6 || !date.bytes().chain(time.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%S").ok()
}
