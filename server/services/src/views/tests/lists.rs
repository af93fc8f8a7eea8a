//! Pages, orders, counts, exports and kept views.

use platform::{Error, Tx, id::EntityId};
use serde_json::json;
use std::collections::BTreeSet;

use super::world::{THING, World, world};
use crate::{
    filter::Filter,
    views::{self, Aggregate, Definition, Measure, Query, Sort, SummaryQuery, ViewInput, Visibility},
};

fn sort(field: &str, descending: bool) -> Sort {
    Sort { field: field.into(), descending }
}

fn filter(json: serde_json::Value) -> Filter {
    serde_json::from_value(json).expect("a filter")
}

/// All pages of a list, one after the other.
async fn pages(tx: &mut Tx, query: &Query, limit: i64) -> Vec<EntityId> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = views::query(tx, THING, &Query { cursor, limit: Some(limit), ..query.clone() }).await.expect("a page");
        all.extend(page.items.iter().map(|row| row.id));
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return all,
        }
    }
}

fn code(error: &Error) -> &str {
    match error {
        Error::Invalid(faults) => &faults[0].code,
        error => error.code(),
    }
}

#[tokio::test]
async fn pages_of_any_order_hold_every_record_once_and_what_is_empty_comes_last() {
    let world = world(60).await;
    let mut tx = world.clinic.tx(&world.clinic.anna).await;
    let orders = [
        vec![],
        vec![sort("size", false)],
        vec![sort("size", true)],
        vec![sort("name", false), sort("size", true)],
        vec![sort("colour", true), sort("seen", false)],
        vec![sort("good", false), sort("bought", true), sort("price", false)],
        vec![sort("maker", false)],
        vec![sort("seen", true)],
        vec![sort("owner", false), sort("created_at", false), sort("title", true)],
    ];
    for sorts in orders {
        let query = Query { sorts: sorts.clone(), ..Query::default() };
        let whole = pages(&mut tx, &query, 200).await;
        assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), world.things.len(), "{sorts:?}");
        assert_eq!(pages(&mut tx, &query, 7).await, whole, "{sorts:?}");
        let Some(first) = sorts.first() else { continue };
        let query = Query { columns: vec![first.field.clone()], limit: Some(200), ..query };
        let rows = views::query(&mut tx, THING, &query).await.expect("a page").items;
        let filled: Vec<bool> = rows.iter().map(|row| row.cells[0].value.is_some()).collect();
        if first.field != "maker" {
            assert!(filled.is_sorted_by(|a, b| a >= b), "{sorts:?}: {filled:?}");
        }
    }
    let sizes = Query { columns: vec!["size".into()], sorts: vec![sort("size", false)], limit: Some(200), ..Query::default() };
    let rows = views::query(&mut tx, THING, &sizes).await.expect("a page").items;
    let sizes: Vec<crate::records::Decimal> = rows.iter().filter_map(|row| row.cells[0].text.parse().ok()).collect();
    assert!(sizes.is_sorted() && sizes.len() > 20);
}

#[tokio::test]
async fn a_cursor_of_another_order_or_of_nobodys_making_is_refused() {
    let world = world(10).await;
    let mut tx = world.clinic.tx(&world.clinic.anna).await;
    let by_size = Query { sorts: vec![sort("size", false)], limit: Some(2), ..Query::default() };
    let cursor = views::query(&mut tx, THING, &by_size).await.expect("a page").next_cursor;
    let other = Query { sorts: vec![sort("name", false)], cursor: cursor.clone(), ..Query::default() };
    assert_eq!(code(&views::query(&mut tx, THING, &other).await.expect_err("another order")), "cursor");
    let forged = platform::rest::cursor::encode(&json!({
        "sorts": [{ "field": "size", "descending": false }], "values": ["1); drop table things; --"], "id": world.things[0],
    }));
    let forged = Query { cursor: forged.ok(), ..by_size };
    assert_eq!(code(&views::query(&mut tx, THING, &forged).await.expect_err("forged")), "cursor");
}

#[tokio::test]
async fn list_counts_groups_and_export_choose_the_same_records() {
    let world = world(60).await;
    let mut tx = world.clinic.tx(&world.clinic.anna).await;
    for chosen in [
        json!({ "all": [] }),
        json!({ "field": { "path": "colour", "test": { "one_of": ["red", "blue"] } } }),
        json!({ "none": [{ "field": { "path": "name", "test": { "contains": "zol" } } }, { "field": { "path": "size", "test": { "more": 2 } } }] }),
        json!({ "field": { "path": "maker.rank", "test": { "at_least": 1 } } }),
    ] {
        let query =
            Query { filter: filter(chosen.clone()), columns: vec!["name".into(), "size".into(), "colour".into()], ..Query::default() };
        let listed = pages(&mut tx, &query, 9).await;
        let asked = SummaryQuery {
            filter: query.filter.clone(),
            group: Some("colour".into()),
            aggregates: vec![
                Aggregate { field: "size".into(), measure: Measure::Count },
                Aggregate { field: "price".into(), measure: Measure::Sum },
                Aggregate { field: "bought".into(), measure: Measure::Least },
            ],
        };
        let summary = views::summary(&mut tx, THING, &asked).await.expect("a summary");
        assert_eq!(summary.count, listed.len() as i64, "{chosen}");
        assert_eq!(summary.groups.iter().map(|group| group.count).sum::<i64>(), summary.count, "{chosen}");
        // Money is summed for each currency, never over them.
        assert!(summary.measures[1].iter().all(|sum| sum.ends_with(" PLN") || sum.ends_with(" EUR")) && summary.measures[1].len() <= 2);
        let csv = views::export(&mut tx, THING, &query, &[]).await.expect("a file");
        assert_eq!(csv.lines().count(), listed.len() + 1, "{chosen}");
        assert!(csv.starts_with("\u{feff}name,size,colour\r\n"), "{csv}");
        for id in &world.things {
            let explained = views::explain(&mut tx, THING, &query.filter, *id).await.expect("a reason");
            assert_eq!(explained.holds, listed.contains(id), "{chosen}");
        }
    }
}

