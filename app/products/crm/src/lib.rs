//! CRM's screens: leads, calls on the shared calendar, and deals. All of it lies in lazy
//! chunks, loaded when it is opened.

mod call_details;
mod call_form;
mod deal_doors;
mod deals;
mod doors;
mod forecast;
mod lead_form;
mod leads;
#[cfg(feature = "ssr")]
mod quote_paper;

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use ui::paper::Paper;
use ui::{ActivityUi, Details, Form, ModuleUi, Skeleton};

ui::texts!();

/// What the browser needs of CRM.
pub const UI: ModuleUi = ModuleUi {
    module: &crm::MODULE,
    label: words::by_key,
    activities: &[ActivityUi { key: crm::CALL, details, form, again: None, unmake: None, before_end: None, by_line: false }],
    screens: &[leads::LEADS, deals::DEALS, deals::DEAL],
    person: None,
    parts: &[call_part::PART, planning_part::PART],
    #[cfg(feature = "ssr")]
    papers: &[Paper { address: "/dashboard/crm/quotes/:id/print", write: quote_paper::document }],
};

fn details(details: Details) -> AnyView {
    view! { <Suspense fallback=|| view! { <Skeleton/> }>{Suspend::new(call_part(details))}</Suspense> }.into_any()
}

ui::lazy_part!(crm_desk: fn call_part(details: Details) { call_details::view(details) });

fn form(form: Form) -> AnyView {
    view! { <Suspense fallback=|| view! { <Skeleton/> }>{Suspend::new(planning_part(form))}</Suspense> }.into_any()
}

ui::lazy_part!(crm_desk: fn planning_part(form: Form) { call_form::view(form) });
