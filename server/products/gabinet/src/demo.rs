//! Furnishes a demonstration clinic: catalogue, staff, rooms, patients, and eight weeks of believable visits around
//! today. What is there is made by the functions that serve the screens, on a clock that stands some weeks back; the
//! visits are taken over with their history, under the same constraints.

mod catalogue;
mod diary;
mod outcome;
mod plans;
mod special;
#[cfg(all(test, feature = "testing"))]
mod tests;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use futures::future::BoxFuture;
use platform::{Result, State, Tx, id::EntityId, state::Clock, time, time::ZoneWindow, tx::Door};
use services::{
    calendar::{
        ResourceKind, Status,
        generic::{self, NewGeneric},
        moves,
    },
    hooks::{DemoTenant, StatusChange},
    resources::{self, ResourceInput},
};

use crate::{
    employees::{self, EmployeeInput, EquipmentInput},
    hours::{self, ClosureInput, DateHours, LeaveInput, Weekly, WeeklyKind, WorkingHours},
    patients::{self, Patient, PatientInput},
    treatments::{self, Treatment, TreatmentInput, TreatmentNeed},
};
use catalogue::{AUSTIN, Clinic, LIPOWA, Practitioner};

/// Weeks of visits on either side of today.
const WEEKS: u64 = 4;

/// The module's demo hook.
pub fn write<'a>(state: &'a State, tenant: &'a DemoTenant) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let clinic = if tenant.country == "PL" { &LIPOWA } else { &AUSTIN };
        let now = state.clock.now();
        let today = now.with_timezone(&time::zone(&tenant.zone)?).date_naive();
        let past = State { clock: Clock::starting_at(now - TimeDelta::days(35)), ..state.clone() };
        let mut tx = Tx::begin_for_system(&past, tenant.organization, Door::Demo).await?;
        let catalogue = catalogue(&mut tx, clinic).await?;
        let specials = special::catalogue(&mut tx, tenant).await?;
        things(&mut tx, clinic, tenant).await?;
        let staff = staff(&mut tx, clinic, tenant, (&catalogue, &specials), today).await?;
        holidays(&mut tx, tenant, today).await?;
        let patients = people(&mut tx, clinic).await?;
        let meeting = meeting(&mut tx, clinic, tenant, &staff, today).await?;
        let from = today.checked_sub_days(Days::new(7 * WEEKS)).unwrap_or(today);
        let to = today.checked_add_days(Days::new(7 * WEEKS)).unwrap_or(today);
        diary::write(&mut tx, &diary::Around { clinic, tenant, from, today, to, now }, &catalogue, &staff, &patients).await?;
        plans::write(&mut tx, tenant, today, (&catalogue, &specials), &patients).await?;
        tx.commit().await?;
        match meeting {
            Some((id, end)) if end <= now => adjourn(state, tenant, id).await,
            _ => Ok(()),
        }
    })
}

/// A small generator, so that the demo is the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// So many minutes, from 1.
    fn minutes(&mut self, at_most: usize) -> TimeDelta {
        TimeDelta::minutes(i64::try_from(self.roll(at_most)).unwrap_or(0) + 1)
    }
}

async fn catalogue(tx: &mut Tx, clinic: &Clinic) -> Result<Vec<Treatment>> {
    let mut made = Vec::new();
    for treatment in clinic.treatments {
        let needs = [(ResourceKind::Room, treatment.room), (ResourceKind::Device, treatment.device)];
        let input = TreatmentInput {
            id: None,
            category: treatment.category.into(),
            name: treatment.name.into(),
            duration: treatment.minutes,
            buffer_before: treatment.before,
            buffer_after: treatment.after,
            price: treatment.price * 100,
            hue: treatment.hue,
            active: true,
            needs: needs.into_iter().filter_map(|(kind, sort_of)| Some(TreatmentNeed::throughout(kind, sort_of?))).collect(),
            rules: treatments::Rules::default(),
            terms: Vec::new(),
            version: 0,
        };
        made.push(treatments::create(tx, &input).await?);
    }
    Ok(made)
}

