//! The people of a company.

use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::companies::{Company, CompanyRole, CompanyRoleInput};
use ui::{Button, Choice, Combobox, ErrorSummary, Failure, Field, Input, Lang, Tone, use_toasts, when};

use super::{
    doors::{put_person, remove_person},
    period,
};
use crate::{persons::find_person, words};

/// Who has, had or will have a role there, and a form for one more.
pub(super) fn section(lang: Lang, company: &Company, again: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let id = company.id;
    let may = company.may_write;
    let adding = RwSignal::new(false);
    let row = |role: &CompanyRole| {
        let (role_id, when) = (role.id, period(lang, role));
        let remove = move || {
            spawn_local(async move {
                match remove_person(role_id).await {
                    Ok(_) => again.run(()),
                    Err(failure) => toasts.fail(&failure),
                }
            });
        };
        let label = words::company_remove_person(lang, &role.person_name);
        view! {
            <li>
                <a href=format!("/dashboard/people/{}", role.person)>{role.person_name.clone()}</a>" – "{role.role.clone()}" "<small>{when}</small>" "
                {may.then(|| view! { <Button icon="trash" name=label on_press=remove/> })}
            </li>
        }
    };
    let rows = company.people.iter().map(row).collect_view();
    view! {
        <section>
            <h2>{words::people(lang)}</h2>
            <ul>{rows}</ul>
            {may.then(|| view! { <Button icon="plus" on_press=move || adding.set(true)>{words::company_add_person(lang)}</Button> })}
            <Show when=move || adding.get()>{move || form(lang, id, adding, again)}</Show>
        </section>
    }
    .into_any()
}

fn form(lang: Lang, company: EntityId, adding: RwSignal<bool>, again: Callback<()>) -> AnyView {
    let (person, found) = (RwSignal::new(None::<Choice>), find_person());
    let (role, from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let fresh = EntityId::new();
    let send = move || {
        // Nobody chosen is a person that nobody is, which the server tells by the field's name.
        let chosen = person.with_untracked(|person| person.as_ref().and_then(|choice| choice.value.parse().ok()));
        let input = CompanyRoleInput {
            id: Some(fresh),
            person: chosen.unwrap_or_else(EntityId::new),
            role: role.get_untracked(),
            from_date: from.with_untracked(|date| when::from_iso(date)),
            to_date: to.with_untracked(|date| when::from_iso(date)),
        };
        busy.set(true);
        spawn_local(async move {
            let done = put_person(company, input).await;
            busy.try_set(false);
            match done {
                Ok(_) => again.run(()),
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    let fields = vec![
        ("person", words::company_person(lang)),
        ("role", words::person_role(lang)),
        ("from_date", words::field_from(lang)),
        ("to_date", words::field_to(lang)),
    ];
    view! {
        <form class="form" novalidate on:submit=move |event| { event.prevent_default(); send(); }>
            <ErrorSummary failure=failure fields=fields/>
            <div class="pair">
                <Field name="person" label=words::company_person(lang) required=true failure=failure>
                    <Combobox value=person found=found/>
                </Field>
                <Field name="role" label=words::person_role(lang) required=true failure=failure><Input value=role autocomplete="off"/></Field>
            </div>
            <div class="pair">
                <Field name="from_date" label=words::field_from(lang) failure=failure><Input kind="date" value=from/></Field>
                <Field name="to_date" label=words::field_to(lang) failure=failure><Input kind="date" value=to/></Field>
            </div>
            <footer>
                <Button on_press=move || adding.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}
