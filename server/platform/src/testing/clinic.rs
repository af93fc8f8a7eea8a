//! Two tenants with named people.

use super::{Database, at, database};
use crate::id::{LocationId, OrganizationId, SessionId, UserId};
use crate::module::Module;
use crate::permission::Role;
use crate::sessions::{Identity, Kind};
use crate::state::{Clock, State};
use crate::tx::{Door, Tx};
use sqlx::PgConnection;

/// Where the clinic's clock starts: a Tuesday, eight in the morning in Warsaw.
pub const CLINIC_STARTS_AT: &str = "2026-11-24T07:00:00Z";

/// A clinic in Warsaw that subscribes to all products, and another tenant that must never see it.
pub struct Clinic {
    /// On a database of its own; the clock starts at [`CLINIC_STARTS_AT`].
    pub state: State,
    /// Its database, for what only the owner may do.
    pub database: Database,
    /// The clinic.
    pub organization: OrganizationId,
    /// Its one location, Europe/Warsaw.
    pub location: LocationId,
    /// Owner.
    pub anna: Identity,
    /// Doctor.
    pub jan: Identity,
    /// Receptionist.
    pub ewa: Identity,
    /// A plain member, with hardly any right.
    pub marek: Identity,
    /// Owner of the other tenant.
    pub stranger: Identity,
    /// The other tenant.
    pub foreign_organization: OrganizationId,
    /// The other tenant's one location, America/Chicago.
    pub foreign_location: LocationId,
}

/// A clinic whose server knows these modules.
pub async fn clinic(modules: &'static [&'static Module]) -> Clinic {
    clinic_with(modules, http::Extensions::new()).await
}

/// A clinic whose server knows these modules and what upper floors put into its extensions.
pub async fn clinic_with(modules: &'static [&'static Module], extensions: http::Extensions) -> Clinic {
    let database = database().await;
    let state = database.state_with(modules, Clock::starting_at(at(CLINIC_STARTS_AT)), extensions).await;
    let mut owner = database.owner_connection().await;
    let (organization, location) = tenant(&mut owner, "lipowa", "Klinika Lipowa", "PL", "PLN", "pl", "Europe/Warsaw").await;
    let (foreign_organization, foreign_location) = tenant(&mut owner, "austin", "Austin Drip", "US", "USD", "en", "America/Chicago").await;
    Clinic {
        anna: member(&mut owner, organization, "Anna Lipowska", "anna@lipowa.example", Role::Owner).await,
        jan: member(&mut owner, organization, "Jan Nowak", "jan@lipowa.example", Role::Doctor).await,
        ewa: member(&mut owner, organization, "Ewa Kowalska", "ewa@lipowa.example", Role::Receptionist).await,
        marek: member(&mut owner, organization, "Marek Zieliński", "marek@lipowa.example", Role::Member).await,
        stranger: member(&mut owner, foreign_organization, "Sam Stranger", "sam@austin.example", Role::Owner).await,
        state,
        database,
        organization,
        location,
        foreign_organization,
        foreign_location,
    }
}

impl Clinic {
    /// A transaction of one of these people, through the screen's door.
    pub async fn tx(&self, who: &Identity) -> Tx {
        Tx::begin(&self.state, who, Door::Screen).await.expect("they are members")
    }

    /// Somebody else joins the clinic, in a built-in role.
    pub async fn join(&self, name: &str, email: &str, role: Role) -> Identity {
        let mut owner = self.database.owner_connection().await;
        member(&mut owner, self.organization, name, email, role).await
    }
}

async fn tenant(
    owner: &mut PgConnection,
    slug: &str,
    name: &str,
    country: &str,
    currency: &str,
    locale: &str,
    zone: &str,
) -> (OrganizationId, LocationId) {
    let (organization, location) = (OrganizationId::new(), LocationId::new());
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    sqlx::query(
        "with organization as (
             insert into organizations (organization_id, slug, name, country, currency, locale, zone)
             values ($1, $2, $3, $4, $5, $6, $7)
         ), entity as (
             insert into entities (organization_id, id, entity_type, title, created_at, updated_at)
             values ($1, $1, 'organization', $3, $10, $10)
         ), location as (
             insert into locations (organization_id, id, name, zone) values ($1, $8, $3, $7)
         ), roles as (
             insert into roles (organization_id, id, name, built_in) select $1, role, role, true from unnest($9::text[]) role
         )
         insert into product_subscriptions (organization_id, product_id, status, current_period_start)
         select $1, id, 'active', $10 from platform_products",
    )
    .bind(organization)
    .bind(slug)
    .bind(name)
    .bind(country)
    .bind(currency)
    .bind(locale)
    .bind(zone)
    .bind(location)
    .bind(roles)
    .bind(at("2026-01-01T00:00:00Z"))
    .execute(owner)
    .await
    .expect("a tenant can be made");
    (organization, location)
}

async fn member(owner: &mut PgConnection, organization: OrganizationId, name: &str, email: &str, role: Role) -> Identity {
    let user = UserId::new();
    sqlx::query(
        "with person as (insert into users (id, email, name) values ($2, $3, $4))
         insert into memberships (organization_id, user_id, role_id) values ($1, $2, $5)",
    )
    .bind(organization)
    .bind(user)
    .bind(email)
    .bind(name)
    .bind(role.as_str())
    .execute(owner)
    .await
    .expect("a member can join");
    Identity {
        session: SessionId::new(),
        user,
        organization: Some(organization),
        name: name.into(),
        email: email.into(),
        kind: Kind::Browser,
        locale: None,
    }
}
