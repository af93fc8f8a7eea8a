//! What must not be overlooked about a human, wherever their name stands.

use leptos::prelude::*;
use services::persons::lifecycle::PersonAlert;
use ui::{Lang, Meaning, Tag, use_modules};

/// Marks, the dangerous ones in red: `Allergy: lidocaine`. Nothing where nothing is warned of.
pub fn alert_marks(lang: Lang, alerts: &[PersonAlert]) -> AnyView {
    alerts.iter().map(|alert| mark(lang, alert)).collect_view().into_any()
}

fn mark(lang: Lang, alert: &PersonAlert) -> AnyView {
    let text = alert_text(lang, alert);
    match alert.critical {
        true => view! { <Tag meaning=Meaning::Critical icon="allergy" text=text/> }.into_any(),
        false => view! { <Tag meaning=Meaning::Attention icon="warning" text=text/> }.into_any(),
    }
}

/// The same in words.
pub fn alert_text(lang: Lang, alert: &PersonAlert) -> String {
    match use_modules().label(lang, &alert.key) {
        Some(name) => [name, ": ", &alert.text].concat(),
        None => alert.text.clone(),
    }
}
