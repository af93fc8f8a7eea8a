//! Makes and changes a field.

use leptos::{prelude::*, task::spawn_local};
use platform::id::FieldId;
use services::{
    fields::{Field, FieldChange, FieldDetails, FormulaAsked, NewField, RollUp, Shape, Summary},
    records::{Kind, TypeInfo},
};
use ui::{
    Button, Checkbox, Choice, ErrorSummary, Failure, Field as Line, Input, Select, TextArea, Tone, use_lang, use_modules, use_toasts,
};

use super::{
    control::{localised, told},
    doors::{FieldsPage, add_field, change_field, check_formula, retire_field},
    kinds,
};
use crate::words;

/// What a type of record is called.
pub(crate) fn type_name(of: &TypeInfo) -> String {
    let lang = use_lang();
    if of.flexible { of.plural.clone() } else { use_modules().label(lang, &of.key).unwrap_or(&of.name).to_owned() }
}

const HOW: [(&str, Summary); 5] = [
    ("count", Summary::Count),
    ("sum", Summary::Sum),
    ("average", Summary::Average),
    ("least", Summary::Least),
    ("greatest", Summary::Greatest),
];

#[component]
pub(super) fn FieldForm(page: StoredValue<FieldsPage>, field: Option<Field>, open: RwSignal<bool>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let old = StoredValue::new(field.clone());
    let details = field.as_ref().map(|field| field.details.clone());
    let text = |of: fn(&FieldDetails) -> Option<String>| RwSignal::new(details.as_ref().and_then(of).unwrap_or_default());
    let label = text(|d| Some(d.label.clone()));
    let key = RwSignal::new(field.as_ref().map(|field| field.key.clone()).unwrap_or_default());
    let (default, pattern) = (text(|d| d.default.clone()), text(|d| d.pattern.clone()));
    let (least, most) = (text(|d| d.least.clone()), text(|d| d.most.clone()));
    let (section, help) = (text(|d| Some(d.section.clone())), text(|d| Some(d.help.clone())));
    let sort = text(|d| Some(d.sort.to_string()));
    let shape = details.as_ref().map(|d| d.shape.clone());
    let word = match &shape {
        Some(Shape::Stored(kind)) => kind.word(),
        Some(Shape::Formula(_)) => "formula",
        Some(Shape::RollUp(_)) => "roll_up",
        None => "text",
    };
    let kind = RwSignal::new(word.to_owned());
    let lines = RwSignal::new(field.as_ref().map(|field| kinds::lines(field.result.choices())).unwrap_or_default());
    let target = RwSignal::new(match &shape {
        Some(Shape::Stored(Kind::Reference(target))) => target.clone(),
        _ => String::new(),
    });
    let formula = RwSignal::new(match &shape {
        Some(Shape::Formula(formula)) => formula.clone(),
        _ => String::new(),
    });
    let up = match &shape {
        Some(Shape::RollUp(up)) => Some(up.clone()),
        _ => None,
    };
    let joined = |source: &str, via: &str| [source, "|", via].concat();
    let via = RwSignal::new(up.as_ref().map(|up| joined(&up.source, &up.via)).unwrap_or_default());
    let over = RwSignal::new(up.as_ref().and_then(|up| up.over.clone()).unwrap_or_default());
    let how =
        RwSignal::new(up.map_or("count", |up| HOW.iter().find(|(_, how)| *how == up.how).map_or("count", |(word, _)| word)).to_owned());
    let required = RwSignal::new(details.as_ref().is_some_and(|d| d.required));
    let unique = RwSignal::new(details.as_ref().is_some_and(|d| d.unique));
    let visible = RwSignal::new(details.as_ref().map(|d| d.visible_roles.clone()).unwrap_or_default());
    let editable = RwSignal::new(details.as_ref().map(|d| d.editable_roles.clone()).unwrap_or_default());
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let fresh = FieldId::new();

    let details_now = move || {
        let word = kind.get_untracked();
        let shape = match word.as_str() {
            "formula" => Shape::Formula(formula.get_untracked()),
            "roll_up" => {
                let via = via.get_untracked();
                let (source, via) = via.split_once('|').unwrap_or_default();
                let over = Some(over.get_untracked()).filter(|over| !over.is_empty());
                let how = HOW.iter().find(|(word, _)| how.with_untracked(|how| how == word)).map_or(Summary::Count, |(_, how)| *how);
                Shape::RollUp(RollUp { source: source.into(), via: via.into(), over, how })
            }
            word => {
                let before = old.with_value(|old| old.as_ref().map(|old| old.result.choices().to_vec()).unwrap_or_default());
                Shape::Stored(kinds::kind(word, kinds::choices(&lines.get_untracked(), &before), target.get_untracked()))
            }
        };
        let filled = |text: RwSignal<String>| Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
        FieldDetails {
            label: label.get_untracked(),
            shape,
            required: required.get_untracked(),
            unique: unique.get_untracked(),
            default: filled(default),
            pattern: filled(pattern),
            least: filled(least),
            most: filled(most),
            section: section.get_untracked(),
            help: help.get_untracked(),
            sort: sort.with_untracked(|sort| sort.trim().parse().unwrap_or(0)),
            visible_roles: visible.get_untracked(),
            editable_roles: editable.get_untracked(),
        }
    };
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let details = details_now();
        spawn_local(async move {
            let done = match old.get_value() {
                Some(old) => {
                    let same = match (&old.details.shape, &details.shape) {
                        (Shape::Stored(a), Shape::Stored(b)) => a.word() == b.word(),
                        _ => true,
                    };
                    change_field(old.id, FieldChange { version: old.version, details }, !same).await
                }
                None => {
                    let entity_type = page.with_value(|page| page.of.key.clone());
                    add_field(NewField { id: Some(fresh), entity_type, key: key.get_untracked(), details }).await.map(|_| ())
                }
            };
            busy.try_set(false);
            match done {
                Ok(()) => {
                    open.try_set(false);
                    toasts.say(words::saved(lang));
                    again.run(());
                }
                Err(why) => {
                    failure.try_set(Some(localised(lang, why)));
                }
            }
        });
    };
    let retire = move || {
        let Some(old) = old.get_value() else { return };
        spawn_local(async move {
            match retire_field(old.id, old.version, old.retired).await {
                Ok(()) => {
                    open.try_set(false);
                    again.run(());
                }
                Err(why) => {
                    failure.try_set(Some(localised(lang, why)));
                }
            }
        });
    };
    let is = move |words: &'static [&'static str]| move || kind.with(|kind| words.contains(&kind.as_str()));
    let all_kinds: Vec<Choice> = kinds::KINDS
        .iter()
        // What is stored stays stored, what is computed computed.
        .filter(|word| {
            old.with_value(|old| {
                old.as_ref().is_none_or(|old| {
                    if old.computed() { kind.with_untracked(|kind| kind == **word) } else { !matches!(**word, "formula" | "roll_up") }
                })
            })
        })
        .map(|word| Choice::new(*word, kinds::name(lang, word)))
        .collect();
    let types: Vec<Choice> = page.with_value(|page| page.types.iter().map(|of| Choice::new(of.key.clone(), type_name(of))).collect());
    let pointing: Vec<Choice> = page.with_value(|page| {
        let name = |point: &super::doors::Pointing| [&type_name(&point.source), " · ", &point.via_label].concat();
        page.pointing.iter().map(|point| Choice::new(joined(&point.source.key, &point.via), name(point))).collect()
    });
    let sums = Signal::derive(move || {
        let via = via.get();
        page.with_value(|page| {
            let point = page.pointing.iter().find(|point| joined(&point.source.key, &point.via) == via);
            point
                .map(|point| point.over.iter().map(|(key, label)| Choice::new(key.clone(), label.clone())).collect::<Vec<_>>())
                .unwrap_or_default()
        })
    });
    let hows: Vec<Choice> = HOW.iter().map(|(word, _)| Choice::new(*word, kinds::how(lang, word))).collect();
    let roles = move |chosen: RwSignal<Vec<String>>, legend: &'static str| {
        let ticks = page.with_value(|page| page.roles.clone()).into_iter().filter(|(id, _)| id != "owner").map(|(id, name)| {
            let label = app_platform::settings::role_name(lang, &id, Some(&name));
            let id = StoredValue::new(id);
            let on = Signal::derive(move || chosen.with(|chosen| id.with_value(|id| chosen.contains(id))));
            let change = move |ticked: bool| {
                chosen.update(|chosen| {
                    id.with_value(|id| chosen.retain(|other| other != id));
                    if ticked {
                        chosen.push(id.get_value());
                    }
                });
            };
            view! { <Checkbox label=label checked=on on_change=change/> }
        });
        view! { <fieldset class="ticks"><legend>{legend}</legend>{ticks.collect_view()}</fieldset> }.into_any()
    };
    let (types, pointing, hows) = (StoredValue::new(types), StoredValue::new(pointing), StoredValue::new(hows));
    let fields = vec![
        ("label", words::field_label(lang)),
        ("key", words::field_key(lang)),
        ("choices", words::field_choices(lang)),
        ("target", words::field_target(lang)),
        ("formula", words::field_formula(lang)),
        ("via", words::field_via(lang)),
        ("default", words::field_default(lang)),
        ("pattern", words::field_pattern(lang)),
        ("least", words::field_least(lang)),
        ("most", words::field_most(lang)),
    ];
    let name_changed = move || {
        if old.with_value(Option::is_none) {
            key.set(label.with_untracked(|label| kinds::key_of(label, true)));
        }
    };
    let retired = old.with_value(|old| old.as_ref().map(|old| old.retired));
    view! {
        <form
            class="form"
            method="post"
            novalidate=true
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <ErrorSummary failure=failure fields=fields/>
            <Line name="label" label=words::field_label(lang) required=true failure=failure>
                <Input value=label autocomplete="off" autofocus=true on_change=name_changed/>
            </Line>
            <Line name="key" label=words::field_key(lang) help=words::field_key_help(lang) required=true failure=failure>
                <Input value=key autocomplete="off" disabled=old.with_value(Option::is_some)/>
            </Line>
            <Line name="shape" label=words::field_kind(lang) failure=failure>
                <Select choices=all_kinds value=kind/>
            </Line>
            <Show when=move || old.with_value(|old| old.as_ref().is_some_and(|old| matches!(old.details.shape, Shape::Stored(_)) && kind.with(|kind| old.result.word() != kind)))>
                <p class="help" role="status">{words::field_converts(lang)}</p>
            </Show>
            <Show when=is(&["choice", "multi_choice"])>
                <Line name="choices" label=words::field_choices(lang) help=words::field_choices_help(lang) required=true failure=failure>
                    <TextArea value=lines rows=4/>
                </Line>
            </Show>
            <Show when=is(&["reference"])>
                <Line name="target" label=words::field_target(lang) required=true failure=failure>
                    <Select choices=types.get_value() value=target placeholder="—"/>
                </Line>
            </Show>
            <Show when=is(&["formula"])>
                <Line name="formula" label=words::field_formula(lang) help=words::field_formula_help(lang) required=true failure=failure>
                    <TextArea value=formula rows=3/>
                </Line>
                <FormulaAnswer page=page of=key formula=formula/>
            </Show>
            <Show when=is(&["roll_up"])>
                <Line name="via" label=words::field_via(lang) help=words::field_via_help(lang) required=true failure=failure>
                    <Select choices=pointing.get_value() value=via placeholder="—"/>
                </Line>
                <Line name="how" label=words::field_how(lang) failure=failure>
                    <Select choices=hows.get_value() value=how/>
                </Line>
                <Show when=move || how.with(|how| how != "count")>
                    <Line name="over" label=words::field_over(lang) required=true failure=failure>
                        <Select choices=sums value=over placeholder="—"/>
                    </Line>
                </Show>
            </Show>
            <Show when=move || kind.with(|kind| !matches!(kind.as_str(), "formula" | "roll_up"))>
                <Checkbox label=words::field_required(lang) checked=required on_change=move |on: bool| required.set(on)/>
                <Show when=is(&["text", "email", "phone", "url", "number", "date"])>
                    <Checkbox label=words::field_unique(lang) checked=unique on_change=move |on: bool| unique.set(on)/>
                </Show>
                <Line name="default" label=words::field_default(lang) failure=failure><Input value=default autocomplete="off"/></Line>
                <Show when=is(&["text", "long_text", "number", "money", "percent", "date", "date_time"])>
                    <div class="object-pair">
                        <Line name="least" label=words::field_least(lang) failure=failure><Input value=least autocomplete="off"/></Line>
                        <Line name="most" label=words::field_most(lang) failure=failure><Input value=most autocomplete="off"/></Line>
                    </div>
                </Show>
                <Show when=is(&["text", "long_text", "email", "phone", "url"])>
                    <Line name="pattern" label=words::field_pattern(lang) help=words::field_pattern_help(lang) failure=failure><Input value=pattern autocomplete="off"/></Line>
                </Show>
            </Show>
            <details>
                <summary>{words::field_further(lang)}</summary>
                <Line name="section" label=words::field_section(lang) failure=failure><Input value=section autocomplete="off"/></Line>
                <Line name="help" label=words::field_help(lang) failure=failure><Input value=help autocomplete="off"/></Line>
                <Line name="sort" label=words::field_sort(lang) failure=failure><Input kind="number" value=sort/></Line>
                {roles(visible, words::field_visible(lang))}
                {roles(editable, words::field_editable(lang))}
            </details>
            <footer>
                {retired.map(|retired| {
                    let name = if retired { words::field_restore(lang) } else { words::field_retire(lang) };
                    view! { <Button class="start" on_press=retire>{name}</Button> }
                })}
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

/// What the formula gives, as it is written.
#[component]
fn FormulaAnswer(page: StoredValue<FieldsPage>, of: RwSignal<String>, formula: RwSignal<String>) -> AnyView {
    let lang = use_lang();
    let answer = LocalResource::new(move || {
        let asked = FormulaAsked { entity_type: page.with_value(|page| page.of.key.clone()), key: of.get(), formula: formula.get() };
        async move { if asked.formula.trim().is_empty() { None } else { check_formula(asked).await.ok() } }
    });
    let keys = page.with_value(|page| {
        let declared = page.declared.iter().map(|field| field.key.clone());
        declared.chain(page.fields.iter().filter(|field| !field.retired).map(|field| field.key.clone())).collect::<Vec<_>>().join(", ")
    });
    let text = move || {
        answer.get().flatten().map(|answer| match answer.result {
            Some(kind) => words::formula_gives(lang, kinds::name(lang, kind.word())),
            None => told(lang, &answer.code, &answer.message),
        })
    };
    view! {
        <p class="help" role="status">{text}</p>
        <p class="help"><code>{keys}</code></p>
    }
    .into_any()
}
