//! Small marks: a tag with a word, a face with initials.

use crate::{Icon, alert::Meaning};
use leptos::prelude::*;

/// A word with a meaning: a status, a package.
#[component]
pub fn Tag(
    /// What it means.
    #[prop(optional)]
    meaning: Meaning,
    /// An icon before the word.
    #[prop(optional)]
    icon: &'static str,
    /// The word.
    #[prop(into)]
    text: String,
) -> AnyView {
    let mut classes = String::from("tag ");
    classes.push_str(meaning.class());
    view! {
        <span class=classes>
            {(!icon.is_empty()).then(|| view! { <Icon name=icon/> })}
            {text}
        </span>
    }
    .into_any()
}

/// A face: initials on a quiet colour. Hidden from screen readers, for the name stands beside it.
#[component]
pub fn Avatar(
    /// Whose.
    #[prop(into)]
    name: String,
    /// Hue, 0–359; by the name if left out.
    #[prop(optional, into)]
    hue: Option<u16>,
    /// Further classes: `large`.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let hue = hue.unwrap_or_else(|| hue_of(&name));
    let mut style = String::from("--hue:");
    style.push_str(&hue.to_string());
    let mut classes = String::from("face ");
    classes.push_str(class);
    // Drawn by the style sheet: as text they would have to be part of the name of a button that shows a face.
    view! { <span class=classes style=style data-letters=initials(&name) aria-hidden="true"></span> }.into_any()
}

/// At most two letters: of the first and of the last name. Titles (`Dr`, `lek.`) are no names.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter(|word| !is_title(word));
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    crate::letters::upper(&first.into_iter().chain(last).collect::<String>())
}

fn is_title(word: &str) -> bool {
    word.ends_with('.') || matches!(word, "Dr" | "dr" | "Prof" | "Mr" | "Mrs" | "Ms")
}

/// A colour for a name: the same on every screen and every server.
pub fn hue_of(name: &str) -> u16 {
    let sum = name.bytes().fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    (sum % 36) as u16 * 10
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_leave_out_titles_and_middle_names() {
        assert_eq!(initials("Dr Marta Lis"), "ML");
        assert_eq!(initials("Anna Maria Żak"), "AŻ");
        assert_eq!(initials("lek. med. Ola"), "O");
        assert_eq!(initials(""), "");
    }
}
