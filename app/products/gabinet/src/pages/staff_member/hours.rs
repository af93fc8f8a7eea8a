//! The editor of working hours.

use gabinet::hours::WorkingHours;
use leptos::prelude::*;
use ui::{Alert, Button, ErrorSummary, Failure, Lang, Tone, use_lang, use_toasts};

use super::{
    dates, grid,
    week::{Cell, Plan},
};
use crate::{
    page_doors::{StaffMember, save_hours},
    pages::{
        may, plain,
        sheet::{Drafts, Faults},
        shown::Shown,
    },
    words,
};

/// What the editor holds.
#[derive(Clone, Copy)]
pub struct Editor {
    pub lang: Lang,
    /// As it is typed.
    pub plan: RwSignal<Plan>,
    /// Which field is being typed into, so that nothing is called wrong before it is finished.
    pub typing: RwSignal<Option<(u32, usize, Cell)>>,
    pub writes: bool,
    /// Places where they may work, by id; the first is their own.
    pub places: StoredValue<Vec<(String, String)>>,
}

/// The section.
pub fn view(member: Shown<StaffMember>) -> AnyView {
    let lang = use_lang();
    let toasts = use_toasts();
    let (id, today) = member.value.with_untracked(|member| (member.employee.id, member.today));
    let writes = may(gabinet::HOURS_WRITE);
    // What was set when the page was read; saving says so (R18).
    let seen = RwSignal::new(member.value.with_untracked(|member| member.hours.clone()));
    let plan = RwSignal::new(seen.with_untracked(|hours| Plan::of(hours, today)));
    // Who has a place of their own works nowhere else.
    let roams = member.value.with_untracked(|member| member.employee.location.is_none());
    let everywhere = app_platform::use_me().with_untracked(|me| me.organization.as_ref().map(|place| place.locations.clone()));
    let others = everywhere.unwrap_or_default().into_iter().filter(|_| roams).map(|place| (place.id.to_string(), place.name));
    let own = (String::new(), words::every_location(lang).to_owned());
    let places = StoredValue::new(std::iter::once(own).chain(others).collect::<Vec<(String, String)>>());
    let editor = Editor { lang, plan, typing: RwSignal::new(None), writes, places };
    let is_changed = Memo::new(move |_| seen.with(|seen| plan.with(|plan| *plan != Plan::of(seen, today))));
    let overtaken = Memo::new(move |_| member.value.with(|member| seen.with(|seen| member.hours != *seen)));
    let take = move || {
        let theirs = member.value.with_untracked(|member| member.hours.clone());
        plan.set(Plan::of(&theirs, today));
        seen.set(theirs);
    };
    // The record outside: what others change is taken over while nothing is typed.
    plain::outside(move || {
        if overtaken.get() && !is_changed.get_untracked() {
            take();
        }
    });
    if writes {
        keep(Drafts::of("hours", &id.to_string()), editor, seen, is_changed, today);
    }
    let failure = RwSignal::new(None::<Failure>);
    let save = Action::new_local(move |(): &()| {
        let typed = plan.with_untracked(Plan::hours);
        let before = seen.get_untracked();
        async move {
            let saved = match typed {
                Some(hours) => save_hours(id, before, hours).await,
                None => {
                    let mut faults = Faults::default();
                    faults.add("weekly", words::hours_unreadable(lang));
                    Err(faults.failure())
                }
            };
            match saved {
                Ok(hours) => {
                    failure.set(None);
                    plan.set(Plan::of(&hours, today));
                    member.value.update(|member| member.hours = hours.clone());
                    seen.set(hours);
                    toasts.say(words::hours_saved(lang));
                }
                Err(why) => {
                    if why.code() == "version" {
                        member.refresh();
                    }
                    failure.set(Some(why));
                }
            }
        }
    });
    let send = move || {
        editor.typing.set(None);
        if !save.pending().get_untracked() {
            save.dispatch_local(());
        }
    };
    let over = move || {
        seen.set(member.value.with_untracked(|member| member.hours.clone()));
        send();
    };
    let discard = move || {
        take();
        failure.set(None);
    };
    let conflict = plain::shown_while(
        move || overtaken.get() && is_changed.get(),
        move || {
            view! {
                <Alert>
                    <p>{words::hours_changed(lang)}</p>
                    <p class="actions">
                        <Button on_press=take>{words::take_theirs(lang)}</Button>
                        <Button on_press=over>{words::save_mine(lang)}</Button>
                    </p>
                </Alert>
            }
            .into_any()
        },
    );
    let discard_button =
        plain::shown_while(move || is_changed.get(), move || view! { <Button on_press=discard>{words::discard(lang)}</Button> }.into_any());
    let buttons = writes.then(|| {
        view! {
            <footer>
                <Button class="start" icon="plus" on_press=move || plan.update(|plan| plan.add_period(today))>{words::add_period(lang)}</Button>
                {discard_button}
                <Button tone=Tone::Primary submit=true busy=save.pending()>{words::save_hours(lang)}</Button>
            </footer>
        }
    });
    // By key, so that typing does not draw the fields anew.
    let keys = Memo::new(move |_| plan.with(|plan| plan.periods.iter().map(|period| period.key).collect::<Vec<u32>>()));
    let periods = plain::live(move || keys.get().into_iter().map(|key| grid::view(editor, key)).collect::<Vec<AnyView>>().into_any());
    let content = view! {
        <ErrorSummary failure=failure/>
        {conflict}
        <fieldset class="sheet" disabled=!writes>
            {periods}
            {dates::view(editor, today)}
        </fieldset>
        {buttons}
    };
    view! {
        <section>
            <h2>{words::weekly_hours(lang)}</h2>
            <p class="quiet">{words::hours_help(lang)}</p>
            {plain::form(Callback::new(move |()| send()), content.into_any())}
        </section>
    }
    .into_any()
}

/// Keeps what is typed over a reload.
fn keep(drafts: Drafts, editor: Editor, seen: RwSignal<WorkingHours>, is_changed: Memo<bool>, today: chrono::NaiveDate) {
    let restored = RwSignal::new(false);
    // The world outside: the tab's storage.
    plain::outside(move || {
        if restored.get_untracked() {
            return;
        }
        let kept = drafts.read().and_then(|text| ui::wire::from_text::<(WorkingHours, WorkingHours)>(&text));
        if let Some((before, typed)) = kept {
            editor.plan.set(Plan::of(&typed, today));
            seen.set(before);
        }
        restored.set(true);
    });
    plain::outside(move || {
        if !restored.get() {
            return;
        }
        if !is_changed.get() {
            drafts.write(None);
        } else if let Some(typed) = editor.plan.with(Plan::hours) {
            let draft = seen.with(|seen| ui::wire::to_text(&(seen, typed)));
            drafts.write(draft.as_deref());
        }
    });
}
