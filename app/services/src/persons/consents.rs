//! What somebody has agreed to, and writing down what they say.

use leptos::{prelude::*, task::spawn_local};
use platform::{id::EntityId, time::ZoneWindow};
use services::{
    consents::{Basis, Consent, ConsentInput, Decision, PURPOSES},
    persons::PersonCard,
};
use ui::{Button, Choice, Failure, FailureAlert, Field, Input, Lang, Meaning, Select, Tag, Tone, when};

use super::{
    doors::{read_ledger, record_consent},
    names::name,
};
use crate::words;

fn line(lang: Lang, zone: &ZoneWindow, consent: &Consent) -> AnyView {
    let meaning = if consent.decision == Decision::Given { Meaning::Positive } else { Meaning::Critical };
    let wall = zone.wall(consent.at);
    let said = [when::date(lang, wall.date()), ", ".into(), consent.source.clone()].concat();
    view! {
        <li>
            {name(lang, "purpose", &consent.purpose)}" "
            <Tag meaning=meaning text=name(lang, "decision", consent.decision.as_str())/>" "
            <small>{said}" – "{name(lang, "basis", consent.basis.as_str())}</small>
        </li>
    }
    .into_any()
}

/// What holds, the whole ledger on demand, and a form.
pub(super) fn section(lang: Lang, card: &PersonCard, zone: ZoneWindow, again: Callback<()>) -> AnyView {
    let id = card.id;
    let held = card.consents.iter().map(|consent| line(lang, &zone, consent)).collect_view();
    let none = card.consents.is_empty().then(|| view! { <p>{words::no_consents(lang)}</p> });
    let adding = RwSignal::new(false);
    let ledger = RwSignal::new(Vec::<Consent>::new());
    let zone = StoredValue::new(zone);
    let show = move || {
        spawn_local(async move {
            if let Ok(lines) = read_ledger(id).await {
                ledger.try_set(lines);
            }
        });
    };
    let all = move || {
        let lines = ledger.get();
        (!lines.is_empty()).then(|| {
            let lines = zone.with_value(|zone| lines.iter().map(|consent| line(lang, zone, consent)).collect_view());
            view! { <h3>{words::consent_ledger(lang)}</h3><ul>{lines}</ul> }
        })
    };
    view! {
        <section>
            <h2>{words::consents(lang)}</h2>
            {none}
            <ul>{held}</ul>
            <p class="actions">
                <Button icon="plus" on_press=move || adding.set(true)>{words::consent_add(lang)}</Button>
                <Button on_press=show>{words::consent_ledger(lang)}</Button>
            </p>
            <Show when=move || adding.get()>{move || form(lang, id, adding, again)}</Show>
            {all}
        </section>
    }
    .into_any()
}

fn form(lang: Lang, id: EntityId, adding: RwSignal<bool>, again: Callback<()>) -> AnyView {
    let purpose = RwSignal::new(PURPOSES[0].to_owned());
    let decision = RwSignal::new(Decision::Given.as_str().to_owned());
    let basis = RwSignal::new(Basis::Consent.as_str().to_owned());
    let source = RwSignal::new(String::new());
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let fresh = EntityId::new();
    let send = move || {
        let read = (decision.with_untracked(|word| Decision::parse(word)), basis.with_untracked(|word| Basis::parse(word)));
        let (Some(decision), Some(basis)) = read else { return };
        let (purpose, source) = (purpose.get_untracked(), source.get_untracked());
        let input = ConsentInput { id: Some(fresh), purpose, decision, basis, source, note: String::new(), at: None };
        busy.set(true);
        spawn_local(async move {
            let done = record_consent(id, input).await;
            busy.try_set(false);
            match done {
                Ok(_) => again.run(()),
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    let purposes = PURPOSES.map(|key| Choice::new(key, name(lang, "purpose", key))).to_vec();
    let decisions = Decision::ALL.map(|one| Choice::new(one.as_str(), name(lang, "decision", one.as_str()))).to_vec();
    let bases = Basis::ALL.map(|one| Choice::new(one.as_str(), name(lang, "basis", one.as_str()))).to_vec();
    view! {
        <form class="form" novalidate on:submit=move |event| { event.prevent_default(); send(); }>
            {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
            <div class="pair">
                <Field name="purpose" label=words::consent_purpose(lang) failure=failure><Select choices=purposes value=purpose/></Field>
                <Field name="decision" label=words::consent_decision(lang) failure=failure><Select choices=decisions value=decision/></Field>
            </div>
            <div class="pair">
                <Field name="basis" label=words::consent_basis(lang) failure=failure><Select choices=bases value=basis/></Field>
                <Field name="source" label=words::consent_source(lang) required=true failure=failure><Input value=source autocomplete="off"/></Field>
            </div>
            <footer>
                <Button on_press=move || adding.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}
