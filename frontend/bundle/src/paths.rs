//! Takes the building machine's paths out of the compiled frontend.
//!
//! Every check that could end in a panic carries the name of its source file, and those of libraries lie below the
//! builder's home. They say nothing to whoever meets one in a browser, tell strangers about the builder, and were two
//! kilobytes of the first load. Our own files keep their names.

use std::{env, path::PathBuf};

use wasmparser::{Parser, Payload};

use crate::failure::{Context, Failure};

/// Where the compiler's own library was built.
const COMPILER: [&str; 2] = ["/rustc/", "/rust/deps/"];
const SOURCE: &[u8] = b".rs";
/// Longer than any path of a source file.
const LONGEST: usize = 400;

/// Blanks the paths in the data; says how many there were. All lengths stay, and with them every position.
pub fn blank(wasm: &mut [u8]) -> Result<usize, Failure> {
    let mut data = 0..0;
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::DataSection(section) = payload.with(|| "reading the wasm".into())? {
            let range = section.range();
            data = range.start as usize..range.end as usize;
        }
    }
    let mut prefixes: Vec<Vec<u8>> = COMPILER.iter().map(|prefix| prefix.as_bytes().to_vec()).collect();
    prefixes.extend(library());
    Ok(blank_in(&mut wasm[data], &prefixes))
}

/// Where Cargo keeps the sources of libraries.
fn library() -> Option<Vec<u8>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))?;
    let mut sources = home.join("registry/src").to_str()?.as_bytes().to_vec();
    sources.push(b'/');
    Some(sources)
}

fn blank_in(data: &mut [u8], prefixes: &[Vec<u8>]) -> usize {
    let mut blanked = 0;
    let mut at = 0;
    while at < data.len() {
        let rest = &data[at..];
        let length = prefixes.iter().find(|prefix| rest.starts_with(prefix)).and_then(|prefix| end_of_path(rest, prefix.len()));
        if let Some(length) = length {
            data[at..at + length].fill(b' ');
            blanked += 1;
            at += length;
        } else {
            at += 1;
        }
    }
    blanked
}

/// How far the path goes that begins here; none if this is no path of a source file.
fn end_of_path(text: &[u8], from: usize) -> Option<usize> {
    let part_of_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(byte);
    let end = text.iter().take(LONGEST).position(|byte| !part_of_path(byte)).unwrap_or(text.len().min(LONGEST));
    let found = text.get(from..end)?.windows(SOURCE.len()).position(|window| window == SOURCE)?;
    Some(from + found + SOURCE.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_libraries_go_and_all_around_them_stays() {
        let mut data =
            b"Save/home/x/.cargo/registry/src/index-1/a-0.1/src/lib.rsCancel\0/rustc/12ab/library/core/str.rs/rustc no path".to_vec();
        let before = data.len();
        let prefixes = [b"/home/x/.cargo/registry/src/".to_vec(), b"/rustc/".to_vec()];
        assert_eq!(blank_in(&mut data, &prefixes), 2);
        assert_eq!(data.len(), before);
        let text = String::from_utf8(data).unwrap();
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["Save", "Cancel\0", "/rustc", "no", "path"]);
    }
}
