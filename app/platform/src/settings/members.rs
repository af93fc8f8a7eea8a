//! Members: who belongs to the organization, in which role, and who is invited.

use leptos::prelude::*;
use platform::{
    id::{InvitationId, UserId},
    invitations::{Invitation, Invited},
    members::Member,
    permission::Permission,
    roles::RoleRow,
    time::ZoneWindow,
};
use serde::{Deserialize, Serialize};
use ui::Wire;
use ui::{
    Avatar, Button, Choice, Confirm, Dialog, ErrorSummary, Failure, Field, Input, Page, Select, Skeleton, Table, Tag, Tone, use_lang,
    use_toasts, when,
};

use super::{may, role_name};
use crate::{lost::ErrorPage, session::use_me, words};

#[cfg(feature = "ssr")]
use crate::session::begin;

/// What the page shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct People {
    members: Vec<Member>,
    roles: Vec<RoleRow>,
    /// Empty for those who may not invite.
    invitations: Vec<Invitation>,
    zone: ZoneWindow,
}

/// Members, the roles they can have, and open invitations.
#[server(prefix = "/fn", endpoint = "platform/members", input = Wire, output = Wire)]
pub async fn read_members() -> Result<People, Failure> {
    let mut tx = begin().await?;
    let people = People {
        members: platform::members::list(&mut tx).await?,
        roles: platform::roles::list(&mut tx).await?,
        invitations: match tx.can(Permission::MEMBERS_WRITE) {
            true => platform::invitations::list(&mut tx).await?,
            false => Vec::new(),
        },
        zone: super::zone(&mut tx).await?,
    };
    tx.commit().await?;
    Ok(people)
}

/// Gives a member another role.
#[server(prefix = "/fn", endpoint = "platform/members/role", input = Wire, output = Wire)]
pub async fn change_role(user: UserId, role: String) -> Result<(), Failure> {
    let mut tx = begin().await?;
    platform::members::change_role(&mut tx, user, &role).await?;
    Ok(tx.commit().await?)
}

/// Ends a membership.
#[server(prefix = "/fn", endpoint = "platform/members/remove", input = Wire, output = Wire)]
pub async fn remove_member(user: UserId) -> Result<(), Failure> {
    let mut tx = begin().await?;
    platform::members::remove(&mut tx, user).await?;
    Ok(tx.commit().await?)
}

/// Invites an address; the link is told only this once.
#[server(prefix = "/fn", endpoint = "platform/invitations/new", input = Wire, output = Wire)]
pub async fn invite(email: String, role: String) -> Result<Invited, Failure> {
    let mut tx = begin().await?;
    let invited = platform::invitations::insert(&mut tx, &platform::invitations::NewInvitation { email, role }).await?;
    tx.commit().await?;
    Ok(invited)
}

