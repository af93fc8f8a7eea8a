//! Any record by its id: its own page if its type has one, otherwise what it is called and what is said about it.

use leptos::prelude::*;
use platform::{error::Problem, id::EntityId};
use services::subjects::Subject;
use ui::{Failure, Lang, Page, Skeleton, place::param, use_lang, use_modules};

use super::{RecordSide, doors::read_record};

/// The page.
pub fn page() -> AnyView {
    let lang = use_lang();
    let id: Option<EntityId> = param("id").parse().ok();
    let record = ui::fetched_first(
        move || id,
        |id| async move {
            match id {
                Some(id) => read_record(id).await,
                None => Err(Failure::from(Problem::new(404, "not_found", "Not found", ""))),
            }
        },
    );
    view! {
        <Suspense fallback=|| view! { <Skeleton class="rows" lines=6/> }>
            {move || Suspend::new(async move {
                match record.await {
                    Ok(subject) => shown(lang, subject),
                    Err(failure) => view! { <app_platform::ErrorPage failure=failure/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn shown(lang: Lang, subject: Subject) -> AnyView {
    if !subject.path.is_empty() && !subject.path.starts_with("/dashboard/records/") {
        return app_platform::address::go_to(&subject.path);
    }
    let kind = use_modules().label(lang, &subject.entity_type).unwrap_or_default();
    let id = subject.id;
    view! {
        <leptos_meta::Title text=subject.title.clone()/>
        <Page title=subject.title lead=kind>
            <RecordSide id=id/>
        </Page>
    }
    .into_any()
}
