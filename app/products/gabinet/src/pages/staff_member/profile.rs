//! Who a practitioner is and what they are qualified for.

use app_platform::use_me;
use gabinet::{
    employees::{Employee, EmployeeInput},
    treatments::Treatment,
};
use leptos::prelude::*;
use ui::{Button, Checkbox, Choice, ErrorSummary, Failure, Field, Input, Lang, Select, Tone, letters::fold, use_lang, use_toasts};

use crate::{
    page_doors::{StaffMember, save_employee},
    pages::{
        hue::HuePicker,
        may, plain,
        sheet::{Clashes, Drafts, Sheet, Values},
        shown::Shown,
        sorts,
    },
    words,
};

/// The word for yes in a field.
const YES: &str = "yes";

fn labels(lang: Lang) -> [(&'static str, &'static str); 7] {
    [
        ("name", words::name(lang)),
        ("position", words::position(lang)),
        ("location", words::location(lang)),
        ("contract", words::contract_hours(lang)),
        ("hue", words::colour(lang)),
        ("active", words::works_here(lang)),
        ("treatments", words::qualifications(lang)),
    ]
}

fn values(employee: &Employee) -> Values {
    let ids: Vec<String> = employee.treatments.iter().map(ToString::to_string).collect();
    vec![
        ("name", employee.name.clone()),
        ("position", employee.position.clone()),
        ("location", employee.location.map(|id| id.to_string()).unwrap_or_default()),
        ("contract", employee.contract_minutes.map(hours_text).unwrap_or_default()),
        ("hue", employee.hue.to_string()),
        ("active", if employee.active { YES.into() } else { String::new() }),
        ("treatments", sorts::write(ids.iter().map(String::as_str))),
    ]
}

/// The form.
pub fn view(member: Shown<StaffMember>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let writes = may(gabinet::EMPLOYEES_WRITE);
    let known = member.value.with_untracked(|member| member.employee.clone());
    let id = known.id;
    let sheet = Sheet::new(&labels(lang), values(&known)).coded(&["location", "hue", "active", "treatments"]);
    // What the form does not show goes back as it came.
    let rest = StoredValue::new(known);
    if writes {
        Drafts::of("employee", &id.to_string()).keep(sheet);
    }
    // The record outside: what others change is taken over as it becomes known.
    plain::outside(move || {
        let employee = member.value.with(|member| member.employee.clone());
        if employee.version != rest.with_value(|rest| rest.version) {
            sheet.follow(values(&employee));
            rest.set_value(employee);
        }
    });
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| {
        let sent = sheet.values();
        let input = rest.with_value(|rest| EmployeeInput {
            id: None,
            name: sheet.get("name").trim().into(),
            position: sheet.get("position").trim().into(),
            hue: sheet.get("hue").parse().unwrap_or(rest.hue),
            location: sheet.get("location").parse().ok(),
            user: rest.user,
            sort: rest.sort,
            active: sheet.get("active") == YES,
            treatments: sorts::read(&sheet.get("treatments")).iter().filter_map(|id| id.parse().ok()).collect(),
            contract_minutes: sheet.filled("contract").map(|typed| minutes_of(&typed)),
            version: rest.version,
        });
        async move {
            match save_employee(Some(id), input).await {
                Ok(saved) => {
                    failure.set(None);
                    sheet.saved(&sent, values(&saved));
                    rest.set_value(saved);
                    toasts.say(words::practitioner_saved(lang));
                    member.refresh();
                }
                Err(why) => {
                    if why.code() == "version" {
                        member.refresh();
                    }
                    failure.set(Some(why));
                }
            }
        }
    });
    let send = Callback::new(move |()| {
        if !save.pending().get_untracked() {
            save.dispatch_local(());
        }
    });
    let discard = move || {
        sheet.reset();
        failure.set(None);
    };
    let discard_button = plain::shown_while(
        move || sheet.is_changed(),
        move || view! { <Button on_press=discard>{words::discard(lang)}</Button> }.into_any(),
    );
    let footer = writes.then(|| {
        view! {
            <footer>
                {discard_button}
                <Button tone=Tone::Primary submit=true disabled=Signal::derive(move || !sheet.is_changed()) busy=save.pending()>
                    {words::save(lang)}
                </Button>
            </footer>
        }
    });
    let places = use_me().with_untracked(|me| me.organization.as_ref().map(|place| place.locations.clone())).unwrap_or_default();
    let where_they_work = (places.len() > 1).then(|| {
        let choices: Vec<Choice> = std::iter::once(Choice::new("", words::every_location(lang)))
            .chain(places.iter().map(|place| Choice::new(place.id.to_string(), place.name.clone())))
            .collect();
        view! {
            <Field name="location" label=words::location(lang) failure=failure>
                <Select choices=choices value=sheet.field("location")/>
            </Field>
        }
    });
    let active = sheet.field("active");
    let in_use = move || failure.with(|failure| failure.as_ref().is_some_and(|failure| failure.code() == "in_use"));
    let to_give = plain::shown_while(in_use, move || crate::pages::to_give::view(id, Callback::new(move |()| failure.set(None))));
    let content = view! {
            <ErrorSummary failure=failure fields=sheet.labels()/>
            {to_give}
            <Clashes sheet=sheet/>
            <fieldset class="sheet" disabled=!writes>
                <Field name="name" label=words::name(lang) required=true failure=failure>
                    <Input value=sheet.field("name") autocomplete="off"/>
                </Field>
                <Field name="position" label=words::position(lang) failure=failure>
                    <Input value=sheet.field("position") autocomplete="off"/>
                </Field>
                {where_they_work}
                <Field name="contract" label=words::contract_hours(lang) failure=failure>
                    <Input kind="text" inputmode="decimal" value=sheet.field("contract") autocomplete="off"/>
                </Field>
                <HuePicker value=sheet.field("hue")/>
                <Checkbox
                    label=words::works_here_text(lang)
                    checked=Signal::derive(move || active.with(|active| active == YES))
                    on_change=move |on: bool| active.set(if on { YES.into() } else { String::new() })
                />
                {qualifications(lang, member, sheet.field("treatments"))}
            </fieldset>
            {footer}
    };
    plain::form(send, content.into_any())
}

