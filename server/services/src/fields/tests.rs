//! Fields in the database: kept, kept unique, computed, converted, and seen by those who may.

use std::collections::BTreeSet;

use platform::{
    Error, Result, Tx,
    id::EntityId,
    jobs::Kinds,
    module::Module,
    testing::{self, Clinic},
};
use serde_json::{Map, Value as Json, json};

use super::*;
use crate::{
    objects::{self, NewObject, ObjectDetails, RecordInput},
    records::{self, Choice},
};

pub(crate) static MODULES: [&Module; 2] = [&platform::MODULE, &crate::core::MODULE];

pub(crate) async fn clinic() -> Clinic {
    let mut extensions = http::Extensions::new();
    extensions.insert(Kinds([&WORK].into()));
    testing::clinic_with(&MODULES, extensions).await
}

pub(crate) fn details(label: &str, shape: Shape) -> FieldDetails {
    FieldDetails {
        label: label.into(),
        shape,
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

pub(crate) fn object(name: &str) -> ObjectDetails {
    ObjectDetails {
        name: name.into(),
        plural: [name, "s"].concat(),
        icon: String::new(),
        description: String::new(),
        statuses: Vec::new(),
        title: None,
        read_roles: Vec::new(),
        write_roles: Vec::new(),
    }
}

pub(crate) async fn add(tx: &mut Tx, of: &str, key: &str, details: FieldDetails) -> Result<Field> {
    define(tx, &NewField { id: None, entity_type: of.into(), key: key.into(), details }).await
}

pub(crate) async fn a_type(tx: &mut Tx, key: &str) {
    let new = NewObject { id: None, key: key.into(), details: object(key) };
    objects::define(tx, &new).await.expect("a type");
}

pub(crate) async fn make(tx: &mut Tx, of: &str, values: Json) -> Result<records::Record> {
    let Json::Object(values) = values else { panic!("an object") };
    let input = objects::input_of(tx, of, &values).await?;
    objects::create(tx, of, &input).await
}

pub(crate) async fn change(tx: &mut Tx, record: &records::Record, values: Json) -> Result<records::Record> {
    let Json::Object(values) = values else { panic!("an object") };
    let input = objects::input_of(tx, &record.entity_type, &values).await?;
    objects::update(tx, &record.entity_type, record.id, &RecordInput { version: record.version, ..input }).await
}

pub(crate) async fn shown(tx: &mut Tx, of: &str, id: EntityId) -> Map<String, Json> {
    let page = objects::get(tx, of, id).await.expect("the record");
    match page.record.to_json(&page.fields) {
        Json::Object(mut whole) => match whole.remove("values") {
            Some(Json::Object(values)) => values,
            _ => panic!("values"),
        },
        _ => panic!("an object"),
    }
}

fn codes(error: Error) -> BTreeSet<(String, String)> {
    match error {
        Error::Invalid(errors) => errors.into_iter().map(|error| (error.field, error.code)).collect(),
        other => panic!("{other}"),
    }
}

fn code(error: Error) -> String {
    error.code().to_owned()
}

#[tokio::test]
async fn a_value_of_every_kind_is_kept_and_read_back() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    let choices = vec![Choice::plain("red"), Choice::plain("blue")];
    let kinds = [
        ("a_text", Kind::Text, json!("Żółw")),
        ("a_long", Kind::LongText, json!("line\nline")),
        ("a_number", Kind::Number, json!("12.5")),
        ("a_money", Kind::Money, json!({ "amount": "12.50", "currency": "EUR" })),
        ("a_percent", Kind::Percent, json!("7.25")),
        ("a_date", Kind::Date, json!("2026-02-28")),
        ("an_instant", Kind::DateTime, json!("2026-11-24T09:30:00Z")),
        ("a_choice", Kind::Choice(choices.clone()), json!("blue")),
        ("some", Kind::MultiChoice(choices), json!(["blue", "red"])),
        ("a_boolean", Kind::Boolean, json!(true)),
        ("a_mail", Kind::Email, json!("anna@lipowa.example")),
        ("a_phone", Kind::Phone, json!("+48601224118")),
        ("a_url", Kind::Url, json!("https://lipowa.example/a?b=c")),
    ];
    let mut values = Map::new();
    for (key, kind, value) in kinds {
        add(&mut tx, "object:thing", key, details(key, Shape::Stored(kind))).await.expect(key);
        values.insert(key.into(), value);
    }
    let other = make(&mut tx, "object:thing", json!({})).await.expect("a record");
    add(&mut tx, "object:thing", "another", details("Another", Shape::Stored(Kind::Reference("object:thing".into()))))
        .await
        .expect("a reference");
    values.insert("another".into(), json!(other.id));
    let made = make(&mut tx, "object:thing", Json::Object(values.clone())).await.expect("a record");
    let mut read = shown(&mut tx, "object:thing", made.id).await;
    read.retain(|key, _| values.contains_key(key));
    assert_eq!(Json::Object(read), Json::Object(values));
    // What is emptied is gone; what is not named stays.
    let changed = change(&mut tx, &made, json!({ "a_text": null, "some": [] })).await.expect("a change");
    assert!(!changed.values.contains_key("a_text") && !changed.values.contains_key("some"));
    assert!(changed.values.contains_key("a_number"));
}

#[tokio::test]
async fn every_fault_of_what_is_sent_is_named_at_its_field() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    let of = "object:thing";
    add(&mut tx, of, "needed", FieldDetails { required: true, ..details("Needed", Shape::Stored(Kind::Text)) }).await.expect("a field");
    add(
        &mut tx,
        of,
        "serial",
        FieldDetails { pattern: Some("[A-Z]{2}[0-9]+".into()), unique: true, ..details("Serial", Shape::Stored(Kind::Text)) },
    )
    .await
    .expect("a field");
    add(
        &mut tx,
        of,
        "age",
        FieldDetails { least: Some("0".into()), most: Some("120".into()), ..details("Age", Shape::Stored(Kind::Number)) },
    )
    .await
    .expect("a field");
    add(&mut tx, of, "site", details("Site", Shape::Stored(Kind::Url))).await.expect("a field");
    add(&mut tx, of, "level", FieldDetails { default: Some("3".into()), ..details("Level", Shape::Stored(Kind::Number)) })
        .await
        .expect("a field");
    let refused = make(&mut tx, of, json!({ "serial": "x", "age": 121, "site": "javascript:alert(1)" })).await.expect_err("refused");
    let expected = [("needed", "required"), ("serial", "pattern"), ("age", "most"), ("site", "url")];
    assert_eq!(codes(refused), expected.map(|(field, code)| (field.to_owned(), code.to_owned())).into());
    let made = make(&mut tx, of, json!({ "needed": "x", "serial": "AB1" })).await.expect("a record");
    assert_eq!(shown(&mut tx, of, made.id).await["level"], json!("3"));
    // Two spellings of one unique value are one.
    let twice = make(&mut tx, of, json!({ "needed": "y", "serial": "AB1" })).await.expect_err("twice");
    assert_eq!(codes(twice), BTreeSet::from([("serial".to_owned(), "duplicate".to_owned())]));
    assert_eq!(
        codes(change(&mut tx, &made, json!({ "needed": "" })).await.expect_err("emptied")),
        BTreeSet::from([("needed".into(), "required".into())])
    );
    let unknown = make(&mut tx, of, json!({ "needed": "x", "colour": "red" })).await.expect_err("unknown");
    assert_eq!(codes(unknown), BTreeSet::from([("colour".into(), "unknown".into())]));
}

