//! Links by which somebody without a sign-in reads the document for a while: made, shown once, revoked.

use leptos::{prelude::*, task::spawn_local};
use services::documents::{DocumentLink, LinkTerm, NewDocumentLink, RecordDocument};
use ui::{Button, Choice, Failure, FailureAlert, Segmented, Skeleton, Tone};

use super::{
    doors::{lend_document, read_lent, revoke_lent},
    notes::moment,
    side::Shared,
};
use crate::words;

/// What the dialog holds.
pub fn view(shared: Shared, document: RecordDocument) -> AnyView {
    let lang = shared.lang;
    let id = document.id;
    let found = RwSignal::new(None::<Result<Vec<DocumentLink>, Failure>>);
    let read = move || {
        spawn_local(async move {
            let links = read_lent(id).await;
            found.try_set(Some(links));
        });
    };
    // Also when somebody has opened one meanwhile.
    Effect::new(move |_| {
        shared.news.track();
        read();
    });
    let term = RwSignal::new(LinkTerm::Day.as_str().to_owned());
    let address = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let make = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let new = NewDocumentLink { term: term.with_untracked(|word| LinkTerm::parse(word)).unwrap_or_default() };
        spawn_local(async move {
            let made = lend_document(id, new).await;
            busy.try_set(false);
            match made {
                Ok(made) => {
                    let origin = window().location().origin().unwrap_or_default();
                    failure.try_set(None);
                    address.try_set([origin, made.path].concat());
                    shared.refresh();
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    let revoke = move |link| {
        spawn_local(async move {
            match revoke_lent(link).await {
                Ok(()) => shared.toasts.say(words::doc_revoked(lang)),
                Err(failure) => shared.toasts.fail(&failure),
            }
            shared.refresh();
        });
    };
    let may = shared.side.with_untracked(|side| side.around.may);
    let row = move |link: DocumentLink| {
        let author = link.author.clone().unwrap_or_else(|| words::side_system(lang).into());
        let until = words::doc_until(lang, &moment(shared, link.expires_at));
        let opened = match link.opened_at {
            Some(at) => [words::doc_opened(lang, i64::from(link.opened)), moment(shared, at)].join(", "),
            None => words::doc_never_opened(lang).to_owned(),
        };
        let label = words::doc_revoke_until(lang, &moment(shared, link.expires_at));
        let take = may.documents.then(|| {
            view! { <Button tone=Tone::Quiet name=label on_press=move || revoke(link.id)>{words::doc_revoke(lang)}</Button> }
        });
        view! { <li><span>{until}</span><small>{[author, opened].join(" · ")}</small><span class="beside-buttons">{take}</span></li> }
            .into_any()
    };
    let list = move || match found.get() {
        None => view! { <Skeleton lines=2/> }.into_any(),
        Some(Err(failure)) => view! { <FailureAlert failure=failure/> }.into_any(),
        Some(Ok(links)) if links.is_empty() => view! { <p>{words::doc_no_links(lang)}</p> }.into_any(),
        Some(Ok(links)) => {
            let rows: Vec<AnyView> = links.into_iter().map(row).collect();
            view! { <section class="beside-links"><h3>{words::doc_links(lang)}</h3><ul>{rows}</ul></section> }.into_any()
        }
    };
    let choices: Vec<Choice> = LinkTerm::ALL.map(|term| Choice::new(term.as_str(), term_name(lang, term))).into();
    let form = may.lend.then(|| {
        view! {
            <p>{words::doc_lend_text(lang)}</p>
            <div class="beside-row">
                <Segmented label=words::doc_term(lang) choices=choices value=term on_pick=move |(value,): (String,)| term.set(value)/>
                <Button tone=Tone::Primary icon="link" busy=busy on_press=make>{words::doc_make_link(lang)}</Button>
            </div>
            {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
            <Show when=move || !address.with(String::is_empty)>
                <div class="document-address" role="status">
                    <label for="document-address">{words::doc_address(lang)}</label>
                    <input
                        id="document-address"
                        class="input"
                        type="url"
                        readonly=true
                        autocomplete="off"
                        prop:value=move || address.get()
                        on:focus=move |event| { event_target::<web_sys::HtmlInputElement>(&event).select(); }
                    />
                    <p>{words::doc_once(lang)}</p>
                </div>
            </Show>
        }
    });
    view! { {form}{list} }.into_any()
}

fn term_name(lang: ui::Lang, term: LinkTerm) -> &'static str {
    match term {
        LinkTerm::Hour => words::doc_term_hour(lang),
        LinkTerm::Day => words::doc_term_day(lang),
        LinkTerm::Week => words::doc_term_week(lang),
    }
}
