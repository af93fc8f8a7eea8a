//! Style sheets: one file from the entry and all it imports, with the fonts and pictures it names beside it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use lightningcss::{
    bundler::{Bundler, FileProvider},
    dependencies::{Dependency, DependencyOptions},
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions},
    targets::{Browsers, Targets},
};

use crate::failure::{Context, Failure};

/// Browsers from the middle of 2024 on: they know nesting, layers, `oklch()` and `light-dark()`, so that nothing is lowered.
fn targets() -> Targets {
    let version = |major: u32, minor: u32| Some((major << 16) | (minor << 8));
    Targets::from(Browsers {
        chrome: version(123, 0),
        edge: version(123, 0),
        firefox: version(128, 0),
        safari: version(17, 5),
        ios_saf: version(17, 5),
        ..Browsers::default()
    })
}

/// Bundles `entry` into `out/name` and copies the files its `url()`s name into `out`.
pub fn bundle(entry: &Path, out: &Path, name: &str) -> Result<(), Failure> {
    let files = FileProvider::new();
    let mut sheet = Bundler::new(&files, None, ParserOptions::default())
        .bundle(entry)
        .map_err(|cause| Failure::new(format!("{}: {cause}", entry.display())))?;
    sheet
        .minify(MinifyOptions { targets: targets(), ..MinifyOptions::default() })
        .map_err(|cause| Failure::new(format!("{}: {cause}", entry.display())))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            targets: targets(),
            analyze_dependencies: Some(DependencyOptions { remove_imports: false }),
            ..PrinterOptions::default()
        })
        .map_err(|cause| Failure::new(format!("{}: {cause}", entry.display())))?;

    let mut code = printed.code;
    let mut copied: BTreeMap<String, PathBuf> = BTreeMap::new();
    for dependency in printed.dependencies.unwrap_or_default() {
        let Dependency::Url(named) = dependency else { continue };
        let shown = if is_elsewhere(&named.url) {
            named.url
        } else {
            let source = Path::new(&named.loc.file_path).parent().unwrap_or(Path::new("")).join(&named.url);
            copy_once(&source, out, &mut copied)?
        };
        code = code.replace(&named.placeholder, &shown);
    }
    let file = out.join(name);
    std::fs::write(&file, code).with(|| file.display().to_string())
}

/// Copies `source` into the package under its own name; two different files of one name are a mistake.
fn copy_once(source: &Path, out: &Path, copied: &mut BTreeMap<String, PathBuf>) -> Result<String, Failure> {
    let real = source.canonicalize().with(|| format!("{} is named by a style sheet", source.display()))?;
    let name = real.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match copied.get(&name) {
        Some(known) if *known == real => {}
        Some(known) => return Err(Failure::new(format!("{} and {} would be one file", known.display(), real.display()))),
        None => {
            std::fs::copy(&real, out.join(&name)).with(|| real.display().to_string())?;
            copied.insert(name.clone(), real);
        }
    }
    Ok(name)
}

/// Whether a `url()` does not name a file of ours: inline data, another site, an absolute path, a fragment.
fn is_elsewhere(url: &str) -> bool {
    url.starts_with(['/', '#']) || url.split_once(':').is_some_and(|(scheme, _)| !scheme.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("atrium-bundle-{}-{name}", std::process::id()));
        std::fs::create_dir_all(folder.join("fonts")).unwrap();
        std::fs::create_dir_all(folder.join("out")).unwrap();
        folder
    }

    #[test]
    fn imports_are_followed_and_fonts_lie_beside_the_sheet() {
        let folder = folder("imports");
        std::fs::write(folder.join("main.css"), "@layer base, ui;\n@import \"./fonts/fonts.css\" layer(base);\n.a { & .b { color: red } }")
            .unwrap();
        std::fs::write(folder.join("fonts/fonts.css"), "@font-face { font-family: X; src: url(\"x.woff2\") format(\"woff2\") }").unwrap();
        std::fs::write(folder.join("fonts/x.woff2"), "font").unwrap();
        bundle(&folder.join("main.css"), &folder.join("out"), "atrium.css").unwrap();
        let css = std::fs::read_to_string(folder.join("out/atrium.css")).unwrap();
        let place = |part: &str| css.find(part).unwrap_or_else(|| panic!("{part} is missing: {css}"));
        assert!(place("@layer base") < place("@layer ui"), "{css}");
        assert!(place("x.woff2") < place("color:red") && !css.contains("@import"), "{css}");
        assert_eq!(std::fs::read(folder.join("out/x.woff2")).unwrap(), b"font");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn addresses_that_are_no_files_stay_as_they_are() {
        for elsewhere in ["/icons/a.svg", "#mask", "data:image/png;base64,AA", "https://example.org/a.png"] {
            assert!(is_elsewhere(elsewhere), "{elsewhere}");
        }
        for ours in ["a.woff2", "./fonts/a.woff2", "../a:b/c.svg"] {
            assert!(!is_elsewhere(ours), "{ours}");
        }
    }
}
