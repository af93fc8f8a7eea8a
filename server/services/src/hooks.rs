//! What a module does on the server beyond its own screens and tables: the half of its contract that needs a
//! transaction. Plain function pointers in a `const`, listed once in the server.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;
use platform::{
    Result, State, Tx,
    database::Warm,
    id::{EntityId, LocationId, OrganizationId, UserId},
    jobs,
    module::Module,
    time::Interval,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    calendar::{Hours, Status, activities::Activity, slots::Carried},
    records::RecordSource,
};

/// A module that knows hours.
pub struct HoursSource {
    /// Reads them.
    pub ask: HoursHook,
    /// The tables of the module in which they stand. What is read of them is kept until one of them changes, so each must
    /// be called a `reference_table` by a migration; `schema` in the server's tests sees to it.
    pub tables: &'static [&'static str],
}

/// All modules' hooks, as the server lists them; kept in the state's extensions.
#[derive(Clone, Copy)]
pub struct Hooks(pub &'static [&'static ModuleHooks]);

/// When are these resources there?
pub struct HoursQuestion {
    pub resources: Vec<EntityId>,
    pub location: LocationId,
    /// First local date.
    pub from: NaiveDate,
    /// The local date after the last.
    pub to: NaiveDate,
    /// In which the dates and all wall-clock rules are read (R2).
    pub zone: Tz,
}

/// A move or a new length, as the drag and `PUT /activities` send it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveTo {
    /// The version that was seen (R18).
    pub version: i32,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    /// Whose column it leaves; none if it stays with whom it is.
    #[serde(default)]
    pub resource_from: Option<EntityId>,
    /// Whose column it goes to.
    #[serde(default)]
    pub resource_to: Option<EntityId>,
    /// Books over what stands against it, for those who may (R12).
    #[serde(default)]
    pub overbook_reason: Option<String>,
    /// Takes the asker's own last move back: start and end are where it stood before. It gets what it had there, over what it
    /// lay over, and no rule is asked again but whether somebody has taken the place meanwhile.
    #[serde(default)]
    pub back: bool,
}

/// Which places of an activity are asked about.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The first date, in the location's zone.
    pub from: NaiveDate,
    /// The date after the last.
    pub to: NaiveDate,
    /// Whether the activity stays and the like of it is booked there.
    pub copy: bool,
}

/// A step to another status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// The version that was seen (R18).
    pub version: i32,
    pub to: Status,
    #[serde(default)]
    pub reason: String,
}

/// Two activities that change places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    pub first: EntityId,
    /// The version of it that was seen (R18).
    pub first_version: i32,
    pub second: EntityId,
    pub second_version: i32,
    /// Books over what stands against either, for those who may (R12).
    #[serde(default)]
    pub overbook_reason: Option<String>,
}

/// One of several that are moved at once, as [`MoveTo`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveOne {
    pub activity: EntityId,
    /// The version that was seen (R18).
    pub version: i32,
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
    #[serde(default)]
    pub resource_from: Option<EntityId>,
    #[serde(default)]
    pub resource_to: Option<EntityId>,
    /// Takes the asker's own last move of it back, as [`MoveTo::back`].
    #[serde(default)]
    pub back: bool,
}

/// Several activities that are moved at once, all of them or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveTogether {
    #[schema(min_items = 1, max_items = 50)]
    pub moves: Vec<MoveOne>,
    /// Books over what stands against any of them, for those who may (R12).
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub overbook_reason: Option<String>,
}

/// Time of resources that was given back: by what was cancelled, moved away, taken off the calendar, or held in vain.
#[derive(Clone, Debug)]
pub struct Freed {
    pub location: LocationId,
    /// Whose, and when, with buffers.
    pub parts: Vec<(EntityId, Interval)>,
}

/// Something written down about an activity, beside what was written before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// A demonstration tenant that a module may furnish.
pub struct DemoTenant {
    pub organization: OrganizationId,
    pub location: LocationId,
    /// The demo's doctor, who signs in.
    pub doctor: UserId,
    /// ISO 3166.
    pub country: String,
    /// IANA name.
    pub zone: String,
}

