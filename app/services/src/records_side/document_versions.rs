//! The files that a document is and was; a new one takes the place of the present one.

use leptos::{prelude::*, task::spawn_local};
use services::documents::{ChooseDocumentVersion, DocumentVersion, RecordDocument, names};
use ui::{Button, Failure, FailureAlert, Skeleton, Tag, Tone};
use wasm_bindgen::JsValue;

use super::{
    document_upload::{chooser, far, number, send, told},
    documents::{address, link, size},
    doors::{choose_version, read_versions},
    notes::moment,
    side::Shared,
};
use crate::words;

/// What the dialog holds.
pub fn view(shared: Shared, document: RecordDocument) -> AnyView {
    let lang = shared.lang;
    let (id, name) = (document.id, document.name);
    let seen = RwSignal::new(document.version);
    let found = RwSignal::new(None::<Result<Vec<DocumentVersion>, Failure>>);
    let read = move || {
        spawn_local(async move {
            let versions = read_versions(id).await;
            found.try_set(Some(versions));
        });
    };
    Effect::new(move |_| read());
    let (gone, under_way) = (RwSignal::new(0.0), RwSignal::new(None::<String>));
    let wrong = RwSignal::new(String::new());
    let bring = Callback::new(move |(input,): (web_sys::HtmlInputElement,)| {
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        wrong.set(String::new());
        gone.set(0.0);
        under_way.set(Some(file.name()));
        spawn_local(async move {
            let Some(version) = seen.try_get_untracked() else { return };
            let to = ["/api/v1/documents/", &id.to_string(), "/versions"].concat();
            let done = send(&file, &to, &[("version", JsValue::from_f64(version.into()))], gone).await;
            under_way.try_set(None);
            match done {
                Ok(answer) => {
                    if let Some(version) = number(&answer, "version") {
                        seen.try_set(version);
                    }
                    read();
                    shared.refresh();
                }
                Err(failure) => {
                    wrong.try_set(told(lang, &failure));
                }
            }
        });
    });
    let choose = move |number: i32| {
        let chosen = ChooseDocumentVersion { version: seen.get_untracked(), number };
        spawn_local(async move {
            match choose_version(id, chosen).await {
                Ok(document) => {
                    seen.try_set(document.version);
                    read();
                    shared.refresh();
                }
                Err(failure) => {
                    wrong.try_set(failure.text(lang));
                }
            }
        });
    };
    let may = shared.side.with_untracked(|side| side.around.may.documents);
    let row = move |name: &str, version: DocumentVersion| {
        let number = version.number;
        let label = words::doc_version_number(lang, &number.to_string());
        let author = version.author.clone().unwrap_or_else(|| words::side_system(lang).into());
        let facts = [version.file_name.clone(), size(lang, version.size), author, moment(shared, version.at)].join(" · ");
        let mark = version.current.then(|| view! { <Tag text=words::doc_current(lang)/> });
        let take = (may && !version.current).then(|| {
            let told = words::doc_choose_version(lang, &number.to_string());
            view! { <Button tone=Tone::Plain icon="undo" name=told on_press=move || choose(number)/> }
        });
        let shown = link(
            [names::with_ending(name, &version.file_name).as_str(), " · ", &label].concat(),
            &version.media_type,
            address(id, Some(number)),
        );
        view! { <li>{shown}{mark}<small>{facts}</small><span class="beside-buttons">{take}</span></li> }.into_any()
    };
    let list = move || match found.get() {
        None => view! { <Skeleton lines=3/> }.into_any(),
        Some(Err(failure)) => view! { <FailureAlert failure=failure/> }.into_any(),
        Some(Ok(versions)) => {
            let rows: Vec<AnyView> = versions.into_iter().map(|version| row(&name, version)).collect();
            view! { <section class="beside-links"><ul>{rows}</ul></section> }.into_any()
        }
    };
    let upload = may.then(|| {
        view! {
            <label class="document-next"><span>{words::doc_new_version(lang)}</span>{chooser(false, bring)}</label>
            <div role="status">{move || under_way.get().map(|name| far(name, gone))}</div>
            <p class="document-wrong" role="alert">{move || wrong.get()}</p>
        }
    });
    view! { {upload}{list} }.into_any()
}
