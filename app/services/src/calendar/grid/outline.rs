//! Outlines on the board of what is not there: what is being made, and what was refused.

use super::property;
use crate::calendar::{desk::Desk, drag::judge::swapped, scene::Column, when};
use chrono::{DateTime, Duration, Utc};
use leptos::prelude::*;

/// Where what is being made would be, as long as its form is open.
pub fn draft(desk: Desk) -> Option<AnyView> {
    let new = desk.place.with(|place| place.new.clone())?;
    let asked = || {
        let start = new.start?;
        let usual = desk.modules.0.iter().find_map(|module| module.module.activity_type(&new.kind));
        let usual = Duration::minutes(usual.map_or(30, |kind| i64::from(kind.minutes)));
        Some((start, new.end.unwrap_or(start + usual)))
    };
    // What stands in the form by now comes before what it was opened with.
    let (start, end) = desk.sketch.get().or_else(asked)?;
    outline(desk, "calendar-draft", String::new(), start, end, |column| {
        new.resource.is_none() || column.resource.is_none() || column.resource == new.resource
    })
}

/// Where a refused move would have gone, as long as nobody has decided about it.
pub fn refused(desk: Desk) -> Option<AnyView> {
    let wanted = desk.proposal.get()?.wanted;
    let resources = swapped(&wanted.event.resources, wanted.from, wanted.to);
    let title = desk.shown_name(&wanted.event);
    outline(desk, "calendar-draft is-refused", title, wanted.start, wanted.end, |column| {
        column.resource.is_none_or(|resource| wanted.to == Some(resource) || (wanted.to.is_none() && resources.contains(&resource)))
    })
}

/// A dashed outline in the first column that fits.
fn outline(
    desk: Desk,
    class: &'static str,
    mut text: String,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    fits: impl Fn(&Column) -> bool,
) -> Option<AnyView> {
    let loaded = desk.loaded.get()?;
    let zone = &loaded.calendar.zone;
    let date = zone.date(start);
    let scene = desk.scene.get()?;
    let index = scene.columns.iter().position(|column| column.date == date && fits(column))?;
    let top = scene.axis.position(zone, date, start);
    let bottom = scene.axis.position(zone, date, end).min(scene.axis.to);
    if top < scene.axis.from || bottom <= top {
        return None;
    }
    let mut style = property("--column:", index as i32);
    style.push_str(&property(";--top:", top));
    style.push_str(&property(";--high:", bottom - top));
    if !text.is_empty() {
        text.push_str(", ");
    }
    text.push_str(&when::times(zone, start, end));
    Some(view! { <div class=class style=style>{text}</div> }.into_any())
}
