//! Kept views as tabs, and what can be done with the one that is shown.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use services::views::{View, ViewInput, Visibility};
use ui::{Button, Checkbox, Choice, Dialog, Failure, Field, Icon, Input, Select, Tone, use_toasts};

use super::{
    doors::{delete_view, restore_view, save_view},
    model::List,
};
use crate::words;

#[component]
pub(super) fn Tabs(list: List) -> AnyView {
    let lang = list.lang;
    let naming = RwSignal::new(None::<Option<View>>);
    let open = RwSignal::new(false);
    let base = ["/dashboard/lists/", &list.key()].concat();
    let all = [&base, "?view=all"].concat();
    let tabs = {
        let base = base.clone();
        move || {
            let own = list.view.with(|view| view.as_ref().map(|view| view.id));
            let tab = |view: View| {
                let href = [&base, "?view=", &view.id.to_string()].concat();
                let here = own == Some(view.id);
                view! {
                    <li>
                        <a href=href aria-current=here.then_some("page")>
                            {view.pinned.then(|| view! { <Icon name="pin"/> })}
                            {(view.visibility == Visibility::Private).then(|| view! { <Icon name="lock"/> })}
                            {view.name}
                        </a>
                    </li>
                }
            };
            list.views.get().into_iter().map(tab).collect_view()
        }
    };
    let toasts = use_toasts();
    let keep = Action::new_local(move |view: &View| {
        let input = input_of(view, list);
        let id = view.id;
        async move {
            match save_view(Some(id), input).await {
                Ok(view) => {
                    toasts.say(words::list_view_saved(lang));
                    replace(list, view);
                }
                Err(failure) => toasts.fail(&failure),
            }
        }
    });
    let changed = move || list.changed();
    let editable = move || list.view.with(|view| view.as_ref().is_some_and(|view| view.editable));
    view! {
        <nav class="list-tabs" aria-label=words::list_views(lang)>
            <ul>
                <li>
                    <a href=all aria-current=move || list.view.with(|view| view.is_none().then_some("page"))>{words::list_all_records(lang)}</a>
                </li>
                {tabs}
            </ul>
            <div class="actions">
                <Show when=move || changed() && editable()>
                    <Button
                        tone=Tone::Primary
                        busy=keep.pending()
                        on_press=move || if let Some(view) = list.view.get_untracked() { keep.dispatch_local(view); }
                    >
                        {words::list_save(lang)}
                    </Button>
                </Show>
                <Show when=changed>
                    <Button on_press=move || { naming.set(Some(None)); open.set(true); }>{words::list_save_as(lang)}</Button>
                </Show>
                <Show when=editable>
                    <Button tone=Tone::Quiet icon="edit" on_press=move || { naming.set(Some(list.view.get_untracked())); open.set(true); }>{words::list_edit_view(lang)}</Button>
                </Show>
            </div>
        </nav>
        <Dialog open=open title=words::list_view(lang).to_owned()>
            {move || naming.get().map(|view| view! { <Naming list=list view=view open=open/> })}
        </Dialog>
    }
    .into_any()
}

fn input_of(view: &View, list: List) -> ViewInput {
    ViewInput {
        id: None,
        entity_type: view.entity_type.clone(),
        name: view.name.clone(),
        definition: list.definition.with_untracked(|definition| {
            let mut definition = definition.clone();
            definition.filter = definition.filter.complete();
            definition
        }),
        visibility: view.visibility,
        team: view.team,
        pinned: view.pinned,
        default_for: view.default_for.clone(),
        version: view.version,
    }
}

fn replace(list: List, view: View) {
    list.views.update(|views| match views.iter_mut().find(|other| other.id == view.id) {
        Some(other) => *other = view.clone(),
        None => views.push(view.clone()),
    });
    list.view.set(Some(view));
}

/// A view of a list, or all of it.
fn address(key: &str, view: Option<platform::id::EntityId>) -> String {
    let view = view.map_or_else(|| "all".to_owned(), |id| id.to_string());
    ["/dashboard/lists/", key, "?view=", &view].concat()
}

/// Another view takes the place of this one in the way back.
fn options() -> NavigateOptions {
    NavigateOptions { replace: true, ..NavigateOptions::default() }
}