/// Minutes as hours: `40`, `37.5`.
fn hours_text(minutes: i32) -> String {
    let text = format_hundredths(i64::from(minutes) * 100 / 60);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn format_hundredths(hundredths: i64) -> String {
    let mut text = (hundredths / 100).to_string();
    text.push('.');
    if hundredths % 100 < 10 {
        text.push('0');
    }
    text.push_str(&(hundredths % 100).to_string());
    text
}

/// What is typed as hours, in minutes; what can't be read is refused by the server as too much.
fn minutes_of(typed: &str) -> i32 {
    let hours: Option<f64> = typed.trim().replace(',', ".").parse().ok();
    match hours {
        #[allow(clippy::cast_possible_truncation)]
        Some(hours) if (0.0..=168.0).contains(&hours) => (hours * 60.0).round() as i32,
        _ => i32::MAX,
    }
}

/// Ticks by category, each category with one for all of it.
fn qualifications(lang: Lang, member: Shown<StaffMember>, ticked: RwSignal<String>) -> AnyView {
    let mut offered: Vec<Treatment> = member.value.with_untracked(|member| {
        let held = &member.employee.treatments;
        member.treatments.iter().filter(|treatment| treatment.active || held.contains(&treatment.id)).cloned().collect()
    });
    if offered.is_empty() {
        return view! { <p class="quiet">{words::no_treatments(lang)}</p> }.into_any();
    }
    offered.sort_by_cached_key(|treatment| (fold(&treatment.category), fold(&treatment.name)));
    let groups = offered
        .chunk_by(|one, other| one.category == other.category)
        .map(|group| {
            let name = match group.first().map(|treatment| treatment.category.as_str()) {
                Some(name) if !name.is_empty() => name.to_owned(),
                _ => words::no_category(lang).to_owned(),
            };
            let ids: Vec<String> = group.iter().map(|treatment| treatment.id.to_string()).collect();
            let every = {
                let ids = ids.clone();
                Signal::derive(move || ids.iter().all(|id| sorts::has(ticked, id)))
            };
            let all = move || {
                let wanted = !every.get_untracked();
                for id in &ids {
                    sorts::tick(ticked, id, wanted);
                }
            };
            let ticks = group
                .iter()
                .map(|treatment| {
                    let id = treatment.id.to_string();
                    let held = id.clone();
                    view! {
                        <Checkbox
                            label=treatment.name.clone()
                            checked=Signal::derive(move || sorts::has(ticked, &held))
                            on_change=move |on: bool| sorts::tick(ticked, &id, on)
                        />
                    }
                })
                .collect_view();
            let whole = words::all_of(lang, &name);
            view! {
                <fieldset class="ticks">
                    <legend>
                        {name}
                        <Button tone=Tone::Plain name=whole pressed=every on_press=all>{words::all(lang)}</Button>
                    </legend>
                    {ticks}
                </fieldset>
            }
        })
        .collect_view();
    view! {
        <section class="qualifications" aria-labelledby="record-qualifications">
            <h3 id="record-qualifications">{words::qualifications(lang)}</h3>
            {groups}
        </section>
    }
    .into_any()
}
