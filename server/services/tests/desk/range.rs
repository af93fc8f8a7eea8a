//! One range of the calendar, over all products.

use chrono::NaiveDate;
use platform::{Error, Tx, locations, locations::LocationDetails, testing};
use services::calendar::{
    self, CalendarView, activities,
    activities::{Asked, NewActivity},
    load, named, range,
};

use super::{Desk, at, desk, example};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn day(tx: &mut Tx, desk: &Desk) -> CalendarView {
    range(tx, desk.clinic.location, date("2026-11-24"), date("2026-11-25")).await.unwrap()
}

#[tokio::test]
async fn a_day_has_the_activities_of_all_products_the_resources_and_their_hours() {
    let desk = desk().await;
    let watering = desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    let meeting = desk.meet(&desk.meeting(at("12:00"), &[desk.lis])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let view = day(&mut tx, &desk).await;
    let ids: Vec<_> = view.events.iter().map(|event| event.id).collect();
    assert_eq!(ids, [watering.id, meeting.id]);
    let mut all = [desk.lis, desk.room, desk.laser];
    all.sort();
    assert_eq!(view.events[0].resources, all);
    assert_eq!((view.events[0].title.as_str(), view.events[0].face.line.as_str(), view.events[0].hue), ("Anna Nowak", "Roses", 210));
    let names: Vec<_> = view.resources.iter().map(|resource| resource.name.as_str()).collect();
    assert_eq!(names, ["Laser A", "Room 1", "Dr Lis"]);
    // The example's hours: one window and a break, for each.
    assert!(view.hours.len() == 3 && view.hours.iter().all(|hours| !hours.always && hours.windows.len() == 1 && hours.closed.len() == 1));
    assert_eq!((view.today, view.zone.zone.as_str()), (date("2026-11-24"), "Europe/Warsaw"));
}

#[tokio::test]
async fn a_day_begins_and_ends_by_the_locations_clock_and_touching_is_not_in_it() {
    let desk = desk().await;
    // Midnight in Warsaw is 23:00 UTC.
    let mut lengths = Vec::new();
    for (start, end, inside) in [
        ("2026-11-23T22:00:00Z", "2026-11-23T23:00:00Z", false),
        ("2026-11-23T22:30:00Z", "2026-11-23T23:01:00Z", true),
        ("2026-11-24T22:59:00Z", "2026-11-24T23:30:00Z", true),
        ("2026-11-24T23:00:00Z", "2026-11-25T00:00:00Z", false),
        ("2026-11-01T10:00:00Z", "2026-12-02T09:00:00Z", true),
    ] {
        let mut new = desk.meeting(testing::at(start), &[]);
        new.end = testing::at(end);
        lengths.push((desk.meet(&new).await.unwrap().id, inside));
    }
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let view = day(&mut tx, &desk).await;
    for (id, inside) in lengths {
        assert_eq!(view.events.iter().any(|event| event.id == id), inside);
    }
}

#[tokio::test]
async fn a_days_load_is_what_begins_on_it_by_the_locations_clock() {
    let desk = desk().await;
    desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    desk.meet(&desk.meeting(at("12:00"), &[desk.lis])).await.unwrap();
    // Half past midnight in Warsaw belongs to the next day.
    let mut night = desk.meeting(testing::at("2026-11-24T23:30:00Z"), &[]);
    night.end = testing::at("2026-11-25T00:15:00Z");
    desk.meet(&night).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let days = load(&mut tx, desk.clinic.location, date("2026-11-20"), date("2026-11-26")).await.unwrap();
    let days: Vec<_> = days.iter().map(|day| (day.date, day.count, day.minutes)).collect();
    assert_eq!(days, [(date("2026-11-24"), 2, 120), (date("2026-11-25"), 1, 45)]);
    let none = load(&mut tx, desk.clinic.location, date("2026-11-26"), date("2026-11-27")).await.unwrap();
    assert!(none.is_empty());
    let wrong = load(&mut tx, desk.clinic.location, date("2026-11-01"), date("2026-12-31")).await.unwrap_err();
    assert!(matches!(wrong, Error::Invalid(_)), "{wrong:?}");
}

#[tokio::test]
async fn another_location_and_another_tenant_are_not_in_it() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let details = LocationDetails {
        name: "Praga".into(),
        address: String::new(),
        zone: "Europe/Warsaw".into(),
        week_start: 1,
        active: true,
        version: 0,
    };
    let praga = locations::insert(&mut tx, &details).await.unwrap().id;
    tx.commit().await.unwrap();
    let mut there = desk.meeting(at("10:00"), &[]);
    there.location = praga;
    desk.meet(&there).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.stranger).await;
    let mut foreign = desk.meeting(at("10:00"), &[]);
    foreign.location = desk.clinic.foreign_location;
    calendar::generic::book(&mut tx, &foreign).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    assert_eq!(day(&mut tx, &desk).await.events.len(), 0);
    let foreign = range(&mut tx, desk.clinic.foreign_location, date("2026-11-24"), date("2026-11-25")).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    let mut tx = desk.clinic.tx(&desk.clinic.stranger).await;
    let ours = range(&mut tx, desk.clinic.location, date("2026-11-24"), date("2026-11-25")).await;
    assert!(matches!(ours, Err(Error::NotFound)));
}

