//! The rota: everybody's week, and drafts of another one that tell what they would do before they hold.

mod begin;
mod board;
mod draft;
mod effects;

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use platform::id::{EntityId, LocationId};
use ui::{Button, ButtonLink, Dialog, Heard, Lang, Page, Tone, use_lang, use_live, when};

use super::{
    may, plain,
    shown::{Shown, shown},
};
use crate::{
    rota_doors::{RotaPage, read_rota},
    words,
};
use draft::Planning;

/// Place, a date of the week, draft: all that is shown stands in the address.
type Asked = (Option<LocationId>, Option<NaiveDate>, Option<EntityId>);

/// The page.
pub fn page() -> AnyView {
    let query = use_query_map();
    let asked = move || {
        query.with(|query| {
            let place = query.get("at").and_then(|id| id.parse().ok());
            let date = query.get("week").and_then(|date| when::from_iso(&date));
            (place, date, query.get("draft").and_then(|id| id.parse().ok()))
        })
    };
    shown(asked, |(place, date, draft): Asked| read_rota(place, date, draft), content)
}

/// The address of a week.
fn href(place: LocationId, date: NaiveDate, draft: Option<EntityId>) -> String {
    let mut address = String::from("/dashboard/gabinet/rota?week=");
    address.push_str(&when::iso(date));
    address.push_str("&at=");
    address.push_str(&place.to_string());
    if let Some(draft) = draft {
        address.push_str("&draft=");
        address.push_str(&draft.to_string());
    }
    address
}

fn content(page: Shown<RotaPage>) -> AnyView {
    let lang = use_lang();
    let writes = may(gabinet::HOURS_WRITE);
    let planning = Planning::new(page);
    use_live().listen(move |heard| match heard {
        // What is typed here is not overtaken; saving it will tell.
        _ if planning.is_busy() => {}
        Heard::Changed(event) if !matches!(event.entity_type.as_str(), "resource" | "organization" | "gabinet:rota_draft") => {}
        _ => page.refresh(),
    });
    let beginning = RwSignal::new(false);
    let (place, first, today, draft) =
        page.value.with_untracked(|page| (page.location, page.rota.from, page.today, page.draft.as_ref().map(|draft| draft.id)));
    let last = first + Days::new(6);
    let begin = (writes && draft.is_none()).then(|| {
        view! { <Button tone=Tone::Primary icon="edit" on_press=move || beginning.set(true)>{words::plan_changes(lang)}</Button> }
    });
    let actions = move || view! { {walk(lang, place, first, today, draft)}{begin} };
    let drafts = plain::live(move || page.value.with(|page| open_drafts(lang, page)));
    let title = words::rota(lang);
    view! {
        <Title text=title/>
        <Page title=title lead=when::span(lang, first, last) actions=actions>
            <div class="rota-page">
                {drafts}
                {draft::banner(planning)}
                {board::view(planning)}
                {effects::view(planning)}
            </div>
        </Page>
        <Dialog open=beginning title=words::plan_changes(lang) class="narrow">
            {begin::form(page, beginning)}
        </Dialog>
    }
    .into_any()
}

/// To other weeks and places.
fn walk(lang: Lang, place: LocationId, first: NaiveDate, today: NaiveDate, draft: Option<EntityId>) -> AnyView {
    let me = app_platform::use_me();
    let places = me.with_untracked(|me| me.organization.as_ref().map(|work| work.locations.clone())).unwrap_or_default();
    let others = places.into_iter().filter(|other| other.id != place && other.active).map(|other| {
        view! { <ButtonLink icon="map-pin" href=href(other.id, first, draft)>{other.name}</ButtonLink> }
    });
    view! {
        {others.collect_view()}
        <ButtonLink icon="left" name=words::previous_week(lang) href=href(place, first - Days::new(7), draft)/>
        <ButtonLink href=href(place, today, draft)>{words::this_week(lang)}</ButtonLink>
        <ButtonLink icon="right" name=words::next_week(lang) href=href(place, first + Days::new(7), draft)/>
    }
    .into_any()
}

/// Links to what is being planned.
fn open_drafts(lang: Lang, page: &RotaPage) -> AnyView {
    if page.draft.is_some() || page.drafts.is_empty() {
        return ().into_any();
    }
    let links = page.drafts.iter().map(|draft| {
        let text = words::draft_of(lang, &draft.name, &when::day_month(lang, draft.from_date));
        view! { <li><a href=href(page.location, draft.from_date.max(page.rota.from), Some(draft.id))>{text}</a></li> }
    });
    view! { <nav class="rota-drafts" aria-label=words::drafts(lang)><h2>{words::drafts(lang)}</h2><ul>{links.collect_view()}</ul></nav> }
        .into_any()
}
