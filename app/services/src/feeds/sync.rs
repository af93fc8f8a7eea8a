//! Connections with Google Calendar and Cal.com: how each stands, what waits, and what needs somebody's eye.

use chrono::NaiveDate;
use leptos::prelude::*;
use platform::{id::EntityId, time::ZoneWindow};
use services::calendar::sync::{Connection, ConnectionChange, ConnectionState, Provider, SyncEntry};
use ui::{Button, Confirm, Failure, Lang, Meaning, Table, Tag, Tone, use_lang, use_toasts, when};

use super::{
    sync_doors::{
        Connected, Stuck, change_connection, end_connection, read_connections, read_entries, reconnect, run_connection, run_job, unlink,
    },
    sync_form::NewConnectionForm,
};
use crate::words;

/// The part of the page, for those who may have connections.
#[component]
pub(super) fn Connections(resources: Vec<ui::Choice>) -> AnyView {
    let lang = use_lang();
    let kept = ui::fetched(|| (), |()| read_connections());
    let again = Callback::new(move |()| kept.refetch());
    let toasts = use_toasts();
    let asking = RwSignal::new(false);
    let leaving = RwSignal::new(None::<EntityId>);
    let looked_at = RwSignal::new(None::<EntityId>);
    let hands = Hands { again, asking, leaving, looked_at };
    let end = Action::new_local(move |id: &EntityId| {
        let id = *id;
        async move {
            match end_connection(id).await {
                Ok(()) => toasts.say(words::connection_ends(lang)),
                Err(failure) => toasts.fail(&failure),
            }
            again.run(());
        }
    });
    // The list is drawn anew every few seconds while something is under way: what is asked, looked at and typed stands beside it.
    let form = move || {
        let offered = Memo::new(move |_| kept.get().and_then(Result::ok).map(|kept| kept.offered));
        let resources = resources.clone();
        move || {
            let resources = resources.clone();
            offered.get().map(|offered| view! { <NewConnectionForm offered=offered resources=resources again=again/> })
        }
    };
    view! {
        <section class="feed-form" id="connections">
            <h2>{words::connections(lang)}</h2>
            <p>{words::connections_lead(lang)}</p>
            <Transition>
                {move || Suspend::new(async move {
                    match kept.await {
                        Ok(kept) => view! { <Shown kept=kept hands=hands/> }.into_any(),
                        Err(failure) => view! { <ui::FailureAlert failure=failure/> }.into_any(),
                    }
                })}
            </Transition>
            {move || looked_at.get().map(|id| view! { <Entries connection=id again=again/> })}
            <Transition>{form()}</Transition>
            <Confirm
                open=asking
                title=Signal::derive(move || words::end_question(lang).to_owned())
                text=words::end_explained(lang).to_string()
                action=words::end_connection(lang)
                on_confirm=move || if let Some(id) = leaving.get_untracked() { end.dispatch_local(id); }
            />
        </section>
    }
    .into_any()
}

#[component]
fn Shown(kept: Connected, hands: Hands) -> AnyView {
    let lang = use_lang();
    let again = hands.again;
    let today = kept.zone.date(kept.now);
    let rows = kept.connections.iter().map(|connection| row(lang, connection, &kept.zone, today, hands));
    let rows = rows.collect_view();
    let list = (!kept.connections.is_empty()).then(|| {
        let heads = vec![words::connected_with(lang), words::feed_of(lang), words::state(lang), words::connection_waits(lang), ""];
        view! { <Table caption=words::connections(lang) heads=heads>{rows}</Table> }
    });
    let stuck = (!kept.stuck.is_empty()).then(|| stuck(lang, &kept.stuck, &kept.zone, today, again));
    // Where something is under way, the page looks again by itself.
    let under_way = kept.connections.iter().any(|connection| {
        matches!(connection.state, ConnectionState::Connecting | ConnectionState::Ending)
            || connection.next_in_seconds.is_some_and(|s| s <= 3)
    });
    if under_way {
        Effect::new(move |_| {
            let timer = set_timeout_with_handle(move || again.run(()), std::time::Duration::from_secs(3));
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        });
    }
    view! {
        {list}
        {stuck}
    }
    .into_any()
}

