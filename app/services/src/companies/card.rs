//! The page of a company.

use leptos::prelude::*;
use platform::{error::Problem, id::EntityId, money::Money};
use services::companies::{Company, CompanyName};
use ui::{Button, ButtonLink, Failure, Lang, Page, Skeleton, Tone, use_lang};

use super::{doors::read_company, form::CompanyForm, list::kind_names, people};
use crate::{fields::CustomFields, records_side::RecordSide, words};

/// `/dashboard/companies/{id}`
pub(super) fn page(id: Option<EntityId>) -> AnyView {
    let company = ui::fetched_first(
        move || id,
        |id| async move {
            match id {
                Some(id) => read_company(id).await,
                None => Err(Failure::from(Problem::new(404, "not_found", "Not found", ""))),
            }
        },
    );
    let again = Callback::new(move |()| company.refetch());
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match company.await {
                    Ok(company) => view! { <Shown company=company again=again/> }.into_any(),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Shown(company: Company, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let (id, may) = (company.id, company.may_write);
    let editing = RwSignal::new(false);
    let title = company.name.clone();
    let actions = move || {
        view! {
            <ButtonLink href="/dashboard/companies">{words::companies_title(lang)}</ButtonLink>
            {may.then(|| view! { <Button tone=Tone::Primary icon="edit" on_press=move || editing.set(true)>{words::edit(lang)}</Button> })}
        }
    };
    let known = facts(lang, &company);
    let family = view! { {names(words::company_above(lang), &company.above)} {names(words::company_below(lang), &company.below)} };
    let people = people::section(lang, &company, again);
    let lead = kind_names(lang, &company.kinds);
    let kept = StoredValue::new(company);
    let form = move || {
        let done = Callback::new(move |(_,): (EntityId,)| again.run(()));
        let left = Callback::new(move |()| editing.set(false));
        view! { <CompanyForm known=Some(kept.get_value()) done=done left=left/> }
    };
    view! {
        <leptos_meta::Title text=title.clone()/>
        <Page title=title lead=lead actions=actions>
            <div class="object-page">
                <div>
                    <Show when=move || editing.get()>{form}</Show>
                    <div class="person" hidden=move || editing.get()>
                        {known}
                        {family}
                        {people}
                        <CustomFields entity_type="company" id=id/>
                    </div>
                </div>
                <RecordSide id=id/>
            </div>
        </Page>
    }
    .into_any()
}

fn facts(lang: Lang, company: &Company) -> AnyView {
    let limit =
        company.credit_limit.zip(company.currency.parse().ok()).map(|(minor, currency)| ui::amount(lang, Money { minor, currency }));
    let place = [company.postcode.as_str(), &company.city].join(" ");
    let parts = [company.street.as_str(), place.trim(), &company.country];
    let address = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ");
    let rows = [
        (words::company_tax_id(lang), company.tax_id.clone()),
        (words::person_phone(lang), company.phone.as_deref().map(ui::phone)),
        (words::person_email(lang), company.email.clone()),
        (words::company_website(lang), Some(company.website.clone())),
        (words::contact_address(lang), Some(address)),
        (words::company_credit_limit(lang), limit),
        (words::company_payment_days(lang), company.payment_days.map(|days| days.to_string())),
        (words::company_notes(lang), Some(company.notes.clone())),
    ];
    let rows = rows
        .into_iter()
        .filter_map(|(name, text)| Some((name, text.filter(|text| !text.is_empty())?)))
        .map(|(name, text)| view! { <div><dt>{name}</dt><dd>{text}</dd></div> })
        .collect_view();
    view! { <dl class="object-facts">{rows}</dl> }.into_any()
}

fn names(title: &'static str, companies: &[CompanyName]) -> AnyView {
    if companies.is_empty() {
        return ().into_any();
    }
    let rows = companies
        .iter()
        .map(|company| view! { <li><a href=format!("/dashboard/companies/{}", company.id)>{company.name.clone()}</a></li> })
        .collect_view();
    view! { <section><h2>{title}</h2><ul>{rows}</ul></section> }.into_any()
}
