//! What the products show of a human, and what can be begun with them.

use app_platform::use_me;
use leptos::prelude::*;
use services::persons::PersonCard;
use ui::{ButtonLink, Lang, ModuleUi, PersonUi, Tone, use_modules, when};

use super::list::role_name;

/// What those modules add that hold something of this human; whoever may not know of it was not told, and sees no part.
fn shown(card: &PersonCard) -> Vec<(&'static ModuleUi, &'static PersonUi)> {
    let of = |module: &'static ModuleUi| Some((module, module.person.as_ref()?));
    let holds = |module: &ModuleUi, part: &PersonUi| card.held.iter().any(|held| held.module == module.module.id && held.role == part.role);
    use_modules().0.iter().copied().filter_map(of).filter(|(module, part)| holds(module, part)).collect()
}

/// What can be begun, for the top of the page.
pub(super) fn begin(lang: Lang, card: &PersonCard) -> AnyView {
    let ways = shown(card).into_iter().filter_map(|(module, part)| {
        let way = part.begin.filter(|way| use_me().with_untracked(|me| me.can(way.permission)))?;
        let text = (module.label)(lang, way.key).unwrap_or(way.key);
        let href = [way.href, &card.id.to_string()].concat();
        Some(view! { <ButtonLink tone=Tone::Primary icon=way.icon href=href>{text}</ButtonLink> })
    });
    ways.collect_view().into_any()
}

/// The modules' own parts.
pub(super) fn parts(card: &PersonCard, changed: Callback<()>) -> AnyView {
    shown(card).into_iter().map(|(_, part)| (part.part)(card.id, changed)).collect_view().into_any()
}

/// What products hold and tell that show no part of their own for it, under the product's name.
pub(super) fn told(lang: Lang, card: &PersonCard) -> AnyView {
    let modules = use_modules();
    let own = shown(card);
    let apart = |module: &str| own.iter().find(|(shown, _)| shown.module.id == module).map(|(_, part)| part.role);
    let held: Vec<_> = card.held.iter().filter(|held| apart(&held.module) != Some(held.role.as_str())).collect();
    let facts: Vec<_> = card.facts.iter().filter(|fact| apart(&fact.module).is_none()).collect();
    let mut names: Vec<&str> = Vec::new();
    for name in held.iter().map(|held| held.module.as_str()).chain(facts.iter().map(|fact| fact.module.as_str())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let label = |key: &str| modules.label(lang, key).map_or_else(|| key.to_owned(), str::to_owned);
    let section = |name: &&str| {
        let held = held.iter().filter(|held| held.module == **name).map(|held| {
            let text = [role_name(lang, &held.role), ": ".into(), held.title.clone()].concat();
            view! { <li><a href=held.path.clone()>{text}</a>" "<small>{label(&held.reason)}</small></li> }
        });
        let facts = facts.iter().filter(|fact| fact.module == **name).map(|fact| {
            let text = match fact.wall {
                Some(wall) => [when::date(lang, wall.date()), ", ".into(), when::clock(wall)].concat(),
                None => fact.text.clone(),
            };
            let text = match fact.path.clone() {
                Some(path) => view! { <a href=path>{text}</a> }.into_any(),
                None => text.into_any(),
            };
            view! { <div><dt>{label(&fact.key)}</dt><dd>{text}</dd></div> }
        });
        view! {
            <section>
                <h2>{label(name)}</h2>
                <ul>{held.collect_view()}</ul>
                <dl class="object-facts">{facts.collect_view()}</dl>
            </section>
        }
    };
    names.iter().map(section).collect_view().into_any()
}
