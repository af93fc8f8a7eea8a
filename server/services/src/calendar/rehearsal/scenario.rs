//! What is told. Times are texts here, so that each fault is named by its field; `null` is as good as left out.

mod resource;

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

pub use resource::{Dated, Day, Leave, Resource, Taken, Weekly};

use crate::calendar::slots::{Align, Per};

/// A clinic as it would be, and what somebody wants time for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// IANA name of the zone in which wall-clock times are meant.
    #[schema(example = "Europe/Warsaw")]
    pub zone: String,
    /// The clock of the rehearsal. Without it there is no notice, no horizon and no past.
    #[schema(format = DateTime)]
    pub now: Option<String>,
    /// First local date of the starts.
    #[schema(format = Date)]
    pub from: String,
    /// Last local date of the starts, at most 400 days later.
    #[schema(format = Date)]
    pub to: String,
    /// Minutes from one start of the grid to the next.
    #[schema(minimum = 1, maximum = 1440)]
    pub step: i64,
    /// Where the grid begins: `window` if not given.
    pub align: Option<Align>,
    pub treatment: Treatment,
    /// One of role `staff` if not given.
    #[schema(max_items = 20)]
    pub needs: Option<Vec<Need>>,
    #[schema(max_items = 200)]
    pub resources: Option<Vec<Resource>>,
    /// Local dates on which everybody is away.
    #[schema(max_items = 1000)]
    pub closures: Option<Vec<String>>,
    pub rules: Option<Rules>,
    /// Starts of bookings that count against the limits.
    #[schema(max_items = 20000)]
    pub counted: Option<Vec<String>>,
    pub reschedule: Option<Reschedule>,
    /// Whether the grid's starts that are not free are listed with the reasons.
    pub explain: Option<bool>,
}

/// A scenario with one time proposed in it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProposedScenario)]
pub struct Check {
    /// IANA name of the zone in which wall-clock times are meant.
    #[schema(example = "Europe/Warsaw")]
    pub zone: String,
    /// The clock of the rehearsal. Without it there is no notice, no horizon and no past.
    #[schema(format = DateTime)]
    pub now: Option<String>,
    /// First local date of the alternatives.
    #[schema(format = Date)]
    pub from: String,
    /// Last local date of the alternatives, at most 400 days later.
    #[schema(format = Date)]
    pub to: String,
    /// Minutes from one alternative of the grid to the next.
    #[schema(minimum = 1, maximum = 1440)]
    pub step: i64,
    /// Where the grid of the alternatives begins: `window` if not given.
    pub align: Option<Align>,
    pub treatment: Treatment,
    /// One of role `staff` if not given.
    #[schema(max_items = 20)]
    pub needs: Option<Vec<Need>>,
    #[schema(max_items = 200)]
    pub resources: Option<Vec<Resource>>,
    /// Local dates on which everybody is away.
    #[schema(max_items = 1000)]
    pub closures: Option<Vec<String>>,
    pub rules: Option<Rules>,
    /// Starts of bookings that count against the limits.
    #[schema(max_items = 20000)]
    pub counted: Option<Vec<String>>,
    pub reschedule: Option<Reschedule>,
    /// As in a simulation; it changes nothing here.
    pub explain: Option<bool>,
    pub propose: Propose,
}

impl Check {
    /// The scenario, and what is proposed in it.
    pub(super) fn parts(self) -> (Scenario, Propose) {
        let Check { zone, now, from, to, step, align, treatment, needs, resources, closures, rules, counted, reschedule, explain, propose } =
            self;
        let scenario =
            Scenario { zone, now, from, to, step, align, treatment, needs, resources, closures, rules, counted, reschedule, explain };
        (scenario, propose)
    }
}

/// A time that somebody would take.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// An instant with its offset; either this or `start_local`.
    #[schema(format = DateTime)]
    pub start: Option<String>,
    /// What the clock shows at the start, `2027-03-28T02:30`: the first pass of a time that it shows twice.
    pub start_local: Option<String>,
    /// Who would serve each role. For a role that is not named the first who could, or else the first who might.
    pub resources: Option<BTreeMap<String, String>>,
}

/// What takes time.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedTreatment)]
pub struct Treatment {
    /// Minutes.
    #[schema(minimum = 1, maximum = 1440)]
    pub duration: i64,
    /// Minutes; 0 if not given.
    #[schema(minimum = 0, maximum = 1440)]
    pub buffer_before: Option<i64>,
    /// Minutes; 0 if not given.
    #[schema(minimum = 0, maximum = 1440)]
    pub buffer_after: Option<i64>,
    /// When a role is occupied: throughout if it has none.
    #[schema(max_items = 100)]
    pub segments: Option<Vec<Segment>>,
}

/// A part of the treatment that occupies a role.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedSegment)]
pub struct Segment {
    #[schema(min_length = 1, max_length = 40)]
    pub role: String,
    /// Minutes after the start.
    #[schema(minimum = 0, maximum = 1440)]
    pub from: i64,
    /// Minutes after the start, more than `from` and at most the duration.
    #[schema(minimum = 1, maximum = 1440)]
    pub to: i64,
}

/// One resource out of several. Each role is needed once.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedNeed)]
pub struct Need {
    #[schema(min_length = 1, max_length = 40)]
    pub role: String,
    /// Ids of resources, the preferred one first; all of the role, in their order, if not given.
    #[schema(max_items = 200)]
    pub any_of: Option<Vec<String>>,
}

/// What holds for all.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedRules)]
pub struct Rules {
    /// Elapsed minutes between now and the first start; 0 if not given.
    #[schema(minimum = 0, maximum = 10000000)]
    pub notice_minutes: Option<i64>,
    /// Local dates after today's, inclusive: 0 is today only.
    #[schema(minimum = 0, maximum = 100000)]
    pub horizon_days: Option<i64>,
    /// Whether buffers must lie inside the hours too.
    pub buffers_inside_hours: Option<bool>,
    /// The day on which weeks begin; `mo` if not given.
    pub week_start: Option<Day>,
    #[schema(max_items = 20)]
    pub limits: Option<Vec<Limit>>,
}

/// At most so many starts in each day, week or month.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedLimit)]
pub struct Limit {
    pub per: Per,
    #[schema(minimum = 0, maximum = 1000000)]
    pub max: i64,
}

/// The booking that is being moved. It stays in `busy` and in `counted`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RehearsedMove)]
pub struct Reschedule {
    #[schema(format = DateTime)]
    pub start: String,
    #[schema(format = DateTime)]
    pub end: String,
    /// Ids of those whose time it takes.
    #[schema(max_items = 200)]
    pub resources: Option<Vec<String>>,
}
