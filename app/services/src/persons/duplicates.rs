//! Records that are probably one human.

use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::duplicates::{Candidate, Duplicate, PairDecision};
use ui::{Button, ButtonLink, Empty, Lang, Page, Skeleton, Tone, use_lang, use_toasts, when};

use super::{
    doors::{decide_pair, list_duplicates},
    names::name,
};
use crate::words;

/// `/dashboard/people/duplicates`
pub(super) fn page() -> AnyView {
    let lang = use_lang();
    let found = ui::fetched(|| (), |()| list_duplicates());
    let again = Callback::new(move |()| found.refetch());
    view! {
        <leptos_meta::Title text=words::duplicates(lang)/>
        <Page
            title=words::duplicates(lang)
            lead=words::duplicates_lead(lang)
            actions=move || view! { <ButtonLink href="/dashboard/people">{words::people(lang)}</ButtonLink> }
        >
            <Transition fallback=|| view! { <Skeleton class="rows" lines=6/> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok((pairs, _)) if pairs.is_empty() => {
                            view! { <Empty icon="people" title=words::no_duplicates(lang) text=words::no_duplicates_text(lang)><span></span></Empty> }.into_any()
                        }
                        Ok((pairs, may)) => {
                            let pairs = pairs.into_iter().map(|pair| row(lang, pair, may, again)).collect_view();
                            view! { <ul class="person-pairs">{pairs}</ul> }.into_any()
                        }
                        Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                    }
                })}
            </Transition>
        </Page>
    }
    .into_any()
}

/// On the page of a human: with whom they may be one.
pub(super) fn beside(lang: Lang, of: EntityId, pairs: Vec<Duplicate>, again: Callback<()>) -> AnyView {
    if pairs.is_empty() {
        return ().into_any();
    }
    let turned = |pair: Duplicate| if pair.other.id == of { Duplicate { one: pair.other, other: pair.one, ..pair } } else { pair };
    let pairs = pairs.into_iter().map(|pair| row(lang, turned(pair), true, again)).collect_view();
    view! { <section><h2>{words::duplicates_of(lang)}</h2><ul class="person-pairs">{pairs}</ul></section> }.into_any()
}

fn side(lang: Lang, side: &Candidate) -> AnyView {
    let birth = side.birth_date.map(|date| when::date_short(lang, date));
    let more: Vec<String> = [birth, side.phone.as_deref().map(ui::phone), side.email.clone()].into_iter().flatten().collect();
    view! { <span><a href=format!("/dashboard/people/{}", side.id)>{side.name.clone()}</a>" "<small>{more.join(", ")}</small></span> }
        .into_any()
}

fn row(lang: Lang, pair: Duplicate, may: bool, again: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let signs: Vec<String> = pair.reasons.iter().map(|sign| name(lang, "sign", sign.as_str())).collect();
    let (one, other) = (pair.one.id, pair.other.id);
    // The product's record is the one that stays.
    let (winner, loser) = if pair.one.entity_type == "person" { (other, one) } else { (one, other) };
    let merge = format!("/dashboard/people/merge/{winner}/{loser}");
    let decide = move || {
        spawn_local(async move {
            match decide_pair(PairDecision { one, other, different: true }).await {
                Ok(()) => {
                    toasts.say(words::saved(lang));
                    again.run(());
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    view! {
        <li>
            <strong class="tnum">{pair.score}"%"</strong>
            <div>{side(lang, &pair.one)}{side(lang, &pair.other)}<small>{signs.join(", ")}</small></div>
            {may.then(|| view! {
                <span class="actions">
                    <ButtonLink href=merge tone=Tone::Primary>{words::merge_look(lang)}</ButtonLink>
                    <Button on_press=decide>{words::duplicates_different(lang)}</Button>
                </span>
            })}
        </li>
    }
    .into_any()
}
