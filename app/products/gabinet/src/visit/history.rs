//! What has happened to the visit, in words: the latest first.

use gabinet::appointments::HistoryEntry;
use leptos::prelude::*;
use platform::time::ZoneWindow;
use ui::{Lang, when};

use super::Panel;
use crate::words;

/// The entries.
pub fn view(panel: Panel) -> AnyView {
    let lang = panel.lang;
    let rows = move || {
        panel.shown.with(|shown| panel.zone.with_value(|zone| shown.history.iter().map(|entry| row(lang, zone, entry)).collect_view()))
    };
    view! {
        <section class="visit-history" aria-label=words::history(lang)>
            <h3>{words::history(lang)}</h3>
            <ol class="history">{rows}</ol>
        </section>
    }
    .into_any()
}

fn row(lang: Lang, zone: &ZoneWindow, entry: &HistoryEntry) -> AnyView {
    let wall = zone.wall(entry.at);
    let mut time = when::day_month(lang, wall.date());
    time.push(' ');
    time.push_str(&when::clock(wall));
    let mut key = String::from("did.");
    key.push_str(&entry.verb);
    let mut did = words::by_key(lang, &key).map_or_else(|| entry.verb.clone(), str::to_owned);
    if let Some(from) = entry.from.filter(|from| Some(*from) != entry.to) {
        let from = zone.wall(from);
        let mut before = when::day_short(lang, from.date());
        before.push(' ');
        before.push_str(&when::clock(from));
        did.push(' ');
        did.push_str(&words::moved_from(lang, &before));
    }
    if !entry.reason.is_empty() {
        did.push_str(": ");
        did.push_str(&entry.reason);
    }
    let exact = entry.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    view! {
        <li>
            <time datetime=exact>{time}</time>
            <span>
                // What the system does by itself has no name.
                <b>{entry.who.clone().unwrap_or_else(|| "Atrium".to_owned())}</b>
                " "
                {did}
            </span>
        </li>
    }
    .into_any()
}
