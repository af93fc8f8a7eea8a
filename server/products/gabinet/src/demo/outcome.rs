//! What came of a visit by now: past ones are completed, some were missed or cancelled, the present ones are under way,
//! later ones partly confirmed.

use chrono::{DateTime, TimeDelta, Utc};
use services::calendar::Status;

use super::Dice;

/// How far a visit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Scheduled,
    Confirmed,
    Waiting,
    UnderWay,
    Completed,
    Cancelled,
    Missed,
}

impl Outcome {
    /// Whether it did not and will not take place.
    pub(super) fn fell_through(self) -> bool {
        matches!(self, Outcome::Cancelled | Outcome::Missed)
    }
}

/// Decides by the clock, and by chance where the clock leaves it open.
pub(super) fn of(start: DateTime<Utc>, end: DateTime<Utc>, now: DateTime<Utc>, today: bool, dice: &mut Dice) -> Outcome {
    let chance = dice.roll(100);
    match chance {
        0..4 if start > now + TimeDelta::minutes(30) || end <= now => Outcome::Cancelled,
        4..8 if end <= now => Outcome::Missed,
        _ if end <= now => Outcome::Completed,
        _ if start <= now => Outcome::UnderWay,
        _ if start <= now + TimeDelta::minutes(12) => Outcome::Waiting,
        8..80 if today => Outcome::Confirmed,
        8..45 if start <= now + TimeDelta::days(4) => Outcome::Confirmed,
        8..20 => Outcome::Confirmed,
        _ => Outcome::Scheduled,
    }
}

/// In a waiting room there is always somebody who came early.
pub(super) fn somebody_waits(visits: &mut [(&mut Outcome, DateTime<Utc>)], now: DateTime<Utc>) {
    if visits.iter().any(|(outcome, _)| **outcome == Outcome::Waiting) {
        return;
    }
    let soon = |start: DateTime<Utc>| now < start && start <= now + TimeDelta::minutes(50);
    let next = visits.iter_mut().filter(|(outcome, start)| soon(*start) && !outcome.fell_through()).min_by_key(|(_, start)| *start);
    if let Some((outcome, _)) = next {
        **outcome = Outcome::Waiting;
    }
}

/// When it was booked, and the steps with their times, none of them yet to come.
pub(super) struct Told {
    pub booked_at: DateTime<Utc>,
    pub steps: Vec<(Status, DateTime<Utc>)>,
}

/// Tells the story that ends in the outcome.
pub(super) fn tell(outcome: Outcome, (start, end): (DateTime<Utc>, DateTime<Utc>), now: DateTime<Utc>, dice: &mut Dice) -> Told {
    // A working hour some days before, and some days ago at the latest.
    let days = i64::try_from(dice.roll(18)).unwrap_or(0) + 2;
    let mut booked_at = start - TimeDelta::days(days) + dice.minutes(90);
    while booked_at >= now - TimeDelta::days(1) {
        booked_at -= TimeDelta::days(7);
    }
    let mut last = booked_at;
    // Each step after the one before, and before now.
    let mut at = |wanted: DateTime<Utc>| {
        last = wanted.clamp((last + TimeDelta::minutes(1)).min(now), now);
        last
    };
    let confirmed = start - TimeDelta::days(1) + dice.minutes(120);
    let came = start - dice.minutes(12);
    let began = start + dice.minutes(4) - TimeDelta::minutes(2);
    let over = end + dice.minutes(6) - TimeDelta::minutes(4);
    let steps = match outcome {
        Outcome::Scheduled => Vec::new(),
        Outcome::Confirmed => vec![(Status::Confirmed, at(confirmed))],
        Outcome::Waiting => vec![(Status::Confirmed, at(confirmed)), (Status::CheckedIn, at(came))],
        Outcome::UnderWay => {
            vec![(Status::Confirmed, at(confirmed)), (Status::CheckedIn, at(came)), (Status::InProgress, at(began))]
        }
        Outcome::Completed => vec![
            (Status::Confirmed, at(confirmed)),
            (Status::CheckedIn, at(came)),
            (Status::InProgress, at(began)),
            (Status::Completed, at(over)),
        ],
        Outcome::Cancelled => vec![(Status::Cancelled, at(start - TimeDelta::hours(20)))],
        Outcome::Missed => vec![(Status::Confirmed, at(confirmed)), (Status::NoShow, at(start + TimeDelta::minutes(20)))],
    };
    Told { booked_at, steps }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_story_is_one_that_a_visit_can_have() {
        let now: DateTime<Utc> = "2026-11-24T09:30:00Z".parse().unwrap();
        let mut dice = Dice(7);
        for minute in (-20_000..40_000).step_by(45) {
            let start = now + TimeDelta::minutes(minute);
            let end = start + TimeDelta::minutes(45);
            let outcome = of(start, end, now, minute.abs() < 600, &mut dice);
            let told = tell(outcome, (start, end), now, &mut dice);
            assert!(told.booked_at < now && told.booked_at < start, "{minute}");
            let (mut status, mut last) = (Status::Scheduled, told.booked_at);
            for (to, at) in told.steps {
                assert!(status.can_become(to), "{status} {to}");
                assert!(last <= at && at <= now, "{outcome:?} {last} {at}");
                (status, last) = (to, at);
            }
            assert!(end > now || status.is_terminal(), "what is past is over");
            assert!(start <= now || !matches!(status, Status::InProgress | Status::Completed | Status::NoShow));
        }
    }
}
