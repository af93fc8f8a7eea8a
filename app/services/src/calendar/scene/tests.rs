use super::*;
use crate::calendar::axis;
use platform::{
    id::LocationId,
    time::{Interval, ZoneWindow},
};
use services::calendar::{
    event::{CalendarView, Closed, Face, Hours, Location},
    slots::Rule,
};
use uuid::Uuid;

pub(crate) fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn id(number: u128) -> EntityId {
    EntityId(Uuid::from_u128(number))
}

fn interval(start: &str, end: &str) -> Interval {
    Interval::new(utc(start), utc(end)).unwrap()
}

pub(crate) const LIS: u128 = 1;
pub(crate) const ZAJAC: u128 = 2;
pub(crate) const RAK: u128 = 3;
const ROOM: u128 = 9;

fn resource(number: u128, kind: ResourceKind, name: &str) -> Resource {
    Resource { id: id(number), kind, name: name.into(), hue: 300, sort: number as i32, user: None }
}

fn hours(number: u128, windows: Vec<Interval>, closed: Vec<Closed>) -> Hours {
    Hours { resource: id(number), windows, always: false, closed }
}

pub(crate) fn visit(number: u128, start: &str, end: &str, resources: &[u128]) -> Event {
    Event {
        id: id(number),
        activity_type: "gabinet:appointment".into(),
        title: "Anna Nowak".into(),
        face: Face { line: "Consultation".into(), place: "Room 2".into(), flags: vec!["allergy".into()], hue: None },
        start: utc(start),
        end: utc(end),
        status: Status::Confirmed,
        resources: resources.iter().map(|number| id(*number)).collect(),
        buffer_before: 0,
        buffer_after: 10,
        hue: 300,
        subject: Some(id(77)),
        record: None,
        version: 1,
    }
}

/// Tuesday 24 November 2026 in Warsaw: Dr Lis works from eight to four with a break, Piotr Zając from nine to five,
/// Zofia Rak is on leave.
pub(crate) fn tuesday(events: Vec<Event>) -> Loaded {
    let date: NaiveDate = "2026-11-24".parse().unwrap();
    Loaded {
        span: Span::Day,
        date,
        calendar: CalendarView {
            location: Location { id: LocationId(Uuid::nil()), name: "Lipowa".into(), zone: "Europe/Warsaw".into(), week_start: 1 },
            zone: ZoneWindow {
                zone: "Europe/Warsaw".into(),
                offset: 3600,
                from: utc("2026-11-20T00:00:00Z"),
                to: utc("2026-12-01T00:00:00Z"),
                changes: vec![],
            },
            from: date,
            to: date + Days::new(1),
            today: date,
            now: utc("2026-11-24T09:00:00Z"),
            resources: vec![
                resource(RAK, ResourceKind::Staff, "Zofia Rak"),
                resource(LIS, ResourceKind::Staff, "Dr Lis"),
                resource(ZAJAC, ResourceKind::Staff, "Piotr Zając"),
                resource(ROOM, ResourceKind::Room, "Room 2"),
            ],
            hours: vec![
                hours(
                    LIS,
                    vec![interval("2026-11-24T07:00:00Z", "2026-11-24T15:00:00Z")],
                    vec![Closed {
                        rule: Rule::Break,
                        during: interval("2026-11-24T11:00:00Z", "2026-11-24T11:30:00Z"),
                        label: String::new(),
                    }],
                ),
                hours(ZAJAC, vec![interval("2026-11-24T08:00:00Z", "2026-11-24T16:00:00Z")], vec![]),
                hours(
                    RAK,
                    vec![],
                    vec![Closed {
                        rule: Rule::Leave,
                        during: interval("2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z"),
                        label: String::new(),
                    }],
                ),
                Hours { resource: id(ROOM), windows: vec![], always: true, closed: vec![] },
            ],
            events,
        },
        locations: vec![],
        makeable: vec![],
        overbookable: vec![],
        reopenable: vec![],
    }
}

fn look(kind: ResourceKind) -> Look {
    let place = crate::calendar::place::Place { by: Some(kind), ..Default::default() };
    Look::new(&place, &Wishes::default())
}

fn scene_of(loaded: &Loaded, look: Look, patches: &Patches) -> Scene {
    let now = loaded.calendar.now;
    Source { loaded, look, patches, now, lang: Lang::En, label: &|_| None }.scene()
}

