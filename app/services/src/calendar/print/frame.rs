//! What stands around the sheets on the screen, and the head that each sheet has.

use super::{Paper, Printed, What};
use crate::{
    calendar::{axis::clock, place::Span},
    words,
};
use chrono::NaiveDate;
use leptos::{prelude::*, tachys::view::RenderHtml};
use ui::when;

/// The whole document. Only its sheets are printed; the bar is for the screen.
pub fn document(printed: &Printed<'_>, sheets: AnyView) -> String {
    let lang = printed.lang;
    let title = match printed.asked.what {
        What::Day => words::print_day_sheets(lang),
        What::Week => words::print_week_rota(lang),
    };
    let page = view! {
        <html lang=lang.code() class=class(printed)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>{[title, when::date(lang, printed.date).as_str()].join(" · ")}</title>
                <link rel="stylesheet" href=format!("/{}/print.css", printed.package)/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <script src="/print.js" defer="defer"></script>
            </head>
            <body>
                {bar(printed, title)}
                <main id="main">{sheets}</main>
            </body>
        </html>
    };
    ["<!doctype html>", &page.to_html()].concat()
}

/// The week lies on its side: seven days are wider than they are tall.
fn class(printed: &Printed<'_>) -> &'static str {
    match (printed.paper, printed.asked.what) {
        (Paper::A4, What::Day) => "is-a4",
        (Paper::A4, What::Week) => "is-a4-wide",
        (Paper::Letter, What::Day) => "is-letter",
        (Paper::Letter, What::Week) => "is-letter-wide",
    }
}

/// Back to the calendar, another day, another paper, and the printer.
fn bar(printed: &Printed<'_>, title: &'static str) -> AnyView {
    let lang = printed.lang;
    let what = printed.asked.what;
    let span = match what {
        What::Day => Span::Day,
        What::Week => Span::Week,
    };
    let to = |what: What, date: NaiveDate, paper: Paper| href(printed, what, date, paper);
    let (earlier, later) = match what {
        What::Day => (words::previous_day(lang), words::next_day(lang)),
        What::Week => (words::previous_week(lang), words::next_week(lang)),
    };
    let whats = [(What::Day, words::print_day_sheets(lang)), (What::Week, words::print_week_rota(lang))]
        .map(|(other, text)| link(to(other, printed.date, printed.paper), text, other == what));
    let papers = [(Paper::A4, "A4"), (Paper::Letter, "Letter")]
        .map(|(paper, text)| link(to(what, printed.date, paper), text, paper == printed.paper));
    let back = format!("/dashboard/calendar?date={}&location={}", printed.date, printed.view.location.id);
    view! {
        <header class="bar">
            <a href=back>{words::print_back(lang)}</a>
            <h1>{title}</h1>
            <nav aria-label=words::print_which_day(lang)>
                {link(to(what, span.step(printed.date, false), printed.paper), earlier, false)}
                {link(to(what, span.step(printed.date, true), printed.paper), later, false)}
            </nav>
            <nav aria-label=words::print_what(lang)>{whats}</nav>
            <nav aria-label=words::print_paper(lang)>{papers}</nav>
            <button type="button" data-print="">{words::print_now(lang)}</button>
        </header>
    }
    .into_any()
}

fn link(href: String, text: &'static str, on: bool) -> AnyView {
    view! { <a href=href aria-current=on.then_some("true")>{text}</a> }.into_any()
}

fn href(printed: &Printed<'_>, what: What, date: NaiveDate, paper: Paper) -> String {
    let word = match what {
        What::Day => "day",
        What::Week => "week",
    };
    let location = printed.view.location.id;
    let mut href = format!("/dashboard/calendar/print?what={word}&date={date}&location={location}&paper={}", paper.as_str());
    if let (Some(of), What::Day) = (printed.asked.of, what) {
        href.push_str(&format!("&of={of}"));
    }
    href
}

/// A sheet's head: whose it is and of when, and who printed it when, for paper is out of date the moment it is printed.
pub fn head(printed: &Printed<'_>, whose: String, when: String, facts: String) -> AnyView {
    let lang = printed.lang;
    let view = printed.view;
    let clinic = printed.me.organization.as_ref().map(|place| place.name.as_str()).unwrap_or_default();
    let mut place = clinic.to_owned();
    if !view.location.name.is_empty() && view.location.name != clinic {
        place.push_str(" · ");
        place.push_str(&view.location.name);
    }
    // Of another day than its sheet is printed, the time alone would mislead.
    let mut at = clock(&view.zone, view.now);
    if view.zone.date(view.now) != printed.date {
        at = [when::day_short(lang, view.zone.date(view.now)), at].join(", ");
    }
    view! {
        <header class="head">
            <p class="clinic">{place}</p>
            <p class="printed">{words::print_by(lang, &at, &printed.me.name)}</p>
            <h2>{whose}</h2>
            <p class="when">{when}</p>
            <p class="facts">{facts}</p>
        </header>
    }
    .into_any()
}
