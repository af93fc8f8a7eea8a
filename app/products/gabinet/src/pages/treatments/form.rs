//! The form that makes or changes a treatment.

use app_platform::use_me;
use gabinet::treatments::{Treatment, TreatmentInput, TreatmentNeed};
use leptos::prelude::*;
use platform::{
    id::EntityId,
    money::{Currency, Money},
};
use services::calendar::ResourceKind;
use ui::{Button, Checkbox, ErrorSummary, Failure, Field, Input, Lang, Tone, field::use_field, use_lang, use_toasts};

use super::rules;
use crate::{
    page_doors::{Catalogue, save_treatment},
    pages::{
        hue::HuePicker,
        plain,
        sheet::{Clashes, Drafts, Faults, Sheet, Values},
        shown::Shown,
        sorts::{self, SortTicks},
    },
    prices, words,
};

/// The word for yes in a field.
pub const YES: &str = "yes";

fn labels(lang: Lang) -> Vec<(&'static str, &'static str)> {
    let mut labels = vec![
        ("name", words::name(lang)),
        ("category", words::category(lang)),
        ("duration", words::duration(lang)),
        ("buffer_before", words::buffer_before(lang)),
        ("buffer_after", words::buffer_after(lang)),
        ("price", words::price(lang)),
        ("rooms", words::needs_room(lang)),
        ("devices", words::needs_device(lang)),
        ("hue", words::colour(lang)),
        ("active", words::on_offer(lang)),
    ];
    labels.extend(rules::labels(lang));
    labels
}

fn values(lang: Lang, treatment: &Treatment) -> Values {
    let needs =
        |kind: ResourceKind| sorts::write(treatment.needs.iter().filter(|need| need.kind == kind).map(|need| need.sort_of.as_str()));
    let price = treatment.currency.parse().map(|currency| prices::decimal(lang, Money::new(treatment.price, currency))).unwrap_or_default();
    let mut values = vec![
        ("name", treatment.name.clone()),
        ("category", treatment.category.clone()),
        ("duration", treatment.duration.to_string()),
        ("buffer_before", treatment.buffer_before.to_string()),
        ("buffer_after", treatment.buffer_after.to_string()),
        ("price", price),
        ("rooms", needs(ResourceKind::Room)),
        ("devices", needs(ResourceKind::Device)),
        ("hue", treatment.hue.to_string()),
        ("active", if treatment.active { YES.into() } else { String::new() }),
    ];
    values.extend(rules::values(lang, Some(treatment)));
    values
}

/// A new treatment begins as most of them are.
fn beginning() -> Values {
    let mut values = values_of_nothing();
    for (name, value) in rules::values(Lang::En, None) {
        if let Some((_, held)) = values.iter_mut().find(|(known, _)| *known == name) {
            *held = value;
        }
    }
    for (name, value) in [("duration", "30"), ("buffer_before", "0"), ("buffer_after", "0"), ("hue", "210"), ("active", YES)] {
        if let Some((_, held)) = values.iter_mut().find(|(known, _)| *known == name) {
            *held = value.into();
        }
    }
    values
}

fn values_of_nothing() -> Values {
    labels(Lang::En).into_iter().map(|(name, _)| (name, String::new())).collect()
}

/// What is typed, as the server wants it; or all that is wrong with it.
fn input(lang: Lang, sheet: Sheet, currency: Option<Currency>, id: Option<EntityId>, version: i32) -> Result<TreatmentInput, Failure> {
    let mut faults = Faults::default();
    let mut minutes = |name: &'static str| {
        let typed = sheet.get(name);
        let typed = typed.trim();
        let number = if typed.is_empty() && name != "duration" { Some(0) } else { typed.parse::<i32>().ok() };
        faults.take(name, number, words::not_minutes(lang))
    };
    let (duration, before, after) = (minutes("duration"), minutes("buffer_before"), minutes("buffer_after"));
    let price = prices::read(&sheet.get("price"), currency).map(Option::unwrap_or_default);
    let price = faults.take("price", price, words::not_an_amount(lang));
    let needs = [("rooms", ResourceKind::Room), ("devices", ResourceKind::Device)];
    let needs = needs
        .into_iter()
        .flat_map(|(name, kind)| sorts::read(&sheet.get(name)).into_iter().map(move |sort_of| TreatmentNeed::throughout(kind, sort_of)));
    let mut needs: Vec<TreatmentNeed> = needs.collect();
    let booked = rules::read(lang, sheet, currency, &mut needs, &mut faults);
    let (Some(duration), Some(buffer_before), Some(buffer_after), Some(price), Some((rules, terms))) =
        (duration, before, after, price, booked)
    else {
        return Err(faults.failure());
    };
    Ok(TreatmentInput {
        id,
        category: sheet.get("category").trim().into(),
        name: sheet.get("name").trim().into(),
        duration,
        buffer_before,
        buffer_after,
        price,
        hue: sheet.get("hue").parse().unwrap_or(200),
        active: sheet.get("active") == YES,
        needs,
        rules,
        terms,
        version,
    })
}

