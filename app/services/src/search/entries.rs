//! What the box lists: records, pages, things to begin.

use app_platform::session::use_me;
use leptos::prelude::*;
use platform::module::ActivityType;
use services::search::Hit;
use ui::{Lang, Modules, letters::fold, use_modules};

use crate::words;

/// What sort of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Opened lately.
    Recent,
    Records,
    Pages,
    /// Something new.
    Actions,
}

impl Group {
    /// Its heading.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Recent => words::search_recent(lang),
            Self::Records => words::search_records(lang),
            Self::Pages => words::search_pages(lang),
            Self::Actions => words::search_actions(lang),
        }
    }
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub group: Group,
    pub icon: String,
    pub title: String,
    /// What tells it from its namesakes.
    pub detail: String,
    /// What it is, in one word: “Patient”.
    pub kind: String,
    /// Where it leads.
    pub path: String,
}

impl Entry {
    /// A record that was found.
    pub fn record(modules: Modules, lang: Lang, hit: Hit) -> Self {
        let kind = modules.label(lang, &hit.record.entity_type).unwrap_or_default().to_owned();
        Self { group: Group::Records, icon: hit.record.icon, title: hit.record.title, detail: hit.detail, kind, path: hit.record.path }
    }
}

/// The pages this person may open, and what they may begin.
pub fn fixed(lang: Lang) -> Vec<Entry> {
    let me = use_me();
    let modules = use_modules().0;
    let open = modules.iter().filter(|module| module.module.product.is_none_or(|product| me.with_untracked(|me| me.has(product))));
    let (mut pages, mut actions) = (Vec::new(), Vec::new());
    for module in open {
        let label = |key: &'static str| (module.label)(lang, key).unwrap_or(key).to_owned();
        for page in module.module.navigation.iter().filter(|page| me.with_untracked(|me| me.can(page.permission))) {
            let (title, icon, path) = (label(page.key), page.icon.to_owned(), page.path.to_owned());
            pages.push(Entry { group: Group::Pages, icon, title, detail: String::new(), kind: String::new(), path });
        }
        let makeable = |kind: &&ActivityType| kind.write.is_some_and(|right| me.with_untracked(|me| me.can(right)));
        for kind in module.module.activity_types.iter().filter(makeable) {
            let path = ["/dashboard/calendar?new=", &kind.key.replace(':', "%3A")].concat();
            let (title, icon) = (words::search_new(lang, &label(kind.key)), kind.icon.to_owned());
            actions.push(Entry { group: Group::Actions, icon, title, detail: String::new(), kind: String::new(), path });
        }
    }
    pages.extend(actions);
    pages
}

/// Those with every word of the needle somewhere in their title, whatever the case and the marks on the letters.
pub fn matching(entries: &[Entry], needle: &str) -> Vec<Entry> {
    let needle = fold(needle);
    let matches = |entry: &&Entry| {
        let title = fold(&entry.title);
        needle.split_whitespace().all(|word| title.contains(word))
    };
    entries.iter().filter(matches).cloned().collect()
}
