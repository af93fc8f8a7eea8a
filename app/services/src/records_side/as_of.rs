//! The record as it was at an instant.

use chrono::NaiveTime;
use leptos::{prelude::*, task::spawn_local};
use services::timeline::RecordAsOf;
use ui::{Button, Failure, FailureAlert, Field, Input, Tag, Tone, when};

use super::{doors::read_as_of, naming, side::Shared};
use crate::words;

/// Asks for a day and a time, and shows what the record was then.
pub fn view(shared: Shared) -> AnyView {
    let lang = shared.lang;
    let (zone, now) = shared.side.with_untracked(|side| (side.around.zone.clone(), side.around.now));
    let date = RwSignal::new(when::iso(zone.date(now)));
    let time = RwSignal::new(String::new());
    let shown = RwSignal::new(None::<Result<RecordAsOf, Failure>>);
    let zone = StoredValue::new(zone);
    let look = move || {
        let Some(day) = date.with_untracked(|date| when::from_iso(date)) else { return };
        // A day without a time is told by its end.
        let clock = time.with_untracked(|time| when::parse_time(time)).or_else(|| NaiveTime::from_hms_opt(23, 59, 59));
        let Some(clock) = clock else { return };
        let at = zone.with_value(|zone| zone.instant(day.and_time(clock)).rule_boundary());
        spawn_local(async move {
            let found = read_as_of(shared.id, at).await;
            shown.try_set(Some(found));
        });
    };
    let told = move || match shown.get() {
        None => ().into_any(),
        Some(Err(failure)) => view! { <FailureAlert failure=failure/> }.into_any(),
        Some(Ok(was)) if !was.existed => view! { <p class="quiet">{words::side_not_yet(lang)}</p> }.into_any(),
        Some(Ok(was)) => {
            let rows: Vec<AnyView> = was
                .fields
                .iter()
                .map(|field| {
                    let changed = field.changed_since.then(|| view! { " "<Tag text=words::side_changed_since(lang)/> });
                    view! { <dt>{naming::field(lang, &field.field)}</dt><dd>{naming::value(lang, &field.value)}{changed}</dd> }.into_any()
                })
                .collect();
            let tags = (!was.tags.is_empty()).then(|| view! { <dt>{words::side_tags(lang)}</dt><dd>{was.tags.join(", ")}</dd> });
            let none =
                (was.fields.is_empty() && was.tags.is_empty()).then(|| view! { <p class="quiet">{words::side_nothing_told(lang)}</p> });
            view! { {none}<dl class="facts">{rows}{tags}</dl> }.into_any()
        }
    };
    view! {
        <form
            class="beside-as-of"
            method="post"
            on:submit=move |event| {
                event.prevent_default();
                look();
            }
        >
            <div class="beside-pair">
                <Field name="as_of_date" label=words::side_as_of_date(lang)>
                    <Input kind="date" value=date/>
                </Field>
                <Field name="as_of_time" label=words::side_time(lang)>
                    <Input value=time autocomplete="off" placeholder="14:30"/>
                </Field>
            </div>
            <Button tone=Tone::Quiet submit=true>{words::side_show(lang)}</Button>
            <div aria-live="polite">{told}</div>
        </form>
    }
    .into_any()
}
