use super::*;
use crate::core_module::MODULE;
use crate::error::Error;
use crate::members;
use crate::module::Module;
use crate::permission::{Permission, Role};
use crate::testing;

static MODULES: [&Module; 1] = [&MODULE];

fn details(name: &str, permissions: &[&str]) -> RoleDetails {
    RoleDetails { name: name.into(), permissions: permissions.iter().map(|right| (*right).into()).collect(), version: 1 }
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
