//! The events of one column, written and taken over as a whole: a week has hundreds of them, and what a general view
//! costs for each attribute and text would be most of what the page costs. The browser reads the text of a whole column
//! at once; afterwards a change touches the nodes of the events that have changed and no others.

use crate::calendar::scene::Card;
use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::*,
    tachys::{
        hydration::Cursor,
        view::{Mountable, Position, PositionState, add_attr::AddAnyAttr},
    },
};
use platform::id::EntityId;
use std::{collections::HashMap, sync::Arc};
use wasm_bindgen::JsCast;
use web_sys::Element;

const BEGIN: &str = "<div class=\"calendar-cards\">";
const END: &str = "</div>";

/// Classes that hands put on a node; a change of the event leaves them.
const KEPT: [&str; 3] = ["is-open", "is-chosen", "is-lifted"];

/// The events of one column.
pub struct Cards(pub Vec<Arc<Card>>);

/// What was drawn, and where.
pub struct Drawn {
    root: Element,
    cards: Vec<Arc<Card>>,
}

impl Cards {
    fn write(&self, page: &mut String) {
        page.reserve(self.0.len() * 400);
        for card in &self.0 {
            write(card, page);
        }
    }
}

/// One event's node as text.
fn write(card: &Card, page: &mut String) {
    page.push_str("<button tabindex=\"-1\" class=\"");
    push_safe(page, &card.class);
    page.push_str("\" style=\"");
    push_safe(page, &card.style);
    page.push_str("\" data-id=\"");
    let mut id = [0; uuid::fmt::Hyphenated::LENGTH];
    page.push_str(card.id.0.hyphenated().encode_lower(&mut id));
    page.push_str("\" aria-label=\"");
    push_safe(page, &card.spoken);
    page.push_str("\">");
    write_inside(card, page);
    page.push_str("</button>");
}

/// What is seen in it: the signs, the name, and what there is room for below. The latter is drawn by the style sheet: as
/// text it would have to be part of what the event is called, word for word.
fn write_inside(card: &Card, page: &mut String) {
    if !card.marks.is_empty() {
        page.push_str("<i class=\"calendar-marks\" style=\"");
        push_safe(page, &card.marks);
        page.push_str("\"></i>");
    }
    page.push_str("<b>");
    push_safe(page, &card.title);
    page.push_str("</b>");
    if !card.lines.is_empty() {
        page.push_str("<span data-lines=\"");
        push_safe(page, &card.lines);
        page.push_str("\"></span>");
    }
}

/// Text for between tags or between double quotes.
fn push_safe(page: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        page.push_str(&rest[..at]);
        page.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    page.push_str(rest);
}

impl Drawn {
    fn of(root: Element, cards: Cards) -> Self {
        if !cards.0.is_empty() {
            let mut page = String::new();
            cards.write(&mut page);
            root.set_inner_html(&page);
        }
        Self { root, cards: cards.0 }
    }

    /// Takes the column to what it is now; the focus stays on an event that stays where it is.
    fn change(&mut self, cards: Vec<Arc<Card>>) {
        if self.cards.iter().map(|card| &**card).eq(cards.iter().map(|card| &**card)) {
            return;
        }
        let now: HashMap<EntityId, &Card> = cards.iter().map(|card| (card.id, &**card)).collect();
        // Another day, or a column that comes into sight: the browser reads the whole text at once.
        if !self.cards.iter().any(|card| now.contains_key(&card.id)) {
            let cards = Cards(cards);
            let mut page = String::new();
            cards.write(&mut page);
            self.root.set_inner_html(&page);
            self.cards = cards.0;
            return;
        }
        let mut there: HashMap<EntityId, (Element, &Card)> = HashMap::with_capacity(self.cards.len());
        let mut node = self.root.first_element_child();
        for card in &self.cards {
            let Some(element) = node else { break };
            node = element.next_element_sibling();
            match now.get(&card.id) {
                None => element.remove(),
                Some(next) => {
                    // What goes to another time would make all between change places with it.
                    if next.start != card.start {
                        element.remove();
                    }
                    there.insert(card.id, (element, card));
                }
            }
        }
        let mut at = self.root.first_element_child();
        for card in &cards {
            match there.remove(&card.id) {
                Some((element, before)) => {
                    if before != &**card {
                        fill(&element, card);
                    }
                    if at.as_ref().is_some_and(|at| at.is_same_node(Some(&element))) {
                        at = element.next_element_sibling();
                    } else {
                        let _ = self.root.insert_before(&element, at.as_deref());
                    }
                }
                None => {
                    let mut text = String::with_capacity(400);
                    write(card, &mut text);
                    let _ = match &at {
                        Some(at) => at.insert_adjacent_html("beforebegin", &text),
                        None => self.root.insert_adjacent_html("beforeend", &text),
                    };
                }
            }
        }
        self.cards = cards;
    }
}

