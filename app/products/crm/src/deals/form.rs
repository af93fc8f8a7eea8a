//! The form of a deal: a new one, or one that is there.

use app_services::{companies::find_company, persons::find_person};
use crm::deals::{Deal, DealInput};
use leptos::{prelude::*, task::spawn_local};
use platform::{
    id::{EntityId, UserId},
    money::{Currency, Money},
};
use ui::{Button, Choice, Combobox, ErrorSummary, Failure, Field, Input, Select, Tone, use_lang, use_toasts, when};

use crate::{deal_doors::save_deal, words};

/// Currencies that are offered besides the deal's own.
const CURRENCIES: [&str; 4] = ["PLN", "EUR", "USD", "GBP"];

#[component]
pub(super) fn DealForm(
    /// The one that is changed.
    deal: Option<Deal>,
    owners: Vec<(UserId, String)>,
    /// Where a new one begins.
    #[prop(optional_no_strip)]
    stage: Option<EntityId>,
    /// Saved: `on_saved=move |deal| …`.
    #[prop(into)]
    on_saved: Callback<(Deal,)>,
    /// `on_cancel=move || …`.
    #[prop(into)]
    on_cancel: Callback<()>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let known = deal.as_ref();
    let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
    let title = text(known.map(|deal| deal.title.clone()));
    let own = known.and_then(|deal| deal.currency.parse::<Currency>().ok());
    let value = text(known.zip(own).map(|(deal, currency)| Money { minor: deal.value, currency }.decimal()));
    let currency = text(known.map(|deal| deal.currency.clone()));
    let close_on = text(known.and_then(|deal| deal.close_on).map(when::iso));
    let next_step = text(known.map(|deal| deal.next_step.clone()));
    let next_step_on = text(known.and_then(|deal| deal.next_step_on).map(when::iso));
    let owner = text(known.and_then(|deal| deal.owner).map(|user| user.0.to_string()));
    let named = |id: Option<EntityId>, name: Option<&String>| {
        RwSignal::new(id.zip(name).map(|(id, name)| Choice::new(id.to_string(), name.clone())))
    };
    let person = named(known.and_then(|deal| deal.person), known.and_then(|deal| deal.person_name.as_ref()));
    let company = named(known.and_then(|deal| deal.company), known.and_then(|deal| deal.company_name.as_ref()));
    let follows_lines = known.is_some_and(|deal| deal.lines > 0);
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let (id, version) = (known.map(|deal| deal.id), known.map_or(0, |deal| deal.version));
    // A retry of a new deal makes no second one.
    let fresh = EntityId::new();
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let reference =
            |signal: RwSignal<Option<Choice>>| signal.with_untracked(|choice| choice.as_ref().and_then(|choice| choice.value.parse().ok()));
        let code = currency.get_untracked();
        // Without a currency yet, hundredths are what all organizations count in.
        let counted = code.parse::<Currency>().unwrap_or(Currency::PLN);
        let typed = value.get_untracked();
        let minor = if typed.trim().is_empty() { 0 } else { Money::parse(&typed, counted).map_or(-1, |money| money.minor) };
        let input = DealInput {
            id: id.is_none().then_some(fresh),
            title: title.get_untracked(),
            stage: stage.filter(|_| id.is_none()),
            person: reference(person),
            company: reference(company),
            // What cannot be read is refused by the server under the field's own name.
            value: minor,
            currency: code,
            close_on: when::from_iso(&close_on.get_untracked()),
            owner: owner.get_untracked().parse().ok().map(UserId),
            next_step: next_step.get_untracked(),
            next_step_on: when::from_iso(&next_step_on.get_untracked()),
            version,
        };
        busy.set(true);
        spawn_local(async move {
            let saved = save_deal(id, input).await;
            busy.try_set(false);
            match saved {
                Ok(deal) => {
                    toasts.say(words::deal_saved(lang));
                    on_saved.run((deal,));
                }
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    let mut codes: Vec<Choice> = CURRENCIES.map(|code| Choice::new(code, code)).to_vec();
    if let Some(code) = known.map(|deal| deal.currency.clone()).filter(|code| !CURRENCIES.contains(&code.as_str())) {
        codes.push(Choice::new(code.clone(), code));
    }
    if known.is_none() {
        codes.insert(0, Choice::new("", words::own_currency(lang)));
    }
    let members: Vec<Choice> = owners.into_iter().map(|(user, name)| Choice::new(user.0.to_string(), name)).collect();
    let fields = vec![
        ("title", words::deal_name(lang)),
        ("person", words::person(lang)),
        ("company", words::company(lang)),
        ("value", words::deal_value(lang)),
        ("currency", words::currency(lang)),
        ("close_on", words::close_on(lang)),
        ("owner", words::owner(lang)),
        ("next_step", words::next_step(lang)),
    ];
    let help = if follows_lines { words::value_of_lines(lang) } else { "" };
    view! {
        <form class="form" novalidate on:submit=move |event| { event.prevent_default(); send(); }>
            <ErrorSummary failure=failure fields=fields/>
            <Field name="title" label=words::deal_name(lang) required=true failure=failure><Input value=title autocomplete="off"/></Field>
            <div class="pair">
                <Field name="person" label=words::person(lang) failure=failure>
                    <Combobox value=person found=find_person()/>
                </Field>
                <Field name="company" label=words::company(lang) failure=failure>
                    <Combobox value=company found=find_company(None)/>
                </Field>
            </div>
            <div class="pair">
                <Field name="value" label=words::deal_value(lang) help=help failure=failure>
                    <Input value=value autocomplete="off"/>
                </Field>
                <Field name="currency" label=words::currency(lang) failure=failure><Select choices=codes value=currency/></Field>
            </div>
            <div class="pair">
                <Field name="close_on" label=words::close_on(lang) failure=failure><Input kind="date" value=close_on/></Field>
                <Field name="owner" label=words::owner(lang) failure=failure>
                    <Select choices=members value=owner placeholder=words::nobody(lang)/>
                </Field>
            </div>
            <div class="pair">
                <Field name="next_step" label=words::next_step(lang) failure=failure><Input value=next_step autocomplete="off"/></Field>
                <Field name="next_step_on" label=words::next_step_on(lang) failure=failure><Input kind="date" value=next_step_on/></Field>
            </div>
            <footer>
                <Button on_press=move || on_cancel.run(())>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}
