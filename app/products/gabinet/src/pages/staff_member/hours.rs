//! The editor of working hours.

use gabinet::hours::WorkingHours;
use leptos::{ev::SubmitEvent, prelude::*};
use ui::{Alert, Button, ErrorSummary, Failure, Lang, Table, Tone, use_lang, use_toasts, when};

use super::{
    dates, spans,
    week::{Cell, Period, Plan},
};
use crate::{
    page_doors::{StaffMember, save_hours},
    pages::{
        may,
        sheet::{Drafts, Faults},
        shown::Shown,
    },
    words,
};

/// What the editor holds.
#[derive(Clone, Copy)]
pub struct Editor {
    pub lang: Lang,
    /// As it is typed.
    pub plan: RwSignal<Plan>,
    /// Which field is being typed into, so that nothing is called wrong before it is finished.
    pub typing: RwSignal<Option<(u32, usize, Cell)>>,
    pub writes: bool,
}

/// The section.
pub fn view(member: Shown<StaffMember>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let (id, today) = member.value.with_untracked(|member| (member.employee.id, member.today));
    let writes = may(gabinet::HOURS_WRITE);
    // What was set when the page was read; saving says so (R18).
    let seen = RwSignal::new(member.value.with_untracked(|member| member.hours.clone()));
    let plan = RwSignal::new(seen.with_untracked(|hours| Plan::of(hours, today)));
    let editor = Editor { lang, plan, typing: RwSignal::new(None), writes };
    let is_changed = Memo::new(move |_| seen.with(|seen| plan.with(|plan| *plan != Plan::of(seen, today))));
    let overtaken = Memo::new(move |_| member.value.with(|member| seen.with(|seen| member.hours != *seen)));
    let take = move || {
        let theirs = member.value.with_untracked(|member| member.hours.clone());
        plan.set(Plan::of(&theirs, today));
        seen.set(theirs);
    };
    // The record outside: what others change is taken over while nothing is typed.
    Effect::new(move |_| {
        if overtaken.get() && !is_changed.get_untracked() {
            take();
        }
    });
    if writes {
        keep(Drafts::of("hours", &id.to_string()), editor, seen, is_changed, today);
    }
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| {
        let typed = plan.with_untracked(Plan::hours);
        let before = seen.get_untracked();
        async move {
            let saved = match typed {
                Some(hours) => save_hours(id, before, hours).await,
                None => {
                    let mut faults = Faults::default();
                    faults.add("weekly", words::hours_unreadable(lang));
                    Err(faults.failure())
                }
            };
            match saved {
                Ok(hours) => {
                    failure.set(None);
                    plan.set(Plan::of(&hours, today));
                    member.value.update(|member| member.hours = hours.clone());
                    seen.set(hours);
                    toasts.say(words::hours_saved(lang));
                }
                Err(why) => {
                    if why.code() == "version" {
                        member.refresh();
                    }
                    failure.set(Some(why));
                }
            }
        }
    });
    let send = move || {
        editor.typing.set(None);
        if !save.pending().get_untracked() {
            save.dispatch_local(());
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let over = move || {
        seen.set(member.value.with_untracked(|member| member.hours.clone()));
        send();
    };
    let discard = move || {
        take();
        failure.set(None);
    };
    let conflict = move || {
        view! {
            <Alert>
                <p>{words::hours_changed(lang)}</p>
                <p class="actions">
                    <Button on_press=take>{words::take_theirs(lang)}</Button>
                    <Button on_press=over>{words::save_mine(lang)}</Button>
                </p>
            </Alert>
        }
    };
    let buttons = writes.then(|| {
        view! {
            <footer>
                <Button class="start" icon="plus" on_press=move || plan.update(|plan| plan.add_period(today))>{words::add_period(lang)}</Button>
                <Show when=move || is_changed.get()>
                    <Button on_press=discard>{words::discard(lang)}</Button>
                </Show>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save_hours(lang)}</Button>
            </footer>
        }
    });
    // By key, so that typing does not draw the fields anew.
    let keys = move || plan.with(|plan| plan.periods.iter().map(|period| period.key).collect::<Vec<u32>>());
    view! {
        <section>
            <h2>{words::weekly_hours(lang)}</h2>
            <p class="quiet">{words::hours_help(lang)}</p>
            <form class="form" on:submit=submit novalidate>
                <ErrorSummary failure=failure/>
                <Show when=move || overtaken.get() && is_changed.get()>{conflict}</Show>
                <fieldset class="sheet" disabled=!writes>
                    <For each=keys key=|key| *key children=move |key| period(editor, key)/>
                    {dates::view(editor, today)}
                </fieldset>
                {buttons}
            </form>
        </section>
    }
    .into_any()
}

/// Keeps what is typed over a reload.
fn keep(drafts: Drafts, editor: Editor, seen: RwSignal<WorkingHours>, is_changed: Memo<bool>, today: chrono::NaiveDate) {
    let restored = RwSignal::new(false);
    // The world outside: the tab's storage.
    Effect::new(move |_| {
        if restored.get_untracked() {
            return;
        }
        let kept = drafts.read().and_then(|text| serde_json::from_str::<(WorkingHours, WorkingHours)>(&text).ok());
        if let Some((before, typed)) = kept {
            editor.plan.set(Plan::of(&typed, today));
            seen.set(before);
        }
        restored.set(true);
    });
    Effect::new(move |_| {
        if !restored.get() {
            return;
        }
        if !is_changed.get() {
            drafts.write(None);
        } else if let Some(typed) = editor.plan.with(Plan::hours) {
            let draft = seen.with(|seen| serde_json::to_string(&(seen, typed)));
            drafts.write(draft.ok().as_deref());
        }
    });
}

