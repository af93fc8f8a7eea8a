//! What the server finds as one types, for a [`crate::Combobox`].

use crate::{Choice, Failure};
use leptos::{prelude::*, task::spawn_local};
use std::{future::Future, pin::Pin};

/// A search by the server, and what it has found so far. Of several questions on their way only the latest counts, whichever
/// answer comes last.
#[derive(Clone, Copy)]
pub struct Found {
    /// What the latest answer names.
    pub choices: RwSignal<Vec<Choice>>,
    /// Whether an answer is on its way; until then the choices are those of an earlier question.
    pub busy: RwSignal<bool>,
    /// Why there is no answer.
    pub failure: RwSignal<Option<Failure>>,
    ask: Callback<(String,)>,
}

type Asked = Pin<Box<dyn Future<Output = Result<Vec<Choice>, Failure>>>>;

impl Found {
    /// Nothing yet. `ask` is called with what was typed, in the browser.
    pub fn new<F>(ask: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<Choice>, Failure>> + 'static,
    {
        Self::by(Box::new(move |text| Box::pin(ask(text))))
    }

    // Once for all searches, or each would bring its own copy to the browser.
    fn by(ask: Box<dyn Fn(String) -> Asked + Send + Sync>) -> Self {
        let (choices, busy, failure) = (RwSignal::new(Vec::new()), RwSignal::new(false), RwSignal::new(None));
        let latest = StoredValue::new(0u32);
        let ask = Callback::new(move |(text,): (String,)| {
            let number = latest.get_value().wrapping_add(1);
            latest.set_value(number);
            busy.set(true);
            let asked = ask(text);
            spawn_local(async move {
                let answer = asked.await;
                // A later question is on its way, or whoever asked has gone.
                if latest.try_get_value() != Some(number) {
                    return;
                }
                let (found, why) = match answer {
                    Ok(found) => (found, None),
                    Err(why) => (Vec::new(), Some(why)),
                };
                choices.set(found);
                failure.set(why);
                busy.set(false);
            });
        });
        Self { choices, busy, failure, ask }
    }

    /// Asks for what matches `text`.
    pub fn seek(self, text: String) {
        self.ask.run((text,));
    }
}
