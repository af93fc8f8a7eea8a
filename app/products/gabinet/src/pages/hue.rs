//! A colour for a person, a room or a treatment: a few hues to choose from, each with a name.

use leptos::prelude::*;
use ui::{Lang, use_lang};

use crate::words;

/// The hues that are offered, and what they are called.
fn offered(lang: Lang) -> [(u16, &'static str); 12] {
    [
        (0, words::hue_pink(lang)),
        (30, words::hue_red(lang)),
        (60, words::hue_orange(lang)),
        (90, words::hue_yellow(lang)),
        (120, words::hue_lime(lang)),
        (150, words::hue_green(lang)),
        (180, words::hue_teal(lang)),
        (210, words::hue_cyan(lang)),
        (240, words::hue_azure(lang)),
        (270, words::hue_blue(lang)),
        (300, words::hue_violet(lang)),
        (330, words::hue_magenta(lang)),
    ]
}

/// A row of colours, one of them chosen; arrow keys go from one to the next.
#[component]
pub fn HuePicker(
    /// The hue as a number, 0–359.
    value: RwSignal<String>,
) -> AnyView {
    let lang = use_lang();
    let mut hues: Vec<(u16, &'static str)> = offered(lang).to_vec();
    // One chosen elsewhere keeps its place among them.
    if let Ok(own) = value.get_untracked().parse::<u16>()
        && hues.iter().all(|(hue, _)| *hue != own)
    {
        let at = hues.iter().position(|(hue, _)| *hue > own).unwrap_or(hues.len());
        hues.insert(at, (own, words::hue_own(lang)));
    }
    let swatches = hues
        .into_iter()
        .map(|(hue, name)| {
            let text = hue.to_string();
            let mut style = String::from("--hue:");
            style.push_str(&text);
            let own = text.clone();
            view! {
                <label class="swatch" style=style title=name>
                    <input
                        type="radio"
                        name="hue"
                        value=text.clone()
                        prop:checked=move || value.with(|value| *value == own)
                        on:change=move |_| value.set(text.clone())
                    />
                    <span class="visually-hidden">{name}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="hues">
            <legend>{words::colour(lang)}</legend>
            {swatches}
        </fieldset>
    }
    .into_any()
}
