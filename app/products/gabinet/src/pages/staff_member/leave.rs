//! When a practitioner is away, by whole dates (R14).

use gabinet::hours::{Leave, LeaveInput};
use leptos::prelude::*;
use platform::id::EntityId;
use ui::{Button, Dialog, ErrorSummary, Failure, Field, Input, Lang, Table, Tone, use_lang, use_toasts, when};

use crate::{
    page_doors::{StaffMember, add_leave, delete_leave},
    pages::{may, plain, sheet::Faults, shown::Shown},
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
        let input = LeaveInput { from_date: gone.from_date, to_date: gone.to_date, reason: gone.reason };
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
    let remove = writes.then(|| Callback::new(move |leave: Leave| _ = remove.dispatch_local(leave)));
    let list = plain::live(move || {
        member.value.with(|member| {
            if member.leave.is_empty() {
                return view! { <p class="quiet">{words::no_leave(lang)}</p> }.into_any();
            }
            let rows = member.leave.iter().map(|leave| row(lang, leave, remove)).collect_view();
            let heads = vec![words::dates(lang), words::days(lang), words::reason(lang), ""];
            view! { <Table caption=words::leave(lang) heads=heads>{rows}</Table> }.into_any()
        })
    });
    let add = writes.then(|| view! { <Button icon="plus" on_press=move || adding.set(true)>{words::add_leave(lang)}</Button> });
    view! {
        <section>
            <header class="section-head">
                <h2>{words::leave(lang)}</h2>
                {add}
            </header>
            {list}
            <Dialog open=adding title=words::add_leave(lang) class="narrow">
                <LeaveForm member=member employee=id open=adding/>
            </Dialog>
        </section>
    }
    .into_any()
}

fn row(lang: Lang, leave: &Leave, remove: Option<Callback<Leave>>) -> AnyView {
    let days = (leave.to_date - leave.from_date).num_days() + 1;
    let dates = if days == 1 { when::date(lang, leave.from_date) } else { when::span(lang, leave.from_date, leave.to_date) };
    let own = leave.clone();
    let button = remove.map(|remove| {
        let name = words::remove_leave(lang, &dates);
        view! { <Button icon="trash" tone=Tone::Plain name=name on_press=move || remove.run(own.clone())/> }.into_any()
    });
    plain::row(plain::text(dates), vec![plain::text(days.to_string()), plain::text(&leave.reason), button.into_any()])
}

#[component]
fn LeaveForm(member: Shown<StaffMember>, employee: EntityId, open: RwSignal<bool>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let today = member.value.with_untracked(|member| when::iso(member.today));
    let from = RwSignal::new(today);
    let to = RwSignal::new(String::new());
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
        async move {
            let saved = match (first, last) {
                (Some(from_date), Some(to_date)) => add_leave(employee, LeaveInput { from_date, to_date, reason }).await,
                _ => Err(faults.failure()),
            };
            match saved {
                Ok(_) => {
                    toasts.say(words::leave_added(lang));
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
    let fields = vec![("from_date", words::first_day(lang)), ("to_date", words::last_day(lang)), ("reason", words::reason(lang))];
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
