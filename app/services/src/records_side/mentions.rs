//! Mentions as people type them, `@Jan Nowak`, and as they are kept, `[@Jan Nowak](user:…)`.

use platform::id::UserId;

/// A kept text as it is typed.
pub fn typed(kept: &str) -> String {
    let mut text = String::with_capacity(kept.len());
    let mut rest = kept;
    while let Some(open) = rest.find("[@") {
        let Some((name, after)) = rest.get(open + 1..).and_then(|inner| inner.split_once("](user:")) else { break };
        let Some((id, after)) = after.split_once(')') else { break };
        if name.contains(['\n', '[', ']']) || id.parse::<UserId>().is_err() {
            text.push_str(&rest[..open + 2]);
            rest = &rest[open + 2..];
            continue;
        }
        text.push_str(&rest[..open]);
        text.push_str(name);
        rest = after;
    }
    text.push_str(rest);
    text
}

/// A typed text as it is kept: the longest name that follows an `@` is the member's.
pub fn kept(typed: &str, members: &[(UserId, String)]) -> String {
    let mut text = String::with_capacity(typed.len());
    let mut rest = typed;
    while let Some(at) = rest.find('@') {
        let after = &rest[at + 1..];
        let before = rest[..at].chars().next_back();
        let free = before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '[');
        let found = members
            .iter()
            .filter(|(_, name)| !name.is_empty() && after.starts_with(name.as_str()))
            .filter(|(_, name)| !after[name.len()..].starts_with(char::is_alphanumeric))
            .max_by_key(|(_, name)| name.len());
        text.push_str(&rest[..at]);
        match found.filter(|_| free) {
            Some((id, name)) => {
                text.push_str("[@");
                text.push_str(name);
                text.push_str("](user:");
                text.push_str(&id.to_string());
                text.push(')');
                rest = &after[name.len()..];
            }
            None => {
                text.push('@');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// What is being typed after an `@` that ends the text before the caret: where it begins, in bytes, and what it is so far.
pub fn begun(before: &str) -> Option<(usize, &str)> {
    let at = before.rfind('@')?;
    let free = before[..at].chars().next_back().is_none_or(|letter| !letter.is_alphanumeric());
    let begun = &before[at + 1..];
    (free && begun.len() <= 60 && !begun.contains('\n')).then_some((at, begun))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_comes_back_as_it_was() {
        let (jan, anna, ann) = (UserId::new(), UserId::new(), UserId::new());
        let members = [(jan, "Jan Nowak".to_owned()), (anna, "Anna".to_owned()), (ann, "Anna Lis".to_owned())];
        let text = "@Jan Nowak, ask @Anna Lis (not jan@Anna.example nor @Annabel) or @nobody";
        let stored = kept(text, &members);
        assert_eq!(stored, format!("[@Jan Nowak](user:{jan}), ask [@Anna Lis](user:{ann}) (not jan@Anna.example nor @Annabel) or @nobody"));
        assert_eq!(typed(&stored), text);
        assert_eq!(kept(&stored, &members), stored);
        assert_eq!(typed("[@no](user:one) [@ [link](x)"), "[@no](user:one) [@ [link](x)");
    }

    #[test]
    fn a_mention_is_begun_by_an_at_and_not_by_an_address() {
        assert_eq!(begun("ask @Ja"), Some((4, "Ja")));
        assert_eq!(begun("@"), Some((0, "")));
        assert_eq!(begun("jan@ex"), None);
        assert_eq!(begun("@Jan\nand"), None);
    }
}
