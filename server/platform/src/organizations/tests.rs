use super::*;
use crate::actions;
use crate::billing;
use crate::core_module::MODULE;
use crate::error::Error;
use crate::id::EntityId;
use crate::locations::{self, LocationDetails};
use crate::module::Module;
use crate::permission::Permission;
use crate::sessions::{self, Identity};
use crate::testing;
use crate::tx::{Door, Tx};

static SHOP: Module = Module {
    id: "gabinet",
    product: Some("gabinet"),
    entity_types: &[],
    activity_types: &[],
    navigation: &[],
    permissions: &[],
    owned: &[],
};
static MODULES: [&Module; 2] = [&MODULE, &SHOP];

fn details() -> OrganizationDetails {
    OrganizationDetails {
        name: "Klinika Różana".into(),
        kind: "clinic".into(),
        country: "PL".into(),
        currency: "PLN".into(),
        locale: "pl".into(),
        zone: "Europe/Warsaw".into(),
        version: 1,
    }
}

#[tokio::test]
async fn a_founder_owns_a_working_organization() {
    let clinic = testing::clinic(&MODULES).await;
    let (state, ewa) = (&clinic.state, &clinic.ewa);
    let id = create(state, &details(), ewa.user, Door::Screen).await.unwrap();
    assert_eq!(sessions::memberships(state, ewa.user).await.unwrap().len(), 2);
    let there = Identity { organization: Some(id), ..ewa.clone() };
    let mut tx = clinic.tx(&there).await;
    assert_eq!(tx.actor().role, "owner");
    assert_eq!(get(&mut tx).await.unwrap().slug, "klinika-rozana");
    assert_eq!(locations::list(&mut tx).await.unwrap()[0].zone, "Europe/Warsaw");
    let log = actions::timeline(&mut tx, EntityId(id.0), 10).await.unwrap();
    assert_eq!(log.last().unwrap().verb, "created");
    // A second one of the same name gets an address of its own.
    let second = create(state, &details(), ewa.user, Door::Screen).await.unwrap();
    let second = Identity { organization: Some(second), ..ewa.clone() };
    let slug = get(&mut clinic.tx(&second).await).await.unwrap().slug;
    assert!(slug.starts_with("klinika-rozana-"), "{slug}");
}

#[tokio::test]
async fn what_cannot_be_an_organization_is_refused_field_by_field() {
    let clinic = testing::clinic(&MODULES).await;
    let wrong = OrganizationDetails {
        name: " ".into(),
        kind: "shop".into(),
        country: "Poland".into(),
        currency: "zł".into(),
        locale: "de".into(),
        zone: String::new(),
        version: 0,
    };
    let Err(Error::Invalid(errors)) = create(&clinic.state, &wrong, clinic.ewa.user, Door::Screen).await else { panic!() };
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["name", "kind", "country", "currency", "locale", "zone"]);
    let nowhere = OrganizationDetails { zone: "Europe/Lipowa".into(), ..details() };
    let refused = create(&clinic.state, &nowhere, clinic.ewa.user, Door::Screen).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(errors) if errors[0].field == "zone"), "{refused}");
}

#[tokio::test]
async fn an_organization_and_its_locations_are_changed_by_who_may() {
    let clinic = testing::clinic(&MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let changed = update(&mut tx, &details()).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.slug.as_str()), ("Klinika Różana", "lipowa"));
    let place = LocationDetails {
        name: "Centrum".into(),
        address: String::new(),
        zone: "Europe/Warsaw".into(),
        week_start: 1,
        active: true,
        version: 0,
    };
    let made = locations::insert(&mut tx, &place).await.unwrap();
    let closed = LocationDetails { active: false, version: made.version, ..place.clone() };
    assert!(!locations::update(&mut tx, made.id, &closed).await.unwrap().active);
    // Whoever changes what he read before is told what it is now, and who has made it so.
    let Err(Error::Conflict(refused)) = locations::update(&mut tx, made.id, &closed).await else { panic!("an old version is good") };
    let current = refused.current.unwrap();
    assert_eq!((refused.code.as_str(), &current["location"]["active"]), ("version", &serde_json::json!(false)));
    assert_eq!(current["author"], clinic.anna.name);
    let Err(Error::Conflict(refused)) = update(&mut tx, &details()).await else { panic!("an old version is good") };
    assert_eq!((refused.code.as_str(), &refused.current.unwrap()["author"]), ("version", &serde_json::json!(clinic.anna.name)));
    let wrong = LocationDetails { week_start: 8, zone: "Mars/Base".into(), ..place.clone() };
    assert_eq!(locations::insert(&mut tx, &wrong).await.unwrap_err().status(), 422);
    let refused = locations::update(&mut tx, clinic.foreign_location, &place).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    tx.commit().await.unwrap();

    let mut tx = clinic.tx(&clinic.ewa).await;
    assert!(matches!(update(&mut tx, &details()).await, Err(Error::Denied(Permission::ORGANIZATION_WRITE))));
    assert!(matches!(locations::insert(&mut tx, &place).await, Err(Error::Denied(_))));
    assert_eq!(locations::list(&mut tx).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_subscription_opens_and_closes_a_product() {
    let clinic = testing::clinic(&MODULES).await;
    let access = async || clinic.tx(&clinic.ewa).await.verify_product_access("gabinet");
    assert!(access().await.is_ok());
    let mut tx = clinic.tx(&clinic.anna).await;
    assert_eq!(billing::cancel(&mut tx, "gabinet").await.unwrap().status, "cancelled");
    assert!(matches!(billing::cancel(&mut tx, "nonsense\0").await, Err(Error::NotFound)));
    tx.commit().await.unwrap();
    assert!(matches!(access().await, Err(Error::NotSubscribed("gabinet"))));

    let mut tx = clinic.tx(&clinic.anna).await;
    let subscribed = billing::products(&mut tx).await.unwrap().into_iter().find(|product| product.id == "gabinet").unwrap();
    assert!(!subscribed.subscribed && subscribed.prices["PLN"]["month"] > 0);
    for unknown in ["nonsense", "crm"] {
        assert_eq!(billing::subscribe(&mut tx, unknown).await.unwrap_err().status(), 422, "{unknown}");
    }
    let begun = billing::subscribe(&mut tx, "gabinet").await.unwrap();
    assert_eq!((begun.status.as_str(), begun.provider.as_str(), begun.current_period_end), ("active", "manual", None));
    assert_eq!(billing::subscribe(&mut tx, "gabinet").await.unwrap(), begun);
    tx.commit().await.unwrap();
    assert!(access().await.is_ok());
    let mut tx = clinic.tx(&clinic.ewa).await;
    assert!(matches!(billing::subscribe(&mut tx, "gabinet").await, Err(Error::Denied(Permission::BILLING_WRITE))));
    assert!(matches!(billing::subscriptions(&mut tx).await, Err(Error::Denied(_))));
    drop(tx);
    assert!(Tx::begin(&clinic.state, &clinic.stranger, Door::Rest).await.unwrap().verify_product_access("gabinet").is_ok());
}
