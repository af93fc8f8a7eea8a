//! Conditions: as chips above the list, and in a builder that opens below them.

use leptos::prelude::*;
use services::{
    filter::{Condition, DEPTH, Did, Filter, Operand, Period, Test},
    records::Kind,
    views::Column,
};
use ui::{Button, Choice, Icon, Segmented, Select, Tone};

use super::{
    model::{List, at, parts_of},
    operands, texts,
};
use crate::words;

/// The chips, and the button that opens the builder.
#[component]
pub(super) fn FilterBar(list: List) -> AnyView {
    let lang = list.lang;
    let open = RwSignal::new(false);
    let chips = move || {
        let filter = list.definition.with(|definition| definition.filter.clone());
        let parts = match filter {
            Filter::All(parts) => parts,
            other => vec![other],
        };
        parts.into_iter().enumerate().map(|(place, part)| chip(list, place, &part, open)).collect_view()
    };
    view! {
        <div class="list-filter">
            <div class="list-chips">
                <Button icon="filter" on_press=move || open.update(|open| *open = !*open)>{words::list_filter(lang)}</Button>
                {chips}
            </div>
            <Show when=move || open.get()>
                <section class="list-builder" aria-label=words::list_filter(lang)>
                    {move || {
                        let filter = list.definition.with(|definition| definition.filter.clone());
                        group(list, &filter, Vec::new())
                    }}
                </section>
            </Show>
        </div>
    }
    .into_any()
}

/// A condition in a few words.
fn said(list: List, filter: &Filter) -> String {
    let lang = list.lang;
    match filter {
        Filter::Field(condition) => {
            let column = column_of(list, &condition.path);
            let value = column.as_ref().map(|column| texts::operands(list, column, &condition.test)).unwrap_or_default();
            [&texts::named(list, &condition.path), " ", texts::test(lang, condition.test.name()), " ", &value]
                .concat()
                .trim_end()
                .to_owned()
        }
        Filter::All(parts) | Filter::Any(parts) | Filter::None(parts) => words::list_conditions(lang, parts.len() as i64),
        Filter::Linked(linked) => [words::list_linked(lang), " ", &linked.entity_type].concat(),
        Filter::NotLinked(linked) => [words::list_not_linked(lang), " ", &linked.entity_type].concat(),
        Filter::Did(did) => words::list_did(lang, &did.action, &did.at_least.to_string()),
        Filter::Segment(id) => {
            let name = list.views.with(|views| views.iter().find(|view| view.id == *id).map(|view| view.name.clone()));
            [words::list_in_view(lang), " ", &name.unwrap_or_default()].concat()
        }
    }
}

/// A column; one across a link is as much as its path says.
fn column_of(list: List, path: &str) -> Option<Column> {
    list.column(path)
}

fn chip(list: List, place: usize, part: &Filter, open: RwSignal<bool>) -> AnyView {
    let lang = list.lang;
    let text = said(list, part);
    let name = words::list_remove_named(lang, &text);
    let remove = move |_| {
        list.change(move |definition| match &mut definition.filter {
            Filter::All(parts) if place < parts.len() => {
                parts.remove(place);
            }
            other => *other = Filter::default(),
        });
    };
    view! {
        <span class="list-chip">
            <button type="button" on:click=move |_| open.set(true)>{text}</button>
            <button type="button" aria-label=name.clone() title=name on:click=remove>
                <Icon name="close"/>
            </button>
        </span>
    }
    .into_any()
}

/// Puts something else in a place of the filter; a group around what is one condition by itself.
fn put(list: List, place: &[usize], new: Filter) {
    list.change(|definition| {
        if let Some(there) = at(&mut definition.filter, place) {
            *there = new;
        }
    });
}

fn remove(list: List, place: &[usize]) {
    let Some((last, above)) = place.split_last() else { return };
    list.change(|definition| {
        let parts = at(&mut definition.filter, above).and_then(parts_of);
        if let Some(parts) = parts.filter(|parts| *last < parts.len()) {
            parts.remove(*last);
        }
    });
}