#[tokio::test]
async fn two_at_once_cannot_both_have_one_unique_value() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    add(&mut tx, "object:thing", "serial", FieldDetails { unique: true, ..details("Serial", Shape::Stored(Kind::Text)) })
        .await
        .expect("a field");
    tx.commit().await.expect("committed");
    let try_one = async || {
        let mut tx = clinic.tx(&clinic.anna).await;
        let made = make(&mut tx, "object:thing", json!({ "serial": "A1" })).await;
        match made {
            Ok(record) => tx.commit().await.map(|()| record),
            Err(error) => Err(error),
        }
    };
    let (a, b, c) = tokio::join!(try_one(), try_one(), try_one());
    let outcomes = [a, b, c];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for refused in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(codes(refused), BTreeSet::from([("serial".to_owned(), "duplicate".to_owned())]));
    }
}

#[tokio::test]
async fn formulas_and_roll_ups_follow_in_the_transaction_that_writes() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "order").await;
    a_type(&mut tx, "line").await;
    let stored = |kind: Kind| details("Field", Shape::Stored(kind));
    add(&mut tx, "object:line", "order", stored(Kind::Reference("object:order".into()))).await.expect("a field");
    add(&mut tx, "object:line", "price", stored(Kind::Money)).await.expect("a field");
    add(&mut tx, "object:line", "pieces", stored(Kind::Number)).await.expect("a field");
    add(&mut tx, "object:line", "total", details("Total", Shape::Formula("price * pieces".into()))).await.expect("a formula");
    let sum = |how, over: Option<&str>| {
        details("Sum", Shape::RollUp(RollUp { source: "object:line".into(), via: "order".into(), over: over.map(str::to_owned), how }))
    };
    let total = add(&mut tx, "object:order", "total", sum(Summary::Sum, Some("total"))).await.expect("a roll-up");
    assert_eq!(total.result, Kind::Money);
    add(&mut tx, "object:order", "lines", sum(Summary::Count, None)).await.expect("a count");
    add(&mut tx, "object:order", "each", details("Each", Shape::Formula("total / lines".into()))).await.expect("a formula");
    let order = make(&mut tx, "object:order", json!({})).await.expect("an order");
    let other = make(&mut tx, "object:order", json!({})).await.expect("an order");
    let line = |price: &str, pieces: i32| json!({ "order": order.id, "price": price, "pieces": pieces });
    let first = make(&mut tx, "object:line", line("10.00", 3)).await.expect("a line");
    let second = make(&mut tx, "object:line", line("0.05", 1)).await.expect("a line");
    let seen = shown(&mut tx, "object:order", order.id).await;
    assert_eq!((&seen["total"]["amount"], &seen["lines"], &seen["each"]["amount"]), (&json!("30.05"), &json!("2"), &json!("15.03")));
    // A line that moves leaves one sum and enters another.
    change(&mut tx, &second, json!({ "order": other.id })).await.expect("moved");
    assert_eq!(shown(&mut tx, "object:order", order.id).await["total"]["amount"], "30.00");
    assert_eq!(shown(&mut tx, "object:order", other.id).await["total"]["amount"], "0.05");
    // Errors are values and never fail whoever writes.
    objects::delete(&mut tx, "object:line", first.id, first.version).await.expect("deleted");
    let seen = shown(&mut tx, "object:order", order.id).await;
    assert_eq!((&seen["lines"], seen.get("total"), seen.get("each")), (&json!("0"), None, None));
    objects::restore(&mut tx, "object:line", first.id).await.expect("restored");
    assert_eq!(shown(&mut tx, "object:order", order.id).await["total"]["amount"], "30.00");
    make(&mut tx, "object:line", json!({ "order": order.id, "price": { "amount": "1", "currency": "EUR" }, "pieces": 1 }))
        .await
        .expect("a line");
    assert_eq!(shown(&mut tx, "object:order", order.id).await["total"]["error"], "currency");
    assert_eq!(shown(&mut tx, "object:order", order.id).await["each"]["error"], "reference");
}

