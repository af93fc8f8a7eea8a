//! Capital and small letters. In the browser the browser's own tables are asked: Rust's would be five kilobytes of the
//! first load.

/// In small letters.
pub fn lower(text: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    return js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(target_arch = "wasm32"))]
    text.to_lowercase()
}

/// In capital letters.
pub fn upper(text: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    return js_sys::JsString::from(text).to_upper_case().into();
    #[cfg(not(target_arch = "wasm32"))]
    text.to_uppercase()
}

/// As at the beginning of a line.
pub fn capitalized(text: &str) -> String {
    let end = text.chars().next().map_or(0, char::len_utf8);
    let (first, rest) = text.split_at(end);
    let mut capitalized = upper(first);
    capitalized.push_str(rest);
    capitalized
}

/// In small letters without Polish diacritics, so that `wisniewska` finds Wiśniewska.
pub fn fold(text: &str) -> String {
    lower(text)
        .chars()
        .map(|letter| match letter {
            'ą' => 'a',
            'ć' => 'c',
            'ę' => 'e',
            'ł' => 'l',
            'ń' => 'n',
            'ó' => 'o',
            'ś' => 's',
            'ź' | 'ż' => 'z',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_without_diacritics_finds_them() {
        assert_eq!(fold("Wiśniewska-Żółć"), "wisniewska-zolc");
    }

    #[test]
    fn a_line_begins_with_a_capital() {
        assert_eq!(capitalized("łóżko"), "Łóżko");
        assert_eq!(capitalized(""), "");
    }
}
