//! Furnishes a demonstration clinic: catalogue, staff, rooms, patients, and eight weeks of believable visits around
//! today. Everything goes through the functions that serve the screens, on clocks that stand at the right moment.

mod catalogue;

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use futures::future::BoxFuture;
use platform::{
    Error, Result, State, Tx,
    id::EntityId,
    state::Clock,
    time,
    time::{Interval, ZoneWindow},
    tx::Door,
};
use services::{
    calendar::{
        ResourceKind, Status,
        generic::{self, NewGeneric},
    },
    hooks::DemoTenant,
    resources::{self, ResourceInput},
};

use crate::{
    appointments::{self, AvailabilityQuestion, Book, Transition},
    employees::{self, EmployeeInput, EquipmentInput},
    hours::{self, ClosureInput, LeaveInput, Weekly, WeeklyKind, WorkingHours},
    patients::{self, PatientInput},
    treatments::{self, Treatment, TreatmentInput, TreatmentNeed},
};
use catalogue::{AUSTIN, Clinic, LIPOWA};

/// Weeks of visits on either side of today.
const WEEKS: u64 = 4;

/// The module's demo hook.
pub fn write<'a>(state: &'a State, tenant: &'a DemoTenant) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let clinic = if tenant.country == "PL" { &LIPOWA } else { &AUSTIN };
        let today = state.clock.now().with_timezone(&time::zone(&tenant.zone)?).date_naive();
        let past = State { clock: Clock::starting_at(state.clock.now() - TimeDelta::days(35)), ..state.clone() };
        let mut tx = Tx::begin_for_system(&past, tenant.organization, Door::Demo).await?;
        let catalogue = catalogue(&mut tx, clinic).await?;
        things(&mut tx, clinic, tenant).await?;
        let staff = staff(&mut tx, clinic, tenant, &catalogue, today).await?;
        holiday(&mut tx, tenant, today).await?;
        let patients = people(&mut tx, clinic).await?;
        tx.commit().await?;
        let mut dice = Dice(0x5EED);
        let from = today.checked_sub_days(Days::new(7 * WEEKS)).unwrap_or(today);
        for date in from.iter_days().take(14 * usize::try_from(WEEKS).unwrap_or(4)) {
            let visits = day(&past, tenant, clinic, &catalogue, &staff, &patients, date, &mut dice).await?;
            if date <= today {
                walk(state, tenant, &visits, &mut dice).await?;
            }
        }
        meeting(&past, tenant, &staff, today).await
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
            needs: needs.into_iter().filter_map(|(kind, sort_of)| Some(TreatmentNeed { kind, sort_of: sort_of?.into() })).collect(),
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
        };
        let made = resources::insert(tx, &input).await?;
        employees::set_equipment(tx, made.id, &EquipmentInput { sorts: vec![thing.sort_of.into()] }).await?;
    }
    Ok(())
}

/// Practitioners with the treatments they do.
type Staff = Vec<(EntityId, Vec<EntityId>)>;

async fn staff(tx: &mut Tx, clinic: &Clinic, tenant: &DemoTenant, catalogue: &[Treatment], today: NaiveDate) -> Result<Staff> {
    let mut made = Vec::new();
    for (place, person) in clinic.practitioners.iter().enumerate() {
        let treatments: Vec<EntityId> = catalogue
            .iter()
            .filter(|treatment| person.categories.contains(&treatment.category.as_str()))
            .map(|treatment| treatment.id)
            .collect();
        let input = EmployeeInput {
            id: None,
            name: person.name.into(),
            position: person.position.into(),
            hue: person.hue,
            location: Some(tenant.location),
            user: person.doctor.then_some(tenant.doctor),
            sort: i32::try_from(place).unwrap_or(0),
            active: true,
            treatments: treatments.clone(),
            version: 0,
        };
        let employee = employees::create(tx, &input).await?;
        let (opens, closes) = person.hours;
        let stretches = [(WeeklyKind::Window, opens * 60, closes * 60), (WeeklyKind::Break, person.pause * 60, person.pause * 60 + 30)];
        let weekly = person
            .days
            .iter()
            .flat_map(|weekday| {
                stretches.map(|(kind, starts, ends)| Weekly { weekday: *weekday, kind, starts, ends, valid_from: None, valid_to: None })
            })
            .collect();
        hours::set(tx, employee.id, &WorkingHours { weekly, dates: Vec::new() }).await?;
        if let Some((first, last)) = person.leave {
            let leave = LeaveInput {
                from_date: today + TimeDelta::days(first),
                to_date: today + TimeDelta::days(last),
                reason: if tenant.country == "PL" { "urlop".into() } else { "vacation".into() },
            };
            hours::add_leave(tx, employee.id, &leave).await?;
        }
        made.push((employee.id, treatments));
    }
    Ok(made)
}

/// The next public holiday of the country that falls into the weeks shown or soon after.
async fn holiday(tx: &mut Tx, tenant: &DemoTenant, today: NaiveDate) -> Result<()> {
    let fixed: &[(u32, u32, &str)] = if tenant.country == "PL" {
        &[
            (1, 1, "Nowy Rok"),
            (1, 6, "Trzech Króli"),
            (5, 1, "Święto Pracy"),
            (5, 3, "Święto Konstytucji 3 Maja"),
            (8, 15, "Wniebowzięcie NMP"),
            (11, 1, "Wszystkich Świętych"),
            (11, 11, "Święto Niepodległości"),
            (12, 25, "Boże Narodzenie"),
            (12, 26, "Drugi dzień świąt"),
        ]
    } else {
        &[(1, 1, "New Year's Day"), (6, 19, "Juneteenth"), (7, 4, "Independence Day"), (11, 11, "Veterans Day"), (12, 25, "Christmas Day")]
    };
    for year in [today.year() - 1, today.year(), today.year() + 1] {
        for (month, day, name) in fixed {
            let Some(date) = NaiveDate::from_ymd_opt(year, *month, *day) else { continue };
            if (date - today).num_days().abs() <= 60 {
                hours::add_closure(tx, &ClosureInput { location: Some(tenant.location), on_date: date, name: (*name).into() }).await?;
            }
        }
    }
    Ok(())
}

