//! How an import goes on, who may have one, and what a file must be.

use platform::permission::Role;

use super::*;
use crate::imports::job;

#[tokio::test]
async fn a_run_that_is_interrupted_goes_on_where_it_was_and_nothing_comes_twice() {
    let clinic = clinic().await;
    let many = 250;
    let import = begun(&clinic, &clinic.anna, "person", &contacts(many)).await;
    let tried = did(&clinic, &clinic.anna, &import, ImportStep::Try).await;
    asked(&clinic, &clinic.anna, &tried, ImportStep::Run).await;
    let before = living(&clinic, "person").await;
    let organization = clinic.anna.organization.expect("the clinic");
    let begin = || Tx::begin_in_the_name_of(&clinic.state, organization, clinic.anna.user, import.id.0);
    let mut tx = begin().await.expect("a member");
    assert_eq!(job::step(&mut tx, import.id).await.expect("a portion"), job::Step::More);
    tx.commit().await.expect("committed");
    // The next one is at work when the server is killed: its transaction never ends.
    let mut lost = begin().await.expect("a member");
    assert_eq!(job::step(&mut lost, import.id).await.expect("a portion"), job::Step::More);
    drop(lost);
    let half = now(&clinic, &clinic.anna, &import).await;
    assert_eq!((half.state, half.done), (ImportState::Running, half.made));
    assert!((1..250).contains(&half.made), "some, and not all: {}", half.made);
    assert_eq!(living(&clinic, "person").await, before + i64::from(half.made));
    jobs::run_due(&clinic.state).await.expect("jobs run");
    let ran = now(&clinic, &clinic.anna, &import).await;
    assert_eq!((ran.state, counts(&ran)), (ImportState::Done, [250, 0, 0, 0]));
    assert_eq!(living(&clinic, "person").await, before + 250);
    let mut tx = clinic.tx(&clinic.anna).await;
    let distinct: i64 =
        sqlx::query_scalar("select count(distinct record_id) from import_lines where organization_id = $1 and import_id = $2")
            .bind(organization)
            .bind(import.id)
            .fetch_one(tx.conn())
            .await
            .expect("a count");
    assert_eq!(distinct, 250);
}

#[tokio::test]
async fn two_imports_of_one_file_at_once_make_every_record_once() {
    let clinic = clinic().await;
    let text = contacts(120);
    let mut both = Vec::new();
    for who in [&clinic.anna, &clinic.ewa] {
        let import = begun(&clinic, who, "person", &text).await;
        both.push((who, did(&clinic, who, &import, ImportStep::Try).await));
    }
    for (who, import) in &both {
        assert_eq!(counts(import), [120, 0, 0, 0]);
        asked(&clinic, who, import, ImportStep::Run).await;
    }
    let before = living(&clinic, "person").await;
    let (one, other) = tokio::join!(jobs::run_due(&clinic.state), jobs::run_due(&clinic.state));
    assert_eq!(one.expect("jobs run") + other.expect("jobs run"), 2);
    assert_eq!(living(&clinic, "person").await, before + 120);
    let (first, second) = (now(&clinic, both[0].0, &both[0].1).await, now(&clinic, both[1].0, &both[1].1).await);
    assert_eq!((first.state, second.state), (ImportState::Done, ImportState::Done));
    assert_eq!((first.made + second.made, first.skipped + second.skipped), (120, 120));
}

#[tokio::test]
async fn an_import_is_found_by_whose_it_is_and_by_who_looks_after_jobs() {
    let clinic = clinic().await;
    let import = begun(&clinic, &clinic.ewa, "person", &contacts(2)).await;
    for (who, found) in [(&clinic.ewa, true), (&clinic.anna, true), (&clinic.jan, false), (&clinic.stranger, false)] {
        let mut tx = clinic.tx(who).await;
        assert_eq!(get(&mut tx, import.id).await.is_ok(), found, "{}", who.name);
        assert_eq!(list(&mut tx, Some("person")).await.expect("a list").len(), usize::from(found), "{}", who.name);
        if !found {
            assert_eq!(code(get(&mut tx, import.id).await), "not_found");
            assert_eq!(code(step(&mut tx, import.id, 1, ImportStep::Try).await), "not_found");
            assert_eq!(code(refusals(&mut tx, import.id, LineOutcome::Refused, &[], &BTreeMap::new()).await), "not_found");
        }
    }
    let mut tx = clinic.tx(&clinic.marek).await;
    assert_eq!(code(begin(&mut tx, &new("person", &contacts(1))).await), "denied");
    assert_eq!(code(list(&mut tx, None).await), "denied");
    assert!(!possible(&mut tx, "person").await.expect("an answer"));
    let mut tx = clinic.tx(&clinic.anna).await;
    assert_eq!(code(begin(&mut tx, &new("resource", "Name\nRoom\n")).await), "not_found");
    // A step names the version that was read.
    assert_eq!(code(step(&mut tx, import.id, 7, ImportStep::Try).await), "version");
    assert_eq!(code(step(&mut tx, import.id, 1, ImportStep::Run).await), "transition");
}

