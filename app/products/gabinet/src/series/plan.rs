//! The plan as it is put together: steps that follow each other, each a rule.

use chrono::Datelike;
use leptos::prelude::*;
use ui::{Button, Choice, Lang, Select, when};

use super::Seed;
use crate::{pages::plain::Bare, words};

/// The most steps that are put together by hand.
pub const MOST: usize = 4;
const NAMES: [&str; MOST] = ["series-step-1", "series-step-2", "series-step-3", "series-step-4"];
const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// One step: `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=6`.
#[derive(Clone, Copy)]
pub struct Step {
    frequency: RwSignal<String>,
    interval: RwSignal<String>,
    /// Monday first.
    days: RwSignal<[bool; 7]>,
    count: RwSignal<String>,
}

impl Step {
    /// Weekly, six times.
    pub fn new() -> Step {
        Step {
            frequency: RwSignal::new("WEEKLY".to_owned()),
            interval: RwSignal::new("1".to_owned()),
            days: RwSignal::new([false; 7]),
            count: RwSignal::new("6".to_owned()),
        }
    }

    /// As RFC 5545 writes it, tracked. What can't be a number is left for the server to refuse.
    pub fn rule(self) -> String {
        let frequency = self.frequency.get();
        let mut rule = ["FREQ=", &frequency].concat();
        let interval = self.interval.get().trim().to_owned();
        if interval != "1" && !interval.is_empty() {
            rule.push_str(";INTERVAL=");
            rule.push_str(&interval);
        }
        let days = self.days.get();
        if frequency == "WEEKLY" && days.contains(&true) {
            let named: Vec<&str> = DAYS.iter().zip(days).filter(|(_, on)| *on).map(|(day, _)| *day).collect();
            rule.push_str(";BYDAY=");
            rule.push_str(&named.join(","));
        }
        rule.push_str(";COUNT=");
        rule.push_str(self.count.get().trim());
        rule
    }
}

/// One step's fields; with a button that takes it away, unless it is the only one.
pub fn step(lang: Lang, place: usize, step: Step, steps: RwSignal<Vec<Step>>, seed: Signal<Option<Seed>>) -> AnyView {
    let choices = vec![
        Choice::new("DAILY", words::repeat_daily(lang)),
        Choice::new("WEEKLY", words::repeat_weekly(lang)),
        Choice::new("MONTHLY", words::repeat_monthly(lang)),
    ];
    let number = |label: &'static str, value: RwSignal<String>| {
        Bare { class: "input series-number", ..Bare::new("text", label, value.into(), Callback::new(move |text| value.set(text))) }.view()
    };
    let begins = Signal::derive(move || seed.with(|seed| seed.as_ref().map(|seed| seed.start.weekday().num_days_from_monday())));
    let chips = move || {
        let weekly = step.frequency.with(|frequency| frequency == "WEEKLY");
        weekly.then(|| {
            let chip = |day: usize| {
                let none = move || step.days.with(|days| !days.contains(&true));
                let begins = move || begins.get() == u32::try_from(day).ok();
                // Without a choice it is the weekday on which the plan begins.
                let on = move || step.days.with(|days| days[day]) || none() && begins();
                let press = move |_| {
                    let first = none() && begins();
                    step.days.update(|days| days[day] = !days[day] && !first);
                };
                view! {
                    <button type="button" class="chip" aria-pressed=move || if on() { "true" } else { "false" } on:click=press>
                        {when::weekday_name(lang, day).chars().take(3).collect::<String>()}
                    </button>
                }
            };
            view! { <div class="chips" role="group" aria-label=words::repeat_days(lang)>{(0..7).map(chip).collect_view()}</div> }
        })
    };
    let remove = (place > 0).then(|| {
        let away = move || {
            steps.update(|steps| {
                steps.remove(place);
            })
        };
        view! { <Button icon="close" name=words::repeat_remove(lang) on_press=away>""</Button> }
    });
    let value = step.frequency;
    view! {
        <fieldset class="series-step">
            <legend>{if place == 0 { words::repeat_first(lang) } else { words::repeat_then(lang) }}</legend>
            <div class="booking-row">
                <label>
                    <span class="visually-hidden">{words::repeat_frequency(lang)}</span>
                    <Select name=NAMES[place] choices=choices value=value on_change=move |text: String| value.set(text)/>
                </label>
                <label>{words::repeat_interval(lang)} {number(words::repeat_interval(lang), step.interval)}</label>
                <label>{words::repeat_count(lang)} {number(words::repeat_count(lang), step.count)}</label>
                {remove}
            </div>
            {chips}
        </fieldset>
    }
    .into_any()
}
