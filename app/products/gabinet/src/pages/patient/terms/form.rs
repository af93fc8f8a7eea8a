//! The dialog in which something is agreed about one treatment, or what was agreed is changed.

use gabinet::{
    patients::terms::{PatientTerm, PatientTermInput},
    treatments::Treatment,
};
use leptos::{prelude::*, task::spawn_local};
use platform::{
    id::EntityId,
    money::{Currency, Money},
};
use ui::{Button, Choice, Combobox, ErrorSummary, Failure, Field, Input, Lang, Tone, use_lang, use_toasts};

use super::save;
use crate::{
    page_doors::{PatientRecord, read_catalogue},
    pages::{may, plain, sheet::Faults, shown::Shown},
    prices, words,
};

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    treatment: RwSignal<Option<Choice>>,
    duration: RwSignal<String>,
    price: RwSignal<String>,
    note: RwSignal<String>,
}

impl Typed {
    fn of(lang: Lang, term: Option<&PatientTerm>, currency: Option<Currency>) -> Typed {
        let price =
            term.and_then(|one| one.price).zip(currency).map(|(price, currency)| prices::decimal(lang, Money::new(price, currency)));
        Typed {
            treatment: RwSignal::new(term.map(|one| Choice::new(one.treatment.to_string(), one.treatment_name.clone()))),
            duration: RwSignal::new(term.and_then(|one| one.duration).map(|minutes| minutes.to_string()).unwrap_or_default()),
            price: RwSignal::new(price.unwrap_or_default()),
            note: RwSignal::new(term.map(|one| one.note.clone()).unwrap_or_default()),
        }
    }

    /// As the server wants it; or all that is wrong with it.
    fn read(self, lang: Lang, currency: Option<Currency>) -> Result<PatientTermInput, Failure> {
        let mut faults = Faults::default();
        let treatment = self.treatment.with_untracked(|choice| choice.as_ref()?.value.parse::<EntityId>().ok());
        let treatment = faults.take("treatment", treatment, words::term_without_treatment(lang));
        let duration = self.duration.with_untracked(|typed| match typed.trim() {
            "" => Some(None),
            typed => typed.parse::<i32>().ok().map(Some),
        });
        let duration = faults.take("duration", duration, words::not_minutes(lang));
        let price = faults.take("price", self.price.with_untracked(|typed| prices::read(typed, currency)), words::not_an_amount(lang));
        if (duration, price) == (Some(None), Some(None)) {
            faults.add("duration", words::term_says_nothing(lang));
        }
        match (treatment, duration, price) {
            (Some(treatment), Some(duration), Some(price)) if duration.is_some() || price.is_some() => {
                Ok(PatientTermInput { treatment, duration, price, note: self.note.get_untracked().trim().to_owned() })
            }
            _ => Err(faults.failure()),
        }
    }
}