/// Takes an invitation back.
#[server(prefix = "/fn", endpoint = "platform/invitations/revoke", input = Wire, output = Wire)]
pub async fn revoke_invitation(id: InvitationId) -> Result<(), Failure> {
    let mut tx = begin().await?;
    platform::invitations::revoke(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// The page.
#[component]
pub fn Members() -> AnyView {
    let people = ui::fetched(|| (), |()| read_members());
    let again = Callback::new(move |()| people.refetch());
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match people.await {
                    Ok(people) => view! { <List people=people again=again/> }.into_any(),
                    Err(failure) => view! { <ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn choices(roles: &[RoleRow]) -> Vec<Choice> {
    let lang = use_lang();
    roles.iter().map(|role| Choice::new(role.id.clone(), role_name(lang, &role.id, Some(&role.name)))).collect()
}

#[component]
fn List(people: People, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let writes = may(Permission::MEMBERS_WRITE);
    let inviting = RwSignal::new(false);
    let leaving = RwSignal::new(None::<Member>);
    let asking = RwSignal::new(false);
    let roles = choices(&people.roles);
    let zone = people.zone;
    let remove = Action::new_local(move |user: &UserId| {
        let user = *user;
        async move {
            match remove_member(user).await {
                Ok(()) => toasts.say(words::member_removed(lang)),
                Err(failure) => toasts.fail(&failure),
            }
            again.run(());
        }
    });
    let rows = people
        .members
        .into_iter()
        .map(|member| {
            let since = when::date_short(lang, zone.date(member.since));
            let shown = member.clone();
            view! {
                <tr>
                    <th scope="row">
                        <span class="who"><Avatar name=member.name.clone()/><span>{member.name.clone()}<small>{member.email.clone()}</small></span></span>
                    </th>
                    <td><Role member=member.clone() roles=roles.clone() writes=writes again=again/></td>
                    <td>{since}</td>
                    <td class="end">
                        {writes.then(|| view! {
                            <Button
                                tone=Tone::Plain
                                icon="trash"
                                name=words::remove_named(lang, &member.name)
                                on_press=move || {
                                    leaving.set(Some(shown.clone()));
                                    asking.set(true);
                                }
                            />
                        })}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let invitations = (!people.invitations.is_empty()).then(|| {
        let zone = zone.clone();
        let rows = people
            .invitations
            .into_iter()
            .map(|invitation| view! { <Waiting invitation=invitation zone=zone.clone() again=again/> })
            .collect_view();
        view! {
            <h2>{words::invitations(lang)}</h2>
            <Table caption=words::invitations(lang) heads=vec![words::email(lang), words::role(lang), words::invited_by_head(lang), words::expires(lang), ""]>
                {rows}
            </Table>
        }
    });
    let actions = move || {
        writes.then(
            || view! { <Button tone=Tone::Primary icon="plus" on_press=move || inviting.set(true)>{words::invite_member(lang)}</Button> },
        )
    };
    view! {
        <Page title=words::members(lang) lead=words::members_lead(lang) actions=actions>
            <Table caption=words::members(lang) heads=vec![words::name(lang), words::role(lang), words::since(lang), ""]>
                {rows}
            </Table>
            {invitations}
        </Page>
        <Confirm
            open=asking
            title=Signal::derive(move || leaving.with(|member| words::remove_question(lang, member.as_ref().map_or("", |member| &member.name))))
            text=words::remove_explained(lang).to_string()
            action=words::remove(lang)
            on_confirm=move || {
                if let Some(member) = leaving.get_untracked() {
                    remove.dispatch_local(member.user);
                }
            }
        />
        <Dialog open=inviting title=words::invite_member(lang).to_string()>
            <InviteForm roles=choices(&people.roles) open=inviting again=again/>
        </Dialog>
    }
    .into_any()
}

/// A member's role: a choice for those who may change it.
#[component]
fn Role(member: Member, roles: Vec<Choice>, writes: bool, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    if !writes {
        return role_name(lang, &member.role, Some(&member.role_name)).into_any();
    }
    let value = RwSignal::new(member.role.clone());
    let user = member.user;
    let change = Action::new_local(move |role: &String| {
        let role = role.clone();
        async move {
            match change_role(user, role).await {
                Ok(()) => toasts.say(words::role_changed(lang)),
                Err(failure) => {
                    toasts.fail(&failure);
                    again.run(());
                }
            }
        }
    });
    view! {
        <Select
            name="role"
            label=words::role_of(lang, &member.name)
            choices=roles
            value=value
            on_change=move |role: String| { change.dispatch_local(role); }
        />
    }
    .into_any()
}

/// An invitation that nobody has accepted yet.
#[component]
fn Waiting(invitation: Invitation, zone: ZoneWindow, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let id = invitation.id;
    let revoke = Action::new_local(move |(): &()| async move {
        match revoke_invitation(id).await {
            Ok(()) => toasts.say(words::invitation_revoked(lang)),
            Err(failure) => toasts.fail(&failure),
        }
        again.run(());
    });
    let expires = match invitation.expired {
        true => view! { <Tag text=words::expired(lang)/> }.into_any(),
        false => when::date_short(lang, zone.date(invitation.expires_at)).into_any(),
    };
    view! {
        <tr>
            <th scope="row">{invitation.email.clone()}</th>
            <td>{role_name(lang, &invitation.role, None)}</td>
            <td>{invitation.invited_by}</td>
            <td>{expires}</td>
            <td class="end">
                <Button
                    tone=Tone::Plain
                    icon="close"
                    name=words::revoke_named(lang, &invitation.email)
                    busy=revoke.pending()
                    on_press=move || { revoke.dispatch_local(()); }
                />
            </td>
        </tr>
    }
    .into_any()
}

/// Whom to invite; afterwards the link, which is shown only this once.
#[component]
fn InviteForm(roles: Vec<Choice>, open: RwSignal<bool>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let me = use_me();
    let email = RwSignal::new(String::new());
    let owner = me.with_untracked(|me| me.organization.as_ref().is_some_and(|place| place.role == "owner"));
    let roles: Vec<Choice> = roles.into_iter().filter(|role| owner || role.value != "owner").collect();
    let role = RwSignal::new(String::from("receptionist"));
    let failure = RwSignal::new(None::<Failure>);
    let link = RwSignal::new(None::<String>);
    let send = Action::new_local(move |(): &()| async move {
        match invite(email.get_untracked(), role.get_untracked()).await {
            Ok(invited) => {
                failure.set(None);
                let mut whole = window().location().origin().unwrap_or_default();
                whole.push_str(&invited.path);
                link.set(Some(whole));
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let roles = StoredValue::new(roles);
    let done = move || {
        open.set(false);
        again.run(());
    };
    let content = move || match link.get() {
        Some(link) => view! {
            <p>{words::invite_link(lang)}</p>
            <input
                class="input"
                readonly=true
                value=link
                autofocus=true
                aria-label=words::invite_link_name(lang)
                on:focus=move |event| { event_target::<web_sys::HtmlInputElement>(&event).select(); }
            />
            <footer><Button tone=Tone::Primary on_press=done>{words::done(lang)}</Button></footer>
        }
        .into_any(),
        None => view! {
            <form
                class="form"
                on:submit=move |event| {
                    event.prevent_default();
                    send.dispatch_local(());
                }
            >
                <ErrorSummary failure=failure fields=vec![("email", words::email(lang)), ("role", words::role(lang))]/>
                <Field name="email" label=words::email(lang) required=true failure=failure>
                    <Input kind="email" value=email autocomplete="off" autofocus=true/>
                </Field>
                <Field name="role" label=words::role(lang) required=true failure=failure>
                    <Select choices=roles.get_value() value=role/>
                </Field>
                <footer>
                    <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                    <Button tone=Tone::Primary submit=true busy=send.pending()>{words::invite_action(lang)}</Button>
                </footer>
            </form>
        }
        .into_any(),
    };
    view! { {content} }.into_any()
}
