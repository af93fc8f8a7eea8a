//! A pipeline as a board: a column a stage, with what stands in it and what it comes to.

use crm::{
    deals::{Deal, DealBoard, DealColumn, DealQuery, DealSum},
    pipelines::Pipeline,
};
use leptos::{ev::DragEvent, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use platform::id::{EntityId, UserId};
use ui::{Button, ButtonLink, Choice, Dialog, Empty, FailureAlert, Lang, Select, Skeleton, Tone, table::Page, use_lang, use_toasts};

use super::{
    card::card,
    form::DealForm,
    money,
    moving::{MoveDialog, Mover},
    stages::PipelineForm,
};
use crate::{
    deal_doors::{Asked, BoardPage, read_board, read_column, save_pipeline},
    words,
};

/// `/dashboard/crm/deals?pipeline=…&owner=…`
pub(super) fn page() -> AnyView {
    let lang = use_lang();
    let query = use_query_map();
    let asked = move || {
        let part = |name: &str| query.with(|query| query.get(name)).unwrap_or_default();
        (part("pipeline").parse::<EntityId>().ok(), part("owner").parse::<uuid::Uuid>().ok().map(UserId))
    };
    let board = ui::fetched(asked, |(pipeline, owner)| read_board(pipeline, owner));
    let again = Callback::new(move |()| board.refetch());
    view! {
        <Title text=words::deals_title(lang)/>
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match board.await {
                    Err(failure) => view! { <Page title=words::deals_title(lang)><FailureAlert failure=failure/></Page> }.into_any(),
                    Ok(page) => shown(lang, page, asked().1, again),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn shown(lang: Lang, page: BoardPage, owner: Option<UserId>, again: Callback<()>) -> AnyView {
    let Some(board) = page.board else { return none_yet(lang, page.may_plan, again) };
    let navigate = use_navigate();
    let go = Callback::new(move |(pipeline, owner): (String, String)| {
        navigate(&format!("/dashboard/crm/deals?pipeline={pipeline}&owner={owner}"), leptos_router::NavigateOptions::default());
    });
    let chosen = RwSignal::new(board.pipeline.to_string());
    let whose = RwSignal::new(owner.map(|user| user.0.to_string()).unwrap_or_default());
    let pipelines: Vec<Choice> = page.pipelines.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
    let several = pipelines.len() > 1;
    let members = page.owners.iter().map(|(user, name)| Choice::new(user.0.to_string(), name.clone()));
    let owners: Vec<Choice> = std::iter::once(Choice::new("", words::everybody(lang))).chain(members).collect();
    let making = RwSignal::new(false);
    let (may, name) = (board.may_write, board.name.clone());
    let first = board.columns.first().map(|column| column.stage.id);
    let members = StoredValue::new(page.owners);
    let planning = Planning { open: RwSignal::new(false), known: RwSignal::new(None), plan: StoredValue::new(page.plan) };
    let (may_plan, asked) = (page.may_plan, StoredValue::new(page.asked.clone()));
    let arranged = Callback::new({
        let navigate = use_navigate();
        move |(pipeline,): (Pipeline,)| {
            planning.open.set(false);
            // A new one is shown; one that was changed is drawn anew.
            navigate(&format!("/dashboard/crm/deals?pipeline={}", pipeline.id), leptos_router::NavigateOptions::default());
            again.run(());
        }
    });
    view! {
        <Page
            title=words::deals_title(lang)
            lead=name
            actions=move || view! {
                <ButtonLink icon="filter" href="/dashboard/lists/crm:deal">{words::lists(lang)}</ButtonLink>
                {may_plan.then(|| view! {
                    <Button icon="edit" on_press=move || planning.begin(true)>{words::edit_pipeline(lang)}</Button>
                    <Button icon="plus" on_press=move || planning.begin(false)>{words::new_pipeline(lang)}</Button>
                })}
                {may.then(|| view! { <Button tone=Tone::Primary icon="plus" on_press=move || making.set(true)>{words::new_deal(lang)}</Button> })}
            }
        >
            <search class="filters">
                {several.then(|| view! {
                    <Select name="pipeline" choices=pipelines value=chosen label=words::pipeline(lang)
                        on_change=move |id: String| go.run((id, whose.get_untracked()))/>
                })}
                <Select name="owner" choices=owners value=whose label=words::owner(lang)
                    on_change=move |id: String| go.run((chosen.get_untracked(), id))/>
            </search>
            <Columns board=board owner=owner asked=page.asked again=again/>
            <Dialog open=planning.open title=words::pipeline(lang) class="wide">
                <PipelineForm
                    known=planning.known.get_untracked()
                    asked=asked.get_value()
                    on_saved=arranged
                    on_cancel=move || planning.open.set(false)
                />
            </Dialog>
            <Dialog open=making title=words::new_deal(lang)>
                <DealForm
                    deal=None
                    owners=members.get_value()
                    stage=first
                    on_saved=move |_: Deal| { making.set(false); again.run(()); }
                    on_cancel=move || making.set(false)
                />
            </Dialog>
        </Page>
    }
    .into_any()
}

/// The dialog in which a pipeline is arranged.
#[derive(Clone, Copy)]
struct Planning {
    open: RwSignal<bool>,
    /// What is changed in it; none for a new one.
    known: RwSignal<Option<Pipeline>>,
    plan: StoredValue<Option<Pipeline>>,
}

impl Planning {
    fn begin(self, present: bool) {
        self.known.set(self.plan.get_value().filter(|_| present));
        self.open.set(true);
    }
}

/// Before the first pipeline.
fn none_yet(lang: Lang, may: bool, again: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let make = move || {
        spawn_local(async move {
            match save_pipeline(None, crm::pipelines::PipelineInput::usual(lang == Lang::Pl)).await {
                Ok(_) => again.run(()),
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    view! {
        <Page title=words::deals_title(lang)>
            <Empty icon="coin" title=words::no_pipeline(lang) text=words::no_pipeline_text(lang)>
                {may.then(|| view! { <Button tone=Tone::Primary on_press=make>{words::make_pipeline(lang)}</Button> })}
            </Empty>
        </Page>
    }
    .into_any()
}

/// What one column shows now.
#[derive(Clone, Copy)]
struct Stack {
    stage: EntityId,
    deals: RwSignal<Vec<Deal>>,
    next: RwSignal<Option<String>>,
    count: RwSignal<i64>,
    sums: RwSignal<Vec<DealSum>>,
}

#[component]
fn Columns(board: DealBoard, owner: Option<UserId>, asked: Vec<Asked>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let (pipeline, may) = (board.pipeline, board.may_write);
    let stack = |column: &DealColumn| Stack {
        stage: column.stage.id,
        deals: RwSignal::new(column.deals.clone()),
        next: RwSignal::new(column.next_cursor.clone()),
        count: RwSignal::new(column.count),
        sums: RwSignal::new(column.sums.clone()),
    };
    let stacks: Vec<Stack> = board.columns.iter().map(stack).collect();
    let all = StoredValue::new(stacks.clone());
    // The card goes over at once and stays in sight; counts and sums are the server's.
    let moved = Callback::new(move |(deal,): (Deal,)| {
        all.with_value(|stacks| {
            for stack in stacks {
                stack.deals.try_update(|deals| {
                    deals.retain(|other| other.id != deal.id);
                    if stack.stage == deal.stage {
                        deals.insert(0, deal.clone());
                    }
                });
            }
        });
        focus_card(format!("deal-{}", deal.id), 30);
        spawn_local(async move {
            let Ok(BoardPage { board: Some(fresh), .. }) = read_board(Some(pipeline), owner).await else { return };
            all.try_with_value(|stacks| {
                for (stack, column) in stacks.iter().zip(fresh.columns) {
                    stack.count.try_set(column.count);
                    stack.sums.try_set(column.sums);
                }
            });
        });
    });
    let stages = board.columns.iter().map(|column| column.stage.clone()).collect();
    let mover = Mover::new((stages, asked), toasts, moved, again);
    let carried = RwSignal::new(None::<Deal>);
    let columns = board.columns.into_iter().zip(stacks);
    let columns = columns.map(|(column, stack)| view_of(lang, &column, stack, owner, may, carried, mover)).collect_view();
    view! {
        <div class="deal-board" role="region" tabindex="0" aria-label=board.name>{columns}</div>
        <MoveDialog mover=mover/>
    }
    .into_any()
}

/// Puts the focus on a card. As long as the dialog that moved it stands open nothing behind it can have the focus, and its
/// closing would give the focus to the card's former node, which is gone.
fn focus_card(card: String, frames: u32) {
    request_animation_frame(move || {
        if frames > 0 && document().query_selector("dialog[open]").ok().flatten().is_some() {
            return focus_card(card, frames - 1);
        }
        let found = document().get_element_by_id(&card).and_then(|card| card.query_selector("a").ok().flatten());
        if let Some(link) = found {
            let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(link).focus();
        }
    });
}

fn view_of(
    lang: Lang,
    column: &DealColumn,
    stack: Stack,
    owner: Option<UserId>,
    may: bool,
    carried: RwSignal<Option<Deal>>,
    mover: Mover,
) -> AnyView {
    let toasts = use_toasts();
    let (name, label) = (column.stage.name.clone(), column.stage.name.clone());
    let kind = column.stage.kind.as_str();
    let over = RwSignal::new(false);
    let drop_here = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(deal) = carried.get_untracked() {
            mover.put(deal, stack.stage);
        }
    };
    let busy = RwSignal::new(false);
    let more = move || {
        let query = DealQuery { stage: Some(stack.stage), owner, q: String::new() };
        busy.set(true);
        spawn_local(async move {
            match read_column(query, stack.next.get_untracked()).await {
                Ok((found, next)) => {
                    // What has come over meanwhile is there already.
                    stack.deals.try_update(|deals| {
                        let fresh: Vec<Deal> = found.into_iter().filter(|deal| deals.iter().all(|own| own.id != deal.id)).collect();
                        deals.extend(fresh);
                    });
                    stack.next.try_set(next);
                }
                Err(failure) => toasts.fail(&failure),
            }
            busy.try_set(false);
        });
    };
    let sums = move || {
        let one = |sum: DealSum| {
            let (value, weighted) = (money(lang, sum.value, &sum.currency), money(lang, sum.weighted, &sum.currency));
            view! { <div><dt class="visually-hidden">{words::sum(lang)}</dt><dd>{value}</dd><dd class="weighted">{words::weighted_short(lang, &weighted)}</dd></div> }
        };
        stack.sums.get().into_iter().map(one).collect_view()
    };
    view! {
        <section
            aria-label=label
            data-kind=kind
            class:over=move || over.get()
            on:dragover=move |event: DragEvent| { event.prevent_default(); over.set(true); }
            on:dragleave=move |_: DragEvent| over.set(false)
            on:drop=drop_here
        >
            <h2><span>{name}</span><small>{move || stack.count.get()}</small></h2>
            <dl class="tnum">{sums}</dl>
            <ul>
                <For each=move || stack.deals.get() key=|deal| (deal.id, deal.version) children=move |deal| card(lang, deal, may, carried, mover)/>
            </ul>
            <Show when=move || stack.next.with(Option::is_some)>
                <Button tone=Tone::Quiet busy=busy on_press=more>{words::more(lang)}</Button>
            </Show>
        </section>
    }
    .into_any()
}
