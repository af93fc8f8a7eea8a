//! Booking: what was filled in, sent as often as it takes under one id.

use gabinet::appointments::{Book, Channel};
use leptos::prelude::*;
use platform::{error::FieldError, id::EntityId};
use ui::{Failure, Form, Lang, use_lang};

use super::{
    draft::{Draft, Typed, chosen},
    further,
    judge::Verdict,
    keep,
    outcome::{is_conflict, stands_against},
    patient::Patients,
    times::Times,
};
use crate::{doors, words};

/// Sends what was filled in. Refusals go to `refused` and lose nothing.
pub fn action(form: Form, draft: Draft, times: Times, patients: Patients, refused: RwSignal<Option<Failure>>) -> Action<(), ()> {
    let lang = use_lang();
    // A retry books no second visit.
    let id = EntityId::new();
    let (location, booked) = (form.location, form.booked);
    Action::new(move |(): &()| async move {
        let against = untrack(|| stands_against(times, refused));
        refused.set(None);
        // Enter in the form is meant for the new patient too.
        if patients.is_making() && !patients.make().await {
            return;
        }
        let read = read(lang, draft, times);
        let (patient, treatment, employee, start) = match read {
            Ok(read) => read,
            Err(failure) => {
                refused.set(Some(failure));
                return;
            }
        };
        let pins = draft.pins.get_untracked();
        let reason = Some(draft.overbook.get_untracked()).filter(|reason| against && !reason.trim().is_empty());
        // Otherwise the server finds room and device itself, as they are free then.
        let named = !pins.is_empty() || reason.is_some();
        let mut book = Book {
            id: Some(id),
            patient,
            treatment,
            employee,
            resources: named.then(|| resources(times, employee, &pins)),
            location,
            start,
            notes: draft.notes.get_untracked(),
            overbook_reason: reason,
            hold: None,
            further: untrack(|| draft.asked_further()),
            channel: Channel::Desk,
        };
        // Nothing more is held from here on.
        book.hold = times.hold.end().await;
        match doors::book(book).await {
            Ok(activity) => {
                times.hold.spent();
                keep::forget();
                booked.run((activity, words::booked(lang).to_owned()));
            }
            Err(failure) => {
                times.hold.go_on();
                if is_conflict(&failure) {
                    // Somebody was quicker: the free times are shown as they are now.
                    times.refetch();
                }
                refused.try_set(Some(further::said(lang, failure)));
            }
        }
    })
}

type Read = (EntityId, EntityId, EntityId, chrono::DateTime<chrono::Utc>);

/// Who, what, with whom and when; or all that is missing, by field.
fn read(lang: Lang, draft: Draft, times: Times) -> Result<Read, Failure> {
    let start = times.start.get_untracked();
    let patient = untrack(|| chosen(draft.patient));
    let treatment = untrack(|| chosen(draft.treatment));
    let employee = employee(draft, times);
    let mut errors = Vec::new();
    let mut wrong = |field: &str, code: &str, message: String| {
        errors.push(FieldError { field: field.into(), code: code.into(), message });
    };
    if patient.is_none() {
        wrong("patient", "required", String::new());
    }
    if treatment.is_none() {
        wrong("treatment", "required", String::new());
    }
    untrack(|| further::missing(draft, &mut wrong));
    match start {
        Typed::Nothing { date, time } => {
            if date {
                wrong("date", "date", String::new());
            }
            if time {
                wrong("start", "time", String::new());
            }
        }
        Typed::Gap { .. } => wrong("start", "gap", String::new()),
        Typed::At { .. } => {}
    }
    if employee.is_none() && treatment.is_some() && errors.is_empty() {
        errors.push(FieldError { field: "employee".into(), code: "nobody".into(), message: words::nobody_qualified(lang).into() });
    }
    match (patient, treatment, employee, start.start()) {
        (Some(patient), Some(treatment), Some(employee), Some(start)) => Ok((patient, treatment, employee, start)),
        _ => Err(Failure::of_fields(errors)),
    }
}

/// Who was chosen; with “anyone”, whoever the verdict found.
fn employee(draft: Draft, times: Times) -> Option<EntityId> {
    let chosen = draft.staff.with_untracked(|staff| staff.parse().ok());
    chosen.or_else(|| {
        untrack(|| match times.verdict.get()? {
            Verdict::Free(slot) => times.staff_of(&slot.resources),
            Verdict::Refused { resources, .. } => times.staff_of(&resources),
        })
    })
}

/// Who and what was asked for by name, and whatever else the verdict found for the other needs.
fn resources(times: Times, employee: EntityId, pins: &[EntityId]) -> Vec<EntityId> {
    let found = untrack(|| match times.verdict.get() {
        Some(Verdict::Free(slot)) => slot.resources,
        Some(Verdict::Refused { resources, .. }) => resources,
        None => Vec::new(),
    });
    if found.contains(&employee) && !found.is_empty() {
        return found;
    }
    let mut resources = vec![employee];
    resources.extend(pins);
    resources
}
