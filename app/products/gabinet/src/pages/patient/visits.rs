//! A patient's visits: what is next, what was last, and all of them with the way into the calendar.

use chrono::{DateTime, NaiveDate, Utc};
use gabinet::patients::PatientVisit;
use leptos::prelude::*;
use services::calendar::Status;
use ui::{Button, Icon, Lang, Meaning, Tag, use_lang, when};

use crate::{
    page_doors::PatientRecord,
    pages::{plain, shown::Shown},
    words,
};

/// How many past visits are shown at once.
const FEW: usize = 8;

/// The numbers and the list; nothing for those who may not see visits.
pub fn view(record: Shown<PatientRecord>) -> AnyView {
    let lang = use_lang();
    let all = RwSignal::new(false);
    plain::live(move || {
        record.value.with(|record| {
            let Some(visits) = &record.visits else { return ().into_any() };
            view! {
                {numbers(lang, visits, record.now, record.today)}
                <section class="visits" aria-labelledby="record-visits">
                    <h2 id="record-visits">{words::visits(lang)}</h2>
                    {list(lang, visits, record, all)}
                </section>
            }
            .into_any()
        })
    })
}

/// Whether the patient still is to come or came.
fn stands(visit: &PatientVisit) -> bool {
    !matches!(visit.status, Status::Cancelled | Status::NoShow | Status::Moved | Status::Expired)
}

fn numbers(lang: Lang, visits: &[PatientVisit], now: DateTime<Utc>, today: NaiveDate) -> AnyView {
    // The latest come first.
    let next = visits.iter().rev().find(|visit| stands(visit) && visit.end > now);
    let last = visits.iter().find(|visit| stands(visit) && visit.end <= now);
    let completed = visits.iter().filter(|visit| visit.status == Status::Completed).count();
    let missed = visits.iter().filter(|visit| visit.status == Status::NoShow).count();
    let moment = |visit: Option<&PatientVisit>, none: &'static str| {
        visit.map_or_else(|| none.to_owned(), |visit| when::moment(lang, visit.wall_start, today))
    };
    let number = |label: &'static str, value: String| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    view! {
        <dl class="numbers">
            {number(words::next_visit(lang), moment(next, words::not_booked(lang)))}
            {number(words::last_visit(lang), moment(last, words::never(lang)))}
            {number(words::completed_visits(lang), completed.to_string())}
            {number(words::missed_visits(lang), missed.to_string())}
        </dl>
    }
    .into_any()
}

fn list(lang: Lang, visits: &[PatientVisit], record: &PatientRecord, all: RwSignal<bool>) -> AnyView {
    if visits.is_empty() {
        return view! { <p class="quiet">{words::no_visits(lang)}</p> }.into_any();
    }
    let (coming, past): (Vec<&PatientVisit>, Vec<&PatientVisit>) = visits.iter().partition(|visit| visit.end > record.now);
    let few = if all.get() { past.len() } else { FEW };
    // What comes next stands first; what is past, the latest first.
    let rows = coming.iter().rev().chain(past.iter().take(few)).map(|visit| row(lang, visit, record)).collect_view();
    let hidden = past.len().saturating_sub(few);
    let more = (hidden > 0).then(|| {
        view! { <Button on_press=move || all.set(true)>{words::earlier_visits(lang, i64::try_from(hidden).unwrap_or(i64::MAX))}</Button> }
    });
    view! { <ul>{rows}</ul>{more} }.into_any()
}

fn row(lang: Lang, visit: &PatientVisit, record: &PatientRecord) -> AnyView {
    let href = format!("/dashboard/calendar?date={}&open={}", when::iso(visit.wall_start.date()), visit.activity);
    let end = visit.wall_start + (visit.end - visit.start);
    let coming = visit.end > record.now;
    let mut exact = when::iso(visit.wall_start.date());
    exact.push('T');
    exact.push_str(&when::clock(visit.wall_start));
    let mut key = String::from("status.");
    key.push_str(visit.status.as_str());
    let status = words::by_key(lang, &key).unwrap_or_default();
    view! {
        <li>
            <a href=href class:past=!coming class:off=!stands(visit)>
                <time datetime=exact>
                    <b>{when::near(lang, visit.wall_start.date(), record.today)}</b>
                    {when::times(visit.wall_start, end)}
                </time>
                <span><b>{visit.treatment.clone()}</b>{visit.employee.clone()}</span>
                <Tag meaning=meaning(visit.status) text=status/>
                <Icon name="right"/>
            </a>
        </li>
    }
    .into_any()
}

fn meaning(status: Status) -> Meaning {
    match status {
        Status::Confirmed | Status::CheckedIn | Status::InProgress => Meaning::Positive,
        Status::Pending | Status::Held => Meaning::Info,
        Status::NoShow => Meaning::Attention,
        _ => Meaning::Neutral,
    }
}
