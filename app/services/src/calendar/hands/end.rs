//! Before an entry ends by a key, or is planned again: the same question that its panel asks, with the same reason.

use super::keys::give_state;
use crate::{
    calendar::{desk::Desk, when},
    words,
};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::calendar::event::{Event, Status};
use ui::{Button, Field, Input, Tone};

/// The question as a title: `Cancel Anna Nowak, 10:30 – 11:15?`
pub fn title(desk: Desk, id: EntityId, to: Status) -> String {
    let lang = desk.lang;
    let Some(event) = desk.event(id) else { return String::new() };
    let mut name = desk.shown_name(&event);
    if let Some(loaded) = desk.loaded.get_untracked() {
        name.push_str(", ");
        name.push_str(&when::times(&loaded.calendar.zone, event.start, event.end));
    }
    match to {
        Status::Cancelled => words::end_cancel(lang, &name),
        Status::NoShow => words::end_no_show(lang, &name),
        _ => words::end_reopen(lang, &name),
    }
}

/// The reason, and the way out. Only that somebody did not come speaks for itself.
pub fn view(desk: Desk, id: EntityId, to: Status, open: RwSignal<bool>) -> AnyView {
    let lang = desk.lang;
    let Some(event) = desk.event(id) else { return ().into_any() };
    let reason = RwSignal::new(String::new());
    let missing = RwSignal::new(None::<String>);
    let required = to != Status::NoShow;
    let more = desk.modules.activity(&event.activity_type).and_then(|module| module.before_end).filter(|_| to == Status::Cancelled);
    let text = match (to, desk.reopens(&event.activity_type)) {
        (Status::Scheduled, _) => words::end_reopen_text(lang),
        (_, true) => words::end_text(lang),
        (_, false) => words::end_for_good(lang),
    };
    let kept = StoredValue::new(event);
    let submit = move |pressed: web_sys::SubmitEvent| {
        pressed.prevent_default();
        let said = reason.get_untracked().trim().to_owned();
        if required && said.is_empty() {
            missing.set(Some(words::end_reason_missing(lang).to_owned()));
            return;
        }
        open.set(false);
        // As it is by now: a colleague may have been quicker, and then the server says so.
        let event: Event = desk.event(id).unwrap_or_else(|| kept.get_value());
        spawn_local(give_state(desk, event, to, said));
    };
    let verb = match to {
        Status::Cancelled => words::end_do_cancel(lang),
        Status::NoShow => words::end_do_no_show(lang),
        _ => words::end_do_reopen(lang),
    };
    view! {
        <form class="form" on:submit=submit novalidate>
            <p>{text}</p>
            {more.map(|more| more(id))}
            <Field name="end_reason" label=words::end_reason(lang) required=required error=missing>
                <Input value=reason autocomplete="off" autofocus=true/>
            </Field>
            <footer>
                <Button on_press=move || open.set(false)>{words::leave_it(lang)}</Button>
                <Button submit=true tone=Tone::Primary>{verb}</Button>
            </footer>
        </form>
    }
    .into_any()
}
