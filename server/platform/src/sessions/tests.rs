use chrono::{DateTime, Duration, Utc};
use http::{HeaderMap, HeaderValue, header};

use super::*;
use crate::core_module::MODULE;
use crate::module::Module;
use crate::permission::Role;
use crate::state::Clock;
use crate::testing::{self, Clinic};
use crate::users::{self, NewUser};
use crate::{passwords, throttle};

static MODULES: [&Module; 1] = [&MODULE];
const PASSWORD: &str = "correct horse battery";

async fn clinic() -> Clinic {
    let clinic = testing::clinic(&MODULES).await;
    for person in [&clinic.anna, &clinic.ewa] {
        set_password(&clinic.state, person.user).await;
    }
    clinic
}

async fn set_password(state: &State, user: UserId) {
    let hash = passwords::turn(state).await.unwrap().hash(PASSWORD).await.unwrap();
    let update = "update users set password_hash = $2 where id = $1";
    sqlx::query(update).bind(user).bind(hash).execute(&state.pool).await.unwrap();
}

/// The same server some time later.
fn later(state: &State, by: Duration) -> State {
    State { clock: Clock::starting_at(state.clock.now() + by), ..state.clone() }
}

async fn enter(state: &State, email: &str, password: &str) -> Result<(Identity, String)> {
    sign_in(state, email, password, "Firefox", "192.0.2.1", None).await
}

fn with_cookie(token: &str) -> HeaderMap {
    headers(header::COOKIE, &format!("atrium_session={token}"))
}

fn with_bearer(token: &str) -> HeaderMap {
    headers(header::AUTHORIZATION, &format!("Bearer {token}"))
}

fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
}

async fn known(state: &State, headers: &HeaderMap) -> bool {
    identify(state, headers).await.unwrap().is_some()
}

#[tokio::test]
async fn the_right_password_signs_in_and_opens_the_members_organization() {
    let clinic = clinic().await;
    let (identity, token) = enter(&clinic.state, " Ewa@Lipowa.example ", PASSWORD).await.unwrap();
    assert_eq!((identity.user, identity.organization), (clinic.ewa.user, Some(clinic.organization)));
    let found = identify(&clinic.state, &with_cookie(&token)).await.unwrap().unwrap();
    assert_eq!((found.session, found.user, found.kind), (identity.session, clinic.ewa.user, Kind::Browser));
    let me = me(&clinic.state, &found).await.unwrap();
    let place = me.organization.as_ref().unwrap();
    assert_eq!((place.role.as_str(), place.locations.len(), me.memberships.len()), ("receptionist", 1, 1));
    assert!(me.can(crate::permission::Permission::MEMBERS_READ) && me.has("gabinet"));
}

#[tokio::test]
async fn wrong_password_and_unknown_address_are_told_alike() {
    let clinic = clinic().await;
    for (email, password) in [("ewa@lipowa.example", "wrong horse"), ("nobody@lipowa.example", PASSWORD), ("jan@lipowa.example", PASSWORD)]
    {
        let refused = enter(&clinic.state, email, password).await.unwrap_err();
        assert!(matches!(refused, Error::Unauthenticated), "{email}: {refused}");
    }
    let refused = enter(&clinic.state, "ewa@lipowa.example\0", PASSWORD).await.unwrap_err();
    assert_eq!(refused.status(), 422);
}

