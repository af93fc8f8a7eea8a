//! Files taken over: what comes of them, what of the same file again, and what goes out of the feeds afterwards.

use chrono::{DateTime, Utc};
use icalendar::Component;
use platform::{Error, Result, id::EntityId};
use services::calendar::{
    activities::{self, Activity, Asked},
    feeds::{self, Detail, ImportItem, Imported, NewImport, Outcome},
    moves,
};
use services::hooks::MoveTo;

use super::{Desk, at, desk, feeds::parsed, to};

/// A file with these events, each a list of lines.
fn file(events: &[&str]) -> String {
    let events: String = events.iter().map(|event| format!("BEGIN:VEVENT\n{}\nEND:VEVENT\n", event.trim())).collect();
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n{events}END:VCALENDAR\n").replace('\n', "\r\n")
}

impl Desk {
    async fn take_over(&self, resource: EntityId, file: &str, apply: bool) -> Result<Imported> {
        let new = NewImport { file: file.into(), resource, location: self.clinic.location, activity_type: "block".into(), apply };
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let done = feeds::import(&mut tx, &new).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn applied(&self, events: &[&str]) -> Imported {
        self.take_over(self.lis, &file(events), true).await.unwrap()
    }

    async fn there(&self, resource: EntityId) -> Vec<Activity> {
        let mut tx = self.clinic.tx(&self.clinic.ewa).await;
        let (from, to) = ("2026-01-01T00:00:00Z".parse().unwrap(), "2028-12-31T00:00:00Z".parse().unwrap());
        activities::list(&mut tx, &Asked { from, to, location: None, resource: Some(resource), after: None, limit: 600 }).await.unwrap()
    }
}

fn outcomes(done: &Imported) -> Vec<Outcome> {
    done.items.iter().map(|item| item.outcome).collect()
}

fn reasons(done: &Imported) -> Vec<(&str, &str)> {
    done.items.iter().map(|item: &ImportItem| (item.uid.as_str(), item.reason.as_str())).collect()
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

const ONE: &str = "UID:one@elsewhere\nSUMMARY:Dentist\\, upstairs\nDTSTART;TZID=Europe/Warsaw:20261201T100000\nDTEND;TZID=Europe/Warsaw:20261201T113000\nSEQUENCE:2";
/// Every day at half past two over the night on which the clock is put forward, without one day, and one moved.
const SERIES: &str = "UID:series@elsewhere\nSUMMARY:Night\nDTSTART;TZID=Central European Standard Time:20270327T023000\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=5\nEXDATE;TZID=Europe/Warsaw:20270330T023000";
const EXCEPTION: &str = "UID:series@elsewhere\nSUMMARY:Night, later\nRECURRENCE-ID;TZID=Europe/Warsaw:20270329T023000\nDTSTART:20270329T120000Z\nDTEND:20270329T130000Z";
const HOLIDAY: &str = "UID:holiday@elsewhere\nSUMMARY:Away\nDTSTART;VALUE=DATE:20261024\nDTEND;VALUE=DATE:20261026";

#[tokio::test]
async fn a_dry_run_tells_what_would_come_and_changes_nothing() {
    let desk = desk().await;
    let all = file(&[ONE, SERIES, EXCEPTION, HOLIDAY]);
    let told = desk.take_over(desk.lis, &all, false).await.unwrap();
    assert!(!told.applied && desk.there(desk.lis).await.is_empty());
    let done = desk.take_over(desk.lis, &all, true).await.unwrap();
    assert!(done.applied);
    assert_eq!(told.items, done.items);
    assert_eq!(done.count(Outcome::New), 6, "{done:?}");
    let found: Vec<_> = desk.there(desk.lis).await.into_iter().map(|one| (one.start, one.end, one.title)).collect();
    let expected = [
        // Two dates, the second of 25 hours.
        ("2026-10-23T22:00:00Z", "2026-10-25T23:00:00Z", "Away"),
        ("2026-12-01T09:00:00Z", "2026-12-01T10:30:00Z", "Dentist, upstairs"),
        ("2027-03-27T01:30:00Z", "2027-03-27T02:00:00Z", "Night"),
        // Moved on by the jump.
        ("2027-03-28T01:30:00Z", "2027-03-28T02:00:00Z", "Night"),
        ("2027-03-29T12:00:00Z", "2027-03-29T13:00:00Z", "Night, later"),
        ("2027-03-31T00:30:00Z", "2027-03-31T01:00:00Z", "Night"),
    ];
    assert_eq!(found, expected.map(|(start, end, title)| (utc(start), utc(end), title.to_owned())));
}

#[tokio::test]
async fn the_same_file_again_doubles_nothing_and_a_newer_one_changes() {
    let desk = desk().await;
    desk.applied(&[ONE, SERIES, EXCEPTION]).await;
    let again = desk.applied(&[ONE, SERIES, EXCEPTION]).await;
    assert!(outcomes(&again).iter().all(|outcome| *outcome == Outcome::Unchanged), "{again:?}");
    assert_eq!(desk.there(desk.lis).await.len(), 5);
    // Later by an hour; one more day of the series is out; the exception is none any more.
    let later = ONE.replace("T100000", "T110000").replace("T113000", "T120000").replace("SEQUENCE:2", "SEQUENCE:3");
    let fewer = SERIES.replace("20270330T023000", "20270330T023000,20270328T023000");
    let newer = desk.applied(&[&later, &fewer]).await;
    let of = |outcome| newer.count(outcome);
    assert_eq!((of(Outcome::Changed), of(Outcome::Cancelled), of(Outcome::Unchanged), of(Outcome::New)), (2, 1, 2, 0), "{newer:?}");
    let living: Vec<_> = desk.there(desk.lis).await.into_iter().filter(|one| one.status.occupies()).map(|one| one.start).collect();
    let expected = ["2026-12-01T10:00:00Z", "2027-03-27T01:30:00Z", "2027-03-29T00:30:00Z", "2027-03-31T00:30:00Z"];
    assert_eq!(living, expected.map(utc));
    // And back again: what was cancelled is taken up.
    let back = desk.applied(&[SERIES]).await;
    assert_eq!((back.count(Outcome::Changed), back.count(Outcome::Unchanged)), (1, 3), "{back:?}");
}

#[tokio::test]
async fn what_cannot_be_taken_over_is_refused_with_its_reason_and_the_rest_comes() {
    let desk = desk().await;
    desk.meet(&desk.meeting(at("10:00"), &[desk.lis])).await.unwrap();
    let event = |uid: &str, lines: &str| format!("UID:{uid}\nSUMMARY:X\n{lines}");
    let hour = "DTSTART:20261202T100000Z\nDTEND:20261202T110000Z";
    let done = desk
        .applied(&[
            &event("a", "DTSTART:20261124T103000Z\nDTEND:20261124T113000Z"),
            &event("b", "DTSTART;TZID=Customized Time Zone:20261202T100000\nDURATION:PT1H"),
            &event("c", "DTSTART:20261302T100000Z\nDURATION:PT1H"),
            &event("d", "DTSTART:20261202T100000Z"),
            &event("e", "DTSTART:20261202T100000Z\nDURATION:P40D"),
            &event("f", &format!("{hour}\nRRULE:FREQ=HOURLY;COUNT=3")),
            &event("g", &format!("{hour}\nTRANSP:TRANSPARENT")),
            &event("h", &format!("{hour}\nSTATUS:CANCELLED")),
            &event("", hour),
            &event("i", &format!("{hour}\nBEGIN:VALARM\nTRIGGER:-PT15M\nDESCRIPTION:Soon\nEND:VALARM")),
            &event("j", hour),
        ])
        .await;
    let mut found = reasons(&done);
    found.sort_unstable();
    let expected = [
        ("", "uid"),
        ("a", "unavailable"),
        ("b", "zone"),
        ("c", "time"),
        ("d", "length"),
        ("e", "length"),
        ("f", "rule"),
        ("g", "free"),
        ("h", "cancelled"),
        ("i", ""),
        ("j", "unavailable"),
    ];
    assert_eq!(found, expected);
    assert_eq!(desk.there(desk.lis).await.iter().map(|one| one.description.as_str()).collect::<Vec<_>>(), ["", ""]);
}

#[tokio::test]
async fn what_is_no_calendar_or_somebody_elses_is_refused_whole() {
    let desk = desk().await;
    assert!(matches!(desk.take_over(desk.lis, "BEGIN:VCARD\nEND:VCARD", true).await, Err(Error::Invalid(_))));
    assert!(matches!(desk.take_over(EntityId::new(), &file(&[ONE]), true).await, Err(Error::NotFound)));
    let many = SERIES.replace("COUNT=5", "INTERVAL=1") + "\nRDATE:20270101T000000Z";
    let many = [many.as_str(), &many.replace("series@", "other@")];
    assert!(matches!(desk.take_over(desk.lis, &file(&many), true).await, Err(Error::Invalid(_))));
    let mut tx = desk.clinic.tx(&desk.clinic.marek).await;
    let new =
        NewImport { file: file(&[ONE]), resource: desk.lis, location: desk.clinic.location, activity_type: "block".into(), apply: true };
    assert!(matches!(feeds::import(&mut tx, &new).await, Err(Error::Denied(_))));
}

#[tokio::test]
async fn out_and_in_again_keeps_instants_exceptions_and_names_and_a_change_here_is_newer() {
    let desk = desk().await;
    desk.applied(&[ONE, SERIES, EXCEPTION, HOLIDAY]).await;
    let feed = desk.feed(Some(desk.lis), Detail::Full).await;
    let out = desk.read(&feed).await.unwrap();
    let events = |text: &str| {
        let mut events: Vec<(String, String, String, u32)> = parsed(text)
            .components
            .iter()
            .filter_map(|component| component.as_event())
            .map(|event| {
                let value = |name: &str| event.property_value(name).unwrap_or_default().to_owned();
                (value("UID"), value("RECURRENCE-ID"), value("DTSTART"), event.get_sequence().unwrap_or_default())
            })
            .collect();
        events.sort();
        events
    };
    let text = |(uid, recurrence, start, sequence): &(String, String, String, u32)| format!("{uid} {recurrence} {start} {sequence}");
    assert_eq!(
        events(&out).iter().map(text).collect::<Vec<_>>(),
        [
            "holiday@elsewhere  20261024 0",
            "one@elsewhere  20261201T090000Z 2",
            "series@elsewhere 20270327T013000Z 20270327T013000Z 0",
            "series@elsewhere 20270328T013000Z 20270328T013000Z 0",
            "series@elsewhere 20270329T003000Z 20270329T120000Z 0",
            "series@elsewhere 20270331T003000Z 20270331T003000Z 0",
        ]
    );
    assert!(out.contains("DTEND;VALUE=DATE:20261026"));
    // Into the same calendar it changes nothing; into another it makes the same.
    let again = desk.take_over(desk.lis, &out, true).await.unwrap();
    assert!(outcomes(&again).iter().all(|outcome| *outcome == Outcome::Unchanged), "{again:?}");
    desk.take_over(desk.room, &out, true).await.unwrap();
    let other = desk.read(&desk.feed(Some(desk.room), Detail::Full).await).await.unwrap();
    assert_eq!(events(&other), events(&out));
    // Moved here: newer than the file, which can no longer undo it.
    let one = desk.there(desk.lis).await.into_iter().find(|one| one.title.starts_with("Dentist")).unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let destination = MoveTo { end: utc("2026-12-01T15:30:00Z"), ..to(&one, utc("2026-12-01T14:00:00Z")) };
    moves::move_to(&mut tx, one.id, &destination).await.unwrap();
    tx.commit().await.unwrap();
    assert!(events(&desk.read(&feed).await.unwrap()).contains(&("one@elsewhere".into(), String::new(), "20261201T140000Z".into(), 3)));
    assert_eq!(reasons(&desk.applied(&[ONE]).await), [("one@elsewhere", "older")]);
    assert_eq!(desk.applied(&[&ONE.replace("SEQUENCE:2", "SEQUENCE:4")]).await.count(Outcome::Changed), 1);
}
