//! Billing: what the platform offers and what the organization has subscribed to.

use leptos::prelude::*;
use platform::{
    billing::{Product, Subscription},
    money::Money,
    time::ZoneWindow,
};
use serde::{Deserialize, Serialize};
use ui::Wire;
use ui::{Button, Confirm, Failure, Lang, Meaning, Page, Skeleton, Tag, Tone, amount, use_lang, use_modules, use_toasts, when};

use crate::{lost::ErrorPage, session::use_me, words};

#[cfg(feature = "ssr")]
use crate::session::begin;

/// What the page shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Offers {
    products: Vec<Product>,
    subscriptions: Vec<Subscription>,
    zone: ZoneWindow,
}

/// What the platform offers; for every member, as the upgrade page is.
#[server(prefix = "/fn", endpoint = "platform/products", input = Wire, output = Wire)]
pub async fn products() -> Result<Vec<Product>, Failure> {
    let mut tx = begin().await?;
    let products = platform::billing::products(&mut tx).await?;
    tx.commit().await?;
    Ok(products)
}

/// What is offered and what is subscribed to.
#[server(prefix = "/fn", endpoint = "platform/billing", input = Wire, output = Wire)]
pub async fn read_billing() -> Result<Offers, Failure> {
    let mut tx = begin().await?;
    let offers = Offers {
        products: platform::billing::products(&mut tx).await?,
        subscriptions: platform::billing::subscriptions(&mut tx).await?,
        zone: super::zone(&mut tx).await?,
    };
    tx.commit().await?;
    Ok(offers)
}

/// Subscribes to a product.
#[server(prefix = "/fn", endpoint = "platform/billing/subscribe", input = Wire, output = Wire)]
pub async fn subscribe(product: String) -> Result<Subscription, Failure> {
    let mut tx = begin().await?;
    let subscription = platform::billing::subscribe(&mut tx, &product).await?;
    tx.commit().await?;
    Ok(subscription)
}

/// Ends a subscription; records stay and can be read again when it is renewed.
#[server(prefix = "/fn", endpoint = "platform/billing/cancel", input = Wire, output = Wire)]
pub async fn cancel(product: String) -> Result<Subscription, Failure> {
    let mut tx = begin().await?;
    let subscription = platform::billing::cancel(&mut tx, &product).await?;
    tx.commit().await?;
    Ok(subscription)
}

/// `249,00 zł a month`; none if it is not sold in that currency.
pub fn price(lang: Lang, product: &Product, currency: &str) -> Option<String> {
    let minor = *product.prices.get(currency)?.get("month")?;
    let money = Money::new(minor, currency.parse().ok()?);
    Some(words::a_month(lang, &amount(lang, money)))
}

/// The page.
#[component]
pub fn Billing() -> AnyView {
    let offers = ui::fetched(|| (), |()| read_billing());
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=4/></div> }>
            {move || Suspend::new(async move {
                match offers.await {
                    Ok(offers) => view! { <List offers=offers/> }.into_any(),
                    Err(failure) => view! { <ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn List(offers: Offers) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let modules = use_modules();
    let currency = use_me().with_untracked(|me| me.organization.as_ref().map(|place| place.currency.clone())).unwrap_or_default();
    let asking = RwSignal::new(false);
    let ending = RwSignal::new(None::<Product>);
    // Navigation and rights follow subscriptions: after a change the page is loaded anew.
    let change = Action::new_local(move |(product, wanted): &(String, bool)| {
        let (product, wanted) = (product.clone(), *wanted);
        async move {
            let done = if wanted { subscribe(product).await } else { cancel(product).await };
            match done {
                Ok(_) => _ = window().location().reload(),
                Err(failure) => toasts.fail(&failure),
            }
        }
    });
    let cards = offers
        .products
        .into_iter()
        .map(|product| {
            let module = modules.0.iter().find(|module| module.module.product == Some(product.id.as_str()));
            let label = |key: &str| module.and_then(|module| (module.label)(lang, key));
            let name = label(&product.id).map_or_else(|| product.name.clone(), Into::into);
            let description = label("description").map_or_else(|| product.description.clone(), Into::into);
            let subscription = offers.subscriptions.iter().find(|subscription| subscription.product == product.id);
            let ends = subscription
                .filter(|subscription| product.subscribed && (subscription.cancel_at_period_end || subscription.status == "cancelled"));
            let state = match (product.subscribed, ends) {
                (true, Some(Subscription { current_period_end: Some(end), .. })) => {
                    let text = words::ends_on(lang, &when::date_short(lang, offers.zone.date(*end)));
                    view! { <Tag meaning=Meaning::Attention text=text/> }.into_any()
                }
                (true, _) => view! { <Tag meaning=Meaning::Positive icon="check" text=words::subscribed(lang)/> }.into_any(),
                (false, _) => view! { <Tag text=words::not_subscribed(lang)/> }.into_any(),
            };
            let costs = price(lang, &product, &currency);
            let button = if product.subscribed && ends.is_none() {
                let own = product.clone();
                view! {
                    <Button on_press=move || {
                        ending.set(Some(own.clone()));
                        asking.set(true);
                    }>{words::cancel_subscription(lang)}</Button>
                }
                .into_any()
            } else {
                let id = product.id.clone();
                view! {
                    <Button tone=Tone::Primary busy=change.pending() on_press=move || { change.dispatch_local((id.clone(), true)); }>
                        {words::subscribe(lang)}
                    </Button>
                }
                .into_any()
            };
            view! {
                <article class="offer">
                    <header><h2>{name}</h2>{state}</header>
                    <p>{description}</p>
                    <footer><span class="price">{costs}</span>{button}</footer>
                </article>
            }
        })
        .collect_view();
    view! {
        <Page title=words::billing(lang) lead=words::billing_lead(lang)>
            <div class="offers">{cards}</div>
        </Page>
        <Confirm
            open=asking
            title=Signal::derive(move || ending.with(|product| words::cancel_question(lang, product.as_ref().map_or("", |product| &product.name))))
            text=words::cancel_explained(lang).to_string()
            action=words::cancel_subscription(lang)
            on_confirm=move || {
                if let Some(product) = ending.get_untracked() {
                    change.dispatch_local((product.id, false));
                }
            }
        />
    }
    .into_any()
}
