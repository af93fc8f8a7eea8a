//! How many statements a question takes: as many for one record as for a hundred, and for one measure as for ten.

use platform::{Tx, id::EntityId, testing::Statements};
use std::collections::{BTreeMap, BTreeSet};

use super::world::{MAKER, THING, World, kind, world};
use crate::{
    filter::{Condition, Filter, Linked, Test},
    objects::{self, RecordInput},
    records::{Choice, Kind, Value, Values},
    views::{self, Aggregate, Measure, SummaryQuery},
};

/// What takes how many statements the second time, when the connection knows them.
async fn counted<T>(mut ask: impl AsyncFnMut() -> T) -> (u32, T) {
    ask().await;
    let statements = Statements::counted();
    let answer = ask().await;
    let taken = statements.taken();
    assert!(taken > 0, "nothing was counted");
    (taken, answer)
}

/// How many things each maker has that has any.
async fn things_of(tx: &mut Tx, world: &World) -> BTreeMap<EntityId, i64> {
    sqlx::query_as(
        "select v.v_ref, count(*) from field_values v join entities e on e.organization_id = v.organization_id and e.id = v.v_ref
         where v.organization_id = $1 and v.field_id = $2 and v.v_ref is not null and e.deleted_at is null group by v.v_ref",
    )
    .bind(world.clinic.organization)
    .bind(world.fields["maker"])
    .fetch_all(tx.conn())
    .await
    .expect("things")
    .into_iter()
    .collect()
}

#[tokio::test]
async fn why_a_record_passes_takes_as_many_statements_whatever_points_at_it() {
    let world = world(60).await;
    let mut tx = world.clinic.tx(&world.clinic.anna).await;
    kind(&mut tx, "repair", &[("of", Kind::Reference(THING.into())), ("cost", Kind::Number)]).await;
    for thing in &world.things {
        let values: Values = [("of", Value::Reference(*thing)), ("cost", Value::Number(5.into()))]
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        objects::create(&mut tx, "object:repair", &RecordInput { values, ..RecordInput::default() }).await.expect("a repair");
    }
    let dear = Filter::Field(Condition { path: "cost".into(), test: Test::More("3".into()) });
    let linked = |entity_type: &str, by: &str, having| {
        Filter::Linked(Linked { entity_type: entity_type.into(), by: by.into(), having: Box::new(having) })
    };
    let filter = linked(THING, "maker", linked("object:repair", "of", dear));
    let things = things_of(&mut tx, &world).await;
    let sizes: BTreeSet<i64> = things.values().copied().collect();
    assert!(sizes.len() > 2, "makers of few things and of many: {sizes:?}");
    let mut taken = BTreeSet::new();
    for (maker, count) in things {
        let (statements, explained) = counted(async || views::explain(&mut tx, MAKER, &filter, maker).await.expect("explained")).await;
        assert!(explained.holds);
        assert_eq!(explained.found, [count.to_string()], "all that point at it were looked at");
        taken.insert(statements);
    }
    assert_eq!(taken.len(), 1, "as many for each: {taken:?}");
}

#[tokio::test]
async fn counts_groups_and_measures_take_one_statement_however_many_they_are() {
    let world = world(40).await;
    let mut tx = world.clinic.tx(&world.clinic.anna).await;
    let mut taken = Vec::new();
    let all = [
        ("size", Measure::Sum),
        ("size", Measure::Average),
        ("price", Measure::Most),
        ("bought", Measure::Least),
        ("name", Measure::Count),
    ];
    for (group, measures) in [(None, 0), (None, 5), (Some("colour"), 1), (Some("colour"), 5)] {
        let aggregates =
            all.iter().take(measures).map(|(field, measure)| Aggregate { field: (*field).into(), measure: *measure }).collect();
        let query = SummaryQuery { filter: Filter::default(), group: group.map(str::to_owned), aggregates };
        let (statements, summary) = counted(async || views::summary(&mut tx, THING, &query).await.expect("a summary")).await;
        assert_eq!((summary.count, summary.groups.is_empty()), (40, group.is_none()));
        assert_eq!(summary.groups.iter().map(|group| group.count).sum::<i64>(), if group.is_some() { 40 } else { 0 });
        taken.push(statements);
    }
    assert_eq!(taken, vec![taken[0]; 4]);
}

#[tokio::test]
async fn a_board_takes_as_many_statements_with_twelve_columns_as_with_two() {
    let world = world(0).await;
    let mut tx = world.clinic.tx(&world.clinic.anna).await;
    let mut taken = Vec::new();
    for (key, count) in [("few", 2), ("many", 12)] {
        let words: Vec<Choice> = (0..count).map(|word| Choice::plain(&format!("w{word}"))).collect();
        kind(&mut tx, key, &[("word", Kind::Choice(words))]).await;
        let of = format!("object:{key}");
        for word in 0..count {
            for _ in 0..=word % 3 {
                let values: Values = [("word".to_owned(), Value::choice(&format!("w{word}")))].into_iter().collect();
                objects::create(&mut tx, &of, &RecordInput { values, ..RecordInput::default() }).await.expect("a record");
            }
        }
        objects::create(&mut tx, &of, &RecordInput::default()).await.expect("a record without a word");
        let (statements, board) = counted(async || objects::board(&mut tx, &of, Some("word"), "").await.expect("a board")).await;
        let told: Vec<(i64, usize)> = board.columns.iter().map(|column| (column.count, column.records.len())).collect();
        let expected: Vec<(i64, usize)> = (0..count).map(|word| word % 3 + 1).chain([1]).map(|n| (n, n as usize)).collect();
        assert_eq!(told, expected, "each column has its own, and what has no word stands at the end");
        let ids: Vec<EntityId> = board.columns[2.min(board.columns.len() - 1)].records.iter().map(|record| record.id).collect();
        assert!(ids.is_sorted_by(|a, b| a > b), "the latest first");
        taken.push(statements);
    }
    assert_eq!(taken[0], taken[1]);
}