#[tokio::test]
async fn another_tenant_finds_neither_records_nor_views_nor_types() {
    let world = world(3).await;
    let mut tx = world.clinic.tx(&world.clinic.anna).await;
    let view = views::create(&mut tx, &views::shared(THING, "All", Definition::default())).await.expect("a view");
    tx.commit().await.expect("it is kept");
    let mut tx = world.clinic.tx(&world.clinic.stranger).await;
    assert_eq!(views::query(&mut tx, THING, &Query::default()).await.expect_err("no such type").code(), "not_found");
    assert_eq!(views::get(&mut tx, view.id).await.expect_err("no such view").code(), "not_found");
    assert_eq!(views::restore(&mut tx, view.id).await.expect_err("no such view").code(), "not_found");
    let asked = Query { filter: Filter::Segment(view.id), ..Query::default() };
    assert_eq!(code(&views::query(&mut tx, "person", &asked).await.expect_err("no such view")), "unknown");
}

fn input(name: &str, visibility: Visibility) -> ViewInput {
    ViewInput { visibility, pinned: false, ..views::shared(THING, name, Definition::default()) }
}

async fn names(world: &World, who: &platform::sessions::Identity) -> Vec<String> {
    let mut tx = world.clinic.tx(who).await;
    views::list(&mut tx, THING).await.expect("a list").into_iter().map(|view| view.name).collect()
}

#[tokio::test]
async fn private_views_are_their_owners_and_shared_ones_are_for_those_who_may_share() {
    let world = world(1).await;
    let clinic = &world.clinic;
    let mut tx = clinic.tx(&clinic.ewa).await;
    let own = views::create(&mut tx, &input("Mine", Visibility::Private)).await.expect("a view");
    assert_eq!(views::create(&mut tx, &input("Ours", Visibility::Shared)).await.expect_err("not hers to share").code(), "denied");
    tx.commit().await.expect("it is kept");
    let mut tx = clinic.tx(&clinic.anna).await;
    assert_eq!(views::get(&mut tx, own.id).await.expect_err("somebody else's").code(), "not_found");
    let first = ViewInput { default_for: vec!["receptionist".into()], ..input("Ours", Visibility::Shared) };
    let ours = views::create(&mut tx, &first).await.expect("a view");
    let other = views::create(&mut tx, &ViewInput { name: "Theirs".into(), ..first.clone() }).await.expect("a view");
    tx.commit().await.expect("it is kept");
    assert_eq!(names(&world, &clinic.ewa).await, ["Mine", "Ours", "Theirs"]);
    assert_eq!(names(&world, &clinic.jan).await, ["Ours", "Theirs"]);
    let mut tx = clinic.tx(&clinic.ewa).await;
    // A role is shown one view first: the latest that was made so.
    assert!(!views::get(&mut tx, ours.id).await.expect("a view").first);
    assert!(views::get(&mut tx, other.id).await.expect("a view").first);
    let change = ViewInput { version: ours.version, ..input("Hers", Visibility::Shared) };
    assert_eq!(views::update(&mut tx, ours.id, &change).await.expect_err("not hers").code(), "denied");
    let stale = ViewInput { version: own.version + 1, ..input("Mine", Visibility::Private) };
    assert_eq!(views::update(&mut tx, own.id, &stale).await.expect_err("stale").code(), "version");
    views::delete(&mut tx, own.id, own.version).await.expect("it goes");
    assert_eq!(views::get(&mut tx, own.id).await.expect_err("gone").code(), "not_found");
    assert_eq!(views::restore(&mut tx, own.id).await.expect("it is back").name, "Mine");
}

#[tokio::test]
async fn a_view_that_asks_for_what_is_not_there_is_refused_by_place() {
    let world = world(1).await;
    let mut tx = world.clinic.tx(&world.clinic.anna).await;
    let wrong = filter(json!({ "all": [{ "field": { "path": "nmae", "test": "empty" } }] }));
    let definition = Definition { filter: wrong, ..Definition::default() };
    let Err(Error::Invalid(faults)) = views::create(&mut tx, &views::shared(THING, "Wrong", definition)).await else {
        panic!("it is kept")
    };
    assert_eq!((faults[0].field.as_str(), faults[0].code.as_str()), ("definition.filter.all[0].field.path", "unknown"));
    let a = views::create(&mut tx, &views::shared(THING, "A", Definition::default())).await.expect("a view");
    let on_a = Definition { filter: Filter::Segment(a.id), ..Definition::default() };
    let b = views::create(&mut tx, &views::shared(THING, "B", on_a)).await.expect("a view");
    let on_b = Definition { filter: Filter::Segment(b.id), ..Definition::default() };
    let cyclic = ViewInput { version: a.version, ..views::shared(THING, "A", on_b) };
    assert_eq!(code(&views::update(&mut tx, a.id, &cyclic).await.expect_err("a cycle")), "cycle");
}
