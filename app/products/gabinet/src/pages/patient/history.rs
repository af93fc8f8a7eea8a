//! What was done to a patient's record, by whom, the latest first.

use leptos::prelude::*;
use ui::{Lang, use_lang, when};

use crate::{
    page_doors::{Change, PatientRecord, Told},
    pages::{patients::form::labels, plain, shown::Shown},
    words,
};

/// The entries.
pub fn view(record: Shown<PatientRecord>) -> AnyView {
    let lang = use_lang();
    let rows = plain::live(move || {
        record.value.with(|record| record.told.iter().map(|told| row(lang, told)).collect::<Vec<AnyView>>().into_any())
    });
    view! {
        <section class="timeline" aria-labelledby="record-history">
            <h2 id="record-history">{words::timeline(lang)}</h2>
            <ol class="history">{rows}</ol>
        </section>
    }
    .into_any()
}

fn row(lang: Lang, told: &Told) -> AnyView {
    let mut moment = when::date_short(lang, told.at.date());
    moment.push(' ');
    moment.push_str(&when::clock(told.at));
    let mut exact = when::iso(told.at.date());
    exact.push('T');
    exact.push_str(&when::clock(told.at));
    let who = told.who.clone().unwrap_or_else(|| words::the_system(lang).into());
    let did = match told.verb.as_str() {
        "created" => words::did_add_patient(lang),
        "updated" => words::did_change_patient(lang),
        _ => "",
    };
    let did = if did.is_empty() { told.verb.clone() } else { did.to_owned() };
    let changes = told.changes.iter().filter_map(|change| field(lang, change)).collect_view();
    view! {
        <li>
            <time datetime=exact>{moment}</time>
            <span><b>{who}</b>" "{did}<span class="changes">{changes}</span></span>
        </li>
    }
    .into_any()
}

/// `Phone: ~~601 224 118~~ → 601 224 119`
fn field(lang: Lang, change: &Change) -> Option<AnyView> {
    let (_, label) = labels(lang).into_iter().find(|(name, _)| *name == change.field)?;
    let value = |text: &str| match (change.field == "birth_date").then(|| when::from_iso(text)).flatten() {
        Some(date) => when::date_short(lang, date),
        None => text.to_owned(),
    };
    let from = (!change.from.is_empty()).then(|| view! { <del>{value(&change.from)}</del>" → " });
    let to = if change.to.is_empty() { words::left_empty(lang).to_owned() } else { value(&change.to) };
    Some(view! { <span>{label}": "{from}{to}</span> }.into_any())
}
