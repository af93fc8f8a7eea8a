//! The only way to the database. Holding a [`Tx`] means: this actor, in this organization, with these permissions, at
//! this instant, in this transaction, with row-level security set. Whoever begins it commits it; services receive it.

mod again;

pub(crate) use again::answered;
pub use again::{ATTEMPTS, Attempt, attempted, pause, retry};

use crate::database::Warm;
use crate::error::{Error, Result};
use crate::id::{LocationId, OrganizationId, SessionId, UserId};
use crate::locations::{self, Location};
use crate::permission::{self, Permission, Reach, Role, Scope};
use crate::rest::correlation;
use crate::sessions::Identity;
use crate::state::State;
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Executor, PgConnection, Postgres, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Through which door somebody came; kept in the action log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The application's own pages.
    Screen,
    /// `/api/v1`.
    Rest,
    /// The system by itself.
    Job,
    /// Demonstration data.
    Demo,
}

impl Door {
    /// As stored in the action log.
    pub fn as_str(self) -> &'static str {
        match self {
            Door::Screen => "screen",
            Door::Rest => "rest",
            Door::Job => "job",
            Door::Demo => "demo",
        }
    }
}

/// Who acts, where, and with which rights.
#[derive(Clone, Debug)]
pub struct Actor {
    /// [`UserId::SYSTEM`] if nobody.
    pub user: UserId,
    /// As colleagues know them.
    pub name: String,
    /// The tenant.
    pub organization: OrganizationId,
    /// The tenant's name in addresses, with which its numbers begin.
    pub slug: String,
    /// Id of a built-in role or of the organization's own.
    pub role: String,
    /// Everything they may do to all records: `gabinet.appointments:write`.
    pub permissions: Arc<BTreeSet<String>>,
    /// What they may do to some records only, and to whose; never one of `permissions`.
    pub narrow: Arc<BTreeMap<String, Scope>>,
    /// Themselves and, where a right of theirs reaches their teams' records, whoever shares a team with them.
    pub team: Arc<[UserId]>,
    /// What the organization subscribes to at this moment.
    pub products: Arc<BTreeSet<String>>,
    /// The session they are signed in by; none for the system.
    pub session: Option<SessionId>,
    /// Through which door they came.
    pub door: Door,
    /// Joins the log, the action log and what the caller was told.
    pub correlation: Uuid,
}

/// One transaction of one actor. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx {
    transaction: Transaction<'static, Postgres>,
    actor: Actor,
    now: DateTime<Utc>,
    state: State,
    /// Those read already: zone and name of a location are asked for by every layer that a booking passes.
    locations: Vec<Location>,
    /// Which reference data held when it began; `None` where that is not asked.
    reference: Option<Uuid>,
}

impl Tx {
    /// Begins a transaction for a signed-in member of the organization they have chosen. `Unauthenticated` if they
    /// have chosen none, `NotFound` if they are no member of it (any more).
    pub async fn begin(state: &State, identity: &Identity, door: Door) -> Result<Tx> {
        let organization = identity.organization.ok_or(Error::Unauthenticated)?;
        Tx::begin_for_member(state, organization, identity.user, Some(identity.session), door, correlation::current()).await
    }

    /// Begins a transaction of a job that does what a member has asked for, with the rights they have at this moment and
    /// in their name. `correlation` joins what is written in the log. `NotFound` if they are no member any more.
    pub async fn begin_in_the_name_of(state: &State, organization: OrganizationId, user: UserId, correlation: Uuid) -> Result<Tx> {
        Tx::begin_for_member(state, organization, user, None, Door::Job, correlation).await
    }

    async fn begin_for_member(
        state: &State,
        organization: OrganizationId,
        user: UserId,
        session: Option<SessionId>,
        door: Door,
        correlation: Uuid,
    ) -> Result<Tx> {
        let now = state.clock.now();
        let mut transaction = open(state, organization, user).await?;
        let Member { name, slug, role, own, mut team, products, reference } =
            member(&mut transaction, organization, user, now).await?.ok_or(Error::NotFound)?;
        let (permissions, narrow) = match role.parse::<Role>() {
            Ok(built_in) => (granted(state, built_in), BTreeMap::new()),
            Err(_) => by_scope(own),
        };
        if !team.contains(&user) {
            team.push(user);
        }
        let actor = Actor {
            user,
            name,
            organization,
            slug,
            role,
            permissions: Arc::new(permissions),
            narrow: Arc::new(narrow),
            team: team.into(),
            products: Arc::new(products.into_iter().collect()),
            session,
            door,
            correlation,
        };
        Ok(Tx { transaction, actor, now, state: state.clone(), locations: Vec::new(), reference })
    }

    /// Begins a transaction in which the system acts by itself, with all rights. The organization comes from the job's
    /// own row, never from what somebody sent.
    pub async fn begin_for_job(state: &State, organization: OrganizationId) -> Result<Tx> {
        Tx::begin_for_system(state, organization, Door::Job).await
    }

