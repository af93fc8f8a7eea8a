//! Documents of the record by folders: opened, renamed, lent, taken away; new ones come in above them.

use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::documents::{EditDocument, RecordDocument, is_shown};
use ui::{Button, Dialog, Empty, ErrorSummary, Failure, Field, Icon, Input, Lang, Tone};

use super::{
    document_lend, document_upload, document_versions,
    doors::{edit_document, keep_document, more_documents},
    notes::moment,
    side::Shared,
};
use crate::words;

/// What is done to a document in a dialog.
#[derive(Clone, Copy)]
struct Dialogs {
    /// Which document.
    document: RwSignal<Option<RecordDocument>>,
    editing: RwSignal<bool>,
    versions: RwSignal<bool>,
    lending: RwSignal<bool>,
}

/// The tab.
pub fn view(shared: Shared) -> AnyView {
    let lang = shared.lang;
    let further = RwSignal::new(Vec::<RecordDocument>::new());
    let cursor = RwSignal::new(shared.side.with_untracked(|side| side.documents.1.clone()));
    let more = move || {
        let from = cursor.get_untracked();
        spawn_local(async move {
            match more_documents(shared.id, from).await {
                Ok((documents, next)) => {
                    further.try_update(|all| all.extend(documents));
                    cursor.try_set(next);
                }
                Err(failure) => shared.toasts.fail(&failure),
            }
        });
    };
    let closed = || RwSignal::new(false);
    let dialogs = Dialogs { document: RwSignal::new(None), editing: closed(), versions: closed(), lending: closed() };
    let all = move || {
        let mut documents = shared.side.with(|side| side.documents.0.clone());
        let known: Vec<EntityId> = documents.iter().map(|document| document.id).collect();
        documents.extend(further.get().into_iter().filter(|document| !known.contains(&document.id)));
        documents
    };
    let list = move || {
        let documents = all();
        if documents.is_empty() {
            return view! { <Empty icon="file" title=words::doc_none(lang) text=words::doc_none_text(lang)/> }.into_any();
        }
        folders(&documents)
            .into_iter()
            .map(|(folder, documents)| {
                let items: Vec<AnyView> = documents.into_iter().map(|document| item(shared, document, dialogs)).collect();
                let head = (!folder.is_empty()).then(|| view! { <h3><Icon name="box"/>{folder}</h3> });
                view! { <section class="beside-links beside-documents">{head}<ul>{items}</ul></section> }.into_any()
            })
            .collect::<Vec<_>>()
            .into_any()
    };
    let bring = move || shared.side.with(|side| side.around.may.documents).then(|| document_upload::drop_box(shared));
    let rest =
        move || cursor.with(Option::is_some).then(|| view! { <Button tone=Tone::Quiet on_press=more>{words::side_more(lang)}</Button> });
    let named = move || dialogs.document.with(|document| document.as_ref().map(|document| document.name.clone()).unwrap_or_default());
    let chosen = move || dialogs.document.get_untracked();
    view! {
        {bring}
        {list}
        {rest}
        <Dialog open=dialogs.editing title=words::doc_edit(lang)>{move || chosen().map(|one| form(shared, one, dialogs.editing))}</Dialog>
        <Dialog open=dialogs.versions class="wide" title=Signal::derive(move || words::doc_versions_of(lang, &named()))>
            {move || chosen().map(|one| document_versions::view(shared, one))}
        </Dialog>
        <Dialog open=dialogs.lending title=Signal::derive(move || words::doc_lend_named(lang, &named()))>
            {move || chosen().map(|one| document_lend::view(shared, one))}
        </Dialog>
    }
    .into_any()
}

/// Documents under their folders, those without one first.
fn folders(documents: &[RecordDocument]) -> Vec<(String, Vec<RecordDocument>)> {
    let mut names: Vec<&String> = documents.iter().map(|document| &document.folder).collect();
    names.sort();
    names.dedup();
    let within = |name: &String| documents.iter().filter(|document| document.folder == *name).cloned().collect();
    names.into_iter().map(|name| (name.clone(), within(name))).collect()
}

/// Where a document's bytes are had: the present file's, or those of an earlier one.
pub fn address(id: EntityId, number: Option<i32>) -> String {
    let number = number.map(|number| ["?number=", &number.to_string()].concat()).unwrap_or_default();
    ["/api/v1/documents/", &id.to_string(), "/content", &number].concat()
}

