//! Parts of the application that are downloaded when they are first shown.
//!
//! Parts that name the same chunk travel in one file, so that a module is a few files and not one for each combination
//! of its screens. A chunk that cannot be had (no network; a newer version was put in its place) is said where its
//! part would stand, and nothing else breaks.
//!
//! A page that the server has rendered names the chunks it was made of; the browser loads their [`Part`]s before it
//! hydrates, so that hydration meets no part that is missing and need not wait in the middle.

use crate::{empty::Empty, text::use_lang, words};
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use std::pin::Pin;

/// A part as the list of its module names it.
#[derive(Clone, Copy)]
pub struct Part {
    /// The chunk it lies in.
    pub chunk: &'static str,
    /// Loads the chunk, unless it is there.
    pub load: fn() -> Pin<Box<dyn Future<Output = ()>>>,
}

/// A chunk that could not be loaded.
#[derive(Debug)]
pub struct ChunkLost;

impl From<SplitLoaderError> for ChunkLost {
    fn from(_: SplitLoaderError) -> Self {
        ChunkLost
    }
}

/// The part itself, or what stands in its place when it could not be loaded: the page loaded anew may have it.
pub fn part_or_lost(part: Result<AnyView, ChunkLost>) -> AnyView {
    part.unwrap_or_else(|ChunkLost| {
        let lang = use_lang();
        view! {
            <Empty icon="offline" title=words::chunk_lost_title(lang) text=words::chunk_lost_text(lang)>
                // An empty address is the page itself, and `rel` keeps the router's hands off it.
                <a class="button" href="" rel="external">{words::retry(lang)}</a>
            </Empty>
        }
        .into_any()
    })
}

/// What comes once the page is alive, and what stands in its place until then. For a part that asks the server by itself
/// within a screen that has waited for something: on the server such a screen is built more than once, so that what the
/// part asks would go by other numbers there than here.
pub fn once_alive(before: fn() -> AnyView, part: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let alive = RwSignal::new(false);
    // Effects run in the browser only, and after hydration.
    Effect::new(move |_| alive.set(true));
    (move || if alive.get() { part() } else { before() }).into_any()
}

/// A function whose body lies in a lazy chunk. Calling it gives a future of its view; the module of the same name
/// holds its [`Part`].
///
/// ```ignore
/// ui::lazy_part!(gabinet_booking: fn booking(form: Form) { booking_form::view(form) });
/// const PARTS: &[Part] = &[booking::PART];
/// ```
#[macro_export]
macro_rules! lazy_part {
    ($chunk:ident: fn $part:ident($($argument:ident: $type:ty),*) $body:block) => {
        pub(crate) mod $part {
            use super::*;

            #[::leptos::wasm_split::wasm_split($chunk, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
            pub(super) fn $part($($argument: $type),*) -> ::core::result::Result<::leptos::prelude::AnyView, $crate::lazy::ChunkLost> {
                // The page that the server renders names the chunk, so that the browser fetches it along with the rest.
                #[cfg(not(target_arch = "wasm32"))]
                ::leptos::prefetch_lazy_fn_on_server(stringify!($chunk));
                let view = $body;
                Ok(view)
            }

            /// For the list of the module's parts.
            pub(crate) const PART: $crate::lazy::Part = $crate::lazy::Part {
                chunk: stringify!($chunk),
                // Whether it came is found out by whoever shows the part.
                load: || ::std::boxed::Box::pin(async { drop(load().await) }),
            };
        }

        async fn $part($($argument: $type),*) -> ::leptos::prelude::AnyView {
            $crate::lazy::part_or_lost($part::$part($($argument),*).await)
        }
    };
}

/// Screens that lie in one lazy chunk, each with the address where it is found (see [`crate::place`]). The first address
/// that fits is taken, so that `…/new` stands before `…/:id`.
///
/// ```ignore
/// ui::lazy_screens!(gabinet_patients: PATIENTS = fn patients_screens {
///     "/dashboard/gabinet/patients" => patients::page(),
///     "/dashboard/gabinet/patients/:id" => patient::page(),
/// });
/// const SCREENS: &[ui::place::Screens] = &[PATIENTS];
/// ```
#[macro_export]
macro_rules! lazy_screens {
    ($chunk:ident: $name:ident = fn $screens:ident { $($address:literal => $page:expr),+ $(,)? }) => {
        pub(crate) const $name: $crate::place::Screens = $crate::place::Screens {
            part: $screens::PART,
            addresses: &[$($address),+],
            view: |address| ::std::boxed::Box::pin($screens(address)),
        };

        // One lazy function for all of them: each costs the first load some hundred bytes.
        $crate::lazy_part!($chunk: fn $screens(address: &'static str) {
            match address {
                $($address => $page,)+
                _ => ::leptos::prelude::IntoAny::into_any(()),
            }
        });
    };
}
