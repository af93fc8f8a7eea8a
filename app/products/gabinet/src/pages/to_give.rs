//! Visits to come of somebody who is to be retired, or of a room or device that is to go: they are listed, and given to another
//! all together.

use gabinet::reassign::Reassign;
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::{Button, Choice, Failure, FailureAlert, Select, Table, Tone, use_lang, use_toasts, when};

use crate::{
    pages::plain,
    rota_doors::{ToGive, read_to_give, reassign},
    words,
};

/// The list with its button; read when it is shown. `done` runs when nothing is left to give.
pub fn view(resource: EntityId, done: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let list = RwSignal::new(None::<ToGive>);
    let failure = RwSignal::new(None::<Failure>);
    let to = RwSignal::new(String::new());
    spawn_local(async move {
        match read_to_give(resource).await {
            Ok(found) => list.set(Some(found)),
            Err(why) => failure.set(Some(why)),
        }
    });
    let give = Action::new_local(move |to: &EntityId| {
        let to = *to;
        async move {
            match reassign(resource, Reassign { to, visits: None }).await {
                Ok(many) => {
                    toasts.say(words::visits_given(lang, i64::try_from(many).unwrap_or(i64::MAX)));
                    done.run(());
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    let press = move || {
        if let Ok(to) = to.get_untracked().parse() {
            give.dispatch_local(to);
        }
    };
    let refused = plain::live(move || match failure.get() {
        Some(failure) => view! { <FailureAlert failure=failure/> }.into_any(),
        None => ().into_any(),
    });
    let content = plain::live(move || {
        list.with(|list| {
            let Some(list) = list else { return ().into_any() };
            let rows = list.visits.iter().map(|(wall, visit)| {
                let mut at = when::day_short(lang, wall.date());
                at.push(' ');
                at.push_str(&when::clock(*wall));
                plain::row(plain::text(at), vec![plain::text(&visit.patient_name), plain::text(&visit.treatment_name)])
            });
            let rows = rows.collect_view();
            let heads = vec![words::date(lang), words::patient(lang), words::treatment(lang)];
            let choices: Vec<Choice> = list.colleagues.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
            view! {
                <Table caption=words::still_booked_count(lang, i64::try_from(list.visits.len()).unwrap_or(i64::MAX)) heads=heads>{rows}</Table>
                <div class="fields">
                    <Select label=words::give_visits(lang) placeholder=words::give_visits(lang) choices=choices value=to/>
                    <Button tone=Tone::Primary busy=give.pending() on_press=press>{words::give(lang)}</Button>
                </div>
            }
            .into_any()
        })
    });
    view! { <section class="to-give" aria-label=words::still_booked(lang)><h3>{words::still_booked(lang)}</h3>{refused}{content}</section> }
        .into_any()
}
