//! A deal as a card on the board.

use crm::deals::Deal;
use leptos::{ev::DragEvent, prelude::*};
use ui::{Icon, Lang, when};

use super::{money, moving::Mover};
use crate::words;

/// The card. It is carried by pointer, or moved by its button.
pub(super) fn card(lang: Lang, deal: Deal, may: bool, carried: RwSignal<Option<Deal>>, mover: Mover) -> AnyView {
    let href = format!("/dashboard/crm/deals/{}", deal.id);
    let worth = money(lang, deal.value, &deal.currency);
    let whom = deal.company_name.clone().or(deal.person_name.clone());
    let close = deal.close_on.map(|date| when::date_short(lang, date));
    let owner = deal.owner_name.clone();
    let deal_is_stale = deal.stale;
    let stale = deal.stale.then(|| words::stale(lang, i64::from(deal.days_in_stage)));
    let name = words::deal_move(lang, &deal.title);
    let id = format!("deal-{}", deal.id);
    let title = deal.title.clone();
    let (taken, asked) = (deal.clone(), deal);
    view! {
        <li id=id class:stale=deal_is_stale draggable=may.to_string() on:dragstart=move |_: DragEvent| carried.set(Some(taken.clone())) on:dragend=move |_: DragEvent| carried.set(None)>
            <a href=href draggable="false">{title}</a>
            <p class="tnum"><strong>{worth}</strong>{close.map(|close| view! { <small>{close}</small> })}</p>
            {whom.map(|whom| view! { <p>{whom}</p> })}
            <footer>
                <small>{owner}</small>
                {stale.map(|stale| view! { <small class="rot"><Icon name="clock"/>{stale}</small> })}
                {may.then(|| view! {
                    <button type="button" class="button plain bare" aria-label=name.clone() title=name on:click=move |_| mover.ask(asked.clone(), None)>
                        <Icon name="right"/>
                    </button>
                })}
            </footer>
        </li>
    }
    .into_any()
}
