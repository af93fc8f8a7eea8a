//! Locations: where the organization works, each in its own zone.

use leptos::prelude::*;
use platform::{
    id::LocationId,
    locations::{Location, LocationDetails},
};
use ui::Wire;
use ui::{
    Button, Checkbox, Choice, Dialog, ErrorSummary, Failure, Field, Input, Page, Select, Skeleton, Table, Tag, Tone, use_lang, use_toasts,
    when,
};

use crate::{lost::ErrorPage, session::use_me, words};

#[cfg(feature = "ssr")]
use crate::session::begin;

/// All locations, those closed down among them.
#[server(prefix = "/fn", endpoint = "platform/locations", input = Wire, output = Wire)]
pub async fn read_locations() -> Result<Vec<Location>, Failure> {
    let mut tx = begin().await?;
    let locations = platform::locations::list(&mut tx).await?;
    tx.commit().await?;
    Ok(locations)
}

/// Makes a location, or changes the one of that id.
#[server(prefix = "/fn", endpoint = "platform/locations/save", input = Wire, output = Wire)]
pub async fn save_location(id: Option<LocationId>, details: LocationDetails) -> Result<(), Failure> {
    let mut tx = begin().await?;
    match id {
        Some(id) => platform::locations::update(&mut tx, id, &details).await?,
        None => platform::locations::insert(&mut tx, &details).await?,
    };
    Ok(tx.commit().await?)
}

/// The page.
#[component]
pub fn Locations() -> AnyView {
    let locations = ui::fetched(|| (), |()| read_locations());
    let again = Callback::new(move |()| locations.refetch());
    view! {
        <Transition fallback=|| view! { <div class="page"><Skeleton class="rows" lines=4/></div> }>
            {move || Suspend::new(async move {
                match locations.await {
                    Ok(locations) => view! { <List locations=locations again=again/> }.into_any(),
                    Err(failure) => view! { <ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn List(locations: Vec<Location>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let editing = RwSignal::new(false);
    let edited = RwSignal::new(None::<Location>);
    let edit = move |location: Option<Location>| {
        edited.set(location);
        editing.set(true);
    };
    let rows = locations
        .into_iter()
        .map(|location| {
            let name = location.name.clone();
            let shown = location.clone();
            view! {
                <tr>
                    <th scope="row">{location.name}<small>{location.address}</small></th>
                    <td>{location.zone}</td>
                    <td>{when::weekday_name(lang, (location.week_start.max(1) - 1) as usize)}</td>
                    <td>{(!location.active).then(|| view! { <Tag text=words::closed(lang)/> })}</td>
                    <td class="end"><Button tone=Tone::Plain icon="edit" name=words::edit_named(lang, &name) on_press=move || edit(Some(shown.clone()))/></td>
                </tr>
            }
        })
        .collect_view();
    let actions = move || view! { <Button tone=Tone::Primary icon="plus" on_press=move || edit(None)>{words::new_location(lang)}</Button> };
    view! {
        <Page title=words::locations(lang) lead=words::locations_lead(lang) actions=actions>
            <Table caption=words::locations(lang) heads=vec![words::name(lang), words::zone(lang), words::week_start(lang), words::state(lang), ""]>
                {rows}
            </Table>
        </Page>
        <Dialog
            open=editing
            title=Signal::derive(move || edited.with(|location| location.as_ref().map_or_else(|| words::new_location(lang).into(), |location| location.name.clone())))
        >
            <LocationForm location=edited.get_untracked() open=editing again=again/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn LocationForm(location: Option<Location>, open: RwSignal<bool>, again: Callback<()>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let id = location.as_ref().map(|location| location.id);
    let version = location.as_ref().map_or(0, |location| location.version);
    let home = use_me().with_untracked(|me| me.organization.as_ref().map(|place| place.zone.clone())).unwrap_or_default();
    let get = |read: fn(&Location) -> String, otherwise: String| RwSignal::new(location.as_ref().map_or(otherwise, read));
    let name = get(|location| location.name.clone(), String::new());
    let address = get(|location| location.address.clone(), String::new());
    let zone = get(|location| location.zone.clone(), home);
    let week_start = get(|location| location.week_start.to_string(), String::from("1"));
    let active = RwSignal::new(location.as_ref().is_none_or(|location| location.active));
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| async move {
        let details = LocationDetails {
            name: name.get_untracked(),
            address: address.get_untracked(),
            zone: zone.get_untracked().trim().into(),
            week_start: week_start.get_untracked().parse().unwrap_or(1),
            active: active.get_untracked(),
            version,
        };
        match save_location(id, details).await {
            Ok(()) => {
                open.set(false);
                toasts.say(words::saved(lang));
                again.run(());
            }
            Err(error) => failure.set(Some(error)),
        }
    });
    let days: Vec<Choice> = (0..7).map(|day| Choice::new((day + 1).to_string(), when::weekday_name(lang, day))).collect();
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                save.dispatch_local(());
            }
        >
            <ErrorSummary failure=failure fields=vec![("name", words::name(lang)), ("address", words::address(lang)), ("zone", words::zone(lang))]/>
            <Field name="name" label=words::name(lang) required=true failure=failure><Input value=name autocomplete="off" autofocus=true/></Field>
            <Field name="address" label=words::address(lang) failure=failure><Input value=address autocomplete="off"/></Field>
            <Field name="zone" label=words::zone(lang) help=words::zone_help(lang) required=true failure=failure><Input value=zone autocomplete="off"/></Field>
            <Field name="week_start" label=words::week_start(lang) failure=failure><Select choices=days value=week_start/></Field>
            <Checkbox label=words::open_for_bookings(lang) checked=active on_change=move |ticked: bool| active.set(ticked)/>
            <footer>
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save(lang)}</Button>
            </footer>
        </form>
    }
    .into_any()
}
