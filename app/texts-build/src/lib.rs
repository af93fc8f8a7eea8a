//! Turns a crate's `locales/en.json` and `locales/pl.json` into functions, at build time.
//!
//! A crate's `build.rs` calls [`generate`]; its `lib.rs` says `ui::texts!();`, which brings a module `words`:
//!
//! - `"save": "Save"` becomes `words::save(lang) -> &'static str`;
//! - `"moved": "Moved to {time}"` becomes `words::moved(lang, time: &str) -> String`, its arguments in the order in
//!   which English names them;
//! - `"visits": {"one": "{n} visit", "other": "{n} visits"}` becomes `words::visits(lang, n: i64) -> String`
//!   (Polish has `one`, `few` and `many`); `{n}` is always the number, and further placeholders follow it;
//! - any other object groups keys: `"rule": {"busy": "…"}` is the key `rule.busy`;
//! - `words::by_key(lang, key) -> Option<&'static str>` finds plain texts by names that are only known at run time
//!   (`gabinet:patient`, `rule.busy`, a navigation key). If the catalogue has a top-level group `labels`, only that
//!   group is found by key (without the prefix), so that the other texts stay in the chunks that use them.
//!
//! A key that is no Rust name (it has `:`, `.` or `-`) is found by key only. A key missing in one language, one too
//! many, or differing placeholders end the build.

mod catalogue;
mod code;

use std::{env, fs, path::Path};

/// The languages, with the plural forms each must give.
const LANGUAGES: [(&str, &[&str]); 2] = [("en", &["one", "other"]), ("pl", &["one", "few", "many"])];

/// Reads `locales/*.json` of the crate being built and writes `words.rs` for `ui::texts!()`.
///
/// # Panics
/// If the catalogues are not of one shape; that is what ends the build.
pub fn generate() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("called from a build script");
    let target = env::var("OUT_DIR").expect("called from a build script");
    println!("cargo::rerun-if-changed={root}/locales");
    let [english, polish] = LANGUAGES.map(|(language, forms)| {
        let path = Path::new(&root).join("locales").join(format!("{language}.json"));
        println!("cargo::rerun-if-changed={}", path.display());
        let json = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        catalogue::read(&json, forms).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
    });
    let code = code::write(&english, &polish).unwrap_or_else(|faults| panic!("texts of {root}:\n{}", faults.join("\n")));
    fs::write(Path::new(&target).join("words.rs"), code).expect("the build folder can be written");
}
