//! What the server has told and what follows from it: the offer, the day's times, the verdict and the free slots.
//! Typing another time asks nobody; another treatment or another date fetches once.

use chrono::NaiveDate;
use gabinet::appointments::{AvailableSlot, Further, HeldTime, Question, merged};
use leptos::{prelude::*, task::spawn_local};
use platform::{
    id::{EntityId, LocationId},
    time::ZoneWindow,
};
use services::calendar::{
    event::ResourceKind,
    slots::{Need, Slot, Why, Wish, slots},
};
use std::time::Duration;
use ui::{Choice, Failure, Form, Heard, Lang, use_lang, use_live, when};

use super::{
    draft::{Draft, Typed, chosen},
    further,
    hold::Hold,
    judge::{Verdict, judge_all, narrowed},
};
use crate::{
    doors::{self, Offer},
    prices, words,
};

/// How long changes made by colleagues are gathered before the day is fetched anew.
const GATHER: Duration = Duration::from_millis(250);

/// For what times are asked.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    treatment: EntityId,
    further: Vec<Further>,
    /// Whom all of it is with is asked beforehand of several treatments only: of one, anybody's times are known at once.
    employee: Option<EntityId>,
}

impl Asked {
    /// As it stands in the form, tracked.
    fn of(draft: Draft) -> Option<Asked> {
        let further = draft.asked_further();
        let employee = if further.is_empty() { None } else { draft.staff.with(|staff| staff.parse().ok()) };
        Some(Asked { treatment: chosen(draft.treatment)?, further, employee })
    }
}

/// What the server has told of one treatment, or of several, on one date.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    asked: Asked,
    date: NaiveDate,
    question: Question,
}

/// What is known around the draft.
#[derive(Clone, Copy)]
pub struct Times {
    /// Treatments and staff; none until they are there.
    pub offer: RwSignal<Option<Offer>>,
    /// The day's times; kept until those of another day or treatment are there.
    pub day: RwSignal<Option<Day>>,
    /// Whether a day is being fetched.
    pub loading: RwSignal<bool>,
    /// Why offer or day could not be fetched.
    pub failure: RwSignal<Option<Failure>>,
    /// The date that was typed.
    pub date: Memo<Option<NaiveDate>>,
    /// The location's date now.
    pub today: Signal<NaiveDate>,
    /// The start that was typed.
    pub start: Memo<Typed>,
    /// What stands against it; none while that is not known.
    pub verdict: Memo<Option<Verdict>>,
    /// The day's free times; none while that is not known.
    pub slots: Memo<Option<Vec<Slot>>>,
    /// The rooms and devices that the treatment needs, each one out of several.
    pub needs: Memo<Vec<Need>>,
    /// The first free time after a day that has none.
    pub next: RwSignal<Option<AvailableSlot>>,
    /// Where the visit is to be.
    pub location: LocationId,
    /// The form's hold.
    pub hold: Hold,
    form_zone: StoredValue<ZoneWindow>,
    tick: RwSignal<u32>,
}

