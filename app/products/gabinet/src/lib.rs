//! Gabinet's screens: the visit on the shared calendar, and the clinic's patients, treatments, staff and rooms. Each
//! is a chunk of its own, loaded when it is opened.

mod booking_form;
mod doors;
mod page_doors;
mod pages;
mod people;
mod visit;

use leptos::prelude::*;
use ui::{ActivityUi, Details, Form, ModuleUi, empty::Skeleton};

pub use pages::{PatientRoute, PatientsRoute, RoomsRoute, StaffMemberRoute, StaffRoute, TreatmentsRoute};

ui::texts!();

/// What the browser needs of Gabinet.
pub const UI: ModuleUi =
    ModuleUi { module: &gabinet::MODULE, label: words::by_key, activities: &[ActivityUi { key: gabinet::APPOINTMENT, details, form }] };

fn details(details: Details) -> AnyView {
    view! { <Suspense fallback=|| view! { <Skeleton lines=6/> }>{Suspend::new(async move { details_chunk(details).await })}</Suspense> }
        .into_any()
}

#[lazy]
fn details_chunk(details: Details) -> AnyView {
    visit::view(details)
}

fn form(form: Form) -> AnyView {
    view! { <Suspense fallback=|| view! { <Skeleton lines=8/> }>{Suspend::new(async move { form_chunk(form).await })}</Suspense> }
        .into_any()
}

#[lazy]
fn form_chunk(form: Form) -> AnyView {
    booking_form::view(form)
}
