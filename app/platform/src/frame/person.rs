//! The person's menu: language, theme, density, sessions, signing out.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use platform::session::Me;
use ui::{Avatar, Choice, Icon, Lang, Menu, Segmented, use_lang};

use super::top::close;
use crate::{address, preferences, settings::role_name, words};

/// Who one is, and what this browser prefers.
#[component]
pub fn Person(me: Signal<Me>) -> AnyView {
    let lang = use_lang();
    let name = me.with_untracked(|me| me.name.clone());
    let role = move || me.with(|me| me.organization.as_ref().map(|place| role_name(lang, &place.role, None)));
    let button = view! { <Avatar name=name.clone()/> }.into_any();
    view! {
        <Menu id="person-menu" name=words::person_menu(lang, &name) button=button arrow=false class="plain end">
            <div class="menu-head">
                <strong>{name.clone()}</strong>
                <small>{move || me.with(|me| me.email.clone())}</small>
                <small>{role}</small>
            </div>
            <p class="menu-label" aria-hidden="true">{words::language(lang)}</p>
            <Language/>
            <Appearance/>
            <ul class="menu-list">
                <li>
                    <a href="/dashboard/settings/sessions" on:click=|_| close("person-menu")>
                        <Icon name="key"/>
                        {words::sessions(lang)}
                    </a>
                </li>
            </ul>
            <form method="post" action="/sign-out">
                <ul class="menu-list">
                    <li><button><Icon name="sign-out"/>{words::sign_out(lang)}</button></li>
                </ul>
            </form>
        </Menu>
    }
    .into_any()
}

/// Links that load the page anew in another language; they work without wasm.
#[component]
pub fn Language() -> AnyView {
    let lang = use_lang();
    let location = use_location();
    let links = Lang::ALL
        .map(|other| {
            let href = move || address::with_parameter(&location.pathname.get(), &location.search.get(), "lang", Some(other.code()));
            // Languages call themselves by their own names.
            view! { <a href=href rel="external" lang=other.code() hreflang=other.code() aria-current=(other == lang).then_some("true")>{other.name()}</a> }
        })
        .collect_view();
    view! { <nav class="languages" aria-label=words::language(lang)>{links}</nav> }.into_any()
}

/// Theme and density of this browser.
#[component]
fn Appearance() -> AnyView {
    let lang = use_lang();
    let now = preferences::current();
    let theme = RwSignal::new(String::from(now.theme));
    let density = RwSignal::new(String::from(now.density));
    let themes = vec![
        Choice::new("", words::theme_auto(lang)),
        Choice::new("light", words::theme_light(lang)),
        Choice::new("dark", words::theme_dark(lang)),
    ];
    let densities = vec![
        Choice::new("compact", words::density_compact(lang)),
        Choice::new("", words::density_comfortable(lang)),
        Choice::new("touch", words::density_touch(lang)),
    ];
    view! {
        <div class="appearance">
            // The groups below have these names already.
            <p class="menu-label" aria-hidden="true">{words::theme(lang)}</p>
            <Segmented
                label=words::theme(lang)
                choices=themes
                value=theme
                on_pick=move |value: String| {
                    preferences::set_theme(&value);
                    theme.set(value);
                }
            />
            <p class="menu-label" aria-hidden="true">{words::density(lang)}</p>
            <Segmented
                label=words::density(lang)
                choices=densities
                value=density
                on_pick=move |value: String| {
                    preferences::set_density(&value);
                    density.set(value);
                }
            />
        </div>
    }
    .into_any()
}
