//! Notes about the record: written, pinned, ticked, changed, taken away.

use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};
use platform::id::{EntityId, UserId};
use services::notes::{EditRecordNote, NewRecordNote, RecordNote, TickRecordNote};
use ui::{Avatar, Button, Empty, Failure, FailureAlert, Icon, Tone, when};
use wasm_bindgen::JsCast;

use super::{
    doors::{add_note, edit_note, keep_note, more_notes, tick_note},
    mentions,
    side::Shared,
};
use crate::words;

/// The tab.
pub fn view(shared: Shared) -> AnyView {
    let lang = shared.lang;
    let further = RwSignal::new(Vec::<RecordNote>::new());
    let cursor = RwSignal::new(shared.side.with_untracked(|side| side.notes.1.clone()));
    let more = move || {
        let from = cursor.get_untracked();
        spawn_local(async move {
            match more_notes(shared.id, from).await {
                Ok((notes, next)) => {
                    further.update(|all| all.extend(notes));
                    cursor.set(next);
                }
                Err(failure) => shared.toasts.fail(&failure),
            }
        });
    };
    let writing = move || shared.side.with(|side| side.around.may.notes).then(|| form(shared, None, Callback::new(|()| {})));
    let list = move || {
        let first = shared.side.with(|side| side.notes.0.clone());
        let mut notes = first.clone();
        notes.extend(further.get().into_iter().filter(|note| !first.iter().any(|other| other.id == note.id)));
        if notes.is_empty() {
            return view! { <Empty icon="note" title=words::side_no_notes(lang) text=words::side_no_notes_text(lang)/> }.into_any();
        }
        let items: Vec<AnyView> = notes.into_iter().map(|note| item(shared, note)).collect();
        view! { <ol class="beside-notes">{items}</ol> }.into_any()
    };
    let rest =
        move || cursor.with(Option::is_some).then(|| view! { <Button tone=Tone::Quiet on_press=more>{words::side_more(lang)}</Button> });
    view! { {writing}{list}{rest} }.into_any()
}

