//! Files that have a fixed address: the web manifest, the icons, the offline page.

use std::{fs, path::Path};

use crate::{
    digest,
    failure::{Context, Failure},
};

/// Stands for the package's folder in HTML files.
const PACKAGE: &str = "{package}";

/// Copies all of `source` into the site; pages learn where the package is.
pub fn copy(source: &Path, site: &Path, package: &str) -> Result<(), Failure> {
    for file in digest::files_below(source)? {
        let place = site.join(file.strip_prefix(source).with(|| file.display().to_string())?);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).with(|| folder.display().to_string())?;
        }
        if file.extension().is_some_and(|ext| ext == "html") {
            let page = fs::read_to_string(&file).with(|| file.display().to_string())?;
            fs::write(&place, page.replace(PACKAGE, package)).with(|| place.display().to_string())?;
        } else {
            fs::copy(&file, &place).with(|| place.display().to_string())?;
        }
    }
    Ok(())
}
