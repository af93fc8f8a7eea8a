//! The service worker, with the list of files that it keeps.

use std::path::Path;

use crate::{
    digest,
    failure::{Context, Failure},
    package::Package,
    wasm,
};

/// Files outside the package that the offline pages need.
const PUBLIC: [&str; 10] = [
    "offline.html",
    "offline-calendar.html",
    "offline/calendar.css",
    "offline/store.js",
    "offline/replay.js",
    "offline/entries.js",
    "offline/page.js",
    "beside/waiting.js",
    "beside/presence.js",
    "favicon.svg",
];

/// Fills in `template` and writes it to `site/sw.js`. Its version changes with anything that it keeps.
pub fn write(template: &Path, site: &Path, package: &Package) -> Result<(), Failure> {
    let text = std::fs::read_to_string(template).with(|| template.display().to_string())?;
    let mut kept: Vec<String> = PUBLIC.iter().map(|file| format!("/{file}")).collect();
    // The map of chunks is for the server.
    kept.extend(package.files.keys().filter(|file| *file != wasm::PREFETCHES).map(|file| format!("/{}/{file}", package.name)));
    let contents = PUBLIC
        .iter()
        .map(|file| std::fs::read(site.join(file)).with(|| (*file).to_owned()).map(|bytes| (*file, bytes)))
        .collect::<Result<Vec<_>, _>>()?;
    let parts = contents.iter().map(|(name, bytes)| (*name, bytes.as_slice()));
    let version = digest::of(parts.chain([("package", package.name.as_bytes()), ("worker", text.as_bytes())]));
    let list = serde_json::to_string_pretty(&kept).with(|| "the list of kept files".into())?;
    let place = site.join("sw.js");
    std::fs::write(&place, text.replace("\"{version}\"", &format!("\"{version}\"")).replace("[\"{files}\"]", &list))
        .with(|| place.display().to_string())
}
