//! Telephone numbers as the world writes them.

use super::normal_phone;

/// Countries by ISO 3166 with their calling code, and whether a zero stands before numbers dialled within the country.
const CODES: &[(&str, &str, bool)] = &[
    ("AT", "43", true),
    ("AU", "61", true),
    ("BE", "32", true),
    ("BG", "359", true),
    ("CA", "1", false),
    ("CH", "41", true),
    ("CN", "86", true),
    ("CY", "357", false),
    ("CZ", "420", false),
    ("DE", "49", true),
    ("DK", "45", false),
    ("EE", "372", false),
    ("ES", "34", false),
    ("FI", "358", true),
    ("FR", "33", true),
    ("GB", "44", true),
    ("GR", "30", false),
    ("HR", "385", true),
    ("HU", "36", false),
    ("IE", "353", true),
    ("IN", "91", true),
    ("IT", "39", false),
    ("JP", "81", true),
    ("LT", "370", true),
    ("LU", "352", false),
    ("LV", "371", false),
    ("MT", "356", false),
    ("NL", "31", true),
    ("NO", "47", false),
    ("NZ", "64", true),
    ("PL", "48", false),
    ("PT", "351", false),
    ("RO", "40", true),
    ("SE", "46", true),
    ("SI", "386", true),
    ("SK", "421", true),
    ("UA", "380", true),
    ("US", "1", false),
];

/// A number in E.164 as it is dialled from anywhere: what has no country is of the organization's own (ISO 3166). Numbers
/// too short to be dialled from elsewhere stay as they are; none for what is no number at all.
pub fn e164(text: &str, country: &str) -> Option<String> {
    let digits = normal_phone(text)?;
    if digits.starts_with('+') {
        return Some(digits);
    }
    let Some((_, code, trunk)) = CODES.iter().find(|(key, _, _)| *key == country) else { return Some(digits) };
    let national = if *trunk { digits.strip_prefix('0').unwrap_or(&digits) } else { &digits };
    // Written with the country, but without the plus.
    if *code == "1" && national.len() == 11 && national.starts_with('1') {
        return Some(["+", national].concat());
    }
    if national.len() < 7 || national.len() > 12 {
        return Some(digits.clone());
    }
    if national.len() >= 9 + code.len() && national.starts_with(code) {
        return Some(["+", national].concat());
    }
    Some(["+", code, national].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_a_country_is_of_the_organizations_own() {
        for (text, country, number) in [
            ("601 224 118", "PL", "+48601224118"),
            ("48 601 224 118", "PL", "+48601224118"),
            ("(512) 555-0100", "US", "+15125550100"),
            ("1 512 555 0100", "US", "+15125550100"),
            ("020 7946 0000", "GB", "+442079460000"),
            ("+33 1 23 45 67 89", "PL", "+33123456789"),
            ("0033 1 23 45 67 89", "PL", "+33123456789"),
            ("123456", "PL", "123456"),
            ("601224118", "XX", "601224118"),
        ] {
            assert_eq!(e164(text, country).as_deref(), Some(number), "{text}");
        }
        assert_eq!(e164("call me", "PL"), None);
    }
}
