//! What is easily got wrong about a visit.

use super::*;

/// Somebody who has hours but is not qualified for the treatment.
async fn novice(desk: &Desk) -> EntityId {
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let input = EmployeeInput {
        id: None,
        name: "Ola Kania".into(),
        position: String::new(),
        hue: 20,
        location: None,
        user: None,
        sort: 1,
        active: true,
        treatments: Vec::new(),
        contract_minutes: None,
        version: 0,
    };
    let id = employees::create(&mut tx, &input).await.expect("a practitioner").id;
    let weekly = (1..=7).map(|weekday| Weekly { weekday, starts: 480, ends: 960, ..Weekly::default() });
    hours::set(&mut tx, id, &WorkingHours { weekly: weekly.collect(), dates: Vec::new() }).await.expect("hours");
    tx.commit().await.expect("committed");
    id
}

#[tokio::test]
async fn who_is_not_qualified_is_refused_as_such_and_may_be_overbooked() {
    let desk = desk().await;
    let employee = novice(&desk).await;
    let new = Book { employee, ..desk.visit(0, "2026-11-24T09:00:00Z") };
    assert_eq!(rules(desk.book(&new).await.expect_err("not qualified")), ["qualification"]);
    let over = Book { overbook_reason: Some("Dr Lis supervises".into()), ..new };
    let visit = desk.book(&over).await.expect("overbooked");
    assert_eq!(visit.employee, employee);
    let room = visit.resources.into_iter().find(|id| *id != employee).expect("a room");
    let nonsense = Book { employee: room, overbook_reason: Some("x".into()), ..desk.visit(1, "2026-11-25T09:00:00Z") };
    assert!(rules(desk.book(&nonsense).await.expect_err("a room treats nobody")).contains(&"kind".to_owned()));
}

#[tokio::test]
async fn of_two_colleagues_who_take_the_same_step_the_second_is_told() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let cancel = |reason: &str| Transition { version: visit.version, to: Status::Cancelled, reason: reason.into() };
    transition(&mut tx, visit.id, &cancel("ill")).await.expect("cancelled");
    let second = transition(&mut tx, visit.id, &cancel("no time")).await.expect_err("cancelled already");
    assert_eq!(second.code(), "version");
    assert_eq!(get(&mut tx, visit.id).await.expect("there").reason, "ill");
}

#[tokio::test]
async fn the_same_place_again_changes_nothing_even_if_it_could_not_be_booked_any_more() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-26T09:00:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let on = "2026-11-26".parse().expect("a date");
    hours::add_leave(&mut tx, desk.employee, &LeaveInput { from_date: on, to_date: on, ..LeaveInput::default() }).await.expect("leave");
    let to = MoveVisit {
        version: visit.version,
        start: visit.start,
        end: None,
        employee: None,
        resources: Some(visit.resources.clone()),
        overbook_reason: None,
    };
    assert_eq!(move_to(&mut tx, visit.id, &to).await.expect("a no-op").version, visit.version);
}

#[tokio::test]
async fn moved_to_where_nothing_is_in_the_way_it_is_not_overbooked_any_more() {
    let desk = desk().await;
    desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let over = Book { overbook_reason: Some("urgent".into()), ..desk.visit(1, "2026-11-24T09:00:00Z") };
    let visit = desk.book(&over).await.expect("overbooked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let to = MoveVisit {
        version: visit.version,
        start: utc("2026-11-24T13:00:00Z"),
        end: None,
        employee: None,
        resources: None,
        overbook_reason: None,
    };
    assert_eq!(move_to(&mut tx, visit.id, &to).await.expect("moved").overbook_reason, None);
}

#[tokio::test]
async fn a_visit_that_was_cancelled_was_not_the_first() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    desk.step(visit.id, Status::Cancelled).await.expect("cancelled");
    let next = desk.book(&desk.visit(0, "2026-11-25T09:00:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let flags = services::calendar::activities::get(&mut tx, next.activity).await.expect("there").face.flags;
    assert_eq!(flags, ["first_visit"]);
}

#[tokio::test]
async fn a_reopened_visit_is_not_confirmed() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    desk.step(visit.id, Status::Confirmed).await.expect("confirmed");
    desk.step(visit.id, Status::Cancelled).await.expect("cancelled");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let version = get(&mut tx, visit.id).await.expect("there").version;
    let reopen = Transition { version, to: Status::Scheduled, reason: "by mistake".into() };
    transition(&mut tx, visit.id, &reopen).await.expect("reopened");
    assert_eq!(crate::appointments::details(&mut tx, visit.id).await.expect("there").confirmed_at, None);
}

