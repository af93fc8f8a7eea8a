//! The page of a deal: where it stands, what it is about, what is sold, what was offered, and all that any record has.

use crm::deals::{Deal, DealStep};
use leptos::prelude::*;
use leptos_meta::Title;
use platform::{error::Problem, id::EntityId};
use ui::{Button, Dialog, Failure, FailureAlert, Lang, Skeleton, place::param, table::Page, use_lang, use_toasts, when};

use super::{
    form::DealForm,
    lines::Lines,
    money,
    moving::{MoveDialog, Mover},
    quotes::Quotes,
};
use crate::{
    deal_doors::{DealPage, read_deal},
    words,
};

/// `/dashboard/crm/deals/{id}`
pub(super) fn page() -> AnyView {
    let id = param("id");
    let deal = ui::fetched(
        move || id.clone(),
        |id| async move {
            match id.parse::<EntityId>() {
                Ok(id) => read_deal(id).await,
                Err(_) => Err(Failure::from(Problem::new(404, "not_found", "Not found", ""))),
            }
        },
    );
    let lang = use_lang();
    let again = Callback::new(move |()| deal.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton lines=8/> }>
            {move || Suspend::new(async move {
                match deal.await {
                    Err(failure) => view! { <Page title=words::deal(lang)><FailureAlert failure=failure/></Page> }.into_any(),
                    Ok(found) => shown(lang, found, again),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn shown(lang: Lang, page: DealPage, again: Callback<()>) -> AnyView {
    let DealPage { deal, pipeline, lines, steps, quotes, owners, asked, may_write, may_quote } = page;
    let id = deal.id;
    let toasts = use_toasts();
    let moved = Callback::new(move |_: (Deal,)| again.run(()));
    let mover = Mover::new((pipeline.stages.clone(), asked), toasts, moved, again);
    let bar = stages(lang, &deal, &pipeline.stages, may_write, mover);
    let editing = RwSignal::new(false);
    let (known, owners) = (StoredValue::new(deal.clone()), StoredValue::new(owners));
    let has_lines = deal.lines > 0;
    let navigate = leptos_router::hooks::use_navigate();
    // What was handed over to somebody whose deals one does not see has no page any more.
    let saved = Callback::new(move |(saved,): (Deal,)| {
        editing.set(false);
        if saved.handed_over {
            toasts.say(words::handed_over(lang));
            navigate("/dashboard/crm/deals", leptos_router::NavigateOptions::default());
        } else {
            again.run(());
        }
    });
    view! {
        <Title text=deal.title.clone()/>
        <Page
            title=deal.title.clone()
            lead=money(lang, deal.value, &deal.currency)
            actions=move || may_write.then(|| view! { <Button icon="edit" on_press=move || editing.set(true)>{words::edit(lang)}</Button> })
        >
            <p><a href=format!("/dashboard/crm/deals?pipeline={}", deal.pipeline)>{words::back_to_deals(lang)}</a></p>
            {bar}
            {facts(lang, &deal)}
            <Lines id=id known=lines may=may_write again=again/>
            <Quotes deal=id quotes=quotes may=may_quote lines=has_lines again=again/>
            {history(lang, &steps)}
            <app_services::CustomFields entity_type="crm:deal" id=id/>
            <app_services::RecordSide id=id/>
            <Dialog open=editing title=words::edit_deal(lang)>
                <DealForm
                    deal=Some(known.get_value())
                    owners=owners.get_value()
                    on_saved=saved
                    on_cancel=move || editing.set(false)
                />
            </Dialog>
            <MoveDialog mover=mover/>
        </Page>
    }
    .into_any()
}

/// Where it stands among the stages; a press moves it.
fn stages(lang: Lang, deal: &Deal, stages: &[crm::pipelines::DealStage], may: bool, mover: Mover) -> AnyView {
    let stage = |stage: &crm::pipelines::DealStage| {
        let (id, here, taken) = (stage.id, stage.id == deal.stage, deal.clone());
        view! {
            <li data-kind=stage.kind.as_str()>
                <button type="button" aria-current=here.then_some("step") disabled=!may on:click=move |_| mover.put(taken.clone(), id)>
                    {stage.name.clone()}<small>{format!("{} %", stage.probability)}</small>
                </button>
            </li>
        }
    };
    let all = stages.iter().map(stage).collect_view();
    view! { <nav class="deal-stages" aria-label=words::stage(lang)><ol>{all}</ol></nav> }.into_any()
}

fn facts(lang: Lang, deal: &Deal) -> AnyView {
    let fact = |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let link = |path: &str, id: Option<EntityId>, name: &Option<String>| {
        id.zip(name.clone()).map(|(id, name)| view! { <a href=format!("/dashboard/{path}/{id}")>{name}</a> }.into_any())
    };
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty()).map(|text| text.into_any());
    let date = |date: Option<chrono::NaiveDate>| date.map(|date| when::date(lang, date).into_any());
    let next = match (deal.next_step.is_empty(), deal.next_step_on) {
        (true, _) => None,
        (false, None) => Some(deal.next_step.clone()),
        (false, Some(on)) => Some(format!("{} – {}", deal.next_step, when::date_short(lang, on))),
    };
    let told = [
        (words::person(lang), link("people", deal.person, &deal.person_name)),
        (words::company(lang), link("companies", deal.company, &deal.company_name)),
        (words::owner(lang), text(deal.owner_name.as_deref().unwrap_or_default())),
        (words::close_on(lang), date(deal.close_on)),
        (words::next_step(lang), next.map(|next| next.into_any())),
        (words::in_stage(lang), Some(words::days(lang, i64::from(deal.days_in_stage)).into_any())),
        (words::stale_mark(lang), deal.stale.then(|| words::stale(lang, i64::from(deal.days_in_stage)).into_any())),
        (words::lost_reason(lang), text(&deal.lost_reason)),
        (
            words::lead(lang),
            deal.lead.map(|lead| view! { <a href=format!("/dashboard/crm/leads/{lead}")>{words::open_lead(lang)}</a> }.into_any()),
        ),
    ];
    let told = told.into_iter().filter_map(|(name, value)| Some(fact(name, value?))).collect_view();
    view! { <dl class="deal-facts">{told}</dl> }.into_any()
}

/// The steps it has taken, and how long each took.
fn history(lang: Lang, steps: &[DealStep]) -> AnyView {
    let step = |step: &DealStep| {
        let spent = step.from_stage.as_ref().map(|from| words::step_after(lang, &words::days(lang, step.seconds / 86_400), from));
        view! { <li><strong>{step.to_stage.clone()}</strong>" "<span>{spent}</span>" "<small>{when::date_short(lang, step.at.date_naive())}" "{step.who.clone()}</small></li> }
    };
    let steps = steps.iter().rev().map(step).collect_view();
    view! { <section class="deal-steps"><h2>{words::steps_title(lang)}</h2><ol>{steps}</ol></section> }.into_any()
}
