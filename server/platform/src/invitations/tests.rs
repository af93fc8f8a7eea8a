use chrono::Duration;

use super::*;
use crate::core_module::MODULE;
use crate::error::Error;
use crate::id::OrganizationId;
use crate::members;
use crate::module::Module;
use crate::permission::Role;
use crate::roles::{self, RoleDetails};
use crate::sessions::{self, Identity};
use crate::state::{Clock, State};
use crate::testing::{self, Clinic};
use crate::users::{self, NewUser};

static MODULES: [&Module; 1] = [&MODULE];
const PASSWORD: &str = "correct horse battery";

async fn invite(clinic: &Clinic, by: &Identity, email: &str, role: &str) -> crate::Result<Invited> {
    let mut tx = clinic.tx(by).await;
    let invited = insert(&mut tx, &NewInvitation { email: email.into(), role: role.into() }).await?;
    tx.commit().await?;
    Ok(invited)
}

async fn enter(state: &State, email: &str) -> Identity {
    sessions::sign_in(state, email, PASSWORD, "", "192.0.2.1", None).await.unwrap().0
}

#[tokio::test]
async fn somebody_new_accepts_once_and_is_a_member() {
    let clinic = testing::clinic(&MODULES).await;
    let (state, organization) = (&clinic.state, clinic.organization);
    let invited = invite(&clinic, &clinic.anna, " Ola@Lipowa.example", "receptionist").await.unwrap();
    assert_eq!(invited.path, format!("/invite/{organization}/{}", invited.token));
    let face = preview(state, organization, &invited.token).await.unwrap();
    assert_eq!((face.organization.as_str(), face.email.as_str()), ("Klinika Lipowa", "ola@lipowa.example"));
    assert!(!face.has_account);

    let short = accept(state, organization, &invited.token, None, "Ola", "short").await.unwrap_err();
    assert_eq!(short.status(), 422);
    let email = accept(state, organization, &invited.token, None, "Ola Nowa", PASSWORD).await.unwrap();
    let ola = enter(state, &email).await;
    assert_eq!(ola.organization, Some(organization));
    assert_eq!(clinic.tx(&ola).await.actor().role, "receptionist");

    let again = accept(state, organization, &invited.token, None, "Eve", "another password").await.unwrap_err();
    assert!(matches!(again, Error::NotFound));
    assert!(matches!(preview(state, organization, &invited.token).await, Err(Error::NotFound)));
    assert!(list(&mut clinic.tx(&clinic.anna).await).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_two_who_invite_an_address_at_once_one_link_is_good() {
    let clinic = testing::clinic(&MODULES).await;
    let ask = || invite(&clinic, &clinic.anna, "ola@lipowa.example", "member");
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(list(&mut clinic.tx(&clinic.anna).await).await.unwrap().len(), 1);
}

#[tokio::test]
async fn of_two_who_accept_at_once_one_does() {
    let clinic = testing::clinic(&MODULES).await;
    let (state, organization) = (&clinic.state, clinic.organization);
    let invited = invite(&clinic, &clinic.anna, "ola@lipowa.example", "member").await.unwrap();
    let (one, two) = tokio::join!(
        accept(state, organization, &invited.token, None, "One", PASSWORD),
        accept(state, organization, &invited.token, None, "Two", "another password"),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[tokio::test]
async fn accepting_never_touches_an_existing_account() {
    let clinic = testing::clinic(&MODULES).await;
    let (state, organization) = (&clinic.state, clinic.organization);
    for (email, name) in [("ola@lipowa.example", "Ola"), ("eve@lipowa.example", "Eve")] {
        users::create(state, &NewUser { email, name, password: PASSWORD, locale: None }).await.unwrap();
    }
    let (ola, eve) = (enter(state, "ola@lipowa.example").await, enter(state, "eve@lipowa.example").await);
    assert_eq!(ola.organization, None);
    let invited = invite(&clinic, &clinic.anna, "ola@lipowa.example", "member").await.unwrap();
    assert!(preview(state, organization, &invited.token).await.unwrap().has_account);

    let stranger = accept(state, organization, &invited.token, None, "Mallory", "malicious password").await;
    assert_eq!(stranger.unwrap_err().code(), "account_exists");
    let other = accept(state, organization, &invited.token, Some(&eve), "Mallory", "malicious password").await;
    assert_eq!(other.unwrap_err().code(), "other_account");
    // The link is still good for whom it is for, whose name and password stay.
    accept(state, organization, &invited.token, Some(&ola), "Mallory", "malicious password").await.unwrap();
    let ola = enter(state, "ola@lipowa.example").await;
    assert_eq!((ola.name.as_str(), ola.organization), ("Ola", Some(organization)));
}

#[tokio::test]
async fn an_invitation_expires_is_revoked_and_is_replaced_by_a_newer_one() {
    let clinic = testing::clinic(&MODULES).await;
    let (state, organization) = (&clinic.state, clinic.organization);
    let first = invite(&clinic, &clinic.anna, "ola@lipowa.example", "member").await.unwrap();
    let second = invite(&clinic, &clinic.anna, "ola@lipowa.example", "member").await.unwrap();
    assert!(matches!(preview(state, organization, &first.token).await, Err(Error::NotFound)));
    let waiting = list(&mut clinic.tx(&clinic.anna).await).await.unwrap();
    assert_eq!(waiting, std::slice::from_ref(&second.invitation));

    let later = State { clock: Clock::starting_at(state.clock.now() + Duration::days(GOOD_FOR_DAYS)), ..state.clone() };
    let late = accept(&later, organization, &second.token, None, "Ola", PASSWORD).await;
    assert!(matches!(late, Err(Error::NotFound)));

    let mut tx = clinic.tx(&clinic.anna).await;
    revoke(&mut tx, second.invitation.id).await.unwrap();
    assert!(matches!(revoke(&mut tx, second.invitation.id).await, Err(Error::NotFound)));
    tx.commit().await.unwrap();
    let revoked = accept(state, organization, &second.token, None, "Ola", PASSWORD).await;
    assert!(matches!(revoked, Err(Error::NotFound)));
}

#[tokio::test]
async fn an_invitation_of_one_tenant_opens_no_other() {
    let clinic = testing::clinic(&MODULES).await;
    let invited = invite(&clinic, &clinic.anna, "ola@lipowa.example", "member").await.unwrap();
    for organization in [clinic.foreign_organization, OrganizationId::new()] {
        let refused = accept(&clinic.state, organization, &invited.token, None, "Ola", PASSWORD).await;
        assert!(matches!(refused, Err(Error::NotFound)));
    }
    let mut foreign = clinic.tx(&clinic.stranger).await;
    assert!(list(&mut foreign).await.unwrap().is_empty());
    assert!(matches!(revoke(&mut foreign, invited.invitation.id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn nobody_invites_to_more_than_they_hold_nor_keeps_inviting_after_losing_it() {
    let clinic = testing::clinic(&MODULES).await;
    assert!(matches!(invite(&clinic, &clinic.ewa, "a@b.example", "member").await, Err(Error::Denied(_))));
    let ada = clinic.join("Ada", "ada@lipowa.example", Role::Admin).await;
    assert!(matches!(invite(&clinic, &ada, "a@b.example", "owner").await, Err(Error::Denied(_))));
    assert_eq!(invite(&clinic, &ada, "not an address", "admin").await.unwrap_err().status(), 422);
    assert_eq!(invite(&clinic, &ada, "a@b.example", "nonsense").await.unwrap_err().status(), 422);
    assert_eq!(invite(&clinic, &ada, "ewa@lipowa.example", "member").await.unwrap_err().code(), "duplicate");
    let accomplice = invite(&clinic, &ada, "a@b.example", "admin").await.unwrap();

    let mut tx = clinic.tx(&clinic.anna).await;
    members::change_role(&mut tx, ada.user, "member").await.unwrap();
    tx.commit().await.unwrap();
    let refused = accept(&clinic.state, clinic.organization, &accomplice.token, None, "A", PASSWORD).await;
    assert!(matches!(refused, Err(Error::NotFound)));
}

#[tokio::test]
async fn who_has_left_comes_back_by_invitation_in_the_new_role() {
    let clinic = testing::clinic(&MODULES).await;
    let (state, organization) = (&clinic.state, clinic.organization);
    let mut tx = clinic.tx(&clinic.anna).await;
    roles::insert(&mut tx, &RoleDetails { name: "Desk".into(), permissions: vec![], scopes: Default::default(), version: 0 })
        .await
        .unwrap();
    members::remove(&mut tx, clinic.ewa.user).await.unwrap();
    tx.commit().await.unwrap();
    let invited = invite(&clinic, &clinic.anna, "ewa@lipowa.example", "desk").await.unwrap();
    accept(state, organization, &invited.token, Some(&clinic.ewa), "", "").await.unwrap();
    assert_eq!(clinic.tx(&clinic.ewa).await.actor().role, "desk");
}
