//! What each column becomes, beside what stands in it, and how the file is read.

use leptos::{prelude::*, task::spawn_local};
use services::{
    imports::{DateOrder, ImportSettings, ImportStep, NAME, NOTE, OnDuplicate, RecordImport, RecordImportChange, TAGS},
    records::{FieldInfo, Kind},
};
use ui::{Button, Checkbox, Choice, Failure, Field, Lang, Select, Tone, use_lang};

use super::{
    doors::{change_import, step_import},
    texts,
};
use crate::{fields::label, words};

/// What is said about the columns, while it is being said.
#[derive(Clone, Copy)]
struct Draft {
    targets: StoredValue<Vec<RwSignal<String>>>,
    match_by: RwSignal<Vec<String>>,
    duplicates: RwSignal<String>,
    dates: RwSignal<String>,
    comma: RwSignal<String>,
}

impl Draft {
    fn new(import: &RecordImport) -> Draft {
        let targets = import.columns.iter().map(|column| RwSignal::new(column.target.clone().unwrap_or_default()));
        let settings = &import.settings;
        let duplicates = match settings.duplicates {
            OnDuplicate::Skip => "skip",
            OnDuplicate::Fill => "fill",
            OnDuplicate::Make => "make",
        };
        Draft {
            targets: StoredValue::new(targets.collect()),
            match_by: RwSignal::new(settings.match_by.clone()),
            duplicates: RwSignal::new(duplicates.to_owned()),
            dates: RwSignal::new(if settings.dates == DateOrder::MonthFirst { "month" } else { "day" }.to_owned()),
            comma: RwSignal::new(if settings.decimal_comma { "comma" } else { "point" }.to_owned()),
        }
    }

    fn mapped(self, key: &str) -> bool {
        self.targets.with_value(|targets| targets.iter().any(|target| target.with(|target| target == key)))
    }

    fn change(self, version: i32) -> RecordImportChange {
        let targets: Vec<Option<String>> = self
            .targets
            .with_value(|targets| targets.iter().map(|target| Some(target.get_untracked()).filter(|target| !target.is_empty())).collect());
        let mut match_by = self.match_by.get_untracked();
        match_by.retain(|key| targets.iter().flatten().any(|target| target == key));
        let settings = ImportSettings {
            duplicates: match self.duplicates.get_untracked().as_str() {
                "fill" => OnDuplicate::Fill,
                "make" => OnDuplicate::Make,
                _ => OnDuplicate::Skip,
            },
            match_by,
            dates: if self.dates.get_untracked() == "month" { DateOrder::MonthFirst } else { DateOrder::DayFirst },
            decimal_comma: self.comma.get_untracked() == "comma",
        };
        RecordImportChange { version, targets, settings }
    }
}