async fn things(tx: &mut Tx, clinic: &Clinic, tenant: &DemoTenant) -> Result<()> {
    for (place, thing) in clinic.things.iter().enumerate() {
        let input = ResourceInput {
            id: None,
            kind: if thing.room { ResourceKind::Room } else { ResourceKind::Device },
            name: thing.name.into(),
            hue: 200,
            location: Some(tenant.location),
            user: None,
            sort: i32::try_from(place).unwrap_or(0),
            active: true,
            version: 0,
        };
        let made = resources::insert(tx, &input).await?;
        employees::set_equipment(tx, made.id, &EquipmentInput { sorts: vec![thing.sort_of.into()], version: 1 }).await?;
    }
    Ok(())
}

/// Practitioners with those treatments they do that are drawn by lot.
type Staff = Vec<(EntityId, Vec<EntityId>)>;

async fn staff(
    tx: &mut Tx,
    clinic: &Clinic,
    tenant: &DemoTenant,
    (catalogue, specials): (&[Treatment], &[Treatment]),
    today: NaiveDate,
) -> Result<Staff> {
    let mut made = Vec::new();
    for (place, person) in clinic.practitioners.iter().enumerate() {
        let gives = |treatment: &&Treatment| person.categories.contains(&treatment.category.as_str());
        let treatments: Vec<EntityId> = catalogue.iter().filter(gives).map(|treatment| treatment.id).collect();
        let special = specials.iter().filter(gives).map(|treatment| treatment.id);
        let input = EmployeeInput {
            id: None,
            name: person.name.into(),
            position: person.position.into(),
            hue: person.hue,
            location: Some(tenant.location),
            user: person.doctor.then_some(tenant.doctor),
            sort: i32::try_from(place).unwrap_or(0),
            active: true,
            treatments: treatments.iter().copied().chain(special).collect(),
            contract_minutes: Some(contract(person)),
            version: 0,
        };
        let employee = employees::create(tx, &input).await?;
        let (opens, closes) = person.hours;
        let stretches = [(WeeklyKind::Window, opens * 60, closes * 60), (WeeklyKind::Break, person.pause * 60, person.pause * 60 + 30)];
        let mut weekly: Vec<Weekly> = person
            .days
            .iter()
            .flat_map(|weekday| stretches.map(|(kind, starts, ends)| Weekly { weekday: *weekday, kind, starts, ends, ..Weekly::default() }))
            .collect();
        if person.saturdays {
            // After the weeks whose visits are drawn by lot.
            let from = today.checked_add_days(Days::new(7 * WEEKS + 1));
            let (weekday, kind, every_weeks) = (6, WeeklyKind::Window, 2);
            weekly.push(Weekly { weekday, kind, starts: 540, ends: 780, every_weeks, anchor: from, valid_from: from, ..Weekly::default() });
        }
        hours::set(tx, employee.id, &WorkingHours { weekly, dates: extra(person, today) }).await?;
        if let Some((first, last)) = person.leave {
            let leave = LeaveInput {
                from_date: today + TimeDelta::days(first),
                to_date: today + TimeDelta::days(last),
                reason: if tenant.country == "PL" { "urlop".into() } else { "vacation".into() },
                ..LeaveInput::default()
            };
            hours::add_leave(tx, employee.id, &leave).await?;
        }
        made.push((employee.id, treatments));
    }
    Ok(made)
}

/// What the days and hours come to in a week, without the break of half an hour.
fn contract(person: &Practitioner) -> i32 {
    let (opens, closes) = person.hours;
    (i32::from(closes - opens) * 60 - 30) * i32::try_from(person.days.len()).unwrap_or(5)
}

/// Whoever tries the demo at a weekend finds the clinic open that day: there would be nothing to see.
fn extra(person: &Practitioner, today: NaiveDate) -> Vec<DateHours> {
    let weekday = i16::try_from(today.weekday().number_from_monday()).unwrap_or(1);
    if weekday < 6 || person.days.contains(&weekday) {
        return Vec::new();
    }
    let ((opens, closes), pause) = (person.hours, person.pause * 60);
    vec![DateHours { date: today, windows: vec![(opens * 60, pause), (pause + 30, closes * 60)], location: None }]
}

