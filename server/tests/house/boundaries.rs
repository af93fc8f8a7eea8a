//! Who may know what. Cargo refuses a forbidden `use`; these tests refuse what Cargo cannot see: a dependency line
//! that should not be there, a product's name where products are unknown, and another's table that is written.
//! Rooms and products are read from the manifests and from the list of modules: a new product needs no line here.

use std::{
    fs,
    path::{Path, PathBuf},
};

use server::modules::MODULES;
use services::persons::Handling;

/// What stands above all rooms: it may know them all.
const ROOFS: [&str; 2] = ["server", "app"];
/// Made for a build and known to no running program.
const TOOLS: [&str; 1] = ["texts-build"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rooms of the house by name and folder, as the workspace lists them.
fn rooms() -> Vec<(String, String)> {
    let manifest = read(&root().join("Cargo.toml"));
    let room = |line: &str| {
        let (name, rest) = line.split_once(" = { path = \"")?;
        Some((name.to_owned(), rest.split('"').next()?.to_owned()))
    };
    let rooms: Vec<(String, String)> = manifest.lines().filter_map(room).collect();
    assert!(rooms.len() > 8, "the rooms are found");
    rooms
}

/// The rooms that the crate in a folder depends on, for whatever purpose.
fn known_to(folder: &str, rooms: &[(String, String)]) -> Vec<String> {
    let manifest = read(&root().join(folder).join("Cargo.toml"));
    let dependencies = manifest.split("[features]").next().unwrap_or_default();
    let names = dependencies.lines().filter_map(|line| line.split_once([' ', '.', '=']).map(|(name, _)| name.trim()));
    names.filter(|name| rooms.iter().any(|(room, _)| room == name)).map(str::to_owned).collect()
}

/// What a room may know: those below it, and of products only itself.
fn allowed(folder: &str, rooms: &[(String, String)]) -> Vec<String> {
    let named = |wanted: &str| rooms.iter().find(|(_, folder)| folder == wanted).map(|(name, _)| name.clone());
    let below: &[&str] = match folder {
        "server/platform" => &[],
        "server/services" => &["server/platform"],
        "app/ui" => &["server/platform", "server/services"],
        "app/platform" => &["server/platform", "app/ui"],
        "app/services" => &["server/platform", "server/services", "app/ui", "app/platform"],
        _ if folder.starts_with("server/products/") => &["server/platform", "server/services"],
        _ if folder.starts_with("app/products/") => &["server/platform", "server/services", "app/ui", "app/platform", "app/services"],
        _ => panic!("{folder} is no layer that is known: say here what it may know"),
    };
    let own = folder.strip_prefix("app/products/").and_then(|product| named(&format!("server/products/{product}")));
    below.iter().map(|folder| named(folder).expect("a room")).chain(own).chain(TOOLS.map(str::to_owned)).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Whether a file holds nothing but tests.
fn is_test(file: &Path) -> bool {
    file.ends_with("tests.rs") || file.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "benches")
}

#[test]
fn each_layer_knows_only_those_below_it() {
    let rooms = rooms();
    let layers = rooms.iter().filter(|(name, _)| !ROOFS.contains(&name.as_str()) && !TOOLS.contains(&name.as_str()));
    for (_, folder) in layers {
        let allowed = allowed(folder, &rooms);
        for room in known_to(folder, &rooms) {
            assert!(allowed.contains(&room), "{folder} must not depend on {room}");
        }
    }
    // The manifests are read rightly: a roof knows every product.
    let known = known_to("server", &rooms);
    for (name, _) in rooms.iter().filter(|(_, folder)| folder.starts_with("server/products/")) {
        assert!(known.contains(name), "the server does not know {name}");
    }
}

#[test]
fn core_names_no_product() {
    let products: Vec<&str> = MODULES.iter().filter(|module| module.product.is_some()).map(|module| module.id).collect();
    assert!(products.len() > 1, "the products are found");
    let mut files = Vec::new();
    for (_, folder) in rooms()
        .iter()
        .filter(|(name, folder)| !folder.contains("/products/") && !ROOFS.contains(&name.as_str()) && !TOOLS.contains(&name.as_str()))
    {
        sources(&root().join(folder).join("src"), &mut files);
    }
    assert!(files.len() > 30, "the sources are found");
    for file in files.iter().filter(|file| !is_test(file)) {
        let text = read(file);
        // Tests may use a product's name as an example of one.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default().to_lowercase();
            let named = products.iter().find(|product| code.contains(**product));
            assert!(named.is_none(), "{}:{} names a product: {line}", file.display(), number + 1);
        }
    }
}

/// The first of the tables that the SQL in a text writes.
fn writes<'a>(text: &str, tables: &[&'a str]) -> Option<&'a str> {
    let mut words = vec![String::new()];
    words.extend(
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty()).map(str::to_lowercase),
    );
    words.windows(3).find_map(|three| {
        let before = (three[0].as_str(), three[1].as_str());
        let writing = matches!(before, (_, "update") | ("insert" | "merge", "into") | ("delete", "from") | ("update" | "from", "only"));
        tables.iter().copied().find(|table| writing && *table == three[2])
    })
}

#[test]
fn activities_and_what_they_take_are_written_in_one_place() {
    let tables = ["scheduled_activities", "resource_bookings"];
    for sql in
        ["\"update\n   scheduled_activities a set", "with gone as (delete from scheduled_activities", "INSERT INTO resource_bookings ("]
    {
        assert!(writes(sql, &tables).is_some(), "{sql}");
    }
    assert_eq!(writes("select from scheduled_activities where id = $1 for update", &tables), None);
    let mut files = Vec::new();
    sources(&root().join("server"), &mut files);
    let place = root().join("server/services/src/calendar/activities");
    let mut found = 0;
    for file in files.iter().filter(|file| !is_test(file)) {
        let written = writes(&read(file), &tables);
        if file.starts_with(&place) {
            found += usize::from(written.is_some());
        } else {
            assert!(written.is_none(), "{} writes {}: ask services::calendar::activities", file.display(), written.unwrap_or_default());
        }
    }
    assert!(found > 2, "the place that writes them is found");
    // What becomes of rows when two records of a human become one is SQL made of declarations, which no text shows.
    let hooks = server::modules::HOOKS.0.iter().filter_map(|hooks| hooks.persons);
    for reference in services::persons::REFERENCES.iter().chain(hooks.flat_map(|hooks| hooks.references)) {
        let through = matches!(reference.handling, Handling::Through(_) | Handling::Stay(_));
        assert!(through || !tables.contains(&reference.table), "{} is moved by a merge: say through which function", reference.table);
    }
}

#[test]
fn string_built_sql_lives_in_the_few_places_that_declare_it() {
    let mut files = Vec::new();
    sources(&root().join("server"), &mut files);
    let allowed = [
        "platform/src/tx.rs",
        "platform/src/database.rs",
        "platform/src/testing",
        "views/store.rs",
        // Tables and columns are the constants that modules declare, values are bound.
        "services/src/merge/",
        "services/src/duplicates/sql.rs",
        // Tables and columns are the catalogue's own foreign keys.
        "services/src/imports/undo.rs",
        "tests/",
        "benches/",
    ];
    for file in files {
        let name = file.to_string_lossy().replace('\\', "/");
        if read(&file).contains("AssertSqlSafe") {
            assert!(allowed.iter().any(|place| name.contains(place)), "{name} builds SQL from strings");
        }
    }
}
