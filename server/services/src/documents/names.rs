//! Names of files and folders as they may be kept and told to a browser.

use std::fmt::Write as _;

/// The longest name of a file and of a folder's whole path, in characters.
pub const LONGEST: usize = 200;
/// How many folders may lie within each other.
const DEEPEST: usize = 5;
/// How many characters an ending has at most, without its dot.
const ENDING: usize = 10;

/// A file's name without the folders before it, without what leaves no mark or turns the direction of reading, and without
/// what file systems do not take; empty if nothing is left. The ending outlives the cut where it is too long.
pub fn file(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = plain(last);
    let (stem, ending) = split(&plain);
    let room = LONGEST - ending.chars().count();
    let stem: String = stem.chars().take(room).collect();
    [stem.trim_end(), ending].concat()
}

/// A folder's path, its parts as [`file`] would call them; `None` if it lies too deep or is too long.
pub fn folder(path: &str) -> Option<String> {
    let parts: Vec<String> = path.split(['/', '\\']).map(plain).filter(|part| !part.is_empty()).collect();
    let whole = parts.join("/");
    (parts.len() <= DEEPEST && whole.chars().count() <= LONGEST).then_some(whole)
}

/// A name with the ending of another.
pub fn with_ending(name: &str, other: &str) -> String {
    let (stem, ending) = (split(name).0, split(other).1);
    let stem: String = stem.chars().take(LONGEST - ending.chars().count()).collect();
    [stem.as_str(), ending].concat()
}

/// `Content-Disposition` of a file of that name: its letters as they are for those that know them (RFC 6266), and plain ones
/// for those that do not. Nothing that is typed ends the header or begins another.
pub fn disposition(name: &str, shown: bool) -> String {
    let mut header = String::from(if shown { "inline" } else { "attachment" });
    header.push_str("; filename=\"");
    header.extend(name.chars().map(|letter| match letter {
        '"' | '\\' | '%' => '_',
        ' '..='~' => letter,
        _ => '_',
    }));
    header.push_str("\"; filename*=UTF-8''");
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => header.push(char::from(byte)),
            // Writing into a text does not fail.
            _ => drop(write!(header, "%{byte:02X}")),
        }
    }
    header
}

/// The stem and the ending with its dot; a name that only begins with a dot has none.
fn split(name: &str) -> (&str, &str) {
    let short = |ending: &str| (1..=ENDING).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && short(ending) => (stem, &name[stem.len()..]),
        _ => (name, ""),
    }
}

fn plain(part: &str) -> String {
    let kept = part.chars().filter(|letter| !is_hidden(*letter)).map(|letter| match letter {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
        letter if letter.is_whitespace() => ' ',
        letter => letter,
    });
    let text: String = kept.collect();
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    // A name of dots alone is a way elsewhere, and one that ends with them is another on some systems.
    words.join(" ").trim_end_matches(['.', ' ']).to_owned()
}

/// Controls, and marks by which `cod.exe` reads as `exe.doc`.
fn is_hidden(letter: char) -> bool {
    (letter.is_control() && !letter.is_whitespace())
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_its_folders_and_what_deceives() {
        for (typed, kept) in [
            ("report.pdf", "report.pdf"),
            ("C:\\Users\\Anna\\zgoda  na zabieg.pdf", "zgoda na zabieg.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..", ""),
            (" \u{202e}cod.exe ", "cod.exe"),
            ("a\r\nSet-Cookie: b.txt", "a Set-Cookie_ b.txt"),
            ("żółć?.png", "żółć_.png"),
            ("final.", "final"),
            (".profile", ".profile"),
        ] {
            assert_eq!(file(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let kept = file(&["ż".repeat(400).as_str(), ".jpeg"].concat());
        assert_eq!((kept.chars().count(), kept.ends_with(".jpeg")), (LONGEST, true));
        assert_eq!(file(&["a.", &"b".repeat(400)].concat()).chars().count(), LONGEST);
    }

    #[test]
    fn a_folder_is_a_short_path() {
        assert_eq!(folder(" Consents // 2026/ ").as_deref(), Some("Consents/2026"));
        assert_eq!(folder("../../x").as_deref(), Some("x"));
        assert_eq!(folder("").as_deref(), Some(""));
        assert_eq!(folder("a/b/c/d/e/f"), None);
        assert_eq!(folder(&"a".repeat(LONGEST + 1)), None);
    }

    #[test]
    fn another_file_brings_its_ending_along() {
        assert_eq!(with_ending("Consent.docx", "scan 12.pdf"), "Consent.pdf");
        assert_eq!(with_ending("Consent", "scan.pdf"), "Consent.pdf");
        assert_eq!(with_ending("Consent.docx", "scan"), "Consent");
        assert_eq!(with_ending("v1. draft of it", "scan.pdf"), "v1. draft of it.pdf");
        assert!(with_ending(&"a".repeat(LONGEST), "b.pdf").chars().count() <= LONGEST);
    }

    #[test]
    fn nothing_in_a_name_ends_the_header() {
        assert_eq!(disposition("a b.pdf", true), "inline; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf");
        assert_eq!(disposition("ż\"\r\n.pdf", false), "attachment; filename=\"____.pdf\"; filename*=UTF-8''%C5%BC%22%0D%0A.pdf");
    }
}
