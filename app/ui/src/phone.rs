//! Telephone numbers as people say them.

/// `+48 601 224 118`: Polish and American numbers in groups, others as they are.
pub fn phone(number: &str) -> String {
    let digits = number.strip_prefix('+').unwrap_or_default();
    let (code, groups): (&str, &[usize]) = match (digits.len(), digits) {
        (11, digits) if digits.starts_with("48") => ("48", &[3, 3, 3]),
        (11, digits) if digits.starts_with('1') => ("1", &[3, 3, 4]),
        _ => return number.to_owned(),
    };
    let mut text = String::from("+");
    text.push_str(code);
    let mut rest = &digits[code.len()..];
    for group in groups {
        // Anything but plain digits is left as it is.
        let Some((head, tail)) = rest.split_at_checked(*group) else { return number.to_owned() };
        text.push('\u{a0}');
        text.push_str(head);
        rest = tail;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::phone;

    #[test]
    fn telephone_numbers_are_grouped_as_people_say_them() {
        assert_eq!(phone("+48601224118"), "+48\u{a0}601\u{a0}224\u{a0}118");
        assert_eq!(phone("+15125550123"), "+1\u{a0}512\u{a0}555\u{a0}0123");
        assert_eq!(phone("+4930123456"), "+4930123456");
        assert_eq!(phone("0048 601"), "0048 601");
    }
}
