//! The calendar on paper: a sheet for each practitioner's day, and the rota of a week without patients. Plain documents
//! that the server writes whole; a browser needs nothing but their style sheet to print them.

mod frame;
mod rota;
mod sheet;

use super::{data::sql, place::Span};
use chrono::NaiveDate;
use leptos::prelude::*;
use platform::{
    Result, Tx,
    id::{EntityId, LocationId},
    session::Me,
};
use serde::Deserialize;
use services::calendar::event::CalendarView;
use std::pin::Pin;
use ui::{Lang, paper::Wanted};

/// What is to be printed, as it stands in the address. Without a date today is meant, without a location the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// A day's sheets, or a week's rota.
    pub what: What,
    pub date: Option<NaiveDate>,
    pub location: Option<LocationId>,
    /// Only this practitioner's sheet.
    pub of: Option<EntityId>,
    /// Of which size; the country's own if not given.
    pub paper: Option<Paper>,
}

/// What can be printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// One sheet a practitioner.
    #[default]
    Day,
    /// Who works when, and nobody's visits.
    Week,
}

/// The sizes of paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paper {
    A4,
    Letter,
}

impl Paper {
    /// What lies in the printers of a country (ISO 3166).
    pub fn of_country(country: &str) -> Paper {
        if matches!(country, "US" | "CA" | "MX" | "PH" | "CL" | "CO" | "VE") { Paper::Letter } else { Paper::A4 }
    }

    /// As in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Paper::A4 => "a4",
            Paper::Letter => "letter",
        }
    }
}

/// All that the paper tells besides what was asked.
struct Printed<'a> {
    lang: Lang,
    /// Folder of the style sheets.
    package: &'a str,
    me: &'a Me,
    asked: &'a Asked,
    paper: Paper,
    view: &'a CalendarView,
    date: NaiveDate,
}

/// The document.
///
/// # Errors
/// `Denied`, `NotFound` (the location, or an address that cannot be read), `Invalid` (the date).
pub fn document<'a>(tx: &'a mut Tx, wanted: &'a Wanted<'a>) -> Pin<Box<dyn Future<Output = Result<String>> + Send + 'a>> {
    Box::pin(async move { write(tx, wanted, &wanted.query()?).await })
}

async fn write(tx: &mut Tx, wanted: &Wanted<'_>, asked: &Asked) -> Result<String> {
    let Wanted { lang, me, package, .. } = *wanted;
    let span = match asked.what {
        What::Day => Span::Day,
        What::Week => Span::Week,
    };
    let loaded = sql::range(tx, asked.location, span, asked.date).await?;
    let country = me.organization.as_ref().map(|place| place.country.as_str()).unwrap_or_default();
    let paper = asked.paper.unwrap_or_else(|| Paper::of_country(country));
    let printed = Printed { lang, package, me, asked, paper, view: &loaded.calendar, date: loaded.date };
    let owner = Owner::new();
    Ok(owner.with(|| match asked.what {
        What::Day => frame::document(&printed, sheet::sheets(&printed)),
        What::Week => frame::document(&printed, rota::rota(&printed)),
    }))
}

#[cfg(test)]
mod tests {
    use super::Paper;

    #[test]
    fn each_country_has_its_own_paper() {
        assert_eq!(Paper::of_country("PL"), Paper::A4);
        assert_eq!(Paper::of_country("US"), Paper::Letter);
        assert_eq!(Paper::of_country(""), Paper::A4);
    }
}
