//! What is done to visits of several treatments: they change places, are repeated, given away and asked about like others.

use chrono::NaiveDate;
use services::calendar::slots;

use super::{
    several::{Two, two},
    *,
};
use crate::{
    answers::{
        best,
        reseat::{self, ReseatApply, ReseatAsked, ReseatUndo},
        why_not::{self, Fix, WhyNotAsked},
    },
    appointments::{Appointment, Further, HoldTime, SwapVisits, Swapped, holds, swap},
    series::{self, NewSeries, Scope, SeriesChange},
};

async fn exchange(two: &Two, first: &Appointment, second: &Appointment) -> Result<Swapped> {
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let (first_version, second_version) = (first.version, second.version);
    let asked = SwapVisits { first: first.id, first_version, second: second.id, second_version, overbook_reason: None };
    let swapped = swap(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(swapped)
}

fn given(visit: &Appointment) -> Vec<(EntityId, EntityId, i32)> {
    visit.steps.iter().map(|step| (step.treatment, step.employee, step.offset)).collect()
}

/// Somebody who gives the peeling only.
pub(super) async fn kos(two: &Two) -> EntityId {
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.anna).await;
    let input = EmployeeInput {
        id: None,
        name: "Dr Kos".into(),
        position: String::new(),
        hue: 200,
        location: None,
        user: None,
        sort: 2,
        active: true,
        treatments: vec![two.peel],
        contract_minutes: None,
        version: 0,
    };
    let kos = employees::create(&mut tx, &input).await.expect("a practitioner").id;
    let weekly = (1..=7).map(|weekday| Weekly { weekday, kind: WeeklyKind::Window, starts: 480, ends: 960, ..Weekly::default() });
    hours::set(&mut tx, kos, &WorkingHours { weekly: weekly.collect(), dates: Vec::new() }).await.expect("hours");
    tx.commit().await.expect("committed");
    kos
}

#[tokio::test]
async fn a_visit_of_several_treatments_changes_places_whole_and_back_again() {
    let two = two(|_| {}).await;
    let both = two.desk.book(&two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None)).await.expect("booked");
    let one = two.desk.book(&two.desk.visit(1, "2026-11-24T12:00:00Z")).await.expect("booked");
    let swapped = exchange(&two, &both, &one).await.expect("swapped");
    assert_eq!((swapped.first.start, swapped.first.end), (utc("2026-11-24T12:00:00Z"), utc("2026-11-24T13:30:00Z")));
    assert_eq!(given(&swapped.first), given(&both));
    assert_eq!(swapped.second.start, both.start);
    let back = exchange(&two, &swapped.first, &swapped.second).await.expect("undone");
    assert_eq!((back.first.start, &back.first.resources), (both.start, &both.resources));
    assert_eq!((back.second.start, &back.second.resources), (one.start, &one.resources));
}

#[tokio::test]
async fn whoever_gives_a_part_of_a_visit_already_takes_over_no_other_by_a_swap() {
    let two = two(|_| {}).await;
    let both = two.desk.book(&two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None)).await.expect("booked");
    let peel = Book { treatment: two.peel, employee: two.sowa, ..two.desk.visit(1, "2026-11-24T12:00:00Z") };
    let peel = two.desk.book(&peel).await.expect("booked");
    let swapped = exchange(&two, &both, &peel).await.expect("swapped");
    assert_eq!(given(&swapped.first), given(&both), "everybody keeps their own");
    assert_eq!(swapped.second.employee, two.desk.employee, "the other goes to the first one's practitioner");
    // The practitioner of one alone is exchanged in all that they give.
    let kos = kos(&two).await;
    let mine = Book { treatment: two.peel, ..two.desk.visit(2, "2026-11-25T08:00:00Z") };
    let further = vec![Further { treatment: two.peel, employee: None, offset: None }];
    let mine = two.desk.book(&Book { further, ..mine }).await.expect("two peelings by Dr Lis");
    let theirs = Book { treatment: two.peel, employee: kos, ..two.desk.visit(3, "2026-11-25T12:00:00Z") };
    let theirs = two.desk.book(&theirs).await.expect("booked");
    let swapped = exchange(&two, &mine, &theirs).await.expect("swapped");
    assert!(swapped.first.employee == kos && swapped.first.steps.iter().all(|step| step.employee == kos));
    assert!(!swapped.first.resources.contains(&two.desk.employee));
}