fn staff(loaded: &Loaded) -> Scene {
    scene_of(loaded, look(ResourceKind::Staff), &Patches::new())
}

#[test]
fn who_works_comes_first_and_who_is_away_says_why() {
    let scene = staff(&tuesday(vec![]));
    let names: Vec<&str> = scene.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["Dr Lis", "Piotr Zając", "Zofia Rak"]);
    assert_eq!(scene.columns[2].absent.as_deref(), Some("Leave"));
    assert_eq!(scene.columns[0].hours, "08:00 – 16:00");
    assert_eq!(scene.columns[0].absent, None);
}

#[test]
fn the_scale_shows_the_working_hours_with_an_hour_around_and_whatever_lies_outside() {
    let scene = staff(&tuesday(vec![]));
    assert_eq!((scene.axis.from, scene.axis.to), (7 * 60, 18 * 60));
    let late = staff(&tuesday(vec![visit(20, "2026-11-24T18:00:00Z", "2026-11-24T19:15:00Z", &[LIS])]));
    assert_eq!((late.axis.from, late.axis.to), (7 * 60, 21 * 60));
    assert_eq!(scene.now, Some(600));
}

#[test]
fn what_is_closed_is_hatched_with_its_name() {
    let scene = staff(&tuesday(vec![]));
    let bands: Vec<(i32, i32, &str)> = scene.columns[0].bands.iter().map(|band| (band.start, band.end, band.label.as_str())).collect();
    assert_eq!(bands, [(0, 480, ""), (720, 750, "Break"), (960, axis::DAY, "")]);
    assert_eq!(scene.columns[2].bands, [Band { start: 0, end: axis::DAY, label: "Leave".into(), gap: false }]);
}

#[test]
fn a_visit_stands_in_the_columns_of_its_resources_and_says_all_of_itself() {
    let loaded = tuesday(vec![visit(20, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS, ROOM])]);
    let scene = staff(&loaded);
    assert_eq!(scene.cards.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0, 0]);
    let card = &scene.cards[0][0];
    assert_eq!((card.start, card.end), (630, 675));
    assert_eq!(card.class, "calendar-event is-confirmed has-after has-marks");
    // From seven to six, it begins after three and a half of eleven hours.
    assert_eq!(card.style, "top:31.818%;height:6.818%;--after:22.222%;--tone:300;--count:1");
    assert_eq!(card.lines, "Consultation\n10:30 – 11:15 · Room 2");
    assert_eq!(card.spoken, "Tuesday 24 November, 10:30 to 11:15, Anna Nowak, Consultation, confirmed, Dr Lis, Room 2, allergy");
    assert_eq!(card.marks, "--mark-1:var(--sign-allergy);--tint-1:var(--tint-allergy);");
    assert_eq!(scene.loads, [45 * 100 / 450, 0, 0]);

    let rooms = scene_of(&loaded, look(ResourceKind::Room), &Patches::new());
    assert_eq!(rooms.cards[0].len(), 1);
}

#[test]
fn visits_at_the_same_time_share_the_width_and_a_cancelled_one_takes_none() {
    let mut cancelled = visit(22, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS]);
    cancelled.status = Status::Cancelled;
    let loaded = tuesday(vec![
        visit(20, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS]),
        visit(21, "2026-11-24T10:00:00Z", "2026-11-24T10:30:00Z", &[LIS]),
        cancelled,
    ]);
    let scene = staff(&loaded);
    assert_eq!(scene.cards[0].len(), 2, "cancelled ones are hidden");
    assert!(scene.cards[0][0].style.contains(";left:0%;width:50%"));
    assert!(scene.cards[0][1].style.contains(";left:50%;width:50%"));
    let all = scene_of(&loaded, Look { cancelled: true, ..look(ResourceKind::Staff) }, &Patches::new());
    assert_eq!(all.cards[0].len(), 3);
    assert!(all.cards[0].iter().all(|card| !card.style.contains("width:33")));
    assert_eq!((scene.visits, scene.unconfirmed), (2, 0));
}

