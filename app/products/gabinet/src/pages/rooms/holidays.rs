//! Public holidays taken over as closures: those of a country and year, or a list of one's own.

use app_platform::use_me;
use chrono::Datelike;
use gabinet::hours::{
    HolidayInput, ImportClosures,
    holidays::{self, Country},
};
use leptos::prelude::*;
use ui::{Button, Choice, ErrorSummary, Failure, Field, Input, Select, TextArea, Tone, use_lang, use_toasts, when};

use crate::{
    page_doors::RoomList,
    pages::{plain, sheet::Faults, shown::Shown},
    rota_doors::import_closures,
    words,
};

/// Dates with names, one on a line: `2027-05-01 Labour Day`. None if a line can't be read.
fn read(text: &str) -> Option<Vec<HolidayInput>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (date, name) = line.split_once([' ', '\t', ';', ',']).unwrap_or((line, ""));
            Some(HolidayInput { date: when::from_iso(date)?, name: name.trim().to_owned() })
        })
        .collect()
}

/// The form.
pub fn form(list: Shown<RoomList>, open: RwSignal<bool>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let next = list.value.with_untracked(|list| list.today.year() + i32::from(list.today.month() > 6));
    let home = use_me().with_untracked(|me| me.organization.as_ref().map(|work| work.country.clone())).unwrap_or_default();
    let year = RwSignal::new(next.to_string());
    let country = RwSignal::new(if Country::parse(&home).is_some() { home } else { String::new() });
    let typed = RwSignal::new(String::new());
    let location = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| {
        let mut faults = Faults::default();
        let chosen = country.with_untracked(|code| Country::parse(code));
        let holidays = match chosen {
            Some(country) => {
                let year = year.get_untracked().trim().parse().ok().filter(|year| (1970..=2200).contains(year));
                let year: Option<i32> = faults.take("year", year, words::not_a_date(lang));
                year.map(|year| {
                    holidays::of(country, year).into_iter().map(|day| HolidayInput { date: day.date, name: day.name }).collect()
                })
            }
            None => faults.take("list", read(&typed.get_untracked()), words::not_a_date(lang)),
        };
        let location = location.get_untracked().parse().ok();
        async move {
            let added = match holidays {
                Some(holidays) => import_closures(ImportClosures { location, holidays }).await,
                None => Err(faults.failure()),
            };
            match added {
                Ok(added) => {
                    toasts.say(words::holidays_taken(lang, i64::try_from(added.len()).unwrap_or(i64::MAX)));
                    open.set(false);
                    list.refresh();
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    let send = Callback::new(move |()| {
        if !save.pending().get_untracked() {
            save.dispatch_local(());
        }
    });
    let countries = vec![
        Choice::new("PL", words::country_pl(lang)),
        Choice::new("US", words::country_us(lang)),
        Choice::new("", words::country_list(lang)),
    ];
    let places: Vec<Choice> = list.value.with_untracked(|list| {
        std::iter::once(Choice::new("", words::every_location(lang)))
            .chain(list.locations.iter().map(|place| Choice::new(place.id.to_string(), place.name.clone())))
            .collect()
    });
    let listed = move || country.with(String::is_empty);
    let which = plain::live(move || match listed() {
        true => view! {
            <Field name="list" label=words::holidays_listed(lang) help=words::holidays_help(lang) failure=failure>
                <TextArea value=typed/>
            </Field>
        }
        .into_any(),
        false => view! {
            <Field name="year" label=words::holidays_year(lang) required=true failure=failure>
                <Input kind="number" value=year min="1970" max="2200"/>
            </Field>
        }
        .into_any(),
    });
    let fields = vec![("year", words::holidays_year(lang)), ("list", words::holidays_listed(lang))];
    let content = view! {
        <ErrorSummary failure=failure fields=fields/>
        <Field name="country" label=words::holidays_of(lang) failure=failure>
            <Select choices=countries value=country/>
        </Field>
        {which}
        <Field name="location" label=words::location(lang) failure=failure>
            <Select choices=places value=location/>
        </Field>
        <footer>
            <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
            <Button tone=Tone::Primary submit=true busy=save.pending()>{words::take_holidays(lang)}</Button>
        </footer>
    };
    plain::form(send, content.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_line_by_line_or_not_at_all() {
        let read_back = read("2027-05-01 Labour Day\n\n2027-05-08;Victory in Europe\n2027-07-14").unwrap();
        assert_eq!(read_back.iter().map(|day| day.name.as_str()).collect::<Vec<_>>(), ["Labour Day", "Victory in Europe", ""]);
        assert_eq!(read("2027-05-01 Labour Day\nsoon"), None);
    }
}
