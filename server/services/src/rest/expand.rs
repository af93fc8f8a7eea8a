//! `POST /scheduling/expand`: what a rule of RFC 5545 means in a zone, by the code that series are booked by.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use platform::{
    Error, Result, State,
    input::Input,
    rest::{Json, Problems, RestTx},
    time,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::calendar::recurrence::{Question, Rule, expand as occurrences};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(expand))
}

/// So many are given at once.
const MOST: u32 = 500;
/// So many exceptions can be named.
const MOST_EXCEPTIONS: usize = 20_000;

/// A rule by the wall clock of a zone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Expand {
    /// IANA name: `Europe/Brussels`.
    zone: String,
    /// The first start by the wall clock, as `2018-10-27T08:00`; seconds may follow.
    start: String,
    /// Minutes that each takes, elapsed.
    #[schema(minimum = 1, maximum = 1440)]
    duration: i64,
    /// `FREQ` from `DAILY` to `YEARLY`, `INTERVAL`, `COUNT` or `UNTIL`, `WKST`, `BYDAY`, `BYMONTHDAY`, `BYMONTH`, `BYSETPOS`.
    rrule: String,
    /// Readings that are taken out, written as `start`.
    exdates: Option<Vec<String>>,
    /// First local date of the starts.
    from: Option<String>,
    /// Last local date of the starts, inclusive.
    to: Option<String>,
    /// At most so many; 500 if not given.
    #[schema(minimum = 1, maximum = 500)]
    max: Option<i64>,
}

/// When it comes.
#[derive(Serialize, ToSchema)]
struct Expanded {
    /// By start.
    occurrences: Vec<Stretch>,
}

/// One time at which it comes.
#[derive(Serialize, ToSchema)]
struct Stretch {
    /// RFC 3339, with the zone's offset.
    start: String,
    /// Exclusive; likewise.
    end: String,
}

/// When a rule comes, by the wall clock of a zone.
///
/// A reading that the clock skips moves on by the jump, of one that it shows twice the first is meant. Nothing is stored.
#[utoipa::path(post, path = "/scheduling/expand", tag = "scheduling", request_body = Expand, security(("bearer" = [])),
    responses((status = 200, description = "The occurrences.", body = Expanded), Problems))]
async fn expand(RestTx(tx): RestTx, Json(asked): Json<Expand>) -> Result<Json<Expanded>> {
    // Nothing of the organization is asked for: whoever is a member may ask, and no connection is kept for it.
    tx.commit().await?;
    // A rule that never comes is looked for through all the years there are: not on the threads that answer.
    tokio::task::spawn_blocking(move || answer(&asked)).await.map_err(Error::internal)?.map(Json)
}

fn answer(asked: &Expand) -> Result<Expanded> {
    let mut input = Input::new();
    let zone = time::zone(&asked.zone);
    input.check(zone.is_ok(), "zone", "zone", "This is not an IANA time zone.");
    let start = checked(&mut input, "start", reading(&asked.start), "A local time is needed, as 2027-01-31T09:00.");
    input.check((1..=1440).contains(&asked.duration), "duration", "range", "Between 1 and 1440 minutes.");
    let rule: Option<Rule> = match asked.rrule.parse() {
        Ok(rule) => Some(rule),
        Err(error) => {
            input.check(false, "rrule", "rule", error.to_string());
            None
        }
    };
    let exdates = asked.exdates.as_deref().unwrap_or_default();
    input.check(exdates.len() <= MOST_EXCEPTIONS, "exdates", "too_long", "At most 20,000 exceptions.");
    let mut except = BTreeSet::new();
    for (at, text) in exdates.iter().enumerate().take(MOST_EXCEPTIONS) {
        except.extend(checked(&mut input, &format!("exdates[{at}]"), reading(text), "A local time is needed, as 2027-01-31T09:00."));
    }
    let mut local_date = |field: &str, text: &Option<String>| {
        text.as_ref().and_then(|text| checked(&mut input, field, date(text).map(NaiveDateTime::from), "A date is needed, as 2027-01-31."))
    };
    let (from, to) = (local_date("from", &asked.from), local_date("to", &asked.to));
    input.check(from.zip(to).is_none_or(|(from, to)| from <= to), "to", "order", "The last date lies before the first.");
    let most = asked.max.unwrap_or(i64::from(MOST));
    input.check((1..=i64::from(MOST)).contains(&most), "max", "range", "Between 1 and 500.");
    input.finish()?;
    let (Ok(zone), Some(start), Some(rule)) = (zone, start, rule) else { return Ok(Expanded { occurrences: Vec::new() }) };
    let question = Question {
        zone,
        start,
        duration: TimeDelta::minutes(asked.duration),
        rule: &rule,
        except: &except,
        from: from.map(|from| from.date()),
        to: to.map(|to| to.date()),
        most: usize::try_from(most).unwrap_or_default(),
    };
    let found = occurrences(&question);
    Ok(Expanded { occurrences: found.iter().map(|one| Stretch { start: written(zone, one.start), end: written(zone, one.end) }).collect() })
}

