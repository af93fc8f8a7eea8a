//! Time in cells of five minutes, a bit each: what is done with a quarter of a year of somebody's time at once.

use chrono::{DateTime, Utc};

/// Seconds of a cell.
pub const CELL: i64 = 300;
/// Cells of a page: 28 days, counted from 1970.
pub const PAGE: i64 = 8064;
/// Bits of a word.
const WORD: i64 = 64;
/// Words of a page.
const WORDS: usize = (PAGE / WORD) as usize;

/// Cells side by side, each set or not, over whole pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// The number of the first.
    first: i64,
    /// The first of a word's cells is its highest bit, as in the database.
    words: Vec<u64>,
}

/// The cell in which the instant lies.
pub fn cell(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(CELL)
}

/// The first cell that does not begin before the instant.
pub fn cell_from(at: DateTime<Utc>) -> i64 {
    let whole = cell(at);
    if at.timestamp().rem_euclid(CELL) == 0 && at.timestamp_subsec_nanos() == 0 { whole } else { whole + 1 }
}

/// The instant at which a cell begins; none beyond the calendar's ends.
pub fn begins(cell: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(cell.checked_mul(CELL)?, 0)
}

/// The page in which the instant lies.
pub fn page(at: DateTime<Utc>) -> i64 {
    cell(at).div_euclid(PAGE)
}

impl Cells {
    /// Those of the pages from one to the other (inclusive), none of them set.
    pub fn none(pages: (i64, i64)) -> Cells {
        let count = usize::try_from(pages.1 - pages.0 + 1).unwrap_or(0);
        Cells { first: pages.0 * PAGE, words: vec![0; count * WORDS] }
    }

    /// Sets those from the one to before the other, as far as they are here.
    pub fn set(&mut self, from: i64, to: i64) {
        self.each(from, to, |word, bits| *word |= bits);
    }

    /// Takes those from the one to before the other away.
    pub fn clear(&mut self, from: i64, to: i64) {
        self.each(from, to, |word, bits| *word &= !bits);
    }

    fn each(&mut self, from: i64, to: i64, change: impl Fn(&mut u64, u64)) {
        let length = i64::try_from(self.words.len()).unwrap_or(0) * WORD;
        let (from, to) = (from.saturating_sub(self.first).max(0), to.saturating_sub(self.first).min(length));
        let mut at = from;
        while at < to {
            let end = (at / WORD * WORD + WORD).min(to);
            // From the bit of `at` down to before the bit of `end`.
            let bits = (u64::MAX >> (at % WORD)) & (u64::MAX << (WORD - 1 - (end - 1) % WORD));
            if let Some(word) = usize::try_from(at / WORD).ok().and_then(|place| self.words.get_mut(place)) {
                change(word, bits);
            }
            at = end;
        }
    }

    /// Puts a page's cells in their place, as the database has them: the first is the first byte's highest bit.
    pub fn put(&mut self, page: i64, bytes: &[u8]) {
        let Ok(place) = usize::try_from((page * PAGE - self.first) / WORD) else { return };
        let words = self.words.get_mut(place..).unwrap_or_default();
        for (word, bytes) in words.iter_mut().take(WORDS).zip(bytes.chunks_exact(8)) {
            *word = bytes.try_into().map_or(0, u64::from_be_bytes);
        }
    }

    /// Puts what is known of some of its pages in their place.
    pub fn copy(&mut self, of: &Cells) {
        let Ok(place) = usize::try_from((of.first - self.first) / WORD) else { return };
        for (word, known) in self.words.get_mut(place..).unwrap_or_default().iter_mut().zip(&of.words) {
            *word = *known;
        }
    }

    /// Whether the cell is set. What lies outside is not.
    pub fn is_set(&self, cell: i64) -> bool {
        let at = cell - self.first;
        let word = usize::try_from(at.div_euclid(WORD)).ok().and_then(|place| self.words.get(place));
        word.is_some_and(|word| word & (1 << (WORD - 1 - at.rem_euclid(WORD))) != 0)
    }