    /// As [`Tx::begin_for_job`], by a door of choice: demonstration data is marked as such.
    pub async fn begin_for_system(state: &State, organization: OrganizationId, door: Door) -> Result<Tx> {
        let now = state.clock.now();
        let mut transaction = open(state, organization, UserId::SYSTEM).await?;
        if door == Door::Demo {
            // Thousands of rows in one statement, for which nobody waits: a busy machine may take its time.
            transaction.execute("set local statement_timeout = '60s'").await?;
        }
        let (slug, products): (String, Vec<String>) = sqlx::query_as(
            "select o.slug, array(select s.product_id from product_subscriptions s
                          where s.organization_id = o.organization_id and s.status in ('trialing', 'active', 'past_due')
                            and (s.current_period_end is null or s.current_period_end > $2))
             from organizations o where o.organization_id = $1",
        )
        .bind(organization)
        .bind(now)
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::NotFound)?;
        let actor = Actor {
            user: UserId::SYSTEM,
            name: "Atrium".into(),
            organization,
            slug,
            role: Role::Owner.as_str().into(),
            permissions: Arc::new(granted(state, Role::Owner)),
            narrow: Arc::default(),
            team: Arc::from([UserId::SYSTEM]),
            products: Arc::new(products.into_iter().collect()),
            session: None,
            door,
            correlation: correlation::current(),
        };
        Ok(Tx { transaction, actor, now, state: state.clone(), locations: Vec::new(), reference: None })
    }

    /// Begins the transaction in which an organization comes to be, with its founder as the owner. `Denied` if it
    /// exists already: founding is no way into somebody else's.
    pub(crate) async fn begin_founding(state: &State, organization: OrganizationId, founder: UserId, door: Door) -> Result<Tx> {
        let now = state.clock.now();
        let mut transaction = open(state, organization, founder).await?;
        let (name, exists): (String, bool) =
            sqlx::query_as("select u.name, exists (select from organizations o where o.organization_id = $1) from users u where u.id = $2")
                .bind(organization)
                .bind(founder)
                .fetch_optional(&mut *transaction)
                .await?
                .ok_or(Error::NotFound)?;
        if exists {
            return Err(Error::Denied(Permission::ORGANIZATION_WRITE));
        }
        let actor = Actor {
            user: founder,
            name,
            organization,
            // It has none before it is founded.
            slug: String::new(),
            role: Role::Owner.as_str().into(),
            permissions: Arc::new(granted(state, Role::Owner)),
            narrow: Arc::default(),
            team: Arc::from([founder]),
            products: Arc::default(),
            session: None,
            door,
            correlation: correlation::current(),
        };
        Ok(Tx { transaction, actor, now, state: state.clone(), locations: Vec::new(), reference: None })
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The tenant: first in every `where`.
    pub fn organization(&self) -> OrganizationId {
        self.actor.organization
    }

    /// Who acts; [`UserId::SYSTEM`] if nobody.
    pub fn user(&self) -> UserId {
        self.actor.user
    }

    /// The instant at which the transaction began, by the server's clock: the same all through it.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// What the server's requests share.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// `Denied` without the right.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.can(permission) { Ok(()) } else { Err(Error::Denied(permission)) }
    }

    /// Whether the actor has the right to all records. One that reaches some records only is none here: a door that opens to
    /// it asks [`Tx::reach`] and shows no more than that.
    pub fn can(&self, permission: Permission) -> bool {
        self.actor.permissions.contains(permission.0)
    }

    /// How far the actor's right reaches; `Denied` without the right.
    pub fn reach(&self, permission: Permission) -> Result<Reach> {
        if self.can(permission) {
            return Ok(Reach::All);
        }
        match self.actor.narrow.get(permission.0) {
            Some(Scope::Own) => Ok(Reach::Of(Arc::from([self.user()]))),
            Some(Scope::Team) => Ok(Reach::Of(self.actor.team.clone())),
            Some(Scope::All) | None => Err(Error::Denied(permission)),
        }
    }

    /// Whether the actor has the right to all records or to some.
    pub fn can_some(&self, permission: Permission) -> bool {
        self.reach(permission).is_ok()
    }

    /// `Denied` without the right to this owner's records.
    pub fn require_over(&self, permission: Permission, owner: Option<UserId>) -> Result<()> {
        if self.reach(permission)?.covers(owner) { Ok(()) } else { Err(Error::Denied(permission)) }
    }

    /// `NotSubscribed` unless the organization subscribes to the product at this moment.
    pub fn verify_product_access(&self, product: &'static str) -> Result<()> {
        if self.actor.products.contains(product) { Ok(()) } else { Err(Error::NotSubscribed(product)) }
    }

    /// Which reference data held when the transaction began; `None` where nothing may be kept of it: the system acts by
    /// itself, or the organization has none yet.
    pub(crate) fn reference(&self) -> Option<Uuid> {
        self.reference
    }

    /// The connection, for queries. Every one of them names the organization all the same.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// A location that this transaction has read.
    pub(crate) fn location(&self, id: LocationId) -> Option<Location> {
        self.locations.iter().find(|location| location.id == id).cloned()
    }

    /// Keeps what was read of a location.
    pub(crate) fn keep_location(&mut self, location: Location) {
        self.forget_location(location.id);
        self.locations.push(location);
    }

    /// What was read of a location holds no longer.
    pub(crate) fn forget_location(&mut self, id: LocationId) {
        self.locations.retain(|location| location.id != id);
    }

    /// Marks a point to which [`Tx::back`] returns. A later mark takes the place of this one.
    pub async fn mark(&mut self) -> Result<()> {
        self.transaction.execute("savepoint mark").await?;
        Ok(())
    }

    /// Undoes all since [`Tx::mark`], and gives up the locks taken since: the transaction goes on from there, also when
    /// the database has refused a statement.
    pub async fn back(&mut self) -> Result<()> {
        self.transaction.execute("rollback to savepoint mark").await?;
        Ok(())
    }

    /// Gives the latest [`Tx::mark`] up and keeps what was done since, so that many marks one after the other do not lie
    /// one within the other.
    pub async fn unmark(&mut self) -> Result<()> {
        self.transaction.execute("release savepoint mark").await?;
        Ok(())
    }

    /// Makes it so.
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        again::kept();
        Ok(())
    }
}