/// One agreement.
#[component]
pub fn TermForm(
    /// The patient, kept up to date.
    record: Shown<PatientRecord>,
    /// The agreement to change; none makes a new one.
    term: Option<PatientTerm>,
    /// The dialog around it.
    open: RwSignal<bool>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let currency = record.value.with_untracked(|record| record.terms.as_ref()?.currency.parse::<Currency>().ok());
    let typed = Typed::of(lang, term.as_ref(), currency);
    let is_new = term.is_none();
    let failure = RwSignal::new(None::<Failure>);
    let catalogue = RwSignal::new(Vec::<Treatment>::new());
    // The world outside: the server. Effects run in the browser only.
    plain::outside(move || {
        spawn_local(async move {
            match read_catalogue().await {
                Ok(found) => _ = catalogue.try_set(found.treatments),
                Err(why) => _ = failure.try_set(Some(why)),
            }
        });
    });
    // What is agreed already is changed, and not agreed a second time.
    let choices = Signal::derive(move || {
        let known: Vec<EntityId> =
            record.value.with_untracked(|record| record.terms.iter().flat_map(|terms| &terms.items).map(|one| one.treatment).collect());
        catalogue.with(|all| {
            let open = all.iter().filter(|treatment| treatment.active && !known.contains(&treatment.id));
            open.map(|treatment| prices::choice(lang, treatment)).collect::<Vec<_>>()
        })
    });
    let save = Action::new_local(move |(): &()| {
        let input = typed.read(lang, currency);
        async move {
            let saved = match input {
                Ok(input) => save(record, |items| put(items, input)).await.map_err(of_this),
                Err(faults) => Err(faults),
            };
            match saved {
                Ok(()) => {
                    toasts.say(words::term_saved(lang));
                    open.try_set(false);
                }
                Err(why) => _ = failure.try_set(Some(why)),
            }
        }
    });
    let send = Callback::new(move |()| {
        if !save.pending().get_untracked() {
            save.dispatch_local(());
        }
    });
    let price_label = match currency {
        Some(currency) => words::price_in(lang, currency.as_str()),
        None => words::price(lang).into(),
    };
    let fields = vec![
        ("treatment", words::treatment(lang)),
        ("duration", words::duration_minutes(lang)),
        ("price", words::price(lang)),
        ("note", words::reason(lang)),
    ];
    let which = is_new.then(|| {
        view! {
            <Field name="treatment" label=words::treatment(lang) required=true failure=failure>
                <Combobox value=typed.treatment choices=choices placeholder=words::find_treatment(lang) autofocus=true/>
            </Field>
        }
    });
    // A session is as long for all who share it.
    let length = plain::shown_while(
        move || !catalogue.with(|all| typed.treatment.with(|choice| choice.as_ref().is_some_and(|choice| is_group(all, choice)))),
        move || {
            view! {
                <Field name="duration" label=words::duration_minutes(lang) help=words::term_help(lang) failure=failure>
                    <Input value=typed.duration inputmode="numeric" autocomplete="off"/>
                </Field>
            }
            .into_any()
        },
    );
    // Prices are set by those who set them for everybody.
    let price = may(gabinet::TREATMENTS_WRITE).then(|| {
        view! {
            <Field name="price" label=price_label help=words::term_help(lang) failure=failure>
                <Input value=typed.price inputmode="decimal" autocomplete="off"/>
            </Field>
        }
    });
    let content = view! {
        <ErrorSummary failure=failure fields=fields/>
        {which}
        <div class="fields">{length}{price}</div>
        <Field name="note" label=words::reason(lang) failure=failure>
            <Input value=typed.note autocomplete="off"/>
        </Field>
        <p class="quiet">{words::terms_text(lang)}</p>
        <footer>
            <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
            <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save(lang)}</Button>
        </footer>
    };
    plain::form(send, content.into_any())
}

fn is_group(all: &[Treatment], choice: &Choice) -> bool {
    all.iter().any(|treatment| treatment.rules.seats > 1 && treatment.id.to_string() == choice.value)
}

/// Puts an agreement in the place of what was agreed about its treatment.
fn put(items: &mut Vec<PatientTermInput>, new: PatientTermInput) {
    match items.iter_mut().find(|one| one.treatment == new.treatment) {
        Some(one) => *one = new,
        None => items.push(new),
    }
}

/// The server names a field by its place among all agreements; here is only one.
fn of_this(mut failure: Failure) -> Failure {
    for error in &mut failure.0.errors {
        if let Some((_, name)) = error.field.rsplit_once('.') {
            error.field = name.to_owned();
        }
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_or_told_to_be_wrong() {
        let owner = Owner::new();
        owner.set();
        let currency: Option<Currency> = "PLN".parse().ok();
        let typed = Typed::of(Lang::En, None, currency);
        let faults = |typed: Typed| {
            let failure = typed.read(Lang::En, currency).expect_err("wrong");
            failure.0.errors.iter().map(|error| error.field.clone()).collect::<Vec<_>>()
        };
        assert_eq!(faults(typed), ["treatment", "duration"]);
        let treatment = EntityId::new();
        typed.treatment.set(Some(Choice::new(treatment.to_string(), "Peel")));
        typed.duration.set("soon".into());
        typed.price.set("much".into());
        assert_eq!(faults(typed), ["duration", "price"]);
        typed.duration.set(" 40 ".into());
        typed.price.set(String::new());
        typed.note.set(" slower ".into());
        let read = typed.read(Lang::En, currency).expect("right");
        assert_eq!(read, PatientTermInput { treatment, duration: Some(40), price: None, note: "slower".into() });
        let mut items = vec![PatientTermInput { duration: None, price: Some(1), ..read.clone() }];
        put(&mut items, read.clone());
        assert_eq!(items, [read]);
    }
}
