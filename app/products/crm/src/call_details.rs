//! The panel of a call on the calendar.

use crm::calls::{Call, CompleteCall, OUTCOMES};
use leptos::prelude::*;
use services::calendar::event::Status;
use ui::{
    Details, Failure, Fetched, Lang,
    alert::FailureAlert,
    button::{Button, Tone},
    empty::Skeleton,
    field::Field,
    input::TextArea,
    select::Choice,
    tag::Tag,
    toast::use_toasts,
    use_lang,
};

use crate::{
    doors::{cancel_call, complete_call, get_call},
    words,
};

/// What is known of the call, and how it is closed.
pub fn view(details: Details) -> AnyView {
    let activity = details.event.id;
    let call = ui::fetched(move || activity, get_call);
    view! {
        <Suspense fallback=|| view! { <Skeleton lines=5/> }>
            {move || {
                let details = details.clone();
                Suspend::new(async move {
                    match call.await {
                        Ok(found) => known(found, details, call),
                        Err(failure) => view! { <FailureAlert failure=failure on_retry=move || call.refetch()/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

fn known(call: Call, details: Details, again: Fetched<Result<Call, Failure>>) -> AnyView {
    let lang = use_lang();
    let start = details.zone.wall(call.start);
    let end = details.zone.wall(call.end);
    let when = format!("{} – {}", start.format("%H:%M"), end.format("%H:%M"));
    let lead = format!("/dashboard/crm/leads/{}", call.lead);
    let status = words::by_key(lang, &format!("call.{}", call.status)).unwrap_or_default();
    let open = call.status == Status::Scheduled;
    view! {
        <header class="peek-head">
            <h2>{call.lead_name.clone()}</h2>
            <p class="sub tnum">{call.lead_phone.clone()} " " {call.lead_company.clone()}</p>
            <Tag text=status/>
        </header>
        <dl class="facts">
            <dt>{words::when(lang)}</dt>
            <dd class="tnum">{when}</dd>
            <dt>{words::lead(lang)}</dt>
            <dd>
                <a href=lead>{words::open_lead(lang)}</a>
            </dd>
            {(!call.outcome.is_empty())
                .then(|| {
                    view! {
                        <dt>{words::outcome(lang)}</dt>
                        <dd>{outcome_text(lang, &call.outcome)}</dd>
                    }
                })}
            {(!call.notes.is_empty())
                .then(|| {
                    view! {
                        <dt>{words::notes(lang)}</dt>
                        <dd>{call.notes.clone()}</dd>
                    }
                })}
        </dl>
        {open.then(|| close(call, details, again))}
    }
    .into_any()
}

fn outcome_text(lang: Lang, outcome: &str) -> &'static str {
    match outcome {
        "reached" => words::outcome_reached(lang),
        "no_answer" => words::outcome_no_answer(lang),
        _ => words::outcome_call_back(lang),
    }
}

fn close(call: Call, details: Details, again: Fetched<Result<Call, Failure>>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let outcome = RwSignal::new(OUTCOMES[0].to_owned());
    let notes = RwSignal::new(call.notes.clone());
    let failure = RwSignal::new(None::<Failure>);
    let (id, version, changed) = (call.id, call.version, details.changed);
    let desk = app_services::calendar::use_desk();
    let event = StoredValue::new(details.event);
    let act = Action::new(move |cancel: &bool| {
        let cancel = *cancel;
        let input = CompleteCall { version, outcome: outcome.get_untracked(), notes: notes.get_untracked() };
        async move {
            let done = if cancel { cancel_call(id, version).await } else { complete_call(id, input).await };
            match done {
                Ok(_) => {
                    let (text, now) = match cancel {
                        true => (words::cancelled(lang), Status::Cancelled),
                        false => (words::completed(lang), Status::Completed),
                    };
                    match desk.zip(event.try_get_value()) {
                        Some((desk, event)) => desk.stepped(&event, now, text),
                        None => toasts.say(text),
                    }
                    changed.run(());
                    again.refetch();
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    let choices: Vec<Choice> = OUTCOMES.iter().map(|outcome| Choice::new(*outcome, outcome_text(lang, outcome))).collect();
    view! {
        <div class="form peek-body">
            {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
            <Field name="outcome" label=words::outcome(lang)>
                <ui::select::Select choices=choices value=outcome/>
            </Field>
            <Field name="notes" label=words::notes(lang) failure=failure>
                <TextArea value=notes/>
            </Field>
            <footer>
                <Button
                    busy=act.pending()
                    on_press=move || {
                        act.dispatch(true);
                    }
                >
                    {words::cancel_call(lang)}
                </Button>
                <Button
                    tone=Tone::Primary
                    busy=act.pending()
                    on_press=move || {
                        act.dispatch(false);
                    }
                >
                    {words::complete(lang)}
                </Button>
            </footer>
        </div>
    }
    .into_any()
}
