//! The package: a folder that is named by the digest of its contents, so that browsers may keep it for ever.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

use serde::{Deserialize, Serialize};

use crate::{
    digest,
    failure::{Context, Failure},
};

/// How many bytes a file has, and how many go over the wire.
#[derive(Serialize, Deserialize, Clone, Copy, Debug)]
pub struct Size {
    /// Bytes on disk.
    pub raw: u64,
    /// Bytes of its brotli sidecar; absent where nothing was compressed.
    pub brotli: Option<u64>,
}

/// A finished package.
pub struct Package {
    /// Name of its folder, `pkg-<hash>`.
    pub name: String,
    /// Its files by path within the folder.
    pub files: BTreeMap<String, Size>,
}

/// A package that is still being written, under a name nobody serves.
pub struct Draft {
    site: PathBuf,
    path: PathBuf,
}

impl Draft {
    pub fn begin(site: &Path) -> Result<Draft, Failure> {
        let path = site.join(format!("draft-{}", std::process::id()));
        if path.exists() {
            fs::remove_dir_all(&path).with(|| path.display().to_string())?;
        }
        fs::create_dir_all(&path).with(|| path.display().to_string())?;
        Ok(Draft { site: site.to_path_buf(), path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Compresses if asked, names the folder by what is in it and puts it in its place at once.
    pub fn finish(self, compress: bool) -> Result<Package, Failure> {
        let mut contents = Vec::new();
        for file in digest::files_below(&self.path)? {
            let name = file.strip_prefix(&self.path).with(|| file.display().to_string())?.to_string_lossy().into_owned();
            contents.push((name, fs::read(&file).with(|| file.display().to_string())?));
        }
        let hash = digest::of(contents.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
        let files = if compress { compressed(&self.path, &contents)? } else { plain(&contents) };
        let name = format!("pkg-{hash}");
        let place = self.site.join(&name);
        if place.exists() {
            fs::remove_dir_all(&place).with(|| place.display().to_string())?;
        }
        fs::rename(&self.path, &place).with(|| place.display().to_string())?;
        Ok(Package { name, files })
    }
}

fn plain(contents: &[(String, Vec<u8>)]) -> BTreeMap<String, Size> {
    contents.iter().map(|(name, bytes)| (name.clone(), Size { raw: bytes.len() as u64, brotli: None })).collect()
}

/// Writes a `.br` beside every file that gains by it, on two threads.
fn compressed(folder: &Path, contents: &[(String, Vec<u8>)]) -> Result<BTreeMap<String, Size>, Failure> {
    let queue = Mutex::new(contents.iter());
    let next = || queue.lock().ok().and_then(|mut files| files.next());
    let work = || {
        let mut sizes = Vec::new();
        while let Some((name, bytes)) = next() {
            let small = brotli(bytes).with(|| name.clone())?;
            // Fonts and pictures are compressed already: a sidecar would only cost.
            if small.len() < bytes.len() {
                let file = folder.join(format!("{name}.br"));
                fs::write(&file, &small).with(|| file.display().to_string())?;
            }
            let wire = small.len().min(bytes.len());
            sizes.push((name.clone(), Size { raw: bytes.len() as u64, brotli: Some(wire as u64) }));
        }
        Ok(sizes)
    };
    std::thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        let mut files = BTreeMap::new();
        for worker in workers {
            files.extend(worker.join().unwrap_or_else(|_| Err(Failure::new("a compressing thread panicked")))?);
        }
        Ok(files)
    })
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut small = Vec::new();
    // Told how long it is, and that distances in it are those of tables rather than of prose, it does better.
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        mode: brotli::enc::backward_references::BrotliEncoderMode::BROTLI_MODE_FONT,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &params)?;
    Ok(small)
}

/// Removes packages of earlier builds, but keeps the one before this: pages opened from it still load its chunks.
pub fn remove_old(site: &Path, current: &str) -> Result<(), Failure> {
    let mut old = Vec::new();
    for entry in fs::read_dir(site).with(|| site.display().to_string())? {
        let entry = entry.with(|| site.display().to_string())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != current && (name.starts_with("pkg-") || name.starts_with("draft-")) {
            let made = entry.metadata().and_then(|data| data.modified()).with(|| name.clone())?;
            old.push((name.starts_with("pkg-"), made, entry.path()));
        }
    }
    old.sort();
    // Drafts come first, the newest package last.
    if old.last().is_some_and(|(is_package, ..)| *is_package) {
        old.pop();
    }
    old.into_iter().try_for_each(|(_, _, path)| fs::remove_dir_all(&path).with(|| path.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_by_what_is_in_it() {
        let site = std::env::temp_dir().join(format!("atrium-bundle-{}-package", std::process::id()));
        let make = |text: &str| {
            let draft = Draft::begin(&site).unwrap();
            fs::write(draft.path().join("a.js"), text).unwrap();
            draft.finish(true).unwrap().name
        };
        fs::create_dir_all(&site).unwrap();
        let (one, other, again) = (make(&"a".repeat(500)), make(&"b".repeat(500)), make(&"a".repeat(500)));
        assert_eq!(one, again);
        assert_ne!(one, other);
        assert!(site.join(&one).join("a.js.br").exists());
        fs::remove_dir_all(site).unwrap();
    }

    #[test]
    fn what_is_compressed_comes_back_whole() {
        let text = "calendar ".repeat(1_000);
        let mut back = Vec::new();
        std::io::Read::read_to_end(&mut brotli::Decompressor::new(brotli(text.as_bytes()).unwrap().as_slice(), 4_096), &mut back).unwrap();
        assert_eq!(back, text.as_bytes());
    }
}
