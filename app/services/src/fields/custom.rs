//! “More fields” on the page of a record: what the organization has added to its type. It asks for itself, and is not there
//! where nothing was added.

use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::fields::{FieldsInput, RecordFields};
use ui::{Button, ErrorSummary, Failure, Skeleton, Tone, use_lang, use_toasts};

use super::{
    control::{Draft, control, label, localised, read_all, shown},
    doors::{Habits, read_record_fields, save_record_fields},
};
use crate::words;

ui::lazy_part!(record_fields: fn custom_part(entity_type: String, id: EntityId) { section(entity_type, id) });

/// The organization's own fields of a record, shown and edited.
#[component]
pub fn CustomFields(
    /// The record's type.
    #[prop(into)]
    entity_type: String,
    /// The record.
    id: EntityId,
) -> AnyView {
    let before = || view! { <Skeleton lines=2/> }.into_any();
    ui::lazy::once_alive(before, move || {
        let part = custom_part(entity_type.clone(), id);
        view! { <Suspense fallback=before>{Suspend::new(part)}</Suspense> }.into_any()
    })
}

fn section(entity_type: String, id: EntityId) -> AnyView {
    let of = StoredValue::new(entity_type);
    let read = ui::fetched(|| (), move |()| read_record_fields(of.get_value(), id));
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                match read.await {
                    Ok((fields, _)) if fields.fields.is_empty() => ().into_any(),
                    Ok((fields, habits)) => view! { <Section of=of id=id fields=fields habits=habits/> }.into_any(),
                    // Who may not see them has a page without them.
                    Err(_) => ().into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Section(of: StoredValue<String>, id: EntityId, fields: RecordFields, habits: Habits) -> AnyView {
    let lang = use_lang();
    let held = RwSignal::new(fields);
    let habits = StoredValue::new(habits);
    let editing = RwSignal::new(false);
    let edit = move || {
        let offered = held.with(|held| held.may_write);
        (offered && !editing.get())
            .then(|| view! { <Button tone=Tone::Plain icon="edit" on_press=move || editing.set(true)>{words::field_edit(lang)}</Button> })
    };
    let content = move || {
        if editing.get() {
            return view! { <Form of=of id=id held=held habits=habits editing=editing/> }.into_any();
        }
        held.with(|held| {
            let rows = held.fields.iter().map(|field| {
                let info = field.info("");
                let value = habits.with_value(|habits| shown(lang, &info, held.values.get(&field.key), &held.titles, habits));
                view! { <div><dt>{label(lang, &info)}</dt><dd>{value}</dd></div> }
            });
            view! { <dl class="object-facts">{rows.collect_view()}</dl> }.into_any()
        })
    };
    view! {
        <section class="object-more" aria-label=words::field_more(lang)>
            <header><h2>{words::field_more(lang)}</h2>{edit}</header>
            {content}
        </section>
    }
    .into_any()
}

#[component]
fn Form(
    of: StoredValue<String>,
    id: EntityId,
    held: RwSignal<RecordFields>,
    habits: StoredValue<Habits>,
    editing: RwSignal<bool>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let drafts: Vec<Draft> = held.with_untracked(|held| {
        let open = held.fields.iter().filter(|field| held.editable.contains(&field.key));
        let infos = open.map(|field| services::records::FieldInfo { editable: true, ..field.info("") });
        habits.with_value(|habits| infos.map(|info| Draft::new(&info, &held.values, &held.titles, habits)).collect())
    });
    let kept = StoredValue::new(drafts.clone());
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let read = kept.with_value(|drafts| habits.with_value(|habits| read_all(drafts, habits)));
        let (values, emptied) = match read {
            Ok(read) => read,
            Err(why) => return failure.set(Some(localised(lang, why))),
        };
        let input = FieldsInput { version: held.with_untracked(|held| held.version), values, emptied };
        busy.set(true);
        spawn_local(async move {
            let done = save_record_fields(of.get_value(), id, input).await;
            busy.try_set(false);
            match done {
                Ok(saved) => {
                    held.try_set(saved);
                    editing.try_set(false);
                    toasts.say(words::saved(lang));
                }
                Err(why) => {
                    failure.try_set(Some(localised(lang, why)));
                }
            }
        });
    };
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
            {drafts.iter().map(|draft| control(draft, failure)).collect_view()}
            <footer>
                <Button on_press=move || editing.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}