#[tokio::test]
async fn the_best_times_of_several_treatments_can_be_booked_and_count_the_day_of_each_who_gives_one() {
    let two = two(|_| {}).await;
    // Dr Sowa is busy from the very time at which the second treatment would end.
    let before = Book { treatment: two.peel, employee: two.sowa, ..two.desk.visit(1, "2026-11-25T08:30:00Z") };
    two.desk.book(&before).await.expect("booked");
    let day = "2026-11-25".parse().expect("a date");
    let asked = AvailabilityQuestion {
        location: two.desk.clinic.location,
        treatment: two.desk.treatment,
        employee: Some(two.desk.employee),
        patient: Some(two.desk.patients[0]),
        from: day,
        to: day,
        moving: None,
        further: vec![Further { treatment: two.peel, employee: Some(two.sowa), offset: None }],
        channel: Default::default(),
    };
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let found = best::best(&mut tx, &asked).await.expect("times").times;
    assert!(!found.is_empty() && found.is_sorted_by(|one, next| one.score >= next.score));
    assert!(found.iter().all(|best| best.score == best.merits.iter().map(|scored| scored.points).sum::<i32>()));
    // From seven of UTC Dr Lis begins his day, and Dr Sowa gives her part until her other visit begins: both days count.
    let adjoins = found[0].merits.iter().find(|scored| scored.merit == best::Merit::Adjoins).map(|scored| scored.points);
    assert_eq!((found[0].slot.start, adjoins), (utc("2026-11-25T07:00:00Z"), Some(40)), "{found:?}");
    for best in found {
        let again = best.merits.iter().enumerate().any(|(n, one)| best.merits[..n].iter().any(|other| other.merit == one.merit));
        assert!(!again, "each is told once: {best:?}");
        assert_eq!((best.slot.end - best.slot.start).num_minutes(), 90);
        let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
        let new = Book { start: best.slot.start, ..two.both(0, "2026-11-25T08:00:00Z", Some(two.sowa), None) };
        super::book(&mut tx, &new).await.expect("it can be booked");
    }
}

#[tokio::test]
async fn a_hold_counts_each_of_its_treatments_against_the_limits() {
    let two = two(|input| input.rules.per_day = Some(1)).await;
    let new = two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None);
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let wanted = HoldTime {
        id: Some(EntityId::new()),
        treatment: new.treatment,
        employee: new.employee,
        patient: None,
        resources: None,
        location: new.location,
        start: new.start,
        further: new.further.clone(),
    };
    let held = holds::hold(&mut tx, &wanted).await.expect("held");
    tx.commit().await.expect("committed");
    let again = Book { treatment: two.peel, employee: two.sowa, ..two.desk.visit(1, "2026-11-24T12:00:00Z") };
    let why = rules(two.desk.book(&again).await.expect_err("one a day"));
    assert!(why.contains(&"limit".to_owned()), "{why:?}");
    // Brought to another time without the peeling it counts no more.
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    holds::hold(&mut tx, &HoldTime { further: Vec::new(), ..wanted }).await.expect("held");
    tx.commit().await.expect("committed");
    two.desk.book(&again).await.expect("free again");
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    holds::release(&mut tx, held.id).await.expect("given back");
}

fn weekly(two: &Two) -> NewSeries {
    NewSeries {
        id: None,
        patient: two.desk.patients[0],
        treatment: two.desk.treatment,
        employee: two.desk.employee,
        location: two.desk.clinic.location,
        start: "2026-11-30T09:00:00".parse().expect("a reading"),
        rules: vec!["FREQ=WEEKLY;COUNT=3".into()],
        picks: Vec::new(),
        notes: String::new(),
        further: vec![Further { treatment: two.peel, employee: Some(two.sowa), offset: None }],
    }
}