/// What the buttons of a row move.
#[derive(Clone, Copy)]
struct Hands {
    again: Callback<()>,
    asking: RwSignal<bool>,
    leaving: RwSignal<Option<EntityId>>,
    looked_at: RwSignal<Option<EntityId>>,
}

fn row(lang: Lang, connection: &Connection, zone: &ZoneWindow, today: NaiveDate, hands: Hands) -> AnyView {
    let toasts = use_toasts();
    let Connection { id, provider, state, sends, receives, version, detail, .. } = *connection;
    let (word, meaning) = match state {
        ConnectionState::Active if connection.problem.is_empty() => (words::connection_active(lang), Meaning::Positive),
        ConnectionState::Active => (words::connection_active(lang), Meaning::Attention),
        ConnectionState::Authorizing => (words::connection_authorizing(lang), Meaning::Attention),
        ConnectionState::Connecting => (words::connection_connecting(lang), Meaning::Info),
        ConnectionState::Broken => (words::connection_broken(lang), Meaning::Critical),
        ConnectionState::Ending | ConnectionState::Ended => (words::connection_ending(lang), Meaning::Neutral),
    };
    let why = (!connection.problem.is_empty()).then(|| problem(lang, &connection.problem));
    let synced = connection.synced_at.map(|at| words::connection_synced(lang, &when::moment(lang, zone.wall(at), today)));
    let attention = connection.refused + connection.colliding;
    let waits = [
        (connection.unsent > 0).then(|| words::connection_unsent(lang, connection.unsent)),
        (connection.attempts > 0).then(|| words::connection_tries(lang, i64::from(connection.attempts))),
        connection
            .next_in_seconds
            .filter(|_| connection.attempts > 0)
            .map(|seconds| words::connection_next(lang, &when::length(lang, (seconds.max(0) + 59) / 60))),
    ];
    let waits = waits.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let look = (attention > 0).then(|| {
        view! { <Button tone=Tone::Quiet on_press=move || hands.looked_at.set(Some(id))>{words::connection_look(lang, attention)}</Button> }
    });
    let run = Action::new_local(move |(): &()| async move {
        if let Err(failure) = run_connection(id).await {
            toasts.fail(&failure);
        }
        hands.again.run(());
    });
    let allow = Action::new_local(move |(): &()| async move {
        match reconnect(id).await {
            Ok(made) => go(made.allow_at.as_deref()),
            Err(failure) => toasts.fail(&failure),
        }
    });
    let change = Action::new_local(move |(sends, receives): &(bool, bool)| {
        let change = ConnectionChange { version, detail, sends: *sends, receives: *receives };
        async move {
            match change_connection(id, change).await {
                Ok(_) => toasts.say(words::saved(lang)),
                Err(failure) => toasts.fail(&failure),
            }
            hands.again.run(());
        }
    });
    let living = !matches!(state, ConnectionState::Ending | ConnectionState::Ended);
    let allowing = (provider == Provider::Google && matches!(state, ConnectionState::Authorizing | ConnectionState::Broken)).then(|| {
        view! { <Button tone=Tone::Primary busy=allow.pending() on_press=move || { allow.dispatch_local(()); }>{words::allow_again(lang)}</Button> }
    });
    let running = (living && state != ConnectionState::Authorizing).then(|| {
        view! { <Button tone=Tone::Quiet busy=run.pending() on_press=move || { run.dispatch_local(()); }>{words::sync_now(lang)}</Button> }
    });
    let ending = living.then(|| {
        let press = move || {
            hands.leaving.set(Some(id));
            hands.asking.set(true);
        };
        view! { <Button tone=Tone::Quiet on_press=press>{words::end_connection(lang)}</Button> }
    });
    let ways = living.then(|| {
        view! {
            <ui::Checkbox checked=Signal::derive(move || sends) label=words::connection_sends(lang)
                on_change=move |on: bool| { change.dispatch_local((on, receives)); }/>
            <ui::Checkbox checked=Signal::derive(move || receives) label=words::connection_receives(lang)
                on_change=move |on: bool| { change.dispatch_local((sends, on)); }/>
        }
    });
    view! {
        <tr>
            <th scope="row">{provider.name()}<br/><small>{connection.account.clone()}</small></th>
            <td>{connection.resource_name.clone()}" · "{super::detail(lang, detail)}{ways}</td>
            <td><Tag meaning=meaning text=word/>" "{why}<br/><small>{synced}</small></td>
            <td>{if waits.is_empty() { words::nothing_waits(lang).to_owned() } else { waits }}{look}</td>
            <td class="end">{allowing}{running}{ending}</td>
        </tr>
    }
    .into_any()
}

