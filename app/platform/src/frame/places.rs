//! Where one works: the organization, and the location whose calendar is shown.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use platform::session::Me;
use ui::{Icon, Menu, use_lang};

use super::top::close;
use crate::{address, words};

/// The switcher of organizations and locations. Switching the organization is a form that works without wasm.
#[component]
pub fn Places(me: Signal<Me>) -> AnyView {
    let lang = use_lang();
    let query = use_query_map();
    let location = use_location();
    let chosen = Memo::new(move |_| {
        let asked = query.with(|query| query.get("location"));
        me.with(|me| {
            let places = &me.organization.as_ref()?.locations;
            let found = places.iter().find(|place| asked.as_ref().is_some_and(|asked| *asked == place.id.to_string()));
            found.or_else(|| places.iter().find(|place| place.active)).or(places.first()).cloned()
        })
    });
    let label =
        move || chosen.with(|place| place.as_ref().map(|place| place.name.clone())).unwrap_or_else(|| words::no_location(lang).into());
    let locations = move || {
        let search = if location.pathname.with(|path| path == "/dashboard/calendar") { location.search.get() } else { String::new() };
        me.with(|me| {
            let places = me.organization.as_ref().map(|place| place.locations.clone()).unwrap_or_default();
            places
                .into_iter()
                .filter(|place| place.active)
                .map(|place| {
                    let here = chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.id == place.id));
                    let href = address::with_parameter("/dashboard/calendar", &search, "location", Some(&place.id.to_string()));
                    view! {
                        <li>
                            <a href=href aria-current=here.then_some("true") on:click=|_| close("places-menu")>
                                <Icon name="pin"/>
                                <span>{place.name}<small>{place.address}</small></span>
                                {here.then(|| view! { <Icon name="check"/> })}
                            </a>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    let organizations = move || {
        me.with(|me| {
            let here = me.organization.as_ref().map(|place| place.id);
            me.memberships
                .iter()
                .map(|membership| {
                    let current = here == Some(membership.organization);
                    view! {
                        <li>
                            <button name="organization" value=membership.organization.to_string() aria-current=current.then_some("true")>
                                <Icon name="building"/>
                                <span>{membership.name.clone()}</span>
                                {current.then(|| view! { <Icon name="check"/> })}
                            </button>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    let several = move || me.with(|me| me.memberships.len() > 1 || me.organization.is_none());
    // Its name begins with what is seen.
    let button = view! {
        <Icon name="pin"/>
        <span class="label">{label}</span>
        <span class="visually-hidden">": "{words::places(lang)}</span>
    }
    .into_any();
    view! {
        <Menu id="places-menu" button=button class="quiet start">
            <h2>{words::locations(lang)}</h2>
            <ul class="menu-list">{locations}</ul>
            <form method="post" action="/switch" hidden=move || !several()>
                <h2>{words::organizations(lang)}</h2>
                <ul class="menu-list">{organizations}</ul>
            </form>
        </Menu>
    }
    .into_any()
}
