//! The list of practitioners.

use gabinet::{
    employees::{Employee, EmployeeInput},
    hours::{Leave, LeaveStatus},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use platform::id::EntityId;
use ui::{
    Avatar, Button, Checkbox, Dialog, Empty, ErrorSummary, Failure, Field, Input, Lang, Meaning, Page, Table, Tag, Tone, use_lang,
    use_toasts, when,
};

use super::{
    hue::HuePicker,
    listing::walked,
    may, plain,
    shown::{Shown, shown},
};
use crate::{
    page_doors::{StaffList, read_staff, save_employee},
    words,
};

fn href(id: EntityId) -> String {
    format!("/dashboard/gabinet/staff/{id}")
}

/// The page.
pub fn page() -> AnyView {
    shown(|| (), |()| read_staff(), list)
}

fn list(list: Shown<StaffList>) -> AnyView {
    let lang = use_lang();
    let writes = may(gabinet::EMPLOYEES_WRITE);
    let making = RwSignal::new(false);
    let retired = RwSignal::new(false);
    let add = move || {
        writes.then(
            || view! { <Button tone=Tone::Primary icon="plus" on_press=move || making.set(true)>{words::new_practitioner(lang)}</Button> },
        )
    };
    let any_retired = move || list.value.with(|list| list.staff.iter().any(|employee| !employee.active));
    let show_former = plain::shown_while(any_retired, move || {
        view! { <Checkbox label=words::show_former(lang) checked=retired on_change=move |on: bool| retired.set(on)/> }.into_any()
    });
    let decides = may(gabinet::LEAVE_WRITE);
    let asked = plain::live(move || if decides { list.value.with(|list| requests(lang, list)) } else { ().into_any() });
    let content = plain::live(move || {
        list.value.with(|list| {
            if list.staff.is_empty() {
                return view! { <Empty icon="staff" title=words::no_staff(lang) text=words::no_staff_text(lang)>{add()}</Empty> }
                    .into_any();
            }
            let rows: Vec<AnyView> =
                list.staff.iter().filter(|employee| employee.active || retired.get()).map(|employee| row(lang, employee, list)).collect();
            let heads = vec![words::name(lang), words::qualifications(lang), words::state(lang)];
            walked(view! { <Table caption=words::staff(lang) heads=heads>{rows}</Table> }.into_any())
        })
    });
    view! {
        <Title text=words::staff(lang)/>
        <Page title=words::staff(lang) lead=words::staff_lead(lang) actions=add>
            {asked}
            {show_former}
            {content}
        </Page>
        <Dialog open=making title=words::new_practitioner(lang)>
            <NewPractitioner open=making/>
        </Dialog>
    }
    .into_any()
}

fn is_away(leave: &Leave, employee: &Employee) -> bool {
    leave.employee == employee.id && leave.status == LeaveStatus::Approved
}

/// What somebody has asked for and nobody has decided on; it is decided on the page of whoever asks.
fn requests(lang: Lang, list: &StaffList) -> AnyView {
    let rows: Vec<AnyView> = list
        .leave
        .iter()
        .filter(|leave| leave.status == LeaveStatus::Requested)
        .filter_map(|leave| {
            let employee = list.staff.iter().find(|employee| employee.id == leave.employee)?;
            let dates = when::span(lang, leave.from_date, leave.to_date);
            let name = view! { <a href=href(employee.id)>{employee.name.clone()}</a> }.into_any();
            Some(plain::row(name, vec![plain::text(dates), plain::text(&leave.reason)]))
        })
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    let heads = vec![words::name(lang), words::dates(lang), words::reason(lang)];
    view! {
        <section class="part">
            <h2>{words::leave_requests(lang)}</h2>
            <Table caption=words::leave_requests(lang) heads=heads>{rows}</Table>
        </section>
    }
    .into_any()
}

fn row(lang: Lang, employee: &Employee, list: &StaffList) -> AnyView {
    let leave = list.leave.iter().find(|leave| is_away(leave, employee) && leave.from_date <= list.today);
    let soon = list.leave.iter().find(|leave| is_away(leave, employee) && leave.from_date > list.today);
    let state = match (employee.active, leave, soon) {
        (false, ..) => Some(view! { <Tag text=words::former(lang)/> }.into_any()),
        (true, Some(leave), _) => {
            let until = when::day_month(lang, leave.to_date);
            Some(view! { <Tag meaning=Meaning::Attention icon="sun" text=words::on_leave_until(lang, &until)/> }.into_any())
        }
        (true, None, Some(leave)) => {
            let dates = words::leave_from(lang, &when::day_month(lang, leave.from_date));
            Some(view! { <Tag text=dates/> }.into_any())
        }
        (true, None, None) => None,
    };
    let count = i64::try_from(employee.treatments.len()).unwrap_or(i64::MAX);
    let hue = u16::try_from(employee.hue).unwrap_or_default();
    view! {
        <tr>
            <th scope="row">
                <a class="who" href=href(employee.id)>
                    <Avatar name=employee.name.clone() hue=hue/>
                    <span>{employee.name.clone()}<small>{employee.position.clone()}</small></span>
                </a>
            </th>
            <td>{words::treatments_count(lang, count)}</td>
            <td>{state}</td>
        </tr>
    }
    .into_any()
}

/// As much as it takes to open their page, where the rest is told.
#[component]
fn NewPractitioner(open: RwSignal<bool>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let name = RwSignal::new(String::new());
    let position = RwSignal::new(String::new());
    let hue = RwSignal::new(String::from("240"));
    let id = EntityId::new();
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| {
        let navigate = navigate.clone();
        let input = EmployeeInput {
            id: Some(id),
            name: name.get_untracked().trim().into(),
            position: position.get_untracked().trim().into(),
            hue: hue.get_untracked().parse().unwrap_or(200),
            location: None,
            user: None,
            sort: 0,
            active: true,
            treatments: Vec::new(),
            contract_minutes: None,
            version: 0,
        };
        async move {
            match save_employee(None, input).await {
                Ok(employee) => {
                    toasts.say(words::practitioner_saved(lang));
                    open.set(false);
                    navigate(&href(employee.id), Default::default());
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
    let fields = vec![("name", words::name(lang)), ("position", words::position(lang))];
    let content = view! {
            <ErrorSummary failure=failure fields=fields/>
            <Field name="name" label=words::name(lang) required=true failure=failure>
                <Input value=name autocomplete="off"/>
            </Field>
            <Field name="position" label=words::position(lang) help=words::position_help(lang) failure=failure>
                <Input value=position autocomplete="off"/>
            </Field>
            <HuePicker value=hue/>
            <footer>
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save(lang)}</Button>
            </footer>
    };
    plain::form(send, content.into_any())
}
