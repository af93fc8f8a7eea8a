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

/// Whether nobody has ever been here.
///
/// # Errors
/// `Unavailable`, `Internal`.
pub async fn is_empty(state: &State) -> Result<bool> {
    Ok(sqlx::query_scalar("select not exists (select 1 from users)").fetch_one(&state.pool).await?)
}

/// Writes the demo clinics. Two servers that start at once on one empty database write them once: the first address
/// that is taken ends the second one's attempt before it has written anything else.
///
/// # Errors
/// `Unavailable`, `Internal`.
pub async fn write(state: &State) -> Result<()> {
    for clinic in &CLINICS {
        let Some(owner) = person(state, clinic, "owner", clinic.people[0]).await? else { return Ok(()) };
        write_clinic(state, clinic, owner).await?;
    }
    Ok(())
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

/// A user of the clinic's; none if the address is taken, by another server that writes the demo at the same time.
async fn person(state: &State, clinic: &Clinic, who: &str, name: &str) -> Result<Option<UserId>> {
    let email = format!("{who}@{}", clinic.domain);
    match users::create(state, &NewUser { email: &email, name, password: PASSWORD, locale: None }).await {
        Ok(user) => Ok(Some(user)),
        Err(Error::Conflict(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn member(state: &State, clinic: &Clinic, organization: OrganizationId, who: &str, role: &str, name: &str) -> Result<UserId> {
    let user =
        person(state, clinic, who, name).await?.ok_or_else(|| Error::conflict("account_exists", "The demo's addresses are taken."))?;
    let mut tx = Tx::begin_for_system(state, organization, Door::Demo).await?;
    members::add(&mut tx, user, role).await?;
    tx.commit().await?;
    Ok(user)
}
