//! Taking an import back.

use super::*;
use crate::{
    companies::{self, CompanyInput, CompanyRoleInput},
    notes::{self, NewRecordNote},
};

async fn records(clinic: &Clinic, import: &RecordImport) -> Vec<EntityId> {
    let mut tx = clinic.tx(&clinic.anna).await;
    let lines = rows(&mut tx, import.id, None, &PageQuery::default()).await.expect("lines").items;
    lines.into_iter().filter_map(|line| line.record).collect()
}

#[tokio::test]
async fn what_was_made_goes_and_what_somebody_has_used_since_stays_and_is_told() {
    let clinic = clinic().await;
    let import = begun(&clinic, &clinic.ewa, "person", &contacts(4)).await;
    let before = living(&clinic, "person").await;
    let ran = done(&clinic, &clinic.ewa, &import).await;
    let people = records(&clinic, &ran).await;
    let mut tx = clinic.tx(&clinic.ewa).await;
    // One is written about, one works somewhere, one is changed; the last is left alone.
    notes::add(&mut tx, people[0], &NewRecordNote { id: None, text: "Called".into(), pinned: false }).await.expect("a note");
    let firm = companies::create(&mut tx, &CompanyInput { name: "Meridian".into(), ..CompanyInput::default() }).await.expect("a company");
    let role = CompanyRoleInput { id: None, person: people[1], role: "owner".into(), from_date: None, to_date: None };
    companies::add_person(&mut tx, firm.id, &role).await.expect("a role");
    let card = persons::card(&mut tx, people[2]).await.expect("a person");
    let details = persons::PersonDetails {
        given_name: "Zofia".into(),
        family_name: card.family_name.clone(),
        email: card.email.clone(),
        version: card.version,
        ..persons::PersonDetails::default()
    };
    persons::edit(&mut tx, people[2], &details).await.expect("changed");
    tx.commit().await.expect("committed");
    let undone = did(&clinic, &clinic.ewa, &ran, ImportStep::Undo).await;
    assert_eq!((undone.state, undone.undone, undone.kept), (ImportState::Undone, 1, 3));
    assert_eq!(living(&clinic, "person").await, before + 3);
    let mut tx = clinic.tx(&clinic.ewa).await;
    let lines = rows(&mut tx, import.id, None, &PageQuery::default()).await.expect("lines").items;
    let told: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| (line.undo.as_deref().unwrap_or_default(), line.faults.last().map_or("", |fault| fault.code.as_str())))
        .collect();
    assert_eq!(told, [("kept", "changed_since"), ("kept", "in_use"), ("kept", "changed_since"), ("undone", "")]);
    assert_eq!(code(persons::card(&mut tx, people[3]).await), "not_found");
    // Taken back once it is not taken back again, and the same people can come in anew.
    assert_eq!(code(step(&mut tx, import.id, undone.version, ImportStep::Undo).await), "transition");
    drop(tx);
    let again = begun(&clinic, &clinic.ewa, "person", &contacts(4)).await;
    assert_eq!(counts(&done(&clinic, &clinic.ewa, &again).await), [1, 0, 3, 0]);
}

#[tokio::test]
async fn what_was_filled_is_emptied_unless_it_was_changed_since() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.ewa).await;
    let anna = person(&mut tx, "Anna", "Nowak", "anna@example.org").await;
    let jan = person(&mut tx, "Jan", "Kos", "jan@example.org").await;
    tx.commit().await.expect("committed");
    let text = [GOOGLE, "Anna,Nowak,,,,anna@example.org,601224118", "Jan,Kos,,,,jan@example.org,601224119"].join("\n");
    let import = begun(&clinic, &clinic.ewa, "person", &text).await;
    let import = with(&clinic, &clinic.ewa, &import, ImportSettings { duplicates: OnDuplicate::Fill, ..import.settings.clone() }).await;
    let ran = done(&clinic, &clinic.ewa, &import).await;
    assert_eq!(counts(&ran), [0, 2, 0, 0]);
    let mut tx = clinic.tx(&clinic.ewa).await;
    notes::add(&mut tx, jan.id, &NewRecordNote { id: None, text: "Called".into(), pinned: false }).await.expect("a note");
    tx.commit().await.expect("committed");
    let undone = did(&clinic, &clinic.ewa, &ran, ImportStep::Undo).await;
    assert_eq!((undone.undone, undone.kept), (1, 1));
    let mut tx = clinic.tx(&clinic.ewa).await;
    assert_eq!(persons::card(&mut tx, anna.id).await.expect("Anna").phone, None);
    assert_eq!(persons::card(&mut tx, jan.id).await.expect("Jan").phone.as_deref(), Some("+48601224119"));
}

#[tokio::test]
async fn a_company_that_was_taken_back_leaves_its_tax_id_to_others() {
    let clinic = clinic().await;
    let text = "Name,Tax id,Parent\nHolding,5250001122,\nBranch,5250001133,Holding\n";
    let import = begun(&clinic, &clinic.anna, "company", text).await;
    let tried = did(&clinic, &clinic.anna, &import, ImportStep::Try).await;
    // A trial does not see what an earlier line would have made.
    assert_eq!(counts(&tried), [1, 0, 0, 1]);
    let ran = did(&clinic, &clinic.anna, &tried, ImportStep::Run).await;
    assert_eq!(ran.made, 1);
    let undone = did(&clinic, &clinic.anna, &ran, ImportStep::Undo).await;
    assert_eq!((undone.undone, undone.kept), (1, 0));
    let again = begun(&clinic, &clinic.anna, "company", text).await;
    assert_eq!(done(&clinic, &clinic.anna, &again).await.made, 1, "its tax id is free");
}
