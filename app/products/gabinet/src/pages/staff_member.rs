//! The page of one practitioner: who they are and what they may do, when they work, when they are away.

mod clocked;
mod dates;
pub(super) mod grid;
mod hours;
pub(super) mod leave;
mod profile;
pub(super) mod spans;
mod time;
mod week;

use gabinet::hours::LeaveStatus;
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Avatar, ButtonLink, Heard, Meaning, Skeleton, Tag, use_lang, use_live, when};

use super::{
    may, plain,
    shown::{Shown, absent, id_in_address, shown},
};
use crate::{
    page_doors::{StaffMember, read_staff_member},
    words,
};

ui::lazy_part!(gabinet_leave: fn leave_part(member: Shown<StaffMember>) {
    (leave::view(member), time::view(member)).into_any()
});

/// The page.
pub fn page() -> AnyView {
    let id = id_in_address();
    shown(
        move || id,
        |id| async move {
            match id {
                Some(id) => read_staff_member(id).await,
                None => Err(absent()),
            }
        },
        member,
    )
}

fn member(member: Shown<StaffMember>) -> AnyView {
    let lang = use_lang();
    let id = member.value.with_untracked(|member| member.employee.id);
    use_live().listen(move |heard| match heard {
        Heard::Changed(event) if event.entity_id != id => {}
        _ => member.refresh(),
    });
    let name = Signal::derive(move || member.value.with(|member| member.employee.name.clone()));
    let position = Signal::derive(move || member.value.with(|member| member.employee.position.clone()));
    let face = plain::live(move || {
        let hue = member.value.with(|member| u16::try_from(member.employee.hue).unwrap_or_default());
        view! { <Avatar name=name.get() hue=hue class="large"/> }.into_any()
    });
    // Their visits are given to colleagues, on a page of its own.
    let away = may(gabinet::APPOINTMENTS_WRITE).then(|| {
        let address = ["/dashboard/gabinet/staff/", &id.to_string(), "/away"].concat();
        view! { <ButtonLink icon="sun" href=address>{words::away_today(lang)}</ButtonLink> }
    });
    let state = plain::live(move || {
        member.value.with(|member| {
            let away = member.leave.iter().find(|leave| leave.status == LeaveStatus::Approved && leave.from_date <= member.today);
            let former = (!member.employee.active).then(|| view! { <Tag text=words::former(lang)/> });
            let away = away.map(|leave| {
                let until = when::day_month(lang, leave.to_date);
                view! { <Tag meaning=Meaning::Attention icon="sun" text=words::on_leave_until(lang, &until)/> }
            });
            view! { {former}{away} }.into_any()
        })
    });
    view! {
        <Title text=move || name.get()/>
        <article class="record">
            <header class="record-head">
                {face}
                <div>
                    <h1>{name}</h1>
                    <p class="record-facts"><span>{position}</span></p>
                </div>
                <div class="actions">
                    {away}
                    <ButtonLink icon="left" href="/dashboard/gabinet/staff">{words::all_staff(lang)}</ButtonLink>
                    <ButtonLink icon="calendar" href="/dashboard/calendar?by=staff">{words::to_calendar(lang)}</ButtonLink>
                </div>
                <p class="marks">{state}</p>
            </header>
            <div class="record-main">
                {hours::view(member)}
                <Suspense fallback=|| view! { <Skeleton lines=6/> }>{Suspend::new(leave_part(member))}</Suspense>
            </div>
            <section class="record-side" aria-labelledby="record-about">
                <h2 id="record-about">{words::about(lang)}</h2>
                {profile::view(member)}
            </section>
        </article>
    }
    .into_any()
}
