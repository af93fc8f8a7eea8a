//! Humans and companies of a demonstration tenant: one of them is there twice, so that merging can be tried.

use platform::{Result, Tx};

use crate::{
    companies::{self, CompanyInput, CompanyRoleInput},
    consents::{self, Basis, ConsentInput, Decision},
    persons::{self, Contact, ContactKind, PersonDetails},
};

/// Writes them down.
///
/// # Errors
/// `Unavailable`.
pub(super) async fn write(tx: &mut Tx, polish: bool) -> Result<()> {
    let say = |polish_text: &'static str, english: &'static str| if polish { polish_text } else { english };
    let (given, family) = (say("Bogumiła", "Harriet"), say("Ostojska", "Whitcombe"));
    let phone = say("+48 605 330 771", "+1 512 555 0188");
    let person = PersonDetails {
        given_name: given.into(),
        family_name: family.into(),
        email: Some("b.ostojska+clinic@meridian.example".into()),
        phone: Some(phone.into()),
        language: Some(say("pl", "en").into()),
        contacts: vec![Contact {
            kind: ContactKind::Address,
            label: say("praca", "work").into(),
            value: say("ul. Lipowa 7", "7 Linden Street").into(),
            city: say("Warszawa", "Austin").into(),
            country: say("PL", "US").into(),
            ..Contact::default()
        }],
        ..PersonDetails::default()
    };
    let one = persons::create(tx, &person).await?;
    let again = PersonDetails {
        given_name: say("Bogumila", "Harriett").into(),
        email: Some("b.ostojska@meridian.example".into()),
        contacts: Vec::new(),
        ..person
    };
    persons::create(tx, &again).await?;
    for (purpose, decision) in [("treatment", Decision::Given), ("sms_marketing", Decision::Refused)] {
        let consent = ConsentInput {
            id: None,
            purpose: purpose.into(),
            decision,
            basis: Basis::Consent,
            source: say("formularz w recepcji", "form at the desk").into(),
            note: String::new(),
            at: None,
        };
        consents::record(tx, one.id, &consent).await?;
    }
    let holding = CompanyInput { name: "Meridian Holding".into(), kinds: vec!["customer".into()], ..CompanyInput::default() };
    let holding = companies::create(tx, &holding).await?;
    let firm = CompanyInput {
        name: say("Meridian sp. z o.o.", "Meridian Inc.").into(),
        tax_id: Some(say("5250001122", "12-3456789").into()),
        kinds: vec!["customer".into(), "partner".into()],
        parent: Some(holding.id),
        city: say("Warszawa", "Austin").into(),
        credit_limit: Some(2_000_000),
        payment_days: Some(14),
        ..CompanyInput::default()
    };
    let firm = companies::create(tx, &firm).await?;
    let role = say("dyrektorka", "director").to_owned();
    let role = CompanyRoleInput { id: None, person: one.id, role, from_date: None, to_date: None };
    companies::add_person(tx, firm.id, &role).await.map(drop)
}
