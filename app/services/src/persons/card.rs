//! The page of a human, whatever they are to the organization: who they are, what must not be overlooked, what every product
//! shows of them, and one timeline.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use platform::{error::Problem, id::EntityId};
use services::persons::{ContactKind, PersonCard};
use ui::{Avatar, Button, Failure, Heard, Lang, Skeleton, Tag, use_lang, use_live, use_modules, use_toasts, when};

use super::{
    alerts::alert_marks,
    consents,
    doors::{Whole, read_person},
    duplicates,
    form::{PersonForm, kind_name},
    list::{role_name, stage_name},
    merged, parts,
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
    view! {
        <Suspense fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match whole.await {
                    Ok(whole) => view! { <Shown asked=id whole=whole/> }.into_any(),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// The page. What is read again changes in place, so that no form on it loses what was typed.
#[component]
fn Shown(asked: Option<EntityId>, whole: Whole) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let id = whole.card.id;
    let navigate = use_navigate();
    // The record that was asked for was merged: the address becomes that of the one that has taken it in.
    Effect::new(move |_| {
        if asked.is_some_and(|asked| asked != id) {
            navigate(&format!("/dashboard/people/{id}"), NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    let entity_type = whole.card.entity_type.clone();
    let kept = RwSignal::new(whole);
    let again = Callback::new(move |()| {
        spawn_local(async move {
            match read_person(id).await {
                // The page may have been left meanwhile.
                Ok(whole) if kept.try_with_untracked(|kept| *kept != whole) == Some(true) => kept.set(whole),
                Ok(_) => {}
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    use_live().listen(move |heard| match heard {
        Heard::Changed(event) if event.entity_id != id => {}
        _ => again.run(()),
    });
    let editing = RwSignal::new(false);
    // Drawn anew when the record has changed, each by itself.
    let drawn = move |draw: fn(Lang, &Whole, Callback<()>) -> AnyView| (move || kept.with(|whole| draw(lang, whole, again))).into_any();
    // What has a form of its own is drawn anew only where what it shows has changed: a colleague's change loses nothing typed.
    let agreed = Memo::new(move |_| kept.with(|whole| whole.card.consents.clone()));
    let merged_here = Memo::new(move |_| kept.with(|whole| whole.card.merged.clone()));
    let consents = move || {
        agreed.track();
        kept.with_untracked(|whole| consents::section(lang, &whole.card, whole.zone.clone(), again))
    };
    let merged = move || {
        merged_here.track();
        kept.with_untracked(|whole| merged::section(lang, &whole.card, whole.zone.clone(), again))
    };
    let title = Signal::derive(move || kept.with(|whole| name(&whole.card)));
    let form = move || {
        let (card, owners) = kept.with_untracked(|whole| (whole.card.clone(), whole.owners.clone()));
        let done = Callback::new(move |(_,): (EntityId,)| {
            editing.set(false);
            again.run(());
        });
        let left = Callback::new(move |()| editing.set(false));
        view! { <PersonForm known=Some(card) owners=owners done=done left=left/> }
    };
    let edit = move || {
        (kept.with(|whole| whole.card.may_write) && !editing.get())
            .then(|| view! { <Button icon="edit" on_press=move || editing.set(true)>{words::edit(lang)}</Button> })
    };
    // Parts of products keep themselves up to date; which there are follows from the roles.
    let roles = Memo::new(move |_| kept.with(|whole| whole.card.roles.clone()));
    let products = move || {
        roles.track();
        kept.with_untracked(|whole| parts::parts(&whole.card, again))
    };
    view! {
        <leptos_meta::Title text=title/>
        <article class="record">
            <header class="record-head">
                {move || view! { <Avatar name=title.get() class="large"/> }}
                <div>
                    <h1>{title}</h1>
                    <p class="record-facts">{drawn(facts)}</p>
                </div>
                <div class="actions">{edit}{drawn(|lang, whole, _| parts::begin(lang, &whole.card))}</div>
                <p class="marks">{drawn(marks)}</p>
            </header>
            <div class="record-main">
                {drawn(|lang, whole, again| duplicates::beside(lang, whole.card.id, whole.doubles.clone(), again))}
                <Show when=move || editing.get()>{form}</Show>
                <div class="person" hidden=move || editing.get()>
                    {products}
                    {drawn(|lang, whole, _| parts::told(lang, &whole.card))}
                    <RecordSide id=id/>
                </div>
            </div>
            <section class="record-side person" aria-labelledby="record-about">
                <h2 id="record-about">{words::person_about(lang)}</h2>
                {drawn(about)}
                <CustomFields entity_type=entity_type id=id/>
                {drawn(companies)}
                {consents}
                {merged}
            </section>
        </article>
    }
    .into_any()
}

fn name(card: &PersonCard) -> String {
    [card.given_name.as_str(), " ", &card.family_name].concat()
}

/// What tells them from their namesakes, and how to reach them.
fn facts(lang: Lang, whole: &Whole, _: Callback<()>) -> AnyView {
    let card = &whole.card;
    let birth = card.birth_date.map(|birth| {
        let day = when::date_short(lang, birth);
        let text = match when::age(birth, whole.today) {
            Some(age) => words::person_born(lang, &day, &age.to_string()),
            None => day,
        };
        view! { <span>{text}</span> }
    });
    let phone = card.phone.clone().map(|phone| view! { <a class="tnum" href=format!("tel:{phone}")>{ui::phone(&phone)}</a> });
    let email = card.email.clone().map(|email| view! { <a href=format!("mailto:{email}")>{email.clone()}</a> });
    view! { {birth}{phone}{email} }.into_any()
}

/// What must not be overlooked, then what they are.
fn marks(lang: Lang, whole: &Whole, _: Callback<()>) -> AnyView {
    let roles = whole.card.roles.iter().map(|role| view! { <Tag text=role_name(lang, role)/> }).collect_view();
    view! { {alert_marks(lang, &whole.card.alerts)}{roles} }.into_any()
}

/// What core knows beyond the head of the page.
fn about(lang: Lang, whole: &Whole, _: Callback<()>) -> AnyView {
    let card = &whole.card;
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut say = |name: &str, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            rows.push((name.to_owned(), text));
        }
    };
    let why = card.because.as_ref().and_then(|held| use_modules().label(lang, &held.reason));
    let stage = stage_name(lang, card.stage.as_str());
    say(words::person_stage(lang), Some(why.map_or_else(|| stage.clone(), |why| [stage.as_str(), ": ", why].concat())));
    for contact in &card.contacts {
        let name = match contact.label.as_str() {
            "" => kind_name(lang, contact.kind).to_owned(),
            label => [kind_name(lang, contact.kind), " (", label, ")"].concat(),
        };
        let place = [contact.postcode.as_str(), &contact.city].join(" ");
        let parts = [contact.value.as_str(), place.trim(), &contact.country];
        let text = match contact.kind {
            ContactKind::Address => parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", "),
            ContactKind::Phone => ui::phone(&contact.value),
            ContactKind::Email | ContactKind::Profile => contact.value.clone(),
        };
        say(&name, Some(text));
    }
    say(words::person_language(lang), card.language.as_ref().map(|code| code.to_uppercase()));
    say(words::person_national_id(lang), card.national_id.clone());
    say(words::person_owner(lang), card.owner_name.clone());
    let rows = rows.into_iter().map(|(name, text)| view! { <div><dt>{name}</dt><dd>{text}</dd></div> }).collect_view();
    view! { <dl class="record-about">{rows}</dl> }.into_any()
}

fn companies(lang: Lang, whole: &Whole, _: Callback<()>) -> AnyView {
    if whole.card.companies.is_empty() {
        return ().into_any();
    }
    let row = |role: &services::companies::CompanyRole| {
        let when = crate::companies::period(lang, role);
        view! { <li><a href=format!("/dashboard/companies/{}", role.company)>{role.company_name.clone()}</a>" – "{role.role.clone()}" "<small>{when}</small></li> }
    };
    let rows = whole.card.companies.iter().map(row).collect_view();
    view! { <section><h2>{words::companies_title(lang)}</h2><ul>{rows}</ul></section> }.into_any()
}
