//! Why a record stands in a list.

use leptos::prelude::*;
use services::filter::Explained;
use ui::{Failure, FailureAlert, Icon, Peek, Skeleton};

use super::{doors::explain_row, model::List, texts};
use crate::words;

/// The panel; open while a record was asked about.
#[component]
pub(super) fn Why(list: List) -> AnyView {
    let lang = list.lang;
    let answer = RwSignal::new(None::<Result<Explained, Failure>>);
    // The world outside: the reasons are asked for when somebody asks.
    Effect::new(move |_| {
        list.loaded.track();
        let Some((id, _)) = list.why.get() else { return };
        answer.set(None);
        let (kind, filter) = (list.key(), list.query(None, None).filter);
        leptos::task::spawn_local(async move {
            answer.try_set(Some(explain_row(kind, filter, id).await));
        });
    });
    let title = move || list.why.with(|why| why.as_ref().map(|(_, title)| title.clone()).unwrap_or_default());
    view! {
        <Show when=move || list.why.with(Option::is_some)>
            <Peek label=words::list_why(lang) kind=words::list_why(lang) on_close=move || list.why.set(None)>
                <h2>{title}</h2>
                {move || match answer.get() {
                    None => view! { <Skeleton/> }.into_any(),
                    Some(Err(failure)) => view! { <FailureAlert failure=failure/> }.into_any(),
                    Some(Ok(explained)) if explained.parts.is_empty() && explained.node == "all" => {
                        view! { <p>{words::list_why_open(lang)}</p> }.into_any()
                    }
                    Some(Ok(explained)) => view! { <ul class="list-why">{node(list, &explained)}</ul> }.into_any(),
                }}
            </Peek>
        </Show>
    }
    .into_any()
}

fn node(list: List, explained: &Explained) -> AnyView {
    let lang = list.lang;
    let about = match explained.node.as_str() {
        "all" => words::list_all(lang).to_owned(),
        "any" => words::list_any(lang).to_owned(),
        "none" => words::list_none(lang).to_owned(),
        "field" => texts::named(list, &explained.about),
        "did" => [words::list_done(lang), " ", &explained.about].concat(),
        "segment" => {
            let name = list
                .views
                .with_untracked(|views| views.iter().find(|view| view.id.to_string() == explained.about).map(|view| view.name.clone()));
            [words::list_in_view(lang), " ", &name.unwrap_or_default()].concat()
        }
        _ => [words::list_linked(lang), " ", &explained.about].concat(),
    };
    let group = matches!(explained.node.as_str(), "all" | "any" | "none" | "segment");
    let found = match (group, explained.found.is_empty()) {
        (true, _) => String::new(),
        (false, true) => words::list_nothing(lang).to_owned(),
        (false, false) => explained.found.join(", "),
    };
    let (icon, said) = if explained.holds { ("check", words::list_holds(lang)) } else { ("close", words::list_fails(lang)) };
    let parts = explained.parts.iter().map(|part| node(list, part)).collect_view();
    view! {
        <li class:holds=explained.holds>
            <span><Icon name=icon/><span class="visually-hidden">{said}": "</span>{about}</span>
            {(!found.is_empty()).then(|| view! { <em>{found}</em> })}
            {(!explained.parts.is_empty()).then(|| view! { <ul>{parts}</ul> })}
        </li>
    }
    .into_any()
}
