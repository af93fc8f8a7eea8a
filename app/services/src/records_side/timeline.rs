//! What has happened to the record, with what was changed; undone where nothing came after; and the record as it was.

use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::timeline::{EntryKind, TimelineEntry};
use ui::{Button, Choice, Empty, FailureAlert, Icon, Segmented, Skeleton, Tone};

use super::{
    as_of,
    doors::{Entries, read_timeline, undo_entry},
    naming,
    notes::moment,
    side::Shared,
};
use crate::words;

/// The tab.
pub fn view(shared: Shared) -> AnyView {
    let lang = shared.lang;
    let kind = RwSignal::new(String::new());
    let kinds = move || EntryKind::parse(&kind.get_untracked()).into_iter().collect::<Vec<_>>();
    let shown = RwSignal::new(None::<Result<Entries, ui::Failure>>);
    let then = RwSignal::new(false);
    let read = move || {
        let wanted = kinds();
        spawn_local(async move {
            let found = read_timeline(shared.id, wanted.clone(), None).await;
            // Another kind may have been chosen meanwhile.
            if kind.try_with_untracked(|now| EntryKind::parse(now).into_iter().collect::<Vec<_>>() == wanted) == Some(true) {
                shown.try_set(Some(found));
            }
        });
    };
    Effect::new(move |_| {
        kind.track();
        shared.news.track();
        read();
    });
    let more = move || {
        let wanted = kinds();
        let cursor = shown.with_untracked(|shown| match shown {
            Some(Ok((_, cursor))) => cursor.clone(),
            _ => None,
        });
        spawn_local(async move {
            match read_timeline(shared.id, wanted, cursor).await {
                Ok((entries, next)) => {
                    shown.try_update(|shown| {
                        if let Some(Ok((all, cursor))) = shown {
                            all.extend(entries);
                            *cursor = next;
                        }
                    });
                }
                Err(failure) => shared.toasts.fail(&failure),
            }
        });
    };
    let list = move || match shown.get() {
        None => view! { <Skeleton lines=5/> }.into_any(),
        Some(Err(failure)) => view! { <FailureAlert failure=failure on_retry=move || read()/> }.into_any(),
        Some(Ok((entries, _))) if entries.is_empty() => {
            view! { <Empty icon="clock" title=words::side_no_entries(lang) text=""/> }.into_any()
        }
        Some(Ok((entries, next))) => {
            let items: Vec<AnyView> = entries.into_iter().map(|entry| item(shared, entry)).collect();
            let rest = next.is_some().then(|| view! { <Button tone=Tone::Plain on_press=more>{words::side_more(lang)}</Button> });
            view! { <ol class="beside-entries">{items}</ol>{rest} }.into_any()
        }
    };
    let choices: Vec<Choice> = std::iter::once(Choice::new("", words::side_all(lang)))
        .chain(EntryKind::ALL.map(|kind| Choice::new(kind.as_str(), naming::kind(lang, kind))))
        .collect();
    view! {
        <div class="beside-row">
            <Segmented label=words::side_kinds(lang) choices=choices value=kind on_pick=move |(value,): (String,)| kind.set(value)/>
            <Button tone=Tone::Plain icon="clock" pressed=then on_press=move || then.update(|on| *on = !*on)>{words::side_as_of(lang)}</Button>
        </div>
        {move || then.get().then(|| as_of::view(shared))}
        {list}
    }
    .into_any()
}

fn item(shared: Shared, entry: TimelineEntry) -> AnyView {
    let lang = shared.lang;
    // Whoever opens what is lent is known by the link alone.
    let nobody = if entry.verb == "document_opened" { words::doc_somebody(lang) } else { words::side_system(lang) };
    let who = entry.who.clone().unwrap_or_else(|| nobody.into());
    let did = naming::verb(lang, &entry);
    let door = match entry.door.as_str() {
        "rest" => words::side_by_program(lang),
        "job" if entry.verb != "document_opened" => words::side_by_itself(lang),
        "demo" => words::side_by_demo(lang),
        _ => "",
    };
    let at = moment(shared, entry.at);
    let named = (!entry.name.is_empty()).then(|| view! { " “"{entry.name.clone()}"”" });
    let other = entry.other.clone().map(|other| view! { " "<a href=other.path>{other.title}</a> });
    // What was made or taken away is named already.
    let told = entry.kind == EntryKind::Record || entry.verb.ends_with("_changed");
    let changes: Vec<AnyView> = entry
        .changes
        .iter()
        .filter(|_| told)
        .map(|change| {
            let old = (!change.old.is_empty()).then(|| view! { <del>{naming::value(lang, &change.old)}</del>" → " });
            view! { <li><span>{naming::field(lang, &change.field)}</span>": "{old}<ins>{naming::value(lang, &change.new)}</ins></li> }
                .into_any()
        })
        .collect();
    let changes = (!changes.is_empty()).then(|| view! { <ul class="beside-changes">{changes}</ul> });
    let undo = entry.undoable.then(|| {
        let id = entry.id;
        let label = words::side_undo_named(lang, &did);
        view! { <Button tone=Tone::Plain icon="undo" name=label on_press=move || undo(shared, id)/> }
    });
    let icon = match entry.kind {
        EntryKind::Record => "edit",
        EntryKind::Notes => "note",
        EntryKind::Tasks => "task",
        EntryKind::Documents => "file",
        EntryKind::Links => "link",
        EntryKind::Tags => "pin",
    };
    view! {
        <li class="beside-entry">
            <Icon name=icon/>
            <div>
                <p><b>{who}</b>" "{did}{named}{other}</p>
                {changes}
                <small>{at}{(!door.is_empty()).then(|| [" · ", door].concat())}</small>
            </div>
            {undo}
        </li>
    }
    .into_any()
}

fn undo(shared: Shared, action: EntityId) {
    spawn_local(async move {
        match undo_entry(shared.id, action).await {
            Ok(()) => shared.toasts.say(words::side_undone(shared.lang)),
            Err(failure) => shared.toasts.fail(&failure),
        }
        shared.refresh();
    });
}
