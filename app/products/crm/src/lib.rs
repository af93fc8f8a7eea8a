//! CRM's screens: leads, and calls on the shared calendar. Each is a chunk of its own, loaded when it is opened.

mod call_details;
mod call_form;
mod doors;
mod lead_form;
mod leads;

use leptos::prelude::*;
use ui::{ActivityUi, Details, Form, ModuleUi, empty::Skeleton};

pub use leads::{LeadRoute, LeadsRoute};

ui::texts!();

/// What the browser needs of CRM.
pub const UI: ModuleUi =
    ModuleUi { module: &crm::MODULE, label: words::by_key, activities: &[ActivityUi { key: crm::CALL, details, form }] };

fn details(details: Details) -> AnyView {
    view! { <Suspense fallback=|| view! { <Skeleton/> }>{Suspend::new(async move { details_chunk(details).await })}</Suspense> }.into_any()
}

#[lazy]
fn details_chunk(details: Details) -> AnyView {
    call_details::view(details)
}

fn form(form: Form) -> AnyView {
    view! { <Suspense fallback=|| view! { <Skeleton/> }>{Suspend::new(async move { form_chunk(form).await })}</Suspense> }.into_any()
}

#[lazy]
fn form_chunk(form: Form) -> AnyView {
    call_form::view(form)
}
