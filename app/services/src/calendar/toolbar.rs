//! The bar above the grid. All of it are links, for all of it stands in the URL.

use super::{
    desk::Desk,
    hands::Ask,
    place::{Place, Span},
    when,
};
use crate::words;
use leptos::prelude::*;
use services::calendar::event::ResourceKind;
use ui::{Choice, Icon, Lang, Select};

/// The bar.
#[component]
pub fn Toolbar(
    /// The calendar.
    desk: Desk,
    /// Opens a dialog of the calendar.
    open: Callback<Ask>,
) -> impl IntoView {
    let lang = desk.lang;
    view! {
        <header class="calendar-bar">
            {move || steps(desk)}
            <h1>{move || title(desk)}</h1>
            <div class="calendar-choices">
                {move || spans(desk)}
                <div class="calendar-which">{move || which(desk)}</div>
            </div>
            <span class="calendar-tools">
                <button
                    type="button"
                    class="calendar-link"
                    aria-label=words::look(lang)
                    title=words::look(lang)
                    aria-pressed=move || desk.place.with(|place| if place.filter.is_empty() { "false" } else { "true" })
                    on:click=move |_| open.run(Ask::Look)
                >
                    <Icon name="filter"/>
                </button>
                <button type="button" class="calendar-link more" popovertarget=RARE aria-label=words::more_tools(lang) title=words::more_tools(lang)>
                    <Icon name="more"/>
                </button>
                <div class="calendar-rare" id=RARE popover="auto" role="group" aria-label=words::more_tools(lang)>
                    // What a narrow bar has no room for; where there is room, the style sheet leaves it out here.
                    <div class="calendar-seldom">{move || which(desk)}</div>
                    {move || tools(desk)}
                    <button type="button" class="calendar-link" on:click=move |_| open.run(Ask::Legend)>
                        <Icon name="info"/>
                        {words::legend(lang)}
                    </button>
                    <button type="button" class="calendar-link keys" on:click=move |_| open.run(Ask::Keys)>
                        <Icon name="keyboard"/>
                        {words::keys(lang)}
                    </button>
                </div>
            </span>
            {move || facts(desk)}
        </header>
    }
}

/// The date shown, or the one that was asked for while it loads.
pub fn shown_date(desk: Desk) -> Option<chrono::NaiveDate> {
    desk.place.with(|place| place.date).or_else(|| desk.loaded.get().map(|loaded| loaded.date))
}

fn title(desk: Desk) -> String {
    desk.loaded
        .get()
        .map(|loaded| {
            let view = &loaded.calendar;
            when::title(desk.lang, loaded.span, loaded.date, view.from, view.to)
        })
        .unwrap_or_default()
}

/// Today, back and on.
fn steps(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let place = desk.place.get();
    let Some(date) = shown_date(desk) else { return ().into_any() };
    let (back, on) = match place.span {
        Span::Day => (words::previous_day(lang), words::next_day(lang)),
        Span::Week | Span::Team | Span::Agenda => (words::previous_week(lang), words::next_week(lang)),
        Span::Fortnight => (words::previous_weeks(lang), words::next_weeks(lang)),
        Span::Month => (words::previous_month(lang), words::next_month(lang)),
    };
    let step = |forward| place.on(Some(place.span.step(date, forward))).href();
    view! {
        <a class="calendar-link is-framed" href=place.on(None).href()>{words::today(lang)}</a>
        <a class="calendar-link" rel="prev" href=step(false) aria-label=back title=back><Icon name="left"/></a>
        <a class="calendar-link" rel="next" href=step(true) aria-label=on title=on><Icon name="right"/></a>
    }
    .into_any()
}

/// The list of what a narrow bar has no room for.
const RARE: &str = "calendar-rare";

/// How much time is shown. From today's day to its week and back keeps the date that is looked at.
fn spans(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let place = desk.place.get();
    let spans = [
        (Span::Day, words::day(lang)),
        (Span::Week, words::week(lang)),
        (Span::Fortnight, words::fortnight(lang)),
        (Span::Team, words::team(lang)),
        (Span::Month, words::month(lang)),
        (Span::Agenda, words::agenda(lang)),
    ]
    .map(|(span, text)| (place.over(span).href(), text, place.span == span));
    choice(words::span_choice(lang), &spans)
}

/// Of which resources, where and of whom.
fn which(desk: Desk) -> AnyView {
    view! {
        {kind_choice(desk)}
        {locations(desk)}
        {members(desk)}
    }
    .into_any()
}

/// Which resources. A month and a list have no columns to choose.
fn kind_choice(desk: Desk) -> Option<AnyView> {
    let lang = desk.lang;
    let place = desk.place.get();
    (place.span.is_grid() || place.span == Span::Team).then(|| {
        let kinds = kinds(lang).map(|(kind, text)| (place.by(kind).href(), text, place.kind() == kind));
        choice(words::kind_choice(lang), &kinds)
    })
}