/// Adds a part to a group. What is still to be told is not asked for yet.
fn add(list: List, place: &[usize], new: Filter) {
    list.change(|definition| {
        if place.is_empty() && parts_of(&mut definition.filter).is_none() {
            let only = std::mem::take(&mut definition.filter);
            definition.filter = Filter::All(vec![only]);
        }
        if let Some(parts) = at(&mut definition.filter, place).and_then(parts_of) {
            parts.push(new);
        }
    });
}

/// A group with its parts, and what can be added to it.
fn group(list: List, filter: &Filter, place: Vec<usize>) -> AnyView {
    let lang = list.lang;
    let (how, parts) = match filter {
        Filter::All(parts) => ("all", parts.clone()),
        Filter::Any(parts) => ("any", parts.clone()),
        Filter::None(parts) => ("none", parts.clone()),
        other => ("all", vec![other.clone()]),
    };
    let choices = vec![
        Choice::new("all", words::list_all(lang)),
        Choice::new("any", words::list_any(lang)),
        Choice::new("none", words::list_none(lang)),
    ];
    let (here, kept) = (place.clone(), parts.clone());
    let pick = move |how: String| {
        let parts = kept.clone();
        put(
            list,
            &here,
            match how.as_str() {
                "any" => Filter::Any(parts),
                "none" => Filter::None(parts),
                _ => Filter::All(parts),
            },
        );
    };
    let rows = parts
        .iter()
        .enumerate()
        .map(|(n, part)| {
            let mut own = place.clone();
            own.push(n);
            part_row(list, part, own)
        })
        .collect_view();
    let deep = place.len() + 2 >= DEPTH;
    let (a, b, c, d) = (place.clone(), place.clone(), place.clone(), place.clone());
    let first = move || list.columns.with_value(|columns| columns.first().cloned());
    let has_views = !place.is_empty() || list.views.with_untracked(|views| !views.is_empty());
    view! {
        <div class="list-group">
            <Segmented label=words::list_match(lang) choices=choices value=Signal::stored(how.to_owned()) on_pick=pick/>
            <div class="list-parts">{rows}</div>
            <div class="actions">
                <Button tone=Tone::Quiet icon="plus" on_press=move || if let Some(column) = first() { add(list, &a, condition_of(&column)) }>{words::list_add_condition(lang)}</Button>
                {(!deep).then(|| view! {
                    <Button tone=Tone::Quiet icon="plus" on_press=move || add(list, &b, Filter::Any(Vec::new()))>{words::list_add_group(lang)}</Button>
                })}
                <Button tone=Tone::Quiet icon="plus" on_press=move || add(list, &c, Filter::Did(Did { action: String::new(), at_least: 1, within: None }))>{words::list_add_did(lang)}</Button>
                {has_views.then(|| view! {
                    <Button
                        tone=Tone::Quiet
                        icon="plus"
                        on_press=move || {
                            let own = list.view.with_untracked(|view| view.as_ref().map(|view| view.id));
                            let other = list.views.with_untracked(|views| views.iter().map(|view| view.id).find(|id| Some(*id) != own));
                            if let Some(other) = other { add(list, &d, Filter::Segment(other)) }
                        }
                    >{words::list_add_view(lang)}</Button>
                })}
            </div>
        </div>
    }
    .into_any()
}

/// A first condition of a field: what is usually asked of its kind.
fn condition_of(column: &Column) -> Filter {
    let name = column.tests.first().map_or("not_empty", String::as_str);
    Filter::Field(Condition { path: column.key.clone(), test: Test::of(name, Vec::new(), None).unwrap_or(Test::NotEmpty) })
}

