//! The form of a company: a new one, or one that is there.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use platform::id::EntityId;
use services::companies::{Company, CompanyInput, KINDS};
use ui::{Button, Checkbox, Choice, Combobox, ErrorSummary, Failure, Field, Input, Page, TextArea, Tone, use_lang, use_toasts};

use super::{doors::save_company, find_company, list::kind_name};
use crate::words;

/// `/dashboard/companies/new`
pub(super) fn page() -> AnyView {
    let lang = use_lang();
    let navigate = use_navigate();
    let to = Callback::new(move |(path,): (String,)| navigate(&path, NavigateOptions::default()));
    let done = Callback::new(move |(id,): (EntityId,)| to.run((format!("/dashboard/companies/{id}"),)));
    let left = Callback::new(move |()| to.run(("/dashboard/companies".to_owned(),)));
    view! {
        <leptos_meta::Title text=words::company_new(lang)/>
        <Page title=words::company_new(lang)><CompanyForm known=None done=done left=left/></Page>
    }
    .into_any()
}

/// Everything that is typed about a company.
#[component]
pub(super) fn CompanyForm(
    /// The one that is changed.
    known: Option<Company>,
    done: Callback<(EntityId,)>,
    left: Callback<()>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let text = |of: fn(&Company) -> Option<String>| RwSignal::new(known.as_ref().and_then(of).unwrap_or_default());
    let name = text(|company| Some(company.name.clone()));
    let tax_id = text(|company| company.tax_id.clone());
    let website = text(|company| Some(company.website.clone()));
    let email = text(|company| company.email.clone());
    let phone = text(|company| company.phone.clone());
    let street = text(|company| Some(company.street.clone()));
    let postcode = text(|company| Some(company.postcode.clone()));
    let city = text(|company| Some(company.city.clone()));
    let country = text(|company| Some(company.country.clone()));
    // All currencies that organizations have so far have hundredths.
    let credit_limit = text(|company| company.credit_limit.map(|limit| format!("{}.{:02}", limit / 100, limit % 100)));
    let payment_days = text(|company| company.payment_days.map(|days| days.to_string()));
    let notes = text(|company| Some(company.notes.clone()));
    let kinds = KINDS.map(|kind| (kind, RwSignal::new(known.as_ref().is_some_and(|company| company.kinds.iter().any(|own| own == kind)))));
    let above = known.as_ref().and_then(|company| company.above.first()).map(|above| Choice::new(above.id.to_string(), above.name.clone()));
    let parent = RwSignal::new(above);
    let (id, version) = (known.as_ref().map(|company| company.id), known.as_ref().map_or(0, |company| company.version));
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let fresh = EntityId::new();
    // Nothing is below itself.
    let found = find_company(id);
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let filled = |signal: RwSignal<String>| Some(signal.get_untracked()).filter(|text| !text.trim().is_empty());
        let limit = filled(credit_limit).map(|text| minor(&text));
        let days = filled(payment_days).map(|text| text.trim().parse::<i16>());
        let input = CompanyInput {
            id: id.is_none().then_some(fresh),
            name: name.get_untracked(),
            tax_id: filled(tax_id),
            kinds: kinds.iter().filter(|(_, on)| on.get_untracked()).map(|(kind, _)| (*kind).to_owned()).collect(),
            parent: parent.with_untracked(|parent| parent.as_ref().and_then(|choice| choice.value.parse().ok())),
            website: website.get_untracked(),
            email: filled(email),
            phone: filled(phone),
            street: street.get_untracked(),
            postcode: postcode.get_untracked(),
            city: city.get_untracked(),
            country: country.get_untracked().trim().to_uppercase(),
            // What cannot be read is refused by the server under the field's own name.
            credit_limit: limit.map(|limit| limit.unwrap_or(-1)),
            payment_days: days.map(|days| days.unwrap_or(-1)),
            notes: notes.get_untracked(),
            version,
        };
        busy.set(true);
        spawn_local(async move {
            let saved = save_company(id, input).await;
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
        ("name", words::person_name(lang)),
        ("tax_id", words::company_tax_id(lang)),
        ("parent", words::company_parent(lang)),
        ("email", words::person_email(lang)),
        ("phone", words::person_phone(lang)),
        ("country", words::country(lang)),
        ("credit_limit", words::company_credit_limit(lang)),
        ("payment_days", words::company_payment_days(lang)),
    ];
    let kinds = kinds
        .iter()
        .map(|(kind, on)| {
            let label = kind_name(lang, kind);
            let on = *on;
            view! { <Checkbox checked=on on_change=move |ticked: bool| on.set(ticked) label=label/> }
        })
        .collect_view();
    view! {
        <form class="form" novalidate on:submit=move |event| { event.prevent_default(); send(); }>
            <ErrorSummary failure=failure fields=fields/>
            <Field name="name" label=words::person_name(lang) required=true failure=failure><Input value=name autocomplete="off"/></Field>
            <div class="pair">
                <Field name="tax_id" label=words::company_tax_id(lang) failure=failure><Input value=tax_id autocomplete="off"/></Field>
                <Field name="parent" label=words::company_parent(lang) failure=failure>
                    <Combobox value=parent found=found/>
                </Field>
            </div>
            <fieldset><legend>{words::company_kinds(lang)}</legend>{kinds}</fieldset>
            <div class="pair">
                <Field name="phone" label=words::person_phone(lang) failure=failure><Input kind="tel" value=phone autocomplete="off"/></Field>
                <Field name="email" label=words::person_email(lang) failure=failure><Input kind="email" value=email autocomplete="off"/></Field>
            </div>
            <Field name="website" label=words::company_website(lang) failure=failure><Input value=website autocomplete="off"/></Field>
            <Field name="street" label=words::company_street(lang) failure=failure><Input value=street autocomplete="off"/></Field>
            <div class="pair">
                <Field name="postcode" label=words::postcode(lang) failure=failure><Input value=postcode autocomplete="off"/></Field>
                <Field name="city" label=words::city(lang) failure=failure><Input value=city autocomplete="off"/></Field>
            </div>
            <Field name="country" label=words::country(lang) failure=failure><Input value=country autocomplete="off"/></Field>
            <div class="pair">
                <Field name="credit_limit" label=words::company_credit_limit(lang) failure=failure>
                    <Input value=credit_limit inputmode="decimal" autocomplete="off"/>
                </Field>
                <Field name="payment_days" label=words::company_payment_days(lang) failure=failure>
                    <Input value=payment_days inputmode="numeric" autocomplete="off"/>
                </Field>
            </div>
            <Field name="notes" label=words::company_notes(lang) failure=failure><TextArea value=notes/></Field>
            <footer>
                <Button on_press=move || left.run(())>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

/// `1 500,50` as hundredths.
fn minor(text: &str) -> Option<i64> {
    let plain: String =
        text.chars().filter(|letter| !letter.is_whitespace()).map(|letter| if letter == ',' { '.' } else { letter }).collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    if part.len() > 2 || !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<i64>().ok().filter(|whole| *whole >= 0)?.checked_mul(100)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        assert_eq!(minor("1 500,5"), Some(150_050));
        assert_eq!(minor("20"), Some(2_000));
        assert_eq!(minor("1.234"), None);
        assert_eq!(minor("-1"), None);
    }
}