type HoursHook = for<'a> fn(&'a mut Tx, &'a HoursQuestion) -> BoxFuture<'a, Result<Vec<Hours>>>;
type CarriedHook = for<'a> fn(&'a mut Tx, &'a Activity, &'a Bounds) -> BoxFuture<'a, Result<Carried>>;
type MoveHook = for<'a> fn(&'a mut Tx, &'a Activity, &'a MoveTo) -> BoxFuture<'a, Result<Activity>>;
type StatusHook = for<'a> fn(&'a mut Tx, &'a Activity, &'a StatusChange) -> BoxFuture<'a, Result<Activity>>;
type SwapHook = for<'a> fn(&'a mut Tx, &'a Swap) -> BoxFuture<'a, Result<(Activity, Activity)>>;
type HoldHook = for<'a> fn(&'a mut Tx, &'a [EntityId]) -> BoxFuture<'a, Result<()>>;
type FreedHook = for<'a> fn(&'a mut Tx, &'a Freed) -> BoxFuture<'a, Result<()>>;
type NoteHook = for<'a> fn(&'a mut Tx, &'a Activity, &'a Note) -> BoxFuture<'a, Result<()>>;
type CompanyHook = for<'a> fn(&'a mut Tx, EntityId) -> BoxFuture<'a, Result<()>>;
type DemoHook = for<'a> fn(&'a State, &'a DemoTenant) -> BoxFuture<'a, Result<()>>;

/// One module's hooks; each may be left out.
pub struct ModuleHooks {
    pub module: &'static Module,
    /// The hours of those of the resources that it knows.
    pub hours: Option<HoursSource>,
    /// By what the places of an activity of its types are judged, so that a drag is judged in the browser as `move_to` judges
    /// it. Without it the browser goes by what it has drawn.
    pub carried: Option<CarriedHook>,
    /// Moves and resizes activities of its types by its own rules.
    pub move_to: Option<MoveHook>,
    /// Lets two activities of one of its types change places, both or neither.
    pub swap: Option<SwapHook>,
    /// Holds until the end of the transaction whatever moving these activities holds before it takes its turn at the
    /// resources, in an order that does not depend on theirs: before several are moved at once.
    pub hold: Option<HoldHook>,
    /// Takes activities of its types a step further by its own rules.
    pub set_status: Option<StatusHook>,
    /// Adds a note to what is known of an activity of its types.
    pub note: Option<NoteHook>,
    /// Hears, in the transaction that does it, that any activity of whichever module gives time back: perhaps somebody waits
    /// for it. Nothing says that the time is still free when that transaction ends.
    pub freed: Option<FreedHook>,
    /// How its records are read and written by what knows no product: lists, filters, import, the doors of all types.
    pub records: &'static [RecordSource],
    /// What it tells of humans, and what becomes of its rows when two records turn out to be one human.
    pub persons: Option<&'static crate::persons::PersonHooks>,
    /// A company, which is held, is called otherwise from now on: the module finds its own records by the new name.
    pub company_renamed: Option<CompanyHook>,
    /// Its REST routes, relative to `/api/v1`.
    pub rest: Option<fn() -> OpenApiRouter<State>>,
    /// Further tables of the module of which it keeps what it reads ([`platform::reference`]), each called a
    /// `reference_table` by a migration as those of its hours are.
    pub reference: &'static [&'static str],
    /// Rehearses on a new connection what must be answered at once.
    pub warm: Option<Warm>,
    /// What it does outside of requests.
    pub jobs: &'static [&'static jobs::Kind],
    /// Furnishes a demonstration tenant.
    pub demo: Option<DemoHook>,
}

/// The hooks of all modules; none where no server has put any into the state.
pub fn all(state: &State) -> &'static [&'static ModuleHooks] {
    state.extension::<Hooks>().map_or(&[], |hooks| hooks.0)
}

/// Tells all modules that time was given back.
///
/// # Errors
/// Those of the modules.
pub(crate) async fn freed(tx: &mut Tx, freed: &Freed) -> Result<()> {
    for hear in all(tx.state()).iter().filter_map(|module| module.freed) {
        hear(tx, freed).await?;
    }
    Ok(())
}

/// All that is done outside of requests, by the shared services and by these modules.
pub fn kinds(Hooks(modules): Hooks) -> jobs::Kinds {
    let own: [&jobs::Kind; 3] = [&crate::calendar::sync::JOB, &crate::fields::WORK, &crate::imports::WORK];
    jobs::Kinds(own.into_iter().chain(modules.iter().flat_map(|module| module.jobs.iter().copied())).collect())
}

/// What each new connection rehearses before it serves: what the shared services and these modules ask.
pub fn warm(Hooks(modules): Hooks) -> Vec<Warm> {
    std::iter::once(crate::calendar::warm as Warm).chain(modules.iter().filter_map(|module| module.warm)).collect()
}

/// The hooks of the module that has registered an activity type.
pub fn of_activity_type(state: &State, key: &str) -> Option<&'static ModuleHooks> {
    all(state).iter().copied().find(|hooks| hooks.module.activity_type(key).is_some())
}

/// The registered activity type of that key, of whichever module.
pub fn activity_type(state: &State, key: &str) -> Option<&'static platform::module::ActivityType> {
    state.modules.iter().find_map(|module| module.activity_type(key))
}
