//! Addresses: with one parameter more or less, and the way from one to another.

use leptos::prelude::*;

/// Percent-encodes all but unreserved characters, for a value in a query string.
pub fn encoded(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    out
}

/// `path?search` with `key` set to `value`, or without `key` if there is none. `search` comes with or without `?`.
pub fn with_parameter(path: &str, search: &str, key: &str, value: Option<&str>) -> String {
    let mut address = String::from(path);
    let mut mark = '?';
    for pair in search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
        if pair.split('=').next() != Some(key) {
            address.push(mark);
            address.push_str(pair);
            mark = '&';
        }
    }
    if let Some(value) = value {
        address.push(mark);
        address.push_str(key);
        address.push('=');
        address.push_str(&encoded(value));
    }
    address
}

/// What stands where another screen is meant: the way there. From the server it is a redirection; in the browser the address
/// that led here is left out of the history, so that one step back does not lead here again.
pub fn go_to(path: &str) -> AnyView {
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(path);
    #[cfg(not(feature = "ssr"))]
    {
        let path = path.to_owned();
        let go = leptos_router::hooks::use_navigate();
        // Once what is being shown now is there: its own arrival would be taken for the end of this way.
        Effect::new(move |_| go(&path, leptos_router::NavigateOptions { replace: true, ..Default::default() }));
    }
    ().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_parameter_is_replaced_and_the_others_stay() {
        let address = with_parameter("/dashboard/calendar", "?view=week&lang=en&date=2026-11-24", "lang", Some("pl"));
        assert_eq!(address, "/dashboard/calendar?view=week&date=2026-11-24&lang=pl");
        assert_eq!(with_parameter("/a", "lang=pl", "lang", None), "/a");
    }

    #[test]
    fn values_are_encoded() {
        assert_eq!(with_parameter("/sign-in", "", "next", Some("/a?b=ż")), "/sign-in?next=%2Fa%3Fb%3D%C5%BC");
    }
}
