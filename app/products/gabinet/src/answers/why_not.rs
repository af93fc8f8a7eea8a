//! Every rule and resource in the way of a time, each with what would help: to be taken by a press where it can be.

use gabinet::answers::why_not::{Fix, Obstacle, WhyNot, WhyNotAsked};
use leptos::{prelude::*, task::spawn_local};
use platform::{id::EntityId, time::ZoneWindow};
use ui::{Button, Failure, FailureAlert, Skeleton, rule_text, use_lang, when};

use super::{doors, fixes};
use crate::words;

/// The panel; `take` does what was pressed.
pub fn panel(asked: WhyNotAsked, hold: EntityId, zone: ZoneWindow, take: Callback<(Fix, Option<EntityId>)>) -> AnyView {
    let told = RwSignal::new(None::<Result<WhyNot, Failure>>);
    let ask = move || {
        let asked = asked.clone();
        spawn_local(async move {
            let answer = doors::why_not(asked, hold).await;
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
        Some(Ok(answer)) => obstacles(&answer, zone, take),
    };
    view! { <div class="why-not" role="status">{body}</div> }.into_any()
}

fn obstacles(answer: &WhyNot, zone: StoredValue<ZoneWindow>, take: Callback<(Fix, Option<EntityId>)>) -> AnyView {
    let rows: Vec<AnyView> = answer.obstacles.iter().map(|obstacle| row(answer, obstacle, zone, take)).collect();
    view! { <ul>{rows}</ul> }.into_any()
}

fn row(answer: &WhyNot, obstacle: &Obstacle, zone: StoredValue<ZoneWindow>, take: Callback<(Fix, Option<EntityId>)>) -> AnyView {
    let lang = use_lang();
    let rule = obstacle.rule.as_str();
    let mut what = if rule == "kind" { words::nothing_fits(lang).to_owned() } else { rule_text(lang, rule).to_owned() };
    if let Some(during) = obstacle.during.filter(|during| during.minutes() < 20 * 60) {
        what.push_str(", ");
        what.push_str(&zone.with_value(|zone| when::times(zone.wall(during.start), zone.wall(during.end))));
    }
    if let Some(other) = &obstacle.what {
        what.push_str(", ");
        what.push_str(other);
    }
    let whose = obstacle.resource_name.clone().map(|name| view! { <b>{name}": "</b> });
    let (start, resource) = (answer.start, obstacle.resource);
    let ways: Vec<AnyView> = obstacle
        .fixes
        .iter()
        .map(|fix| {
            let text = zone.with_value(|zone| fixes::fix(lang, zone, fix, start));
            let elsewhere = match (fix, resource) {
                (Fix::ShortenBreak(_) | Fix::ExtendHours(_), Some(id)) => Some(["/dashboard/gabinet/staff/", &id.to_string()].concat()),
                (Fix::Provide(missing), _) if missing.kind == services::calendar::ResourceKind::Staff => {
                    Some("/dashboard/gabinet/staff".into())
                }
                (Fix::Provide(_), _) => Some("/dashboard/gabinet/rooms".into()),
                _ => None,
            };
            let fix = fix.clone();
            match elsewhere {
                Some(address) => view! { <a href=address>{text}</a> }.into_any(),
                None => view! { <Button on_press=move || take.run((fix.clone(), resource))>{text}</Button> }.into_any(),
            }
        })
        .collect();
    view! { <li><p>{whose}{what}</p><div class="ways">{ways}</div></li> }.into_any()
}