#[tokio::test]
async fn nothing_follows_from_itself_however_long_the_way() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    let of = "object:thing";
    let formula = |text: &str| details("Formula", Shape::Formula(text.into()));
    add(&mut tx, of, "base", details("Base", Shape::Stored(Kind::Number))).await.expect("a field");
    let first = add(&mut tx, of, "first", formula("base + 1")).await.expect("a formula");
    add(&mut tx, of, "second", formula("first + 1")).await.expect("a formula");
    let cycle = update(&mut tx, first.id, &FieldChange { version: 1, details: formula("second + 1") }).await.expect_err("a cycle");
    assert_eq!(codes(cycle), BTreeSet::from([("formula".to_owned(), "cycle".to_owned())]));
    let own = add(&mut tx, of, "own", formula("own + 1")).await.expect_err("of itself");
    assert_eq!(codes(own), BTreeSet::from([("formula".to_owned(), "cycle".to_owned())]));
    // Two types that look at each other.
    add(&mut tx, of, "parent", details("Parent", Shape::Stored(Kind::Reference(of.into())))).await.expect("a reference");
    let up = |over: &str| {
        details("Up", Shape::RollUp(RollUp { source: of.into(), via: "parent".into(), over: Some(over.into()), how: Summary::Sum }))
    };
    let sum = add(&mut tx, of, "sum", up("base")).await.expect("a roll-up");
    add(&mut tx, of, "more", formula("sum + 1")).await.expect("a formula");
    let cycle = update(&mut tx, sum.id, &FieldChange { version: 1, details: up("more") }).await.expect_err("a cycle");
    assert_eq!(codes(cycle), BTreeSet::from([("source".to_owned(), "cycle".to_owned())]));
    // What something follows from is not taken away.
    let base = list(&mut tx, of, false).await.expect("fields").into_iter().find(|field| field.key == "base").expect("there");
    assert_eq!(code(retire(&mut tx, base.id, base.version).await.expect_err("in use")), "in_use");
}

