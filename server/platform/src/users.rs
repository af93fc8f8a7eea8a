//! The people who sign in. One login may belong to several organizations; nothing here says to which.

use sqlx::PgConnection;

use crate::error::{Error, Result, ResultExt};
use crate::id::UserId;
use crate::input::Input;
use crate::organizations::LOCALES;
use crate::passwords::{self, LONGEST, SHORTEST};
use crate::state::State;

/// Somebody who will sign in by e-mail address and password.
#[derive(Clone, Copy)]
pub struct NewUser<'a> {
    /// Kept in small letters; nobody else may have it.
    pub email: &'a str,
    /// As colleagues know them.
    pub name: &'a str,
    /// 10 to 200 characters.
    pub password: &'a str,
    /// `en`, `pl`, or none for the organization's.
    pub locale: Option<&'a str>,
}

impl NewUser<'_> {
    /// What can be told without the database.
    pub fn check(&self) -> Result<()> {
        let mut input = Input::new();
        input.email("email", self.email.trim());
        input.text("name", self.name.trim(), 1, 200);
        input.text("password", self.password, SHORTEST, LONGEST);
        if let Some(locale) = self.locale {
            input.one_of("locale", locale, &LOCALES);
        }
        input.finish()
    }
}

/// A new user, member of nothing yet. An address that is taken is a conflict and its account stays as it is.
pub async fn create(state: &State, user: &NewUser<'_>) -> Result<UserId> {
    user.check()?;
    let hash = passwords::turn(state).await?.hash(user.password).await?;
    let mut connection = state.pool.acquire().await?;
    insert(&mut connection, user, &hash, state.clock.now()).await
}

/// The row itself, in a transaction of the caller's, who has hashed the password before it began.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    user: &NewUser<'_>,
    hash: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<UserId> {
    let id = UserId::new();
    sqlx::query(
        "insert into users (id, email, name, password_hash, locale, created_at, password_changed_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(id)
    .bind(user.email.trim().to_lowercase())
    .bind(user.name.trim())
    .bind(hash)
    .bind(user.locale)
    .bind(now)
    .execute(connection)
    .await
    .on_constraint("users_email_key", taken)?;
    Ok(id)
}

/// Somebody has this address already; whoever he is, he signs in.
pub(crate) fn taken() -> Error {
    Error::conflict("account_exists", "There is an account with this address. Sign in with it first.")
}
