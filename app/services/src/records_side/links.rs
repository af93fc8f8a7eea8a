//! Links of the record: to what, as what, from when to when; and what lies one link further.

use leptos::{prelude::*, task::spawn_local};
use services::links::{RecordGraph, RecordLink};
use ui::{Button, Dialog, Empty, Icon, Lang, Tone, when};

use super::{
    doors::{keep_link, read_graph},
    link_form,
    side::Shared,
};
use crate::words;

/// The tab.
pub fn view(shared: Shared) -> AnyView {
    let lang = shared.lang;
    let adding = RwSignal::new(false);
    let naming = RwSignal::new(false);
    let editing = RwSignal::new(None::<RecordLink>);
    let changing = RwSignal::new(false);
    let graph = RwSignal::new(None::<RecordGraph>);
    let buttons = move || {
        let (may, any) = shared.side.with(|side| (side.around.may, side.kinds.iter().any(|kind| kind.active)));
        let add = (may.links && any)
            .then(|| view! { <Button icon="plus" on_press=move || adding.set(true)>{words::side_new_link(lang)}</Button> });
        let name = may.settings.then(
            || view! { <Button tone=Tone::Plain icon="link" on_press=move || naming.set(true)>{words::side_new_kind(lang)}</Button> },
        );
        view! { <p class="beside-row">{add}{name}</p> }.into_any()
    };
    let list = move || {
        let links = shared.side.with(|side| side.links.clone());
        if links.is_empty() {
            return view! { <Empty icon="link" title=words::side_no_links(lang) text=words::side_no_links_text(lang)/> }.into_any();
        }
        groups(&links)
            .into_iter()
            .map(|(name, links)| {
                let items: Vec<AnyView> = links.into_iter().map(|link| item(shared, link, editing, changing)).collect();
                view! { <section class="beside-links"><h3>{name}</h3><ul>{items}</ul></section> }.into_any()
            })
            .collect::<Vec<_>>()
            .into_any()
    };
    let look = move || {
        spawn_local(async move {
            match read_graph(shared.id).await {
                Ok(found) => {
                    graph.try_set(Some(found));
                }
                Err(failure) => shared.toasts.fail(&failure),
            }
        });
    };
    let further = move || {
        let any = shared.side.with(|side| !side.links.is_empty());
        match graph.get() {
            Some(found) => around(lang, &found),
            None if any => view! { <Button tone=Tone::Plain icon="network" on_press=look>{words::side_around(lang)}</Button> }.into_any(),
            None => ().into_any(),
        }
    };
    view! {
        {buttons}
        {list}
        {further}
        <Dialog open=adding title=words::side_new_link(lang)>{link_form::add(shared, adding)}</Dialog>
        <Dialog open=changing title=words::side_edit_link(lang)>
            {move || editing.get_untracked().map(|link| link_form::change(shared, link, changing))}
        </Dialog>
        <Dialog open=naming title=words::side_new_kind(lang)>{link_form::kind(shared, naming)}</Dialog>
    }
    .into_any()
}

/// Links under what they are called.
fn groups(links: &[RecordLink]) -> Vec<(String, Vec<RecordLink>)> {
    links.chunk_by(|one, next| one.name == next.name).filter_map(|links| Some((links.first()?.name.clone(), links.to_vec()))).collect()
}

fn item(shared: Shared, link: RecordLink, editing: RwSignal<Option<RecordLink>>, changing: RwSignal<bool>) -> AnyView {
    let lang = shared.lang;
    let id = link.id;
    let may = shared.side.with_untracked(|side| side.around.may.links);
    let from = link.from_date.map(|date| words::side_from(lang, &when::date_short(lang, date)));
    let to = link.to_date.map(|date| words::side_to(lang, &when::date_short(lang, date)));
    let told = link.properties.iter().map(|(name, text)| [name.as_str(), ": ", text].concat());
    let facts: Vec<String> = from.into_iter().chain(to).chain(told).collect();
    let delete = move || {
        spawn_local(async move {
            match keep_link(id, false).await {
                Ok(()) => {
                    let back = Callback::new(move |()| {
                        spawn_local(async move {
                            if let Err(failure) = keep_link(id, true).await {
                                shared.toasts.fail(&failure);
                            }
                            shared.refresh();
                        });
                    });
                    shared.toasts.undoable(words::side_unlinked(lang), back);
                }
                Err(failure) => shared.toasts.fail(&failure),
            }
            shared.refresh();
        });
    };
    let title = link.other.title.clone();
    let change = {
        let link = link.clone();
        move || {
            editing.set(Some(link.clone()));
            changing.set(true);
        }
    };
    let buttons = may.then(|| {
        view! {
            <span class="beside-buttons">
                <Button tone=Tone::Plain icon="edit" name=words::side_edit_named(lang, &title) on_press=change/>
                <Button tone=Tone::Plain icon="trash" name=words::side_delete_named(lang, &title) on_press=delete/>
            </span>
        }
    });
    view! {
        <li>
            <a href=link.other.path.clone()>{link.other.title.clone()}</a>
            {(!facts.is_empty()).then(|| view! { <small>{facts.join(" · ")}</small> })}
            {buttons}
        </li>
    }
    .into_any()
}

/// What lies two links away, each with the way to it.
fn around(lang: Lang, graph: &RecordGraph) -> AnyView {
    let title = |id| graph.nodes.iter().find(|node| node.record.id == id).map(|node| node.record.title.clone()).unwrap_or_default();
    let items: Vec<AnyView> = graph
        .nodes
        .iter()
        .filter(|node| node.hops == 2)
        .map(|node| {
            let ways: Vec<String> = graph
                .edges
                .iter()
                .filter(|edge| edge.from == node.record.id || edge.to == node.record.id)
                .map(|edge| [title(edge.from).as_str(), " – ", &edge.name, " → ", &title(edge.to)].concat())
                .collect();
            view! { <li><a href=node.record.path.clone()>{node.record.title.clone()}</a><small>{ways.join("; ")}</small></li> }.into_any()
        })
        .collect();
    let nothing = items.is_empty().then(|| view! { <p class="quiet">{words::side_nothing_further(lang)}</p> });
    let cut = graph.cut.then(|| view! { <p class="quiet">{words::side_more_than_told(lang)}</p> });
    view! {
        <section class="beside-links">
            <h3><Icon name="network"/>{words::side_further(lang)}</h3>
            <ul>{items}</ul>
            {nothing}
            {cut}
        </section>
    }
    .into_any()
}
