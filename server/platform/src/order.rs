//! Sorting in one piece of code.
//!
//! The standard library compiles its sort anew for every type and key, some kilobytes each time; what runs in the
//! browser too would pay for a dozen of them in its download. Here keys are numbers, and only numbers are sorted.

/// Puts the items in the order of their ranks; equal ranks keep their order.
pub fn by_rank<T>(items: &mut Vec<T>, rank: impl Fn(&T) -> i128) {
    let mut order: Vec<(i128, usize)> = items.iter().map(rank).zip(0..).collect();
    sort(&mut order);
    let mut waiting: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|(_, at)| waiting[at].take()));
}

/// A rank by instant, then by what the second number says.
pub fn instant_then(instant: chrono::DateTime<chrono::Utc>, second: u64) -> i128 {
    (i128::from(instant.timestamp_micros()) << 64) | i128::from(second)
}

#[inline(never)]
fn sort(order: &mut [(i128, usize)]) {
    order.sort_unstable();
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};

    #[test]
    fn equal_ranks_keep_their_order() {
        let mut words = vec!["pear", "fig", "kiwi", "yam", "plum"];
        by_rank(&mut words, |word| word.len() as i128);
        assert_eq!(words, ["fig", "yam", "pear", "kiwi", "plum"]);
    }

    #[test]
    fn instants_before_1970_come_first_and_the_second_number_decides_between_equal_ones() {
        let at = |micros| DateTime::<Utc>::from_timestamp_micros(micros).unwrap();
        let mut ranks = vec![(at(0), 2), (at(1), 0), (at(-1), u64::MAX), (at(0), u64::MAX), (at(0), 0)];
        by_rank(&mut ranks, |(at, second)| instant_then(*at, *second));
        assert_eq!(ranks, [(at(-1), u64::MAX), (at(0), 0), (at(0), 2), (at(0), u64::MAX), (at(1), 0)]);
    }
}
