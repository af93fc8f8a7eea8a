//! What the browser has to load, and how much it may be.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{manifest::Manifest, wasm};

/// The staff shell with the calendar: what the desk's first page loads, in bytes of brotli. The goal is 300,000; this is
/// what is reached today, with two per cent to spare, so that it can only shrink.
const FIRST_LOAD: u64 = 464_000;
/// What each further lazy part may add, with the chunks it shares with others, in bytes of brotli. The goal is 60,000,
/// which the parts themselves keep but for two; what they share with each other is counted for each of them.
const LAZY_PART: u64 = 189_000;
/// Lazy functions whose names begin so (after underscores) belong to the first page.
const FIRST_PAGE: &str = "calendar";

/// Sizes of a package against the budget. Without compressed sizes, as in development, there is nothing to judge.
pub struct Report<'a> {
    manifest: &'a Manifest,
    first: BTreeSet<String>,
    /// Lazy functions with the bytes that they load beyond the first page.
    lazy: BTreeMap<&'a str, u64>,
}

impl<'a> Report<'a> {
    pub fn of(manifest: &'a Manifest) -> Report<'a> {
        let is_first = |name: &str| name.trim_start_matches('_').to_lowercase().starts_with(FIRST_PAGE);
        let mut first: BTreeSet<String> =
            manifest.files.keys().filter(|file| file.ends_with(".js")).cloned().chain([format!("{}_bg.wasm", wasm::NAME)]).collect();
        for (_, stems) in manifest.splits.iter().filter(|(name, _)| is_first(name)) {
            first.extend(stems.iter().map(|stem| format!("{stem}.wasm")));
        }
        let lazy = manifest
            .splits
            .iter()
            .filter(|(name, _)| !is_first(name))
            .map(|(name, stems)| {
                let more = stems.iter().map(|stem| format!("{stem}.wasm")).filter(|file| !first.contains(file));
                (name.as_str(), more.map(|file| wire(manifest, &file)).sum())
            })
            .collect();
        Report { manifest, first, lazy }
    }

    fn first_load(&self) -> u64 {
        self.first.iter().map(|file| wire(self.manifest, file)).sum()
    }

    /// Whether nothing is larger than it may be.
    pub fn is_within(&self) -> bool {
        self.first_load() <= FIRST_LOAD && self.lazy.values().all(|bytes| *bytes <= LAZY_PART)
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
            let mark = if self.first.contains(file) { "  (first load)" } else { "" };
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
        for (name, bytes) in &self.lazy {
            writeln!(f, "lazy {name}: {bytes} bytes more, {} the budget of {LAZY_PART}", verdict(*bytes, LAZY_PART))?;
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

    const SPLITS: [(&str, &[&str]); 2] =
        [("__calendar_page_view_1", &["chunk_1", "split_calendar"]), ("__patients_view_2", &["chunk_1", "chunk_2", "split_patients"])];

    #[test]
    fn the_first_load_is_scripts_main_module_and_the_calendars_chunks() {
        let manifest = manifest(
            &[
                ("atrium.js", 7_000),
                ("atrium_bg.wasm", 230_000),
                ("chunk_1.wasm", 10_000),
                ("split_calendar.wasm", 40_000),
                ("chunk_2.wasm", 9_000),
                ("split_patients.wasm", 50_000),
            ],
            &SPLITS,
        );
        let report = Report::of(&manifest);
        assert_eq!(report.first_load(), 287_000);
        assert_eq!(report.lazy["__patients_view_2"], 59_000);
        assert!(report.is_within());
    }

    #[test]
    fn a_part_past_the_budget_is_not_within() {
        let large = manifest(&[("atrium_bg.wasm", FIRST_LOAD + 1)], &[]);
        assert!(!Report::of(&large).is_within());
        let lazy = manifest(&[("atrium_bg.wasm", 1), ("chunk_2.wasm", 20_000), ("split_patients.wasm", LAZY_PART - 19_999)], &SPLITS);
        assert!(!Report::of(&lazy).is_within());
    }
}