#[tokio::test]
async fn another_kind_is_another_field_and_what_cannot_be_converted_is_told() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    let of = "object:thing";
    let old = add(&mut tx, of, "size", details("Size", Shape::Stored(Kind::Text))).await.expect("a field");
    let mut ids = Vec::new();
    for text in ["12", "7,5", "large"] {
        ids.push(make(&mut tx, of, json!({ "size": text })).await.expect("a record").id);
    }
    let wrong = update(&mut tx, old.id, &FieldChange { version: 1, details: details("Size", Shape::Stored(Kind::Number)) })
        .await
        .expect_err("another kind");
    assert_eq!(codes(wrong), BTreeSet::from([("shape".to_owned(), "kind".to_owned())]));
    let started =
        convert(&mut tx, old.id, &FieldChange { version: 1, details: details("Size", Shape::Stored(Kind::Number)) }).await.expect("begun");
    assert_eq!(started.state, "running");
    tx.commit().await.expect("committed");
    platform::jobs::run_due(&clinic.state).await.expect("the job is done");

    let mut tx = clinic.tx(&clinic.anna).await;
    let done = job(&mut tx, started.id).await.expect("the job");
    assert_eq!((done.state.as_str(), done.done, done.failed), ("done", 3, 1));
    assert_eq!((done.failures[0].entity, done.failures[0].value.as_str(), done.failures[0].code.as_str()), (ids[2], "large", "number"));
    assert_eq!(shown(&mut tx, of, ids[0]).await["size"], "12");
    assert_eq!(shown(&mut tx, of, ids[1]).await["size"], "7.5");
    assert!(!shown(&mut tx, of, ids[2]).await.contains_key("size"));
    // The old field stays, out of use, with its values.
    let known = list(&mut tx, of, true).await.expect("fields");
    assert!(known.iter().any(|field| field.id == old.id && field.retired));
}

#[tokio::test]
async fn a_new_formula_is_computed_for_the_records_that_are_there() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    let of = "object:thing";
    add(&mut tx, of, "base", details("Base", Shape::Stored(Kind::Number))).await.expect("a field");
    let made = make(&mut tx, of, json!({ "base": 4 })).await.expect("a record");
    add(&mut tx, of, "double", details("Double", Shape::Formula("base * 2".into()))).await.expect("a formula");
    tx.commit().await.expect("committed");
    platform::jobs::run_due(&clinic.state).await.expect("the job is done");
    let mut tx = clinic.tx(&clinic.anna).await;
    assert_eq!(shown(&mut tx, of, made.id).await["double"], "8");
}

