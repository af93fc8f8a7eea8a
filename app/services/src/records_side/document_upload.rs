//! Files on their way to the record: chosen or dropped, one after the other, each with how far it is.

use js_sys::{Array, Function, JSON, JsString, Object, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use platform::{
    error::{FieldError, Problem},
    id::EntityId,
};
use services::documents::MOST_BYTES;
use ui::{Button, Failure, Icon, Input, Lang, Tone};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

use super::side::Shared;
use crate::{imports::base64, words};

/// A file on its way.
#[derive(Clone, Copy)]
struct Sending {
    /// Of the document that it becomes, so that a second attempt makes no second one.
    id: EntityId,
    file: StoredValue<web_sys::File, LocalStorage>,
    /// How much of it has gone, from 0 to 1.
    gone: RwSignal<f64>,
    failure: RwSignal<Option<Failure>>,
}

/// Where files come in.
pub fn drop_box(shared: Shared) -> AnyView {
    let lang = shared.lang;
    let folder = RwSignal::new(String::new());
    let over = RwSignal::new(false);
    let under_way = RwSignal::new(Vec::<Sending>::new());
    let take = move |files: Option<web_sys::FileList>| {
        let Some(files) = files else { return };
        let all: Vec<Sending> = (0..files.length()).filter_map(|at| files.get(at)).map(sending).collect();
        under_way.update(|list| list.extend(all.iter().copied()));
        spawn_local(async move {
            // One after the other: each is told sooner than all of them at once.
            for one in all {
                send_one(shared, one, folder, under_way).await;
            }
        });
    };
    let rows = move || {
        let row = |one: Sending| row(shared, one, folder, under_way);
        let rows: Vec<AnyView> = under_way.get().into_iter().map(row).collect();
        (!rows.is_empty()).then(|| view! { <ul class="document-way">{rows}</ul> })
    };
    view! {
        <div
            class="document-drop"
            class:over=move || over.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                take(dropped(&event));
            }
        >
            <label>
                <span>{words::doc_choose(lang)}</span>
                {chooser(true, Callback::new(move |(input,): (web_sys::HtmlInputElement,)| {
                    take(input.files());
                    input.set_value("");
                }))}
            </label>
            <label>
                <span>{words::doc_into_folder(lang)}</span>
                <Input name="into_folder" value=folder autocomplete="off" placeholder=words::doc_folder_example(lang)/>
            </label>
            <small>{words::doc_drop(lang)}</small>
            <div role="status">{rows}</div>
        </div>
    }
    .into_any()
}

/// The browser's own choice of files.
pub fn chooser(several: bool, on_change: Callback<(web_sys::HtmlInputElement,)>) -> AnyView {
    view! {
        <input
            class="input"
            type="file"
            multiple=several
            on:change=move |event| on_change.run((event_target::<web_sys::HtmlInputElement>(&event),))
        />
    }
    .into_any()
}

/// What was dropped; none if it was no files.
fn dropped(event: &web_sys::Event) -> Option<web_sys::FileList> {
    let carried = Reflect::get(event, &"dataTransfer".into()).ok()?;
    Reflect::get(&carried, &"files".into()).ok()?.dyn_into().ok()
}

fn sending(file: web_sys::File) -> Sending {
    Sending { id: EntityId::new(), file: StoredValue::new_local(file), gone: RwSignal::new(0.0), failure: RwSignal::new(None) }
}

async fn send_one(shared: Shared, one: Sending, folder: RwSignal<String>, under_way: RwSignal<Vec<Sending>>) {
    let lang = shared.lang;
    // The page may have been left meanwhile.
    let (Some(file), Some(folder)) = (one.file.try_get_value(), folder.try_get_untracked()) else { return };
    one.failure.try_set(None);
    let name = file.name();
    let to = ["/api/v1/records/", &shared.id.to_string(), "/documents"].concat();
    let about = [("id", JsValue::from_str(&one.id.to_string())), ("folder", JsValue::from_str(&folder))];
    match send(&file, &to, &about, one.gone).await {
        Ok(answer) => {
            under_way.try_update(|list| list.retain(|other| other.id != one.id));
            match text(&answer, "same_as") {
                Some(other) => shared.toasts.say(words::doc_kept_twice(lang, &name, &other)),
                None => shared.toasts.say(words::doc_kept(lang, &name)),
            }
            shared.refresh();
        }
        Err(failure) => {
            one.failure.try_set(Some(failure));
        }
    }
}

fn row(shared: Shared, one: Sending, folder: RwSignal<String>, under_way: RwSignal<Vec<Sending>>) -> AnyView {
    let lang = shared.lang;
    let name = one.file.with_value(web_sys::File::name);
    let again = move || spawn_local(send_one(shared, one, folder, under_way));
    let leave = move || under_way.update(|list| list.retain(|other| other.id != one.id));
    let how = {
        let name = name.clone();
        move || match one.failure.get() {
            None => far(name.clone(), one.gone),
            Some(failure) => {
                let passing = failure.is_passing();
                let retry = passing.then(|| view! { <Button tone=Tone::Plain on_press=again>{words::doc_again(lang)}</Button> });
                view! {
                    <Icon name="warning"/>
                    <span>{name.clone()}": "{told(lang, &failure)}</span>
                    {retry}
                    <Button tone=Tone::Plain icon="close" name=words::doc_leave(lang, &name) on_press=leave/>
                }
                .into_any()
            }
        }
    };
    view! { <li>{how}</li> }.into_any()
}