async fn people(tx: &mut Tx, clinic: &Clinic) -> Result<Vec<EntityId>> {
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
        made.push(patients::create(tx, &input).await?.id);
    }
    Ok(made)
}

/// One day's visits: each practitioner's free times are filled one after the other, with gaps.
#[allow(clippy::too_many_arguments)]
async fn day(
    state: &State,
    tenant: &DemoTenant,
    clinic: &Clinic,
    catalogue: &[Treatment],
    staff: &Staff,
    patients: &[EntityId],
    date: NaiveDate,
    dice: &mut Dice,
) -> Result<Vec<(EntityId, DateTime<Utc>, DateTime<Utc>)>> {
    let lengths: HashMap<EntityId, i32> = catalogue.iter().map(|treatment| (treatment.id, treatment.duration)).collect();
    let zone = ZoneWindow::of(time::zone(&tenant.zone)?, date, date);
    let day: Interval = zone.day(date);
    let mut tx = Tx::begin_for_system(state, tenant.organization, Door::Demo).await?;
    let mut booked = Vec::new();
    for (employee, treatments) in staff {
        let mut after = day.start;
        let wanted = clinic.visits_a_day.saturating_sub(dice.roll(3));
        for _ in 0..wanted {
            let Some(treatment) = treatments.get(dice.roll(treatments.len())) else { break };
            let asked = AvailabilityQuestion {
                location: tenant.location,
                treatment: *treatment,
                employee: Some(*employee),
                from: date,
                to: date,
                moving: None,
            };
            let free = appointments::availability(&mut tx, &asked).await?.available_slots;
            let Some(slot) = free.into_iter().find(|slot| slot.start >= after) else { continue };
            let new = Book {
                id: None,
                patient: patients[dice.roll(patients.len())],
                treatment: *treatment,
                employee: *employee,
                resources: Some(slot.resources),
                location: tenant.location,
                start: slot.start,
                notes: String::new(),
                overbook_reason: None,
            };
            match appointments::book(&mut tx, &new).await {
                Ok(visit) => booked.push((visit.id, visit.start, visit.end)),
                // The patient has another visit at that time.
                Err(Error::Conflict(refusal)) if refusal.code == "unavailable" => {}
                Err(error) => return Err(error),
            }
            let pause = 15 * i64::try_from(dice.roll(4)).unwrap_or(0);
            after = slot.start + TimeDelta::minutes(i64::from(lengths.get(treatment).copied().unwrap_or(30)) + pause);
        }
    }
    tx.commit().await?;
    Ok(booked)
}

/// Takes a day's visits as far as they have come by now: past ones are completed, some were missed or cancelled, the
/// present ones are under way, later ones partly confirmed.
async fn walk(state: &State, tenant: &DemoTenant, visits: &[(EntityId, DateTime<Utc>, DateTime<Utc>)], dice: &mut Dice) -> Result<()> {
    let now = state.clock.now();
    let Some(opening) = visits.iter().map(|(_, start, _)| *start).min() else { return Ok(()) };
    let then = State { clock: Clock::starting_at(opening.min(now)), ..state.clone() };
    let mut tx = Tx::begin_for_system(&then, tenant.organization, Door::Demo).await?;
    for (id, start, end) in visits {
        let steps: &[Status] = match dice.roll(20) {
            0 => &[Status::Cancelled],
            1 if *start < now => &[Status::NoShow],
            _ if *end <= now => &[Status::Confirmed, Status::CheckedIn, Status::InProgress, Status::Completed],
            _ if *start <= now => &[Status::Confirmed, Status::CheckedIn, Status::InProgress],
            _ if *start <= now + TimeDelta::minutes(20) => &[Status::Confirmed, Status::CheckedIn],
            2..12 => &[Status::Confirmed],
            _ => &[],
        };
        for to in steps {
            let version = appointments::get(&mut tx, *id).await?.version;
            let reason = if *to == Status::Cancelled { "demo".into() } else { String::new() };
            appointments::transition(&mut tx, *id, &Transition { version, to: *to, reason }).await?;
        }
    }
    tx.commit().await
}

/// A meeting of the whole team on one of the next days, which takes everybody's time.
async fn meeting(state: &State, tenant: &DemoTenant, staff: &Staff, today: NaiveDate) -> Result<()> {
    let zone = ZoneWindow::of(time::zone(&tenant.zone)?, today, today + TimeDelta::days(3));
    let wall = (today + TimeDelta::days(1)).and_hms_opt(7, 0, 0).ok_or_else(|| Error::internal("a wrong time"))?;
    let start = zone.instant(wall).rule_boundary();
    let mut tx = Tx::begin_for_system(state, tenant.organization, Door::Demo).await?;
    let new = NewGeneric {
        id: None,
        activity_type: "meeting".into(),
        title: if tenant.country == "PL" { "Odprawa zespołu".into() } else { "Team meeting".into() },
        description: String::new(),
        location: tenant.location,
        start,
        end: start + TimeDelta::minutes(45),
        resources: staff.iter().map(|(id, _)| *id).collect(),
    };
    generic::book(&mut tx, &new).await?;
    tx.commit().await
}
