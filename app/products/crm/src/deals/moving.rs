//! A deal on its way to another stage: by a drag, by the bar of stages, or by the dialog that serves keyboards.

use crm::{
    deals::{Deal, MoveDeal},
    pipelines::{DealStage, StageKind},
};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::{Alert, Button, Choice, Dialog, Failure, FailureAlert, Field, Input, Select, Toasts, Tone, use_lang};

use crate::{
    deal_doors::{Asked, move_deal},
    words,
};

/// What moves deals on one page. Of a failure and of success it tells by toasts; success can be undone.
#[derive(Clone, Copy)]
pub(super) struct Mover {
    stages: StoredValue<Vec<DealStage>>,
    /// What stages may ask for, by name.
    fields: StoredValue<Vec<Asked>>,
    toasts: Toasts,
    lang: ui::Lang,
    /// The deal that the dialog asks about, with the stage that is proposed.
    asked: RwSignal<Option<(Deal, String)>>,
    open: RwSignal<bool>,
    /// Why it was refused.
    failure: RwSignal<Option<Failure>>,
    /// Told of what has moved.
    moved: Callback<(Deal,)>,
    /// Told that what is shown is no longer so.
    again: Callback<()>,
}

impl Mover {
    pub(super) fn new(known: (Vec<DealStage>, Vec<Asked>), toasts: Toasts, moved: Callback<(Deal,)>, again: Callback<()>) -> Self {
        let (asked, open, failure) = (RwSignal::new(None), RwSignal::new(false), RwSignal::new(None));
        let (stages, fields) = (StoredValue::new(known.0), StoredValue::new(known.1));
        Self { stages, fields, toasts, lang: use_lang(), asked, open, failure, moved, again }
    }

    /// Opens the dialog; `stage` is proposed.
    pub(super) fn ask(self, deal: Deal, stage: Option<EntityId>) {
        let stage = stage.unwrap_or(deal.stage).to_string();
        self.failure.set(None);
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
            match self.send(deal.clone(), stage, String::new()).await {
                // What the stage asks for is told where it can be seen to.
                Err(failure) if !missing(&failure).is_empty() => {
                    self.ask(deal, Some(stage));
                    self.failure.set(Some(failure));
                }
                Err(failure) => {
                    self.toasts.fail(&failure);
                    self.again.run(());
                }
                Ok(()) => {}
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

/// The fields for which a stage asks in vain.
fn missing(failure: &Failure) -> Vec<&str> {
    let asked = failure.0.errors.iter().filter(|error| error.code == "required" && error.field != "lost_reason");
    asked.map(|error| error.field.as_str()).collect()
}

/// The dialog that asks where to, and why it was lost. What the stage asks for besides is filled in on the deal's own page.
#[component]
pub(super) fn MoveDialog(mover: Mover) -> AnyView {
    let lang = use_lang();
    let (stage, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (failure, busy) = (mover.failure, RwSignal::new(false));
    Effect::new(move |_| {
        if let Some((deal, wanted)) = mover.asked.get() {
            stage.set(wanted);
            reason.set(deal.lost_reason);
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
    let told = move |failure: Failure| {
        let asked = missing(&failure);
        if asked.is_empty() {
            return view! { <FailureAlert failure=failure/> }.into_any();
        }
        let name = |key: &&str| mover.fields.with_value(|all| all.iter().find(|field| field.key == **key).map(|field| field.name(lang)));
        let names = asked.iter().map(|key| name(key).unwrap_or_else(|| (*key).to_owned())).collect::<Vec<_>>().join(", ");
        let deal = mover.asked.with(|asked| asked.as_ref().map(|(deal, _)| deal.id));
        let link = deal.map(
            |id| view! { <a href=format!("/dashboard/crm/deals/{id}") on:click=move |_| mover.open.set(false)>{words::fill_in(lang)}</a> },
        );
        view! { <Alert><p>{words::stage_wants(lang, &names)}</p>{link}</Alert> }.into_any()
    };
    view! {
        <Dialog open=mover.open title=title>
            <form class="form" novalidate on:submit=move |event| { event.prevent_default(); send(); }>
                {move || failure.get().map(told)}
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