/// The value, if it could be read and calendars reach there; otherwise the field is at fault.
fn checked(input: &mut Input, field: &str, value: Option<NaiveDateTime>, message: &str) -> Option<NaiveDateTime> {
    match value {
        Some(value) => input.year(field, &value),
        None => input.check(false, field, "time", message),
    }
    value
}

fn date(text: &str) -> Option<NaiveDate> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if shaped { text.parse().ok() } else { None }
}

fn reading(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_once('T')?;
    let shaped = |length: usize| {
        time.len() == length && time.bytes().enumerate().all(|(at, byte)| if at % 3 == 2 { byte == b':' } else { byte.is_ascii_digit() })
    };
    let format = if shaped(5) {
        "%H:%M"
    } else if shaped(8) && !time.ends_with(":60") {
        "%H:%M:%S"
    } else {
        return None;
    };
    Some(date(day)?.and_time(chrono::NaiveTime::parse_from_str(time, format).ok()?))
}

/// RFC 3339 knows no seconds in offsets, which some zones had until 1972: the instant stays, the offset is rounded.
fn written(zone: Tz, instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&zone);
    let minutes = local.offset().fix().local_minus_utc().div_euclid(60);
    match FixedOffset::east_opt(minutes * 60) {
        Some(offset) => instant.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Secs, false),
        None => local.to_rfc3339_opts(SecondsFormat::Secs, false),
    }
}

#[cfg(test)]
mod tests {
    use platform::Error;
    use serde_json::{Value, json};

    use super::{Expand, answer};

    fn ask(change: Value) -> Result<Vec<String>, String> {
        let mut asked = json!({ "zone": "Europe/Brussels", "start": "2018-10-27T08:00", "duration": 60, "rrule": "FREQ=DAILY;COUNT=3" });
        if let (Some(asked), Some(change)) = (asked.as_object_mut(), change.as_object()) {
            asked.extend(change.clone());
        }
        let asked: Expand = serde_json::from_value(asked).map_err(|error| error.to_string())?;
        match answer(&asked) {
            Ok(answer) => Ok(answer.occurrences.into_iter().map(|one| format!("{}/{}", one.start, one.end)).collect()),
            Err(Error::Invalid(errors)) => Err(errors.into_iter().map(|error| error.field).collect::<Vec<_>>().join(" ")),
            Err(other) => Err(other.to_string()),
        }
    }

    #[test]
    fn a_morning_over_the_change_of_the_clock_without_the_day_itself() {
        let found = ask(json!({ "exdates": ["2018-10-28T08:00"], "from": null, "to": null, "max": 500 }));
        let expected = ["2018-10-27T08:00:00+02:00/2018-10-27T09:00:00+02:00", "2018-10-29T08:00:00+01:00/2018-10-29T09:00:00+01:00"];
        assert_eq!(found.unwrap(), expected);
        assert_eq!(
            ask(json!({ "max": 1, "exdates": null, "start": "2018-10-27T08:00:30" })).unwrap()[0][..25],
            *"2018-10-27T08:00:30+02:00"
        );
        assert_eq!(ask(json!({ "zone": "Africa/Monrovia", "start": "1971-01-01T00:00" })).unwrap()[0][..25], *"1970-12-31T23:59:30-00:45");
    }

    #[test]
    fn the_fields_at_fault_are_named() {
        for (change, fields) in [
            (json!({ "zone": "Europe/Atlantis" }), "zone"),
            (json!({ "start": "2018-10-27 08:00" }), "start"),
            (json!({ "start": "2018-10-27T08:00Z" }), "start"),
            (json!({ "start": "2018-10-27T24:00" }), "start"),
            (json!({ "start": "2018-02-30T08:00" }), "start"),
            (json!({ "start": "1969-12-31T08:00" }), "start"),
            (json!({ "start": "2201-01-01T08:00" }), "start"),
            (json!({ "duration": 0 }), "duration"),
            (json!({ "duration": 1441 }), "duration"),
            (json!({ "rrule": "FREQ=HOURLY", "max": 0 }), "rrule max"),
            (json!({ "rrule": "FREQ=DAILY;BYHOUR=3" }), "rrule"),
            (json!({ "rrule": "FREQ=DAILY;COUNT=3;UNTIL=20190101" }), "rrule"),
            (json!({ "exdates": ["2018-10-28T08:00", "2018-10-28"] }), "exdates[1]"),
            (json!({ "from": "2018-1-1" }), "from"),
            (json!({ "from": "2018-11-02", "to": "2018-11-01" }), "to"),
            (json!({ "max": 501 }), "max"),
        ] {
            assert_eq!(ask(change.clone()).unwrap_err(), fields, "{change}");
        }
        assert!(ask(json!({ "until": "2019-01-01" })).unwrap_err().contains("unknown field `until`"));
    }

    #[test]
    fn a_rule_that_never_comes_is_answered_with_none() {
        assert_eq!(ask(json!({ "rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" })).unwrap().len(), 0);
    }
}
