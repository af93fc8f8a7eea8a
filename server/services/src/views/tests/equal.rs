//! The compiler and the evaluator say the same of every record, whatever is asked.

use platform::id::EntityId;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::collections::BTreeSet;

use super::world::{MAKER, TEXTS, THING, today, world};
use crate::{
    filter::{Condition, Did, Filter, Linked, Operand, Period, Test, evaluate::holds},
    views::{self, Definition, known::Known, rows, store},
};

fn field(path: &'static str, test: impl Strategy<Value = Test> + 'static) -> BoxedStrategy<Filter> {
    test.prop_map(move |test| Filter::Field(Condition { path: path.into(), test })).boxed()
}

fn operand() -> impl Strategy<Value = Operand> {
    let part = (0..TEXTS.len(), 0..4_usize, 1..4_usize).prop_map(|(which, skipped, taken)| {
        let part: String = TEXTS[which].chars().skip(skipped).take(taken).collect();
        if part.trim().is_empty() { TEXTS[which].to_owned() } else { part }
    });
    prop_oneof![
        part,
        (0..TEXTS.len()).prop_map(|which| TEXTS[which].to_uppercase()),
        (0..TEXTS.len()).prop_map(|which| TEXTS[which].to_owned())
    ]
    .prop_map(Operand)
}

fn text() -> impl Strategy<Value = Test> {
    prop_oneof![
        operand().prop_map(Test::Contains),
        operand().prop_map(Test::NotContains),
        operand().prop_map(Test::StartsWith),
        operand().prop_map(Test::Is),
        operand().prop_map(Test::IsNot),
        prop::collection::vec(operand(), 1..4).prop_map(Test::OneOf),
        prop::collection::vec(operand(), 1..4).prop_map(Test::NoneOf),
        empties(),
    ]
}

fn empties() -> impl Strategy<Value = Test> {
    prop_oneof![Just(Test::Empty), Just(Test::NotEmpty)]
}

fn numbers(words: &'static [&'static str]) -> impl Strategy<Value = Test> {
    let one = move || prop::sample::select(words).prop_map(Operand::from);
    prop_oneof![
        one().prop_map(Test::Is),
        one().prop_map(Test::IsNot),
        one().prop_map(Test::Less),
        one().prop_map(Test::AtMost),
        one().prop_map(Test::More),
        one().prop_map(Test::AtLeast),
        (one(), one()).prop_map(|(from, to)| Test::Between([from, to])),
        empties(),
    ]
}

fn days() -> impl Strategy<Value = Test> {
    let day = || {
        prop_oneof![
            (-15_i64..15).prop_map(|shift| Operand((today() + chrono::TimeDelta::days(shift)).to_string())),
            (0_u16..15).prop_map(|shift| Operand(format!("today-{shift}"))),
            Just(Operand::from("today")),
        ]
    };
    let period = prop_oneof![
        prop::sample::select(Period::NAMED.map(|(_, period)| period).to_vec()),
        (0_u16..20).prop_map(Period::LastDays),
        (0_u16..20).prop_map(Period::NextDays),
    ];
    prop_oneof![
        day().prop_map(Test::On),
        day().prop_map(Test::Before),
        day().prop_map(Test::After),
        (day(), day()).prop_map(|(from, to)| Test::Between([from, to])),
        period.prop_map(Test::Within),
        empties(),
    ]
}

fn words(several: bool) -> BoxedStrategy<Test> {
    let word = || prop::sample::select(&["red", "green", "blue"][..]).prop_map(Operand::from);
    let words = || prop::collection::vec(word(), 1..4);
    let plain = prop_oneof![
        word().prop_map(Test::Is),
        word().prop_map(Test::IsNot),
        words().prop_map(Test::OneOf),
        words().prop_map(Test::NoneOf),
        empties(),
    ];
    if several { prop_oneof![plain, words().prop_map(Test::AllOf)].boxed() } else { plain.boxed() }
}

fn records(ids: &[EntityId]) -> impl Strategy<Value = Test> + use<> {
    let ids = ids.to_vec();
    let one = move || prop::sample::select(ids.clone()).prop_map(|id| Operand(id.to_string()));
    let (a, b, c) = (one.clone(), one.clone(), one);
    prop_oneof![a().prop_map(Test::Is), b().prop_map(Test::IsNot), prop::collection::vec(c(), 1..3).prop_map(Test::NoneOf), empties(),]
}

fn leaf_of_maker() -> BoxedStrategy<Filter> {
    prop_oneof![field("name", text()), field("rank", numbers(&["0", "1", "2.0", "3"])), field("title", text())].boxed()
}