/// Leaves for another page, where something is allowed.
pub(super) fn go(page: Option<&str>) {
    if let Some(page) = page {
        let _ = window().location().set_href(page);
    }
}

fn problem(lang: Lang, word: &str) -> &'static str {
    match word {
        "refused" => words::problem_refused(lang),
        "denied" => words::problem_denied(lang),
        "calendar" => words::problem_calendar(lang),
        "member" => words::problem_member(lang),
        "sealed" => words::problem_sealed(lang),
        "slow" => words::problem_slow(lang),
        "rejected" => words::problem_rejected(lang),
        "collides" => words::problem_collides(lang),
        _ => words::problem_away(lang),
    }
}

/// What of a connection needs somebody's eye.
#[component]
fn Entries(connection: EntityId, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let found = ui::fetched(move || connection, read_entries);
    let free = Action::new_local(move |id: &EntityId| {
        let id = *id;
        async move {
            match unlink(id).await {
                Ok(()) => toasts.say(words::unlinked(lang)),
                Err(failure) => toasts.fail(&failure),
            }
            found.refetch();
            again.run(());
        }
    });
    let told = move |found: Result<(Vec<SyncEntry>, ZoneWindow), Failure>| match found {
        Ok((entries, zone)) => {
            let rows = entries.into_iter().map(|entry| {
                let at = [when::date(lang, zone.date(entry.start)), ", ".into(), when::times(zone.wall(entry.start), zone.wall(entry.end))]
                    .concat();
                let id = entry.activity;
                let button = entry.foreign.then(|| {
                    view! { <Button tone=Tone::Quiet on_press=move || { free.dispatch_local(id); }>{words::unlink(lang)}</Button> }
                });
                let link = ["/dashboard/calendar?open=", &id.to_string()].concat();
                view! {
                    <tr>
                        <th scope="row"><a href=link>{entry.title}</a></th>
                        <td>{at}</td>
                        <td>{problem(lang, &entry.problem)}</td>
                        <td class="end">{button}</td>
                    </tr>
                }
            });
            let rows = rows.collect_view();
            let heads = vec![words::title(lang), words::when_head(lang), words::outcome_head(lang), ""];
            view! { <Table caption=words::look_at(lang) heads=heads>{rows}</Table> }.into_any()
        }
        Err(failure) => view! { <ui::FailureAlert failure=failure/> }.into_any(),
    };
    view! { <Suspense>{move || found.get().map(told)}</Suspense> }.into_any()
}

/// What failed in the whole organization.
fn stuck(lang: Lang, jobs: &[Stuck], zone: &ZoneWindow, today: NaiveDate, again: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let run = Action::new_local(move |id: &EntityId| {
        let id = *id;
        async move {
            if let Err(failure) = run_job(id).await {
                toasts.fail(&failure);
            }
            again.run(());
        }
    });
    let rows = jobs.iter().map(|job| {
        let id = job.id;
        let (word, meaning) =
            if job.dead { (words::job_dead(lang), Meaning::Critical) } else { (words::job_waits(lang), Meaning::Attention) };
        view! {
            <tr>
                <th scope="row">{when::moment(lang, zone.wall(job.since), today)}</th>
                <td><Tag meaning=meaning text=word/>" "{problem(lang, &job.problem)}</td>
                <td>{words::connection_tries(lang, i64::from(job.attempts))}</td>
                <td class="end"><Button tone=Tone::Quiet on_press=move || { run.dispatch_local(id); }>{words::job_run(lang)}</Button></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let heads = vec![words::job_since(lang), words::state(lang), words::job_tried(lang), ""];
    view! { <h3>{words::jobs(lang)}</h3><Table caption=words::jobs(lang) heads=heads>{rows}</Table> }.into_any()
}
