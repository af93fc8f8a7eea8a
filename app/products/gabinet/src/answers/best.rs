//! The best times, the best first, each with what speaks for it.

use gabinet::{
    answers::best::{BestTime, BestTimes},
    appointments::{AvailabilityQuestion, AvailableSlot},
};
use leptos::{prelude::*, task::spawn_local};
use platform::{id::EntityId, time::ZoneWindow};
use ui::{Failure, FailureAlert, Skeleton, use_lang};

use super::{doors, fixes};
use crate::words;

/// The list; `take` takes the one that was pressed.
pub fn panel(asked: AvailabilityQuestion, hold: EntityId, zone: ZoneWindow, take: Callback<AvailableSlot>) -> AnyView {
    let lang = use_lang();
    let told = RwSignal::new(None::<Result<BestTimes, Failure>>);
    let ask = move || {
        let asked = asked.clone();
        spawn_local(async move {
            let answer = doors::best(asked, hold).await;
            // The form may be gone.
            told.try_set(Some(answer));
        });
    };
    let again = ask.clone();
    // The world outside: the server.
    Effect::new(move |_| ask());
    let zone = StoredValue::new(zone);
    let body = move || match told.get() {
        None => view! { <Skeleton lines=3/> }.into_any(),
        Some(Err(failure)) => {
            let again = again.clone();
            view! { <FailureAlert failure=failure on_retry=move || again()/> }.into_any()
        }
        Some(Ok(found)) if found.times.is_empty() => view! { <p class="booking-hint">{words::no_best_time(lang)}</p> }.into_any(),
        Some(Ok(found)) => {
            let rows: Vec<AnyView> = found.times.iter().map(|best| row(best, zone, take)).collect();
            view! { <ol>{rows}</ol> }.into_any()
        }
    };
    view! { <div class="best-times" role="status">{body}</div> }.into_any()
}

fn row(best: &BestTime, zone: StoredValue<ZoneWindow>, take: Callback<AvailableSlot>) -> AnyView {
    let lang = use_lang();
    // The day is always told: they lie on several.
    let time = zone.with_value(|zone| fixes::moment(lang, zone, best.slot.start, chrono::DateTime::UNIX_EPOCH));
    let why = best.merits.iter().map(|scored| [fixes::merit(lang, scored.merit), &signed(scored.points)].join(" "));
    let why = why.collect::<Vec<_>>().join(" · ");
    let slot = best.slot.clone();
    view! {
        <li>
            <button type="button" class="best-time" on:click=move |_| take.run(slot.clone())>
                <b class="tnum">{time}</b>
                <span>{best.employee_name.clone()}</span>
                <em class="tnum">{words::points(lang, best.score.into())}</em>
                <small class="quiet">{why}</small>
            </button>
        </li>
    }
    .into_any()
}

/// `+20`, `−10`: with the sign of typography, which is as wide as the plus.
fn signed(points: i32) -> String {
    let sign = if points < 0 { "−" } else { "+" };
    [sign, &points.unsigned_abs().to_string()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_told_with_their_sign() {
        assert_eq!([signed(20), signed(-10), signed(0)], ["+20", "−10", "+0"]);
    }
}