#[tokio::test]
async fn a_made_up_session_is_nobodys() {
    let clinic = clinic().await;
    assert!(!known(&clinic.state, &HeaderMap::new()).await);
    assert!(!known(&clinic.state, &with_cookie("made-up")).await);
    assert!(!known(&clinic.state, &with_bearer("made-up")).await);
    assert!(!known(&clinic.state, &headers(header::AUTHORIZATION, "Basic ZXdhOg==")).await);
    let (_, token) = enter(&clinic.state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    // A bearer token that is no good does not fall back on a cookie that is.
    let mut both = with_cookie(&token);
    both.extend(with_bearer("made-up"));
    assert!(!known(&clinic.state, &both).await);
}

#[tokio::test]
async fn failures_are_throttled_with_a_growing_delay_and_forgotten_after_a_quarter_of_an_hour() {
    let clinic = clinic().await;
    let mut at = Duration::zero();
    let mut tries = 0;
    let mut delays = Vec::new();
    while tries < throttle::PER_ACCOUNT {
        let state = later(&clinic.state, at);
        match enter(&state, "ewa@lipowa.example", "wrong horse").await.unwrap_err() {
            Error::Unauthenticated => tries += 1,
            Error::Throttled { retry_after } => {
                delays.push(retry_after);
                at += Duration::seconds(i64::from(retry_after));
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(delays.len(), 7, "{delays:?}");
    assert!(delays.windows(2).all(|pair| pair[0] < pair[1]), "{delays:?}");
    let state = later(&clinic.state, at);
    // Even the right password has to wait now, and so has everybody else's guess at an unknown account.
    let refused = enter(&state, "ewa@lipowa.example", PASSWORD).await.unwrap_err();
    assert!(matches!(refused, Error::Throttled { retry_after: 600.. }), "{refused}");
    // Others sign in as ever, and a quarter of an hour later all is forgotten: there is no lockout.
    enter(&state, "anna@lipowa.example", PASSWORD).await.unwrap();
    let state = later(&clinic.state, at + Duration::minutes(15));
    enter(&state, "ewa@lipowa.example", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn an_unknown_address_is_throttled_like_a_known_one() {
    let clinic = clinic().await;
    let mut answers = Vec::new();
    for email in ["ewa@lipowa.example", "nobody@lipowa.example"] {
        let mut codes = Vec::new();
        for _ in 0..5 {
            codes.push(enter(&clinic.state, email, "wrong horse").await.unwrap_err().code().to_owned());
        }
        answers.push(codes);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0][..4], ["unauthenticated", "unauthenticated", "unauthenticated", "throttled"]);
}

#[tokio::test]
async fn many_guesses_at_once_are_no_way_around_the_limit() {
    let clinic = clinic().await;
    let guesses = (0..40).map(|_| {
        let state = clinic.state.clone();
        tokio::spawn(async move { enter(&state, "ewa@lipowa.example", "wrong horse").await.unwrap_err() })
    });
    let mut tried = 0;
    for guess in guesses.collect::<Vec<_>>() {
        if matches!(guess.await.unwrap(), Error::Unauthenticated) {
            tried += 1;
        }
    }
    assert!(tried <= throttle::PER_ACCOUNT, "{tried} guesses were tried");
}

#[tokio::test]
async fn one_client_that_tries_many_accounts_is_stopped_and_others_are_not() {
    let clinic = clinic().await;
    let now = clinic.state.clock.now();
    // The failures of fifty other accounts; trying them all would take the test too long.
    for n in 0..throttle::PER_CLIENT {
        let keys = throttle::Keys::new(&format!("{n}@example.org"), "192.0.2.1", None);
        throttle::begin(&clinic.state, keys).await.unwrap();
    }
    let refused = enter(&clinic.state, "ewa@lipowa.example", PASSWORD).await.unwrap_err();
    assert!(matches!(refused, Error::Throttled { .. }), "{refused} at {now}");
    sign_in(&clinic.state, "ewa@lipowa.example", PASSWORD, "Firefox", "192.0.2.2", None).await.unwrap();
}

#[tokio::test]
async fn a_browser_that_was_signed_in_before_is_not_shut_out_by_a_stranger() {
    let clinic = clinic().await;
    let (_, token) = enter(&clinic.state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    for n in 0..throttle::PER_ACCOUNT {
        // Slowly enough for the growing delay.
        let state = later(&clinic.state, Duration::seconds(65 * n as i64));
        let keys = throttle::Keys::new("ewa@lipowa.example", "203.0.113.9", None);
        throttle::begin(&state, keys).await.unwrap();
    }
    let state = later(&clinic.state, Duration::seconds(65 * 10));
    assert!(matches!(enter(&state, "ewa@lipowa.example", PASSWORD).await, Err(Error::Throttled { .. })));
    let known = sign_in(&state, "ewa@lipowa.example", PASSWORD, "Firefox", "192.0.2.1", Some(token.clone())).await;
    assert!(known.is_ok());
    // It is her browser only for her own account.
    let other = sign_in(&state, "anna@lipowa.example", "wrong horse", "Firefox", "192.0.2.1", Some(token)).await;
    assert!(matches!(other, Err(Error::Unauthenticated)));
}

#[tokio::test]
async fn signing_in_gives_a_new_token_and_ends_the_old_session() {
    let clinic = clinic().await;
    let (_, planted) = enter(&clinic.state, "anna@lipowa.example", PASSWORD).await.unwrap();
    let again = sign_in(&clinic.state, "ewa@lipowa.example", PASSWORD, "", "192.0.2.1", Some(planted.clone())).await;
    let (_, fresh) = again.unwrap();
    assert_ne!(planted, fresh);
    assert!(!known(&clinic.state, &with_cookie(&planted)).await);
    assert!(known(&clinic.state, &with_cookie(&fresh)).await);
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_after_thirty_days_at_the_latest() {
    let clinic = clinic().await;
    let (_, token) = enter(&clinic.state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    let cookie = with_cookie(&token);
    let mut by = Duration::zero();
    while by + Duration::hours(11) < Duration::days(LONGEST_DAYS) {
        by += Duration::hours(11);
        assert!(known(&later(&clinic.state, by), &cookie).await, "{by}");
    }
    assert!(!known(&later(&clinic.state, Duration::days(LONGEST_DAYS)), &cookie).await);
    let (_, token) = enter(&clinic.state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    assert!(!known(&later(&clinic.state, Duration::hours(IDLE_HOURS) + Duration::minutes(1)), &with_cookie(&token)).await);
}

#[tokio::test]
async fn signing_out_ends_cookie_and_tokens_at_once() {
    let clinic = clinic().await;
    let (identity, token) = enter(&clinic.state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    sign_out(&clinic.state, &identity).await.unwrap();
    assert!(!known(&clinic.state, &with_cookie(&token)).await);

    let tokens = sign_in_api(&clinic.state, "ewa@lipowa.example", PASSWORD, "curl", "192.0.2.1").await.unwrap();
    let bearer = with_bearer(&tokens.access_token);
    let identity = identify(&clinic.state, &bearer).await.unwrap().unwrap();
    assert_eq!((identity.kind, identity.organization), (Kind::Api, Some(clinic.organization)));
    assert!(!known(&clinic.state, &with_cookie(&tokens.access_token)).await);
    sign_out(&clinic.state, &identity).await.unwrap();
    assert!(!known(&clinic.state, &bearer).await);
    assert!(matches!(refresh(&clinic.state, &tokens.refresh_token).await, Err(Error::Unauthenticated)));
}

#[tokio::test]
async fn an_access_token_is_good_for_an_hour() {
    let clinic = clinic().await;
    let tokens = sign_in_api(&clinic.state, "ewa@lipowa.example", PASSWORD, "curl", "192.0.2.1").await.unwrap();
    let bearer = with_bearer(&tokens.access_token);
    assert!(known(&later(&clinic.state, Duration::minutes(59)), &bearer).await);
    assert!(!known(&later(&clinic.state, Duration::minutes(61)), &bearer).await);
}

#[tokio::test]
async fn refreshing_gives_a_new_pair_for_a_week_each_and_thirty_days_in_all() {
    let clinic = clinic().await;
    let first = sign_in_api(&clinic.state, "ewa@lipowa.example", PASSWORD, "curl", "192.0.2.1").await.unwrap();
    let mut token = first.refresh_token.clone();
    for days in [6, 12, 18, 24, 29] {
        let state = later(&clinic.state, Duration::days(days));
        let next = refresh(&state, &token).await.unwrap();
        assert!(known(&state, &with_bearer(&next.access_token)).await);
        assert_ne!(next.refresh_token, token);
        token = next.refresh_token;
    }
    assert!(refresh(&later(&clinic.state, Duration::days(31)), &token).await.is_err());
    let late = sign_in_api(&clinic.state, "ewa@lipowa.example", PASSWORD, "curl", "192.0.2.1").await.unwrap();
    assert!(refresh(&later(&clinic.state, Duration::days(8)), &late.refresh_token).await.is_err());
}

#[tokio::test]
async fn a_refresh_token_used_twice_ends_the_whole_session() {
    let clinic = clinic().await;
    let stolen = sign_in_api(&clinic.state, "ewa@lipowa.example", PASSWORD, "curl", "192.0.2.1").await.unwrap();
    let next = refresh(&clinic.state, &stolen.refresh_token).await.unwrap();
    assert!(refresh(&clinic.state, &stolen.refresh_token).await.is_err());
    assert!(!known(&clinic.state, &with_bearer(&next.access_token)).await);
    assert!(!known(&clinic.state, &with_bearer(&stolen.access_token)).await);
    assert!(refresh(&clinic.state, &next.refresh_token).await.is_err());
}

#[tokio::test]
async fn a_sign_in_or_refresh_whose_answer_was_lost_is_answered_again_by_its_key() {
    let clinic = clinic().await;
    let state = &clinic.state;
    let sign_in = async || sign_in_once(state, "ewa@lipowa.example", PASSWORD, ("curl", "192.0.2.1"), Some("lost")).await;
    let (one, two) = tokio::join!(sign_in(), sign_in());
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.refresh_token, two.refresh_token);
    let identity = identify(state, &with_bearer(&two.access_token)).await.unwrap().unwrap();
    assert_eq!(list(state, &identity).await.unwrap().len(), 1, "one session");
    let next = refresh_once(state, &one.refresh_token, Some("next")).await.unwrap();
    assert_eq!(refresh_once(state, &one.refresh_token, Some("next")).await.unwrap().refresh_token, next.refresh_token);
    // The session has gone on: the first key gives nothing again, and somebody else's key is a thief's.
    assert_eq!(sign_in().await.err().unwrap().code(), "idempotency_key_reused");
    assert!(known(state, &with_bearer(&next.access_token)).await);
    assert!(refresh_once(state, &one.refresh_token, Some("guessed")).await.is_err());
    assert!(!known(state, &with_bearer(&next.access_token)).await);
}

#[tokio::test]
async fn of_two_refreshes_at_once_only_one_gets_a_pair_and_the_session_ends() {
    let clinic = clinic().await;
    let tokens = sign_in_api(&clinic.state, "ewa@lipowa.example", PASSWORD, "curl", "192.0.2.1").await.unwrap();
    let (one, two) = tokio::join!(refresh(&clinic.state, &tokens.refresh_token), refresh(&clinic.state, &tokens.refresh_token));
    assert!(one.is_ok() != two.is_ok());
    let pair = one.or(two).unwrap();
    assert!(!known(&clinic.state, &with_bearer(&pair.access_token)).await);
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_at_once() {
    let clinic = clinic().await;
    let state = &clinic.state;
    let (mine, token) = enter(state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    let (_, other) = enter(state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    let api = sign_in_api(state, "ewa@lipowa.example", PASSWORD, "curl", "192.0.2.1").await.unwrap();
    let (_, annas) = enter(state, "anna@lipowa.example", PASSWORD).await.unwrap();

    let wrong = change_password(state, &mine, "wrong horse", "a better password").await.unwrap_err();
    assert!(matches!(&wrong, Error::Invalid(errors) if errors[0].field == "current"), "{wrong}");
    let short = change_password(state, &mine, PASSWORD, "short").await.unwrap_err();
    assert!(matches!(&short, Error::Invalid(errors) if errors[0].code == "too_short"), "{short}");
    assert!(known(state, &with_cookie(&other)).await);

    let fresh = change_password(state, &mine, PASSWORD, "a better password").await.unwrap();
    assert!(known(state, &with_cookie(&fresh)).await);
    for ended in [with_cookie(&token), with_cookie(&other), with_bearer(&api.access_token)] {
        assert!(!known(state, &ended).await);
    }
    assert!(refresh(state, &api.refresh_token).await.is_err());
    assert!(known(state, &with_cookie(&annas)).await);
    assert!(enter(state, "ewa@lipowa.example", PASSWORD).await.is_err());
    enter(state, "ewa@lipowa.example", "a better password").await.unwrap();
}

#[tokio::test]
async fn a_new_password_ends_the_changing_programs_refresh_tokens_too() {
    let clinic = clinic().await;
    let state = &clinic.state;
    let api = sign_in_api(state, "ewa@lipowa.example", PASSWORD, "curl", "192.0.2.1").await.unwrap();
    let mine = identify(state, &with_bearer(&api.access_token)).await.unwrap().unwrap();
    change_password(state, &mine, PASSWORD, "a better password").await.unwrap();
    assert!(refresh(state, &api.refresh_token).await.is_err());
    assert!(known(state, &with_bearer(&api.access_token)).await, "who has changed it goes on working");
}

#[tokio::test]
async fn signing_in_and_out_and_a_new_password_are_in_the_log() {
    let clinic = clinic().await;
    let state = &clinic.state;
    let (mine, _) = enter(state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    let (other, _) = enter(state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    change_password(state, &mine, PASSWORD, "a better password").await.unwrap();
    let (third, _) = enter(state, "ewa@lipowa.example", "a better password").await.unwrap();
    revoke(state, &mine, third.session).await.unwrap();
    sign_out(state, &mine).await.unwrap();
    sign_out(state, &mine).await.unwrap();
    let mut tx = clinic.tx(&clinic.anna).await;
    let log = crate::actions::timeline(&mut tx, crate::id::EntityId(clinic.organization.0), 50).await.unwrap();
    let verbs: Vec<(&str, Option<&str>)> = log.iter().rev().map(|row| (row.verb.as_str(), row.user_name.as_deref())).collect();
    let ewa = |verb| (verb, Some("Ewa Kowalska"));
    let wanted = ["signed_in", "signed_in", "password_changed", "signed_in", "session_ended", "signed_out"].map(ewa);
    assert_eq!(verbs, wanted);
    assert!(!known(state, &with_cookie("")).await && other.session != mine.session);
}

#[tokio::test]
async fn what_has_expired_is_cleared_away_and_what_lives_stays() {
    let clinic = clinic().await;
    let state = &clinic.state;
    let api = sign_in_api(state, "anna@lipowa.example", PASSWORD, "curl", "192.0.2.1").await.unwrap();
    enter(state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    let mut tx = crate::tx::Tx::begin(state, &clinic.ewa, Door::Rest).await.unwrap();
    crate::idempotency::idempotent(&mut tx, "POST /x", Some("k"), &1).await.unwrap();
    tx.commit().await.unwrap();
    let owner = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect_with(clinic.database.owner().clone()).await.unwrap();
    let counts = async || -> (i64, i64, i64) {
        sqlx::query_as(
            "select (select count(*) from sessions where agent in ('curl', 'Firefox')), (select count(*) from refresh_tokens),
                    (select count(*) from idempotency_keys)",
        )
        .fetch_one(&owner)
        .await
        .unwrap()
    };
    crate::database::clear_expired(&owner, state.clock.now()).await.unwrap();
    assert_eq!(counts().await, (2, 1, 1));
    assert!(refresh(state, &api.refresh_token).await.is_ok());
    crate::database::clear_expired(&owner, state.clock.now() + Duration::days(8)).await.unwrap();
    assert_eq!(counts().await, (2, 0, 0));
    crate::database::clear_expired(&owner, state.clock.now() + Duration::days(121)).await.unwrap();
    assert_eq!(counts().await, (0, 0, 0));
}

#[tokio::test]
async fn guessing_the_current_password_is_throttled() {
    let clinic = clinic().await;
    let (mine, _) = enter(&clinic.state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    let mut refused = Vec::new();
    for _ in 0..4 {
        let guess = change_password(&clinic.state, &mine, "wrong horse", "a better password").await;
        refused.push(guess.unwrap_err().status());
    }
    assert_eq!(refused, [422, 422, 422, 429]);
}

#[tokio::test]
async fn one_sees_and_ends_only_ones_own_sessions() {
    let clinic = clinic().await;
    let state = &clinic.state;
    let (ewa, _) = enter(state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    let (other, token) = enter(state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    let (anna, _) = enter(state, "anna@lipowa.example", PASSWORD).await.unwrap();
    let listed = list(state, &ewa).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed.iter().filter(|row| row.current).map(|row| row.id).collect::<Vec<_>>(), [ewa.session]);
    assert!(matches!(revoke(state, &anna, other.session).await, Err(Error::NotFound)));
    revoke(state, &ewa, other.session).await.unwrap();
    assert!(!known(state, &with_cookie(&token)).await);
    assert!(matches!(revoke(state, &ewa, other.session).await, Err(Error::NotFound)));
    assert_eq!(list(state, &ewa).await.unwrap().len(), 1);
}

#[tokio::test]
async fn one_switches_only_to_organizations_of_ones_own() {
    let clinic = clinic().await;
    let state = &clinic.state;
    let (ewa, token) = enter(state, "ewa@lipowa.example", PASSWORD).await.unwrap();
    let refused = switch_organization(state, &ewa, clinic.foreign_organization).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    let mut owner = clinic.database.owner_connection().await;
    sqlx::query("insert into memberships (organization_id, user_id, role_id) values ($1, $2, $3)")
        .bind(clinic.foreign_organization)
        .bind(ewa.user)
        .bind(Role::Member.as_str())
        .execute(&mut owner)
        .await
        .unwrap();
    assert_eq!(memberships(state, ewa.user).await.unwrap().len(), 2);
    switch_organization(state, &ewa, clinic.foreign_organization).await.unwrap();
    let now = identify(state, &with_cookie(&token)).await.unwrap().unwrap();
    assert_eq!(now.organization, Some(clinic.foreign_organization));
    // Where one worked last is where one signs in again.
    let (again, _) = enter(&later(state, Duration::hours(1)), "ewa@lipowa.example", PASSWORD).await.unwrap();
    assert_eq!(again.organization, Some(clinic.foreign_organization));
}

#[tokio::test]
async fn servers_that_start_together_share_one_key() {
    let database = testing::database().await;
    let mut owner = database.owner_connection().await;
    sqlx::query("delete from signing_keys").execute(&mut owner).await.unwrap();
    let (one, two) = (database.pool(2).await, database.pool(2).await);
    let (one, two) = tokio::join!(tokens::Keys::load(&one), tokens::Keys::load(&two));
    let (one, two) = (one.unwrap(), two.unwrap());
    let kept: i64 = sqlx::query_scalar("select count(*) from signing_keys").fetch_one(&mut owner).await.unwrap();
    assert_eq!(kept, 1);
    let now: DateTime<Utc> = Utc::now();
    let token = one.sign(UserId::new(), SessionId::new(), None, now).unwrap();
    assert!(two.check(&token, now).is_some());
}

#[tokio::test]
async fn an_account_is_never_made_twice() {
    let clinic = clinic().await;
    let new = NewUser { email: "EWA@lipowa.example", name: "Eve", password: "another password", locale: None };
    let refused = users::create(&clinic.state, &new).await.unwrap_err();
    assert_eq!(refused.code(), "account_exists");
    enter(&clinic.state, "ewa@lipowa.example", PASSWORD).await.unwrap();
}