impl Times {
    /// Fetches what the draft needs, as it changes.
    pub fn new(draft: Draft, form: &Form) -> Self {
        let form_zone = StoredValue::new(form.zone.clone());
        let begun = form.zone.date(form.start);
        let view = form.view;
        let day = RwSignal::new(None::<Day>);
        let date = Memo::new(move |_| {
            let today = view.with(|view| view.as_ref().map(|view| view.today)).unwrap_or(begun);
            draft.date.with(|text| when::parse_date(text, today))
        });
        let start = Memo::new(move |_| {
            let date = date.get();
            let second_pass = draft.second_pass.get();
            draft.time.with(|time| with_zone(day, form_zone, date, |zone| Typed::read(date, time, zone, second_pass)))
        });
        let wishes = Memo::new(move |_| {
            let asked = Asked::of(draft)?;
            let date = date.get()?;
            let staff: Option<EntityId> = draft.staff.with(|staff| staff.parse().ok());
            let pins = draft.pins.get();
            day.with(|day| {
                let day = day.as_ref().filter(|day| day.asked == asked && day.date == date)?;
                let wishes = match staff {
                    Some(staff) => vec![day.question.with(staff)],
                    None => day.question.wishes(),
                };
                Some(wishes.iter().map(|wish| narrowed(wish, &pins)).collect::<Vec<Wish>>())
            })
        });
        let verdict = Memo::new(move |_| {
            let start = start.get().start()?;
            asked(wishes, day, |wishes, day| judge_all(wishes, &day.times, &day.zone, day.range, start))
        });
        let slots = Memo::new(move |_| {
            asked(wishes, day, |wishes, day| merged(wishes.iter().map(|wish| slots(wish, &day.times, &day.zone, day.range)).collect()))
        });
        let needs = Memo::new(move |_| {
            day.with(|day| {
                let needs = day.iter().flat_map(|day| &day.question.wish.needs);
                needs.filter(|need| need.role != ResourceKind::Staff).cloned().collect()
            })
        });
        let today = Signal::derive(move || view.with(|view| view.as_ref().map(|view| view.today)).unwrap_or(begun));
        let times = Self {
            today,
            offer: RwSignal::new(None),
            day,
            loading: RwSignal::new(false),
            failure: RwSignal::new(None),
            date,
            start,
            verdict,
            slots,
            needs,
            next: RwSignal::new(None),
            location: form.location,
            hold: Hold::new(),
            form_zone,
            tick: RwSignal::new(0),
        };
        times.fetch_offer();
        times.fetch_days(draft);
        times.fetch_next(draft);
        times.listen(draft);
        times
    }

    /// Fetches the day anew: somebody else was quicker.
    pub fn refetch(self) {
        self.tick.try_update(|tick| *tick = tick.wrapping_add(1));
    }

    /// The zone's offsets around the typed date.
    pub fn zone(self) -> ZoneWindow {
        untrack(|| with_zone(self.day, self.form_zone, self.date.get(), ZoneWindow::clone))
    }

    /// The name of a resource of the day.
    pub fn name(self, id: EntityId) -> String {
        let known = self
            .day
            .with(|day| day.iter().flat_map(|day| &day.question.names).find(|(other, _)| *other == id).map(|(_, name)| name.clone()));
        known.unwrap_or_default()
    }

    /// Who only holds what is in the way, if that is all it is.
    pub fn held(self, why: &Why) -> Option<HeldTime> {
        self.day.with(|day| day.iter().flat_map(|day| &day.question.held).find(|held| held.is(why)).cloned())
    }

    /// What a slot costs, the sum of its treatments, in the reader's language.
    pub fn price(self, lang: Lang, resources: &[EntityId]) -> String {
        self.day.with(|day| {
            let pricing = day.as_ref().map(|day| &day.question.pricing);
            pricing.map(|pricing| prices::shown(lang, pricing.with(resources), &pricing.currency)).unwrap_or_default()
        })
    }

    /// Whether length or price is what was agreed with the patient.
    pub fn is_agreed(self) -> bool {
        self.day.with(|day| day.as_ref().is_some_and(|day| day.question.pricing.agreed))
    }

    /// The member of staff among a slot's resources.
    pub fn staff_of(self, resources: &[EntityId]) -> Option<EntityId> {
        self.day.with(|day| {
            let times = &day.as_ref()?.question.times;
            resources.iter().copied().find(|id| times.iter().any(|time| time.resource == *id && time.role == ResourceKind::Staff))
        })
    }

    /// The treatments as choices: name, length and price.
    pub fn treatments(self, lang: Lang) -> Signal<Vec<Choice>> {
        Signal::derive(move || {
            self.offer
                .with(|offer| offer.iter().flat_map(|offer| &offer.treatments).map(|treatment| prices::choice(lang, treatment)).collect())
        })
    }

    /// The staff as choices: only those who are qualified for the treatment, and “anyone” first.
    pub fn staff(self, lang: Lang, draft: Draft) -> Signal<Vec<Choice>> {
        Signal::derive(move || {
            let treatment = chosen(draft.treatment);
            let mut choices = vec![Choice::new("", words::anyone(lang))];
            self.offer.with(|offer| {
                let staff = offer.iter().flat_map(|offer| &offer.staff);
                let here = staff.filter(|one| one.location.is_none_or(|location| location == self.location));
                let qualified = here.filter(|one| treatment.is_none_or(|treatment| one.treatments.contains(&treatment)));
                choices.extend(qualified.map(|one| Choice::new(one.id.to_string(), one.name.clone())));
            });
            choices
        })
    }