#[tokio::test]
async fn what_is_no_longer_offered_is_not_booked() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let old = treatments::get(&mut tx, desk.treatment).await.expect("a treatment");
    let input = TreatmentInput {
        id: None,
        category: old.category,
        name: old.name,
        duration: old.duration,
        buffer_before: old.buffer_before,
        buffer_after: old.buffer_after,
        price: old.price,
        hue: old.hue,
        active: false,
        needs: old.needs,
        rules: old.rules,
        terms: old.terms,
        version: old.version,
    };
    treatments::update(&mut tx, desk.treatment, &input).await.expect("retired");
    let stale = treatments::update(&mut tx, desk.treatment, &input).await.expect_err("an old version");
    let Error::Conflict(refusal) = stale else { panic!("{stale}") };
    let current = refusal.current.expect("what is stored");
    assert_eq!((current["treatment"]["active"].as_bool(), current["author"].as_str()), (Some(false), Some("Anna Lipowska")));
    tx.commit().await.expect("committed");
    let refused = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect_err("retired");
    assert_eq!((refused.status(), refused.to_string().contains("treatment")), (422, true));
}

#[tokio::test]
async fn two_practitioners_do_not_get_one_patient_at_one_time() {
    let desk = desk().await;
    let other = novice(&desk).await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let talk = TreatmentInput {
        id: None,
        category: String::new(),
        name: "Consultation".into(),
        duration: 30,
        buffer_before: 0,
        buffer_after: 0,
        price: 0,
        hue: 0,
        active: true,
        needs: Vec::new(),
        rules: Rules::default(),
        terms: Vec::new(),
        version: 0,
    };
    let treatment = treatments::create(&mut tx, &talk).await.expect("a treatment").id;
    for id in [desk.employee, other] {
        let one = employees::get(&mut tx, id).await.expect("there");
        let input = EmployeeInput {
            id: None,
            name: one.name,
            position: one.position,
            hue: one.hue,
            location: one.location,
            user: one.user,
            sort: one.sort,
            active: one.active,
            treatments: vec![treatment],
            contract_minutes: None,
            version: one.version,
        };
        employees::update(&mut tx, id, &input).await.expect("qualified");
    }
    tx.commit().await.expect("committed");
    for day in 25..30 {
        let with = |employee| Book { treatment, employee, ..desk.visit(0, &format!("2026-11-{day}T09:00:00Z")) };
        let (one, two) = (with(desk.employee), with(other));
        let (one, two) = tokio::join!(desk.book(&one), desk.book(&two));
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|booked| **booked).count(), 1, "{day}");
    }
}

#[tokio::test]
async fn the_time_of_the_visit_that_is_moved_is_offered_whichever_of_its_ids_is_named() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    for id in [visit.id, visit.activity] {
        let date = "2026-11-24".parse().expect("a date");
        let asked = AvailabilityQuestion {
            location: desk.clinic.location,
            treatment: desk.treatment,
            employee: None,
            patient: None,
            from: date,
            to: date,
            moving: Some(id),
            further: Vec::new(),
            channel: Default::default(),
        };
        let free = availability(&mut tx, &asked).await.expect("free times").available_slots;
        assert!(free.iter().any(|slot| slot.start == visit.start));
    }
}

#[tokio::test]
async fn who_may_not_read_visits_sees_that_time_is_taken_and_nothing_else() {
    let desk = desk().await;
    let visit = desk.book(&desk.visit(0, "2026-11-24T09:00:00Z")).await.expect("booked");
    let accountant = desk.clinic.join("Olga Wnuk", "olga@lipowa.example", platform::permission::Role::Member).await;
    let mut tx = desk.clinic.tx(&accountant).await;
    assert!(!tx.can(crate::APPOINTMENTS_READ));
    let activity = services::calendar::activities::see(&mut tx, visit.activity).await.expect("the calendar may be seen");
    assert!(services::calendar::activities::event(&tx, activity).is_veiled());
    let details = generic::details(&mut tx, visit.activity).await.expect("when and whose time");
    assert_eq!((details.start, details.title.as_str(), details.history.len()), (visit.start, "", 0));
    assert_eq!(details.resources.len(), 3);
}
