//! Short decisions, in the browser's own dialog: it keeps the focus inside, closes by Esc and gives the focus back.

use crate::{
    Icon,
    button::{Button, Tone},
    use_lang, words,
};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// A dialog. Its content exists only while it is open.
#[component]
pub fn Dialog(
    /// Whether it is open; closing sets it to false.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Further classes: `wide`.
    #[prop(optional)]
    class: &'static str,
    /// The content. An `autofocus` says where to begin; a last `<footer>` holds the buttons.
    children: ChildrenFn,
) -> AnyView {
    let lang = use_lang();
    let node = NodeRef::<html::Dialog>::new();
    // The world outside: the dialog's own state. A frame later, when its content is there to take the focus.
    Effect::new(move |_| {
        let wanted = open.get();
        request_animation_frame(move || {
            let Some(dialog) = node.try_get_untracked().flatten() else { return };
            if wanted && !dialog.open() {
                let _ = dialog.show_modal();
                if let Some(first) = dialog.query_selector("[data-autofocus]").ok().flatten() {
                    let _ = first.unchecked_into::<web_sys::HtmlElement>().focus();
                }
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        });
    });
    let mut classes = String::from("dialog ");
    classes.push_str(class);
    view! {
        <dialog
            class=classes
            node_ref=node
            aria-label=move || title.get()
            on:close=move |_| open.set(false)
        >
            <Show when=move || open.get()>
                <h2>{move || title.get()}</h2>
                {children()}
                <button type="button" class="button plain bare leave" aria-label=words::close(lang) on:click=move |_| open.set(false)>
                    <Icon name="close"/>
                </button>
            </Show>
        </dialog>
    }
    .into_any()
}

/// Asks before something that cannot be undone. What can be undone gets an Undo toast instead.
#[component]
pub fn Confirm(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question: “Remove Ewa Mróz?”
    #[prop(into)]
    title: Signal<String>,
    /// What will be the case afterwards.
    #[prop(into)]
    text: Signal<String>,
    /// What the button does, as a verb.
    #[prop(into)]
    action: String,
    /// The person said yes: `on_confirm=move || …`.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> AnyView {
    let lang = use_lang();
    let action = StoredValue::new(action);
    view! {
        <Dialog open=open title=title class="narrow">
            <p>{move || text.get()}</p>
            <footer>
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button
                    tone=Tone::Danger
                    on_press=move || {
                        open.set(false);
                        on_confirm.run(());
                    }
                >
                    {action.get_value()}
                </Button>
            </footer>
        </Dialog>
    }
    .into_any()
}
