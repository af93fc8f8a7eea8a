//! A field of a form: label above, help below, its error where it happened.

use crate::{Failure, Icon, use_lang, words};
use leptos::{context::Provider, prelude::*};

/// What a control in a [`Field`] must know of it; inputs find it in their context.
#[derive(Clone)]
pub struct FieldIds {
    /// The control's id and the label's `for`.
    pub id: String,
    /// The control's `name`.
    pub name: &'static str,
    /// The control's `aria-describedby`.
    pub described_by: String,
    /// Whether there is an error.
    pub invalid: Signal<bool>,
    /// Whether it must be filled in.
    pub required: bool,
}

impl FieldIds {
    /// As `aria-invalid` wants it.
    pub fn aria_invalid(&self) -> Signal<Option<&'static str>> {
        let invalid = self.invalid;
        Signal::derive(move || invalid.get().then_some("true"))
    }
}

/// The field around a control. A control outside of one makes do with its own name.
pub fn use_field(name: &'static str) -> FieldIds {
    use_context::<FieldIds>().unwrap_or_else(|| FieldIds {
        id: field_id(name),
        name,
        described_by: String::new(),
        invalid: false.into(),
        required: false,
    })
}

/// The id of the control of that name, for links to it.
pub fn field_id(name: &str) -> String {
    let mut id = String::from("field-");
    id.push_str(name);
    id
}

/// Label, control, help and error. The control is a child: [`crate::Input`], [`crate::Select`], [`crate::TextArea`],
/// [`crate::Combobox`] or an element of one's own that uses [`use_field`].
#[component]
pub fn Field(
    /// Name of the control and of the field in what the server answers.
    name: &'static str,
    /// Stands above it.
    #[prop(into)]
    label: String,
    /// Stands below it.
    #[prop(optional, into)]
    help: String,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// What the server said; the field takes from it what concerns it.
    #[prop(optional, into)]
    failure: Signal<Option<Failure>>,
    /// What this page found wrong with it by itself.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// The control.
    children: Children,
) -> AnyView {
    let lang = use_lang();
    let error = Memo::new(move |_| error.get().or_else(|| failure.with(|failure| failure.as_ref()?.field(lang, name))));
    let id = field_id(name);
    let mut help_id = id.clone();
    help_id.push_str("-help");
    let mut error_id = id.clone();
    error_id.push_str("-error");
    let mut described_by = error_id.clone();
    if !help.is_empty() {
        described_by.push(' ');
        described_by.push_str(&help_id);
    }
    let ids = FieldIds { id: id.clone(), name, described_by, invalid: Signal::derive(move || error.with(Option::is_some)), required };
    let mut classes = String::from("field ");
    classes.push_str(class);
    view! {
        <div class=classes class:invalid=move || error.with(Option::is_some)>
            <label for=id>
                {label}
                {required.then(|| view! { <span class="required" title=words::required(lang) aria-hidden="true">"*"</span> })}
            </label>
            <Provider value=ids>{children()}</Provider>
            <p class="error" id=error_id>
                {move || error.get().map(|error| view! { <Icon name="warning"/> {error} })}
            </p>
            {(!help.is_empty()).then(|| view! { <p class="help" id=help_id>{help}</p> })}
        </div>
    }
    .into_any()
}
