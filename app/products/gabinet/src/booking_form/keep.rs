//! What was typed outlives a reload of the page: it is kept in this tab until it is booked or given up. Of people and
//! treatments only the ids are kept; their names are asked for again by whoever is signed in then.

use app_platform::session::use_me;
use leptos::prelude::*;
use platform::id::EntityId;
use ui::{Choice, Form};

use super::{
    draft::{Draft, chosen},
    further::More,
    patient::Patients,
    times::Times,
};

/// Under which name.
const KEY: &str = "gabinet:booking";
/// And the id of its hold, while there is one.
const HOLD: &str = "gabinet:hold";
/// Between the fields; nobody can type it.
const MARK: &str = "\u{1f}";
/// Between the further treatments, and within each of them.
const NEXT: &str = "\u{1e}";
const WITHIN: &str = "\u{1d}";

/// Brings back what was kept for this place of the calendar, and keeps every change from now on.
pub fn keep(form: &Form, draft: Draft, times: Times, patients: Patients) {
    let mut place = use_me().with_untracked(|me| me.user.to_string());
    place.push(' ');
    place.push_str(&form.start.timestamp().to_string());
    if let Some(resource) = form.resource {
        place.push_str(&resource.to_string());
    }
    let place = StoredValue::new(place);
    let treatment = RwSignal::new(None::<EntityId>);
    // Further treatments that wait for their names.
    let further = RwSignal::new(String::new());
    let restored = RwSignal::new(false);
    // The world outside: the tab's storage. Effects run in the browser only. A frame later, because inputs begin by
    // taking over what was typed into them before the page came to life.
    Effect::new(move |_| {
        request_animation_frame(move || {
            let Some(place) = place.try_get_value() else { return };
            if let Some((id, more)) = restore(&place, draft, times, patients) {
                treatment.set(id);
                further.set(more);
            }
            restored.set(true);
        });
    });
    Effect::new(move |_| {
        if !restored.get() {
            return;
        }
        let id = |id: Option<EntityId>| id.map(|id| id.to_string()).unwrap_or_default();
        let fields = [
            place.get_value(),
            id(chosen(draft.patient)),
            id(chosen(draft.treatment).or(treatment.get())),
            draft.wanted.get(),
            draft.date.get(),
            draft.time.get(),
            draft.notes.get(),
            draft.overbook.get(),
            if draft.second_pass.get() { "2" } else { "" }.to_owned(),
            draft.pins.with(|pins| pins.iter().map(ToString::to_string).collect::<Vec<_>>().join(NEXT)),
            Some(further.get()).filter(|waiting| !waiting.is_empty()).unwrap_or_else(|| written(draft)),
        ];
        if let Some(storage) = storage() {
            let _ = storage.set_item(KEY, &fields.join(MARK));
        }
    });
    let treatments = times.treatments(ui::use_lang());
    Effect::new(move |_| {
        let Some(wanted) = treatment.get().map(|id| id.to_string()) else { return };
        if let Some(choice) = treatments.get().into_iter().find(|choice| choice.value == wanted) {
            treatment.set(None);
            if draft.treatment.with_untracked(Option::is_none) {
                draft.treatment.set(Some(choice));
            }
        }
    });
    Effect::new(move |_| {
        let waiting = further.get();
        if waiting.is_empty() || treatments.with(Vec::is_empty) {
            return;
        }
        further.set(String::new());
        if draft.further.with_untracked(Vec::is_empty) {
            let named = |id: &str| treatments.with(|known| known.iter().find(|choice| choice.value == id).cloned());
            draft.further.set(read(&waiting, draft, named));
        }
    });
}

/// The further treatments as they are kept: which, with whom, and whether at the same time.
fn written(draft: Draft) -> String {
    let one = |more: &More| {
        let treatment = chosen(more.treatment).map(|id| id.to_string()).unwrap_or_default();
        [treatment, more.staff.get(), more.order.get()].join(WITHIN)
    };
    draft.further.with(|further| further.iter().map(one).collect::<Vec<_>>().join(NEXT))
}

/// As they were written. One that is no longer offered is left open.
fn read(kept: &str, draft: Draft, named: impl Fn(&str) -> Option<Choice>) -> Vec<More> {
    let one = |(more, text): (More, &str)| {
        let mut fields = text.split(WITHIN);
        let mut next = || fields.next().unwrap_or_default();
        more.treatment.set(named(next()));
        more.staff.set(next().to_owned());
        more.order.set(next().to_owned());
        more
    };
    draft.places.into_iter().zip(kept.split(NEXT)).map(one).collect()
}

/// Puts the fields back; the treatment's id, and the further ones, are left for when treatments are known.
fn restore(place: &str, draft: Draft, times: Times, patients: Patients) -> Option<(Option<EntityId>, String)> {
    let storage = storage()?;
    let kept = storage.get_item(KEY).ok()??;
    let mut fields = kept.split(MARK);
    if fields.next()? != place {
        return None;
    }
    let patient = fields.next()?.parse().ok();
    let treatment = fields.next()?.parse().ok();
    for field in [draft.wanted, draft.date, draft.time, draft.notes, draft.overbook] {
        field.set(fields.next()?.to_owned());
    }
    draft.second_pass.set(!fields.next()?.is_empty());
    draft.pins.set(fields.next()?.split(NEXT).filter_map(|id| id.parse().ok()).collect());
    // Before any time is asked for: a new hold would find this one in its way.
    if let Some(id) = storage.get_item(HOLD).ok().flatten().and_then(|id| id.parse().ok()) {
        times.hold.resume(id);
    }
    if let Some(patient) = patient {
        patients.fetch(patient);
    }
    Some((treatment, fields.next().unwrap_or_default().to_owned()))
}

/// The time that is chosen is held under that id, or none is held any more.
pub fn held(id: Option<EntityId>) {
    if let Some(storage) = storage() {
        let _ = match id {
            Some(id) => storage.set_item(HOLD, &id.to_string()),
            None => storage.remove_item(HOLD),
        };
    }
}

/// It was booked or given up.
pub fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}
