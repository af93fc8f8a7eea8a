//! Writing something down about the visit: below what is written already, and whether or not it is over.

use app_platform::session::use_me;
use gabinet::APPOINTMENTS_WRITE;
use leptos::{prelude::*, task::spawn_local};
use ui::{Button, Failure, Field, Inner, TextArea};

use super::{Panel, memory};
use crate::{doors, pages::plain, words};

/// A button, and the field once it was pressed.
pub fn view(panel: Panel) -> AnyView {
    let lang = panel.lang;
    if !use_me().with_untracked(|me| me.can(APPOINTMENTS_WRITE)) {
        return ().into_any();
    }
    let open = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let save = move || {
        let visit = panel.shown.with_untracked(|shown| shown.visit.id);
        let note = text.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let answer = doors::note(visit, note).await;
            busy.try_set(false);
            match answer {
                Ok(after) => {
                    memory::keep(&after);
                    text.try_set(String::new());
                    failure.try_set(None);
                    open.try_set(false);
                    panel.shown.try_set(after);
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
        });
    };
    plain::live(move || {
        if !open.get() {
            return view! { <div><Button icon="plus" on_press=move || open.set(true)>{words::note_add(lang)}</Button></div> }.into_any();
        }
        view! {
            <Inner open=true on_close=move || open.set(false)>
                <Field name="text" label=words::note_add(lang) required=true failure=failure><TextArea value=text rows=2/></Field>
                <div class="booking-row">
                    <Button on_press=move || open.set(false)>{words::cancel(lang)}</Button>
                    <Button busy=busy on_press=save>{words::save(lang)}</Button>
                </div>
            </Inner>
        }
        .into_any()
    })
}
