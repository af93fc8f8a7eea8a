//! What a condition compares with, asked for by the kind of its field.

use leptos::prelude::*;
use services::{
    filter::{Operand, Period, Test},
    records::Kind,
    views::Column,
};
use ui::{Checkbox, Choice, Combobox, Found, Input, Select};

use super::{doors::find_referred, model::List, texts};
use crate::words;

type Told = Callback<(Vec<Operand>, Option<Period>)>;

/// The fields for a test's operands; nothing where it takes none.
pub(super) fn input(list: List, column: &Column, test: &Test, told: Told) -> AnyView {
    let lang = list.lang;
    let first = test.operands().first().map(|operand| operand.0.clone()).unwrap_or_default();
    match test {
        Test::Empty | Test::NotEmpty | Test::Me | Test::NotMe => ().into_any(),
        Test::Within(within) => {
            let told = Callback::new(move |(within,): (Option<Period>,)| told.run((Vec::new(), within)));
            period(list, Some(*within), told, false)
        }
        _ => match &column.kind {
            Kind::Choice(_) | Kind::MultiChoice(_) => words_of(list, column, test, told),
            Kind::Boolean => {
                let choices = vec![Choice::new("true", words::list_yes(lang)), Choice::new("false", words::list_no(lang))];
                let pick = move |value: String| told.run((vec![Operand(value)], None));
                view! { <Select choices=choices value=RwSignal::new(first) placeholder="…" label=words::list_value(lang) on_change=pick/> }
                    .into_any()
            }
            Kind::Reference(target) => referred(list, target.clone(), first, told),
            kind => plain(list, kind, test, told),
        },
    }
}

/// One or two values that are typed; several texts stand with commas between.
fn plain(list: List, kind: &Kind, test: &Test, told: Told) -> AnyView {
    let lang = list.lang;
    let (input, keys) = match kind {
        Kind::Date | Kind::DateTime => ("date", ""),
        Kind::Number | Kind::Percent | Kind::Money => ("text", "decimal"),
        _ => ("text", ""),
    };
    let several = matches!(test, Test::OneOf(_) | Test::NoneOf(_) | Test::AllOf(_));
    let operands: Vec<String> = test.operands().iter().map(|operand| operand.0.clone()).collect();
    if let Test::Between(_) = test {
        let ends = [0, 1].map(|place| RwSignal::new(operands.get(place).cloned().unwrap_or_default()));
        let tell = move || told.run((ends.iter().map(|end| Operand(end.get_untracked())).collect(), None));
        return view! {
            <Input value=ends[0] kind=input inputmode=keys label=words::list_from(lang) on_change=tell/>
            <span>"–"</span>
            <Input value=ends[1] kind=input inputmode=keys label=words::list_to(lang) on_change=tell/>
        }
        .into_any();
    }
    let value = RwSignal::new(if several { operands.join(", ") } else { operands.first().cloned().unwrap_or_default() });
    let tell = move || {
        let text = value.get_untracked();
        let operands = match several {
            true => text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Operand::from).collect(),
            false => vec![Operand(text)],
        };
        told.run((operands, None));
    };
    let example = if several { words::list_with_commas(lang) } else { "" };
    view! { <Input value=value kind=input inputmode=keys label=words::list_value(lang) placeholder=example on_change=tell/> }.into_any()
}

/// Words of a choice: one, or some that are ticked.
fn words_of(list: List, column: &Column, test: &Test, told: Told) -> AnyView {
    let lang = list.lang;
    let all: Vec<(String, String)> =
        column.kind.choices().iter().map(|choice| (choice.key.clone(), texts::word(list, column, &choice.key))).collect();
    let chosen: Vec<String> = test.operands().iter().map(|operand| operand.0.clone()).filter(|word| !word.is_empty()).collect();
    if matches!(test, Test::Is(_) | Test::IsNot(_)) {
        let choices: Vec<Choice> = all.into_iter().map(|(key, label)| Choice::new(key, label)).collect();
        let value = RwSignal::new(chosen.first().cloned().unwrap_or_default());
        let pick = move |word: String| told.run((vec![Operand(word)], None));
        return view! { <Select choices=choices value=value placeholder="…" label=words::list_value(lang) on_change=pick/> }.into_any();
    }
    let boxes = all
        .into_iter()
        .map(|(key, label)| {
            let ticked = chosen.contains(&key);
            let chosen = chosen.clone();
            let change = move |on: bool| {
                let mut words: Vec<String> = chosen.iter().filter(|word| **word != key).cloned().collect();
                if on {
                    words.push(key.clone());
                }
                told.run((words.into_iter().map(Operand).collect(), None));
            };
            view! { <Checkbox checked=ticked label=label on_change=change/> }
        })
        .collect_view();
    view! { <div class="list-words" role="group" aria-label=words::list_value(lang)>{boxes}</div> }.into_any()
}

/// A record or a person, sought by name.
fn referred(list: List, target: String, first: String, told: Told) -> AnyView {
    let lang = list.lang;
    let value = RwSignal::new((!first.is_empty()).then(|| Choice::new(first.clone(), first.clone())));
    let found = Found::new(move |text| {
        let target = target.clone();
        async move { Ok(find_referred(target, text).await?.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect()) }
    });
    // The world outside: what was chosen is asked for at once.
    Effect::new(move |_| {
        let chosen = value.with(|value| value.as_ref().map(|choice| choice.value.clone()));
        if let Some(id) = chosen.filter(|id| *id != first) {
            told.run((vec![Operand(id)], None));
        }
    });
    view! { <Combobox value=value found=found label=words::list_value(lang) placeholder=words::list_seek(lang)/> }.into_any()
}

/// A stretch of days; `open` lets none be chosen.
pub(super) fn period(list: List, now: Option<Period>, told: Callback<(Option<Period>,)>, open: bool) -> AnyView {
    let lang = list.lang;
    let (name, days) = match now {
        None => ("", 7),
        Some(Period::LastDays(days)) => ("last_days", days),
        Some(Period::NextDays(days)) => ("next_days", days),
        Some(named) => (Period::NAMED.iter().find(|(_, period)| *period == named).map_or("today", |(name, _)| name), 7),
    };
    let any = open.then(|| Choice::new("", words::list_any_time(lang)));
    let named = Period::NAMED.iter().map(|(name, _)| *name).chain(["last_days", "next_days"]);
    let choices: Vec<Choice> = any.into_iter().chain(named.map(|name| Choice::new(name, texts::period(lang, name)))).collect();
    let count = RwSignal::new(days.to_string());
    let tell = move |name: &str| {
        let days = count.with_untracked(|count| count.parse().unwrap_or(7));
        let period = match name {
            "last_days" => Some(Period::LastDays(days)),
            "next_days" => Some(Period::NextDays(days)),
            name => Period::NAMED.iter().find(|(own, _)| *own == name).map(|(_, period)| *period),
        };
        told.run((period,));
    };
    view! {
        <Select choices=choices value=RwSignal::new(name.to_owned()) label=words::list_period(lang) on_change=move |name: String| tell(&name)/>
        {matches!(name, "last_days" | "next_days").then(|| view! {
            <Input value=count kind="number" min="0" max="3650" label=words::list_days_count(lang) on_change=move || tell(name)/>
        })}
    }
    .into_any()
}
