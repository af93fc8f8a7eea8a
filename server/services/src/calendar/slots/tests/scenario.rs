//! Random clinics for the properties: three days around a change of clocks, in whole minutes.

use super::*;
use chrono::Duration;
use proptest::prelude::*;

/// Minutes that a scenario spans.
pub(super) const SPAN: i64 = 3 * 24 * 60;

#[derive(Clone, Debug)]
pub(super) struct Scenario {
    pub(super) wish: Wish,
    pub(super) times: Vec<ResourceTime>,
    pub(super) zone: ZoneWindow,
    /// Its first instant.
    pub(super) base: DateTime<Utc>,
}

impl Scenario {
    pub(super) fn range(&self) -> Interval {
        Interval::new(self.base, self.base + Duration::minutes(SPAN)).unwrap()
    }

    pub(super) fn slots(&self) -> Vec<Slot> {
        slots(&self.wish, &self.times, &self.zone, self.range())
    }
}

/// Zones with the first local midnight of three days in whose middle the clocks change, and one day without.
fn places() -> impl Strategy<Value = (ZoneWindow, DateTime<Utc>)> {
    let lord_howe = zone("Australia/Lord_Howe", 660, &[("2027-04-03T15:00:00Z", 630), ("2027-10-02T15:30:00Z", 660)]);
    let chicago = zone("America/Chicago", -360, &[("2027-03-14T08:00:00Z", -300), ("2027-11-07T07:00:00Z", -360)]);
    let dates = [
        (warsaw(), "2027-03-27"),
        (warsaw(), "2027-10-30"),
        (warsaw(), "2027-06-01"),
        (lord_howe.clone(), "2027-04-03"),
        (lord_howe, "2027-10-02"),
        (chicago.clone(), "2027-03-13"),
        (chicago, "2027-11-06"),
    ];
    prop::sample::select(dates.to_vec()).prop_map(|(zone, date)| {
        let base = zone.day_start(date.parse().unwrap());
        (zone, base)
    })
}

/// A stretch by its first minute and its length, in fives.
fn stretches(most: usize, longest: i64) -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0..SPAN / 5, 1..=longest / 5), 0..=most)
        .prop_map(|all| all.into_iter().map(|(start, length)| (start * 5, length * 5)).collect())
}

type Times = (Vec<(i64, i64)>, bool, Vec<(i64, i64, Rule)>, Vec<(i64, i64, i32, i32)>);

fn times() -> impl Strategy<Value = Times> {
    let rules = prop::sample::select(vec![Rule::Break, Rule::Break, Rule::Leave, Rule::Closure]);
    let closed = (stretches(4, 300), prop::collection::vec(rules, 4))
        .prop_map(|(all, rules)| all.into_iter().zip(rules).map(|((start, length), rule)| (start, length, rule)).collect());
    let buffer = || prop::sample::select(vec![0, 0, 5, 15]);
    let busy = (stretches(6, 180), prop::collection::vec((buffer(), buffer()), 6)).prop_map(|(all, buffers)| {
        all.into_iter().zip(buffers).map(|((start, length), (before, after))| (start, length, before, after)).collect()
    });
    (stretches(5, 720), prop::bool::weighted(0.2), closed, busy)
}

/// Two of each role, and one or two needs. Sometimes both needs are of one role.
pub(super) fn scenario() -> impl Strategy<Value = Scenario> {
    let wish = (5i32..=90, 0i32..=20, 0i32..=20, prop::sample::select(vec![5, 7, 15, 20, 60]), any::<bool>());
    let limits = prop::option::weighted(0.3, (0..SPAN, 0i32..600, prop::option::of(0..SPAN)));
    let needs = prop::sample::select(vec![
        vec![(ResourceKind::Staff, vec![1])],
        vec![(ResourceKind::Staff, vec![2, 1])],
        vec![(ResourceKind::Staff, vec![1, 2]), (ResourceKind::Room, vec![3, 4])],
        vec![(ResourceKind::Room, vec![4]), (ResourceKind::Staff, vec![2])],
        vec![(ResourceKind::Staff, vec![1, 2]), (ResourceKind::Staff, vec![1])],
    ]);
    let segments = prop::sample::select(vec![vec![], vec![], vec![(0, 5)], vec![(2, 4)], vec![(0, 2), (4, 999)]]);
    let seats = prop::collection::vec((1i32..=2, prop::option::weighted(0.3, 0u128..3)), 6);
    let refused = (stretches(2, 900), prop::option::weighted(0.3, stretches(3, 180)));
    let rooms = (prop::bool::weighted(0.3), segments, prop::collection::vec(1i32..=3, 4), seats, refused);
    (places(), wish, limits, needs, prop::collection::vec(times(), 4), rooms).prop_map(
        |((zone, base), (minutes, before, after, step, clock), limits, needs, times, rooms)| {
            let (buffers_inside_hours, segments, capacities, seats, (full, elsewhere)) = rooms;
            let at = |minute: i64| base + Duration::minutes(minute);
            let during = |start: i64, length: i64| Interval::new(at(start), at(start + length)).unwrap();
            let times = times.into_iter().zip(1..).map(|((windows, always, closed, busy), n)| {
                let role = if n <= 2 { ResourceKind::Staff } else { ResourceKind::Room };
                let windows: Vec<Interval> = windows.into_iter().map(|(start, length)| during(start, length)).collect();
                let mut time = open(n, role, &windows);
                time.hours.always = always;
                time = closed.into_iter().fold(time, |time, (start, length, rule)| time.closed(rule, during(start, length)));
                busy.into_iter().zip(n * 100..).fold(time, |time, ((start, length, before, after), activity)| {
                    time.busy_with_buffers(activity, during(start, length), before, after)
                })
            });
            let mut times: Vec<ResourceTime> = times.collect();
            for (n, time) in (0u128..).zip(&mut times) {
                time.capacity = capacities[n as usize];
                for (busy, (seats, session)) in time.busy.iter_mut().zip(&seats) {
                    (busy.seats, busy.session) = (*seats, session.map(|session| id(9000 + n * 10 + session)));
                    if session.is_some() {
                        // So that some can be joined.
                        busy.end = busy.start + Duration::minutes(i64::from(minutes));
                    }
                }
            }
            let (now, notice_minutes, latest) =
                limits.map_or((None, 0, None), |(now, notice, latest)| (Some(at(now)), notice, latest.map(at)));
            let segments: Vec<Segment> = segments.into_iter().map(|(from, to)| Segment { from, to }).collect();
            let mut needs: Vec<Need> = needs.iter().map(|(role, any_of)| need(*role, any_of)).collect();
            needs[0].segments = segments;
            let full = full.into_iter().map(|(start, length)| during(start, length)).collect();
            let guest = elsewhere.map(|elsewhere| Guest {
                id: id(8000),
                elsewhere: elsewhere.into_iter().map(|(start, length)| during(start, length)).collect(),
            });
            let align = if clock { Align::Clock } else { Align::Window };
            let wish = Wish {
                minutes,
                before,
                after,
                buffers_inside_hours,
                step,
                align,
                needs,
                now,
                notice_minutes,
                latest,
                full,
                guest,
                ..Wish::default()
            };
            Scenario { wish, times, zone, base }
        },
    )
}
