//! Records of every type that a module reads and writes by its own functions, asked through the operations of all types.

use platform::testing::{self, Clinic};
use serde_json::{Map, Value, json};
use server::modules::{HOOKS, MODULES};
use services::{
    fields::{self, NewField},
    objects::{self, RecordInput, RecordQuery},
    records,
};

async fn clinic() -> Clinic {
    let mut extensions = http::Extensions::new();
    extensions.insert(HOOKS);
    extensions.insert(services::hooks::kinds(HOOKS));
    testing::clinic_with(&MODULES, extensions).await
}

fn map(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).expect("an object")
}

#[tokio::test]
async fn what_a_source_tells_of_a_type_is_what_its_module_declares_and_can_be_read() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let state = tx.state().clone();
    let mut seen = 0;
    for of in records::types(&mut tx).await.expect("types") {
        let source = records::source(&state, &of.key).expect("a source");
        let declared = MODULES.iter().find_map(|module| module.entity_type(&of.key)).expect("a registered type");
        for (key, _) in source.columns {
            let plain = key.strip_suffix(".currency").unwrap_or(key);
            assert!(declared.fields.iter().any(|field| field.key == plain), "{}: {key} is not declared", of.key);
        }
        for field in declared.fields {
            assert!(source.column(field.key).is_some(), "{}: {} cannot be read", of.key, field.key);
        }
        for key in source.computed.iter().filter(|_| !of.flexible) {
            let told = records::fields_of(&mut tx, &state, &of.key).await.expect("fields");
            let field = told.iter().find(|field| field.key == *key).unwrap_or_else(|| panic!("{}: {key} is not declared", of.key));
            assert!(field.computed && !field.editable, "{}: {key} is offered to be written", of.key);
        }
        objects::list(&mut tx, &of.key, &RecordQuery::default(), &platform::rest::PageQuery::default()).await.expect("a list");
        objects::definition(&mut tx, &of.key).await.expect("a schema");
        objects::board(&mut tx, &of.key, None, "").await.expect("a board");
        seen += 1;
    }
    assert!(seen >= 3, "{seen} types");
}

#[tokio::test]
async fn patients_and_leads_are_made_and_changed_with_the_organizations_own_fields_by_their_modules_functions() {
    let clinic = clinic().await;
    for (of, values, other) in [
        ("gabinet:patient", json!({ "given_name": "Zofia", "family_name": "Lis", "birth_date": "1980-05-06", "size": "38" }), "allergies"),
        ("crm:lead", json!({ "given_name": "Ola", "family_name": "Wrona", "value": "120.50", "size": "40" }), "company"),
    ] {
        let mut tx = clinic.tx(&clinic.anna).await;
        for (key, label, shape) in
            [("size", "Size", json!({ "stored": "number" })), ("greeting", "Greeting", json!({ "formula": "given_name & \" \" & size" }))]
        {
            let new: NewField =
                serde_json::from_value(json!({ "entity_type": of, "key": key, "details": { "label": label, "shape": shape } }))
                    .expect("a field");
            fields::define(&mut tx, &new).await.expect("a field");
        }
        let wrong = objects::input_of(&mut tx, of, &map(json!({ "given_name": "", "family_name": "x" }))).await.expect("read");
        assert_eq!(objects::create(&mut tx, of, &wrong).await.expect_err("refused").code(), "invalid");
        let input = objects::input_of(&mut tx, of, &map(values.clone())).await.expect("read");
        let made = objects::create(&mut tx, of, &input).await.expect(of);
        assert!(made.values["greeting"].plain().ends_with(values["size"].as_str().expect("text")), "{:?}", made.values);
        let mut changed =
            objects::input_of(&mut tx, of, &map(json!({ "given_name": "Maria", "size": null, other: "Something" }))).await.expect("read");
        changed.version = made.version;
        let after = objects::update(&mut tx, of, made.id, &changed).await.expect("changed");
        assert_eq!(after.values["family_name"], made.values["family_name"], "what is not named stays");
        assert_eq!(after.values[other].plain(), "Something");
        assert_eq!(after.values["greeting"].plain(), "Maria ");
        let stale =
            objects::update(&mut tx, of, made.id, &RecordInput { version: made.version, ..changed }).await.expect_err("an old version");
        assert_eq!(stale.code(), "version");
        tx.commit().await.expect("committed");
        // Who may not see the type finds none of it; who may is told by the module's own rights.
        let mut tx = clinic.tx(&clinic.marek).await;
        assert_eq!(objects::get(&mut tx, of, made.id).await.expect_err("not his").code(), "not_found");
        let mut tx = clinic.tx(&clinic.stranger).await;
        assert_eq!(objects::get(&mut tx, of, made.id).await.expect_err("foreign").code(), "not_found");
    }
}