/// Begins and says who asks in one round trip. The setting is the transaction's own and is gone with it.
async fn open(state: &State, organization: OrganizationId, user: UserId) -> Result<Transaction<'static, Postgres>> {
    let transaction = state.pool.begin_with(AssertSqlSafe(opening(organization, user))).await?;
    again::begun();
    Ok(transaction)
}

fn opening(organization: OrganizationId, user: UserId) -> String {
    // A simple query cannot bind; two typed UUIDs cannot carry anything but hexadecimal digits and dashes.
    format!("begin; select set_config('app.organization_id', '{organization}', true), set_config('app.user_id', '{user}', true)")
}

/// What is to be known of a member before anything else.
#[derive(sqlx::FromRow)]
struct Member {
    name: String,
    /// The tenant's name in addresses.
    slug: String,
    role: String,
    /// The rights that the role has in the database, each with its scope behind a space.
    own: Vec<String>,
    team: Vec<UserId>,
    products: Vec<String>,
    /// Which reference data holds.
    reference: Option<Uuid>,
}

/// The rights to all records, and those to some. A scope that nobody knows is none.
fn by_scope(rights: Vec<String>) -> (BTreeSet<String>, BTreeMap<String, Scope>) {
    let (mut all, mut narrow) = (BTreeSet::new(), BTreeMap::new());
    for (right, scope) in rights.iter().filter_map(|right| right.split_once(' ')) {
        match Scope::parse(scope) {
            Some(Scope::All) => drop(all.insert(right.to_owned())),
            Some(scope) => drop(narrow.insert(right.to_owned(), scope)),
            None => {}
        }
    }
    (all, narrow)
}

/// Reads it in one statement, which every transaction begins with.
async fn member(
    connection: &mut PgConnection,
    organization: OrganizationId,
    user: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Member>> {
    sqlx::query_as(
        "select u.name, o.slug, m.role_id as role,
                array(select p.permission || ' ' || p.scope from role_permissions p
                      where p.organization_id = m.organization_id and p.role_id = m.role_id) as own,
                case when exists (select from role_permissions p where p.organization_id = m.organization_id and p.role_id = m.role_id
                                    and p.scope = 'team')
                     then array(select distinct mate.user_id from team_members mine
                                join team_members mate on mate.organization_id = mine.organization_id and mate.team_id = mine.team_id
                                where mine.organization_id = m.organization_id and mine.user_id = m.user_id)
                     else '{}'::uuid[] end as team,
                array(select s.product_id from product_subscriptions s
                      where s.organization_id = m.organization_id and s.status in ('trialing', 'active', 'past_due')
                        and (s.current_period_end is null or s.current_period_end > $3)) as products,
                (select r.revision from reference_revisions r where r.organization_id = m.organization_id) as reference
         from memberships m
         join users u on u.id = m.user_id
         join organizations o on o.organization_id = m.organization_id
         where m.organization_id = $1 and m.user_id = $2 and m.status = 'active'",
    )
    .bind(organization)
    .bind(user)
    .bind(now)
    .fetch_optional(connection)
    .await
}

/// Asks in a transaction of nobody what those of requests ask, so that the connection knows how.
pub(crate) async fn rehearse(connection: &mut PgConnection, questions: &[Warm]) -> sqlx::Result<()> {
    let (nobody, nowhere) = (UserId(Uuid::nil()), OrganizationId(Uuid::nil()));
    connection.execute(AssertSqlSafe(opening(nowhere, nobody))).await?;
    member(connection, nowhere, nobody, DateTime::UNIX_EPOCH).await?;
    locations::warm(connection).await?;
    for ask in questions {
        ask(connection).await?;
    }
    connection.execute("rollback").await?;
    Ok(())
}

fn granted(state: &State, role: Role) -> BTreeSet<String> {
    permission::granted(state.modules, role).into_iter().map(|permission| permission.0.to_owned()).collect()
}
