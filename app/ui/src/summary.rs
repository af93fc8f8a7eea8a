//! All that is wrong with a form, above it.

use crate::{Failure, Icon, field::field_id, field_text, use_lang, words};
use leptos::{html, prelude::*};

/// Appears when the server refused what a form sent; takes the focus, and leads to each field at fault.
#[component]
pub fn ErrorSummary(
    /// What the server said.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
    /// The form's fields with their labels, in order.
    #[prop(optional)]
    fields: Vec<(&'static str, &'static str)>,
) -> AnyView {
    let lang = use_lang();
    let node = NodeRef::<html::Div>::new();
    // The world outside: the focus, each time something new is wrong.
    Effect::new(move |_| {
        if failure.with(Option::is_some) {
            request_animation_frame(move || {
                if let Some(summary) = node.try_get_untracked().flatten() {
                    let _ = summary.focus();
                }
            });
        }
    });
    let content = move || {
        let failure = failure.get()?;
        let errors = &failure.0.errors;
        let list = errors
            .iter()
            .map(|error| {
                let text = field_text(lang, &error.code, &error.message);
                match fields.iter().find(|(name, _)| *name == error.field) {
                    Some((name, label)) => {
                        let mut href = String::from("#");
                        href.push_str(&field_id(name));
                        view! { <li><a href=href>{*label}": "{text}</a></li> }.into_any()
                    }
                    None => view! { <li>{text}</li> }.into_any(),
                }
            })
            .collect_view();
        let title = if errors.is_empty() { failure.text(lang) } else { words::errors_title(lang, errors.len() as i64) };
        let reference = failure.0.correlation_id.filter(|_| failure.code() == "internal");
        Some(view! {
            <Icon name="warning"/>
            <div>
                <p>{title}</p>
                <ul>{list}</ul>
                {reference.map(|id| view! { <small>{words::correlation(lang, &id.to_string())}</small> })}
            </div>
        })
    };
    view! {
        <div class="summary alert critical" role="alert" tabindex="-1" node_ref=node hidden=move || failure.with(Option::is_none)>
            {content}
        </div>
    }
    .into_any()
}
