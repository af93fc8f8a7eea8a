//! A deal on its way to another stage: by a drag, by the bar of stages, or by the dialog that serves keyboards.

use crm::{
    deals::{Deal, MoveDeal},
    pipelines::{DealStage, StageKind},
};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::{Button, Choice, Dialog, Failure, FailureAlert, Field, Input, Select, Toasts, Tone, use_lang};

use crate::{deal_doors::move_deal, words};

/// What moves deals on one page. Of a failure and of success it tells by toasts; success can be undone.
#[derive(Clone, Copy)]
pub(super) struct Mover {
    stages: StoredValue<Vec<DealStage>>,
    toasts: Toasts,
    lang: ui::Lang,
    /// The deal that the dialog asks about, with the stage that is proposed.
    asked: RwSignal<Option<(Deal, String)>>,
    open: RwSignal<bool>,
    /// Told of what has moved.
    moved: Callback<(Deal,)>,
    /// Told that what is shown is no longer so.
    again: Callback<()>,
}

impl Mover {
    pub(super) fn new(stages: Vec<DealStage>, toasts: Toasts, moved: Callback<(Deal,)>, again: Callback<()>) -> Self {
        let (asked, open) = (RwSignal::new(None), RwSignal::new(false));
        Self { stages: StoredValue::new(stages), toasts, lang: use_lang(), asked, open, moved, again }
    }

    /// Opens the dialog; `stage` is proposed.
    pub(super) fn ask(self, deal: Deal, stage: Option<EntityId>) {
        let stage = stage.unwrap_or(deal.stage).to_string();
        self.asked.set(Some((deal, stage)));
        self.open.set(true);
    }

    /// Moves it; what would be lost is asked for its reason first.
    pub(super) fn put(self, deal: Deal, stage: EntityId) {
        if deal.stage == stage {
            return;
        }
        let lost = self.stages.with_value(|stages| stages.iter().any(|one| one.id == stage && one.kind == StageKind::Lost));
        if lost {
            return self.ask(deal, Some(stage));
        }
        spawn_local(async move {
            if let Err(failure) = self.send(deal, stage, String::new()).await {
                self.toasts.fail(&failure);
                self.again.run(());
            }
        });
    }

    async fn send(self, deal: Deal, stage: EntityId, lost_reason: String) -> Result<(), Failure> {
        let after = move_deal(deal.id, MoveDeal { version: deal.version, stage, lost_reason }).await?;
        let back = after.clone();
        let undo = Callback::new(move |()| {
            let (back, reason) = (back.clone(), deal.lost_reason.clone());
            spawn_local(async move {
                match move_deal(back.id, MoveDeal { version: back.version, stage: deal.stage, lost_reason: reason }).await {
                    Ok(after) => self.moved.run((after,)),
                    Err(failure) => {
                        self.toasts.fail(&failure);
                        self.again.run(());
                    }
                }
            });
        });
        self.toasts.undoable(words::deal_moved(self.lang, &after.title, &after.stage_name), undo);
        // First: while it stands open nothing behind it can have the focus.
        self.open.try_set(false);
        self.moved.run((after,));
        Ok(())
    }
}

/// The dialog that asks where to, and why it was lost.
#[component]
pub(super) fn MoveDialog(mover: Mover) -> AnyView {
    let lang = use_lang();
    let (stage, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    Effect::new(move |_| {
        if let Some((deal, wanted)) = mover.asked.get() {
            stage.set(wanted);
            reason.set(deal.lost_reason);
            failure.set(None);
        }
    });
    let title = Signal::derive(move || {
        mover.asked.with(|asked| asked.as_ref().map(|(deal, _)| words::deal_move(lang, &deal.title)).unwrap_or_default())
    });
    let choices: Vec<Choice> =
        mover.stages.with_value(|stages| stages.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone())).collect());
    let choices = StoredValue::new(choices);
    let lost = Memo::new(move |_| {
        let chosen = stage.get();
        mover.stages.with_value(|stages| stages.iter().any(|one| one.kind == StageKind::Lost && one.id.to_string() == chosen))
    });
    let send = move || {
        let (Some((deal, _)), Ok(to)) = (mover.asked.get_untracked(), stage.get_untracked().parse::<EntityId>()) else { return };
        let why = if lost.get_untracked() { reason.get_untracked() } else { String::new() };
        busy.set(true);
        spawn_local(async move {
            let done = mover.send(deal, to, why).await;
            busy.try_set(false);
            match done {
                Ok(()) => {}
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    view! {
        <Dialog open=mover.open title=title>
            <form class="form" novalidate on:submit=move |event| { event.prevent_default(); send(); }>
                {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
                <Field name="stage" label=words::stage(lang)><Select choices=choices.get_value() value=stage/></Field>
                <Show when=move || lost.get()>
                    <Field name="lost_reason" label=words::lost_reason(lang) required=true failure=failure>
                        <Input value=reason autocomplete="off"/>
                    </Field>
                </Show>
                <footer>
                    <Button on_press=move || mover.open.set(false)>{words::cancel(lang)}</Button>
                    <Button tone=Tone::Primary submit=true busy=busy>{words::move_on(lang)}</Button>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}
