//! Buttons, and links that look like them.

use crate::Icon;
use leptos::prelude::*;

/// How loud a button is. One primary on a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Bordered: most buttons.
    #[default]
    Quiet,
    /// Filled with the accent: the one thing to do here.
    Primary,
    /// Without a border: beside many others, in toolbars.
    Plain,
    /// For what cannot be undone.
    Danger,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Quiet => "button quiet",
            Tone::Primary => "button primary",
            Tone::Plain => "button plain",
            Tone::Danger => "button danger",
        }
    }
}

/// A button. While `busy` it stays where it is, keeps its focus and does nothing.
#[component]
pub fn Button(
    /// How loud it is.
    #[prop(optional)]
    tone: Tone,
    /// An icon before the text.
    #[prop(optional)]
    icon: &'static str,
    /// Its name where it shows an icon only; also its tooltip.
    #[prop(optional, into)]
    name: String,
    /// Whether it sends the form it stands in; `on_press` may be left out then.
    #[prop(optional)]
    submit: bool,
    /// Cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What it started is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it is the one that is on, for buttons that switch something.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// What a press does: `on_press=move || …`.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The text.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let mut classes = String::from(tone.class());
    classes.push(' ');
    classes.push_str(class);
    let bare = children.is_none();
    let name = (!name.is_empty()).then_some(name);
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=classes
            class:bare=bare
            aria-label=name.clone()
            title=name
            aria-pressed=move || pressed.map(|pressed| if pressed.get() { "true" } else { "false" })
            aria-busy=move || busy.get().then_some("true")
            // A disabled button loses its focus; a busy one must not.
            aria-disabled=move || busy.get().then_some("true")
            disabled=move || disabled.get()
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                } else if let Some(on_press) = on_press {
                    on_press.run(());
                }
            }
        >
            {(!icon.is_empty()).then(|| view! { <Icon name=icon/> })}
            {children.map(|children| children())}
        </button>
    }
    .into_any()
}

/// A link that looks like a button, for what has an address.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How loud it is.
    #[prop(optional)]
    tone: Tone,
    /// An icon before the text.
    #[prop(optional)]
    icon: &'static str,
    /// Its name where it shows an icon only; also its tooltip.
    #[prop(optional, into)]
    name: String,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// The text.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let mut classes = String::from(tone.class());
    classes.push(' ');
    classes.push_str(class);
    let bare = children.is_none();
    let name = (!name.is_empty()).then_some(name);
    view! {
        <a href=move || href.get() class=classes class:bare=bare aria-label=name.clone() title=name>
            {(!icon.is_empty()).then(|| view! { <Icon name=icon/> })}
            {children.map(|children| children())}
        </a>
    }
    .into_any()
}
