//! What the browser has to load, and how much it may be.

use std::fmt;

use crate::{manifest::Manifest, wasm};

/// The staff shell with the calendar: what the desk's first page loads, in bytes of brotli.
const FIRST_LOAD: u64 = 300_000;
/// What one file that is loaded later may weigh, in bytes of brotli.
const LAZY_CHUNK: u64 = 60_000;

/// Sizes of a package against the budget. Without compressed sizes, as in development, there is nothing to judge.
pub struct Report<'a> {
    manifest: &'a Manifest,
}

impl<'a> Report<'a> {
    pub fn of(manifest: &'a Manifest) -> Report<'a> {
        Report { manifest }
    }

    /// Scripts and the main module: no lazy chunk is needed for the first sight of the calendar.
    fn is_first(file: &str) -> bool {
        file.ends_with(".js") || file.strip_suffix("_bg.wasm") == Some(wasm::NAME)
    }

    fn first_load(&self) -> u64 {
        self.manifest.files.keys().filter(|file| Report::is_first(file)).map(|file| wire(self.manifest, file)).sum()
    }

    /// What opening a lazy part loads beyond the first page: its own chunk and those that it shares with others.
    fn opening(&self, stems: &[String]) -> u64 {
        stems.iter().map(|stem| wire(self.manifest, &format!("{stem}.wasm"))).sum()
    }

    fn chunks(&self) -> impl Iterator<Item = (&str, u64)> {
        let lazy = self.manifest.files.keys().filter(|file| file.ends_with(".wasm") && !Report::is_first(file));
        lazy.map(|file| (file.as_str(), wire(self.manifest, file)))
    }

    /// Whether nothing is larger than it may be.
    pub fn is_within(&self) -> bool {
        self.first_load() <= FIRST_LOAD && self.chunks().all(|(_, bytes)| bytes <= LAZY_CHUNK)
    }
}

fn wire(manifest: &Manifest, file: &str) -> u64 {
    manifest.files.get(file).and_then(|size| size.brotli).unwrap_or(0)
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>10} {:>10}  file", "raw", "brotli")?;
        for (file, size) in
            self.manifest.files.iter().filter(|(file, _)| file.ends_with(".wasm") || file.ends_with(".js") || file.ends_with(".css"))
        {
            let small = size.brotli.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
            let mark = if Report::is_first(file) { "  (first load)" } else { "" };
            writeln!(f, "{:>10} {small:>10}  {file}{mark}", size.raw)?;
        }
        if self.manifest.files.values().any(|size| size.brotli.is_none()) {
            return Ok(());
        }
        let verdict = |bytes: u64, most: u64| if bytes <= most { "within" } else { "PAST" };
        let first = self.first_load();
        writeln!(
            f,
            "first load of shell and calendar: {first} bytes of brotli, {} the budget of {FIRST_LOAD}",
            verdict(first, FIRST_LOAD)
        )?;
        let (largest, bytes) = self.chunks().max_by_key(|(_, bytes)| *bytes).unwrap_or(("none", 0));
        writeln!(f, "largest lazy chunk: {largest}, {bytes} bytes of brotli, {} the budget of {LAZY_CHUNK}", verdict(bytes, LAZY_CHUNK))?;
        for (name, stems) in &self.manifest.splits {
            writeln!(f, "opening {name}: {} bytes more, in {} files", self.opening(stems), stems.len())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Size;

    fn manifest(sizes: &[(&str, u64)], splits: &[(&str, &[&str])]) -> Manifest {
        Manifest {
            pkg: "pkg-0".into(),
            input: String::new(),
            profile: "wasm-release".into(),
            files: sizes.iter().map(|(file, bytes)| ((*file).to_owned(), Size { raw: bytes * 3, brotli: Some(*bytes) })).collect(),
            splits: splits.iter().map(|(name, stems)| ((*name).to_owned(), stems.iter().map(|s| (*s).to_owned()).collect())).collect(),
        }
    }

    const SPLITS: [(&str, &[&str]); 1] = [("patients", &["chunk_1", "split_patients"])];

    #[test]
    fn the_first_load_is_scripts_and_main_module() {
        let manifest = manifest(
            &[("atrium.js", 7_000), ("atrium_bg.wasm", 230_000), ("chunk_1.wasm", 10_000), ("split_patients.wasm", 50_000)],
            &SPLITS,
        );
        let report = Report::of(&manifest);
        assert_eq!(report.first_load(), 237_000);
        assert_eq!(report.opening(&manifest.splits["patients"]), 60_000);
        assert!(report.is_within());
    }

    #[test]
    fn a_first_load_or_a_chunk_past_the_budget_is_not_within() {
        let large = manifest(&[("atrium_bg.wasm", FIRST_LOAD + 1)], &[]);
        assert!(!Report::of(&large).is_within());
        let lazy = manifest(&[("atrium_bg.wasm", 1), ("chunk_1.wasm", LAZY_CHUNK + 1)], &SPLITS);
        assert!(!Report::of(&lazy).is_within());
    }
}
