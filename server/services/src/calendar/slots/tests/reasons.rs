use super::*;

#[test]
fn all_reasons_are_given_at_once_and_do_not_hide_one_another() {
    let lunch = on_wednesday("11:30", "12:30");
    let closure = on_wednesday("00:00", "24:00");
    let leave = on_wednesday("10:00", "13:00");
    let other = on_wednesday("11:45", "12:15");
    let anna = staff(ANNA, &[on_wednesday("09:00", "12:00")])
        .busy(100, other)
        .closed(Rule::Closure, closure)
        .closed(Rule::Leave, leave)
        .closed(Rule::Break, lunch);
    let who = Some(id(ANNA));
    let hasty = Wish { now: Some(wednesday("13:00")), notice_minutes: 60, latest: Some(wednesday("10:00")), ..wish(45) };
    assert_eq!(
        reasons(&hasty, &[anna], "11:30", &[ANNA]),
        [
            (Rule::Hours, who, Some(on_wednesday("12:00", "12:15"))),
            (Rule::Break, who, Some(lunch)),
            (Rule::Leave, who, Some(leave)),
            (Rule::Closure, who, Some(closure)),
            (Rule::Busy, who, Some(other)),
            (Rule::Notice, None, Some(on_wednesday("13:00", "14:00"))),
            (Rule::Past, None, Some(on_wednesday("11:30", "13:00"))),
            (Rule::Horizon, None, Some(on_wednesday("10:00", "12:15"))),
        ]
    );
}

#[test]
fn each_stretch_outside_the_hours_is_named() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "10:00"), on_wednesday("10:30", "11:00")]);
    let who = Some(id(ANNA));
    assert_eq!(
        reasons(&wish(180), &[anna], "08:30", &[ANNA]),
        [
            (Rule::Hours, who, Some(on_wednesday("08:30", "09:00"))),
            (Rule::Hours, who, Some(on_wednesday("10:00", "10:30"))),
            (Rule::Hours, who, Some(on_wednesday("11:00", "11:30"))),
        ]
    );
}

#[test]
fn it_is_busy_if_the_treatment_meets_the_other_and_buffer_if_only_buffers_do() {
    let other = on_wednesday("10:00", "10:30");
    let anna = staff(ANNA, &[on_wednesday("08:00", "18:00")]).busy_with_buffers(100, other, 10, 20);
    let occupied = on_wednesday("09:50", "10:50");
    let buffered = Wish { before: 5, after: 5, ..wish(30) };
    let only = |rule, during| vec![(rule, Some(id(ANNA)), Some(during))];
    let times = [anna];
    assert_eq!(reasons(&buffered, &times, "09:45", &[ANNA]), only(Rule::Busy, other));
    assert_eq!(reasons(&buffered, &times, "10:29", &[ANNA]), only(Rule::Busy, other));
    assert_eq!(reasons(&buffered, &times, "10:30", &[ANNA]), only(Rule::Buffer, occupied));
    assert_eq!(reasons(&buffered, &times, "10:54", &[ANNA]), only(Rule::Buffer, occupied));
    assert_eq!(reasons(&buffered, &times, "10:55", &[ANNA]), []);
    assert_eq!(reasons(&buffered, &times, "09:16", &[ANNA]), only(Rule::Buffer, occupied));
    assert_eq!(reasons(&buffered, &times, "09:15", &[ANNA]), []);
}

#[test]
fn every_booking_in_the_way_is_listed() {
    let (first, second) = (on_wednesday("10:00", "10:30"), on_wednesday("10:30", "11:00"));
    let anna = staff(ANNA, &[on_wednesday("08:00", "18:00")]).busy(100, second).busy(101, first);
    let who = Some(id(ANNA));
    assert_eq!(reasons(&wish(60), &[anna], "10:00", &[ANNA]), [(Rule::Busy, who, Some(first)), (Rule::Busy, who, Some(second))]);
}

#[test]
fn a_verdict_does_not_ask_for_the_grid() {
    let anna = staff(ANNA, &[on_wednesday("09:00", "10:00")]);
    assert_eq!(reasons(&wish(30), &[anna], "09:07", &[ANNA]), []);
}

#[test]
fn who_is_not_among_those_that_will_do_is_not_qualified() {
    let window = [on_wednesday("09:00", "10:00")];
    let times = [staff(ANNA, &window), staff(EWA, &window), always(ROOM, ResourceKind::Room)];
    let visit = Wish { needs: vec![need(ResourceKind::Staff, &[ANNA]), need(ResourceKind::Room, &[ROOM])], ..wish(30) };
    assert_eq!(reasons(&visit, &times, "09:00", &[EWA, ROOM]), [(Rule::Qualification, Some(id(EWA)), None)]);
    assert_eq!(reasons(&visit, &times, "09:00", &[ROOM, ANNA]), []);
}

#[test]
fn a_kind_that_is_not_wanted_one_too_many_and_one_missing_are_told() {
    let window = [on_wednesday("09:00", "10:00")];
    let times = [staff(ANNA, &window), staff(EWA, &window), always(ROOM, ResourceKind::Room)];
    let one = Wish { needs: vec![need(ResourceKind::Staff, &[ANNA, EWA])], ..wish(30) };
    assert_eq!(reasons(&one, &times, "09:00", &[ANNA, ROOM]), [(Rule::Kind, Some(id(ROOM)), None)]);
    assert_eq!(reasons(&one, &times, "09:00", &[ANNA, EWA]), [(Rule::Kind, Some(id(EWA)), None)]);
    assert_eq!(reasons(&one, &times, "09:00", &[]), [(Rule::Kind, None, None)]);
    assert_eq!(reasons(&one, &times, "09:00", &[EWA, EWA]), []);
    let two = Wish { needs: vec![need(ResourceKind::Staff, &[ANNA, EWA]), need(ResourceKind::Staff, &[ANNA])], ..wish(30) };
    assert_eq!(reasons(&two, &times, "09:00", &[ANNA]), [(Rule::Kind, None, None)]);
    assert_eq!(reasons(&two, &times, "09:00", &[ANNA, EWA]), []);
}

#[test]
fn without_needs_any_resource_will_do_but_its_time_still_counts() {
    let meeting = Wish { needs: Vec::new(), ..wish(30) };
    let times = [staff(ANNA, &[on_wednesday("09:00", "10:00")])];
    assert_eq!(reasons(&meeting, &times, "09:00", &[ANNA]), []);
    assert_eq!(reasons(&meeting, &times, "10:00", &[ANNA]), [(Rule::Hours, Some(id(ANNA)), Some(on_wednesday("10:00", "10:30")))]);
}

#[test]
fn of_whom_nothing_is_known_is_taken_to_be_away() {
    let stranger = reasons(&wish(30), &[], "09:00", &[ANNA]);
    assert_eq!(stranger, [(Rule::Hours, Some(id(ANNA)), Some(on_wednesday("09:00", "09:30")))]);
}

#[test]
fn rules_and_alignments_are_plain_words_on_the_wire() {
    for rule in Rule::ALL {
        assert_eq!(serde_json::to_string(&rule).unwrap(), format!("\"{}\"", rule.as_str()));
    }
    assert_eq!(serde_json::to_string(&Align::Clock).unwrap(), "\"clock\"");
    assert!(Rule::ALL.is_sorted());
}
