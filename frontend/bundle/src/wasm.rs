//! The compiled frontend becomes the main module, its lazy chunks and the JavaScript that loads them.

use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

use crate::{
    archive::Splits,
    failure::{Context, Failure},
    paths, strip,
};

/// Stem of the main files. Leptos' hydration script expects `atrium.js` and, without hashed names, `atrium_bg.wasm`.
pub const NAME: &str = "atrium";
/// The script that loads chunks. Leptos preloads it by this very name.
pub const LOADER: &str = "__wasm_split.______________________.js";
/// Where Leptos' server side looks up which files a lazy page needs.
pub const PREFETCHES: &str = "__wasm_split_manifest.json";

/// Writes all modules and scripts into `out`; answers with the stems of the files that each lazy function needs.
///
/// The wasm must be linked with `--emit-relocs`, as `.cargo/config.toml` asks.
pub fn split(bytes: &[u8], out: &Path) -> Result<Splits, Failure> {
    let main = out.join("main-before-bindgen.wasm");
    let main_module = format!("./{NAME}.js");
    let link_name = format!("./{LOADER}");
    let (mut bytes, _) = strip::unreachable(bytes)?;
    paths::blank(&mut bytes)?;
    let mut options = Options::new(&bytes);
    options.output_dir = out;
    options.main_out_path = &main;
    options.main_module = &main_module;
    options.link_name = &link_name;
    let split = transform(options).map_err(|cause| Failure::new(format!("splitting the wasm: {cause:?}")))?;

    Bindgen::new()
        .input_path(&main)
        .out_name(NAME)
        // The chunks find the main module's functions and table by these exports.
        .keep_lld_exports(true)
        .demangle(false)
        .remove_producers_section(true)
        .typescript(false)
        .web(true)
        .and_then(|bindgen| bindgen.generate(out))
        .map_err(|cause| Failure::new(format!("writing the JavaScript glue: {cause:?}")))?;
    std::fs::remove_file(&main).with(|| main.display().to_string())?;

    Ok(split.prefetch_map.into_iter().collect())
}

/// Tells the server which files each part needs.
pub fn write_prefetches(out: &Path, splits: &Splits) -> Result<(), Failure> {
    let prefetches = out.join(PREFETCHES);
    let text = serde_json::to_vec(splits).with(|| "the map of chunks".into())?;
    std::fs::write(&prefetches, text).with(|| prefetches.display().to_string())
}
