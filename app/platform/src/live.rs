//! The connection over which the server tells what changed. One per page, kept by the frame.

use leptos::prelude::*;
use ui::{Icon, Live, use_lang};

use crate::words;

/// Opens the connection once the page is alive and keeps it; what it hears goes to `live`.
pub fn connect(live: Live) {
    // The world outside: an event stream from the server. Effects run in the browser only.
    Effect::new(move |_| {
        #[cfg(feature = "hydrate")]
        browser::connect(live);
        #[cfg(not(feature = "hydrate"))]
        let _ = live;
    });
}

/// Says so while the server cannot be heard; nothing otherwise.
#[component]
pub fn Connection(
    /// The frame's live updates.
    live: Live,
) -> AnyView {
    let lang = use_lang();
    let connected = live.connected();
    view! {
        <p class="connection" role="status">
            {move || (!connected.get()).then(|| view! { <span title=words::offline_explained(lang)><Icon name="offline"/>{words::offline(lang)}</span> })}
        </p>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use std::{cell::RefCell, rc::Rc, time::Duration};
    use ui::{Heard, Live};
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{EventSource, MessageEvent};

    /// Streams end by themselves now and then; only a longer silence is worth telling.
    const PATIENCE: Duration = Duration::from_secs(4);
    /// The longest pause between attempts, in milliseconds.
    const LONGEST_PAUSE: f64 = 30_000.0;

    type Listener = Closure<dyn FnMut(MessageEvent)>;

    /// One page's connection, over all attempts.
    struct Line {
        live: Live,
        source: Option<EventSource>,
        listeners: Vec<Listener>,
        attempts: u32,
        greeted: bool,
        alarm: Option<TimeoutHandle>,
        over: bool,
    }

    pub fn connect(live: Live) {
        let line = Rc::new(RefCell::new(Line {
            live,
            source: None,
            listeners: Vec::new(),
            attempts: 0,
            greeted: false,
            alarm: None,
            over: false,
        }));
        open(&line);
        let kept = StoredValue::new_local(line.clone());
        let online = window_event_listener_untyped("online", {
            let line = line.clone();
            move |_| open(&line)
        });
        let offline = window_event_listener_untyped("offline", move |_| live.set_connected(false));
        on_cleanup(move || {
            online.remove();
            offline.remove();
            let _ = kept.try_with_value(|line| {
                let mut line = line.borrow_mut();
                line.over = true;
                close(&mut line);
            });
        });
    }

    fn close(line: &mut Line) {
        if let Some(source) = line.source.take() {
            source.set_onerror(None);
            source.close();
        }
        line.listeners.clear();
        if let Some(alarm) = line.alarm.take() {
            alarm.clear();
        }
    }

    fn open(line: &Rc<RefCell<Line>>) {
        if line.borrow().over {
            return;
        }
        close(&mut line.borrow_mut());
        let Ok(source) = EventSource::new(&address()) else { return };
        on(line, &source, "hello", |line, _| greeted(line));
        on(line, &source, "missed", |line, _| tell(line, Heard::Missed));
        on(line, &source, "change", |line, event| {
            let heard = event.data().as_string().and_then(|text| ui::wire::from_text(&text));
            // What cannot be understood comes from a newer server: better fetch once too often.
            tell(line, heard.map_or(Heard::Missed, Heard::Changed));
        });
        // Where colleagues are is told to the small scripts beside the application, which draw it.
        on(line, &source, "here", |_, event| {
            let _ = window().post_message(&event.data(), "/");
        });
        on(line, &source, "error", |line, _| lost(line));
        line.borrow_mut().source = Some(source);
    }

    /// Under the name by which the script beside the application tells colleagues of this page, if it does.
    fn address() -> String {
        let tab = document().document_element().and_then(|root| root.get_attribute("data-tab"));
        tab.map_or_else(|| "/live".to_owned(), |tab| ["/live?tab=", &tab].concat())
    }

    fn on(line: &Rc<RefCell<Line>>, source: &EventSource, name: &str, hear: fn(&Rc<RefCell<Line>>, MessageEvent)) {
        let weak = Rc::downgrade(line);
        let listener = Listener::new(move |event: MessageEvent| {
            if let Some(line) = weak.upgrade() {
                hear(&line, event);
            }
        });
        let _ = source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        line.borrow_mut().listeners.push(listener);
    }

    fn tell(line: &Rc<RefCell<Line>>, heard: Heard) {
        let live = line.borrow().live;
        live.tell(heard);
    }

    /// The server is there. What happened between two connections was not heard.
    fn greeted(line: &Rc<RefCell<Line>>) {
        // Who else is here answers whoever speaks: worth asking only now that the answer can be heard.
        let _ = window().post_message(&"hearing".into(), "/");
        let (live, again) = {
            let mut line = line.borrow_mut();
            line.attempts = 0;
            if let Some(alarm) = line.alarm.take() {
                alarm.clear();
            }
            (line.live, std::mem::replace(&mut line.greeted, true))
        };
        live.set_connected(true);
        if again {
            live.tell(Heard::Missed);
        }
    }

    /// The stream has ended. The browser comes back by itself, unless it was refused; then we do, ever more slowly and
    /// not all at once.
    fn lost(line: &Rc<RefCell<Line>>) {
        let mut inner = line.borrow_mut();
        if inner.alarm.is_none() {
            let live = inner.live;
            inner.alarm = set_timeout_with_handle(move || live.set_connected(false), PATIENCE).ok();
        }
        let refused = inner.source.as_ref().is_some_and(|source| source.ready_state() == EventSource::CLOSED);
        if !refused {
            return;
        }
        inner.attempts += 1;
        let longest = (1000.0 * f64::from(1u32 << inner.attempts.min(5))).min(LONGEST_PAUSE);
        let pause = longest * (0.5 + js_sys::Math::random() / 2.0);
        drop(inner);
        let line = line.clone();
        set_timeout(
            move || {
                // The alarm goes on through the next attempts.
                let alarm = line.borrow_mut().alarm.take();
                open(&line);
                line.borrow_mut().alarm = alarm;
            },
            Duration::from_millis(pause as u64),
        );
    }
}
