//! What a proposal is made from, read at once: no statement per visit.

use std::collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry};

use chrono::{DateTime, Days, TimeDelta, Utc};
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId},
    input::Input,
    locations, time,
    time::{Interval, ZoneWindow},
};
use services::calendar::Status;
use sqlx::types::Json;

use super::{Ground, Held, Move, Proposal, ReseatAsked, Seat, Unplaced, reseat};
use crate::{
    answers::{name_of, named, with},
    appointments::{self, AvailabilityQuestion, Placed, Question, Who},
};

/// Days that are given away at once.
const LONGEST: i64 = 31;

#[derive(sqlx::FromRow)]
struct Row {
    activity: EntityId,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    version: i32,
    status: String,
    location_id: LocationId,
    place: Option<String>,
    visit: Option<EntityId>,
    patient: Option<EntityId>,
    treatment: Option<EntityId>,
    patient_name: Option<String>,
    treatment_name: Option<String>,
    resources: Vec<EntityId>,
    /// Of several treatments each with who gives it.
    steps: Option<Json<Vec<Placed>>>,
}

/// The ground and what is told beside it.
pub(super) struct Read {
    pub ground: Ground,
    pub asked: ReseatAsked,
    employee_name: String,
    /// By activity.
    pub seats: BTreeMap<EntityId, Seat>,
    skipped: Vec<Seat>,
    others: u32,
    pub names: Vec<(EntityId, String)>,
}

impl Read {
    /// Reads it.
    pub async fn of(tx: &mut Tx, asked: &ReseatAsked) -> Result<Read> {
        check(asked)?;
        let employee_name = practitioner(tx, asked.employee_id).await?;
        let (mut seats, mut skipped, mut others) = (BTreeMap::new(), Vec::new(), 0);
        let mut visits = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        let mut zones: HashMap<LocationId, ZoneWindow> = HashMap::new();
        for row in rows(tx, asked).await? {
            let zone = match zones.entry(row.location_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    let location = locations::get(tx, row.location_id).await?;
                    let (from, to) = (asked.from_date - Days::new(2), asked.to_date + Days::new(3));
                    unknown.insert(ZoneWindow::of(time::zone(&location.zone)?, from, to))
                }
            };
            let date = zone.date(row.starts_at);
            let status: Status = row.status.parse().map_err(Error::internal)?;
            if !(asked.from_date..=asked.to_date).contains(&date) || status.is_terminal() {
                continue;
            }
            let (Some(visit), Some(patient), Some(treatment)) = (row.visit, row.patient, row.treatment) else {
                others += 1;
                continue;
            };
            // The next patient of a session: they come one after the other.
            if let (Some(held), Some(seat)) =
                (visits.iter_mut().find(|held: &&mut Held| held.activity == row.activity), seats.get_mut(&row.activity))
            {
                let seat: &mut Seat = seat;
                held.patients.push(patient);
                seat.patient_name = [seat.patient_name.as_str(), row.patient_name.as_deref().unwrap_or_default()].join(", ");
                continue;
            }
            if status == Status::InProgress {
                others += 1;
                continue;
            }
            let seat = Seat {
                visit,
                activity: row.activity,
                version: row.version,
                patient_name: row.patient_name.unwrap_or_default(),
                treatment_name: row.treatment_name.unwrap_or_default(),
                start: row.starts_at,
                end: row.ends_at,
                wall_start: zone.wall(row.starts_at),
                wall_end: zone.wall(row.ends_at),
                place: row.place.unwrap_or_default(),
            };
            if asked.skip.contains(&visit) {
                skipped.push(seat);
                continue;
            }
            let steps = row.steps.map(|steps| steps.0).unwrap_or_default();
            let group = Group { treatment, location: row.location_id, steps };
            let need = group.need(asked.employee_id);
            let question = groups.iter().position(|known| *known == group).unwrap_or_else(|| {
                groups.push(group);
                groups.len() - 1
            });
            // A minute that has begun is taken.
            let minutes = (row.ends_at - row.starts_at + TimeDelta::seconds(59)).num_minutes();
            visits.push(Held {
                activity: row.activity,
                patients: vec![patient],
                question,
                need,
                start: row.starts_at,
                minutes: i32::try_from(minutes).unwrap_or(i32::MAX),
                usual: false,
                resources: row.resources,
                day: zone.day(date),
            });
            seats.insert(row.activity, seat);
        }
        let (mut questions, mut names) = (Vec::with_capacity(groups.len()), Vec::new());
        for group in &groups {
            let mut question = group.question(tx, asked).await?;
            // A session moves as a whole: it joins no other one.
            for time in &mut question.times {
                time.capacity = 1;
                time.busy.iter_mut().for_each(|busy| (busy.seats, busy.session) = (1, None));
            }
            names.extend(question.names.iter().cloned());
            questions.push(question);
        }
        for held in &mut visits {
            // Several treatments keep the lengths they have.
            let several = groups.get(held.question).is_some_and(|group| !group.steps.is_empty());
            let question = questions.get(held.question).filter(|_| !several);
            held.usual = question.is_some_and(|question| with(question, asked.employee_id).minutes == held.minutes);
        }
        let elsewhere = elsewhere(tx, &visits).await?;
        let ground = Ground { away: asked.employee_id, visits, questions, elsewhere };
        Ok(Read { ground, asked: asked.clone(), employee_name, seats, skipped, others, names })
    }

    /// The patients of a visit.
    pub fn patients(&self, activity: EntityId) -> Vec<EntityId> {
        self.ground.visits.iter().find(|held| held.activity == activity).map(|held| held.patients.clone()).unwrap_or_default()
    }

    /// Everybody and everything whose time the proposal may touch.
    pub fn resources(&self) -> Vec<EntityId> {
        let known = self.ground.questions.iter().flat_map(|question| question.times.iter().map(|time| time.resource));
        let own = self.ground.visits.iter().flat_map(|held| held.resources.iter().copied());
        known.chain(own).chain([self.ground.away]).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The proposal that follows.
    pub fn proposal(&self) -> Result<Proposal> {
        let mut outcome = reseat(&self.ground);
        let (mut moves, mut unplaced) = (Vec::new(), Vec::new());
        for held in &self.ground.visits {
            let (Some(seat), Some(found)) = (self.seats.get(&held.activity), outcome.remove(&held.activity)) else { continue };
            match found {
                Ok(slot) => {
                    let zone = &self.ground.questions[held.question].zone;
                    let name = |id: &EntityId| name_of(&self.names, *id);
                    let employee = slot.resources.get(held.need).copied().unwrap_or(self.ground.away);
                    moves.push(Move {
                        before: seat.clone(),
                        start: slot.start,
                        end: slot.end,
                        wall_start: zone.wall(slot.start),
                        wall_end: zone.wall(slot.end),
                        employee,
                        employee_name: name(&employee).unwrap_or_default(),
                        place: appointments::place(&self.ground.questions[held.question], &slot.resources),
                        resources: slot.resources,
                    });
                }
                Err(why) => unplaced.push(Unplaced { seat: seat.clone(), reasons: named(&why, &self.names) }),
            }
        }
        moves.sort_by_key(|found| (found.before.start, found.before.visit));
        unplaced.sort_by_key(|found| (found.seat.start, found.seat.visit));
        let stays: Vec<&Seat> = unplaced.iter().map(|found| &found.seat).chain(&self.skipped).collect();
        let token = token(&serde_json::to_vec(&(&self.asked, &moves, stays)).map_err(Error::internal)?);
        Ok(Proposal {
            token,
            employee_id: self.asked.employee_id,
            employee_name: self.employee_name.clone(),
            from_date: self.asked.from_date,
            to_date: self.asked.to_date,
            moves,
            unplaced,
            skipped: self.skipped.clone(),
            others: self.others,
        })
    }
}