/// One week of hours, with the dates between which it holds unless it holds always.
fn period(editor: Editor, key: u32) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let limited = plan.with_untracked(|plan| plan.period(key).is_some_and(|period| !(period.from.is_empty() && period.to.is_empty())));
    let head = limited.then(|| limits(editor, key));
    let rows = (0..7).map(|day| row(editor, key, day)).collect_view();
    let total = move || {
        let minutes: Option<i64> = plan.with(|plan| plan.period(key).and_then(|period| (0..7).map(|day| period.minutes(day)).sum()));
        minutes.map(|minutes| words::a_week(lang, &when::length(lang, minutes)))
    };
    let spread = editor.writes.then(|| {
        let spread = move || plan.update(|plan| plan.change(key, Period::spread));
        view! { <Button tone=Tone::Plain on_press=spread>{words::copy_monday(lang)}</Button> }
    });
    view! {
        <div class="hours-period">
            {head}
            <Table
                caption=if limited { words::hours_for_a_time(lang) } else { words::weekly_hours(lang) }
                heads=vec![words::weekday(lang), words::works(lang), words::breaks(lang), words::day_drawn(lang), words::length_head(lang)]
            >
                {rows}
            </Table>
            <p class="hours-sum"><span class="quiet">{total}</span>{spread}</p>
        </div>
    }
    .into_any()
}

/// First and last date of a period.
fn limits(editor: Editor, key: u32) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let date = move |label: &'static str, read: fn(&Period) -> &String, write: fn(&mut Period, String)| {
        let held = move || plan.with(|plan| plan.period(key).map(|period| read(period).clone()).unwrap_or_default());
        view! {
            <label>
                {label}
                <input
                    class="input"
                    type="date"
                    prop:value=held
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        plan.update(|plan| plan.change(key, |period| write(period, text)));
                    }
                />
            </label>
        }
        .into_any()
    };
    view! {
        <div class="hours-limits">
            <h3>{words::hours_for_a_time(lang)}</h3>
            {date(words::first_day(lang), |period| &period.from, |period, text| period.from = text)}
            {date(words::last_day(lang), |period| &period.to, |period, text| period.to = text)}
            <Button icon="trash" name=words::remove_period(lang) on_press=move || plan.update(|plan| plan.remove(key))/>
            <p class="quiet">{words::period_help(lang)}</p>
        </div>
    }
    .into_any()
}

/// A weekday: its hours, its breaks, and both drawn.
fn row(editor: Editor, key: u32, day: usize) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let name = when::weekday_name(lang, day);
    let length = move || {
        let minutes = plan.with(|plan| plan.period(key).map(|period| period.minutes(day)));
        match minutes.flatten() {
            Some(0) | None => String::new(),
            Some(minutes) => when::length(lang, minutes),
        }
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{cell(editor, key, day, Cell::Windows, words::hours_of(lang, name))}</td>
            <td>{cell(editor, key, day, Cell::Breaks, words::breaks_of(lang, name))}</td>
            <td>{move || drawn(plan, key, day)}</td>
            <td class="tnum">{length}</td>
        </tr>
    }
    .into_any()
}

/// A field for stretches of time; what was typed is put into its usual form when it is left.
fn cell(editor: Editor, key: u32, day: usize, cell: Cell, label: String) -> AnyView {
    let lang = editor.lang;
    let plan = editor.plan;
    let held = move || plan.with(|plan| plan.period(key).map(|period| period.cell(day, cell).to_owned()).unwrap_or_default());
    let put = move |text: String| plan.update(|plan| plan.change(key, |period| period.set(day, cell, text)));
    let wrong = Memo::new(move |_| editor.typing.get() != Some((key, day, cell)) && spans::read(&held()).is_none());
    let placeholder = match cell {
        Cell::Windows => words::off(lang),
        Cell::Breaks => "–",
    };
    view! {
        <input
            class="input hours"
            type="text"
            autocomplete="off"
            aria-label=label
            placeholder=placeholder
            title=move || wrong.get().then(|| words::hours_unreadable(lang))
            aria-invalid=move || wrong.get().then_some("true")
            prop:value=held
            on:input=move |event| {
                editor.typing.set(Some((key, day, cell)));
                put(event_target_value(&event));
            }
            on:change=move |event| {
                let typed = event_target_value(&event);
                editor.typing.set(None);
                put(spans::read(&typed).map_or(typed, |stretches| spans::write(&stretches)));
            }
        />
        {move || wrong.get().then(|| view! { <small class="wrong" role="alert">{words::hours_unreadable(lang)}</small> })}
    }
    .into_any()
}

/// The day as a line from midnight to midnight, work and breaks upon it. The figures beside it say the same.
fn drawn(plan: RwSignal<Plan>, key: u32, day: usize) -> AnyView {
    let read = |cell| plan.with(|plan| plan.period(key).and_then(|period| spans::read(period.cell(day, cell)))).unwrap_or_default();
    let bars = |stretches: Vec<spans::Span>, class: &'static str| {
        stretches
            .into_iter()
            .map(|(starts, ends)| {
                let length = spans::length((starts, ends)).min(1440 - i64::from(starts));
                let style = format!("--from:{starts};--length:{length}");
                view! { <i class=class style=style></i> }
            })
            .collect_view()
    };
    view! {
        <span class="hours-line" aria-hidden="true">
            {bars(read(Cell::Windows), "work")}
            {bars(read(Cell::Breaks), "pause")}
        </span>
    }
    .into_any()
}
