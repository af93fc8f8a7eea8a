//! Imports on a real database: what a trial tells comes true, what is interrupted goes on, what is taken back is told.

mod going;
mod judging;
mod undoing;

use std::collections::BTreeMap;

use data_encoding::BASE64;
use platform::{
    Error, Tx,
    jobs::{self, Kinds},
    rest::PageQuery,
    sessions::Identity,
    testing::{self, Clinic},
};

use super::*;
use crate::{
    fields::tests::MODULES,
    persons::{self, PersonDetails},
};

/// What Google writes, as far as it matters.
const GOOGLE: &str = "First Name,Last Name,Birthday,Notes,Labels,E-mail 1 - Value,Phone 1 - Value";

async fn clinic() -> Clinic {
    let mut extensions = http::Extensions::new();
    extensions.insert(Kinds([&crate::fields::WORK, &WORK].into()));
    testing::clinic_with(&MODULES, extensions).await
}

fn new(of: &str, text: &str) -> NewRecordImport {
    NewRecordImport {
        id: None,
        entity_type: of.into(),
        file_name: "contacts.csv".into(),
        file: BASE64.encode(text.as_bytes()),
        encoding: None,
    }
}

/// A file comes in.
async fn begun(clinic: &Clinic, who: &Identity, of: &str, text: &str) -> RecordImport {
    let mut tx = clinic.tx(who).await;
    let import = begin(&mut tx, &new(of, text)).await.expect("a file that can be read");
    tx.commit().await.expect("committed");
    import
}

async fn with(clinic: &Clinic, who: &Identity, import: &RecordImport, settings: ImportSettings) -> RecordImport {
    let mut tx = clinic.tx(who).await;
    let targets = import.columns.iter().map(|column| column.target.clone()).collect();
    let changed = change(&mut tx, import.id, &RecordImportChange { version: import.version, targets, settings }).await.expect("settings");
    tx.commit().await.expect("committed");
    changed
}

async fn asked(clinic: &Clinic, who: &Identity, import: &RecordImport, what: ImportStep) -> RecordImport {
    let mut tx = clinic.tx(who).await;
    let import = step(&mut tx, import.id, import.version, what).await.expect("a step that is possible");
    tx.commit().await.expect("committed");
    import
}

async fn now(clinic: &Clinic, who: &Identity, import: &RecordImport) -> RecordImport {
    let mut tx = clinic.tx(who).await;
    get(&mut tx, import.id).await.expect("one's own import")
}

/// Takes a step and waits until it is done.
async fn did(clinic: &Clinic, who: &Identity, import: &RecordImport, what: ImportStep) -> RecordImport {
    asked(clinic, who, import, what).await;
    jobs::run_due(&clinic.state).await.expect("jobs run");
    now(clinic, who, import).await
}

/// Tries a file and runs it.
async fn done(clinic: &Clinic, who: &Identity, import: &RecordImport) -> RecordImport {
    let tried = did(clinic, who, import, ImportStep::Try).await;
    assert_eq!((tried.state, tried.problem.as_str()), (ImportState::Tried, ""));
    did(clinic, who, &tried, ImportStep::Run).await
}

fn counts(import: &RecordImport) -> [i32; 4] {
    [import.made, import.changed, import.skipped, import.refused]
}

/// What became of each line: its outcome and the codes.
async fn outcomes(clinic: &Clinic, who: &Identity, import: &RecordImport) -> BTreeMap<i32, (LineOutcome, Vec<String>)> {
    let mut tx = clinic.tx(who).await;
    let mut found = BTreeMap::new();
    let mut cursor = None;
    loop {
        let page = rows(&mut tx, import.id, None, &PageQuery { cursor, limit: Some(100) }).await.expect("lines");
        for line in page.items {
            let codes = line.faults.iter().map(|fault| fault.code.clone()).collect();
            found.insert(line.line, (line.outcome.expect("an outcome"), codes));
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return found;
        }
    }
}

async fn person(tx: &mut Tx, given: &str, family: &str, email: &str) -> persons::PersonCard {
    let email = Some(email.to_owned()).filter(|email| !email.is_empty());
    let details = PersonDetails { given_name: given.into(), family_name: family.into(), email, ..PersonDetails::default() };
    persons::create(tx, &details).await.expect("a person")
}

/// How many living records of a type there are.
async fn living(clinic: &Clinic, of: &str) -> i64 {
    let mut tx = clinic.tx(&clinic.anna).await;
    let organization = tx.organization();
    sqlx::query_scalar("select count(*) from entities where organization_id = $1 and entity_type = $2 and deleted_at is null")
        .bind(organization)
        .bind(of)
        .fetch_one(tx.conn())
        .await
        .expect("a count")
}

/// So many contacts, each with an address of their own.
fn contacts(many: usize) -> String {
    let lines = (0..many).map(|n| format!("Given{n},Family{n},,,,given{n}@example.org,"));
    std::iter::once(GOOGLE.to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}

fn code<T: std::fmt::Debug>(refused: platform::Result<T>) -> String {
    match refused.expect_err("refused") {
        Error::Invalid(errors) => errors[0].code.clone(),
        other => other.code().to_owned(),
    }
}
