//! Planned and real minutes of a month, and the year's leave by kind.

use app_platform::use_me;
use chrono::{Datelike, Months, NaiveDate};
use gabinet::{
    hours::{Balance, EntitlementInput},
    working_time::WorkingTime,
};
use leptos::{prelude::*, task::spawn_local};
use ui::{Button, Lang, Table, use_lang, use_toasts, when};

use super::{clocked, leave::kind_name};
use crate::{
    page_doors::StaffMember,
    pages::{may, plain, shown::Shown},
    rota_doors::{StaffTime, entitle, staff_time},
    words,
};

/// The sections, for those who may see them: they are read when the page has come to life.
pub fn view(member: Shown<StaffMember>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let (id, user, today) = member.value.with_untracked(|member| (member.employee.id, member.employee.user, member.today));
    let own = use_me().with_untracked(|me| user == Some(me.user));
    if !own && !may(gabinet::HOURS_WRITE) && !may(gabinet::LEAVE_WRITE) {
        return ().into_any();
    }
    let month = RwSignal::new(today);
    let found = RwSignal::new(None::<StaffTime>);
    // Leave that changes on this page changes the balance.
    let leave = Memo::new(move |_| member.value.with(|member| member.leave.clone()));
    let renewed = RwSignal::new(0_u32);
    let changed = Callback::new(move |()| renewed.update(|n| *n = n.wrapping_add(1)));
    plain::outside(move || {
        leave.track();
        renewed.track();
        let asked = month.get();
        spawn_local(async move {
            match staff_time(id, asked).await {
                Ok(answer) => _ = found.try_set(Some(answer)),
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    let writes = may(gabinet::LEAVE_WRITE);
    let save = Callback::new(move |input: EntitlementInput| {
        spawn_local(async move {
            match entitle(id, input).await {
                Ok(balances) => found.update(|found| {
                    if let Some(found) = found {
                        found.balances = Some(balances);
                    }
                }),
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    plain::live(move || {
        found.with(|found| {
            let Some(found) = found else { return ().into_any() };
            let balances = found.balances.as_ref().map(|balances| leave_of_year(lang, found.month, balances, writes.then_some(save)));
            let time = found.time.as_ref().map(|time| time_of_month(lang, time, month));
            let clocked = may(gabinet::HOURS_WRITE).then(|| clocked::view(id, found.month, today, changed));
            view! { {balances}{time}{clocked} }.into_any()
        })
    })
}

/// Half days as days: `13.5`.
fn days(lang: Lang, halves: i32) -> String {
    let mut text = if halves < 0 { String::from("−") } else { String::new() };
    text.push_str(&(halves.abs() / 2).to_string());
    if halves % 2 != 0 {
        text.push_str(if lang == Lang::Pl { ",5" } else { ".5" });
    }
    text
}

/// Days as half days.
fn halves(text: &str) -> Option<Option<i32>> {
    match text.trim().replace(',', ".").as_str() {
        "" => Some(None),
        text => {
            let (whole, half) = match text.split_once('.') {
                Some((whole, "5" | "50")) => (whole, 1),
                Some((whole, "0" | "00")) => (whole, 0),
                Some(_) => return None,
                None => (text, 0),
            };
            let whole: i32 = whole.parse().ok().filter(|whole| (0..=366).contains(whole))?;
            Some(Some(whole * 2 + half))
        }
    }
}

fn leave_of_year(lang: Lang, month: NaiveDate, balances: &[Balance], save: Option<Callback<EntitlementInput>>) -> AnyView {
    let rows = balances.iter().map(move |balance| {
        let balance = *balance;
        let entitled = balance.entitled.map(|halves| days(lang, halves)).unwrap_or_default();
        let entitled = match save {
            None => plain::text(entitled),
            Some(save) => {
                let typed = RwSignal::new(entitled);
                let wrong = Memo::new(move |_| typed.with(|typed| halves(typed).is_none()));
                let change = Callback::new(move |text: String| {
                    if let Some(half_days) = halves(&text) {
                        save.run(EntitlementInput { kind: balance.kind, year: balance.year, half_days });
                    }
                });
                let label = words::entitled_of(lang, kind_name(lang, balance.kind));
                let field = plain::Bare {
                    class: "input amount",
                    invalid: wrong.into(),
                    on_change: change,
                    ..plain::Bare::new("text", label, typed.into(), Callback::new(move |text| typed.set(text)))
                };
                field.view()
            }
        };
        plain::row(
            plain::text(kind_name(lang, balance.kind)),
            vec![
                entitled,
                plain::text(days(lang, balance.taken)),
                plain::text(days(lang, balance.planned)),
                plain::text(days(lang, balance.requested)),
                plain::text(balance.left.map(|left| days(lang, left)).unwrap_or_default()),
            ],
        )
    });
    let rows = rows.collect_view();
    let title = words::balance_of(lang, &month.year().to_string());
    let heads =
        vec![words::kind(lang), words::entitled(lang), words::taken(lang), words::planned(lang), words::asked(lang), words::left(lang)];
    view! {
        <section>
            <h2>{title.clone()}</h2>
            <Table caption=title heads=heads>{rows}</Table>
        </section>
    }
    .into_any()
}

/// Minutes with their sign.
fn signed(lang: Lang, minutes: i64) -> String {
    match minutes {
        0 => String::from("0"),
        minutes if minutes < 0 => ["−", &when::length(lang, -minutes)].concat(),
        minutes => ["+", &when::length(lang, minutes)].concat(),
    }
}

fn time_of_month(lang: Lang, time: &WorkingTime, month: RwSignal<NaiveDate>) -> AnyView {
    let first = time.month;
    let length = move |minutes: i64| if minutes == 0 { String::from("–") } else { when::length(lang, minutes) };
    let facts = [
        (words::time_planned(lang), length(time.planned)),
        (words::time_worked(lang), length(time.worked)),
        (words::time_over(lang), signed(lang, time.over)),
        (words::time_leave(lang), length(time.leave)),
        (words::time_contract(lang), time.contract.map(length).unwrap_or_default()),
    ];
    let facts = facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect_view();
    let rows = time.days.iter().filter(|day| day.planned != 0 || day.worked != 0 || day.leave != 0).map(move |day| {
        let worked = match day.clocked {
            true => view! { {length(day.worked)}" "<small class="quiet">{words::clocked(lang)}</small> }.into_any(),
            false => plain::text(length(day.worked)),
        };
        plain::row(
            plain::text(when::day_short(lang, day.date)),
            vec![plain::text(length(day.planned)), worked, plain::text(length(day.visits)), plain::text(signed(lang, day.over))],
        )
    });
    let rows = rows.collect_view();
    let heads =
        vec![words::date(lang), words::time_planned(lang), words::time_worked(lang), words::time_visits(lang), words::time_over(lang)];
    let to = move |date: Option<NaiveDate>| {
        if let Some(date) = date {
            month.set(date);
        }
    };
    view! {
        <section>
            <header class="section-head">
                <h2>{words::working_time(lang)}", "{when::month(lang, first)}</h2>
                <span class="actions">
                    <Button icon="left" name=words::previous_month(lang) on_press=move || to(first.checked_sub_months(Months::new(1)))/>
                    <Button icon="right" name=words::next_month(lang) on_press=move || to(first.checked_add_months(Months::new(1)))/>
                </span>
            </header>
            <dl class="time-facts">{facts}</dl>
            <details>
                <summary>{words::days(lang)}</summary>
                <Table caption=words::working_time(lang) heads=heads>{rows}</Table>
            </details>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_written_with_their_halves() {
        assert_eq!(
            [halves("26"), halves("13,5"), halves("13.5"), halves("")],
            [Some(Some(52)), Some(Some(27)), Some(Some(27)), Some(None)]
        );
        assert_eq!([halves("13.2"), halves("many"), halves("-1"), halves("400")], [None; 4]);
        assert_eq!([days(Lang::En, 27), days(Lang::Pl, 27), days(Lang::En, -3), days(Lang::En, 0)], ["13.5", "13,5", "−1.5", "0"]);
    }
}
