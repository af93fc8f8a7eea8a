//! Companies: the list, the page with those above and below and the people there, and the form.

mod card;
pub(crate) mod doors;
mod form;
mod list;
mod people;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use services::companies::CompanyRole;
use ui::{Lang, lazy::Part, when};

/// The lazy part.
pub(crate) const COMPANIES: Part = companies_screen::PART;

ui::lazy_screens! { persons_companies:
    /// `/dashboard/companies` and everything below it.
    CompaniesRoute = fn companies_screen() {
        screen()
    }
}

/// One route for all of it: which part is shown, the address says.
fn screen() -> AnyView {
    let path = use_location().pathname;
    let part = Memo::new(move |_| {
        let path = path.get();
        path.strip_prefix("/dashboard/companies").unwrap_or_default().trim_matches('/').to_owned()
    });
    (move || match part.get().as_str() {
        "" => list::page(),
        "new" => form::page(),
        id => card::page(id.parse().ok()),
    })
    .into_any()
}

/// From when to when somebody has a role.
pub(crate) fn period(lang: Lang, role: &CompanyRole) -> String {
    let day = |date: Option<chrono::NaiveDate>| date.map(|date| when::date_short(lang, date)).unwrap_or_default();
    if role.from_date.is_none() && role.to_date.is_none() {
        return String::new();
    }
    [day(role.from_date), " – ".into(), day(role.to_date)].concat()
}
