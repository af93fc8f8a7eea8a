//! One import, from what its columns are to taking it back.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::imports::{ImportState, ImportStep, RecordImport};
use ui::{Alert, Button, ButtonLink, Confirm, Failure, FailureAlert, Lang, Meaning, Page, Skeleton, Tag, Tone, failure_text, use_lang};

use super::{
    address,
    doors::{ImportPage, look_at_import, open_import, step_import},
    lines::Lines,
    mapping::Mapping,
    texts,
};
use crate::{fields::type_name, words};

/// How often it is asked how far an import is.
const PAUSE: Duration = Duration::from_millis(800);

/// `/dashboard/import/{type}/{id}`
pub(super) fn page(id: Option<EntityId>) -> AnyView {
    // An address that cannot be read names nothing.
    let id = id.unwrap_or(EntityId(uuid::Uuid::nil()));
    let found = ui::fetched(move || id, open_import);
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(found) => view! { <Import found=found/> }.into_any(),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Import(found: ImportPage) -> AnyView {
    let lang = use_lang();
    let title = words::import_of(lang, &type_name(&found.kind));
    let kind = found.kind.key.clone();
    let import = RwSignal::new(found.import);
    let fields = StoredValue::new(found.fields);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    follow(import);
    let step = Callback::new(move |step: ImportStep| {
        let (id, version) = import.with_untracked(|import| (import.id, import.version));
        busy.set(true);
        spawn_local(async move {
            let answer = step_import(id, version, step).await;
            busy.try_set(false);
            match answer {
                Ok(now) => {
                    failure.try_set(None);
                    import.try_set(now);
                }
                Err(error) => {
                    failure.try_set(Some(texts::localised(lang, error)));
                }
            }
        });
    });
    let state = Memo::new(move |_| import.with(|import| import.state));
    let about = move || import.with(|import| about(lang, import));
    let list = ["/dashboard/lists/", &kind, "?view=all"].concat();
    let again = address(&kind);
    view! {
        <leptos_meta::Title text=title.clone()/>
        <Page
            title=title
            actions=move || view! {
                <ButtonLink href=list.clone()>{words::import_to_list(lang)}</ButtonLink>
                <ButtonLink href=again.clone()>{words::import_other_file(lang)}</ButtonLink>
            }
        >
            <p class="import-about">{about}" "{move || { let (text, meaning) = texts::state(lang, state.get()); view! { <Tag meaning=meaning text=text/> } }}</p>
            {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
            {move || problem(lang, &import.with(|import| import.problem.clone()))}
            <div role="status">{move || progress(lang, &import.get())}</div>
            {move || matches!(state.get(), ImportState::Mapping | ImportState::Tried).then(|| view! { <Mapping import=import fields=fields failure=failure/> })}
            {move || shows_lines(state.get()).then(|| view! { <Lines import=import/> })}
            {move || steps(lang, import, busy, step)}
        </Page>
    }
    .into_any()
}

/// Asks how far it is as long as a job is at work on it.
fn follow(import: RwSignal<RecordImport>) {
    let ask = move || {
        let id = import.with_untracked(|import| import.id);
        spawn_local(async move {
            match look_at_import(id).await {
                Ok(now) => {
                    import.try_set(now);
                }
                // Passing: asked again, as nothing is known to have changed.
                Err(_) => {
                    import.try_update(|_| ());
                }
            }
        });
    };
    // The world outside: the time. Runs again with every answer.
    Effect::new(move |_| {
        if import.with(|import| import.state.busy())
            && let Ok(timer) = set_timeout_with_handle(ask, PAUSE)
        {
            on_cleanup(move || timer.clear());
        }
    });
}

/// Whether there is something to be seen line by line.
fn shows_lines(state: ImportState) -> bool {
    matches!(state, ImportState::Tried | ImportState::Done | ImportState::Undone | ImportState::Failed)
}

/// What file it is, in one line.
fn about(lang: Lang, import: &RecordImport) -> String {
    let delimiter = match import.delimiter.as_str() {
        "\t" => words::import_tab(lang),
        other => other,
    };
    [
        &import.file_name,
        " · ",
        &words::import_lines(lang, i64::from(import.total)),
        " · ",
        &import.encoding.to_uppercase(),
        " · ",
        delimiter,
    ]
    .concat()
}

fn problem(lang: Lang, code: &str) -> Option<AnyView> {
    if code.is_empty() {
        return None;
    }
    let text = failure_text(lang, &platform::error::Problem::new(0, code, code, ""));
    Some(view! { <Alert meaning=Meaning::Critical>{words::import_stopped(lang)}" "{text}</Alert> }.into_any())
}

fn progress(lang: Lang, import: &RecordImport) -> AnyView {
    if !import.state.busy() {
        return ().into_any();
    }
    let (label, _) = texts::state(lang, import.state);
    let most = if import.state == ImportState::Undoing { import.made + import.changed } else { import.total };
    let text = words::import_progress(lang, &import.done.to_string(), &most.to_string());
    view! {
        <label class="import-progress">
            <span>{label}": "{text}</span>
            <progress max=most.max(1) value=import.done></progress>
        </label>
    }
    .into_any()
}

/// What can be done now: one thing.
fn steps(lang: Lang, import: RwSignal<RecordImport>, busy: RwSignal<bool>, step: Callback<ImportStep>) -> AnyView {
    let (state, made, changed, cleared) = import.with(|import| (import.state, import.made, import.changed, import.cleared));
    if cleared {
        return view! { <p>{words::import_cleared(lang)}</p> }.into_any();
    }
    let some = made + changed;
    match state {
        ImportState::Tried if some > 0 => view! {
            <footer class="import-steps">
                <Button tone=Tone::Primary busy=busy on_press=move || step.run(ImportStep::Run)>{words::import_run(lang, &some.to_string())}</Button>
            </footer>
        }
        .into_any(),
        ImportState::Tried => view! { <Alert>{words::import_nothing(lang)}</Alert> }.into_any(),
        ImportState::Done | ImportState::Failed if some > 0 => {
            let open = RwSignal::new(false);
            view! {
                <footer class="import-steps">
                    <Button icon="undo" busy=busy on_press=move || open.set(true)>{words::import_undo(lang)}</Button>
                </footer>
                <Confirm
                    open=open
                    title=words::import_undo_title(lang).to_owned()
                    text=words::import_undo_text(lang).to_owned()
                    action=words::import_undo(lang)
                    on_confirm=move || step.run(ImportStep::Undo)
                />
            }
            .into_any()
        }
        ImportState::Undone => {
            let (undone, kept) = import.with(|import| (import.undone.to_string(), import.kept.to_string()));
            view! { <p role="status">{words::import_undone(lang, &undone, &kept)}</p> }.into_any()
        }
        _ => ().into_any(),
    }
}
