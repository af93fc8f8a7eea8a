//! Puts the chunks that lazy parts share into a few files.
//!
//! The splitter makes a chunk for every set of parts that have code in common: two hundred files, most of them smaller
//! than the request for them, and each compressed by itself. Here a chunk goes into the archive of the module whose
//! parts use it, and what several modules use into one of two: what the calendar's panel needs anyway, and the rest.
//! What only two or few parts share has archives beside each of these, so that the others need not load it.
//!
//! An archive is a wasm module of nothing but custom sections, one for each chunk, so that the browser itself takes
//! it apart while it streams in.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{
    failure::{Context, Failure},
    wasm::LOADER,
};

/// Which files each part needs: stems without `.wasm`, its own first.
pub type Splits = BTreeMap<String, Vec<String>>;

/// Name of the custom sections that hold chunks; the loader asks for them by it.
const SECTION: &str = "chunk";
/// How the splitter names chunks that parts share.
const SHARED: &str = "chunk_";
/// Parts that are few.
const FEW: usize = 5;
/// The module whose panel is what the desk opens first.
const FIRST: &str = "calendar";

/// Replaces the chunks in `folder` by archives and rewrites the loader; what each part needs from now on.
pub fn shared_chunks(folder: &Path, splits: &Splits) -> Result<Splits, Failure> {
    let archives = assign(splits);
    for (archive, chunks) in &archives {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        for chunk in chunks {
            let file = folder.join(format!("{chunk}.wasm"));
            let content = std::fs::read(&file).with(|| file.display().to_string())?;
            section(&mut bytes, &content);
            std::fs::remove_file(&file).with(|| file.display().to_string())?;
        }
        let file = folder.join(format!("{archive}.wasm"));
        std::fs::write(&file, bytes).with(|| file.display().to_string())?;
    }
    let needs: Splits = splits.iter().map(|(part, stems)| (part.clone(), renamed(stems, &archives))).collect();
    let file = folder.join(LOADER);
    let made = std::fs::read_to_string(&file).with(|| file.display().to_string())?;
    let loader = loader(&made, &needs)?;
    std::fs::write(&file, loader).with(|| file.display().to_string())?;
    Ok(needs)
}

/// The module a part belongs to: the first word of its chunk's name.
fn module(part: &str) -> &str {
    part.split('_').next().unwrap_or(part)
}

/// Archives with their chunks, both in order.
fn assign(splits: &Splits) -> BTreeMap<String, BTreeSet<String>> {
    let mut parts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (part, stems) in splits {
        for stem in stems.iter().filter(|stem| stem.starts_with(SHARED)) {
            parts.entry(stem).or_default().insert(part);
        }
    }
    let mut archives: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (chunk, parts) in parts {
        let users: BTreeSet<&str> = parts.iter().map(|part| module(part)).collect();
        let mut archive = match users.first() {
            Some(only) if users.len() == 1 => format!("shared_{only}"),
            _ if users.contains(FIRST) => "shared_by_first".into(),
            _ => "shared_by_several".into(),
        };
        archive.push_str(match parts.len() {
            ..=2 => "_two",
            3..=FEW => "_few",
            _ => "",
        });
        archives.entry(archive).or_default().insert(chunk.into());
    }
    archives
}

fn renamed(stems: &[String], archives: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let own = stems.iter().filter(|stem| !stem.starts_with(SHARED)).cloned();
    let shared = archives.iter().filter(|(_, chunks)| stems.iter().any(|stem| chunks.contains(stem)));
    own.chain(shared.map(|(archive, _)| archive.clone())).collect()
}

