//! The HTML document around the application.

#[cfg(feature = "ssr")]
use {
    crate::App,
    app_platform::preferences::Preferences,
    leptos::{config::LeptosOptions, hydration::HydrationScripts, prelude::*},
    leptos_meta::{Formatter, MetaTags, Title, TitleProps},
};

/// The document: style sheet, manifest, what starts the browser's half, and the application inside `<body>`.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let preferences = app_platform::preferences::of_document();
    document(options, preferences, || view! { <App/> {ui::icon::sprite()} }.into_any())
}

/// The document up to where what the page is made of begins to tell in its head: the same for all pages of a browser.
/// What [`shell`] renders for the same request begins with it to the byte.
#[cfg(feature = "ssr")]
pub fn beginning(options: LeptosOptions, parts: http::request::Parts, nonce: leptos::nonce::Nonce) -> String {
    let owner = Owner::new();
    let mut page = owner.with(|| {
        provide_context(parts);
        provide_context(nonce);
        document(options, app_platform::preferences::current(), || ().into_any()).into_view().to_html()
    });
    owner.cleanup();
    page.truncate(page.find(MARK).unwrap_or_default());
    page
}

/// Where `leptos_meta` puts what a page says in its head.
#[cfg(feature = "ssr")]
const MARK: &str = "<!--HEAD-->";

/// All that is the same for every page comes first in the head.
#[cfg(feature = "ssr")]
fn document(options: LeptosOptions, preferences: Preferences, body: impl FnOnce() -> AnyView) -> impl IntoView {
    let styles = format!("/{}/atrium.css", options.site_pkg_dir);
    view! {
        <!DOCTYPE html>
        <html lang=preferences.lang.code() data-theme=preferences.theme data-density=preferences.density>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#faf8f4"/>
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#1b1a17"/>
                <link rel="stylesheet" href=styles/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icons/192.png"/>
                <HydrationScripts options=options.clone()/>
                <script src="/beside/waiting.js" defer="defer" nonce=leptos::nonce::use_nonce()></script>
                <script src="/beside/presence.js" defer="defer" nonce=leptos::nonce::use_nonce()></script>
                <script src="/beside/fingers.js" defer="defer" nonce=leptos::nonce::use_nonce()></script>
                <MetaTags/>
            </head>
            <body>{body()}</body>
        </html>
    }
}

/// Titles hold names that people have typed, and `leptos_meta` writes them into the page as they are: one with a
/// `</title>` in it could go on with markup of its own. The browser sets titles as text and needs none of this.
#[cfg(feature = "ssr")]
pub fn titles_are_text() {
    let as_text = |title: String| title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = Title(TitleProps { formatter: Some(Formatter::from(as_text)), text: None });
}
