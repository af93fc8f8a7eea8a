//! Markdown to HTML that may be shown to anybody, and what stands in it: mentions and items of checklists.

use std::{collections::BTreeSet, sync::LazyLock};

use ammonia::Builder;
use platform::id::UserId;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

/// A note as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Safe to show.
    pub html: String,
    /// Items of its checklists.
    pub items: u32,
    /// Those that are done.
    pub done: u32,
}

fn options() -> Options {
    Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES
}

/// What may stand in a note. Everything else is taken out, whatever the parser has made of it: the filter does not
/// trust the parser, and the parser has been told not to trust the writer.
static FILTER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut filter = Builder::empty();
    filter
        .tags(
            [
                "p",
                "br",
                "strong",
                "em",
                "del",
                "a",
                "ul",
                "ol",
                "li",
                "code",
                "pre",
                "blockquote",
                "h3",
                "h4",
                "h5",
                "h6",
                "hr",
                "table",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
                "input",
                "span",
            ]
            .into(),
        )
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .tag_attributes(
            [
                ("a", ["href", "title"].into()),
                ("input", ["type", "checked", "data-item", "aria-label"].into()),
                ("ol", ["start"].into()),
                ("span", ["class"].into()),
            ]
            .into(),
        )
        .tag_attribute_values([("input", [("type", ["checkbox"].into())].into()), ("span", [("class", ["mention"].into())].into())].into())
        .link_rel(Some("noopener noreferrer nofollow"));
    filter
});

/// How many quotations and lists may stand within each other.
const DEEPEST: usize = 32;

/// Whether more stand within each other than anybody writes: the parser's time grows with the square of them.
pub(super) fn is_too_deep(text: &str) -> bool {
    text.lines().any(|line| {
        let mut rest = line.trim_start();
        let mut depth = 0;
        loop {
            let number = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
            let item = |after: &str| after.starts_with([' ', '\t']);
            rest = match rest.chars().next() {
                Some('>') => &rest[1..],
                Some('-' | '+' | '*') if item(&rest[1..]) => &rest[1..],
                Some('0'..='9') if number.starts_with(['.', ')']) && item(&number[1..]) => &number[1..],
                _ => return depth > DEEPEST,
            };
            rest = rest.trim_start();
            depth += 1;
        }
    })
}

/// Renders a note. HTML in it is text; images are their words; headings begin at the third level, below those of the page.
pub fn html(text: &str) -> Rendered {
    let (mut items, mut done) = (0, 0);
    let mut in_mention = false;
    let all: Vec<Event<'_>> = Parser::new_ext(text, options()).collect();
    let events = all.iter().cloned().enumerate().filter_map(|(place, event)| {
        Some(match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => return None,
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
            Event::Start(Tag::Heading { level, .. }) => Event::Html(format!("<h{}>", (level as u8 + 2).min(6)).into()),
            Event::End(TagEnd::Heading(level)) => Event::Html(format!("</h{}>", (level as u8 + 2).min(6)).into()),
            Event::Start(Tag::Link { dest_url, .. }) if user(&dest_url).is_some() => {
                in_mention = true;
                Event::InlineHtml("<span class=\"mention\">".into())
            }
            Event::End(TagEnd::Link) if in_mention => {
                in_mention = false;
                Event::InlineHtml("</span>".into())
            }
            Event::TaskListMarker(ticked) => {
                let item = items;
                items += 1;
                done += u32::from(ticked);
                let checked = if ticked { " checked" } else { "" };
                let label = label(all.get(place + 1..).unwrap_or_default());
                Event::InlineHtml(CowStr::from(format!("<input type=\"checkbox\" data-item=\"{item}\" aria-label=\"{label}\"{checked}> ")))
            }
            // A line that was broken by its writer stays broken.
            Event::SoftBreak => Event::HardBreak,
            other => other,
        })
    });
    let mut raw = String::with_capacity(text.len() * 2);
    pulldown_cmark::html::push_html(&mut raw, events);
    Rendered { html: FILTER.clean(&raw).to_string(), items, done }
}

/// What an item says up to the end of its line, as it may stand in an attribute: the name of its tick.
fn label(rest: &[Event<'_>]) -> String {
    let mut words = String::new();
    for event in rest {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(text),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. }) => {}
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => {}
            _ => break,
        }
    }
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The members a note mentions, by `[@name](user:id)`.
pub fn mentions(text: &str) -> BTreeSet<UserId> {
    let links = Parser::new_ext(text, options()).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => user(&dest_url),
        _ => None,
    });
    links.collect()
}

