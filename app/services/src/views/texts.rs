//! What fields, tests, periods and values are called. Names of declared fields come from the server in English; those that
//! are common have a text here, what an organization has named itself is shown as it is.

use leptos::prelude::*;
use services::{
    filter::{Period, Test},
    records::{Kind, Value},
    views::{Cell, Column, Layout, Measure},
};
use ui::{Lang, use_modules, when};

use super::model::List;
use crate::words;

/// What a field is called.
pub(super) fn field(lang: Lang, column: &Column) -> String {
    if column.custom {
        return column.label.clone();
    }
    // What only one product's records have is called so by the product.
    let name = key(lang, &column.key).or_else(|| use_modules().label(lang, &["field.", &column.key].concat()));
    name.map_or_else(|| column.label.clone(), str::to_owned)
}

fn key(lang: Lang, key: &str) -> Option<&'static str> {
    Some(match key {
        "title" => words::list_field_title(lang),
        "owner" => words::list_field_owner(lang),
        "created_at" => words::list_field_created_at(lang),
        "updated_at" => words::list_field_updated_at(lang),
        "given_name" => words::list_field_given_name(lang),
        "family_name" => words::list_field_family_name(lang),
        "birth_date" => words::list_field_birth_date(lang),
        "email" => words::list_field_email(lang),
        "phone" => words::list_field_phone(lang),
        "language" => words::list_field_language(lang),
        "company" => words::list_field_company(lang),
        "source" => words::list_field_source(lang),
        "status" => words::list_field_status(lang),
        "value" => words::list_field_value(lang),
        "notes" => words::list_field_notes(lang),
        _ => return None,
    })
}

/// What a column is called, by its key.
pub(super) fn named(list: List, key: &str) -> String {
    list.column(key).map_or_else(|| key.to_owned(), |column| field(list.lang, &column))
}

/// What a test is called.
pub(super) fn test(lang: Lang, name: &str) -> &'static str {
    match name {
        "empty" => words::list_test_empty(lang),
        "not_empty" => words::list_test_not_empty(lang),
        "is" => words::list_test_is(lang),
        "is_not" => words::list_test_is_not(lang),
        "contains" => words::list_test_contains(lang),
        "not_contains" => words::list_test_not_contains(lang),
        "starts_with" => words::list_test_starts_with(lang),
        "one_of" => words::list_test_one_of(lang),
        "none_of" => words::list_test_none_of(lang),
        "all_of" => words::list_test_all_of(lang),
        "less" => words::list_test_less(lang),
        "at_most" => words::list_test_at_most(lang),
        "more" => words::list_test_more(lang),
        "at_least" => words::list_test_at_least(lang),
        "between" => words::list_test_between(lang),
        "before" => words::list_test_before(lang),
        "after" => words::list_test_after(lang),
        "on" => words::list_test_on(lang),
        "within" => words::list_test_within(lang),
        "me" => words::list_test_me(lang),
        _ => words::list_test_not_me(lang),
    }
}

/// What a period is called, by its name.
pub(super) fn period(lang: Lang, name: &str) -> &'static str {
    match name {
        "today" => words::list_today(lang),
        "yesterday" => words::list_yesterday(lang),
        "tomorrow" => words::list_tomorrow(lang),
        "this_week" => words::list_this_week(lang),
        "last_week" => words::list_last_week(lang),
        "next_week" => words::list_next_week(lang),
        "this_month" => words::list_this_month(lang),
        "last_month" => words::list_last_month(lang),
        "next_month" => words::list_next_month(lang),
        "this_year" => words::list_this_year(lang),
        "last_year" => words::list_last_year(lang),
        "next_year" => words::list_next_year(lang),
        "last_days" => words::list_last_days(lang),
        _ => words::list_next_days(lang),
    }
}