/// Visits that ask for the same: one question serves them all.
#[derive(PartialEq, Eq)]
struct Group {
    /// The first.
    treatment: EntityId,
    location: LocationId,
    /// All of several; none of one alone.
    steps: Vec<Placed>,
}

impl Group {
    /// All the visit's practitioners, in the order of the needs that they serve.
    fn serving(&self) -> Vec<EntityId> {
        let mut serving: Vec<EntityId> = Vec::new();
        for step in &self.steps {
            if !serving.contains(&step.employee) {
                serving.push(step.employee);
            }
        }
        serving
    }

    /// Which of them is the one who is away.
    fn need(&self, away: EntityId) -> usize {
        self.serving().iter().position(|id| *id == away).unwrap_or(0)
    }

    /// What is asked: anyone qualified in place of whom is away, everybody else as they are.
    async fn question(&self, tx: &mut Tx, asked: &ReseatAsked) -> Result<Question> {
        let away = asked.employee_id;
        let mut further = appointments::kept_steps(self.steps.iter().copied(), |who| who);
        for one in &mut further {
            if one.who == Who::Named(away) {
                one.who = Who::Anyone;
            }
        }
        let first = self.steps.first();
        let wanted = AvailabilityQuestion {
            location: self.location,
            treatment: self.treatment,
            employee: first.map(|step| step.employee).filter(|employee| *employee != away),
            patient: None,
            from: asked.from_date,
            to: asked.to_date,
            moving: None,
            further: Vec::new(),
            channel: Default::default(),
        };
        let mut question = appointments::together(tx, &wanted, (first.map(|step| step.minutes), false), &further).await?.0;
        appointments::apart(&mut question.wish, &self.serving());
        Ok(question)
    }
}

/// FNV-1a of what was proposed. It guards nobody from malice, for the server makes the proposal again itself; it tells
/// whether the same one comes out.
fn token(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}-{}", bytes.len())
}

