//! Companies: the list, the page with those above and below and the people there, and the form.

mod card;
pub mod doors;
mod form;
mod list;
mod people;

use platform::id::EntityId;
use services::companies::CompanyRole;
use ui::{Choice, Found, Lang, place::param, when};

ui::lazy_screens!(persons_companies: COMPANIES = fn companies_screens {
    "/dashboard/companies" => list::page(),
    "/dashboard/companies/new" => form::page(),
    "/dashboard/companies/:id" => card::page(param("id").parse().ok()),
});

/// Finds companies by what is typed, but for one.
pub fn find_company(except: Option<EntityId>) -> Found {
    Found::new(move |typed| async move {
        let (companies, _) = doors::list_companies(typed, None).await?;
        let others = companies.into_iter().filter(|company| Some(company.id) != except);
        Ok(others.map(|company| Choice::new(company.id.to_string(), company.name).with_note(company.city)).collect())
    })
}

/// From when to when somebody has a role.
pub(crate) fn period(lang: Lang, role: &CompanyRole) -> String {
    let day = |date: Option<chrono::NaiveDate>| date.map(|date| when::date_short(lang, date)).unwrap_or_default();
    if role.from_date.is_none() && role.to_date.is_none() {
        return String::new();
    }
    [day(role.from_date), " – ".into(), day(role.to_date)].concat()
}
