//! What a series begins with: the visit as it stands in the form.

use leptos::prelude::*;
use platform::id::EntityId;

use super::{
    draft::{Draft, chosen},
    judge::Verdict,
    keep,
    times::Times,
};
use crate::series::{self, Seed};

/// “Repeat…”: the plan is made in a part of its own.
pub fn view(saved: Callback<EntityId>, draft: Draft, times: Times) -> AnyView {
    let seed = Memo::new(move |_| {
        let start = times.start.get().start()?;
        let employee = draft.staff.with(|staff| staff.parse::<EntityId>().ok()).or_else(|| match times.verdict.get()? {
            Verdict::Free(slot) => times.staff_of(&slot.resources),
            Verdict::Refused { resources, .. } => times.staff_of(&resources),
        })?;
        Some(Seed {
            patient: chosen(draft.patient)?,
            treatment: chosen(draft.treatment)?,
            employee,
            location: times.location,
            start: times.zone().wall(start),
            notes: draft.notes.get(),
            further: draft.asked_further(),
        })
    });
    let done = Callback::new(move |activity| {
        times.hold.spent();
        keep::forget();
        saved.run(activity);
    });
    series::repeat(seed.into(), Signal::derive(move || times.hold.id()), done)
}
