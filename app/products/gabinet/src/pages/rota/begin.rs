//! Beginning a draft: its name, and from when on it would hold.

use chrono::Days;
use gabinet::rota::NewDraft;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use platform::id::EntityId;
use ui::{Button, ErrorSummary, Failure, Field, Input, Tone, use_lang, when};

use super::{href, plain};
use crate::{
    pages::{sheet::Faults, shown::Shown},
    rota_doors::{RotaPage, begin_draft},
    words,
};

/// The form.
pub fn form(page: Shown<RotaPage>, open: RwSignal<bool>) -> impl Fn() -> AnyView + Send + Sync + Clone + 'static {
    move || {
        let lang = use_lang();
        let navigate = use_navigate();
        let (place, first, today) = page.value.with_untracked(|page| (page.location, page.rota.from, page.today));
        // What is past is not planned.
        let from = if first > today { first } else { today + Days::new(1) };
        let name = RwSignal::new(words::rota_from(lang, &when::day_month(lang, from)));
        let date = RwSignal::new(when::iso(from));
        let failure = RwSignal::new(None::<Failure>);
        let id = EntityId::new();
        let save = Action::new_local(move |(): &()| {
            let navigate = navigate.clone();
            let mut faults = Faults::default();
            let from_date = faults.take("from_date", when::from_iso(date.get_untracked().trim()), words::not_a_date(lang));
            let name = name.get_untracked().trim().to_owned();
            let employees = page.value.with_untracked(|page| page.rota.rows.iter().map(|row| row.employee).collect());
            async move {
                let begun = match from_date {
                    Some(from_date) => begin_draft(NewDraft { id: Some(id), name, from_date, employees }).await.map(|id| (id, from_date)),
                    None => Err(faults.failure()),
                };
                match begun {
                    Ok((id, from_date)) => {
                        open.set(false);
                        navigate(&href(place, from_date.max(first), Some(id)), Default::default());
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
        let fields = vec![("name", words::name(lang)), ("from_date", words::holds_from(lang))];
        let content = view! {
            <ErrorSummary failure=failure fields=fields/>
            <Field name="name" label=words::name(lang) required=true failure=failure>
                <Input value=name autocomplete="off"/>
            </Field>
            <Field name="from_date" label=words::holds_from(lang) required=true failure=failure>
                <Input kind="date" value=date/>
            </Field>
            <p class="quiet">{words::draft_help(lang)}</p>
            <footer>
                <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::plan_changes(lang)}</Button>
            </footer>
        };
        plain::form(send, content.into_any())
    }
}