/// The splitter's own loader up to its first chunk, and then ours.
fn loader(made: &str, needs: &Splits) -> Result<String, Failure> {
    let strange = || Failure::new("the splitter's loader is not of the shape that is known");
    let end = made.find("function makeLoad(").and_then(|at| made[at..].find("\n}\n").map(|length| at + length + 3)).ok_or_else(strange)?;
    let mut text = made[..end].to_owned();
    text.push_str(&format!(
        r#"function file(stem) {{
    return fetch(new URL(`./${{stem}}.wasm`, import.meta.url));
}}
function archive(stem) {{
    return makeLoad(() => {{
        const chunks = WebAssembly.compileStreaming(file(stem)).then((module) => WebAssembly.Module.customSections(module, "{SECTION}"));
        chunks.catch(() => {{}});
        return async (imports) => Promise.all((await chunks).map((chunk) => WebAssembly.instantiate(chunk, imports)));
    }}, []);
}}
function part(stem, archives) {{
    return wrapAsyncCb(makeLoad(() => {{
        const source = file(stem);
        source.catch(() => {{}});
        return async (imports) => WebAssembly.instantiateStreaming(source, imports);
    }}, archives));
}}
"#
    ));
    let archives: BTreeSet<&String> = needs.values().flat_map(|stems| stems.iter().skip(1)).collect();
    for archive in archives {
        text.push_str(&format!("const {archive} = archive(\"{archive}\");\n"));
    }
    for (part, stems) in needs {
        let [own, archives @ ..] = stems.as_slice() else { return Err(strange()) };
        text.push_str(&format!("export const __wasm_split_load_{part} = part(\"{own}\", [{}]);\n", archives.join(", ")));
    }
    Ok(text)
}

/// One custom section.
fn section(module: &mut Vec<u8>, content: &[u8]) {
    module.push(0);
    leb128(module, 1 + SECTION.len() + content.len());
    leb128(module, SECTION.len());
    module.extend_from_slice(SECTION.as_bytes());
    module.extend_from_slice(content);
}

/// A number as wasm writes it.
pub fn leb128(out: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splits() -> Splits {
        let part = |name: &str, stems: &[&str]| (name.to_owned(), stems.iter().map(|stem| (*stem).to_owned()).collect());
        BTreeMap::from([
            part("calendar_panel", &["chunk_1", "split_calendar_panel"]),
            part("crm_leads", &["chunk_1", "chunk_2", "split_crm_leads"]),
            part("gabinet_staff", &["chunk_2", "chunk_3", "split_gabinet_staff"]),
            part("gabinet_visit", &["chunk_3", "split_gabinet_visit"]),
            part("gabinet_times", &["chunk_3", "split_gabinet_times"]),
            part("gabinet_patients", &["chunk_3", "split_gabinet_patients"]),
        ])
    }

    #[test]
    fn a_part_needs_its_own_file_and_the_archives_of_what_it_shares() {
        let archives = assign(&splits());
        assert_eq!(archives["shared_gabinet_few"], BTreeSet::from(["chunk_3".to_owned()]));
        let needs: Splits = splits().iter().map(|(part, stems)| (part.clone(), renamed(stems, &archives))).collect();
        assert_eq!(needs["calendar_panel"], ["split_calendar_panel", "shared_by_first_two"]);
        assert_eq!(needs["crm_leads"], ["split_crm_leads", "shared_by_first_two", "shared_by_several_two"]);
        assert_eq!(needs["gabinet_staff"], ["split_gabinet_staff", "shared_by_several_two", "shared_gabinet_few"]);
    }

    #[test]
    fn an_archive_is_a_module_whose_sections_are_the_chunks() {
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        section(&mut module, &[7; 300]);
        section(&mut module, b"second");
        let found: Vec<Vec<u8>> = wasmparser::Parser::new(0)
            .parse_all(&module)
            .filter_map(|payload| match payload.unwrap() {
                wasmparser::Payload::CustomSection(custom) if custom.name() == SECTION => Some(custom.data().to_vec()),
                _ => None,
            })
            .collect();
        assert_eq!(found, [vec![7; 300], b"second".to_vec()]);
    }

    #[test]
    fn the_loader_keeps_what_the_splitter_made_and_names_every_part() {
        let made =
            "import { initSync } from \"./atrium.js\";\nfunction makeLoad(fetcher, deps) {\n    return 1;\n}\nconst __chunk_1 = 2;\n";
        let needs = BTreeMap::from([("crm_leads".to_owned(), vec!["split_crm_leads".to_owned(), "shared_crm".to_owned()])]);
        let text = loader(made, &needs).unwrap();
        assert!(text.starts_with("import { initSync }") && !text.contains("__chunk_1"));
        assert!(text.contains("const shared_crm = archive(\"shared_crm\");"));
        assert!(text.contains("export const __wasm_split_load_crm_leads = part(\"split_crm_leads\", [shared_crm]);"));
        assert!(loader("nothing of it", &needs).is_err());
    }
}
