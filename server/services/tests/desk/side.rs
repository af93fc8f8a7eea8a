//! What is said about records of any type: notes, tasks, links, tags, and the timeline that tells of it all.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use platform::{Error, Result, Tx, id::EntityId, rest::PageQuery, sessions::Identity};
use services::{
    calendar::{Status, activities, moves},
    hooks::StatusChange,
    links::{self, LinkChange, LinkTypeInput, NewLink},
    notes::{self, EditRecordNote, NewRecordNote, TickRecordNote},
    subjects::{self, NOTES_WRITE, RECORDS_READ},
    tags::{self, TagInput},
    tasks::{self, Priority, Standing, TaskInput, TaskQuery, TaskTime},
    timeline::{self, EntryKind},
};

use super::{Desk, at, desk, refusal, resource};

fn page() -> PageQuery {
    PageQuery::default()
}

fn note(text: &str) -> NewRecordNote {
    NewRecordNote { id: None, text: text.into(), pinned: false }
}

fn task(title: &str) -> TaskInput {
    TaskInput { title: title.into(), ..TaskInput::default() }
}

fn kind(name: &str, inverse: &str) -> LinkTypeInput {
    LinkTypeInput { name: name.into(), inverse: inverse.into(), active: true, ..LinkTypeInput::default() }
}

fn to_other(kind: EntityId, other: EntityId) -> NewLink {
    NewLink { id: None, kind, other, outward: true, from_date: None, to_date: None, properties: BTreeMap::new() }
}

impl Desk {
    /// Does something as somebody and commits.
    pub(super) async fn by<T>(&self, who: &Identity, what: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let mut tx = self.clinic.tx(who).await;
        let done = what(&mut tx).await?;
        tx.commit().await?;
        Ok(done)
    }

    pub(super) async fn verbs(&self, record: EntityId) -> Vec<String> {
        let told = self.by(&self.clinic.anna, async |tx| timeline::list(tx, record, &[], &page()).await).await.unwrap();
        told.items.into_iter().map(|entry| entry.verb).collect()
    }

    pub(super) async fn undo_last(&self, record: EntityId) -> Result<()> {
        self.by(&self.clinic.anna, async |tx| {
            let last = timeline::list(tx, record, &[], &page()).await?.items.remove(0);
            timeline::undo(tx, record, last.id).await
        })
        .await
    }
}

#[tokio::test]
async fn a_note_is_written_changed_ticked_taken_away_and_brought_back() {
    let desk = desk().await;
    let (ewa, room) = (&desk.clinic.ewa, desk.room);
    let jan = desk.clinic.jan.user;
    let text = format!("Ask [@Jan Nowak](user:{jan})\n\n- [ ] lamp\n- [ ] filter");
    let made = desk.by(ewa, async |tx| notes::add(tx, room, &note(&text)).await).await.unwrap();
    assert_eq!((made.author.as_deref(), made.items, made.done), (Some("Ewa Kowalska"), 2, 0));
    assert!(made.html.contains("class=\"mention\"") && !made.html.contains(&jan.to_string()));

    let tick = TickRecordNote { version: made.version, item: 1, done: true };
    let ticked = desk.by(ewa, async |tx| notes::tick_item(tx, made.id, &tick).await).await.unwrap();
    assert_eq!((ticked.done, ticked.text), (1, text.replace("- [ ] filter", "- [x] filter")));
    let late = EditRecordNote { version: made.version, text: "Other".into(), pinned: false };
    let refused = refusal(desk.by(ewa, async |tx| notes::edit(tx, made.id, &late).await).await.unwrap_err());
    assert_eq!((refused.code.as_str(), &refused.current.unwrap()["author"]), ("version", &"Ewa Kowalska".into()));

    let edit = EditRecordNote { version: ticked.version, text: "Pinned now".into(), pinned: true };
    desk.by(ewa, async |tx| notes::edit(tx, made.id, &edit).await).await.unwrap();
    let other = desk.by(ewa, async |tx| notes::add(tx, room, &note("Newer")).await).await.unwrap();
    let order = async |page: &PageQuery| {
        let found = desk.by(ewa, async |tx| notes::list(tx, room, page).await).await.unwrap();
        (found.items.iter().map(|note| note.id).collect::<Vec<_>>(), found.next_cursor)
    };
    assert_eq!(order(&page()).await.0, [made.id, other.id]);
    let (first, cursor) = order(&PageQuery { cursor: None, limit: Some(1) }).await;
    let (second, end) = order(&PageQuery { cursor, limit: Some(1) }).await;
    assert_eq!((first, second, end), (vec![made.id], vec![other.id], None));

    desk.by(ewa, async |tx| notes::delete(tx, made.id).await).await.unwrap();
    assert_eq!(order(&page()).await.0, [other.id]);
    assert!(matches!(desk.by(ewa, async |tx| notes::edit(tx, made.id, &edit).await).await, Err(Error::NotFound)));
    desk.by(ewa, async |tx| notes::restore(tx, made.id).await).await.unwrap();
    assert_eq!(order(&page()).await.0, [made.id, other.id]);
    assert_eq!(desk.verbs(room).await[..6], ["note_restored", "note_deleted", "note_added", "note_changed", "note_changed", "note_added"]);
}

