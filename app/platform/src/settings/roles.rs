//! Roles: what each may do, and the organization's own.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use platform::{
    permission::{self, Permission, Scope},
    roles::{RoleDetails, RoleRow},
};
use ui::Wire;
use ui::{
    Button, Checkbox, Choice, Dialog, ErrorSummary, Failure, Field, Icon, Input, Lang, Modules, Page, Select, Skeleton, Tone, use_lang,
    use_modules, use_toasts,
};

use super::{may, role_name};
use crate::{lost::ErrorPage, session::use_me, words};

#[cfg(feature = "ssr")]
use crate::session::begin;

/// All roles with their rights.
#[server(prefix = "/fn", endpoint = "platform/roles", input = Wire, output = Wire)]
pub async fn read_roles() -> Result<Vec<RoleRow>, Failure> {
    let mut tx = begin().await?;
    let roles = platform::roles::list(&mut tx).await?;
    tx.commit().await?;
    Ok(roles)
}

/// Makes a role, or changes the one of that id.
#[server(prefix = "/fn", endpoint = "platform/roles/save", input = Wire, output = Wire)]
pub async fn save_role(id: Option<String>, details: RoleDetails) -> Result<(), Failure> {
    let mut tx = begin().await?;
    match id {
        Some(id) => platform::roles::update(&mut tx, &id, &details).await?,
        None => platform::roles::insert(&mut tx, &details).await?,
    };
    Ok(tx.commit().await?)
}

/// Deletes a role that nobody has.
#[server(prefix = "/fn", endpoint = "platform/roles/delete", input = Wire, output = Wire)]
pub async fn delete_role(id: String) -> Result<(), Failure> {
    let mut tx = begin().await?;
    platform::roles::delete(&mut tx, &id).await?;
    Ok(tx.commit().await?)
}