/// Makes a node say what its event is now.
fn fill(node: &Element, card: &Card) {
    let before = node.class_name();
    let mut class = card.class.clone();
    for kept in before.split(' ').filter(|class| KEPT.contains(class)) {
        class.push(' ');
        class.push_str(kept);
    }
    let mut inside = String::with_capacity(200);
    write_inside(card, &mut inside);
    for (name, value) in [("class", &class), ("style", &card.style), ("aria-label", &card.spoken)] {
        let _ = node.set_attribute(name, value);
    }
    node.set_inner_html(&inside);
}

impl Render for Cards {
    type State = Drawn;

    fn build(self) -> Drawn {
        Drawn::of(leptos::tachys::renderer::Rndr::create_element_from_html("<div class=\"calendar-cards\"></div>".into()), self)
    }

    fn rebuild(self, state: &mut Drawn) {
        state.change(self.0);
    }
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        self.root.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&web_sys::Node>) {
        self.root.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.root.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.root.clone()]
    }
}

impl AddAnyAttr for Cards {
    type Output<SomeNewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}

impl RenderHtml for Cards {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = BEGIN.len() + END.len();

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, page: &mut String, position: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {
        page.push_str(BEGIN);
        self.write(page);
        page.push_str(END);
        *position = Position::NextChild;
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Drawn {
        match position.get() {
            Position::FirstChild => cursor.child(),
            Position::Current => {}
            _ => cursor.sibling(),
        }
        position.set(Position::NextChild);
        let root: Element = cursor.current().unchecked_into();
        if FROM_SERVER { Drawn { root, cards: self.0 } } else { Drawn::of(root, self) }
    }

    fn into_owned(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_markup_in_it_stays_a_name() {
        let text = String::from;
        let mut card = Card {
            id: EntityId(uuid::Uuid::nil()),
            start: 0,
            end: 30,
            class: text("calendar-event"),
            style: text("top:0%"),
            spoken: text("Anna & \"Jan\""),
            title: text("<b>\"Anna\"</b>"),
            lines: text("Laser\n08:00"),
            marks: String::new(),
        };
        let written = |card: &Card| {
            let mut page = String::new();
            write(card, &mut page);
            page
        };
        assert_eq!(
            written(&card),
            "<button tabindex=\"-1\" class=\"calendar-event\" style=\"top:0%\" data-id=\"00000000-0000-0000-0000-000000000000\" \
             aria-label=\"Anna &amp; &quot;Jan&quot;\"><b>&lt;b&gt;&quot;Anna&quot;&lt;/b&gt;</b><span data-lines=\"Laser\n08:00\"></span></button>"
        );
        card.marks = text("--mark-1:x");
        card.lines.clear();
        assert!(
            written(&card)
                .ends_with("<i class=\"calendar-marks\" style=\"--mark-1:x\"></i><b>&lt;b&gt;&quot;Anna&quot;&lt;/b&gt;</b></button>")
        );
    }
}