#[component]
pub(super) fn Mapping(import: RwSignal<RecordImport>, fields: StoredValue<Vec<FieldInfo>>, failure: RwSignal<Option<Failure>>) -> AnyView {
    let lang = use_lang();
    let draft = import.with_untracked(Draft::new);
    let busy = RwSignal::new(false);
    let look = move || {
        let (id, version) = import.with_untracked(|import| (import.id, import.version));
        busy.set(true);
        spawn_local(async move {
            let answer = match change_import(id, draft.change(version)).await {
                Ok(changed) => step_import(id, changed.version, ImportStep::Try).await,
                Err(error) => Err(error),
            };
            busy.try_set(false);
            match answer {
                Ok(now) => {
                    failure.try_set(None);
                    import.try_set(now);
                }
                Err(error) => {
                    failure.try_set(Some(texts::localised(lang, error)));
                }
            }
        });
    };
    let choices = fields.with_value(|fields| targets(lang, fields));
    let rows = import.with_untracked(|import| {
        let row = |place: usize| {
            let heading = import.columns[place].heading.clone();
            let says: Vec<&str> =
                import.preview.iter().filter_map(|cells| cells.get(place).map(String::as_str)).filter(|cell| !cell.is_empty()).collect();
            row(lang, place, heading, says.join(" · "), draft, choices.clone(), failure)
        };
        (0..import.columns.len()).map(row).collect_view()
    });
    let recognised = move || {
        let row = |field: &FieldInfo| {
            let (key, tick) = (field.key.clone(), field.key.clone());
            let checked = Signal::derive(move || draft.match_by.with(|keys| keys.contains(&key)));
            let change = move |on: bool| {
                let tick = tick.clone();
                draft.match_by.update(|keys| {
                    keys.retain(|key| *key != tick);
                    if on {
                        keys.push(tick);
                    }
                });
            };
            view! { <Checkbox checked=checked label=label(lang, field) on_change=change/> }
        };
        fields.with_value(|fields| fields.iter().filter(|field| recognises(field) && draft.mapped(&field.key)).map(row).collect_view())
    };
    let policies = vec![
        Choice::new("skip", words::import_skip(lang)),
        Choice::new("fill", words::import_fill(lang)),
        Choice::new("make", words::import_make(lang)),
    ];
    let orders = vec![Choice::new("day", words::import_day_first(lang)), Choice::new("month", words::import_month_first(lang))];
    let commas = vec![Choice::new("comma", "1 234,50"), Choice::new("point", "1,234.50")];
    let heads = [words::import_column(lang), words::import_says(lang), words::import_becomes(lang)];
    view! {
        <form
            class="form import-mapping"
            method="post"
            on:submit=move |event| {
                event.prevent_default();
                look();
            }
        >
            <div class="table" role="region" aria-label=words::import_columns(lang) tabindex="0">
                <table>
                    <caption class="visually-hidden">{words::import_columns(lang)}</caption>
                    <thead><tr>{heads.map(|head| view! { <th scope="col">{head}</th> }).collect_view()}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <div class="pair">
                <Field name="duplicates" label=words::import_duplicates(lang)><Select choices=policies value=draft.duplicates/></Field>
                <Field name="dates" label=words::import_dates(lang)><Select choices=orders value=draft.dates/></Field>
                <Field name="decimal_comma" label=words::import_numbers(lang)><Select choices=commas value=draft.comma/></Field>
            </div>
            <fieldset class="import-match" disabled=move || draft.duplicates.with(|policy| policy == "make")>
                <legend>{words::import_match_by(lang)}</legend>
                {recognised}
            </fieldset>
            <footer>
                <Button submit=true tone=tone(import) busy=busy>{words::import_try(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

/// There is one thing to do: before a trial this, afterwards what it leads to.
fn tone(import: RwSignal<RecordImport>) -> Tone {
    let tried = import.with_untracked(|import| import.state == services::imports::ImportState::Tried && import.made + import.changed > 0);
    if tried { Tone::default() } else { Tone::Primary }
}

fn row(
    lang: Lang,
    place: usize,
    heading: String,
    says: String,
    draft: Draft,
    choices: Vec<Choice>,
    failure: RwSignal<Option<Failure>>,
) -> AnyView {
    let Some(target) = draft.targets.with_value(|targets| targets.get(place).copied()) else { return ().into_any() };
    let shown = if heading.is_empty() { words::import_unnamed(lang, &(place + 1).to_string()) } else { heading };
    let name = words::import_becomes_what(lang, &shown);
    let at = format!("targets[{place}]");
    let fault = move || failure.with(|failure| failure.as_ref().and_then(|failure| failure.field(lang, &at)));
    view! {
        <tr>
            <th scope="row">{shown}</th>
            <td class="import-says">{says}</td>
            <td>
                <Select choices=choices value=target label=name/>
                {move || fault().map(|text| view! { <small class="import-fault" role="alert">{text}</small> })}
            </td>
        </tr>
    }
    .into_any()
}

/// What a column may become.
fn targets(lang: Lang, fields: &[FieldInfo]) -> Vec<Choice> {
    let has = |key: &str| fields.iter().any(|field| field.key == key);
    let mut choices = vec![Choice::new("", words::import_left_out(lang))];
    if has("given_name") && has("family_name") {
        choices.push(Choice::new(NAME, words::import_whole_name(lang)));
    }
    choices.extend(fields.iter().map(|field| Choice::new(field.key.clone(), label(lang, field))));
    choices.push(Choice::new(TAGS, words::import_tags(lang)));
    choices.push(Choice::new(NOTE, words::import_note(lang)));
    choices
}

fn recognises(field: &FieldInfo) -> bool {
    matches!(field.kind, Kind::Text | Kind::Email | Kind::Phone | Kind::Url)
}
