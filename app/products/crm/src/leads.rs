//! The list of leads and the page of one.

use crm::leads::{Lead, LeadStatus};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use platform::{id::EntityId, money::Money};
use ui::{
    Failure, Lang,
    alert::{FailureAlert, Meaning},
    button::{Button, Tone},
    dialog::Dialog,
    empty::{Empty, Skeleton},
    input::Input,
    place::param,
    select::{Choice, Select},
    table::{Page, Table},
    tag::Tag,
    use_lang,
};

use crate::{
    doors::{get_lead, list_leads},
    lead_form::LeadForm,
    words,
};

ui::lazy_screens!(crm_desk: LEADS = fn leads_screens {
    "/dashboard/crm/leads" => leads_page(),
    "/dashboard/crm/leads/:id" => lead_page(),
});

pub(crate) fn status_text(lang: Lang, status: LeadStatus) -> &'static str {
    let key = match status {
        LeadStatus::New => "status.new",
        LeadStatus::Contacted => "status.contacted",
        LeadStatus::Qualified => "status.qualified",
        LeadStatus::Won => "status.won",
        LeadStatus::Lost => "status.lost",
    };
    words::by_key(lang, key).unwrap_or(key)
}

fn meaning(status: LeadStatus) -> Meaning {
    match status {
        LeadStatus::New => Meaning::Info,
        LeadStatus::Contacted | LeadStatus::Qualified => Meaning::Attention,
        LeadStatus::Won => Meaning::Positive,
        LeadStatus::Lost => Meaning::Neutral,
    }
}

fn leads_page() -> AnyView {
    let lang = use_lang();
    let query = use_query_map();
    let search = RwSignal::new(query.with_untracked(|query| query.get("q").unwrap_or_default()));
    let status = RwSignal::new(query.with_untracked(|query| query.get("status").unwrap_or_default()));
    let making = RwSignal::new(false);
    let made = RwSignal::new(0_u32);
    let leads = ui::fetched(
        move || (status.get(), search.get(), made.get()),
        |(status, search, _)| async move { list_leads(status, search, None).await },
    );
    let choices: Vec<Choice> = std::iter::once(Choice::new("", words::every_status(lang)))
        .chain(LeadStatus::ALL.map(|status| Choice::new(status.as_str(), status_text(lang, status))))
        .collect();
    view! {
        <Title text=words::leads_title(lang)/>
        <Page
            title=words::leads_title(lang)
            lead=words::leads_lead(lang)
            actions=move || view! {
                <ui::button::ButtonLink icon="filter" href="/dashboard/lists/crm:lead">{words::lists(lang)}</ui::button::ButtonLink>
                <Button tone=Tone::Primary icon="plus" on_press=move || making.set(true)>{words::new_lead(lang)}</Button>
            }
        >
            <search class="filters">
                <Input name="q" kind="search" value=search label=words::search(lang) placeholder=words::search(lang)/>
                <Select name="status" choices=choices value=status label=words::status(lang)/>
            </search>
            <Transition fallback=|| view! { <Skeleton class="rows" lines=8/> }>
                {move || Suspend::new(async move {
                    match leads.await {
                        Err(failure) => view! { <FailureAlert failure=failure on_retry=move || leads.refetch()/> }.into_any(),
                        Ok((leads, _)) if leads.is_empty() => {
                            view! { <Empty icon="flag" title=words::no_leads(lang) text=words::no_leads_text(lang)/> }.into_any()
                        }
                        Ok((leads, next)) => list(lang, leads, next, status, search),
                    }
                })}
            </Transition>
            <Dialog open=making title=words::new_lead(lang)>
                <LeadForm
                    lead=None
                    on_saved=move |_: Lead| {
                        making.set(false);
                        made.update(|n| *n += 1);
                    }
                    on_cancel=move || making.set(false)
                />
            </Dialog>
        </Page>
    }
    .into_any()
}

/// The rows, and a button for those that follow.
fn list(lang: Lang, first: Vec<Lead>, next: Option<String>, status: RwSignal<String>, search: RwSignal<String>) -> AnyView {
    let rows = RwSignal::new(first);
    let next = RwSignal::new(next);
    let failure = RwSignal::new(None::<Failure>);
    let more = Action::new(move |(): &()| async move {
        match list_leads(status.get_untracked(), search.get_untracked(), next.get_untracked()).await {
            Ok((found, cursor)) => {
                rows.update(|rows| rows.extend(found));
                next.set(cursor);
                failure.set(None);
            }
            Err(why) => failure.set(Some(why)),
        }
    });
    view! {
        <Table
            caption=words::leads_title(lang)
            heads=vec![words::name(lang), words::company(lang), words::phone(lang), words::status(lang), words::source(lang)]
        >
            <For each=move || rows.get() key=|lead| (lead.id, lead.version) children=move |lead| row(lang, lead)/>
        </Table>
        {move || failure.get().map(|failure| view! { <FailureAlert failure=failure/> })}
        <Show when=move || next.with(Option::is_some)>
            <Button
                busy=more.pending()
                on_press=move || {
                    more.dispatch(());
                }
            >
                {words::more(lang)}
            </Button>
        </Show>
    }
    .into_any()
}

