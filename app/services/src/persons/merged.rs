//! The records that were merged into one, and taking them out again.

use leptos::{prelude::*, task::spawn_local};
use platform::time::ZoneWindow;
use services::{
    merge::{CameSince, Merged, MergedSince},
    persons::PersonCard,
};
use ui::{Button, Dialog, Lang, Tone, use_toasts, when};

use super::{
    doors::{read_merge, undo_merge},
    names::name,
};
use crate::words;

/// What was merged into this human, with the way back.
pub(super) fn section(lang: Lang, card: &PersonCard, zone: ZoneWindow, again: Callback<()>) -> AnyView {
    if card.merged.is_empty() {
        return ().into_any();
    }
    let (open, told, busy) = (RwSignal::new(false), RwSignal::new(None::<MergedSince>), RwSignal::new(false));
    let toasts = use_toasts();
    let may = card.may_merge;
    let row = |merged: &Merged| {
        let id = merged.id;
        let day = |at| when::date(lang, zone.wall(at).date());
        let text = [day(merged.merged_at), merged.merged_by.as_deref().map(|who| [", ", who].concat()).unwrap_or_default()].concat();
        let until = words::merge_until(lang, &day(merged.undo_until));
        let label = words::merge_undo_of(lang, &merged.name);
        let look = move || {
            spawn_local(async move {
                match read_merge(id).await {
                    Ok(since) => {
                        told.try_set(Some(since));
                        open.try_set(true);
                    }
                    Err(failure) => toasts.fail(&failure),
                }
            });
        };
        view! {
            <li>
                {merged.name.clone()}" "<small>{text}" – "{until}</small>" "
                {may.then(|| view! { <Button icon="undo" on_press=look>{label}</Button> })}
            </li>
        }
    };
    let rows = card.merged.iter().map(row).collect_view();
    let undo = Callback::new(move |()| {
        let Some(id) = told.with_untracked(|told| told.as_ref().map(|told| told.merge.id)) else { return };
        busy.set(true);
        spawn_local(async move {
            let done = undo_merge(id).await;
            busy.try_set(false);
            match done {
                Ok(_) => {
                    toasts.say(words::merge_undone(lang));
                    again.run(());
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    let inside = move || {
        let since = told.get().map(|told| told.since).unwrap_or_default();
        let none = since.is_empty().then(|| words::merge_nothing_since(lang));
        let lines = since.into_iter().map(|one| came(lang, one)).collect_view();
        view! { <p>{words::merge_since(lang)}</p><p>{none}</p><ul>{lines}</ul> }
    };
    view! {
        <section>
            <h2>{words::merged_here(lang)}</h2>
            <ul>{rows}</ul>
            <Dialog open=open title=words::merge_undo(lang).to_owned()>
                {inside}
                <footer>
                    <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                    <Button tone=Tone::Primary busy=busy on_press=move || undo.run(())>{words::merge_undo(lang)}</Button>
                </footer>
            </Dialog>
        </section>
    }
    .into_any()
}

fn came(lang: Lang, one: CameSince) -> AnyView {
    let what = name(lang, if one.field { "merge" } else { "rows" }, &one.reference);
    view! { <li>{what}{one.title.map(|title| [": ", &title].concat())}</li> }.into_any()
}