/// The public holidays of the country that fall into the weeks shown or soon after; none today, see [`extra`].
async fn holidays(tx: &mut Tx, tenant: &DemoTenant, today: NaiveDate) -> Result<()> {
    let country = hours::holidays::Country::parse(&tenant.country);
    for year in [today.year() - 1, today.year(), today.year() + 1] {
        for holiday in country.map(|country| hours::holidays::of(country, year)).unwrap_or_default() {
            if (1..=60).contains(&(holiday.date - today).num_days().abs()) {
                let new = ClosureInput { location: Some(tenant.location), on_date: holiday.date, name: holiday.name };
                hours::add_closure(tx, &new).await?;
            }
        }
    }
    Ok(())
}

async fn people(tx: &mut Tx, clinic: &Clinic) -> Result<Vec<Patient>> {
    let mut dice = Dice(0xFACE);
    let mut made = Vec::with_capacity(clinic.patients);
    for n in 0..clinic.patients {
        let given = clinic.given_names[dice.roll(clinic.given_names.len())];
        let (feminine, masculine) = clinic.family_names[dice.roll(clinic.family_names.len())];
        let family = if given.ends_with('a') { feminine } else { masculine };
        let age = 18 + u64::try_from(dice.roll(58)).unwrap_or(0);
        let birth_date = NaiveDate::from_ymd_opt(2007, 1, 1)
            .and_then(|latest| latest.checked_sub_days(Days::new((age - 18) * 365 + u64::try_from(dice.roll(365)).unwrap_or(0))));
        let input = PatientInput {
            given_name: given.into(),
            family_name: family.into(),
            birth_date,
            phone: Some(format!("{}{:06}", clinic.phone, 100_000 + n * 2_749 % 899_999).chars().take(12).collect()),
            email: (n % 3 != 0).then(|| format!("patient{n}@mail.example")),
            allergies: if n % 11 == 0 { clinic.allergies[dice.roll(clinic.allergies.len())].into() } else { String::new() },
            ..PatientInput::default()
        };
        made.push(patients::create(tx, &input).await?);
    }
    Ok(made)
}

/// A meeting of the whole team today, in the half hour in which most of them are there; its id and end.
async fn meeting(
    tx: &mut Tx,
    clinic: &Clinic,
    tenant: &DemoTenant,
    staff: &Staff,
    today: NaiveDate,
) -> Result<Option<(EntityId, DateTime<Utc>)>> {
    let weekday = i16::try_from(today.weekday().number_from_monday()).unwrap_or(1);
    let there = |person: &Practitioner, minute: i16| {
        let works = person.days.contains(&weekday) || !extra(person, today).is_empty();
        let away = person.leave.is_some_and(|(first, last)| (first..=last).contains(&0));
        let (opens, closes) = person.hours;
        let pause = (person.pause * 60 - 30..person.pause * 60 + 30).contains(&minute);
        works && !away && opens * 60 <= minute && minute + 30 <= closes * 60 && !pause
    };
    let team = |minute: i16| -> Vec<EntityId> {
        clinic.practitioners.iter().zip(staff).filter(|(person, _)| there(person, minute)).map(|(_, (id, _))| *id).collect()
    };
    // Of equally good times the latest: by then more of the day has come and gone.
    let Some(minute) = [600, 660, 750, 780, 810].into_iter().max_by_key(|minute| team(*minute).len()) else { return Ok(None) };
    let resources = team(minute);
    if resources.is_empty() {
        return Ok(None);
    }
    let zone = ZoneWindow::of(time::zone(&tenant.zone)?, today, today);
    let wall = today.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
    let start = zone.instant(wall).rule_boundary();
    let end = start + TimeDelta::minutes(30);
    let new = NewGeneric {
        id: None,
        activity_type: "meeting".into(),
        title: if tenant.country == "PL" { "Odprawa zespołu".into() } else { "Team meeting".into() },
        description: String::new(),
        location: tenant.location,
        start,
        end,
        resources,
        overbook_reason: None,
    };
    Ok(Some((generic::book(tx, &new).await?.id, end)))
}

/// What is over has taken place.
async fn adjourn(state: &State, tenant: &DemoTenant, meeting: EntityId) -> Result<()> {
    let mut tx = Tx::begin_for_system(state, tenant.organization, Door::Demo).await?;
    moves::set_status(&mut tx, meeting, &StatusChange { version: 1, to: Status::Completed, reason: String::new() }).await?;
    tx.commit().await
}
