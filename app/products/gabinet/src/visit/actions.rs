//! What can be done with the visit now: the next step, a move, and what is rarer under “More”.

use app_platform::session::use_me;
use app_services::calendar::{
    place::{Place, Span},
    use_desk,
};
use gabinet::{APPOINTMENTS_APPROVE, APPOINTMENTS_REOPEN, APPOINTMENTS_WRITE};
use leptos::{ev::MouseEvent, ev::SubmitEvent, prelude::*};
use services::calendar::event::Status;
use ui::{Button, Dialog, Field, Icon, Input, Menu, Tone};

use super::Panel;
use crate::words;

/// The popover under “More”.
const MORE: &str = "visit-more";

/// The row of buttons and the dialog that asks for a reason.
pub fn view(panel: Panel) -> AnyView {
    let lang = panel.lang;
    let me = use_me();
    // Rights change with a new page only, and what listens to them must not outlive the panel.
    let (writes, reopens) = me.with_untracked(|me| (me.can(APPOINTMENTS_WRITE), me.can(APPOINTMENTS_REOPEN)));
    // What a reason is asked for.
    let asked = RwSignal::new(Status::Cancelled);
    let asking = RwSignal::new(false);
    let ask = move |to: Status| {
        asked.set(to);
        asking.set(true);
    };
    let approves = me.with_untracked(|me| me.can(APPOINTMENTS_APPROVE));
    let next = Memo::new(move |_| {
        let status = panel.status();
        next(status).filter(|_| writes && (approves || status != Status::Pending))
    });
    let step = move |to: Status| panel.step(to, String::new());
    let label = move || {
        next.get().map(|to| match to {
            Status::Scheduled => words::approve(lang),
            Status::Confirmed => words::confirm(lang),
            Status::CheckedIn => words::check_in(lang),
            Status::InProgress => words::start(lang),
            _ => words::complete(lang),
        })
    };
    let moves = Memo::new(move |_| writes && !panel.status().is_terminal());
    let more = Memo::new(move |_| rarer(panel.status(), writes, reopens));
    let items = move || {
        more.get()
            .into_iter()
            .map(|to| {
                let (icon, text) = match to {
                    Status::CheckedIn => ("check", words::check_in(lang)),
                    Status::NoShow => ("person", words::no_show(lang)),
                    Status::Cancelled => ("close", words::cancel_visit(lang)),
                    _ => ("undo", words::reopen(lang)),
                };
                let act = move |_: MouseEvent| match to {
                    Status::Cancelled | Status::NoShow | Status::Scheduled => ask(to),
                    _ => step(to),
                };
                view! {
                    <li>
                        <button type="button" popovertarget=MORE popovertargetaction="hide" on:click=act>
                            <Icon name=icon/>
                            {text}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let copies = panel.copies().filter(|_| writes);
    let copy = move || {
        copies.map(|copy| {
            view! {
                <li>
                    <button type="button" popovertarget=MORE popovertargetaction="hide" on:click=move |_| copy.run(())>
                        <Icon name="plus"/>
                        {words::copy_visit(lang)}
                    </button>
                </li>
            }
        })
    };
    // The second press of a double click is not meant for what the button has become.
    let once = move |event: MouseEvent| {
        if event.detail() > 1 {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let button = StoredValue::new(move || view! { {words::more(lang)} }.into_any());
    view! {
        <div class="visit-actions" on:click:capture=once>
            <Show when=move || next.get().is_some()>
                <Button
                    tone=Tone::Primary
                    class="visit-next"
                    busy=panel.busy
                    on_press=move || {
                        if let Some(to) = next.get_untracked() {
                            step(to);
                        }
                    }
                >
                    {label}
                </Button>
            </Show>
            <Show when=move || moves.get()>
                <Button on_press=move || lift(panel)>{words::r#move(lang)}</Button>
            </Show>
            <Show when=move || copies.is_some() || more.with(|more| !more.is_empty())>
                <Menu id=MORE button=button.with_value(|button| button()) class="quiet end">
                    <ul class="menu-list">{items}{copy}</ul>
                </Menu>
            </Show>
        </div>
        <Show when=move || writes && !reopens && panel.status().can_reopen()>
            <p class="visit-over">{words::only_reopened(lang)}</p>
        </Show>
        {reason_dialog(panel, asked, asking)}
    }
    .into_any()
}

/// What usually comes next.
fn next(status: Status) -> Option<Status> {
    match status {
        Status::Pending => Some(Status::Scheduled),
        Status::Scheduled => Some(Status::Confirmed),
        Status::Confirmed => Some(Status::CheckedIn),
        Status::CheckedIn => Some(Status::InProgress),
        Status::InProgress => Some(Status::Completed),
        _ => None,
    }
}

/// What else can come: the other steps that the state machine allows, and reopening.
fn rarer(status: Status, writes: bool, reopens: bool) -> Vec<Status> {
    let usual = next(status);
    let mut rarer = Vec::new();
    if writes {
        let steps = [Status::CheckedIn, Status::NoShow, Status::Cancelled].into_iter();
        rarer.extend(steps.filter(|to| status.can_become(*to) && usual != Some(*to)));
    }
    if reopens && status.can_reopen() {
        rarer.push(Status::Scheduled);
    }
    rarer
}

/// Closes the panel and takes the visit up, to be put down by a tap or by keys. One that was opened by a link to
/// another day is shown first.
fn lift(panel: Panel) {
    let Some(desk) = use_desk() else { return };
    let (activity, start) = panel.shown.with_untracked(|shown| (shown.visit.activity, shown.visit.start));
    let place = desk.place.get_untracked();
    if desk.event(activity).is_some() && place.span != Span::Month {
        desk.lift(activity);
    } else {
        desk.replace(&Place { span: Span::Day, date: Some(panel.zone.with_value(|zone| zone.date(start))), ..place });
    }
}

/// Cancelling and reopening want a reason; that somebody did not come may have one.
fn reason_dialog(panel: Panel, asked: RwSignal<Status>, asking: RwSignal<bool>) -> AnyView {
    let lang = panel.lang;
    let reason = RwSignal::new(String::new());
    let missing = RwSignal::new(None::<String>);
    let cancels = move || asked.get() == Status::Cancelled;
    let told = move || match asked.get() {
        Status::Cancelled => (words::cancel_title(lang), words::cancel_text(lang), words::cancel_visit(lang)),
        Status::NoShow => (words::no_show_title(lang), words::no_show_text(lang), words::no_show(lang)),
        _ => (words::reopen_title(lang), words::reopen_text(lang), words::reopen(lang)),
    };
    let required = move || asked.get() != Status::NoShow;
    let title = Signal::derive(move || told().0.to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = reason.get_untracked().trim().to_owned();
        if text.is_empty() && untrack(required) {
            missing.set(Some(words::reason_missing(lang).to_owned()));
            return;
        }
        missing.set(None);
        asking.set(false);
        reason.set(String::new());
        panel.step(asked.get_untracked(), text);
    };
    view! {
        <Dialog open=asking title=title class="narrow">
            <form class="form" on:submit=submit novalidate>
                <p>{move || told().1}</p>
                {move || (asking.get() && cancels()).then(|| crate::waiting::wanting(panel.shown.with_untracked(|shown| shown.visit.activity)))}
                <Field name="reason" label=words::reason(lang) required=true error=missing>
                    <Input value=reason autocomplete="off"/>
                </Field>
                <footer>
                    <Button on_press=move || asking.set(false)>{words::keep(lang)}</Button>
                    <Button submit=true tone=Tone::Primary>
                        {move || told().2}
                    </Button>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_and_the_rarer_ones_are_all_that_the_state_machine_allows() {
        for status in Status::ALL {
            for to in next(status).into_iter().chain(rarer(status, true, false)) {
                assert!(status.can_become(to), "{status} to {to}");
            }
        }
        assert_eq!(rarer(Status::Scheduled, true, false), [Status::CheckedIn, Status::NoShow, Status::Cancelled]);
        assert_eq!(rarer(Status::InProgress, true, true), []);
        assert_eq!(rarer(Status::Completed, true, true), [Status::Scheduled]);
        assert_eq!(rarer(Status::Completed, true, false), []);
    }
}
