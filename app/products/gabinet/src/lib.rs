//! Gabinet's screens: the visit on the shared calendar, and the clinic's patients, treatments, staff and rooms. All
//! of it lies in lazy chunks, by what is used together.

mod answers;
mod booking_form;
mod doors;
mod page_doors;
mod pages;
mod people;
mod prices;
mod rota_doors;
mod series;
mod visit;
mod waiting;

use gabinet::{
    appointments::{Book, Channel, Further},
    series::{Scope, SeriesChange},
};
use leptos::prelude::*;
use platform::{error::Problem, id::EntityId};
use std::pin::Pin;
use ui::{ActivityUi, Details, Failure, Form, ModuleUi, PersonUi, PersonWay, Skeleton, lazy::ChunkLost, module::Again};

ui::texts!();

/// What the browser needs of Gabinet.
pub const UI: ModuleUi = ModuleUi {
    module: &gabinet::MODULE,
    label: words::by_key,
    activities: &[ActivityUi {
        key: gabinet::APPOINTMENT,
        details,
        form,
        again: Some(again),
        unmake: Some(unmake),
        before_end: Some(waiting::wanting),
        by_line: true,
    }],
    screens: &[pages::PATIENTS, pages::CATALOGUE, pages::ROOMS, pages::ROTA, pages::STAFF, answers::AWAY, waiting::WAITING],
    person: Some(PersonUi {
        role: "patient",
        part: pages::of_person,
        begin: Some(PersonWay {
            key: "make.gabinet:appointment",
            icon: "calendar",
            permission: gabinet::APPOINTMENTS_WRITE,
            href: "/dashboard/calendar?new=gabinet:appointment&patient=",
        }),
    }),
    parts: &[
        visit_part::PART,
        booking_part::PART,
        answers::why_not_part::PART,
        answers::best_part::PART,
        series::repeat_part::PART,
        series::change_part::PART,
        waiting::wanting_part::PART,
        booking_form::slots_part::PART,
        booking_form::further_part::PART,
        booking_form::outcome_part::PART,
        booking_form::repeat_part::PART,
        booking_form::NEW_PATIENT,
        pages::LEAVE,
        pages::PATIENT,
    ],
    #[cfg(feature = "ssr")]
    papers: &[],
};

fn details(details: Details) -> AnyView {
    view! { <Suspense fallback=|| view! { <Skeleton lines=6/> }>{Suspend::new(visit_part(details))}</Suspense> }.into_any()
}

ui::lazy_part!(gabinet_visit: fn visit_part(details: Details) { visit::view(details) });

fn form(form: Form) -> AnyView {
    view! { <Suspense fallback=|| view! { <Skeleton lines=8/> }>{Suspend::new(booking_part(form))}</Suspense> }.into_any()
}

ui::lazy_part!(gabinet_booking: fn booking_part(form: Form) { booking_form::view(form) });

/// The same patient and treatment once more; room and device are found anew.
fn again(like: Again) -> Repeated {
    Box::pin(async move {
        let lost = |_: ChunkLost| Failure::from(Problem::new(503, "offline", "", ""));
        repeated(like).await.map_err(lost)?.await
    })
}

type Repeated = Pin<Box<dyn Future<Output = Result<EntityId, Failure>>>>;

#[leptos::wasm_split::wasm_split(gabinet_times, wasm_split_path = ::leptos::wasm_split, fallible)]
fn repeated(like: Again) -> Result<Repeated, ChunkLost> {
    Ok(Box::pin(async move {
        let visit = doors::visit(like.event.id).await?.visit;
        // A column of somebody else is that practitioner's.
        let other = like.resources.iter().copied().find(|id| !visit.resources.contains(id));
        let steps = visit.steps.iter().skip(1);
        let further = steps.map(|step| Further {
            treatment: step.treatment,
            employee: Some(step.employee).filter(|employee| *employee != visit.employee),
            offset: Some(step.offset),
        });
        let further = further.collect();
        let book = Book {
            id: Some(EntityId::new()),
            patient: visit.patient,
            treatment: visit.treatment,
            employee: other.unwrap_or(visit.employee),
            resources: None,
            location: like.location,
            start: like.start,
            notes: visit.notes,
            overbook_reason: None,
            hold: None,
            further,
            channel: Channel::Desk,
        };
        doors::book(book).await
    }))
}

/// Cancels all visits that were booked with this one as a series.
fn unmake(activity: EntityId, reason: String) -> Unmade {
    Box::pin(async move {
        let lost = |_: ChunkLost| Failure::from(Problem::new(503, "offline", "", ""));
        unbooked(activity, reason).await.map_err(lost)?.await
    })
}

type Unmade = Pin<Box<dyn Future<Output = Result<bool, Failure>>>>;

#[leptos::wasm_split::wasm_split(gabinet_times, wasm_split_path = ::leptos::wasm_split, fallible)]
fn unbooked(activity: EntityId, reason: String) -> Result<Unmade, ChunkLost> {
    Ok(Box::pin(async move {
        let details = doors::visit(activity).await?;
        let Some(place) = details.series else { return Ok(false) };
        let (series, _) = series::doors::read(place.id).await?;
        let change = SeriesChange {
            version: series.version,
            scope: Scope::Whole,
            nth: place.nth,
            shift_minutes: 0,
            employee: None,
            cancel_reason: Some(reason),
            picks: Vec::new(),
        };
        series::doors::change(series.id, change).await?;
        Ok(true)
    }))
}
