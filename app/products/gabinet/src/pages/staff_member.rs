//! The page of one practitioner: who they are and what they may do, when they work, when they are away.

mod dates;
mod grid;
mod hours;
mod leave;
mod profile;
mod spans;
mod week;

use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Avatar, ButtonLink, Heard, Meaning, Tag, use_lang, use_live, when};

use super::{
    plain,
    shown::{Shown, absent, id_in_address, shown},
};
use crate::{
    page_doors::{StaffMember, read_staff_member},
    words,
};

/// The page.
pub fn page() -> AnyView {
    shown(
        id_in_address(),
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
    let state = plain::live(move || {
        member.value.with(|member| {
            let away = member.leave.iter().find(|leave| leave.from_date <= member.today);
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
                    <ButtonLink icon="left" href="/dashboard/gabinet/staff">{words::all_staff(lang)}</ButtonLink>
                    <ButtonLink icon="calendar" href="/dashboard/calendar?by=staff">{words::to_calendar(lang)}</ButtonLink>
                </div>
                <p class="marks">{state}</p>
            </header>
            <div class="record-main">
                {hours::view(member)}
                {leave::view(member)}
            </div>
            <section class="record-side" aria-labelledby="record-about">
                <h2 id="record-about">{words::about(lang)}</h2>
                {profile::view(member)}
            </section>
        </article>
    }
    .into_any()
}
