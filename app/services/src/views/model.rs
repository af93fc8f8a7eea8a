//! What a list shows and what it asks for.

use leptos::prelude::*;
use platform::id::EntityId;
use services::{
    filter::{Condition, Filter, Operand, Test},
    records::{Kind, TypeInfo},
    views::{Column, Definition, Query, Row, Summary, SummaryQuery, View},
};
use ui::{Failure, Lang};

use super::doors::{Opened, read_rows, read_summary};

/// How many rows are read at once.
pub(super) const PAGE: i64 = 200;

/// A list on the screen. Cheap to copy; all of it lives as long as the page.
#[derive(Clone, Copy)]
pub(super) struct List {
    pub(super) lang: Lang,
    pub(super) kind: StoredValue<TypeInfo>,
    pub(super) columns: StoredValue<Vec<Column>>,
    pub(super) shares: bool,
    /// Whether files are taken over into this type.
    pub(super) writes: bool,
    /// What is asked for now.
    pub(super) definition: RwSignal<Definition>,
    pub(super) views: RwSignal<Vec<View>>,
    /// The kept view that this began with.
    pub(super) view: RwSignal<Option<View>>,
    /// Keys of the columns that the rows have.
    pub(super) shown: RwSignal<Vec<String>>,
    pub(super) rows: RwSignal<Vec<Row>>,
    next: RwSignal<Option<String>>,
    pub(super) summary: RwSignal<Summary>,
    pub(super) failure: RwSignal<Option<Failure>>,
    pub(super) busy: RwSignal<bool>,
    /// Counts what was asked, so that a late answer to an earlier question is let go.
    turn: StoredValue<u32>,
    /// Rises with each answer.
    pub(super) loaded: RwSignal<u32>,
    /// The record whose reasons are shown.
    pub(super) why: RwSignal<Option<(EntityId, String)>>,
}

impl List {
    pub(super) fn new(lang: Lang, opened: Opened) -> List {
        let view = opened.view.and_then(|id| opened.views.iter().find(|view| view.id == id).cloned());
        List {
            lang,
            kind: StoredValue::new(opened.kind),
            columns: StoredValue::new(opened.columns),
            shares: opened.shares,
            writes: opened.writes,
            definition: RwSignal::new(opened.definition),
            views: RwSignal::new(opened.views),
            view: RwSignal::new(view),
            shown: RwSignal::new(opened.rows.columns),
            rows: RwSignal::new(opened.rows.items),
            next: RwSignal::new(opened.rows.next_cursor),
            summary: RwSignal::new(opened.summary),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            turn: StoredValue::new(0),
            loaded: RwSignal::new(0),
            why: RwSignal::new(None),
        }
    }

    /// The type's key.
    pub(super) fn key(self) -> String {
        self.kind.with_value(|kind| kind.key.clone())
    }

    /// Where a record is shown.
    pub(super) fn href(self, id: EntityId) -> String {
        self.kind.with_value(|kind| kind.path.replace("{id}", &id.to_string()))
    }

    /// A column of the type.
    pub(super) fn column(self, key: &str) -> Option<Column> {
        self.columns.with_value(|columns| columns.iter().find(|column| column.key == key).cloned())
    }

    /// What is asked for, with `more` besides.
    pub(super) fn query(self, more: Option<Filter>, cursor: Option<String>) -> Query {
        let definition = self.definition.get_untracked();
        let own = definition.filter.complete();
        let filter = match more {
            Some(more) => Filter::All(vec![own, more]),
            None => own,
        };
        Query { filter, columns: definition.columns, sorts: definition.sorts, cursor, limit: Some(PAGE) }
    }

    /// Changes what is asked for, and asks.
    pub(super) fn change(self, change: impl FnOnce(&mut Definition)) {
        self.definition.update(change);
        self.reload();
    }

    /// Asks anew.
    pub(super) fn reload(self) {
        let turn = self.turn.with_value(|turn| turn + 1);
        self.turn.set_value(turn);
        self.busy.set(true);
        let (kind, query) = (self.key(), self.query(None, None));
        let definition = self.definition.get_untracked();
        let counted = SummaryQuery { filter: query.filter.clone(), group: definition.group, aggregates: definition.aggregates };
        leptos::task::spawn_local(async move {
            let rows = read_rows(kind.clone(), query).await;
            let summary = match &rows {
                Ok(_) => read_summary(kind, counted).await,
                Err(failure) => Err(failure.clone()),
            };
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match (rows, summary) {
                (Ok(rows), Ok(summary)) => {
                    self.failure.set(None);
                    self.shown.set(rows.columns);
                    self.next.set(rows.next_cursor);
                    self.rows.set(rows.items);
                    self.summary.set(summary);
                    self.loaded.update(|count| *count += 1);
                }
                (Err(failure), _) | (_, Err(failure)) => self.failure.set(Some(failure)),
            }
        });
    }

    /// Whether there is more to read.
    pub(super) fn goes_on(self) -> bool {
        self.next.with(Option::is_some)
    }

    /// Reads on, unless that is under way or nothing is left.
    pub(super) fn more(self) {
        let Some(cursor) = self.next.get_untracked() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let turn = self.turn.get_value();
        let (kind, query) = (self.key(), self.query(None, Some(cursor)));
        leptos::task::spawn_local(async move {
            let rows = read_rows(kind, query).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match rows {
                Ok(rows) => {
                    self.next.set(rows.next_cursor);
                    self.rows.update(|all| all.extend(rows.items));
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// Whether what is shown differs from the view that it began with.
    pub(super) fn changed(self) -> bool {
        self.definition.with(|now| {
            self.view.with(|view| match view {
                Some(view) => {
                    let kept = &view.definition;
                    let columns = kept.columns.is_empty() || kept.columns == now.columns;
                    !columns || Definition { columns: now.columns.clone(), ..kept.clone() } != *now
                }
                None => !now.filter.is_open() || !now.sorts.is_empty() || now.group.is_some(),
            })
        })
    }
}

/// The condition that a field has the value by which a group is named.
pub(super) fn of_group(column: &Column, key: Option<&str>) -> Filter {
    let test = match key {
        None => Test::Empty,
        Some(key) if column.kind == Kind::Date => Test::On(Operand::from(key)),
        Some(key) => Test::Is(Operand::from(key)),
    };
    Filter::Field(Condition { path: column.key.clone(), test })
}

/// The filter at a place within another; none where there is no such place.
pub(super) fn at<'f>(filter: &'f mut Filter, place: &[usize]) -> Option<&'f mut Filter> {
    let Some((first, rest)) = place.split_first() else { return Some(filter) };
    at(parts_of(filter)?.get_mut(*first)?, rest)
}

/// The parts of a group.
pub(super) fn parts_of(filter: &mut Filter) -> Option<&mut Vec<Filter>> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) | Filter::None(parts) => Some(parts),
        Filter::Linked(linked) | Filter::NotLinked(linked) => parts_of(&mut linked.having),
        Filter::Field(_) | Filter::Did(_) | Filter::Segment(_) => None,
    }
}
