//! Views and effects without type parameters: the compiler makes their code once and not for every closure, and the
//! browser loads it once.

use leptos::{ev::SubmitEvent, prelude::*};
use std::{future::Future, pin::Pin};
use ui::Skeleton;

/// A part of the page that is drawn anew when a signal in it changes.
pub fn live(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    boxed(Box::new(draw))
}

fn boxed(draw: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || draw()).into_any()
}

/// A part that is there as long as the condition holds.
pub fn shown_while(condition: impl Fn() -> bool + Send + Sync + 'static, draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let holds = Memo::new(move |_| condition());
    live(move || if holds.get() { draw() } else { ().into_any() })
}

/// Runs in the browser, now and whenever a signal in it changes: for the world outside.
pub fn outside(run: impl FnMut() + Send + Sync + 'static) {
    run_boxed(Box::new(run));
}

fn run_boxed(mut run: Box<dyn FnMut() + Send + Sync>) {
    Effect::new(move |_: Option<()>| run());
}

/// What is drawn later.
pub type Later = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// The shape of a page until what it shows has been read.
pub fn suspended(draw: Box<dyn Fn() -> Later + Send + Sync>) -> AnyView {
    view! {
        <Suspense fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(draw())}
        </Suspense>
    }
    .into_any()
}

/// A form that is sent by Enter or by its button, and never by the browser itself.
pub fn form(send: Callback<()>, content: AnyView) -> AnyView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send.run(());
    };
    view! { <form class="form" on:submit=submit novalidate>{content}</form> }.into_any()
}

/// A bare field, for tables.
pub struct Bare {
    /// `text` or `date`.
    pub kind: &'static str,
    pub class: &'static str,
    /// For screen readers.
    pub label: String,
    pub placeholder: &'static str,
    /// Names of what may be typed, offered while typing: the id of a `<datalist>`.
    pub list: Option<&'static str>,
    pub value: Signal<String>,
    pub invalid: Signal<bool>,
    pub on_input: Callback<String>,
    /// The person has finished with it.
    pub on_change: Callback<String>,
}

impl Bare {
    /// A field that tells every change, and nothing when it is left.
    pub fn new(kind: &'static str, label: impl Into<String>, value: Signal<String>, on_input: Callback<String>) -> Bare {
        Bare {
            kind,
            class: "input",
            label: label.into(),
            placeholder: "",
            list: None,
            value,
            invalid: false.into(),
            on_input,
            on_change: Callback::new(|_| {}),
        }
    }

    /// The field.
    pub fn view(self) -> AnyView {
        let Bare { kind, class, label, placeholder, list, value, invalid, on_input, on_change } = self;
        view! {
            <input
                class=class
                type=kind
                list=list
                autocomplete="off"
                aria-label=label
                placeholder=placeholder
                aria-invalid=move || invalid.get().then_some("true")
                prop:value=value
                on:input=move |event| on_input.run(event_target_value(&event))
                on:change=move |event| on_change.run(event_target_value(&event))
            />
        }
        .into_any()
    }
}

/// A row of a table: what it is about, and the rest. The last cell holds its buttons, if `buttons`.
pub fn row(head: AnyView, rest: Vec<AnyView>) -> AnyView {
    let cells: Vec<AnyView> = rest.into_iter().map(|cell| view! { <td>{cell}</td> }.into_any()).collect();
    view! { <tr><th scope="row">{head}</th>{cells}</tr> }.into_any()
}

/// A text in a cell.
pub fn text(text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    text.into_any()
}