    /// The first that is set, not before `from`.
    pub fn next(&self, from: i64) -> Option<i64> {
        let at = from.saturating_sub(self.first).max(0);
        let place = usize::try_from(at / WORD).ok()?;
        let head = *self.words.get(place)? & (u64::MAX >> (at % WORD));
        let rest = self.words.iter().enumerate().skip(place + 1).map(|(place, word)| (place, *word));
        let (place, word) = std::iter::once((place, head)).chain(rest).find(|(_, word)| *word != 0)?;
        Some(self.first + i64::try_from(place).ok()? * WORD + i64::from(word.leading_zeros()))
    }

    /// Leaves set what is not set in the other.
    pub fn without(&mut self, other: &Cells) {
        self.join(other, |word, other| *word &= !other);
    }

    /// Leaves set what is set in both.
    pub fn and(&mut self, other: &Cells) {
        self.join(other, |word, other| *word &= other);
    }

    /// Sets what is set in either.
    pub fn or(&mut self, other: &Cells) {
        self.join(other, |word, other| *word |= other);
    }

    /// Both are of the same pages.
    fn join(&mut self, other: &Cells, change: impl Fn(&mut u64, u64)) {
        debug_assert_eq!((self.first, self.words.len()), (other.first, other.words.len()));
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| change(word, *other));
    }

    /// What is set is not, and what is not is.
    pub fn negated(mut self) -> Cells {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self
    }

    /// The cells of which all are set that lie from `from` to before `to` cells later. What lies outside counts as set, for
    /// nothing is known of it, and so does a stretch that begins before the first.
    pub fn all_of(mut self, from: i64, to: i64) -> Cells {
        let length = to - from;
        if length <= 0 {
            self.words.fill(u64::MAX);
            return self;
        }
        let mut have = 1;
        while have < length {
            let more = have.min(length - have);
            self.and_later(more);
            have += more;
        }
        self.shift(from);
        self
    }

    /// Leaves set what is set together with the one so many cells later.
    fn and_later(&mut self, by: i64) {
        let (places, bits) = (usize::try_from(by / WORD).unwrap_or(0), by % WORD);
        for place in 0..self.words.len() {
            let later = self.at(place + places, bits);
            // Only later words are read, so the earlier ones may have changed.
            self.words[place] &= later;
        }
    }

    /// A word's worth of cells, begun so many bits into the word at this place.
    fn at(&self, place: usize, bits: i64) -> u64 {
        let word = |place: usize| self.words.get(place).copied().unwrap_or(u64::MAX);
        if bits == 0 { word(place) } else { (word(place) << bits) | (word(place + 1) >> (WORD - bits)) }
    }

    /// Each becomes what the one so many cells later was, or earlier if negative.
    fn shift(&mut self, by: i64) {
        if by == 0 {
            return;
        }
        let (places, bits) = (by.div_euclid(WORD), by.rem_euclid(WORD));
        let old = Cells { first: self.first, words: self.words.clone() };
        for (place, word) in self.words.iter_mut().enumerate() {
            let from = i64::try_from(place).unwrap_or(0) + places;
            *word = match usize::try_from(from) {
                Ok(from) => old.at(from, bits),
                // The last bits of the word before the first belong to the first one.
                Err(_) if from == -1 && bits > 0 => (u64::MAX << bits) | (old.at(0, 0) >> (WORD - bits)),
                Err(_) => u64::MAX,
            };
        }
    }

    /// The stretches that are set, in order and apart.
    pub fn stretches(&self) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let mut stretches = Vec::new();
        let mut from = self.first;
        let free = self.clone().negated();
        let end = self.first + i64::try_from(self.words.len()).unwrap_or(0) * WORD;
        while let Some(start) = self.next(from) {
            from = free.next(start).unwrap_or(end);
            stretches.extend(begins(start).zip(begins(from)));
        }
        stretches
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The cells of two pages that are set, as numbers.
    fn two(set: &[(i64, i64)]) -> Cells {
        let mut cells = Cells::none((3, 4));
        set.iter().for_each(|(from, to)| cells.set(*from, *to));
        cells
    }

    fn numbers(cells: &Cells) -> Vec<(i64, i64)> {
        cells.stretches().iter().map(|(from, to)| (from.timestamp() / CELL, to.timestamp() / CELL)).collect()
    }

    #[test]
    fn runs_are_found_within_words_over_words_and_over_pages() {
        let first = 3 * PAGE;
        let set = [(first, first + 1), (first + 3, first + 70), (first + 128, first + 192), (first + PAGE - 2, first + PAGE + 2)];
        assert_eq!(numbers(&two(&set)), set);
        assert_eq!(
            numbers(&two(&[(0, first + 2), (first + 2 * PAGE - 1, i64::MAX)])),
            [(first, first + 2), (first + 2 * PAGE - 1, first + 2 * PAGE)]
        );
    }

    #[test]
    fn a_page_is_put_as_the_database_has_it() {
        let mut bytes = vec![0u8; 1008];
        bytes[0] = 0b1010_0000;
        bytes[1007] = 1;
        let mut cells = Cells::none((3, 4));
        cells.put(4, &bytes);
        assert_eq!(numbers(&cells), [(4 * PAGE, 4 * PAGE + 1), (4 * PAGE + 2, 4 * PAGE + 3), (5 * PAGE - 1, 5 * PAGE)]);
        let mut wider = Cells::none((2, 5));
        wider.copy(&cells);
        assert_eq!(numbers(&wider), numbers(&cells));
    }

    #[test]
    fn an_instant_lies_in_a_cell_and_the_next_one_begins_after_it() {
        let at = DateTime::from_timestamp(900, 1).unwrap();
        assert_eq!((cell(at), cell_from(at)), (3, 4));
        assert_eq!((cell(begins(3).unwrap()), cell_from(begins(3).unwrap())), (3, 3));
        assert_eq!(page(begins(PAGE - 1).unwrap()), 0);
        assert_eq!(page(begins(-1).unwrap()), -1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn bits_are_as_the_cells_one_by_one(
            runs in prop::collection::vec((0i64..2 * PAGE, 1i64..400), 0..20),
            gaps in prop::collection::vec((0i64..2 * PAGE, 1i64..400), 0..20),
            (from, length) in (-200i64..200, -2i64..300),
            ask in 0i64..2 * PAGE,
        ) {
            let first = 3 * PAGE;
            let mut cells = Cells::none((3, 4));
            let mut plain = vec![false; usize::try_from(2 * PAGE).unwrap()];
            let mut mark = |from: i64, length: i64, set: bool| {
                (from..(from + length).min(2 * PAGE)).for_each(|at| plain[usize::try_from(at).unwrap()] = set);
            };
            for (from, length) in &runs {
                cells.set(first + from, first + from + length);
                mark(*from, *length, true);
            }
            for (from, length) in &gaps {
                cells.clear(first + from, first + from + length);
                mark(*from, *length, false);
            }
            prop_assert!((first..).zip(&plain).all(|(at, set)| cells.is_set(at) == *set));
            let next = (first..).zip(&plain).skip(usize::try_from(ask).unwrap()).find(|(_, set)| **set).map(|(at, _)| at);
            prop_assert_eq!(cells.next(first + ask), next);
            // How many are not set before each.
            let unset: Vec<i64> = std::iter::once(0).chain(plain.iter().scan(0, |sum, set| { *sum += i64::from(!set); Some(*sum) })).collect();
            let before = |at: i64| unset[usize::try_from(at.clamp(0, 2 * PAGE)).unwrap()];
            let all = cells.all_of(from, from + length);
            for at in 0..2 * PAGE {
                let wanted = at + from < 0 || before(at + from) >= before(at + from + length);
                prop_assert_eq!(all.is_set(first + at), wanted, "at {}", at);
            }
        }
    }
}
