//! What a list shows beside its conditions: columns, group, measures; and the file.

use leptos::prelude::*;
use services::{
    records::Kind,
    views::{Aggregate, Measure},
};
use ui::{Button, ButtonLink, Checkbox, Choice, Dialog, Icon, Select, use_toasts};
use wasm_bindgen::JsCast;

use super::{doors::export_list, model::List, texts};
use crate::words;

/// The buttons at the top of the page.
#[component]
pub(super) fn MoreMenu(list: List) -> AnyView {
    let lang = list.lang;
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let export = Action::new_local(move |(): &()| {
        let (kind, query) = (list.key(), list.query(None, None));
        let heads: Vec<String> = query.columns.iter().map(|key| texts::named(list, key)).collect();
        async move {
            match export_list(kind.clone(), query, heads).await {
                Ok(csv) => save_file(&[&kind.replace(':', "-"), ".csv"].concat(), &csv),
                Err(failure) => toasts.fail(&failure),
            }
        }
    });
    view! {
        <Button icon="settings" on_press=move || open.set(true)>{words::list_columns(lang)}</Button>
        <Button
            icon="print"
            busy=export.pending()
            on_press=move || {
                export.dispatch_local(());
            }
        >
            {words::list_export(lang)}
        </Button>
        {list.writes.then(|| view! { <ButtonLink href=crate::imports::address(&list.key()) icon="plus">{words::list_import(lang)}</ButtonLink> })}
        <Dialog open=open title=words::list_columns(lang).to_owned()>{move || columns(list)}</Dialog>
    }
    .into_any()
}

/// Gives the person a file.
pub(crate) fn save_file(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = web_sys::Blob::new_with_str_sequence(&parts) else { return };
    let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(link) = link {
        let _ = link.set_attribute("href", &address);
        let _ = link.set_attribute("download", name);
        link.click();
    }
    let _ = web_sys::Url::revoke_object_url(&address);
}

fn columns(list: List) -> AnyView {
    let lang = list.lang;
    let (shown, group) = list.definition.with(|definition| (definition.columns.clone(), definition.group.clone()));
    let all = list.columns.get_value();
    // Those that are shown first, in their order.
    let order = |key: &str| shown.iter().position(|own| own == key).unwrap_or(usize::MAX);
    let mut sorted: Vec<usize> = (0..all.len()).collect();
    sorted.sort_by_key(|place| (order(&all[*place].key), *place));
    let rows = sorted
        .into_iter()
        .map(|place| {
            let column = all[place].clone();
            let name = texts::field(lang, &column);
            let (tick, up) = (column.key.clone(), column.key.clone());
            let at = order(&column.key);
            let on = at != usize::MAX;
            let change = move |wanted: bool| {
                let key = tick.clone();
                list.change(move |definition| {
                    definition.columns.retain(|own| *own != key);
                    if wanted {
                        definition.columns.push(key);
                    }
                });
            };
            let raise = move |_| {
                let key = up.clone();
                list.change(move |definition| {
                    if let Some(place) = definition.columns.iter().position(|own| *own == key).filter(|place| *place > 0) {
                        definition.columns.swap(place, place - 1);
                    }
                });
            };
            let move_up = words::list_move_up(lang, &name);
            view! {
                <li>
                    <Checkbox checked=on label=name on_change=change/>
                    {(on && at > 0).then(|| view! {
                        <button type="button" class="button plain bare" aria-label=move_up.clone() title=move_up on:click=raise><Icon name="up"/></button>
                    })}
                    {measured(list, &column)}
                </li>
            }
        })
        .collect_view();
    let groups: Vec<Choice> = std::iter::once(Choice::new("", words::list_no_group(lang)))
        .chain(all.iter().filter(|column| column.groups).map(|column| Choice::new(column.key.clone(), texts::field(lang, column))))
        .collect();
    let pick = move |key: String| list.change(move |definition| definition.group = (!key.is_empty()).then_some(key));
    view! {
        <label class="list-group-by">
            <span>{words::list_group(lang)}</span>
            <Select choices=groups value=RwSignal::new(group.unwrap_or_default()) label=words::list_group(lang) on_change=pick/>
        </label>
        <ul class="list-columns">{rows}</ul>
    }
    .into_any()
}

/// What is measured of a column that can be measured.
fn measured(list: List, column: &services::views::Column) -> Option<AnyView> {
    let lang = list.lang;
    let measures: &[Measure] = match column.kind {
        Kind::Number | Kind::Percent | Kind::Money => &[Measure::Sum, Measure::Average, Measure::Least, Measure::Most, Measure::Count],
        Kind::Date | Kind::DateTime => &[Measure::Least, Measure::Most, Measure::Count],
        _ => return None,
    };
    let named = |measure: Measure| format!("{measure:?}");
    let now = list.definition.with(|definition| {
        definition
            .aggregates
            .iter()
            .find(|aggregate| aggregate.field == column.key)
            .map(|aggregate| named(aggregate.measure))
            .unwrap_or_default()
    });
    let choices: Vec<Choice> = std::iter::once(Choice::new("", "–"))
        .chain(measures.iter().map(|measure| Choice::new(named(*measure), texts::measure(lang, *measure))))
        .collect();
    let key = column.key.clone();
    let pick = move |name: String| {
        let key = key.clone();
        let measure = measures.iter().copied().find(|measure| named(*measure) == name);
        list.change(move |definition| {
            definition.aggregates.retain(|aggregate| aggregate.field != key);
            definition.aggregates.extend(measure.map(|measure| Aggregate { field: key, measure }));
        });
    };
    Some(view! { <Select choices=choices value=RwSignal::new(now) label=words::list_measure(lang) on_change=pick/> }.into_any())
}