#[tokio::test]
async fn a_visit_of_several_treatments_is_repeated_and_its_series_moves_whole() {
    let two = two(|_| {}).await;
    let taken = Book { treatment: two.peel, employee: two.sowa, ..two.desk.visit(1, "2026-12-07T09:00:00Z") };
    two.desk.book(&taken).await.expect("booked");
    let new = weekly(&two);
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let seen = series::preview(&mut tx, &new.asked()).await.expect("a preview");
    assert_eq!((seen.occurrences.len(), seen.conflicts), (3, 1));
    let against = &seen.occurrences[1].reasons;
    assert!(against.iter().any(|reason| reason.resource == Some(two.sowa) && reason.rule == "busy"), "{against:?}");
    let picks = vec![series::Pick { nth: 2, start: Some(seen.occurrences[1].alternatives[0].start) }];
    let made = series::create(&mut tx, &NewSeries { picks, ..new }).await.expect("booked");
    tx.commit().await.expect("committed");
    assert_eq!(made.treatment_name, "Laser, legs + Peeling");
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    for visit in &made.visits {
        let visit = get(&mut tx, visit.visit.expect("booked")).await.expect("there");
        assert_eq!(given(&visit), [(two.desk.treatment, two.desk.employee, 0), (two.peel, two.sowa, 60)]);
    }
    let shift = |scope, nth, minutes, employee| SeriesChange {
        version: made.version,
        scope,
        nth,
        shift_minutes: minutes,
        employee,
        cancel_reason: None,
        picks: Vec::new(),
    };
    let twice = series::change(&mut tx, made.id, &shift(Scope::All, 1, 0, Some(two.sowa))).await;
    assert_eq!(twice.expect_err("Dr Sowa treats already").code(), "invalid");
    let moved = series::change(&mut tx, made.id, &shift(Scope::All, 1, 60, None)).await.expect("moved");
    tx.commit().await.expect("committed");
    let starts: Vec<_> = moved.visits.iter().filter(|visit| !visit.exception).filter_map(|visit| visit.start).collect();
    assert_eq!(starts, [utc("2026-11-30T09:00:00Z"), utc("2026-12-14T09:00:00Z")]);
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let first = get(&mut tx, moved.visits[0].visit.expect("booked")).await.expect("there");
    let activity = services::calendar::activities::get(&mut tx, first.activity).await.expect("its activity");
    let sowa = activity.bookings.iter().find(|booking| booking.resource == two.sowa).expect("Dr Sowa's part");
    assert_eq!(sowa.segments.iter().map(|one| (one.from, one.to)).collect::<Vec<_>>(), [(60, 90)]);
}

#[tokio::test]
async fn limits_of_a_series_count_what_is_given_beside_the_first() {
    let two = two(|input| input.rules.per_week = Some(2)).await;
    let new = NewSeries { rules: vec!["FREQ=DAILY;COUNT=4".into()], ..weekly(&two) };
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let seen = series::preview(&mut tx, &new.asked()).await.expect("a preview");
    let limited: Vec<i32> =
        seen.occurrences.iter().filter(|one| one.reasons.iter().any(|reason| reason.rule == "limit")).map(|one| one.nth).collect();
    assert_eq!(limited, [3, 4]);
}

#[tokio::test]
async fn the_part_of_whoever_is_ill_goes_to_a_colleague_and_the_others_stay() {
    let two = two(|_| {}).await;
    let visit = two.desk.book(&two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None)).await.expect("booked");
    let day: NaiveDate = "2026-11-24".parse().expect("a date");
    let asked = ReseatAsked { employee_id: two.sowa, from_date: day, to_date: day, skip: Vec::new() };
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.anna).await;
    let nobody = reseat::proposal(&mut tx, &asked).await.expect("a proposal");
    // Dr Lis gives peelings too, but has the laser of this visit already.
    assert_eq!((nobody.moves.len(), nobody.unplaced.len(), nobody.others), (0, 1, 0));
    drop(tx);
    let kos = kos(&two).await;
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.anna).await;
    let found = reseat::proposal(&mut tx, &asked).await.expect("a proposal");
    assert_eq!(found.moves.len(), 1);
    let moved = &found.moves[0];
    assert_eq!((moved.employee, moved.start, moved.end), (kos, visit.start, visit.end));
    assert_eq!(moved.before.treatment_name, "Laser, legs + Peeling");
    let (from_date, to_date) = (day, day);
    let apply = ReseatApply { employee_id: two.sowa, from_date, to_date, skip: Vec::new(), token: found.token.clone(), leave_reason: None };
    let done = reseat::apply(&mut tx, &apply).await.expect("applied");
    let now = get(&mut tx, visit.id).await.expect("there");
    assert_eq!((now.employee, now.steps[0].employee, now.steps[1].employee), (two.desk.employee, two.desk.employee, kos));
    assert!(now.resources.contains(&kos) && !now.resources.contains(&two.sowa));
    reseat::undo(&mut tx, &ReseatUndo { reseat_id: done.id }).await.expect("undone");
    let back = get(&mut tx, visit.id).await.expect("there");
    assert_eq!((given(&back), back.resources), (given(&visit), visit.resources));
}

