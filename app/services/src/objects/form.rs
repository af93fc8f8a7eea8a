//! The form of a record: a new one, or one that is there.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use platform::id::EntityId;
use services::{
    objects::RecordInput,
    records::{FieldInfo, Values},
};
use ui::{Button, ErrorSummary, Failure, Page, Skeleton, Tone, use_lang, use_toasts};

use super::{
    doors::{read_form, save_record},
    field_doors::Habits,
    list_address,
};
use crate::{
    fields::{Draft, control, localised, read_all},
    words,
};

/// `/dashboard/objects/{type}/new`
pub(super) fn page(entity_type: String) -> AnyView {
    let lang = use_lang();
    let of = StoredValue::new(entity_type);
    let form = ui::fetched(|| (), move |()| read_form(of.get_value()));
    let navigate = use_navigate();
    let to = Callback::new(move |(path,): (String,)| navigate(&path, leptos_router::NavigateOptions::default()));
    view! {
        <Suspense fallback=|| view! { <div class="page"><Skeleton class="rows" lines=6/></div> }>
            {move || Suspend::new(async move {
                match form.await {
                    Ok((info, fields, habits)) => {
                        let base = StoredValue::new(list_address(&info.key));
                        let done = Callback::new(move |(id,): (EntityId,)| to.run(([&base.get_value(), "/", &id.to_string()].concat(),)));
                        let left = Callback::new(move |()| to.run((base.get_value(),)));
                        let title = [words::object_new(lang), ": ", &info.name].concat();
                        view! {
                            <leptos_meta::Title text=title.clone()/>
                            <Page title=title>
                                <RecordForm of=info.key fields=fields record=None values=Values::new() titles=Vec::new() habits=habits done=done left=left/>
                            </Page>
                        }
                        .into_any()
                    }
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// The fields under their headings, and the buttons.
#[component]
pub(super) fn RecordForm(
    of: String,
    fields: Vec<FieldInfo>,
    /// Id and version of the one that is changed.
    record: Option<(EntityId, i32)>,
    values: Values,
    titles: Vec<(EntityId, String)>,
    habits: Habits,
    done: Callback<(EntityId,)>,
    left: Callback<()>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let of = StoredValue::new(of);
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let open = fields
        .iter()
        .filter(|field| field.editable && (field.key != "status" || field.custom.is_some() || !field.kind.choices().is_empty()));
    let drafts: Vec<Draft> = open.map(|field| Draft::new(field, &values, &titles, &habits)).collect();
    let kept = StoredValue::new(drafts.clone());
    let habits = StoredValue::new(habits);
    let fresh = EntityId::new();
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let read = kept.with_value(|drafts| habits.with_value(|habits| read_all(drafts, habits)));
        let (values, emptied) = match read {
            Ok(read) => read,
            Err(why) => return failure.set(Some(localised(lang, why))),
        };
        let input = RecordInput { id: Some(fresh), version: record.map_or(0, |(_, version)| version), values, emptied };
        busy.set(true);
        spawn_local(async move {
            let saved = save_record(of.get_value(), record.map(|(id, _)| id), input).await;
            busy.try_set(false);
            match saved {
                Ok(id) => {
                    toasts.say(words::saved(lang));
                    done.run((id,));
                }
                Err(why) => {
                    failure.try_set(Some(localised(lang, why)));
                }
            }
        });
    };
    let mut sections: Vec<&str> = Vec::new();
    for draft in &drafts {
        if !sections.contains(&draft.field.section.as_str()) {
            sections.push(&draft.field.section);
        }
    }
    let body = sections
        .iter()
        .map(|section| {
            let inside = drafts.iter().filter(|draft| draft.field.section == *section).map(|draft| control(draft, failure)).collect_view();
            let heading = (!section.is_empty()).then(|| view! { <h2>{(*section).to_owned()}</h2> });
            view! { <section class="object-section">{heading}{inside}</section> }
        })
        .collect_view();
    view! {
        <form
            class="form"
            method="post"
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <ErrorSummary failure=failure/>
            {body}
            <footer>
                <Button on_press=move || left.run(())>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}
