//! The treatment catalogue.

mod form;
mod rules;

use gabinet::treatments::Treatment;
use leptos::prelude::*;
use leptos_meta::Title;
use services::calendar::ResourceKind;
use ui::{Button, Checkbox, Dialog, Empty, Icon, Lang, Page, Table, Tag, Tone, letters::fold, use_lang, when};

use self::form::TreatmentForm;
use super::{
    listing::walked,
    may, plain,
    search::Search,
    shown::{Shown, shown},
};
use crate::{
    page_doors::{Catalogue, read_catalogue},
    prices, words,
};

/// The page.
pub fn page() -> AnyView {
    shown(|| (), |()| read_catalogue(), catalogue)
}

fn catalogue(catalogue: Shown<Catalogue>) -> AnyView {
    let lang = use_lang();
    let writes = may(gabinet::TREATMENTS_WRITE);
    let search = Search::new();
    let retired = RwSignal::new(false);
    let editing = RwSignal::new(false);
    let edited = RwSignal::new(None::<Treatment>);
    let edit = Callback::new(move |treatment: Option<Treatment>| {
        edited.set(treatment);
        editing.set(true);
    });
    let add = move || {
        writes
            .then(|| view! { <Button tone=Tone::Primary icon="plus" on_press=move || edit.run(None)>{words::new_treatment(lang)}</Button> })
    };
    // What is no longer offered is shown on demand only.
    let found = Memo::new(move |_| {
        let needle = fold(search.typed.get().trim());
        let retired = retired.get();
        catalogue.value.with(|catalogue| {
            let fits = |treatment: &&Treatment| {
                (treatment.active || retired) && (fold(&treatment.name).contains(&needle) || fold(&treatment.category).contains(&needle))
            };
            let mut found: Vec<Treatment> = catalogue.treatments.iter().filter(fits).cloned().collect();
            found.sort_by_cached_key(|treatment| (fold(&treatment.category), fold(&treatment.name)));
            found
        })
    });
    let any_retired = move || catalogue.value.with(|catalogue| catalogue.treatments.iter().any(|treatment| !treatment.active));
    let show_retired = plain::shown_while(any_retired, move || {
        view! { <Checkbox label=words::show_retired(lang) checked=retired on_change=move |on: bool| retired.set(on)/> }.into_any()
    });
    let content = plain::live(move || {
        let found = found.get();
        if catalogue.value.with(|catalogue| catalogue.treatments.is_empty()) {
            return view! { <Empty icon="treatment" title=words::no_treatments(lang) text=words::no_treatments_text(lang)>{add()}</Empty> }
                .into_any();
        }
        if found.is_empty() {
            return view! { <Empty icon="search" title=words::no_treatment_found(lang) text=words::nobody_found_text(lang)/> }.into_any();
        }
        table(lang, found, writes.then_some(edit))
    });
    view! {
        <Title text=words::treatments(lang)/>
        <Page title=words::treatments(lang) lead=words::treatments_lead(lang) actions=add>
            <div class="narrowing">
                {search.view(words::find_treatment(lang))}
                {show_retired}
            </div>
            {content}
        </Page>
        <Dialog
            open=editing
            class="wide"
            title=Signal::derive(move || {
                edited.with(|treatment| treatment.as_ref().map_or_else(|| words::new_treatment(lang).into(), |treatment| treatment.name.clone()))
            })
        >
            <TreatmentForm treatment=edited.get_untracked() catalogue=catalogue open=editing/>
        </Dialog>
    }
    .into_any()
}

fn table(lang: Lang, found: Vec<Treatment>, edit: Option<Callback<Option<Treatment>>>) -> AnyView {
    let mut category = None::<String>;
    let mut rows = Vec::with_capacity(found.len() + 8);
    for treatment in found {
        if category.as_ref() != Some(&treatment.category) {
            let name = if treatment.category.is_empty() { words::no_category(lang).to_owned() } else { treatment.category.clone() };
            rows.push(view! { <tr class="group"><th colspan="6" scope="colgroup">{name}</th></tr> }.into_any());
            category = Some(treatment.category.clone());
        }
        rows.push(row(lang, treatment, edit));
    }
    let minutes = words::duration(lang);
    let table = view! {
        <Table
            caption=words::treatments(lang)
            heads=vec![words::name(lang), minutes, words::needs(lang), words::price(lang), words::state(lang), ""]
        >
            {rows}
        </Table>
    };
    walked(table.into_any())
}

fn row(lang: Lang, treatment: Treatment, edit: Option<Callback<Option<Treatment>>>) -> AnyView {
    let mut style = String::from("--hue:");
    style.push_str(&treatment.hue.to_string());
    let price = prices::shown(lang, treatment.price, &treatment.currency);
    let needs = treatment
        .needs
        .iter()
        .map(|need| {
            let icon = if need.kind == ResourceKind::Room { "room" } else { "device" };
            view! { <Tag icon=icon text=need.sort_of.clone()/> }
        })
        .collect_view();
    let before = (treatment.buffer_before > 0).then(|| words::minutes_before(lang, &treatment.buffer_before.to_string()));
    let after = (treatment.buffer_after > 0).then(|| words::minutes_after(lang, &treatment.buffer_after.to_string()));
    let buffers = [before, after].into_iter().flatten().map(|text| view! { <small>{text}</small> }).collect_view();
    let dot = view! { <i class="dot" style=style></i> };
    let name = treatment.name.clone();
    let label = words::edit_named(lang, &name);
    let length = when::length(lang, treatment.duration.into());
    let rules = &treatment.rules;
    let told = [
        (!treatment.active).then(|| words::retired(lang).to_owned()),
        rules.needs_approval.then(|| words::tag_request(lang).to_owned()),
        (!rules.online).then(|| words::tag_desk_only(lang).to_owned()),
        (rules.seats > 1).then(|| words::tag_seats(lang, &rules.seats.to_string())),
    ];
    let state = told.into_iter().flatten().map(|text| view! { <Tag text=text/> }).collect_view();
    let head = match edit {
        None => view! { {dot}{name} }.into_any(),
        Some(edit) => {
            let own = treatment.clone();
            view! { <button type="button" on:click=move |_| edit.run(Some(own.clone()))>{dot}{name}</button> }.into_any()
        }
    };
    let pencil = edit.map(|edit| {
        view! {
            <button type="button" class="button plain bare" tabindex="-1" aria-label=label.clone() title=label on:click=move |_| edit.run(Some(treatment.clone()))>
                <Icon name="edit"/>
            </button>
        }
    });
    view! {
        <tr class="treatment">
            <th scope="row">{head}</th>
            <td>{length}{buffers}</td>
            <td><span class="marks">{needs}</span></td>
            <td class="tnum">{price}</td>
            <td><span class="marks">{state}</span></td>
            <td class="end">{pencil}</td>
        </tr>
    }
    .into_any()
}
