//! Treatments with rules of their own, and what is booked of them: a laser that is taken for a part of the time only, a
//! group, one at a distance, one that is few a day, and one that a doctor has to approve.

use chrono::{Days, NaiveDate};
use platform::{Error, Result, Tx, id::EntityId};
use services::{
    calendar::{ResourceKind, slots::Segment},
    hooks::DemoTenant,
};

use crate::{
    appointments::{self, AvailabilityQuestion, Book, Channel},
    patients::Patient,
    treatments::{self, Rules, Treatment, TreatmentInput, TreatmentNeed},
};

/// What is different of such a treatment.
enum Kind {
    /// A device is taken from one minute to another.
    Part(i32, i32),
    /// So many at once.
    Group(i32),
    /// Nothing but the practitioner is needed.
    Distant,
    /// So many a day and a week with one practitioner, with a day's notice, two months ahead, at the desk only.
    Few(i32, i32),
    /// Whoever may approve it has the last word.
    Approved,
}

/// One of them, in the words of either clinic. Minutes; the price in whole units.
struct Special {
    category: [&'static str; 2],
    name: [&'static str; 2],
    minutes: i32,
    price: [i64; 2],
    hue: i16,
    device: [Option<&'static str>; 2],
    kind: Kind,
}

const SPECIALS: [Special; 5] = [
    Special {
        category: ["Laser", "Infusion"],
        name: ["Laser frakcyjny CO₂ ze znieczuleniem", "NAD+ drip with observation"],
        minutes: 60,
        price: [1500, 499],
        hue: 35,
        device: [Some("laser"), Some("pump")],
        kind: Kind::Part(15, 45),
    },
    Special {
        category: ["Kosmetologia", "Infusion"],
        name: ["Warsztat pielęgnacji skóry", "Recovery circle"],
        minutes: 60,
        price: [120, 60],
        hue: 155,
        device: [None, None],
        kind: Kind::Group(6),
    },
    Special {
        category: ["Konsultacje", "Consultation"],
        name: ["Konsultacja online", "Video consultation"],
        minutes: 20,
        price: [180, 65],
        hue: 250,
        device: [None, None],
        kind: Kind::Distant,
    },
    Special {
        category: ["Medycyna estetyczna", "Infusion"],
        name: ["Lipoliza iniekcyjna", "High-dose vitamin C"],
        minutes: 45,
        price: [950, 329],
        hue: 325,
        device: [None, None],
        kind: Kind::Few(2, 6),
    },
    Special {
        category: ["Wlewy dożylne", "Infusion"],
        name: ["Wlew żelaza", "Iron infusion"],
        minutes: 90,
        price: [700, 389],
        hue: 210,
        device: [None, None],
        kind: Kind::Approved,
    },
];

/// Writes the treatments. What is drawn by lot for the weeks around today knows nothing of them.
pub async fn catalogue(tx: &mut Tx, tenant: &DemoTenant) -> Result<Vec<Treatment>> {
    let at = usize::from(tenant.country != "PL");
    let room = ["gabinet", "chair"][at];
    let mut made = Vec::with_capacity(SPECIALS.len());
    for special in &SPECIALS {
        let distant = matches!(special.kind, Kind::Distant);
        let mut needs = Vec::new();
        if !distant {
            needs.push(TreatmentNeed::throughout(ResourceKind::Room, room));
        }
        if let Some(sort) = special.device[at] {
            let segments = match special.kind {
                Kind::Part(from, to) => vec![Segment { from, to }],
                _ => Vec::new(),
            };
            needs.push(TreatmentNeed { kind: ResourceKind::Device, sort_of: sort.into(), segments });
        }
        let input = TreatmentInput {
            id: None,
            category: special.category[at].into(),
            name: special.name[at].into(),
            duration: special.minutes,
            buffer_before: 0,
            buffer_after: if distant { 0 } else { 10 },
            price: special.price[at] * 100,
            hue: special.hue,
            active: true,
            needs,
            rules: rules(&special.kind),
            terms: Vec::new(),
            version: 0,
        };
        made.push(treatments::create(tx, &input).await?);
    }
    Ok(made)
}

fn rules(kind: &Kind) -> Rules {
    let rules = Rules::default();
    match kind {
        Kind::Part(..) | Kind::Distant => rules,
        Kind::Group(seats) => Rules { seats: *seats, ..rules },
        Kind::Few(day, week) => {
            Rules { per_day: Some(*day), per_week: Some(*week), notice_minutes: 1_440, horizon_days: Some(60), online: false, ..rules }
        }
        Kind::Approved => Rules { needs_approval: true, ..rules },
    }
}

/// Books some of each in the fortnight from that date on: three seats of one session, one of what is to be approved as
/// whoever asks for it online does.
pub async fn visits(tx: &mut Tx, tenant: &DemoTenant, from: NaiveDate, specials: &[Treatment], patients: &[Patient]) -> Result<()> {
    let mut patients = patients.iter().skip(20);
    for (special, treatment) in SPECIALS.iter().zip(specials) {
        let channel = if matches!(special.kind, Kind::Approved) { Channel::Online } else { Channel::Desk };
        let asked = AvailabilityQuestion {
            location: tenant.location,
            treatment: treatment.id,
            employee: None,
            patient: None,
            from,
            to: from.checked_add_days(Days::new(13)).unwrap_or(from),
            moving: None,
            further: Vec::new(),
            channel,
        };
        let Some(slot) = appointments::earliest(tx, &asked).await? else { continue };
        let many = if matches!(special.kind, Kind::Group(_)) { 3 } else { 1 };
        for patient in patients.by_ref().take(many) {
            let new = Book {
                id: Some(EntityId::new()),
                patient: patient.id,
                treatment: treatment.id,
                employee: slot.employee_id,
                resources: None,
                location: tenant.location,
                start: slot.start,
                notes: String::new(),
                overbook_reason: None,
                hold: None,
                further: Vec::new(),
                channel,
            };
            match appointments::book(tx, &new).await {
                // The patient may have something else then: it is one less.
                Ok(_) | Err(Error::Conflict(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
