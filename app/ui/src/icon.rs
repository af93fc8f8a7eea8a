//! Icons: one sprite in the document, drawn once; each use is two tags. No icon lives in the wasm.

use leptos::prelude::*;

/// An icon of the sprite, 16 px unless CSS says otherwise, in the colour of the text around it. Hidden from screen
/// readers: give the button or the text beside it a name.
#[component]
pub fn Icon(
    /// Its name in the sprite: `calendar`, `people`, `lock` …
    name: &'static str,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let mut href = String::with_capacity(24);
    href.push_str("#icon-");
    href.push_str(name);
    let mut classes = String::from("icon ");
    classes.push_str(class);
    view! { <svg class=classes aria-hidden="true"><use href=href></use></svg> }.into_any()
}

/// The sprite. The shell renders it once, after `<App/>`, outside of what is hydrated.
pub fn sprite() -> AnyView {
    view! { <svg class="sprite" aria-hidden="true" inner_html=include_str!("icon/sprite.svg")></svg> }.into_any()
}
