//! A control for a field of whichever kind, and values as people read them. Everything is text while it is edited; the code
//! that reads what programs send reads it.

use chrono::NaiveDateTime;
use leptos::{context::Provider, prelude::*};
use platform::{id::EntityId, money::Money};
use serde_json::Value as Json;
use services::records::{FieldInfo, Kind, Value, Values};
use ui::{
    Checkbox, Choice, Combobox, Failure, Found, Icon, Input, Lang, Select, TextArea, amount, field::FieldIds, field_text, use_lang,
    use_modules, when,
};

use super::doors::{Habits, pick_records};
use crate::words;

/// A field that is being filled in.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) field: FieldInfo,
    text: RwSignal<String>,
    /// What a reference points at.
    chosen: RwSignal<Option<Choice>>,
    before: String,
}

/// What a field is called: a declared one in the reader's language.
pub(crate) fn label(lang: Lang, field: &FieldInfo) -> String {
    let known = match (field.custom, field.key.as_str()) {
        (None, "status") => words::field_status(lang),
        (None, "title") => words::field_title(lang),
        (None, "created_at") => words::named_created_at(lang),
        (None, "updated_at") => words::named_updated_at(lang),
        (None, "given_name") => words::field_given_name(lang),
        (None, "family_name") => words::field_family_name(lang),
        (None, "birth_date") => words::field_birth_date(lang),
        (None, "email") => words::field_email(lang),
        (None, "phone") => words::field_phone(lang),
        (None, "language") => words::named_language(lang),
        (None, "tax_id") => words::company_tax_id(lang),
        (None, "parent") => words::company_parent(lang),
        (None, "website") => words::company_website(lang),
        (None, "street") => words::company_street(lang),
        (None, "postcode") => words::postcode(lang),
        (None, "city") => words::city(lang),
        (None, "country") => words::country(lang),
        (None, "credit_limit") => words::company_credit_limit(lang),
        (None, "payment_days") => words::company_payment_days(lang),
        // What only one product's records have is called so by the product.
        (None, key) => match use_modules().label(lang, &["field.", key].concat()) {
            Some(name) => name,
            None => return field.label.clone(),
        },
        (Some(_), _) => return field.label.clone(),
    };
    known.to_owned()
}

/// What is wrong, in the reader's language: what only fields know is told here, so that no other page carries it.
pub(crate) fn told(lang: Lang, code: &str, message: &str) -> String {
    let known = match code {
        "key" => words::code_key(lang),
        "pattern" => words::code_pattern(lang),
        "least" => words::code_least(lang),
        "most" => words::code_most(lang),
        "url" => words::code_url(lang),
        "number" => words::code_number(lang),
        "money" => words::code_money(lang),
        "unknown" => words::code_unknown(lang),
        "read_only" => words::code_read_only(lang),
        "cycle" => words::code_cycle(lang),
        "field" => words::code_field(lang),
        "function" => words::code_function(lang),
        "arguments" => words::code_arguments(lang),
        "syntax" | "letter" | "text_end" => words::code_syntax(lang),
        "type" => words::code_type(lang),
        "division" => words::code_division(lang),
        "currency" => words::code_currency(lang),
        "too_large" | "too_deep" => words::code_too_large(lang),
        "kind" | "computed" | "same" => words::code_kind(lang),
        "json" | "properties" => words::code_json(lang),
        "reference" => words::code_ref(lang),
        "in_use" => words::code_in_use(lang),
        _ => return field_text(lang, code, message),
    };
    known.to_owned()
}

/// A failure with what is wrong with its fields told so.
pub(crate) fn localised(lang: Lang, failure: Failure) -> Failure {
    let mut problem = failure.0;
    for error in &mut problem.errors {
        error.message = told(lang, &error.code, &error.message);
        error.code = ["fields.", &error.code].concat();
    }
    Failure(problem)
}

impl Draft {
    /// A field with the value that it has.
    pub(crate) fn new(field: &FieldInfo, values: &Values, titles: &[(EntityId, String)], habits: &Habits) -> Draft {
        let value = values.get(&field.key);
        let before = value.map(|value| written(value, habits)).unwrap_or_default();
        let chosen = match value {
            Some(Value::Reference(id)) => {
                let title = titles.iter().find(|(known, _)| known == id).map_or_else(String::new, |(_, title)| title.clone());
                Some(Choice::new(id.to_string(), title))
            }
            _ => None,
        };
        Draft { field: field.clone(), text: RwSignal::new(before.clone()), chosen: RwSignal::new(chosen), before }
    }

