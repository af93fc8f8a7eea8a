//! What one browser prefers: language, theme, density. Kept in cookies, so that the first byte of a page is right;
//! the document element carries them, so that the browser needs no cookie to know.

use ui::Lang;
#[cfg(not(feature = "ssr"))]
use wasm_bindgen::JsValue;

/// Names of the cookies; the language can also be asked for as `?lang=pl`.
#[cfg(feature = "ssr")]
const LANG: &str = "atrium_lang";
const THEME: &str = "atrium_theme";
const DENSITY: &str = "atrium_density";

/// What one browser prefers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    pub lang: Lang,
    /// `light`, `dark`, or empty for what the system says. For `<html data-theme>`.
    pub theme: &'static str,
    /// `compact`, `touch`, or empty for comfortable. For `<html data-density>`.
    pub density: &'static str,
}

const THEMES: [&str; 2] = ["light", "dark"];
const DENSITIES: [&str; 2] = ["compact", "touch"];

fn known(value: &str, values: [&'static str; 2]) -> &'static str {
    values.into_iter().find(|known| *known == value).unwrap_or_default()
}

/// The preferences of the browser that asked.
#[cfg(feature = "ssr")]
pub fn current() -> Preferences {
    use leptos::prelude::use_context;
    let Some(parts) = use_context::<http::request::Parts>() else { return Preferences::default() };
    let header = |name| parts.headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok()).unwrap_or_default();
    let cookies = header(http::header::COOKIE);
    let cookie = |name: &str| cookies.split(';').find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('=')).unwrap_or_default();
    let lang =
        asked_for(&parts).or_else(|| Lang::from_code(cookie(LANG))).or_else(|| Lang::from_accepted(header(http::header::ACCEPT_LANGUAGE)));
    Preferences { lang: lang.unwrap_or_default(), theme: known(cookie(THEME), THEMES), density: known(cookie(DENSITY), DENSITIES) }
}

/// The language that the address asks for: `?lang=pl`.
#[cfg(feature = "ssr")]
fn asked_for(parts: &http::request::Parts) -> Option<Lang> {
    parts.uri.query()?.split('&').find_map(|pair| Lang::from_code(pair.strip_prefix("lang=")?))
}

/// As [`current`], for the document: a language that the address asks for is remembered from now on.
#[cfg(feature = "ssr")]
pub fn of_document() -> Preferences {
    use leptos::prelude::use_context;
    let preferences = current();
    let asked = use_context::<http::request::Parts>().and_then(|parts| asked_for(&parts));
    if let (Some(lang), Some(response)) = (asked, use_context::<leptos_axum::ResponseOptions>())
        && let Ok(cookie) = http::HeaderValue::from_str(&cookie(LANG, lang.code()))
    {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
    preferences
}

/// The preferences as the document element carries them.
#[cfg(not(feature = "ssr"))]
pub fn current() -> Preferences {
    let root = leptos::prelude::document().document_element();
    let attribute = |name: &str| root.as_ref().and_then(|root| root.get_attribute(name)).unwrap_or_default();
    Preferences {
        lang: Lang::from_code(&attribute("lang")).unwrap_or_default(),
        theme: known(&attribute("data-theme"), THEMES),
        density: known(&attribute("data-density"), DENSITIES),
    }
}

/// As [`current`]; only the server has something to remember.
#[cfg(not(feature = "ssr"))]
pub fn of_document() -> Preferences {
    current()
}

/// Changes the theme now and for the future; empty follows the system.
pub fn set_theme(theme: &str) {
    apply("data-theme", THEME, known(theme, THEMES));
}

/// Changes the density now and for the future; empty is comfortable.
pub fn set_density(density: &str) {
    apply("data-density", DENSITY, known(density, DENSITIES));
}

/// Only called by a click, so never on the server.
#[cfg(feature = "ssr")]
fn apply(_attribute: &str, _name: &str, _value: &str) {}

#[cfg(not(feature = "ssr"))]
fn apply(attribute: &str, name: &str, value: &str) {
    let document = leptos::prelude::document();
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute(attribute, value);
    }
    let _ = js_sys::Reflect::set(&document, &JsValue::from_str("cookie"), &JsValue::from_str(&cookie(name, value)));
}

/// A cookie for a year that says nothing about anybody.
fn cookie(name: &str, value: &str) -> String {
    let mut cookie = String::from(name);
    cookie.push('=');
    cookie.push_str(value);
    cookie.push_str("; Path=/; Max-Age=31536000; SameSite=Lax");
    cookie
}
