use super::*;

fn lord_howe() -> ZoneWindow {
    zone("Australia/Lord_Howe", 660, &[("2027-04-03T15:00:00Z", 630), ("2027-10-02T15:30:00Z", 660)])
}

fn chicago() -> ZoneWindow {
    zone("America/Chicago", -360, &[("2027-03-14T08:00:00Z", -300), ("2027-11-07T07:00:00Z", -360)])
}

/// Starts as a slot list shows them: the wall time with its offset (R4).
fn shown(wish: &Wish, time: ResourceTime, zone: &ZoneWindow, range: Interval) -> Vec<String> {
    let free = slots(wish, &[time], zone, range);
    free.into_iter().map(|slot| format!("{}{:+}", zone.wall(slot.start).format("%H:%M"), zone.offset_at(slot.start) / 60)).collect()
}

fn night(zone: &ZoneWindow, date: &str, opens: &str, shuts: &str) -> (Interval, Interval) {
    let wall = |clock: &str| zone.instant(format!("{date}T{clock}:00").parse().unwrap()).rule_boundary();
    (Interval::new(wall(opens), wall(shuts)).unwrap(), zone.day(date.parse().unwrap()))
}

#[test]
fn in_the_short_night_of_warsaw_no_skipped_time_is_offered_and_the_treatment_is_elapsed_time() {
    let zone = warsaw();
    let (window, day) = night(&zone, "2027-03-28", "01:00", "04:00");
    for align in [Align::Window, Align::Clock] {
        let wish = Wish { step: 30, align, ..wish(60) };
        assert_eq!(shown(&wish, staff(ANNA, &[window]), &zone, day), ["01:00+60", "01:30+60", "03:00+120"]);
    }
}

#[test]
fn in_the_long_night_of_warsaw_both_passes_are_offered() {
    let zone = warsaw();
    let (window, day) = night(&zone, "2027-10-31", "01:00", "03:00");
    for align in [Align::Window, Align::Clock] {
        let wish = Wish { step: 60, align, ..wish(60) };
        assert_eq!(shown(&wish, staff(ANNA, &[window]), &zone, day), ["01:00+120", "02:00+120", "02:00+60"]);
    }
}

#[test]
fn at_lord_howe_the_clock_moves_by_half_an_hour_and_the_two_grids_part() {
    let zone = lord_howe();
    let (window, day) = night(&zone, "2027-04-04", "01:00", "03:00");
    let by = |align| shown(&Wish { step: 60, align, ..wish(30) }, staff(ANNA, &[window]), &zone, day);
    // 02:00 at +11 is 01:30 again at +10:30.
    assert_eq!(by(Align::Window), ["01:00+660", "01:30+630", "02:30+630"]);
    assert_eq!(by(Align::Clock), ["01:00+660", "02:00+630"]);

    let (window, day) = night(&zone, "2027-10-03", "01:00", "04:00");
    let by = |align| shown(&Wish { step: 60, align, ..wish(30) }, staff(ANNA, &[window]), &zone, day);
    assert_eq!(by(Align::Window), ["01:00+630", "02:30+660", "03:30+660"]);
    assert_eq!(by(Align::Clock), ["01:00+630", "03:00+660"]);
}

#[test]
fn chicago_is_behind_utc_and_its_dates_are_its_own() {
    let zone = chicago();
    let (window, day) = night(&zone, "2027-03-14", "00:30", "04:00");
    let by = |align| shown(&Wish { step: 60, align, ..wish(60) }, staff(ANNA, &[window]), &zone, day);
    assert_eq!(by(Align::Window), ["00:30-360", "01:30-360"]);
    assert_eq!(by(Align::Clock), ["01:00-360", "03:00-300"]);
    let (window, day) = night(&zone, "2027-11-07", "00:30", "02:30");
    let by = |align| shown(&Wish { step: 60, align, ..wish(60) }, staff(ANNA, &[window]), &zone, day);
    assert_eq!(by(Align::Window), ["00:30-300", "01:30-300", "01:30-360"]);
    assert_eq!(by(Align::Clock), ["01:00-300", "01:00-360"]);
}

#[test]
fn open_day_and_night_begins_anew_at_each_local_midnight_even_after_a_short_day() {
    for (zone, date) in [(warsaw(), "2027-03-28"), (warsaw(), "2027-10-31"), (lord_howe(), "2027-04-04"), (chicago(), "2027-11-07")] {
        let next = date.parse::<chrono::NaiveDate>().unwrap().succ_opt().unwrap();
        let wish = Wish { step: 13 * 60, needs: vec![need(ResourceKind::Room, &[ROOM])], ..wish(30) };
        let starts = cells(&wish, &[always(ROOM, ResourceKind::Room)], &zone, zone.day(next));
        assert_eq!(starts, [zone.day_start(next), zone.day_start(next) + chrono::Duration::hours(13)], "{}", zone.zone);
    }
}

#[test]
fn the_days_of_a_month_with_a_clock_change_give_what_the_whole_month_gives() {
    for (zone, month) in
        [(warsaw(), "2027-03"), (warsaw(), "2027-10"), (lord_howe(), "2027-04"), (lord_howe(), "2027-10"), (chicago(), "2027-11")]
    {
        let first: chrono::NaiveDate = format!("{month}-01").parse().unwrap();
        let days: Vec<Interval> = first.iter_days().take(31).map(|date| zone.day(date)).collect();
        let whole = Interval::new(days[0].start, days[30].end).unwrap();
        for align in [Align::Window, Align::Clock] {
            let wish = Wish { step: 25, align, ..wish(35) };
            let times = [staff(ANNA, &[Interval::new(whole.start + chrono::Duration::minutes(70), whole.end).unwrap()])];
            let by_days: Vec<Slot> = days.iter().flat_map(|day| slots(&wish, &times, &zone, *day)).collect();
            assert_eq!(by_days, slots(&wish, &times, &zone, whole), "{} {month}", zone.zone);
        }
    }
}
