//! What a browser keeps for the hours without a network: today and tomorrow of one location, in words that are ready to
//! be shown, for the page that shows them is plain and knows neither the time zone nor the language.
//!
//! The page, its queue and the service worker that serves it lie in `frontend/public/offline`. What was noted without a
//! network goes through the same REST doors as everything else, with the versions it was made from (R18).

mod texts;

use super::{data::sql, place::Span, status, when::times};
use chrono::{DateTime, Days, NaiveDate, Utc};
use platform::{
    Result, Tx,
    id::{EntityId, LocationId, OrganizationId, UserId},
    session::Me,
    time::ZoneWindow,
};
use serde::Serialize;
use services::{
    calendar::{
        self, Status,
        event::{CalendarView, Event, ResourceKind},
    },
    core::GENERIC_TYPES,
    hooks,
};
use std::collections::BTreeMap;
use ui::{Lang, letters::capitalized};

/// Two days of one location as one reader may see them.
#[derive(Clone, Debug, Serialize)]
pub struct KeptDays {
    /// Whose it is; the browser shows it to nobody else.
    pub user: UserId,
    pub organization: OrganizationId,
    pub user_name: String,
    pub clinic: String,
    pub lang: &'static str,
    pub as_of: DateTime<Utc>,
    pub location: LocationId,
    pub location_name: String,
    /// For what is typed without a network.
    pub zone: ZoneWindow,
    pub days: Vec<Day>,
    pub staff: Vec<Person>,
    pub entries: Vec<Entry>,
    /// The page's texts by key; placeholders stand in braces.
    pub words: BTreeMap<String, String>,
}

/// A day and what it is called.
#[derive(Clone, Debug, Serialize)]
pub struct Day {
    pub date: NaiveDate,
    pub name: String,
}

/// A practitioner.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    pub id: EntityId,
    pub name: String,
}

/// An entry of the calendar.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub id: EntityId,
    pub activity_type: String,
    pub version: i32,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// The local date on which it begins.
    pub date: NaiveDate,
    /// `10:30 – 11:15`.
    pub time: String,
    pub title: String,
    /// Treatment and place.
    pub line: String,
    pub flags: Vec<&'static str>,
    pub status: Status,
    pub state: &'static str,
    pub staff: Vec<EntityId>,
    pub hue: u16,
    /// Whether it may be moved from here.
    pub movable: bool,
    /// Whether the patient may be said to have arrived.
    pub arrives: bool,
    /// Whether something may be written down about it.
    pub notable: bool,
}

/// Today and tomorrow at a location; at the organization's first if none is named.
///
/// # Errors
/// `Denied`, `NotFound` (the location).
pub async fn days(tx: &mut Tx, lang: Lang, me: &Me, location: Option<LocationId>) -> Result<KeptDays> {
    let today = sql::range(tx, location, Span::Day, None).await?;
    let first = today.calendar.today;
    let view = calendar::range(tx, today.calendar.location.id, first, first + Days::new(2)).await?;
    let names = [ui::words::today(lang), ui::words::tomorrow(lang)];
    let days = first
        .iter_days()
        .zip(names)
        .map(|(date, name)| Day { date, name: capitalized(&[name, &ui::when::day_short(lang, date)].join(", ")) })
        .collect();
    let place = me.organization.as_ref();
    let people = view.resources.iter().filter(|resource| resource.kind == ResourceKind::Staff);
    Ok(KeptDays {
        user: me.user,
        organization: tx.organization(),
        user_name: me.name.clone(),
        clinic: place.map(|place| place.name.clone()).unwrap_or_default(),
        lang: lang.code(),
        as_of: view.now,
        location: view.location.id,
        location_name: view.location.name.clone(),
        days,
        staff: people.map(|person| Person { id: person.id, name: person.name.clone() }).collect(),
        entries: view.events.iter().filter(|event| event.status.occupies()).map(|event| entry(tx, lang, &view, event)).collect(),
        words: texts::of_page(lang),
        zone: view.zone,
    })
}

fn entry(tx: &Tx, lang: Lang, view: &CalendarView, event: &Event) -> Entry {
    let kind = hooks::activity_type(tx.state(), &event.activity_type);
    let writable = !event.is_veiled() && kind.and_then(|kind| kind.write).is_some_and(|right| tx.can(right));
    // Whose states are its module's has people who arrive; core's own meetings have not.
    let module = hooks::of_activity_type(tx.state(), &event.activity_type);
    let arrives = module.is_some_and(|hooks| hooks.set_status.is_some()) && event.status.can_become(Status::CheckedIn);
    let notable = GENERIC_TYPES.contains(&event.activity_type.as_str()) || module.is_some_and(|hooks| hooks.note.is_some());
    let staff = view.resources.iter().filter(|resource| resource.kind == ResourceKind::Staff && event.resources.contains(&resource.id));
    let line = [event.face.line.as_str(), event.face.place.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    Entry {
        id: event.id,
        activity_type: event.activity_type.clone(),
        version: event.version,
        start: event.start,
        end: event.end,
        date: view.zone.date(event.start),
        time: times(&view.zone, event.start, event.end),
        title: if event.is_veiled() { crate::words::print_taken(lang).to_owned() } else { event.title.clone() },
        line: line.join(" · "),
        flags: event.face.flags.iter().filter_map(|flag| status::flag(lang, flag)).collect(),
        status: event.status,
        state: status::word(lang, event.status),
        staff: staff.map(|person| person.id).collect(),
        hue: event.hue,
        movable: writable && !event.status.is_terminal() && event.status != Status::InProgress,
        arrives: writable && arrives,
        notable: writable && notable,
    }
}
