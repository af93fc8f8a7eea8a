//! The HTML document around the application.

#[cfg(feature = "ssr")]
use {
    crate::App,
    leptos::{config::LeptosOptions, hydration::HydrationScripts, prelude::*},
    leptos_meta::{Formatter, MetaTags, Title, TitleProps},
};

/// The document: style sheet, manifest, what starts the browser's half, and the application inside `<body>`.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let preferences = app_platform::preferences::of_document();
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
                <MetaTags/>
                <HydrationScripts options=options.clone()/>
                <script src="/beside/waiting.js" defer="defer" nonce=leptos::nonce::use_nonce()></script>
                <script src="/beside/presence.js" defer="defer" nonce=leptos::nonce::use_nonce()></script>
            </head>
            <body>
                <App/>
                {ui::icon::sprite()}
            </body>
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
