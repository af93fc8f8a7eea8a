//! Turns the compiled frontend into the folder that the server serves.
//!
//! ```text
//! bundle [--profile NAME] [--site DIR] [--sizes] [--check-budget]
//! ```
//!
//! Run from the root of the repository after `cargo build -p frontend --target wasm32-unknown-unknown`. It splits the
//! wasm into the main module and the lazy chunks, writes the JavaScript glue, bundles the style sheets, and puts all of
//! it into `site/pkg-<hash>/`: since the folder carries the hash, no file has to be renamed and no reference rewritten.
//! Profiles other than `dev` are also optimised by Binaryen and compressed with brotli. `--sizes` lists every file with its
//! bytes; `--check-budget` does too, and fails past the budget.

mod archive;
mod budget;
mod digest;
mod failure;
mod manifest;
mod optimise;
mod package;
mod paths;
mod public;
mod strip;
mod styles;
mod wasm;
mod worker;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use failure::{Context, Failure};
use manifest::Manifest;

/// What the command line asks for.
pub struct Order {
    /// Cargo profile the frontend was built with.
    profile: String,
    /// Folder that is written.
    site: PathBuf,
    /// Whether every file's size is listed.
    sizes: bool,
    /// Whether sizes past the budget are a failure.
    check_budget: bool,
}

impl Order {
    fn from_args(args: impl Iterator<Item = String>) -> Result<Order, Failure> {
        let mut order = Order { profile: "wasm-release".into(), site: "site".into(), sizes: false, check_budget: false };
        let mut args = args;
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| Failure::new(format!("{arg} needs a value")));
            match arg.as_str() {
                "--profile" => order.profile = value()?,
                "--site" => order.site = value()?.into(),
                "--sizes" => order.sizes = true,
                "--check-budget" => (order.sizes, order.check_budget) = (true, true),
                other => {
                    let known = "--profile NAME, --site DIR, --sizes, --check-budget";
                    return Err(Failure::new(format!("unknown argument {other}; known: {known}")));
                }
            }
        }
        Ok(order)
    }

    /// Whether the files are for people rather than for the next reload: small instead of quick to make.
    fn is_release(&self) -> bool {
        self.profile != "dev"
    }

    /// Where Cargo has put the compiled frontend.
    fn compiled(&self) -> PathBuf {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        let folder = if self.profile == "dev" { "debug" } else { &self.profile };
        target.join("wasm32-unknown-unknown").join(folder).join("frontend.wasm")
    }
}

fn main() -> ExitCode {
    match Order::from_args(std::env::args().skip(1)).and_then(|order| run(&order)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("bundle: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Bundles, unless the site already holds exactly this, and prints the sizes if asked to. `false`: the budget is exceeded.
fn run(order: &Order) -> Result<bool, Failure> {
    let begun = Instant::now();
    let wasm = order.compiled();
    let bytes = std::fs::read(&wasm).with(|| {
        format!("{}: build it first (cargo build -p frontend --target wasm32-unknown-unknown --profile {})", wasm.display(), order.profile)
    })?;
    let input = digest::of_sources(&bytes, &order.profile)?;
    let manifest = match Manifest::read(&order.site).filter(|manifest| manifest.input == input && manifest.is_complete(&order.site)) {
        Some(manifest) => {
            println!("{} is up to date", order.site.display());
            manifest
        }
        None => {
            let manifest = bundle(order, &bytes, input)?;
            println!("{} written in {:.1} s", order.site.join(&manifest.pkg).display(), begun.elapsed().as_secs_f32());
            manifest
        }
    };
    let report = budget::Report::of(&manifest);
    if order.sizes {
        print!("{report}");
    }
    Ok(!order.check_budget || report.is_within())
}

fn bundle(order: &Order, bytes: &[u8], input: String) -> Result<Manifest, Failure> {
    std::fs::create_dir_all(&order.site).with(|| order.site.display().to_string())?;
    let draft = package::Draft::begin(&order.site)?;
    let splits = wasm::split(bytes, draft.path())?;
    if order.is_release() {
        optimise::modules(draft.path())?;
    }
    let splits = archive::shared_chunks(draft.path(), &splits)?;
    if order.is_release() {
        optimise::scripts(draft.path())?;
    }
    wasm::write_prefetches(draft.path(), &splits)?;
    styles::bundle("style/main.css".as_ref(), draft.path(), "atrium.css")?;
    styles::bundle("frontend/offline.css".as_ref(), draft.path(), "offline.css")?;
    styles::bundle("style/services/print.css".as_ref(), draft.path(), "print.css")?;
    let package = draft.finish(order.is_release())?;
    public::copy("frontend/public".as_ref(), &order.site, &package.name)?;
    worker::write("frontend/sw.js".as_ref(), &order.site, &package)?;
    let manifest = Manifest { pkg: package.name, input, profile: order.profile.clone(), files: package.files, splits };
    manifest.write(&order.site)?;
    package::remove_old(&order.site, &manifest.pkg)?;
    Ok(manifest)
}
