//! How a draft and the hours as they are become one: what has been stays, what comes is the draft's.

use chrono::NaiveDate;

use crate::hours::{Weekly, WorkingHours};

/// The hours as they would go on from a date: what a draft begins with.
pub fn as_of(now: &WorkingHours, from: NaiveDate) -> WorkingHours {
    let weekly = now.weekly.iter().filter(|weekly| weekly.valid_to.is_none_or(|last| last >= from));
    WorkingHours {
        weekly: weekly.map(|weekly| Weekly { valid_from: weekly.valid_from.filter(|first| *first > from), ..weekly.clone() }).collect(),
        dates: now.dates.iter().filter(|dated| dated.date >= from).cloned().collect(),
    }
}

/// The hours as they are until a date, and the draft's from it on. What goes on unchanged stays as it is written.
pub fn merged(now: &WorkingHours, draft: &WorkingHours, from: NaiveDate) -> WorkingHours {
    let day_before = from.pred_opt().unwrap_or(from);
    let mut coming: Vec<Weekly> = draft
        .weekly
        .iter()
        .filter(|weekly| weekly.valid_to.is_none_or(|last| last >= from))
        .map(|weekly| Weekly { valid_from: Some(weekly.valid_from.map_or(from, |first| first.max(from))), ..weekly.clone() })
        .collect();
    let mut weekly = Vec::with_capacity(now.weekly.len() + coming.len());
    for old in &now.weekly {
        if old.valid_from.is_some_and(|first| first >= from) {
            continue;
        }
        if old.valid_to.is_some_and(|last| last < from) {
            weekly.push(old.clone());
            continue;
        }
        let same = |new: &Weekly| {
            new.valid_from == Some(from) && Weekly { valid_from: old.valid_from, valid_to: old.valid_to, ..new.clone() } == *old
        };
        match coming.iter().position(same) {
            Some(place) => weekly.push(Weekly { valid_from: old.valid_from, ..coming.remove(place) }),
            None => weekly.push(Weekly { valid_to: Some(day_before), ..old.clone() }),
        }
    }
    weekly.append(&mut coming);
    let past = now.dates.iter().filter(|dated| dated.date < from);
    let dates = past.chain(draft.dates.iter().filter(|dated| dated.date >= from)).cloned().collect();
    WorkingHours { weekly, dates }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::{DateHours, WeeklyKind};
    use chrono::Days;
    use proptest::prelude::*;

    fn date(day: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 2).unwrap() + Days::new(day)
    }

    fn weekly() -> impl Strategy<Value = Weekly> {
        let validity = (proptest::option::of(0..60_u64), proptest::option::of(0..60_u64));
        (1..=7_i16, any::<bool>(), 0..1400_i16, 1..=3_i16, validity).prop_map(|(weekday, pause, starts, every_weeks, (first, last))| {
            let valid_from = first.map(date);
            let valid_to = last.map(|last| date(last.max(first.unwrap_or(0))));
            let kind = if pause { WeeklyKind::Break } else { WeeklyKind::Window };
            let anchor = (every_weeks > 1).then(|| date(0));
            Weekly { weekday, kind, starts, ends: starts + 30, valid_from, valid_to, every_weeks, anchor, location: None }
        })
    }

    fn hours() -> impl Strategy<Value = WorkingHours> {
        (proptest::collection::vec(weekly(), 0..8), proptest::collection::btree_map(0..60_u64, 0..1400_i16, 0..6)).prop_map(
            |(weekly, dates)| WorkingHours {
                weekly,
                dates: dates
                    .into_iter()
                    .map(|(day, at)| DateHours { date: date(day), windows: vec![(at, at + 30)], location: None })
                    .collect(),
            },
        )
    }

    proptest! {
        #[test]
        fn before_its_first_date_a_draft_changes_nothing_and_from_then_on_it_decides(
            now in hours(), draft in hours(), from in 0..60_u64
        ) {
            let from = date(from);
            let merged = merged(&now, &draft, from);
            for day in (0..75).map(date) {
                let decides = if day < from { &now } else { &draft };
                prop_assert_eq!(merged.on(day, 1), decides.on(day, 1), "{}", day);
            }
        }

        #[test]
        fn a_draft_in_which_nothing_was_changed_changes_nothing(now in hours(), from in 0..60_u64) {
            let from = date(from);
            let merged = merged(&now, &as_of(&now, from), from);
            for day in (0..75).map(date) {
                prop_assert_eq!(merged.on(day, 1), now.on(day, 1));
            }
            prop_assert_eq!(merged.weekly.len(), now.weekly.len(), "what goes on is not cut in two");
        }
    }
}
