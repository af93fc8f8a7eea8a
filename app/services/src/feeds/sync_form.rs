//! A connection to be made.

use leptos::prelude::*;
use services::calendar::{
    feeds::Detail,
    sync::{NewConnection, Provider},
};
use ui::{Button, Checkbox, Choice, ErrorSummary, Failure, Field, Input, Select, Tone, use_lang, use_toasts};

use super::{sync::go, sync_doors::connect};
use crate::words;

#[component]
pub(super) fn NewConnectionForm(offered: Vec<Provider>, resources: Vec<Choice>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let Some(first) = offered.first().copied() else {
        return view! { <p>{words::nothing_offered(lang)}</p> }.into_any();
    };
    let provider = RwSignal::new(first.as_str().to_owned());
    let (resource, calendar, key) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let told = RwSignal::new(Detail::Busy.as_str().to_owned());
    let (sends, receives) = (RwSignal::new(true), RwSignal::new(true));
    let failure = RwSignal::new(None::<Failure>);
    let cal_com = Signal::derive(move || provider.with(|word| word == Provider::CalCom.as_str()));
    let save = Action::new_local(move |(): &()| async move {
        let provider = provider.with_untracked(|word| Provider::parse(word)).unwrap_or(first);
        let new = NewConnection {
            provider,
            resource: resource.with_untracked(|id| id.parse().ok()),
            location: None,
            calendar: calendar.get_untracked(),
            detail: told.with_untracked(|word| Detail::parse(word)).unwrap_or(Detail::Busy),
            sends: sends.get_untracked(),
            receives: receives.get_untracked(),
            api_key: if provider == Provider::CalCom { key.get_untracked() } else { String::new() },
        };
        match connect(new).await {
            Ok(made) => {
                key.set(String::new());
                calendar.set(String::new());
                failure.set(None);
                toasts.say(words::connection_made(lang));
                go(made.allow_at.as_deref());
                again.run(());
            }
            Err(error) => failure.set(Some(own(error))),
        }
    });
    let providers: Vec<Choice> = offered.iter().map(|provider| Choice::new(provider.as_str(), provider.name())).collect();
    let details: Vec<Choice> = Detail::ALL.iter().map(|choice| Choice::new(choice.as_str(), super::detail(lang, *choice))).collect();
    let fields = vec![
        ("connection.provider", words::connected_with(lang)),
        ("connection.resource", words::feed_of(lang)),
        ("connection.calendar", words::connection_calendar(lang)),
        ("connection.api_key", words::connection_key(lang)),
        ("connection.sends", words::connection_sends(lang)),
    ];
    let by_key = move || {
        cal_com.get().then(|| {
            view! {
                <Field name="connection.api_key" label=words::connection_key(lang) help=words::connection_key_help(lang) required=true failure=failure>
                    <Input value=key autocomplete="off"/>
                </Field>
                <Field name="connection.calendar" label=words::connection_kind(lang) help=words::connection_kind_help(lang) failure=failure>
                    <Input value=calendar autocomplete="off"/>
                </Field>
            }
        })
    };
    let by_page = move || {
        (!cal_com.get()).then(|| {
            view! {
                <Field name="connection.calendar" label=words::connection_calendar(lang) help=words::connection_calendar_help(lang) failure=failure>
                    <Input value=calendar autocomplete="off"/>
                </Field>
            }
        })
    };
    view! {
        <h3>{words::new_connection(lang)}</h3>
        <form
            class="form"
            method="post"
            on:submit=move |event| {
                event.prevent_default();
                save.dispatch_local(());
            }
        >
            <ErrorSummary failure=failure fields=fields/>
            <Field name="connection.provider" label=words::connected_with(lang) failure=failure>
                <Select choices=providers value=provider/>
            </Field>
            {by_key}
            {by_page}
            <Field name="connection.resource" label=words::feed_of(lang) failure=failure>
                <Select choices=resources value=resource placeholder=words::my_time(lang)/>
            </Field>
            <Checkbox checked=sends label=words::connection_sends(lang) on_change=move |on: bool| sends.set(on)/>
            <Field name="connection.detail" label=words::feed_detail(lang) help=words::connection_detail_help(lang) failure=failure>
                <Select choices=details value=told/>
            </Field>
            <Checkbox checked=receives label=words::connection_receives(lang) on_change=move |on: bool| receives.set(on)/>
            <Button tone=Tone::Primary submit=true busy=save.pending()>{words::make_connection(lang)}</Button>
        </form>
    }
    .into_any()
}

/// The page has forms of other things whose fields are called the same; this one's have names of their own, or a label would
/// lead to another form's field.
fn own(mut failure: Failure) -> Failure {
    for error in &mut failure.0.errors {
        error.field.insert_str(0, "connection.");
    }
    failure
}