fn user(address: &str) -> Option<UserId> {
    address.strip_prefix("user:")?.parse().ok()
}

/// The note with one item of its checklists ticked or not; none if it has no such item.
pub fn tick(text: &str, item: u32, done: bool) -> Option<String> {
    let markers = Parser::new_ext(text, options()).into_offset_iter().filter(|(event, _)| matches!(event, Event::TaskListMarker(_)));
    let (_, range) = markers.into_iter().nth(usize::try_from(item).ok()?)?;
    let open = text.get(range.clone())?.find('[')?;
    let at = range.start + open + 1;
    let mut ticked = String::with_capacity(text.len());
    ticked.push_str(text.get(..at)?);
    ticked.push(if done { 'x' } else { ' ' });
    ticked.push_str(text.get(at + 1..)?);
    Some(ticked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_nobody_would_nest_by_hand_is_too_deep() {
        for (bomb, fine) in [(">".repeat(19_000), ">> a\n> b"), ("> - ".repeat(400), "- - - a"), ("1. ".repeat(400), "2026. 1. a")] {
            assert!(is_too_deep(&bomb) && is_too_deep(&format!("a\n\n  {bomb}b")), "{bomb:.20}");
            assert!(!is_too_deep(fine), "{fine}");
        }
        assert!(!is_too_deep(&"-".repeat(1_000)) && !is_too_deep(&"*".repeat(1_000)) && !is_too_deep(&"1".repeat(1_000)));
    }

    #[test]
    fn markdown_is_rendered_and_html_in_it_is_text() {
        assert_eq!(html("**Bold** and <b>not</b>").html, "<p><strong>Bold</strong> and &lt;b&gt;not&lt;/b&gt;</p>\n");
        assert_eq!(html("# Title").html, "<h3>Title</h3>");
        assert!(!html("![x](https://a.example/x.png)").html.contains("<img"));
    }

    #[test]
    fn an_address_that_runs_something_leads_nowhere() {
        for text in ["[x](javascript:alert(1))", "[x](data:text/html,hi)", "<javascript:alert(1)>", "[x](JaVaScRiPt:alert(1))"] {
            assert!(!html(text).html.to_lowercase().contains("href=\"j") && !html(text).html.contains("href=\"d"), "{text}");
        }
        assert!(html("[x](https://a.example)").html.contains("href=\"https://a.example\""));
    }

    #[test]
    fn a_mention_is_found_and_shown_without_its_id() {
        let jan = UserId::new();
        let text = format!("Ask [@Jan Nowak](user:{jan}) today, not [him](user:nobody)");
        assert_eq!(mentions(&text), BTreeSet::from([jan]));
        let shown = html(&text).html;
        assert!(shown.contains("<span class=\"mention\">@Jan Nowak</span>") && !shown.contains(&jan.to_string()), "{shown}");
    }

    #[test]
    fn an_item_is_ticked_where_it_stands() {
        let text = "Before\n\n- [ ] one\n- [x] two\n  - [ ] inner\n\n[ ] none\n\n```\n- [ ] code\n```\n";
        let rendered = html(text);
        assert_eq!((rendered.items, rendered.done), (3, 1));
        let ticked = tick(text, 2, true).unwrap();
        assert_eq!(ticked, text.replace("- [ ] inner", "- [x] inner"));
        assert_eq!(tick(&ticked, 2, false).as_deref(), Some(text));
        assert_eq!(tick(text, 3, true), None);
    }

    proptest! {
        #[test]
        fn nothing_that_is_written_becomes_more_than_the_allowed_tags(text in "[-a-z<>/\"'=()\\[\\]!:#*`&; \\n]{0,200}") {
            let shown = html(&text).html.to_lowercase();
            for tag in shown.split('<').skip(1) {
                let name: String = tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
                prop_assert!(FILTER.clone_tags().contains(name.as_str()), "{name} in {shown}");
            }
        }

        #[test]
        fn ticking_changes_one_letter_and_the_count_by_one(done in prop::collection::vec(any::<bool>(), 1..12), pick in any::<prop::sample::Index>()) {
            let text: String = done.iter().enumerate().map(|(n, done)| format!("- [{}] item {n}\n", if *done { 'x' } else { ' ' })).collect();
            let item = pick.index(done.len());
            let other = tick(&text, u32::try_from(item).unwrap(), !done[item]).unwrap();
            prop_assert_eq!(other.len(), text.len());
            prop_assert_eq!(html(&other).items as usize, done.len());
            let before = done.iter().filter(|done| **done).count();
            prop_assert_eq!(html(&other).done as usize, if done[item] { before - 1 } else { before + 1 });
        }
    }
}
