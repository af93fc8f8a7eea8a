use super::*;
use std::slice::from_ref;

#[test]
fn a_treatment_fits_if_it_ends_when_the_window_does() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "10:00")]);
    assert_eq!(offered(&wish(30), from_ref(&anna)), ["09:00", "09:15", "09:30"]);
    assert_eq!(offered(&wish(60), from_ref(&anna)), ["09:00"]);
    assert!(offered(&wish(61), &[anna]).is_empty());
}

#[test]
fn a_treatment_without_length_or_a_grid_without_step_offers_nothing() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "10:00")]);
    for minutes in [0, -30] {
        assert!(offered(&wish(minutes), from_ref(&anna)).is_empty());
        assert_eq!(reasons(&wish(minutes), from_ref(&anna), "09:00", &[ANNA]), [(Rule::Kind, None, None)]);
    }
    let unstepped = Wish { step: 0, ..wish(30) };
    assert!(offered(&unstepped, &[anna]).is_empty());
}

#[test]
fn windows_that_touch_are_one_for_fitting_and_breaks_split_them() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "10:00"), on_wednesday("10:00", "11:00")]);
    assert_eq!(offered(&wish(90), from_ref(&anna)), ["09:00", "09:15", "09:30"]);
    let anna = anna.closed(Rule::Break, on_wednesday("10:00", "10:05"));
    assert!(offered(&wish(90), &[anna]).is_empty());
}

#[test]
fn a_shift_over_midnight_is_one_window_and_so_are_two_that_meet_there() {
    let over = staff(ANNA, &[between("2026-11-25T22:00:00+01:00", "2026-11-26T06:00:00+01:00")]);
    let meeting = staff(
        ANNA,
        &[
            between("2026-11-26T00:00:00+01:00", "2026-11-26T06:00:00+01:00"),
            between("2026-11-25T22:00:00+01:00", "2026-11-26T00:00:00+01:00"),
        ],
    );
    for anna in [over, meeting] {
        let night = offered(&wish(60), &[anna]);
        assert_eq!(night, ["22:00", "22:15", "22:30", "22:45", "23:00", "23:15", "23:30", "23:45"]);
    }
}

#[test]
fn touching_a_booking_is_not_overlapping_it() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "12:00")]).busy(100, on_wednesday("10:00", "11:00"));
    assert_eq!(offered(&wish(60), &[anna]), ["09:00", "11:00"]);
}

#[test]
fn buffers_add_up_between_two_bookings_and_may_lie_outside_the_hours() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "12:00")]).busy_with_buffers(100, on_wednesday("10:00", "10:30"), 10, 15);
    let buffered = Wish { before: 15, after: 5, ..wish(30) };
    // Before: ends by 09:45 with its own 5 and the other's 10. After: not before 10:45 plus its own 15.
    assert_eq!(offered(&buffered, &[anna]), ["09:00", "09:15", "11:00", "11:15", "11:30"]);
}

#[test]
fn each_need_gets_the_first_of_its_resources_that_is_free() {
    let times = [
        staff(EWA, &[on_wednesday("09:00", "11:00")]),
        staff(ANNA, &[on_wednesday("09:00", "11:00")]).busy(100, on_wednesday("09:00", "10:00")),
        always(ROOM, ResourceKind::Room).busy(101, on_wednesday("10:30", "11:00")),
        always(ROOM + 1, ResourceKind::Room),
    ];
    let needs = vec![need(ResourceKind::Staff, &[ANNA, EWA]), need(ResourceKind::Room, &[ROOM, ROOM + 1])];
    let visit = Wish { step: 30, needs, ..wish(30) };
    let free = slots(&visit, &times, &warsaw(), on_wednesday("00:00", "24:00"));
    let taken: Vec<Vec<EntityId>> = free.into_iter().map(|slot| slot.resources).collect();
    assert_eq!(taken, [vec![id(EWA), id(ROOM)], vec![id(EWA), id(ROOM)], vec![id(ANNA), id(ROOM)], vec![id(ANNA), id(ROOM + 1)]]);
}

#[test]
fn every_need_must_be_served_at_the_same_time() {
    let times = [
        staff(ANNA, &[on_wednesday("09:00", "11:00")]),
        always(ROOM, ResourceKind::Room).busy(100, on_wednesday("09:30", "10:00")),
        always(LASER, ResourceKind::Device).busy(101, on_wednesday("10:00", "10:30")),
    ];
    let needs = vec![need(ResourceKind::Staff, &[ANNA]), need(ResourceKind::Room, &[ROOM]), need(ResourceKind::Device, &[LASER])];
    assert_eq!(offered(&Wish { step: 30, needs, ..wish(30) }, &times), ["09:00", "10:30"]);
}

