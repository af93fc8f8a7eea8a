//! The visit's series: which of how many it is, and a dialog by which this one, the following or all of them are changed.

use app_platform::session::use_me;
use gabinet::APPOINTMENTS_WRITE;
use leptos::prelude::*;
use ui::{Button, Dialog};

use super::Panel;
use crate::words;

/// One line; nothing for a visit that stands by itself.
pub fn view(panel: Panel) -> AnyView {
    let lang = panel.lang;
    let writes = use_me().with_untracked(|me| me.can(APPOINTMENTS_WRITE));
    let open = RwSignal::new(false);
    let line = move || {
        panel.shown.with(|shown| shown.series).map(|series| {
            let text = words::series_nth(lang, &series.nth.to_string(), &series.of.to_string());
            let button = writes.then(|| view! { <Button on_press=move || open.set(true)>{words::series_change(lang)}</Button> });
            view! { <p class="booking-row"><span class="tnum">{text}</span> {button}</p> }
        })
    };
    let title = Signal::derive(move || words::series_change(lang).to_owned());
    let done = Callback::new(move |changed: bool| {
        open.set(false);
        if changed {
            panel.renew();
        }
    });
    let inside = move || {
        let series = open.get().then(|| panel.shown.with_untracked(|shown| shown.series)).flatten();
        series.map(|series| crate::series::change_of(series.id, series.nth, done))
    };
    view! {
        {line}
        <Dialog open=open title=title>{inside}</Dialog>
    }
    .into_any()
}
