//! Tasks about the record; and a task as a row, here and on the page of one's own.

use leptos::{prelude::*, task::spawn_local};
use services::tasks::{Priority, RecordTask, Standing};
use ui::{Button, Checkbox, Dialog, Empty, Icon, Lang, Meaning, Tag, Toasts, Tone, when};

use super::{
    doors::{Around, keep_task, task_done},
    side::Shared,
    task_form,
};
use crate::words;

/// What rows of tasks share, wherever they stand.
#[derive(Clone, Copy)]
pub struct Rows {
    pub lang: Lang,
    pub toasts: Toasts,
    pub around: Signal<Around>,
    /// Reads the list anew.
    pub again: Callback<()>,
    /// The task that is being changed.
    pub editing: RwSignal<Option<RecordTask>>,
    /// Whether its form is open.
    pub open: RwSignal<bool>,
    /// Whether rows say what they are about.
    pub told: bool,
}

/// The tab.
pub fn view(shared: Shared) -> AnyView {
    let lang = shared.lang;
    let rows = Rows {
        lang,
        toasts: shared.toasts,
        around: Signal::derive(move || shared.side.with(|side| side.around.clone())),
        again: Callback::new(move |()| shared.refresh()),
        editing: RwSignal::new(None),
        open: RwSignal::new(false),
        told: false,
    };
    let add = move || {
        shared.side.with(|side| side.around.may.tasks).then(|| {
            let press = move || {
                rows.editing.set(None);
                rows.open.set(true);
            };
            view! { <p><Button icon="plus" on_press=press>{words::side_new_task(lang)}</Button></p> }
        })
    };
    let list = move || {
        let tasks = shared.side.with(|side| side.tasks.clone());
        if tasks.is_empty() {
            return view! { <Empty icon="task" title=words::side_no_tasks(lang) text=words::side_no_tasks_text(lang)/> }.into_any();
        }
        let items: Vec<AnyView> = tasks.into_iter().map(|task| row(rows, task)).collect();
        view! { <ul class="beside-tasks">{items}</ul> }.into_any()
    };
    view! { {add}{list}{dialog(rows, Some(shared.id))} }.into_any()
}

/// The form, in a dialog.
pub fn dialog(rows: Rows, about: Option<platform::id::EntityId>) -> AnyView {
    let lang = rows.lang;
    let title = Signal::derive(move || match rows.editing.with(Option::is_some) {
        true => words::side_edit_task(lang).to_owned(),
        false => words::side_new_task(lang).to_owned(),
    });
    view! { <Dialog open=rows.open title=title>{task_form::view(rows, about)}</Dialog> }.into_any()
}

/// One task.
pub fn row(rows: Rows, task: RecordTask) -> AnyView {
    let Rows { lang, toasts, again, .. } = rows;
    let may = rows.around.with_untracked(|around| around.may);
    let id = task.id;
    let done = task.done_at.is_some();
    let tick = move |(ticked,): (bool,)| {
        spawn_local(async move {
            match task_done(id, ticked).await {
                Ok(_) if ticked => {
                    let back = Callback::new(move |()| {
                        spawn_local(async move {
                            if let Err(failure) = task_done(id, false).await {
                                toasts.fail(&failure);
                            }
                            again.run(());
                        });
                    });
                    toasts.undoable(words::side_task_done(lang), back);
                }
                Ok(_) => {}
                Err(failure) => toasts.fail(&failure),
            }
            again.run(());
        });
    };
    let delete = move || {
        spawn_local(async move {
            match keep_task(id, false).await {
                Ok(()) => {
                    let back = Callback::new(move |()| {
                        spawn_local(async move {
                            if let Err(failure) = keep_task(id, true).await {
                                toasts.fail(&failure);
                            }
                            again.run(());
                        });
                    });
                    toasts.undoable(words::side_task_deleted(lang), back);
                }
                Err(failure) => toasts.fail(&failure),
            }
            again.run(());
        });
    };
    let change = {
        let task = task.clone();
        move || {
            rows.editing.set(Some(task.clone()));
            rows.open.set(true);
        }
    };
    let due = due(rows, &task);
    let meaning = match task.standing {
        Standing::Overdue => Meaning::Critical,
        Standing::Today => Meaning::Attention,
        _ => Meaning::Neutral,
    };
    let due = due.map(|text| view! { <Tag meaning=meaning icon="clock" text=text/> });
    let reminded = rows.around.with_untracked(|around| task.remind_at.is_some_and(|at| at <= around.now) && !done);
    let reminder = reminded.then(|| view! { <Tag meaning=Meaning::Info icon="bell" text=words::side_reminder(lang)/> });
    let priority = (task.priority == Priority::High && !done).then(|| view! { <Tag icon="flag" text=words::priority_high(lang)/> });
    let who = task.assignee_name.clone().map(|name| view! { <span><Icon name="person"/>{name}</span> });
    let about = task.about.clone().filter(|_| rows.told).map(|about| view! { <a href=about.path>{about.title}</a> });
    let entry = task.activity.map(|activity| {
        let href = ["/dashboard/calendar?open=", &activity.to_string()].concat();
        view! { <a href=href>{words::side_in_calendar(lang)}</a> }
    });
    let buttons = (may.tasks && !task.of_calendar).then(|| {
        view! {
            <span class="beside-buttons">
                <Button tone=Tone::Plain icon="edit" name=words::side_edit_named(lang, &task.title) on_press=change/>
                <Button tone=Tone::Plain icon="trash" name=words::side_delete_named(lang, &task.title) on_press=delete/>
            </span>
        }
    });
    let text = (!task.text.is_empty()).then(|| view! { <p>{task.text.clone()}</p> });
    view! {
        <li class="beside-task" class:done=done>
            <Checkbox checked=done on_change=tick disabled=!may.tasks label=task.title.clone()/>
            {buttons}
            {text}
            <div class="beside-facts">{due}{reminder}{priority}{who}{about}{entry}</div>
        </li>
    }
    .into_any()
}

/// When a task is due, as people say it.
fn due(rows: Rows, task: &RecordTask) -> Option<String> {
    rows.around.with_untracked(|around| {
        let today = around.zone.date(around.now);
        match (task.due_date, task.due_at) {
            (Some(date), _) => Some(when::near(rows.lang, date, today)),
            (None, Some(at)) => Some(when::moment(rows.lang, around.zone.wall(at), today)),
            (None, None) => None,
        }
    })
}
