//! The list of humans.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use services::persons::{PersonQuery, PersonRow};
use ui::{Button, ButtonLink, Choice, Empty, Input, Lang, Page, Select, Skeleton, Table, Tag, Tone, use_lang, use_modules, use_toasts};

use super::{
    alerts::alert_marks,
    doors::{People, list_people},
    names::name,
};
use crate::words;

/// The roles that can be chosen, as the products call them.
const ROLES: [&str; 4] = ["lead", "customer", "patient", "employee"];

/// `/dashboard/people`
pub(super) fn page() -> AnyView {
    let lang = use_lang();
    let query = use_query_map();
    let asked =
        move || query.with(|query| PersonQuery { q: query.get("q").unwrap_or_default(), role: query.get("role").unwrap_or_default() });
    let found = ui::fetched(asked, |query| list_people(query, None));
    let first = untrack(asked);
    let (typed, role) = (RwSignal::new(first.q), RwSignal::new(first.role));
    let navigate = use_navigate();
    let go = Callback::new(move |()| {
        let q = String::from(js_sys::encode_uri_component(&typed.get_untracked()));
        let role = role.get_untracked();
        navigate(&format!("/dashboard/people?q={q}&role={role}"), NavigateOptions::default());
    });
    let roles: Vec<Choice> = std::iter::once(Choice::new("", words::people_every_role(lang)))
        .chain(ROLES.map(|role| Choice::new(role, role_name(lang, role))))
        .collect();
    view! {
        <leptos_meta::Title text=words::people(lang)/>
        <Page
            title=words::people(lang)
            lead=words::people_lead(lang)
            actions=move || view! {
                <ButtonLink href="/dashboard/people/duplicates" icon="people">{words::duplicates(lang)}</ButtonLink>
                <ButtonLink href="/dashboard/people/new" tone=Tone::Primary icon="plus">{words::person_new(lang)}</ButtonLink>
            }
        >
            <search class="filters">
                <Input name="q" kind="search" value=typed label=words::people_search(lang) placeholder=words::people_search(lang) on_change=move || go.run(())/>
                <Select name="role" choices=roles value=role label=words::person_role(lang) on_change=move |_: String| go.run(())/>
            </search>
            <Transition fallback=|| view! { <Skeleton class="rows" lines=8/> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(people) => rows(lang, people, untrack(asked)),
                        Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                    }
                })}
            </Transition>
        </Page>
    }
    .into_any()
}

/// What a role is called.
pub(super) fn role_name(lang: Lang, role: &str) -> String {
    name(lang, "role", role)
}

/// What a stage is called.
pub(super) fn stage_name(lang: Lang, stage: &str) -> String {
    name(lang, "stage", stage)
}

fn rows(lang: Lang, (first, next): People, query: PersonQuery) -> AnyView {
    if first.is_empty() {
        return view! { <Empty icon="people" title=words::no_people(lang) text=words::no_people_text(lang)><span></span></Empty> }
            .into_any();
    }
    let toasts = use_toasts();
    let modules = use_modules();
    let (people, cursor, busy) = (RwSignal::new(first), RwSignal::new(next), RwSignal::new(false));
    let query = StoredValue::new(query);
    let more = move || {
        busy.set(true);
        spawn_local(async move {
            let answer = list_people(query.get_value(), cursor.get_untracked()).await;
            busy.try_set(false);
            match answer {
                Ok((found, next)) => {
                    people.try_update(|people| people.extend(found));
                    cursor.try_set(next);
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    let row = move |person: PersonRow| {
        let why = person.because.as_ref().and_then(|held| modules.label(lang, &held.reason)).unwrap_or_default();
        let roles = person.roles.iter().map(|role| role_name(lang, role)).collect::<Vec<_>>().join(", ");
        let tags = person
            .tags
            .into_iter()
            .map(|tag| view! { <span class="object-word" style=format!("--hue: {}", tag.hue)>{tag.name}</span> })
            .collect_view();
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/dashboard/people/{}", person.id)>{person.given_name}" "{person.family_name}</a>
                    <span class="marks">{alert_marks(lang, &person.alerts)}</span>
                </th>
                <td><span title=why><Tag text=stage_name(lang, person.stage.as_str())/></span></td>
                <td>{roles}</td>
                <td class="tnum">{person.phone.as_deref().map(ui::phone)}</td>
                <td>{person.email}</td>
                <td>{person.owner_name}</td>
                <td>{tags}</td>
            </tr>
        }
    };
    let heads = vec![
        words::person_name(lang),
        words::person_stage(lang),
        words::person_roles(lang),
        words::person_phone(lang),
        words::person_email(lang),
        words::person_owner(lang),
        words::person_tags(lang),
    ];
    view! {
        <Table caption=words::people(lang) heads=heads>
            <For each=move || people.get() key=|person| person.id children=row/>
        </Table>
        <Show when=move || cursor.with(Option::is_some)>
            <Button busy=busy on_press=more>{words::object_more(lang)}</Button>
        </Show>
    }
    .into_any()
}
