//! Gabinet's screens: the visit on the shared calendar, and the clinic's patients, treatments, staff and rooms. All
//! of it lies in lazy chunks, by what is used together.

mod booking_form;
mod doors;
mod page_doors;
mod pages;
mod people;
mod visit;

use leptos::prelude::*;
use ui::{ActivityUi, Details, Form, ModuleUi, Skeleton};

pub use pages::{PatientRoute, PatientsRoute, RoomsRoute, StaffMemberRoute, StaffRoute, TreatmentsRoute};

ui::texts!();

/// What the browser needs of Gabinet.
pub const UI: ModuleUi = ModuleUi {
    module: &gabinet::MODULE,
    label: words::by_key,
    activities: &[ActivityUi { key: gabinet::APPOINTMENT, details, form }],
    parts: &[
        visit_part::PART,
        booking_part::PART,
        booking_form::slots_part::PART,
        booking_form::NEW_PATIENT,
        booking_form::TAKEN,
        pages::patients_screen::PART,
        pages::patient_screen::PART,
        pages::treatments_screen::PART,
        pages::rooms_screen::PART,
        pages::staff_screen::PART,
        pages::staff_member_screen::PART,
    ],
};

fn details(details: Details) -> AnyView {
    view! { <Suspense fallback=|| view! { <Skeleton lines=6/> }>{Suspend::new(visit_part(details))}</Suspense> }.into_any()
}

ui::lazy_part!(gabinet_visit: fn visit_part(details: Details) { visit::view(details) });

fn form(form: Form) -> AnyView {
    view! { <Suspense fallback=|| view! { <Skeleton lines=8/> }>{Suspend::new(booking_part(form))}</Suspense> }.into_any()
}

ui::lazy_part!(gabinet_booking: fn booking_part(form: Form) { booking_form::view(form) });