    fn now(&self) -> String {
        match self.field.kind {
            Kind::Reference(_) => {
                self.chosen.with_untracked(|chosen| chosen.as_ref().map(|choice| choice.value.clone()).unwrap_or_default())
            }
            _ => self.text.get_untracked(),
        }
    }
}

/// A value as its control holds it.
fn written(value: &Value, habits: &Habits) -> String {
    match value {
        Value::Instant(at) => habits.zone.wall(*at).format("%Y-%m-%dT%H:%M").to_string(),
        Value::Money { minor, currency } => match currency.parse() {
            Ok(known) if *currency == habits.currency => Money::new(*minor, known).decimal(),
            _ => value.plain(),
        },
        Value::Choices(keys) => keys.join(","),
        Value::Error(_) => String::new(),
        value => value.plain(),
    }
}

/// What was changed: values, and keys of what was emptied; or what is wrong, by field.
pub(crate) fn read_all(drafts: &[Draft], habits: &Habits) -> Result<(Values, Vec<String>), Failure> {
    let (mut values, mut emptied, mut errors) = (Values::new(), Vec::new(), Vec::new());
    for draft in drafts.iter().filter(|draft| draft.field.editable) {
        let text = draft.now();
        if text == draft.before {
            continue;
        }
        let read = match (&draft.field.kind, NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M")) {
            (Kind::DateTime, Ok(wall)) => Ok(Some(Value::Instant(habits.zone.instant(wall).rule_boundary()))),
            (kind, _) => Value::from_json(kind, &Json::String(text), &habits.currency),
        };
        match read {
            Ok(Some(value)) => {
                values.insert(draft.field.key.clone(), value);
            }
            Ok(None) => emptied.push(draft.field.key.clone()),
            Err((code, message)) => {
                errors.push(platform::error::FieldError { field: draft.field.key.clone(), code: code.into(), message: message.into() });
            }
        }
    }
    if errors.is_empty() { Ok((values, emptied)) } else { Err(Failure::of_fields(errors)) }
}

/// Label, control, help and what is wrong.
pub(crate) fn control(draft: &Draft, failure: RwSignal<Option<Failure>>) -> AnyView {
    let lang = use_lang();
    let field = draft.field.clone();
    let key = field.key.clone();
    let error = Memo::new(move |_| {
        failure.with(|failure| {
            let errors = &failure.as_ref()?.0.errors;
            errors.iter().find(|error| error.field == key).map(|error| told(lang, &error.code, &error.message))
        })
    });
    let id = ["field-", &field.key].concat();
    let error_id = [&id, "-error"].concat();
    let ids = FieldIds {
        id: id.clone(),
        name: "value",
        described_by: error_id.clone(),
        invalid: Signal::derive(move || error.with(Option::is_some)),
        required: field.required,
    };
    let many = matches!(field.kind, Kind::MultiChoice(_) | Kind::Boolean);
    let name = label(lang, &field);
    let (draft, spoken) = (draft.clone(), name.clone());
    let heading = if many {
        view! { <span class="label">{name}</span> }.into_any()
    } else {
        view! { <label for=id>{name}{field.required.then(|| view! { <span class="required" aria-hidden="true">"*"</span> })}</label> }
            .into_any()
    };
    view! {
        <div class="field" class:invalid=move || error.with(Option::is_some)>
            {heading}
            // Made inside, where it finds the field it stands in.
            <Provider value=ids>{inner(&draft, &spoken)}</Provider>
            <p class="error" id=error_id>{move || error.get().map(|error| view! { <Icon name="warning"/> {error} })}</p>
            {(!field.help.is_empty()).then(|| view! { <p class="help">{field.help.clone()}</p> })}
        </div>
    }
    .into_any()
}

