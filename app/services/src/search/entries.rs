//! What the box lists: records, pages, things to begin.

use app_platform::session::use_me;
use leptos::prelude::*;
use platform::module::ActivityType;
use services::{persons::lifecycle::PersonAlert, search::Hit};
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
    /// Other words by which it is looked for.
    pub also: String,
    /// What must not be overlooked about it, if it is a person. Not kept in the browser with what was opened lately.
    pub alerts: Vec<PersonAlert>,
}

impl Entry {
    /// A record that was found.
    pub fn record(modules: Modules, lang: Lang, hit: Hit) -> Self {
        let kind = modules.label(lang, &hit.record.entity_type).unwrap_or_default().to_owned();
        Self {
            group: Group::Records,
            icon: hit.record.icon,
            title: hit.record.title,
            detail: hit.detail,
            kind,
            path: hit.record.path,
            also: String::new(),
            alerts: hit.alerts,
        }
    }

    /// Whether that is just what it is called, whatever the case and the marks on the letters.
    pub fn is_called(&self, needle: &str) -> bool {
        fold(&self.title).trim() == fold(needle).trim()
    }
}

/// What this person may begin, and the pages they may open.
pub fn fixed(lang: Lang) -> Vec<Entry> {
    let me = use_me();
    let modules = use_modules().0;
    let open = modules.iter().filter(|module| module.module.product.is_none_or(|product| me.with_untracked(|me| me.has(product))));
    let (mut pages, mut actions) = (Vec::new(), Vec::new());
    for module in open {
        let label = |key: &'static str| (module.label)(lang, key).unwrap_or(key).to_owned();
        for page in module.module.navigation.iter().filter(|page| me.with_untracked(|me| me.can(page.permission))) {
            let (title, icon, path) = (label(page.key), page.icon.to_owned(), page.path.to_owned());
            pages.push(plain(Group::Pages, icon, title, path, String::new()));
        }
        let makeable = |kind: &&ActivityType| kind.write.is_some_and(|right| me.with_untracked(|me| me.can(right)));
        for kind in module.module.activity_types.iter().filter(makeable) {
            let path = ["/dashboard/calendar?new=", &kind.key.replace(':', "%3A")].concat();
            // A module may call it by a verb: “Book a visit”.
            let new = words::search_new(lang, &label(kind.key));
            let verb = (module.label)(lang, &["make.", kind.key].concat()).map(str::to_owned);
            let also = [new.as_str(), words::search_make(lang)].join(" ");
            let (title, icon) = (verb.unwrap_or(new), kind.icon.to_owned());
            actions.push(plain(Group::Actions, icon, title, path, also));
        }
    }
    actions.extend(pages);
    actions
}

fn plain(group: Group, icon: String, title: String, path: String, also: String) -> Entry {
    Entry { group, icon, title, detail: String::new(), kind: String::new(), path, also, alerts: Vec::new() }
}

/// Those with every word of the needle somewhere in their title, whatever the case and the marks on the letters.
pub fn matching(entries: &[Entry], needle: &str) -> Vec<Entry> {
    let needle = fold(needle);
    let matches = |entry: &&Entry| {
        let mut known = fold(&entry.title);
        known.push(' ');
        known.push_str(&fold(&entry.also));
        needle.split_whitespace().all(|word| known.contains(word))
    };
    entries.iter().filter(matches).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_begun_is_found_by_its_verb_and_by_other_words_for_it() {
        let entry = |title: &str, also: &str| plain(Group::Actions, String::new(), title.into(), String::new(), also.into());
        let entries = [entry("Umów wizytę", "Nowe: Wizyta zarezerwuj"), entry("Pacjenci", "")];
        for needle in ["umow", "wizyta", "zarez", "nowe wiz"] {
            assert_eq!(matching(&entries, needle).len(), 1, "{needle}");
        }
        assert!(matching(&entries, "faktura").is_empty());
        assert!(entries[1].is_called("pacjenci ") && !entries[1].is_called("pacjen"));
    }
}
