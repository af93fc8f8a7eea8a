//! A clinic that keeps things of its own, with makers, in all kinds of fields.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::{
    Tx,
    id::{EntityId, FieldId},
    module::Module,
    testing::{self, Clinic},
};
use std::collections::BTreeMap;

use crate::{
    fields::{self, FieldDetails, NewField, Shape},
    hooks::{Hooks, ModuleHooks},
    objects::{self, NewObject, ObjectDetails, RecordInput},
    records::{Choice, Kind, Value, Values},
};

static MODULES: [&Module; 2] = [&platform::MODULE, &crate::core::MODULE];
static HOOKS: [&ModuleHooks; 0] = [];

pub const THING: &str = "object:thing";
pub const MAKER: &str = "object:maker";
/// Texts that are apt to be treated differently by two programs.
pub const TEXTS: [&str; 14] = [
    "Żółć",
    "zolc",
    "ŻÓŁW morski",
    "王小明",
    "Straße",
    "O'Brien",
    "50%_\\",
    "Łukasz Ćma",
    "a",
    "İstanbul",
    "ёлка",
    "ЁЛКА",
    "null",
    "ǅ ß ﬁ",
];

pub struct World {
    pub clinic: Clinic,
    pub things: Vec<EntityId>,
    pub makers: Vec<EntityId>,
    /// Fields of things by their keys.
    pub fields: BTreeMap<String, FieldId>,
}

fn details(label: &str, kind: Kind) -> FieldDetails {
    FieldDetails {
        label: label.into(),
        shape: Shape::Stored(kind),
        required: false,
        unique: false,
        default: None,
        pattern: None,
        least: None,
        most: None,
        section: String::new(),
        help: String::new(),
        sort: 0,
        visible_roles: Vec::new(),
        editable_roles: Vec::new(),
    }
}

pub async fn kind(tx: &mut Tx, key: &str, fields: &[(&str, Kind)]) -> BTreeMap<String, FieldId> {
    let object = ObjectDetails {
        name: key.into(),
        plural: format!("{key}s"),
        icon: String::new(),
        description: String::new(),
        statuses: Vec::new(),
        title: None,
        read_roles: Vec::new(),
        write_roles: Vec::new(),
    };
    objects::define(tx, &NewObject { id: None, key: key.into(), details: object }).await.expect("a type");
    let mut made = BTreeMap::new();
    for (name, kind) in fields {
        let new = NewField { id: None, entity_type: format!("object:{key}"), key: (*name).into(), details: details(name, kind.clone()) };
        made.insert((*name).to_owned(), fields::define(tx, &new).await.expect("a field").id);
    }
    made
}

/// The day that the clinic's clock shows.
pub fn today() -> NaiveDate {
    "2026-11-24".parse().expect("a date")
}

/// A number that looks like chance and is the same every time.
fn chance(seed: usize, of: usize) -> usize {
    let mut mixed = (seed as u64).wrapping_add(0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^= mixed >> 29;
    mixed = mixed.wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((mixed >> 33) % of as u64).unwrap_or_default()
}

fn instant(place: usize) -> DateTime<Utc> {
    // Around midnight in Warsaw, where days are mistaken.
    today().and_hms_opt(22, 58, 0).expect("a time").and_utc() + TimeDelta::minutes(chance(place, 5) as i64)
        - TimeDelta::days(chance(place + 1, 20) as i64)
}

fn values(place: usize, makers: &[EntityId]) -> Values {
    let filled = |salt: usize| chance(place * 31 + salt, 4) > 0;
    let pick = |salt: usize, of: usize| chance(place * 37 + salt, of);
    let words = ["red", "green", "blue"];
    let all = [
        ("name", Value::Text(TEXTS[pick(1, TEXTS.len())].into())),
        ("story", Value::Text(format!("{} and {}", TEXTS[pick(2, TEXTS.len())], TEXTS[pick(3, TEXTS.len())]))),
        ("size", Value::Number(["-1.5", "0", "0.1", "2", "2.50", "1000000"][pick(4, 6)].parse().expect("a number"))),
        ("price", Value::Money { minor: [0, 999, 1000, 1001][pick(5, 4)], currency: ["PLN", "EUR"][pick(6, 2)].into() }),
        ("bought", Value::Date(today() - TimeDelta::days(pick(7, 40) as i64) + TimeDelta::days(10))),
        ("seen", Value::Instant(instant(pick(8, 200)))),
        ("good", Value::Bool(pick(9, 2) == 0)),
        ("colour", Value::choice(words[pick(10, 3)])),
        (
            "colours",
            Value::Choices(words.iter().enumerate().filter(|(n, _)| pick(11 + n, 2) == 0).map(|(_, word)| (*word).to_owned()).collect()),
        ),
        ("maker", Value::Reference(makers[pick(20, makers.len())])),
    ];
    let empty = |value: &Value| matches!(value, Value::Choices(words) if words.is_empty());
    all.into_iter()
        .enumerate()
        .filter(|(salt, (_, value))| filled(*salt) && !empty(value))
        .map(|(_, (key, value))| (key.to_owned(), value))
        .collect()
}

pub async fn world(count: usize) -> World {
    let mut extensions = http::Extensions::new();
    extensions.insert(Hooks(&HOOKS));
    let clinic = testing::clinic_with(&MODULES, extensions).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let words = || ["red", "green", "blue"].map(Choice::plain).to_vec();
    kind(&mut tx, "maker", &[("name", Kind::Text), ("rank", Kind::Number)]).await;
    let fields = kind(
        &mut tx,
        "thing",
        &[
            ("name", Kind::Text),
            ("story", Kind::LongText),
            ("size", Kind::Number),
            ("price", Kind::Money),
            ("bought", Kind::Date),
            ("seen", Kind::DateTime),
            ("good", Kind::Boolean),
            ("colour", Kind::Choice(words())),
            ("colours", Kind::MultiChoice(words())),
            ("maker", Kind::Reference(MAKER.into())),
        ],
    )
    .await;
    let mut makers = Vec::new();
    for (place, text) in TEXTS.iter().enumerate().take(12) {
        let mut values = Values::new();
        values.insert("name".into(), Value::Text(format!("{text} {place}")));
        if place % 3 > 0 {
            values.insert("rank".into(), Value::Number(((place % 4) as i64).into()));
        }
        let made = objects::create(&mut tx, MAKER, &RecordInput { values, ..RecordInput::default() }).await.expect("a maker");
        makers.push(made.id);
    }
    let mut things = Vec::new();
    for place in 0..count {
        let input = RecordInput { values: values(place, &makers), ..RecordInput::default() };
        let made = objects::create(&mut tx, THING, &input).await.expect("a thing");
        for _ in 0..chance(place + 5000, 4) {
            let entity = platform::id::EntityRef::new(THING, made.id);
            platform::actions::record(&mut tx, entity, "polished", None, None).await.expect("an entry");
        }
        things.push(made.id);
    }
    // Some lead to a maker that is no more.
    platform::entities::soft_delete(&mut tx, makers[0]).await.expect("a maker goes");
    tx.commit().await.expect("it is kept");
    // What the database would find out by itself in a minute; until then it takes all tables for empty.
    let mut owner = clinic.database.owner_connection().await;
    sqlx::raw_sql("analyze entities, field_values, actions").execute(&mut owner).await.expect("the tables are looked at");
    World { clinic, things, makers, fields }
}
