//! `site/manifest.json`: which package is current and what is in it. The server reads `pkg` at its start.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

use crate::{
    failure::{Context, Failure},
    package::Size,
};

#[derive(Serialize, Deserialize, Debug)]
pub struct Manifest {
    /// Name of the current package's folder.
    pub pkg: String,
    /// Digest of what it was made from.
    pub input: String,
    /// Cargo profile of the wasm.
    pub profile: String,
    /// The package's files with their sizes.
    pub files: BTreeMap<String, Size>,
    /// Stems of the wasm files that each lazy function needs, in the order in which they are loaded.
    pub splits: BTreeMap<String, Vec<String>>,
}

impl Manifest {
    const FILE: &'static str = "manifest.json";

    /// The manifest of an earlier build, if there is a readable one.
    pub fn read(site: &Path) -> Option<Manifest> {
        serde_json::from_slice(&std::fs::read(site.join(Self::FILE)).ok()?).ok()
    }

    /// Whether all that the manifest promises is there.
    pub fn is_complete(&self, site: &Path) -> bool {
        let package = site.join(&self.pkg);
        self.files.keys().all(|file| package.join(file).is_file()) && site.join("sw.js").is_file()
    }

    /// Replaces the manifest at once: a server that starts meanwhile reads the old or the new one, never half of it.
    pub fn write(&self, site: &Path) -> Result<(), Failure> {
        let draft = site.join("manifest.draft");
        let text = serde_json::to_vec_pretty(self).with(|| "the manifest".into())?;
        std::fs::write(&draft, text).with(|| draft.display().to_string())?;
        std::fs::rename(&draft, site.join(Self::FILE)).with(|| draft.display().to_string())
    }
}