fn part_row(list: List, part: &Filter, place: Vec<usize>) -> AnyView {
    let lang = list.lang;
    let name = words::list_remove_named(lang, &said(list, part));
    let inside = match part {
        Filter::Field(condition) => condition_row(list, condition, place.clone()),
        Filter::Did(did) => did_row(list, did.clone(), place.clone()),
        Filter::Segment(id) => {
            let value = RwSignal::new(id.to_string());
            let choices: Vec<Choice> =
                list.views.with_untracked(|views| views.iter().map(|view| Choice::new(view.id.to_string(), view.name.clone())).collect());
            let own = place.clone();
            let pick = move |id: String| {
                if let Ok(id) = id.parse() {
                    put(list, &own, Filter::Segment(id))
                }
            };
            view! {
                <span>{words::list_in_view(lang)}</span>
                <Select choices=choices value=value label=words::list_in_view(lang) on_change=pick/>
            }
            .into_any()
        }
        // What is asked of linked records is told in words; the REST door takes all of it.
        Filter::Linked(_) | Filter::NotLinked(_) => view! { <span>{said(list, part)}</span> }.into_any(),
        Filter::All(_) | Filter::Any(_) | Filter::None(_) => group(list, part, place.clone()),
    };
    view! {
        <div class="list-part">
            <div class="list-test">{inside}</div>
            <button type="button" class="button plain bare" aria-label=name.clone() title=name on:click=move |_| remove(list, &place)>
                <Icon name="close"/>
            </button>
        </div>
    }
    .into_any()
}

fn condition_row(list: List, condition: &Condition, place: Vec<usize>) -> AnyView {
    let lang = list.lang;
    let Some(column) = column_of(list, &condition.path) else {
        // Across a link: told in words.
        return view! { <span>{said(list, &Filter::Field(condition.clone()))}</span> }.into_any();
    };
    let fields: Vec<Choice> = list
        .columns
        .with_value(|columns| columns.iter().map(|column| Choice::new(column.key.clone(), texts::field(lang, column))).collect());
    let tests: Vec<Choice> = column.tests.iter().map(|name| Choice::new(name.clone(), texts::test(lang, name))).collect();
    let (a, b) = (place.clone(), place.clone());
    let pick_field = move |key: String| {
        if let Some(column) = list.column(&key) {
            put(list, &a, condition_of(&column));
        }
    };
    let (path, operands) = (condition.path.clone(), condition.test.operands().to_vec());
    let kind = column.kind.clone();
    let pick_test = move |name: String| {
        // A value that was told stays, where the other test takes one of the like.
        let keeps = operands.len() < 2 || !matches!(kind, Kind::Text);
        let operands = if keeps { operands.clone() } else { Vec::new() };
        if let Some(test) = Test::of(&name, operands, None) {
            put(list, &b, Filter::Field(Condition { path: path.clone(), test }));
        }
    };
    let (path, name) = (condition.path.clone(), condition.test.name());
    let told = Callback::new(move |(operands, period): (Vec<Operand>, Option<Period>)| {
        if let Some(test) = Test::of(name, operands, period) {
            put(list, &place, Filter::Field(Condition { path: path.clone(), test }));
        }
    });
    view! {
        <Select choices=fields value=RwSignal::new(condition.path.clone()) label=words::list_field(lang) on_change=pick_field/>
        <Select choices=tests value=RwSignal::new(name.to_owned()) label=words::list_test(lang) on_change=pick_test/>
        {operands::input(list, &column, &condition.test, told)}
    }
    .into_any()
}

fn did_row(list: List, did: Did, place: Vec<usize>) -> AnyView {
    let lang = list.lang;
    let kept = StoredValue::new(did.clone());
    let place = StoredValue::new(place);
    let change = move |change: &dyn Fn(&mut Did)| {
        let mut did = kept.get_value();
        change(&mut did);
        place.with_value(|place| put(list, place, Filter::Did(did)));
    };
    let (action, times) = (RwSignal::new(did.action.clone()), RwSignal::new(did.at_least.to_string()));
    view! {
        <span>{words::list_done(lang)}</span>
        <ui::Input value=action label=words::list_action(lang) placeholder="updated" on_change=move || change(&|did| did.action = action.get_untracked())/>
        <span>{words::list_at_least(lang)}</span>
        <ui::Input
            value=times
            kind="number"
            min="1"
            max="1000"
            label=words::list_times(lang)
            on_change=move || change(&|did| did.at_least = times.with_untracked(|times| times.parse().unwrap_or(1)).clamp(1, 1000))
        />
        <span>{words::list_times(lang)}</span>
        {operands::period(list, did.within, Callback::new(move |(within,): (Option<Period>,)| change(&|did| did.within = within)), true)}
    }
    .into_any()
}