/// A period as it is read.
pub(super) fn spoken_period(lang: Lang, wanted: Period) -> String {
    match wanted {
        Period::LastDays(days) => words::list_last_so_many(lang, i64::from(days)),
        Period::NextDays(days) => words::list_next_so_many(lang, i64::from(days)),
        named => Period::NAMED.iter().find(|(_, period)| *period == named).map_or("", |(name, _)| period(lang, name)).to_owned(),
    }
}

/// A word of a choice, as its type calls it.
pub(super) fn word(list: List, column: &Column, key: &str) -> String {
    let label = column.kind.choices().iter().find(|choice| choice.key == key).map_or(key, |choice| choice.label.as_str());
    if column.custom {
        return label.to_owned();
    }
    let own = [column.key.as_str(), ".", key].concat();
    use_modules().label(list.lang, &own).map_or_else(|| label.to_owned(), str::to_owned)
}

/// What is compared with, as it is read.
pub(super) fn operands(list: List, column: &Column, test: &Test) -> String {
    if let Test::Within(period) = test {
        return spoken_period(list.lang, *period);
    }
    let said = |operand: &str| match &column.kind {
        Kind::Choice(_) | Kind::MultiChoice(_) => word(list, column, operand),
        Kind::Boolean => truth(list.lang, operand == "true").to_owned(),
        // An id tells a person nothing; the builder shows whom it is about.
        Kind::Reference(_) => "…".to_owned(),
        Kind::Date | Kind::DateTime => operand.parse().map_or_else(|_| operand.to_owned(), |day| when::date_short(list.lang, day)),
        _ => operand.to_owned(),
    };
    test.operands().iter().map(|operand| said(&operand.0)).collect::<Vec<_>>().join(", ")
}

pub(super) fn truth(lang: Lang, yes: bool) -> &'static str {
    if yes { words::list_yes(lang) } else { words::list_no(lang) }
}

/// What a record holds, as it is read.
pub(super) fn cell(list: List, column: Option<&Column>, cell: &Cell) -> String {
    let lang = list.lang;
    match (&cell.value, column) {
        (None, _) => String::new(),
        (Some(Value::Date(day)), _) => when::date_short(lang, *day),
        (Some(Value::Bool(yes)), _) => truth(lang, *yes).to_owned(),
        (Some(Value::Money { minor, currency }), _) => currency
            .parse()
            .map_or_else(|_| cell.text.clone(), |currency| ui::amount(lang, platform::money::Money { minor: *minor, currency })),
        (Some(Value::Instant(_)), _) => match cell.text.split_once(' ') {
            Some((day, time)) => day.parse().map_or_else(|_| cell.text.clone(), |day| [&when::date_short(lang, day), " ", time].concat()),
            None => cell.text.clone(),
        },
        (Some(Value::Choices(words)), Some(column)) => words.iter().map(|key| word(list, column, key)).collect::<Vec<_>>().join(", "),
        (Some(Value::Error(_)), _) => words::list_no_value(lang).to_owned(),
        _ => cell.text.clone(),
    }
}

pub(super) fn layout(lang: Lang, layout: Layout) -> &'static str {
    match layout {
        Layout::Table => words::list_table(lang),
        Layout::Board => words::list_board(lang),
        Layout::Calendar => words::list_days(lang),
        Layout::Gallery => words::list_gallery(lang),
    }
}

pub(super) fn measure(lang: Lang, measure: Measure) -> &'static str {
    match measure {
        Measure::Count => words::list_measure_count(lang),
        Measure::Sum => words::list_measure_sum(lang),
        Measure::Average => words::list_measure_average(lang),
        Measure::Least => words::list_measure_least(lang),
        Measure::Most => words::list_measure_most(lang),
    }
}

/// The title of a type's list.
pub(super) fn title(list: List) -> String {
    list.kind.with_value(|kind| {
        if kind.flexible {
            kind.plural.clone()
        } else {
            let modules = use_modules();
            let many = modules.label(list.lang, &["many.", &kind.key].concat());
            many.or_else(|| modules.label(list.lang, &kind.key)).map_or_else(|| kind.plural.clone(), str::to_owned)
        }
    })
}