    fn fetch_offer(self) {
        // The world outside: the server. Effects run in the browser only.
        Effect::new(move |_| {
            self.tick.track();
            if self.offer.with_untracked(Option::is_some) {
                return;
            }
            spawn_local(async move {
                match doors::offer().await {
                    Ok(offer) => {
                        self.offer.try_set(Some(offer));
                    }
                    Err(failure) => {
                        self.failure.try_set(Some(failure));
                    }
                }
            });
        });
    }

    fn fetch_days(self, draft: Draft) {
        let location = self.location;
        let latest = StoredValue::new(0_u32);
        let lang = use_lang();
        Effect::new(move |_| {
            self.tick.track();
            let (Some(asked), Some(date)) = (Asked::of(draft), self.date.get()) else { return };
            // What is known of the day stays on the screen until it is known what the patient has then.
            let patient = chosen(draft.patient);
            let number = latest.get_value().wrapping_add(1);
            latest.set_value(number);
            self.loading.set(true);
            let hold = self.hold.id();
            spawn_local(async move {
                let told = doors::question(asked.treatment, asked.employee, patient, asked.further.clone(), location, date, hold).await;
                // The form may be gone, or something else may have been asked meanwhile.
                if latest.try_get_value() != Some(number) {
                    return;
                }
                self.loading.set(false);
                match told {
                    Ok(question) => {
                        self.failure.set(None);
                        self.day.set(Some(Day { asked, date, question }));
                    }
                    // What is wrong with a field is told there.
                    Err(failure) if failure.0.status == 422 => {
                        self.day.set(None);
                        draft.refused.set(Some(further::said(lang, failure)));
                    }
                    Err(failure) => self.failure.set(Some(failure)),
                }
            });
        });
    }

    fn fetch_next(self, draft: Draft) {
        let location = self.location;
        Effect::new(move |_| {
            self.next.set(None);
            let none_left = self.slots.with(|slots| slots.as_ref().is_some_and(Vec::is_empty));
            let (true, Some(asked), Some(from)) = (none_left, Asked::of(draft), self.date.get().and_then(|date| date.succ_opt())) else {
                return;
            };
            let (employee, patient) = (draft.staff.with(|staff| staff.parse().ok()), chosen(draft.patient));
            let hold = self.hold.id();
            spawn_local(async move {
                if let Ok(slot) = doors::earliest(asked.treatment, employee, patient, asked.further, location, from, hold).await
                    && self.date.try_get_untracked().flatten().and_then(|date| date.succ_opt()) == Some(from)
                {
                    self.next.try_set(slot);
                }
            });
        });
    }

    /// What colleagues book meanwhile counts at once.
    fn listen(self, draft: Draft) {
        let waiting = StoredValue::new(false);
        use_live().listen(move |heard| {
            let concerns = match &heard {
                Heard::Missed => true,
                Heard::Changed(event) => match event.entity_type.strip_prefix("gabinet:") {
                    // Of patients only the form's own: what was agreed with them may be another by now.
                    Some("patient") => {
                        draft.patient.try_get_untracked().flatten().is_some_and(|patient| patient.value == event.entity_id.to_string())
                    }
                    Some(_) => true,
                    None => matches!(event.entity_type.as_str(), "activity" | "resource" | "location"),
                },
            };
            if !concerns || waiting.try_get_value().unwrap_or(true) {
                return;
            }
            waiting.set_value(true);
            set_timeout(
                move || {
                    if waiting.try_set_value(false).is_none() {
                        self.refetch();
                    }
                },
                GATHER,
            );
        });
    }
}

fn with_zone<T>(
    day: RwSignal<Option<Day>>,
    form_zone: StoredValue<ZoneWindow>,
    date: Option<NaiveDate>,
    then: impl FnOnce(&ZoneWindow) -> T,
) -> T {
    day.with(|day| match day {
        Some(day) if Some(day.date) == date => then(&day.question.zone),
        _ => form_zone.with_value(then),
    })
}

fn asked<T>(wishes: Memo<Option<Vec<Wish>>>, day: RwSignal<Option<Day>>, answer: impl FnOnce(&[Wish], &Question) -> T) -> Option<T> {
    wishes.with(|wishes| day.with(|day| Some(answer(wishes.as_ref()?, &day.as_ref()?.question))))
}
