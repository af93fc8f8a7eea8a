//! Makes the wasm small with Binaryen's `wasm-opt`, which takes off more than half.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
};

use crate::{
    digest,
    failure::{Context, Failure},
};

/// What rustc's wasm uses by default. Named one by one, so that the optimiser adds nothing that browsers lack.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-extended-const",
];

/// Oldest usable version. Debian's 108 exports the table of JavaScript values under the index of the function table
/// once a module has both, and the page dies at its start.
const OLDEST: u32 = 120;

/// The optimiser: `ATRIUM_WASM_OPT`, or the first one in `PATH` that is not too old.
pub fn wasm_opt() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("ATRIUM_WASM_OPT").filter(|named| !named.is_empty()) {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join("wasm-opt"))
        .find(|file| file.is_file() && version(file).is_some_and(|version| version >= OLDEST))
}

/// 132 of `wasm-opt version 132 (version_132)`.
fn version(tool: &Path) -> Option<u32> {
    let output = Command::new(tool).arg("--version").output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.split_whitespace().find_map(|word| word.parse().ok())
}

/// Optimises every module in `folder`, two at a time: the machines this runs on have two cores at least.
pub fn all(folder: &Path) -> Result<(), Failure> {
    let Some(tool) = wasm_opt() else {
        eprintln!("bundle: no wasm-opt of version {OLDEST} or later was found (npm: binaryen); the wasm stays more than twice as large");
        return Ok(());
    };
    let mut modules: Vec<_> =
        digest::files_below(folder)?.into_iter().filter(|file| file.extension().is_some_and(|ext| ext == "wasm")).collect();
    // The largest is taken last from the end of the list, that is first.
    modules.sort_by_key(|file| file.metadata().map_or(0, |data| data.len()));
    let queue = Mutex::new(modules);
    let next = || queue.lock().ok().and_then(|mut modules| modules.pop());
    let work = || {
        while let Some(module) = next() {
            one(&tool, &module)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| Err(Failure::new("an optimising thread panicked"))))
    })
}

fn one(tool: &Path, module: &Path) -> Result<(), Failure> {
    let small = module.with_extension("small");
    let output =
        Command::new(tool).arg("-Oz").args(FEATURES).arg(module).arg("-o").arg(&small).output().with(|| tool.display().to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("{} failed on {}: {}", tool.display(), module.display(), said.trim())));
    }
    std::fs::rename(&small, module).with(|| module.display().to_string())
}