#[tokio::test]
async fn who_may_not_read_a_modules_records_sees_only_that_time_is_taken() {
    let desk = desk().await;
    let made = desk.insert(&desk.hour(at("10:00"))).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.marek).await;
    let view = day(&mut tx, &desk).await;
    let event = &view.events[0];
    assert_eq!((event.title.as_str(), &event.face, event.subject, event.record), ("", &calendar::Face::default(), None, None));
    assert_eq!((event.resources.len(), event.activity_type.as_str()), (3, example::WATERING));
    let seen = activities::see(&mut tx, made.id).await.unwrap();
    assert_eq!((seen.title.as_str(), seen.face.line.as_str()), ("", ""));
    assert_eq!(activities::event(&tx, made.clone()), *event);
    assert_eq!(calendar::generic::details(&mut tx, made.id).await.unwrap().title, "");
    let asked = Asked { from: at("00:00"), to: at("23:00"), location: None, resource: None, after: None, limit: 10 };
    assert_eq!(activities::list(&mut tx, &asked).await.unwrap()[0].title, "");
    let mut tx = desk.clinic.tx(&desk.clinic.jan).await;
    assert_eq!(activities::see(&mut tx, made.id).await.unwrap().title, "Anna Nowak");
}

#[tokio::test]
async fn of_a_type_that_nobody_has_registered_only_the_time_is_told() {
    let desk = desk().await;
    let left = desk.insert(&NewActivity { activity_type: "gone:thing".into(), ..desk.hour(at("10:00")) }).await.unwrap();
    for who in [&desk.clinic.anna, &desk.clinic.ewa] {
        let mut tx = desk.clinic.tx(who).await;
        let event = day(&mut tx, &desk).await.events.remove(0);
        assert_eq!((event.title.as_str(), &event.face, event.resources.len()), ("", &calendar::Face::default(), 3));
        assert_eq!(activities::event(&tx, left.clone()), event);
        let seen = activities::see(&mut tx, left.id).await.unwrap();
        assert_eq!((seen.title.as_str(), seen.face.line.as_str()), ("", ""));
        let details = calendar::generic::details(&mut tx, left.id).await.unwrap();
        assert!(details.title.is_empty() && details.history.is_empty());
        assert!(matches!(services::subjects::see(&mut tx, left.id).await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn of_what_has_changed_a_range_gives_what_it_shows_by_activity_or_by_record() {
    let desk = desk().await;
    let meeting = desk.meet(&desk.meeting(at("12:00"), &[desk.lis])).await.unwrap();
    let mut tomorrow = desk.meeting(at("12:00"), &[]);
    tomorrow.start += chrono::TimeDelta::days(1);
    tomorrow.end += chrono::TimeDelta::days(1);
    let tomorrow = desk.meet(&tomorrow).await.unwrap();
    // Any other record stands for a module's.
    let watering = desk.insert(&NewActivity { record: Some(tomorrow.id), ..desk.hour(at("10:00")) }).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let shown = day(&mut tx, &desk).await.events;
    let (from, to) = (date("2026-11-24"), date("2026-11-25"));
    let asked = named(&mut tx, desk.clinic.location, from, to, &[meeting.id]).await.unwrap();
    assert_eq!(asked.iter().map(|event| event.id).collect::<Vec<_>>(), [meeting.id]);
    let asked = named(&mut tx, desk.clinic.location, from, to, &[meeting.id, tomorrow.id]).await.unwrap();
    assert_eq!(asked.iter().map(|event| event.id).collect::<Vec<_>>(), [meeting.id, watering.id], "tomorrow's is not of this day");
    assert!(asked.iter().all(|event| shown.contains(event)), "drawn as the range draws them");
    assert!(named(&mut tx, desk.clinic.location, from, to, &[]).await.unwrap().is_empty());
    let many = vec![meeting.id; 101];
    assert_eq!(named(&mut tx, desk.clinic.location, from, to, &many).await.unwrap_err().status(), 422);
    let mut tx = desk.clinic.tx(&desk.clinic.marek).await;
    let veiled = named(&mut tx, desk.clinic.location, from, to, &[tomorrow.id]).await.unwrap();
    assert!(veiled.is_empty(), "whoever may not read a record does not learn where it is");
    let mut tx = desk.clinic.tx(&desk.clinic.stranger).await;
    let theirs = named(&mut tx, desk.clinic.foreign_location, from, to, &[meeting.id]).await.unwrap();
    assert!(theirs.is_empty(), "another tenant's is not there");
}

#[tokio::test]
async fn a_range_is_neither_empty_nor_endless_nor_beyond_the_calendar() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    for (from, to) in
        [("2026-11-24", "2026-11-24"), ("2026-11-24", "2027-01-07"), ("0001-01-01", "0001-01-02"), ("+262100-01-01", "+262100-01-02")]
    {
        let refused = range(&mut tx, desk.clinic.location, date(from), date(to)).await;
        assert_eq!(refused.unwrap_err().status(), 422, "{from} – {to}");
    }
    range(&mut tx, desk.clinic.location, date("2026-11-24"), date("2027-01-06")).await.unwrap();
}

#[tokio::test]
async fn a_list_goes_on_where_the_page_before_ended() {
    let desk = desk().await;
    for hour in ["08:00", "09:00", "10:00"] {
        desk.insert(&desk.hour(at(hour))).await.unwrap();
    }
    desk.meet(&desk.meeting(at("09:00"), &[])).await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let asked = Asked { from: at("00:00"), to: at("23:00"), location: None, resource: Some(desk.room), after: None, limit: 2 };
    let first = activities::list(&mut tx, &asked).await.unwrap();
    assert_eq!(first.iter().map(|activity| activity.start).collect::<Vec<_>>(), [at("08:00"), at("09:00")]);
    assert_eq!(first[0].bookings.len(), 3);
    let asked = Asked { after: Some((first[1].start, first[1].id)), ..asked };
    let second = activities::list(&mut tx, &asked).await.unwrap();
    assert_eq!(second.iter().map(|activity| activity.start).collect::<Vec<_>>(), [at("10:00")]);
}