fn item(shared: Shared, note: RecordNote) -> AnyView {
    let lang = shared.lang;
    let editing = RwSignal::new(false);
    let may = shared.side.with_untracked(|side| side.around.may.notes);
    let at = moment(shared, note.created_at);
    let changed = (note.updated_at != note.created_at).then(|| words::side_edited(lang));
    let author = note.author.clone().unwrap_or_else(|| words::side_system(lang).into());
    let (id, version) = (note.id, note.version);
    let tick = move |event: leptos::ev::MouseEvent| {
        let node = event.target().and_then(|node| node.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(node) = node else { return };
        // What it shows is what the server says, not what was clicked.
        let wanted = node.checked();
        event.prevent_default();
        let Some(item) = node.get_attribute("data-item").and_then(|item| item.parse().ok()) else { return };
        if !may {
            return;
        }
        spawn_local(async move {
            if let Err(failure) = tick_note(id, TickRecordNote { version, item, done: wanted }).await {
                shared.toasts.fail(&failure);
            }
            shared.refresh();
        });
    };
    let pin = {
        let note = note.clone();
        move || {
            let edit = EditRecordNote { version: note.version, text: note.text.clone(), pinned: !note.pinned };
            spawn_local(async move {
                if let Err(failure) = edit_note(id, edit).await {
                    shared.toasts.fail(&failure);
                }
                shared.refresh();
            });
        }
    };
    let delete = move || {
        spawn_local(async move {
            match keep_note(id, false).await {
                Ok(()) => {
                    let back = Callback::new(move |()| {
                        spawn_local(async move {
                            if let Err(failure) = keep_note(id, true).await {
                                shared.toasts.fail(&failure);
                            }
                            shared.refresh();
                        });
                    });
                    shared.toasts.undoable(words::side_note_deleted(lang), back);
                }
                Err(failure) => shared.toasts.fail(&failure),
            }
            shared.refresh();
        });
    };
    let pin_label = if note.pinned { words::side_unpin(lang) } else { words::side_pin(lang) };
    let buttons = may.then(|| {
        view! {
            <span class="beside-buttons">
                <Button tone=Tone::Quiet icon="pin" name=pin_label on_press=pin/>
                <Button tone=Tone::Quiet icon="edit" name=words::side_edit(lang) on_press=move || editing.set(true)/>
                <Button tone=Tone::Quiet icon="trash" name=words::side_delete(lang) on_press=delete/>
            </span>
        }
    });
    let count = (note.items > 0).then(|| words::side_items(lang, &note.done.to_string(), &note.items.to_string()));
    let pinned = note.pinned.then(|| view! { <Icon name="pin"/><span class="visually-hidden">{words::side_pinned(lang)}</span> });
    let body = {
        let note = note.clone();
        move || match editing.get() {
            true => form(shared, Some(note.clone()), Callback::new(move |()| editing.set(false))),
            false => view! { <div class="note-body" inner_html=note.html.clone() on:click=tick></div> }.into_any(),
        }
    };
    view! {
        <li class="beside-note" class:pinned=note.pinned>
            <header>
                <Avatar name=author.clone()/>
                <b>{author}</b>
                <small>{at} {changed.map(|text| [" · ", text].concat())} {count.map(|text| [" · ", &text].concat())}</small>
                {pinned}
                {buttons}
            </header>
            {body}
        </li>
    }
    .into_any()
}

/// As the organization's clocks showed it.
pub fn moment(shared: Shared, at: chrono::DateTime<chrono::Utc>) -> String {
    shared.side.with_untracked(|side| {
        let zone = &side.around.zone;
        when::moment(shared.lang, zone.wall(at), zone.date(side.around.now))
    })
}

/// Writes a note, or what one is to say instead.
fn form(shared: Shared, note: Option<RecordNote>, close: Callback<()>) -> AnyView {
    let lang = shared.lang;
    let members = StoredValue::new(shared.side.with_untracked(|side| side.around.members.clone()));
    let text = RwSignal::new(note.as_ref().map(|note| mentions::typed(&note.text)).unwrap_or_default());
    let failure = RwSignal::new(None::<Failure>);
    let saving = RwSignal::new(false);
    let node = NodeRef::<html::Textarea>::new();
    let begun = RwSignal::new(None::<(usize, String)>);
    let active = RwSignal::new(0_usize);
    let editing = note.is_some();
    let seen = StoredValue::new(note);
    let fresh = StoredValue::new(EntityId::new());
    let offered = Memo::new(move |_| -> Vec<(UserId, String)> {
        let Some((_, typed)) = begun.get() else { return Vec::new() };
        let needle = ui::letters::fold(&typed);
        members.with_value(|all| all.iter().filter(|(_, name)| ui::letters::fold(name).contains(&needle)).take(6).cloned().collect())
    });
    let look = move || {
        let Some(area) = node.get_untracked() else { return };
        let value = area.value();
        text.set(value.clone());
        let caret = area.selection_start().ok().flatten().unwrap_or(0);
        let before = before_caret(&value, caret);
        begun.set(mentions::begun(&before).map(|(at, typed)| (at, typed.to_owned())));
        active.set(0);
    };
    let take = move |name: String| {
        let (Some((at, typed)), Some(area)) = (begun.get_untracked(), node.get_untracked()) else { return };
        let value = area.value();
        let end = at + 1 + typed.len();
        let (Some(head), Some(tail)) = (value.get(..at), value.get(end..)) else { return };
        let head = [head, "@", &name, " "].concat();
        let caret = u32::try_from(head.encode_utf16().count()).unwrap_or(u32::MAX);
        let whole = [&head, tail].concat();
        area.set_value(&whole);
        text.set(whole);
        begun.set(None);
        let _ = area.set_selection_range(caret, caret);
        let _ = area.focus();
    };
    let save = Callback::new(move |()| {
        if saving.get_untracked() {
            return;
        }
        saving.set(true);
        let written = members.with_value(|members| mentions::kept(&text.get_untracked(), members));
        spawn_local(async move {
            let done = match seen.get_value() {
                Some(note) => edit_note(note.id, EditRecordNote { version: note.version, text: written, pinned: note.pinned }).await,
                None => add_note(shared.id, NewRecordNote { id: Some(fresh.get_value()), text: written, pinned: false }).await,
            };
            saving.try_set(false);
            match done {
                Ok(_) => {
                    failure.try_set(None);
                    text.try_set(String::new());
                    fresh.set_value(EntityId::new());
                    if let Some(area) = node.try_get_untracked().flatten() {
                        area.set_value("");
                    }
                    close.run(());
                    shared.refresh();
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    });
    let keys = move |event: KeyboardEvent| {
        let count = offered.with_untracked(Vec::len);
        match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                save.run(());
            }
            "ArrowDown" if count > 0 => {
                event.prevent_default();
                active.update(|at| *at = (*at + 1) % count);
            }
            "ArrowUp" if count > 0 => {
                event.prevent_default();
                active.update(|at| *at = (*at + count - 1) % count);
            }
            "Enter" | "Tab" if count > 0 => {
                event.prevent_default();
                if let Some((_, name)) = offered.with_untracked(|all| all.get(active.get_untracked()).cloned()) {
                    take(name);
                }
            }
            "Escape" if count > 0 => {
                event.prevent_default();
                event.stop_propagation();
                begun.set(None);
            }
            _ => {}
        }
    };
    let list = move || {
        let all = offered.get();
        (!all.is_empty()).then(|| {
            let options: Vec<AnyView> = all
                .into_iter()
                .enumerate()
                .map(|(at, (_, name))| {
                    let chosen = name.clone();
                    view! {
                        <li
                            role="option"
                            aria-selected=move || if active.get() == at { "true" } else { "false" }
                            // Before the field loses the focus.
                            on:pointerdown=move |event| {
                                event.prevent_default();
                                take(chosen.clone());
                            }
                        >
                            {name}
                        </li>
                    }
                    .into_any()
                })
                .collect();
            view! { <ul class="beside-mentions" role="listbox" aria-label=words::side_mention(lang)>{options}</ul> }
        })
    };
    let label = if editing { words::side_edit_note(lang) } else { words::side_new_note(lang) };
    let cancel = editing.then(|| view! { <Button on_press=move || close.run(())>{words::cancel(lang)}</Button> });
    view! {
        <form
            class="beside-form"
            method="post"
            on:submit=move |event| {
                event.prevent_default();
                save.run(());
            }
        >
            <textarea
                class="input textarea"
                node_ref=node
                rows="3"
                aria-label=label
                placeholder=words::side_note_hint(lang)
                prop:value=text.get_untracked()
                on:input=move |_| look()
                on:keydown=keys
                on:blur=move |_| begun.set(None)
            >
                {ui::textarea_text(text.get_untracked())}
            </textarea>
            {list}
            {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
            <footer>
                <small>{words::side_markdown(lang)}</small>
                {cancel}
                <Button tone=Tone::Primary submit=true busy=saving>{words::side_save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

/// The text before the caret, which browsers count in UTF-16.
fn before_caret(text: &str, caret: u32) -> String {
    let units: Vec<u16> = text.encode_utf16().take(usize::try_from(caret).unwrap_or(usize::MAX)).collect();
    String::from_utf16_lossy(&units)
}
