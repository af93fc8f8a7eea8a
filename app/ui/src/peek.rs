//! The panel on the right that opens a record beside the list or calendar without leaving it.

use crate::{Icon, use_lang, words};
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

/// The panel. It is open as long as it is rendered: `<Show when=…><Peek …/></Show>`. Opening moves the focus into it,
/// closing gives it back.
#[component]
pub fn Peek(
    /// What it shows, for screen readers: “Visit”.
    #[prop(into)]
    label: String,
    /// The quiet line at the top: kind, number.
    #[prop(optional, into)]
    kind: String,
    /// Hue of the mark beside it, 0–359.
    #[prop(optional)]
    hue: Option<u16>,
    /// Esc or the button: `on_close=move || …`.
    #[prop(into)]
    on_close: Callback<()>,
    /// Whether opening moves the focus; false where the list keeps it and ↑↓ moves on.
    #[prop(default = true)]
    take_focus: bool,
    /// The content.
    children: Children,
) -> AnyView {
    let lang = use_lang();
    let node = NodeRef::<html::Aside>::new();
    let before = StoredValue::new_local(None::<web_sys::HtmlElement>);
    // The world outside: the focus moves into the panel and, when it closes, back to where it was.
    Effect::new(move |_| {
        let Some(panel) = node.get() else { return };
        if take_focus {
            before.set_value(document().active_element().and_then(|element| element.dyn_into().ok()));
            let _ = panel.focus();
        }
    });
    on_cleanup(move || {
        if let Some(element) = before.try_with_value(Clone::clone).flatten() {
            let _ = element.focus();
        }
    });
    let escape = window_event_listener(ev::keydown, move |event| {
        let elsewhere = event.default_prevented() || document().query_selector("dialog[open], :popover-open").ok().flatten().is_some();
        if event.key() == "Escape" && !elsewhere {
            event.prevent_default();
            on_close.run(());
        }
    });
    on_cleanup(move || escape.remove());
    let mark = hue.map(|hue| {
        let mut style = String::from("--hue:");
        style.push_str(&hue.to_string());
        view! { <i class="dot" style=style></i> }
    });
    view! {
        <aside class="peek" aria-label=label tabindex="-1" node_ref=node>
            <div class="peek-top">
                {mark}
                <span>{kind}</span>
                <button type="button" class="button plain away" title=words::close(lang) on:click=move |_| on_close.run(())>
                    <kbd>"Esc"</kbd>
                    <span class="visually-hidden">{words::close(lang)}</span>
                    <Icon name="close"/>
                </button>
            </div>
            <div class="peek-body">{children()}</div>
        </aside>
    }
    .into_any()
}