#[tokio::test]
async fn a_field_is_seen_and_written_by_its_roles_only() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    let of = "object:thing";
    let only = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect::<Vec<_>>();
    add(&mut tx, of, "open", details("Open", Shape::Stored(Kind::Text))).await.expect("a field");
    add(&mut tx, of, "secret", FieldDetails { visible_roles: only(&["doctor"]), ..details("Secret", Shape::Stored(Kind::Text)) })
        .await
        .expect("a field");
    add(&mut tx, of, "fixed", FieldDetails { editable_roles: only(&["doctor"]), ..details("Fixed", Shape::Stored(Kind::Text)) })
        .await
        .expect("a field");
    let made = make(&mut tx, of, json!({ "open": "a", "secret": "b", "fixed": "c" })).await.expect("a record");
    tx.commit().await.expect("committed");

    let mut tx = clinic.tx(&clinic.ewa).await;
    let seen = shown(&mut tx, of, made.id).await;
    assert_eq!((seen.get("open"), seen.get("secret"), seen.get("fixed")), (Some(&json!("a")), None, Some(&json!("c"))));
    assert_eq!(
        codes(change(&mut tx, &made, json!({ "secret": "x" })).await.expect_err("unseen")),
        BTreeSet::from([("secret".into(), "unknown".into())])
    );
    assert_eq!(
        codes(change(&mut tx, &made, json!({ "fixed": "x" })).await.expect_err("fixed")),
        BTreeSet::from([("fixed".into(), "read_only".into())])
    );
    // Sent back as it was read it is no change.
    change(&mut tx, &made, json!({ "fixed": "c", "open": "z" })).await.expect("a change");
    let told = objects::history(&mut tx, of, made.id).await.expect("the history");
    assert!(told.iter().all(|row| !format!("{:?}", row).contains("secret")), "the log tells no more than the record");
    let mut tx = clinic.tx(&clinic.marek).await;
    assert_eq!(code(change(&mut tx, &made, json!({ "open": "y" })).await.expect_err("no right")), "denied");
    let mut tx = clinic.tx(&clinic.stranger).await;
    assert_eq!(code(objects::get(&mut tx, of, made.id).await.expect_err("foreign")), "not_found");
    assert_eq!(code(add(&mut tx, of, "mine", details("Mine", Shape::Stored(Kind::Text))).await.expect_err("foreign")), "not_found");
    let mut tx = clinic.tx(&clinic.ewa).await;
    assert_eq!(code(add(&mut tx, of, "mine", details("Mine", Shape::Stored(Kind::Text))).await.expect_err("no right")), "denied");
}

#[tokio::test]
async fn fields_are_added_to_records_of_others_and_written_with_the_version_read() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let id = EntityId::new();
    let person = crate::persons::PersonInput { given_name: "Zofia".into(), family_name: "Lis".into(), ..Default::default() };
    crate::persons::insert(&mut tx, id, &person).await.expect("a person");
    add(&mut tx, "person", "shoe", details("Shoe", Shape::Stored(Kind::Number))).await.expect("a field");
    add(&mut tx, "person", "greeting", details("Greeting", Shape::Formula("\"Dear \" & given_name".into()))).await.expect("a formula");
    let taken = add(&mut tx, "person", "email", details("E-mail", Shape::Stored(Kind::Email))).await.expect_err("declared");
    assert_eq!(codes(taken), BTreeSet::from([("key".to_owned(), "duplicate".to_owned())]));
    let read = of_record(&mut tx, "person", id).await.expect("fields");
    let values = [("shoe".to_owned(), records::Value::Number("38".parse().expect("a number")))].into();
    let input = FieldsInput { version: read.version, values, emptied: Vec::new() };
    let saved = save(&mut tx, "person", id, &input).await.expect("saved");
    assert_eq!(saved.values["greeting"], records::Value::Text("Dear Zofia".into()));
    let stale = save(&mut tx, "person", id, &FieldsInput { emptied: vec!["shoe".into()], ..input }).await.expect_err("an old version");
    assert_eq!(code(stale), "version");
    let state = tx.state().clone();
    let record = records::read(&mut tx, &state, "person", &[id]).await.expect("read").pop().expect("there");
    assert_eq!(record.values["given_name"], records::Value::Text("Zofia".into()));
    assert_eq!(record.values["shoe"], records::Value::Number("38".parse().expect("a number")));
}

#[tokio::test]
async fn a_field_out_of_use_comes_back_with_its_values() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "thing").await;
    let of = "object:thing";
    let field =
        add(&mut tx, of, "size", FieldDetails { unique: true, ..details("Size", Shape::Stored(Kind::Text)) }).await.expect("a field");
    let made = make(&mut tx, of, json!({ "size": "12" })).await.expect("a record");
    let gone = retire(&mut tx, field.id, field.version).await.expect("retired");
    assert!(!shown(&mut tx, of, made.id).await.contains_key("size"));
    let back = restore(&mut tx, field.id, gone.version).await.expect("restored");
    assert!(!back.retired);
    assert_eq!(shown(&mut tx, of, made.id).await["size"], "12");
    let twice = make(&mut tx, of, json!({ "size": "12" })).await.expect_err("unique again");
    assert_eq!(codes(twice), BTreeSet::from([("size".to_owned(), "duplicate".to_owned())]));
}
