//! Public holidays, computed: of Poland and of the United States (federal, with the days on which they are observed).
//! Those of other countries are imported as a list.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A public holiday, named as its country names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Holiday {
    pub date: NaiveDate,
    pub name: String,
    /// Whether this is not the holiday itself but the weekday on which it is observed.
    pub observed: bool,
}

/// A country whose holidays are known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Country {
    /// Poland.
    PL,
    /// The United States.
    US,
}

impl Country {
    /// By its ISO code of two letters.
    pub fn parse(code: &str) -> Option<Country> {
        match code {
            "PL" => Some(Country::PL),
            "US" => Some(Country::US),
            _ => None,
        }
    }
}

/// The holidays of a year, in order.
pub fn of(country: Country, year: i32) -> Vec<Holiday> {
    let mut all: Vec<Holiday> = match country {
        Country::PL => poland(year),
        Country::US => (year - 1..=year + 1).flat_map(united_states).filter(|holiday| holiday.date.year() == year).collect(),
    };
    all.sort();
    all
}

fn named(date: Option<NaiveDate>, name: &str) -> Option<Holiday> {
    Some(Holiday { date: date?, name: name.into(), observed: false })
}

/// Easter Sunday of the Gregorian calendar, by the anonymous algorithm.
fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century, rest) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let days = moon + sunday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(days / 31).ok()?, u32::try_from(days % 31 + 1).ok()?)
}

fn poland(year: i32) -> Vec<Holiday> {
    let fixed = |month, day, name, since: i32| named(NaiveDate::from_ymd_opt(year, month, day).filter(|_| year >= since), name);
    let after_easter = |days, name| named(easter(year).and_then(|sunday| sunday.checked_add_days(Days::new(days))), name);
    [
        fixed(1, 1, "Nowy Rok", 0),
        fixed(1, 6, "Trzech Króli", 2011),
        after_easter(0, "Wielkanoc"),
        after_easter(1, "Poniedziałek Wielkanocny"),
        fixed(5, 1, "Święto Pracy", 0),
        fixed(5, 3, "Święto Konstytucji 3 Maja", 1990),
        after_easter(49, "Zielone Świątki"),
        after_easter(60, "Boże Ciało"),
        fixed(8, 15, "Wniebowzięcie NMP", 1989),
        fixed(11, 1, "Wszystkich Świętych", 0),
        fixed(11, 11, "Święto Niepodległości", 1989),
        // A day off by law since that year.
        fixed(12, 24, "Wigilia", 2025),
        fixed(12, 25, "Boże Narodzenie", 0),
        fixed(12, 26, "Drugi dzień świąt", 0),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn united_states(year: i32) -> Vec<Holiday> {
    let fixed = |month, day, name, since: i32| named(NaiveDate::from_ymd_opt(year, month, day).filter(|_| year >= since), name);
    let nth = |month, weekday, n, name, since: i32| {
        named(NaiveDate::from_weekday_of_month_opt(year, month, weekday, n).filter(|_| year >= since), name)
    };
    let last_monday_of_may = (22..=31).filter_map(|day| NaiveDate::from_ymd_opt(year, 5, day)).rfind(|date| date.weekday() == Weekday::Mon);
    let all = [
        fixed(1, 1, "New Year's Day", 0),
        nth(1, Weekday::Mon, 3, "Martin Luther King Jr. Day", 1986),
        nth(2, Weekday::Mon, 3, "Washington's Birthday", 1971),
        named(last_monday_of_may, "Memorial Day"),
        fixed(6, 19, "Juneteenth", 2021),
        fixed(7, 4, "Independence Day", 0),
        nth(9, Weekday::Mon, 1, "Labor Day", 0),
        nth(10, Weekday::Mon, 2, "Columbus Day", 1971),
        fixed(11, 11, "Veterans Day", 1978),
        nth(11, Weekday::Thu, 4, "Thanksgiving Day", 0),
        fixed(12, 25, "Christmas Day", 0),
    ];
    let all: Vec<Holiday> = all.into_iter().flatten().collect();
    // What falls on a Saturday is observed the day before, on a Sunday the day after.
    let observed = all.iter().filter_map(|holiday| {
        let date = match holiday.date.weekday() {
            Weekday::Sat => holiday.date.pred_opt()?,
            Weekday::Sun => holiday.date.succ_opt()?,
            _ => return None,
        };
        Some(Holiday { date, name: format!("{} (observed)", holiday.name), observed: true })
    });
    let observed: Vec<Holiday> = observed.collect();
    all.into_iter().chain(observed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(country: Country, year: i32) -> Vec<String> {
        of(country, year).into_iter().map(|holiday| holiday.date.to_string()[5..].to_owned()).collect()
    }

    #[test]
    fn easter_is_where_the_almanac_has_it() {
        let known = [(1981, "04-19"), (2000, "04-23"), (2024, "03-31"), (2025, "04-20"), (2026, "04-05"), (2027, "03-28"), (2038, "04-25")];
        for (year, day) in known {
            assert_eq!(easter(year).unwrap().to_string()[5..], *day, "{year}");
        }
    }

    #[test]
    fn poland_has_fourteen_holidays_since_christmas_eve_is_one() {
        let expected =
            ["01-01", "01-06", "03-28", "03-29", "05-01", "05-03", "05-16", "05-27", "08-15", "11-01", "11-11", "12-24", "12-25", "12-26"];
        assert_eq!(dates(Country::PL, 2027), expected);
        assert_eq!(dates(Country::PL, 2024).len(), 13);
    }

    #[test]
    fn federal_holidays_at_a_weekend_are_observed_on_a_weekday_too_even_across_the_year() {
        // Independence Day 2026 is a Saturday; in 2027 Juneteenth and Christmas are, and Independence Day is a Sunday.
        assert_eq!(
            dates(Country::US, 2026),
            ["01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "07-04", "09-07", "10-12", "11-11", "11-26", "12-25"]
        );
        let observed: Vec<String> =
            of(Country::US, 2027).into_iter().filter(|holiday| holiday.observed).map(|holiday| holiday.date.to_string()).collect();
        assert_eq!(observed, ["2027-06-18", "2027-07-05", "2027-12-24", "2027-12-31"]);
        assert!(dates(Country::US, 2021).contains(&"12-31".to_owned()), "New Year's Day 2022 is observed in 2021");
    }

    #[test]
    fn of_other_countries_nothing_is_guessed() {
        assert_eq!(Country::parse("DE"), None);
    }
}
