//! Rules as texts, in the order in which most programs write them.

use std::fmt;

use chrono::Weekday;

use super::{DayOf, Ending, Frequency, Rule, parse::WEEKDAYS};

impl Frequency {
    /// The word of RFC 5545.
    pub const fn as_str(self) -> &'static str {
        match self {
            Frequency::Daily => "DAILY",
            Frequency::Weekly => "WEEKLY",
            Frequency::Monthly => "MONTHLY",
            Frequency::Yearly => "YEARLY",
        }
    }
}

impl fmt::Display for DayOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(nth) = self.nth {
            write!(f, "{nth}")?;
        }
        f.write_str(letters(self.weekday))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ={}", self.frequency.as_str())?;
        if self.interval > 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        match self.ending {
            Ending::Never => {}
            Ending::Count(count) => write!(f, ";COUNT={count}")?,
            Ending::Reading(last) => write!(f, ";UNTIL={}", last.format("%Y%m%dT%H%M%S"))?,
            Ending::Date(last) => write!(f, ";UNTIL={}", last.format("%Y%m%d"))?,
            Ending::Instant(last) => write!(f, ";UNTIL={}", last.format("%Y%m%dT%H%M%SZ"))?,
        }
        list(f, "BYMONTH", &self.by_month)?;
        list(f, "BYMONTHDAY", &self.by_month_day)?;
        list(f, "BYDAY", &self.by_day)?;
        list(f, "BYSETPOS", &self.by_set_pos)?;
        if self.week_start != Weekday::Mon {
            write!(f, ";WKST={}", letters(self.week_start))?;
        }
        Ok(())
    }
}

fn list(f: &mut fmt::Formatter<'_>, name: &str, values: &[impl fmt::Display]) -> fmt::Result {
    for (at, value) in values.iter().enumerate() {
        if at == 0 {
            write!(f, ";{name}={value}")?;
        } else {
            write!(f, ",{value}")?;
        }
    }
    Ok(())
}

fn letters(weekday: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, known)| *known == weekday).map_or("MO", |(letters, _)| letters)
}