fn kinds(lang: Lang) -> [(ResourceKind, &'static str); 3] {
    [(ResourceKind::Staff, words::staff(lang)), (ResourceKind::Room, words::rooms(lang)), (ResourceKind::Device, words::devices(lang))]
}

fn choice(label: &'static str, choices: &[(String, &'static str, bool)]) -> AnyView {
    let links: Vec<_> =
        choices.iter().map(|(href, text, on)| view! { <a href=href.clone() aria-current=on.then_some("true")>{*text}</a> }).collect();
    view! { <nav class="calendar-choice" aria-label=label>{links}</nav> }.into_any()
}

/// Where, if there is more than one place.
fn locations(desk: Desk) -> Option<AnyView> {
    let loaded = desk.loaded.get()?;
    if loaded.locations.len() < 2 {
        return None;
    }
    let choices: Vec<Choice> = loaded.locations.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
    let value = RwSignal::new(loaded.calendar.location.id.to_string());
    let pick = move |chosen: String| {
        let place = desk.place.get_untracked().shut();
        desk.go(&Place { location: chosen.parse().ok(), of: None, ..place });
    };
    Some(view! { <Select choices=choices value=value label=words::location(desk.lang) on_change=move |chosen| pick(chosen)/> }.into_any())
}

/// Whose week.
fn members(desk: Desk) -> Option<AnyView> {
    let place = desk.place.get();
    let loaded = desk.loaded.get()?;
    if !matches!(place.span, Span::Week | Span::Fortnight) {
        return None;
    }
    let kind = place.kind();
    let lang = desk.lang;
    let all = match kind {
        ResourceKind::Staff => words::everybody(lang),
        ResourceKind::Room => words::all_rooms(lang),
        ResourceKind::Device => words::all_devices(lang),
    };
    let mut choices = vec![Choice::new("", all)];
    choices.extend(
        loaded
            .calendar
            .resources
            .iter()
            .filter(|resource| resource.kind == kind)
            .map(|resource| Choice::new(resource.id.to_string(), resource.name.clone())),
    );
    let value = RwSignal::new(place.of.map(|of| of.to_string()).unwrap_or_default());
    let pick = move |chosen: String| {
        let place = desk.place.get_untracked().shut();
        desk.go(&Place { of: chosen.parse().ok(), ..place });
    };
    Some(view! { <Select choices=choices value=value label=words::week_of(lang) on_change=move |chosen| pick(chosen)/> }.into_any())
}

/// What is chosen more seldom: paper, cancelled ones, and all entries of a week of many beside each other.
fn tools(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let place = desk.place.get();
    let cancelled = Place { cancelled: !place.cancelled, ..place.clone() }.href();
    let paper = paper(desk, &place);
    let many = matches!(place.span, Span::Week | Span::Fortnight) && place.of.is_none();
    let all = many.then(|| {
        let href = Place { all: !place.all, ..place.clone() }.href();
        switch(href, "overbooked", words::show_all(lang), place.all)
    });
    view! {
        <a class="calendar-link print" href=paper rel="external">
            <Icon name="print"/>
            {words::print(lang)}
        </a>
        {switch(cancelled, "block", words::show_cancelled(lang), place.cancelled)}
        {all}
    }
    .into_any()
}

/// A link that switches something on or off.
fn switch(href: String, icon: &'static str, text: &'static str, on: bool) -> AnyView {
    view! {
        <a class="calendar-link" href=href aria-current=on.then_some("true")>
            <Icon name=icon/>
            {text}
        </a>
    }
    .into_any()
}

/// The page that prints what is shown: a day's sheets, or the rota where whole weeks are.
fn paper(desk: Desk, place: &Place) -> String {
    let mut href = String::from("/dashboard/calendar/print?what=");
    href.push_str(if matches!(place.span, Span::Day | Span::Agenda) { "day" } else { "week" });
    if let Some(date) = shown_date(desk) {
        href.push_str("&date=");
        href.push_str(&date.to_string());
    }
    if let Some(location) = desk.loaded.with(|loaded| loaded.as_ref().map(|loaded| loaded.calendar.location.id)) {
        href.push_str("&location=");
        href.push_str(&location.to_string());
    }
    href
}

/// How many visits, and how many are still to be confirmed.
fn facts(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let (visits, open) = desk.scene.with(|scene| scene.as_ref().map_or((0, 0), |scene| (scene.visits, scene.unconfirmed)));
    view! {
        <p class="calendar-facts">
            <span><b>{visits}</b>" "{words::visits(lang, visits)}</span>
            <span><b>{open}</b>" "{words::to_confirm(lang)}</span>
        </p>
    }
    .into_any()
}