#[tokio::test]
async fn the_same_id_again_is_the_same_note_and_all_of_a_text_at_fault_is_told() {
    let desk = desk().await;
    let new = NewRecordNote { id: Some(EntityId::new()), ..note("Once") };
    for _ in 0..2 {
        desk.by(&desk.clinic.ewa, async |tx| notes::add(tx, desk.room, &new).await).await.unwrap();
    }
    assert_eq!(desk.verbs(desk.room).await, ["note_added", "created"]);
    let elsewhere = desk.by(&desk.clinic.ewa, async |tx| notes::add(tx, desk.laser, &new).await).await.unwrap_err();
    assert_eq!(refusal(elsewhere).code, "duplicate");
    for text in ["  ", "a\0b"] {
        assert_eq!(desk.by(&desk.clinic.ewa, async |tx| notes::add(tx, desk.room, &note(text)).await).await.unwrap_err().status(), 422);
    }
}

#[tokio::test]
async fn another_tenant_finds_nothing_by_any_id() {
    let desk = desk().await;
    let (anna, sam, room) = (&desk.clinic.anna, &desk.clinic.stranger, desk.room);
    let written = desk.by(anna, async |tx| notes::add(tx, room, &note("Ours")).await).await.unwrap();
    let tag =
        desk.by(anna, async |tx| tags::create(tx, &TagInput { id: None, name: "New".into(), hue: 1, version: 0 }).await).await.unwrap();
    let owns = desk.by(anna, async |tx| links::create_type(tx, &kind("stands in", "holds")).await).await.unwrap();
    let link = desk.by(anna, async |tx| links::link(tx, desk.laser, &to_other(owns.id, room)).await).await.unwrap();
    let about = TaskInput { about: Some(room), ..task("Tidy") };
    let made = desk.by(anna, async |tx| tasks::add(tx, &about).await).await.unwrap();
    let mut tx = desk.clinic.tx(sam).await;
    assert!(matches!(subjects::see(&mut tx, room).await, Err(Error::NotFound)));
    assert!(matches!(notes::list(&mut tx, room, &page()).await, Err(Error::NotFound)));
    assert!(matches!(notes::delete(&mut tx, written.id).await, Err(Error::NotFound)));
    assert!(matches!(notes::restore(&mut tx, written.id).await, Err(Error::NotFound)));
    assert!(matches!(tags::of(&mut tx, room).await, Err(Error::NotFound)));
    assert!(matches!(tags::delete(&mut tx, tag.id).await, Err(Error::NotFound)));
    assert!(matches!(links::delete(&mut tx, link.id).await, Err(Error::NotFound)));
    assert!(matches!(links::around(&mut tx, room).await, Err(Error::NotFound)));
    assert!(matches!(tasks::get(&mut tx, made.id).await, Err(Error::NotFound)));
    assert!(matches!(tasks::set_done(&mut tx, made.id, true).await, Err(Error::NotFound)));
    assert!(matches!(timeline::list(&mut tx, room, &[], &page()).await, Err(Error::NotFound)));
    assert!(tags::list(&mut tx).await.unwrap().is_empty() && links::types(&mut tx).await.unwrap().is_empty());
    assert!(subjects::find(&mut tx, "Room", &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_one_may_not_read_is_not_found_on_any_side_of_it() {
    let desk = desk().await;
    let (anna, marek) = (&desk.clinic.anna, &desk.clinic.marek);
    // A watering is its module's; Marek sees the calendar, and not what stands in it.
    let watering = desk.insert(&desk.hour(at("10:00"))).await.unwrap().id;
    let near = desk.by(anna, async |tx| links::create_type(tx, &kind("is near", "is near")).await).await.unwrap();
    let second = desk.by(anna, async |tx| Ok(resource(tx, services::calendar::ResourceKind::Room, "Room 2").await)).await.unwrap();
    desk.by(anna, async |tx| links::link(tx, desk.room, &to_other(near.id, watering)).await).await.unwrap();
    desk.by(anna, async |tx| links::link(tx, watering, &to_other(near.id, second)).await).await.unwrap();
    desk.by(anna, async |tx| notes::add(tx, watering, &note("Roses only")).await).await.unwrap();

    let mut tx = desk.clinic.tx(marek).await;
    assert!(tx.can(RECORDS_READ) && !tx.can(NOTES_WRITE));
    assert!(matches!(subjects::see(&mut tx, watering).await, Err(Error::NotFound)));
    assert!(matches!(notes::list(&mut tx, watering, &page()).await, Err(Error::NotFound)));
    assert!(matches!(timeline::list(&mut tx, watering, &[], &page()).await, Err(Error::NotFound)));
    assert_eq!(notes::add(&mut tx, desk.room, &note("Mine")).await.unwrap_err().status(), 403);
    // The room he sees; that something is linked to it, he does not, nor what lies behind it.
    assert!(links::list(&mut tx, desk.room).await.unwrap().is_empty());
    let graph = links::around(&mut tx, desk.room).await.unwrap();
    assert_eq!((graph.nodes.len(), graph.edges.len()), (1, 0));
    let told = timeline::list(&mut tx, desk.room, &[EntryKind::Links], &page()).await.unwrap();
    assert!(told.items.iter().all(|entry| entry.other.is_none()) && !told.items.is_empty());
    drop(tx);

    let mut tx = desk.clinic.tx(anna).await;
    let graph = links::around(&mut tx, desk.room).await.unwrap();
    let hops: Vec<_> = graph.nodes.iter().map(|node| (node.record.id, node.hops)).collect();
    assert_eq!(hops, [(desk.room, 0), (watering, 1), (second, 2)]);
    assert_eq!((graph.edges.len(), graph.cut), (2, false));
}

#[tokio::test]
async fn a_link_reads_from_both_sides_and_joins_only_what_its_kind_allows() {
    let desk = desk().await;
    let anna = &desk.clinic.anna;
    let input = LinkTypeInput { from_types: vec!["resource".into()], to_types: vec!["resource".into()], ..kind("stands in", "holds") };
    let stands = desk.by(anna, async |tx| links::create_type(tx, &input).await).await.unwrap();
    assert_eq!(refusal(desk.by(anna, async |tx| links::create_type(tx, &input).await).await.unwrap_err()).code, "duplicate");
    let properties = BTreeMap::from([("Corner".to_owned(), "left".to_owned())]);
    let new = NewLink { properties, from_date: Some("2026-01-01".parse().unwrap()), ..to_other(stands.id, desk.room) };
    let made = desk.by(anna, async |tx| links::link(tx, desk.laser, &new).await).await.unwrap();
    let seen = async |record| {
        let all = desk.by(anna, async |tx| links::list(tx, record).await).await.unwrap();
        all.into_iter().map(|link| (link.name, link.outward, link.other.title)).collect::<Vec<_>>()
    };
    assert_eq!(seen(desk.laser).await, [("stands in".to_owned(), true, "Room 1".to_owned())]);
    assert_eq!(seen(desk.room).await, [("holds".to_owned(), false, "Laser A".to_owned())]);

    assert_eq!(refusal(desk.by(anna, async |tx| links::link(tx, desk.laser, &new).await).await.unwrap_err()).code, "duplicate");
    let watering = desk.insert(&desk.hour(at("10:00"))).await.unwrap().id;
    let wrong = to_other(stands.id, watering);
    assert_eq!(desk.by(anna, async |tx| links::link(tx, desk.laser, &wrong).await).await.unwrap_err().status(), 422);
    let itself = to_other(stands.id, desk.room);
    assert_eq!(desk.by(anna, async |tx| links::link(tx, desk.room, &itself).await).await.unwrap_err().status(), 422);

    let change =
        LinkChange { version: made.version, from_date: None, to_date: Some("2026-12-31".parse().unwrap()), properties: BTreeMap::new() };
    let changed = desk.by(anna, async |tx| links::change(tx, made.id, &change).await).await.unwrap();
    assert_eq!(refusal(desk.by(anna, async |tx| links::change(tx, made.id, &change).await).await.unwrap_err()).code, "version");
    desk.by(anna, async |tx| links::delete(tx, made.id).await).await.unwrap();
    assert!(seen(desk.room).await.is_empty());
    let back = desk.by(anna, async |tx| links::restore(tx, made.id).await).await.unwrap();
    assert_eq!((back.to_date, back.name.as_str()), (changed.to_date, "stands in"));
    for record in [desk.room, desk.laser] {
        assert_eq!(desk.verbs(record).await[..4], ["linked", "unlinked", "link_changed", "linked"]);
    }
}

#[tokio::test]
async fn a_tag_is_put_on_renamed_everywhere_and_comes_back_to_where_it_was() {
    let desk = desk().await;
    let (anna, ewa) = (&desk.clinic.anna, &desk.clinic.ewa);
    let input = TagInput { id: None, name: "Winter".into(), hue: 200, version: 0 };
    assert_eq!(desk.by(ewa, async |tx| tags::create(tx, &input).await).await.unwrap_err().status(), 403);
    let tag = desk.by(anna, async |tx| tags::create(tx, &input).await).await.unwrap();
    let again = TagInput { name: "winter".into(), ..input.clone() };
    assert_eq!(refusal(desk.by(anna, async |tx| tags::create(tx, &again).await).await.unwrap_err()).code, "duplicate");
    for _ in 0..2 {
        let on = desk.by(ewa, async |tx| tags::tag(tx, desk.room, tag.id).await).await.unwrap();
        assert_eq!(on, std::slice::from_ref(&tag));
    }
    let renamed = TagInput { name: "Spring".into(), version: tag.version, ..input.clone() };
    desk.by(anna, async |tx| tags::update(tx, tag.id, &renamed).await).await.unwrap();
    assert_eq!(refusal(desk.by(anna, async |tx| tags::update(tx, tag.id, &renamed).await).await.unwrap_err()).code, "version");
    let names = async || -> Vec<String> {
        let on = desk.by(ewa, async |tx| tags::of(tx, desk.room).await).await.unwrap();
        on.into_iter().map(|tag| tag.name).collect()
    };
    assert_eq!(names().await, ["Spring"]);
    desk.by(anna, async |tx| tags::delete(tx, tag.id).await).await.unwrap();
    assert!(names().await.is_empty());
    desk.by(anna, async |tx| tags::restore(tx, tag.id).await).await.unwrap();
    assert_eq!(names().await, ["Spring"]);
    desk.by(ewa, async |tx| tags::untag(tx, desk.room, tag.id).await).await.unwrap();
    assert_eq!(desk.verbs(desk.room).await, ["untagged", "tagged", "created"]);
}

#[tokio::test]
async fn tasks_stand_by_their_due_day_in_the_clinics_zone() {
    let desk = desk().await;
    let jan = &desk.clinic.jan;
    let mine = |title: &str| TaskInput { assignee: Some(jan.user), ..task(title) };
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    for input in [
        TaskInput { due_date: today.succ_opt(), priority: Priority::High, ..mine("tomorrow") },
        mine("someday"),
        TaskInput { due_date: Some(today), about: Some(desk.room), ..mine("today") },
        TaskInput { due_at: Some(at("06:59")), ..mine("an hour that is over") },
        TaskInput { due_date: today.pred_opt(), ..mine("yesterday") },
    ] {
        desk.by(&desk.clinic.anna, async |tx| tasks::add(tx, &input).await).await.unwrap();
    }
    let list = async |query: &TaskQuery, page: &PageQuery| desk.by(jan, async |tx| tasks::list(tx, query, page).await).await.unwrap();
    let found = list(&TaskQuery::default(), &page()).await;
    let shown: Vec<_> = found.items.iter().map(|task| (task.title.as_str(), task.standing)).collect();
    assert_eq!(
        shown,
        [
            ("yesterday", Standing::Overdue),
            ("an hour that is over", Standing::Overdue),
            ("today", Standing::Today),
            ("tomorrow", Standing::Upcoming),
            ("someday", Standing::Someday)
        ]
    );
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = list(&TaskQuery::default(), &PageQuery { cursor, limit: Some(2) }).await;
        seen.extend(page.items.into_iter().map(|task| task.id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, found.items.iter().map(|task| task.id).collect::<Vec<_>>());
    // Ewa may see what is about a room; what Anna gave Jan beside that is theirs.
    let others = TaskQuery { assignee: Some(jan.user), done: false };
    let seen = desk.by(&desk.clinic.ewa, async |tx| tasks::list(tx, &others, &page()).await).await.unwrap();
    assert_eq!(seen.items.iter().map(|task| task.title.as_str()).collect::<Vec<_>>(), ["today"]);
    let done = desk.by(jan, async |tx| tasks::set_done(tx, found.items[2].id, true).await).await.unwrap();
    assert_eq!(done.standing, Standing::Done);
    let shown = list(&TaskQuery { assignee: None, done: true }, &page()).await;
    assert_eq!(shown.items.iter().map(|task| task.id).collect::<Vec<_>>(), [done.id]);
    assert_eq!(desk.verbs(desk.room).await, ["task_done", "task_added", "created"]);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_task_is_told_at_once_and_an_old_version_is_refused() {
    let desk = desk().await;
    let ewa = &desk.clinic.ewa;
    let wrong = TaskInput {
        due_date: chrono::NaiveDate::from_ymd_opt(2026, 11, 24),
        due_at: Some(at("10:00")),
        assignee: Some(desk.clinic.stranger.user),
        ..task(" ")
    };
    let Err(Error::Invalid(faults)) = desk.by(ewa, async |tx| tasks::add(tx, &wrong).await).await else { panic!("it was accepted") };
    assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["title", "due_at", "assignee"]);
    let made = desk.by(ewa, async |tx| tasks::add(tx, &task("Call")).await).await.unwrap();
    let edit = TaskInput { version: made.version, ..task("Call back") };
    let edited = desk.by(ewa, async |tx| tasks::edit(tx, made.id, &edit).await).await.unwrap();
    let late = refusal(desk.by(ewa, async |tx| tasks::edit(tx, made.id, &edit).await).await.unwrap_err());
    assert_eq!((late.code.as_str(), &late.current.unwrap()["record"]["version"]), ("version", &edited.version.into()));
    // It is about nothing and hers alone.
    assert!(matches!(desk.by(&desk.clinic.jan, async |tx| tasks::get(tx, made.id).await).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_task_with_time_set_aside_is_one_with_its_entry_in_the_calendar() {
    let desk = desk().await;
    let ewa = &desk.clinic.ewa;
    let input = TaskInput { about: Some(desk.room), assignee: Some(ewa.user), ..task("Order lamps") };
    let made = desk.by(ewa, async |tx| tasks::add(tx, &input).await).await.unwrap();
    let time = |start| TaskTime { location: desk.clinic.location, start, minutes: 30, overbook_reason: None };
    let timed = desk.by(ewa, async |tx| tasks::set_aside(tx, made.id, &time(at("10:00"))).await).await.unwrap();
    let entry = timed.activity.unwrap();
    assert_eq!((timed.due_at, timed.standing), (Some(at("10:00")), Standing::Today));
    let seen = desk.by(ewa, async |tx| activities::see(tx, entry).await).await.unwrap();
    assert_eq!((seen.activity_type.as_str(), seen.title.as_str(), seen.subject), ("task", "Order lamps", Some(desk.room)));
    // Set aside anew it is moved, and nothing stands twice.
    let moved = desk.by(ewa, async |tx| tasks::set_aside(tx, made.id, &time(at("11:00"))).await).await.unwrap();
    assert_eq!((moved.activity, moved.due_at), (Some(entry), Some(at("11:00"))));
    let mine = desk.by(ewa, async |tx| tasks::list(tx, &TaskQuery::default(), &page()).await).await.unwrap().items;
    assert_eq!(mine.iter().map(|task| task.id).collect::<Vec<_>>(), [made.id]);

    // Completed in the calendar it is done, and opened again here it is open there.
    let version = desk.by(ewa, async |tx| activities::get(tx, entry).await).await.unwrap().version;
    let complete = StatusChange { version, to: Status::Completed, reason: String::new() };
    desk.by(ewa, async |tx| moves::set_status(tx, entry, &complete).await).await.unwrap();
    assert_eq!(desk.by(ewa, async |tx| tasks::get(tx, made.id).await).await.unwrap().standing, Standing::Done);
    desk.by(ewa, async |tx| tasks::set_done(tx, made.id, false).await).await.unwrap();
    assert_eq!(desk.by(ewa, async |tx| activities::get(tx, entry).await).await.unwrap().status, Status::Scheduled);
    desk.by(ewa, async |tx| tasks::delete(tx, made.id).await).await.unwrap();
    assert_eq!(desk.by(ewa, async |tx| activities::get(tx, entry).await).await.unwrap().status, Status::Cancelled);
}

#[tokio::test]
async fn a_task_made_in_the_calendar_is_ticked_among_ones_own() {
    let desk = desk().await;
    let ewa = &desk.clinic.ewa;
    let mut new = desk.meeting(at("10:00"), &[]);
    new.activity_type = "task".into();
    let entry = desk.meet(&new).await.unwrap();
    let list =
        async |done| desk.by(ewa, async |tx| tasks::list(tx, &TaskQuery { assignee: None, done }, &page()).await).await.unwrap().items;
    let found = list(false).await;
    assert_eq!((found.len(), found[0].id, found[0].of_calendar, found[0].due_at), (1, entry.id, true, Some(entry.start)));
    let done = desk.by(ewa, async |tx| tasks::set_done(tx, entry.id, true).await).await.unwrap();
    assert_eq!(done.standing, Standing::Done);
    assert!(list(false).await.is_empty() && list(true).await.len() == 1);
    assert_eq!(desk.by(ewa, async |tx| activities::get(tx, entry.id).await).await.unwrap().status, Status::Completed);
    // What it says is changed in the calendar.
    let edit = TaskInput { version: done.version, ..task("Other") };
    assert!(matches!(desk.by(ewa, async |tx| tasks::edit(tx, entry.id, &edit).await).await, Err(Error::NotFound)));
    assert!(desk.by(&desk.clinic.jan, async |tx| tasks::list(tx, &TaskQuery::default(), &page()).await).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn everything_said_beside_a_record_is_undone_as_long_as_nothing_came_after() {
    let desk = desk().await;
    let (anna, room) = (&desk.clinic.anna, desk.room);
    let tag =
        desk.by(anna, async |tx| tags::create(tx, &TagInput { id: None, name: "New".into(), hue: 1, version: 0 }).await).await.unwrap();
    desk.by(anna, async |tx| tags::tag(tx, room, tag.id).await).await.unwrap();
    desk.undo_last(room).await.unwrap();
    assert!(desk.by(anna, async |tx| tags::of(tx, room).await).await.unwrap().is_empty());
    // An undo is undone like anything else.
    desk.undo_last(room).await.unwrap();
    assert_eq!(desk.by(anna, async |tx| tags::of(tx, room).await).await.unwrap().len(), 1);

    let written = desk.by(anna, async |tx| notes::add(tx, room, &note("First")).await).await.unwrap();
    let edit = EditRecordNote { version: written.version, text: "Second".into(), pinned: true };
    desk.by(anna, async |tx| notes::edit(tx, written.id, &edit).await).await.unwrap();
    let told = desk.by(anna, async |tx| timeline::list(tx, room, &[EntryKind::Notes], &page()).await).await.unwrap().items;
    assert_eq!(told.iter().map(|entry| entry.undoable).collect::<Vec<_>>(), [true, false]);
    let early = desk.by(anna, async |tx| timeline::undo(tx, room, told[1].id).await).await.unwrap_err();
    assert_eq!(refusal(early).code, "version");
    desk.undo_last(room).await.unwrap();
    let back = desk.by(anna, async |tx| notes::list(tx, room, &page()).await).await.unwrap().items.remove(0);
    assert_eq!((back.text.as_str(), back.pinned), ("First", false));

    let about = TaskInput { about: Some(room), due_date: "2026-12-01".parse().ok(), assignee: Some(desk.clinic.jan.user), ..task("Paint") };
    let made = desk.by(anna, async |tx| tasks::add(tx, &about).await).await.unwrap();
    let edit = TaskInput { version: made.version, priority: Priority::High, ..task("Paint it all") };
    desk.by(anna, async |tx| tasks::edit(tx, made.id, &edit).await).await.unwrap();
    desk.undo_last(room).await.unwrap();
    let back = desk.by(anna, async |tx| tasks::get(tx, made.id).await).await.unwrap();
    assert_eq!(
        (back.title.as_str(), back.due_date, back.assignee, back.priority),
        ("Paint", about.due_date, about.assignee, Priority::Usual)
    );
    desk.by(anna, async |tx| tasks::set_done(tx, made.id, true).await).await.unwrap();
    desk.undo_last(room).await.unwrap();
    assert!(desk.by(anna, async |tx| tasks::get(tx, made.id).await).await.unwrap().done_at.is_none());
    desk.by(anna, async |tx| tasks::delete(tx, made.id).await).await.unwrap();
    desk.undo_last(room).await.unwrap();
    assert!(desk.by(anna, async |tx| tasks::get(tx, made.id).await).await.is_ok());

    let near = desk.by(anna, async |tx| links::create_type(tx, &kind("is near", "is near")).await).await.unwrap();
    let link = desk.by(anna, async |tx| links::link(tx, room, &to_other(near.id, desk.laser)).await).await.unwrap();
    let change = LinkChange { version: link.version, from_date: "2026-01-01".parse().ok(), to_date: None, properties: BTreeMap::new() };
    desk.by(anna, async |tx| links::change(tx, link.id, &change).await).await.unwrap();
    desk.undo_last(room).await.unwrap();
    assert_eq!(desk.by(anna, async |tx| links::list(tx, room).await).await.unwrap()[0].from_date, None);

    // The record itself is not undone here, and another record's action is none of this one's.
    let created = desk.by(anna, async |tx| timeline::list(tx, room, &[EntryKind::Record], &page()).await).await.unwrap().items.remove(0);
    assert_eq!(desk.by(anna, async |tx| timeline::undo(tx, room, created.id).await).await.unwrap_err().status(), 422);
    assert!(matches!(desk.by(anna, async |tx| timeline::undo(tx, desk.lis, created.id).await).await, Err(Error::NotFound)));
    // Whoever may not write may not undo.
    let tagged = desk.by(anna, async |tx| timeline::list(tx, room, &[EntryKind::Tags], &page()).await).await.unwrap().items.remove(0);
    assert_eq!(desk.by(&desk.clinic.marek, async |tx| timeline::undo(tx, room, tagged.id).await).await.unwrap_err().status(), 403);
}

#[tokio::test]
async fn a_timeline_tells_fields_before_and_after_and_a_record_is_as_it_was() {
    let desk = desk().await;
    let anna = &desk.clinic.anna;
    let new = desk.meeting(at("10:00"), &[desk.lis]);
    let meeting = desk.meet(&new).await.unwrap();
    let edit = services::calendar::generic::EditGeneric { version: meeting.version, title: "Plans".into(), description: String::new() };
    desk.by(anna, async |tx| services::calendar::generic::edit(tx, meeting.id, &edit).await).await.unwrap();
    let told = desk.by(anna, async |tx| timeline::list(tx, meeting.id, &[], &page()).await).await.unwrap().items;
    assert_eq!((told[0].verb.as_str(), told[0].who.as_deref(), told[0].door.as_str()), ("updated", Some("Anna Lipowska"), "screen"));
    let change = &told[0].changes[0];
    assert_eq!((change.field.as_str(), change.old.as_str(), change.new.as_str()), ("title", "Team", "Plans"));
    let as_of = async |when| desk.by(anna, async |tx| timeline::as_of(tx, meeting.id, when).await).await.unwrap();
    let title = |was: &timeline::RecordAsOf| {
        was.fields.iter().find(|field| field.field == "title").map(|field| (field.value.clone(), field.changed_since))
    };
    let then = as_of(told[1].at).await;
    assert_eq!((then.existed, title(&then)), (true, Some(("Team".into(), true))));
    assert_eq!(title(&as_of(told[0].at).await), Some(("Plans".into(), false)));
    let before = as_of(told[1].at - TimeDelta::days(1)).await;
    assert_eq!((before.existed, before.fields.len()), (false, 0));
    let (first, rest) = desk
        .by(anna, async |tx| {
            let first = timeline::list(tx, meeting.id, &[], &PageQuery { cursor: None, limit: Some(1) }).await?;
            let rest = timeline::list(tx, meeting.id, &[], &PageQuery { cursor: first.next_cursor.clone(), limit: Some(5) }).await?;
            Ok((first, rest))
        })
        .await
        .unwrap();
    assert_eq!((first.items[0].id, rest.items[0].id, rest.items.len(), rest.next_cursor), (told[0].id, told[1].id, 1, None));
}