/// Names a view and says whose it is; takes one away.
#[component]
fn Naming(list: List, view: Option<View>, open: RwSignal<bool>) -> AnyView {
    let lang = list.lang;
    let toasts = use_toasts();
    let navigate = StoredValue::new_local(use_navigate());
    let name = RwSignal::new(view.as_ref().map(|view| view.name.clone()).unwrap_or_default());
    let whose = RwSignal::new(view.as_ref().map_or(Visibility::Private, |view| view.visibility).as_str().to_owned());
    let pinned = RwSignal::new(view.as_ref().is_some_and(|view| view.pinned));
    let failure = RwSignal::new(None::<Failure>);
    let new_id = platform::id::EntityId::new();
    let kept = StoredValue::new(view.clone());
    let go = move |id: Option<platform::id::EntityId>| {
        navigate.with_value(|navigate| navigate(&address(&list.key(), id), options()));
    };
    let save = Action::new_local(move |(): &()| {
        let view = kept.get_value();
        let visibility = Visibility::parse(&whose.get_untracked());
        let blank = View {
            id: new_id,
            entity_type: list.key(),
            name: String::new(),
            definition: Default::default(),
            visibility,
            team: None,
            pinned: false,
            default_for: Vec::new(),
            first: false,
            editable: true,
            version: 0,
        };
        let like = view.clone().unwrap_or(blank);
        let input = ViewInput {
            id: view.is_none().then_some(new_id),
            name: name.get_untracked(),
            visibility,
            pinned: pinned.get_untracked(),
            default_for: if visibility == Visibility::Shared { like.default_for.clone() } else { Vec::new() },
            ..input_of(&like, list)
        };
        async move {
            match save_view(view.map(|view| view.id), input).await {
                Ok(view) => {
                    toasts.say(words::list_view_saved(lang));
                    let id = view.id;
                    replace(list, view);
                    open.set(false);
                    go(Some(id));
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    let delete = Action::new_local(move |(): &()| {
        let view = kept.get_value();
        async move {
            let Some(view) = view else { return };
            match delete_view(view.id, view.version).await {
                Ok(()) => {
                    // By the time it is brought back all of this is gone: the page is made anew for another view. What a
                    // task of its own makes belongs to nobody and stays.
                    let (leave, key, id) = (navigate.get_value(), list.key(), view.id);
                    leptos::task::spawn_local(async move {
                        let (leave, key) = (StoredValue::new_local(leave), StoredValue::new(key));
                        let back = Callback::new(move |()| {
                            leptos::task::spawn_local(async move {
                                match restore_view(id).await {
                                    Ok(_) => leave.with_value(|navigate| navigate(&address(&key.get_value(), Some(id)), options())),
                                    Err(failure) => toasts.fail(&failure),
                                }
                            });
                        });
                        toasts.undoable(words::list_view_deleted(lang), back);
                    });
                    list.views.update(|views| views.retain(|other| other.id != view.id));
                    list.view.set(None);
                    open.set(false);
                    go(None);
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    let mut choices = vec![Choice::new("private", words::list_private(lang))];
    if view.as_ref().is_some_and(|view| view.visibility == Visibility::Team) {
        choices.push(Choice::new("team", words::list_team(lang)));
    }
    if list.shares {
        choices.push(Choice::new("shared", words::list_shared(lang)));
    }
    let there = view.is_some();
    view! {
        <form
            class="form"
            method="post"
            on:submit=move |event| {
                event.prevent_default();
                save.dispatch_local(());
            }
        >
            {move || failure.get().map(|failure| view! { <ui::FailureAlert failure=failure/> })}
            <Field name="name" label=words::list_view_name(lang) required=true failure=failure>
                <Input value=name autofocus=true autocomplete="off"/>
            </Field>
            <Field name="visibility" label=words::list_whose(lang) failure=failure>
                <Select choices=choices.clone() value=whose/>
            </Field>
            {list.shares.then(|| view! { <Checkbox checked=pinned label=words::list_pinned(lang) on_change=move |on| pinned.set(on)/> })}
            <footer>
                {there.then(|| view! {
                    <Button
                        tone=Tone::Danger
                        busy=delete.pending()
                        on_press=move || {
                            delete.dispatch_local(());
                        }
                    >
                        {words::list_delete_view(lang)}
                    </Button>
                })}
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::list_save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}
