//! The rail on the left: what this person can open, by product, drawn from the registries.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use platform::{module::Navigation, permission::Permission, session::Me};
use ui::{Icon, ModuleUi, Modules, use_lang, use_modules};

use crate::words;

/// The module that this crate belongs to; its pages are the settings.
const SETTINGS: &str = platform::MODULE.id;

/// Brand, core, one section per subscribed product, what is locked, and settings.
#[component]
pub fn Rail(me: Signal<Me>, open: RwSignal<bool>) -> AnyView {
    let lang = use_lang();
    let modules = use_modules().0;
    let brand = move || me.with(|me| me.organization.as_ref().map_or_else(|| "Atrium".into(), |place| place.name.clone()));
    let core = move || {
        modules
            .iter()
            .filter(|module| module.module.product.is_none() && module.module.id != SETTINGS)
            .flat_map(|module| links(me, module))
            .collect_view()
    };
    let products = move || {
        modules
            .iter()
            .filter_map(|module| Some((module, module.module.product?)))
            .filter(|(_, product)| me.with(|me| me.has(product)))
            .filter_map(|(module, product)| {
                let entries = links(me, module);
                (!entries.is_empty())
                    .then(|| view! { <section aria-label=name(module, product)><h2>{name(module, product)}</h2>{entries}</section> })
            })
            .collect_view()
    };
    let locked = move || {
        let entries: Vec<AnyView> = modules
            .iter()
            .filter_map(|module| Some((module, module.module.product?)))
            .filter(|(_, product)| me.with(|me| me.organization.is_some() && !me.has(product)))
            .map(|(module, product)| {
                let mut href = String::from("/dashboard/upgrade/");
                href.push_str(product);
                entry(href, "lock", name(module, product), true)
            })
            .collect();
        (!entries.is_empty()).then(|| view! { <section aria-label=words::more(lang)><h2>{words::more(lang)}</h2>{entries}</section> })
    };
    // One entry for all settings: the first page this person may see leads to the others.
    let settings = move || {
        let page = modules
            .iter()
            .find(|module| module.module.id == SETTINGS)?
            .module
            .navigation
            .iter()
            .find(|page| allowed(me, page.permission))?;
        Some(entry(page.path.into(), "settings", words::settings(lang), false))
    };
    view! {
        <nav class="rail" id="rail" aria-label=words::main_navigation(lang)>
            <div class="brand">
                <span class="mark"><Icon name="atrium"/></span>
                <span class="brand-name">{brand}</span>
                <button type="button" class="button plain bare rail-close" aria-label=words::close_menu(lang) on:click=move |_| open.set(false)>
                    <Icon name="close"/>
                </button>
            </div>
            <section class="rail-core">{core}</section>
            {products}
            {locked}
            <section class="rail-settings">{settings}</section>
            // Room for the calendar's small month, which stands in the calendar's own part of the document.
            <div class="rail-foot" id="rail-foot"></div>
        </nav>
        <div class="rail-veil" on:click=move |_| open.set(false)></div>
    }
    .into_any()
}

fn allowed(me: Signal<Me>, permission: Permission) -> bool {
    me.with(|me| me.can(permission))
}

/// What a product is called; its id where nobody has named it.
fn name(module: &ModuleUi, product: &'static str) -> &'static str {
    (module.label)(use_lang(), product).unwrap_or(product)
}

fn links(me: Signal<Me>, module: &'static ModuleUi) -> Vec<AnyView> {
    let lang = use_lang();
    let entries = module.module.navigation.iter().filter(|page| allowed(me, page.permission));
    entries.map(|page: &Navigation| entry(page.path.into(), page.icon, (module.label)(lang, page.key).unwrap_or(page.key), false)).collect()
}

/// Where records of that type are shown.
fn shown_at(modules: Modules, kind: &str) -> Option<&'static str> {
    let kinds = modules.0.iter().flat_map(|module| module.module.entity_types);
    kinds.into_iter().find(|own| own.key == kind.replace("%3A", ":")).map(|own| own.path)
}

fn entry(href: String, icon: &'static str, label: &'static str, locked: bool) -> AnyView {
    let path = use_location().pathname;
    let own = href.clone();
    let settings = "/dashboard/settings/";
    let modules = use_modules();
    let here = move || {
        path.with(|path| {
            // A list of records belongs where one of them is shown.
            let path = path.strip_prefix("/dashboard/lists/").and_then(|kind| shown_at(modules, kind)).unwrap_or(path);
            let below = path.strip_prefix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            below || own.starts_with(settings) && path.starts_with(settings)
        })
    };
    view! {
        <a href=href class:locked=locked title=label aria-current=move || here().then_some("page")>
            <Icon name=icon/>
            <span>{label}</span>
        </a>
    }
    .into_any()
}
