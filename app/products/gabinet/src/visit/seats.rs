//! A session's seats: who has one, who comes as well, who goes to another session or not at all.

use app_platform::session::use_me;
use app_services::calendar::when::times;
use gabinet::{
    APPOINTMENTS_WRITE,
    appointments::{Book, Channel, MoveSeat, OpenSession, Seat, Transition},
};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::calendar::event::Status;
use ui::{Button, Choice, Combobox, Failure, FailureAlert, Field, Input, Select, Skeleton, Tone, when};

use super::Panel;
use crate::{doors, pages::plain, people::find_patient, words};

/// What is being done with which seat.
#[derive(Clone, PartialEq)]
enum Task {
    Nothing,
    Add,
    Move(EntityId),
    Remove(EntityId),
}

/// The list; nothing for a visit of one patient.
pub fn view(panel: Panel) -> AnyView {
    let lang = panel.lang;
    let writes = use_me().with_untracked(|me| me.can(APPOINTMENTS_WRITE));
    let task = RwSignal::new(Task::Nothing);
    let failure = RwSignal::new(None::<Failure>);
    plain::live(move || {
        let (seats, full) = panel.shown.with(|shown| {
            let full = shown.visit.seats.is_none_or(|seats| seats.taken >= seats.of);
            (shown.seats.clone(), full)
        });
        if seats.is_empty() {
            return ().into_any();
        }
        let over = panel.status().is_terminal();
        let rows: Vec<AnyView> = seats.into_iter().map(|seat| row(panel, task, failure, seat, writes && !over)).collect();
        let add = plain::live(move || match task.get() {
            Task::Add => adding(panel, task, failure),
            _ if writes && !full && !over => {
                view! { <Button icon="plus" on_press=move || task.set(Task::Add)>{words::seat_add(lang)}</Button> }.into_any()
            }
            _ => ().into_any(),
        });
        let refused = plain::live(move || match failure.get() {
            Some(failure) => view! { <FailureAlert failure=failure/> }.into_any(),
            None => ().into_any(),
        });
        view! {
            <section class="visit-seats" aria-label=words::seats_title(lang)>
                <h3>{words::seats_title(lang)}</h3>
                <ul>{rows}</ul>
                {refused}
                {add}
            </section>
        }
        .into_any()
    })
}

fn row(panel: Panel, task: RwSignal<Task>, failure: RwSignal<Option<Failure>>, seat: Seat, writes: bool) -> AnyView {
    let lang = panel.lang;
    let visit = seat.visit;
    let href = ["/dashboard/people/", &seat.patient.to_string()].concat();
    let mut key = String::from("status.");
    key.push_str(seat.status.as_str());
    let status = words::by_key(lang, &key).unwrap_or(seat.status.as_str());
    let open = writes && !seat.status.is_terminal();
    let buttons = move || {
        open.then(|| {
            view! {
                <Button on_press=move || task.set(Task::Move(visit))>{words::seat_move(lang)}</Button>
                <Button icon="close" name=words::seat_remove(lang) on_press=move || task.set(Task::Remove(visit))>""</Button>
            }
        })
    };
    let below = plain::live(move || match task.get() {
        Task::Move(which) if which == visit => moving(panel, task, failure, visit),
        Task::Remove(which) if which == visit => removing(panel, task, failure, visit),
        _ => ().into_any(),
    });
    view! {
        <li>
            <p class="booking-row"><a href=href>{seat.patient_name}</a> <small class="quiet">{status}</small> {buttons}</p>
            {below}
        </li>
    }
    .into_any()
}

/// Does it, and shows what has become of the session.
fn act(panel: Panel, task: RwSignal<Task>, failure: RwSignal<Option<Failure>>, done: impl Future<Output = Result<(), Failure>> + 'static) {
    failure.set(None);
    spawn_local(async move {
        match done.await {
            Ok(()) => {
                task.try_set(Task::Nothing);
            }
            Err(why) => {
                failure.try_set(Some(why));
            }
        }
        panel.renew();
    });
}

