//! A form or list that opens inside of a panel or page: one press of Esc closes it and nothing around it.

use leptos::{html, leptos_dom::helpers::request_animation_frame, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// What is inside takes the focus when it opens, its first field if it has one, and gives it back when it closes: to what
/// opened it or, if that was drawn anew meanwhile, to the first button beside it.
#[component]
pub fn Inner(
    /// Whether it is open; shut it is hidden and keeps what was typed.
    #[prop(into)]
    open: Signal<bool>,
    /// Esc: `on_close=move || …`.
    #[prop(into)]
    on_close: Callback<()>,
    /// The content.
    children: Children,
) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    let before = StoredValue::new_local(None::<(Option<HtmlElement>, HtmlElement)>);
    let give_back = move || {
        let Some((opener, around)) = before.try_update_value(Option::take).flatten() else { return };
        // What opened it may come back with the next frame.
        request_animation_frame(move || {
            // What was hidden keeps the focus until the browser has drawn again.
            let lost =
                |active: web_sys::Element| active.tag_name() == "BODY" || active.closest("[hidden]").is_ok_and(|hidden| hidden.is_some());
            if !document().active_element().is_none_or(lost) {
                return;
            }
            let beside = || around.query_selector("button").ok().flatten().map(JsCast::unchecked_into::<HtmlElement>);
            if let Some(target) = opener.filter(|opener| opener.is_connected()).or_else(beside) {
                let _ = target.focus();
            }
        });
    };
    // The world outside: the focus.
    Effect::new(move |_| {
        let Some(inner) = node.get() else { return };
        if !open.get() {
            give_back();
            return;
        }
        let opener = document().active_element().filter(|active| active.tag_name() != "BODY").and_then(|active| active.dyn_into().ok());
        if let Some(around) = inner.parent_element().and_then(|around| around.dyn_into().ok()) {
            before.set_value(Some((opener, around)));
        }
        request_animation_frame(move || {
            let field = inner.query_selector("input:not([type=hidden]), textarea, select").ok().flatten();
            let _ = field.map_or_else(|| inner.clone().unchecked_into::<HtmlElement>(), JsCast::unchecked_into).focus();
        });
    });
    on_cleanup(give_back);
    let escape = move |key: KeyboardEvent| {
        let elsewhere = key.default_prevented() || document().query_selector("dialog[open], :popover-open").ok().flatten().is_some();
        if key.key() == "Escape" && !elsewhere {
            key.prevent_default();
            on_close.run(());
        }
    };
    view! { <div class="inner" tabindex="-1" hidden=move || !open.get() node_ref=node on:keydown=escape>{children()}</div> }.into_any()
}
