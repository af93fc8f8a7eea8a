//! Who is asking. Every server function begins here: [`begin_in`] for a product's, [`begin`] for everybody's.

use leptos::prelude::*;
use platform::session::Me;
use ui::Failure;

#[cfg(feature = "ssr")]
pub use server::{begin, begin_in, identity, state};

#[cfg(feature = "ssr")]
mod server {
    use http::request::Parts;
    use leptos::prelude::use_context;
    use platform::{
        Error, State, Tx,
        module::Module,
        sessions::{self, Identity},
        tx::Door,
    };
    use ui::Failure;

    /// What all requests of the server share; the server puts it into the context of pages and server functions.
    pub fn state() -> Result<State, Failure> {
        use_context::<State>().ok_or_else(|| Error::internal("the platform's state is not in the context").into())
    }

    /// Who sent the request being answered. `unauthenticated` if nobody is signed in.
    pub async fn identity() -> Result<(State, Identity), Failure> {
        let state = state()?;
        // Pages behind the sign-in and server functions have been asked at the door already.
        if let Some(identity) = use_context::<Identity>() {
            return Ok((state, identity));
        }
        let parts = use_context::<Parts>().ok_or_else(|| Error::internal("the request is not in the context"))?;
        let found = sessions::identify(&state, &parts.headers).await?;
        Ok((state, found.ok_or(Error::Unauthenticated)?))
    }

    /// A transaction of a signed-in member, for what every organization has. Whoever begins it commits it.
    pub async fn begin() -> Result<Tx, Failure> {
        let (state, identity) = identity().await?;
        Ok(Tx::begin(&state, &identity, Door::Screen).await?)
    }

    /// A transaction of a signed-in member whose organization subscribes to the module's product.
    pub async fn begin_in(module: &'static Module) -> Result<Tx, Failure> {
        let tx = begin().await?;
        if let Some(product) = module.product {
            tx.verify_product_access(product)?;
        }
        Ok(tx)
    }
}

/// Who is signed in, where they work and what they may do there.
#[server(name = AskMe, prefix = "/fn", endpoint = "platform/me", input = ui::Wire, output = ui::Wire)]
pub async fn me() -> Result<Me, Failure> {
    // A page has asked at the door already, so that nothing of it has to wait.
    if let Some(me) = use_context::<Me>() {
        return Ok(me);
    }
    let (state, identity) = identity().await?;
    Ok(platform::sessions::me(&state, &identity).await?)
}

/// Who is signed in, from the context that the frame provides; as of when the page was loaded.
pub fn use_me() -> Signal<Me> {
    expect_context::<Signal<Me>>()
}