/// Finds a patient and gives them a seat.
fn adding(panel: Panel, task: RwSignal<Task>, failure: RwSignal<Option<Failure>>) -> AnyView {
    let lang = panel.lang;
    let patient = RwSignal::new(None::<Choice>);
    // A retry takes no second seat.
    let id = EntityId::new();
    let take = move || {
        let Some(who) = patient.with_untracked(|patient| patient.as_ref().and_then(|patient| patient.value.parse().ok())) else { return };
        let visit = panel.shown.with_untracked(|shown| shown.visit.clone());
        let new = Book {
            id: Some(id),
            patient: who,
            treatment: visit.treatment,
            employee: visit.employee,
            resources: None,
            location: visit.location,
            start: visit.start,
            notes: String::new(),
            overbook_reason: None,
            hold: None,
            further: Vec::new(),
            channel: Channel::Desk,
        };
        act(panel, task, failure, async move { doors::book(new).await.map(drop) });
    };
    view! {
        <Field name="seat-patient" label=words::patient(lang) required=true>
            <Combobox value=patient found=find_patient(lang) placeholder=words::find_patient(lang)/>
        </Field>
        <div class="booking-row">
            <Button on_press=move || task.set(Task::Nothing)>{words::cancel(lang)}</Button>
            <Button tone=Tone::Primary on_press=take>{words::seat_add(lang)}</Button>
        </div>
    }
    .into_any()
}

/// The sessions that have a seat left.
fn moving(panel: Panel, task: RwSignal<Task>, failure: RwSignal<Option<Failure>>, visit: EntityId) -> AnyView {
    let lang = panel.lang;
    let open = RwSignal::new(None::<Vec<OpenSession>>);
    // The world outside: the server.
    plain::outside(move || {
        spawn_local(async move {
            match doors::sessions(visit).await {
                Ok(found) => {
                    open.try_set(Some(found));
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    });
    let to = RwSignal::new(String::new());
    let go = move || {
        let Ok(session) = to.get_untracked().parse() else { return };
        let version = panel.shown.with_untracked(|shown| shown.visit.version);
        act(panel, task, failure, doors::move_seat(visit, MoveSeat { version, session }));
    };
    plain::live(move || {
        let Some(sessions) = open.get() else { return view! { <Skeleton lines=1/> }.into_any() };
        if sessions.is_empty() {
            return view! { <p class="booking-hint">{words::seat_nowhere(lang)}</p> }.into_any();
        }
        let choice = |one: &OpenSession| {
            let time =
                panel.zone.with_value(|zone| [when::day_short(lang, zone.date(one.start)), times(zone, one.start, one.end)].join(" "));
            let full = [one.taken.to_string(), one.of.to_string()].join("/");
            Choice::new(one.session.to_string(), [time, one.employee_name.clone(), full].join(" · "))
        };
        let choices: Vec<Choice> = sessions.iter().map(choice).collect();
        view! {
            <div class="booking-row">
                <Select name="seat-session" choices=choices value=to placeholder=words::seat_where(lang) on_change=move |id: String| to.set(id)/>
                <Button tone=Tone::Primary on_press=go>{words::seat_move(lang)}</Button>
                <Button on_press=move || task.set(Task::Nothing)>{words::cancel(lang)}</Button>
            </div>
        }
        .into_any()
    })
}

/// A seat is given up for a reason, as every visit is.
fn removing(panel: Panel, task: RwSignal<Task>, failure: RwSignal<Option<Failure>>, visit: EntityId) -> AnyView {
    let lang = panel.lang;
    let reason = RwSignal::new(String::new());
    let missing = RwSignal::new(None::<String>);
    let go = move || {
        let text = reason.get_untracked().trim().to_owned();
        if text.is_empty() {
            missing.set(Some(words::reason_missing(lang).to_owned()));
            return;
        }
        let version = panel.shown.with_untracked(|shown| shown.visit.version);
        let change = Transition { version, to: Status::Cancelled, reason: text };
        act(panel, task, failure, async move { doors::step(visit, change).await.map(drop) });
    };
    view! {
        <Field name="seat-reason" label=words::reason(lang) required=true error=missing><Input value=reason autocomplete="off"/></Field>
        <div class="booking-row">
            <Button on_press=move || task.set(Task::Nothing)>{words::keep(lang)}</Button>
            <Button tone=Tone::Primary on_press=go>{words::seat_remove(lang)}</Button>
        </div>
    }
    .into_any()
}
