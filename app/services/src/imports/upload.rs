//! Choosing a file, and the files that were taken over before.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use platform::error::FieldError;
use services::imports::{MOST_BYTES, NewRecordImport, RecordImport};
use ui::{Button, Choice, ErrorSummary, Failure, Field, Lang, Page, Select, Skeleton, Table, Tag, Tone, field, use_lang};

use wasm_bindgen::JsCast;

use super::{
    address,
    doors::{ImportsOfType, begin_import, list_imports},
    texts,
};
use crate::{fields::type_name, words};

/// The encodings that can be named where the right one is not found out.
const ENCODINGS: [(&str, &str); 6] = [
    ("utf-8", "UTF-8"),
    ("windows-1250", "Windows-1250"),
    ("windows-1252", "Windows-1252"),
    ("iso-8859-2", "ISO 8859-2"),
    ("utf-16le", "UTF-16 LE"),
    ("utf-16be", "UTF-16 BE"),
];

/// `/dashboard/import/{type}`
pub(super) fn page(kind: String) -> AnyView {
    let found = ui::fetched(move || kind.clone(), list_imports);
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=6/></div> }>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(found) => view! { <Upload found=found/> }.into_any(),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Upload(found: ImportsOfType) -> AnyView {
    let lang = use_lang();
    let title = words::import_of(lang, &type_name(&found.kind));
    let kind = StoredValue::new(found.kind.key.clone());
    let chosen = StoredValue::new_local(None::<web_sys::File>);
    let (some, busy) = (RwSignal::new(false), RwSignal::new(false));
    let encoding = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let navigate = StoredValue::new_local(use_navigate());
    let send = move || {
        let Some(file) = chosen.with_value(Clone::clone) else { return };
        failure.set(None);
        if file.size() > MOST_BYTES as f64 {
            let error = FieldError { field: "file".into(), code: "too_large".into(), message: String::new() };
            failure.set(Some(texts::localised(lang, Failure::of_fields(vec![error]))));
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let new = NewRecordImport {
                id: None,
                entity_type: kind.get_value(),
                file_name: file.name().chars().take(200).collect(),
                file: base64(&file).await.map(String::from).unwrap_or_default(),
                encoding: Some(encoding.get_untracked()).filter(|encoding| !encoding.is_empty()),
            };
            let answer = begin_import(new).await;
            busy.try_set(false);
            match answer {
                Ok(import) => {
                    let to = [&address(&import.entity_type), "/", &import.id.to_string()].concat();
                    navigate.with_value(|navigate| navigate(&to, NavigateOptions::default()));
                }
                Err(error) => {
                    failure.try_set(Some(texts::localised(lang, error)));
                }
            }
        });
    };
    let encodings: Vec<Choice> = std::iter::once(Choice::new("", words::import_encoding_found(lang)))
        .chain(ENCODINGS.map(|(value, label)| Choice::new(value, label)))
        .collect();
    let earlier = earlier(lang, found.imports);
    view! {
        <leptos_meta::Title text=title.clone()/>
        <Page title=title lead=words::import_lead(lang)>
            <form
                class="form import-file"
                method="post"
                on:submit=move |event| {
                    event.prevent_default();
                    send();
                }
            >
                <ErrorSummary failure=failure fields=vec![("file", words::file(lang)), ("encoding", words::import_encoding(lang))]/>
                <Field name="file" label=words::file(lang) help=words::import_file_help(lang) required=true failure=failure>
                    <FileChoice on_change=Callback::new(move |()| failure.set(None)) chosen=chosen some=some/>
                </Field>
                <Field name="encoding" label=words::import_encoding(lang) help=words::import_encoding_help(lang) failure=failure>
                    <Select choices=encodings value=encoding/>
                </Field>
                <footer>
                    <Button submit=true tone=Tone::Primary busy=busy disabled=Signal::derive(move || !some.get())>{words::import_read(lang)}</Button>
                </footer>
            </form>
            {earlier}
        </Page>
    }
    .into_any()
}

/// The browser's own choice of a file.
#[component]
fn FileChoice(chosen: StoredValue<Option<web_sys::File>, LocalStorage>, some: RwSignal<bool>, on_change: Callback<()>) -> AnyView {
    let ids = field::use_field("file");
    let invalid = ids.aria_invalid();
    view! {
        <input
            class="input"
            type="file"
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            id=ids.id
            name=ids.name
            aria-required="true"
            aria-invalid=move || invalid.get()
            aria-describedby=ids.described_by
            on:change=move |event| {
                let file = event_target::<web_sys::HtmlInputElement>(&event).files().and_then(|files| files.get(0));
                some.set(file.is_some());
                chosen.set_value(file);
                on_change.run(());
            }
        />
    }
    .into_any()
}

/// A file as text that can travel; the browser itself writes it so, and keeps it on its side.
pub(crate) async fn base64(file: &web_sys::File) -> Option<js_sys::JsString> {
    let reader = web_sys::FileReader::new().ok()?;
    let ended = js_sys::Promise::new(&mut |resolve, _| reader.set_onloadend(Some(&resolve)));
    reader.read_as_data_url(file).ok()?;
    wasm_bindgen_futures::JsFuture::from(ended).await.ok()?;
    let text: js_sys::JsString = reader.result().ok()?.dyn_into().ok()?;
    let begins = u32::try_from(text.index_of(",", 0)).ok()? + 1;
    Some(text.slice(begins, text.length()))
}

fn earlier(lang: Lang, imports: Vec<RecordImport>) -> Option<AnyView> {
    if imports.is_empty() {
        return None;
    }
    let row = |import: RecordImport| {
        let href = [&address(&import.entity_type), "/", &import.id.to_string()].concat();
        let (state, meaning) = texts::state(lang, import.state);
        view! {
            <tr>
                <th scope="row"><a href=href>{import.file_name.clone()}</a></th>
                <td><Tag meaning=meaning text=state/></td>
                <td class="number">{import.total}</td>
                <td>{import.author.clone()}</td>
            </tr>
        }
    };
    let rows = imports.into_iter().map(row).collect_view();
    let heads = vec![words::file(lang), words::import_state(lang), words::import_lines_head(lang), words::import_by(lang)];
    Some(view! { <h2>{words::import_earlier(lang)}</h2><Table caption=words::import_earlier(lang) heads=heads>{rows}</Table> }.into_any())
}
