use super::*;
use crate::core_module::MODULE;
use crate::error::Error;
use crate::members;
use crate::module::{EntityType, Module, Owned};
use crate::permission::{Grant, Permission, Reach, Role};
use crate::teams::{self, TeamDetails};
use crate::testing::{self, Clinic};

static MODULES: [&Module; 1] = [&MODULE];

const ORDERS_READ: Permission = Permission("shop.orders:read");
const ORDERS_WRITE: Permission = Permission("shop.orders:write");

/// A module whose orders belong to somebody.
static SHOP: Module = Module {
    id: "shop",
    product: None,
    entity_types: &[EntityType { key: "shop:order", icon: "box", path: "/dashboard/orders/{id}", read: ORDERS_READ, fields: &[] }],
    activity_types: &[],
    navigation: &[],
    permissions: &[Grant { permission: ORDERS_READ, roles: &[] }, Grant { permission: ORDERS_WRITE, roles: &[] }],
    owned: &[Owned { entity_type: "shop:order", write: ORDERS_WRITE }],
};
static WITH_SHOP: [&Module; 2] = [&MODULE, &SHOP];

/// A role with these scopes, given to Ewa.
async fn given(clinic: &Clinic, scopes: &[(&str, Scope)], more: &[&str]) {
    let mut tx = clinic.tx(&clinic.anna).await;
    let mut wanted = details("Seller", more);
    wanted.permissions.extend(scopes.iter().map(|(right, _)| (*right).to_owned()));
    wanted.scopes = scopes.iter().map(|(right, scope)| ((*right).to_owned(), *scope)).collect();
    let made = insert(&mut tx, &wanted).await.unwrap();
    assert_eq!(made.scopes.len(), scopes.iter().filter(|(_, scope)| *scope != Scope::All).count());
    members::change_role(&mut tx, clinic.ewa.user, &made.id).await.unwrap();
    tx.commit().await.unwrap();
}

fn details(name: &str, permissions: &[&str]) -> RoleDetails {
    RoleDetails {
        name: name.into(),
        permissions: permissions.iter().map(|right| (*right).into()).collect(),
        scopes: BTreeMap::new(),
        version: 1,
    }
}

#[tokio::test]
async fn the_rights_of_a_custom_role_hold_from_the_next_transaction() {
    let clinic = testing::clinic(&MODULES).await;
    assert!(!clinic.tx(&clinic.ewa).await.can(Permission::TEAMS_WRITE));
    let mut tx = clinic.tx(&clinic.anna).await;
    let made = insert(&mut tx, &details("Front desk", &["teams:write", "members:read"])).await.unwrap();
    assert_eq!((made.id.as_str(), made.permissions.len()), ("front_desk", 2));
    members::change_role(&mut tx, clinic.ewa.user, "front_desk").await.unwrap();
    tx.commit().await.unwrap();
    let ewa = clinic.tx(&clinic.ewa).await;
    assert!(ewa.can(Permission::TEAMS_WRITE) && !ewa.can(Permission::MEMBERS_WRITE));
    drop(ewa);

    let mut tx = clinic.tx(&clinic.anna).await;
    update(&mut tx, "front_desk", &details("Front desk", &["members:read"])).await.unwrap();
    // Whoever changes what he read before is told what it is now, and who has made it so.
    let Err(Error::Conflict(refused)) = update(&mut tx, "front_desk", &details("Front", &[])).await else {
        panic!("an old version is good")
    };
    let current = refused.current.unwrap();
    assert_eq!((refused.code.as_str(), &current["role"]["id"]), ("version", &serde_json::json!("front_desk")));
    assert_eq!(current["author"], clinic.anna.name);
    tx.commit().await.unwrap();
    assert!(!clinic.tx(&clinic.ewa).await.can(Permission::TEAMS_WRITE));
}

#[tokio::test]
async fn a_right_that_no_module_knows_is_refused() {
    let clinic = testing::clinic(&MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let refused = insert(&mut tx, &details("Desk", &["members:read", "gabinet.patients:read"])).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(errors) if errors[0].field == "permissions.1"), "{refused}");
}

