//! The week as a matrix: a row for everybody, a column for each date. In a draft the hours are typed where they stand.

use gabinet::{
    hours::LeaveKind,
    rota::{RotaDay, RotaRow},
};
use leptos::prelude::*;
use platform::id::EntityId;
use ui::{Avatar, Icon, Lang, when};

use super::{draft::Planning, plain};
use crate::{
    pages::staff_member::{grid, leave::kind_name, spans},
    words,
};

/// The matrix.
pub fn view(planning: Planning) -> AnyView {
    let lang = planning.lang;
    // What is typed is not drawn anew: the rota changes when others publish.
    let rota = Memo::new(move |_| planning.page.value.with(|page| page.rota.clone()));
    plain::live(move || {
        rota.with(|rota| {
            let today = planning.page.value.with_untracked(|page| page.today);
            let heads = rota.from.iter_days().take_while(|date| *date < rota.to).map(|date| {
                view! { <th scope="col" class:today=date == today>{when::day_short(lang, date)}</th> }
            });
            let rows = rota.rows.iter().map(|row| line(planning, row)).collect_view();
            view! {
                <div class="table rota" role="region" aria-label=words::rota(lang) tabindex="0">
                    <table>
                        <caption class="visually-hidden">{words::rota(lang)}</caption>
                        <thead><tr><th scope="col">{words::name(lang)}</th>{heads.collect_view()}</tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        })
    })
}

fn line(planning: Planning, row: &RotaRow) -> AnyView {
    let lang = planning.lang;
    let (employee, minutes) = (row.employee, row.minutes);
    let dates: Vec<_> = row.days.iter().map(|day| day.date).collect();
    let week_start = planning.week_start();
    let sum = move || {
        let planned = planning.hours(employee, |hours| dates.iter().map(|date| hours.on(*date, week_start).minutes()).sum());
        when::length(lang, planned.unwrap_or(minutes))
    };
    let mut href = String::from("/dashboard/gabinet/staff/");
    href.push_str(&employee.to_string());
    let hue = u16::try_from(row.hue).unwrap_or_default();
    let cells = row.days.iter().map(|day| view! { <td>{cell(planning, employee, &row.name, day)}</td> }).collect_view();
    view! {
        <tr>
            <th scope="row">
                <a class="who" href=href><Avatar name=row.name.clone() hue=hue/><span>{row.name.clone()}<small>{sum}</small></span></a>
            </th>
            {cells}
        </tr>
    }
    .into_any()
}

/// What holds on a date; a field for it where it is being planned.
fn cell(planning: Planning, employee: EntityId, name: &str, day: &RotaDay) -> AnyView {
    let lang = planning.lang;
    let date = day.date;
    let written = spans::write(&day.windows);
    let breaks = spans::write(&day.breaks);
    let works = !day.windows.is_empty();
    let mut label = String::from(name);
    label.push_str(", ");
    label.push_str(&when::day_short(lang, date));
    let planned = Memo::new(move |_| planning.plans(employee).is_some_and(|from| from <= date));
    let hours = plain::live(move || match planned.get() {
        true => field(planning, employee, date, label.clone()),
        false if written.is_empty() => view! { <span class="quiet">{words::off(lang)}</span> }.into_any(),
        false => view! { <span class="rota-hours">{written.clone()}</span> }.into_any(),
    });
    let pause = (works && !breaks.is_empty()).then(|| view! { <small class="quiet">{words::break_of(lang, &breaks)}</small> });
    let notes = notes(lang, day);
    let struck = Memo::new(move |_| {
        planning.effects.with(|effects| {
            let visits =
                effects.as_ref().map(|all| all.visits.iter().filter(|visit| visit.employee == employee && visit.wall.date() == date));
            visits.map_or(0, Iterator::count)
        })
    });
    let affected = plain::live(move || match i64::try_from(struck.get()) {
        Ok(many) if many > 0 => {
            view! { <small class="rota-affected"><Icon name="warning"/>{words::visits_outside(lang, many)}</small> }.into_any()
        }
        _ => ().into_any(),
    });
    view! { {hours}{pause}{notes}{affected} }.into_any()
}

/// Leave and closures.
fn notes(lang: Lang, day: &RotaDay) -> AnyView {
    let leave = day.leave.as_ref().map(|leave| {
        let mut text = match leave.kind {
            LeaveKind::Other => words::leave(lang).to_owned(),
            kind => kind_name(lang, kind).to_owned(),
        };
        if let Some(times) = leave.starts.zip(leave.ends) {
            text.push(' ');
            text.push_str(&spans::write(&[times]));
        }
        view! { <small class="rota-away"><Icon name="sun"/>{text}</small> }
    });
    let closure = day.closure.clone().map(|name| {
        let name = if name.is_empty() { words::closed(lang).to_owned() } else { name };
        view! { <small class="rota-away"><Icon name="lock"/>{name}</small> }
    });
    view! { {leave}{closure} }.into_any()
}

/// Hours as people write them; what was typed is put into its usual form, and saved, when the field is left.
fn field(planning: Planning, employee: EntityId, date: chrono::NaiveDate, label: String) -> AnyView {
    let lang = planning.lang;
    let week_start = planning.week_start();
    let typing = RwSignal::new(None::<String>);
    let finished = RwSignal::new(true);
    let held = Signal::derive(move || {
        let written = planning.hours(employee, |hours| spans::write(&hours.on(date, week_start).windows)).unwrap_or_default();
        typing.get().unwrap_or(written)
    });
    let wrong = Memo::new(move |_| finished.get() && spans::read(&held.get()).is_none());
    let fault = plain::live(move || match wrong.get() {
        true => grid::fault(words::hours_unreadable(lang)),
        false => ().into_any(),
    });
    let field = plain::Bare {
        class: "input hours",
        placeholder: words::off(lang),
        invalid: wrong.into(),
        on_change: Callback::new(move |typed: String| {
            finished.set(true);
            if let Some(windows) = spans::read(&typed) {
                typing.set(None);
                planning.set(employee, date, &windows);
            }
        }),
        ..plain::Bare::new(
            "text",
            label,
            held,
            Callback::new(move |typed: String| {
                finished.set(false);
                typing.set(Some(typed));
            }),
        )
    };
    view! { {field.view()}{fault} }.into_any()
}
