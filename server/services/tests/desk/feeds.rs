//! Feeds, as a program that holds the address reads them.

use icalendar::{Calendar, Component};
use platform::{Error, Result, id::EntityId};
use services::calendar::{
    Status,
    feeds::{self, Detail, MadeFeed, NewFeed},
    moves,
};
use services::hooks::StatusChange;

use super::{Desk, at, desk, to};

impl Desk {
    pub(super) async fn feed(&self, resource: Option<EntityId>, detail: Detail) -> MadeFeed {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let made = feeds::create(&mut tx, &NewFeed { name: "Phone".into(), resource, detail }).await.unwrap();
        tx.commit().await.unwrap();
        made
    }

    pub(super) async fn read(&self, feed: &MadeFeed) -> Result<String> {
        let file = feed.path.strip_prefix("/feeds/").unwrap();
        feeds::published(&self.clinic.state, file).await.map(|published| published.text)
    }
}

/// What another program's parser makes of it.
pub(super) fn parsed(text: &str) -> Calendar {
    assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    text.parse().unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn properties(calendar: &Calendar, name: &str) -> Vec<String> {
    calendar.components.iter().filter_map(|component| component.as_event()?.property_value(name).map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_feed_tells_as_much_as_was_chosen() {
    let desk = desk().await;
    let mut meeting = desk.meeting(at("10:00"), &[desk.lis]);
    meeting.title = "Anna Nowak; żółta karta, ".repeat(8).trim().into();
    meeting.description = "Line one\nline two".into();
    let made = desk.meet(&meeting).await.unwrap();
    for (detail, summary, description) in [
        (Detail::Full, meeting.title.as_str(), Some("Line one\nline two")),
        (Detail::Initials, "A. N. Ż. K.", None),
        (Detail::Busy, "Zajęte", None),
    ] {
        let text = desk.read(&desk.feed(Some(desk.lis), detail).await).await.unwrap();
        let calendar = parsed(&text);
        let event = calendar.components.iter().find_map(|component| component.as_event()).unwrap();
        assert_eq!(event.get_uid(), Some(format!("{}@atrium", made.id).as_str()));
        assert_eq!(event.get_summary().map(|said| said.replace("\\;", ";").replace("\\,", ",")).as_deref(), Some(summary), "{text}");
        assert_eq!(event.get_description().map(|said| said.replace("\\n", "\n")).as_deref(), description);
        assert_eq!(properties(&calendar, "DTSTART"), ["20261124T100000Z"]);
        assert_eq!((event.get_sequence(), event.property_value("STATUS")), (Some(1), Some("CONFIRMED")));
        assert_eq!(detail == Detail::Full, !text.contains("CLASS:PRIVATE"));
        assert_eq!(detail != Detail::Full, !text.contains("Nowak"));
    }
    // Another's time is not in it.
    assert_eq!(parsed(&desk.read(&desk.feed(Some(desk.room), Detail::Full).await).await.unwrap()).components.len(), 0);
}

#[tokio::test]
async fn a_change_raises_the_sequence_and_what_is_cancelled_stays_as_cancelled() {
    let desk = desk().await;
    let made = desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    let feed = desk.feed(Some(desk.lis), Detail::Full).await;
    let first = desk.read(&feed).await.unwrap();
    assert_eq!(first, desk.read(&feed).await.unwrap());
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let moved = moves::move_to(&mut tx, made.id, &to(&made, at("12:00"))).await.unwrap();
    let change = StatusChange { version: moved.version, to: Status::Cancelled, reason: String::new() };
    moves::set_status(&mut tx, made.id, &change).await.unwrap();
    tx.commit().await.unwrap();
    let calendar = parsed(&desk.read(&feed).await.unwrap());
    assert_eq!(properties(&calendar, "SEQUENCE"), ["3"]);
    assert_eq!(properties(&calendar, "STATUS"), ["CANCELLED"]);
    assert_eq!(properties(&calendar, "DTSTART"), ["20261124T120000Z"]);
}

#[tokio::test]
async fn an_address_leads_nowhere_once_it_is_revoked_or_guessed_or_its_member_is_gone() {
    let desk = desk().await;
    let (one, other) = (desk.feed(Some(desk.lis), Detail::Busy).await, desk.feed(None, Detail::Full).await);
    assert!(desk.read(&one).await.is_ok() && desk.read(&other).await.is_ok());
    let listed = {
        let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
        let listed = feeds::list(&mut tx).await.unwrap();
        feeds::revoke(&mut tx, one.feed.id).await.unwrap();
        tx.commit().await.unwrap();
        listed
    };
    assert_eq!(listed.iter().map(|feed| feed.resource_name.as_deref()).collect::<Vec<_>>(), [None, Some("Dr Lis")]);
    assert!(listed.iter().all(|feed| feed.read_at.is_some()));
    assert!(matches!(desk.read(&one).await, Err(Error::NotFound)));
    // Another member's feed is none of theirs.
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert!(feeds::list(&mut tx).await.unwrap().is_empty());
    assert!(matches!(feeds::revoke(&mut tx, other.feed.id).await, Err(Error::NotFound)));
    sqlx::query("update memberships set status = 'removed' where organization_id = $1 and user_id = $2")
        .bind(tx.organization())
        .bind(desk.clinic.ewa.user)
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(desk.read(&other).await, Err(Error::NotFound)));
    let known = other.path.strip_prefix("/feeds/").unwrap();
    for guess in [
        "",
        ".ics",
        "x.ics",
        &known[..32],
        &known.replace(".ics", ""),
        &format!("{}{}.ics", &known[..32], "A".repeat(43)),
        &format!("{}.ics", "ż".repeat(40)),
    ] {
        assert!(matches!(feeds::published(&desk.clinic.state, guess).await, Err(Error::NotFound)), "{guess}");
    }
}

#[tokio::test]
async fn making_and_revoking_are_in_the_log_without_the_secret() {
    let desk = desk().await;
    let feed = desk.feed(Some(desk.lis), Detail::Busy).await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    feeds::revoke(&mut tx, feed.feed.id).await.unwrap();
    let log = platform::actions::timeline(&mut tx, desk.lis, 10).await.unwrap();
    let verbs: Vec<&str> = log.iter().map(|row| row.verb.as_str()).collect();
    assert!(verbs.contains(&"feed_created") && verbs.contains(&"feed_revoked"), "{verbs:?}");
    let secret = &feed.path[feed.path.len() - 20..feed.path.len() - 4];
    assert!(log.iter().all(|row| !format!("{:?}{:?}", row.old, row.new).contains(secret)));
    let elsewhere = feeds::create(&mut tx, &NewFeed { name: "X".into(), resource: Some(EntityId::new()), detail: Detail::Busy }).await;
    assert!(matches!(elsewhere, Err(Error::Invalid(_))));
}
