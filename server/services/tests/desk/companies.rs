//! Companies, who belongs to whom, and who works there.

use platform::{Error, rest::PageQuery};
use services::{
    companies::{self, CompanyInput, CompanyRoleInput},
    persons,
};

use super::{desk, merging::person, refusal};

fn company(name: &str) -> CompanyInput {
    CompanyInput { name: name.into(), ..CompanyInput::default() }
}

#[tokio::test]
async fn companies_stand_above_one_another_and_never_in_a_ring() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let top = companies::create(&mut tx, &company("Holding")).await.unwrap();
    let middle = companies::create(&mut tx, &CompanyInput { parent: Some(top.id), ..company("Region") }).await.unwrap();
    let low = companies::create(&mut tx, &CompanyInput { parent: Some(middle.id), ..company("Branch") }).await.unwrap();
    assert_eq!(low.above.iter().map(|above| above.name.as_str()).collect::<Vec<_>>(), ["Region", "Holding"]);
    for parent in [top.id, low.id] {
        let ring = CompanyInput { parent: Some(parent), version: top.version, ..company("Holding") };
        let refused = companies::update(&mut tx, top.id, &ring).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(errors) if errors[0].code == "cycle"));
    }
    let terms = CompanyInput {
        credit_limit: Some(500_000),
        payment_days: Some(14),
        phone: Some("22 555 01 01".into()),
        version: 1,
        ..company("Holding")
    };
    let changed = companies::update(&mut tx, top.id, &terms).await.unwrap();
    assert_eq!((changed.credit_limit, changed.payment_days, changed.phone.as_deref()), (Some(500_000), Some(14), Some("+48225550101")));
    assert_eq!(refusal(companies::update(&mut tx, top.id, &terms).await.unwrap_err()).code, "version");
    let found = companies::list(&mut tx, "holdnig", &PageQuery::default()).await.unwrap();
    assert_eq!(found.items.len(), 1, "found by a misspelt name");
    let mut tx = desk.clinic.tx(&desk.clinic.stranger).await;
    assert!(matches!(companies::get(&mut tx, top.id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn somebody_has_a_role_from_a_day_to_a_day() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let firm = companies::create(&mut tx, &CompanyInput { tax_id: Some("525 000 11 22".into()), ..company("Meridian") }).await.unwrap();
    assert_eq!(firm.tax_id.as_deref(), Some("5250001122"));
    let twice = CompanyInput { tax_id: Some("5250001122".into()), ..company("Meridian 2") };
    tx.mark().await.unwrap();
    assert_eq!(refusal(companies::create(&mut tx, &twice).await.unwrap_err()).code, "duplicate");
    tx.back().await.unwrap();
    let ola = person(&mut tx, "Ola", "Lis", "", "").await;
    let role = CompanyRoleInput {
        id: None,
        person: ola.id,
        role: "accountant".into(),
        from_date: Some("2020-01-01".parse().unwrap()),
        to_date: None,
    };
    let with = companies::add_person(&mut tx, firm.id, &role).await.unwrap();
    assert_eq!(with.people[0].person_name, "Ola Lis");
    assert_eq!(persons::card(&mut tx, ola.id).await.unwrap().companies[0].company_name, "Meridian");
    let ended = CompanyRoleInput { to_date: Some("2019-01-01".parse().unwrap()), ..role.clone() };
    assert_eq!(companies::change_person(&mut tx, with.people[0].id, &ended).await.unwrap_err().status(), 422);
    let ended = CompanyRoleInput { to_date: Some("2021-12-31".parse().unwrap()), ..role };
    companies::change_person(&mut tx, with.people[0].id, &ended).await.unwrap();
    let list = companies::list(&mut tx, "", &PageQuery::default()).await.unwrap();
    assert_eq!(list.items[0].people, 0, "whoever has left is not counted");
    assert_eq!(companies::remove_person(&mut tx, with.people[0].id).await.unwrap().people, []);
}
