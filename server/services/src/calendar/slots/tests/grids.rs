use super::*;

fn grid(wish: &Wish, times: &[ResourceTime], zone: &ZoneWindow, range: Interval) -> Vec<String> {
    cells(wish, times, zone, range).into_iter().map(|start| zone.wall(start).format("%H:%M").to_string()).collect()
}

fn wednesdays(wish: &Wish, times: &[ResourceTime]) -> Vec<String> {
    grid(wish, times, &warsaw(), on_wednesday("00:00", "24:00"))
}

#[test]
fn the_grid_steps_from_the_opening_and_a_booking_does_not_shift_it() {
    let anna = staff(ANNA, &[on_wednesday("09:10", "11:00")]).busy(100, on_wednesday("09:10", "09:42"));
    assert_eq!(offered(&Wish { step: 20, ..wish(30) }, &[anna]), ["09:50", "10:10", "10:30"]);
}

#[test]
fn a_break_begins_the_grid_anew_but_leave_and_closures_do_not() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "11:00")]);
    let wish = Wish { step: 30, ..wish(30) };
    let with = |rule| offered(&wish, &[anna.clone().closed(rule, on_wednesday("09:40", "09:50"))]);
    assert_eq!(with(Rule::Break), ["09:00", "09:50", "10:20"]);
    assert_eq!(with(Rule::Leave), ["09:00", "10:00", "10:30"]);
    assert_eq!(with(Rule::Closure), ["09:00", "10:00", "10:30"]);
}

#[test]
fn cells_run_through_a_break_up_to_its_end() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "11:00")]).closed(Rule::Break, on_wednesday("09:20", "10:10"));
    assert_eq!(wednesdays(&Wish { step: 30, ..wish(30) }, &[anna]), ["09:00", "09:30", "10:00", "10:10", "10:40"]);
}

#[test]
fn adjoining_windows_keep_their_own_grids() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "09:50"), on_wednesday("09:50", "11:00")]);
    assert_eq!(offered(&Wish { step: 20, ..wish(30) }, &[anna]), ["09:00", "09:20", "09:40", "09:50", "10:10", "10:30"]);
}

#[test]
fn who_is_always_there_begins_the_grid_at_local_midnight() {
    let room = always(ROOM, ResourceKind::Room).closed(Rule::Break, on_wednesday("10:00", "10:30"));
    let wish = Wish { step: 7 * 60, needs: vec![need(ResourceKind::Room, &[ROOM])], ..wish(30) };
    let range = between("2026-11-24T00:00:00+01:00", "2026-11-26T00:00:00+01:00");
    let starts = grid(&wish, &[room], &warsaw(), range);
    assert_eq!(starts, ["00:00", "07:00", "14:00", "21:00", "00:00", "07:00", "10:30", "17:30"]);
}

#[test]
fn only_the_first_need_makes_the_grid() {
    let times = [staff(ANNA, &[on_wednesday("09:00", "10:00")]), open(ROOM, ResourceKind::Room, &[on_wednesday("08:50", "10:00")])];
    let needs = vec![need(ResourceKind::Staff, &[ANNA]), need(ResourceKind::Room, &[ROOM])];
    assert_eq!(offered(&Wish { step: 20, needs, ..wish(20) }, &times), ["09:00", "09:20", "09:40"]);
}

#[test]
fn each_of_the_first_need_adds_its_grid() {
    let times = [staff(ANNA, &[on_wednesday("09:00", "10:00")]), staff(EWA, &[on_wednesday("09:10", "10:00")])];
    let both = Wish { step: 30, needs: vec![need(ResourceKind::Staff, &[ANNA, EWA])], ..wish(20) };
    assert_eq!(wednesdays(&both, &times), ["09:00", "09:10", "09:30", "09:40"]);
}

#[test]
fn by_the_clock_starts_are_multiples_of_the_step_since_midnight() {
    let anna = staff(ANNA, &[on_wednesday("09:10", "11:00")]).closed(Rule::Break, on_wednesday("10:05", "10:10"));
    let clock = Wish { align: Align::Clock, step: 20, ..wish(20) };
    assert_eq!(offered(&clock, &[anna]), ["09:20", "09:40", "10:20", "10:40"]);
    // A step that does not divide the day begins anew at midnight.
    let over = staff(ANNA, &[between("2026-11-25T20:00:00+01:00", "2026-11-26T06:00:00+01:00")]);
    let odd = Wish { align: Align::Clock, step: 7 * 60, ..wish(20) };
    let range = between("2026-11-25T00:00:00+01:00", "2026-11-27T00:00:00+01:00");
    assert_eq!(grid(&odd, &[over], &warsaw(), range), ["21:00", "00:00"]);
}
