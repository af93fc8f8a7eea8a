//! What a product that is not subscribed would bring, and how to get it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use platform::{billing::Product, permission::Permission};
use ui::{Alert, Button, ButtonLink, Failure, Icon, Meaning, Skeleton, Tone, place::param, use_lang, use_modules, use_toasts};

use crate::{
    lost::{ErrorPage, NotFound},
    session::use_me,
    settings::billing::{price, products, subscribe},
    words,
};

/// `/dashboard/upgrade/{product}`.
#[component]
pub fn Upgrade() -> AnyView {
    let product = param("product");
    let found = ui::fetched(
        move || product.clone(),
        |id| async move {
            let products = products().await?;
            Ok::<Option<Product>, Failure>(products.into_iter().find(|product| product.id == id))
        },
    );
    view! {
        <Suspense fallback=|| view! { <div class="alone"><Skeleton lines=5/></div> }>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(Some(product)) => view! { <Offer product=product/> }.into_any(),
                    Ok(None) => view! { <NotFound/> }.into_any(),
                    Err(failure) => view! { <ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// What it is, what it costs, and who can subscribe.
#[component]
fn Offer(product: Product) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let me = use_me();
    let modules = use_modules();
    let module = modules.0.iter().find(|module| module.module.product == Some(product.id.as_str()));
    let label = |key: &str| module.and_then(|module| (module.label)(lang, key));
    let name = label(&product.id).map_or_else(|| product.name.clone(), Into::into);
    let description = label("description").map_or_else(|| product.description.clone(), Into::into);
    let pages = module.map(|module| {
        let entry = |page: &platform::module::Navigation| view! { <li><Icon name=page.icon/>{(module.label)(lang, page.key).unwrap_or(page.key)}</li> };
        module.module.navigation.iter().map(entry).collect_view()
    });
    let costs = me.with_untracked(|me| me.organization.as_ref().and_then(|place| price(lang, &product, &place.currency)));
    let may = me.with_untracked(|me| me.can(Permission::BILLING_WRITE));
    let first = module.and_then(|module| module.module.navigation.first()).map_or("/dashboard/calendar", |page| page.path);
    let action = if product.subscribed {
        view! { <ButtonLink href=first tone=Tone::Primary>{words::open(lang)}</ButtonLink> }.into_any()
    } else if may {
        let navigate = use_navigate();
        let id = product.id.clone();
        let subscribing = Action::new_local(move |(): &()| {
            let id = id.clone();
            let navigate = navigate.clone();
            async move {
                match subscribe(id).await {
                    // Rights and navigation follow the subscription: the frame is drawn anew.
                    Ok(_) => match window().location().set_href(first) {
                        Ok(()) => {}
                        Err(_) => navigate(first, Default::default()),
                    },
                    Err(failure) => toasts.fail(&failure),
                }
            }
        });
        view! {
            <Button tone=Tone::Primary busy=subscribing.pending() on_press=move || { subscribing.dispatch_local(()); }>{words::subscribe(lang)}</Button>
        }
        .into_any()
    } else {
        view! { <Alert meaning=Meaning::Info>{words::ask_administrator(lang)}</Alert> }.into_any()
    };
    view! {
        <Title text=name.clone()/>
        <div class="alone upgrade">
            <Icon name="lock" class="large"/>
            <h1>{name}</h1>
            <p>{description}</p>
            <ul class="upgrade-pages">{pages}</ul>
            {costs.map(|costs| view! { <p class="price">{costs}</p> })}
            {action}
        </div>
    }
    .into_any()
}
