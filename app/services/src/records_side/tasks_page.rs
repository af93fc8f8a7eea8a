//! One's own tasks: what is overdue, what is due today, what comes. `n` begins a new one, `j` and `k` walk, `x` ticks.

use leptos::{ev::KeyboardEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::{use_navigate, use_query_map};
use platform::id::UserId;
use services::tasks::{RecordTask, Standing};
use ui::{Button, Choice, Empty, Heard, Lang, Page, Segmented, Select, Skeleton, Tone, use_lang, use_live, use_toasts};
use wasm_bindgen::JsCast;

use super::{
    doors::{Tasks, read_tasks},
    tasks::{Rows, dialog, row},
};
use crate::words;

/// The page.
pub fn page() -> AnyView {
    let lang = use_lang();
    let query = use_query_map();
    let done = Memo::new(move |_| query.with(|query| query.get("done").is_some_and(|word| word == "1")));
    let whose = Memo::new(move |_| query.with(|query| query.get("of").and_then(|id| id.parse::<UserId>().ok())));
    let tasks = ui::fetched(move || (whose.get(), done.get()), |(whose, done)| read_tasks(whose, done, None));
    view! {
        <Transition fallback=|| view! { <Skeleton class="rows" lines=6/> }>
            {move || Suspend::new(async move {
                match tasks.await {
                    Ok(found) => shown(lang, found, whose.get_untracked(), done.get_untracked()),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn shown(lang: Lang, found: Tasks, whose: Option<UserId>, done: bool) -> AnyView {
    let toasts = use_toasts();
    let data = RwSignal::new(found);
    let again = Callback::new(move |()| {
        spawn_local(async move {
            match read_tasks(whose, done, None).await {
                Ok(found) if data.try_with_untracked(|old| *old != found) == Some(true) => data.set(found),
                Ok(_) => {}
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    use_live().listen(move |heard| match heard {
        // Records of all kinds have tasks; what is done to the records themselves is none of this page's.
        Heard::Changed(event) if !event.action.starts_with("task_") && event.entity_type != "activity" => {}
        _ => again.run(()),
    });
    let rows = Rows {
        lang,
        toasts,
        around: Signal::derive(move || data.with(|data| data.around.clone())),
        again,
        editing: RwSignal::new(None),
        open: RwSignal::new(false),
        told: true,
    };
    let begin = move || {
        rows.editing.set(None);
        rows.open.set(true);
    };
    let may = data.with_untracked(|data| data.around.may.tasks);
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if typing(&event) || rows.open.get_untracked() {
            return;
        }
        match event.key().as_str() {
            "n" if may => {
                event.prevent_default();
                begin();
            }
            "j" | "ArrowDown" => walk(&event, 1),
            "k" | "ArrowUp" => walk(&event, -1),
            "x" => {
                if let Some(box_) = focused_box() {
                    event.prevent_default();
                    box_.click();
                }
            }
            _ => {}
        }
    });
    on_cleanup(move || keys.remove());
    let navigate = StoredValue::new(use_navigate());
    let go = move |whose: Option<String>, done: bool| {
        let mut path = String::from("/dashboard/tasks?");
        if done {
            path.push_str("done=1&");
        }
        if let Some(user) = whose {
            path.push_str("of=");
            path.push_str(&user);
        }
        navigate.with_value(|navigate| navigate(path.trim_end_matches(['?', '&']), leptos_router::NavigateOptions::default()));
    };
    let me = data.with_untracked(|data| data.around.me.to_string());
    let chosen = RwSignal::new(whose.map_or_else(|| me.clone(), |user| user.to_string()));
    let own = StoredValue::new(me);
    let address = move |user: String| (user != own.get_value()).then_some(user);
    let members: Vec<Choice> =
        data.with_untracked(|data| data.around.members.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect());
    let states = vec![Choice::new("open", words::tasks_open(lang)), Choice::new("done", words::tasks_done(lang))];
    let state = if done { "done" } else { "open" };
    let more = move || {
        let cursor = data.with_untracked(|data| data.next.clone());
        spawn_local(async move {
            match read_tasks(whose, done, cursor).await {
                Ok(found) => data.update(|data| {
                    data.tasks.extend(found.tasks);
                    data.next = found.next;
                }),
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    let rest = move || data.with(|data| data.next.is_some()).then(|| view! { <Button on_press=more>{words::side_more(lang)}</Button> });
    let list = move || groups(rows, data.with(|data| data.tasks.clone()));
    let actions = move || {
        may.then(|| view! { <Button tone=Tone::Primary icon="plus" on_press=begin>{words::side_new_task(lang)}</Button> }).into_any()
    };
    view! {
        <leptos_meta::Title text=words::my_tasks(lang)/>
        <Page title=words::my_tasks(lang) lead=words::tasks_keys(lang) actions=actions>
            <div class="filters">
                <Segmented
                    label=words::tasks_which(lang)
                    choices=states
                    value=Signal::derive(move || state.to_owned())
                    on_pick=move |(value,): (String,)| go(address(chosen.get_untracked()), value == "done")
                />
                <Select
                    name="of"
                    label=words::field_assignee(lang)
                    choices=members
                    value=chosen
                    on_change=move |(user,): (String,)| go(address(user), done)
                />
            </div>
            {list}
            {rest}
            {dialog(rows, None)}
        </Page>
    }
    .into_any()
}

/// The tasks under the headings of where they stand.
fn groups(rows: Rows, tasks: Vec<RecordTask>) -> AnyView {
    let lang = rows.lang;
    if tasks.is_empty() {
        return view! { <Empty icon="task" title=words::no_tasks(lang) text=words::no_tasks_text(lang)/> }.into_any();
    }
    let groups: Vec<AnyView> = [Standing::Overdue, Standing::Today, Standing::Upcoming, Standing::Someday, Standing::Done]
        .into_iter()
        .filter_map(|standing| {
            let items: Vec<AnyView> = tasks.iter().filter(|task| task.standing == standing).map(|task| row(rows, task.clone())).collect();
            let title = match standing {
                Standing::Overdue => words::tasks_overdue(lang),
                Standing::Today => words::tasks_today(lang),
                Standing::Upcoming => words::tasks_upcoming(lang),
                Standing::Someday => words::tasks_someday(lang),
                Standing::Done => words::tasks_done(lang),
            };
            (!items.is_empty()).then(|| {
                let count = items.len();
                view! {
                    <section class="tasks-group">
                        <h2>{title}" "<small>{count}</small></h2>
                        <ul class="beside-tasks">{items}</ul>
                    </section>
                }
                .into_any()
            })
        })
        .collect();
    groups.into_any()
}

fn typing(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return true;
    }
    let Some(node) = event.target().and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok()) else { return false };
    let text = node.dyn_ref::<web_sys::HtmlInputElement>().is_some_and(|input| input.type_() != "checkbox");
    text || matches!(node.tag_name().as_str(), "TEXTAREA" | "SELECT")
}

fn boxes() -> Vec<web_sys::HtmlElement> {
    let Ok(all) = document().query_selector_all(".tasks-group .beside-task > .checkbox > input") else { return Vec::new() };
    (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<web_sys::HtmlElement>().ok()).collect()
}

/// The tick of the row in which the focus is.
fn focused_box() -> Option<web_sys::HtmlElement> {
    let row = document().active_element()?.closest(".beside-task").ok()??;
    row.query_selector(".checkbox > input").ok()??.dyn_into().ok()
}

fn walk(event: &KeyboardEvent, by: isize) {
    let all = boxes();
    if all.is_empty() {
        return;
    }
    event.prevent_default();
    let here = focused_box().and_then(|here| all.iter().position(|one| *one == here));
    let last = all.len() - 1;
    let to = match here {
        Some(at) => at.saturating_add_signed(by).min(last),
        None if by > 0 => 0,
        None => last,
    };
    let _ = all[to].focus();
}
