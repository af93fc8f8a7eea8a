//! The bar at the top: where one works, what can be begun, who one is.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use platform::{module::ActivityType, session::Me};
use ui::{Icon, Live, Menu, use_lang, use_modules};

use super::{person::Person, places::Places};
use crate::{address, live::Connection, words};

/// The calendar's own path; new activities begin there.
const CALENDAR: &str = "/dashboard/calendar";

/// Menu button (on a phone), organization and location, what can be created, connection, person.
#[component]
pub fn Top(me: Signal<Me>, open: RwSignal<bool>, line: Live, searching: RwSignal<bool>) -> AnyView {
    let lang = use_lang();
    view! {
        <header class="top">
            <button
                type="button"
                class="button plain bare rail-toggle"
                aria-label=words::open_menu(lang)
                aria-controls="rail"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon name="menu"/>
            </button>
            <Places me=me/>
            <span class="spring"></span>
            <button type="button" class="button plain search-open" aria-keyshortcuts="Control+K" on:click=move |_| searching.set(true)>
                <Icon name="search"/>
                <span>{words::search_for(lang)}</span>
                <kbd aria-hidden="true">"Ctrl K"</kbd>
            </button>
            <Connection live=line/>
            <New me=me/>
            <Person me=me/>
        </header>
    }
    .into_any()
}

/// What this person may put on the calendar, products' own types first.
#[component]
fn New(me: Signal<Me>) -> AnyView {
    let lang = use_lang();
    let modules = use_modules();
    let location = use_location();
    let types = move || {
        let mut types: Vec<(bool, &'static ActivityType)> = Vec::new();
        me.with(|me| {
            for module in modules.0 {
                let open = module.module.product.is_none_or(|product| me.has(product));
                let own = module.module.activity_types.iter().filter(|kind| open && kind.write.is_some_and(|right| me.can(right)));
                types.extend(own.map(|kind| (module.module.product.is_none(), kind)));
            }
        });
        platform::order::by_rank(&mut types, |(core, _)| i128::from(*core));
        types
    };
    let items = move || {
        let on_calendar = location.pathname.with(|path| path == CALENDAR);
        let search = if on_calendar { location.search.get() } else { String::new() };
        types()
            .into_iter()
            .map(|(_, kind)| {
                let href = address::with_parameter(CALENDAR, &search, "new", Some(kind.key));
                let mut style = String::from("--hue:");
                style.push_str(&kind.hue.to_string());
                view! {
                    <li>
                        <a href=href on:click=|_| close("new-menu")>
                            <i class="dot" style=style></i>
                            {modules.label(lang, kind.key).unwrap_or(kind.key)}
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    let button = view! { <Icon name="plus"/><span class="label">{words::new(lang)}</span> }.into_any();
    view! {
        <div class="new" hidden=move || types().is_empty()>
            <Menu id="new-menu" name=words::new(lang) button=button class="end primary">
                <ul class="menu-list">{items}</ul>
            </Menu>
        </div>
    }
    .into_any()
}

/// A way taken inside the page leaves the popover open; the browser only closes it for clicks elsewhere.
pub fn close(id: &str) {
    use wasm_bindgen::JsCast;
    let element = document().get_element_by_id(id);
    if let Some(popover) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = popover.hide_popover();
    }
}