fn row(lang: Lang, lead: Lead) -> AnyView {
    let href = format!("/dashboard/crm/leads/{}", lead.id);
    view! {
        <tr>
            <th scope="row">
                <a href=href>{lead.given_name}" "{lead.family_name}</a>
            </th>
            <td>{lead.company}</td>
            <td class="tnum">{lead.phone.as_deref().map(ui::phone)}</td>
            <td>
                <Tag meaning=meaning(lead.status) text=status_text(lang, lead.status)/>
            </td>
            <td>{lead.source}</td>
        </tr>
    }
    .into_any()
}

fn lead_page() -> AnyView {
    let id = param("id");
    let lead = ui::fetched(
        move || id.clone(),
        |id| async move {
            match id.parse::<EntityId>() {
                Ok(id) => get_lead(id).await,
                Err(_) => Err(Failure::from(platform::error::Problem::new(404, "not_found", "Not found", ""))),
            }
        },
    );
    let lang = use_lang();
    let toasts = ui::use_toasts();
    let navigate = leptos_router::hooks::use_navigate();
    // What was handed over to somebody whose leads one does not see has no page any more.
    let saved = Callback::new(move |(saved,): (Lead,)| {
        if saved.handed_over {
            toasts.say(words::handed_over(lang));
            navigate("/dashboard/crm/leads", leptos_router::NavigateOptions::default());
        } else {
            lead.refetch();
        }
    });
    view! {
        <Transition fallback=|| view! { <Skeleton lines=8/> }>
            {move || Suspend::new(async move {
                match lead.await {
                    Err(failure) => view! { <Page title=words::lead(lang)><FailureAlert failure=failure/></Page> }.into_any(),
                    Ok((found, owners)) => {
                        let title = format!("{} {}", found.given_name, found.family_name);
                        let plan = format!("/dashboard/calendar?new={}&lead={}", crm::CALL, found.id);
                        let worth = found.currency.parse().map(|currency| ui::amount(lang, Money { minor: found.value, currency })).unwrap_or_default();
                        let (id, version, has_deal) = (found.id, found.version, found.deal);
                        view! {
                            <Title text=title.clone()/>
                            <Page
                                title=title
                                lead=worth
                                actions=move || view! {
                                    {deal(lang, id, version, has_deal)}
                                    <ui::button::ButtonLink icon="phone" href=plan>{words::plan_call(lang)}</ui::button::ButtonLink>
                                }
                            >
                                <p>
                                    <a href="/dashboard/crm/leads">{words::back(lang)}</a>
                                </p>
                                <LeadForm lead=Some(found) owners=owners on_saved=saved on_cancel=move || lead.refetch()/>
                                <app_services::CustomFields entity_type="crm:lead" id=id/>
                                <app_services::RecordSide id=id/>
                            </Page>
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
    }
    .into_any()
}

/// The way to the lead's deal, or to making it one.
fn deal(lang: Lang, lead: EntityId, version: i32, has_deal: Option<EntityId>) -> AnyView {
    if let Some(deal) = has_deal {
        return view! { <ui::button::ButtonLink icon="coin" href=format!("/dashboard/crm/deals/{deal}")>{words::open_deal(lang)}</ui::button::ButtonLink> }.into_any();
    }
    let toasts = ui::use_toasts();
    let navigate = leptos_router::hooks::use_navigate();
    let busy = RwSignal::new(false);
    let made = Callback::new(move |(deal,): (EntityId,)| {
        navigate(&format!("/dashboard/crm/deals/{deal}"), leptos_router::NavigateOptions::default());
    });
    let convert = move || {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let input = crm::leads::ConvertLead { version, ..Default::default() };
            match crate::deal_doors::convert_lead(lead, input).await {
                Ok(deal) => {
                    toasts.say(words::lead_converted(lang));
                    made.run((deal.id,));
                }
                Err(failure) => {
                    busy.try_set(false);
                    toasts.fail(&failure);
                }
            }
        });
    };
    view! { <Button tone=Tone::Primary icon="coin" busy=busy on_press=convert>{words::convert_lead(lang)}</Button> }.into_any()
}
