//! Where it is not worth looking for time: what resources have given away, in bits of five minutes.
//!
//! Triggers keep the bits in the transaction of every change of `resource_bookings`. A bit stands for a cell that one
//! booking takes as a whole; what takes less of a cell, and holds, have none. So a time that the bits refuse is taken,
//! and one that they leave may be: whoever finds something here asks [`taken`] about that very time.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use platform::{Result, Tx, id::EntityId, time::Interval};

/// Seconds of a cell.
const CELL: i64 = 300;
/// Cells of a page: 28 days.
const PAGE: i64 = 8064;

/// Stretches in order and apart, each half open (R1).
pub type Stretches = Vec<(DateTime<Utc>, DateTime<Utc>)>;

/// Resource and page; the page's cells, or else a stretch of cells that says nothing: page by page, or of all of them.
type Row = (EntityId, Option<i32>, Option<Vec<u8>>, i32, i32);

/// Of each resource stretches of the range in which it is taken for certain: not all of them, and of `moving` none (R11).
///
/// # Errors
/// `Unavailable`.
pub async fn masked(
    tx: &mut Tx,
    resources: &[EntityId],
    range: Interval,
    moving: Option<EntityId>,
) -> Result<HashMap<EntityId, Stretches>> {
    let organization = tx.organization();
    let page = |at: DateTime<Utc>| i32::try_from(at.timestamp().div_euclid(CELL * PAGE)).unwrap_or(i32::MAX);
    // One statement, so that bits and what was given back of them are those of one moment.
    let rows: Vec<Row> = sqlx::query_as(
        "select resource_id, page, bit_send(cells) as cells, 0 as from_cell, 0 as to_cell from resource_masks
         where organization_id = $1 and resource_id = any ($2) and page >= $3 and page <= $4
         union all
         select resource_id, page, null, from_cell, to_cell from resource_freed
         where organization_id = $1 and resource_id = any ($2) and page >= $3 and page <= $4
         union all
         select resource_id, null, null, floor(extract(epoch from starts_at) / 300)::integer, ceil(extract(epoch from ends_at) / 300)::integer
         from resource_bookings where organization_id = $1 and activity_id = $5",
    )
    .bind(organization)
    .bind(resources)
    .bind(page(range.start))
    .bind(page(range.end))
    .bind(moving)
    .fetch_all(tx.conn())
    .await?;
    let mut pages: HashMap<EntityId, BTreeMap<i64, Vec<u8>>> = HashMap::new();
    let mut unknown: Vec<(EntityId, i64, i64)> = Vec::new();
    for (resource, page, cells, from, to) in rows {
        let first = page.map_or(0, |page| i64::from(page) * PAGE);
        match (page, cells) {
            // The length in bits comes before them.
            (Some(page), Some(mut cells)) => {
                pages.entry(resource).or_default().insert(i64::from(page), cells.split_off(cells.len().min(4)));
            }
            _ => unknown.push((resource, first + i64::from(from), first + i64::from(to))),
        }
    }
    for (resource, from, to) in unknown {
        if let Some(pages) = pages.get_mut(&resource) {
            clear(pages, from, to);
        }
    }
    let cells = (range.start.timestamp().div_euclid(CELL), range.end.timestamp().div_euclid(CELL) + 1);
    Ok(pages.into_iter().map(|(resource, pages)| (resource, stretches(&pages, cells))).collect())
}

/// Takes the bits of these cells away, `to` excluded.
fn clear(pages: &mut BTreeMap<i64, Vec<u8>>, from: i64, to: i64) {
    for cell in from..to {
        let place = usize::try_from(cell.rem_euclid(PAGE)).unwrap_or(0);
        if let Some(byte) = pages.get_mut(&cell.div_euclid(PAGE)).and_then(|bits| bits.get_mut(place / 8)) {
            *byte &= !(0x80 >> (place % 8));
        }
    }
}

