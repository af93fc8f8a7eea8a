//! More treatments of the same visit: each after the one before it or at the same time, by the same practitioner or another.

use gabinet::appointments::Further;
use leptos::prelude::*;
use platform::id::EntityId;
use ui::{Button, Choice, Combobox, Failure, Field, Lang, Select, use_lang};

use super::{
    draft::{Draft, chosen},
    focus_now,
    times::Times,
    unqualified,
};
use crate::words;

/// As many treatments as are put into one visit by hand, besides the first.
pub const MOST: usize = 4;
const TREATMENTS: [&str; MOST] = ["further[0].treatment", "further[1].treatment", "further[2].treatment", "further[3].treatment"];
const STAFF: [&str; MOST] = ["further[0].employee", "further[1].employee", "further[2].employee", "further[3].employee"];
const WHEN: [&str; MOST] = ["further[0].offset", "further[1].offset", "further[2].offset", "further[3].offset"];

/// A further treatment as it is filled in.
#[derive(Clone, Copy)]
pub struct More {
    key: usize,
    /// The treatment's id and name.
    pub treatment: RwSignal<Option<Choice>>,
    /// Id of the practitioner; empty for the first treatment's.
    pub staff: RwSignal<String>,
    /// `with` where it begins with the visit, otherwise it comes after the one before it.
    pub order: RwSignal<String>,
}

impl More {
    /// An empty one, told from the others by its key.
    pub fn new(key: usize) -> More {
        More { key, treatment: RwSignal::new(None), staff: RwSignal::new(String::new()), order: RwSignal::new(String::new()) }
    }

    /// What the server is asked; none while no treatment is chosen. Tracked.
    fn asked(self) -> Option<Further> {
        Some(Further {
            treatment: chosen(self.treatment)?,
            employee: self.staff.with(|staff| staff.parse().ok()),
            offset: self.order.with(|order| (order == "with").then_some(0)),
        })
    }
}

impl Draft {
    /// The further treatments that are chosen, tracked.
    pub fn asked_further(self) -> Vec<Further> {
        self.further.with(|further| further.iter().filter_map(|more| more.asked()).collect())
    }
}

/// The further treatments and a button for another one.
pub fn view(draft: Draft, times: Times) -> AnyView {
    let lang = use_lang();
    let add = move || {
        let taken = draft.further.get_untracked();
        if let Some(more) = draft.places.into_iter().find(|more| taken.iter().all(|other| other.key != more.key)) {
            more.treatment.set(None);
            more.staff.set(String::new());
            more.order.set(String::new());
            draft.further.update(|further| further.push(more));
            focus_now(TREATMENTS[taken.len()]);
        }
    };
    let more = move || {
        let room = chosen(draft.treatment).is_some() && draft.further.with(|further| further.len() < MOST);
        room.then(|| view! { <Button icon="plus" on_press=add>{words::further_add(lang)}</Button> })
    };
    let each = move || draft.further.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        // A row that stays is not made anew: somebody may be typing in it.
        <For each key=|(place, more)| (*place, more.key) children=move |(place, more)| row(lang, draft, times, place, more)/>
        <div class="booking-row">{more}</div>
    }
    .into_any()
}

fn row(lang: Lang, draft: Draft, times: Times, place: usize, more: More) -> AnyView {
    let refused = draft.refused;
    let staff = Signal::derive(move || {
        let treatment = chosen(more.treatment);
        let mut choices = vec![Choice::new("", words::further_same(lang))];
        times.offer.with(|offer| {
            let here = offer.iter().flat_map(|offer| &offer.staff);
            let here = here.filter(|one| one.location.is_none_or(|location| location == times.location));
            let all = here.map(|one| (one, Choice::new(one.id.to_string(), one.name.clone())));
            // Whoever was chosen for another treatment stays, and it is said that they do not give this one.
            let known = |choice: &Choice| more.staff.with(|staff| *staff == choice.value);
            let qualified =
                all.filter(|(one, choice)| treatment.is_some_and(|treatment| one.treatments.contains(&treatment)) || known(choice));
            choices.extend(qualified.map(|(_, choice)| choice));
        });
        choices
    });
    let other = Signal::derive(move || {
        let whose = if more.staff.with(String::is_empty) { draft.staff } else { more.staff };
        unqualified(lang, times, chosen(more.treatment), &whose.get())
    });
    let orders = vec![Choice::new("", words::further_after(lang)), Choice::new("with", words::further_with(lang))];
    let away = move || {
        draft.further.update(|further| further.retain(|other| other.key != more.key));
        focus_now(place.checked_sub(1).map_or("treatment", |before| TREATMENTS[before]));
    };
    let number = i64::try_from(place + 2).unwrap_or(0);
    view! {
        <fieldset class="booking-patient">
            <legend>{words::further_nth(lang, &number.to_string())}</legend>
            <Field name=TREATMENTS[place] label=words::treatment(lang) required=true failure=refused>
                <Combobox value=more.treatment choices=times.treatments(lang) placeholder=words::find_treatment(lang)/>
            </Field>
            <div class="booking-moment">
                <Field name=STAFF[place] label=words::with(lang) failure=refused error=other>
                    <Select choices=staff value=more.staff on_change=move |id: String| more.staff.set(id)/>
                </Field>
                <Field name=WHEN[place] label=words::further_when(lang) failure=refused>
                    <Select choices=orders value=more.order on_change=move |order: String| more.order.set(order)/>
                </Field>
            </div>
            <Button icon="close" on_press=away>{words::further_remove(lang)}</Button>
        </fieldset>
    }
    .into_any()
}

/// Somebody else gives what one of the further practitioners was to give; whether that was one of theirs.
pub fn hand_over(draft: Draft, from: EntityId, to: EntityId) -> bool {
    let (from, to) = (from.to_string(), to.to_string());
    let theirs: Vec<More> = draft
        .further
        .with_untracked(|further| further.iter().filter(|more| more.staff.with_untracked(|staff| *staff == from)).copied().collect());
    theirs.iter().for_each(|more| more.staff.set(to.clone()));
    !theirs.is_empty()
}

/// Names the fields that are still empty.
pub fn missing(draft: Draft, wrong: &mut impl FnMut(&str, &str, String)) {
    draft.further.with(|further| {
        for (more, field) in further.iter().zip(TREATMENTS) {
            if chosen(more.treatment).is_none() {
                wrong(field, "required", String::new());
            }
        }
    });
}

/// What the server says of several treatments, in the reader's language.
pub fn said(lang: Lang, mut failure: Failure) -> Failure {
    for error in &mut failure.0.errors {
        error.message = match error.code.as_str() {
            "overlap" => words::further_overlap(lang),
            "group" => words::further_group(lang),
            _ => continue,
        }
        .to_owned();
    }
    failure
}

/// The fields as the summary of what is wrong names them.
pub fn fields(lang: Lang) -> impl Iterator<Item = (&'static str, &'static str)> {
    let named = move |names: [&'static str; MOST], label: &'static str| names.into_iter().map(move |name| (name, label));
    named(TREATMENTS, words::treatment(lang)).chain(named(STAFF, words::with(lang))).chain(named(WHEN, words::further_when(lang)))
}
