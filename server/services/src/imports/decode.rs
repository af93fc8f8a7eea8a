//! The letters of a file: which encoding they are in, and what is no text at all.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_8859_2, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252};
use platform::{Error, Result};

use super::MOST_BYTES;

/// How files begin that are often taken for a table, and what they are.
const OTHERS: [(&[u8], &str, &str); 6] = [
    (b"PK\x03\x04", "compressed", "This is a compressed file or a workbook. Save it as CSV first."),
    (b"\x1f\x8b", "compressed", "This is a compressed file. Unpack it first."),
    (b"\xd0\xcf\x11\xe0", "binary", "This is an old workbook. Save it as CSV first."),
    (b"%PDF", "binary", "This is a PDF."),
    (b"Rar!", "compressed", "This is a compressed file. Unpack it first."),
    (b"7z\xbc\xaf", "compressed", "This is a compressed file. Unpack it first."),
];

/// The encodings that somebody may name.
const NAMED: [&Encoding; 6] = [UTF_8, UTF_16LE, UTF_16BE, WINDOWS_1250, WINDOWS_1252, ISO_8859_2];

fn refused(code: &str, message: &str) -> Error {
    Error::invalid("file", code, message)
}

/// The text of a file without its mark, and the name of its encoding: the one that is named, or the one it seems to be.
///
/// # Errors
/// `Invalid` at `file` or `encoding`.
pub(super) fn decode(bytes: &[u8], named: Option<&str>) -> Result<(String, String)> {
    if bytes.is_empty() {
        return Err(refused("required", "The file is empty."));
    }
    if bytes.len() > MOST_BYTES {
        return Err(refused("too_large", "A file has at most 20 MiB."));
    }
    if let Some((_, code, message)) = OTHERS.iter().find(|(beginning, _, _)| bytes.starts_with(beginning)) {
        return Err(refused(code, message));
    }
    let encoding = match named {
        Some(name) => NAMED
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(name.trim()))
            .ok_or_else(|| Error::invalid("encoding", "choice", "This encoding is not known here."))?,
        None => guess(bytes),
    };
    // A mark at the beginning says more than a name.
    let (text, read_as, broken) = encoding.decode(bytes);
    if broken {
        return Err(refused("encoding", "The file is not in this encoding."));
    }
    if text.contains('\0') {
        return Err(refused("binary", "This is no text."));
    }
    if text.trim().is_empty() {
        return Err(refused("required", "The file is empty."));
    }
    Ok((text.into_owned(), read_as.name().to_lowercase()))
}

/// What a file seems to be in. What could be both is taken for Central European, whose letters are Polish.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |from: usize| sample.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // In UTF-16 every second byte of plain letters is nothing.
    if odd > sample.len() / 8 && even * 4 < odd {
        return UTF_16LE;
    }
    if even > sample.len() / 8 && odd * 4 < even {
        return UTF_16BE;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    match detector.guess(Some(b"pl"), Utf8Detection::Deny) {
        found if NAMED.contains(&found) => found,
        // Whatever else it takes these few letters for, single bytes are what a spreadsheet of ours has written.
        _ => WINDOWS_1250,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "Imię,Nazwisko,Miasto\nŻaneta,Źdźbło,Łódź\nMałgorzata,Świętosławska,Gdańsk\n";

    fn code(refused: Result<(String, String)>) -> (String, String) {
        match refused {
            Err(Error::Invalid(errors)) => (errors[0].field.clone(), errors[0].code.clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_encoding_that_spreadsheets_write_is_recognised() {
        let utf16 = |big: bool| -> Vec<u8> {
            LINE.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let marked = |mark: &[u8], bytes: Vec<u8>| [mark.to_vec(), bytes].concat();
        let polish = WINDOWS_1250.encode(LINE).0.into_owned();
        for (bytes, name) in [
            (LINE.as_bytes().to_vec(), "utf-8"),
            (marked(b"\xef\xbb\xbf", LINE.into()), "utf-8"),
            (utf16(false), "utf-16le"),
            (utf16(true), "utf-16be"),
            (marked(b"\xff\xfe", utf16(false)), "utf-16le"),
            (marked(b"\xfe\xff", utf16(true)), "utf-16be"),
            (polish, "windows-1250"),
        ] {
            let (text, found) = decode(&bytes, None).expect(name);
            assert_eq!((text.as_str(), found.as_str()), (LINE, name));
        }
        let french = "Prénom;Société\nRenée;Hélène & François à Besançon\nGaël;Théâtre élégant\nZoë;Noël été forêt\n";
        let (text, found) = decode(&WINDOWS_1252.encode(french).0, Some("windows-1252")).expect("named");
        assert_eq!((text.as_str(), found.as_str()), (french, "windows-1252"));
    }

    #[test]
    fn what_is_no_table_is_refused_at_the_file() {
        let file = |code: &str| ("file".to_owned(), code.to_owned());
        assert_eq!(code(decode(b"", None)), file("required"));
        assert_eq!(code(decode(b" \r\n\r\n", None)), file("required"));
        assert_eq!(code(decode(b"PK\x03\x04\x14\0\0\0", None)), file("compressed"));
        assert_eq!(code(decode(b"a,b\n1,\0\n", None)), file("binary"));
        assert_eq!(code(decode(&vec![b'a'; MOST_BYTES + 1], None)), file("too_large"));
        assert_eq!(code(decode(b"Imi\xea,Nazwisko\n", Some("utf-8"))), file("encoding"));
        assert_eq!(code(decode(b"a,b\n", Some("klingon"))), ("encoding".to_owned(), "choice".to_owned()));
    }
}