/// A size as people read it.
pub fn size(lang: Lang, bytes: i64) -> String {
    const KIB: i64 = 1024;
    match bytes {
        ..KIB => [&bytes.to_string(), " B"].concat(),
        KIB..1_048_576 => [&((bytes + KIB / 2) / KIB).to_string(), " kB"].concat(),
        _ => {
            let tenths = (bytes * 10 + KIB * KIB / 2) / (KIB * KIB);
            let mark = if lang == Lang::Pl { "," } else { "." };
            [&(tenths / 10).to_string(), mark, &(tenths % 10).to_string(), " MB"].concat()
        }
    }
}

/// A document's name as a link: what a browser may show opens beside this page, all else is downloaded.
pub fn link(name: String, media_type: &str, address: String) -> AnyView {
    let target = is_shown(media_type).then_some("_blank");
    view! { <a href=address target=target rel="external noopener">{name}</a> }.into_any()
}

fn item(shared: Shared, document: RecordDocument, dialogs: Dialogs) -> AnyView {
    let lang = shared.lang;
    let id = document.id;
    let may = shared.side.with_untracked(|side| side.around.may);
    let author = document.author.clone().unwrap_or_else(|| words::side_system(lang).into());
    let mut facts = vec![size(lang, document.size), author, moment(shared, document.at)];
    facts.extend((document.latest > 1).then(|| words::doc_version_of(lang, &document.number.to_string(), &document.latest.to_string())));
    facts.extend((document.links > 0).then(|| words::doc_lent(lang, document.links)));
    facts.extend(document.same_as.as_ref().map(|name| words::doc_same_as(lang, name)));
    let delete = move || {
        spawn_local(async move {
            match keep_document(id, false).await {
                Ok(()) => {
                    let back = Callback::new(move |()| {
                        spawn_local(async move {
                            if let Err(failure) = keep_document(id, true).await {
                                shared.toasts.fail(&failure);
                            }
                            shared.refresh();
                        });
                    });
                    shared.toasts.undoable(words::doc_deleted(lang), back);
                }
                Err(failure) => shared.toasts.fail(&failure),
            }
            shared.refresh();
        });
    };
    let name = document.name.clone();
    let shown = link(name.clone(), &document.media_type, address(id, None));
    let about = StoredValue::new(document);
    let open = move |dialog: RwSignal<bool>| {
        dialogs.document.set(Some(about.get_value()));
        dialog.set(true);
    };
    let edit = may.documents.then(|| {
        view! { <Button tone=Tone::Plain icon="edit" name=words::side_edit_named(lang, &name) on_press=move || open(dialogs.editing)/> }
    });
    let lend = (may.lend || may.documents).then(|| {
        view! { <Button tone=Tone::Plain icon="link" name=words::doc_lend_named(lang, &name) on_press=move || open(dialogs.lending)/> }
    });
    let trash =
        may.documents.then(|| view! { <Button tone=Tone::Plain icon="trash" name=words::side_delete_named(lang, &name) on_press=delete/> });
    view! {
        <li>
            <Icon name="file"/>
            <span class="beside-document">{shown}<small>{facts.join(" · ")}</small></span>
            <span class="beside-buttons">
                <Button tone=Tone::Plain icon="clock" name=words::doc_versions_of(lang, &name) on_press=move || open(dialogs.versions)/>
                {lend}
                {edit}
                {trash}
            </span>
        </li>
    }
    .into_any()
}

/// Another name, another folder.
fn form(shared: Shared, document: RecordDocument, open: RwSignal<bool>) -> AnyView {
    let lang = shared.lang;
    let (name, folder) = (RwSignal::new(document.name), RwSignal::new(document.folder));
    let (id, version) = (document.id, document.version);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let edit = EditDocument { version, name: name.get_untracked(), folder: folder.get_untracked() };
        spawn_local(async move {
            let done = edit_document(id, edit).await;
            busy.try_set(false);
            match done {
                Ok(_) => {
                    open.try_set(false);
                    shared.refresh();
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let fields = vec![("name", words::field_name(lang)), ("folder", words::doc_folder(lang))];
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
            <ErrorSummary failure=failure fields=fields/>
            <Field name="name" label=words::field_name(lang) required=true failure=failure>
                <Input value=name autocomplete="off" autofocus=true/>
            </Field>
            <Field name="folder" label=words::doc_folder(lang) help=words::doc_folder_help(lang) failure=failure>
                <Input value=folder autocomplete="off"/>
            </Field>
            <footer>
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::side_save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_told_as_people_read_it() {
        for (bytes, told) in
            [(1, "1 B"), (1023, "1023 B"), (1024, "1 kB"), (1_500, "1 kB"), (1_600, "2 kB"), (1_048_576, "1.0 MB"), (20_971_520, "20.0 MB")]
        {
            assert_eq!(size(Lang::En, bytes), told);
        }
        assert_eq!(size(Lang::Pl, 1_572_864), "1,5 MB");
    }
}