#[tokio::test]
async fn nobody_makes_or_changes_a_role_beyond_their_own_rights() {
    let clinic = testing::clinic(&MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    insert(&mut tx, &details("Editor", &["roles:write", "members:read"])).await.unwrap();
    insert(&mut tx, &details("Boss", &["billing:write"])).await.unwrap();
    members::change_role(&mut tx, clinic.ewa.user, "editor").await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = clinic.tx(&clinic.ewa).await;
    let denied = |result: Result<RoleRow, Error>| matches!(result, Err(Error::Denied(Permission::BILLING_WRITE)));
    assert!(denied(insert(&mut tx, &details("Mine", &["billing:write"])).await));
    assert!(denied(update(&mut tx, "editor", &details("Editor", &["roles:write", "billing:write"])).await));
    assert!(denied(update(&mut tx, "boss", &details("Boss", &[])).await));
    assert!(delete(&mut tx, "boss").await.is_err());
    insert(&mut tx, &details("Reader", &["members:read"])).await.unwrap();
}

#[tokio::test]
async fn built_in_roles_stay_as_they_are_and_used_ones_stay() {
    let clinic = testing::clinic(&MODULES).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let roles = list(&mut tx).await.unwrap();
    assert_eq!(roles.len(), Role::ALL.len());
    let owner = roles.iter().find(|role| role.id == "owner").unwrap();
    assert_eq!((owner.permissions.len(), owner.members), (MODULE.permissions.len(), 1));
    assert_eq!(update(&mut tx, "member", &details("Member", &[])).await.unwrap_err().code(), "built_in");
    assert_eq!(delete(&mut tx, "member").await.unwrap_err().code(), "built_in");
    assert!(matches!(delete(&mut tx, "nonsense").await, Err(Error::NotFound)));
    assert!(matches!(delete(&mut tx, "non\0sense").await, Err(Error::NotFound)));

    insert(&mut tx, &details("Desk", &[])).await.unwrap();
    members::change_role(&mut tx, clinic.ewa.user, "desk").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = clinic.tx(&clinic.anna).await;
    assert_eq!(insert(&mut tx, &details("desk", &[])).await.unwrap_err().code(), "duplicate");
    let mut tx = clinic.tx(&clinic.anna).await;
    assert_eq!(delete(&mut tx, "desk").await.unwrap_err().code(), "in_use");
    let mut tx = clinic.tx(&clinic.anna).await;
    members::change_role(&mut tx, clinic.ewa.user, "member").await.unwrap();
    delete(&mut tx, "desk").await.unwrap();
}

#[tokio::test]
async fn a_narrowed_right_is_none_to_doors_that_do_not_ask_how_far_it_reaches() {
    let clinic = testing::clinic(&WITH_SHOP).await;
    given(&clinic, &[(ORDERS_READ.0, Scope::Team), (ORDERS_WRITE.0, Scope::Own)], &["members:read"]).await;
    let (me, mate, other) = (clinic.ewa.user, clinic.marek.user, clinic.anna.user);
    let ewa = clinic.tx(&clinic.ewa).await;
    assert!(!ewa.can(ORDERS_READ) && ewa.require(ORDERS_WRITE).is_err() && ewa.can_some(ORDERS_READ));
    assert_eq!(ewa.reach(Permission::MEMBERS_READ).unwrap(), Reach::All);
    let own = ewa.reach(ORDERS_WRITE).unwrap();
    assert!(own.covers(Some(me)) && !own.covers(Some(mate)) && !own.covers(None));
    assert!(ewa.require_over(ORDERS_WRITE, Some(me)).is_ok() && ewa.require_over(ORDERS_WRITE, Some(mate)).is_err());
    assert!(!ewa.reach(ORDERS_READ).unwrap().covers(Some(mate)), "they share no team yet");
    assert!(ewa.reach(Permission::TEAMS_WRITE).is_err());
    drop(ewa);

    // Whoever shares one of her teams is reached from the next transaction on, and nobody else.
    let mut tx = clinic.tx(&clinic.anna).await;
    let team = |name: &str, members: Vec<_>| TeamDetails { name: name.into(), members, version: 0 };
    teams::insert(&mut tx, &team("Sales", vec![me, mate])).await.unwrap();
    teams::insert(&mut tx, &team("Office", vec![mate, other])).await.unwrap();
    tx.commit().await.unwrap();
    let reach = clinic.tx(&clinic.ewa).await.reach(ORDERS_READ).unwrap();
    assert!(reach.covers(Some(me)) && reach.covers(Some(mate)) && !reach.covers(Some(other)) && !reach.covers(None));
}

#[tokio::test]
async fn only_rights_to_what_belongs_to_somebody_are_narrowed_and_only_those_the_role_has() {
    let clinic = testing::clinic(&WITH_SHOP).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let mut wanted = details("Desk", &["members:read"]);
    wanted.scopes = BTreeMap::from([("members:read".to_owned(), Scope::Own), (ORDERS_READ.0.to_owned(), Scope::Team)]);
    let Err(Error::Invalid(faults)) = insert(&mut tx, &wanted).await else { panic!("members belong to nobody") };
    let faults: Vec<(&str, &str)> = faults.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect();
    assert_eq!(faults, [("scopes.members:read", "scope"), ("scopes.shop.orders:read", "unknown")]);
    // What reaches all is kept as if nothing had been said.
    wanted.scopes = BTreeMap::from([("members:read".to_owned(), Scope::All)]);
    assert!(insert(&mut tx, &wanted).await.unwrap().scopes.is_empty());
}

#[tokio::test]
async fn nobody_grants_a_right_that_reaches_further_than_their_own() {
    let clinic = testing::clinic(&WITH_SHOP).await;
    given(&clinic, &[(ORDERS_READ.0, Scope::Team)], &["members:read", "roles:write"]).await;
    let mut tx = clinic.tx(&clinic.ewa).await;
    let wanted = |name: &str, scope: Option<Scope>| RoleDetails {
        scopes: scope.map(|scope| (ORDERS_READ.0.to_owned(), scope)).into_iter().collect(),
        ..details(name, &[ORDERS_READ.0])
    };
    for scope in [None, Some(Scope::All)] {
        assert!(matches!(insert(&mut tx, &wanted("All", scope)).await, Err(Error::Denied(ORDERS_READ))));
    }
    assert_eq!(insert(&mut tx, &wanted("Mine", Some(Scope::Own))).await.unwrap().scopes[ORDERS_READ.0], Scope::Own);
    assert_eq!(insert(&mut tx, &wanted("Ours", Some(Scope::Team))).await.unwrap().permissions, [ORDERS_READ.0]);
}

#[tokio::test]
async fn nobody_whose_right_reaches_to_their_teams_makes_these_larger() {
    let clinic = testing::clinic(&WITH_SHOP).await;
    given(&clinic, &[(ORDERS_READ.0, Scope::Team)], &["members:read", "teams:write"]).await;
    let (me, mate, other) = (clinic.ewa.user, clinic.marek.user, clinic.anna.user);
    let team = |members: Vec<_>, version: i32| TeamDetails { name: "Sales".into(), members, version };
    let mut tx = clinic.tx(&clinic.ewa).await;
    assert!(matches!(teams::insert(&mut tx, &team(vec![me, mate], 0)).await, Err(Error::Denied(Permission::TEAMS_WRITE))));
    // Others' teams, and their own without anybody new, are theirs to arrange.
    let made = teams::insert(&mut tx, &team(vec![mate, other], 0)).await.unwrap();
    let again = teams::update(&mut tx, made.id, &team(vec![me, mate, other], made.version)).await;
    assert!(matches!(again, Err(Error::Denied(Permission::TEAMS_WRITE))));
    assert_eq!(teams::update(&mut tx, made.id, &team(vec![me], made.version)).await.unwrap().members, [me]);
}
