//! Teams: groups of members.

use leptos::prelude::*;
use platform::{
    id::{TeamId, UserId},
    members::Member,
    permission::Permission,
    teams::{Team, TeamDetails},
};
use ui::Wire;
use ui::{Avatar, Button, Checkbox, Dialog, Empty, ErrorSummary, Failure, Field, Input, Page, Skeleton, Table, Tone, use_lang, use_toasts};

use super::may;
use crate::{lost::ErrorPage, words};

#[cfg(feature = "ssr")]
use crate::session::begin;

/// All teams, and the members who can be in them.
#[server(prefix = "/fn", endpoint = "platform/teams", input = Wire, output = Wire)]
pub async fn read_teams() -> Result<(Vec<Team>, Vec<Member>), Failure> {
    let mut tx = begin().await?;
    let teams = platform::teams::list(&mut tx).await?;
    let members = platform::members::list(&mut tx).await?;
    tx.commit().await?;
    Ok((teams, members))
}

/// Makes a team, or changes the one of that id.
#[server(prefix = "/fn", endpoint = "platform/teams/save", input = Wire, output = Wire)]
pub async fn save_team(id: Option<TeamId>, details: TeamDetails) -> Result<(), Failure> {
    let mut tx = begin().await?;
    match id {
        Some(id) => platform::teams::update(&mut tx, id, &details).await?,
        None => platform::teams::insert(&mut tx, &details).await?,
    };
    Ok(tx.commit().await?)
}

/// Deletes a team; its members stay members of the organization.
#[server(prefix = "/fn", endpoint = "platform/teams/delete", input = Wire, output = Wire)]
pub async fn delete_team(id: TeamId) -> Result<(), Failure> {
    let mut tx = begin().await?;
    platform::teams::delete(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// The page.
#[component]
pub fn Teams() -> AnyView {
    let teams = ui::fetched(|| (), |()| read_teams());
    let again = Callback::new(move |()| teams.refetch());
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=5/></div> }>
            {move || Suspend::new(async move {
                match teams.await {
                    Ok((teams, members)) => view! { <List teams=teams members=members again=again/> }.into_any(),
                    Err(failure) => view! { <ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn List(teams: Vec<Team>, members: Vec<Member>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let writes = may(Permission::TEAMS_WRITE);
    let editing = RwSignal::new(false);
    let edited = RwSignal::new(None::<Team>);
    let edit = move |team: Option<Team>| {
        edited.set(team);
        editing.set(true);
    };
    let content = if teams.is_empty() {
        let first =
            writes.then(|| view! { <Button tone=Tone::Primary icon="plus" on_press=move || edit(None)>{words::new_team(lang)}</Button> });
        view! { <Empty icon="team" title=words::no_teams(lang) text=words::teams_lead(lang)>{first}</Empty> }.into_any()
    } else {
        let rows = teams
            .into_iter()
            .map(|team| {
                let inside = members.iter().filter(|member| team.members.contains(&member.user));
                let faces = inside.clone().map(|member| view! { <Avatar name=member.name.clone()/> }).collect_view();
                let names: Vec<&str> = inside.map(|member| member.name.as_str()).collect();
                let button = writes.then(|| {
                    let team = team.clone();
                    view! { <Button tone=Tone::Plain icon="edit" name=words::edit_named(lang, &team.name) on_press=move || edit(Some(team.clone()))/> }
                });
                view! {
                    <tr>
                        <th scope="row">{team.name.clone()}</th>
                        <td><span class="faces">{faces}</span>" "{names.join(", ")}</td>
                        <td class="end">{button}</td>
                    </tr>
                }
            })
            .collect_view();
        view! { <Table caption=words::teams(lang) heads=vec![words::name(lang), words::members(lang), ""]>{rows}</Table> }.into_any()
    };
    let actions = move || writes.then(|| view! { <Button icon="plus" on_press=move || edit(None)>{words::new_team(lang)}</Button> });
    let members = StoredValue::new(members);
    view! {
        <Page title=words::teams(lang) lead=words::teams_lead(lang) actions=actions>
            {content}
        </Page>
        <Dialog
            open=editing
            title=Signal::derive(move || edited.with(|team| team.as_ref().map_or_else(|| words::new_team(lang).into(), |team| team.name.clone())))
        >
            <TeamForm team=edited.get_untracked() members=members.get_value() open=editing again=again/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn TeamForm(team: Option<Team>, members: Vec<Member>, open: RwSignal<bool>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let id = team.as_ref().map(|team| team.id);
    let version = team.as_ref().map_or(0, |team| team.version);
    let name = RwSignal::new(team.as_ref().map(|team| team.name.clone()).unwrap_or_default());
    let inside = RwSignal::new(team.map(|team| team.members).unwrap_or_default());
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| async move {
        let details = TeamDetails { name: name.get_untracked(), members: inside.get_untracked(), version };
        match save_team(id, details).await {
            Ok(()) => {
                open.set(false);
                toasts.say(words::saved(lang));
                again.run(());
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let delete = Action::new_local(move |id: &TeamId| {
        let id = *id;
        async move {
            match delete_team(id).await {
                Ok(()) => {
                    open.set(false);
                    toasts.say(words::deleted(lang));
                    again.run(());
                }
                Err(error) => failure.set(Some(error)),
            }
        }
    });
    let ticks = members
        .into_iter()
        .map(|member| {
            let user: UserId = member.user;
            view! {
                <Checkbox
                    label=member.name
                    checked=Signal::derive(move || inside.with(|inside| inside.contains(&user)))
                    on_change=move |ticked: bool| inside.update(|inside| {
                        inside.retain(|other| *other != user);
                        if ticked {
                            inside.push(user);
                        }
                    })
                />
            }
        })
        .collect_view();
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                save.dispatch_local(());
            }
        >
            <ErrorSummary failure=failure fields=vec![("name", words::name(lang))]/>
            <Field name="name" label=words::name(lang) required=true failure=failure>
                <Input value=name autocomplete="off" autofocus=true/>
            </Field>
            <fieldset class="ticks"><legend>{words::members(lang)}</legend>{ticks}</fieldset>
            <footer>
                {id.map(|id| view! {
                    <Button tone=Tone::Danger class="start" busy=delete.pending() on_press=move || { delete.dispatch_local(id); }>{words::delete(lang)}</Button>
                })}
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}
