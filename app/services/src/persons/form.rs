//! The form of a human: a new one, or one that is there.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use platform::id::{EntityId, UserId};
use services::persons::{Contact, ContactKind, PersonCard, PersonDetails};
use ui::{Button, Choice, ErrorSummary, Failure, Field, Input, Lang, Page, Select, Tone, use_lang, use_toasts, when};

use super::doors::save_person;
use crate::words;

/// `/dashboard/people/new`
pub(super) fn page() -> AnyView {
    let lang = use_lang();
    let navigate = use_navigate();
    let to = Callback::new(move |(path,): (String,)| navigate(&path, NavigateOptions::default()));
    let done = Callback::new(move |(id,): (EntityId,)| to.run((format!("/dashboard/people/{id}"),)));
    let left = Callback::new(move |()| to.run(("/dashboard/people".to_owned(),)));
    view! {
        <leptos_meta::Title text=words::person_new(lang)/>
        <Page title=words::person_new(lang)>
            <PersonForm known=None owners=Vec::new() done=done left=left/>
        </Page>
    }
    .into_any()
}

/// A further address or number as it is typed.
#[derive(Clone, Copy, PartialEq)]
struct Line {
    id: EntityId,
    kind: RwSignal<String>,
    label: RwSignal<String>,
    value: RwSignal<String>,
    postcode: RwSignal<String>,
    city: RwSignal<String>,
    country: RwSignal<String>,
}

impl Line {
    fn of(contact: Contact) -> Line {
        Line {
            id: contact.id.unwrap_or_else(EntityId::new),
            kind: RwSignal::new(contact.kind.as_str().to_owned()),
            label: RwSignal::new(contact.label),
            value: RwSignal::new(contact.value),
            postcode: RwSignal::new(contact.postcode),
            city: RwSignal::new(contact.city),
            country: RwSignal::new(contact.country),
        }
    }

    fn read(self) -> Contact {
        Contact {
            id: Some(self.id),
            kind: self.kind.with_untracked(|kind| ContactKind::parse(kind)).unwrap_or_default(),
            label: self.label.get_untracked(),
            value: self.value.get_untracked(),
            postcode: self.postcode.get_untracked(),
            city: self.city.get_untracked(),
            country: self.country.get_untracked().trim().to_uppercase(),
        }
    }
}

/// What a kind of contact is called.
pub(super) fn kind_name(lang: Lang, kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Email => words::person_email(lang),
        ContactKind::Phone => words::person_phone(lang),
        ContactKind::Address => words::contact_address(lang),
        ContactKind::Profile => words::contact_profile(lang),
    }
}