#[tokio::test]
async fn whoever_loses_the_right_meanwhile_imports_nothing_more() {
    let clinic = clinic().await;
    let nora = clinic.join("Nora Lis", "nora@lipowa.example", Role::Nurse).await;
    let import = begun(&clinic, &nora, "person", &contacts(3)).await;
    let tried = did(&clinic, &nora, &import, ImportStep::Try).await;
    let asked = asked(&clinic, &nora, &tried, ImportStep::Run).await;
    let mut owner = clinic.database.owner_connection().await;
    sqlx::query("update memberships set role_id = 'member' where user_id = $1").bind(nora.user).execute(&mut owner).await.expect("a role");
    let before = living(&clinic, "person").await;
    jobs::run_due(&clinic.state).await.expect("jobs run");
    let stopped = now(&clinic, &clinic.anna, &asked).await;
    assert_eq!((stopped.state, stopped.problem.as_str(), stopped.made), (ImportState::Failed, "denied", 0));
    assert_eq!(living(&clinic, "person").await, before);
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_at_the_file_and_what_its_columns_are_at_the_column() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let wide = vec!["x"; 10_001].join(",");
    let long = ["Name\n\"", &"x".repeat(10 * 1024 * 1024)].concat();
    for (text, expected) in [
        ("PK\u{3}\u{4}zip", "compressed"),
        (wide.as_str(), "columns"),
        (long.as_str(), "line_too_long"),
        ("Name\n", "rows"),
        ("", "required"),
    ] {
        let refused = begin(&mut tx, &new("person", text)).await.expect_err(expected);
        let Error::Invalid(errors) = refused else { panic!("{refused}") };
        assert_eq!((errors[0].field.as_str(), errors[0].code.as_str()), ("file", expected));
    }
    let not = NewRecordImport { file: "not base64!".into(), ..new("person", "") };
    assert_eq!(code(begin(&mut tx, &not).await), "type");
    let nameless = NewRecordImport { file_name: " ".into(), ..new("person", "Name\nAnna\n") };
    assert_eq!(code(begin(&mut tx, &nameless).await), "required");
    assert!(list(&mut tx, None).await.expect("a list").is_empty(), "nothing of it is kept");
    let id = EntityId::new();
    let asked = NewRecordImport { id: Some(id), ..new("person", &contacts(1)) };
    let import = begin(&mut tx, &asked).await.expect("read");
    assert_eq!(begin(&mut tx, &asked).await.expect("the same").id, import.id, "sent twice it is one");
    let change_to = |targets: &[Option<&str>], match_by: &[&str]| RecordImportChange {
        version: 1,
        targets: targets.iter().map(|target| target.map(str::to_owned)).collect(),
        settings: ImportSettings { match_by: match_by.iter().map(|key| (*key).to_owned()).collect(), ..ImportSettings::default() },
    };
    let mut seven = [None; 7];
    (seven[0], seven[1]) = (Some("email"), Some("email"));
    assert_eq!(code(change(&mut tx, id, &change_to(&seven, &[])).await), "duplicate");
    seven[1] = Some("phone");
    assert_eq!(code(change(&mut tx, id, &change_to(&seven, &["given_name"])).await), "unknown");
    assert_eq!(code(change(&mut tx, id, &change_to(&seven[..2], &[])).await), "length");
    let changed = change(&mut tx, id, &change_to(&seven, &["phone"])).await.expect("changed");
    assert_eq!((changed.version, changed.columns[0].target.as_deref()), (2, Some("email")));
}