/// The page.
#[component]
pub fn Roles() -> AnyView {
    let roles = ui::fetched(|| (), |()| read_roles());
    let again = Callback::new(move |()| roles.refetch());
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=8/></div> }>
            {move || Suspend::new(async move {
                match roles.await {
                    Ok(roles) => view! { <Rights roles=roles again=again/> }.into_any(),
                    Err(failure) => view! { <ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// What a right is called: by the module that has it; its own word where nobody has named it.
fn right_name(modules: Modules, right: &'static str) -> &'static str {
    modules.label(use_lang(), right).unwrap_or(right)
}

/// Whose records a right reaches.
fn scope_name(lang: Lang, scope: Scope) -> &'static str {
    match scope {
        Scope::Own => words::scope_own(lang),
        Scope::Team => words::scope_team(lang),
        Scope::All => words::scope_all(lang),
    }
}

/// The rights that may be given for some records only.
fn narrowable(modules: Modules) -> BTreeSet<Permission> {
    let all: Vec<_> = modules.0.iter().map(|module| module.module).collect();
    permission::narrowable(&all)
}

/// The table: rights by module down, roles across.
#[component]
fn Rights(roles: Vec<RoleRow>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let modules = use_modules();
    let writes = may(Permission::ROLES_WRITE);
    let editing = RwSignal::new(false);
    let edited = RwSignal::new(None::<RoleRow>);
    let edit = move |role: Option<RoleRow>| {
        edited.set(role);
        editing.set(true);
    };
    let heads = roles
        .iter()
        .map(|role| {
            let name = role_name(lang, &role.id, Some(&role.name));
            let own = (!role.built_in && writes).then(|| {
                let role = role.clone();
                view! { <Button tone=Tone::Plain icon="edit" name=words::edit_named(lang, &name) on_press=move || edit(Some(role.clone()))/> }
            });
            let count = words::members_count(lang, role.members);
            view! { <th scope="col">{name}<small>{count}</small>{own}</th> }
        })
        .collect_view();
    let span = (roles.len() + 1).to_string();
    let groups = modules
        .0
        .iter()
        .filter(|module| !module.module.permissions.is_empty())
        .map(|module| {
            let rights = module
                .module
                .permissions
                .iter()
                .map(|grant| {
                    let right = grant.permission.0;
                    let cells = roles
                        .iter()
                        .map(|role| {
                            let has = role.permissions.iter().any(|held| held == right);
                            let text = if has { words::yes(lang) } else { words::no(lang) };
                            let scope = role.scopes.get(right).map(|scope| view! { <small>{scope_name(lang, *scope)}</small> });
                            view! { <td class="tick">{has.then(|| view! { <Icon name="check"/> })}<span class="visually-hidden">{text}</span>{scope}</td> }
                        })
                        .collect_view();
                    view! { <tr><th scope="row">{right_name(modules, right)}</th>{cells}</tr> }
                })
                .collect_view();
            let name = (module.label)(lang, module.module.id).unwrap_or(module.module.id);
            view! {
                <tbody>
                    <tr class="group"><th scope="rowgroup" colspan=span.clone()>{name}</th></tr>
                    {rights}
                </tbody>
            }
        })
        .collect_view();
    let actions = move || {
        writes.then(|| view! { <Button tone=Tone::Primary icon="plus" on_press=move || edit(None)>{words::new_role(lang)}</Button> })
    };
    view! {
        <Page title=words::roles(lang) lead=words::roles_lead(lang) actions=actions>
            <div class="table rights" role="region" aria-label=words::roles(lang) tabindex="0">
                <table>
                    <caption class="visually-hidden">{words::roles(lang)}</caption>
                    <thead><tr><th scope="col">{words::right(lang)}</th>{heads}</tr></thead>
                    {groups}
                </table>
            </div>
        </Page>
        <Dialog
            open=editing
            class="wide"
            title=Signal::derive(move || edited.with(|role| role.as_ref().map_or_else(|| words::new_role(lang).into(), |role| role.name.clone())))
        >
            <RoleForm role=edited.get_untracked() open=editing again=again/>
        </Dialog>
    }
    .into_any()
}

/// Name and rights of the organization's own role. Only rights that one holds can be granted; those to records that belong to
/// somebody for one's own or one's teams' alone.
#[component]
fn RoleForm(role: Option<RoleRow>, open: RwSignal<bool>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let modules = use_modules();
    let me = use_me();
    let id = StoredValue::new(role.as_ref().map(|role| role.id.clone()));
    let version = role.as_ref().map_or(0, |role| role.version);
    let name = RwSignal::new(role.as_ref().map(|role| role.name.clone()).unwrap_or_default());
    let scope_of = |right: Permission| role.as_ref().and_then(|role| role.scopes.get(right.0).copied()).unwrap_or(Scope::All);
    let scopes: BTreeMap<Permission, RwSignal<String>> =
        narrowable(modules).into_iter().map(|right| (right, RwSignal::new(scope_of(right).as_str().to_owned()))).collect();
    let scopes = StoredValue::new(scopes);
    let rights = RwSignal::new(role.map(|role| role.permissions.into_iter().collect::<BTreeSet<_>>()).unwrap_or_default());
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| async move {
        let permissions: Vec<String> = rights.get_untracked().into_iter().collect();
        let scope = |right: &String| {
            let chosen = scopes.with_value(|scopes| scopes.iter().find(|(known, _)| known.0 == right).map(|(_, scope)| *scope))?;
            Some((right.clone(), Scope::parse(&chosen.get_untracked())?))
        };
        let scopes = permissions.iter().filter_map(scope).collect();
        let details = RoleDetails { name: name.get_untracked(), permissions, scopes, version };
        match save_role(id.get_value(), details).await {
            Ok(()) => {
                open.set(false);
                toasts.say(words::saved(lang));
                again.run(());
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let delete = Action::new_local(move |id: &String| {
        let id = id.clone();
        async move {
            match delete_role(id).await {
                Ok(()) => {
                    open.set(false);
                    toasts.say(words::deleted(lang));
                    again.run(());
                }
                Err(error) => failure.set(Some(error)),
            }
        }
    });
    let groups = modules
        .0
        .iter()
        .filter(|module| !module.module.permissions.is_empty())
        .map(|module| {
            let ticks = module
                .module
                .permissions
                .iter()
                .map(|grant| {
                    let right = grant.permission;
                    let reach = scopes.with_value(|scopes| scopes.get(&right).copied()).map(|scope| {
                        let choices: Vec<Choice> =
                            Scope::ALL.iter().rev().map(|scope| Choice::new(scope.as_str(), scope_name(lang, *scope))).collect();
                        let without = Signal::derive(move || !rights.with(|rights| rights.contains(right.0)));
                        let label = words::scope_of(lang, right_name(modules, right.0));
                        view! { <Select name=right.0 choices=choices value=scope disabled=without label=label/> }
                    });
                    let tick = view! {
                        <Checkbox
                            label=right_name(modules, right.0)
                            checked=Signal::derive(move || rights.with(|rights| rights.contains(right.0)))
                            disabled=!me.with_untracked(|me| me.can(right))
                            on_change=move |ticked: bool| rights.update(|rights| {
                                if ticked {
                                    rights.insert(right.0.into());
                                } else {
                                    rights.remove(right.0);
                                }
                            })
                        />
                    };
                    view! { <div class="tick-scope">{tick}{reach}</div> }
                })
                .collect_view();
            view! { <fieldset class="ticks"><legend>{(module.label)(lang, module.module.id).unwrap_or(module.module.id)}</legend>{ticks}</fieldset> }
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
            <p class="hint">{words::scope_help(lang)}</p>
            {groups}
            <footer>
                {id.get_value().map(|id| view! {
                    <Button tone=Tone::Danger class="start" busy=delete.pending() on_press=move || { delete.dispatch_local(id.clone()); }>{words::delete(lang)}</Button>
                })}
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}
