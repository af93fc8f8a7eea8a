//! Days on which the clinic is closed.

use gabinet::hours::{Closure, ClosureInput};
use leptos::prelude::*;
use ui::{Button, Choice, Dialog, ErrorSummary, Failure, Field, Input, Lang, Select, Table, Tone, use_lang, use_toasts, when};

use super::holidays;
use crate::{
    page_doors::{RoomList, add_closure, delete_closure},
    pages::{may, plain, sheet::Faults, shown::Shown},
    words,
};

/// The section.
pub fn view(list: Shown<RoomList>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let writes = may(gabinet::LEAVE_WRITE);
    let adding = RwSignal::new(false);
    // What can be undone is not asked about.
    let bring_back = Callback::new(move |gone: Closure| {
        let input = ClosureInput { location: gone.location, on_date: gone.on_date, name: gone.name };
        leptos::task::spawn_local(async move {
            match add_closure(input).await {
                Ok(_) => list.refresh(),
                Err(failure) => toasts.fail(&failure),
            }
        });
    });
    let remove = Action::new_local(move |closure: &Closure| {
        let closure = closure.clone();
        async move {
            match delete_closure(closure.id).await {
                Ok(()) => {
                    toasts.undoable(words::closure_removed(lang), Callback::new(move |()| bring_back.run(closure.clone())));
                    list.refresh();
                }
                Err(failure) => toasts.fail(&failure),
            }
        }
    });
    let remove = writes.then(|| Callback::new(move |closure: Closure| _ = remove.dispatch_local(closure)));
    let content = plain::live(move || {
        list.value.with(|list| {
            if list.closures.is_empty() {
                return view! { <p class="quiet">{words::no_closures(lang)}</p> }.into_any();
            }
            let rows = list.closures.iter().map(|closure| row(lang, closure, list, remove)).collect_view();
            let heads = vec![words::date(lang), words::occasion(lang), words::location(lang), ""];
            view! { <Table caption=words::closures(lang) heads=heads>{rows}</Table> }.into_any()
        })
    });
    let taking = RwSignal::new(false);
    let add = writes.then(|| {
        view! {
            <span class="actions">
                <Button icon="calendar" on_press=move || taking.set(true)>{words::take_holidays(lang)}</Button>
                <Button icon="plus" on_press=move || adding.set(true)>{words::add_closure(lang)}</Button>
            </span>
        }
    });
    view! {
        <section class="part">
            <header class="section-head">
                <h2>{words::closures(lang)}</h2>
                {add}
            </header>
            {content}
            <Dialog open=adding title=words::add_closure(lang) class="narrow">
                <ClosureForm list=list open=adding/>
            </Dialog>
            <Dialog open=taking title=words::take_holidays(lang) class="narrow">
                {holidays::form(list, taking)}
            </Dialog>
        </section>
    }
    .into_any()
}

fn row(lang: Lang, closure: &Closure, list: &RoomList, remove: Option<Callback<Closure>>) -> AnyView {
    let mut date = when::weekday_short(lang, closure.on_date).to_owned();
    date.push(' ');
    date.push_str(&when::date_short(lang, closure.on_date));
    let place = match closure.location {
        None => words::every_location(lang).to_owned(),
        Some(id) => list.locations.iter().find(|location| location.id == id).map(|location| location.name.clone()).unwrap_or_default(),
    };
    let own = closure.clone();
    let button = remove.map(|remove| {
        let name = words::remove_closure(lang, &date);
        view! { <Button icon="trash" tone=Tone::Plain name=name on_press=move || remove.run(own.clone())/> }.into_any()
    });
    plain::row(plain::text(date), vec![plain::text(&closure.name), plain::text(place), button.into_any()])
}

#[component]
fn ClosureForm(list: Shown<RoomList>, open: RwSignal<bool>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let date = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let location = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| {
        let mut faults = Faults::default();
        let on_date = faults.take("on_date", when::from_iso(date.get_untracked().trim()), words::not_a_date(lang));
        let (name, location) = (name.get_untracked().trim().to_owned(), location.get_untracked().parse().ok());
        async move {
            let saved = match on_date {
                Some(on_date) => add_closure(ClosureInput { location, on_date, name }).await,
                None => Err(faults.failure()),
            };
            match saved {
                Ok(_) => {
                    toasts.say(words::closure_added(lang));
                    open.set(false);
                    list.refresh();
                }
                Err(why) => failure.set(Some(why)),
            }
        }
    });
    let send = Callback::new(move |()| {
        if !save.pending().get_untracked() {
            save.dispatch_local(());
        }
    });
    let (today, places) = list.value.with_untracked(|list| {
        let choices: Vec<Choice> = std::iter::once(Choice::new("", words::every_location(lang)))
            .chain(list.locations.iter().map(|place| Choice::new(place.id.to_string(), place.name.clone())))
            .collect();
        (when::iso(list.today), choices)
    });
    let fields = vec![("on_date", words::date(lang)), ("name", words::occasion(lang)), ("location", words::location(lang))];
    let content = view! {
            <ErrorSummary failure=failure fields=fields/>
            <Field name="on_date" label=words::date(lang) required=true failure=failure>
                <Input kind="date" value=date min=today/>
            </Field>
            <Field name="name" label=words::occasion(lang) help=words::occasion_help(lang) failure=failure>
                <Input value=name autocomplete="off"/>
            </Field>
            <Field name="location" label=words::location(lang) failure=failure>
                <Select choices=places value=location/>
            </Field>
            <p class="quiet">{words::leave_help(lang)}</p>
            <footer>
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save(lang)}</Button>
            </footer>
    };
    plain::form(send, content.into_any())
}
