//! A pipeline as it is being arranged: its stages in order, how likely each is to be won, when a deal in it is stale, and what a
//! deal tells before it comes into it.

use crm::pipelines::{DealStageInput, Pipeline, PipelineInput, StageKind};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use ui::{Button, Checkbox, ErrorSummary, Failure, Field, Input, Lang, Tone, use_lang, use_toasts};

use crate::{
    deal_doors::{Asked, save_pipeline},
    words,
};

/// A stage as it is typed.
#[derive(Clone, Copy)]
struct Typed {
    key: u32,
    id: Option<EntityId>,
    kind: StageKind,
    name: RwSignal<String>,
    probability: RwSignal<String>,
    rot_days: RwSignal<String>,
    requires: RwSignal<Vec<String>>,
}

impl Typed {
    fn of(key: u32, stage: &DealStageInput) -> Self {
        Self {
            key,
            id: stage.id,
            kind: stage.kind,
            name: RwSignal::new(stage.name.clone()),
            probability: RwSignal::new(stage.probability.to_string()),
            rot_days: RwSignal::new(stage.rot_days.map(|days| days.to_string()).unwrap_or_default()),
            requires: RwSignal::new(stage.requires.clone()),
        }
    }

    /// What cannot be read is what the server refuses.
    fn input(self) -> DealStageInput {
        let (probability, days) = (self.probability.get_untracked(), self.rot_days.get_untracked());
        DealStageInput {
            id: self.id,
            name: self.name.get_untracked(),
            kind: self.kind,
            probability: probability.trim().parse().unwrap_or(-1),
            rot_days: Some(days.trim()).filter(|days| !days.is_empty()).map(|days| days.parse().unwrap_or(-1)),
            requires: self.requires.get_untracked(),
        }
    }
}

/// Changes `place` with its neighbour; both stay open stages, for a deal is won or lost at the end.
fn exchange(stages: &mut [Typed], place: usize, other: usize) {
    let is_open = |place: usize| stages.get(place).is_some_and(|stage| stage.kind == StageKind::Open);
    if is_open(place) && is_open(other) {
        stages.swap(place, other);
    }
}

/// The form for a pipeline; a new one begins as pipelines usually are.
#[component]
pub(super) fn PipelineForm(
    known: Option<Pipeline>,
    asked: Vec<Asked>,
    #[prop(into)] on_saved: Callback<(Pipeline,)>,
    #[prop(into)] on_cancel: Callback<()>,
) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let id = known.as_ref().map(|pipeline| pipeline.id);
    // Made once, so that a retry makes no second pipeline.
    let fresh = EntityId::new();
    let begun = match &known {
        Some(pipeline) => PipelineInput {
            id: None,
            name: pipeline.name.clone(),
            stages: pipeline.stages.iter().map(DealStageInput::from).collect(),
            version: pipeline.version,
        },
        None => PipelineInput { id: Some(fresh), ..PipelineInput::usual(lang == Lang::Pl) },
    };
    let version = begun.version;
    let name = RwSignal::new(begun.name);
    let typed: Vec<Typed> = (0..).zip(&begun.stages).map(|(key, stage)| Typed::of(key, stage)).collect();
    let next = StoredValue::new(u32::try_from(typed.len()).unwrap_or(0));
    let stages = RwSignal::new(typed);
    let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
    let add = move || {
        let key = next.get_value();
        next.set_value(key + 1);
        let (kind, name) = (StageKind::Open, String::new());
        let stage = Typed::of(key, &DealStageInput { id: None, name, kind, probability: 50, rot_days: None, requires: Vec::new() });
        stages.update(|stages| {
            let end = stages.iter().position(|stage| stage.kind != StageKind::Open).unwrap_or(stages.len());
            stages.insert(end, stage);
        });
    };
    let send = move || {
        let stages = stages.with_untracked(|stages| stages.iter().map(|stage| stage.input()).collect());
        let input = PipelineInput { id: id.is_none().then_some(fresh), name: name.get_untracked(), stages, version };
        busy.set(true);
        spawn_local(async move {
            let saved = save_pipeline(id, input).await;
            busy.try_set(false);
            match saved {
                Ok(pipeline) => {
                    toasts.say(words::pipeline_saved(lang));
                    on_saved.run((pipeline,));
                }
                Err(why) => drop(failure.try_set(Some(why))),
            }
        });
    };
    let asked = StoredValue::new(asked);
    let row = move |stage: Typed| row(lang, stage, stages, asked, failure);
    view! {
        <form class="form pipeline" novalidate on:submit=move |event| { event.prevent_default(); send(); }>
            <ErrorSummary failure=failure fields=vec![("name", words::pipeline_name(lang)), ("stages", words::stages(lang))]/>
            <Field name="name" label=words::pipeline_name(lang) required=true failure=failure><Input value=name autocomplete="off"/></Field>
            <fieldset>
                <legend>{words::stages(lang)}</legend>
                // Each control says its name by itself.
                <div class="stage heads" aria-hidden="true">
                    <span>{words::stage(lang)}</span>
                    <span>{words::probability(lang)}</span>
                    <span>{words::stale_after(lang)}</span>
                </div>
                <ol><For each=move || stages.get() key=|stage| stage.key children=row/></ol>
            </fieldset>
            <footer>
                <Button class="start" icon="plus" on_press=add>{words::add_stage(lang)}</Button>
                <Button on_press=move || on_cancel.run(())>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=busy>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}

