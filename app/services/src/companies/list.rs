//! The list of companies.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use services::companies::CompanyRow;
use ui::{Button, ButtonLink, Empty, Input, Lang, Page, Skeleton, Table, Tone, use_lang, use_toasts};

use super::doors::list_companies;
use crate::words;

/// `/dashboard/companies`
pub(super) fn page() -> AnyView {
    let lang = use_lang();
    let query = use_query_map();
    let asked = move || query.with(|query| query.get("q").unwrap_or_default());
    let found = ui::fetched(asked, |q| list_companies(q, None));
    let typed = RwSignal::new(untrack(asked));
    let navigate = use_navigate();
    let go = move || {
        let q = String::from(js_sys::encode_uri_component(&typed.get_untracked()));
        navigate(&["/dashboard/companies?q=", &q].concat(), NavigateOptions::default());
    };
    view! {
        <leptos_meta::Title text=words::companies_title(lang)/>
        <Page
            title=words::companies_title(lang)
            lead=words::companies_lead(lang)
            actions=move || view! {
                <ButtonLink href="/dashboard/lists/company" icon="filter">{words::companies_lists(lang)}</ButtonLink>
                <ButtonLink href="/dashboard/companies/new" tone=Tone::Primary icon="plus">{words::company_new(lang)}</ButtonLink>
            }
        >
            <search class="filters">
                <Input name="q" kind="search" value=typed label=words::companies_search(lang) placeholder=words::companies_search(lang) on_change=go/>
            </search>
            <Transition fallback=|| view! { <Skeleton class="rows" lines=8/> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok((companies, next)) => rows(lang, companies, next, untrack(asked)),
                        Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                    }
                })}
            </Transition>
        </Page>
    }
    .into_any()
}

/// One word of what a company is to the organization.
pub(super) fn kind_name(lang: Lang, kind: &str) -> &'static str {
    match kind {
        "customer" => words::named_company_customer(lang),
        "vendor" => words::named_company_vendor(lang),
        _ => words::named_company_partner(lang),
    }
}

/// What a company is to the organization, in words.
pub(super) fn kind_names(lang: Lang, kinds: &[String]) -> String {
    kinds.iter().map(|kind| kind_name(lang, kind)).collect::<Vec<_>>().join(", ")
}

fn rows(lang: Lang, first: Vec<CompanyRow>, next: Option<String>, q: String) -> AnyView {
    if first.is_empty() {
        return view! { <Empty icon="building" title=words::no_companies(lang) text=words::no_companies_text(lang)><span></span></Empty> }
            .into_any();
    }
    let toasts = use_toasts();
    let (companies, cursor, busy) = (RwSignal::new(first), RwSignal::new(next), RwSignal::new(false));
    let q = StoredValue::new(q);
    let more = move || {
        busy.set(true);
        spawn_local(async move {
            let answer = list_companies(q.get_value(), cursor.get_untracked()).await;
            busy.try_set(false);
            match answer {
                Ok((found, next)) => {
                    companies.try_update(|companies| companies.extend(found));
                    cursor.try_set(next);
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    let row = move |company: CompanyRow| {
        view! {
            <tr>
                <th scope="row"><a href=format!("/dashboard/companies/{}", company.id)>{company.name}</a></th>
                <td>{kind_names(lang, &company.kinds)}</td>
                <td>{company.parent_name}</td>
                <td>{company.city}</td>
                <td class="tnum">{company.phone.as_deref().map(ui::phone)}</td>
                <td>{company.email}</td>
                <td class="tnum" data-head=words::people(lang)>{company.people}</td>
            </tr>
        }
    };
    let heads = vec![
        words::person_name(lang),
        words::company_kinds(lang),
        words::company_parent(lang),
        words::city(lang),
        words::person_phone(lang),
        words::person_email(lang),
        words::people(lang),
    ];
    view! {
        <Table caption=words::companies_title(lang) heads=heads>
            <For each=move || companies.get() key=|company| company.id children=row/>
        </Table>
        <Show when=move || cursor.with(Option::is_some)>
            <Button busy=busy on_press=more>{words::object_more(lang)}</Button>
        </Show>
    }
    .into_any()
}
