//! The verdict on what is being filled in: the same rules as the server's, on the day's times that it has sent.

use chrono::{DateTime, Duration, Utc};
use platform::{
    id::EntityId,
    time::{Interval, ZoneWindow},
};
use services::calendar::slots::{Align, Need, ResourceTime, Slot, Why, Wish, nearest, slots, verdict};

/// How many other times are offered.
const WAYS: usize = 3;

/// What is to be said about a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can be had, with these resources.
    Free(Slot),
    /// It cannot.
    Refused {
        /// Everything that stands against it (R15).
        reasons: Vec<Why>,
        /// With whom and where it would be nevertheless: one per need, as far as there is one.
        resources: Vec<EntityId>,
        /// The nearest times of the day at which it can be had.
        nearest: Vec<Slot>,
    },
}

/// The wish with the needs narrowed to what was asked for by name.
pub fn narrowed(wish: &Wish, pins: &[EntityId]) -> Wish {
    let narrow = |need: &Need| match pins.iter().find(|pin| need.any_of.contains(pin)) {
        Some(pin) => Need { any_of: vec![*pin], ..need.clone() },
        None => need.clone(),
    };
    Wish { needs: wish.needs.iter().map(narrow).collect(), ..wish.clone() }
}

/// Judges a start that need not lie on the grid.
pub fn judge(wish: &Wish, times: &[ResourceTime], zone: &ZoneWindow, day: Interval, start: DateTime<Utc>) -> Verdict {
    // On a grid of whole minutes every start that can be typed is one of the grid's.
    let minute = Wish { step: 1, align: Align::Clock, ..wish.clone() };
    let here = Interval { start, end: start + Duration::minutes(1) };
    if let Some(slot) = slots(&minute, times, zone, here).into_iter().find(|slot| slot.start == start) {
        return Verdict::Free(slot);
    }
    let (mut reasons, resources) = against(wish, times, start);
    if reasons.is_empty() {
        return Verdict::Free(Slot { start, end: start + Duration::minutes(wish.minutes.into()), resources });
    }
    reasons.sort();
    reasons.dedup();
    Verdict::Refused { reasons, resources, nearest: nearest(wish, times, zone, day, start, WAYS) }
}

/// Judges a start by several wishes, of which one has to fit: practitioners with other lengths or limits than the rest.
pub fn judge_all(wishes: &[Wish], times: &[ResourceTime], zone: &ZoneWindow, day: Interval, start: DateTime<Utc>) -> Verdict {
    let mut refused = Verdict::Refused { reasons: Vec::new(), resources: Vec::new(), nearest: Vec::new() };
    for wish in wishes {
        match (judge(wish, times, zone, day, start), &mut refused) {
            (Verdict::Refused { reasons, resources, nearest }, Verdict::Refused { reasons: all, resources: best, nearest: ways }) => {
                if all.is_empty() || reasons.len() < all.len() {
                    *best = resources;
                }
                all.extend(reasons);
                ways.extend(nearest);
            }
            (free, _) => return free,
        }
    }
    if let Verdict::Refused { reasons, nearest, .. } = &mut refused {
        reasons.sort();
        reasons.dedup();
        nearest.sort_by_key(|slot| (slot.start - start).abs());
        nearest.dedup_by_key(|slot| slot.start);
        nearest.truncate(WAYS);
    }
    refused
}

/// All that stands against a start. Where several would do for a need and none can, each says why.
fn against(wish: &Wish, times: &[ResourceTime], start: DateTime<Utc>) -> (Vec<Why>, Vec<EntityId>) {
    let mut resources: Vec<EntityId> = Vec::with_capacity(wish.needs.len());
    let mut reasons = Vec::new();
    for need in &wish.needs {
        // Whether the patient has time is asked once, and not of everybody who would do.
        let alone = Wish { needs: vec![need.clone()], guest: None, ..wish.clone() };
        let candidates = need.any_of.iter().filter(|id| !resources.contains(id));
        let judged: Vec<(EntityId, Vec<Why>)> = candidates.map(|id| (*id, verdict(&alone, times, start, &[*id]))).collect();
        if let Some((best, _)) = judged.iter().min_by_key(|(_, reasons)| reasons.len()) {
            resources.push(*best);
        }
        if judged.iter().all(|(_, reasons)| !reasons.is_empty()) {
            reasons.extend(judged.into_iter().flat_map(|(_, reasons)| reasons));
        }
    }
    // What concerns no single need: past, notice, a need for which nobody is there.
    reasons.extend(verdict(wish, times, start, &resources));
    (reasons, resources)
}

