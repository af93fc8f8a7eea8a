//! Hours by pages of 28 days, kept from question to question for as long as they hold ([`platform::reference`]): what a
//! search over months would otherwise make anew of the rota each time.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId},
    reference,
    time::Interval,
};

use super::{
    Hours,
    cells::{Cells, PAGE, begins},
    frame,
    slots::coarse,
};
use crate::hooks::HoursQuestion;

/// When somebody is there.
#[derive(Clone)]
pub struct Sheet {
    /// All that lies in the pages; some of what lies beside them may be missing, some be here twice.
    pub hours: Hours,
    /// The cells of which there is something within the hours.
    pub open: Cells,
}

/// What is known of one page: everybody who was asked for so far.
#[derive(Clone, Default)]
struct Page(HashMap<EntityId, Arc<Sheet>>);

/// When each of the resources is there over all these pages (the second inclusive), in their order.
///
/// # Errors
/// As [`super::hours`].
pub async fn sheets(tx: &mut Tx, location: LocationId, zone: Tz, resources: &[EntityId], pages: (i64, i64)) -> Result<Vec<Sheet>> {
    let name = |page: i64| format!("{location}/{page}");
    let mut known: BTreeMap<i64, Arc<Page>> =
        (pages.0..=pages.1).map(|page| (page, reference::get(tx, &name(page)).unwrap_or_default())).collect();
    let lacking = |page: &Page| resources.iter().any(|id| !page.0.contains_key(id));
    let mut missing = known.iter().filter(|(_, page)| lacking(page)).map(|(page, _)| *page);
    if let Some(first) = missing.next() {
        let last = missing.next_back().unwrap_or(first);
        let read = read(tx, location, zone, resources, (first, last)).await?;
        for number in first..=last {
            let during = whole(number, number)?;
            let mut page = known.get(&number).map(|page| Page::clone(page)).unwrap_or_default();
            for hours in &read {
                let hours = near(hours, during);
                let open = coarse::open(&hours, (number, number));
                page.0.insert(hours.resource, Arc::new(Sheet { hours, open }));
            }
            known.insert(number, reference::keep(tx, name(number), page));
        }
    }
    Ok(resources.iter().map(|id| joined(*id, known.values().filter_map(|page| page.0.get(id)), pages)).collect())
}

/// Asks the modules, once for all that is missing.
async fn read(tx: &mut Tx, location: LocationId, zone: Tz, resources: &[EntityId], (first, last): (i64, i64)) -> Result<Vec<Hours>> {
    let during = whole(first, last)?;
    let date = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let to = date(during.end);
    let to = to.succ_opt().unwrap_or(to);
    let question = HoursQuestion { resources: resources.to_vec(), location, from: date(during.start), to, zone };
    frame::hours(tx, &question).await
}

/// From a page's first instant to after another's last.
fn whole(first: i64, last: i64) -> Result<Interval> {
    let ends = begins(first * PAGE).zip(begins((last + 1) * PAGE));
    ends.and_then(|(start, end)| Interval::new(start, end)).ok_or_else(|| Error::internal("a page beyond the calendar's end"))
}

/// What of the hours decides about a stretch: its windows as written, for each begins its own grid, and what is taken out
/// of them, for the ends of breaks begin the grid anew.
pub fn near(hours: &Hours, during: Interval) -> Hours {
    let windows: Vec<Interval> = hours.windows.iter().copied().filter(|window| window.overlaps(&during)).collect();
    // Who is always there has a window for each local date.
    let day = TimeDelta::days(2);
    let first = windows.iter().map(|window| window.start).min().unwrap_or(during.start).min(during.start - day);
    let last = windows.iter().map(|window| window.end).max().unwrap_or(during.end).max(during.end + day);
    let reach = Interval { start: first, end: last };
    let closed = hours.closed.iter().filter(|closed| closed.during.overlaps(&reach)).cloned().collect();
    Hours { resource: hours.resource, windows, always: hours.always, closed }
}

/// The pages of one resource side by side.
fn joined<'a>(resource: EntityId, sheets: impl Iterator<Item = &'a Arc<Sheet>>, pages: (i64, i64)) -> Sheet {
    let mut hours = Hours { resource, windows: Vec::new(), always: false, closed: Vec::new() };
    let mut open = Cells::none(pages);
    for sheet in sheets {
        hours.always |= sheet.hours.always;
        hours.windows.extend_from_slice(&sheet.hours.windows);
        hours.closed.extend_from_slice(&sheet.hours.closed);
        open.copy(&sheet.open);
    }
    Sheet { hours, open }
}
