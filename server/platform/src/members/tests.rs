use super::*;
use crate::core_module::MODULE;
use crate::error::Error;
use crate::module::Module;
use crate::permission::{Permission, Role};
use crate::roles::{self, RoleDetails};
use crate::teams::{self, TeamDetails};
use crate::testing::{self, Clinic};
use crate::tx::{Door, Tx};

static MODULES: [&Module; 1] = [&MODULE];

async fn clinic() -> Clinic {
    testing::clinic(&MODULES).await
}

#[tokio::test]
async fn members_of_one_tenant_are_not_seen_by_another() {
    let clinic = clinic().await;
    let names = |members: Vec<Member>| members.into_iter().map(|member| member.name).collect::<Vec<_>>();
    let ours = names(list(&mut clinic.tx(&clinic.anna).await).await.unwrap());
    assert_eq!(ours, ["Anna Lipowska", "Ewa Kowalska", "Jan Nowak", "Marek Zieliński"]);
    let mut foreign = clinic.tx(&clinic.stranger).await;
    assert_eq!(names(list(&mut foreign).await.unwrap()), ["Sam Stranger"]);
    assert!(matches!(change_role(&mut foreign, clinic.ewa.user, "member").await, Err(Error::NotFound)));
    assert!(matches!(remove(&mut foreign, clinic.ewa.user).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn the_last_owner_can_neither_leave_nor_be_demoted() {
    let clinic = clinic().await;
    let anna = clinic.anna.user;
    let mut tx = clinic.tx(&clinic.anna).await;
    assert_eq!(change_role(&mut tx, anna, "member").await.unwrap_err().code(), "last_owner");
    assert_eq!(remove(&mut tx, anna).await.unwrap_err().code(), "last_owner");
    drop(tx);
    let second = clinic.join("Ola", "ola@lipowa.example", Role::Owner).await;
    let mut tx = clinic.tx(&second).await;
    change_role(&mut tx, anna, "member").await.unwrap();
    tx.commit().await.unwrap();
    let refused = remove(&mut clinic.tx(&second).await, second.user).await.unwrap_err();
    assert_eq!(refused.code(), "last_owner");
}

#[tokio::test]
async fn two_owners_who_demote_each_other_at_once_leave_one() {
    let clinic = clinic().await;
    let ola = clinic.join("Ola", "ola@lipowa.example", Role::Owner).await;
    let demote = |who, whom| {
        let clinic = &clinic;
        async move {
            let mut tx = clinic.tx(who).await;
            change_role(&mut tx, whom, "member").await?;
            tx.commit().await
        }
    };
    let (one, two) = tokio::join!(demote(&clinic.anna, ola.user), demote(&ola, clinic.anna.user));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[tokio::test]
async fn nobody_grants_more_than_they_hold() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let details = RoleDetails {
        name: "Office".into(),
        permissions: vec!["members:read".into(), "members:write".into()],
        scopes: Default::default(),
        version: 0,
    };
    roles::insert(&mut tx, &details).await.unwrap();
    change_role(&mut tx, clinic.ewa.user, "office").await.unwrap();
    tx.commit().await.unwrap();

    // She may change roles, but neither give nor take away what she does not hold.
    let mut tx = clinic.tx(&clinic.ewa).await;
    for role in ["admin", "manager", "owner"] {
        assert!(matches!(change_role(&mut tx, clinic.jan.user, role).await, Err(Error::Denied(_))), "{role}");
    }
    assert!(matches!(change_role(&mut tx, clinic.ewa.user, "admin").await, Err(Error::Denied(_))));
    assert!(matches!(change_role(&mut tx, clinic.anna.user, "member").await, Err(Error::Denied(_))));
    assert!(matches!(remove(&mut tx, clinic.anna.user).await, Err(Error::Denied(_))));
    change_role(&mut tx, clinic.marek.user, "office").await.unwrap();
    let unknown = change_role(&mut tx, clinic.marek.user, "nonsense").await.unwrap_err();
    assert_eq!(unknown.status(), 422);
    drop(tx);
    assert!(matches!(
        change_role(&mut clinic.tx(&clinic.jan).await, clinic.marek.user, "member").await,
        Err(Error::Denied(Permission::MEMBERS_WRITE))
    ));
}

#[tokio::test]
async fn an_admin_with_all_rights_still_makes_and_unmakes_no_owner() {
    let clinic = clinic().await;
    let ada = clinic.join("Ada", "ada@lipowa.example", Role::Admin).await;
    let mut tx = clinic.tx(&ada).await;
    assert!(matches!(change_role(&mut tx, ada.user, "owner").await, Err(Error::Denied(_))));
    assert!(matches!(change_role(&mut tx, clinic.anna.user, "admin").await, Err(Error::Denied(_))));
    assert!(matches!(remove(&mut tx, clinic.anna.user).await, Err(Error::Denied(_))));
    change_role(&mut tx, clinic.jan.user, "admin").await.unwrap();
}

#[tokio::test]
async fn who_is_removed_has_no_way_in_from_that_moment() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let team = TeamDetails { name: "Desk".into(), members: vec![clinic.ewa.user, clinic.jan.user], version: 0 };
    teams::insert(&mut tx, &team).await.unwrap();
    remove(&mut tx, clinic.ewa.user).await.unwrap();
    let teams = teams::list(&mut tx).await.unwrap();
    assert_eq!(teams[0].members, [clinic.jan.user]);
    tx.commit().await.unwrap();
    assert!(matches!(Tx::begin(&clinic.state, &clinic.ewa, Door::Rest).await, Err(Error::NotFound)));
    // Anybody may leave by themselves.
    let mut tx = clinic.tx(&clinic.marek).await;
    remove(&mut tx, clinic.marek.user).await.unwrap();
    tx.commit().await.unwrap();
    assert!(Tx::begin(&clinic.state, &clinic.marek, Door::Screen).await.is_err());
}

#[tokio::test]
async fn a_team_takes_only_members_and_its_name_is_its_own() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let foreign = TeamDetails { name: "Desk".into(), members: vec![clinic.stranger.user], version: 0 };
    assert_eq!(teams::insert(&mut tx, &foreign).await.unwrap_err().status(), 422);
    let desk = TeamDetails { name: " Desk ".into(), members: vec![clinic.ewa.user, clinic.ewa.user], version: 0 };
    let made = teams::insert(&mut tx, &desk).await.unwrap();
    assert_eq!((made.name.as_str(), made.members.len()), ("Desk", 1));
    let changed = TeamDetails { name: "Front".into(), members: vec![clinic.jan.user, clinic.ewa.user], version: made.version };
    assert_eq!(teams::update(&mut tx, made.id, &changed).await.unwrap().members.len(), 2);
    let Err(Error::Conflict(refused)) = teams::update(&mut tx, made.id, &changed).await else { panic!("an old version is good") };
    assert_eq!((refused.code.as_str(), &refused.current.unwrap()["author"]), ("version", &serde_json::json!(clinic.anna.name)));
    tx.commit().await.unwrap();

    let mut tx = clinic.tx(&clinic.anna).await;
    let taken = TeamDetails { name: "Front".into(), members: vec![], version: 0 };
    assert_eq!(teams::insert(&mut tx, &taken).await.unwrap_err().code(), "duplicate");
    let mut tx = clinic.tx(&clinic.stranger).await;
    assert!(matches!(teams::update(&mut tx, made.id, &taken).await, Err(Error::NotFound)));
    assert!(matches!(teams::delete(&mut tx, made.id).await, Err(Error::NotFound)));
    let mut tx = clinic.tx(&clinic.ewa).await;
    assert!(matches!(teams::delete(&mut tx, made.id).await, Err(Error::Denied(Permission::TEAMS_WRITE))));
    let mut tx = clinic.tx(&clinic.anna).await;
    teams::delete(&mut tx, made.id).await.unwrap();
    assert!(teams::list(&mut tx).await.unwrap().is_empty());
}
