//! Files taken over into records of products, which have no line of their own for it.

use platform::{
    Tx,
    id::EntityId,
    jobs,
    rest::PageQuery,
    testing::{self, Clinic},
};
use server::modules::{HOOKS, MODULES};
use services::{
    imports::{self, ImportState, ImportStep, NewRecordImport, RecordImport},
    notes, persons,
};

/// Outlook's headings; Ola with a value of 1,250.00, Jan, and Ola once more.
const LEADS: &str = "Rmlyc3QgTmFtZSxMYXN0IE5hbWUsQ29tcGFueSxFLW1haWwgQWRkcmVzcyxNb2JpbGUgUGhvbmUsTm90ZXMsQ2F0ZWdvcmllcyxWYWx1ZQpPbGEsTGlzLE1lcmlkaWFuLG9sYUBleGFtcGxlLm9yZyw2MDEyMjQxMTgsQ2FsbGVkIHR3aWNlLFZJUCwiMSwyNTAuMDAiCkphbixLb3MsLGphbkBleGFtcGxlLm9yZywsLCwKT2xhLExpcyxNZXJpZGlhbixPTEFAZXhhbXBsZS5vcmcsLCwsCg==";
/// Polish headings and dates; Zofia, Jan who was born on 31 February, Ewa.
const PATIENTS: &str = "SW1pxJk7TmF6d2lza287RGF0YSB1cm9kemVuaWE7VGVsZWZvbjtBbGVyZ2llClpvZmlhO0xpczswNi4wNS4xOTgwOzYwMSAyMjQgMTE4O3BlbmljeWxpbmEKSmFuO0tvczszMS4wMi4xOTgwOzsKRXdhO01yw7N6OzE5OTAtMDEtMzE7Owo=";

async fn clinic() -> Clinic {
    let mut extensions = http::Extensions::new();
    extensions.insert(HOOKS);
    extensions.insert(services::hooks::kinds(HOOKS));
    testing::clinic_with(&MODULES, extensions).await
}

async fn did(clinic: &Clinic, import: &RecordImport, step: ImportStep) -> RecordImport {
    let mut tx = clinic.tx(&clinic.anna).await;
    imports::step(&mut tx, import.id, import.version, step).await.expect("a step");
    tx.commit().await.expect("committed");
    jobs::run_due(&clinic.state).await.expect("jobs run");
    let mut tx = clinic.tx(&clinic.anna).await;
    imports::get(&mut tx, import.id).await.expect("the import")
}

/// Tries and runs a file; gives the import and the records it made.
async fn ran(clinic: &Clinic, of: &str, file: &str) -> (RecordImport, Vec<EntityId>) {
    let new = NewRecordImport { id: None, entity_type: of.into(), file_name: "table.csv".into(), file: file.into(), encoding: None };
    let mut tx = clinic.tx(&clinic.anna).await;
    let import = imports::begin(&mut tx, &new).await.expect("a file");
    tx.commit().await.expect("committed");
    let tried = did(clinic, &import, ImportStep::Try).await;
    let ran = did(clinic, &tried, ImportStep::Run).await;
    assert_eq!((ran.state, ran.made, ran.skipped, ran.refused), (ImportState::Done, tried.made, tried.skipped, tried.refused));
    let mut tx = clinic.tx(&clinic.anna).await;
    let lines = imports::rows(&mut tx, import.id, Some(imports::LineOutcome::Made), &PageQuery::default()).await.expect("lines");
    (ran, lines.items.iter().filter_map(|line| line.record).collect())
}

async fn living(tx: &mut Tx, of: &str) -> i64 {
    let organization = tx.organization();
    sqlx::query_scalar("select count(*) from entities where organization_id = $1 and entity_type = $2 and deleted_at is null")
        .bind(organization)
        .bind(of)
        .fetch_one(tx.conn())
        .await
        .expect("a count")
}

#[tokio::test]
async fn leads_come_in_with_their_humans_and_go_with_them() {
    let clinic = clinic().await;
    let (import, ids) = ran(&clinic, "crm:lead", LEADS).await;
    assert_eq!((import.made, import.skipped, import.refused), (2, 1, 0));
    let mut tx = clinic.tx(&clinic.anna).await;
    assert_eq!((living(&mut tx, "crm:lead").await, living(&mut tx, "person").await), (2, 2));
    let ola = crm::leads::get(&mut tx, ids[0]).await.expect("a lead");
    assert_eq!((ola.company.as_str(), ola.value, ola.notes.as_str()), ("Meridian", 125_000, "Called twice"));
    assert_eq!(ola.phone.as_deref(), Some("+48601224118"));
    // Somebody writes about one of the humans: the human stays, the lead goes.
    let note = notes::NewRecordNote { id: None, text: "Likes tea".into(), pinned: false };
    notes::add(&mut tx, ola.person, &note).await.expect("a note");
    tx.commit().await.expect("committed");
    let undone = did(&clinic, &import, ImportStep::Undo).await;
    assert_eq!((undone.state, undone.undone, undone.kept), (ImportState::Undone, 2, 0));
    let mut tx = clinic.tx(&clinic.anna).await;
    assert_eq!((living(&mut tx, "crm:lead").await, living(&mut tx, "person").await), (0, 1));
    assert_eq!(crm::leads::get(&mut tx, ids[0]).await.expect_err("gone").code(), "not_found");
    assert!(persons::card(&mut tx, ola.person).await.is_ok());
}

#[tokio::test]
async fn patients_come_in_by_polish_headings_and_are_listed_no_more_when_taken_back() {
    let clinic = clinic().await;
    let (import, ids) = ran(&clinic, "gabinet:patient", PATIENTS).await;
    assert_eq!((import.made, import.refused), (2, 1));
    let mut tx = clinic.tx(&clinic.anna).await;
    let zofia = gabinet::patients::get(&mut tx, ids[0]).await.expect("a patient");
    assert_eq!(zofia.birth_date.map(|date| date.to_string()).as_deref(), Some("1980-05-06"));
    assert_eq!((zofia.given_name.as_str(), zofia.phone.as_deref()), ("Zofia", Some("+48601224118")));
    let listed = gabinet::patients::list(&mut tx, "", &PageQuery::default()).await.expect("patients");
    assert_eq!(listed.items.len(), 2);
    drop(tx);
    let undone = did(&clinic, &import, ImportStep::Undo).await;
    assert_eq!((undone.undone, undone.kept), (2, 0));
    let mut tx = clinic.tx(&clinic.anna).await;
    assert!(gabinet::patients::list(&mut tx, "", &PageQuery::default()).await.expect("patients").items.is_empty());
    assert_eq!(gabinet::patients::get(&mut tx, ids[0]).await.expect_err("gone").code(), "not_found");
}
