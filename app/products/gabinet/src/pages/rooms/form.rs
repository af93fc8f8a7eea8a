//! The form that makes or changes a room or a device.

use leptos::prelude::*;
use platform::id::EntityId;
use services::calendar::ResourceKind;
use ui::{Button, Checkbox, Choice, ErrorSummary, Failure, Field, Input, Lang, Select, Tone, use_lang, use_toasts};

use crate::{
    page_doors::{Room, RoomList, save_room},
    pages::{
        hue::HuePicker,
        plain,
        sheet::{Clashes, Drafts, Sheet, Values},
        shown::Shown,
        sorts::{self, SortTicks},
        to_give,
    },
    words,
};

/// The word for yes in a field.
const YES: &str = "yes";

fn labels(lang: Lang) -> [(&'static str, &'static str); 5] {
    [
        ("name", words::name(lang)),
        ("location", words::location(lang)),
        ("sorts", words::sorts(lang)),
        ("hue", words::colour(lang)),
        ("active", words::in_use(lang)),
    ]
}

fn values(room: &Room) -> Values {
    vec![
        ("name", room.name.clone()),
        ("location", room.location.map(|id| id.to_string()).unwrap_or_default()),
        ("sorts", sorts::write(room.sorts.iter().map(String::as_str))),
        ("hue", room.hue.to_string()),
        ("active", if room.active { YES.into() } else { String::new() }),
    ]
}

fn beginning(locations: &[platform::locations::Location]) -> Values {
    // Where there is one place only, everything is there.
    let place = match locations {
        [only] => only.id.to_string(),
        _ => String::new(),
    };
    vec![("name", String::new()), ("location", place), ("sorts", String::new()), ("hue", "210".into()), ("active", YES.into())]
}

/// Everything that is told about a room or device.
#[component]
pub fn RoomForm(
    /// The one to change, as it was when the dialog was opened; none makes a new one.
    room: Option<Room>,
    /// What a new one is to be.
    kind: ResourceKind,
    /// All of them, kept up to date.
    list: Shown<RoomList>,
    /// The dialog around it.
    open: RwSignal<bool>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let id = room.as_ref().map(|room| room.id);
    let first = room.as_ref().map_or_else(|| list.value.with_untracked(|list| beginning(&list.locations)), values);
    let sheet = Sheet::new(&labels(lang), first).coded(&["location", "hue", "active"]);
    // What was read last; saving says so (R18).
    let seen = StoredValue::new(room);
    let new_id = EntityId::new();
    let drafts = Drafts::of("room", &id.map_or_else(|| kind.as_str().to_owned(), |id| id.to_string()));
    drafts.keep(sheet);
    // The record outside: what others change is taken over as it becomes known.
    plain::outside(move || {
        let now = list.value.with(|list| list.rooms.iter().find(|other| Some(other.id) == id).cloned());
        if let Some(now) = now.filter(|now| seen.with_value(|seen| seen.as_ref() != Some(now))) {
            sheet.follow(values(&now));
            seen.set_value(Some(now));
        }
    });
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| {
        let before = seen.get_value();
        let sort = before.as_ref().map_or(0, |room| room.sort);
        let versions = before.as_ref().map_or((0, 0), |room| room.versions);
        let room = Room {
            id: id.unwrap_or(new_id),
            kind,
            name: sheet.get("name").trim().into(),
            hue: sheet.get("hue").parse().unwrap_or(200),
            location: sheet.get("location").parse().ok(),
            sort,
            active: sheet.get("active") == YES,
            sorts: sorts::read(&sheet.get("sorts")),
            versions,
        };
        let saving = save_room(before, room);
        async move {
            match saving.await {
                Ok(()) => {
                    drafts.write(None);
                    toasts.say(words::room_saved(lang));
                    open.set(false);
                    list.refresh();
                }
                Err(why) => {
                    if why.code() == "version" {
                        list.refresh();
                    }
                    failure.set(Some(why));
                }
            }
        }
    });
    let send = Callback::new(move |()| {
        if !save.pending().get_untracked() {
            save.dispatch_local(());
        }
    });
    let cancel = move || {
        sheet.reset();
        drafts.write(None);
        open.set(false);
    };
    let (places, known) = list.value.with_untracked(|list| {
        let choices: Vec<Choice> = std::iter::once(Choice::new("", words::every_location(lang)))
            .chain(list.locations.iter().map(|place| Choice::new(place.id.to_string(), place.name.clone())))
            .collect();
        let known: Vec<String> = list.rooms.iter().filter(|room| room.kind == kind).flat_map(|room| room.sorts.iter().cloned()).collect();
        (choices, known)
    });
    let active = sheet.field("active");
    // Out of use with visits before it: they are listed, and given to another.
    let in_use = move || failure.with(|failure| failure.as_ref().is_some_and(|failure| failure.code() == "in_use"));
    let to_give = id.map(|id| plain::shown_while(in_use, move || to_give::view(id, Callback::new(move |()| failure.set(None)))));
    let content = view! {
            <ErrorSummary failure=failure fields=sheet.labels()/>
            {to_give}
            <Clashes sheet=sheet/>
            <Field name="name" label=words::name(lang) required=true failure=failure>
                <Input value=sheet.field("name") autocomplete="off"/>
            </Field>
            <Field name="location" label=words::location(lang) failure=failure>
                <Select choices=places value=sheet.field("location")/>
            </Field>
            <SortTicks legend=words::sorts(lang) known=known value=sheet.field("sorts")/>
            <p class="quiet">{words::sorts_help(lang)}</p>
            <HuePicker value=sheet.field("hue")/>
            <Checkbox
                label=words::in_use_text(lang)
                checked=Signal::derive(move || active.with(|active| active == YES))
                on_change=move |on: bool| active.set(if on { YES.into() } else { String::new() })
            />
            <footer>
                <Button on_press=cancel>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save(lang)}</Button>
            </footer>
    };
    plain::form(send, content.into_any())
}
