//! Where the columns are on the screen, measured once when the pointer goes down.

use super::model::{Spot, Target};
use crate::calendar::{
    axis::{Axis, push_number},
    grid::column_nodes,
};
use web_sys::HtmlElement;

/// How wide the ghost's label may become, in pixels.
const LABEL: f64 = 380.0;

/// The board's columns, in pixels from the board's own corner, so that scrolling changes nothing.
#[derive(Clone, Debug)]
pub struct Geometry {
    /// Left edge and width of each column.
    columns: Vec<(f64, f64)>,
    top: f64,
    height: f64,
    /// Minutes at the top and bottom.
    from: i32,
    to: i32,
}

impl Geometry {
    /// Measures the board that is shown.
    pub fn measure(axis: &Axis) -> Option<Self> {
        let nodes = column_nodes();
        let first = nodes.first()?;
        Some(Self {
            columns: nodes.iter().map(|node| (f64::from(node.offset_left()), f64::from(node.offset_width()))).collect(),
            top: f64::from(first.offset_top()),
            height: f64::from(first.offset_height()).max(1.0),
            from: axis.from,
            to: axis.to,
        })
    }

    /// The place under a point of the window.
    pub fn spot(&self, board: &HtmlElement, (x, y): (f64, f64)) -> Spot {
        let corner = board.get_bounding_client_rect();
        let (x, y) = (x - corner.left(), y - corner.top());
        let column = self.columns.iter().rposition(|(left, _)| *left <= x).unwrap_or(0);
        let minutes = (y - self.top) / self.height * f64::from(self.to - self.from);
        Spot { column, minute: self.from + minutes.floor() as i32 }
    }

    /// Moves the ghost to a stretch of a column, or of all columns from there to another one.
    pub fn put(&self, ghost: &HtmlElement, target: Target, other: usize) {
        let (Some(first), Some(last)) = (self.columns.get(target.column.min(other)), self.columns.get(target.column.max(other))) else {
            return;
        };
        let (left, width) = (first.0, last.0 + last.1 - first.0);
        let pixels = self.height / f64::from(self.to - self.from);
        let y = self.top + f64::from(target.start - self.from) * pixels;
        let height = f64::from(target.end - target.start) * pixels;
        let style = web_sys::HtmlElement::style(ghost);
        let _ = style.set_property("transform", &call("translate", &[left + 3.0, y + 1.0]));
        let _ = style.set_property("width", &pixel(width - 8.0));
        let _ = style.set_property("height", &pixel((height - 2.0).max(8.0)));
        // The label stays inside the board.
        let edge = self.columns.last().map_or(0.0, |(left, width)| left + width);
        let last = target.column > 0 && left + LABEL > edge;
        let _ = ghost.class_list().toggle_with_force("is-left", last);
        let _ = ghost.class_list().toggle_with_force("is-up", target.end + 45 > self.to);
    }
}

/// Writes on the ghost what it is and whether it may be there.
pub fn write(ghost: &HtmlElement, title: &str, label: &str, hue: u16, refused: bool) {
    let _ = ghost.remove_attribute("hidden");
    let mut text = String::new();
    push_number(&mut text, i32::from(hue));
    let _ = web_sys::HtmlElement::style(ghost).set_property("--hue", &text);
    let _ = ghost.class_list().toggle_with_force("is-refused", refused);
    for (node, text) in [(ghost.first_element_child(), title), (ghost.last_element_child(), label)] {
        // What says the same already is left alone.
        if let Some(node) = node.filter(|node| node.text_content().as_deref() != Some(text)) {
            node.set_text_content(Some(text));
        }
    }
}

fn pixel(value: f64) -> String {
    let mut text = String::with_capacity(8);
    push_number(&mut text, value.round() as i32);
    text.push_str("px");
    text
}

fn call(name: &str, values: &[f64]) -> String {
    let mut text = String::from(name);
    for (index, value) in values.iter().enumerate() {
        text.push(if index == 0 { '(' } else { ',' });
        text.push_str(&pixel(*value));
    }
    text.push(')');
    text
}