/// Everything that is told about a treatment.
#[component]
pub fn TreatmentForm(
    /// The treatment to change, as it was when the dialog was opened; none makes a new one.
    treatment: Option<Treatment>,
    /// The catalogue, kept up to date.
    catalogue: Shown<Catalogue>,
    /// The dialog around it.
    open: RwSignal<bool>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let id = treatment.as_ref().map(|treatment| treatment.id);
    let currency = match &treatment {
        Some(treatment) => Some(treatment.currency.clone()),
        None => use_me().with_untracked(|me| me.organization.as_ref().map(|place| place.currency.clone())),
    };
    let currency = currency.and_then(|code| code.parse::<Currency>().ok());
    let sheet = Sheet::new(&labels(lang), treatment.as_ref().map_or_else(beginning, |treatment| values(lang, treatment)))
        .coded(&["hue", "active"])
        .coded(&rules::CODED);
    let version = StoredValue::new(treatment.map_or(0, |treatment| treatment.version));
    let new_id = EntityId::new();
    let drafts = Drafts::of("treatment", &id.map_or_else(|| "new".into(), |id| id.to_string()));
    drafts.keep(sheet);
    // The record outside: what others change is taken over as it becomes known.
    plain::outside(move || {
        let now = catalogue.value.with(|catalogue| catalogue.treatments.iter().find(|other| Some(other.id) == id).cloned());
        if let Some(now) = now.filter(|now| now.version != version.get_value()) {
            version.set_value(now.version);
            sheet.follow(values(lang, &now));
        }
    });
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| {
        let input = input(lang, sheet, currency, id.is_none().then_some(new_id), version.get_value());
        async move {
            let saved = match input {
                Ok(input) => save_treatment(id, input).await,
                Err(faults) => Err(faults),
            };
            match saved {
                Ok(saved) => {
                    drafts.write(None);
                    toasts.say(words::treatment_saved(lang, &saved.name));
                    open.set(false);
                    catalogue.refresh();
                }
                Err(why) => {
                    if why.code() == "version" {
                        catalogue.refresh();
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
    let cancel = move || {
        sheet.reset();
        drafts.write(None);
        open.set(false);
    };
    let (rooms, devices) = catalogue.value.with_untracked(|catalogue| (catalogue.rooms.clone(), catalogue.devices.clone()));
    let active = sheet.field("active");
    let price_label = match currency {
        Some(currency) => words::price_in(lang, currency.as_str()),
        None => words::price(lang).into(),
    };
    let content = view! {
            <ErrorSummary failure=failure fields=sheet.labels()/>
            <Clashes sheet=sheet/>
            <div class="fields">
                <Field name="name" label=words::name(lang) required=true failure=failure>
                    <Input value=sheet.field("name") autocomplete="off"/>
                </Field>
                <Field name="category" label=words::category(lang) failure=failure>
                    <Category value=sheet.field("category") catalogue=catalogue/>
                </Field>
            </div>
            <div class="fields">
                <Field name="duration" label=words::duration_minutes(lang) required=true failure=failure>
                    <Input value=sheet.field("duration") inputmode="numeric" autocomplete="off"/>
                </Field>
                <Field name="buffer_before" label=words::buffer_before(lang) failure=failure>
                    <Input value=sheet.field("buffer_before") inputmode="numeric" autocomplete="off"/>
                </Field>
                <Field name="buffer_after" label=words::buffer_after(lang) failure=failure>
                    <Input value=sheet.field("buffer_after") inputmode="numeric" autocomplete="off"/>
                </Field>
                <Field name="price" label=price_label failure=failure>
                    <Input value=sheet.field("price") inputmode="decimal" autocomplete="off"/>
                </Field>
            </div>
            <p class="quiet">{words::buffers_help(lang)}</p>
            <SortTicks legend=words::needs_room(lang) known=rooms value=sheet.field("rooms")/>
            <SortTicks legend=words::needs_device(lang) known=devices value=sheet.field("devices")/>
            {rules::view(lang, sheet, failure, id, catalogue)}
            <HuePicker value=sheet.field("hue")/>
            <Checkbox
                label=words::on_offer_text(lang)
                checked=Signal::derive(move || active.with(|active| active == YES))
                on_change=move |on: bool| active.set(if on { YES.into() } else { String::new() })
            />
            <footer>
                <Button on_press=cancel>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save(lang)}</Button>
            </footer>
    };
    plain::form(send, content.into_any())
}

/// Any text, with the categories in use offered while one types.
#[component]
fn Category(value: RwSignal<String>, catalogue: Shown<Catalogue>) -> AnyView {
    let field = use_field("category");
    let invalid = field.aria_invalid();
    let mut known: Vec<String> =
        catalogue.value.with_untracked(|catalogue| catalogue.treatments.iter().map(|treatment| treatment.category.clone()).collect());
    known.sort_unstable();
    known.dedup();
    let options = known.into_iter().filter(|name| !name.is_empty()).map(|name| view! { <option value=name></option> }).collect_view();
    view! {
        <input
            class="input"
            type="text"
            list="categories"
            id=field.id
            name=field.name
            autocomplete="off"
            aria-invalid=move || invalid.get()
            aria-describedby=field.described_by
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        />
        <datalist id="categories">{options}</datalist>
    }
    .into_any()
}
