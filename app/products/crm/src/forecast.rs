//! What deals are expected to bring, month by month.

use chrono::NaiveDate;
use crm::forecast::{Forecast, ForecastQuery, ForecastRow};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use ui::{Choice, Empty, FailureAlert, Lang, Select, Skeleton, Table, table::Page, use_lang, when};

use crate::{deal_doors::read_forecast, deals::money, words};

/// `/dashboard/crm/forecast?months=…`
pub(crate) fn page() -> AnyView {
    let lang = use_lang();
    let query = use_query_map();
    let asked = move || query.with(|query| query.get("months")).and_then(|months| months.parse::<i32>().ok());
    let forecast = ui::fetched(asked, |months| read_forecast(ForecastQuery { months, ..ForecastQuery::default() }));
    let months = RwSignal::new(query.with_untracked(|query| query.get("months")).unwrap_or_else(|| "6".into()));
    let choices: Vec<Choice> = [3, 6, 12, 24].map(|months| Choice::new(months.to_string(), words::months(lang, months))).to_vec();
    let navigate = use_navigate();
    let go = move |months: String| navigate(&format!("/dashboard/crm/forecast?months={months}"), leptos_router::NavigateOptions::default());
    view! {
        <Title text=words::forecast_title(lang)/>
        <Page title=words::forecast_title(lang) lead=words::forecast_lead(lang)>
            <search class="filters"><Select name="months" choices=choices value=months label=words::span(lang) on_change=go/></search>
            <Transition fallback=|| view! { <Skeleton class="rows" lines=8/> }>
                {move || Suspend::new(async move {
                    match forecast.await {
                        Err(failure) => view! { <FailureAlert failure=failure/> }.into_any(),
                        Ok(told) if told.rows.is_empty() => {
                            view! { <Empty icon="chart" title=words::no_forecast(lang) text=words::no_forecast_text(lang)/> }.into_any()
                        }
                        Ok(told) => table(lang, told),
                    }
                })}
            </Transition>
        </Page>
    }
    .into_any()
}

fn table(lang: Lang, told: Forecast) -> AnyView {
    let heads = vec![
        words::month(lang),
        words::owner(lang),
        words::open_count(lang),
        words::open_value(lang),
        words::weighted(lang),
        words::won_value(lang),
    ];
    let mut before = None::<Option<NaiveDate>>;
    let row = |row: ForecastRow| {
        // A month is named once.
        let name = match row.month {
            _ if before == Some(row.month) => String::new(),
            Some(month) => when::month(lang, month),
            None => words::without_date(lang).to_owned(),
        };
        before = Some(row.month);
        let of = |minor: i64| money(lang, minor, &row.currency);
        view! {
            <tr>
                {if name.is_empty() { view! { <td></td> }.into_any() } else { view! { <th scope="row">{name}</th> }.into_any() }}
                <td>{row.owner_name.clone().unwrap_or_else(|| words::nobody(lang).to_owned())}</td>
                <td class="number tnum">{row.open_count}</td>
                <td class="number tnum">{of(row.open)}</td>
                <td class="number tnum">{of(row.weighted)}</td>
                <td class="number tnum">{of(row.won)}</td>
            </tr>
        }
    };
    let rows = told.rows.into_iter().map(row).collect_view();
    view! { <Table caption=words::forecast_title(lang) heads=heads>{rows}</Table> }.into_any()
}
