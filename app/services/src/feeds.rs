//! One's own calendar feeds, and files of other calendars taken over.

mod doors;
mod file;
mod sync;
pub(crate) mod sync_doors;
mod sync_form;

use leptos::prelude::*;
use platform::{id::EntityId, time::ZoneWindow};
use services::calendar::feeds::{Detail, Feed, NewFeed};
use ui::{
    Button, Choice, Confirm, ErrorSummary, Failure, Field, Input, Lang, Page, Select, Skeleton, Table, Tone, use_lang, use_toasts, when,
};

use crate::words;
use doors::{Kept, create_feed, read_feeds, revoke_feed};
use file::TakeOver;
use sync::Connections;

ui::lazy_screens!(settings_feeds: FEEDS = fn feeds_screens {
    "/dashboard/settings/feeds" => view! { <app_platform::settings::Settings page="feeds"><Feeds/></app_platform::settings::Settings> }.into_any(),
});

/// The page.
#[component]
fn Feeds() -> AnyView {
    let kept = ui::fetched(|| (), |()| read_feeds());
    let again = Callback::new(move |()| kept.refetch());
    let lang = use_lang();
    view! {
        <Page title=words::feeds(lang) lead=words::feeds_lead(lang)>
            <Transition fallback=|| view! { <Skeleton class="rows" lines=3/> }>
                {move || Suspend::new(async move {
                    match kept.await {
                        Ok(kept) => view! { <Shown kept=kept again=again/> }.into_any(),
                        Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                    }
                })}
            </Transition>
        </Page>
    }
    .into_any()
}

#[component]
fn Shown(kept: Kept, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let today = kept.zone.date(kept.now);
    let asking = RwSignal::new(false);
    let leaving = RwSignal::new(None::<(EntityId, String)>);
    let revoke = Action::new_local(move |id: &EntityId| {
        let id = *id;
        async move {
            match revoke_feed(id).await {
                Ok(()) => toasts.say(words::feed_revoked(lang)),
                Err(failure) => toasts.fail(&failure),
            }
            again.run(());
        }
    });
    let rows = kept
        .feeds
        .iter()
        .map(|feed| {
            row(lang, feed, &kept.zone, today, move |id, name| {
                leaving.set(Some((id, name)));
                asking.set(true);
            })
        })
        .collect_view();
    let list = (!kept.feeds.is_empty()).then(|| {
        let heads = vec![
            words::feed_name(lang),
            words::feed_of(lang),
            words::feed_detail(lang),
            words::feed_made(lang),
            words::feed_read(lang),
            "",
        ];
        view! { <Table caption=words::feeds(lang) heads=heads>{rows}</Table> }
    });
    let resources: Vec<Choice> = kept.resources.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
    let taking_over = kept.writes.then(|| {
        let locations: Vec<Choice> = kept.locations.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
        view! {
            <section class="feed-form">
                <h2>{words::take_over(lang)}</h2>
                <p>{words::take_over_lead(lang)}</p>
                <TakeOver resources=resources.clone() locations=locations/>
            </section>
        }
    });
    view! {
        {list}
        <section class="feed-form">
            <h2>{words::new_feed(lang)}</h2>
            <NewFeedForm resources=resources.clone() again=again/>
        </section>
        {kept.connects.then(|| view! { <Connections resources=resources.clone()/> })}
        {taking_over}
        <Confirm
            open=asking
            title=Signal::derive(move || leaving.with(|feed| words::revoke_question(lang, feed.as_ref().map_or("", |(_, name)| name))))
            text=words::revoke_explained(lang).to_string()
            action=words::revoke(lang)
            on_confirm=move || if let Some((id, _)) = leaving.get_untracked() { revoke.dispatch_local(id); }
        />
    }
    .into_any()
}

fn row(
    lang: Lang,
    feed: &Feed,
    zone: &ZoneWindow,
    today: chrono::NaiveDate,
    ask: impl Fn(EntityId, String) + Send + Sync + 'static,
) -> AnyView {
    let moment = |at| when::moment(lang, zone.wall(at), today);
    let (id, name) = (feed.id, feed.name.clone());
    view! {
        <tr>
            <th scope="row">{feed.name.clone()}</th>
            <td>{feed.resource_name.clone().unwrap_or_else(|| words::my_time(lang).into())}</td>
            <td>{detail(lang, feed.detail)}</td>
            <td>{moment(feed.created_at)}</td>
            <td>{feed.read_at.map_or_else(|| words::never_read(lang).into(), moment)}</td>
            <td class="end">
                <Button tone=Tone::Quiet name=words::revoke_named(lang, &name) on_press=move || ask(id, name.clone())>{words::revoke(lang)}</Button>
            </td>
        </tr>
    }
    .into_any()
}

fn detail(lang: Lang, detail: Detail) -> &'static str {
    match detail {
        Detail::Full => words::detail_full(lang),
        Detail::Initials => words::detail_initials(lang),
        Detail::Busy => words::detail_busy(lang),
    }
}

/// Makes a feed and shows its address, which is to be had this once.
#[component]
fn NewFeedForm(resources: Vec<Choice>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let (name, resource) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let told = RwSignal::new(Detail::Busy.as_str().to_owned());
    let address = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| async move {
        let new = NewFeed {
            name: name.get_untracked(),
            resource: resource.with_untracked(|id| id.parse().ok()),
            detail: told.with_untracked(|word| Detail::parse(word)).unwrap_or(Detail::Busy),
        };
        match create_feed(new).await {
            Ok(made) => {
                let origin = window().location().origin().unwrap_or_default();
                name.set(String::new());
                failure.set(None);
                address.set([origin, made.path].concat());
                toasts.say(words::feed_ready(lang));
                again.run(());
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let details: Vec<Choice> = Detail::ALL.iter().map(|choice| Choice::new(choice.as_str(), detail(lang, *choice))).collect();
    let fields = vec![("name", words::feed_name(lang)), ("resource", words::feed_of(lang))];
    view! {
        <form
            class="form"
            method="post"
            on:submit=move |event| {
                event.prevent_default();
                save.dispatch_local(());
            }
        >
            <ErrorSummary failure=failure fields=fields/>
            <Field name="name" label=words::feed_name(lang) help=words::feed_name_help(lang) required=true failure=failure>
                <Input value=name autocomplete="off"/>
            </Field>
            <Field name="resource" label=words::feed_of(lang) failure=failure>
                <Select choices=resources.clone() value=resource placeholder=words::my_time(lang)/>
            </Field>
            <Field name="detail" label=words::feed_detail(lang) help=words::feed_detail_help(lang) failure=failure>
                <Select choices=details.clone() value=told/>
            </Field>
            <Button tone=Tone::Primary submit=true busy=save.pending()>{words::make_feed(lang)}</Button>
        </form>
        <Show when=move || !address.with(String::is_empty)>
            <div class="feed-address" role="status">
                <label for="feed-address">{words::feed_address(lang)}</label>
                <input
                    id="feed-address"
                    class="input"
                    type="url"
                    readonly=true
                    autocomplete="off"
                    prop:value=move || address.get()
                    on:focus=move |event| { event_target::<web_sys::HtmlInputElement>(&event).select(); }
                />
                <p>{words::feed_once(lang)}</p>
            </div>
        </Show>
    }
    .into_any()
}
