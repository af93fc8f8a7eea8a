//! The page on which an organization decides which fields and types of record there are.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use services::{
    fields::{Field, FieldJob, Shape},
    objects::ObjectType,
};
use ui::{Button, Dialog, Empty, Icon, Page, Skeleton, Table, Tag, Tone, use_lang};

use super::{
    control::told,
    doors::{FieldsPage, read_fields},
    field_form::{FieldForm, type_name},
    kinds,
    type_form::TypeForm,
};
use crate::words;

/// The page.
#[component]
pub(super) fn Fields() -> AnyView {
    let lang = use_lang();
    let query = use_query_map();
    let of = move || query.with(|query| query.get("type")).unwrap_or_default();
    let page = ui::fetched(of, read_fields);
    let again = Callback::new(move |()| page.refetch());
    view! {
        <Page title=words::fields(lang) lead=words::fields_lead(lang)>
            <Transition fallback=|| view! { <Skeleton class="rows" lines=6/> }>
                {move || Suspend::new(async move {
                    match page.await {
                        Ok(page) => view! { <Shown page=page again=again/> }.into_any(),
                        Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                    }
                })}
            </Transition>
        </Page>
    }
    .into_any()
}

fn address(entity_type: &str) -> String {
    ["/dashboard/settings/fields?type=", entity_type].concat()
}

#[component]
fn Shown(page: FieldsPage, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let navigate = use_navigate();
    let (editing, making) = (RwSignal::new(false), RwSignal::new(false));
    let edited = RwSignal::new(None::<Field>);
    let changed = RwSignal::new(None::<ObjectType>);
    let kept = StoredValue::new(page.clone());
    let edit = move |field: Option<Field>| {
        edited.set(field);
        editing.set(true);
    };
    let change = move |of: Option<ObjectType>| {
        changed.set(of);
        making.set(true);
    };
    let current = page.of.key.clone();
    let types = page
        .types
        .iter()
        .map(|of| view! { <a href=address(&of.key) aria-current=(of.key == current).then_some("page")><Icon name="box"/>{type_name(of)}</a> })
        .collect_view();
    let retired = page.objects.iter().filter(|of| of.retired).cloned();
    let retired = retired
        .map(|of| {
            let name = of.details.plural.clone();
            view! { <Button tone=Tone::Plain on_press=move || change(Some(of.clone()))>{name}" · "{words::field_out(lang)}</Button> }
        })
        .collect_view();
    let own = page.objects.iter().find(|of| of.entity_type() == current).cloned();
    let own_actions = own.map(|of| {
        let href = ["/dashboard/objects/", &of.key].concat();
        view! {
            <a class="button quiet" href=href>{words::type_records(lang)}</a>
            <Button icon="edit" on_press=move || change(Some(of.clone()))>{words::type_edit(lang)}</Button>
        }
    });
    let done = Callback::new(move |(key,): (String,)| {
        navigate(&address(&key), leptos_router::NavigateOptions::default());
        again.run(());
    });
    let rows = page.fields.iter().map(|field| row(field, edit)).collect_view();
    let heads = vec![words::field_label(lang), words::field_key(lang), words::field_kind(lang), words::field_rules(lang), ""];
    let table = if page.fields.is_empty() {
        view! { <Empty icon="edit" title=words::no_fields(lang) text=words::no_fields_text(lang)><Button tone=Tone::Primary icon="plus" on_press=move || edit(None)>{words::new_field(lang)}</Button></Empty> }.into_any()
    } else {
        view! { <Table caption=words::fields(lang) heads=heads>{rows}</Table> }.into_any()
    };
    let jobs = (!page.jobs.is_empty()).then(|| jobs(&page));
    view! {
        <div class="object-settings">
            <nav aria-label=words::type_all(lang)>
                {types}
                {retired}
                <Button icon="plus" on_press=move || change(None)>{words::new_type(lang)}</Button>
            </nav>
            <section>
                <header>
                    <h2>{type_name(&page.of)}</h2>
                    <div class="actions">{own_actions}<Button tone=Tone::Primary icon="plus" on_press=move || edit(None)>{words::new_field(lang)}</Button></div>
                </header>
                {table}
                {jobs}
            </section>
        </div>
        <Dialog open=editing title=Signal::derive(move || edited.with(|field| field.as_ref().map_or_else(|| words::new_field(lang).into(), |field| field.details.label.clone())))>
            <FieldForm page=kept field=edited.get_untracked() open=editing again=again/>
        </Dialog>
        <Dialog open=making title=Signal::derive(move || changed.with(|of| of.as_ref().map_or_else(|| words::new_type(lang).into(), |of| of.details.plural.clone())))>
            <TypeForm of=changed.get_untracked() open=making done=done/>
        </Dialog>
    }
    .into_any()
}

fn row(field: &Field, edit: impl Fn(Option<Field>) + Copy + Send + Sync + 'static) -> AnyView {
    let lang = use_lang();
    let kind = match &field.details.shape {
        Shape::Stored(kind) => kinds::name(lang, kind.word()).to_owned(),
        Shape::Formula(_) => [kinds::name(lang, "formula"), " · ", kinds::name(lang, field.result.word())].concat(),
        Shape::RollUp(_) => [kinds::name(lang, "roll_up"), " · ", kinds::name(lang, field.result.word())].concat(),
    };
    let rules = [
        (field.retired, words::field_out(lang)),
        (field.details.required, words::field_required(lang)),
        (field.details.unique, words::field_unique(lang)),
        (!field.details.visible_roles.is_empty(), words::field_for_some(lang)),
    ];
    let tags = rules.into_iter().filter(|(on, _)| *on).map(|(_, text)| view! { <Tag text=text/> }).collect_view();
    let (name, held) = (field.details.label.clone(), field.clone());
    view! {
        <tr>
            <th scope="row">{name.clone()}</th>
            <td><code>{field.key.clone()}</code></td>
            <td>{kind}</td>
            <td>{tags}</td>
            <td class="end"><Button tone=Tone::Plain icon="edit" name=words::field_edit_named(lang, &name) on_press=move || edit(Some(held.clone()))/></td>
        </tr>
    }
    .into_any()
}

/// What became of changes that went through all values.
fn jobs(page: &FieldsPage) -> AnyView {
    let lang = use_lang();
    let name = |job: &FieldJob| {
        page.fields.iter().find(|field| field.id == job.field).map(|field| field.details.label.clone()).unwrap_or_default()
    };
    let rows = page
        .jobs
        .iter()
        .map(|job| {
            let failures = job
                .failures
                .iter()
                .map(|failure| {
                    let why = told(lang, &failure.code, &failure.code);
                    let href = format!("/dashboard/records/{}", failure.entity);
                    view! { <li><a href=href>{failure.title.clone()}</a>": "<q>{failure.value.clone()}</q>" — "{why}</li> }
                })
                .collect_view();
            let what = if job.from.is_some() { words::job_converted(lang) } else { words::job_computed(lang) };
            let state = if job.finished_at.is_some() { words::job_done(lang) } else { words::job_running(lang) };
            view! {
                <li>
                    <b>{name(job)}</b>" · "{what}" · "{state}" · "{words::job_counts(lang, &job.done.to_string(), &job.failed.to_string())}
                    {(!job.failures.is_empty()).then(|| view! { <details><summary>{words::job_failures(lang)}</summary><ul>{failures}</ul></details> })}
                </li>
            }
        })
        .collect_view();
    view! { <section class="object-jobs"><h3>{words::jobs_title(lang)}</h3><ul>{rows}</ul></section> }.into_any()
}