fn leaf_of_thing(makers: &[EntityId], segment: EntityId) -> BoxedStrategy<Filter> {
    let truth = prop_oneof![Just(Test::Is("true".into())), Just(Test::Is("false".into())), Just(Test::IsNot("true".into())), empties(),];
    let did = (1_u32..4, prop::option::of(prop::sample::select(vec![Period::Today, Period::Yesterday, Period::LastDays(3)])));
    prop_oneof![
        4 => field("name", text()),
        2 => field("story", text()),
        2 => field("size", numbers(&["-1.5", "0", "0.10", "2", "2.5", "1000000", "3"])),
        2 => field("price", numbers(&["0", "9.99", "10", "10 EUR", "10.01 PLN"]).prop_filter("of one currency", |test| {
            !matches!(test, Test::Between([a, b]) if a.0.ends_with("EUR") != b.0.ends_with("EUR"))
        })),
        2 => field("bought", days()),
        2 => field("seen", days()),
        1 => field("good", truth),
        1 => field("colour", words(false)),
        2 => field("colours", words(true)),
        1 => field("maker", records(makers)),
        2 => field("maker.name", text()),
        1 => field("maker.rank", numbers(&["0", "1", "2"])),
        1 => field("owner", prop_oneof![Just(Test::Me), Just(Test::NotMe), empties()]),
        1 => field("created_at", days()),
        1 => did.prop_map(|(at_least, within)| Filter::Did(Did { action: "polished".into(), at_least, within })),
        1 => Just(Filter::Segment(segment)),
    ]
    .boxed()
}

fn groups(leaf: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    leaf.prop_recursive(4, 20, 4, |inner| {
        let parts = || prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![parts().prop_map(Filter::All), parts().prop_map(Filter::Any), parts().prop_map(Filter::None)]
    })
    .boxed()
}

#[tokio::test]
async fn two_thousand_random_filters_choose_the_same_records_in_the_database_and_in_rust() {
    let world = world(60).await;
    // A text that somebody emptied by other ways than ours is as good as none.
    let mut owner = world.clinic.database.owner_connection().await;
    for thing in &world.things[..5] {
        sqlx::query(
            "insert into field_values (organization_id, field_id, entity_id, v_text) values ($1, $2, $3, '')
             on conflict (organization_id, field_id, entity_id, seq) do update set v_text = ''",
        )
        .bind(world.clinic.organization)
        .bind(world.fields["name"])
        .bind(thing)
        .execute(&mut owner)
        .await
        .expect("an empty text");
    }
    let mut tx = world.clinic.tx(&world.clinic.anna).await;
    let red = Filter::Field(Condition { path: "colours".into(), test: Test::Is("red".into()) });
    let definition = Definition { filter: red, ..Definition::default() };
    let segment = store::create(&mut tx, &store::shared(THING, "Red", definition)).await.expect("a view").id;

    let things = groups(leaf_of_thing(&world.makers, segment));
    let having = groups(leaf_of_thing(&world.makers, segment));
    let linked = (having, any::<bool>()).prop_map(|(having, negated)| {
        let linked = Linked { entity_type: THING.into(), by: "maker".into(), having: Box::new(having) };
        if negated { Filter::NotLinked(linked) } else { Filter::Linked(linked) }
    });
    let makers = groups(prop_oneof![leaf_of_maker(), linked].boxed());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (mut seen, mut mixed, mut refused) = (0, 0, 0);
    for (kind, ids, strategy, count) in [(THING, &world.things, things, 1700), (MAKER, &world.makers, makers, 500)] {
        let mut known = Known::of(&mut tx, kind).await.expect("the type is there");
        for _ in 0..count {
            let filter = strategy.new_tree(&mut runner).expect("a filter").current();
            let plan = match known.plan(&mut tx, &filter, "filter").await {
                Ok(plan) => plan,
                // The deepest of them are deeper than is let pass.
                Err(platform::Error::Invalid(faults)) if faults.iter().all(|fault| fault.code == "too_deep") => {
                    refused += 1;
                    continue;
                }
                Err(error) => panic!("{filter:?} is refused: {error}"),
            };
            let found = rows::places(&mut tx, &known, &plan, &[], None, 1000).await.unwrap_or_else(|error| panic!("{filter:?}: {error}"));
            let found: BTreeSet<EntityId> = found.into_iter().map(|(id, _)| id).collect();
            let facts = views::explain::gather(&mut tx, &known, kind, &plan, ids).await.expect("the records are read");
            for (id, facts) in &facts {
                assert_eq!(found.contains(id), holds(&plan, &facts), "{id} passes in the database or in Rust, not both: {filter:?}");
                seen += 1;
            }
            assert!(found.iter().all(|id| facts.iter().any(|(known, _)| known == id)), "a record that is not there was found: {filter:?}");
            mixed += usize::from(!found.is_empty() && found.len() < facts.len());
        }
    }
    assert!(seen > 80_000 && mixed > 800 && refused < 100, "{seen} judged, {mixed} filters told records apart, {refused} were too deep");
}

#[tokio::test]
async fn the_database_folds_letters_as_rust_does() {
    let world = world(0).await;
    let mut tx = world.clinic.tx(&world.clinic.anna).await;
    let letters: Vec<String> = ('\u{1}'..='\u{ffff}').map(String::from).chain(TEXTS.map(str::to_owned)).collect();
    let folded: Vec<String> =
        sqlx::query_scalar("select folded(letter) from unnest($1::text[]) with ordinality as l (letter, place) order by place")
            .bind(&letters)
            .fetch_all(tx.conn())
            .await
            .expect("the database folds");
    for (letter, folded) in letters.iter().zip(folded) {
        assert_eq!(crate::filter::fold::folded(letter), folded, "{letter:?}");
    }
}
