//! The list of patients.

pub mod form;

use chrono::NaiveDate;
use gabinet::patients::Patient;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use ui::{Avatar, Button, Dialog, Empty, Failure, FailureAlert, Lang, Meaning, Page, Skeleton, Table, Tag, Tone, use_lang, when};

use self::form::PatientForm;
use super::{listing::walked, may, plain, search::Search};
use crate::{
    page_doors::{PatientRows, read_patients},
    words,
};

/// Where a patient's page is.
pub fn href(patient: &Patient) -> String {
    format!("/dashboard/people/{}", patient.id)
}

/// `Anna Wiśniewska`.
pub fn name(patient: &Patient) -> String {
    format!("{} {}", patient.given_name, patient.family_name)
}

/// `12 Mar 1992, 34 y`; the date alone before birth.
pub fn born(lang: Lang, birth: NaiveDate, today: NaiveDate) -> String {
    let mut text = when::date_short(lang, birth);
    if let Some(age) = when::age(birth, today) {
        text.push_str(", ");
        text.push_str(&words::age(lang, i64::from(age)));
    }
    text
}

/// What must not be overlooked about a patient, as marks.
pub fn marks(lang: Lang, patient: &Patient) -> AnyView {
    let allergies = patient.allergies.trim();
    let alerts = patient.alerts.trim();
    view! {
        {(!allergies.is_empty())
            .then(|| view! { <Tag meaning=Meaning::Critical icon="allergy" text=words::allergy(lang, allergies)/> })}
        {(!alerts.is_empty()).then(|| view! { <Tag meaning=Meaning::Attention icon="warning" text=alerts/> })}
    }
    .into_any()
}

/// The page.
pub fn page() -> AnyView {
    let lang = use_lang();
    let search = Search::new();
    let writes = may(gabinet::PATIENTS_WRITE);
    let making = RwSignal::new(false);
    let navigate = use_navigate();
    let made = Callback::new(move |patient: Patient| {
        making.set(false);
        navigate(&href(&patient), Default::default());
    });
    let found = ui::fetched(move || search.wanted.get(), |query| read_patients(query, None));
    let add = move || {
        writes
            .then(|| view! { <Button tone=Tone::Primary icon="plus" on_press=move || making.set(true)>{words::new_patient(lang)}</Button> })
    };
    let content = move |found: Result<PatientRows, Failure>, retry: Callback<()>| match found {
        Err(failure) => view! { <FailureAlert failure=failure on_retry=move || retry.run(())/> }.into_any(),
        Ok(found) if found.items.is_empty() => {
            let searched = search.wanted.get_untracked();
            match searched.trim() {
                "" => view! { <Empty icon="people" title=words::no_patients(lang) text=words::no_patients_text(lang)>{add()}</Empty> }
                    .into_any(),
                text => {
                    view! { <Empty icon="search" title=words::nobody_found(lang, text) text=words::nobody_found_text(lang)/> }.into_any()
                }
            }
        }
        Ok(found) => list(lang, found, search.wanted.get_untracked()),
    };
    let retry = Callback::new(move |()| found.refetch());
    view! {
        <Title text=words::patients(lang)/>
        <Page title=words::patients(lang) lead=words::patients_lead(lang) actions=add>
            {search.view(words::find_patient(lang))}
            <Transition fallback=|| view! { <Skeleton class="rows" lines=8/> }>
                {move || Suspend::new(async move { content(found.await, retry) })}
            </Transition>
        </Page>
        <Dialog open=making title=words::new_patient(lang) class="wide">
            <PatientForm on_saved=made on_cancel=move || making.set(false)/>
        </Dialog>
    }
    .into_any()
}

/// The rows, and a button for those that follow.
fn list(lang: Lang, first: PatientRows, query: String) -> AnyView {
    let today = first.today;
    let rows = RwSignal::new(first.items);
    let next = RwSignal::new(first.next);
    let failure = RwSignal::new(None::<Failure>);
    let more = Action::new_local(move |(): &()| {
        let asked = read_patients(query.clone(), next.get_untracked());
        async move {
            match asked.await {
                Ok(found) => {
                    rows.update(|rows| rows.extend(found.items));
                    next.set(found.next);
                    failure.set(None);
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    let drawn =
        plain::live(move || rows.with(|rows| rows.iter().map(|patient| row(lang, patient, today)).collect::<Vec<AnyView>>().into_any()));
    let fault = plain::live(move || match failure.get() {
        Some(failure) => view! { <FailureAlert failure=failure/> }.into_any(),
        None => ().into_any(),
    });
    let next_button = plain::shown_while(
        move || next.with(Option::is_some),
        move || {
            view! {
                <p class="more">
                    <Button busy=more.pending() on_press=move || { more.dispatch_local(()); }>{words::show_more(lang)}</Button>
                </p>
            }
            .into_any()
        },
    );
    let table = view! {
        <Table caption=words::patients(lang) heads=vec![words::name(lang), words::birth_date(lang), words::phone(lang), words::attention(lang)]>
            {drawn}
        </Table>
    };
    view! {
        {walked(table.into_any())}
        {fault}
        {next_button}
    }
    .into_any()
}

fn row(lang: Lang, patient: &Patient, today: NaiveDate) -> AnyView {
    let name = name(patient);
    view! {
        <tr>
            <th scope="row">
                <a class="who" href=href(patient)>
                    <Avatar name=name.clone()/>
                    <span>{name}<small>{patient.number.clone()}</small></span>
                </a>
            </th>
            <td>{patient.birth_date.map(|birth| born(lang, birth, today))}</td>
            <td class="tnum">{patient.phone.as_deref().map(ui::phone)}</td>
            <td><span class="marks">{marks(lang, patient)}</span></td>
        </tr>
    }
    .into_any()
}