/// How far a file is.
pub fn far(name: String, gone: RwSignal<f64>) -> AnyView {
    view! { <label class="document-far"><span>{name}</span><progress max="1" prop:value=move || gone.get()></progress></label> }.into_any()
}

/// What went wrong, also where the first load has no words for it.
pub fn told(lang: Lang, failure: &Failure) -> String {
    match failure.code() {
        "storage" => words::doc_storage(lang).to_owned(),
        "too_large" => words::doc_too_large(lang).to_owned(),
        _ if failure.0.errors.iter().any(|error| error.field == "file" && error.code == "too_large") => {
            words::doc_too_large(lang).to_owned()
        }
        _ if failure.0.errors.iter().any(|error| error.field == "file" && error.code == "required") => words::doc_empty(lang).to_owned(),
        _ => failure.text(lang),
    }
}

/// Sends a file with what is to be told beside it, and gives the answer.
pub async fn send(file: &web_sys::File, to: &str, about: &[(&str, JsValue)], gone: RwSignal<f64>) -> Result<JsValue, Failure> {
    let fault = |code: &str| Failure::of_fields(vec![FieldError { field: "file".into(), code: code.into(), message: String::new() }]);
    if file.size() > MOST_BYTES as f64 {
        return Err(fault("too_large"));
    }
    let bytes = base64(file).await.filter(|bytes| bytes.length() > 0).ok_or_else(|| fault("required"))?;
    let body = Object::new();
    let own = [("name", JsValue::from_str(&file.name())), ("file", bytes.into())];
    for (field, value) in own.iter().chain(about) {
        let _ = Reflect::set(&body, &JsValue::from_str(field), value);
    }
    let body = JSON::stringify(&body).map_err(|_| fault("required"))?;
    match ask(to, &body, gone).await {
        Ok((200..300, answer)) => Ok(answer),
        Ok((0, _)) | Err(_) => Err(Failure::from(Problem::new(0, "offline", "No connection", ""))),
        Ok((status, answer)) => Err(problem(status, &answer)),
    }
}

/// Asks with `XMLHttpRequest`, as nothing else in a browser tells how much of a body has gone.
async fn ask(to: &str, body: &JsString, gone: RwSignal<f64>) -> Result<(u16, JsValue), JsValue> {
    let class: Function = Reflect::get(&js_sys::global(), &"XMLHttpRequest".into())?.dyn_into()?;
    let request = Reflect::construct(&class, &Array::new())?;
    let call = |name: &str, arguments: &[&JsValue]| -> Result<JsValue, JsValue> {
        let method: Function = Reflect::get(&request, &name.into())?.dyn_into()?;
        method.apply(&request, &arguments.iter().copied().collect::<Array>())
    };
    call("open", &[&"POST".into(), &to.into()])?;
    call("setRequestHeader", &[&"content-type".into(), &"application/json".into()])?;
    let heard = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let number = |name: &str| Reflect::get(&event, &name.into()).ok().and_then(|value| value.as_f64());
        if let (Some(loaded), Some(total)) = (number("loaded"), number("total").filter(|total| *total > 0.0)) {
            gone.try_set(loaded / total);
        }
    });
    Reflect::set(&Reflect::get(&request, &"upload".into())?, &"onprogress".into(), heard.as_ref())?;
    let ended = Promise::new(&mut |resolve, _| {
        let _ = Reflect::set(&request, &"onloadend".into(), &resolve);
    });
    call("send", &[body])?;
    JsFuture::from(ended).await?;
    let status = Reflect::get(&request, &"status".into())?.as_f64().unwrap_or_default();
    let answer = Reflect::get(&request, &"responseText".into())?.as_string().unwrap_or_default();
    Ok((status as u16, JSON::parse(&answer).unwrap_or(JsValue::NULL)))
}

/// A field of an answer that is a text.
pub fn text(answer: &JsValue, field: &str) -> Option<String> {
    Reflect::get(answer, &field.into()).ok()?.as_string()
}

/// A field of an answer that is a number.
pub fn number(answer: &JsValue, field: &str) -> Option<i32> {
    Reflect::get(answer, &field.into()).ok()?.as_f64().map(|number| number as i32)
}

/// A refusal of the REST door as the screen tells it.
fn problem(status: u16, answer: &JsValue) -> Failure {
    let code = text(answer, "code").unwrap_or_else(|| if status >= 500 { "busy".into() } else { "internal".into() });
    let mut problem = Problem::new(status, &code, &text(answer, "title").unwrap_or_default(), text(answer, "detail").unwrap_or_default());
    let errors = Reflect::get(answer, &"errors".into()).ok().and_then(|errors| errors.dyn_into::<Array>().ok());
    let error = |error: JsValue| FieldError {
        field: text(&error, "field").unwrap_or_default(),
        code: text(&error, "code").unwrap_or_default(),
        message: text(&error, "message").unwrap_or_default(),
    };
    problem.errors = errors.iter().flat_map(|errors| errors.iter()).map(error).collect();
    Failure::from(problem)
}
