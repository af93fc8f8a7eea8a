//! Who may know what. Cargo refuses a forbidden `use`; these tests refuse what Cargo cannot see: a dependency line
//! that should not be there, and a product's name where products are unknown.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rooms of the house that `manifest` depends on.
fn rooms(manifest: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(manifest)).expect("the manifest is there");
    let dependencies = text.split("[features]").next().unwrap_or_default();
    let known = ["platform", "services", "gabinet", "crm", "ui", "app-platform", "app-services", "app-gabinet", "app-crm", "app"];
    dependencies
        .lines()
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name.trim().to_owned()))
        .filter(|name| known.contains(&name.as_str()))
        .collect()
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

#[test]
fn each_layer_knows_only_those_below_it() {
    for (manifest, allowed) in [
        ("server/platform/Cargo.toml", &[][..]),
        ("server/services/Cargo.toml", &["platform"]),
        ("server/products/gabinet/Cargo.toml", &["platform", "services"]),
        ("server/products/crm/Cargo.toml", &["platform", "services"]),
        ("app/ui/Cargo.toml", &["platform", "services"]),
        ("app/platform/Cargo.toml", &["platform", "ui"]),
        ("app/services/Cargo.toml", &["platform", "services", "ui", "app-platform"]),
        ("app/products/gabinet/Cargo.toml", &["platform", "services", "gabinet", "ui", "app-platform", "app-services"]),
        ("app/products/crm/Cargo.toml", &["platform", "services", "crm", "ui", "app-platform", "app-services"]),
    ] {
        for room in rooms(manifest) {
            assert!(allowed.contains(&room.as_str()), "{manifest} must not depend on {room}");
        }
    }
}

#[test]
fn core_names_no_product() {
    let mut files = Vec::new();
    for folder in ["server/platform/src", "server/services/src", "app/ui/src", "app/platform/src", "app/services/src"] {
        sources(&root().join(folder), &mut files);
    }
    assert!(files.len() > 30, "the sources are found");
    for file in files {
        if file.ends_with("tests.rs") || file.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("readable");
        // Tests may use a product's name as an example of one.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default().to_lowercase();
            assert!(!code.contains("gabinet") && !code.contains("crm"), "{}:{} names a product: {line}", file.display(), number + 1);
        }
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
        "tests/",
        "benches/",
    ];
    for file in files {
        let name = file.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&file).expect("readable");
        if text.contains("AssertSqlSafe") {
            assert!(allowed.iter().any(|place| name.contains(place)), "{name} builds SQL from strings");
        }
    }
}
