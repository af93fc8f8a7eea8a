//! Digests: of the sources, to see whether there is anything to do, and of the package, to name its folder.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::{Context, Failure};

/// Everything a package is made of besides the wasm.
const SOURCES: [&str; 5] = ["frontend/bundle/optimise.mjs", "style", "frontend/public", "frontend/sw.js", "frontend/offline.css"];

/// Short hexadecimal digest of named contents, in the order given.
pub fn of<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut digest = Sha256::new();
    for (name, bytes) in parts {
        // Lengths keep one name's end from being read as the next content's beginning.
        digest.update((name.len() as u64).to_le_bytes());
        digest.update(name);
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Digest of all that decides what is written: the wasm, the style sheets, the public files, this tool and its tools.
pub fn of_sources(wasm: &[u8], profile: &str) -> Result<String, Failure> {
    let tool = std::env::current_exe().and_then(std::fs::read).with(|| "reading this tool".into())?;
    let optimiser = crate::optimise::library().unwrap_or_default();
    let mut parts = vec![
        ("wasm".to_owned(), wasm.to_vec()),
        ("profile".to_owned(), profile.as_bytes().to_vec()),
        ("tool".to_owned(), tool),
        ("optimiser".to_owned(), optimiser.into_os_string().into_encoded_bytes()),
    ];
    for source in SOURCES {
        for file in files_below(Path::new(source))? {
            let bytes = std::fs::read(&file).with(|| file.display().to_string())?;
            parts.push((file.display().to_string(), bytes));
        }
    }
    Ok(of(parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))))
}

/// All files at or below `path`, sorted, so that digests do not depend on the order of the file system.
pub fn files_below(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![path.to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(&path).with(|| path.display().to_string())? {
                open.push(entry.with(|| path.display().to_string())?.path());
            }
        } else if path.exists() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn a_byte_that_moves_from_name_to_content_changes_the_digest() {
        assert_ne!(of([("a", b"bc".as_slice())]), of([("ab", b"c".as_slice())]));
    }

    #[test]
    fn equal_parts_have_equal_digests() {
        assert_eq!(of([("a", b"b".as_slice())]), of([("a", b"b".as_slice())]));
    }
}
