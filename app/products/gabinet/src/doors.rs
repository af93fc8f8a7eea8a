//! Gabinet's server functions for booking a visit and for the visit itself: thin doors to `appointments` and what it
//! needs. Each is one transaction; permissions and rules are checked behind it.

use chrono::NaiveDate;
use gabinet::{
    appointments::{AvailableSlot, Book, Further, HoldTime, MoveSeat, OpenSession, Question, Transition, VisitDetails},
    employees::Employee,
    patients::{Patient, PatientInput},
    treatments::Treatment,
};
use leptos::prelude::*;
use platform::id::{EntityId, LocationId};
use serde::{Deserialize, Serialize};
use ui::Failure;
use ui::Wire;

/// What can be booked, and with whom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// By category and name; only what is still offered.
    pub treatments: Vec<Treatment>,
    /// Only those who still treat.
    pub staff: Vec<Employee>,
}

/// A few patients whose name, phone or number fits what was typed.
#[server(name = AskPatients, prefix = "/fn", endpoint = "gabinet/find_patients", input = Wire, output = Wire)]
pub async fn find_patients(query: String) -> Result<Vec<Patient>, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let page = platform::rest::PageQuery { cursor: None, limit: Some(12) };
    let found = gabinet::patients::list(&mut tx, &query, &page).await?;
    tx.commit().await?;
    Ok(found.items)
}

/// The patient for whom a visit is to be booked from elsewhere.
#[server(name = AskPatient, prefix = "/fn", endpoint = "gabinet/named_patient", input = Wire, output = Wire)]
pub async fn named_patient(id: EntityId) -> Result<Patient, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let found = gabinet::patients::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(found)
}

/// Writes down a new patient with what is known on the telephone.
#[server(name = MakePatient, prefix = "/fn", endpoint = "gabinet/quick_patient", input = Wire, output = Wire)]
pub async fn quick_patient(new: PatientInput) -> Result<Patient, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let made = gabinet::patients::create(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(made)
}

/// All treatments on offer and who gives them.
#[server(name = AskOffer, prefix = "/fn", endpoint = "gabinet/offer", input = Wire, output = Wire)]
pub async fn offer() -> Result<Offer, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let treatments = gabinet::treatments::list(&mut tx).await?;
    let staff = gabinet::employees::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Offer {
        treatments: treatments.into_iter().filter(|treatment| treatment.active).collect(),
        staff: staff.into_iter().filter(|employee| employee.active).collect(),
    })
}

/// All by which the browser judges any time of one local date for one treatment, or for several of one visit; with anyone who
/// is qualified unless somebody is named. What the patient has besides, if it is known who it is, is no time for them. The
/// form's own hold is in nobody's way.
#[server(name = AskTimes, prefix = "/fn", endpoint = "gabinet/question", input = Wire, output = Wire)]
pub async fn question(
    treatment: EntityId,
    employee: Option<EntityId>,
    patient: Option<EntityId>,
    further: Vec<Further>,
    location: LocationId,
    date: NaiveDate,
    hold: EntityId,
) -> Result<Question, Failure> {
    /// Around the date and today, in days: further than times are looked for.
    const BEFORE: chrono::Days = chrono::Days::new(7);
    const AFTER: chrono::Days = chrono::Days::new(120);
    /// From dates that lie further away nobody looks back to today.
    const FAR: i64 = 400;
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    // One that is just being made is told of as the form's own too.
    let moving = gabinet::appointments::holds::own_in_turn(&mut tx, hold).await?;
    let channel = gabinet::appointments::Channel::Desk;
    let (from, to) = (date, date);
    let asked = gabinet::appointments::AvailabilityQuestion { location, treatment, employee, patient, from, to, moving, further, channel };
    let mut question = gabinet::appointments::question_with_holds(&mut tx, &asked).await?;
    // The form also tells of times on other days, the earliest and the nearest: the clock may have been changed in between.
    let tz = platform::time::zone(&question.zone.zone)?;
    let today = tx.now().with_timezone(&tz).date_naive();
    if (date - today).num_days().abs() <= FAR {
        let (first, last) = (date.min(today).checked_sub_days(BEFORE), date.max(today).checked_add_days(AFTER));
        question.zone = platform::time::ZoneWindow::of(tz, first.unwrap_or(date), last.unwrap_or(date));
    }
    tx.commit().await?;
    Ok(question)
}

