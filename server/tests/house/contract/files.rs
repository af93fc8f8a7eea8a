//! A file taken over, written out, taken over again from what was written, and taken back: nothing of it is lost on the way.

use http::StatusCode;
use platform::jobs;
use serde_json::{Value, json};

use super::kit::{CODE, Kit, Type, code, coded, held};

/// How many lines the file has.
const LINES: usize = 3;

pub async fn round_trip(kit: &Kit, of: &Type) {
    let word = kit.word();
    let (file, codes) = file(kit, of, &word);
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    if let Some(reason) = of.lacks("write") {
        assert_eq!(reason, "own_steps");
        assert_eq!(begin(kit, &kit.world.anna, of, &file).await.0, StatusCode::FORBIDDEN);
        return;
    }
    assert_eq!(begin(kit, &kit.reader, of, &file).await.0, StatusCode::FORBIDDEN, "who only reads takes nothing over");
    assert_eq!(begin(kit, &kit.blind, of, &file).await.0, StatusCode::NOT_FOUND, "to whom it is hidden there is no such type");

    let first = taken_over(kit, of, &file).await;
    assert_eq!((&first["made"], &first["refused"]), (&json!(LINES), &json!(0)), "{}", refusals(kit, &first).await);
    let read = values(kit, of, &codes).await;
    assert_eq!(read.len(), LINES);
    let again = taken_over(kit, of, &file).await;
    assert_eq!(
        (&again["made"], &again["changed"], &again["skipped"]),
        (&json!(0), &json!(0), &json!(LINES)),
        "the same file changes nothing"
    );
    assert_eq!(values(kit, of, &codes).await, read);

    let written = export(kit, of, &codes).await;
    undone(kit, of, &first).await;
    assert!(values(kit, of, &codes).await.is_empty(), "what was taken back is in no list");
    let second = taken_over(kit, of, &written).await;
    assert_eq!((&second["made"], &second["refused"]), (&json!(LINES), &json!(0)), "{}\n{written}", refusals(kit, &second).await);
    assert_eq!(values(kit, of, &codes).await, read, "nothing was lost on the way");
    assert_eq!(export(kit, of, &codes).await, written, "it is written out as before");
    assert_eq!(taken_over(kit, of, &written).await["skipped"], LINES, "our own file is known by what is unique");
}

/// A file with a column for every field that is written, called by its key; and the codes in it.
fn file(kit: &Kit, of: &Type, word: &str) -> (String, Vec<String>) {
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let (mut lines, mut codes): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for line in 0..LINES {
        let number = kit.number();
        let samples = kit.samples_of(of, word, number, line % 2 == 1);
        if lines.is_empty() {
            lines.push(samples.iter().map(|(key, _)| quoted(key)).collect::<Vec<_>>().join(","));
        }
        lines.push(samples.iter().map(|(_, sample)| quoted(&sample.cell)).collect::<Vec<_>>().join(","));
        codes.push(code(word, number));
    }
    (lines.join("\r\n"), codes)
}

async fn begin(kit: &Kit, token: &str, of: &Type, file: &str) -> (StatusCode, Value) {
    let file = data_encoding::BASE64.encode(file.as_bytes());
    kit.sends(token, "POST", "/imports", Some(&json!({ "entity_type": of.key, "file_name": "kit.csv", "file": file }))).await
}

/// Tries and runs it with what was guessed of its columns. Nobody else learns of it.
async fn taken_over(kit: &Kit, of: &Type, file: &str) -> Value {
    let (status, import) = begin(kit, &kit.world.anna, of, file).await;
    assert_eq!(status, StatusCode::CREATED, "{import}");
    let columns = import["columns"].as_array().expect("columns");
    let lost: Vec<&Value> = columns.iter().filter(|column| column["target"].is_null()).map(|column| &column["heading"]).collect();
    assert!(lost.is_empty(), "nothing is known of the columns {lost:?}");
    let import = step(kit, of, &import, "try", "tried").await;
    assert_eq!(kit.asks("GET", &format!("{}/lines", path(&import)), None).await["items"].as_array().map(Vec::len), Some(LINES));
    step(kit, of, &import, "run", "done").await
}

fn path(import: &Value) -> String {
    format!("/imports/{}", import["id"].as_str().expect("an id"))
}

/// Asks for a step, has it done, and gives the import as it is then.
async fn step(kit: &Kit, of: &Type, import: &Value, step: &str, state: &str) -> Value {
    let path = path(import);
    kit.writes(of, "POST", &format!("{path}/{step}"), Some(&json!({ "version": import["version"] }))).await;
    jobs::run_due(&kit.world.clinic.state).await.expect("jobs run");
    let import = kit.reads(of, "GET", &path, None).await;
    assert_eq!(import["state"], state, "{import}");
    import
}

async fn refusals(kit: &Kit, import: &Value) -> Value {
    kit.asks("GET", &format!("{}/refusals", path(import)), None).await
}

async fn undone(kit: &Kit, of: &Type, import: &Value) {
    let import = step(kit, of, import, "undo", "undone").await;
    let lines = kit.asks("GET", &format!("{}/lines", path(&import)), None).await;
    assert_eq!((&import["undone"], &import["kept"]), (&json!(LINES), &json!(0)), "{lines}");
}

/// What the records with these codes hold, in the order of their codes.
async fn values(kit: &Kit, of: &Type, codes: &[&str]) -> Vec<Value> {
    let asked = json!({ "filter": coded(codes), "columns": [CODE], "sorts": [{ "field": CODE }] });
    let rows = kit.asks("POST", &format!("/records/{}/query", of.key), Some(&asked)).await;
    let mut values = Vec::new();
    for row in rows["items"].as_array().expect("rows") {
        let record = kit.read(of, row["id"].as_str().expect("an id").parse().expect("an id")).await;
        let mut held = held(&record);
        held.as_object_mut().expect("values").retain(|key, _| of.written().any(|field| field["key"] == *key));
        values.push(held);
    }
    values
}

/// Those records as a file, with a column for every field that is written.
async fn export(kit: &Kit, of: &Type, codes: &[&str]) -> String {
    let columns: Vec<&Value> = of.written().map(|field| &field["key"]).collect();
    let asked = json!({ "filter": coded(codes), "columns": columns, "sorts": [{ "field": CODE }] });
    let file = kit.reads(of, "POST", &format!("/records/{}/export", of.key), Some(&asked)).await;
    file.as_str().expect("a file").to_owned()
}