#[test]
fn what_belongs_to_nobody_has_a_column_of_its_own() {
    let scene = staff(&tuesday(vec![visit(20, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[])]));
    assert_eq!(scene.columns.len(), 4);
    assert_eq!(scene.columns.iter().position(|column| column.resource.is_none()), Some(2));
    assert_eq!(scene.cards[2].len(), 1);
}

#[test]
fn a_patch_shows_the_new_place_until_the_server_has_a_newer_version() {
    let loaded = tuesday(vec![visit(20, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS])]);
    let patch = |version| {
        let resources = vec![id(ZAJAC)];
        let patch = Patch { start: utc("2026-11-24T12:15:00Z"), end: utc("2026-11-24T13:00:00Z"), resources, version };
        Patches::from([(id(20), patch)])
    };
    let unsaved = scene_of(&loaded, look(ResourceKind::Staff), &patch(None));
    assert_eq!(unsaved.cards[1][0].start, 13 * 60 + 15);
    assert!(unsaved.cards[1][0].class.contains("is-unsaved"));
    let saved = scene_of(&loaded, look(ResourceKind::Staff), &patch(Some(2)));
    assert_eq!((saved.cards[0].len(), saved.cards[1].len()), (0, 1));
    let over = scene_of(&loaded, look(ResourceKind::Staff), &patch(Some(1)));
    assert_eq!((over.cards[0].len(), over.cards[1].len()), (1, 0));
}

#[test]
fn only_what_has_changed_looks_different() {
    let one = visit(20, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS]);
    let mut two = visit(21, "2026-11-24T12:30:00Z", "2026-11-24T13:15:00Z", &[LIS]);
    let cards = |events: Vec<Event>| staff(&tuesday(events)).cards[0].clone();
    let before = cards(vec![one.clone(), two.clone()]);
    // A new version of which nothing is seen touches nothing.
    two.version = 2;
    assert_eq!(cards(vec![one.clone(), two.clone()]), before);
    two.status = Status::CheckedIn;
    let after = cards(vec![one, two]);
    assert_eq!(after[0], before[0]);
    assert_ne!(after[1], before[1]);
}

#[test]
fn columns_stay_the_same_when_only_events_change() {
    let empty = staff(&tuesday(vec![]));
    let full = staff(&tuesday(vec![visit(20, "2026-11-24T18:00:00Z", "2026-11-24T19:15:00Z", &[LIS])]));
    assert_eq!(empty.columns, full.columns);
}

#[test]
fn a_week_of_one_resource_shows_only_its_events() {
    let mut loaded = tuesday(vec![
        visit(20, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS]),
        visit(21, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[ZAJAC]),
    ]);
    loaded.span = Span::Week;
    loaded.calendar.from = "2026-11-23".parse().unwrap();
    loaded.calendar.to = "2026-11-30".parse().unwrap();
    let all = staff(&loaded);
    assert_eq!(all.columns.iter().map(|column| column.name.as_str()).take(2).collect::<Vec<_>>(), ["Mon 23", "Tue 24"]);
    assert_eq!(all.cards[1].len(), 2);
    let one = scene_of(&loaded, Look { of: Some(id(LIS)), ..look(ResourceKind::Staff) }, &Patches::new());
    assert_eq!(one.cards[1].len(), 1);
    assert_eq!(one.columns[1].hours, "08:00 – 16:00");
    assert_eq!(one.columns[0].hours, "");
}

