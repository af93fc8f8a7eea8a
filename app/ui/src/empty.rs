//! What stands where nothing is yet: an invitation, or the shape of what is on its way.

use crate::Icon;
use leptos::prelude::*;

/// Says what belongs here and offers the first step.
#[component]
pub fn Empty(
    /// An icon of what belongs here.
    #[prop(optional)]
    icon: &'static str,
    /// What belongs here.
    #[prop(into)]
    title: String,
    /// Why there is nothing yet, or what it is good for.
    #[prop(optional, into)]
    text: String,
    /// The first step: a button.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    view! {
        <div class="empty">
            {(!icon.is_empty()).then(|| view! { <Icon name=icon/> })}
            <h2>{title}</h2>
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// Grey lines in the shape of what is loading. Screen readers hear that it loads.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
    /// Another shape than lines: `rows` of a list, `block`.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let lang = crate::use_lang();
    let mut classes = String::from("skeleton ");
    classes.push_str(class);
    view! {
        <div class=classes role="status" aria-label=crate::words::loading(lang)>
            {(0..lines).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
    .into_any()
}
