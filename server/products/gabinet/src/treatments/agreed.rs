//! How long a treatment takes and what it costs, for whom and with whom.
//!
//! The most specific says so: what was agreed with the patient goes before what is the practitioner's own, and that before
//! what the treatment says. Length and price are looked up each by itself: where only a price was agreed, the length is the
//! practitioner's. A session is as long for all who share it, so of a group's treatment only the price can be the patient's
//! own. What is booked keeps its length and price.

use platform::id::EntityId;
use serde::{Deserialize, Serialize};

use super::Treatment;

/// What was agreed about a treatment with one patient; what is none is as it is with whoever gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Minutes.
    pub duration: Option<i32>,
    /// Minor units of the treatment's currency.
    pub price: Option<i64>,
}

/// What a treatment costs one patient, in minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// With most who give it.
    usual: i64,
    /// With those who take another price.
    own: Vec<(EntityId, i64)>,
}

impl Cost {
    /// What it costs with this practitioner.
    pub fn with(&self, employee: EntityId) -> i64 {
        self.own.iter().find(|(id, _)| *id == employee).map_or(self.usual, |(_, price)| *price)
    }

    /// What it costs where it is not known who gives it.
    pub fn usual(&self) -> i64 {
        self.usual
    }
}

impl Treatment {
    /// How many minutes it takes with whoever has no own length of it.
    pub fn minutes_for(&self, agreed: Agreed) -> i32 {
        self.agreed_minutes(agreed).unwrap_or(self.duration)
    }

    /// How many minutes it takes with this practitioner.
    pub fn minutes_with(&self, employee: EntityId, agreed: Agreed) -> i32 {
        let own = || self.terms.iter().find(|own| own.employee == employee)?.duration;
        self.agreed_minutes(agreed).or_else(own).unwrap_or(self.duration)
    }

    /// What it costs, with whomever it may be.
    pub fn cost(&self, agreed: Agreed) -> Cost {
        match agreed.price {
            Some(usual) => Cost { usual, own: Vec::new() },
            None => Cost { usual: self.price, own: self.terms.iter().filter_map(|own| Some((own.employee, own.price?))).collect() },
        }
    }

    /// Whether anything of it is as it was agreed with the patient.
    pub fn is_agreed(&self, agreed: Agreed) -> bool {
        self.agreed_minutes(agreed).is_some() || agreed.price.is_some()
    }

    fn agreed_minutes(&self, agreed: Agreed) -> Option<i32> {
        agreed.duration.filter(|_| self.rules.seats <= 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::treatments::{Rules, Terms};

    /// Sixty minutes for 100; with the second of the two 90 for 150, with the third 75 at the usual price.
    fn treatment(staff: [EntityId; 3], seats: i32) -> Treatment {
        let own = |employee, duration, price| Terms { employee, duration, price };
        Treatment {
            id: EntityId::new(),
            category: String::new(),
            name: "Peel".into(),
            duration: 60,
            buffer_before: 0,
            buffer_after: 0,
            price: 100,
            currency: "PLN".into(),
            hue: 0,
            active: true,
            needs: Vec::new(),
            rules: Rules { seats, ..Rules::default() },
            terms: vec![own(staff[1], Some(90), Some(150)), own(staff[2], Some(75), None)],
            version: 1,
        }
    }

    #[test]
    fn the_most_specific_says_so_of_length_and_price_each() {
        let staff = [EntityId::new(), EntityId::new(), EntityId::new()];
        let treatment = treatment(staff, 1);
        let told = |agreed: Agreed| staff.map(|id| (treatment.minutes_with(id, agreed), treatment.cost(agreed).with(id)));
        assert_eq!(told(Agreed::default()), [(60, 100), (90, 150), (75, 100)]);
        assert_eq!(told(Agreed { duration: Some(40), price: None }), [(40, 100), (40, 150), (40, 100)]);
        assert_eq!(told(Agreed { duration: None, price: Some(0) }), [(60, 0), (90, 0), (75, 0)]);
        assert_eq!(told(Agreed { duration: Some(40), price: Some(80) }), [(40, 80); 3]);
    }

    #[test]
    fn a_session_is_as_long_for_all_who_share_it() {
        let staff = [EntityId::new(), EntityId::new(), EntityId::new()];
        let group = treatment(staff, 6);
        let agreed = Agreed { duration: Some(40), price: Some(80) };
        assert_eq!((group.minutes_with(staff[1], agreed), group.minutes_for(agreed)), (90, 60));
        assert_eq!(group.cost(agreed).with(staff[1]), 80);
        assert!(group.is_agreed(agreed) && !group.is_agreed(Agreed { price: None, ..agreed }));
    }
}
