//! What somebody else has written into the fields that are being changed here.

use leptos::prelude::*;
use ui::{Button, Icon, use_lang};

use super::{Clash, Sheet};
use crate::{pages::plain::live, words};

/// Their texts, each with a button that takes it; nothing while there is no clash.
#[component]
pub fn Clashes(
    /// The fields.
    sheet: Sheet,
) -> AnyView {
    let lang = use_lang();
    let row = move |clash: Clash| {
        let name = clash.name;
        let theirs = clash.theirs.clone();
        let take = move || {
            sheet.field(name).set(theirs.clone());
            sheet.clashes.update(|clashes| clashes.retain(|other| other.name != name));
        };
        let said = match (clash.plain, clash.theirs.is_empty()) {
            (true, true) => Some(words::left_empty(lang).to_owned()),
            (true, false) => Some(clash.theirs),
            (false, _) => None,
        };
        view! {
            <li>
                <span><b>{clash.label}</b>{said.map(|said| view! { ": "<q>{said}</q> })}</span>
                <Button name=words::take_theirs_of(lang, clash.label) on_press=take>{words::take_theirs(lang)}</Button>
            </li>
        }
        .into_any()
    };
    let content = live(move || {
        let clashes = sheet.clashes.get();
        if clashes.is_empty() {
            return ().into_any();
        }
        let rows: Vec<AnyView> = clashes.into_iter().map(row).collect();
        view! {
            <div class="clashes alert attention">
                <Icon name="warning"/>
                <div>
                    <p>{words::changed_by_another(lang)}</p>
                    <ul>{rows}</ul>
                </div>
            </div>
        }
        .into_any()
    });
    view! { <div role="status">{content}</div> }.into_any()
}
