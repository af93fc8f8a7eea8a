//! Rooms and devices with what sorts of thing they are, and the days on which the clinic is closed.

mod closures;
mod form;
mod holidays;

use leptos::prelude::*;
use leptos_meta::Title;
use services::{calendar::ResourceKind, core::RESOURCES_WRITE};
use ui::{Button, Dialog, Empty, Lang, Page, Table, Tag, use_lang};

use self::form::RoomForm;
use super::{
    listing::walked,
    may, plain,
    shown::{Shown, shown},
};
use crate::{
    page_doors::{Room, RoomList, read_rooms},
    words,
};

/// What the dialog is to do.
#[derive(Clone)]
enum Task {
    Make(ResourceKind),
    Change(Box<Room>),
}

/// The page.
pub fn page() -> AnyView {
    shown(|| (), |()| read_rooms(), list)
}

fn list(list: Shown<RoomList>) -> AnyView {
    let lang = use_lang();
    let writes = may(RESOURCES_WRITE) && may(gabinet::EMPLOYEES_WRITE);
    let open = RwSignal::new(false);
    let task = RwSignal::new(Task::Make(ResourceKind::Room));
    let begin = Callback::new(move |wanted: Task| {
        task.set(wanted);
        open.set(true);
    });
    let title = Signal::derive(move || {
        task.with(|task| match task {
            Task::Make(ResourceKind::Device) => words::new_device(lang).into(),
            Task::Make(_) => words::new_room(lang).into(),
            Task::Change(room) => room.name.clone(),
        })
    });
    let form = move || match task.get_untracked() {
        Task::Make(kind) => view! { <RoomForm room=None kind=kind list=list open=open/> },
        Task::Change(room) => {
            let kind = room.kind;
            view! { <RoomForm room=Some(*room) kind=kind list=list open=open/> }
        }
    };
    view! {
        <Title text=words::rooms(lang)/>
        <Page title=words::rooms(lang) lead=words::rooms_lead(lang)>
            {section(lang, list, ResourceKind::Room, writes.then_some(begin))}
            {section(lang, list, ResourceKind::Device, writes.then_some(begin))}
            {closures::view(list)}
        </Page>
        <Dialog open=open title=title>{form()}</Dialog>
    }
    .into_any()
}

/// All rooms, or all devices.
fn section(lang: Lang, list: Shown<RoomList>, kind: ResourceKind, begin: Option<Callback<Task>>) -> AnyView {
    let device = kind == ResourceKind::Device;
    let (title, icon) = if device { (words::devices(lang), "device") } else { (words::rooms_only(lang), "room") };
    let add_text = if device { words::new_device(lang) } else { words::new_room(lang) };
    let add = move || begin.map(|begin| view! { <Button icon="plus" on_press=move || begin.run(Task::Make(kind))>{add_text}</Button> });
    let content = plain::live(move || {
        list.value.with(|list| {
            let mut found: Vec<&Room> = list.rooms.iter().filter(|room| room.kind == kind).collect();
            if found.is_empty() {
                let text = if device { words::no_devices_text(lang) } else { words::no_rooms_text(lang) };
                let title = if device { words::no_devices(lang) } else { words::no_rooms(lang) };
                return view! { <Empty icon=icon title=title text=text>{add()}</Empty> }.into_any();
            }
            found.sort_by_key(|room| !room.active);
            let rows = found.into_iter().map(|room| row(lang, room, list, begin)).collect_view();
            let heads = vec![words::name(lang), words::sorts(lang), words::location(lang), words::state(lang)];
            walked(view! { <Table caption=title heads=heads>{rows}</Table> }.into_any())
        })
    });
    view! {
        <section class="part">
            <header class="section-head">
                <h2>{title}</h2>
                {add()}
            </header>
            {content}
        </section>
    }
    .into_any()
}

fn row(lang: Lang, room: &Room, list: &RoomList, begin: Option<Callback<Task>>) -> AnyView {
    let mut style = String::from("--hue:");
    style.push_str(&room.hue.to_string());
    let place = match room.location {
        None => words::every_location(lang).to_owned(),
        Some(id) => list.locations.iter().find(|location| location.id == id).map(|location| location.name.clone()).unwrap_or_default(),
    };
    let sorts = room.sorts.iter().map(|sort| view! { <Tag text=sort.clone()/> }).collect_view();
    let state = (!room.active).then(|| view! { <Tag text=words::out_of_use(lang)/> }.into_any());
    let name = view! { <i class="dot" style=style></i>{room.name.clone()} };
    let head = match begin {
        None => name.into_any(),
        Some(begin) => {
            let own = room.clone();
            let change = move |_| begin.run(Task::Change(Box::new(own.clone())));
            view! { <button type="button" title=words::edit_named(lang, &room.name) on:click=change>{name}</button> }.into_any()
        }
    };
    let sorts = view! { <span class="marks">{sorts}</span> }.into_any();
    plain::row(head, vec![sorts, plain::text(place), state.into_any()])
}
