//! The page of a record.

use leptos::{prelude::*, task::spawn_local};
use platform::{error::Problem, id::EntityId};
use services::{
    objects::{Link, RecordInput},
    records::{FieldInfo, Value, Values},
};
use ui::{Button, Failure, Page, Skeleton, Tone, use_lang, use_toasts};

use super::{
    doors::{Whole, delete_record, read_record, save_record},
    field_doors::Habits,
    form::RecordForm,
    list_address,
};
use crate::{fields::shown, records_side::RecordSide, words};

/// `/dashboard/objects/{type}/{id}`
pub(super) fn page(entity_type: String, id: Option<EntityId>) -> AnyView {
    let of = StoredValue::new(entity_type);
    let whole = ui::fetched_first(
        move || id,
        move |id| async move {
            match id {
                Some(id) => read_record(of.get_value(), id).await,
                None => Err(Failure::from(Problem::new(404, "not_found", "Not found", ""))),
            }
        },
    );
    let again = Callback::new(move |()| whole.refetch());
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match whole.await {
                    Ok(whole) => view! { <Shown whole=whole again=again/> }.into_any(),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Shown(whole: Whole, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let Whole { page, links, habits } = whole;
    let editing = RwSignal::new(false);
    let (id, version, deleted) = (page.record.id, page.record.version, page.deleted);
    let of = StoredValue::new(page.info.key.clone());
    let edits = page.may_write && !deleted && page.fields.iter().any(|field| field.editable);
    let removes = page.may_write && page.info.flexible;
    let remove = move |restore: bool| {
        spawn_local(async move {
            match delete_record(of.get_value(), id, version, restore).await {
                Ok(()) => {
                    toasts.say(if restore { words::object_restored(lang) } else { words::object_deleted(lang) });
                    again.run(());
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    let step = Callback::new(move |(word,): (String,)| {
        let values = Values::from([("status".to_owned(), Value::choice(&word))]);
        spawn_local(async move {
            match save_record(of.get_value(), Some(id), RecordInput { id: None, version, values, emptied: Vec::new() }).await {
                Ok(_) => again.run(()),
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    let statuses = page.fields.iter().find(|field| field.key == "status").map(|field| field.kind.choices().to_vec()).unwrap_or_default();
    let steps: Vec<_> = if page.may_write && !deleted {
        statuses.into_iter().filter(|status| page.next.contains(&status.key)).collect()
    } else {
        Vec::new()
    };
    let actions = move || {
        let steps = steps
            .into_iter()
            .map(|status| {
                let word = status.key.clone();
                view! { <Button on_press=move || step.run((word.clone(),))>{status.label.clone()}</Button> }
            })
            .collect_view();
        view! {
            {steps}
            {edits.then(|| view! { <Button tone=Tone::Primary icon="edit" on_press=move || editing.set(true)>{words::field_edit(lang)}</Button> })}
            {(removes && !deleted).then(|| view! { <Button icon="trash" name=words::object_delete(lang) on_press=move || remove(false)/> })}
            {(removes && deleted).then(|| view! { <Button tone=Tone::Primary icon="undo" on_press=move || remove(true)>{words::object_restore(lang)}</Button> })}
        }
    };
    let facts = facts(&page.fields, &page.record.values, &page.titles, &habits);
    let lead = if deleted { words::object_is_deleted(lang).to_owned() } else { page.info.name.clone() };
    let back = list_address(&page.info.key);
    let title = page.record.title.clone();
    let many = if page.info.flexible { page.info.plural.clone() } else { crate::fields::type_name(&page.info) };
    let kept = StoredValue::new((page, habits));
    let form = move || {
        let (page, habits) = kept.get_value();
        let done = Callback::new(move |(_,): (EntityId,)| again.run(()));
        let left = Callback::new(move |()| editing.set(false));
        view! {
            <RecordForm of=page.info.key fields=page.fields record=Some((id, version)) values=page.record.values titles=page.titles habits=habits done=done left=left/>
        }
    };
    view! {
        <leptos_meta::Title text=title.clone()/>
        <nav class="object-way"><a href=back>{many}</a></nav>
        <Page title=title lead=lead actions=actions>
            <div class="object-page">
                <div>
                    <Show when=move || editing.get()>{form}</Show>
                    <div hidden=move || editing.get()>{facts}</div>
                    {links_of(links)}
                </div>
                {(!deleted).then(|| view! { <RecordSide id=id/> })}
            </div>
        </Page>
    }
    .into_any()
}

/// What is known, under its headings.
fn facts(fields: &[FieldInfo], values: &Values, titles: &[(EntityId, String)], habits: &Habits) -> AnyView {
    let lang = use_lang();
    let told = fields.iter().filter(|field| field.key != "title" && (field.key != "status" || !field.kind.choices().is_empty()));
    let rows = told
        .map(|field| view! { <div><dt>{crate::fields::label(lang, field)}</dt><dd>{shown(lang, field, values.get(&field.key), titles, habits)}</dd></div> })
        .collect_view();
    view! { <dl class="object-facts">{rows}</dl> }.into_any()
}

fn links_of(links: Vec<Link>) -> AnyView {
    let lang = use_lang();
    let incoming: Vec<Link> = links.into_iter().filter(|link| link.incoming).collect();
    if incoming.is_empty() {
        return ().into_any();
    }
    let rows = incoming
        .into_iter()
        .map(|link| view! { <li><a href=format!("/dashboard/records/{}", link.id)>{link.title}</a><small>{link.label}</small></li> })
        .collect_view();
    view! { <section class="object-links"><h2>{words::object_links(lang)}</h2><ul>{rows}</ul></section> }.into_any()
}
