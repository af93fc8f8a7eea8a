//! The form that makes or changes a lead.

use crm::leads::{Lead, LeadInput, LeadStatus};
use leptos::{ev::SubmitEvent, prelude::*};
use platform::id::{EntityId, UserId};
use ui::{
    Failure,
    button::{Button, Tone},
    field::Field,
    input::{Input, TextArea},
    select::{Choice, Select},
    summary::ErrorSummary,
    toast::use_toasts,
    use_lang,
};

use crate::{doors::save_lead, leads::status_text, words};

/// Everything that is known of a lead. Nothing typed is lost when the server refuses it.
#[component]
pub fn LeadForm(
    /// The lead to change; none makes a new one.
    lead: Option<Lead>,
    /// Who may look after it; without any it is not asked, and a new one is whoever's makes it.
    #[prop(optional)]
    owners: Vec<(UserId, String)>,
    /// It was saved.
    #[prop(into)]
    on_saved: Callback<(Lead,)>,
    /// It shall stay as it was.
    #[prop(into)]
    on_cancel: Callback<()>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let text = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
    let known = lead.clone();
    let given_name = text(known.as_ref().map(|lead| lead.given_name.clone()));
    let family_name = text(known.as_ref().map(|lead| lead.family_name.clone()));
    let email = text(known.as_ref().and_then(|lead| lead.email.clone()));
    let phone = text(known.as_ref().and_then(|lead| lead.phone.clone()));
    let company = text(known.as_ref().map(|lead| lead.company.clone()));
    let source = text(known.as_ref().map(|lead| lead.source.clone()));
    let notes = text(known.as_ref().map(|lead| lead.notes.clone()));
    let status = text(Some(known.as_ref().map_or(LeadStatus::New, |lead| lead.status).as_str().to_owned()));
    let owner = text(known.as_ref().and_then(|lead| lead.owner).map(|user| user.0.to_string()));
    let failure = RwSignal::new(None::<Failure>);
    // A retry of a new lead makes no second one.
    let new_id = EntityId::new();
    let save = Action::new(move |(): &()| {
        let filled = |signal: RwSignal<String>| Some(signal.get_untracked()).filter(|value| !value.trim().is_empty());
        let input = LeadInput {
            id: known.is_none().then_some(new_id),
            given_name: given_name.get_untracked(),
            family_name: family_name.get_untracked(),
            email: filled(email),
            phone: filled(phone),
            company: company.get_untracked(),
            source: source.get_untracked(),
            status: LeadStatus::parse(&status.get_untracked()).unwrap_or(LeadStatus::New),
            value: known.as_ref().map_or(0, |lead| lead.value),
            notes: notes.get_untracked(),
            owner: owner.get_untracked().parse().ok().map(UserId),
            version: known.as_ref().map_or(0, |lead| lead.version),
        };
        let id = known.as_ref().map(|lead| lead.id);
        async move {
            match save_lead(id, input).await {
                Ok(lead) => {
                    failure.set(None);
                    toasts.say(words::saved(lang));
                    on_saved.run((lead,));
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save.dispatch(());
    };
    let choices: Vec<Choice> = LeadStatus::ALL.map(|status| Choice::new(status.as_str(), status_text(lang, status))).to_vec();
    let fields = vec![
        ("given_name", words::given_name(lang)),
        ("family_name", words::family_name(lang)),
        ("email", words::email(lang)),
        ("phone", words::phone(lang)),
        ("company", words::company(lang)),
        ("source", words::source(lang)),
        ("owner", words::owner(lang)),
        ("notes", words::notes(lang)),
    ];
    let whose = (!owners.is_empty()).then(|| {
        let members: Vec<Choice> = owners.into_iter().map(|(user, name)| Choice::new(user.0.to_string(), name)).collect();
        view! {
            <Field name="owner" label=words::owner(lang) failure=failure>
                <Select choices=members value=owner placeholder=words::nobody(lang)/>
            </Field>
        }
    });
    view! {
        <form class="form" on:submit=submit novalidate>
            <ErrorSummary failure=failure fields=fields/>
            <div class="pair">
                <Field name="given_name" label=words::given_name(lang) required=true failure=failure>
                    <Input value=given_name autocomplete="off"/>
                </Field>
                <Field name="family_name" label=words::family_name(lang) required=true failure=failure>
                    <Input value=family_name autocomplete="off"/>
                </Field>
            </div>
            <div class="pair">
                <Field name="phone" label=words::phone(lang) failure=failure>
                    <Input kind="tel" value=phone autocomplete="off"/>
                </Field>
                <Field name="email" label=words::email(lang) failure=failure>
                    <Input kind="email" value=email autocomplete="off"/>
                </Field>
            </div>
            <Field name="company" label=words::company(lang) failure=failure>
                <Input value=company autocomplete="off"/>
            </Field>
            <div class="pair">
                <Field name="status" label=words::status(lang) failure=failure>
                    <Select choices=choices value=status/>
                </Field>
                <Field name="source" label=words::source(lang) help=words::source_help(lang) failure=failure>
                    <Input value=source autocomplete="off"/>
                </Field>
            </div>
            {whose}
            <Field name="notes" label=words::notes(lang) failure=failure>
                <TextArea value=notes/>
            </Field>
            <footer>
                <Button on_press=move || on_cancel.run(())>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}