#[test]
fn a_week_of_many_shows_two_beside_each_other_and_counts_the_rest() {
    let at = |number, start, end| visit(number, start, end, &[LIS]);
    let mut loaded = tuesday(vec![
        at(20, "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"),
        at(21, "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"),
        at(22, "2026-11-24T09:15:00Z", "2026-11-24T09:45:00Z"),
        at(23, "2026-11-24T09:30:00Z", "2026-11-24T10:00:00Z"),
        at(24, "2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z"),
    ]);
    loaded.span = Span::Week;
    loaded.calendar.from = "2026-11-23".parse().unwrap();
    loaded.calendar.to = "2026-11-30".parse().unwrap();
    let many = staff(&loaded);
    let ids: Vec<EntityId> = many.cards[1].iter().map(|card| card.id).collect();
    assert_eq!(ids, [id(20), id(21), id(24)]);
    assert!(many.cards[1][0].style.contains(";left:0%;width:50%") && !many.cards[1][2].style.contains("width"));
    let rests: Vec<(usize, i32, i32)> = many.rests.iter().map(|rest| (rest.column, rest.minute, rest.count)).collect();
    assert_eq!(rests, [(1, 10 * 60 + 15, 2)]);
    assert_eq!(many.rests[0].spoken, "+2 more from 10:15, Tuesday 24 November");
    assert_eq!(many.visits, 5, "what is not drawn is counted all the same");
    // Of one person, or where all are asked for, all are drawn.
    for look in [Look { of: Some(id(LIS)), ..look(ResourceKind::Staff) }, Look { all: true, ..look(ResourceKind::Staff) }] {
        let scene = scene_of(&loaded, look, &Patches::new());
        assert_eq!((scene.cards[1].len(), scene.rests.len()), (5, 0));
    }
    // What a filter looks for is drawn before what it does not look for.
    loaded.calendar.events[3].face.line = "Laser".into();
    let picky = Filter { line: "Laser".into(), ..Filter::default() };
    let found = scene_of(&loaded, Look { filter: picky, ..look(ResourceKind::Staff) }, &Patches::new());
    assert!(found.cards[1].iter().any(|card| card.id == id(23)));
}

#[test]
fn a_quarter_of_an_hour_says_when_it_begins_beside_the_name() {
    let scene = staff(&tuesday(vec![visit(20, "2026-11-24T09:30:00Z", "2026-11-24T09:45:00Z", &[LIS])]));
    let card = &scene.cards[0][0];
    assert!(card.class.contains("is-short"));
    assert_eq!((card.title.as_str(), card.lines.as_str()), ("Anna Nowak", "10:30"));
}

#[test]
fn what_is_counted_is_what_is_shown_and_each_visit_once() {
    let mut loaded = tuesday(vec![
        visit(20, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS, ZAJAC]),
        visit(21, "2026-11-24T11:30:00Z", "2026-11-24T12:15:00Z", &[ZAJAC]),
    ]);
    loaded.calendar.events[1].status = Status::Scheduled;
    let counts = |loaded: &Loaded, look: Look| {
        let scene = scene_of(loaded, look, &Patches::new());
        (scene.visits, scene.unconfirmed)
    };
    assert_eq!(counts(&loaded, look(ResourceKind::Staff)), (2, 1));
    loaded.span = Span::Week;
    loaded.calendar.from = "2026-11-23".parse().unwrap();
    loaded.calendar.to = "2026-11-30".parse().unwrap();
    let of = |person| Look { of: Some(id(person)), ..look(ResourceKind::Staff) };
    assert_eq!(counts(&loaded, of(LIS)), (1, 0), "a doctor's week has that doctor's visits");
    assert_eq!(counts(&loaded, of(ZAJAC)), (2, 1));
    let picky = Filter { states: vec![Status::Scheduled], ..Filter::default() };
    assert_eq!(counts(&loaded, Look { filter: picky, ..look(ResourceKind::Staff) }), (1, 1));
}

#[test]
fn time_that_is_held_says_who_is_booking_and_not_a_name_that_could_be_a_patients() {
    let mut hold = visit(20, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS]);
    (hold.status, hold.title, hold.subject) = (Status::Held, "Ewa Mróz".into(), None);
    let loaded = tuesday(vec![hold]);
    let named = |reader: &str| {
        let look = Look { reader: reader.into(), ..look(ResourceKind::Staff) };
        scene_of(&loaded, look, &Patches::new()).cards[0][0].title.clone()
    };
    assert_eq!(named("Jan Kos"), "Ewa Mróz is booking");
    assert_eq!(named("Ewa Mróz"), "You are booking");
}

#[test]
fn the_present_runs_through_what_is_going_on_and_through_nothing_else() {
    let loaded = tuesday(vec![
        visit(20, "2026-11-24T08:30:00Z", "2026-11-24T09:30:00Z", &[LIS]),
        visit(21, "2026-11-24T09:30:00Z", "2026-11-24T10:15:00Z", &[LIS]),
    ]);
    let cards = staff(&loaded).cards[0].clone();
    assert!(cards[0].class.contains(" is-now") && cards[0].style.contains(";--now:50%"), "{}", cards[0].style);
    assert!(!cards[1].class.contains("is-now"));
}
