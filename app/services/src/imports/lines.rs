//! What became of the lines, or would: how many, which and why; and the same as a file.

use leptos::{prelude::*, task::spawn_local};
use services::imports::{ImportLine, LineOutcome, RecordImport};
use ui::{Button, Choice, Lang, Meaning, Segmented, Table, Tag, use_lang, use_toasts};

use super::{
    doors::{read_lines, save_lines},
    texts,
};
use crate::{views::save_file, words};

/// In the order in which they are looked at.
const OUTCOMES: [LineOutcome; 4] = [LineOutcome::Refused, LineOutcome::Skipped, LineOutcome::Made, LineOutcome::Changed];
/// How many cells of a line are shown.
const CELLS: usize = 4;

fn count(import: &RecordImport, outcome: LineOutcome) -> i32 {
    match outcome {
        LineOutcome::Made => import.made,
        LineOutcome::Changed => import.changed,
        LineOutcome::Skipped => import.skipped,
        LineOutcome::Refused => import.refused,
    }
}

#[component]
pub(super) fn Lines(import: RwSignal<RecordImport>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let now = import.get_untracked();
    let first = OUTCOMES.into_iter().find(|outcome| count(&now, *outcome) > 0).unwrap_or(LineOutcome::Made);
    let outcome = RwSignal::new(first);
    let (lines, cursor, busy) = (RwSignal::new(Vec::<ImportLine>::new()), RwSignal::new(None::<String>), RwSignal::new(false));
    let id = now.id;
    let read = move |from: Option<String>| {
        let asked = outcome.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let fresh = from.is_none();
            let answer = read_lines(id, asked, from).await;
            busy.try_set(false);
            // Another tab may have been chosen meanwhile.
            if outcome.try_get_untracked() != Some(asked) {
                return;
            }
            match answer {
                Ok((found, next)) => {
                    lines.try_update(|lines| {
                        if fresh {
                            lines.clear();
                        }
                        lines.extend(found);
                    });
                    cursor.try_set(next);
                }
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    // The world outside: the server is asked for what is looked at, in the browser only.
    Effect::new(move |_| {
        outcome.track();
        read(None);
    });
    let save = move || {
        let asked = outcome.get_untracked();
        let heads = [words::import_line(lang), words::import_column(lang), words::import_reason(lang)].map(str::to_owned).to_vec();
        spawn_local(async move {
            match save_lines(id, asked, heads, texts::reasons(lang)).await {
                Ok(csv) => save_file(&[asked.as_str(), ".csv"].concat(), &csv),
                Err(failure) => toasts.fail(&failure),
            }
        });
    };
    let choices: Vec<Choice> = OUTCOMES
        .into_iter()
        .map(|outcome| Choice::new(outcome.as_str(), [texts::outcome(lang, outcome), ": ", &count(&now, outcome).to_string()].concat()))
        .collect();
    let pick = move |word: String| {
        if let Some(picked) = OUTCOMES.into_iter().find(|outcome| outcome.as_str() == word) {
            outcome.set(picked);
        }
    };
    let about = StoredValue::new(now);
    let row = move |line: ImportLine| about.with_value(|import| row(lang, import, line));
    let heads = vec![words::import_line(lang), words::import_says(lang), words::import_reason(lang)];
    view! {
        <section class="import-lines" aria-label=words::import_result(lang)>
            <h2>{words::import_result(lang)}</h2>
            <div class="import-bar">
                <Segmented label=words::import_result(lang) choices=choices value=Signal::derive(move || outcome.get().as_str().to_owned()) on_pick=pick/>
                <Show when=move || lines.with(|lines| !lines.is_empty())>
                    <Button icon="print" on_press=save>{words::import_save(lang)}</Button>
                </Show>
            </div>
            <Show when=move || lines.with(|lines| !lines.is_empty())>
                <Table caption=words::import_result(lang) heads=heads.clone()>
                    <For each=move || lines.get() key=|line| line.line children=row/>
                </Table>
            </Show>
            <Show when=move || cursor.with(Option::is_some)>
                <Button busy=busy on_press=move || read(cursor.get_untracked())>{words::object_more(lang)}</Button>
            </Show>
        </section>
    }
    .into_any()
}

fn row(lang: Lang, import: &RecordImport, line: ImportLine) -> AnyView {
    let says: Vec<String> =
        line.cells.iter().filter(|cell| !cell.is_empty()).take(CELLS).map(|cell| cell.chars().take(60).collect()).collect();
    let why = line.faults.iter().map(|fault| texts::fault(lang, import, fault)).collect::<Vec<_>>().join("; ");
    let undo = line.undo.as_deref().map(|undo| match undo {
        "kept" => view! { <Tag meaning=Meaning::Attention text=words::import_kept(lang)/> }.into_any(),
        _ => view! { <Tag text=words::import_taken_back(lang)/> }.into_any(),
    });
    view! {
        <tr>
            <th scope="row">{line.line}</th>
            <td>{says.join(" · ")}</td>
            <td>{undo}" "{why}</td>
        </tr>
    }
    .into_any()
}
