//! What was typed outlives a reload of the page: it is kept in this tab until it is booked or given up. Of people and
//! treatments only the ids are kept; their names are asked for again by whoever is signed in then.

use app_platform::session::use_me;
use leptos::prelude::*;
use platform::id::EntityId;
use ui::Form;

use super::{
    draft::{Draft, chosen},
    patient::Patients,
    times::Times,
};

/// Under which name.
const KEY: &str = "gabinet:booking";
/// Between the fields; nobody can type it.
const MARK: &str = "\u{1f}";

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
    let restored = RwSignal::new(false);
    // The world outside: the tab's storage. Effects run in the browser only. A frame later, because inputs begin by
    // taking over what was typed into them before the page came to life.
    Effect::new(move |_| {
        request_animation_frame(move || {
            let Some(place) = place.try_get_value() else { return };
            treatment.set(restore(&place, draft, patients));
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
}

/// Puts the fields back; the treatment's id is left for when treatments are known.
fn restore(place: &str, draft: Draft, patients: Patients) -> Option<EntityId> {
    let kept = storage()?.get_item(KEY).ok()??;
    let mut fields = kept.split(MARK);
    if fields.next()? != place {
        return None;
    }
    let patient = fields.next()?.parse().ok();
    let treatment = fields.next()?.parse().ok();
    for field in [draft.wanted, draft.date, draft.time, draft.notes, draft.overbook] {
        field.set(fields.next()?.to_owned());
    }
    if let Some(patient) = patient {
        patients.fetch(patient);
    }
    treatment
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
