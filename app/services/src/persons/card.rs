//! The page of a human: everything that every product knows.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use platform::{error::Problem, id::EntityId};
use services::persons::{ContactKind, PersonCard};
use ui::{Button, ButtonLink, Failure, Lang, Page, Skeleton, Tag, Tone, use_lang, use_modules, when};

use super::{
    consents,
    doors::{Whole, read_person},
    duplicates,
    form::{PersonForm, kind_name},
    list::{role_name, stage_name},
    merged,
};
use crate::{fields::CustomFields, records_side::RecordSide, words};

/// `/dashboard/people/{id}`
pub(super) fn page(id: Option<EntityId>) -> AnyView {
    let whole = ui::fetched_first(
        move || id,
        |id| async move {
            match id {
                Some(id) => read_person(id).await,
                None => Err(Failure::from(Problem::new(404, "not_found", "Not found", ""))),
            }
        },
    );
    let again = Callback::new(move |()| whole.refetch());
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match whole.await {
                    Ok(whole) => view! { <Shown asked=id whole=whole again=again/> }.into_any(),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Shown(asked: Option<EntityId>, whole: Whole, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let modules = use_modules();
    let Whole { card, doubles, owners, zone } = whole;
    let id = card.id;
    let navigate = use_navigate();
    // The record that was asked for was merged: the address becomes that of the one that has taken it in.
    Effect::new(move |_| {
        if asked.is_some_and(|asked| asked != id) {
            navigate(&format!("/dashboard/people/{id}"), NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    let editing = RwSignal::new(false);
    let title = [card.given_name.as_str(), " ", &card.family_name].concat();
    let why = card.because.as_ref().and_then(|held| modules.label(lang, &held.reason));
    let lead = match why {
        Some(why) => [stage_name(lang, card.stage.as_str()).as_str(), ": ", why].concat(),
        None => stage_name(lang, card.stage.as_str()),
    };
    let may_write = card.may_write;
    let actions = move || {
        view! {
            <ButtonLink href="/dashboard/people">{words::people(lang)}</ButtonLink>
            {may_write.then(|| view! { <Button tone=Tone::Primary icon="edit" on_press=move || editing.set(true)>{words::edit(lang)}</Button> })}
        }
    };
    let roles = card.roles.iter().map(|role| view! { <Tag text=role_name(lang, role)/> }).collect_view();
    let told = known(lang, &card);
    let products = products(lang, &card);
    let companies = companies(lang, &card);
    let pairs = duplicates::beside(lang, id, doubles, again);
    let agreed = consents::section(lang, &card, zone.clone(), again);
    let taken_in = merged::section(lang, &card, zone, again);
    let entity_type = card.entity_type.clone();
    let kept = StoredValue::new((card, owners));
    let form = move || {
        let (card, owners) = kept.get_value();
        let done = Callback::new(move |(_,): (EntityId,)| again.run(()));
        let left = Callback::new(move |()| editing.set(false));
        view! { <PersonForm known=Some(card) owners=owners done=done left=left/> }
    };
    view! {
        <leptos_meta::Title text=title.clone()/>
        <Page title=title lead=lead actions=actions>
            <div class="object-page">
                <div>
                    {pairs}
                    <Show when=move || editing.get()>{form}</Show>
                    <div class="person" hidden=move || editing.get()>
                        <p class="person-roles">{roles}</p>
                        {told}
                        {products}
                        {companies}
                        {agreed}
                        {taken_in}
                        <CustomFields entity_type=entity_type id=id/>
                    </div>
                </div>
                <RecordSide id=id/>
            </div>
        </Page>
    }
    .into_any()
}

/// What core knows.
fn known(lang: Lang, card: &PersonCard) -> AnyView {
    let mut rows: Vec<(String, AnyView)> = Vec::new();
    let mut say = |name: &str, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            rows.push((name.to_owned(), text.into_any()));
        }
    };
    say(words::person_birth_date(lang), card.birth_date.map(|date| when::date(lang, date)));
    say(words::person_phone(lang), card.phone.as_deref().map(ui::phone));
    say(words::person_email(lang), card.email.clone());
    for contact in &card.contacts {
        let name = match contact.label.as_str() {
            "" => kind_name(lang, contact.kind).to_owned(),
            label => [kind_name(lang, contact.kind), " (", label, ")"].concat(),
        };
        let place = [contact.postcode.as_str(), &contact.city].join(" ");
        let parts = [contact.value.as_str(), place.trim(), &contact.country];
        let text = match contact.kind {
            ContactKind::Address => parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", "),
            _ => contact.value.clone(),
        };
        say(&name, Some(text));
    }
    say(words::person_language(lang), card.language.as_ref().map(|code| code.to_uppercase()));
    say(words::person_national_id(lang), card.national_id.clone());
    say(words::person_owner(lang), card.owner_name.clone());
    let rows = rows.into_iter().map(|(name, text)| view! { <div><dt>{name}</dt><dd>{text}</dd></div> }).collect_view();
    view! { <dl class="object-facts">{rows}</dl> }.into_any()
}

/// What every product holds and tells, under its name.
fn products(lang: Lang, card: &PersonCard) -> AnyView {
    let modules = use_modules();
    let mut names: Vec<&str> = Vec::new();
    for name in card.held.iter().map(|held| held.module.as_str()).chain(card.facts.iter().map(|fact| fact.module.as_str())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let label = |key: &str| modules.label(lang, key).map_or_else(|| key.to_owned(), str::to_owned);
    let section = |name: &&str| {
        let held = card.held.iter().filter(|held| held.module == **name).map(|held| {
            let text = [role_name(lang, &held.role), ": ".into(), held.title.clone()].concat();
            view! { <li><a href=held.path.clone()>{text}</a>" "<small>{label(&held.reason)}</small></li> }
        });
        let facts = card.facts.iter().filter(|fact| fact.module == **name).map(|fact| {
            let text = match fact.wall {
                Some(wall) => [when::date(lang, wall.date()), ", ".into(), when::clock(wall)].concat(),
                None => fact.text.clone(),
            };
            let text = match fact.path.clone() {
                Some(path) => view! { <a href=path>{text}</a> }.into_any(),
                None => text.into_any(),
            };
            view! { <div><dt>{label(&fact.key)}</dt><dd>{text}</dd></div> }
        });
        view! {
            <section>
                <h2>{label(name)}</h2>
                <ul>{held.collect_view()}</ul>
                <dl class="object-facts">{facts.collect_view()}</dl>
            </section>
        }
    };
    names.iter().map(section).collect_view().into_any()
}

fn companies(lang: Lang, card: &PersonCard) -> AnyView {
    if card.companies.is_empty() {
        return ().into_any();
    }
    let rows = card
        .companies
        .iter()
        .map(|role| {
            let when = crate::companies::period(lang, role);
            view! { <li><a href=format!("/dashboard/companies/{}", role.company)>{role.company_name.clone()}</a>" – "{role.role.clone()}" "<small>{when}</small></li> }
        })
        .collect_view();
    view! { <section><h2>{words::companies_title(lang)}</h2><ul>{rows}</ul></section> }.into_any()
}
