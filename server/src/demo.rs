//! Two demonstration clinics, written into an empty database in development so that there is something to look at.
//! What a product shows of itself is its own (`HOOKS.demo`); here are the organizations, their people and what they
//! subscribe to.

use platform::{
    Error, Result, State, Tx, billing,
    id::{OrganizationId, UserId},
    locations::{self, LocationDetails},
    members,
    organizations::{self, OrganizationDetails},
    tx::Door,
    users::{self, NewUser},
};
use services::hooks::DemoTenant;
use sqlx::{Connection, Executor, PgConnection, postgres::PgConnectOptions};

use crate::modules::HOOKS;

/// What all demo sign-ins have in common; never written in production.
pub const PASSWORD: &str = "atrium-demo";

/// Everybody who can sign in to the demo.
pub const SIGN_INS: [&str; 6] = [
    "owner@lipowa.example",
    "doctor@lipowa.example",
    "desk@lipowa.example",
    "owner@austin.example",
    "doctor@austin.example",
    "desk@austin.example",
];

struct Clinic {
    name: &'static str,
    address: &'static str,
    /// Last part of its people's addresses.
    domain: &'static str,
    country: &'static str,
    currency: &'static str,
    locale: &'static str,
    zone: &'static str,
    week_start: i16,
    products: &'static [&'static str],
    /// Owner, doctor and front desk.
    people: [&'static str; 3],
}

const CLINICS: [Clinic; 2] = [
    Clinic {
        name: "Klinika Lipowa",
        address: "Lipowa 12, Warszawa",
        domain: "lipowa.example",
        country: "PL",
        currency: "PLN",
        locale: "pl",
        zone: "Europe/Warsaw",
        week_start: 1,
        products: &["gabinet", "crm"],
        people: ["Hanna Lipska", "Marta Lis", "Ewa Wrona"],
    },
    Clinic {
        name: "Austin Drip",
        address: "1200 South Congress Ave, Austin",
        domain: "austin.example",
        country: "US",
        currency: "USD",
        locale: "en",
        zone: "America/Chicago",
        week_start: 7,
        products: &["gabinet"],
        people: ["Sam Rivera", "Grace Hill", "Dana Cole"],
    },
];

/// Whose turn it is to write the demo: the lock ends with its connection, however that ends.
const TURN: i64 = 0x6465_6d6f;

/// Clears away a demo that was begun and not written to its end, with all that is in the database: nobody else's data is
/// there, since it is only begun in an empty one, and nobody is let in before it is done. To be called as the schema's owner
/// before anything else is read; the migrations run anew afterwards.
///
/// # Errors
/// Those of the database.
pub async fn clear_unfinished(owner: &PgConnectOptions) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect_with(owner).await?;
    if is_begun(&mut connection).await?
        && sqlx::query_scalar("select pg_try_advisory_lock($1)").bind(TURN).fetch_one(&mut connection).await?
        // Whoever had the turn may just have finished.
        && is_begun(&mut connection).await?
    {
        eprintln!("atrium: the demo clinics were not written to their end; beginning anew");
        connection.execute("drop schema public cascade; create schema public; grant usage on schema public to public").await?;
    }
    connection.close().await
}

async fn is_begun(connection: &mut PgConnection) -> sqlx::Result<bool> {
    if sqlx::query_scalar("select to_regclass('demo_begun') is null").fetch_one(&mut *connection).await? {
        return Ok(false);
    }
    sqlx::query_scalar("select exists (select 1 from demo_begun)").fetch_one(connection).await
}

/// Writes the demo clinics if nobody has ever been here. Of several servers that start at once on one empty database one does,
/// and the others wait until it has.
///
/// # Errors
/// `Unavailable`, `Internal`.
pub async fn write_once(state: &State, owner: &PgConnectOptions) -> Result<()> {
    let mut turn = PgConnection::connect_with(owner).await?;
    sqlx::query("select pg_advisory_lock($1)").bind(TURN).execute(&mut turn).await?;
    if sqlx::query_scalar("select not exists (select 1 from users)").fetch_one(&mut turn).await? {
        eprintln!("atrium: writing the demo clinics");
        turn.execute("insert into demo_begun default values").await?;
        for clinic in &CLINICS {
            let owner = person(state, clinic, "owner", clinic.people[0]).await?;
            write_clinic(state, clinic, owner).await?;
        }
        turn.execute("delete from demo_begun").await?;
    }
    Ok(turn.close().await?)
}

async fn write_clinic(state: &State, clinic: &Clinic, owner: UserId) -> Result<()> {
    let details = OrganizationDetails {
        name: clinic.name.into(),
        kind: "clinic".into(),
        country: clinic.country.into(),
        currency: clinic.currency.into(),
        locale: clinic.locale.into(),
        zone: clinic.zone.into(),
        version: 0,
    };
    let organization = organizations::create(state, &details, owner, Door::Demo).await?;
    let doctor = member(state, clinic, organization, "doctor", "doctor", clinic.people[1]).await?;
    member(state, clinic, organization, "desk", "receptionist", clinic.people[2]).await?;
    let mut tx = Tx::begin_for_system(state, organization, Door::Demo).await?;
    for product in clinic.products {
        billing::subscribe(&mut tx, product).await?;
    }
    let first = locations::list(&mut tx).await?.into_iter().next().ok_or(Error::NotFound)?;
    let location = first.id;
    let details = LocationDetails {
        name: clinic.address.into(),
        address: clinic.address.into(),
        zone: clinic.zone.into(),
        week_start: clinic.week_start,
        active: true,
        version: first.version,
    };
    locations::update(&mut tx, location, &details).await?;
    tx.commit().await?;
    let tenant = DemoTenant { organization, location, doctor, country: clinic.country.into(), zone: clinic.zone.into() };
    for hooks in HOOKS.0 {
        if let Some(demo) = hooks.demo
            && hooks.module.product.is_none_or(|product| clinic.products.contains(&product))
        {
            demo(state, &tenant).await?;
        }
    }
    services::demo::write(state, &tenant).await?;
    services::objects::demo::write(state, organization, clinic.country == "PL").await
}

async fn person(state: &State, clinic: &Clinic, who: &str, name: &str) -> Result<UserId> {
    let email = format!("{who}@{}", clinic.domain);
    users::create(state, &NewUser { email: &email, name, password: PASSWORD, locale: None }).await
}

async fn member(state: &State, clinic: &Clinic, organization: OrganizationId, who: &str, role: &str, name: &str) -> Result<UserId> {
    let user = person(state, clinic, who, name).await?;
    let mut tx = Tx::begin_for_system(state, organization, Door::Demo).await?;
    members::add(&mut tx, user, role).await?;
    tx.commit().await?;
    Ok(user)
}