#[tokio::test]
async fn what_is_in_the_way_of_several_treatments_is_told_with_who_else_could_give_each() {
    let two = two(|_| {}).await;
    let kos = kos(&two).await;
    let taken = Book { treatment: two.peel, employee: two.sowa, ..two.desk.visit(1, "2026-11-24T09:00:00Z") };
    two.desk.book(&taken).await.expect("booked");
    let asked = WhyNotAsked {
        location: two.desk.clinic.location,
        treatment: two.desk.treatment,
        employee: Some(two.desk.employee),
        patient: None,
        start: utc("2026-11-24T08:00:00Z"),
        moving: None,
        further: vec![Further { treatment: two.peel, employee: Some(two.sowa), offset: None }],
    };
    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let answer = why_not::why_not(&mut tx, &asked).await.expect("an answer");
    assert!(answer.free.is_none());
    let busy = answer.obstacles.iter().find(|obstacle| obstacle.resource == Some(two.sowa)).expect("Dr Sowa is busy");
    let colleagues: Vec<_> =
        busy.fixes.iter().filter_map(|fix| if let Fix::Colleague(instead) = fix { Some(instead) } else { None }).collect();
    // Dr Lis is taken by the first treatment.
    assert_eq!(colleagues.iter().map(|instead| (instead.id, instead.instead_of)).collect::<Vec<_>>(), [(kos, two.sowa)]);
    assert!(colleagues[0].slot.as_ref().is_some_and(|slot| slot.resources.contains(&kos) && slot.employee_id == two.desk.employee));
    let other = busy.fixes.iter().find_map(|fix| if let Fix::OtherTime(slot) = fix { Some(slot.clone()) } else { None });
    let new = two.both(0, "2026-11-24T08:00:00Z", Some(two.sowa), None);
    book(&mut tx, &Book { start: other.expect("another time").start, ..new }).await.expect("offered, so booked");
    // Whoever does not give a treatment is told as such, and what is free is told with whom and where.
    let wrong = vec![Further { treatment: two.desk.treatment, employee: Some(kos), offset: None }];
    let unqualified = why_not::why_not(&mut tx, &WhyNotAsked { further: wrong, ..asked.clone() }).await.expect("an answer");
    assert!(unqualified.obstacles.iter().any(|one| one.resource == Some(kos) && one.rule.as_str() == "qualification"));
    let free = vec![Further { treatment: two.peel, employee: Some(kos), offset: None }];
    let free = why_not::why_not(&mut tx, &WhyNotAsked { further: free, employee: None, start: utc("2026-11-25T08:00:00Z"), ..asked })
        .await
        .expect("an answer");
    assert!(free.free.is_some_and(|slot| slot.resources.contains(&kos)), "{:?}", free.obstacles);
}

#[tokio::test]
async fn whoever_does_not_give_all_of_it_is_refused_by_name_and_the_forms_question_says_the_same() {
    let two = two(|_| {}).await;
    let sowa = two.sowa;
    // The peeling she gives; the laser after it, which is to be hers too, she does not.
    let further = vec![Further { treatment: two.desk.treatment, employee: None, offset: None }];
    let new = Book { treatment: two.peel, employee: sowa, further: further.clone(), ..two.desk.visit(0, "2026-11-24T09:00:00Z") };
    let refused = two.desk.book(&new).await.expect_err("she does not give the laser");
    assert_eq!(rules(refused), ["qualification"]);

    let mut tx = two.desk.clinic.tx(&two.desk.clinic.ewa).await;
    let date: NaiveDate = "2026-11-24".parse().expect("a date");
    let asked = AvailabilityQuestion {
        location: two.desk.clinic.location,
        treatment: two.peel,
        employee: Some(sowa),
        patient: None,
        from: date,
        to: date,
        moving: None,
        further,
        channel: Default::default(),
    };
    let question = super::super::question(&mut tx, &asked).await.expect("a question");
    assert!(question.free().is_empty(), "nothing is offered");
    let places = question.wish.needs.iter().skip(1).filter_map(|need| need.any_of.first().copied());
    let chosen: Vec<EntityId> = std::iter::once(sowa).chain(places).collect();
    let why = slots::verdict(&question.wish, &question.times, new.start, &chosen);
    assert_eq!(why, [slots::Why { rule: slots::Rule::Qualification, resource: Some(sowa), during: None }]);
}
