//! The heads of a week: each leads to its day.

use super::{
    place::{Place, Span},
    scene::Column,
};
use leptos::prelude::*;

/// The head of one day.
pub fn head(place: &Place, column: &Column) -> AnyView {
    let href = Place { span: Span::Day, date: Some(column.date), ..place.clone() }.href();
    let hours = column.hours.clone();
    view! {
        <div class="calendar-head" class:is-today=column.today>
            <div>
                <strong><a href=href title=column.spoken.clone()>{column.name.clone()}</a></strong>
                <small>{hours}</small>
            </div>
        </div>
    }
    .into_any()
}