/// Everything that is typed about a human.
#[component]
pub(super) fn PersonForm(
    /// The one that is changed.
    known: Option<PersonCard>,
    /// Those who may look after them; none where that is not to be chosen.
    owners: Vec<(UserId, String)>,
    done: Callback<(EntityId,)>,
    left: Callback<()>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let text = |of: fn(&PersonCard) -> Option<String>| RwSignal::new(known.as_ref().and_then(of).unwrap_or_default());
    let given_name = text(|card| Some(card.given_name.clone()));
    let family_name = text(|card| Some(card.family_name.clone()));
    let birth_date = text(|card| card.birth_date.map(when::iso));
    let email = text(|card| card.email.clone());
    let phone = text(|card| card.phone.clone());
    let language = text(|card| card.language.clone());
    let national_id = text(|card| card.national_id.clone());
    let owner = text(|card| card.owner.map(|owner| owner.to_string()));
    let sees_id = known.as_ref().is_none_or(|card| card.sees_national_id);
    let contacts = known.as_ref().map(|card| card.contacts.clone()).unwrap_or_default();
    let lines = RwSignal::new(contacts.into_iter().map(Line::of).collect::<Vec<_>>());
    let (id, version) = (known.as_ref().map(|card| card.id), known.as_ref().map_or(0, |card| card.version));
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    // A retry of a new one makes no second one.
    let fresh = EntityId::new();
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let filled = |signal: RwSignal<String>| Some(signal.get_untracked()).filter(|text| !text.trim().is_empty());
        let input = PersonDetails {
            id: id.is_none().then_some(fresh),
            given_name: given_name.get_untracked(),
            family_name: family_name.get_untracked(),
            birth_date: birth_date.with_untracked(|date| when::from_iso(date)),
            email: filled(email),
            phone: filled(phone),
            language: filled(language),
            national_id: filled(national_id),
            owner: owner.with_untracked(|owner| owner.parse().ok()),
            contacts: lines.get_untracked().into_iter().map(Line::read).collect(),
            version,
        };
        busy.set(true);
        spawn_local(async move {
            let saved = save_person(id, input).await;
            busy.try_set(false);
            match saved {
                Ok(id) => {
                    toasts.say(words::saved(lang));
                    done.run((id,));
                }
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    let fields = vec![
        ("given_name", words::field_given_name(lang)),
        ("family_name", words::field_family_name(lang)),
        ("birth_date", words::person_birth_date(lang)),
        ("email", words::person_email(lang)),
        ("phone", words::person_phone(lang)),
        ("language", words::person_language(lang)),
        ("national_id", words::person_national_id(lang)),
        ("owner", words::person_owner(lang)),
    ];
    let languages = ["", "pl", "en", "uk", "de", "es", "fr"].map(|code| Choice::new(code, code.to_uppercase())).to_vec();
    let owners: Vec<Choice> = owners.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let whose = (!owners.is_empty()).then(|| {
        view! {
            <Field name="owner" label=words::person_owner(lang) failure=failure>
                <Select choices=owners value=owner placeholder="–"/>
            </Field>
        }
    });
    view! {
        <form class="form" novalidate on:submit=move |event| { event.prevent_default(); send(); }>
            <ErrorSummary failure=failure fields=fields/>
            <div class="pair">
                <Field name="given_name" label=words::field_given_name(lang) required=true failure=failure>
                    <Input value=given_name autocomplete="off"/>
                </Field>
                <Field name="family_name" label=words::field_family_name(lang) required=true failure=failure>
                    <Input value=family_name autocomplete="off"/>
                </Field>
            </div>
            <div class="pair">
                <Field name="phone" label=words::person_phone(lang) failure=failure>
                    <Input kind="tel" value=phone autocomplete="off"/>
                </Field>
                <Field name="email" label=words::person_email(lang) failure=failure>
                    <Input kind="email" value=email autocomplete="off"/>
                </Field>
            </div>
            <div class="pair">
                <Field name="birth_date" label=words::person_birth_date(lang) failure=failure>
                    <Input kind="date" value=birth_date autocomplete="off"/>
                </Field>
                <Field name="language" label=words::person_language(lang) failure=failure>
                    <Select choices=languages value=language/>
                </Field>
            </div>
            {sees_id.then(|| view! {
                <Field name="national_id" label=words::person_national_id(lang) failure=failure>
                    <Input value=national_id autocomplete="off"/>
                </Field>
            })}
            {whose}
            <fieldset class="object-section">
                <legend>{words::contacts(lang)}</legend>
                <For each=move || lines.get() key=|line| line.id children=move |line| contact(lang, line, lines)/>
                <Button icon="plus" on_press=move || lines.update(|lines| lines.push(Line::of(Contact::default())))>{words::contact_add(lang)}</Button>
            </fieldset>
            <footer>
                <Button on_press=move || left.run(())>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

fn contact(lang: Lang, line: Line, lines: RwSignal<Vec<Line>>) -> AnyView {
    let kinds = ContactKind::ALL.map(|kind| Choice::new(kind.as_str(), kind_name(lang, kind))).to_vec();
    let postal = move || line.kind.with(|kind| kind == ContactKind::Address.as_str());
    view! {
        <div class="person-contact">
            <Select choices=kinds value=line.kind label=words::contact_kind(lang)/>
            <Input value=line.value label=words::contact_value(lang) placeholder=words::contact_value(lang) autocomplete="off"/>
            <Input value=line.label label=words::contact_label(lang) placeholder=words::contact_label(lang) autocomplete="off"/>
            <Button
                icon="trash"
                name=words::contact_remove(lang)
                on_press=move || lines.update(|lines| lines.retain(|other| other.id != line.id))
            />
            <Show when=postal>
                <Input value=line.postcode label=words::postcode(lang) placeholder=words::postcode(lang) autocomplete="off"/>
                <Input value=line.city label=words::city(lang) placeholder=words::city(lang) autocomplete="off"/>
                <Input value=line.country label=words::country(lang) placeholder=words::country(lang) autocomplete="off"/>
            </Show>
        </div>
    }
    .into_any()
}
