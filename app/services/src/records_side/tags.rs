//! The tags of a record, and which tags there are.

use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::tags::{RecordTag, TagInput};
use ui::{Button, Choice, Combobox, Dialog, Failure, FailureAlert, Icon, Tone};

use super::{
    doors::{keep_tag, put_tag, save_tag},
    side::Shared,
};
use crate::words;

/// The chips, and a field to add to them.
pub fn view(shared: Shared) -> AnyView {
    let lang = shared.lang;
    let managing = RwSignal::new(false);
    let chosen = RwSignal::new(None::<Choice>);
    let adding = RwSignal::new(false);
    let put = move |tag: EntityId, on: bool| {
        spawn_local(async move {
            match put_tag(shared.id, tag, on).await {
                Ok(_) => {
                    if !on {
                        let back = Callback::new(move |()| {
                            spawn_local(async move {
                                match put_tag(shared.id, tag, true).await {
                                    Ok(_) => shared.refresh(),
                                    Err(failure) => shared.toasts.fail(&failure),
                                }
                            });
                        });
                        shared.toasts.undoable(words::side_untagged(lang), back);
                    }
                    shared.refresh();
                }
                Err(failure) => shared.toasts.fail(&failure),
            }
        });
    };
    // The field gives what was chosen and is empty again.
    Effect::new(move |_| {
        if let Some(tag) = chosen.get().and_then(|choice| choice.value.parse().ok()) {
            chosen.set(None);
            adding.set(false);
            put(tag, true);
        }
    });
    let create = Callback::new(move |(name,): (String,)| {
        spawn_local(async move {
            let input = TagInput { id: Some(EntityId::new()), hue: hue_of(&name), name, version: 0 };
            match save_tag(None, input).await {
                Ok(tag) => {
                    adding.set(false);
                    put(tag.id, true);
                }
                Err(failure) => shared.toasts.fail(&failure),
            }
        });
    });
    let chips = move || {
        let (tags, may) = shared.side.with(|side| (side.tags.clone(), side.around.may.tags));
        tags.into_iter().map(|tag| chip(shared, tag, may, put)).collect::<Vec<_>>()
    };
    let choices = Signal::derive(move || {
        shared.side.with(|side| {
            let free = side.all_tags.iter().filter(|tag| !side.tags.iter().any(|on| on.id == tag.id));
            free.map(|tag| Choice::new(tag.id.to_string(), tag.name.clone())).collect::<Vec<_>>()
        })
    });
    let field = move || {
        let may = shared.side.with(|side| side.around.may);
        (may.tags && adding.get()).then(|| {
            let label = words::side_add_tag(lang);
            match may.settings {
                true => {
                    view! { <Combobox name="tag" value=chosen choices=choices on_create=create label=label autofocus=true/> }.into_any()
                }
                false => view! { <Combobox name="tag" value=chosen choices=choices label=label autofocus=true/> }.into_any(),
            }
        })
    };
    let buttons = move || {
        let may = shared.side.with(|side| side.around.may);
        let add = (may.tags && !adding.get())
            .then(|| view! { <Button tone=Tone::Quiet icon="plus" on_press=move || adding.set(true)>{words::side_add_tag(lang)}</Button> });
        let manage = may.settings.then(
            || view! { <Button tone=Tone::Quiet icon="edit" on_press=move || managing.set(true)>{words::side_manage_tags(lang)}</Button> },
        );
        view! { {add}{manage} }.into_any()
    };
    view! {
        <div class="beside-tags">
            <ul aria-label=words::side_tags(lang)>{chips}</ul>
            {field}
            {buttons}
        </div>
        <Dialog open=managing title=words::side_manage_tags(lang)>{manage(shared)}</Dialog>
    }
    .into_any()
}

fn chip(shared: Shared, tag: RecordTag, may: bool, put: impl Fn(EntityId, bool) + Copy + Send + Sync + 'static) -> AnyView {
    let (id, style) = (tag.id, style(tag.hue));
    let off = may.then(|| {
        let label = words::side_take_tag(shared.lang, &tag.name);
        view! { <button type="button" aria-label=label on:click=move |_| put(id, false)><Icon name="close"/></button> }
    });
    view! { <li class="beside-tag" style=style><span>{tag.name}</span>{off}</li> }.into_any()
}

/// All tags, to be renamed, coloured anew or taken away.
fn manage(shared: Shared) -> AnyView {
    let failure = RwSignal::new(None::<Failure>);
    let rows = move || {
        let tags = shared.side.with(|side| side.all_tags.clone());
        tags.into_iter().map(|tag| row(shared, tag, failure)).collect::<Vec<_>>()
    };
    view! {
        {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
        <ul class="beside-manage">{rows}</ul>
    }
    .into_any()
}

fn row(shared: Shared, tag: RecordTag, failure: RwSignal<Option<Failure>>) -> AnyView {
    let lang = shared.lang;
    let (id, version) = (tag.id, tag.version);
    let name = StoredValue::new(tag.name.clone());
    let hue = RwSignal::new(tag.hue);
    let save = move || {
        let input = TagInput { id: None, name: name.get_value(), hue: hue.get_untracked(), version };
        spawn_local(async move {
            match save_tag(Some(id), input).await {
                Ok(_) => {
                    failure.set(None);
                    shared.refresh();
                }
                Err(why) => failure.set(Some(why)),
            }
        });
    };
    let delete = move || {
        spawn_local(async move {
            match keep_tag(id, false).await {
                Ok(()) => {
                    let back = Callback::new(move |()| {
                        spawn_local(async move {
                            match keep_tag(id, true).await {
                                Ok(()) => shared.refresh(),
                                Err(failure) => shared.toasts.fail(&failure),
                            }
                        });
                    });
                    shared.toasts.undoable(words::side_tag_deleted(lang), back);
                    shared.refresh();
                }
                Err(why) => failure.set(Some(why)),
            }
        });
    };
    view! {
        <li>
            <span class="beside-tag" style=move || style(hue.get())>{tag.name.clone()}</span>
            <input
                class="input"
                type="text"
                autocomplete="off"
                aria-label=words::side_tag_name(lang, &tag.name)
                prop:value=tag.name.clone()
                on:input=move |event| name.set_value(event_target_value(&event))
                on:change=move |_| save()
            />
            <input
                type="range"
                min="0"
                max="359"
                aria-label=words::side_tag_hue(lang, &tag.name)
                prop:value=tag.hue.to_string()
                on:input=move |event| if let Ok(value) = event_target_value(&event).parse() { hue.set(value) }
                on:change=move |_| save()
            />
            <Button tone=Tone::Quiet icon="trash" name=words::side_delete_named(lang, &tag.name) on_press=delete/>
        </li>
    }
    .into_any()
}

fn style(hue: i16) -> String {
    ["--hue:", &hue.to_string()].concat()
}

/// A colour for a new tag: by its name, so that two that are made one after the other differ.
fn hue_of(name: &str) -> i16 {
    i16::try_from(ui::tag::hue_of(name)).unwrap_or(200)
}
