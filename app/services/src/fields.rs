//! Fields that the organization adds: the settings page on which they and types of record are made, and the section in
//! which the page of a record shows them.

mod control;
mod custom;
pub(crate) mod doors;
mod field_form;
mod kinds;
mod settings;
mod type_form;

pub(crate) use control::{Draft, control, label, localised, read_all, shown, told};
pub use custom::CustomFields;
pub(crate) use field_form::type_name;

use leptos::prelude::*;

/// A lazy part.
pub(crate) const CUSTOM: ui::lazy::Part = custom::custom_part::PART;

ui::lazy_screens!(settings_fields: SETTINGS = fn fields_screens {
    "/dashboard/settings/fields" => view! { <app_platform::settings::Settings page="fields"><settings::Fields/></app_platform::settings::Settings> }.into_any(),
});