/// The first free time from a date on, with one of the staff or with anyone qualified, at which the patient has nothing else.
#[server(name = AskEarliest, prefix = "/fn", endpoint = "gabinet/earliest", input = Wire, output = Wire)]
pub async fn earliest(
    treatment: EntityId,
    employee: Option<EntityId>,
    patient: Option<EntityId>,
    further: Vec<Further>,
    location: LocationId,
    from: NaiveDate,
    hold: EntityId,
) -> Result<Option<AvailableSlot>, Failure> {
    /// How far ahead is looked, in days.
    const AHEAD: chrono::Days = chrono::Days::new(90);
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    // The form's own hold is in nobody's way.
    let moving = gabinet::appointments::holds::own(&mut tx, hold).await?;
    let (to, channel) = (from + AHEAD, gabinet::appointments::Channel::Desk);
    let asked = gabinet::appointments::AvailabilityQuestion { location, treatment, employee, patient, from, to, moving, further, channel };
    let slot = gabinet::appointments::earliest(&mut tx, &asked).await?;
    tx.commit().await?;
    Ok(slot)
}

/// Holds a time for five minutes, or brings the hold to another time; the hold's id. None if it cannot be held, which is no
/// fault of anybody's: the booking itself will say why.
#[server(name = HoldIt, prefix = "/fn", endpoint = "gabinet/hold", input = Wire, output = Wire)]
pub async fn hold(wanted: HoldTime) -> Result<Option<EntityId>, Failure> {
    let mut wanted = wanted;
    loop {
        let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
        match gabinet::appointments::holds::hold(&mut tx, &wanted).await {
            Ok(held) => {
                tx.commit().await?;
                return Ok(Some(held.id));
            }
            // That hold was given back or has run out, and no id is used twice.
            Err(error) if error.code() == "duplicate" && wanted.id.is_some() => wanted.id = None,
            Err(platform::Error::Conflict(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Gives a held time back.
#[server(name = ReleaseIt, prefix = "/fn", endpoint = "gabinet/release", input = Wire, output = Wire)]
pub async fn release(hold: EntityId) -> Result<(), Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    gabinet::appointments::holds::release(&mut tx, hold).await?;
    tx.commit().await?;
    Ok(())
}

/// Books a visit; its activity's id, by which the calendar knows it.
#[server(name = BookVisit, prefix = "/fn", endpoint = "gabinet/book", input = Wire, output = Wire)]
pub async fn book(new: Book) -> Result<EntityId, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let visit = gabinet::appointments::book(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(visit.activity)
}

/// The visit behind a calendar's event.
#[server(name = AskVisit, prefix = "/fn", endpoint = "gabinet/visit", input = Wire, output = Wire)]
pub async fn visit(activity: EntityId) -> Result<VisitDetails, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let visit = gabinet::appointments::details(&mut tx, activity).await?;
    tx.commit().await?;
    Ok(visit)
}

/// Takes a visit a step further, or reopens it.
#[server(name = StepVisit, prefix = "/fn", endpoint = "gabinet/step", input = Wire, output = Wire)]
pub async fn step(visit: EntityId, change: Transition) -> Result<VisitDetails, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    gabinet::appointments::transition(&mut tx, visit, &change).await?;
    let visit = gabinet::appointments::details(&mut tx, visit).await?;
    tx.commit().await?;
    Ok(visit)
}

/// Writes something down about a visit, below what is written already.
#[server(name = NoteVisit, prefix = "/fn", endpoint = "gabinet/note", input = Wire, output = Wire)]
pub async fn note(visit: EntityId, text: String) -> Result<VisitDetails, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    gabinet::appointments::add_note(&mut tx, visit, &services::hooks::Note { text }).await?;
    let visit = gabinet::appointments::details(&mut tx, visit).await?;
    tx.commit().await?;
    Ok(visit)
}

/// The sessions to which a seat could go.
#[server(name = AskSessions, prefix = "/fn", endpoint = "gabinet/sessions", input = Wire, output = Wire)]
pub async fn sessions(visit: EntityId) -> Result<Vec<OpenSession>, Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    let open = gabinet::appointments::sessions(&mut tx, visit).await?;
    tx.commit().await?;
    Ok(open.items)
}

/// Brings one patient's seat to another session.
#[server(name = SeatElsewhere, prefix = "/fn", endpoint = "gabinet/move_seat", input = Wire, output = Wire)]
pub async fn move_seat(visit: EntityId, to: MoveSeat) -> Result<(), Failure> {
    let mut tx = app_platform::session::begin_in(&gabinet::MODULE).await?;
    gabinet::appointments::move_seat(&mut tx, visit, &to).await?;
    tx.commit().await?;
    Ok(())
}