#[test]
fn one_resource_serves_one_need_and_is_left_to_the_need_that_has_no_other() {
    let window = [on_wednesday("09:00", "09:30")];
    let times = [staff(ANNA, &window), staff(EWA, &window)];
    let both = Wish { needs: vec![need(ResourceKind::Staff, &[ANNA, EWA]), need(ResourceKind::Staff, &[ANNA])], ..wish(30) };
    let free = slots(&both, &times, &warsaw(), on_wednesday("00:00", "24:00"));
    assert_eq!(free.iter().map(|slot| slot.resources.clone()).collect::<Vec<_>>(), [[id(EWA), id(ANNA)]]);
    assert!(offered(&both, &times[..1]).is_empty());
}

#[test]
fn a_resource_of_the_wrong_role_or_of_which_nothing_is_known_is_never_taken() {
    let times = [open(ANNA, ResourceKind::Room, &[on_wednesday("09:00", "10:00")])];
    assert!(offered(&wish(30), &times).is_empty());
    assert!(offered(&wish(30), &[]).is_empty());
}

#[test]
fn the_activity_that_is_moved_does_not_stand_in_its_own_way() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "10:30")]).busy(100, on_wednesday("09:30", "10:00"));
    let moving = Wish { moving: Some(id(100)), ..wish(30) };
    assert_eq!(offered(&moving, from_ref(&anna)), ["09:00", "09:15", "09:30", "09:45", "10:00"]);
    assert_eq!(offered(&wish(30), &[anna]), ["09:00", "10:00"]);
}

#[test]
fn notice_is_elapsed_time_and_the_horizon_is_calendar_days() {
    let zone = warsaw();
    let days: Vec<Interval> =
        (24..30).map(|day| between(&format!("2026-11-{day}T09:00:00+01:00"), &format!("2026-11-{day}T10:00:00+01:00"))).collect();
    let now = at("2026-11-24T09:00:00+01:00");
    let limited = Wish { step: 60, now: Some(now), notice_minutes: 24 * 60, latest: horizon(&zone, now, 2), ..wish(60) };
    let range = between("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
    let free = slots(&limited, &[staff(ANNA, &days)], &zone, range);
    let starts: Vec<DateTime<Utc>> = free.into_iter().map(|slot| slot.start).collect();
    // Exactly a day ahead is enough, and the second day ahead is the last.
    assert_eq!(starts, [at("2026-11-25T09:00:00+01:00"), at("2026-11-26T09:00:00+01:00")]);
    assert_eq!(horizon(&zone, now, 0), Some(at("2026-11-25T00:00:00+01:00")));
}

#[test]
fn the_horizon_ends_with_a_date_even_when_that_date_has_25_hours() {
    let late = at("2026-10-24T23:30:00+02:00");
    assert_eq!(horizon(&warsaw(), late, 1), Some(at("2026-10-26T00:00:00+01:00")));
}

#[test]
fn the_nearest_slots_are_listed_by_instant_and_the_earlier_of_two_equally_near_wins() {
    let anna = staff(ANNA, &[on_wednesday("08:00", "18:00")]).busy(100, on_wednesday("10:00", "12:00"));
    let zone = warsaw();
    let find = |clock: &str, at_most| {
        clocks(&nearest(&wish(60), from_ref(&anna), &zone, on_wednesday("00:00", "24:00"), wednesday(clock), at_most))
    };
    assert_eq!(find("10:30", 3), ["08:45", "09:00", "12:00"]);
    assert_eq!(find("10:30", 1), ["09:00"]);
    assert_eq!(find("20:00", 2), ["16:45", "17:00"]);
    assert!(find("10:30", 0).is_empty());
}

#[test]
fn the_earliest_slot_is_the_first_one() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "18:00")]).busy(100, on_wednesday("09:00", "12:10"));
    let range = on_wednesday("00:00", "24:00");
    let first = earliest(&wish(60), from_ref(&anna), &warsaw(), range);
    assert_eq!(first, slots(&wish(60), &[anna], &warsaw(), range).into_iter().next());
    assert_eq!(first.map(|slot| slot.start), Some(wednesday("12:15")));
    assert_eq!(earliest(&wish(60), &[], &warsaw(), range), None);
}