fn inner(draft: &Draft, name: &str) -> AnyView {
    let lang = use_lang();
    let text = draft.text;
    let chosen_key = |choices: &[services::records::Choice]| {
        choices.iter().map(|choice| Choice::new(choice.key.clone(), choice_label(choice))).collect::<Vec<_>>()
    };
    match &draft.field.kind {
        Kind::LongText => view! { <TextArea value=text rows=3/> }.into_any(),
        Kind::Number | Kind::Percent | Kind::Money => view! { <Input value=text inputmode="decimal" autocomplete="off"/> }.into_any(),
        Kind::Date => view! { <Input kind="date" value=text/> }.into_any(),
        Kind::DateTime => view! { <Input kind="datetime-local" value=text/> }.into_any(),
        Kind::Email => view! { <Input kind="email" value=text autocomplete="off"/> }.into_any(),
        Kind::Phone => view! { <Input kind="tel" value=text autocomplete="off"/> }.into_any(),
        Kind::Url => view! { <Input kind="url" value=text autocomplete="off"/> }.into_any(),
        Kind::Text => view! { <Input value=text autocomplete="off"/> }.into_any(),
        Kind::Choice(choices) => view! { <Select choices=chosen_key(choices) value=text placeholder="—"/> }.into_any(),
        Kind::Boolean => {
            let on = Signal::derive(move || text.with(|text| text == "true"));
            view! { <Checkbox label=words::field_yes(lang) checked=on on_change=move |ticked: bool| text.set(ticked.to_string())/> }
                .into_any()
        }
        Kind::MultiChoice(choices) => {
            let ticks = chosen_key(choices)
                .into_iter()
                .map(|choice| {
                    let key = StoredValue::new(choice.value);
                    let has = move |text: &str| key.with_value(|key| text.split(',').any(|word| word == key));
                    let on = Signal::derive(move || text.with(|text| has(text)));
                    let change = move |ticked: bool| {
                        text.update(|text| {
                            let mut words: Vec<String> = text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect();
                            key.with_value(|key| words.retain(|word| word != key));
                            if ticked {
                                words.push(key.get_value());
                            }
                            *text = words.join(",");
                        });
                    };
                    view! { <Checkbox label=choice.label checked=on on_change=change/> }
                })
                .collect_view();
            view! { <div class="ticks" role="group" aria-label=name.to_owned()>{ticks}</div> }.into_any()
        }
        Kind::Reference(target) => {
            let target = target.clone();
            let found = Found::new(move |typed| {
                let target = target.clone();
                async move { Ok(pick_records(target, typed).await?.into_iter().map(|(id, title)| Choice::new(id.to_string(), title)).collect()) }
            });
            view! { <Combobox value=draft.chosen found=found/> }.into_any()
        }
    }
}

fn choice_label(choice: &services::records::Choice) -> String {
    choice.label.clone()
}

/// A value as people read it.
pub(crate) fn shown(lang: Lang, field: &FieldInfo, value: Option<&Value>, titles: &[(EntityId, String)], habits: &Habits) -> AnyView {
    let Some(value) = value else { return view! { <span class="nothing">"—"</span> }.into_any() };
    match value {
        Value::Error(error) => {
            let text = told(lang, &error.code, &error.message);
            let title = text.clone();
            view! { <span class="object-error" title=title><Icon name="warning"/>{text}</span> }.into_any()
        }
        Value::Choices(keys) => {
            let tags = keys.iter().map(|key| {
                let choice = field.kind.choices().iter().find(|choice| choice.key == *key);
                let text = choice.map_or_else(|| key.clone(), choice_label);
                let hue = choice.and_then(|choice| choice.hue).unwrap_or(250);
                view! { <span class="object-word" style=format!("--hue: {hue}")>{text}</span> }
            });
            tags.collect_view().into_any()
        }
        Value::Reference(id) => match titles.iter().find(|(known, _)| known == id) {
            Some((_, title)) => view! { <a href=format!("/dashboard/records/{id}")>{title.clone()}</a> }.into_any(),
            None => view! { <span class="nothing">"—"</span> }.into_any(),
        },
        Value::Text(text) => match field.kind {
            Kind::Url => {
                view! { <a href=text.clone() rel="noopener noreferrer nofollow external" target="_blank">{text.clone()}</a> }.into_any()
            }
            Kind::Email => view! { <a href=["mailto:", text].concat()>{text.clone()}</a> }.into_any(),
            Kind::Phone => view! { <a href=["tel:", text].concat()>{text.clone()}</a> }.into_any(),
            Kind::LongText => view! { <span class="object-long">{text.clone()}</span> }.into_any(),
            _ => text.clone().into_any(),
        },
        Value::Number(number) if field.kind == Kind::Percent => format!("{number} %").into_any(),
        Value::Money { minor, currency } => match currency.parse() {
            Ok(currency) => amount(lang, Money::new(*minor, currency)).into_any(),
            Err(_) => value.plain().into_any(),
        },
        Value::Date(date) => when::date(lang, *date).into_any(),
        Value::Instant(at) => {
            let wall = habits.zone.wall(*at);
            format!("{} {}", when::date(lang, wall.date()), when::clock(wall)).into_any()
        }
        Value::Bool(true) => words::field_yes(lang).into_any(),
        Value::Bool(false) => words::field_no(lang).into_any(),
        Value::Number(number) => number.to_string().into_any(),
    }
}
