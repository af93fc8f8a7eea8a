//! Takes functions out of the compiled frontend which it cannot reach but seems to.
//!
//! Leptos' type-erased views carry a table of functions for every view, and in it the one that hydrates asynchronously.
//! Ours hydrates synchronously (`frontend/src/lib.rs`), so these are never called; yet the compiler must keep whatever a table
//! names, and they were an eighth of the main module. Here their bodies become a single trap
//! before the module is split, so that nothing is thought to need what they called, and Binaryen removes the rest. If
//! one were called after all, the page would die at its start and every test in a browser with it.
//!
//! Bodies keep their length: the relocations of all other functions stay valid.

use std::{collections::BTreeSet, ops::Range};

use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::{
    archive::leb128,
    failure::{Context, Failure},
};

/// What the mangled names of such functions contain: identifiers, each with its length before it. Only the entries of
/// the tables are named: a function further in may be shared with one of equal code that is called.
const UNREACHABLE: [&str; 1] = ["into_any13hydrate_async"];

const TRAP: u8 = 0x00;
const NOTHING: u8 = 0x01;
const END: u8 = 0x0b;
/// No locals, a trap, and the end.
const SHORTEST: usize = 3;

/// The module without what the named functions do; how many there were.
pub fn unreachable(wasm: &[u8]) -> Result<(Vec<u8>, usize), Failure> {
    let module = Module::read(wasm).with(|| "reading the wasm".into())?;
    let taken: Vec<Range<usize>> = module
        .bodies
        .iter()
        .enumerate()
        .filter(|(at, body)| module.doomed.contains(&(module.imported + *at as u32)) && body.len() >= SHORTEST)
        .map(|(_, body)| body.clone())
        .collect();
    let mut out = wasm.to_vec();
    for body in &taken {
        let bytes = &mut out[body.clone()];
        bytes.fill(NOTHING);
        bytes[0] = 0;
        bytes[1] = TRAP;
        *bytes.last_mut().unwrap_or(&mut 0) = END;
    }
    if let Some(relocations) = &module.relocations {
        let section = without(wasm, relocations, module.code, &taken).with(|| "reading the relocations".into())?;
        out.splice(relocations.section.clone(), section);
    }
    Ok((out, taken.len()))
}

/// Where everything lies; positions count from the start of the file.
#[derive(Default)]
struct Module {
    /// How many functions are imported: the first one with a body has this number.
    imported: u32,
    /// Where the content of the code section begins; relocations count from here.
    code: usize,
    bodies: Vec<Range<usize>>,
    doomed: BTreeSet<u32>,
    relocations: Option<Relocations>,
}

/// The section that says what the linker wrote into the code.
struct Relocations {
    /// All of it, with its number and its length.
    section: Range<usize>,
    /// What follows its name.
    content: Range<usize>,
}

impl Module {
    fn read(wasm: &[u8]) -> Result<Module, wasmparser::BinaryReaderError> {
        let mut module = Module::default();
        let mut end_of_last = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            match &payload {
                Payload::ImportSection(imports) => {
                    for import in imports.clone().into_imports() {
                        module.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionStart { range, .. } => module.code = range.start as usize,
                Payload::CodeSectionEntry(body) => module.bodies.push(positions(body.range())),
                Payload::CustomSection(custom) => {
                    if let KnownCustom::Name(names) = custom.as_known() {
                        for name in names {
                            if let Name::Function(names) = name? {
                                for naming in names {
                                    let naming = naming?;
                                    if UNREACHABLE.iter().any(|part| naming.name.contains(part)) {
                                        module.doomed.insert(naming.index);
                                    }
                                }
                            }
                        }
                    } else if custom.name() == "reloc.CODE" {
                        let start = custom.data_offset() as usize;
                        let content = start..start + custom.data().len();
                        module.relocations = Some(Relocations { section: end_of_last..content.end, content });
                    }
                }
                _ => {}
            }
            if let Some((_, range)) = payload.as_section() {
                end_of_last = range.end as usize;
            }
            if let Payload::CodeSectionEntry(body) = &payload {
                end_of_last = body.range().end as usize;
            }
        }
        Ok(module)
    }
}

/// A file that is in memory has no longer positions than a `usize` holds.
fn positions(range: Range<u64>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// The section of relocations without those inside of `taken`.
fn without(wasm: &[u8], relocations: &Relocations, code: usize, taken: &[Range<usize>]) -> Result<Vec<u8>, wasmparser::BinaryReaderError> {
    let reader = wasmparser::BinaryReader::new(&wasm[relocations.content.clone()], relocations.content.start as u64);
    let reader = wasmparser::RelocSectionReader::new(reader)?;
    let section_index = reader.section_index();
    let mut kept = Vec::new();
    let mut count = 0;
    let mut entries = reader.entries().into_iter_with_offsets().peekable();
    while let Some(entry) = entries.next() {
        let (start, entry) = entry?;
        let end = match entries.peek() {
            Some(Ok((next, _))) => *next as usize,
            _ => relocations.content.end,
        };
        let place = code + entry.offset as usize;
        // Bodies are in the order of their positions.
        let after = taken.partition_point(|body| body.end <= place);
        if taken.get(after).is_some_and(|body| body.contains(&place)) {
            continue;
        }
        kept.extend_from_slice(&wasm[start as usize..end]);
        count += 1;
    }
    let mut content = Vec::with_capacity(kept.len() + 32);
    let name = b"reloc.CODE";
    leb128(&mut content, name.len());
    content.extend_from_slice(name);
    leb128(&mut content, section_index as usize);
    leb128(&mut content, count);
    content.append(&mut kept);
    let mut section = vec![0];
    leb128(&mut section, content.len());
    section.append(&mut content);
    Ok(section)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One imported function, then two with bodies; the second is `into_any13hydrate_async`. Each body is `i32.const 5 drop`,
    /// with its constant relocated.
    fn module() -> Vec<u8> {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        let mut section = |id: u8, content: &[u8]| {
            wasm.push(id);
            wasm.push(content.len() as u8);
            wasm.extend_from_slice(content);
        };
        section(1, &[1, 0x60, 0, 0]);
        section(2, &[1, 1, b'm', 1, b'f', 0, 0]);
        section(3, &[2, 0, 0]);
        section(10, &[2, 5, 0, 0x41, 5, 0x1a, END, 5, 0, 0x41, 5, 0x1a, END]);
        section(0, b"\x0areloc.CODE\x03\x02\x04\x04\x00\x00\x04\x0a\x00\x00");
        section(0, b"\x04name\x01\x20\x02\x01\x04kept\x02\x17into_any13hydrate_async");
        wasm
    }

    #[test]
    fn what_hydrates_asynchronously_traps_and_its_relocations_are_gone_and_the_rest_stays() {
        let wasm = module();
        let before = Module::read(&wasm).unwrap();
        let (stripped, count) = unreachable(&wasm).unwrap();
        assert_eq!(count, 1);
        let after = Module::read(&stripped).unwrap();
        assert_eq!(stripped[after.bodies[0].clone()], wasm[before.bodies[0].clone()]);
        assert_eq!(stripped[after.bodies[1].clone()], [0, TRAP, NOTHING, NOTHING, END]);
        let content = after.relocations.unwrap().content;
        assert_eq!(stripped[content], *b"\x03\x01\x04\x04\x00\x00");
    }
}