/// Writes values from the version that was read, in a transaction of its own.
async fn write(clinic: &Clinic, record: &records::Record, values: Value) -> platform::Result<records::Record> {
    let mut tx = clinic.tx(&clinic.anna).await;
    let input = objects::input_of(&mut tx, &record.entity_type, &map(values)).await?;
    let input = RecordInput { version: record.version, ..input };
    let written = objects::update(&mut tx, &record.entity_type, record.id, &input).await?;
    tx.commit().await?;
    Ok(written)
}

#[tokio::test]
async fn a_record_of_every_modules_type_is_made_once_by_the_callers_id_and_written_from_one_version_once() {
    let clinic = clinic().await;
    let person = json!({ "given_name": "Zofia", "family_name": "Lis" });
    let mut seen = 0;
    let mut tx = clinic.tx(&clinic.anna).await;
    let types = records::types(&mut tx).await.expect("types");
    crm::pipelines::create(&mut tx, &crm::pipelines::PipelineInput::usual(false)).await.expect("deals begin somewhere");
    tx.commit().await.expect("committed");
    for of in types.into_iter().map(|of| of.key) {
        let (needed, declared) = match of.as_str() {
            "gabinet:patient" => (person.clone(), "allergies"),
            "crm:lead" => (person.clone(), "company"),
            "crm:deal" => (json!({ "title": "Equipment" }), "next_step"),
            "company" => (json!({ "name": "Lis" }), "city"),
            "person" => (person.clone(), "family_name"),
            other => panic!("say how a record of type {other} is made"),
        };
        let mut tx = clinic.tx(&clinic.anna).await;
        let size = json!({ "entity_type": of, "key": "size", "details": { "label": "Size", "shape": { "stored": "number" } } });
        fields::define(&mut tx, &serde_json::from_value::<NewField>(size).expect("a field")).await.expect("a field");
        let id = Some(platform::id::EntityId::new());
        let input = RecordInput { id, ..objects::input_of(&mut tx, &of, &map(needed)).await.expect("read") };
        let made = objects::create(&mut tx, &of, &input).await.expect(&of);
        assert_eq!(objects::create(&mut tx, &of, &input).await.expect("a retry"), made, "{of}: a retry makes no second record");
        assert_eq!(Some(made.id), id, "{of}");
        tx.commit().await.expect("committed");
        let mut record = made;
        for (turn, (one, other)) in [(declared, "size"), ("size", "size"), (declared, declared)].into_iter().enumerate() {
            // Another value each time: what is there already is no change, and nobody's version is old by it.
            let (own, others) = (json!({ one: format!("{turn}1") }), json!({ other: format!("{turn}2") }));
            let (a, b) = tokio::join!(write(&clinic, &record, own), write(&clinic, &record, others));
            let (won, lost) = match (a, b) {
                (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
                outcome => panic!("{of}: not one of two has won: {outcome:?}"),
            };
            let platform::Error::Conflict(refusal) = lost else { panic!("{of}: {lost}") };
            let current = refusal.current.expect("the present state");
            assert_eq!((refusal.code.as_str(), &current["record"]["version"]), ("version", &json!(won.version)), "{of}");
            record = won;
        }
        seen += 1;
    }
    assert_eq!(seen, 5);
}
