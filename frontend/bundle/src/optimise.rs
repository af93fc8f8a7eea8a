//! Makes the wasm small with Binaryen, which takes off nearly half, and the scripts with terser.
//!
//! Its npm build is used, through `optimise.mjs`: Debian's `wasm-opt` 108 exports the table of JavaScript values under the
//! index of the function table, and the page dies at its start. One process works on many modules.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    digest,
    failure::{Context, Failure},
};

/// The script that drives the library, from the root of the repository.
const SCRIPT: &str = "frontend/bundle/optimise.mjs";

/// Binaryen's library: `ATRIUM_BINARYEN`, or what the scripts have installed below the target folder.
pub fn library() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("ATRIUM_BINARYEN").filter(|named| !named.is_empty()) {
        return Some(named.into());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    Some(target.join("tools/node_modules/binaryen/index.js")).filter(|file| file.is_file())
}

/// Optimises every module in `folder`, in two processes: the machines this runs on have two cores at least.
pub fn modules(folder: &Path) -> Result<(), Failure> {
    let Some(library) = library() else {
        eprintln!("bundle: Binaryen was not found (make site installs it from npm); the wasm stays nearly twice as large");
        return Ok(());
    };
    println!("making the wasm small with Binaryen: two to four minutes without a word");
    let mut modules = files(folder, "wasm")?;
    modules.sort_by_key(|file| std::cmp::Reverse(file.metadata().map_or(0, |data| data.len())));
    // The main module is about as much work as all others together.
    let others = modules.split_off(modules.len().min(1));
    std::thread::scope(|scope| {
        let workers = [scope.spawn(|| some(&library, &modules)), scope.spawn(|| some(&library, &others))];
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| Err(Failure::new("an optimising thread panicked"))))
    })
}

/// Minifies the scripts in `folder`.
pub fn scripts(folder: &Path) -> Result<(), Failure> {
    library().map_or(Ok(()), |library| some(&library, &files(folder, "js")?))
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Failure> {
    Ok(digest::files_below(folder)?.into_iter().filter(|file| file.extension().is_some_and(|is| is == extension)).collect())
}

fn some(library: &Path, modules: &[PathBuf]) -> Result<(), Failure> {
    let library = library.canonicalize().with(|| library.display().to_string())?;
    let output = Command::new("node").arg(SCRIPT).arg(library).args(modules).output().with(|| "node".into())?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("optimising the wasm failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
