//! What a file is, by its bytes.

/// Of all that a browser is not to show.
pub const DOWNLOADED: &str = "application/octet-stream";

/// What begins how, of what a browser may show.
const BEGINNINGS: [(&[u8], &str); 3] =
    [(b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg")];

/// The media type by which a file is served: one of the few that a browser may show, or [`DOWNLOADED`]. What it is called has
/// no say: a page of HTML that is called `.png` is downloaded like any other.
pub fn media_type(bytes: &[u8]) -> &'static str {
    let begun = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
    match begun {
        Some((_, kind)) => kind,
        None if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => "image/webp",
        None if is_plain(bytes) => "text/plain",
        None => DOWNLOADED,
    }
}

/// Whether a browser may show what is of this type, beside downloading it.
pub fn is_shown(media_type: &str) -> bool {
    media_type != DOWNLOADED
}

/// UTF-8 that is meant to be read. What begins as markup does is none, whatever a browser were to make of it.
fn is_plain(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let begun = text.trim_start_matches('\u{feff}').trim_start();
    !begun.starts_with('<') && !text.chars().any(|letter| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_is_its_bytes_say() {
        let cases: [(&[u8], &str); 7] = [
            (b"%PDF-1.7\n...", "application/pdf"),
            (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
            ("Zażółć gęślą jaźń\r\n\ttwo".as_bytes(), "text/plain"),
            (b"PK\x03\x04", DOWNLOADED),
            (b"RIFF\x10\0\0\0WAVEfmt ", DOWNLOADED),
        ];
        for (bytes, kind) in cases {
            assert_eq!(media_type(bytes), kind, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn what_a_browser_might_run_is_never_shown() {
        let dangerous: [&[u8]; 6] = [
            b"<!doctype html><script>alert(1)</script>",
            b"\xef\xbb\xbf \r\n<html>",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            b"<?xml version=\"1.0\"?><a/>",
            b"MZ\x90\0",
            b"\x01plain",
        ];
        for bytes in dangerous {
            assert!(!is_shown(media_type(bytes)), "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(media_type(b" %PDF-1.7"), "text/plain", "what begins otherwise is no PDF");
    }
}
