//! Making two records one, field by field.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use platform::{error::Problem, id::EntityId};
use services::merge::{FieldChoice, FieldPick, MergeInput, MergePair, MergePreview, Pick};
use ui::{Alert, Button, ButtonLink, Failure, FailureAlert, Lang, Meaning, Page, Skeleton, Tag, Tone, use_lang, use_toasts};

use super::{
    doors::{merge_people, preview_merge},
    names::name,
};
use crate::words;

/// `/dashboard/people/merge/{winner}/{loser}`
pub(super) fn page(winner: Option<EntityId>, loser: Option<EntityId>) -> AnyView {
    let preview = ui::fetched(
        move || (winner, loser),
        |pair| async move {
            match pair {
                (Some(winner), Some(loser)) => preview_merge(MergePair { winner, loser }).await,
                _ => Err(Failure::from(Problem::new(404, "not_found", "Not found", ""))),
            }
        },
    );
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match preview.await {
                    Ok(preview) => view! { <Shown preview=preview/> }.into_any(),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Shown(preview: MergePreview) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let to = Callback::new(move |(id,): (EntityId,)| navigate(&format!("/dashboard/people/{id}"), NavigateOptions::default()));
    let picks: Vec<(String, RwSignal<Pick>)> =
        preview.fields.iter().map(|field| (field.key.clone(), RwSignal::new(field.proposed))).collect();
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let (winner, loser) = (preview.winner, preview.loser);
    let versions = (preview.winner_version, preview.loser_version);
    let fields = preview.fields.iter().zip(&picks).map(|(field, (_, pick))| choice(lang, field, *pick)).collect_view();
    let rows = preview.rows.iter().map(|row| view! { <li>{name(lang, "rows", &row.reference)}": "{row.moves}</li> }).collect_view();
    let vetoes = preview
        .vetoes
        .iter()
        .map(|veto| {
            let text = name(lang, "veto", &veto.rule);
            view! { <Alert meaning=Meaning::Critical>{text}</Alert> }
        })
        .collect_view();
    let allowed = preview.vetoes.is_empty();
    let send = move || {
        let picks = picks.iter().map(|(key, pick)| FieldPick { key: key.clone(), pick: pick.get_untracked() }).collect();
        let input = MergeInput { winner, loser, winner_version: versions.0, loser_version: versions.1, picks };
        busy.set(true);
        spawn_local(async move {
            let done = merge_people(input).await;
            busy.try_set(false);
            match done {
                Ok(merged) => {
                    toasts.say(words::merge_done(lang));
                    to.run((merged.winner,));
                }
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    let stays = words::merge_stays(lang, &preview.winner_name);
    view! {
        <leptos_meta::Title text=words::merge_title(lang)/>
        <Page
            title=words::merge_title(lang)
            lead=stays
            actions=move || view! {
                <ButtonLink href=format!("/dashboard/people/merge/{loser}/{winner}")>{words::merge_swap(lang)}</ButtonLink>
            }
        >
            {vetoes}
            {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
            <form class="form" on:submit=move |event| { event.prevent_default(); send(); }>
                <div class="person-choices">
                    <p class="person-sides" aria-hidden="true">
                        <span><b>{preview.winner_name.clone()}</b>" "<Tag meaning=Meaning::Positive text=words::merge_kept(lang)/></span>
                        <span><b>{preview.loser_name.clone()}</b>" "<Tag meaning=Meaning::Critical text=words::merge_goes(lang)/></span>
                    </p>
                    {fields}
                </div>
                <section><h2>{words::merge_rows(lang)}</h2><ul>{rows}</ul></section>
                <p>{words::merge_undo_text(lang)}</p>
                <footer>
                    <ButtonLink href=format!("/dashboard/people/{winner}")>{words::cancel(lang)}</ButtonLink>
                    <Button tone=Tone::Primary submit=true busy=busy disabled=!allowed>{words::merge_do(lang)}</Button>
                </footer>
            </form>
        </Page>
    }
    .into_any()
}

/// Which of two values, or both.
fn choice(lang: Lang, field: &FieldChoice, pick: RwSignal<Pick>) -> AnyView {
    let group = field.key.clone();
    let both = field.both.then(|| match (&field.winner, &field.loser) {
        (Some(own), Some(other)) if own != other => Some([own.as_str(), "; ", other].concat()),
        _ => None,
    });
    let ways = [(Pick::Winner, field.winner.clone()), (Pick::Loser, field.loser.clone()), (Pick::Both, both.flatten())];
    let same = field.winner == field.loser;
    let ways = ways
        .into_iter()
        .filter(|(way, value)| value.is_some() || (*way == Pick::Winner && !same))
        .filter(|(way, _)| !(same && *way != Pick::Winner))
        .map(|(way, value)| {
            let text = value.unwrap_or_else(|| "–".into());
            // The column says it to who sees it.
            let side = match way {
                Pick::Winner => words::merge_kept(lang),
                Pick::Loser => words::merge_goes(lang),
                Pick::Both => words::merge_both(lang),
            };
            let side = view! { <small class="person-side">{side}": "</small> };
            view! {
                <label class=way.as_str()>
                    <input
                        type="radio"
                        name=group.clone()
                        value=way.as_str()
                        checked=pick.get_untracked() == way
                        on:change=move |_| pick.set(way)
                    />
                    <span>{side}{text}</span>
                </label>
            }
        })
        .collect_view();
    view! { <fieldset><legend>{name(lang, "merge", &field.key)}</legend>{ways}</fieldset> }.into_any()
}