fn check(asked: &ReseatAsked) -> Result<()> {
    let mut input = Input::new();
    input.year("from_date", &asked.from_date);
    input.year("to_date", &asked.to_date);
    input.check(asked.from_date <= asked.to_date, "to_date", "order", "The end must come after the start.");
    input.check((asked.to_date - asked.from_date).num_days() < LONGEST, "to_date", "range", "At most 31 days are given away at once.");
    input.check(asked.skip.len() <= 1_000, "skip", "too_long", "At most 1000 visits.");
    input.finish()
}

async fn practitioner(tx: &mut Tx, id: EntityId) -> Result<String> {
    let organization = tx.organization();
    sqlx::query_scalar(
        "select r.name from gabinet_employees e join resources r on r.organization_id = e.organization_id and r.id = e.id
         where e.organization_id = $1 and e.id = $2",
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(tx.conn())
    .await?
    .ok_or(Error::NotFound)
}

/// What takes the practitioner's time around those dates, by start.
async fn rows(tx: &mut Tx, asked: &ReseatAsked) -> Result<Vec<Row>> {
    let (organization, now) = (tx.organization(), tx.now());
    // Local dates begin up to a day before and end up to a day after those of UTC.
    let midnight = |date: chrono::NaiveDate| date.and_time(chrono::NaiveTime::MIN).and_utc();
    let (from, to) = (midnight(asked.from_date - Days::new(1)), midnight(asked.to_date + Days::new(2)));
    Ok(sqlx::query_as(
        "select a.id as activity, a.starts_at, a.ends_at, a.version, a.status, a.location_id, a.face ->> 'place' as place,
                v.id as visit, v.patient_id as patient, v.treatment_id as treatment,
                p.given_name || ' ' || p.family_name as patient_name,
                coalesce((select string_agg(st.name, ' + ' order by s.nth) from gabinet_visit_steps s
                          join gabinet_treatments st on st.organization_id = s.organization_id and st.id = s.treatment_id
                          where s.organization_id = v.organization_id and s.visit_id = v.id), t.name) as treatment_name,
                (select jsonb_agg(jsonb_build_object('treatment', s.treatment_id, 'employee', s.employee_id,
                            'offset', s.offset_minutes, 'minutes', s.minutes) order by s.nth)
                 from gabinet_visit_steps s where s.organization_id = v.organization_id and s.visit_id = v.id) as steps,
                array(select distinct o.resource_id from resource_bookings o
                      where o.organization_id = a.organization_id and o.activity_id = a.id order by o.resource_id) as resources
         from scheduled_activities a
         left join gabinet_appointments v on v.organization_id = a.organization_id and v.activity_id = a.id
              and (v.seat_status is null or v.seat_status not in ('cancelled', 'no_show'))
         left join persons p on p.organization_id = v.organization_id and p.id = v.patient_id
         left join gabinet_treatments t on t.organization_id = v.organization_id and t.id = v.treatment_id
         where a.organization_id = $1 and a.id in (
             select b.activity_id from resource_bookings b
             where b.organization_id = $1 and b.resource_id = $2 and b.occupies and b.starts_at < $4 and b.ends_at > $3
               and b.starts_at > $3 - interval '33 days' and (b.held_until is null or b.held_until > $5))
         order by a.starts_at, a.id, v.id",
    )
    .bind(organization)
    .bind(asked.employee_id)
    .bind(from)
    .bind(to)
    .bind(now)
    .fetch_all(tx.conn())
    .await?)
}

/// What their patients have booked on those days, these visits included.
async fn elsewhere(tx: &mut Tx, visits: &[Held]) -> Result<Vec<(EntityId, EntityId, Interval)>> {
    let (Some(from), Some(to)) = (visits.iter().map(|held| held.day.start).min(), visits.iter().map(|held| held.day.end).max()) else {
        return Ok(Vec::new());
    };
    let organization = tx.organization();
    let rows: Vec<(EntityId, EntityId, DateTime<Utc>, DateTime<Utc>)> = sqlx::query_as(
        "select subject_id, id, starts_at, ends_at from scheduled_activities
         where organization_id = $1 and subject_id = any ($2) and starts_at < $4 and ends_at > $3 and starts_at > $3 - interval '32 days'
           and status not in ('cancelled', 'no_show', 'moved', 'expired')
         union all
         select v.patient_id, a.id, a.starts_at, a.ends_at from gabinet_appointments v
         join scheduled_activities a on a.organization_id = v.organization_id and a.id = v.activity_id
         where v.organization_id = $1 and v.patient_id = any ($2) and v.seat_status not in ('cancelled', 'no_show')
           and a.starts_at < $4 and a.ends_at > $3 and a.starts_at > $3 - interval '32 days'
           and a.status not in ('cancelled', 'no_show', 'moved', 'expired')
         order by 2, 1",
    )
    .bind(organization)
    .bind(visits.iter().flat_map(|held| held.patients.iter().copied()).collect::<Vec<_>>())
    .bind(from)
    // A treatment that begins late reaches into the next day.
    .bind(to + TimeDelta::days(1))
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|(patient, activity, start, end)| (patient, activity, Interval { start, end })).collect())
}
