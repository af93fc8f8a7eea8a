//! The form that plans a call on the calendar.

use crm::{calls::PlanCall, leads::Lead};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_query_map;
use platform::{id::EntityId, time::WallTime};
use services::calendar::ResourceKind;
use ui::{
    Button, Choice, Combobox, ErrorSummary, Failure, Field, Form, Found, Input, Select, TextArea, Tone, use_lang,
    when::{self, parse_date, parse_time},
};

use crate::{
    doors::{get_lead, list_leads, plan_call},
    words,
};

/// How long a call is planned for unless drawn longer, in minutes.
const MINUTES: i64 = 15;

/// Whom to call, when, and who calls.
pub fn view(form: Form) -> AnyView {
    let lang = use_lang();
    let start = form.zone.wall(form.start);
    let lead = RwSignal::new(None::<Choice>);
    let date = RwSignal::new(when::iso(start.date()));
    let time = RwSignal::new(when::clock(start));
    let minutes = RwSignal::new(form.end.map_or(MINUTES, |end| (end - form.start).num_minutes()).to_string());
    let staff = RwSignal::new(form.resource.map(|id| id.to_string()).unwrap_or_default());
    let notes = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let wrong_time = RwSignal::new(None::<String>);

    // The lead may be named in the address, by “Plan a call” on its page.
    let named = use_query_map().with_untracked(|query| query.get("lead")).and_then(|id| id.parse::<EntityId>().ok());
    let given = LocalResource::new(move || async move {
        match named {
            Some(id) => get_lead(id).await.ok().map(|(lead, _)| lead),
            None => None,
        }
    });
    Effect::new(move |_| {
        if let Some(Some(found)) = given.get() {
            lead.set(Some(choice(found)));
        }
    });

    let found = Found::new(|text| async move { Ok(list_leads(String::new(), text, None).await?.0.into_iter().map(choice).collect()) });
    Effect::new(move |_| found.seek(String::new()));

    let people = {
        let view = form.view;
        Signal::derive(move || {
            let mut people = vec![Choice::new("", words::anyone(lang))];
            view.with(|view| {
                let staff = view.iter().flat_map(|view| &view.resources).filter(|resource| resource.kind == ResourceKind::Staff);
                people.extend(staff.map(|resource| Choice::new(resource.id.to_string(), resource.name.clone())));
            });
            people
        })
    };

    // A retry plans no second call.
    let id = EntityId::new();
    let (zone, location, booked, cancel) = (form.zone.clone(), form.location, form.booked, form.cancel);
    let save = Action::new(move |(): &()| {
        let today = start.date();
        let begins =
            parse_date(&date.get_untracked(), today).zip(parse_time(&time.get_untracked())).map(|(date, time)| date.and_time(time));
        let begins = begins.and_then(|wall| match zone.instant(wall) {
            WallTime::One(at) | WallTime::Twice { first: at, .. } => Some(at),
            WallTime::Gap { .. } => None,
        });
        let lead = lead.with_untracked(|lead| lead.as_ref().and_then(|lead| lead.value.parse().ok()));
        let missing = lead.is_none();
        let input = begins.zip(lead).map(|(start, lead)| PlanCall {
            id: Some(id),
            lead,
            location,
            start,
            minutes: minutes.get_untracked().parse().unwrap_or(0),
            staff: staff.get_untracked().parse().ok(),
            notes: notes.get_untracked(),
        });
        wrong_time.set(begins.is_none().then(|| words::not_a_time(lang).to_owned()));
        async move {
            let Some(input) = input else {
                if missing {
                    let missing = platform::error::Error::invalid("lead", "required", "A lead is needed.");
                    failure.set(Some(Failure::from(platform::error::Problem::from(&missing))));
                }
                return;
            };
            match plan_call(input).await {
                Ok(call) => {
                    booked.run((call.activity, words::planned(lang).to_owned()));
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save.dispatch(());
    };
    let fields = vec![
        ("lead", words::lead(lang)),
        ("date", words::date(lang)),
        ("start", words::time(lang)),
        ("minutes", words::minutes(lang)),
        ("notes", words::notes(lang)),
    ];
    view! {
        <form class="form" on:submit=submit novalidate>
            <ErrorSummary failure=failure fields=fields/>
            <Field name="lead" label=words::lead(lang) required=true failure=failure>
                <Combobox
                    value=lead
                    found=found
                    autofocus=true
                    placeholder=words::find_lead(lang)
                />
            </Field>
            <div class="pair">
                <Field name="date" label=words::date(lang) required=true failure=failure>
                    <Input kind="date" value=date/>
                </Field>
                <Field name="start" label=words::time(lang) required=true failure=failure error=wrong_time>
                    <Input value=time/>
                </Field>
            </div>
            <div class="pair">
                <Field name="minutes" label=words::minutes(lang) required=true failure=failure>
                    <Input kind="number" value=minutes/>
                </Field>
                <Field name="staff" label=words::who(lang) failure=failure>
                    <Select choices=people value=staff/>
                </Field>
            </div>
            <Field name="notes" label=words::notes(lang) failure=failure>
                <TextArea value=notes/>
            </Field>
            <footer>
                <Button on_press=move || cancel.run(())>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::plan(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

fn choice(lead: Lead) -> Choice {
    let name = format!("{} {}", lead.given_name, lead.family_name);
    let note = [lead.company, lead.phone.unwrap_or_default()].join(" ");
    Choice::new(lead.id.to_string(), name).with_note(note.trim())
}
