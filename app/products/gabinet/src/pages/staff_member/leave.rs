//! When a practitioner is away, by whole dates (R14).

use app_platform::use_me;
use gabinet::hours::{Decision, Leave, LeaveInput, LeaveKind, LeaveStatus};
use leptos::prelude::*;
use platform::id::EntityId;
use ui::{
    Button, Choice, Dialog, ErrorSummary, Failure, Field, Input, Lang, Meaning, Select, Table, Tag, Tone, use_lang, use_toasts, when,
};

use super::spans;
use crate::{
    page_doors::{StaffMember, add_leave, delete_leave},
    pages::{may, plain, sheet::Faults, shown::Shown},
    rota_doors::{cancel_leave, decide_leave, request_leave},
    words,
};

/// The section.
pub fn view(member: Shown<StaffMember>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let id = member.value.with_untracked(|member| member.employee.id);
    let writes = may(gabinet::LEAVE_WRITE);
    let adding = RwSignal::new(false);
    // What can be undone is not asked about.
    let bring_back = Callback::new(move |gone: Leave| {
        let Leave { kind, from_date, to_date, starts, ends, reason, .. } = gone;
        let input = LeaveInput { kind, from_date, to_date, starts, ends, reason };
        leptos::task::spawn_local(async move {
            match add_leave(id, input).await {
                Ok(_) => member.refresh(),
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    let remove = Action::new_local(move |leave: &Leave| {
        let leave = leave.clone();
        async move {
            match delete_leave(leave.id).await {
                Ok(()) => {
                    toasts.undoable(words::leave_removed(lang), Callback::new(move |()| bring_back.run(leave.clone())));
                    member.refresh();
                }
                Err(failure) => toasts.fail(&failure),
            }
        }
    });
    // What is decided on, and what is said with it.
    let (deciding, asked, note) = (RwSignal::new(false), RwSignal::new(None::<(EntityId, bool)>), RwSignal::new(String::new()));
    let refused = RwSignal::new(None::<Failure>);
    let decide = Action::new_local(move |(): &()| {
        let said = note.get_untracked().trim().to_owned();
        let answer = asked.get_untracked();
        async move {
            let Some((leave, approve)) = answer else { return };
            match decide_leave(leave, Decision { approve, note: said }).await {
                Ok(_) => {
                    deciding.set(false);
                    toasts.say(if approve { words::leave_was_approved(lang) } else { words::leave_was_declined(lang) });
                    member.refresh();
                }
                Err(failure) => refused.set(Some(failure)),
            }
        }
    });
    let begin = Callback::new(move |answer: (EntityId, bool)| {
        note.set(String::new());
        refused.set(None);
        asked.set(Some(answer));
        deciding.set(true);
    });
    let take_back = Action::new_local(move |leave: &EntityId| {
        let leave = *leave;
        async move {
            match cancel_leave(leave).await {
                Ok(()) => member.refresh(),
                Err(failure) => toasts.fail(&failure),
            }
        }
    });
    let own = use_me().with_untracked(|me| member.value.with_untracked(|member| member.employee.user == Some(me.user)));
    let asks = own && !writes && may(gabinet::LEAVE_REQUEST);
    let can = Can {
        remove: writes.then(|| Callback::new(move |leave: Leave| _ = remove.dispatch_local(leave))),
        decide: writes.then_some(begin),
        take_back: asks.then(|| Callback::new(move |leave: EntityId| _ = take_back.dispatch_local(leave))),
    };
    let list = plain::live(move || {
        member.value.with(|member| {
            if member.leave.is_empty() {
                return view! { <p class="quiet">{words::no_leave(lang)}</p> }.into_any();
            }
            let rows = member.leave.iter().map(|leave| row(lang, leave, can)).collect_view();
            let heads = vec![words::dates(lang), words::days(lang), words::kind(lang), words::reason(lang), ""];
            view! { <Table caption=words::leave(lang) heads=heads>{rows}</Table> }.into_any()
        })
    });
    let approves = move || asked.get().is_some_and(|(_, approve)| approve);
    let decision = Signal::derive(move || if approves() { words::approve(lang) } else { words::decline(lang) }.to_owned());
    let send = Callback::new(move |()| {
        if !decide.pending().get_untracked() {
            decide.dispatch_local(());
        }
    });
    let answer = move || {
        view! {
            <Field name="note" label=words::leave_note(lang) help=words::leave_note_help(lang) failure=refused>
                <Input value=note autocomplete="off"/>
            </Field>
            <footer>
                <Button on_press=move || deciding.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=decide.pending()>{move || decision.get()}</Button>
            </footer>
        }
        .into_any()
    };
    let title = if writes { words::add_leave(lang) } else { words::ask_leave(lang) };
    let add = (writes || asks).then(|| view! { <Button icon="plus" on_press=move || adding.set(true)>{title}</Button> });
    view! {
        <section>
            <header class="section-head">
                <h2>{words::leave(lang)}</h2>
                {add}
            </header>
            {list}
            <Dialog open=adding title=title class="narrow">
                <LeaveForm member=member employee=id open=adding/>
            </Dialog>
            <Dialog open=deciding title=decision class="narrow">{plain::form(send, answer())}</Dialog>
        </section>
    }
    .into_any()
}

/// What the reader may do with a leave.
#[derive(Clone, Copy)]
struct Can {
    remove: Option<Callback<Leave>>,
    decide: Option<Callback<(EntityId, bool)>>,
    take_back: Option<Callback<EntityId>>,
}

/// What a kind is called.
pub fn kind_name(lang: Lang, kind: LeaveKind) -> &'static str {
    match kind {
        LeaveKind::Holiday => words::kind_holiday(lang),
        LeaveKind::Sick => words::kind_sick(lang),
        LeaveKind::Training => words::kind_training(lang),
        LeaveKind::Unpaid => words::kind_unpaid(lang),
        LeaveKind::Other => words::kind_other(lang),
    }
}

fn row(lang: Lang, leave: &Leave, can: Can) -> AnyView {
    let days = (leave.to_date - leave.from_date).num_days() + 1;
    let mut dates = if days == 1 { when::date(lang, leave.from_date) } else { when::span(lang, leave.from_date, leave.to_date) };
    if let Some(times) = leave.starts.zip(leave.ends) {
        dates.push(' ');
        dates.push_str(&spans::write(&[times]));
    }
    let id = leave.id;
    let state = match leave.status {
        LeaveStatus::Requested => Some(view! { <Tag meaning=Meaning::Attention text=words::leave_requested(lang)/> }),
        LeaveStatus::Declined => Some(view! { <Tag text=words::leave_declined(lang)/> }),
        LeaveStatus::Approved | LeaveStatus::Cancelled => None,
    };
    let buttons = match (leave.status, can) {
        (LeaveStatus::Requested, Can { decide: Some(decide), .. }) => view! {
            <Button icon="check" on_press=move || decide.run((id, true))>{words::approve(lang)}</Button>
            <Button tone=Tone::Plain on_press=move || decide.run((id, false))>{words::decline(lang)}</Button>
        }
        .into_any(),
        (LeaveStatus::Requested, Can { take_back: Some(take_back), .. }) => {
            view! { <Button tone=Tone::Plain on_press=move || take_back.run(id)>{words::take_back(lang)}</Button> }.into_any()
        }
        (_, Can { remove: Some(remove), .. }) => {
            let own = leave.clone();
            let name = words::remove_leave(lang, &dates);
            view! { <Button icon="trash" tone=Tone::Plain name=name on_press=move || remove.run(own.clone())/> }.into_any()
        }
        _ => ().into_any(),
    };
    let note = (!leave.note.is_empty()).then(|| view! { <small class="quiet">{leave.note.clone()}</small> });
    let reason = view! { {leave.reason.clone()}" "{note} };
    plain::row(
        view! { {dates}" "{state} }.into_any(),
        vec![plain::text(days.to_string()), plain::text(kind_name(lang, leave.kind)), reason.into_any(), buttons],
    )
}

#[component]
fn LeaveForm(member: Shown<StaffMember>, employee: EntityId, open: RwSignal<bool>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let today = member.value.with_untracked(|member| when::iso(member.today));
    let from = RwSignal::new(today);
    let to = RwSignal::new(String::new());
    let (starts, ends) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let kind = RwSignal::new(String::from(LeaveKind::Holiday.as_str()));
    let grants = may(gabinet::LEAVE_WRITE);
    let reason = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| {
        let mut faults = Faults::default();
        let first = faults.take("from_date", when::from_iso(from.get_untracked().trim()), words::not_a_date(lang));
        let last = match to.get_untracked().trim() {
            // One day, as most are that are booked in a hurry.
            "" => first,
            text => faults.take("to_date", when::from_iso(text), words::not_a_date(lang)),
        };
        let reason = reason.get_untracked().trim().to_owned();
        let kind = LeaveKind::parse(&kind.get_untracked()).unwrap_or_default();
        let mut minutes = |field, text: String| match text.trim() {
            "" => Some(None),
            text => faults.take(field, spans::minutes(text), words::no_time(lang)).map(Some),
        };
        let times = minutes("starts", starts.get_untracked()).zip(minutes("ends", ends.get_untracked()));
        async move {
            let saved = match (first, last, times) {
                (Some(from_date), Some(to_date), Some((starts, ends))) => {
                    let input = LeaveInput { kind, from_date, to_date, starts, ends, reason };
                    if grants { add_leave(employee, input).await } else { request_leave(employee, input).await }
                }
                _ => Err(faults.failure()),
            };
            match saved {
                Ok(_) => {
                    toasts.say(if grants { words::leave_added(lang) } else { words::leave_asked(lang) });
                    open.set(false);
                    member.refresh();
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    let send = Callback::new(move |()| {
        if !save.pending().get_untracked() {
            save.dispatch_local(());
        }
    });
    let fields = vec![
        ("from_date", words::first_day(lang)),
        ("to_date", words::last_day(lang)),
        ("starts", words::from_time(lang)),
        ("ends", words::to_time(lang)),
        ("reason", words::reason(lang)),
    ];
    let kinds: Vec<Choice> = LeaveKind::ALL.into_iter().map(|kind| Choice::new(kind.as_str(), kind_name(lang, kind))).collect();
    let content = view! {
            <ErrorSummary failure=failure fields=fields/>
            <div class="fields">
                <Field name="from_date" label=words::first_day(lang) required=true failure=failure>
                    <Input kind="date" value=from/>
                </Field>
                <Field name="to_date" label=words::last_day(lang) help=words::last_day_help(lang) failure=failure>
                    <Input kind="date" value=to/>
                </Field>
            </div>
            <div class="fields">
                <Field name="starts" label=words::from_time(lang) help=words::times_help(lang) failure=failure>
                    <Input kind="time" value=starts/>
                </Field>
                <Field name="ends" label=words::to_time(lang) failure=failure>
                    <Input kind="time" value=ends/>
                </Field>
            </div>
            <Field name="kind" label=words::kind(lang) failure=failure>
                <Select choices=kinds value=kind/>
            </Field>
            <Field name="reason" label=words::reason(lang) failure=failure>
                <Input value=reason autocomplete="off"/>
            </Field>
            <p class="quiet">{words::leave_help(lang)}</p>
            <footer>
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save(lang)}</Button>
            </footer>
    };
    plain::form(send, content.into_any())
}