/// The stretches that are set, over the borders of pages; `within` are the cells that count.
fn stretches(pages: &BTreeMap<i64, Vec<u8>>, within: (i64, i64)) -> Stretches {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    let mut add = |from: i64, to: i64| match runs.last_mut() {
        Some(last) if last.1 == from => last.1 = to,
        _ => runs.push((from, to)),
    };
    for (page, bits) in pages {
        for (cell, byte) in
            (page * PAGE..).step_by(8).zip(bits).filter(|(cell, byte)| **byte != 0 && *cell < within.1 && cell + 8 > within.0)
        {
            // The first cell is the highest bit.
            let mut left = *byte;
            let mut at = 0;
            while left != 0 {
                let empty = left.leading_zeros();
                let set = (left << empty).leading_ones();
                add(cell + i64::from(at + empty), cell + i64::from(at + empty + set));
                at += empty + set;
                left = left.checked_shl(empty + set).unwrap_or(0);
            }
        }
    }
    let instant = |cell: i64| DateTime::from_timestamp(cell * CELL, 0);
    runs.into_iter().filter_map(|(from, to)| instant(from).zip(instant(to))).collect()
}

/// What is taken of each in the range, of whichever product, buffers included, in any order; `moving` does not count
/// (R11), nor does a hold that has run out (R10).
///
/// # Errors
/// `Unavailable`.
pub async fn taken(tx: &mut Tx, resources: &[EntityId], range: Interval, moving: Option<EntityId>) -> Result<HashMap<EntityId, Stretches>> {
    let (organization, now) = (tx.organization(), tx.now());
    // What is long is looked for by itself, see `activities::busy`; nothing is read but the indexes.
    let rows: Vec<(EntityId, DateTime<Utc>, DateTime<Utc>)> = sqlx::query_as(
        "select resource_id, starts_at, ends_at from resource_bookings
         where organization_id = $1 and resource_id = any ($2) and starts_at < $4 and ends_at > $3 and occupies
           and starts_at > $3 - interval '6 hours' and ends_at - starts_at <= interval '6 hours'
           and ($5::uuid is null or activity_id <> $5) and (held_until is null or held_until > $6)
         union all
         select resource_id, starts_at, ends_at from resource_bookings
         where organization_id = $1 and resource_id = any ($2) and starts_at < $4 and ends_at > $3 and occupies
           and ends_at - starts_at > interval '6 hours'
           and ($5::uuid is null or activity_id <> $5) and (held_until is null or held_until > $6)",
    )
    .bind(organization)
    .bind(resources)
    .bind(range.start)
    .bind(range.end)
    .bind(moving)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    let mut taken: HashMap<EntityId, Stretches> = HashMap::new();
    for (resource, start, end) in rows {
        taken.entry(resource).or_default().push((start, end));
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page in which these cells are set.
    fn page(set: &[(i64, i64)]) -> Vec<u8> {
        let mut bits = vec![0u8; 1008];
        for cell in set.iter().flat_map(|(from, to)| *from..*to) {
            bits[usize::try_from(cell / 8).unwrap()] |= 0x80 >> (cell % 8);
        }
        bits
    }

    fn cells(stretches: &Stretches) -> Vec<(i64, i64)> {
        stretches.iter().map(|(from, to)| (from.timestamp() / CELL, to.timestamp() / CELL)).collect()
    }

    #[test]
    fn runs_are_found_within_bytes_over_bytes_and_over_pages() {
        let pages = BTreeMap::from([(0, page(&[(0, 1), (3, 5), (7, 17), (64, 72), (8060, 8064)])), (1, page(&[(0, 2), (4, 5)]))]);
        let found = cells(&stretches(&pages, (0, 2 * PAGE)));
        assert_eq!(found, [(0, 1), (3, 5), (7, 17), (64, 72), (8060, 8066), (8068, 8069)]);
    }

    #[test]
    fn what_lies_apart_from_the_range_is_left_out_by_whole_bytes() {
        let pages = BTreeMap::from([(0, page(&[(0, 1), (3, 5), (16, 24), (40, 41)]))]);
        assert_eq!(cells(&stretches(&pages, (10, 30))), [(16, 24)]);
    }

    #[test]
    fn what_was_given_back_says_nothing_any_more() {
        let mut pages = BTreeMap::from([(0, page(&[(8050, 8064)])), (1, page(&[(0, 30)]))]);
        clear(&mut pages, 8060, 8070);
        assert_eq!(cells(&stretches(&pages, (0, 2 * PAGE))), [(8050, 8060), (8070, 8094)]);
    }
}