fn row(
    lang: Lang,
    stage: Typed,
    stages: RwSignal<Vec<Typed>>,
    asked: StoredValue<Vec<Asked>>,
    failure: RwSignal<Option<Failure>>,
) -> AnyView {
    let place = move || stages.with(|stages| stages.iter().position(|other| other.key == stage.key)).unwrap_or(0);
    // What is wrong with it is told where it stands, by the name that the server gives its place.
    let fault = move || {
        let parts = ["name", "probability", "rot_days", "requires", "kind"];
        let wrong = |failure: &Failure| parts.iter().find_map(|part| failure.field(lang, &format!("stages[{}].{part}", place())));
        failure.with(|failure| failure.as_ref().and_then(wrong)).map(|text| view! { <p class="error" role="alert">{text}</p> })
    };
    let open = stage.kind == StageKind::Open;
    let shift = move |by: isize| {
        stages.update(|stages| {
            if let Some(place) = stages.iter().position(|other| other.key == stage.key)
                && let Some(other) = place.checked_add_signed(by)
            {
                exchange(stages, place, other);
            }
        });
    };
    let numbers = open.then(|| {
        view! {
            <Input name="stage_probability" kind="number" min="0" max="100" value=stage.probability label=words::probability(lang)/>
            <Input name="stage_rot_days" kind="number" min="1" value=stage.rot_days label=words::stale_after(lang) placeholder="–"/>
            <Button tone=Tone::Plain icon="up" name=words::stage_earlier(lang) on_press=move || shift(-1)/>
            <Button tone=Tone::Plain icon="down" name=words::stage_later(lang) on_press=move || shift(1)/>
            <Button
                tone=Tone::Plain
                icon="trash"
                name=words::remove_stage(lang)
                on_press=move || stages.update(|stages| stages.retain(|other| other.key != stage.key))
            />
        }
    });
    let count = move || stage.requires.with(Vec::len);
    let fields = move || {
        let field = |field: Asked| {
            let key = StoredValue::new(field.key.clone());
            let ticked = Signal::derive(move || key.with_value(|key| stage.requires.with(|all| all.contains(key))));
            let tick = move |ticked: bool| {
                stage.requires.update(|all| {
                    all.retain(|other| key.with_value(|key| other != key));
                    if ticked {
                        all.push(key.get_value());
                    }
                });
            };
            view! { <Checkbox checked=ticked on_change=tick label=field.name(lang)/> }
        };
        asked.get_value().into_iter().map(field).collect_view()
    };
    view! {
        <li data-kind=stage.kind.as_str()>
            <div class="stage">
                <Input name="stage_name" value=stage.name label=words::stage(lang) autocomplete="off"/>
                {numbers}
            </div>
            {fault}
            <details>
                <summary>{move || words::stage_asks(lang, i64::try_from(count()).unwrap_or(0))}</summary>
                <div class="asked">{fields()}</div>
            </details>
        </li>
    }
    .into_any()
}