#[cfg(test)]
mod tests {
    use super::*;
    use services::calendar::{
        event::{Hours, ResourceKind},
        slots::{Busy, Rule},
    };

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn utc() -> ZoneWindow {
        ZoneWindow { zone: "UTC".into(), offset: 0, from: at("2026-11-20T00:00:00Z"), to: at("2026-11-28T00:00:00Z"), changes: Vec::new() }
    }

    fn day() -> Interval {
        Interval { start: at("2026-11-24T00:00:00Z"), end: at("2026-11-25T00:00:00Z") }
    }

    /// There from 9 to 17, and busy from 10 to 11 if so said.
    fn time(resource: EntityId, role: ResourceKind, busy: bool) -> ResourceTime {
        let window = Interval { start: at("2026-11-24T09:00:00Z"), end: at("2026-11-24T17:00:00Z") };
        let taken = Busy {
            activity: EntityId::new(),
            start: at("2026-11-24T10:00:00Z"),
            end: at("2026-11-24T11:00:00Z"),
            before: 0,
            after: 0,
            seats: 1,
            session: None,
        };
        ResourceTime {
            resource,
            role,
            capacity: 1,
            hours: Hours { resource, windows: vec![window], always: false, closed: Vec::new() },
            busy: busy.then_some(taken).into_iter().collect(),
        }
    }

    fn wish(needs: Vec<Need>) -> Wish {
        Wish {
            minutes: 30,
            before: 0,
            after: 0,
            step: 15,
            align: Align::Window,
            needs,
            moving: None,
            now: None,
            notice_minutes: 0,
            latest: None,
            ..Wish::default()
        }
    }

    fn need(role: ResourceKind, any_of: Vec<EntityId>) -> Need {
        Need { role, sort_of: None, any_of, segments: Vec::new(), within: None }
    }

    #[test]
    fn a_start_off_the_grid_is_free_with_whoever_is_free_then() {
        let (lis, kania, room) = (EntityId::new(), EntityId::new(), EntityId::new());
        let times = [time(lis, ResourceKind::Staff, true), time(kania, ResourceKind::Staff, false), time(room, ResourceKind::Room, false)];
        let wish = wish(vec![need(ResourceKind::Staff, vec![lis, kania]), need(ResourceKind::Room, vec![room])]);
        let Verdict::Free(slot) = judge(&wish, &times, &utc(), day(), at("2026-11-24T10:07:00Z")) else { panic!("refused") };
        assert_eq!(slot.resources, [kania, room]);
    }

    #[test]
    fn when_nobody_is_free_each_says_why_and_the_nearest_times_are_offered() {
        let (lis, kania) = (EntityId::new(), EntityId::new());
        let times = [time(lis, ResourceKind::Staff, true), time(kania, ResourceKind::Staff, true)];
        let wish = wish(vec![need(ResourceKind::Staff, vec![lis, kania])]);
        let Verdict::Refused { reasons, resources, nearest } = judge(&wish, &times, &utc(), day(), at("2026-11-24T10:15:00Z")) else {
            panic!("free")
        };
        let busy = |id: EntityId| reasons.iter().any(|why| why.rule == Rule::Busy && why.resource == Some(id));
        assert!(busy(lis) && busy(kania));
        assert_eq!(resources.len(), 1);
        assert_eq!(nearest.len(), 3);
        assert!(nearest.iter().any(|slot| slot.start == at("2026-11-24T09:30:00Z")));
        assert!(nearest.iter().any(|slot| slot.start == at("2026-11-24T11:00:00Z")));
    }

    #[test]
    fn somebody_asked_for_by_name_is_not_replaced_by_another() {
        let (lis, kania) = (EntityId::new(), EntityId::new());
        let times = [time(lis, ResourceKind::Staff, true), time(kania, ResourceKind::Staff, false)];
        let wish = narrowed(&wish(vec![need(ResourceKind::Staff, vec![lis, kania])]), &[lis]);
        let Verdict::Refused { reasons, .. } = judge(&wish, &times, &utc(), day(), at("2026-11-24T10:15:00Z")) else { panic!("free") };
        assert!(reasons.iter().all(|why| why.resource == Some(lis)));
    }
}
