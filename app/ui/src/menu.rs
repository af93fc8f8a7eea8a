//! A button that opens a short list: the browser's own popover, which works before and without wasm.

use crate::Icon;
use leptos::prelude::*;

/// A button with a popover below it; Esc or a click elsewhere closes it.
#[component]
pub fn Menu(
    /// Unique on the page.
    id: &'static str,
    /// The button's name where its content is no text.
    #[prop(optional, into)]
    name: String,
    /// What the button shows.
    button: AnyView,
    /// Whether a small arrow says that there is more.
    #[prop(default = true)]
    arrow: bool,
    /// Further classes of both: `end` aligns the list with the button's right edge.
    #[prop(optional)]
    class: &'static str,
    /// The list.
    children: Children,
) -> AnyView {
    let mut classes = String::from("menu ");
    classes.push_str(class);
    let mut button_classes = String::from("button menu-button ");
    button_classes.push_str(class);
    let name = (!name.is_empty()).then_some(name);
    view! {
        <button type="button" class=button_classes popovertarget=id aria-label=name.clone() title=name>
            {button}
            {arrow.then(|| view! { <Icon name="down" class="arrow"/> })}
        </button>
        <div class=classes id=id popover="auto">{children()}</div>
    }
    .into_any()
}
