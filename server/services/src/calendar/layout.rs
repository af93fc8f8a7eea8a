//! Boxes beside each other (R16): the same events give the same picture, in whatever order they come.

use chrono::{DateTime, Utc};
use platform::id::EntityId;

/// Something to place. Generic, because only the order of ids and times matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<I = EntityId, T = DateTime<Utc>> {
    pub id: I,
    pub start: T,
    /// After the start; otherwise there is nothing to place (R1).
    pub end: T,
    /// Takes no box.
    pub cancelled: bool,
}

/// Where its box is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<I = EntityId> {
    pub id: I,
    /// From 0 at the left.
    pub column: usize,
    /// How many columns its cluster has.
    pub columns: usize,
    /// How many of them it fills, at least 1.
    pub span: usize,
}

/// Places the items: clusters by transitive overlap; by start, longer first, then id; each in the lowest free column;
/// then widened to the right over columns that are free. Listed in that order.
pub fn layout<I: Ord + Clone, T: Ord + Copy>(items: &[Item<I, T>]) -> Vec<Placed<I>> {
    let mut order: Vec<&Item<I, T>> = items.iter().filter(|item| !item.cancelled && item.start < item.end).collect();
    order.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)).then(a.id.cmp(&b.id)));

    let mut placed = Vec::with_capacity(order.len());
    let mut rest = order.as_slice();
    while let Some(first) = rest.first() {
        let mut end = first.end;
        let mut size = 1;
        while let Some(next) = rest.get(size).filter(|next| next.start < end) {
            end = end.max(next.end);
            size += 1;
        }
        let (cluster, others) = rest.split_at(size);
        place(cluster, &mut placed);
        rest = others;
    }
    placed
}

/// Places one cluster, which is sorted.
fn place<I: Clone, T: Ord + Copy>(cluster: &[&Item<I, T>], placed: &mut Vec<Placed<I>>) {
    // Each column's items follow one another in time, so its last one tells whether it is free.
    let mut columns: Vec<Vec<&Item<I, T>>> = Vec::new();
    let mut chosen = Vec::with_capacity(cluster.len());
    for &item in cluster {
        let free = columns.iter().position(|column| column.last().is_none_or(|last| last.end <= item.start));
        let column = free.unwrap_or_else(|| {
            columns.push(Vec::new());
            columns.len() - 1
        });
        columns[column].push(item);
        chosen.push(column);
    }
    for (item, column) in cluster.iter().zip(chosen) {
        let widened = columns[column + 1..].iter().take_while(|others| is_free(others, item)).count();
        placed.push(Placed { id: item.id.clone(), column, columns: columns.len(), span: 1 + widened });
    }
}

/// Whether none of a column's items, which are sorted and apart, overlaps the item.
fn is_free<I, T: Ord>(column: &[&Item<I, T>], item: &Item<I, T>) -> bool {
    let next = column.partition_point(|other| other.end <= item.start);
    column.get(next).is_none_or(|other| item.end <= other.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(id: &'static str, start: i32, end: i32) -> Item<&'static str, i32> {
        Item { id, start, end, cancelled: false }
    }

    fn boxes(items: &[Item<&'static str, i32>]) -> Vec<(&'static str, usize, usize, usize)> {
        layout(items).into_iter().map(|placed| (placed.id, placed.column, placed.columns, placed.span)).collect()
    }

    #[test]
    fn touching_events_do_not_share_a_row() {
        assert_eq!(boxes(&[item("b", 10, 11), item("a", 9, 10)]), [("a", 0, 1, 1), ("b", 0, 1, 1)]);
    }

    #[test]
    fn of_two_that_begin_together_the_longer_is_left_and_then_the_lower_id() {
        assert_eq!(boxes(&[item("b", 9, 10), item("a", 9, 10), item("c", 9, 12)]), [("c", 0, 3, 1), ("a", 1, 3, 1), ("b", 2, 3, 1)]);
    }

    #[test]
    fn a_cluster_is_held_together_by_chains_of_overlaps_and_free_columns_are_filled() {
        // a–b–c hang together; d overlaps only a chain's end and widens over what is free beside it.
        let items = [item("a", 0, 10), item("b", 0, 3), item("c", 2, 4), item("d", 5, 9), item("e", 10, 12)];
        assert_eq!(boxes(&items), [("a", 0, 3, 1), ("b", 1, 3, 1), ("c", 2, 3, 1), ("d", 1, 3, 2), ("e", 0, 1, 1)]);
    }

    #[test]
    fn a_column_that_is_taken_stops_the_widening_even_if_the_next_one_is_free() {
        let items = [item("a", 0, 10), item("b", 0, 9), item("c", 0, 2), item("d", 9, 10)];
        let all = boxes(&items);
        assert!(all.contains(&("a", 0, 3, 1)) && all.contains(&("b", 1, 3, 1)) && all.contains(&("d", 1, 3, 2)), "{all:?}");
    }

    #[test]
    fn cancelled_events_take_no_box() {
        let mut gone = item("gone", 9, 12);
        gone.cancelled = true;
        assert_eq!(boxes(&[gone, item("a", 9, 10)]), [("a", 0, 1, 1)]);
    }

    type Box = (usize, usize, i32, i32);

    proptest! {
        #[test]
        fn no_two_boxes_overlap_and_the_order_of_input_does_not_matter(
            times in prop::collection::vec((0i32..60, 1i32..20, prop::bool::weighted(0.1)), 0..40),
            seed in any::<prop::sample::Index>(),
        ) {
            let items: Vec<Item<usize, i32>> = times
                .iter()
                .enumerate()
                .map(|(id, &(start, length, cancelled))| Item { id, start, end: start + length, cancelled })
                .collect();
            let placed = layout(&items);
            prop_assert_eq!(placed.len(), items.iter().filter(|item| !item.cancelled).count());

            let drawn: Vec<Box> = placed
                .iter()
                .map(|placed| (placed.column, placed.column + placed.span, items[placed.id].start, items[placed.id].end))
                .collect();
            for (n, a) in drawn.iter().enumerate() {
                prop_assert!(a.0 < a.1 && a.1 <= placed[n].columns);
                for b in &drawn[n + 1..] {
                    prop_assert!(a.1 <= b.0 || b.1 <= a.0 || a.3 <= b.2 || b.3 <= a.2, "{a:?} over {b:?}");
                }
            }

            let mut turned = items.clone();
            turned.reverse();
            if !turned.is_empty() {
                let by = seed.index(turned.len());
                turned.rotate_left(by);
            }
            prop_assert_eq!(layout(&turned), placed);
        }

        #[test]
        fn a_cluster_has_no_more_columns_than_events_at_once(times in prop::collection::vec((0i32..60, 1i32..20), 1..40)) {
            let items: Vec<Item<usize, i32>> =
                times.iter().enumerate().map(|(id, &(start, length))| Item { id, start, end: start + length, cancelled: false }).collect();
            let at_once = (0..80).map(|now| items.iter().filter(|item| item.start <= now && now < item.end).count()).max();
            prop_assert_eq!(layout(&items).iter().map(|placed| placed.columns).max(), at_once);
        }
    }
}
