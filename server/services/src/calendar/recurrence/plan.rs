//! Rules one after the other: "three a week for two weeks, then weekly six times".

use chrono::{Datelike, Days, Months, NaiveDateTime};

use super::{Ending, Frequency, Rule, dates::week_of};

/// Rules that follow each other. Each but the last must end; one that does not is the last that is heard.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plan(pub Vec<Rule>);

impl Plan {
    /// A plan of one rule.
    pub fn of(rule: Rule) -> Plan {
        Plan(vec![rule])
    }

    /// Whether it ends, so that it can be booked whole.
    pub fn ends(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|rule| rule.ending != Ending::Never)
    }

    /// At most `most` readings from `start` on, in order. A rule after the first begins in the week, month or year (by the
    /// day: on the day) after the one in which the last reading lies, by weekday and time of the plan's own start.
    ///
    /// An ending that is an instant is taken for its reading in UTC; series are written by the wall clock.
    pub fn readings(&self, start: NaiveDateTime, most: usize) -> Vec<NaiveDateTime> {
        let mut all: Vec<NaiveDateTime> = Vec::new();
        let mut from = Some(start);
        for (at, rule) in self.0.iter().enumerate() {
            let Some(seed) = from.filter(|_| all.len() < most) else { break };
            let ending = match rule.ending {
                Ending::Instant(last) => Ending::Reading(last.naive_utc()),
                other => other,
            };
            let rule = Rule { ending, ..rule.clone() };
            all.extend(rule.readings(seed).take(most - all.len()));
            from = match (all.last(), self.0.get(at + 1)) {
                (Some(last), Some(next)) => following(next, start, *last),
                _ => Some(seed),
            };
        }
        all
    }
}

/// Where a rule begins that follows others.
fn following(next: &Rule, start: NaiveDateTime, last: NaiveDateTime) -> Option<NaiveDateTime> {
    let date = match next.frequency {
        Frequency::Daily => last.date().checked_add_days(Days::new(1)),
        Frequency::Weekly => {
            // The same weekday as the first of all, so that "then weekly" means the day on which it began.
            let past = u64::from(start.weekday().days_since(next.week_start));
            week_of(last.date(), next.week_start).checked_add_days(Days::new(7 + past))
        }
        Frequency::Monthly => last.date().checked_add_months(Months::new(1)),
        Frequency::Yearly => last.date().checked_add_months(Months::new(12)),
    };
    date.map(|date| date.and_time(start.time()))
}
